/* SPDX-License-Identifier: MIT */
/*
 * ready_watch: tells of each slot that is not ready once when its hour has
 * come, and once when what airs instead is decided.
 *
 * Keeps a board of the coming day, made anew when something has changed or
 * it runs out; between the times at which something is to be told a turn
 * costs nothing.  However far the clock goes from one turn to the next, up to
 * a day, nothing is left out; where it goes back, nothing is told again.
 * Slots that began before the first turn are not told of.
 *
 * What has been told is known to the memory alone.  Thread: one.  Times are
 * arguments, milliseconds since the epoch.
 */
#ifndef SCHEDULER_READY_WATCH_H
#define SCHEDULER_READY_WATCH_H

#include "scheduler/ready.h"

enum ready_news {
    READY_NEWS_MISSING, /* READY_WARN_MS before its start */
    READY_NEWS_DECIDED, /* at the cutoff; without one, at its start */
};

/* Whoever has a watch.  Both are mandatory, and called by ready_watch_turn(). */
struct ready_world {
    /* Adds all channels' rows of [from_ms, to_ms) to an empty board.  0 or -errno. */
    int (*survey)(struct ready_world *self, int64_t from_ms, int64_t to_ms,
                  struct ready_board *board);
    void (*tell)(struct ready_world *self, enum ready_news news, const struct ready_row *row);
};

struct ready_watch;

/* Borrows `world`.  NULL: out of memory. */
struct ready_watch *ready_watch_create(struct ready_world *world, int64_t cutoff_ms);
void ready_watch_destroy(struct ready_watch *watch); /* accepts NULL */

/* Timetables, media or approvals have changed. */
void ready_watch_invalidate(struct ready_watch *watch);

/* 0, or -errno: then the last board stays, and the next turn tries again. */
int ready_watch_turn(struct ready_watch *watch, int64_t now_ms);

/* The board as last made, sorted; may begin before now.  NULL: there was none yet. */
const struct ready_board *ready_watch_board(const struct ready_watch *watch);

#endif
