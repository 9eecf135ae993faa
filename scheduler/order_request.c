/* SPDX-License-Identifier: MIT */
#include "scheduler/order_request.h"

#include "playout/intl.h"
#include "playout/text_same.h"
#include "scheduler/blank.h"
#include "scheduler/order_request_private.h"
#include "scheduler/text_width.h"
#include "scheduler/when.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REASON_MOST = 400 }; /* bytes */

int order_refuse(const struct desk *desk, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(desk->answer->text, sizeof(desk->answer->text), format, list);
    va_end(list);
    (void)text_whole(desk->answer->text);
    return -ECANCELED;
}

void order_note(const struct desk *desk, const char *format, ...)
{
    char *note = desk->answer->note;
    const size_t length = strlen(note);
    va_list list;
    va_start(list, format);
    vsnprintf(note + length, ORDER_NOTE_SIZE - length, format, list);
    va_end(list);
    (void)text_whole(note);
}

const char *order_time_text(const struct desk *desk, int64_t frame, char text[ZONE_TEXT_SIZE])
{
    return zone_frame_text(desk->room->input->zone, frame, text);
}

/* --- Orders that stand ------------------------------------------------------------- */

struct plan_amendment *order_by_id(const struct desk *desk, int64_t id)
{
    for (size_t i = 0; i < desk->room->count; i++) {
        if (desk->room->orders[i].id == id) {
            return &desk->room->orders[i];
        }
    }
    return NULL;
}

/* True for a break-in that only the operator ends, or that he may end early. */
static bool is_open(const struct desk *desk, const struct plan_amendment *order)
{
    return order_is_break_in(order) && !order->is_undone &&
           (order->until == AMENDMENT_OPEN ||
            (order->length > 0 && order->until > desk->room->input->earliest));
}

bool order_is_hold(const struct plan_amendment *order)
{
    return strcmp(order->kind, order_kind_name(ORDER_HOLD)) == 0;
}

/* The last break-in, or the last hold, that stands; NULL: none. */
struct plan_amendment *order_find_open(const struct desk *desk, bool wants_hold)
{
    struct plan_amendment *found = NULL;
    for (size_t i = 0; i < desk->room->count; i++) {
        struct plan_amendment *order = &desk->room->orders[i];
        if (is_open(desk, order) && order_is_hold(order) == wants_hold) {
            found = order;
        }
    }
    return found;
}

const struct plan_amendment *order_find_break_in(const struct desk *desk,
                                                 const struct plan_event *event)
{
    const struct plan_amendment *order = order_by_id(desk, event->amendment);
    return order != NULL && is_open(desk, order) ? order : NULL;
}

const struct plan_amendment *order_find_standing(const struct desk *desk,
                                                 const struct plan_event *event)
{
    const struct plan_amendment *found = NULL;
    for (size_t i = 0; i < desk->room->count; i++) {
        const struct plan_amendment *order = &desk->room->orders[i];
        if (order_is_break_in(order) && !order->is_undone && order->until == AMENDMENT_OPEN &&
            order->from <= event->start && order->id > event->amendment) {
            found = order;
        }
    }
    return found;
}

/* --- What it means for the others ----------------------------------------------------------- */

/* Where what the order fills up with, to the next legal entry, ends. */
static int64_t filled_end(const struct plan *plan, const struct plan_amendment *order)
{
    int64_t end = order_over(order);
    const ptrdiff_t found = plan_find(plan, end);
    for (size_t i = found >= 0 ? (size_t)found : plan->event_count;
         i < plan->event_count && plan->events[i].amendment == order->id &&
         event_absorbs(&plan->events[i]);
         i++) {
        end = event_end(&plan->events[i]);
    }
    return end;
}

/* True when it begins within the time, or goes on: what loops, or is joined again. */
static bool airs(const struct plan *plan, const struct plan_event *wanted,
                 const struct plan_amendment *order)
{
    const int64_t from = order->from;
    const int64_t to = filled_end(plan, order);
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        const bool is_then = event->start >= from && event->start <= to;
        if ((is_then || event->programme == wanted->programme) &&
            text_same(event->house_number, wanted->house_number)) {
            return true;
        }
    }
    return false;
}

/* Tells of programmes that have no room left, each once, however often it loops. */
static void tell_dropped(const struct desk *desk, const struct plan *made,
                         const struct plan_amendment *order)
{
    char *text = desk->answer->text;
    int64_t told = 0;
    for (size_t i = 0; i < desk->room->plan->event_count && !order_is_break_in(order); i++) {
        const struct plan_event *event = &desk->room->plan->events[i];
        const bool is_meant = desk->request->kind == ORDER_REPLACE && event->start <= order->until;
        if (event->start < order->from || event->start >= order_over(order) || is_meant ||
            event->house_number == NULL || event_absorbs(event) || event->programme == told ||
            airs(made, event, order)) {
            continue;
        }
        const size_t length = strlen(text);
        told = event->programme;
        snprintf(text + length, ORDER_TEXT_SIZE - length, "%s%s", length > 0 ? _(", ") : "",
                 event->house_number);
    }
    (void)text_whole(text);
}

