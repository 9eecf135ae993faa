/* SPDX-License-Identifier: MIT */
#include "scheduler/order_when.h"

#include "playout/intl.h"
#include "playout/station.h"
#include "scheduler/text_width.h"
#include "scheduler/when.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { TEXT_MOST = 95, BARE_HOURS_MOST = 12, LIST_SIZE = 256 };

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

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Past what parts day and time, if there is anything: spaces, or one sign. */
static const char *skip_parting(const char *text)
{
    static const char wide[] = "　";
    if (*text == 'T') {
        return text + 1;
    }
    while (*text == ' ' || begins_with(text, wide)) {
        text += *text == ' ' ? 1 : strlen(wide);
    }
    return text;
}

/* Whose periods a date has; NULL: they are not known. */
static const struct timetable *timetable_on(const struct order_periods *periods, int64_t date)
{
    const struct timetable *closed =
        periods != NULL ? frozen_days_find(periods->closed, date) : NULL;
    return closed != NULL || periods == NULL ? closed : periods->timetable;
}

/* When the period of that name begins on a date, in seconds of the day; -EINVAL: there is none. */
static int read_period(const char *name, const struct order_periods *periods, int64_t date)
{
    const struct timetable *timetable = timetable_on(periods, date);
    const size_t index = timetable != NULL ? timetable_period(timetable, name) : 0;
    return timetable != NULL && index < timetable->period_count ? timetable->periods[index].start
                                                                : -EINVAL;
}

/* A time as it was said. */
struct said_time {
    struct said_day day;
    const char *period; /* its name; NULL: a clock */
    int seconds;        /* of the clock */
};

/* True where the text may go on with a time: after a digit nothing tells, as in "2026-11-27:20". */
static bool may_begin(const char *text, size_t at, bool is_clock)
{
    const unsigned char before = at > 0 ? (unsigned char)text[at - 1] : ' ';
    const unsigned char first = (unsigned char)text[at];
    return is_clock ? !isalnum(before) || skip_parting(text + at) != text + at
                    : !isdigit(before) || !isdigit(first);
}

/* Where the day ends and the time begins: the first place at which both can be read; 0 or -errno.
 */
static int read_parts(const char *text, const struct order_periods *periods, int64_t today,
                      struct said_time *said)
{
    char before[TEXT_MOST + 1];
    const size_t length = strlen(text);
    int result = -EINVAL;
    for (size_t i = 0; i < length && length <= TEXT_MOST; i++) {
        const char *time = i > 0 ? skip_parting(text + i) : text;
        said->seconds = when_clock(time);
        const bool is_clock = said->seconds >= 0;
        if (!may_begin(text, i, is_clock) || (is_clock && i == 0 && said->seconds >= DAY_SECONDS)) {
            continue;
        }
        memcpy(before, text, i);
        before[i] = '\0';
        const int read = read_day(before, today, &said->day);
        said->period = is_clock ? NULL : time;
        if (!is_clock && read_period(time, periods, read == 0 ? said->day.date : today) < 0) {
            continue;
        }
        if (read == 0) {
            return 0;
        }
        result = read == -EDOM ? read : result;
    }
    return result;
}

/* Seconds since the epoch; -1: that day has no such period. */
static int64_t time_on(const struct said_time *said, const struct order_periods *periods,
                       const struct zone *zone, int64_t date)
{
    const int seconds =
        said->period != NULL ? read_period(said->period, periods, date) : said->seconds;
    struct civil civil = {0};
    if (seconds < 0) {
        return -1;
    }
    civil_date(date, &civil);
    civil.hour = seconds / 3600;
    civil.minute = seconds / 60 % 60;
    civil.second = seconds % 60;
    return zone_from_civil(zone, &civil);
}

static bool is_now(const char *text)
{
    return strcasecmp(text, "now") == 0 || strcmp(text, "现在") == 0;
}

