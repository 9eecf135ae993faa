/* SPDX-License-Identifier: MIT */
#include "scheduler/submit_desk.h"

#include "playout/intl.h"
#include "playout/station_names.h"
#include "playout/zone.h"
#include "scheduler/planner.h"
#include "scheduler/planner_ready.h"
#include "scheduler/store/store_job.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAYS_AHEAD = 28 };

#define DAY_MS 86400000LL

struct submit_desk {
    const struct station *station;
    int64_t now_ms;
    struct zone *zone;
    struct planner *planner;
    struct named_numbers *named;
    struct ready_board board;
    struct film_lesson *lessons;
    size_t lesson_count;
    size_t lesson_capacity;
    struct film_airing *airings;
    size_t airing_count;
    struct film_matcher *matcher;
    struct due *dues; /* room for the station's profiles */
};

/* --- What timetables name ------------------------------------------------------------------ */

static size_t find_lesson(const struct submit_desk *desk, const char *house_number)
{
    size_t i = 0;
    while (i < desk->lesson_count && strcmp(desk->lessons[i].house_number, house_number) != 0) {
        i++;
    }
    return i;
}

/* Once; the first timetable that has it as a lesson says what it is. */
static int add_lesson(struct submit_desk *desk, const struct film_lesson *lesson)
{
    enum { FIRST = 64 };
    if (lesson->house_number == NULL || lesson->house_number[0] == '\0' ||
        find_lesson(desk, lesson->house_number) < desk->lesson_count) {
        return 0;
    }
    if (desk->lesson_count == desk->lesson_capacity) {
        const size_t capacity = desk->lesson_capacity > 0 ? 2 * desk->lesson_capacity : FIRST;
        struct film_lesson *more = reallocarray(desk->lessons, capacity, sizeof(desk->lessons[0]));
        if (more == NULL) {
            return -ENOMEM;
        }
        desk->lessons = more;
        desk->lesson_capacity = capacity;
    }
    desk->lessons[desk->lesson_count++] = *lesson;
    return 0;
}

static int add_number(struct submit_desk *desk, const char *house_number)
{
    const struct film_lesson lesson = {.house_number = house_number};
    return add_lesson(desk, &lesson);
}

static int add_lessons(struct submit_desk *desk, const struct timetable *timetable)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < timetable->lesson_count; i++) {
        const struct lesson *lesson = &timetable->lessons[i];
        const struct film_lesson known = {lesson->house_number, lesson->title,   lesson->grade,
                                          lesson->subject,      lesson->teacher, lesson->school};
        result = add_lesson(desk, &known);
    }
    return result;
}

/* What airs besides lessons has a number alone. */
static int add_others(struct submit_desk *desk, const struct timetable *timetable)
{
    const struct presentation *cards = &timetable->presentation;
    const char *const more[] = {cards->opening.house_number, cards->closing.house_number,
                                cards->next.house_number, cards->countdown.house_number};
    int result = 0;
    for (size_t i = 0; result == 0 && i < timetable->lesson_count; i++) {
        result = add_number(desk, timetable->lessons[i].substitute);
    }
    for (size_t i = 0; result == 0 && i < timetable->filler_count; i++) {
        result = add_number(desk, timetable->fillers[i].house_number);
    }
    for (size_t i = 0; result == 0 && i < timetable->fixture_count; i++) {
        result = add_number(desk, timetable->fixtures[i].house_number);
        for (size_t k = 0; result == 0 && k < timetable->fixtures[i].list_count; k++) {
            result = add_number(desk, timetable->fixtures[i].list[k]);
        }
    }
    for (size_t i = 0; result == 0 && i < sizeof(more) / sizeof(more[0]); i++) {
        result = add_number(desk, more[i]);
    }
    return result;
}

static const char *period_at(const struct timetable *timetable, int seconds)
{
    for (size_t i = 0; i < timetable->period_count; i++) {
        if (timetable->periods[i].start == seconds) {
            return timetable->periods[i].name;
        }
    }
    return NULL;
}

static void add_airings(struct submit_desk *desk, const struct service *service)
{
    for (size_t i = 0; i < desk->board.count; i++) {
        const struct ready_row *row = &desk->board.rows[i];
        const struct timetable *timetable =
            row->start != READY_NO_TIME && strcmp(row->channel, service->name) == 0
                ? planner_timetable_on(desk->planner, service->name, row->date)
                : NULL;
        const size_t lesson = find_lesson(desk, row->house_number);
        if (timetable == NULL || row->run != READY_FIRST_RUN || lesson == desk->lesson_count) {
            continue;
        }
        desk->airings[desk->airing_count++] =
            (struct film_airing){.lesson = lesson,
                                 .channel = service->name,
                                 .channel_title = service->title,
                                 .date = row->date,
                                 .week = calendar_week(timetable->calendar, row->date),
                                 .period = period_at(timetable, row->seconds),
                                 .start = row->seconds};
    }
}

static int know(struct submit_desk *desk)
{
    const size_t services = station_service_count(desk->station);
    int result = 0;
    for (int is_other = 0; is_other < 2; is_other++) {
        for (size_t i = 0; result == 0 && i < services; i++) {
            const struct timetable *timetable =
                planner_timetable(desk->planner, station_service_at(desk->station, i)->name);
            if (timetable != NULL) {
                result = is_other ? add_others(desk, timetable) : add_lessons(desk, timetable);
            }
        }
    }
    desk->airings = calloc(desk->board.count + 1, sizeof(desk->airings[0]));
    if (result < 0 || desk->airings == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < services; i++) {
        add_airings(desk, station_service_at(desk->station, i));
    }
    desk->matcher =
        film_matcher_create(desk->lessons, desk->lesson_count, desk->airings, desk->airing_count);
    return desk->matcher != NULL ? 0 : -ENOMEM;
}

