/* SPDX-License-Identifier: MIT */
#include "scheduler/order_cover.h"

#include "playout/text_same.h"
#include "scheduler/order.h"

#include <stdlib.h>
#include <string.h>

bool order_is_kind(const struct plan_amendment *order, enum order_kind kind)
{
    return strcmp(order->kind, order_kind_name(kind)) == 0;
}

/* Put there by the order itself: what it pushes back comes behind it, but for what is skipped to.
 */
static bool is_put_by(const struct plan_event *event, const struct plan_amendment *order)
{
    return order_is_item(order, event) ||
           (event->amendment == order->id && event->start < order->until &&
            (!order_is_kind(order, ORDER_SKIP) || event_absorbs(event)));
}

/* It is what the order airs, and has been moved by a later one.  What loops is never moved. */
static bool may_be_moved(const struct plan_event *event, const struct plan_amendment *order)
{
    const bool is_item = order_is_kind(order, ORDER_INSERT) ||
                         order_is_kind(order, ORDER_REPLACE) || order_is_kind(order, ORDER_EXTEND);
    const bool is_planned = event->source != NULL;
    const char *why = order->reason != NULL ? order->reason : "";
    return is_item && !is_planned && event->amendment > order->id && !event_absorbs(event) &&
           text_same(event->asset, order->asset) &&
           strncmp(event->reason != NULL ? event->reason : "", why, strlen(why)) == 0;
}

static int64_t distance(const struct plan_event *event, const struct plan_amendment *order)
{
    return llabs(event->start - order->from);
}

/*
 * The order that put an event there; of two alike that may have been moved the nearer one.
 * NULL: none has.
 */
static const struct plan_amendment *owner_of(const struct plan *plan,
                                             const struct plan_event *event)
{
    const struct plan_amendment *owner = NULL;
    for (size_t i = 0; event->amendment != 0 && i < plan->amendment_count; i++) {
        const struct plan_amendment *order = &plan->amendments[i];
        if (is_put_by(event, order)) {
            return order;
        }
        if (may_be_moved(event, order) &&
            (owner == NULL || distance(event, order) < distance(event, owner))) {
            owner = order;
        }
    }
    return owner;
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

void order_note_covers(struct plan *plan)
{
    for (size_t i = 0; i < plan->amendment_count; i++) {
        struct plan_amendment *order = &plan->amendments[i];
        const struct plan_event *own[2];
        if (order->is_undone || order_is_kind(order, ORDER_SKIP)) {
            order->covered_by = 0; /* a skip airs nothing of its own */
        } else if (plan->event_count > 0 && order->from >= plan->events[0].start) {
            order->covered_by = 0;
            order_find_own(plan, order, own);
            order->covered_by = own[0] == NULL ? order_find_cover(plan, order, false, 0) : 0;
        }
    }
}
