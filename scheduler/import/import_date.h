/* SPDX-License-Identifier: MIT */
/*
 * import_date: dates, days and weeks of a term, as timetables write them.
 *
 *     3月9日   2020-02-17   2020/2/17   2月28日(周五)   9月26日(第四周周六)   20 April 2020
 *     星期一   周一   一   1   MON   THUR   Thursday
 *     第3周   单周   1-5、7-11单、12-16双   1-16(双)
 *
 * Days count from Monday, 0 to 6.  Texts are folded (import_text_fold()).
 */
#ifndef SCHEDULER_IMPORT_DATE_H
#define SCHEDULER_IMPORT_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    IMPORT_DAYS = 7,
    IMPORT_WEEKS_MOST = 60,
};

struct import_date {
    int year; /* 0 in a date whose year was not said */
    int month;
    int day;
};

/* What a heading says; several may be true at once. */
struct import_heading {
    bool has_date;
    bool has_day;
    bool has_week;
    bool has_runs; /* (=周二): it runs another day's timetable */
    struct import_date date;
    int day;
    int week;
    int runs;
};

/* Everything that can be found in `text`; nothing is false in all four. */
void import_heading_read(const char *text, struct import_heading *heading);

/* True when all of `text` is a day; also of a digit or 一 to 日. */
bool import_day_read(const char *text, int *day);

/* The bytes of the day that `text` begins with, as 周一, 星期1 or 礼拜天; 0 for none. */
size_t import_day_written(const char *text);

/* 周一 to 周日. */
const char *import_day_name(int day);

/* True for a date of the calendar (of any year when it has none). */
bool import_date_exists(struct import_date date);

/* The bytes of the date that `text` begins with, one that no calendar has too; 0 for none. */
size_t import_date_written(const char *text);

/* True for a text that begins with a date which no calendar has: 2026-11-31, 2月30日. */
bool import_date_is_of_no_day(const char *text);

/* The day of the week of a date with a year (proleptic Gregorian). */
int import_date_day(struct import_date date);

/* Days since 1970-01-01 of a date with a year, and back. */
int import_date_number(struct import_date date);
struct import_date import_date_of(int number);

/* The number that a text of digits or Chinese numerals (up to 99) begins with; its bytes, or 0. */
size_t import_numeral(const char *text, int *number);

/*
 * Weeks of a term, bit N for week N from 1 to IMPORT_WEEKS_MOST.  An empty
 * text is all weeks.  0, or -EINVAL for what is no list of weeks.
 */
int import_weeks_read(const char *text, uint64_t *weeks);

/* Every week that there may be. */
uint64_t import_weeks_all(void);

enum { IMPORT_WEEKS_TEXT_SIZE = 400 };

/* The shortest way to write them: `第3周`, `单周`, `1-5、7-11单`. */
const char *import_weeks_text(uint64_t weeks, char text[IMPORT_WEEKS_TEXT_SIZE]);

#endif
