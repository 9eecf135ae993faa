/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_clock.h"

#include "playout/intl.h"
#include "scheduler/import/import_text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum half {
    HALF_UNSAID,
    HALF_MORNING, /* AM, 上午 */
    HALF_NOON,    /* 中午: 11, 12 and 1 o'clock */
    HALF_LATER,   /* PM, 下午 */
    HALF_NIGHT,   /* 晚上: its 12 is midnight */
    HALF_SMALL,   /* 凌晨 */
};

/* A time as it stands there: what the half of day makes of it comes later. */
struct said {
    int hour;
    int minute;
    int second;
    enum half half;
    bool is_english; /* AM or PM: 12 is the first hour of its half */
    bool is_fraction;
    bool is_bare; /* an hour alone, two digits of it: `05 AM` */
    int fraction; /* seconds of the day */
};

static void skip_spaces(const char **at)
{
    while (**at == ' ' || **at == '\n') {
        (*at)++;
    }
}

static bool take(const char **at, const char *word)
{
    if (!import_text_starts(*at, word)) {
        return false;
    }
    *at += strlen(word);
    return true;
}

static int take_number(const char **at, int digits_most, int *number)
{
    int digits = 0;
    int value = 0;
    while (digits <= digits_most && isdigit((unsigned char)**at)) {
        value = value * 10 + (*(*at)++ - '0');
        digits++;
    }
    if (digits > 0 && digits <= digits_most) {
        *number = value;
    }
    return digits <= digits_most ? digits : 0;
}

static enum half take_chinese_half(const char **at)
{
    static const struct {
        const char *word;
        enum half half;
    } words[] = {
        {"上午", HALF_MORNING}, {"早上", HALF_MORNING}, {"早晨", HALF_MORNING},
        {"凌晨", HALF_SMALL},   {"中午", HALF_NOON},    {"下午", HALF_LATER},
        {"傍晚", HALF_LATER},   {"晚上", HALF_NIGHT},   {"晚间", HALF_NIGHT},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (take(at, words[i].word)) {
            skip_spaces(at);
            return words[i].half;
        }
    }
    return HALF_UNSAID;
}

/* AM, a.m., Pm: not the beginning of a longer word. */
static enum half take_english_half(const char **at)
{
    const char *look = *at;
    skip_spaces(&look);
    const char letter = (char)tolower((unsigned char)*look);
    if (letter != 'a' && letter != 'p') {
        return HALF_UNSAID;
    }
    look++;
    look += *look == '.';
    if (tolower((unsigned char)*look) != 'm') {
        return HALF_UNSAID;
    }
    look++;
    look += *look == '.';
    if (isalpha((unsigned char)*look)) {
        return HALF_UNSAID;
    }
    *at = look;
    return letter == 'a' ? HALF_MORNING : HALF_LATER;
}

/* 0.3541666: at least four decimals, so that 0.5 is no noon. */
static bool take_fraction(const char **at, struct said *said)
{
    enum { DECIMALS_LEAST = 4, DECIMALS_MOST = 20 };
    const char *look = *at;
    double value = 0;
    double unit = 0.1;
    int decimals = 0;
    if (!take(&look, "0.")) {
        return false;
    }
    for (; isdigit((unsigned char)*look) && decimals < DECIMALS_MOST; decimals++) {
        value += unit * (*look++ - '0');
        unit /= 10;
    }
    if (decimals < DECIMALS_LEAST) {
        return false;
    }
    said->is_fraction = true;
    said->fraction = (int)(value * IMPORT_CLOCK_DAY + 0.5);
    *at = look;
    return true;
}

/* What follows the hour: `:40`, `:40:30`, `时40分`, `点半`, `时`. */
static bool take_minutes(const char **at, struct said *said)
{
    if (take(at, ":")) {
        skip_spaces(at);
        if (take_number(at, 2, &said->minute) != 2) {
            return false;
        }
        const char *look = *at;
        if (take(&look, ":") && take_number(&look, 2, &said->second) == 2) {
            *at = look;
        }
        return true;
    }
    if (!take(at, "时") && !take(at, "点")) {
        return false;
    }
    take(at, "钟");
    if (take(at, "半")) {
        said->minute = 30;
        return true;
    }
    const char *look = *at;
    if (take_number(&look, 2, &said->minute) > 0) {
        if (!take(&look, "分")) {
            return false;
        }
        *at = look;
    }
    return true;
}

static bool take_time(const char **at, struct said *said)
{
    const char *look = *at;
    struct said made = {0};
    skip_spaces(&look);
    made.half = take_chinese_half(&look);
    if (made.half == HALF_UNSAID && take_fraction(&look, &made)) {
        *said = made;
        *at = look;
        return true;
    }
    const int digits = take_number(&look, 2, &made.hour);
    if (digits == 0) {
        return false;
    }
    const bool has_minutes = take_minutes(&look, &made);
    if (made.half == HALF_UNSAID) {
        made.half = take_english_half(&look);
        made.is_english = made.half != HALF_UNSAID;
    }
    if (!has_minutes) {
        /* `9 am` is an hour, for minutes have two digits; `05 AM` may be either. */
        if (!made.is_english) {
            return false;
        }
        made.is_bare = digits == 2;
    }
    *said = made;
    *at = look;
    return true;
}

