/* SPDX-License-Identifier: MIT */
#include "tools/ingest_writer.h"

#include "playout/intl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libavutil/opt.h>

enum {
    AUDIO_FRAME_SAMPLES = 1152,
    /* With more, x264 looks at what other threads have done so far, to keep its
     * VBV: the same file would give another asset each time. */
    ENCODER_THREADS = 1,
};

struct ingest_writer {
    struct ingest_writer_settings settings;
    AVFormatContext *format;
    AVCodecContext *video;
    AVCodecContext *audio;
    AVBSFContext *without_sei;
    AVAudioFifo *fifo;
    AVPacket *packet;
    AVFrame *last_picture;
    AVFrame *sound;
    int64_t frames;          /* pictures given to the encoder */
    int64_t samples_to_drop; /* the encoder's delay */
    int64_t sounds;          /* audio frames given to the encoder */
    int64_t video_written;
    int64_t audio_written;
    int64_t audio_wanted;
};

static int open_video(struct ingest_writer *writer)
{
    const struct video_profile *profile = &writer->settings.profile->video;
    const AVCodec *codec = avcodec_find_encoder_by_name("libx264");
    AVCodecContext *video = codec != NULL ? avcodec_alloc_context3(codec) : NULL;
    if (video == NULL) {
        return AVERROR_ENCODER_NOT_FOUND;
    }
    writer->video = video;
    video->width = profile->width;
    video->height = profile->height;
    video->sample_aspect_ratio = (AVRational){profile->aspect_num, profile->aspect_den};
    video->pix_fmt = AV_PIX_FMT_YUV420P;
    video->time_base = (AVRational){1, FRAMES_PER_SECOND};
    video->framerate = (AVRational){FRAMES_PER_SECOND, 1};
    video->profile = FF_PROFILE_H264_HIGH;
    video->level = profile->level;
    video->gop_size = GOP_FRAMES;
    video->keyint_min = GOP_FRAMES;
    video->max_b_frames = profile->b_frames;
    video->refs = 3;
    video->rc_max_rate = profile->vbv_rate_bps * writer->settings.vbv_percent / 100;
    video->rc_buffer_size = (int)(profile->vbv_bits * writer->settings.vbv_percent / 100);
    video->color_range = AVCOL_RANGE_MPEG;
    video->color_primaries = AVCOL_PRI_BT470BG;
    video->color_trc = AVCOL_TRC_SMPTE170M;
    video->colorspace = AVCOL_SPC_BT470BG;
    video->thread_count = ENCODER_THREADS;
    av_opt_set(video->priv_data, "preset", writer->settings.preset, 0);
    av_opt_set(video->priv_data, "crf", "20", 0);
    av_opt_set_int(video->priv_data, "forced-idr", 1, 0);
    /* What varies between presets and shows in the parameter sets is fixed here:
     * the psychovisual settings, for one, move the chroma QP offset of the PPS. */
    av_opt_set(video->priv_data, "x264-params",
               "scenecut=0:open-gop=0:b-pyramid=none:weightp=1:weightb=1:stitchable=1:aud=1:"
               "cabac=1:8x8dct=1:subme=6:trellis=1:psy-rd=1.0,0.0:nal-hrd=none:force-cfr=1",
               0);
    return avcodec_open2(video, codec, NULL);
}

static int open_audio(struct ingest_writer *writer)
{
    const struct audio_profile *profile = &writer->settings.profile->audio;
    const AVCodec *codec = avcodec_find_encoder_by_name("libtwolame");
    AVCodecContext *audio = codec != NULL ? avcodec_alloc_context3(codec) : NULL;
    if (audio == NULL) {
        return AVERROR_ENCODER_NOT_FOUND;
    }
    writer->audio = audio;
    audio->sample_rate = profile->sample_rate;
    audio->sample_fmt = AV_SAMPLE_FMT_S16;
    audio->bit_rate = profile->bitrate_bps;
    audio->time_base = (AVRational){1, profile->sample_rate};
    av_channel_layout_default(&audio->ch_layout, profile->channels);
    const int result = avcodec_open2(audio, codec, NULL);
    writer->samples_to_drop = audio->initial_padding;
    writer->fifo = av_audio_fifo_alloc(AV_SAMPLE_FMT_S16, profile->channels, AUDIO_FRAME_SAMPLES);
    return result < 0 ? result : writer->fifo != NULL ? 0 : AVERROR(ENOMEM);
}

static int open_bitstream_filter(struct ingest_writer *writer)
{
    int result = av_bsf_list_parse_str("filter_units=remove_types=6", &writer->without_sei);
    if (result >= 0) {
        result = avcodec_parameters_from_context(writer->without_sei->par_in, writer->video);
    }
    if (result >= 0) {
        writer->without_sei->time_base_in = writer->video->time_base;
        result = av_bsf_init(writer->without_sei);
    }
    return result;
}

