/* SPDX-License-Identifier: MIT */
#include "scheduler/order_cover.h"

#include "scheduler/order.h"

#include <string.h>

bool order_is_kind(const struct plan_amendment *order, enum order_kind kind)
{
    return strcmp(order->kind, order_kind_name(kind)) == 0;
}

/* In its time it airs what fills up, too; what a skip has there is skipped to, but for that. */
static bool is_put_by(const struct plan_event *event, const struct plan_amendment *order)
{
    return event->item_of == order->id ||
           (event->item_of == 0 && event->amendment == order->id && event->start < order->until &&
            (!order_is_kind(order, ORDER_SKIP) || event_absorbs(event)));
}

/* The order that the event is of; NULL: none is. */
static const struct plan_amendment *owner_of(const struct plan *plan,
                                             const struct plan_event *event)
{
    for (size_t i = 0; event->amendment != 0 && i < plan->amendment_count; i++) {
        if (is_put_by(event, &plan->amendments[i])) {
            return &plan->amendments[i];
        }
    }
    return NULL;
}

/* By their times: what was pushed back airs behind; what is too short for an event does not. */
static bool lies_over(const struct plan_amendment *later, const struct plan_amendment *order,
                      int64_t at)
{
    const bool is_to_end = later->until > order->until - EVENT_MIN_FRAMES && later->until > at;
    return !later->is_undone && later->from <= at && is_to_end && !order_pushes(later);
}

/* True for one of which nothing more is told by the events of the plan, nor by any times. */
static bool is_past(const struct plan *plan, const struct plan_amendment *order, int64_t now)
{
    return now >= order->until && plan->event_count > 0 && order->from < plan->events[0].start;
}

int64_t order_find_cover(const struct plan *plan, const struct plan_amendment *order,
                         bool has_aired, int64_t now)
{
    const int64_t at = now > order->from && now < order->until ? now : order->from;
    if (!has_aired && (order->covered_by != 0 || is_past(plan, order, now))) {
        return order->covered_by;
    }
    for (const struct plan_amendment *later = order + 1;
         later < plan->amendments + plan->amendment_count; later++) {
        if (lies_over(later, order, at)) {
            return order_is_kind(later, ORDER_SKIP) && later->from > order->from ? 0 : later->id;
        }
    }
    const ptrdiff_t index = plan_find(plan, at);
    if (index < 0) {
        return 0;
    }
    const struct plan_amendment *owner = owner_of(plan, &plan->events[index]);
    if (owner != NULL && owner->id > order->id && !order_is_kind(owner, ORDER_SKIP)) {
        return owner->id;
    }
    const bool is_reached = order->from >= plan->events[0].start;
    const struct plan_amendment *mover = plan_order(plan, &plan->events[index]);
    const bool is_moved =
        mover != NULL && mover->id > order->id && !order_is_kind(mover, ORDER_SKIP);
    return !has_aired && is_reached && is_moved ? mover->id : 0;
}

void order_find_own(const struct plan *plan, const struct plan_amendment *order,
                    const struct plan_event *own[2])
{
    own[0] = own[1] = NULL;
    for (size_t i = 0; i < plan->event_count; i++) {
        if (owner_of(plan, &plan->events[i]) == order) {
            own[1] = &plan->events[i];
            own[0] = own[0] != NULL ? own[0] : own[1];
        }
    }
}

void order_note_aired(struct plan *plan, const struct plan *before)
{
    for (size_t i = 0; i < before->event_count && before->events[i].start < plan->effective; i++) {
        const struct plan_event *event = &before->events[i];
        const struct plan_amendment *owner = owner_of(before, event);
        const struct plan_amendment *known =
            owner != NULL ? plan_find_order(plan, owner->id) : NULL;
        const int64_t end = event_end(event) < plan->effective ? event_end(event) : plan->effective;
        if (known == NULL || order_is_kind(known, ORDER_SKIP)) {
            continue; /* a skip airs nothing of its own */
        }
        struct plan_amendment *order = &plan->amendments[known - plan->amendments];
        if (order->aired_until == 0 || event->start < order->aired_from) {
            order->aired_from = event->start;
        }
        order->aired_until = end > order->aired_until ? end : order->aired_until;
    }
}

void order_note_covers(struct plan *plan)
{
    for (size_t i = 0; i < plan->amendment_count; i++) {
        struct plan_amendment *order = &plan->amendments[i];
        const struct plan_event *own[2];
        if (order->is_undone || order->aired_until != 0 || order_is_kind(order, ORDER_SKIP)) {
            order->covered_by = 0; /* a skip airs nothing of its own */
        } else if (plan->event_count > 0 && order->from >= plan->events[0].start) {
            order->covered_by = 0;
            order_find_own(plan, order, own);
            order->covered_by = own[0] == NULL ? order_find_cover(plan, order, false, 0) : 0;
        }
    }
}
