/* SPDX-License-Identifier: MIT */
/*
 * report_layer: what was planned, or what aired, along the frames of a day.
 *
 * A layer is a list of spans in rising order, without overlaps; where there is
 * none, nothing is known.  Several layers are walked together, each with a
 * cursor of its own.
 *
 * What spans point to is borrowed from plans and as-run lines.  Thread: any.
 */
#ifndef SCHEDULER_REPORT_REPORT_LAYER_H
#define SCHEDULER_REPORT_REPORT_LAYER_H

#include "playout/as_run_record.h"
#include "playout/plan.h"

#include <stddef.h>
#include <stdint.h>

enum air_state { AIR_ON, AIR_OFF, AIR_MUTED };

struct report_span {
    int64_t from; /* frames */
    int64_t to;
    const struct plan *plan;            /* planned: the revision that says so */
    const struct plan_event *event;     /* planned */
    enum air_state state;               /* aired */
    const char *asset;                  /* aired; "": the slate */
    const struct as_run_record *record; /* aired */
};

struct report_layer {
    struct report_span *spans;
    size_t count;
    size_t capacity;
};

/* Adds a span behind the others; an empty one is left out.  0 or -ENOMEM. */
int report_layer_add(struct report_layer *layer, const struct report_span *span);
void report_layer_finish(struct report_layer *layer); /* accepts a zeroed one */

/*
 * The span at `frame`, or NULL.  *cursor starts at 0 and goes along with
 * rising frames; *until is lowered to the frame at which the answer changes.
 */
const struct report_span *report_layer_at(const struct report_layer *layer, size_t *cursor,
                                          int64_t frame, int64_t *until);

#endif
