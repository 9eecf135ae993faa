/* SPDX-License-Identifier: MIT */
#include "tools/check_store.h"

#include "playout/intl.h"
#include "playout/zone.h"
#include "scheduler/planner_ready.h"
#include "scheduler/ready_text.h"
#include "tools/closed_late.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DAYS_AHEAD = 2 };

static bool is_same_text(const char *left, const char *right)
{
    return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

static bool is_same_lesson(const struct lesson *left, const struct lesson *right)
{
    return is_same_text(left != NULL ? left->house_number : NULL,
                        right != NULL ? right->house_number : NULL);
}

/* Whether a list was closed with this change in it; periods are told apart by their names. */
static bool has_change(const struct timetable *closed, const struct timetable *timetable,
                       const struct change *change)
{
    for (size_t i = 0; i < closed->change_count; i++) {
        const struct change *other = &closed->changes[i];
        if (other->kind != change->kind || other->date != change->date ||
            other->other_date != change->other_date || other->start != change->start ||
            other->end != change->end || !is_same_lesson(other->lesson, change->lesson)) {
            continue;
        }
        if (change->kind == CHANGE_SPAN ||
            (is_same_text(closed->periods[other->period].name,
                          timetable->periods[change->period].name) &&
             (change->kind != CHANGE_SWAP ||
              is_same_text(closed->periods[other->other_period].name,
                           timetable->periods[change->other_period].name)))) {
            return true;
        }
    }
    return false;
}

/* A change that was written after the closing looks as if it held.  How many there are. */
static size_t warn_of_late_changes(const char *channel, const struct frozen_day *day,
                                   const struct timetable *timetable, struct problems *problems)
{
    size_t count = 0;
    char date[WHEN_TEXT_SIZE];
    when_date_text(day->date, date);
    for (size_t i = 0; timetable != NULL && i < timetable->change_count; i++) {
        const struct change *change = &timetable->changes[i];
        const bool is_of_day = change->date == day->date ||
                               (change->kind == CHANGE_SWAP && change->other_date == day->date);
        if (is_of_day && !has_change(day->timetable, timetable, change)) {
            problems_add(problems, PROBLEM_WARNING, change->place.file->path, change->place.line,
                         change->place.column,
                         _("the list of %s is closed without this change, which does not hold "
                           "until the list is opened again: `ketang freeze %s %s --off --reason "
                           "TEXT`; or give it as an order: `ketang replace`"),
                         date, channel, date);
            count++;
        }
    }
    return count;
}

static int64_t today_of(const struct station *station, int64_t now_ms)
{
    struct zone *zone = NULL;
    const int64_t today = zone_open(station->time_zone, &zone) == 0 ? zone_date(zone, now_ms / 1000)
                                                                    : now_ms / 1000 / DAY_SECONDS;
    zone_close(zone);
    return today;
}

/* Who mends a file should know which days it does not reach any more. */
static void tell_closed(const struct station *station, const struct planner *planner, int64_t today,
                        struct problems *problems)
{
    for (size_t i = 0; i < station_service_count(station); i++) {
        const struct frozen_days *days = signoff_frozen(planner_signoff(planner), i);
        const char *channel = station_service_at(station, i)->name;
        for (size_t k = 0; days != NULL && k < days->count; k++) {
            char date[WHEN_TEXT_SIZE];
            printf(_("%s: the list of %s is closed, by %s: the files do not change that day any "
                     "more.\n"),
                   channel, when_date_text(days->items[k].date, date), days->items[k].author);
            const struct timetable *timetable = planner_timetable(planner, channel);
            if (days->items[k].date >= today &&
                warn_of_late_changes(channel, &days->items[k], timetable, problems) == 0) {
                closed_late_warn(channel, days, k, timetable, problems);
            }
        }
    }
}

/* Who may not look into the store can mend a timetable all the same. */
static void take_problems(const struct problems *found, bool may_look, struct problems *problems)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct problem *item = &found->items[i];
        problems_add(problems, may_look ? item->severity : PROBLEM_WARNING, item->file, item->line,
                     item->column, "%s", item->text);
    }
}

/* The scheduler makes the state folder; another one that is not there is likely misspelt. */
static void check_folder(const struct station *station, struct problems *problems)
{
    const char *where = station->scheduler.store;
    const char *slash = strrchr(where, '/');
    const size_t length = strlen(station->state);
    const bool is_in_state = strncmp(where, station->state, length) == 0 && where[length] == '/';
    if (store_is_postgres(where) || is_in_state || slash == NULL || slash == where) {
        return;
    }
    char *folder = strndup(where, (size_t)(slash - where));
    if (folder != NULL && access(folder, F_OK) < 0 && errno == ENOENT) {
        problems_add(problems, PROBLEM_ERROR, station->path, 0, 0,
                     _("'store' of 'scheduler' is \"%s\", and there is no folder %s: correct it, "
                       "or make the folder for the user who runs the scheduler"),
                     where, folder);
    }
    free(folder);
}

/* The lessons that have a file and do not air for want of signatures; *first: the first of them. */
static size_t count_unsigned(const struct ready_board *board, const struct ready_row **first)
{
    size_t count = 0;
    for (size_t i = 0; i < board->count; i++) {
        const struct ready_row *row = &board->rows[i];
        if (row->state == MEDIA_UNAPPROVED && row->start != READY_NO_TIME) {
            *first = count == 0 ? row : *first;
            count++;
        }
    }
    return count;
}

static void warn_of_unsigned(const struct station *station, const struct planner *planner,
                             int64_t now_ms, struct problems *problems)
{
    struct ready_board board = {0};
    struct zone *zone = NULL;
    const struct ready_row *first = NULL;
    int result = zone_open(station->time_zone, &zone);
    for (size_t i = 0; result == 0 && i < station_service_count(station); i++) {
        result = planner_ready(planner, station_service_at(station, i), now_ms,
                               now_ms + DAYS_AHEAD * DAY_SECONDS * 1000LL, &board);
    }
    ready_sort(&board);
    const size_t count = result == 0 ? count_unsigned(&board, &first) : 0;
    if (count > 0) {
        char start[READY_TIME_SIZE];
        ready_time_text(first, zone, start);
        start[10] = ' ';
        start[16] = '\0'; /* to the minute */
        problems_add(problems, PROBLEM_WARNING, station->path, 0, 0,
                     ngettext("'approval_stages' is %d: %zu airing of the next two days lacks "
                              "signatures and falls out, %s %s %s; sign with `ketang approve`; "
                              "if you have changed the setting, before the scheduler starts again",
                              "'approval_stages' is %d: %zu airings of the next two days, repeats "
                              "counted, lack signatures and fall out, the first %s %s %s; sign "
                              "with `ketang approve`; if you have changed the setting, before the "
                              "scheduler starts again",
                              count),
                     station->scheduler.approval_stages, count, first->channel, start,
                     first->house_number);
    }
    ready_finish(&board);
    zone_close(zone);
}

void check_store(const struct station *station, struct planner *planner, bool is_whole,
                 struct problems *problems)
{
    const int64_t now_ms = (int64_t)time(NULL) * 1000;
    struct problems found;
    problems_init(&found);
    const int result = planner_open_signoff(planner, now_ms, &found);
    tell_closed(station, planner, today_of(station, now_ms), problems);
    if (is_whole) {
        take_problems(&found, result != -EACCES, problems);
    }
    if (is_whole && result == 0 && found.errors == 0) {
        check_folder(station, problems);
    }
    if (is_whole && result == 0 && station->scheduler.approval_stages > 0) {
        warn_of_unsigned(station, planner, now_ms, problems);
    }
    problems_finish(&found);
}
