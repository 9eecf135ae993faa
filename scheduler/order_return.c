/* SPDX-License-Identifier: MIT */
/* order_return: return and release, and what an order leads back to when it ends. */
#include "playout/intl.h"
#include "playout/station.h"
#include "playout/text_same.h"
#include "scheduler/order_request_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool order_restarts(const struct desk *desk)
{
    return desk->request->command == REQUEST_RETURN && desk->request->mode == ORDER_START;
}

/* --- To end an order -------------------------------------------------- */

/* The input without the order. */
static int input_without(const struct desk *desk, const struct plan_amendment *order,
                         struct revise_input *input, struct plan_amendment **others)
{
    *input = *desk->room->input;
    *others = calloc(desk->room->count + 1, sizeof(**others));
    if (*others == NULL) {
        return -ENOMEM;
    }
    input->amendments = *others;
    input->amendment_count = 0;
    for (size_t i = 0; i < desk->room->count; i++) {
        if (&desk->room->orders[i] != order) {
            (*others)[input->amendment_count++] = desk->room->orders[i];
        }
    }
    return 0;
}

static int find_end(const struct desk *desk, const struct plan_amendment *order, int64_t *until)
{
    struct revise_input input;
    struct plan_amendment *others = NULL;
    int result = 0;
    if (order_restarts(desk)) {
        *until = revise_restart_frame(desk->room->input, order);
        return 0;
    }
    result = input_without(desk, order, &input, &others);
    if (result == 0) {
        result = revise_return_frame(&input, order, until);
    }
    free(others);
    return result;
}

/*
 * True when `skip --follow`, given now, would begin what comes next at once; to find that out it
 * is given, though it is no part of the orders then.
 */
static bool follows_at_once(const struct desk *desk)
{
    static const struct order_request skip = {
        .kind = ORDER_SKIP, .mode = ORDER_FOLLOW, .reason = "", .author = ""};
    struct order_answer unsaid = {0};
    struct desk trial = *desk;
    trial.request = &skip;
    trial.answer = &unsaid;
    struct plan_amendment order = order_new(&trial);
    unsaid.order = order.id;
    if (order_set_times(&trial, &order) < 0) {
        return false;
    }
    desk->room->orders[desk->room->count] = order;
    struct revise_input input = *desk->room->input;
    struct plan *made = NULL;
    enum revise_verdict verdict = REVISE_SAME;
    input.amendments = desk->room->orders;
    input.amendment_count = desk->room->count + 1;
    bool is_at_once = false;
    if (revise(&input, &made, &verdict) == 0) {
        for (size_t i = 0; i < made->amendment_count; i++) {
            const struct plan_amendment *laid = &made->amendments[i];
            is_at_once |= laid->id == order.id && order_begins_next(made, laid);
        }
    }
    plan_destroy(made);
    return is_at_once;
}

/* What is on air may be there by an order that ends by itself. */
static int refuse_return(const struct desk *desk)
{
    const struct plan *plan = desk->room->plan;
    const struct plan_amendment *order =
        desk->present != NULL ? order_by_id(desk, desk->present->amendment) : NULL;
    char text[ZONE_TEXT_SIZE];
    if (order == NULL || order_is_break_in(order) || order->until < event_end(desk->present)) {
        return order_refuse(desk, "%s", _("there is nothing to return from."));
    }
    const long long id = order->id;
    const char *name =
        order->house_number != NULL ? order->house_number : order_kind_text(order->kind);
    const bool is_item = order_is_item(order, desk->present); /* a later one may cut it */
    (void)order_time_text(desk, is_item ? event_end(desk->present) : order->until, text);
    if (!follows_at_once(desk)) {
        return order_refuse(desk,
                            _("there is nothing to return from: what is on air is there by order "
                              "%lld (%s), which ends by itself at %s."),
                            id, name, text);
    }
    return order_refuse(desk,
                        _("there is nothing to return from: what is on air is there by order %lld "
                          "(%s), which ends by itself at %s; `ketang skip %s --follow --reason "
                          "TEXT` ends it sooner, and what comes next begins at once."),
                        id, name, text, plan->channel != NULL ? plan->channel : "");
}

