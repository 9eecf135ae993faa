/* SPDX-License-Identifier: MIT */
#include "scheduler/order_desk.h"

#include "playout/control_socket.h"
#include "playout/intl.h"
#include "playout/station.h"
#include "scheduler/order_cover.h"
#include "scheduler/order_when.h"
#include "scheduler/text_width.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
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

/*
 * Without a timetable, or approvals, nothing new can be planned; break-ins need neither, but a plan
 * over which they lie.
 */
static json_t *refuse(int result, const char *failure, bool is_planless)
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
        : result == -ENXIO || (may_break_in && is_planless)
            ? _("there is no plan, and the slate is on the air: %s. Orders can be given once there "
                "is a plan; `ketang mute` silences the channel all the same.")
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
        return result == -ECANCELED ? control_error(answer->text)
                                    : refuse(result, failure, outcome->is_planless);
    }
    return json_pack("{s:b, s:I, s:I, s:s, s:I, s:s*, s:s*}", "ok", 1, "order",
                     (json_int_t)answer->order, "frame", (json_int_t)answer->frame, "time",
                     zone_frame_text(zone, answer->frame, text), "revision",
                     (json_int_t)outcome->revision, "dropped",
                     answer->text[0] != '\0' ? answer->text : NULL, "note",
                     answer->note[0] != '\0' ? answer->note : NULL);
}

/* --- Lists ------------------------------------------------------------------------------ */

/* What has become of an order, by the events that the plan has of it. */
struct standing {
    int64_t from; /* when it airs; as it was ordered when that cannot be told, or it does not */
    int64_t until;
    int64_t covered_by; /* 0: by none */
    const char *state;
};

/* What it pushed back may come late for a while yet: that is no longer the order. */
static const char *state_at(const struct standing *standing, int64_t now)
{
    return now < standing->from ? "ordered" : now < standing->until ? "taken" : "over";
}

/* Nothing of it has aired, or is to air by the plan. */
static void stand_aside(struct standing *standing, const struct plan *plan,
                        const struct plan_amendment *order, int64_t now)
{
    const bool is_gone = now >= order->from && plan_find(plan, now) >= 0;
    standing->covered_by = order_find_cover(plan, order, false, now);
    standing->state = standing->covered_by != 0 ? "covered"
                      : is_gone                 ? "over"
                                                : state_at(standing, now);
}

/* True when the order that lies over it lasts until somebody ends it: what is below comes back. */
static bool comes_back(const struct plan *plan, const struct standing *standing,
                       const struct plan_amendment *order, int64_t now)
{
    const struct plan_amendment *cover = plan_find_order(plan, standing->covered_by);
    return cover != NULL && cover->until == AMENDMENT_OPEN && order->until > now;
}

static struct standing stand(const struct plan *plan, const struct plan_amendment *order,
                             int64_t now)
{
    struct standing standing = {.from = order->from, .until = order->until};
    const struct plan_event *own[2];
    if (order->is_undone || order_is_kind(order, ORDER_SKIP)) { /* a skip airs nothing of its own */
        standing.state = order->is_undone ? "undone" : state_at(&standing, now);
        return standing;
    }
    order_find_own(plan, order, own);
    if (own[0] == NULL && order->aired_until == 0) {
        stand_aside(&standing, plan, order, now);
        return standing;
    }
    const bool has_aired = order->aired_until != 0;
    standing.from = has_aired ? order->aired_from : own[0]->start;
    if (order->until != AMENDMENT_OPEN) {
        standing.until = own[1] != NULL ? event_end(own[1]) : order->aired_until;
    }
    if (now >= standing.from && (own[1] == NULL || event_end(own[1]) <= now)) {
        standing.covered_by = order_find_cover(plan, order, true, now);
        if (comes_back(plan, &standing, order, now)) {
            standing.state = "taken";
            standing.until = order->until;
            return standing;
        }
        standing.covered_by = 0;
    }
    standing.state = state_at(&standing, now);
    return standing;
}

static void set_time(json_t *item, const char *key, const char *text_key, int64_t frame,
                     const struct zone *zone)
{
    char text[ZONE_TEXT_SIZE];
    json_object_set_new(item, key, json_integer(frame));
    json_object_set_new(item, text_key, json_string(zone_frame_text(zone, frame, text)));
}

/* What it says by the second: when the order airs, and when it was to, where that is not the same.
 */
static void set_times(json_t *item, const struct plan_amendment *order,
                      const struct standing *standing, const struct zone *zone)
{
    set_time(item, "from", "time", standing->from, zone);
    if (llabs(standing->from - order->from) >= FRAMES_PER_SECOND) {
        set_time(item, "ordered", "ordered_time", order->from, zone);
    }
    if (standing->until == AMENDMENT_OPEN) {
        return;
    }
    set_time(item, "until", "until_time", standing->until, zone);
    if (llabs(standing->until - order->until) >= FRAMES_PER_SECOND) {
        set_time(item, "ordered_until", "ordered_until_time", order->until, zone);
    }
}

/* The number and author of another order that made it what it is, if there is one. */
static void set_other(json_t *item, const char *key, const char *author_key,
                      const struct plan *plan, int64_t id)
{
    if (id != 0) {
        json_object_set_new(item, key, json_integer(id));
    }
    const struct plan_amendment *other = plan_find_order(plan, id);
    if (author_key != NULL && other != NULL && other->author != NULL) {
        json_object_set_new(item, author_key, json_string(other->author));
    }
}

void order_desk_list(json_t *list, const struct plan *plan, const struct zone *zone, int64_t now_ms)
{
    const int64_t now = now_ms * FRAMES_PER_SECOND / 1000;
    for (size_t i = 0; i < plan->amendment_count; i++) {
        const struct plan_amendment *order = &plan->amendments[i];
        const struct standing standing = stand(plan, order, now);
        json_t *item = json_pack("{s:s, s:I, s:s, s:s*, s:s}", "channel", plan->channel, "id",
                                 (json_int_t)order->id, "kind", order->kind, "mode", order->mode,
                                 "state", standing.state);
        set_other(item, "covered_by", "covered_author", plan, standing.covered_by);
        set_other(item, "end_order", NULL, plan, order->end_order);
        set_times(item, order, &standing, zone);
        const char *const keys[] = {"house_number", "live",       "reason",
                                    "author",       "end_reason", "end_author"};
        const char *const values[] = {order->house_number, order->live,       order->reason,
                                      order->author,       order->end_reason, order->end_author};
        for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
            if (values[k] != NULL) {
                json_object_set_new(item, keys[k], json_string(values[k]));
            }
        }
        json_array_append_new(list, item);
    }
}
