/* SPDX-License-Identifier: MIT */
/* order_moved: what an order moves back, as the plan made has it. */
#include "playout/intl.h"
#include "playout/station.h"
#include "playout/text_same.h"
#include "scheduler/order_request_private.h"
#include "scheduler/when.h"

#include <string.h>

/* The first programme of the plan at `from` or later; NULL: none. */
static const struct plan_event *first_programme(const struct plan *plan, int64_t from)
{
    const struct plan_event *end = plan->events + plan->event_count;
    const struct plan_event *event = plan->events;
    while (event < end && (event->start < from || event_absorbs(event))) {
        event++;
    }
    return event < end ? event : NULL;
}

/* Where the programme that comes after an extension without it begins with it; -1: nowhere. */
static int64_t start_of_next(const struct plan *made, const struct plan_amendment *order,
                             const struct plan_event *next)
{
    const struct plan_event *event = first_programme(made, order->until);
    const bool is_same =
        event != NULL && text_same(event->asset, next->asset) && event->in_point == next->in_point;
    return is_same ? event->start : -1;
}

static void tell_delay(const struct desk *desk, const struct plan *before, const struct plan *made,
                       const struct plan_amendment *order)
{
    const struct plan_event *next = first_programme(before, order->from);
    const int64_t start = next != NULL ? start_of_next(made, order, next) : -1;
    char length[WHEN_TEXT_SIZE];
    const int64_t delay = start >= 0 ? start - next->start : -1;
    if (!order_pushes(order)) {
        order_note(
            desk, _("What follows is joined in progress: its first %s do not air.\n"),
            when_length_text((int)((order->until - order->from) / FRAMES_PER_SECOND), length));
    } else if (delay >= 0 && delay < FRAMES_PER_SECOND) {
        order_note(desk, "%s", _("What follows keeps its time.\n"));
    } else if (delay > 0) {
        order_note(desk, _("What follows comes %s later, until fillers take that up.\n"),
                   when_length_text((int)(delay / FRAMES_PER_SECOND), length));
    }
}

/* Where an order that is still to come begins in the plan, be it moved; -1: nowhere. */
static int64_t start_in(const struct plan *plan, const struct plan_amendment *order)
{
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        if (event->start >= order->from && event->amendment != 0 &&
            text_same(event->asset, order->asset)) {
            return event->start;
        }
    }
    return -1;
}

/* Insertions that are to come have a time that somebody counts on. */
static void tell_moved_orders(const struct desk *desk, const struct plan *before,
                              const struct plan *made)
{
    char text[ZONE_TEXT_SIZE];
    for (size_t i = 0; i + 1 < desk->room->count; i++) {
        const struct plan_amendment *order = &desk->room->orders[i];
        const int64_t start = start_in(made, order);
        const int64_t planned = start_in(before, order);
        if (order->is_undone || order->from < desk->room->input->earliest || start == planned ||
            !text_same(order->kind, order_kind_name(ORDER_INSERT))) {
            continue;
        }
        if (start < 0) { /* no room was left before what does not move */
            order_note(desk,
                       _("Order %lld does not air because of it: give it anew if it is to air.\n"),
                       (long long)order->id);
        } else if (start > planned) {
            order_note(desk, _("Order %lld is put off to %.19s by it.\n"), (long long)order->id,
                       order_time_text(desk, start, text));
        }
    }
}

int order_tell_moved(const struct desk *desk, const struct plan *made,
                     const struct plan_amendment *order)
{
    struct revise_input input = *desk->room->input;
    struct plan *before = NULL;
    enum revise_verdict verdict = REVISE_SAME;
    if (desk->request->kind != ORDER_EXTEND) {
        return 0;
    }
    input.amendments = desk->room->orders;
    input.amendment_count = desk->room->count - 1;
    const int result = revise(&input, &before, &verdict);
    if (result == 0) {
        tell_delay(desk, before, made, order);
        tell_moved_orders(desk, before, made);
    }
    plan_destroy(before);
    return result;
}
