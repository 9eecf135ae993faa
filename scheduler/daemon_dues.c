/* SPDX-License-Identifier: MIT */
#include "scheduler/daemon_private.h"

#include "scheduler/planner_ready.h"

#include <string.h>

enum { DUES_EVERY_MS = 5000 };

#define DAY_MS INT64_C(86400000)

static int make_list(const struct daemon *daemon, struct due_list **list)
{
    const struct station *station = daemon->station;
    const int64_t now_ms = daemon->now_ms;
    struct ready_board board = {0};
    int result = 0;
    for (size_t i = 0; result == 0 && i < station_service_count(station); i++) {
        result = planner_ready(daemon->planner, station_service_at(station, i), now_ms,
                               now_ms + DUE_DAYS_AHEAD * DAY_MS, &board);
    }
    if (result < 0) {
        ready_finish(&board);
        return result;
    }
    return due_list_create(station, &board, list);
}

/* Of timetables with mistakes nothing is known: what was known before holds. */
void daemon_tell_dues(struct daemon *daemon)
{
    struct due_list *list = NULL;
    if (!daemon->has_news_of_dues || daemon->problems.errors > 0 ||
        (daemon->now_ms < daemon->dues_ms + DUES_EVERY_MS && daemon->now_ms >= daemon->dues_ms)) {
        return;
    }
    daemon->dues_ms = daemon->now_ms;
    const int result = make_list(daemon, &list);
    daemon->has_news_of_dues = result < 0;
    if (result == 0) {
        keeper_take_dues(daemon->keeper, list);
    } else {
        log_write(daemon->log, LOG_LEVEL_WARNING, daemon->now_ms, "event=dues_failed error=\"%s\"",
                  strerror(-result));
    }
}