static int hour_of(const struct said *said)
{
    const int hour = said->hour;
    switch (said->half) {
    case HALF_MORNING:
        /* 12 AM is midnight, 上午12点 is noon. */
        return said->is_english && hour == 12 ? 0 : hour > 12 ? -1 : hour;
    case HALF_NOON:
        return hour < 10 ? hour + 12 : hour;
    case HALF_LATER:
        return hour < 12 ? hour + 12 : hour;
    case HALF_NIGHT:
        return hour == 12 ? 24 : hour < 12 ? hour + 12 : hour;
    case HALF_SMALL:
        return hour == 12 ? 0 : hour;
    case HALF_UNSAID:
        break;
    }
    return hour;
}

static enum import_clock_verdict judge(const struct said *said, int *seconds)
{
    if (said->is_fraction) {
        *seconds = said->fraction;
        return IMPORT_CLOCK_GOOD;
    }
    if (said->is_bare) {
        return IMPORT_CLOCK_HOUR_LOST;
    }
    const int hour = hour_of(said);
    const int total = hour * 3600 + said->minute * 60 + said->second;
    if (hour < 0 || said->minute > 59 || said->second > 59 || total > IMPORT_CLOCK_DAY) {
        return IMPORT_CLOCK_IMPOSSIBLE;
    }
    *seconds = total;
    return IMPORT_CLOCK_GOOD;
}

/*
 * A half of day that is said once holds for both ends where that makes sense:
 * 下午2:30-3:10 and 2:30-3:10 PM are both of the afternoon, 10:00-12:10 PM
 * and 上午10:30-12:10 are not.
 */
static enum import_clock_verdict judge_range(struct said *start, struct said *end,
                                             struct import_range *range)
{
    struct import_range made;
    enum import_clock_verdict verdict = judge(start, &made.start);
    const enum import_clock_verdict verdict_end = judge(end, &made.end);
    if (verdict != IMPORT_CLOCK_GOOD || verdict_end != IMPORT_CLOCK_GOOD) {
        return verdict != IMPORT_CLOCK_GOOD ? verdict : verdict_end;
    }
    if (start->half != HALF_UNSAID && end->half == HALF_UNSAID && made.end <= made.start) {
        end->half = start->half;
        end->is_english = start->is_english;
        verdict = judge(end, &made.end);
    } else if (start->half == HALF_UNSAID && end->half != HALF_UNSAID && start->hour <= 12) {
        struct said moved = *start;
        int seconds = 0;
        moved.half = end->half;
        moved.is_english = end->is_english;
        if (judge(&moved, &seconds) == IMPORT_CLOCK_GOOD && seconds < made.end) {
            made.start = seconds;
        }
    }
    if (verdict == IMPORT_CLOCK_GOOD && made.end <= made.start) {
        verdict = IMPORT_CLOCK_BACKWARDS;
    }
    if (verdict == IMPORT_CLOCK_GOOD) {
        *range = made;
    }
    return verdict;
}

static bool take_until(const char **at)
{
    const char *look = *at;
    skip_spaces(&look);
    bool is_there = take(&look, "至") || take(&look, "到");
    while (!is_there && *look == '-') {
        look++;
        is_there = *look != '-';
    }
    if (!is_there) {
        is_there = strncasecmp(look, "to ", 3) == 0;
        look += is_there ? 3 : 0;
    }
    if (is_there) {
        *at = look;
    }
    return is_there;
}

static enum import_clock_verdict take_range(const char **at, struct import_range *range)
{
    const char *look = *at;
    struct said start;
    struct said end;
    if (!take_time(&look, &start)) {
        return IMPORT_CLOCK_NONE;
    }
    if (!take_until(&look) || !take_time(&look, &end)) {
        return IMPORT_CLOCK_NONE;
    }
    *at = look;
    return judge_range(&start, &end, range);
}

enum import_clock_verdict import_clock_time(const char *text, int *seconds)
{
    const char *at = text;
    struct said said;
    if (!take_time(&at, &said)) {
        return IMPORT_CLOCK_NONE;
    }
    skip_spaces(&at);
    return *at == '\0' ? judge(&said, seconds) : IMPORT_CLOCK_NONE;
}

enum import_clock_verdict import_clock_range(const char *text, struct import_range *range)
{
    const char *at = text;
    struct import_range made;
    const enum import_clock_verdict verdict = take_range(&at, &made);
    skip_spaces(&at);
    if (verdict == IMPORT_CLOCK_NONE || *at != '\0') {
        return IMPORT_CLOCK_NONE;
    }
    if (verdict == IMPORT_CLOCK_GOOD) {
        *range = made;
    }
    return verdict;
}

