/* SPDX-License-Identifier: MIT */
#include "tools/ingest_publish.h"

#include "playout/intl.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/sha2.h>

#include <libavformat/avformat.h>

enum {
    NAL_LENGTH = 4,
    NAL_SLICE = 1,
    NAL_IDR = 5,
    NAL_SPS = 7,
    NAL_PPS = 8,
    NAL_AUD = 9,
};

void ingest_index_finish(struct ingest_index *index)
{
    free(index->video);
    free(index->audio);
    *index = (struct ingest_index){0};
}

/* What the NAL units of an access unit are, in order. */
struct au_shape {
    bool is_idr;
    bool is_sound; /* AUD (SPS PPS if IDR) slice... and the lengths add up */
    uint8_t parameter_sets[SHA256_SIZE];
};

static void judge_nal(struct au_shape *shape, const uint8_t *nal, size_t size, int number,
                      struct sha256_ctx *digest)
{
    const int type = nal[0] & 0x1f;
    if (number == 0) {
        shape->is_sound = type == NAL_AUD;
    } else if (type == NAL_SPS || type == NAL_PPS) {
        shape->is_sound = shape->is_sound && number == (type == NAL_SPS ? 1 : 2);
        sha256_update(digest, size, nal);
    } else if (type == NAL_IDR) {
        shape->is_sound = shape->is_sound && number >= 3;
        shape->is_idr = true;
    } else {
        shape->is_sound = shape->is_sound && type == NAL_SLICE;
    }
}

static struct au_shape examine(const uint8_t *bytes, size_t size)
{
    struct au_shape shape = {.is_sound = false};
    struct sha256_ctx digest;
    sha256_init(&digest);
    size_t at = 0;
    for (int number = 0; size - at > NAL_LENGTH; number++) {
        const size_t length = (size_t)bytes[at] << 24 | (size_t)bytes[at + 1] << 16 |
                              (size_t)bytes[at + 2] << 8 | bytes[at + 3];
        at += NAL_LENGTH;
        if (length == 0 || length > size - at) {
            shape.is_sound = false;
            return shape;
        }
        judge_nal(&shape, bytes + at, length, number, &digest);
        at += length;
    }
    shape.is_sound = shape.is_sound && at == size;
    sha256_digest(&digest, SHA256_SIZE, shape.parameter_sets);
    return shape;
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

static int add_video(struct ingest_index *index, size_t *count, const AVStream *stream,
                     const AVPacket *packet)
{
    const struct au_shape shape = examine(packet->data, (size_t)packet->size);
    const bool should_be_idr = *count % GOP_FRAMES == 0;
    struct asset_index_header *header = &index->header;
    if (!shape.is_sound || shape.is_idr != should_be_idr) {
        return AVERROR_BUG;
    }
    if (*count == 0) {
        memcpy(header->parameter_sets_sha256, shape.parameter_sets, SHA256_SIZE);
    } else if (shape.is_idr &&
               memcmp(header->parameter_sets_sha256, shape.parameter_sets, SHA256_SIZE) != 0) {
        return AVERROR_BUG;
    }
    struct au_entry *entry = append(&index->video, count);
    if (entry == NULL) {
        return AVERROR(ENOMEM);
    }
    const AVRational frame = {1, FRAMES_PER_SECOND};
    entry->offset = (uint64_t)packet->pos;
    entry->size = (uint32_t)packet->size;
    entry->flags = shape.is_idr ? AU_IDR : 0;
    entry->display_delay =
        (uint8_t)av_rescale_q(packet->pts - packet->dts, stream->time_base, frame);
    return 0;
}

static int read_samples(struct ingest_index *index, AVFormatContext *format, AVPacket *packet,
                        size_t *video_count)
{
    int result = 0;
    while (result >= 0 && (result = av_read_frame(format, packet)) >= 0) {
        const AVStream *stream = format->streams[packet->stream_index];
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO) {
            result = add_video(index, video_count, stream, packet);
        } else {
            struct au_entry *entry = append(&index->audio, &index->audio_count);
            if (entry != NULL) {
                entry->offset = (uint64_t)packet->pos;
                entry->size = (uint32_t)packet->size;
            }
            result = entry != NULL ? 0 : AVERROR(ENOMEM);
        }
        av_packet_unref(packet);
    }
    return result == AVERROR_EOF ? 0 : result;
}

int ingest_index_build(struct ingest_index *index, const char *path, const struct profile *profile,
                       struct ingest_failure *failure)
{
    AVFormatContext *format = NULL;
    AVPacket *packet = av_packet_alloc();
    size_t video_count = 0;
    *index = (struct ingest_index){0};
    int result = packet != NULL ? avformat_open_input(&format, path, NULL, NULL) : AVERROR(ENOMEM);
    result = result < 0 ? result : read_samples(index, format, packet, &video_count);
    const int64_t grid = (int64_t)video_count / JOIN_GRID_FRAMES;
    if (result >= 0 && (video_count % JOIN_GRID_FRAMES != 0 ||
                        index->audio_count != (size_t)grid * AUDIO_FRAMES_PER_GRID)) {
        result = AVERROR_BUG;
    }
    index->header.duration_frames = (uint32_t)video_count;
    strncpy(index->header.profile, profile->name, sizeof(index->header.profile) - 1);
    if (format != NULL) {
        index->header.asset_size = (uint64_t)avio_size(format->pb);
    }
    av_packet_free(&packet);
    avformat_close_input(&format);
    if (result < 0) {
        ingest_index_finish(index);
        return ingest_fail(failure, result,
                           _("what was encoded is not of the house format: this is a defect of "
                             "ours, please report it with the file"));
    }
    return 0;
}

int ingest_prove(const struct ingest_index *index, const struct profile *profile,
                 struct proof_result *result)
{
    struct asset_index_header header = index->header;
    header.video_count = header.duration_frames;
    const struct asset_index view = {
        .header = &header, .video = index->video, .audio = index->audio};
    int verdict = proof_check(profile, &view, 0, header.duration_frames, result);
    struct proof_result cut;
    /* From every GOP on for half a minute: what lies beyond was proven with the whole. */
    for (int64_t in = GOP_FRAMES;
         verdict == 0 && in + EVENT_MIN_FRAMES <= (int64_t)header.duration_frames;
         in += GOP_FRAMES) {
        const int64_t rest = header.duration_frames - in;
        const int64_t most = INT64_C(30) * GOP_FRAMES;
        verdict = proof_check(profile, &view, in, rest < most ? rest : most, &cut);
        if (verdict < 0 && rest < 6 * FRAMES_PER_SECOND) {
            verdict = 0; /* shorter than B / (Rs - R): looked at when a plan asks for it */
        } else if (verdict < 0) {
            *result = cut;
        }
    }
    return verdict;
}