int order_when_read(const char *text, const struct order_periods *periods, const struct zone *zone,
                    int64_t now_ms, int64_t *frame)
{
    struct said_time said;
    if (is_now(text)) {
        *frame = now_ms * FRAMES_PER_SECOND / 1000;
        return 0;
    }
    const int result = read_parts(text, periods, zone_date(zone, now_ms / 1000), &said);
    if (result < 0) {
        return result;
    }
    const struct said_day day = said.day;
    /* On Saturday at 00:30 "Friday 24:40" is ten minutes ahead: the days said repeat. */
    int64_t time_s = time_on(&said, periods, zone, day.date - day.step);
    bool is_slip = false;
    for (int i = 0; i < 2 && time_s * 1000 <= now_ms && (day.step > 0 || i == 0); i++) {
        time_s = time_on(&said, periods, zone, day.date + i * day.step);
        /* a clock alone that has just gone by does not mean tomorrow's */
        is_slip = i == 1 && day.step == 1 && time_s * 1000 > now_ms + BARE_HOURS_MOST * 3600000LL;
    }
    if (time_s < 0) {
        return -EINVAL;
    }
    if (time_s * 1000 <= now_ms || is_slip) {
        return -ERANGE;
    }
    *frame = time_s * FRAMES_PER_SECOND;
    return 0;
}

int order_when_look(const char *text, const struct order_periods *periods, const struct zone *zone,
                    int64_t now_ms, int64_t *frame)
{
    struct said_time said;
    if (is_now(text)) {
        *frame = now_ms * FRAMES_PER_SECOND / 1000;
        return 0;
    }
    const int result = read_parts(text, periods, zone_date(zone, now_ms / 1000), &said);
    if (result == 0) {
        *frame = time_on(&said, periods, zone, said.day.date) * FRAMES_PER_SECOND;
    }
    return result;
}

/* --- What is wrong with it ---------------------------------------------------------- */

/* "第九节": what can only be meant as the name of a period, be there such a one or not. */
static bool is_numbered_period(const char *name)
{
    static const char last[] = "节";
    const size_t length = strlen(name);
    return begins_with(name, "第") && strcmp(name + length - strlen(last), last) == 0;
}

/* What may be a name behind a day: no sign and no digit begins it, and it is like no clock. */
static bool is_name_like(const char *text)
{
    const bool is_clock_like = strpbrk(text, "0123456789") != NULL &&
                               (strchr(text, ':') != NULL || strstr(text, "：") != NULL ||
                                strstr(text, "时") != NULL || strstr(text, "点") != NULL);
    return (isalpha((unsigned char)text[0]) || (unsigned char)text[0] >= 0x80) && !is_clock_like;
}

/* True where neither a word nor a number is cut in two. */
static bool is_parted(const char *text, size_t at)
{
    return at == 0 || !isalnum((unsigned char)text[at - 1]) || !isalnum((unsigned char)text[at]);
}

/* The name where the text is one behind a day, and the day; NULL: it is not. */
static const char *find_name(const char *text, int64_t today, struct said_day *day)
{
    char before[TEXT_MOST + 1];
    const size_t length = strlen(text);
    for (size_t i = length <= TEXT_MOST ? length : 0; i-- > 0;) {
        const char *name = i > 0 ? skip_parting(text + i) : text;
        memcpy(before, text, i);
        before[i] = '\0';
        if (is_parted(text, i) && (i > 0 ? is_name_like(name) : is_numbered_period(name)) &&
            read_day(before, today, day) == 0) {
            return name;
        }
    }
    return NULL;
}

/* "星期八", "周 ": what can only be meant as a day of the week. */
static bool is_weekday_like(const char *text)
{
    return begins_with(text, "周") || begins_with(text, "星期") || begins_with(text, "礼拜");
}

/* True for what is a time behind a day, or would be one. */
static bool is_time_like(const char *text, bool is_parted_off, const char *whole,
                         const struct order_periods *periods, int64_t today)
{
    return when_clock(text) >= 0 || read_period(text, periods, today) >= 0 ||
           is_numbered_period(text) ||
           (is_parted_off && is_weekday_like(whole) && is_name_like(text));
}