static int read_board(struct submit_desk *desk, struct problems *problems)
{
    int result = planner_create(desk->station, &desk->planner);
    if (result == 0) {
        result = planner_load_timetables(desk->planner, problems);
    }
    for (size_t i = 0; result == 0 && i < station_service_count(desk->station); i++) {
        result = planner_ready(desk->planner, station_service_at(desk->station, i), desk->now_ms,
                               desk->now_ms + DAYS_AHEAD * DAY_MS, &desk->board);
    }
    ready_sort(&desk->board);
    return result;
}

int submit_desk_create(const struct station *station, int64_t now_ms, struct submit_desk **desk,
                       struct problems *problems)
{
    struct submit_desk *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->station = station;
    fresh->now_ms = now_ms;
    fresh->named = named_numbers_read(station);
    fresh->dues = calloc(station->profile_count + 1, sizeof(fresh->dues[0]));
    int result = fresh->named != NULL && fresh->dues != NULL
                     ? zone_open(station->time_zone, &fresh->zone)
                     : -ENOMEM;
    result = result < 0 ? result : read_board(fresh, problems);
    result = result < 0 ? result : know(fresh);
    if (result < 0) {
        submit_desk_destroy(fresh);
        return result;
    }
    *desk = fresh;
    return 0;
}

void submit_desk_destroy(struct submit_desk *desk)
{
    if (desk != NULL) {
        film_matcher_destroy(desk->matcher);
        free(desk->airings);
        free(desk->lessons);
        ready_finish(&desk->board);
        named_numbers_destroy(desk->named);
        planner_destroy(desk->planner);
        zone_close(desk->zone);
        free(desk->dues);
        free(desk);
    }
}

/* --- Questions -------------------------------------------------------------------------------- */

void submit_desk_match(const struct submit_desk *desk, const struct film_said *said,
                       struct film_match *match)
{
    film_match(desk->matcher, said, match);
}

const char *submit_desk_suggest(const struct submit_desk *desk, const char *house_number)
{
    return named_numbers_suggest(desk->named, house_number);
}

const struct film_lesson *submit_desk_lesson(const struct submit_desk *desk,
                                             const char *house_number)
{
    return film_matcher_lesson(desk->matcher, house_number);
}

/* The channel that a text begins with, and what follows it; NULL: none does. */
static const struct service *read_channel(const struct submit_desk *desk, const char *text,
                                          const char **rest)
{
    for (size_t i = 0; i < station_service_count(desk->station); i++) {
        const struct service *service = station_service_at(desk->station, i);
        const size_t length = strlen(service->name);
        if (strncmp(text, service->name, length) == 0 && text[length] == ' ') {
            *rest = text + length + strspn(text + length, " ");
            return service;
        }
    }
    return NULL;
}

const char *submit_desk_slot(const struct submit_desk *desk, const char *text,
                             char complaint[ORDER_WHEN_TEXT_SIZE])
{
    const char *rest = NULL;
    int64_t frame = 0;
    const struct service *service = read_channel(desk, text, &rest);
    if (service == NULL) {
        snprintf(complaint, ORDER_WHEN_TEXT_SIZE,
                 _("a slot begins with its channel, as in \"%s 2026-11-30 第一节\""),
                 station_service_at(desk->station, 0)->name);
        return NULL;
    }
    const struct order_periods periods = planner_periods(desk->planner, service->name);
    const int result = order_when_read(rest, &periods, desk->zone, desk->now_ms, &frame);
    if (result == -ERANGE) {
        snprintf(complaint, ORDER_WHEN_TEXT_SIZE, _("that slot has gone by"));
        return NULL;
    }
    if (result < 0) {
        order_when_complain(rest, &periods, zone_date(desk->zone, desk->now_ms / 1000), result,
                            complaint);
        return NULL;
    }
    for (size_t i = 0; i < desk->board.count; i++) {
        const struct ready_row *row = &desk->board.rows[i];
        if (row->start != READY_NO_TIME && strcmp(row->channel, service->name) == 0 &&
            row->start <= frame && frame < row->end && row->house_number[0] != '\0') {
            return row->house_number;
        }
    }
    snprintf(complaint, ORDER_WHEN_TEXT_SIZE,
             _("no lesson is planned there (`ketang ready` shows the slots to come)"));
    return NULL;
}

size_t submit_desk_dues(struct submit_desk *desk, const char *house_number,
                        const struct profile *only, const struct due **dues)
{
    size_t count = due_find(desk->station, desk->named, &desk->board, house_number, desk->dues);
    if (only != NULL) {
        int64_t due_ms = JOB_NOT_PLANNED;
        for (size_t i = 0; i < count; i++) {
            due_ms = desk->dues[i].profile == only ? desk->dues[i].due_ms : due_ms;
        }
        desk->dues[0] = (struct due){only, due_ms};
        count = 1;
    } else if (count == 0) {
        desk->dues[0] = (struct due){&desk->station->profiles[0], JOB_NOT_PLANNED};
        count = 1;
    }
    *dues = desk->dues;
    return count;
}

const struct ready_row *submit_desk_airing(const struct submit_desk *desk, const char *house_number)
{
    const struct ready_row *found = NULL;
    for (size_t i = 0; i < desk->board.count; i++) {
        const struct ready_row *row = &desk->board.rows[i];
        if (row->start != READY_NO_TIME && strcmp(row->house_number, house_number) == 0 &&
            (found == NULL || (found->run != READY_FIRST_RUN && row->run == READY_FIRST_RUN))) {
            found = row;
        }
    }
    return found;
}

int64_t submit_desk_reserve_bytes(const struct submit_desk *desk)
{
    return desk->station->keeping.reserve_bytes;
}
