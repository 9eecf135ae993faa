/* SPDX-License-Identifier: MIT */
#include "playout/adoption.h"

#include "playout/pacing.h"

#include <string.h>

enum { LOOK_AHEAD_FRAMES = 36 * 3600 * FRAMES_PER_SECOND };

static bool same_start(const struct piece *a, const struct piece *b)
{
    return a->start == b->start && a->in_point == b->in_point && strcmp(a->asset, b->asset) == 0;
}

enum likeness { DIFFERENT, SAME_START, SAME };

/*
 * Compares the pieces whose windows are open at `frame`.  Equal pieces are in
 * the same state; pieces that only end differently may be.
 */
static enum likeness compare(const struct tape_format *format, size_t service,
                             const struct timeline *old, const struct timeline *next, int64_t frame)
{
    const struct profile *profile = tape_member(format, service)->profile;
    const int leads[] = {profile->video.es.lead_frames, profile->audio.es.lead_frames};
    enum likeness likeness = SAME;
    for (size_t i = 0; i < 2; i++) {
        struct piece a;
        struct piece b;
        timeline_piece(old, frame + leads[i], &a);
        timeline_piece(next, frame + leads[i], &b);
        if (!same_start(&a, &b)) {
            return DIFFERENT;
        }
        likeness = a.length == b.length ? likeness : SAME_START;
    }
    return likeness;
}

bool adoption_may_be(const struct tape_format *format, size_t service, struct tape_inputs *inputs,
                     const struct timeline *old, const struct timeline *next, int64_t frame)
{
    struct tape_state before;
    struct tape_state after;
    switch (compare(format, service, old, next, frame)) {
    case SAME:
        return true;
    case DIFFERENT:
        return false;
    case SAME_START:
        break;
    }
    (void)tape_state_at(format, service, inputs, old, frame, &before);
    (void)tape_state_at(format, service, inputs, next, frame, &after);
    return tape_state_equal(&before, &after);
}

int64_t adoption_find(const struct tape_format *format, size_t service, struct tape_inputs *inputs,
                      const struct timeline *old, const struct timeline *next, int64_t earliest,
                      int64_t within)
{
    const int step = tape_member(format, service)->profile->join_grid_frames;
    for (int64_t frame = earliest; frame <= earliest + within; frame += step) {
        if (adoption_may_be(format, service, inputs, old, next, frame)) {
            return frame;
        }
    }
    return -1;
}

int64_t adoption_possible_from(const struct tape_format *format, size_t service,
                               const struct timeline *old, const struct timeline *next,
                               int64_t earliest)
{
    int64_t frame = earliest;
    while (frame < earliest + LOOK_AHEAD_FRAMES) {
        struct piece piece;
        if (compare(format, service, old, next, frame) == SAME) {
            return frame;
        }
        timeline_piece(next, frame, &piece);
        frame = piece.start + piece.length;
    }
    return -1;
}

int64_t frame_from_ns(int64_t utc_ns)
{
    return (utc_ns + NS_PER_FRAME - 1) / NS_PER_FRAME;
}
