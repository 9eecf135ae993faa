/* SPDX-License-Identifier: MIT */
/*
 * ingest_sound: decoded sound of any kind becomes that of the house format.
 *
 * Stereo at the profile's rate, starting at time 0, gaps filled with silence,
 * without rumble and noise where the station wants that, the same on both sides
 * where one is missing, with a gain, and, when asked, with true peaks kept below
 * the profile's.
 * A file that changes its kind of sound on the way is followed.
 */
#ifndef TOOLS_INGEST_SOUND_H
#define TOOLS_INGEST_SOUND_H

#include "playout/station.h"
#include "tools/ingest/ingest_graph.h"

#include <stdbool.h>
#include <stdint.h>

/* What is wrong with the sides from beginning to end, and is mended. */
enum ingest_sides { SIDES_RIGHT, SIDES_LEFT_ONLY, SIDES_RIGHT_ONLY, SIDES_OPPOSED };

struct ingest_sound_settings {
    enum ingest_sides sides; /* as they came */
    double gain_db;
    bool is_limited;
};

struct ingest_sound {
    const struct profile *profile;
    struct ingest_sound_settings settings;
    struct ingest_graph graph;
    AVFrame *frame;
    int64_t samples; /* made so far */
};

/* Takes sound of the house format, as its encoder wants it: borrowed. */
typedef int ingest_take_sound(void *context, AVFrame *frame);

/* 0 or an FFmpeg error. */
int ingest_sound_init(struct ingest_sound *sound, const struct profile *profile,
                      const struct ingest_sound_settings *settings);
void ingest_sound_finish(struct ingest_sound *sound); /* accepts a zeroed one */

/* Gives a frame (borrowed; times in microseconds), or NULL at the end; what comes out goes to
 * `take`. */
int ingest_sound_put(struct ingest_sound *sound, AVFrame *frame, ingest_take_sound *take,
                     void *context);

#endif
