/* SPDX-License-Identifier: MIT */
#include "tests/support/week_bench.h"

#include "playout/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(struct week_bench *bench, const char *what)
{
    fprintf(stderr, "%s\n", what);
    problems_print(&bench->problems, stderr);
    abort();
}

static void open_bench(struct week_bench *bench)
{
    struct problems problems;
    *bench = (struct week_bench){0};
    problems_init(&bench->problems);
    problems_init(&problems);
    if (station_load("schedules/station.cfg", &bench->station, &problems) < 0 ||
        zone_open("Asia/Shanghai", &bench->zone) < 0) {
        die(bench, "no station");
    }
    problems_finish(&problems);
    bench->profile = station_profile(bench->station, "sd");
    bench->library = library_create();
}

void week_bench_load(struct week_bench *bench, const char *folder, const char *const *names)
{
    char paths[8][256];
    const char *list[8];
    size_t count = 0;
    open_bench(bench);
    for (; names[count] != NULL; count++) {
        snprintf(paths[count], sizeof(paths[count]), "%s/%s", folder, names[count]);
        list[count] = paths[count];
    }
    if (timetable_load(list, count, NULL, &bench->timetable, &bench->problems) < 0) {
        die(bench, "the timetable is broken");
    }
}

void week_bench_parse(struct week_bench *bench, const char *text, const char *calendar_text)
{
    struct timetable_source sources[8];
    char names[8][16];
    struct calendar *calendar = NULL;
    size_t count = 0;
    open_bench(bench);
    for (const char *at = text; at != NULL; count++) {
        const char *end = strstr(at, "---\n");
        snprintf(names[count], sizeof(names[count]), "%c.yaml", (char)('a' + count));
        sources[count] = (struct timetable_source){names[count], at,
                                                   end != NULL ? (size_t)(end - at) : strlen(at)};
        at = end != NULL ? end + 4 : NULL;
    }
    if ((calendar_text != NULL && calendar_parse("cal.yaml", calendar_text, strlen(calendar_text),
                                                 &calendar, &bench->problems) < 0) ||
        timetable_parse(sources, count, NULL, calendar, &bench->timetable, &bench->problems) < 0) {
        die(bench, "the timetable is broken");
    }
}

void week_bench_finish(struct week_bench *bench)
{
    timetable_destroy(bench->timetable);
    library_destroy(bench->library);
    zone_close(bench->zone);
    station_destroy(bench->station);
    problems_finish(&bench->problems);
}

const char *week_bench_add(struct week_bench *bench, const char *house_number, enum asset_kind kind,
                           int64_t frames)
{
    char *number = strdup(house_number);
    struct library_asset asset = {.house_number = number,
                                  .profile = bench->profile->name,
                                  .kind = kind,
                                  .duration = frames,
                                  .created_ms = ++bench->assets};
    snprintf(asset.sha256, sizeof(asset.sha256), "%064x", (unsigned)bench->assets);
    if (library_add(bench->library, &asset) < 0) {
        die(bench, "out of memory");
    }
    free(number);
    return library_find(bench->library, bench->profile->name, house_number)->sha256;
}

void week_bench_add_lessons(struct week_bench *bench, int seconds)
{
    for (size_t i = 0; i < bench->timetable->lesson_count; i++) {
        const struct lesson *lesson = &bench->timetable->lessons[i];
        const int length = lesson->media > 0 ? lesson->media : seconds;
        if (lesson->live == NULL) {
            week_bench_add(bench, lesson->house_number,
                           lesson->is_shared ? ASSET_CARD : ASSET_LESSON,
                           (int64_t)length * FRAMES_PER_SECOND);
        }
    }
}

int64_t week_bench_date(const char *text)
{
    int64_t date = 0;
    if (when_date(text, &date) < 0) {
        abort();
    }
    return date;
}

int64_t week_bench_frame(const struct week_bench *bench, const char *date, const char *clock)
{
    struct civil civil = {.second = when_clock(clock)};
    civil_date(week_bench_date(date), &civil);
    return zone_from_civil(bench->zone, &civil) * FRAMES_PER_SECOND;
}

struct plan *week_bench_compile(struct week_bench *bench, const char *from, const char *to)
{
    struct plan *plan = NULL;
    const struct compile_input input = {
        .timetable = bench->timetable,
        .library = bench->library,
        .profile = bench->profile,
        .zone = bench->zone,
        .from = week_bench_frame(bench, from, "00:00"),
        .to = week_bench_frame(bench, to, "00:00"),
        .clearance = bench->clearance,
        .cutoff_ms = bench->cutoff_ms,
        .base = bench->base,
        .problems = &bench->problems,
    };
    if (compile(&input, &plan) < 0) {
        die(bench, "out of memory");
    }
    for (size_t i = 1; i < plan->event_count; i++) {
        if (event_end(&plan->events[i - 1]) != plan->events[i].start) {
            die(bench, "a gap in the plan");
        }
    }
    return plan;
}

const struct plan_event *week_bench_at(const struct week_bench *bench, const struct plan *plan,
                                       const char *date, const char *clock)
{
    const ptrdiff_t index = plan_find(plan, week_bench_frame(bench, date, clock));
    if (index < 0) {
        fprintf(stderr, "%s %s is not in the plan\n", date, clock);
        abort();
    }
    return &plan->events[index];
}

bool week_bench_says(const struct week_bench *bench, const char *name, const char *text)
{
    for (size_t i = 0; i < bench->problems.count; i++) {
        const struct problem *problem = &bench->problems.items[i];
        const bool is_named =
            name == NULL || (problem->name != NULL && strcmp(problem->name, name) == 0);
        if (is_named && strstr(problem->text, text) != NULL) {
            return true;
        }
    }
    return false;
}

struct plan *week_bench_compile_one(struct week_bench *bench, const char *date)
{
    char next[WHEN_TEXT_SIZE];
    when_date_text(week_bench_date(date) + 1, next);
    return week_bench_compile(bench, date, next);
}

#define CALENDAR "format: 1\nterms: [{name: t, week_1: 2020-02-10, weeks: 20}]\ndates:\n"

/* A lesson for each weekday: L1 on Monday ... L5 on Friday, at 8:00. */
#define WEEK                                                                                       \
    "format: 1\nchannel: a\ncalendar: c\n"                                                         \
    "lessons:\n"                                                                                   \
    "  - {house_number: L1, grade: 一年级, subject: 语文, title: one}\n"                      \
    "  - {house_number: L2, grade: 一年级, subject: 语文, title: two}\n"                      \
    "  - {house_number: L3, grade: 一年级, subject: 语文, title: three}\n"                    \
    "  - {house_number: L4, grade: 一年级, subject: 语文, title: four}\n"                     \
    "  - {house_number: L5, grade: 一年级, subject: 语文, title: five}\n"                     \
    "  - {house_number: ODD, grade: 一年级, title: odd}\n"                                      \
    "periods: [{name: p, start: 8:00, end: 8:20}]\n"                                               \
    "days: [周一, 周二, 周三, 周四, 周五]\n"                                             \
    "grid: {p: [L1, L2, L3, L4, L5]}\n"

void week_bench_open_week(struct week_bench *bench, const char *more, const char *dates)
{
    char *text = NULL;
    char *calendar = NULL;
    if (asprintf(&text, "%s%s", WEEK, more) < 0 ||
        asprintf(&calendar, "%s%s", CALENDAR, dates) < 0) {
        abort();
    }
    week_bench_parse(bench, text, calendar);
    week_bench_add_lessons(bench, 20 * 60);
    free(text);
    free(calendar);
}
