/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_date.h"

#include "scheduler/import/import_text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { UTF8_HANZI = 3 };

static bool take(const char **at, const char *word)
{
    if (!import_text_starts(*at, word)) {
        return false;
    }
    *at += strlen(word);
    return true;
}

static void skip_spaces(const char **at)
{
    while (**at == ' ' || **at == '\n') {
        (*at)++;
    }
}

static int chinese_digit(const char *text)
{
    static const char *const digits[] = {"零", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};
    for (int i = 0; i < 10; i++) {
        if (import_text_starts(text, digits[i])) {
            return i;
        }
    }
    return -1;
}

size_t import_numeral(const char *text, int *number)
{
    enum { DIGITS_MOST = 4 };
    const char *at = text;
    int value = 0;
    while (isdigit((unsigned char)*at) && at < text + DIGITS_MOST) {
        value = value * 10 + (*at++ - '0');
    }
    if (at == text) {
        const int tens = chinese_digit(at);
        at += tens >= 0 ? UTF8_HANZI : 0;
        value = tens >= 0 ? tens : 0;
        if (take(&at, "十")) {
            const int ones = chinese_digit(at);
            at += ones >= 0 ? UTF8_HANZI : 0;
            value = (tens >= 0 ? tens : 1) * 10 + (ones >= 0 ? ones : 0);
        }
    }
    if (at > text) {
        *number = value;
    }
    return (size_t)(at - text);
}

const char *import_day_name(int day)
{
    static const char *const names[IMPORT_DAYS] = {"周一", "周二", "周三", "周四",
                                                   "周五", "周六", "周日"};
    return names[day];
}

static bool take_chinese_day(const char **at, int *day)
{
    const char *look = *at;
    if (!take(&look, "星期") && !take(&look, "礼拜") && !take(&look, "周")) {
        return false;
    }
    if (take(&look, "日") || take(&look, "天")) {
        *day = 6;
    } else {
        const int digit = isdigit((unsigned char)*look) ? *look - '0' : chinese_digit(look);
        if (digit < 1 || digit > IMPORT_DAYS) {
            return false;
        }
        look += isdigit((unsigned char)*look) ? 1 : UTF8_HANZI;
        *day = digit - 1;
    }
    *at = look;
    return true;
}

/* A whole word: MON, Tues, THUR, Wednesday. */
static bool take_english_day(const char **at, int *day)
{
    static const struct {
        const char *word;
        int day;
    } words[] = {
        {"mon", 0},   {"monday", 0}, {"tue", 1},       {"tues", 1},     {"tuesday", 1},
        {"wed", 2},   {"weds", 2},   {"wednes", 2},    {"thu", 3},      {"thur", 3},
        {"thurs", 3}, {"fri", 4},    {"wednesday", 2}, {"thursday", 3}, {"friday", 4},
        {"sat", 5},   {"satur", 5},  {"saturday", 5},  {"sun", 6},      {"sunday", 6},
    };
    size_t length = 0;
    while (isalpha((unsigned char)(*at)[length])) {
        length++;
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strlen(words[i].word) == length && strncasecmp(*at, words[i].word, length) == 0) {
            *day = words[i].day;
            *at += length;
            return true;
        }
    }
    return false;
}

bool import_day_read(const char *text, int *day)
{
    const char *at = text;
    int found = 0;
    skip_spaces(&at);
    if (!take_chinese_day(&at, &found) && !take_english_day(&at, &found)) {
        if (take(&at, "日") || take(&at, "天")) {
            found = 6;
        } else {
            int number = 0;
            at += import_numeral(at, &number);
            if (number < 1 || number > IMPORT_DAYS) {
                return false;
            }
            found = number - 1;
        }
    }
    skip_spaces(&at);
    at += *at == '.' ? 1 : 0;
    if (*at != '\0') {
        return false;
    }
    *day = found;
    return true;
}

size_t import_day_written(const char *text)
{
    const char *at = text;
    int day = 0;
    return take_chinese_day(&at, &day) ? (size_t)(at - text) : 0;
}

static int take_digits(const char **at, int most, int *number)
{
    int digits = 0;
    int value = 0;
    while (digits < most && isdigit((unsigned char)**at)) {
        value = value * 10 + (*(*at)++ - '0');
        digits++;
    }
    *number = digits > 0 ? value : *number;
    return digits;
}

/* 2020-02-17, 2020/2/17, 2020.2.17, 2020年2月17日. */
static bool take_full_date(const char **at, struct import_date *date)
{
    const char *look = *at;
    struct import_date made = {0};
    if (take_digits(&look, 4, &made.year) != 4) {
        return false;
    }
    const bool is_chinese = take(&look, "年");
    const char separator = *look;
    if (!is_chinese) {
        if (separator != '-' && separator != '/' && separator != '.') {
            return false;
        }
        look++;
    }
    if (take_digits(&look, 2, &made.month) == 0) {
        return false;
    }
    if (is_chinese ? !take(&look, "月") : *look++ != separator) {
        return false;
    }
    if (take_digits(&look, 2, &made.day) == 0 || isdigit((unsigned char)*look)) {
        return false;
    }
    if (is_chinese && !take(&look, "日")) {
        take(&look, "号");
    }
    *date = made;
    *at = look;
    return true;
}

/* 3月9日, and 3/9 where it stands alone or between spaces. */
static bool take_short_date(const char **at, struct import_date *date)
{
    const char *look = *at;
    struct import_date made = {0};
    if (take_digits(&look, 2, &made.month) == 0) {
        return false;
    }
    const bool is_chinese = take(&look, "月");
    if (!is_chinese && *look++ != '/') {
        return false;
    }
    if (take_digits(&look, 2, &made.day) == 0 || isdigit((unsigned char)*look) || *look == '/') {
        return false;
    }
    if (is_chinese && !take(&look, "日") && !take(&look, "号")) {
        return false;
    }
    *date = made;
    *at = look;
    return true;
}

