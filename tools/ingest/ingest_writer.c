/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_writer.h"

#include "playout/intl.h"
#include "tools/ingest/ingest_io.h"
#include "tools/ingest/ingest_seal.h"
#include "tools/ingest/ingest_video.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>

/* Streams of the file. */
enum { VIDEO, AUDIO };

struct ingest_writer {
    struct ingest_writer_settings settings;
    AVFormatContext *format;
    struct ingest_video video;
    AVCodecContext *audio;
    AVAudioFifo *fifo;
    AVPacket *packet;
    struct ingest_seal seal;
    char sealed[INGEST_SEAL_SIZE]; /* "" before the end */
    AVFrame *sound;
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
    video->time_base = writer->video.codec->time_base;
    audio->time_base = writer->audio->time_base;
    video->avg_frame_rate = writer->video.codec->framerate;
    video->sample_aspect_ratio = writer->video.codec->sample_aspect_ratio;
    result = avcodec_parameters_from_context(video->codecpar, writer->video.codec);
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

/* Its time stamps are in units of the encoder. */
static int write_packet(struct ingest_writer *writer, AVPacket *packet, int stream)
{
    const AVRational base = (stream == VIDEO ? writer->video.codec : writer->audio)->time_base;
    packet->stream_index = stream;
    (stream == VIDEO ? ingest_seal_add_video : ingest_seal_add_audio)(&writer->seal, packet->data,
                                                                      (size_t)packet->size);
    av_packet_rescale_ts(packet, base, writer->format->streams[stream]->time_base);
    return av_interleaved_write_frame(writer->format, packet);
}

/* An access unit in its final form, with its pts. */
static int write_picture(struct ingest_writer *writer, AVPacket *unit)
{
    /* The rank in decoding order, less the reorder delay. */
    unit->dts = writer->video_written - writer->settings.encoder.profile->video.es.reorder_units;
    unit->duration = 1;
    writer->video_written++;
    return write_packet(writer, unit, VIDEO);
}

static int take_unit(void *context, AVPacket *unit)
{
    return write_picture(context, unit);
}

static int open_video(struct ingest_writer *writer)
{
    const struct ingest_writer_settings *settings = &writer->settings;
    const int result =
        ingest_video_init(&writer->video, &settings->encoder, settings->kind, writer->video_wanted);
    writer->video.take = take_unit;
    writer->video.context = writer;
    return result;
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
    ingest_seal_init(&fresh->seal);
    fresh->packet = av_packet_alloc();
    fresh->sound = av_frame_alloc();
    int result = fresh->packet != NULL && fresh->sound != NULL ? 0 : AVERROR(ENOMEM);
    result = result < 0 ? result : open_video(fresh);
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
    ingest_video_finish(&writer->video);
    avcodec_free_context(&writer->audio);
    av_audio_fifo_free(writer->fifo);
    av_packet_free(&writer->packet);
    av_frame_free(&writer->sound);
    if (writer->format != NULL) {
        (void)ingest_io_close(&writer->format->pb);
        avformat_free_context(writer->format);
    }
    free(writer);
}

int64_t ingest_writer_pictures(const struct ingest_writer *writer)
{
    return writer->video.pictures;
}

int ingest_writer_picture(struct ingest_writer *writer, const AVFrame *picture, enum ingest_afd afd)
{
    return ingest_video_put(&writer->video, picture, afd);
}

static int write_sound(struct ingest_writer *writer)
{
    writer->packet->pts = writer->audio_written * writer->audio->frame_size;
    writer->packet->dts = writer->packet->pts;
    writer->packet->duration = writer->audio->frame_size;
    writer->audio_written++;
    return write_packet(writer, writer->packet, AUDIO);
}

static int drain_audio(struct ingest_writer *writer)
{
    int result = 0;
    while ((result = avcodec_receive_packet(writer->audio, writer->packet)) >= 0) {
        if (writer->audio_written >= writer->audio_wanted) {
            av_packet_unref(writer->packet);
            continue;
        }
        if ((result = write_sound(writer)) < 0) {
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

int ingest_writer_copy(struct ingest_writer *writer, bool is_video, const AVPacket *packet)
{
    AVPacket *own = writer->packet;
    const bool is_room = is_video ? writer->video_written < writer->video_wanted
                                  : writer->audio_written < writer->audio_wanted;
    if (!is_room || packet->pts < 0 || (is_video && packet->pts >= writer->video_wanted)) {
        return AVERROR_INVALIDDATA;
    }
    int result = av_packet_ref(own, packet);
    if (result >= 0 && is_video) {
        result = ingest_access_unit_restore(&writer->settings.encoder.profile->video, own);
    }
    if (result >= 0) {
        result = is_video ? write_picture(writer, own) : write_sound(writer);
    }
    av_packet_unref(own);
    return result;
}

int ingest_writer_patch(struct ingest_writer *writer, const AVPacket *unit)
{
    const int result = av_packet_ref(writer->packet, unit);
    return result < 0 ? result : write_picture(writer, writer->packet);
}

/* The encoders give what they have left, where they were used. */
static int end_encoders(struct ingest_writer *writer)
{
    if (writer->video.pictures == 0) {
        return 0;
    }
    const int result = ingest_video_end(&writer->video);
    return result < 0 ? result : end_audio(writer);
}

/* The seal is part of what comes last, the table of samples. */
static int end_file(struct ingest_writer *writer)
{
    ingest_seal_end(&writer->seal, writer->settings.kind, writer->sealed);
    const int result = av_dict_set(&writer->format->metadata, INGEST_SEAL_KEY, writer->sealed, 0);
    return result < 0 ? result : av_write_trailer(writer->format);
}

const char *ingest_writer_seal(const struct ingest_writer *writer)
{
    return writer->sealed;
}

int ingest_writer_close(struct ingest_writer *writer, struct ingest_failure *failure)
{
    int result = end_encoders(writer);
    result = result < 0 ? result : end_file(writer);
    if (result < 0) {
        return ingest_fail_av(failure, result, _("the asset cannot be written"));
    }
    result = ingest_io_close(&writer->format->pb);
    if (result < 0) {
        return ingest_fail(failure, result, _("the asset cannot be written: is the disk full?"));
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
