/* SPDX-License-Identifier: MIT */
#include "scheduler/order_retime.h"

#include "scheduler/order.h"
#include "scheduler/order_end.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct plan_amendment *find_order(const struct plan *plan, int64_t id)
{
    const struct plan_amendment *order = plan_find_order(plan, id);
    return order != NULL && !order->is_undone ? order : NULL;
}

/* Where the order can begin in the revision without it. */
static int find_start(const struct revise_input *input, struct plan_amendment *order)
{
    struct plan *plan = NULL;
    enum revise_verdict verdict = REVISE_SAME;
    int result = revise(input, &plan, &verdict);
    if (result < 0) {
        return result;
    }
    const ptrdiff_t index = plan_find(plan, input->earliest - 1);
    const struct plan_event *present = index >= 0 ? &plan->events[index] : NULL;
    const bool is_extend = strcmp(order->kind, order_kind_name(ORDER_EXTEND)) == 0;
    const bool waits = is_extend || strcmp(order->kind, order_kind_name(ORDER_HOLD)) == 0;
    const bool is_skip = strcmp(order->kind, order_kind_name(ORDER_SKIP)) == 0;
    const bool is_replace = strcmp(order->kind, order_kind_name(ORDER_REPLACE)) == 0;
    if (is_skip && (present == NULL || present->start > order->from)) {
        order->is_undone = true; /* what it was to end has ended */
    }
    if (is_extend && (present == NULL || present->start >= order->from)) {
        order->is_undone = true; /* what it was to extend has ended */
    }
    order->from = revise_cut_frame(plan, input->earliest, input->cutter);
    if (waits && present != NULL) {
        result = order_find_end(input, plan, present, &order->from);
    }
    if (is_replace && order->from >= order->until) {
        order->is_undone = true; /* what it was to replace has ended */
    }
    if (order->until != AMENDMENT_OPEN && !is_replace) { /* that one ends with its slot */
        order->until =
            order->from + (order->length > EVENT_MIN_FRAMES ? order->length : EVENT_MIN_FRAMES);
    }
    plan_destroy(plan);
    return result;
}

static int retime(const struct revise_input *others, struct plan_amendment *order)
{
    const struct plan_amendment *known = find_order(others->base, order->id);
    const bool began = known != NULL && known->from < others->earliest;
    if (began) {
        order->from = known->from;
    } else if (order->from < others->earliest) {
        if (order->until != AMENDMENT_OPEN && order_is_break_in(order) && order->length == 0) {
            order->is_undone = true; /* it was to end before it began */
            return 0;
        }
        return find_start(others, order);
    }
    const bool is_late = order->until != AMENDMENT_OPEN && order->until < others->earliest;
    if (order_is_break_in(order) && is_late && (known == NULL || known->until != order->until)) {
        return revise_return_frame(others, order, &order->until);
    }
    return 0;
}

int order_retime(const struct revise_input *input, int64_t refused, struct plan_amendment *orders)
{
    struct revise_input others = *input;
    struct plan_amendment *rest = calloc(input->amendment_count + 1, sizeof(rest[0]));
    int result = 0;
    if (rest == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; result == 0 && i < input->amendment_count; i++) {
        const bool is_new = orders[i].from >= refused;
        others.amendments = rest;
        others.amendment_count = 0;
        for (size_t k = 0; k < input->amendment_count; k++) {
            if (k != i) {
                rest[others.amendment_count++] = orders[k];
            }
        }
        if (!orders[i].is_undone && (is_new || order_is_active(&orders[i], input->effective))) {
            result = retime(&others, &orders[i]);
        }
    }
    free(rest);
    return result;
}
