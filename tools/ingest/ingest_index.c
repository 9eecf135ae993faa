/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_publish.h"

#include "playout/intl.h"
#include "tools/ingest/ingest_io.h"
#include "tools/ingest/ingest_shape.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <libavformat/avformat.h>

void ingest_index_finish(struct ingest_index *index)
{
    free(index->video);
    free(index->audio);
    *index = (struct ingest_index){0};
}

static struct au_entry *append(struct au_entry **entries, size_t *count)
{
    if ((*count & (*count - 1)) == 0) { /* full at each power of two */
        const size_t capacity = *count == 0 ? 1 : *count * 2;
        struct au_entry *grown = realloc(*entries, capacity * sizeof(*grown));
        if (grown == NULL) {
            return NULL;
        }
        *entries = grown;
    }
    struct au_entry *entry = &(*entries)[(*count)++];
    *entry = (struct au_entry){0};
    return entry;
}

/* An index under construction, and what it is built of. */
struct builder {
    struct ingest_index *index;
    const struct profile *profile;
    size_t video_count;
    size_t audio_count;
};

/* A random access point every GOP and nowhere else, with the same parameter sets each time. */
static bool is_in_form(struct builder *builder, const AVPacket *packet)
{
    const size_t gop = (size_t)GOP_FRAMES * (size_t)profile_pictures_per_frame(builder->profile);
    uint8_t *parameter_sets = builder->index->header.parameter_sets_sha256;
    struct ingest_shape shape;
    if (!ingest_shape_examine(&builder->profile->video, packet->data, (size_t)packet->size,
                              &shape) ||
        shape.is_random_access != (builder->video_count % gop == 0)) {
        return false;
    }
    if (builder->video_count == 0) {
        memcpy(parameter_sets, shape.parameter_sets, SHA256_SIZE);
    }
    return !shape.is_random_access ||
           memcmp(parameter_sets, shape.parameter_sets, SHA256_SIZE) == 0;
}

static int add_video(struct builder *builder, const AVStream *stream, const AVPacket *packet)
{
    const struct video_profile *profile = &builder->profile->video;
    const size_t gop = (size_t)GOP_FRAMES * (size_t)profile_pictures_per_frame(builder->profile);
    const bool is_start = builder->video_count % gop == 0;
    const int64_t delay = av_rescale_q(packet->pts - packet->dts, stream->time_base,
                                       (AVRational){1, profile->pictures_per_second});
    const int64_t most = profile->b_frames + profile->es.reorder_units;
    if (!is_in_form(builder, packet) || delay < 0 || delay > most ||
        (is_start && delay != profile->es.reorder_units)) {
        return AVERROR_BUG;
    }
    struct au_entry *entry = append(&builder->index->video, &builder->video_count);
    if (entry == NULL) {
        return AVERROR(ENOMEM);
    }
    entry->offset = (uint64_t)packet->pos;
    entry->size = (uint32_t)packet->size;
    entry->flags = is_start ? AU_RANDOM_ACCESS : 0;
    entry->display_delay = (uint8_t)delay;
    return 0;
}

static int add_audio(struct builder *builder, const AVPacket *packet)
{
    struct au_entry *entry = append(&builder->index->audio, &builder->audio_count);
    if (entry == NULL) {
        return AVERROR(ENOMEM);
    }
    entry->offset = (uint64_t)packet->pos;
    entry->size = (uint32_t)packet->size;
    return 0;
}

static int read_samples(struct builder *builder, AVFormatContext *format, AVPacket *packet)
{
    int result = 0;
    while (result >= 0 && (result = av_read_frame(format, packet)) >= 0) {
        const AVStream *stream = format->streams[packet->stream_index];
        result = stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO
                     ? add_video(builder, stream, packet)
                     : add_audio(builder, packet);
        av_packet_unref(packet);
    }
    return result == AVERROR_EOF ? 0 : result;
}

