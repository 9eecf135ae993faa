/* SPDX-License-Identifier: MIT */
#include "scheduler/when.h"

#include "playout/intl.h"
#include "playout/zone.h"
#include "scheduler/full_width.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NARROW_SIZE = 96 };

/* --- Full-width signs --------------------------------------------------------- */

struct sign {
    const char *wide;
    const char *narrow;
};

static const struct sign *find_sign(const char *at)
{
    static const struct sign signs[] = {{"　", " "}, {"–", "-"},  {"—", "-"}, {"～", "-"},
                                        {"至", "-"}, {"到", "-"}, {"、", ","}};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (strncmp(at, signs[i].wide, strlen(signs[i].wide)) == 0) {
            return &signs[i];
        }
    }
    return NULL;
}

/* Copies with narrow signs; false when it is too long for anything read here. */
static bool narrow(const char *text, char out[NARROW_SIZE])
{
    size_t length = 0;
    while (*text != '\0') {
        const struct sign *sign = find_sign(text);
        const char moved = full_width_sign(text);
        if (length + 1 >= NARROW_SIZE) {
            return false;
        }
        if (sign != NULL) {
            out[length++] = sign->narrow[0];
            text += strlen(sign->wide);
        } else if (moved != '\0') {
            out[length++] = moved;
            text += FULL_WIDTH_BYTES;
        } else {
            out[length++] = *text++;
        }
    }
    out[length] = '\0';
    return true;
}

/* True and past it when `*text` begins with `prefix`. */
static bool skip(const char **text, const char *prefix)
{
    const size_t length = strlen(prefix);
    if (strncmp(*text, prefix, length) != 0) {
        return false;
    }
    *text += length;
    return true;
}

static void skip_spaces(const char **text)
{
    while (**text == ' ') {
        (*text)++;
    }
}

/* A number of at most `most` digits: how many it had, 0 when there is none. */
static int read_number(const char **text, int most, int *value)
{
    int digits = 0;
    *value = 0;
    while (isdigit((unsigned char)**text) && digits <= most) {
        *value = *value * 10 + (**text - '0');
        (*text)++;
        digits++;
    }
    return digits <= most ? digits : 0;
}

/* --- Times of day --------------------------------------------------------------- */

enum half { HALF_NONE, HALF_MORNING, HALF_AFTERNOON };

static enum half read_half_before(const char **text)
{
    static const char *const mornings[] = {"上午", "早上", "早晨", "清晨"};
    static const char *const afternoons[] = {"下午", "晚上", "中午", "傍晚", "晚"};
    for (size_t i = 0; i < sizeof(mornings) / sizeof(mornings[0]); i++) {
        if (skip(text, mornings[i])) {
            return HALF_MORNING;
        }
    }
    for (size_t i = 0; i < sizeof(afternoons) / sizeof(afternoons[0]); i++) {
        if (skip(text, afternoons[i])) {
            return HALF_AFTERNOON;
        }
    }
    return HALF_NONE;
}

static enum half read_half_after(const char **text)
{
    skip_spaces(text);
    if (strncasecmp(*text, "am", 2) == 0) {
        *text += 2;
        return HALF_MORNING;
    }
    if (strncasecmp(*text, "pm", 2) == 0) {
        *text += 2;
        return HALF_AFTERNOON;
    }
    return HALF_NONE;
}

/* ":30", ":30:15": true when it is well written. */
static bool read_colons(const char **text, int *minute, int *second)
{
    if (!skip(text, ":") || read_number(text, 2, minute) != 2) {
        return false; /* 8:5 may be 8:05 or 8:50 */
    }
    return !skip(text, ":") || read_number(text, 2, second) == 2;
}

/* "时30分", "点": the same. */
static bool read_signs(const char **text, int *minute, int *second)
{
    if (!skip(text, "时") && !skip(text, "点")) {
        return false;
    }
    if (skip(text, "半")) {
        *minute = 30;
        return true;
    }
    if (!isdigit((unsigned char)**text)) {
        return true;
    }
    if (read_number(text, 2, minute) == 0 || !skip(text, "分")) {
        return false;
    }
    return !isdigit((unsigned char)**text) ||
           (read_number(text, 2, second) > 0 && skip(text, "秒"));
}