static int english_month(const char **at)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
    for (int i = 0; i < 12; i++) {
        if (strncasecmp(*at, months[i], 3) == 0) {
            while (isalpha((unsigned char)**at) || **at == '.') {
                (*at)++;
            }
            return i + 1;
        }
    }
    return 0;
}

static void take_english_year(const char **at, struct import_date *date)
{
    const char *look = *at;
    while (*look == ' ' || *look == ',') {
        look++;
    }
    int year = 0;
    if (take_digits(&look, 4, &year) == 4) {
        date->year = year;
        *at = look;
    }
}

/* 20 April 2020, 20th April, April 20, 2020. */
static bool take_english_date(const char **at, struct import_date *date)
{
    const char *look = *at;
    struct import_date made = {0};
    if (isdigit((unsigned char)*look)) {
        (void)take_digits(&look, 2, &made.day);
        if (!take(&look, "st") && !take(&look, "nd") && !take(&look, "rd")) {
            take(&look, "th");
        }
        skip_spaces(&look);
        made.month = english_month(&look);
    } else {
        made.month = english_month(&look);
        skip_spaces(&look);
        if (take_digits(&look, 2, &made.day) == 0 || isdigit((unsigned char)*look)) {
            return false;
        }
    }
    if (made.month == 0 || made.day == 0) {
        return false;
    }
    take_english_year(&look, &made);
    *date = made;
    *at = look;
    return true;
}

/* What is written as a date, there in the calendar or not. */
static bool take_written_date(const char **at, struct import_date *date)
{
    return take_full_date(at, date) || take_short_date(at, date) || take_english_date(at, date);
}

static bool take_date(const char **at, struct import_date *date)
{
    const char *look = *at;
    struct import_date made;
    if (take_written_date(&look, &made) && import_date_exists(made)) {
        *date = made;
        *at = look;
        return true;
    }
    return false;
}

size_t import_date_written(const char *text)
{
    struct import_date made;
    const char *at = text;
    return take_written_date(&at, &made) ? (size_t)(at - text) : 0;
}

bool import_date_is_of_no_day(const char *text)
{
    struct import_date made;
    skip_spaces(&text);
    return take_written_date(&text, &made) && !import_date_exists(made);
}

/* 第3周, 第三周, Week 3. */
static bool take_week(const char **at, int *week)
{
    const char *look = *at;
    int number = 0;
    if (take(&look, "第")) {
        skip_spaces(&look);
        const size_t length = import_numeral(look, &number);
        look += length;
        skip_spaces(&look);
        if (length == 0 || (!take(&look, "教学周") && !take(&look, "周"))) {
            return false;
        }
    } else if (strncasecmp(look, "week", 4) == 0) {
        look += 4;
        skip_spaces(&look);
        const size_t length = import_numeral(look, &number);
        if (length == 0) {
            return false;
        }
        look += length;
    } else {
        return false;
    }
    if (number < 1 || number > IMPORT_WEEKS_MOST) {
        return false;
    }
    *week = number;
    *at = look;
    return true;
}

/* Takes what is to be known at `*at`, or goes on by one byte. */
static void read_at(const char *text, const char **at, struct import_heading *heading)
{
    const bool in_word =
        *at > text && isalnum((unsigned char)(*at)[-1]) && isalnum((unsigned char)(*at)[0]);
    const char *look = *at;
    int day = 0;
    if (!in_word && !heading->has_date && take_date(&look, &heading->date)) {
        heading->has_date = true;
    } else if (!in_word && !heading->has_week && take_week(&look, &heading->week)) {
        heading->has_week = true;
    } else if (!in_word && (take_chinese_day(&look, &day) || take_english_day(&look, &day))) {
        const char *before = *at;
        while (before > text && before[-1] == ' ') {
            before--;
        }
        if (before > text && before[-1] == '=') {
            heading->has_runs = true;
            heading->runs = day;
        } else if (!heading->has_day) {
            heading->has_day = true;
            heading->day = day;
        }
    } else {
        look = *at + 1;
    }
    *at = look;
}

void import_heading_read(const char *text, struct import_heading *heading)
{
    *heading = (struct import_heading){0};
    for (const char *at = text; *at != '\0';) {
        read_at(text, &at, heading);
    }
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool import_date_exists(struct import_date date)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date.month < 1 || date.month > 12 || date.day < 1) {
        return false;
    }
    if (date.year != 0 && (date.year < 1970 || date.year > 2199)) {
        return false;
    }
    const bool has_leap_day = date.month == 2 && (date.year == 0 || is_leap(date.year));
    return date.day <= days[date.month - 1] + (has_leap_day ? 1 : 0);
}

/* H. Hinnant, chrono-compatible low-level date algorithms. */
int import_date_number(struct import_date date)
{
    const int year = date.year - (date.month <= 2);
    const int era = year / 400;
    const int of_era = year - era * 400;
    const int of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct import_date import_date_of(int number)
{
    const int shifted = number + 719468;
    const int era = shifted / 146097;
    const int of_era = shifted - era * 146097;
    const int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int shifted_month = (5 * of_year + 2) / 153;
    const int month = shifted_month + (shifted_month < 10 ? 3 : -9);
    return (struct import_date){.year = year_of_era + era * 400 + (month <= 2),
                                .month = month,
                                .day = of_year - (153 * shifted_month + 2) / 5 + 1};
}

int import_date_day(struct import_date date)
{
    return (import_date_number(date) + 3) % IMPORT_DAYS; /* 1970-01-01 was a Thursday */
}
