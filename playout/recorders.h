/* SPDX-License-Identifier: MIT */
/*
 * recorders: those of a station, shared by the sets of outputs that use them.
 *
 * A recorder goes on while one set takes over from another.  One that no set
 * uses any more is stopped, and stays on a list of its own until its disk has
 * answered; the control thread looks, and never waits.
 *
 *     in use ──no user──▶ retired ──has ended──▶ freed
 *
 * Included by outputs' files and their tests only.  Thread: control.
 */
#ifndef PLAYOUT_RECORDERS_H
#define PLAYOUT_RECORDERS_H

#include "playout/recorder.h"
#include "playout/station.h"

struct shared_recorder {
    struct shared_recorder *next;
    size_t lane;
    char *path;
    int minutes;
    int max_megabytes;
    struct zone *zone;
    struct recorder *recorder;
    size_t users; /* sets */
};

/* All zero: none. */
struct recorders {
    struct shared_recorder *in_use;
    struct shared_recorder *retired;
};

/*
 * The recorder of such an output, started when none is in use; the caller is
 * one more user.  A retired one is never taken up again: it may be waiting for
 * a disk that is gone.  The two share no file, for theirs are named by the
 * time of what is in them.  0 or -errno.
 */
int recorders_open(struct recorders *recorders, const struct station *station,
                   const struct transport *transport, const struct output *output, size_t lane,
                   struct shared_recorder **shared);

/* One user less. */
void shared_recorder_release(struct shared_recorder *shared);

/* Retires those without users, and frees the retired that have ended.  Returns at once. */
void recorders_tend(struct recorders *recorders);

/*
 * Nobody uses any.  Waits up to `wait_ms` for all of them, and leaves those
 * that have not ended by then, with what they need.  Returns how many.
 */
size_t recorders_end(struct recorders *recorders, int wait_ms);

#endif
