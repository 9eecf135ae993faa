/* SPDX-License-Identifier: MIT */
/* daemon_answer: orders and questions that come over the control socket. */
#include "scheduler/daemon_private.h"

#include "playout/intl.h"
#include "playout/station_names.h"
#include "scheduler/media_room.h"
#include "scheduler/order_desk.h"
#include "scheduler/planner_failure.h"
#include "scheduler/text_width.h"
#include "scheduler/watch.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

enum {
    STORE_WAIT_MS = 500,
    ENGINE_WAIT_MS = 20,
    ENGINE_WAITS = 50,
    SECOND_AT = sizeof("2026-11-27 10:00:00") - 1
};

/* Break-ins and what ends an order wait for nothing, whatever has become of the store. */
static bool needs_store(const struct order_request *request)
{
    return request->command == REQUEST_ORDER &&
           (request->kind == ORDER_INSERT || request->kind == ORDER_REPLACE);
}

/* What was signed a moment ago counts.  False: the store does not answer, and it may not. */
static bool hear_store(struct daemon *daemon, const struct order_request *request)
{
    const bool has_heard = keeper_ask(daemon->keeper, STORE_WAIT_MS);
    intl_speak(NULL); /* the log is in our language, whoever gives the order */
    daemon_hear_store(daemon);
    intl_speak(request->language);
    return has_heard;
}

/*
 * Whoever has signed a moment ago must know that it was not seen, and most when he is refused.  The
 * store may only be slow: what is noted in it waits for the disk.
 */
static void note_store(int result, struct planner_outcome *outcome)
{
    struct order_answer *answer = &outcome->answer;
    const bool is_refused = result == -ECANCELED; /* a sentence; else lines */
    char *text = is_refused ? answer->text : answer->note;
    const size_t size = is_refused ? sizeof(answer->text) : sizeof(answer->note);
    const size_t length = strlen(text);
    snprintf(text + length, size - length, "%s%s%s", is_refused && length > 0 ? "\n" : "",
             _("The store has not answered in time: what was approved in the last moments may not "
               "count here yet."),
             is_refused ? "" : "\n");
    text_whole(text);
}

/* What was ordered is planned all the same, for the disk may be back by then: who orders must know.
 */
static void note_media(const struct daemon *daemon, const struct order_request *request,
                       struct order_answer *answer)
{
    const size_t length = strlen(answer->note);
    const char *trouble = daemon_media_trouble(daemon);
    if (request->command != REQUEST_ORDER || request->house_number == NULL || *trouble == '\0') {
        return;
    }
    snprintf(answer->note + length, sizeof(answer->note) - length,
             _("As things are it cannot air: %s.\n"), trouble);
    text_whole(answer->note);
}

static json_t *no_channel(const struct daemon *daemon, const char *name)
{
    char text[STATION_NAMES_SIZE];
    return control_error(station_names_complain(daemon->station, name, text));
}

/* The engine may have to take over the last revision first; if it hangs, that is no reason. */
static int order(struct daemon *daemon, const struct service *service,
                 const struct order_request *request, struct planner_outcome *outcome)
{
    const size_t number = station_service_number(daemon->station, service);
    for (int waits = ENGINE_WAITS;; waits--) {
        const int64_t start_ms = daemon_start_planning(daemon);
        const int result = planner_order(daemon->planner, service, &daemon->channels[number].engine,
                                         start_ms, request, waits > 0, outcome);
        daemon_end_planning(daemon, service, start_ms);
        if (result != -EBUSY) {
            return result;
        }
        (void)poll(NULL, 0, ENGINE_WAIT_MS);
    }
}

static json_t *obey(struct daemon *daemon, const json_t *json)
{
    const char *command = json_string_value(json_object_get(json, "command"));
    const char *name = json_string_value(json_object_get(json, "channel"));
    const struct service *service = name != NULL ? station_service(daemon->station, name) : NULL;
    struct order_request request;
    struct planner_outcome outcome = {0};
    char complaint[ORDER_WHEN_TEXT_SIZE];
    if (service == NULL) {
        return no_channel(daemon, name);
    }
    const struct order_periods periods = planner_periods(daemon->planner, service->name);
    const char *wrong =
        order_desk_read(json, &periods, daemon->zone, daemon->now_ms, &request, complaint);
    if (wrong != NULL) {
        return control_error(wrong);
    }
    const bool is_current = !needs_store(&request) || hear_store(daemon, &request);
    if (needs_store(&request) && !daemon->has_heard && planner_signoff(daemon->planner) == NULL) {
        return control_error(_("the scheduler has just been started and does not know yet what is "
                               "approved; give the order again in a few seconds."));
    }
    struct channel *channel = &daemon->channels[station_service_number(daemon->station, service)];
    intl_speak(NULL); /* the plan is in our language, whoever gives the order */
    const int result = order(daemon, service, &request, &outcome);
    intl_speak(request.language);
    if (!is_current && daemon->station->scheduler.approval_stages > 0) {
        note_store(result, &outcome);
    }
    if (result == 0) {
        note_media(daemon, &request, &outcome.answer);
        log_write(daemon->log, LOG_LEVEL_INFO, daemon->now_ms,
                  "event=%s channel=%s order=%lld frame=%lld author=\"%s\" reason=\"%s\"", command,
                  service->name, (long long)outcome.answer.order, (long long)outcome.answer.frame,
                  log_quote(request.author).text, log_quote(request.reason).text);
        daemon_note_outcome(daemon, channel, service->name, &outcome);
    }
    char failure[PLANNER_FAILURE_SIZE];
    const int cause = result == -ENXIO && channel->failure < 0 ? channel->failure : result;
    planner_failure_text(cause, daemon->station, service->name, failure);
    return order_desk_answer(result, failure, &outcome, daemon->zone);
}

