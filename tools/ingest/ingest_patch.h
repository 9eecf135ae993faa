/* SPDX-License-Identifier: MIT */
/*
 * ingest_patch: some GOPs of a film, encoded again and held tighter, to take
 * the place of those with which the asset could not be proven.
 *
 * GOPs are closed and stand for themselves, so that a run of them may come
 * from another encoder than its neighbours.
 */
#ifndef TOOLS_INGEST_PATCH_H
#define TOOLS_INGEST_PATCH_H

#include "tools/ingest/ingest_video.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ingest_patch {
    struct ingest_encoder_settings settings;
    enum asset_kind kind;
    int64_t pictures; /* of the whole film */
    int gop_size;
    bool *is_weak; /* which GOPs are encoded: the caller's */
    int64_t taken; /* pictures seen so far */
    int64_t run_from;
    struct ingest_video run; /* the encoder of the run of GOPs that is under way */
    AVFrame *last;           /* the last picture that was seen */
    enum ingest_afd last_afd;
    AVPacket **units; /* in decoding order; pts counts pictures of the film */
    size_t unit_count;
};

/* `is_weak` has an entry for each GOP and is borrowed.  0 or an FFmpeg error. */
int ingest_patch_init(struct ingest_patch *patch, const struct ingest_encoder_settings *settings,
                      enum asset_kind kind, bool *is_weak, int64_t pictures);
void ingest_patch_finish(struct ingest_patch *patch); /* accepts a zeroed one */

/* Every picture of the film in turn; those of other GOPs are passed over. */
int ingest_patch_put(struct ingest_patch *patch, const AVFrame *picture, enum ingest_afd afd);

/* True when no later picture is of interest. */
bool ingest_patch_is_full(const struct ingest_patch *patch);

/* The film has ended: its last picture is repeated as far as needed. */
int ingest_patch_end(struct ingest_patch *patch);

#endif
