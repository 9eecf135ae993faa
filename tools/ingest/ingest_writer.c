/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_writer.h"

#include "playout/intl.h"
#include "tools/ingest/ingest_io.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>

struct ingest_writer {
    struct ingest_writer_settings settings;
    AVFormatContext *format;
    AVCodecContext *video;
    AVCodecContext *audio;
    AVAudioFifo *fifo;
    AVPacket *packet;
    AVFrame *last_picture;
    AVFrame *sound;
    uint8_t *afds;           /* of each picture, in display order */
    int64_t pictures;        /* given to the encoder */
    int64_t samples_to_drop; /* the encoder's delay */
    int64_t sounds;          /* audio frames given to the encoder */
    int64_t video_written;
    int64_t video_wanted;
    int64_t audio_written;
    int64_t audio_wanted;
};

static int open_audio(struct ingest_writer *writer)
{
    const int result = ingest_audio_open(&writer->audio, &writer->settings.encoder);
    if (result < 0) {
        return result;
    }
    const AVCodecContext *audio = writer->audio;
    writer->samples_to_drop = audio->initial_padding;
    writer->fifo =
        av_audio_fifo_alloc(audio->sample_fmt, audio->ch_layout.nb_channels, audio->frame_size);
    return writer->fifo != NULL ? 0 : AVERROR(ENOMEM);
}

static int open_file(struct ingest_writer *writer, int fd)
{
    int result = avformat_alloc_output_context2(&writer->format, NULL, "mp4", NULL);
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
    result = avcodec_parameters_from_context(video->codecpar, writer->video);
    if (result >= 0) {
        result = avcodec_parameters_from_context(audio->codecpar, writer->audio);
        audio->codecpar->initial_padding = 0; /* it was left out */
    }
    writer->format->flags |= AVFMT_FLAG_BITEXACT; /* no version, no date: same in, same out */
    if (result >= 0) {
        writer->format->pb = ingest_io_open(fd, true);
        result = writer->format->pb != NULL ? 0 : AVERROR(ENOMEM);
    }
    return result < 0 ? result : avformat_write_header(writer->format, NULL);
}

static int allocate(struct ingest_writer *writer)
{
    writer->packet = av_packet_alloc();
    writer->last_picture = av_frame_alloc();
    writer->sound = av_frame_alloc();
    writer->afds = calloc((size_t)writer->video_wanted, sizeof(*writer->afds));
    return writer->packet != NULL && writer->last_picture != NULL && writer->sound != NULL &&
                   writer->afds != NULL
               ? 0
               : AVERROR(ENOMEM);
}

int ingest_writer_open(struct ingest_writer **writer, int fd,
                       const struct ingest_writer_settings *settings,
                       struct ingest_failure *failure)
{
    const struct profile *profile = settings->encoder.profile;
    struct ingest_writer *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return AVERROR(ENOMEM);
    }
    fresh->settings = *settings;
    fresh->video_wanted = settings->frames * profile_pictures_per_frame(profile);
    fresh->audio_wanted =
        settings->frames / profile->join_grid_frames * profile->audio.es.units_per_grid;
    int result = allocate(fresh);
    result = result < 0 ? result : ingest_video_open(&fresh->video, &settings->encoder);
    result = result < 0 ? result : open_audio(fresh);
    result = result < 0 ? result : open_file(fresh, fd);
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
    av_audio_fifo_free(writer->fifo);
    av_packet_free(&writer->packet);
    av_frame_free(&writer->last_picture);
    av_frame_free(&writer->sound);
    free(writer->afds);
    if (writer->format != NULL) {
        (void)ingest_io_close(&writer->format->pb);
        avformat_free_context(writer->format);
    }
    free(writer);
}

int64_t ingest_writer_pictures(const struct ingest_writer *writer)
{
    return writer->pictures;
}

static int write_packet(struct ingest_writer *writer, int stream, AVRational base)
{
    writer->packet->stream_index = stream;
    av_packet_rescale_ts(writer->packet, base, writer->format->streams[stream]->time_base);
    return av_interleaved_write_frame(writer->format, writer->packet);
}