/* What is longer than its time: what of it does not air. */
static void tell_cut(const struct desk *desk, const struct plan_amendment *order)
{
    const enum order_kind kind = desk->request->kind;
    const int64_t lost = order->length - (order->until - order->from);
    char lengths[2][WHEN_TEXT_SIZE];
    char text[ZONE_TEXT_SIZE];
    if ((kind != ORDER_INSERT && kind != ORDER_REPLACE) || lost < FRAMES_PER_SECOND) {
        return;
    }
    order_note(desk, _("It lasts %s, and is cut at %.19s: its last %s do not air.\n"),
               when_length_text((int)(order->length / FRAMES_PER_SECOND), lengths[0]),
               order_time_text(desk, order->until, text),
               when_length_text((int)(lost / FRAMES_PER_SECOND), lengths[1]));
}

static int64_t shared_frames(const struct plan_event *event, const struct plan_amendment *order)
{
    const int64_t from = event->start > order->from ? event->start : order->from;
    const int64_t until = event_end(event) < order->until ? event_end(event) : order->until;
    return until > from ? until - from : 0;
}

/* What is put off, or does not air any more, is told by order_tell_moved(). */
static bool is_insertion_to_come(const struct desk *desk, const struct plan_event *event)
{
    const struct plan_amendment *order = order_by_id(desk, event->amendment);
    return order != NULL && event->start >= desk->room->input->earliest &&
           order_is_item(order, event);
}

/*
 * Of which programmes an insertion takes a part, when nothing moves back; what has no room
 * left at all is told as dropped.
 */
static void tell_eaten(const struct desk *desk, const struct plan_amendment *order)
{
    const struct plan *plan = desk->room->plan;
    char length[WHEN_TEXT_SIZE];
    char text[PROGRAMME_TEXT_SIZE];
    if (desk->request->kind != ORDER_INSERT || desk->request->mode == ORDER_PUSH) {
        return;
    }
    for (size_t i = 0; i < plan->event_count && plan->events[i].start < order->until;) {
        const struct plan_event *first = &plan->events[i];
        int64_t whole = 0;
        int64_t lost = 0;
        for (; i < plan->event_count && plan->events[i].programme == first->programme; i++) {
            const bool counts =
                !event_absorbs(&plan->events[i]) && !is_insertion_to_come(desk, &plan->events[i]);
            whole += counts ? plan->events[i].duration : 0;
            lost += counts ? shared_frames(&plan->events[i], order) : 0;
        }
        if (lost >= FRAMES_PER_SECOND && (lost < whole || first->house_number == NULL)) {
            order_note(desk, _("Of %s, %s do not air because of it.\n"),
                       order_programme_text(desk, first, text),
                       when_length_text((int)(lost / FRAMES_PER_SECOND), length));
        }
    }
}

int order_request_judge(struct order_room *room, const struct order_request *request,
                        const struct plan *made, struct order_answer *answer)
{
    const struct desk desk = {room, request, answer, NULL};
    for (size_t i = 0; i < made->amendment_count; i++) {
        const struct plan_amendment *order = &made->amendments[i];
        if (order->id != answer->order) {
            continue;
        }
        if (request->command == REQUEST_RETURN || request->command == REQUEST_RELEASE) {
            order_tell_below(&desk, made, order);
        }
        if (order->is_undone) {
            order_tell_undone(&desk, made, order);
            order_tell_moved_back(&desk, made, order);
            continue;
        }
        if (order->until <= order->from) {
            return order_refuse_roomless(&desk, order);
        }
        if (order_restarts(&desk)) {
            order_tell_restart(&desk, made, order);
        }
        if (request->command == REQUEST_ORDER) {
            answer->frame = order->from;
            if (order_tell_moved(&desk, made, order) < 0) {
                return -ENOMEM;
            }
            tell_cut(&desk, order);
            tell_eaten(&desk, order);
            order_tell_after(&desk, made, order);
            order_tell_back(&desk, made, order);
            order_tell_next(&desk, made, order);
            tell_dropped(&desk, made, order);
        } else {
            order_tell_moved_back(&desk, made, order);
        }
    }
    return 0;
}

/* --- The commands ------------------------------------------------------------------ */

/* True when the mode says something of that kind of order. */
static bool has_mode(const struct order_request *request)
{
    switch (request->mode) {
    case ORDER_PUSH:
        return request->kind == ORDER_INSERT || request->kind == ORDER_EXTEND;
    case ORDER_FOLLOW:
        return request->kind == ORDER_SKIP;
    default:
        return false;
    }
}

struct plan_amendment order_new(const struct desk *desk)
{
    const struct order_request *request = desk->request;
    const struct order_room *room = desk->room;
    struct plan_amendment order = {.id = 1,
                                   .kind = order_kind_name(request->kind),
                                   .asked = room->input->earliest,
                                   .reason = request->reason,
                                   .author = request->author != NULL ? request->author : ""};
    for (size_t i = 0; i < room->count; i++) {
        order.id = room->orders[i].id >= order.id ? room->orders[i].id + 1 : order.id;
    }
    order.mode = has_mode(request) ? order_mode_name(request->mode) : NULL;
    return order;
}