/* The hour of 24; -1 when the half of the day does not fit it. */
static int whole_hour(int hour, enum half before, enum half after)
{
    if (before == HALF_NONE && after == HALF_NONE) {
        return hour;
    }
    if ((before != HALF_NONE && after != HALF_NONE) || hour > (after != HALF_NONE ? 12 : 23)) {
        return -1;
    }
    if (after == HALF_MORNING) {
        return hour == 0 ? -1 : hour % 12;
    }
    if (after == HALF_AFTERNOON) {
        return hour == 0 ? -1 : hour % 12 + 12;
    }
    if (before == HALF_MORNING) {
        return hour < 12 ? hour : -1;
    }
    return hour < 11 && hour > 0 ? hour + 12 : hour >= 11 ? hour : -1;
}

int when_clock(const char *text)
{
    char buffer[NARROW_SIZE];
    const char *at = buffer;
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!narrow(text, buffer)) {
        return -1;
    }
    const enum half before = read_half_before(&at);
    if (read_number(&at, 2, &hour) == 0) {
        return -1;
    }
    if (!(*at == ':' ? read_colons(&at, &minute, &second) : read_signs(&at, &minute, &second))) {
        return -1;
    }
    hour = whole_hour(hour, before, *at != '\0' ? read_half_after(&at) : HALF_NONE);
    const int seconds = hour * 3600 + minute * 60 + second;
    return *at == '\0' && hour >= 0 && minute < 60 && second < 60 && seconds <= CLOCK_MOST ? seconds
                                                                                           : -1;
}

int when_length(const char *text)
{
    char buffer[NARROW_SIZE];
    const char *at = buffer;
    int parts[3] = {0};
    int count = 0;
    if (!narrow(text, buffer) || read_number(&at, 4, &parts[count++]) == 0) {
        return -1;
    }
    if (skip(&at, "分钟") || *at == '\0') {
        return *at == '\0' && parts[0] <= CLOCK_MOST / 60 ? parts[0] * 60 : -1;
    }
    if (skip(&at, "分")) {
        const bool has_seconds = read_number(&at, 2, &parts[1]) > 0 && skip(&at, "秒");
        return (has_seconds || *at == '\0') && *at == '\0' && parts[1] < 60
                   ? parts[0] * 60 + parts[1]
                   : -1;
    }
    while (count < 3 && skip(&at, ":")) {
        if (read_number(&at, 2, &parts[count]) != 2 || parts[count++] >= 60) {
            return -1;
        }
    }
    const int seconds =
        count == 3 ? parts[0] * 3600 + parts[1] * 60 + parts[2] : parts[0] * 60 + parts[1];
    return *at == '\0' && seconds <= CLOCK_MOST ? seconds : -1;
}

/* --- Days, dates, weeks -------------------------------------------------------- */

static const char *const english_days[DAYS_PER_WEEK] = {
    N_("Monday"), N_("Tuesday"),  N_("Wednesday"), N_("Thursday"),
    N_("Friday"), N_("Saturday"), N_("Sunday")};

const char *when_day_name(int day)
{
    return _(english_days[day]);
}

const char *when_day_chinese(int day)
{
    static const char *const names[] = {"周一", "周二", "周三", "周四", "周五", "周六", "周日"};
    return names[day];
}

int when_day(const char *said)
{
    static const char *const numerals[] = {"一", "二", "三", "四", "五", "六", "日"};
    char buffer[NARROW_SIZE];
    const char *text = buffer;
    if (!narrow(said, buffer)) {
        return -1;
    }
    if (skip(&text, "周") || skip(&text, "星期")) {
        for (int i = 0; i < DAYS_PER_WEEK; i++) {
            const char digit[] = {(char)('1' + i), '\0'};
            if (strcmp(text, numerals[i]) == 0 || strcmp(text, digit) == 0) {
                return i;
            }
        }
        return strcmp(text, "天") == 0 ? 6 : -1;
    }
    const size_t length = strlen(text);
    for (int i = 0; i < DAYS_PER_WEEK; i++) {
        if (length >= 3 && length <= strlen(english_days[i]) &&
            strncasecmp(text, english_days[i], length) == 0) {
            return i;
        }
    }
    return -1;
}