/* There is none to be ended; one that has been, but is on air still, is told. */
static int refuse_end(const struct desk *desk, bool wants_hold)
{
    char text[ZONE_TEXT_SIZE];
    for (size_t i = desk->room->count; i > 0; i--) {
        const struct plan_amendment *order = &desk->room->orders[i - 1];
        if (order_is_break_in(order) && !order->is_undone && order_is_hold(order) == wants_hold &&
            order->until > desk->room->now) {
            return order_refuse(desk, _("order %lld has been ended already: it goes off at %s."),
                                (long long)order->id, order_time_text(desk, order->until, text));
        }
    }
    return wants_hold ? order_refuse(desk, _("nothing is held.")) : refuse_return(desk);
}

int order_end_open(const struct desk *desk)
{
    const bool wants_hold = desk->request->command == REQUEST_RELEASE;
    struct plan_amendment *order = order_find_open(desk, wants_hold);
    if (order == NULL) {
        return refuse_end(desk, wants_hold);
    }
    if (desk->room->input->fresh == desk->room->input->base) {
        return -ENODATA; /* below it there is nothing to return to */
    }
    desk->answer->order = order->id;
    desk->answer->frame = order->from;
    if (order->from >= desk->room->input->earliest) {
        order->is_undone = true; /* it has not begun and never will */
        return 0;
    }
    const int result = find_end(desk, order, &desk->answer->frame);
    if (result < 0) {
        return result;
    }
    order->until = desk->answer->frame;
    order->length = 0;
    order->mode = order_restarts(desk) ? order_mode_name(ORDER_START) : NULL;
    return 0;
}

/* --- What begins anew -------------------------------------------------- */

/* Index of what the order, which has ended, leads back to: not what it fills up with until then. */
static size_t index_after(const struct plan *made, const struct plan_amendment *order)
{
    const ptrdiff_t found = plan_find(made, order->until);
    size_t index = found >= 0 ? (size_t)found : made->event_count;
    while (index < made->event_count && made->events[index].kind == EVENT_SLATE &&
           made->events[index].amendment == order->id) {
        index++;
    }
    return index;
}

void order_tell_restart(const struct desk *desk, const struct plan *made,
                        const struct plan_amendment *order)
{
    const struct plan_event *end = made->events + made->event_count;
    const struct plan_event *anew = made->events + index_after(made, order);
    const struct plan_event *next = anew;
    const bool is_filler = anew < end && event_absorbs(anew);
    char texts[2][PROGRAMME_TEXT_SIZE];
    while (next < end && ((event_absorbs(next) && !event_lacks_lesson(next)) ||
                          next->programme == anew->programme)) {
        next++;
    }
    if (next == end) {
        return;
    }
    (void)order_programme_text(desk, anew, texts[0]);
    (void)order_programme_text(desk, next, texts[1]);
    if (is_filler) {
        order_note(desk, "%s", _("Nothing begins anew, for only fillers were interrupted.\n"));
        order_note(desk,
                   event_absorbs(next) ? _("A stand-in airs after them, for it is not ready: %s.\n")
                                       : _("After them: %s.\n"),
                   texts[1]);
    } else {
        order_note(
            desk,
            event_absorbs(next)
                ? _("From its start: %s; after it, which is not ready, a stand-in for: %s.\n")
                : _("From its start: %s; after it: %s.\n"),
            texts[0], texts[1]);
    }
}

/* --- What an order leads back to -------------------------------------------------- */