/* Takes what the encoder has ready into the file, in its final form. */
static int drain_video(struct ingest_writer *writer)
{
    const struct video_profile *profile = &writer->settings.encoder.profile->video;
    AVPacket *packet = writer->packet;
    int result = 0;
    while ((result = avcodec_receive_packet(writer->video, packet)) >= 0) {
        if (packet->pts < 0 || packet->pts >= writer->video_wanted) {
            return AVERROR_BUG;
        }
        const enum ingest_afd afd = (enum ingest_afd)writer->afds[packet->pts];
        result = ingest_access_unit_finish(profile, packet, afd);
        /* The rank in decoding order, less the reorder delay. */
        packet->dts = writer->video_written - profile->es.reorder_units;
        packet->duration = 1;
        writer->video_written++;
        if (result < 0 || (result = write_packet(writer, 0, writer->video->time_base)) < 0) {
            return result;
        }
    }
    return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : result;
}

static int encode_picture(struct ingest_writer *writer, AVFrame *picture, enum ingest_afd afd)
{
    const bool is_first = writer->pictures % writer->video->gop_size == 0;
    const bool is_cut_anywhere = writer->settings.kind != ASSET_LESSON;
    writer->afds[writer->pictures] = (uint8_t)afd;
    picture->pts = writer->pictures++;
    picture->pict_type = is_first          ? AV_PICTURE_TYPE_I
                         : is_cut_anywhere ? AV_PICTURE_TYPE_P
                                           : AV_PICTURE_TYPE_NONE;
    const int result = avcodec_send_frame(writer->video, picture);
    return result < 0 ? result : drain_video(writer);
}

int ingest_writer_picture(struct ingest_writer *writer, const AVFrame *picture, enum ingest_afd afd)
{
    const bool is_interlaced = writer->settings.encoder.profile->video.is_interlaced;
    if (writer->pictures >= writer->video_wanted) {
        return 0;
    }
    av_frame_unref(writer->last_picture);
    int result = av_frame_ref(writer->last_picture, picture);
    if (result < 0) {
        return result;
    }
    av_frame_remove_side_data(writer->last_picture, AV_FRAME_DATA_A53_CC);
    /* The two fields of one picture are fields too, and shown in the same order. */
    writer->last_picture->interlaced_frame = is_interlaced;
    writer->last_picture->top_field_first = is_interlaced;
    return encode_picture(writer, writer->last_picture, afd);
}

static int drain_audio(struct ingest_writer *writer)
{
    int result = 0;
    while ((result = avcodec_receive_packet(writer->audio, writer->packet)) >= 0) {
        if (writer->audio_written >= writer->audio_wanted) {
            av_packet_unref(writer->packet);
            continue;
        }
        writer->packet->pts = writer->audio_written * writer->audio->frame_size;
        writer->packet->dts = writer->packet->pts;
        writer->packet->duration = writer->audio->frame_size;
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
    sound->nb_samples = writer->audio->frame_size;
    sound->format = writer->audio->sample_fmt;
    sound->sample_rate = writer->audio->sample_rate;
    av_channel_layout_copy(&sound->ch_layout, &writer->audio->ch_layout);
    int result = av_frame_get_buffer(sound, 0);
    if (result < 0) {
        return result;
    }
    const int got =
        av_audio_fifo_read(writer->fifo, (void **)sound->data, writer->audio->frame_size);
    if (got < writer->audio->frame_size) {
        av_samples_set_silence(sound->data, got < 0 ? 0 : got,
                               writer->audio->frame_size - (got < 0 ? 0 : got),
                               sound->ch_layout.nb_channels, sound->format);
    }
    sound->pts = writer->sounds++ * writer->audio->frame_size;
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
    while (result >= 0 && av_audio_fifo_size(writer->fifo) >= writer->audio->frame_size) {
        result = encode_sound(writer);
    }
    return result < 0 ? result : 0;
}

static int end_video(struct ingest_writer *writer)
{
    int result = 0;
    while (result >= 0 && writer->pictures < writer->video_wanted) {
        result = encode_picture(writer, writer->last_picture,
                                (enum ingest_afd)writer->afds[writer->pictures - 1]);
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
    if (ingest_io_close(&writer->format->pb) < 0) {
        return ingest_fail(failure, -EIO, _("the asset cannot be written: is the disk full?"));
    }
    if (writer->video_written != writer->video_wanted ||
        writer->audio_written != writer->audio_wanted) {
        return ingest_fail(failure, AVERROR_BUG,
                           _("the encoder gave %lld pictures and %lld sound frames for %lld and "
                             "%lld: please report this"),
                           (long long)writer->video_written, (long long)writer->audio_written,
                           (long long)writer->video_wanted, (long long)writer->audio_wanted);
    }
    return 0;
}
