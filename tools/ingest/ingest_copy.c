/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_copy.h"

#include "playout/intl.h"
#include "scheduler/media_room.h"
#include "tools/ingest/ingest_file.h"
#include "tools/ingest/ingest_io.h"
#include "tools/ingest/ingest_seal.h"

#include <errno.h>
#include <string.h>

#include <libavformat/avformat.h>
#include <libavutil/avstring.h>

/* What is copied, and how far. */
struct copy {
    AVFormatContext *format;
    const AVStream *video;
    const AVStream *audio;
    const struct profile *profile;
    const struct ingest_patch *patch; /* NULL: none */
    size_t patched;                   /* units of it that were used */
    int64_t units;                    /* of the video so far */
    struct ingest_writer *writer;
    const struct ingest_film *film; /* NULL: nobody is told how far it is */
    int64_t frames;
};

/* Just one of each, and nothing else. */
static bool find_streams(struct copy *copy)
{
    for (unsigned i = 0; i < copy->format->nb_streams; i++) {
        const AVStream *stream = copy->format->streams[i];
        const enum AVMediaType type = stream->codecpar->codec_type;
        copy->video = type == AVMEDIA_TYPE_VIDEO ? stream : copy->video;
        copy->audio = type == AVMEDIA_TYPE_AUDIO ? stream : copy->audio;
    }
    return copy->format->nb_streams == 2 && copy->video != NULL && copy->audio != NULL;
}

/* The unit that takes the place of the one at hand, or NULL. */
static const AVPacket *replacement(struct copy *copy)
{
    const struct ingest_patch *patch = copy->patch;
    return patch != NULL && patch->is_weak[copy->units / patch->gop_size] &&
                   copy->patched < patch->unit_count
               ? patch->units[copy->patched++]
               : NULL;
}

static int copy_video(struct copy *copy, AVPacket *packet)
{
    const AVRational picture = {1, copy->profile->video.pictures_per_second};
    const AVPacket *instead = replacement(copy);
    copy->units++;
    if (instead != NULL) {
        return ingest_writer_patch(copy->writer, instead);
    }
    if (packet->pts == AV_NOPTS_VALUE) {
        return AVERROR_INVALIDDATA;
    }
    packet->pts = av_rescale_q(packet->pts, copy->video->time_base, picture);
    return ingest_writer_copy(copy->writer, true, packet);
}

static bool goes_on(const struct copy *copy)
{
    const struct ingest_film *film = copy->film;
    const int64_t pictures = copy->frames * profile_pictures_per_frame(copy->profile);
    return film == NULL ||
           film->progress(film->progress_context, (double)copy->units / (double)(pictures + 1),
                          copy->units * 1000000 / copy->profile->video.pictures_per_second);
}

static int copy_samples(struct copy *copy)
{
    AVPacket *packet = av_packet_alloc();
    int result = packet != NULL ? 0 : AVERROR(ENOMEM);
    while (result >= 0 && (result = av_read_frame(copy->format, packet)) >= 0) {
        const bool is_video = packet->stream_index == copy->video->index;
        result =
            is_video ? copy_video(copy, packet) : ingest_writer_copy(copy->writer, false, packet);
        av_packet_unref(packet);
        if (result >= 0 && !goes_on(copy)) {
            result = AVERROR_EXIT;
        }
    }
    av_packet_free(&packet);
    return result == AVERROR_EOF ? 0 : result;
}

int ingest_copy_patched(int fd, const struct ingest_patch *patch, struct ingest_writer *writer)
{
    struct copy copy = {.profile = patch->settings.profile, .patch = patch, .writer = writer};
    AVIOContext *io = ingest_io_open(fd, false);
    copy.format = avformat_alloc_context();
    if (io == NULL || copy.format == NULL) {
        avformat_free_context(copy.format);
        (void)ingest_io_close(&io);
        return AVERROR(ENOMEM);
    }
    copy.format->pb = io;
    copy.format->flags |= AVFMT_FLAG_NOPARSE | AVFMT_FLAG_NOFILLIN;
    int result = avformat_open_input(&copy.format, NULL, NULL, NULL); /* frees when it fails */
    if (result >= 0) {
        result = find_streams(&copy) ? copy_samples(&copy) : AVERROR_BUG;
    }
    avformat_close_input(&copy.format);
    (void)ingest_io_close(&io);
    return result;
}

