/* SPDX-License-Identifier: MIT */
/*
 * rehearse_script: plants the faults of a rehearsal when their time has come.
 *
 * Thread: one.
 */
#ifndef SCHEDULER_REHEARSE_REHEARSE_SCRIPT_H
#define SCHEDULER_REHEARSE_REHEARSE_SCRIPT_H

#include "playout/engine_still.h"
#include "playout/zone.h"
#include "scheduler/rehearse/rehearse_folders.h"
#include "scheduler/rehearse/rehearse_planning.h"

/* What it works on; all borrowed. */
struct rehearse_stage {
    const struct station *station;
    const struct rehearse_folders *folders;
    const struct zone *zone;
    struct engine_still *engine;
    struct rehearse_planning *planning;
    struct rehearse_notes *notes;
};

struct rehearse_script;

/* Borrows all.  NULL: out of memory. */
struct rehearse_script *rehearse_script_create(const struct rehearse_stage *stage,
                                               const struct rehearse_fault *faults, size_t count);
void rehearse_script_destroy(struct rehearse_script *script); /* accepts NULL */

/* Does what is due.  0 or -errno. */
int rehearse_script_turn(struct rehearse_script *script, const struct moment *now);

/* When the next fault is due; INT64_MAX: none is left. */
int64_t rehearse_script_wake_ms(const struct rehearse_script *script);

/* What a channel will air at a frame, by the plan that holds then; NULL: nothing planned. */
const struct plan_event *rehearse_event_at(struct channel *channel, int64_t frame);

#endif
