/* SPDX-License-Identifier: MIT */
/* order_follow: what comes after an order, in the line that is being made. */
#ifndef SCHEDULER_ORDER_FOLLOW_H
#define SCHEDULER_ORDER_FOLLOW_H

#include "scheduler/order.h"

/* What airs in the time of an order. */
struct order_content {
    enum event_kind kind;
    const char *asset; /* "": the slate */
    const char *house_number;
    const char *live;
    const char *title;
    bool is_item; /* what the order is given for; else what only fills up */
};

struct order_follow {
    struct line *result;
    size_t first; /* the events from here on may be cut and dropped again */
    int64_t at;   /* the result ends here */
    const struct plan_amendment *order;
    const struct order_scene *scene;
};

/* An event of the order. */
struct line_event order_event(const struct plan_amendment *order,
                              const struct order_content *content, int64_t start, int64_t end);

/*
 * Goes on to `end` with content that loops, or a lesson again and again, or as far as it can
 * legally be cut, and then a filler, or the slate where none fits; with the fillers.  0 or at
 * least 24 frames.
 */
int order_loop(struct order_follow *follow, const struct order_content *content, int64_t end);
int order_fill(struct order_follow *follow, int64_t end);

/*
 * Makes the result end at `end`: what crosses it is cut, what has no room is
 * dropped, what is left is filled.
 */
int order_end_at(struct order_follow *follow, int64_t end);

/* Goes on with what `source` airs now, joined in progress. */
int order_join(struct order_follow *follow, const struct line *source);

/* Goes on with an event of the line, moved to where the result ends.  0 or -ENOMEM. */
int order_put_off(struct order_follow *follow, const struct line_event *item);

/*
 * Goes on with all of `rest`, moved to where the result ends, until something
 * takes it up, or an insertion would come before its time: *over is the frame
 * from which on it is as before.
 */
int order_move(struct order_follow *follow, const struct line *rest, int64_t *over);

/* The midnight after `frame`, with room for an event before it. */
int64_t order_day_end(const struct order_scene *scene, int64_t frame);

/* The start of the first event at `frame` or later that does not move; the line's end if none. */
int64_t order_limit(const struct order_scene *scene, const struct line *line, int64_t frame);

#endif
