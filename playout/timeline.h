/* SPDX-License-Identifier: MIT */
/*
 * timeline: what is on air at any frame, by one entry of the journal.
 *
 * A timeline is a plan revision with the journal's substitutions applied,
 * seen as an endless sequence of *pieces*: stretches of one asset each, from
 * an in-point.  Before the first event lies the slate, phased from the
 * epoch; after the last event the slate again, looped from that end on.
 *
 * Immutable, counted references; shared between threads.
 */
#ifndef PLAYOUT_TIMELINE_H
#define PLAYOUT_TIMELINE_H

#include "playout/plan.h"

#include <stdbool.h>
#include <stdint.h>

struct timeline;

/* An item on air: one window of the tape. */
struct piece {
    int64_t start; /* frames since the epoch */
    int64_t length;
    int64_t in_point;
    char asset[SHA256_HEX_SIZE]; /* "": the slate */
    ptrdiff_t event;             /* index into the plan, -1 outside of it */
};

/*
 * Tells the length in frames of an asset, or 0 when unknown.  The slate is
 * asked for as "".  Used while a timeline is made and while pieces are cut.
 */
struct media_lengths {
    int64_t (*length)(const struct media_lengths *self, const char *sha256);
};

/* The endless slate: no plan at all.  slate_frames: a multiple of 24. */
struct timeline *timeline_create_empty(int64_t slate_frames);

/*
 * Takes ownership of `plan`, also when it fails (NULL: out of memory).  The
 * lengths of all its assets are asked for at once; an asset of unknown
 * length is taken to last as long as its event.
 */
struct timeline *timeline_create(struct plan *plan, const struct media_lengths *lengths);

/*
 * A new timeline in which event `seq`, from frame `from` on, is `asset`
 * looped ("": the slate).  Returns NULL when out of memory; without such an
 * event it is a plain copy.
 */
struct timeline *timeline_substitute(const struct timeline *timeline, int64_t seq, int64_t from,
                                     const char *asset, const struct media_lengths *lengths);

struct timeline *timeline_ref(struct timeline *timeline);
void timeline_unref(struct timeline *timeline); /* accepts NULL */

/* The piece on air at `frame`.  Closed form but for a binary search. */
void timeline_piece(const struct timeline *timeline, int64_t frame, struct piece *piece);

/*
 * Cuts a stretch of a looped asset (start, length, in_point of the whole
 * stretch in *piece) down to the piece on air at `frame`, as plan.h says.
 * asset_frames 0: of unknown length, not cut.
 */
void piece_cut(struct piece *piece, int64_t asset_frames, int64_t frame);

/* NULL for the empty timeline. */
const struct plan *timeline_plan(const struct timeline *timeline);

/*
 * The programme (EPG entry) on air at `frame`: its number counted from the
 * start of the plan, -1 before, the number of programmes after it.
 */
int64_t timeline_programme(const struct timeline *timeline, int64_t frame);

/* Numbers of the programmes that last a second or less, in rising order. */
const uint32_t *timeline_short_programmes(const struct timeline *timeline, size_t *count);

/* Events [*first, *end) of programme number `n`; false when there is none. */
bool timeline_programme_events(const struct timeline *timeline, int64_t n, size_t *first,
                               size_t *end);

#endif
