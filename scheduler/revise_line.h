/* SPDX-License-Identifier: MIT */
/*
 * revise_line: a row of events that a revision is made of; for revise*.c.
 *
 * The texts of its events are borrowed from the plans they come from.
 */
#ifndef SCHEDULER_REVISE_LINE_H
#define SCHEDULER_REVISE_LINE_H

#include "playout/plan.h"
#include "playout/timeline.h"

#include <stdbool.h>

struct line_event {
    struct plan_event event;
    int64_t group; /* events of one EPG entry; 0: an entry of its own */
    bool is_kept;  /* seq and programme are those of the base */
};

struct line {
    struct line_event *items; /* without gaps */
    size_t count;
    size_t capacity;
};

void line_finish(struct line *line);
int line_append(struct line *line, const struct line_event *item); /* 0 or -ENOMEM */

/* The compiled events under the operators' orders. */
int line_from_plan(struct line *line, const struct plan *plan);
int line_overlay(struct line *line, const struct plan_amendment *order);

/* Index of the event on air at `frame`, or line->count. */
size_t line_find(const struct line *line, int64_t frame);

/* True when the line can be joined at `frame`; the first such frame from `frame` on. */
bool line_may_enter(const struct line *line, int64_t frame);
int64_t line_first_entry(const struct line *line, int64_t frame);

/* Appends what `source` airs from `frame`, where it may be entered, on. */
int line_append_from(struct line *line, const struct line *source, int64_t frame);

/* A stretch of slate. */
struct line_event line_slate(int64_t start, int64_t end, const char *reason);

static inline int64_t event_end(const struct plan_event *event)
{
    return event->start + event->duration;
}

/* True for what may be cut at any frame of the join grid, and loops. */
static inline bool event_is_cut_anywhere(const struct plan_event *event)
{
    return event->kind == EVENT_FILLER || event->kind == EVENT_SLATE;
}

/* The least length of a piece of it (compile.h), and where it may be cut. */
int64_t event_least_piece(const struct plan_event *event);
int64_t event_cut_step(const struct plan_event *event);

/*
 * True when a looping event that is cut to `duration` airs the same frames
 * and joins up to `earliest` as before.
 */
bool event_keeps_pieces(const struct plan_event *event, int64_t duration, int64_t earliest,
                        const struct media_lengths *lengths);

#endif