int when_date(const char *text, int64_t *date)
{
    char buffer[NARROW_SIZE];
    const char *at = buffer;
    int year = 0;
    int month = 0;
    int day = 0;
    if (!narrow(text, buffer) || read_number(&at, 4, &year) != 4) {
        return -EINVAL;
    }
    const bool is_chinese = skip(&at, "年");
    const char separator[2] = {is_chinese ? '\0' : *at, '\0'};
    if (!is_chinese && !skip(&at, "-") && !skip(&at, "/") && !skip(&at, ".")) {
        return -EINVAL;
    }
    if (read_number(&at, 2, &month) == 0 || !skip(&at, is_chinese ? "月" : separator) ||
        read_number(&at, 2, &day) == 0 || (is_chinese && !skip(&at, "日")) || *at != '\0') {
        return -EINVAL;
    }
    const int64_t days = civil_days(year, month, day);
    struct civil civil = {0};
    civil_date(days, &civil);
    if (year < 1970 || month < 1 || month > 12 || civil.month != month || civil.day != day) {
        return -ERANGE;
    }
    *date = days;
    return 0;
}

/* "单", "(双)", "双周", "odd": which of the weeks; 0: all. */
static int read_parity(const char **text)
{
    const bool is_bracketed = skip(text, "(");
    int parity = 0;
    if (skip(text, "单") || skip(text, "odd")) {
        parity = 1;
    } else if (skip(text, "双") || skip(text, "even")) {
        parity = 2;
    } else {
        return is_bracketed ? -1 : 0;
    }
    (void)skip(text, "周");
    return is_bracketed && !skip(text, ")") ? -1 : parity;
}

/* One part of a list: "3", "第3周", "1-5", "7-11单". */
static int read_weeks_part(const char **text, struct week_set *set)
{
    int first = 1;
    int last = WEEKS_MOST;
    skip_spaces(text);
    (void)skip(text, "第");
    const bool is_numbered = isdigit((unsigned char)**text) != 0;
    if (is_numbered) {
        if (read_number(text, 2, &first) == 0) {
            return -EINVAL;
        }
        (void)skip(text, "周");
        last = first;
        if (skip(text, "-")) {
            (void)skip(text, "第");
            if (read_number(text, 2, &last) == 0) {
                return -EINVAL;
            }
        }
        (void)skip(text, "周");
        set->is_numbered = true;
    }
    const int parity = read_parity(text);
    skip_spaces(text);
    if (parity < 0 || (parity == 0 && !is_numbered) || first < 1 || last < first ||
        last > WEEKS_MOST) {
        return -EINVAL;
    }
    for (int week = first; week <= last; week++) {
        if (parity == 0 || week % 2 == parity % 2) {
            set->weeks |= UINT64_C(1) << week;
        }
    }
    return 0;
}

int when_weeks(const char *text, struct week_set *set)
{
    char buffer[NARROW_SIZE];
    const char *at = buffer;
    struct week_set fresh = {0};
    if (!narrow(text, buffer)) {
        return -EINVAL;
    }
    do {
        if (read_weeks_part(&at, &fresh) < 0) {
            return -EINVAL;
        }
    } while (skip(&at, ","));
    if (*at != '\0' || fresh.weeks == 0) {
        return -EINVAL;
    }
    *set = fresh;
    return 0;
}

/* --- Back to text ---------------------------------------------------------------- */

