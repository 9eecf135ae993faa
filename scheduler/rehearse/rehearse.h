/* SPDX-License-Identifier: MIT */
/*
 * rehearse: scheduler and engine of a station on a simulated clock.
 *
 *     timetables ─▶ planner ─▶ plans ─▶ channels ─▶ as-run
 *          ▲           ▲          ◀──────┘   │
 *        faults ───────┴── orders            └─▶ packets around joins ─▶ sink
 *
 * Planner and channels are those of the air, asked at the times at which
 * their daemons would ask.  What is left out is left out because it cannot
 * change anything:
 *
 *  - Between two joins a channel acts only upon a new revision, or within
 *    20 s of the next event.  From 21 s before it the clock goes by seconds
 *    (the engine's full ticks), from 6 s before it until 5 s after it, and
 *    while a revision is on its way, by 100 ms (all of its ticks); elsewhere
 *    straight to the next such moment.  Files change only by what is done here.
 *  - There packets are rendered by the engine's own lanes, as far ahead as on
 *    the air, and taken out as a pacer would; elsewhere none (engine_still.h).
 *    Each is computed once more when it is due, from what the channels know
 *    by then: that both agree is what allows a revision to take over.
 *
 * Not rehearsed: outputs, machines that are too slow, steps of the clock, the
 * hashes of media.
 *
 * Blocks.  Thread: one; a sink may have its own.
 */
#ifndef SCHEDULER_REHEARSE_REHEARSE_H
#define SCHEDULER_REHEARSE_REHEARSE_H

#include "playout/problems.h"
#include "playout/station.h"
#include "playout/tape.h"
#include "scheduler/rehearse/rehearse_fault.h"
#include "scheduler/rehearse/rehearse_notes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Who reads what is rendered: stretches of the lanes, one after the other in
 * each lane; `lane` counts from 0.
 */
struct rehearse_sink {
    void (*begin)(struct rehearse_sink *self, size_t lane, const struct tape_format *format,
                  uint64_t first_slot);
    void (*packets)(struct rehearse_sink *self, size_t lane, const uint8_t *packets, size_t count);
    void (*end)(struct rehearse_sink *self, size_t lane);
    void (*finish)(struct rehearse_sink *self); /* the last call: formats are gone after it */
};

/* Who is told how far it is; may be NULL. */
struct rehearse_watcher {
    void (*progress)(struct rehearse_watcher *self, double part);
};

struct rehearse_request {
    struct station *station; /* its folders become those of the rehearsal */
    const char *state;       /* a folder for it, empty or missing */
    int64_t from_s;          /* since the epoch, as is the next one */
    int64_t to_s;
    const char *channel; /* this one alone; NULL: all */
    bool has_all_ticks;  /* all ticks and reviews of the air: slow, and comes to the same */
    const struct rehearse_fault *faults;
    size_t fault_count;
    struct rehearse_sink *sink; /* NULL: nothing is rendered */
    struct rehearse_watcher *watcher;
};

/*
 * Runs from a minute before `from_s` until every event that begins before
 * `to_s` is over.  0 and *notes; -EINVAL or -errno with the cause in
 * *problems.  Warnings of timetables are left out.
 */
int rehearse(const struct rehearse_request *request, struct rehearse_notes *notes,
             struct problems *problems);

#endif