/* Writes what stands where a day should, before a time; false: there is nothing like that. */
static bool find_no_day(const char *text, const struct order_periods *periods, int64_t today,
                        char before[TEXT_MOST + 1])
{
    const size_t length = strlen(text);
    struct said_day day;
    for (size_t i = 1; i < length && length <= TEXT_MOST; i++) {
        const unsigned char last = (unsigned char)text[i - 1];
        const char *time = skip_parting(text + i);
        if (!is_parted(text, i) || ispunct(last) || isspace(last)) {
            continue;
        }
        memcpy(before, text, i);
        before[i] = '\0';
        if (read_day(before, today, &day) == 0) {
            return false; /* it is the time that is misspelt */
        }
        if (is_time_like(time, time != text + i, text, periods, today)) {
            return true;
        }
    }
    return false;
}

bool order_when_is_like(const char *text)
{
    struct said_time said;
    struct said_day day;
    return is_now(text) || read_parts(text, NULL, 0, &said) != -EINVAL ||
           find_name(text, 0, &day) != NULL;
}

/* "第一节、第二节": those of a timetable, as many as there is room for. */
static const char *list_periods(const struct timetable *timetable, char text[LIST_SIZE])
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; timetable != NULL && i < timetable->period_count; i++) {
        const char *name = timetable->periods[i].name;
        const char *parting = length > 0 ? _(", ") : "";
        if (length + strlen(parting) + strlen(name) < LIST_SIZE) {
            length += (size_t)snprintf(text + length, LIST_SIZE - length, "%s%s", parting, name);
        }
    }
    return text;
}

/* What is known of a day that has not the period; false: no period was named, or none is known. */
static bool complain_of_period(const char *text, const struct order_periods *periods, int64_t today,
                               char complaint[ORDER_WHEN_TEXT_SIZE])
{
    struct said_day day;
    char list[LIST_SIZE];
    char date[WHEN_TEXT_SIZE];
    const char *name = find_name(text, today, &day);
    if (name == NULL || list_periods(timetable_on(periods, day.date), list)[0] == '\0') {
        return false;
    }
    snprintf(complaint, ORDER_WHEN_TEXT_SIZE,
             _("%s %s has no period '%s'; the timetable has these: %s."),
             when_day_name(civil_weekday(day.date)), when_date_text(day.date, date), name, list);
    return true;
}

static bool complain_of_day(const char *text, const struct order_periods *periods, int64_t today,
                            char complaint[ORDER_WHEN_TEXT_SIZE])
{
    char before[TEXT_MOST + 1];
    char date[WHEN_TEXT_SIZE];
    if (!find_no_day(text, periods, today, before)) {
        return false;
    }
    snprintf(complaint, ORDER_WHEN_TEXT_SIZE,
             _("'%s' is no day; days are Monday to Sunday (周一 … 周日), today (今天), tomorrow "
               "(明天), %s."),
             before, when_date_text(today + 1, date));
    return true;
}

const char *order_when_complain(const char *text, const struct order_periods *periods,
                                int64_t today, int error, char complaint[ORDER_WHEN_TEXT_SIZE])
{
    if (error == -EINVAL && (complain_of_period(text, periods, today, complaint) ||
                             complain_of_day(text, periods, today, complaint))) {
        return text_whole(complaint);
    }
    snprintf(complaint, ORDER_WHEN_TEXT_SIZE, "%s",
             error == -ERANGE ? _("that time has gone by; if another day is meant, say it: "
                                  "\"tomorrow 10:30\".")
             : error == -EDOM ? _("the calendar has no such day.")
                              : _("the time cannot be read; write it like 10:30, \"tomorrow "
                                  "10:30\", \"2026-11-27 10:30\", or with the name of a period, "
                                  "as \"tomorrow 第三节\"."));
    return text_whole(complaint);
}