/* As many pictures and sound frames as whole steps of the join grid have. */
static bool fill_header(const struct builder *builder)
{
    struct asset_index_header *header = &builder->index->header;
    const struct profile *profile = builder->profile;
    header->duration_frames =
        (uint32_t)(builder->video_count / (size_t)profile_pictures_per_frame(profile));
    asset_index_set_format(header, profile);
    return profile_is_on_grid(profile, header->duration_frames) &&
           header->video_count == builder->video_count &&
           header->audio_count == builder->audio_count;
}

/* Samples as they are: no parser looks into them. */
static int open_asset(AVFormatContext **format, AVIOContext *io)
{
    *format = avformat_alloc_context();
    if (*format == NULL || io == NULL) {
        return AVERROR(ENOMEM);
    }
    (*format)->pb = io;
    (*format)->flags |= AVFMT_FLAG_NOPARSE | AVFMT_FLAG_NOFILLIN;
    return avformat_open_input(format, NULL, NULL, NULL); /* frees when it fails */
}

int ingest_index_build(struct ingest_index *index, int fd, const struct profile *profile,
                       struct ingest_failure *failure)
{
    AVFormatContext *format = NULL;
    AVIOContext *io = ingest_io_open(fd, false);
    AVPacket *packet = av_packet_alloc();
    struct builder builder = {.index = index, .profile = profile};
    *index = (struct ingest_index){0};
    int result = packet != NULL ? open_asset(&format, io) : AVERROR(ENOMEM);
    if (result >= 0) {
        index->header.asset_size = (uint64_t)avio_size(format->pb);
        result = read_samples(&builder, format, packet);
    }
    if (result >= 0 && !fill_header(&builder)) {
        result = AVERROR_BUG;
    }
    av_packet_free(&packet);
    avformat_close_input(&format);
    (void)ingest_io_close(&io);
    if (result < 0) {
        ingest_index_finish(index);
        return ingest_fail(failure, result,
                           _("what was encoded is not of the house format: this is a defect of "
                             "ours, please report it with the file"));
    }
    return 0;
}

struct asset_index ingest_index_view(const struct ingest_index *index)
{
    return (struct asset_index){
        .header = &index->header, .video = index->video, .audio = index->audio};
}

/*
 * From a GOP on, and no further than half a minute: what lies beyond was proven
 * with the whole.
 */
static int prove_from(const struct asset_index *index, const struct profile *profile, int64_t in,
                      struct proof_result *result)
{
    const int64_t rest = index->header->duration_frames - in;
    const int64_t most = INT64_C(30) * GOP_FRAMES;
    const int64_t frames = in == 0 || rest < most ? rest : most;
    const int verdict = proof_check(profile, index, in, frames, result);
    /* Shorter than B / (Rs - R): looked at when a plan asks for it. */
    return in > 0 && rest < 6 * FRAMES_PER_SECOND ? 0 : verdict;
}

int ingest_prove(const struct asset_index *index, const struct profile *profile,
                 struct proof_result *result)
{
    const int64_t frames = index->header->duration_frames;
    int verdict = prove_from(index, profile, 0, result);
    struct proof_result cut;
    for (int64_t in = GOP_FRAMES; verdict == 0 && in + EVENT_MIN_FRAMES <= frames;
         in += GOP_FRAMES) {
        verdict = prove_from(index, profile, in, &cut);
        if (verdict < 0) {
            *result = cut;
        }
    }
    return verdict;
}

size_t ingest_find_weak(const struct asset_index *index, const struct profile *profile,
                        bool *is_weak)
{
    const int64_t frames = index->header->duration_frames;
    size_t count = 0;
    for (int64_t in = 0; in + EVENT_MIN_FRAMES <= frames; in += GOP_FRAMES) {
        struct proof_result proof;
        if (prove_from(index, profile, in, &proof) == 0 || !proof.is_video) {
            continue;
        }
        /* What is late there has been sent within the greatest lead, which is about a GOP. */
        const int64_t first = in / GOP_FRAMES;
        const int64_t gop = first + proof.au / (GOP_FRAMES * profile_pictures_per_frame(profile));
        for (int64_t i = gop > first ? gop - 1 : gop; i <= gop && i * GOP_FRAMES < frames; i++) {
            count += !is_weak[i];
            is_weak[i] = true;
        }
    }
    return count;
}
