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

/* What was broken into was a break-in itself: that goes on. */
static void tell_below(const struct desk *desk)
{
    const struct plan_amendment *below = order_find_open(desk, false);
    if (below != NULL) {
        order_note(desk, _("Order %lld (%s: %s) goes on then; `ketang return` ends that, too.\n"),
                   (long long)below->id,
                   below->house_number != NULL ? below->house_number : order_kind_text(below->kind),
                   below->reason != NULL ? below->reason : "");
    }
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
    return order_refuse(
        desk,
        _("there is nothing to return from: what is on air is there by order %lld "
          "(%s), which ends by itself at %s; `ketang skip %s --follow --reason "
          "TEXT` ends it sooner, and what comes next begins at once."),
        (long long)order->id,
        order->house_number != NULL ? order->house_number : order_kind_text(order->kind),
        order_time_text(desk, order->until, text), plan->channel != NULL ? plan->channel : "");
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
        tell_below(desk);
        return 0;
    }
    const int result = find_end(desk, order, &desk->answer->frame);
    if (result < 0) {
        return result;
    }
    order->until = desk->answer->frame;
    order->length = 0;
    order->mode = order_restarts(desk) ? order_mode_name(ORDER_START) : NULL;
    tell_below(desk);
    return 0;
}

/* --- What begins anew -------------------------------------------------- */

void order_tell_restart(const struct desk *desk, const struct plan *made,
                        const struct plan_amendment *order)
{
    const struct plan_event *end = made->events + made->event_count;
    const struct plan_event *anew = order_next_programme(made, order->until);
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
