/* SPDX-License-Identifier: MIT */
#include "tools/approve_airs.h"

#include "playout/intl.h"
#include "playout/text_same.h"
#include "scheduler/order.h"
#include "scheduler/order_desk.h"
#include "scheduler/store/store_approval.h"
#include "tools/approve_text.h"
#include "tools/order_words.h"

#include <jansson.h>
#include <string.h>

enum { SECOND_AT = 19, KIND_SIZE = 128 };

static bool is_first_run(const struct approve_airs *airs)
{
    return strcmp(airs->run, APPROVAL_FIRST_RUN) == 0;
}

static void begin(struct approve_airs *airs)
{
    if (!airs->is_told) {
        fputs(_("But this file still airs: what is on air goes on, and so do orders:\n"),
              airs->out);
    }
    airs->is_told = true;
}

static void print_replace(const struct approve_airs *airs, const char *channel)
{
    approve_text_begin(airs->out, "replace", airs->station->path);
    fprintf(airs->out, _("%s now HOUSE_NUMBER --reason 错播\n"), channel);
}

/* Ended as such, it makes way for what is below; nothing else can be put in its place. */
static bool print_return(const struct approve_airs *airs, const struct plan *plan, int64_t id)
{
    const struct plan_amendment *order = plan_find_order(plan, id);
    if (order == NULL || !order_is_break_in(order)) {
        return false;
    }
    const bool is_hold = strcmp(order->kind, order_kind_name(ORDER_HOLD)) == 0;
    approve_text_begin(airs->out, is_hold ? "release" : "return", airs->station->path);
    fprintf(airs->out, "%s\n", plan->channel);
    return true;
}

/* The first run stands for all; the small hours are of the day before. */
static bool is_of_run(const struct approve_airs *airs, const struct plan_event *event)
{
    enum { DAY_BEGINS = 6 * 3600 };
    char day[STORE_DATE_SIZE];
    const int64_t second = event->start / FRAMES_PER_SECOND - DAY_BEGINS;
    return is_first_run(airs) ||
           (event->kind == EVENT_REPEAT &&
            strcmp(airs->run, store_date_text(zone_date(airs->zone, second), day)) == 0);
}

static void tell_on_air(struct approve_airs *airs, const struct plan *plan, int64_t now)
{
    char text[ZONE_TEXT_SIZE];
    const ptrdiff_t index = plan_find(plan, now);
    if (index < 0 || strcmp(plan->events[index].asset, airs->sha256) != 0 ||
        !is_of_run(airs, &plan->events[index])) {
        return;
    }
    size_t last = (size_t)index;
    while (last + 1 < plan->event_count &&
           strcmp(plan->events[last + 1].asset, airs->sha256) == 0) {
        last++;
    }
    begin(airs);
    fprintf(airs->out, _("  %s: on air until %.*s; to end it now: "), plan->channel, SECOND_AT,
            zone_frame_text(airs->zone, event_end(&plan->events[last]), text));
    if (!print_return(airs, plan, plan->events[index].amendment)) {
        print_replace(airs, plan->channel);
    }
}

/* What is `ordered` is still to air; undone it can be until the time that it was given for. */
static void tell_order(struct approve_airs *airs, const struct plan *plan,
                       const struct plan_amendment *order, const json_t *item, int64_t now)
{
    char kind[KIND_SIZE];
    const char *state = json_string_value(json_object_get(item, "state"));
    const char *time = json_string_value(json_object_get(item, "time"));
    if (!text_same(order->asset, airs->sha256) || !text_same(state, "ordered")) {
        return;
    }
    begin(airs);
    order_words_kind(order->kind, order->mode != NULL ? order->mode : "", kind, sizeof(kind));
    if (now < order->from) {
        fprintf(airs->out, _("  %s: order %lld (%s), from %.*s; to take it back before: "),
                plan->channel, (long long)order->id, kind, SECOND_AT, time);
        approve_text_begin(airs->out, "undo", airs->station->path);
        fprintf(airs->out, "%s %lld\n", plan->channel, (long long)order->id);
    } else {
        fprintf(airs->out, _("  %s: order %lld (%s), from %.*s; to end it then: "), plan->channel,
                (long long)order->id, kind, SECOND_AT, time);
        print_replace(airs, plan->channel);
    }
}

void approve_airs_tell_plan(struct approve_airs *airs, const struct plan *plan)
{
    const int64_t now = airs->now_ms * FRAMES_PER_SECOND / 1000;
    json_t *list = json_array();
    order_desk_list(list, plan, airs->zone, airs->now_ms);
    tell_on_air(airs, plan, now);
    for (size_t i = 0; i < plan->amendment_count && is_first_run(airs); i++) {
        tell_order(airs, plan, &plan->amendments[i], json_array_get(list, i), now);
    }
    json_decref(list);
}

void approve_airs_tell(struct approve_airs *airs, const struct planner *planner)
{
    for (size_t i = 0; i < station_service_count(airs->station); i++) {
        struct plan *plan = NULL;
        if (planner_latest(planner, station_service_at(airs->station, i), &plan) == 0) {
            approve_airs_tell_plan(airs, plan);
        }
        plan_destroy(plan);
    }
}
