/* SPDX-License-Identifier: MIT */
/* order_undone: what an order that is undone leaves, and brings back. */
#include "playout/intl.h"
#include "playout/station.h"
#include "playout/text_same.h"
#include "scheduler/order_request_private.h"
#include "scheduler/when.h"

/* What this one had undone does not come back with it; what an operator undid is not asked for. */
static void tell_not_revived(const struct desk *desk, const struct plan_amendment *undone)
{
    for (size_t i = 0; i < desk->room->count; i++) {
        const struct plan_amendment *order = &desk->room->orders[i];
        if (!order->is_undone || order->end_order != undone->id) {
            continue;
        }
        order_note(
            desk,
            _("Order %lld (%s, by %s: %s) is not brought back by this: give it anew if it "
              "is to air.\n"),
            (long long)order->id,
            text_same(order->kind, order_kind_name(ORDER_REPLACE)) ? order->house_number
                                                                   : order_kind_text(order->kind),
            order->author != NULL ? order->author : "", order->reason != NULL ? order->reason : "");
    }
}

/* Where the plan has the event, at `from` or later; -1: nowhere. */
static int64_t find_same(const struct plan *plan, const struct plan_event *wanted, int64_t from)
{
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        if (event->start >= from && event->in_point == wanted->in_point &&
            text_same(event->asset, wanted->asset) &&
            text_same(event->house_number, wanted->house_number)) {
            return event->start;
        }
    }
    return -1;
}

/* What the order pushed comes at its time again. */
static void tell_sooner(const struct desk *desk, const struct plan *made)
{
    const struct plan_event *next = order_next_programme(made, desk->answer->frame);
    const int64_t planned =
        next != NULL ? find_same(desk->room->plan, next, next->start) - next->start : 0;
    char length[WHEN_TEXT_SIZE];
    char text[PROGRAMME_TEXT_SIZE];
    if (planned >= FRAMES_PER_SECOND) {
        order_note(desk, _("What follows comes %s sooner again: %s.\n"),
                   when_length_text((int)(planned / FRAMES_PER_SECOND), length),
                   order_programme_text(desk, next, text));
    }
}

enum { FIXED_MOST = 6 };

/* What is fixed does not move: it airs, or does not. */
static void tell_fixed(const struct desk *desk, const struct plan *made)
{
    char text[PROGRAMME_TEXT_SIZE];
    int told = 0;
    for (size_t i = 0; i < made->event_count && told < FIXED_MOST; i++) {
        const struct plan_event *event = &made->events[i];
        if (event->is_fixed && event->amendment == 0 && event->start > desk->answer->frame &&
            find_same(desk->room->plan, event, event->start) != event->start) {
            order_note(desk, _("At its time again: %s.\n"),
                       order_programme_text(desk, event, text));
            told++;
        }
    }
}

enum { JOINED_WITHIN_FRAMES = 10 * FRAMES_PER_SECOND };

/* What the channel airs then after all: not always what an earlier order had put there. */
void order_tell_undone(const struct desk *desk, const struct plan *made,
                       const struct plan_amendment *order)
{
    const ptrdiff_t index = plan_find(made, desk->answer->frame);
    const struct plan_event *event = index >= 0 ? &made->events[index] : NULL;
    char text[PROGRAMME_TEXT_SIZE];
    if (event == NULL) {
        return;
    }
    const bool is_moment = event->kind == EVENT_SLATE && event->duration < JOINED_WITHIN_FRAMES;
    if (is_moment && event + 1 < made->events + made->event_count) {
        event++; /* the slate is up to where that can be joined */
    }
    order_note(desk,
               event->instead_of != NULL && event_absorbs(event)
                   ? _("A stand-in airs then, for it is not ready: %s.\n")
                   : _("What airs then: %s.\n"),
               order_programme_text(desk, event, text));
    tell_not_revived(desk, order);
    if (order_pushes(order)) {
        tell_sooner(desk, made);
    }
    tell_fixed(desk, made);
}