/* --- An export -------------------------------------------------------------------------- */

static enum AVCodecID video_codec_id(enum video_codec codec)
{
    return codec == VIDEO_H264   ? AV_CODEC_ID_H264
           : codec == VIDEO_HEVC ? AV_CODEC_ID_HEVC
                                 : AV_CODEC_ID_MPEG2VIDEO;
}

/* In MP4 all layers of MPEG-1 audio go by one name. */
static bool is_audio_codec(enum audio_codec codec, enum AVCodecID id)
{
    return codec == AUDIO_AAC   ? id == AV_CODEC_ID_AAC
           : codec == AUDIO_AC3 ? id == AV_CODEC_ID_AC3
                                : id == AV_CODEC_ID_MP2 || id == AV_CODEC_ID_MP3;
}

/* Whoever has no slate yet has nothing else to tell formats apart by. */
static bool has_format(const struct copy *copy)
{
    const struct profile *profile = copy->profile;
    const AVCodecParameters *video = copy->video->codecpar;
    const AVCodecParameters *audio = copy->audio->codecpar;
    return video->codec_id == video_codec_id(profile->video.codec) &&
           video->width == profile->video.width && video->height == profile->video.height &&
           is_audio_codec(profile->audio.codec, audio->codec_id) &&
           audio->sample_rate == profile->audio.sample_rate;
}

static const char *seal_of(const AVFormatContext *format)
{
    const AVDictionaryEntry *entry = av_dict_get(format->metadata, INGEST_SEAL_KEY, NULL, 0);
    return entry != NULL && ingest_seal_is_one(entry->value) ? entry->value : NULL;
}

/* It may be one: of the format, as long as its tables say, and sealed. */
static bool looks_like_asset(struct copy *copy)
{
    const struct profile *profile = copy->profile;
    if (!av_match_name("mp4", copy->format->iformat->name) || !find_streams(copy) ||
        seal_of(copy->format) == NULL) {
        return false;
    }
    const int64_t pictures = avformat_index_get_entries_count(copy->video);
    const int64_t sounds = avformat_index_get_entries_count(copy->audio);
    copy->frames = pictures / profile_pictures_per_frame(profile);
    return has_format(copy) && copy->frames >= EVENT_MIN_FRAMES &&
           profile_is_on_grid(profile, copy->frames) &&
           pictures == copy->frames * profile_pictures_per_frame(profile) &&
           sounds == copy->frames / profile->join_grid_frames * profile->audio.es.units_per_grid;
}

/* 1: whole, and the seal holds. */
static int copy_sealed(struct copy *copy, struct ingest_failure *failure)
{
    const struct ingest_writer_settings settings = {
        .encoder = {.profile = copy->profile,
                    .preset = copy->film->preset,
                    .video_percent = 100,
                    .audio_percent = 100},
        .kind = copy->film->kind,
        .frames = copy->frames,
    };
    struct ingest_failure of_no_use = {.text = ""};
    if (media_room_of_asset(copy->profile, copy->frames) > copy->film->room_bytes) {
        return ingest_fail(failure, -ENOSPC,
                           _("the disk of the media folder is full: make room, then ingest again"));
    }
    int result = ingest_writer_open(&copy->writer, copy->film->asset, &settings, failure);
    if (result < 0) {
        return result;
    }
    result = copy_samples(copy);
    const bool is_written = result >= 0 && ingest_writer_close(copy->writer, &of_no_use) == 0;
    const bool is_whole =
        is_written && strcmp(ingest_writer_seal(copy->writer), seal_of(copy->format)) == 0;
    ingest_writer_destroy(copy->writer);
    return result == AVERROR_EXIT ? ingest_fail(failure, result, _("interrupted")) : is_whole;
}

int ingest_copy_export(const struct ingest_film *film, int64_t *frames,
                       struct ingest_failure *failure)
{
    struct copy copy = {.film = film, .profile = film->profile};
    AVIOContext *io = NULL;
    int result = ingest_file_open(film->source, film->name, &copy.format, &io, failure);
    if (result < 0) {
        return result;
    }
    result = looks_like_asset(&copy) ? copy_sealed(&copy, failure) : 0;
    avformat_close_input(&copy.format);
    (void)ingest_io_close(&io);
    *frames = copy.frames;
    return result;
}
