/* SPDX-License-Identifier: MIT */
/*
 * import_clock: times of day in every style that timetables are found in.
 *
 *     8:40   ８：４０   08:40:30   8时40分   8点半   下午2时30分   9:05 AM   12:00 PM   24:00
 *     0.3541666 (a day's fraction, as spreadsheets keep it)
 *     8:40-9:20   08:40—09:20   10:00 am– 12:10 Pm   下午2:30至3:10
 *
 * A time is in seconds of the day, 0 to 24:00.  What is not certain is told
 * apart, never guessed: of `05 AM` the hour or the minutes are lost.
 *
 * Texts are folded (import_text_fold()).
 */
#ifndef SCHEDULER_IMPORT_CLOCK_H
#define SCHEDULER_IMPORT_CLOCK_H

#include <stdbool.h>
#include <stddef.h>

enum { IMPORT_CLOCK_DAY = 86400 };

enum import_clock_verdict {
    IMPORT_CLOCK_GOOD,
    IMPORT_CLOCK_NONE,       /* no time at all */
    IMPORT_CLOCK_IMPOSSIBLE, /* 25:70, 14:30 AM */
    IMPORT_CLOCK_HOUR_LOST,  /* 05 AM */
    IMPORT_CLOCK_BACKWARDS,  /* a range that ends before it starts */
    IMPORT_CLOCK_UNREADABLE, /* what stands where a time must is none: 9,40-10,20 */
};

struct import_range {
    int start; /* seconds of the day */
    int end;
};

/* Exactly one time, spaces around it aside; *seconds only when GOOD. */
enum import_clock_verdict import_clock_time(const char *text, int *seconds);

/* Exactly one range; *range only when GOOD. */
enum import_clock_verdict import_clock_range(const char *text, struct import_range *range);

/*
 * The first range within `text`: from which byte, and how many.  NONE leaves
 * all three outputs alone, any other verdict but GOOD only *range.
 */
enum import_clock_verdict import_clock_find(const char *text, struct import_range *range,
                                            size_t *from, size_t *length);

/* The same for one time. */
enum import_clock_verdict import_clock_find_time(const char *text, int *seconds, size_t *from,
                                                 size_t *length);

/*
 * Makes colons of the dots in 9.40-10.20, in place.  Only where times must
 * stand: elsewhere 2.17 is a date, 1.10 a chapter.
 */
void import_clock_undot(char *text);

/* What a verdict that is neither GOOD nor NONE means, and the way out; for people. */
const char *import_clock_problem(enum import_clock_verdict verdict);

enum { IMPORT_CLOCK_TEXT_SIZE = 12 };

/* `08:40`, or `08:40:30` when there are seconds. */
const char *import_clock_text(int seconds, char text[IMPORT_CLOCK_TEXT_SIZE]);

/*
 * The number that all of `text` is, as spreadsheets write them (30599.99,
 * 3.5E-1), whatever the locale.  0 or -EINVAL.
 */
int import_clock_number(const char *text, double *number);

#endif
