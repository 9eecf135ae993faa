/* SPDX-License-Identifier: MIT */
/* order_work: an order that is being laid over a line; for order.c, order_break_in.c and
 * order_skip.c. */
#ifndef SCHEDULER_ORDER_WORK_H
#define SCHEDULER_ORDER_WORK_H

#include "scheduler/order_follow.h"

struct order_work {
    struct plan_amendment *order;
    const struct line *line; /* below it */
    size_t index;            /* of the event on air at order->from */
    struct order_follow follow;
};

static inline const struct plan_event *order_present(const struct order_work *work)
{
    return &work->line->items[work->index].event;
}

static inline int order_append_own(struct order_work *work, const struct line_event *item)
{
    work->follow.at = event_end(&item->event);
    return line_append(work->follow.result, item);
}

enum order_mode order_mode_of(const struct plan_amendment *order);

/* Content that loops, or is a lesson that is repeated. */
struct order_content order_looping_content(const struct plan_amendment *order);

/* Lays a break-in over what work->line has.  0 or -ENOMEM. */
int order_break_in(struct order_work *work);

/* Lays a skip of what ends at `end` over it.  0 or -ENOMEM. */
int order_skip(struct order_work *work, int64_t end);

#endif