/* A time does not begin within a number: not 9:20 in 2019:20, nor 1:2 in 0.1:2. */
static bool may_begin(const char *text, const char *at)
{
    if (at == text) {
        return true;
    }
    const unsigned char before = (unsigned char)at[-1];
    return !isdigit((unsigned char)*at) || !(isalnum(before) || before == '.' || before == ':');
}

enum import_clock_verdict import_clock_find(const char *text, struct import_range *range,
                                            size_t *from, size_t *length)
{
    for (const char *at = text; *at != '\0'; at++) {
        const char *end = at;
        if (!may_begin(text, at) || *at == ' ' || *at == '\n') {
            continue;
        }
        const enum import_clock_verdict verdict = take_range(&end, range);
        if (verdict != IMPORT_CLOCK_NONE) {
            *from = (size_t)(at - text);
            *length = (size_t)(end - at);
            return verdict;
        }
    }
    return IMPORT_CLOCK_NONE;
}

enum import_clock_verdict import_clock_find_time(const char *text, int *seconds, size_t *from,
                                                 size_t *length)
{
    for (const char *at = text; *at != '\0'; at++) {
        const char *end = at;
        struct said said;
        if (may_begin(text, at) && *at != ' ' && *at != '\n' && take_time(&end, &said)) {
            *from = (size_t)(at - text);
            *length = (size_t)(end - at);
            return judge(&said, seconds);
        }
    }
    return IMPORT_CLOCK_NONE;
}

/* An hour from 1 on, for 0.35 may be a fraction of the day, and two digits of minutes. */
void import_clock_undot(char *text)
{
    for (char *at = text; *at != '\0'; at++) {
        const char *look = at;
        int hour = 0;
        int minute = 0;
        const int digits = may_begin(text, at) ? take_number(&look, 2, &hour) : 0;
        if (digits == 0 || hour == 0 || at[digits] != '.') {
            continue;
        }
        look++;
        if (take_number(&look, 2, &minute) == 2 && *look != '.') {
            at[digits] = ':';
        }
    }
}

const char *import_clock_problem(enum import_clock_verdict verdict)
{
    switch (verdict) {
    case IMPORT_CLOCK_IMPOSSIBLE:
        return _("there is no such time of day; write times as in 8:40 or 14:30");
    case IMPORT_CLOCK_HOUR_LOST:
        return _(
            "the hour or the minutes of this time are missing; write both, as in 9:05 AM or 09:05");
    case IMPORT_CLOCK_BACKWARDS:
        return _("this ends before it starts; write the start first, as in 08:40-09:20");
    case IMPORT_CLOCK_UNREADABLE:
        return _("this is no time from start to end; write both, as in 08:40-09:20");
    case IMPORT_CLOCK_GOOD:
    case IMPORT_CLOCK_NONE:
        break;
    }
    return _("this is no time of day; write times as in 8:40 or 14:30");
}

const char *import_clock_text(int seconds, char text[IMPORT_CLOCK_TEXT_SIZE])
{
    const unsigned minute =
        (unsigned)seconds / 60 % 1440 + (seconds == IMPORT_CLOCK_DAY ? 1440 : 0);
    const unsigned second = (unsigned)seconds % 60;
    if (second != 0) {
        snprintf(text, IMPORT_CLOCK_TEXT_SIZE, "%02u:%02u:%02u", minute / 60, minute % 60, second);
    } else {
        snprintf(text, IMPORT_CLOCK_TEXT_SIZE, "%02u:%02u", minute / 60, minute % 60);
    }
    return text;
}

static double power_of_ten(int exponent)
{
    double power = 1;
    for (int i = 0; i < (exponent < 0 ? -exponent : exponent); i++) {
        power *= 10;
    }
    return exponent < 0 ? 1 / power : power;
}

int import_clock_number(const char *text, double *number)
{
    enum { DIGITS_MOST = 30, EXPONENT_MOST = 30 };
    const char *at = text;
    const bool is_negative = take(&at, "-");
    double value = 0;
    int digits = 0;
    int decimals = 0;
    int exponent = 0;
    bool has_point = false;
    for (; isdigit((unsigned char)*at) || (*at == '.' && !has_point); at++) {
        if (*at == '.') {
            has_point = true;
            continue;
        }
        value = value * 10 + (*at - '0');
        decimals += has_point;
        digits++;
    }
    if (*at == 'e' || *at == 'E') {
        at++;
        const bool is_small = take(&at, "-");
        take(&at, "+");
        if (take_number(&at, 2, &exponent) == 0) {
            return -EINVAL;
        }
        exponent = is_small ? -exponent : exponent;
    }
    if (*at != '\0' || digits == 0 || digits > DIGITS_MOST || exponent > EXPONENT_MOST ||
        exponent < -EXPONENT_MOST) {
        return -EINVAL;
    }
    *number = (is_negative ? -value : value) * power_of_ten(exponent - decimals);
    return 0;
}
