/* SPDX-License-Identifier: MIT */
/*
 * when: times of day, lengths, dates, days and weeks as people write them.
 *
 * Full-width digits and signs are read as the narrow ones.  What could be
 * meant in two ways is no time at all: "8:5" may be 8:05 or 8:50.
 *
 * Units: seconds of a day, seconds, civil days since 1970-01-01.
 */
#ifndef SCHEDULER_WHEN_H
#define SCHEDULER_WHEN_H

#include <stdbool.h>
#include <stdint.h>

enum {
    DAYS_PER_WEEK = 7,
    DAY_SECONDS = 86400,
    CLOCK_MOST = 30 * 3600, /* the small hours belong to the day before */
    WEEKS_MOST = 60,        /* of a term */
};

/*
 * Seconds since midnight of "8:30", "08:30:15", "8时30分", "14点", "下午2时30分",
 * "9:05 AM"; up to 30:00.  -1 when it is none.
 */
int when_clock(const char *text);

/* Seconds of "25" (minutes), "25分钟", "23:10" (minutes and seconds), "1:02:03".  -1: none. */
int when_length(const char *text);

/* Day of "周一", "星期天", "mon", "Thurs", "Monday": 0 (Monday) to 6, or -1. */
int when_day(const char *text);

/* "2020-02-17", "2020/2/17", "2020年2月17日": 0 and the day; -EINVAL, or -ERANGE: 2月30日. */
int when_date(const char *text, int64_t *date);
/*
 * The same, or a word: yesterday, today, tomorrow, 昨天, 今天, 明天, 后天; a day of last week,
 * this one or the next: 上周五, 本周五, 下周一, next Monday; without a year, as 12月1日, the one
 * that is nearest to today.  A 周一 alone may be the last or the next one: it is none.
 */
int when_date_said(const char *text, int64_t today, int64_t *date);

/* The Monday of "last" week, "this" or "next" (上周, 本周, 下周), or of a date as when_date_said()
 * reads it. */
int when_week_said(const char *text, int64_t today, int64_t *monday);

/* Weeks of a term: bit n is week n. */
struct week_set {
    uint64_t weeks;
    bool is_numbered; /* named by number, not only as odd or even ones */
};

/* "第3周", "3", "1-5、7-11单、12-16(双)", "单周", "even": 0, or -EINVAL. */
int when_weeks(const char *text, struct week_set *set);

enum { WHEN_TEXT_SIZE = 24 };

/* Writes "08:30", or "08:30:15"; returns `text`. */
const char *when_clock_text(int seconds, char text[WHEN_TEXT_SIZE]);

/* Writes "25:00", minutes and seconds. */
const char *when_length_text(int seconds, char text[WHEN_TEXT_SIZE]);

/* Writes "2020-02-17". */
const char *when_date_text(int64_t date, char text[WHEN_TEXT_SIZE]);

/* "Monday" ... in the reader's language; "周一" ... in any. */
const char *when_day_name(int day);
const char *when_day_chinese(int day);

#endif
