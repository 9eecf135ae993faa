/* SPDX-License-Identifier: MIT */
/* order_imminent: orders given in the seconds before another one takes effect. */
#include "playout/intl.h"
#include "playout/station.h"
#include "playout/text_same.h"
#include "scheduler/order_request_private.h"

enum { MOMENT_FRAMES = 10 * FRAMES_PER_SECOND };

/* True for one that cannot be undone any more, and is to end what is on air. */
static bool is_imminent(const struct desk *desk, const struct plan_amendment *order)
{
    const ptrdiff_t index = plan_find(desk->room->plan, order->from);
    return !order->is_undone && order->from > desk->room->now &&
           order->from < desk->room->input->earliest &&
           !text_same(order->kind, order_kind_name(ORDER_EXTEND)) && index >= 0 &&
           desk->room->plan->events[index].amendment == order->id;
}

/* True for an order that would be of what the imminent one airs, or leave that for a moment. */
static bool must_wait(const struct desk *desk, const struct plan_amendment *order,
                      const struct plan_amendment *imminent)
{
    switch (desk->request->kind) {
    case ORDER_HOLD:
    case ORDER_EXTEND:
        return true;
    case ORDER_INSERT:
    case ORDER_REPLACE:
    case ORDER_SKIP:
        return order->from - imminent->from < MOMENT_FRAMES;
    default:
        return false; /* what breaks in does so at once */
    }
}

int order_await_imminent(const struct desk *desk, const struct plan_amendment *order)
{
    for (size_t i = desk->room->count; i > 0; i--) {
        const struct plan_amendment *other = &desk->room->orders[i - 1];
        if (is_imminent(desk, other) && must_wait(desk, order, other)) {
            const int64_t wait = other->from - desk->room->now + FRAMES_PER_SECOND - 1;
            return order_refuse(
                desk,
                _("order %lld takes effect in %d s: wait until then, and give this one again."),
                (long long)other->id, (int)(wait / FRAMES_PER_SECOND));
        }
    }
    return 0;
}
