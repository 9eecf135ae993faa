/* SPDX-License-Identifier: MIT */
#include "scheduler/order_desk.h"

#include "playout/control_socket.h"
#include "playout/intl.h"
#include "playout/station.h"
#include "scheduler/order_when.h"
#include "scheduler/text_width.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LENGTH_MOST = 86400, ANSWER_SIZE = 1024 };

static const struct {
    const char *name;
    enum order_command command;
} endings[] = {
    {"return", REQUEST_RETURN},
    {"release", REQUEST_RELEASE},
    {"undo", REQUEST_UNDO},
};

static bool read_command(const char *name, struct order_request *request)
{
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (name != NULL && strcmp(name, endings[i].name) == 0) {
            request->command = endings[i].command;
            return true;
        }
    }
    request->command = REQUEST_ORDER;
    return order_kind_parse(name, &request->kind) == 0;
}

bool order_desk_knows(const char *command)
{
    struct order_request request;
    return read_command(command, &request);
}

static const char *text_of(const json_t *json, const char *key)
{
    return json_string_value(json_object_get(json, key));
}

static const char *read_mode(const json_t *json, struct order_request *request)
{
    const char *mode = text_of(json, "mode");
    const bool pushes = request->command == REQUEST_ORDER && request->kind == ORDER_EXTEND;
    request->mode = pushes ? ORDER_PUSH : ORDER_JOIN;
    /* How a replacement goes on in the rest of its slot is for the slot to say. */
    if (mode != NULL &&
        (order_mode_parse(mode, &request->mode) < 0 || request->mode == ORDER_WHOLE ||
         request->mode == ORDER_LOOP || request->mode == ORDER_PUSH_LOOP)) {
        return _("there is no such mode; there are join, push, start and follow.");
    }
    return NULL;
}

static bool is_order(const struct order_request *request, enum order_kind kind)
{
    return request->command == REQUEST_ORDER && request->kind == kind;
}

static bool needs_house_number(const struct order_request *request)
{
    return is_order(request, ORDER_INSERT) || is_order(request, ORDER_REPLACE);
}

/* A time that has gone by may be of what is on air, which can be replaced. */
static int read_time(const char *at, const struct order_periods *periods, const struct zone *zone,
                     int64_t now_ms, struct order_request *request)
{
    const int result = order_when_read(at, periods, zone, now_ms, &request->at);
    return result == -ERANGE && is_order(request, ORDER_REPLACE)
               ? order_when_look(at, periods, zone, now_ms, &request->at)
               : result;
}

const char *order_desk_read(const json_t *json, const struct order_periods *periods,
                            const struct zone *zone, int64_t now_ms, struct order_request *request,
                            char complaint[ORDER_WHEN_TEXT_SIZE])
{
    const json_int_t seconds = json_integer_value(json_object_get(json, "length"));
    const char *at = text_of(json, "at");
    *request = (struct order_request){.house_number = text_of(json, "house_number"),
                                      .live = text_of(json, "live"),
                                      .reason = text_of(json, "reason"),
                                      .author = text_of(json, "author"),
                                      .language = text_of(json, "language"),
                                      .id = json_integer_value(json_object_get(json, "id"))};
    if (!read_command(text_of(json, "command"), request)) {
        return _("there is no such order.");
    }
    if (seconds < 0 || seconds > LENGTH_MOST) {
        return _("the length must be from a second to a day.");
    }
    request->length = seconds * FRAMES_PER_SECOND;
    const int result = at != NULL ? read_time(at, periods, zone, now_ms, request) : 0;
    if (result < 0) {
        return order_when_complain(at, periods, zone_date(zone, now_ms / 1000), result, complaint);
    }
    if (needs_house_number(request) && request->house_number == NULL) {
        return _("name the house number of what is to air.");
    }
    return read_mode(json, request);
}

/* Without a timetable, or approvals, nothing new can be planned; break-ins need neither. */
static json_t *refuse(int result, const char *failure)
{
    char why[ANSWER_SIZE];
    const bool may_break_in = result == -ENODATA || result == -ENODEV || result == -EAGAIN;
    const bool is_full = result == -ENOSPC || result == -EDQUOT;
    snprintf(
        why, sizeof(why),
        is_full
            ? _("%s: the order is not taken, and what is on air stays, a slate, too. A few "
                "megabytes are enough: move old recordings, rendered signals and what is not the "
                "station's off that disk; leave the state folder (plans, asrun, the store) and "
                "media where they are. Then give the order again; `ketang mute` silences the "
                "channel all the "
                "same.")
        : may_break_in
            ? _("%s: what is planned already goes on, and only slate, emergency, live and hold "
                "can be ordered.")
            : _("%s: the order is not taken, and what was planned airs on; `ketang mute` "
                "silences the channel all the same."),
        failure);
    return control_error(text_whole(why));
}