static int open_file(struct ingest_writer *writer, const char *path)
{
    int result = avformat_alloc_output_context2(&writer->format, NULL, "mp4", path);
    if (result < 0) {
        return result;
    }
    AVStream *video = avformat_new_stream(writer->format, NULL);
    AVStream *audio = avformat_new_stream(writer->format, NULL);
    if (video == NULL || audio == NULL) {
        return AVERROR(ENOMEM);
    }
    video->time_base = writer->video->time_base;
    audio->time_base = writer->audio->time_base;
    video->avg_frame_rate = writer->video->framerate;
    video->sample_aspect_ratio = writer->video->sample_aspect_ratio;
    result = avcodec_parameters_copy(video->codecpar, writer->without_sei->par_out);
    if (result >= 0) {
        result = avcodec_parameters_from_context(audio->codecpar, writer->audio);
    }
    writer->format->flags |= AVFMT_FLAG_BITEXACT; /* no version, no date: same in, same out */
    if (result >= 0) {
        result = avio_open(&writer->format->pb, path, AVIO_FLAG_WRITE);
    }
    return result < 0 ? result : avformat_write_header(writer->format, NULL);
}

int ingest_writer_open(struct ingest_writer **writer, const char *path,
                       const struct ingest_writer_settings *settings,
                       struct ingest_failure *failure)
{
    struct ingest_writer *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return AVERROR(ENOMEM);
    }
    fresh->settings = *settings;
    fresh->audio_wanted = settings->frames / JOIN_GRID_FRAMES * AUDIO_FRAMES_PER_GRID;
    fresh->packet = av_packet_alloc();
    fresh->last_picture = av_frame_alloc();
    fresh->sound = av_frame_alloc();
    int result = fresh->packet != NULL && fresh->last_picture != NULL && fresh->sound != NULL
                     ? open_video(fresh)
                     : AVERROR(ENOMEM);
    result = result < 0 ? result : open_audio(fresh);
    result = result < 0 ? result : open_bitstream_filter(fresh);
    result = result < 0 ? result : open_file(fresh, path);
    if (result < 0) {
        ingest_writer_destroy(fresh);
        return ingest_fail_av(failure, result, _("the encoder cannot be started"));
    }
    *writer = fresh;
    return 0;
}

void ingest_writer_destroy(struct ingest_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    avcodec_free_context(&writer->video);
    avcodec_free_context(&writer->audio);
    av_bsf_free(&writer->without_sei);
    av_audio_fifo_free(writer->fifo);
    av_packet_free(&writer->packet);
    av_frame_free(&writer->last_picture);
    av_frame_free(&writer->sound);
    if (writer->format != NULL) {
        avio_closep(&writer->format->pb);
        avformat_free_context(writer->format);
    }
    free(writer);
}

int64_t ingest_writer_frames(const struct ingest_writer *writer)
{
    return writer->frames;
}

static int write_packet(struct ingest_writer *writer, int stream, AVRational base)
{
    writer->packet->stream_index = stream;
    av_packet_rescale_ts(writer->packet, base, writer->format->streams[stream]->time_base);
    return av_interleaved_write_frame(writer->format, writer->packet);
}

/* Takes what the encoder has ready through the filter into the file. */
static int drain_video(struct ingest_writer *writer)
{
    const AVRational base = writer->video->time_base;
    int result = 0;
    while ((result = avcodec_receive_packet(writer->video, writer->packet)) >= 0) {
        result = av_bsf_send_packet(writer->without_sei, writer->packet);
        if (result < 0 ||
            (result = av_bsf_receive_packet(writer->without_sei, writer->packet)) < 0) {
            return result;
        }
        /* The rank in decoding order, less the reorder delay of one frame. */
        writer->packet->dts = writer->video_written - 1;
        writer->packet->duration = 1;
        writer->video_written++;
        if ((result = write_packet(writer, 0, base)) < 0) {
            return result;
        }
    }
    return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : result;
}

static int encode_picture(struct ingest_writer *writer, AVFrame *picture)
{
    const bool is_idr = writer->frames % GOP_FRAMES == 0;
    const bool is_cut_anywhere = writer->settings.kind != ASSET_LESSON;
    picture->pts = writer->frames++;
    picture->pict_type = is_idr            ? AV_PICTURE_TYPE_I
                         : is_cut_anywhere ? AV_PICTURE_TYPE_P
                                           : AV_PICTURE_TYPE_NONE;
    const int result = avcodec_send_frame(writer->video, picture);
    return result < 0 ? result : drain_video(writer);
}

