/* SPDX-License-Identifier: MIT */
/* order_moved: what an order moves, as the plan made has it. */
#include "playout/intl.h"
#include "playout/station.h"
#include "playout/text_same.h"
#include "scheduler/order_request_private.h"
#include "scheduler/text_width.h"
#include "scheduler/when.h"

#include <stdio.h>

const struct plan_event *order_next_programme(const struct plan *plan, int64_t from)
{
    const struct plan_event *end = plan->events + plan->event_count;
    const struct plan_event *event = plan->events;
    while (event < end && (event->start < from || event_absorbs(event))) {
        event++;
    }
    return event < end ? event : NULL;
}

/* True for a programme of its own: not for what absorbs, nor for an insertion. */
static bool is_programme(const struct plan *plan, const struct plan_event *event)
{
    const struct plan_amendment *order = plan_order(plan, event);
    return !event_absorbs(event) && (order == NULL || !order_is_item(order, event));
}

/* The first one that begins at the order's time or later, but for what goes on then. */
static const struct plan_event *first_after(const struct plan *before,
                                            const struct plan_amendment *order)
{
    const ptrdiff_t index = plan_find(before, order->from - 1);
    const struct plan_event *end = before->events + before->event_count;
    const struct plan_event *present = index >= 0 ? &before->events[index] : end;
    const struct plan_event *event = present;
    while (event < end &&
           (event->start < order->from || event->programme == present->programme ||
            (event->in_point > 0 && text_same(event->house_number, present->house_number)) ||
            !is_programme(before, event))) {
        event++;
    }
    return event < end ? event : NULL;
}

enum { ENTRY_FRAMES = 10 * FRAMES_PER_SECOND }; /* more than any wait for a point to join at */

/* Where it airs with the order; NULL: it has no room, or is not whole. */
static const struct plan_event *find_moved(const struct plan *made,
                                           const struct plan_amendment *order,
                                           const struct plan_event *next)
{
    const int64_t last = next->start + order->until - order->from + ENTRY_FRAMES;
    for (size_t i = 0; i < made->event_count && made->events[i].start <= last; i++) {
        const struct plan_event *event = &made->events[i];
        if (event->start >= next->start && event->start >= order->until &&
            event->in_point == next->in_point && text_same(event->asset, next->asset) &&
            text_same(event->house_number, next->house_number)) {
            return event;
        }
    }
    return NULL;
}

/* What begins in the time of an order that pushes nothing, and goes on behind that, is joined. */
static void tell_joined(const struct desk *desk, const struct plan *before, const struct plan *made,
                        const struct plan_amendment *order)
{
    const struct plan_event *next = first_after(before, order);
    const struct plan_event *joined = order_next_programme(made, order->until);
    char length[WHEN_TEXT_SIZE];
    char text[PROGRAMME_TEXT_SIZE];
    if (next == NULL) {
        return;
    }
    if (next->start >= order->until) {
        const struct plan_event *moved = find_moved(made, order, next);
        if (moved != NULL && moved->start == next->start) {
            order_note(desk, "%s", _("What follows keeps its time.\n"));
        }
        return;
    }
    for (const struct plan_event *event = next;
         event < before->events + before->event_count && event->start < order->until; event++) {
        next = event->programme != next->programme && is_programme(before, event) ? event : next;
    }
    if (joined != NULL && text_same(joined->house_number, next->house_number) &&
        joined->in_point > next->in_point) {
        order_note(
            desk, _("What follows is joined in progress, its first %s do not air: %s.\n"),
            when_length_text((int)((joined->start - next->start) / FRAMES_PER_SECOND), length),
            order_programme_text(desk, next, text));
    }
}