const char *when_clock_text(int seconds, char text[WHEN_TEXT_SIZE])
{
    if (seconds % 60 == 0) {
        snprintf(text, WHEN_TEXT_SIZE, "%02d:%02d", seconds / 3600, seconds / 60 % 60);
    } else {
        snprintf(text, WHEN_TEXT_SIZE, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60,
                 seconds % 60);
    }
    return text;
}

const char *when_length_text(int seconds, char text[WHEN_TEXT_SIZE])
{
    snprintf(text, WHEN_TEXT_SIZE, "%d:%02d", seconds / 60, seconds % 60);
    return text;
}

const char *when_date_text(int64_t date, char text[WHEN_TEXT_SIZE])
{
    struct civil civil = {0};
    civil_date(date, &civil);
    snprintf(text, WHEN_TEXT_SIZE, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
    return text;
}

/* "昨天", "today": true, and how many days ahead. */
static bool read_day_word(const char *text, int *ahead)
{
    static const struct {
        const char *word;
        int ahead;
    } words[] = {
        {"yesterday", -1}, {"昨天", -1},    {"昨日", -1}, {"today", 0}, {"今天", 0},
        {"今日", 0},       {"tomorrow", 1}, {"明天", 1},  {"明日", 1},  {"后天", 2},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i].word, text) == 0) {
            *ahead = words[i].ahead;
            return true;
        }
    }
    return false;
}

/* "下周一", "next Monday": the day of the week that is named, weeks beginning on Monday. */
static bool read_day_of_week(const char *text, int64_t today, int *ahead)
{
    static const struct {
        const char *word;
        int weeks;
    } words[] = {{"上", -1}, {"本", 0}, {"这", 0}, {"下", 1}, {"next ", 1}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const char *at = text;
        const int day = skip(&at, words[i].word) ? when_day(at) : -1;
        if (day >= 0) {
            *ahead = words[i].weeks * DAYS_PER_WEEK + day - civil_weekday(today);
            return true;
        }
    }
    return false;
}

/* "12月1日" of the year in which it is nearest to today: 0, -EINVAL, -ERANGE. */
static int read_day_of_year(const char *text, int64_t today, int64_t *date)
{
    char buffer[NARROW_SIZE];
    const char *at = buffer;
    int month = 0;
    int day = 0;
    struct civil now = {0};
    int64_t nearest = INT64_MAX;
    if (!narrow(text, buffer) || read_number(&at, 2, &month) == 0 || !skip(&at, "月") ||
        read_number(&at, 2, &day) == 0 || (!skip(&at, "日") && !skip(&at, "号")) || *at != '\0') {
        return -EINVAL;
    }
    civil_date(today, &now);
    for (int year = now.year - 1; year <= now.year + 1; year++) {
        const int64_t days = civil_days(year, month, day);
        struct civil civil = {0};
        civil_date(days, &civil);
        if (civil.month == month && civil.day == day &&
            (nearest == INT64_MAX || llabs(days - today) < llabs(nearest - today))) {
            nearest = days;
        }
    }
    if (nearest == INT64_MAX) {
        return -ERANGE;
    }
    *date = nearest;
    return 0;
}

int when_date_said(const char *text, int64_t today, int64_t *date)
{
    int ahead = 0;
    if (read_day_word(text, &ahead) || read_day_of_week(text, today, &ahead)) {
        *date = today + ahead;
        return 0;
    }
    const int result = read_day_of_year(text, today, date);
    return result == -EINVAL ? when_date(text, date) : result;
}

int when_week_said(const char *text, int64_t today, int64_t *monday)
{
    static const struct {
        const char *word;
        int ahead;
    } words[] = {{"last", -DAYS_PER_WEEK}, {"上周", -DAYS_PER_WEEK}, {"this", 0}, {"本周", 0},
                 {"next", DAYS_PER_WEEK},  {"下周", DAYS_PER_WEEK}};
    int64_t date = 0;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i].word, text) == 0) {
            *monday = today + words[i].ahead - civil_weekday(today);
            return 0;
        }
    }
    const int result = when_date_said(text, today, &date);
    if (result == 0) {
        *monday = date - civil_weekday(date);
    }
    return result;
}
