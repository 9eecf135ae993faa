/* SPDX-License-Identifier: MIT */
/* order_repeats: the repeats of what is replaced, which are programmes of their own. */
#include "playout/intl.h"
#include "playout/station.h"
#include "playout/text_same.h"
#include "scheduler/order_request_private.h"

#include <stdio.h>

enum { SHOWN_MOST = 4, SECOND_AT = 19, LIST_SIZE = SHOWN_MOST * (SECOND_AT + 8) + 64 };

/* True for a repeat of that first run which has its file, and is not replaced itself. */
static bool repeats(const struct desk *desk, const struct plan_event *event,
                    const char *house_number, int64_t first_run)
{
    return event->kind == EVENT_REPEAT && text_same(event->house_number, house_number) &&
           order_find_slot(desk, event->start, house_number).first_run == first_run;
}

/* A time by which `replace` finds the programme: within its first second. */
static const char *second_text(const struct desk *desk, const struct plan_event *event,
                               char text[ZONE_TEXT_SIZE])
{
    (void)order_time_text(desk, event->start + FRAMES_PER_SECOND - 1, text);
    text[SECOND_AT] = '\0';
    return text;
}

struct found {
    const struct plan_event *shown[SHOWN_MOST]; /* the first ones */
    size_t count;                               /* of all */
};

/* Those from `from` on, each once, however often it loops. */
static struct found find_repeats(const struct desk *desk, int64_t from, const char *house_number,
                                 int64_t first_run)
{
    const struct plan *plan = desk->room->plan;
    struct found found = {.count = 0};
    int64_t programme = 0;
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        if (event->start >= from && event->programme != programme &&
            repeats(desk, event, house_number, first_run)) {
            programme = event->programme;
            if (found.count < SHOWN_MOST) {
                found.shown[found.count] = event;
            }
            found.count++;
        }
    }
    return found;
}

void order_tell_repeats(const struct desk *desk, const struct plan_amendment *order,
                        const struct plan_event *event)
{
    const char *old = event->instead_of != NULL ? event->instead_of : event->house_number;
    const char *channel = desk->room->plan->channel;
    const struct found found =
        find_repeats(desk, order->until, old, order_slot_of(desk, event).first_run);
    char list[LIST_SIZE] = "";
    char text[ZONE_TEXT_SIZE];
    size_t length = 0;
    if (found.count == 0 || text_same(old, desk->request->house_number)) {
        return;
    }
    for (size_t i = 0; i < found.count && i < SHOWN_MOST; i++) {
        length += (size_t)snprintf(list + length, sizeof(list) - length, "%s%s",
                                   i > 0 ? _(", ") : "", second_text(desk, found.shown[i], text));
    }
    if (found.count > SHOWN_MOST) {
        snprintf(list + length, sizeof(list) - length, _(" … (%zu more)"),
                 found.count - SHOWN_MOST);
    }
    order_note(desk,
               _("Its repeats still air %s: %s.  An order for each replaces them, too: `ketang "
                 "replace %s \"%s\" %s --reason TEXT`.\n"),
               old, list, channel != NULL ? channel : "", second_text(desk, found.shown[0], text),
               desk->request->house_number);
}