static int give(const struct desk *desk)
{
    const struct order_request *request = desk->request;
    struct order_room *room = desk->room;
    struct plan_amendment order = order_new(desk);
    if (request->reason == NULL || blank_is_all(request->reason)) {
        return order_refuse(desk, _("a reason is missing."));
    }
    if (room->input->fresh == room->input->base && !order_is_break_in(&order)) {
        return -ENODATA; /* nothing but break-ins can be laid over what is left of the plan */
    }
    desk->answer->order = order.id;
    const int result = order_set_times(desk, &order);
    if (result < 0) {
        return result;
    }
    room->orders[room->count++] = order;
    return 0;
}

/* It has taken effect, or will in a moment, and ends by itself. */
static int refuse_undo(const struct desk *desk, const struct plan_amendment *order)
{
    const char *channel = desk->room->plan->channel;
    const bool has_begun = order->from <= desk->room->now;
    char text[ZONE_TEXT_SIZE];
    (void)order_time_text(desk, order->from, text);
    if (text_same(order->kind, order_kind_name(ORDER_REPLACE)) &&
        order->until > desk->room->input->earliest) {
        return order_refuse(desk,
                            has_begun ? _("it is too late: order %lld took effect at %s; `ketang "
                                          "replace %s now HOUSE_NUMBER` airs another instead.")
                                      : _("it is too late: order %lld takes effect at %s; once it "
                                          "is on air, `ketang replace %s now HOUSE_NUMBER` airs "
                                          "another instead."),
                            (long long)order->id, text, channel != NULL ? channel : "");
    }
    return order_refuse(desk,
                        has_begun ? _("it is too late: order %lld took effect at %s; `ketang skip` "
                                      "ends what is on air, `ketang insert` puts something else "
                                      "there.")
                                  : _("it is too late: order %lld takes effect at %s; `ketang "
                                      "skip` ends what is on air, `ketang insert` puts something "
                                      "else there."),
                        (long long)order->id, text);
}

static int undo(const struct desk *desk)
{
    char text[ZONE_TEXT_SIZE];
    struct plan_amendment *order = order_by_id(desk, desk->request->id);
    if (order == NULL) {
        return order_refuse(desk, _("there is no order %lld; `ketang orders` lists them."),
                            (long long)desk->request->id);
    }
    if (order->is_undone) {
        return order_refuse(desk, _("order %lld has been undone already."), (long long)order->id);
    }
    const int64_t start = order_start_in(desk->room->plan, order, desk->room->input->earliest);
    desk->answer->order = order->id;
    if (start >= 0 || order->from >= desk->room->input->earliest) {
        desk->answer->frame = start >= 0 ? start : order->from;
        order->is_undone = true;
        return 0;
    }
    if (!order_is_break_in(order)) {
        return refuse_undo(desk, order);
    }
    if (order->until == AMENDMENT_OPEN || order->length > 0 ||
        order->until < desk->room->input->earliest) {
        return order_refuse(
            desk,
            order->until < desk->room->input->earliest ? _("it is too late: order %lld ends at %s.")
            : order->from <= desk->room->now
                ? _("it is too late: order %lld took effect at %s; `ketang return` ends it.")
                : _("it is too late: order %lld takes effect at %s; `ketang "
                    "return` ends it."),
            (long long)order->id,
            order_time_text(desk,
                            order->until < desk->room->input->earliest ? order->until : order->from,
                            text));
    }
    desk->answer->frame = order->until; /* the return is undone */
    order->until = AMENDMENT_OPEN;
    order->over = 0;
    order->mode = NULL;
    return 0;
}

/* Who ended it, took it back or its return, and why, is told in the plan. */
static void sign_end(const struct desk *desk, struct plan_amendment *order)
{
    const char *reason = desk->request->reason;
    const char *author = desk->request->author;
    order->end_reason = reason != NULL && !blank_is_all(reason) ? reason : NULL;
    order->end_author = author != NULL && author[0] != '\0' ? author : "?";
}

int order_request_obey(struct order_room *room, const struct order_request *request,
                       struct order_answer *answer)
{
    struct desk desk = {.room = room, .request = request, .answer = answer};
    const ptrdiff_t index = plan_find(room->plan, room->input->earliest - 1);
    *answer = (struct order_answer){0};
    desk.present = index >= 0 ? &room->plan->events[index] : NULL;
    if (request->reason != NULL && strlen(request->reason) > REASON_MOST) {
        return order_refuse(&desk, _("the reason is too long: %d bytes at most."), REASON_MOST);
    }
    if (request->command == REQUEST_ORDER) {
        return give(&desk);
    }
    const int result = request->command == REQUEST_UNDO ? undo(&desk) : order_end_open(&desk);
    if (result == 0) {
        sign_end(&desk, order_by_id(&desk, answer->order));
    }
    return result;
}
