/* SPDX-License-Identifier: MIT */
/*
 * week_bench: timetables of a folder or of a text, and what they compile to,
 * for tests that read the result as a table.
 *
 * The library holds what a test puts into it; whatever goes wrong ends the
 * test.
 */
#ifndef TESTS_SUPPORT_WEEK_BENCH_H
#define TESTS_SUPPORT_WEEK_BENCH_H

#include "scheduler/compile.h"
#include "scheduler/day.h"

#define MINUTE_FRAMES (60LL * FRAMES_PER_SECOND)

struct week_bench {
    struct station *station;
    const struct profile *profile; /* sd */
    struct zone *zone;
    struct timetable *timetable;
    struct library *library;
    struct problems problems; /* of the timetable, then of compiling */
    const struct clearance *clearance;
    int64_t cutoff_ms;
    const struct plan *base; /* in force */
    int assets;
};

/* Loads files of `folder` (NULL-terminated names). */
void week_bench_load(struct week_bench *bench, const char *folder, const char *const *names);

/* Parses one file, or several separated by lines of "---"; `calendar` may be NULL. */
void week_bench_parse(struct week_bench *bench, const char *text, const char *calendar);
void week_bench_finish(struct week_bench *bench);

/* Puts media of so many frames into the library; the latest of a number is used. */
const char *week_bench_add(struct week_bench *bench, const char *house_number, enum asset_kind kind,
                           int64_t frames);

/* Media for every lesson that is not live, of its planned length or else `seconds`. */
void week_bench_add_lessons(struct week_bench *bench, int seconds);

/*
 * A lesson for each weekday, L1 on Monday to L5 on Friday, at 8:00, and one
 * more, ODD, in a term from 2020-02-10 on; `more` follows the timetable (line
 * 14), `dates` the key of that name in the calendar.  Media of 20 minutes.
 */
void week_bench_open_week(struct week_bench *bench, const char *more, const char *dates);

/* The plan of the dates, "2020-02-17" to "2020-02-22" exclusive. */
struct plan *week_bench_compile(struct week_bench *bench, const char *from, const char *to);

/* The same of one date. */
struct plan *week_bench_compile_one(struct week_bench *bench, const char *date);

/* The frame of "2020-02-17 08:30". */
int64_t week_bench_frame(const struct week_bench *bench, const char *date, const char *clock);

/* The event on air then; never NULL. */
const struct plan_event *week_bench_at(const struct week_bench *bench, const struct plan *plan,
                                       const char *date, const char *clock);

/* True when a problem of that name, or any when NULL, says `text`. */
bool week_bench_says(const struct week_bench *bench, const char *name, const char *text);

/* Days since 1970 of "2020-02-17". */
int64_t week_bench_date(const char *text);

#endif
