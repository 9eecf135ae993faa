/* SPDX-License-Identifier: MIT */
#include "scheduler/order_when.h"

#include "playout/station.h"
#include "scheduler/when.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum { TEXT_MOST = 95 };

/* A day as it was said. */
struct said_day {
    int64_t date;
    int step; /* days to the next one of that name; 0: there is no other */
};

/* 0, -EINVAL, or -EDOM when the calendar has no such day. */
static int read_day(const char *text, int64_t today, struct said_day *day)
{
    const int weekday = when_day(text);
    *day = (struct said_day){.date = today, .step = 1};
    if (text[0] == '\0') {
        return 0;
    }
    if (weekday >= 0) {
        const int ahead = (weekday - civil_weekday(today) + DAYS_PER_WEEK) % DAYS_PER_WEEK;
        *day = (struct said_day){.date = today + ahead, .step = DAYS_PER_WEEK};
        return 0;
    }
    day->step = 0;
    const int result = when_date_said(text, today, &day->date);
    return result == -ERANGE ? -EDOM : result;
}

/* Past the one sign that parts day and time, if there is any. */
static const char *skip_parting(const char *text)
{
    static const char *const signs[] = {" ", "T", "　"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (strncmp(text, signs[i], strlen(signs[i])) == 0) {
            return text + strlen(signs[i]);
        }
    }
    return text;
}

/* Seconds of the day of a clock, or of a period's start; -EINVAL: neither. */
static int read_time(const char *text, const struct timetable *timetable)
{
    const int seconds = when_clock(text);
    const size_t period =
        seconds < 0 && timetable != NULL ? timetable_period(timetable, text) : SIZE_MAX;
    return period < SIZE_MAX && period < timetable->period_count ? timetable->periods[period].start
                                                                 : seconds;
}

/* Where the day ends and the time begins: the first place at which both can be read; -errno. */
static int read_parts(const char *text, const struct timetable *timetable, int64_t today,
                      struct said_day *day)
{
    char before[TEXT_MOST + 1];
    const size_t length = strlen(text);
    int result = -EINVAL;
    for (size_t i = 0; i < length && length <= TEXT_MOST; i++) {
        const char *time = i > 0 ? skip_parting(text + i) : text;
        /* "2026-11-27:20": after a digit nothing tells where the time begins */
        if (i > 0 && time == text + i && isalnum((unsigned char)text[i - 1])) {
            continue;
        }
        memcpy(before, text, i);
        before[i] = '\0';
        const int seconds = read_time(time, timetable);
        const bool is_time = seconds >= 0 && (i > 0 || seconds < DAY_SECONDS);
        const int read = is_time ? read_day(before, today, day) : -EINVAL;
        if (read == 0) {
            return seconds;
        }
        result = read == -EDOM ? read : result;
    }
    return result;
}

static int64_t time_on(const struct zone *zone, int64_t date, int seconds)
{
    struct civil civil = {0};
    civil_date(date, &civil);
    civil.hour = seconds / 3600;
    civil.minute = seconds / 60 % 60;
    civil.second = seconds % 60;
    return zone_from_civil(zone, &civil);
}

int order_when_read(const char *text, const struct timetable *timetable, const struct zone *zone,
                    int64_t now_ms, int64_t *frame)
{
    struct said_day day;
    const int seconds = read_parts(text, timetable, zone_date(zone, now_ms / 1000), &day);
    if (seconds < 0) {
        return seconds;
    }
    /* On Saturday at 00:30 "Friday 24:40" is ten minutes ahead: the days said repeat. */
    int64_t time_s = time_on(zone, day.date - day.step, seconds);
    for (int i = 0; i < 2 && time_s * 1000 <= now_ms && day.step > 0; i++) {
        time_s = time_on(zone, day.date + i * day.step, seconds);
    }
    if (time_s * 1000 <= now_ms) {
        return -ERANGE;
    }
    *frame = time_s * FRAMES_PER_SECOND;
    return 0;
}