json_t *order_desk_answer(int result, const char *failure, const struct planner_outcome *outcome,
                          const struct zone *zone)
{
    const struct order_answer *answer = &outcome->answer;
    char text[ZONE_TEXT_SIZE];
    if (result < 0) {
        return result == -ECANCELED ? control_error(answer->text) : refuse(result, failure);
    }
    return json_pack("{s:b, s:I, s:I, s:s, s:I, s:s*, s:s*}", "ok", 1, "order",
                     (json_int_t)answer->order, "frame", (json_int_t)answer->frame, "time",
                     zone_frame_text(zone, answer->frame, text), "revision",
                     (json_int_t)outcome->revision, "dropped",
                     answer->text[0] != '\0' ? answer->text : NULL, "note",
                     answer->note[0] != '\0' ? answer->note : NULL);
}

static const char *state_of(const struct plan_amendment *order, int64_t now)
{
    if (order->is_undone) {
        return "undone";
    }
    if (now < order->from) {
        return "ordered";
    }
    /* what it pushed back may come late for a while yet: that is no longer the order */
    return now < order->until ? "taken" : "over";
}

static bool is_kind(const struct plan_amendment *order, enum order_kind kind)
{
    return strcmp(order->kind, order_kind_name(kind)) == 0;
}

/* True for what a later order has moved, rather than put there itself: it has that one's number. */
static bool is_moved_by_later(const struct plan *plan, const struct plan_event *event,
                              const struct plan_amendment *order)
{
    for (const struct plan_amendment *later = order + 1;
         later < plan->amendments + plan->amendment_count; later++) {
        if (later->id == event->amendment) {
            return event->start >= later->until ||
                   (later->asset != NULL && strcmp(event->asset, later->asset) != 0);
        }
    }
    return false;
}

/* An event of the order, be it moved; what loops is never moved. */
static bool is_own(const struct plan *plan, const struct plan_event *event,
                   const struct plan_amendment *order)
{
    if (event->amendment == order->id) {
        return event->start < order->until;
    }
    return (is_kind(order, ORDER_INSERT) || is_kind(order, ORDER_REPLACE)) &&
           order->asset != NULL && strcmp(event->asset, order->asset) == 0 &&
           is_moved_by_later(plan, event, order);
}

/*
 * The last of the later orders that lie over the order from its start to its end, by their times
 * alone: what was pushed back by one airs behind it, but for extensions, which do not add up.
 */
static int64_t covered_whole(const struct plan *plan, const struct plan_amendment *order)
{
    int64_t id = 0;
    for (const struct plan_amendment *later = order + 1;
         later < plan->amendments + plan->amendment_count; later++) {
        const bool are_extensions = is_kind(order, ORDER_EXTEND) && is_kind(later, ORDER_EXTEND);
        if (!later->is_undone && later->from <= order->from && later->until >= order->until &&
            (!order_pushes(later) || are_extensions)) {
            id = later->id;
        }
    }
    return id;
}

/*
 * The order that lies over all that is left of this one, or over the whole of it when it is over;
 * 0: none does, for it airs, be it later than ordered.  One rule for all that air something; a
 * plan that does not reach so far back has no events to ask, and the times of the orders tell.
 */
static int64_t covered_by(const struct plan *plan, const struct plan_amendment *order, int64_t now)
{
    if (order->is_undone || is_kind(order, ORDER_SKIP)) {
        return 0;
    }
    const bool is_on = now > order->from && now < order->until;
    const int64_t reach = plan->event_count > 0 ? plan->events[0].start : 0;
    const ptrdiff_t first = plan_find(plan, !is_on ? order->from : now > reach ? now : reach);
    if (first < 0) {
        return covered_whole(plan, order);
    }
    const int64_t cover = plan->events[first].amendment;
    for (size_t i = (size_t)first; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        const bool is_moved = event->start >= order->until && event->amendment == cover;
        if ((event->start < order->until || is_moved) && is_own(plan, event, order)) {
            return 0;
        }
    }
    return cover > order->id ? cover : 0;
}

void order_desk_list(json_t *list, const struct plan *plan, const struct zone *zone, int64_t now_ms)
{
    const int64_t now = now_ms * FRAMES_PER_SECOND / 1000;
    for (size_t i = 0; i < plan->amendment_count; i++) {
        const struct plan_amendment *order = &plan->amendments[i];
        const int64_t cover = covered_by(plan, order, now);
        char text[ZONE_TEXT_SIZE];
        json_t *item =
            json_pack("{s:s, s:I, s:s, s:s*, s:s, s:I, s:s}", "channel", plan->channel, "id",
                      (json_int_t)order->id, "kind", order->kind, "mode", order->mode, "state",
                      cover != 0 ? "covered" : state_of(order, now), "from",
                      (json_int_t)order->from, "time", zone_frame_text(zone, order->from, text));
        if (cover != 0) {
            json_object_set_new(item, "covered_by", json_integer(cover));
        }
        if (order->until != AMENDMENT_OPEN) {
            json_object_set_new(item, "until", json_integer(order->until));
            json_object_set_new(item, "until_time",
                                json_string(zone_frame_text(zone, order->until, text)));
        }
        const char *const keys[] = {"house_number", "live", "reason", "author"};
        const char *const values[] = {order->house_number, order->live, order->reason,
                                      order->author};
        for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
            if (values[k] != NULL) {
                json_object_set_new(item, keys[k], json_string(values[k]));
            }
        }
        json_array_append_new(list, item);
    }
}
