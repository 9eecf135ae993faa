/* SPDX-License-Identifier: MIT */
/* order_moved: what an order moves, as the plan made has it. */
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

static void tell_moved(const struct desk *desk, int64_t id, int64_t planned, int64_t start)
{
    char text[ZONE_TEXT_SIZE];
    if (planned < 0) { /* it did not air before, either */
        return;
    }
    if (start >= planned + FRAMES_PER_SECOND) {
        order_note(desk, _("Order %lld is put off to %.19s by it.\n"), (long long)id,
                   order_time_text(desk, start, text));
    } else if (start < 0 && !order_kind_is_break_in(desk->request->kind)) {
        /* what a break-in lies over airs if it ends in time */
        order_note(desk,
                   _("Order %lld does not air because of it: give it anew if it is to air.\n"),
                   (long long)id);
    }
}

/* Insertions that are to come have a time that somebody counts on. */
static void tell_moved_orders(const struct desk *desk, const struct plan *before,
                              const struct plan *made)
{
    const int64_t earliest = desk->room->input->earliest;
    for (size_t i = 0; i + 1 < desk->room->count; i++) {
        const struct plan_amendment *order = &desk->room->orders[i];
        if (!order->is_undone) {
            tell_moved(desk, order->id, order_start_in(before, order, earliest),
                       order_start_in(made, order, earliest));
        }
    }
}

int order_tell_moved(const struct desk *desk, const struct plan *made,
                     const struct plan_amendment *order)
{
    struct revise_input input = *desk->room->input;
    struct plan *before = NULL;
    enum revise_verdict verdict = REVISE_SAME;
    input.amendments = desk->room->orders;
    input.amendment_count = desk->room->count - 1;
    const int result = revise(&input, &before, &verdict);
    if (result == 0) {
        if (desk->request->kind == ORDER_EXTEND) {
            tell_delay(desk, before, made, order);
        }
        tell_moved_orders(desk, before, made);
    }
    plan_destroy(before);
    return result;
}

void order_tell_restart(const struct desk *desk, const struct plan *made,
                        const struct plan_amendment *order)
{
    const struct plan_event *end = made->events + made->event_count;
    const struct plan_event *anew = first_programme(made, order->until);
    const struct plan_event *next = anew;
    char texts[2][PROGRAMME_TEXT_SIZE];
    while (next != NULL && next < end &&
           (event_absorbs(next) || next->programme == anew->programme)) {
        next++;
    }
    if (next != NULL && next < end) {
        order_note(desk, _("From its start: %s; after it: %s.\n"),
                   order_programme_text(desk, anew, texts[0]),
                   order_programme_text(desk, next, texts[1]));
    }
}

/* True for what an order fills up with, or the plan by itself. */
static bool is_filled(const struct plan_event *event, const struct plan_amendment *order)
{
    return event_absorbs(event) &&
           (event->amendment == order->id || (event->amendment == 0 && event->instead_of == NULL));
}

void order_tell_next(const struct desk *desk, const struct plan *made,
                     const struct plan_amendment *order)
{
    const struct order_request *request = desk->request;
    const ptrdiff_t found = plan_find(made, order->from);
    size_t next = found >= 0 ? (size_t)found : made->event_count;
    char text[PROGRAMME_TEXT_SIZE];
    while (next < made->event_count && is_filled(&made->events[next], order)) {
        next++;
    }
    if (request->kind == ORDER_SKIP && request->mode == ORDER_FOLLOW && next < made->event_count) {
        const struct plan_event *event = &made->events[next];
        order_note(desk,
                   event->start == order->from
                       ? _("At once then: %s.\n")
                       : _("What comes next keeps its time; fillers air until then, or the "
                           "slate: %s.\n"),
                   order_programme_text(desk, event, text));
    }
}
