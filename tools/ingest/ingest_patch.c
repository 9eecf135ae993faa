/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_patch.h"

#include "playout/station.h"

#include <stdlib.h>

int ingest_patch_init(struct ingest_patch *patch, const struct ingest_encoder_settings *settings,
                      enum asset_kind kind, bool *is_weak, int64_t pictures)
{
    *patch = (struct ingest_patch){
        .settings = *settings,
        .kind = kind,
        .pictures = pictures,
        .gop_size = GOP_FRAMES * profile_pictures_per_frame(settings->profile),
        .is_weak = is_weak,
        .last = av_frame_alloc(),
    };
    return patch->last != NULL ? 0 : AVERROR(ENOMEM);
}

void ingest_patch_finish(struct ingest_patch *patch)
{
    ingest_video_finish(&patch->run);
    av_frame_free(&patch->last);
    for (size_t i = 0; i < patch->unit_count; i++) {
        av_packet_free(&patch->units[i]);
    }
    free(patch->units);
    *patch = (struct ingest_patch){0};
}

static int keep(void *context, AVPacket *unit)
{
    struct ingest_patch *patch = context;
    if ((patch->unit_count & (patch->unit_count - 1)) == 0) { /* full at each power of two */
        const size_t room = patch->unit_count == 0 ? 1 : 2 * patch->unit_count;
        AVPacket **grown = realloc(patch->units, room * sizeof(grown[0]));
        if (grown == NULL) {
            return AVERROR(ENOMEM);
        }
        patch->units = grown;
    }
    AVPacket *kept = av_packet_clone(unit);
    if (kept == NULL) {
        return AVERROR(ENOMEM);
    }
    kept->pts += patch->run_from;
    patch->units[patch->unit_count++] = kept;
    return 0;
}

static bool is_weak_at(const struct ingest_patch *patch, int64_t picture)
{
    return picture < patch->pictures && patch->is_weak[picture / patch->gop_size];
}

/* How many pictures from here on are in weak GOPs that follow each other. */
static int64_t run_length(const struct ingest_patch *patch, int64_t from)
{
    int64_t to = from;
    while (is_weak_at(patch, to)) {
        to += patch->gop_size;
    }
    return (to < patch->pictures ? to : patch->pictures) - from;
}

static int open_run(struct ingest_patch *patch)
{
    patch->run_from = patch->taken;
    const int result = ingest_video_init(&patch->run, &patch->settings, patch->kind,
                                         run_length(patch, patch->taken));
    patch->run.take = keep;
    patch->run.context = patch;
    return result;
}

static int end_run(struct ingest_patch *patch)
{
    const int result = ingest_video_end(&patch->run);
    ingest_video_finish(&patch->run);
    return result;
}

/* One picture of a weak GOP. */
static int encode(struct ingest_patch *patch, const AVFrame *picture, enum ingest_afd afd)
{
    int result = patch->run.codec == NULL ? open_run(patch) : 0;
    result = result < 0 ? result : ingest_video_put(&patch->run, picture, afd);
    return result >= 0 && patch->run.pictures == patch->run.wanted ? end_run(patch) : result;
}

int ingest_patch_put(struct ingest_patch *patch, const AVFrame *picture, enum ingest_afd afd)
{
    if (patch->taken >= patch->pictures) {
        return 0;
    }
    av_frame_unref(patch->last);
    int result = av_frame_ref(patch->last, picture);
    patch->last_afd = afd;
    if (result >= 0 && is_weak_at(patch, patch->taken)) {
        result = encode(patch, picture, afd);
    }
    patch->taken++;
    return result;
}

bool ingest_patch_is_full(const struct ingest_patch *patch)
{
    if (patch->run.codec != NULL) {
        return false;
    }
    for (int64_t at = patch->taken; at < patch->pictures; at += patch->gop_size) {
        if (is_weak_at(patch, at)) {
            return false;
        }
    }
    return !is_weak_at(patch, patch->pictures - 1) || patch->taken >= patch->pictures;
}

int ingest_patch_end(struct ingest_patch *patch)
{
    int result = 0;
    while (result >= 0 && !ingest_patch_is_full(patch)) {
        AVFrame *again = av_frame_clone(patch->last);
        result = again != NULL ? ingest_patch_put(patch, again, patch->last_afd) : AVERROR(ENOMEM);
        av_frame_free(&again);
    }
    return result;
}