/* The orders of the last day, of one channel or of all. */
static json_t *list_orders(struct daemon *daemon, const json_t *json)
{
    const char *name = json_string_value(json_object_get(json, "channel"));
    json_t *list = json_array();
    if (name != NULL && station_service(daemon->station, name) == NULL) {
        json_decref(list);
        return no_channel(daemon, name);
    }
    for (size_t i = 0; i < station_service_count(daemon->station); i++) {
        const struct service *service = station_service_at(daemon->station, i);
        struct plan *plan = NULL;
        if ((name == NULL || strcmp(name, service->name) == 0) &&
            planner_latest(daemon->planner, service, &plan) == 0) {
            order_desk_list(list, plan, daemon->zone, daemon->now_ms);
            plan_destroy(plan);
        }
    }
    return json_pack("{s:b, s:o}", "ok", 1, "orders", list);
}

static json_t *list_problems(const struct problems *problems)
{
    json_t *list = json_array();
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *item = &problems->items[i];
        if (item->severity == PROBLEM_ERROR) {
            char spot[PROBLEM_SPOT_SIZE];
            json_array_append_new(
                list, json_sprintf("%s%s: %s", item->file, problem_spot(item, spot), item->text));
        }
    }
    return list;
}

/*
 * Why no plan is made of a channel, or NULL.  One that never had a plan or a timetable fails at
 * nothing, but whoever asks for it must know that the slate is on the air.
 */
static const char *plan_trouble(const struct daemon *daemon, size_t index, const char *only,
                                char text[PLANNER_FAILURE_SIZE])
{
    const struct channel *channel = &daemon->channels[index];
    const char *name = station_service_at(daemon->station, index)->name;
    const bool is_asked = only == NULL || strcmp(only, name) == 0;
    const bool is_bare =
        channel->revision == 0 && planner_timetable(daemon->planner, name) == NULL && is_asked;
    const int failure = channel->failure == 0 && is_bare ? -ENODATA : channel->failure;
    return failure == 0 ? NULL : planner_failure_text(failure, daemon->station, name, text);
}

static json_t *tell_status(const struct daemon *daemon, const json_t *request)
{
    const char *only = json_string_value(json_object_get(request, "channel"));
    json_t *channels = json_array();
    for (size_t i = 0; i < station_service_count(daemon->station); i++) {
        const struct channel *channel = &daemon->channels[i];
        const char *name = station_service_at(daemon->station, i)->name;
        const struct timetable *timetable = planner_timetable(daemon->planner, name);
        char failure[PLANNER_FAILURE_SIZE];
        json_array_append_new(channels,
                              json_pack("{s:s, s:I, s:s?, s:I, s:I, s:s?}", "name", name,
                                        "revision", (json_int_t)channel->revision, "timetable",
                                        timetable != NULL ? timetable->file->name : NULL, "adopted",
                                        (json_int_t)channel->engine.revision, "refused",
                                        (json_int_t)channel->engine.refused, "plan_trouble",
                                        plan_trouble(daemon, i, only, failure)));
    }
    char begun[ZONE_TEXT_SIZE];
    zone_frame_text(daemon->zone, daemon->begun_ms / 1000 * FRAMES_PER_SECOND, begun);
    begun[SECOND_AT] = '\0';
    /* Who has just saved the file asks now, maybe before it is looked at again. */
    const bool is_changed = watch_file(daemon->station->path) != daemon->station_file;
    char room[MEDIA_ROOM_TEXT];
    return json_pack("{s:b, s:b, s:s, s:o, s:I, s:o, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "ok", 1,
                     "station_changed", is_changed, "begun", begun, "channels", channels, "errors",
                     (json_int_t)daemon->problems.errors, "problems",
                     list_problems(&daemon->problems), "media_trouble",
                     daemon_media_trouble(daemon), "store_trouble", daemon->trouble, "media_room",
                     media_room_warning(daemon->station, room), "store_unnoted", daemon->unnoted,
                     "store_lost", daemon->lost, "not_ready",
                     ready_desk_tell(daemon->ready, only, daemon->now_ms), "tomorrow",
                     ready_desk_lists(daemon->ready, daemon->now_ms));
}

json_t *daemon_answer(struct control_handler *self, const json_t *request)
{
    struct daemon *daemon = (struct daemon *)self;
    const char *command = json_string_value(json_object_get(request, "command"));
    daemon->now_ms = daemon->clock_ms();
    if (command != NULL && strcmp(command, "status") == 0) {
        return tell_status(daemon, request);
    }
    if (command != NULL && strcmp(command, "orders") == 0) {
        return list_orders(daemon, request);
    }
    if (order_desk_knows(command)) {
        return obey(daemon, request);
    }
    return control_error(_("there is no such command; there are slate, emergency, live, insert, "
                           "replace, skip, hold, extend, return, release, undo, orders and "
                           "status."));
}