int ingest_writer_picture(struct ingest_writer *writer, const AVFrame *picture)
{
    if (writer->frames >= writer->settings.frames) {
        return 0;
    }
    av_frame_unref(writer->last_picture);
    int result = av_frame_ref(writer->last_picture, picture);
    if (result < 0) {
        return result;
    }
    av_frame_remove_side_data(writer->last_picture, AV_FRAME_DATA_A53_CC);
    writer->last_picture->interlaced_frame = 0;
    return encode_picture(writer, writer->last_picture);
}

static int drain_audio(struct ingest_writer *writer)
{
    int result = 0;
    while ((result = avcodec_receive_packet(writer->audio, writer->packet)) >= 0) {
        if (writer->audio_written >= writer->audio_wanted) {
            av_packet_unref(writer->packet);
            continue;
        }
        writer->packet->pts = writer->audio_written * AUDIO_FRAME_SAMPLES;
        writer->packet->dts = writer->packet->pts;
        writer->packet->duration = AUDIO_FRAME_SAMPLES;
        writer->audio_written++;
        if ((result = write_packet(writer, 1, writer->audio->time_base)) < 0) {
            return result;
        }
    }
    return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : result;
}

static int encode_sound(struct ingest_writer *writer)
{
    AVFrame *sound = writer->sound;
    av_frame_unref(sound);
    sound->nb_samples = AUDIO_FRAME_SAMPLES;
    sound->format = AV_SAMPLE_FMT_S16;
    sound->sample_rate = writer->audio->sample_rate;
    av_channel_layout_copy(&sound->ch_layout, &writer->audio->ch_layout);
    int result = av_frame_get_buffer(sound, 0);
    if (result < 0) {
        return result;
    }
    const int got = av_audio_fifo_read(writer->fifo, (void **)sound->data, AUDIO_FRAME_SAMPLES);
    if (got < AUDIO_FRAME_SAMPLES) {
        av_samples_set_silence(sound->data, got < 0 ? 0 : got,
                               AUDIO_FRAME_SAMPLES - (got < 0 ? 0 : got),
                               sound->ch_layout.nb_channels, AV_SAMPLE_FMT_S16);
    }
    sound->pts = writer->sounds++ * AUDIO_FRAME_SAMPLES;
    result = avcodec_send_frame(writer->audio, sound);
    return result < 0 ? result : drain_audio(writer);
}

int ingest_writer_sound(struct ingest_writer *writer, const AVFrame *sound)
{
    int result =
        av_audio_fifo_write(writer->fifo, (void **)(uintptr_t)sound->data, sound->nb_samples);
    /* What the encoder will delay is left out in front, so that sound stays with picture. */
    const int size = av_audio_fifo_size(writer->fifo);
    if (result >= 0 && writer->samples_to_drop > 0) {
        const int drop = size < writer->samples_to_drop ? size : (int)writer->samples_to_drop;
        av_audio_fifo_drain(writer->fifo, drop);
        writer->samples_to_drop -= drop;
    }
    while (result >= 0 && av_audio_fifo_size(writer->fifo) >= AUDIO_FRAME_SAMPLES) {
        result = encode_sound(writer);
    }
    return result < 0 ? result : 0;
}

static int end_video(struct ingest_writer *writer)
{
    int result = 0;
    while (result >= 0 && writer->frames < writer->settings.frames) {
        result = encode_picture(writer, writer->last_picture);
    }
    result = result < 0 ? result : avcodec_send_frame(writer->video, NULL);
    return result < 0 ? result : drain_video(writer);
}

static int end_audio(struct ingest_writer *writer)
{
    int result = 0;
    /* One more than wanted: the encoder gives its last frame only when another follows. */
    while (result >= 0 && writer->sounds <= writer->audio_wanted + 1) {
        result = encode_sound(writer);
    }
    result = result < 0 ? result : avcodec_send_frame(writer->audio, NULL);
    return result < 0 ? result : drain_audio(writer);
}

int ingest_writer_close(struct ingest_writer *writer, struct ingest_failure *failure)
{
    int result = end_video(writer);
    result = result < 0 ? result : end_audio(writer);
    result = result < 0 ? result : av_write_trailer(writer->format);
    if (result < 0) {
        return ingest_fail_av(failure, result, _("the asset cannot be written"));
    }
    if (avio_closep(&writer->format->pb) < 0) {
        return ingest_fail(failure, -EIO, _("the asset cannot be written: is the disk full?"));
    }
    if (writer->video_written != writer->settings.frames ||
        writer->audio_written != writer->audio_wanted) {
        return ingest_fail(failure, AVERROR_BUG,
                           _("the encoder gave %lld pictures and %lld sound frames for %lld and "
                             "%lld: please report this"),
                           (long long)writer->video_written, (long long)writer->audio_written,
                           (long long)writer->settings.frames, (long long)writer->audio_wanted);
    }
    return 0;
}
