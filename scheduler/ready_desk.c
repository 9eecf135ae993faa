/* SPDX-License-Identifier: MIT */
#include "scheduler/ready_desk.h"

#include "playout/intl.h"
#include "scheduler/planner_ready.h"
#include "scheduler/ready_text.h"
#include "scheduler/ready_watch.h"
#include "scheduler/when.h"

#include <stdlib.h>
#include <string.h>

struct ready_desk {
    struct ready_world world; /* first */
    const struct station *station;
    const struct zone *zone;
    const struct planner *planner;
    struct log *log;
    struct ready_watch *watch;
    int64_t now_ms;
    bool has_failed; /* and it was said */
};

static int survey(struct ready_world *self, int64_t from_ms, int64_t to_ms,
                  struct ready_board *board)
{
    const struct ready_desk *desk = (const struct ready_desk *)self;
    int result = 0;
    for (size_t i = 0; result == 0 && i < station_service_count(desk->station); i++) {
        result = planner_ready_ordered(desk->planner, station_service_at(desk->station, i), from_ms,
                                       to_ms, board);
    }
    return result;
}

static void tell(struct ready_world *self, enum ready_news news, const struct ready_row *row)
{
    const struct ready_desk *desk = (const struct ready_desk *)self;
    char time[READY_TIME_SIZE];
    char instead[READY_TEXT_SIZE];
    ready_time_text(row, desk->zone, time);
    ready_instead_text(row, instead);
    if (news == READY_NEWS_MISSING) {
        log_write(desk->log, LOG_LEVEL_WARNING, desk->now_ms,
                  "event=lesson_missing channel=%s time=%s house_number=\"%s\" state=%s text=\"%s%s"
                  "%s%s%s\"",
                  row->channel, time, log_quote(row->house_number).text,
                  ready_state_name(row->state), log_quote(row->title).text, _(": "),
                  ready_cause_text(row->state), _("; "), log_quote(instead).text);
    } else {
        log_write(desk->log, LOG_LEVEL_WARNING, desk->now_ms,
                  "event=substitute_decided channel=%s time=%s house_number=\"%s\" state=%s "
                  "airs=\"%s\" text=\"%s%s%s\"",
                  row->channel, time, log_quote(row->house_number).text,
                  ready_state_name(row->state), log_quote(row->airs).text,
                  log_quote(row->title).text, _(": "), log_quote(instead).text);
    }
}

struct ready_desk *ready_desk_create(const struct station *station, const struct zone *zone,
                                     const struct planner *planner, struct log *log)
{
    struct ready_desk *desk = calloc(1, sizeof(*desk));
    if (desk == NULL) {
        return NULL;
    }
    *desk = (struct ready_desk){
        .world = {survey, tell}, .station = station, .zone = zone, .planner = planner, .log = log};
    desk->watch =
        ready_watch_create(&desk->world, (int64_t)station->scheduler.cutoff_minutes * 60000);
    if (desk->watch == NULL) {
        free(desk);
        return NULL;
    }
    return desk;
}

void ready_desk_destroy(struct ready_desk *desk)
{
    if (desk != NULL) {
        ready_watch_destroy(desk->watch);
        free(desk);
    }
}

void ready_desk_invalidate(struct ready_desk *desk)
{
    ready_watch_invalidate(desk->watch);
}

void ready_desk_turn(struct ready_desk *desk, int64_t now_ms)
{
    desk->now_ms = now_ms;
    const int result = ready_watch_turn(desk->watch, now_ms);
    if (result < 0 && !desk->has_failed) {
        log_write(desk->log, LOG_LEVEL_ERROR, now_ms, "event=ready_failed error=\"%s\"",
                  strerror(-result));
    }
    desk->has_failed = result < 0;
}

/* True when somebody has to do something about what is on air now, or comes. */
static bool is_due(const struct ready_row *row, int64_t now_ms)
{
    return ready_is_wanting(row) && row->end > now_ms * FRAMES_PER_SECOND / 1000;
}

/* A later round of what loops: told of with the first. */
static bool is_told(const struct ready_board *board, size_t index, int64_t now_ms)
{
    const struct ready_row *row = &board->rows[index];
    for (size_t i = index; i > 0; i--) {
        const struct ready_row *earlier = &board->rows[i - 1];
        if (is_due(earlier, now_ms) && strcmp(earlier->channel, row->channel) == 0 &&
            strcmp(earlier->house_number, row->house_number) == 0) {
            return true;
        }
    }
    return false;
}

json_t *ready_desk_tell(const struct ready_desk *desk, const char *channel, int64_t now_ms)
{
    const struct ready_board *board = ready_watch_board(desk->watch);
    json_t *lessons = json_array();
    json_int_t count = 0;
    if (board == NULL) {
        json_decref(lessons);
        return json_null();
    }
    for (size_t i = 0; i < board->count; i++) {
        const struct ready_row *row = &board->rows[i];
        if (ready_start_ms(row) > now_ms + READY_WARN_MS) {
            break; /* the board is sorted */
        }
        if ((channel != NULL && strcmp(row->channel, channel) != 0) || !is_due(row, now_ms) ||
            is_told(board, i, now_ms)) {
            continue;
        }
        if (count++ < READY_DESK_LISTED) {
            json_array_append_new(lessons, ready_json(row, desk->zone));
        }
    }
    return json_pack("{s:I, s:o}", "count", count, "lessons", lessons);
}

json_t *ready_desk_lists(const struct ready_desk *desk, int64_t now_ms)
{
    const struct signoff *signoff = planner_signoff(desk->planner);
    char date[WHEN_TEXT_SIZE];
    struct civil civil;
    zone_to_civil(desk->zone, now_ms / 1000, &civil);
    const int64_t tomorrow = civil_days(civil.year, civil.month, civil.day) + 1;
    json_t *closed = json_array();
    json_t *open = json_array();
    for (size_t i = 0; i < station_service_count(desk->station); i++) {
        const char *name = station_service_at(desk->station, i)->name;
        if (planner_timetable(desk->planner, name) != NULL) {
            const bool is_closed = frozen_days_find(signoff_frozen(signoff, i), tomorrow) != NULL;
            json_array_append_new(is_closed ? closed : open, json_string(name));
        }
    }
    const struct scheduler_settings *settings = &desk->station->scheduler;
    const bool is_overdue =
        settings->has_freeze && civil.hour * 60 + civil.minute > settings->freeze_minute;
    return json_pack("{s:s, s:o, s:o, s:b}", "date", when_date_text(tomorrow, date), "closed",
                     closed, "open", open, "overdue", is_overdue && json_array_size(open) > 0);
}
