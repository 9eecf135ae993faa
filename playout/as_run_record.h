/* SPDX-License-Identifier: MIT */
/*
 * as_run_record: what went out, one event at a time, as one line of JSON.
 *
 *     {"seq":1041,"kind":"lesson","house_number":"ZD-YW-0101","title":"...",
 *      "asset":"<sha256>","planned_start":F,"planned_duration":N,
 *      "start":F,"duration":N,"start_time":"2026-11-23 08:30:00.000 +0800",
 *      "end_time":"...","reason":"...","amendment":3,
 *      "aired":[["<sha256>",F],...],
 *      "interrupted":[[F,F],...],"muted":[[F,F],...]}
 *
 * Times are frames of 1/25 s since the epoch, durations frames; start_time
 * and end_time repeat them as civil time for the reader.  `asset` is what the
 * plan wanted ("": the slate); `aired`, which asset from which frame on, is
 * there when something else went out too; `interrupted` are spans off the
 * air, `muted` those silenced by the operator: [from, to).  `start` is the
 * first frame on air, `duration` leaves interruptions out.  `amendment` is the
 * operator's order that put the event there, or moved it.  The slate outside
 * of any plan has no seq.  In its file each line has a last member more
 * (as_run_chain.h).
 */
#ifndef PLAYOUT_AS_RUN_RECORD_H
#define PLAYOUT_AS_RUN_RECORD_H

#include "playout/asset_index.h"
#include "playout/plan.h"
#include "playout/zone.h"

#include <stddef.h>
#include <stdint.h>

struct frame_span {
    int64_t from;
    int64_t to; /* the first frame after it */
};

struct aired_part {
    char asset[SHA256_HEX_SIZE]; /* "": the slate */
    int64_t from;
};

/* A list of spans in rising order. */
struct frame_spans {
    struct frame_span *items;
    size_t count;
};

struct as_run_record {
    int64_t seq;       /* 0: none */
    int64_t amendment; /* 0: none */
    enum event_kind kind;
    char *house_number; /* this and the following may be NULL */
    char *title;
    char *instead_of;
    char *reason;
    char asset[SHA256_HEX_SIZE]; /* as planned */
    int64_t planned_start;
    int64_t planned_duration;
    int64_t start; /* on the tape, aired or not */
    int64_t end;
    struct aired_part *parts; /* at least one */
    size_t part_count;
    struct frame_spans interrupted;
    struct frame_spans muted;
};

void as_run_record_finish(struct as_run_record *record); /* accepts a zeroed one */

/* One line without its end; the caller frees it.  NULL: out of memory. */
char *as_run_record_json(const struct as_run_record *record, const struct zone *zone);

/* A line for an interruption of what is recorded already. */
char *as_run_interruption_json(const struct frame_span *span, const struct zone *zone);

/* Adds a span, joined with the last one where they touch: 0 or -ENOMEM. */
int frame_spans_add(struct frame_spans *spans, int64_t from, int64_t to);
/* Adds what `from` has within [start, end). */
int frame_spans_add_within(struct frame_spans *spans, const struct frame_spans *from, int64_t start,
                           int64_t end);
/* Forgets what lies before `frame`. */
void frame_spans_forget(struct frame_spans *spans, int64_t frame);
int64_t frame_spans_total(const struct frame_spans *spans);

#endif
