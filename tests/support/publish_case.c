/* SPDX-License-Identifier: MIT */
#include "tests/support/publish_case.h"

#include "tests/support/must.h"

#include <string.h>

enum { DAYS_TOLD = 16 };

static struct station *the_station;

const struct station *publish_case_station(void)
{
    struct problems problems;
    if (the_station == NULL) {
        problems_init(&problems);
        MUST(station_load("schedules/station.cfg", &the_station, &problems) == 0);
        problems_finish(&problems);
    }
    return the_station;
}

const struct service *publish_case_service(void)
{
    return station_service(publish_case_station(), "zhangdian");
}

void publish_case_finish(void)
{
    station_destroy(the_station);
    the_station = NULL;
}

struct zone *publish_case_zone(const struct publish_case *that)
{
    struct zone *zone = NULL;
    MUST(zone_open(that->time_zone != NULL ? that->time_zone : "Asia/Shanghai", &zone) == 0);
    return zone;
}

static struct calendar *calendar_of(const struct publish_case *that, struct problems *problems)
{
    struct calendar *calendar = NULL;
    if (that->calendar != NULL) {
        MUST(calendar_parse("calendar.yaml", that->calendar, strlen(that->calendar), &calendar,
                            problems) == 0);
    }
    return calendar;
}

static struct timetable *parse(const struct publish_case *that, const char *text)
{
    const struct timetable_source source = {"week.yaml", text, strlen(text)};
    struct timetable *timetable = NULL;
    struct problems problems;
    problems_init(&problems);
    struct calendar *calendar = calendar_of(that, &problems);
    if (timetable_parse(&source, 1, NULL, calendar, &timetable, &problems) < 0) {
        problems_print(&problems, stderr);
    }
    MUST(timetable != NULL);
    problems_finish(&problems);
    return timetable;
}

struct timetable *publish_case_timetable(const struct publish_case *that)
{
    return parse(that, that->timetable);
}

/* The closed day, if the case has one. */
static struct frozen_days open_frozen(const struct publish_case *that, struct frozen_day *day)
{
    if (that->closed == NULL) {
        return (struct frozen_days){0};
    }
    MUST(when_date(that->closed, &day->date) == 0);
    day->timetable = parse(that, that->closed_timetable);
    return (struct frozen_days){day, 1};
}

static int64_t week_of(const struct publish_case *that)
{
    int64_t week = 0;
    MUST(when_date(that->week, &week) == 0);
    return week;
}

/* From the day before the week to the days that the guide tells. */
static struct plan *plan_of(const struct publish_case *that, const struct publish_source *source)
{
    struct plan *plan = NULL;
    const int64_t week = week_of(that);
    MUST(publish_plan(source, publish_time(source->zone, week - 1, 0) * FRAMES_PER_SECOND,
                      publish_time(source->zone, week + DAYS_TOLD, 0) * FRAMES_PER_SECOND,
                      &plan) == 0);
    return plan;
}

/* What a case is published from. */
struct opened {
    struct library *library;
    struct timetable *timetable;
    struct zone *zone;
    struct frozen_day day;
    struct frozen_days frozen;
};

static struct publish_source open_source(const struct publish_case *that, struct opened *opened)
{
    *opened = (struct opened){.library = library_create(),
                              .timetable = publish_case_timetable(that),
                              .zone = publish_case_zone(that)};
    opened->frozen = open_frozen(that, &opened->day);
    MUST(opened->library != NULL);
    return (struct publish_source){.service = publish_case_service(),
                                   .timetable = opened->timetable,
                                   .library = opened->library,
                                   .zone = opened->zone,
                                   .frozen = &opened->frozen,
                                   .in_force = that->in_force};
}

static void close_source(struct opened *opened)
{
    zone_close(opened->zone);
    timetable_destroy(opened->timetable);
    timetable_destroy(opened->day.timetable);
    library_destroy(opened->library);
}

struct plan *publish_case_plan(const struct publish_case *that)
{
    struct opened opened;
    const struct publish_source source = open_source(that, &opened);
    struct plan *plan = plan_of(that, &source);
    close_source(&opened);
    return plan;
}

struct edition *publish_case_edition(const struct publish_case *that)
{
    struct opened opened;
    struct edition *edition = publish_edition_create();
    MUST(edition != NULL);
    const struct publish_source source = open_source(that, &opened);
    struct plan *plan = plan_of(that, &source);
    edition->number = that->number > 0 ? that->number : 1;
    edition->week = week_of(that);
    edition->time = 1588233600; /* 2020-04-30 16:00 +0800 */
    edition->station = publish_edition_keep(edition, "示例电视课堂");
    edition->time_zone = publish_edition_keep(edition, "Asia/Shanghai");
    MUST(publish_epg(&source, plan, edition) == 0);
    plan_destroy(plan);
    close_source(&opened);
    return edition;
}

const struct epg_entry *publish_case_find(const struct edition *edition, const char *key)
{
    for (size_t i = 0; i < edition->channel_count; i++) {
        for (size_t k = 0; k < edition->channels[i].count; k++) {
            if (strcmp(edition->channels[i].entries[k].texts[EPG_KEY], key) == 0) {
                return &edition->channels[i].entries[k];
            }
        }
    }
    return NULL;
}

int64_t publish_case_time(const struct publish_case *that, const char *text)
{
    struct zone *zone = publish_case_zone(that);
    char date_text[WHEN_TEXT_SIZE];
    int64_t date = 0;
    snprintf(date_text, sizeof(date_text), "%.10s", text);
    MUST(when_date(date_text, &date) == 0 && when_clock(text + 11) >= 0);
    const int64_t time = publish_time(zone, date, when_clock(text + 11));
    zone_close(zone);
    return time;
}
