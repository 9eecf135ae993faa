/* SPDX-License-Identifier: MIT */
/*
 * revise_line: a row of events that a revision is made of; for revise*.c and
 * order*.c.
 *
 * The texts of its events are borrowed from the plans they come from.
 */
#ifndef SCHEDULER_REVISE_LINE_H
#define SCHEDULER_REVISE_LINE_H

#include "playout/plan.h"
#include "scheduler/cutter.h"

#include <stdbool.h>

/* What was done to an event, for the reason that people read in plan and as-run. */
struct cut_note {
    enum {
        END_AS_PLANNED,
        END_BY_ORDER, /* of number `order` */
        END_BY_PLAN,
        END_BY_FIXED, /* what follows does not move */
    } end;
    int64_t order;      /* that cut or moved it */
    bool is_joined;     /* it begins in progress */
    int64_t late;       /* the end lies so many frames after the first one allowed */
    int64_t late_entry; /* the entry, likewise */
    int64_t moved;      /* it begins so many frames later than planned; earlier: negative */
};

struct line_event {
    struct plan_event event;
    int64_t group;    /* events of one EPG entry; 0: an entry of its own */
    bool is_kept;     /* seq and programme are those of the base */
    bool is_break_in; /* of an order that others may be laid over at any time */
    bool is_once;     /* inserted by an order: moved whole, it never fills up */
    struct cut_note note;
};

struct line {
    struct line_event *items; /* without gaps */
    size_t count;
    size_t capacity;
};

void line_finish(struct line *line);
int line_append(struct line *line, const struct line_event *item); /* 0 or -ENOMEM */

/* The compiled events. */
int line_from_plan(struct line *line, const struct plan *plan);

/* Index of the event on air at `frame`, or line->count. */
size_t line_find(const struct line *line, int64_t frame);

/* Where the last event ends; 0 when there is none. */
int64_t line_end(const struct line *line);

/* The first frame from `frame` on at which the line can be joined, or its end. */
int64_t line_first_entry(const struct line *line, const struct cutter *cutter, int64_t frame);

/*
 * Appends what `source` airs from `frame`, where it may be entered, on; the
 * first frame at which that could have been is `asked`.
 */
int line_append_from(struct line *line, const struct line *source, int64_t frame, int64_t asked);

/* A stretch of slate. */
struct line_event line_slate(int64_t start, int64_t end, const char *reason);

/*
 * True when a looping event that is cut to `duration` airs the same frames
 * and joins up to `earliest` as before.
 */
bool event_keeps_pieces(const struct plan_event *event, int64_t duration, int64_t earliest,
                        const struct media_lengths *lengths);

#endif
