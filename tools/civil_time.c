/* SPDX-License-Identifier: MIT */
#include "tools/civil_time.h"

#include "playout/zone.h"
#include "scheduler/when.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Days and hours as they stand, in UTC; -EDOM when the calendar has no such day. */
static int to_seconds(struct tm time, int64_t *seconds)
{
    struct tm copy = time;
    if (time.tm_hour > 23 || time.tm_min > 59 || time.tm_sec > 59) {
        return -EINVAL;
    }
    const time_t value = timegm(&copy);
    if (copy.tm_mday != time.tm_mday || copy.tm_mon != time.tm_mon) {
        return -EDOM;
    }
    *seconds = value;
    return 0;
}

static int apply_offset(const char *text, int64_t *seconds)
{
    char sign = 0;
    int hours = 0;
    int minutes = 0;
    int length = 0;
    if (strcmp(text, "Z") == 0) {
        return 0;
    }
    if (sscanf(text, "%c%2d:%2d%n", &sign, &hours, &minutes, &length) != 3 ||
        text[length] != '\0' || (sign != '+' && sign != '-') || hours > 14 || minutes > 59) {
        return -EINVAL;
    }
    const int64_t offset = (int64_t)hours * 3600 + (int64_t)minutes * 60;
    *seconds -= sign == '+' ? offset : -offset;
    return 0;
}

static int local_to_seconds(const struct tm *time, const char *time_zone, int64_t *seconds)
{
    const struct civil civil = {
        .year = time->tm_year + 1900,
        .month = time->tm_mon + 1,
        .day = time->tm_mday,
        .hour = time->tm_hour,
        .minute = time->tm_min,
        .second = time->tm_sec,
    };
    struct zone *zone = NULL;
    const int result = zone_open(time_zone, &zone);
    if (result == 0) {
        *seconds = zone_from_civil(zone, &civil);
    }
    zone_close(zone);
    return result;
}

static int64_t today_in(const char *time_zone)
{
    struct zone *zone = NULL;
    const int64_t today = zone_open(time_zone, &zone) == 0 ? zone_date(zone, time(NULL)) : 0;
    zone_close(zone);
    return today;
}

/*
 * "tomorrow 08:00", "08:00" with the date; anything else as it is.  NULL: the day is none of the
 * calendar.
 */
static const char *with_date(const char *text, const char *time_zone, char *dated, size_t size)
{
    char word[48];
    char date_text[WHEN_TEXT_SIZE];
    int64_t date = 0;
    const char *clock = strrchr(text, ' ');
    if (strcspn(text, ":") <= 2) { /* a clock alone */
        snprintf(dated, size, "%s %s", when_date_text(today_in(time_zone), date_text), text);
        return dated;
    }
    if (clock == NULL || (size_t)(clock - text) >= sizeof(word)) {
        return text;
    }
    snprintf(word, sizeof(word), "%.*s", (int)(clock - text), text);
    const int result = when_date_said(word, today_in(time_zone), &date);
    if (result < 0) {
        return result == -ERANGE ? NULL : text;
    }
    snprintf(dated, size, "%s%s", when_date_text(date, date_text), clock);
    return dated;
}

int civil_time_parse(const char *text, const char *time_zone, int64_t *seconds)
{
    char dated[64];
    struct tm time = {0};
    int length = 0;
    char separator = 0;
    text = with_date(text, time_zone, dated, sizeof(dated));
    if (text == NULL) {
        return -EDOM;
    }
    if (sscanf(text, "%4d-%2d-%2d%c%2d:%2d%n", &time.tm_year, &time.tm_mon, &time.tm_mday,
               &separator, &time.tm_hour, &time.tm_min, &length) != 6 ||
        (separator != 'T' && separator != ' ')) {
        return -EINVAL;
    }
    text += length;
    if (text[0] == ':') {
        length = 0;
        if (sscanf(text, ":%2d%n", &time.tm_sec, &length) != 1) {
            return -EINVAL;
        }
        text += length;
    }
    time.tm_year -= 1900;
    time.tm_mon -= 1;
    int64_t value = 0;
    int result = to_seconds(time, &value);
    if (result == 0) {
        result = text[0] == '\0' ? local_to_seconds(&time, time_zone, &value)
                                 : apply_offset(text, &value);
    }
    if (result == 0) {
        *seconds = value;
    }
    return result;
}