static void tell_delay(const struct desk *desk, const struct plan *before, const struct plan *made,
                       const struct plan_amendment *order)
{
    const struct plan_event *next = first_after(before, order);
    const struct plan_event *moved = next != NULL ? find_moved(made, order, next) : NULL;
    const int64_t delay = moved != NULL ? moved->start - next->start : -1;
    char length[WHEN_TEXT_SIZE];
    char text[PROGRAMME_TEXT_SIZE];
    if (delay >= 0 && delay < FRAMES_PER_SECOND) {
        order_note(desk, "%s", _("What follows keeps its time.\n"));
    } else if (delay > 0) {
        order_note(desk, _("What follows comes %s later, until fillers take that up: %s.\n"),
                   when_length_text((int)(delay / FRAMES_PER_SECOND), length),
                   order_programme_text(desk, moved, text));
    }
}

/* An insertion that is to come, and where it begins without the request, and with it; -1: nowhere.
 */
struct moved {
    const struct plan_amendment *order;
    int64_t planned;
    int64_t start;
};

/* Where what is left of it begins in the plan; -1: nowhere. */
static int64_t rest_in(const struct plan *made, const struct plan_amendment *order, int64_t from)
{
    for (size_t i = 0; i < made->event_count; i++) {
        const struct plan_event *event = &made->events[i];
        if (event->start >= from && event->amendment == order->id &&
            text_same(event->asset, order->asset)) {
            return event->start;
        }
    }
    return -1;
}

const char *order_name_text(const struct plan_amendment *order, char text[ORDER_NAME_SIZE])
{
    snprintf(text, ORDER_NAME_SIZE, _("Order %lld (%s, by %s: %s)"), (long long)order->id,
             order->house_number != NULL ? order->house_number : order_kind_text(order->kind),
             order->author != NULL ? order->author : "",
             order->reason != NULL ? order->reason : "");
    return text_whole(text);
}

/* It has no room any more, or what lasts until somebody ends it lies over it. */
static void tell_lost(const struct desk *desk, const struct plan *made,
                      const struct plan_amendment *by, const struct moved *moved)
{
    const bool is_under = order_is_break_in(by) && !by->is_undone && moved->planned < by->until;
    const int64_t rest = rest_in(made, moved->order, moved->planned);
    char texts[2][ZONE_TEXT_SIZE];
    char name[ORDER_NAME_SIZE];
    (void)order_time_text(desk, moved->planned, texts[0]);
    (void)order_name_text(moved->order, name);
    if (is_under && rest >= 0) {
        order_note(desk, _("%s, due at %.19s, is joined in progress at %.19s.\n"), name, texts[0],
                   order_time_text(desk, rest, texts[1]));
    } else if (is_under) {
        order_note(desk, _("%s, due at %.19s, does not air unless order %lld is ended before.\n"),
                   name, texts[0], (long long)by->id);
    } else {
        order_note(desk,
                   _("%s, due at %.19s, does not air because of it: give it anew if it is to "
                     "air.\n"),
                   name, texts[0]);
    }
}

static void tell_moved(const struct desk *desk, const struct plan *made,
                       const struct plan_amendment *by, const struct moved *moved)
{
    char text[ZONE_TEXT_SIZE];
    char name[ORDER_NAME_SIZE];
    const bool airs_in_both = moved->planned >= 0 && moved->start >= 0;
    if (moved->planned >= 0 && moved->start < 0) {
        tell_lost(desk, made, by, moved);
    } else if (airs_in_both && moved->start >= moved->planned + FRAMES_PER_SECOND) {
        order_note(desk, _("%s is put off to %.19s by it.\n"), order_name_text(moved->order, name),
                   order_time_text(desk, moved->start, text));
    } else if (moved->start >= 0 &&
               (!airs_in_both || moved->planned >= moved->start + FRAMES_PER_SECOND)) {
        order_note(desk, _("%s airs at %.19s then.\n"), order_name_text(moved->order, name),
                   order_time_text(desk, moved->start, text));
    }
}

