/* SPDX-License-Identifier: MIT */
/* order_replace: what a replacement airs, up to where, and what becomes of the rest of the slot. */
#include "playout/intl.h"
#include "playout/station.h"
#include "playout/text_same.h"
#include "scheduler/order_request_private.h"
#include "scheduler/when.h"

static int64_t programme_end(const struct desk *desk, const struct plan_event *event)
{
    const struct plan *plan = desk->room->plan;
    const struct plan_event *last = event;
    while (last + 1 < plan->events + plan->event_count && last[1].programme == event->programme) {
        last++;
    }
    return event_end(last);
}

int64_t order_slot_end(const struct desk *desk, const struct plan_event *event)
{
    const struct order_slot slot = order_slot_of(desk, event);
    const int64_t end = programme_end(desk, event);
    return slot.end > end && !slot.is_rotation ? slot.end : end;
}

/* The insertions to come that do not air any more. */
static void tell_covered_within(const struct desk *desk, const struct plan_amendment *order)
{
    const struct plan *plan = desk->room->plan;
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        if (event->start > order->from && event->start < order->until && event->amendment != 0) {
            (void)order_tell_covered(desk, event);
        }
    }
}

/* What is shorter than the slot is followed by what the slot's rule says. */
static void tell_rest(const struct desk *desk, const struct plan_amendment *order)
{
    char lengths[2][WHEN_TEXT_SIZE];
    const int64_t slot = order->until - order->from;
    const bool is_whole = text_same(order->mode, order_mode_name(ORDER_WHOLE));
    if (slot - order->length < 60 * FRAMES_PER_SECOND) {
        return;
    }
    order_note(desk,
               is_whole && slot >= 2 * order->length
                   ? _("It lasts %s of %s, and is repeated as often as it fits.\n")
               : order->mode != NULL && !is_whole
                   ? _("It lasts %s of %s, and is repeated in the rest.\n")
               : desk->room->input->fresh->filler_count > 0
                   ? _("It lasts %s of %s; fillers air in the rest.\n")
                   : _("It lasts %s of %s; the slate airs in the rest.\n"),
               when_length_text((int)(order->length / FRAMES_PER_SECOND), lengths[0]),
               when_length_text((int)(slot / FRAMES_PER_SECOND), lengths[1]));
}

static const char *mode_of_rest(enum rest_rule rest)
{
    return rest == REST_LOOP    ? order_mode_name(ORDER_LOOP)
           : rest == REST_WHOLE ? order_mode_name(ORDER_WHOLE)
                                : NULL;
}

static void tell_replaced(const struct desk *desk, const struct plan_amendment *order,
                          const struct plan_event *event)
{
    char programme[PROGRAMME_TEXT_SIZE];
    char text[ZONE_TEXT_SIZE];
    (void)order_programme_text(desk, event, programme);
    if (event->start < order->from) {
        order_note(desk, _("Until %.19s, instead of what is left of: %s.\n"),
                   order_time_text(desk, order->until, text), programme);
    } else {
        order_note(desk, _("Instead of: %s.\n"), programme);
    }
}

int order_set_replacement(const struct desk *desk, struct plan_amendment *order)
{
    char text[ZONE_TEXT_SIZE];
    const struct plan_event *event = NULL;
    int result = order_find_programme(desk, &event);
    if (result < 0) {
        return result;
    }
    const bool is_on_air = event->start < desk->room->input->earliest;
    order->from = is_on_air ? order_first_cut(desk) : event->start;
    order->asked = is_on_air ? 0 : event->start;
    order->until = is_on_air ? order_slot_end(desk, event) : programme_end(desk, event);
    if (order->until - order->from < EVENT_MIN_FRAMES) {
        return order_refuse(desk, _("it is too late: what is on air ends at %s by itself."),
                            order_time_text(desk, order->until, text));
    }
    result = order_find_asset(desk, false, order);
    if (result == 0) {
        const struct order_slot slot = order_slot_of(desk, event);
        order->mode = mode_of_rest(slot.rest);
        tell_replaced(desk, order, event);
        order_tell_closed(desk, slot.date);
        tell_rest(desk, order);
        order_tell_repeats(desk, order, event);
        order_undo_replaced(desk, event);
        tell_covered_within(desk, order);
    }
    return result;
}
