/* SPDX-License-Identifier: MIT */
/*
 * ingest_sound: decoded sound of any kind becomes that of the house format.
 *
 * Stereo at the profile's rate, starting at time 0, gaps filled with silence,
 * with a gain, and, when asked, with true peaks kept below the profile's.
 * A file that changes its kind of sound on the way is followed.
 */
#ifndef TOOLS_INGEST_SOUND_H
#define TOOLS_INGEST_SOUND_H

#include "playout/station.h"
#include "tools/ingest/ingest_graph.h"

#include <stdbool.h>
#include <stdint.h>

struct ingest_sound {
    const struct audio_profile *profile;
    double gain_db;
    bool is_limited;
    struct ingest_graph graph;
    AVFrame *frame;
    int64_t samples; /* made so far */
};

/* Takes sound of the house format, as its encoder wants it: borrowed. */
typedef int ingest_take_sound(void *context, AVFrame *frame);

/* 0 or an FFmpeg error. */
int ingest_sound_init(struct ingest_sound *sound, const struct audio_profile *profile,
                      double gain_db, bool is_limited);
void ingest_sound_finish(struct ingest_sound *sound); /* accepts a zeroed one */

/* Gives a frame (borrowed; times in microseconds), or NULL at the end; what comes out goes to
 * `take`. */
int ingest_sound_put(struct ingest_sound *sound, AVFrame *frame, ingest_take_sound *take,
                     void *context);

#endif