/* Insertions that are to come have a time that somebody counts on. */
static void tell_moved_orders(const struct desk *desk, const struct plan *before,
                              const struct plan *made, const struct plan_amendment *by)
{
    const int64_t earliest = desk->room->input->earliest;
    for (size_t i = 0; i < desk->room->count; i++) {
        const struct plan_amendment *order = &desk->room->orders[i];
        const struct moved moved = {.order = order,
                                    .planned = order_start_in(before, order, earliest),
                                    .start = order_start_in(made, order, earliest)};
        if (!order->is_undone && order->id != by->id) {
            tell_moved(desk, made, by, &moved);
        }
    }
}

/* What is inserted and on air when the order begins: what ends it by its very meaning names it. */
static void tell_cut(const struct desk *desk, const struct plan *before, const struct plan *made,
                     const struct plan_amendment *by)
{
    const ptrdiff_t index = plan_find(before, by->from - 1);
    const struct plan_event *event = index >= 0 ? &before->events[index] : NULL;
    const enum order_kind kind = desk->request->kind;
    char texts[2][ZONE_TEXT_SIZE];
    char name[ORDER_NAME_SIZE];
    if (event == NULL || event_end(event) <= by->from || kind == ORDER_SKIP ||
        kind == ORDER_REPLACE) {
        return;
    }
    const struct plan_amendment *order = plan_order(before, event);
    if (order != NULL && order->id != by->id && order_is_item(order, event)) {
        const int64_t rest = rest_in(made, order, by->from);
        (void)order_time_text(desk, by->from, texts[0]);
        (void)order_name_text(order, name);
        if (rest >= 0) {
            order_note(desk,
                       _("%s, on air then, is cut at %.19s by this order, and goes on at %.19s.\n"),
                       name, texts[0], order_time_text(desk, rest, texts[1]));
        } else {
            order_note(desk, _("%s, on air then, is cut at %.19s by this order.\n"), name,
                       texts[0]);
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
        if (order_pushes(order)) {
            tell_delay(desk, before, made, order);
        } else if (desk->request->kind == ORDER_EXTEND) {
            tell_joined(desk, before, made, order);
        }
        tell_cut(desk, before, made, order);
        tell_moved_orders(desk, before, made, order);
    }
    plan_destroy(before);
    return result;
}

void order_tell_moved_back(const struct desk *desk, const struct plan *made,
                           const struct plan_amendment *order)
{
    tell_moved_orders(desk, desk->room->plan, made, order);
}

/* True for what an order fills up with, or the plan by itself. */
static bool is_filled(const struct plan_event *event, const struct plan_amendment *order)
{
    return event_absorbs(event) &&
           (event->amendment == order->id || (event->amendment == 0 && !event_lacks_lesson(event)));
}

/* What comes after what the order skips; the end of the events: nothing. */
static const struct plan_event *next_after(const struct plan *made,
                                           const struct plan_amendment *order)
{
    const ptrdiff_t found = plan_find(made, order->from);
    size_t next = found >= 0 ? (size_t)found : made->event_count;
    while (next < made->event_count && is_filled(&made->events[next], order)) {
        next++;
    }
    return made->events + next;
}

bool order_begins_next(const struct plan *made, const struct plan_amendment *order)
{
    const struct plan_event *next = next_after(made, order);
    return next < made->events + made->event_count && next->start == order->from;
}

void order_tell_next(const struct desk *desk, const struct plan *made,
                     const struct plan_amendment *order)
{
    const struct order_request *request = desk->request;
    const struct plan_event *next = next_after(made, order);
    char text[PROGRAMME_TEXT_SIZE];
    if (request->kind == ORDER_SKIP && request->mode == ORDER_FOLLOW &&
        next < made->events + made->event_count) {
        order_note(desk,
                   order_begins_next(made, order)
                       ? _("At once then: %s.\n")
                       : _("What comes next keeps its time; fillers air until then, or the "
                           "slate: %s.\n"),
                   order_programme_text(desk, next, text));
    }
}