/* The order whose own item, or break-in, the event is; NULL: none that stands. */
static const struct plan_amendment *airing_order(const struct desk *desk,
                                                 const struct plan_event *event)
{
    const struct plan_amendment *order = order_by_id(desk, event->amendment);
    const bool is_own =
        order != NULL && !order->is_undone &&
        (order_is_item(order, event) ||
         (event->start < order->until && event->start >= order->from &&
          (order_is_break_in(order) || (text_same(order->kind, order_kind_name(ORDER_REPLACE)) &&
                                        text_same(order->asset, event->asset)))));
    return is_own ? order : NULL;
}

/* Where the order goes off that has the event: of what is repeated, all rounds up to there count.
 */
static int64_t goes_off_at(const struct desk *desk, const struct plan *made,
                           const struct plan_event *event)
{
    const struct plan_amendment *order = airing_order(desk, event);
    const struct plan_event *last = made->events + made->event_count - 1;
    while (event < last && airing_order(desk, event + 1) == order) {
        event++;
    }
    return event_end(event);
}

/* The first frame at which the order airs, at `from` or later; -1: it does not. */
static int64_t resumes_at(const struct plan *made, const struct plan_amendment *order, int64_t from)
{
    for (size_t i = 0; i < made->event_count; i++) {
        if (made->events[i].amendment == order->id && made->events[i].start >= from) {
            return made->events[i].start;
        }
    }
    return -1;
}

/* What goes on at `frame`, behind what the order fills up to where that can be joined; or NULL. */
static const struct plan_event *joined_after(const struct plan *made,
                                             const struct plan_amendment *order, int64_t frame)
{
    const struct plan_event *end = made->events + made->event_count;
    const ptrdiff_t found = plan_find(made, frame);
    const struct plan_event *event = found >= 0 ? &made->events[found] : end;
    while (event < end && event->amendment == order->id && event_absorbs(event)) {
        event++;
    }
    return event < end ? event : NULL;
}

void order_tell_below(const struct desk *desk, const struct plan *made,
                      const struct plan_amendment *ended)
{
    const struct plan_amendment *below = order_find_open(desk, false);
    const int64_t frame = desk->answer->frame;
    const struct plan_event *event = joined_after(made, ended, frame);
    char name[ORDER_NAME_SIZE];
    char text[ZONE_TEXT_SIZE];
    const struct plan_amendment *top = event != NULL ? airing_order(desk, event) : NULL;
    if (top != NULL && top != below) {
        order_note(desk, _("%s is on the air then, up to %.19s.\n"), order_name_text(top, name),
                   order_time_text(desk, goes_off_at(desk, made, event), text));
    }
    if (below == NULL) {
        return;
    }
    const int64_t start = top == NULL || top == below ? frame : resumes_at(made, below, frame);
    if (start == frame) {
        order_note(desk, _("Order %lld (%s: %s) goes on then; `ketang return` ends that, too.\n"),
                   (long long)below->id,
                   below->house_number != NULL ? below->house_number : order_kind_text(below->kind),
                   below->reason != NULL ? below->reason : "");
    } else if (start > frame) {
        order_note(desk, _("%s goes on at %.19s; `ketang return` ends that, too.\n"),
                   order_name_text(below, name), order_time_text(desk, start, text));
    } else {
        order_note(desk, _("%s still stands; `ketang return` ends that, too.\n"),
                   order_name_text(below, name));
    }
}

void order_tell_back(const struct desk *desk, const struct plan *made,
                     const struct plan_amendment *order)
{
    const struct plan_event *event = joined_after(made, order, order->until);
    char name[ORDER_NAME_SIZE];
    char text[ZONE_TEXT_SIZE];
    const struct plan_amendment *back = event != NULL ? airing_order(desk, event) : NULL;
    if (desk->request->kind == ORDER_REPLACE && back != NULL && back->from < order->from) {
        order_note(desk, _("%s goes on at %.19s: it ends later.\n"), order_name_text(back, name),
                   order_time_text(desk, event->start, text));
    }
}
