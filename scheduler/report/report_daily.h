/* SPDX-License-Identifier: MIT */
/*
 * report_daily: what the daily report says (日报告、零报告).
 *
 * A report depends on what was loaded alone: the same input gives the same
 * document.  Thread: one.
 */
#ifndef SCHEDULER_REPORT_REPORT_DAILY_H
#define SCHEDULER_REPORT_REPORT_DAILY_H

#include "scheduler/report/report_document.h"
#include "scheduler/report/report_load.h"

/* The channels of one day. */
struct daily_report {
    const struct channel_day *channels;
    size_t count; /* at least 1 */
};

/* Fills an empty document: 0 or -ENOMEM. */
int report_daily(const struct report_source *source, const struct daily_report *report,
                 struct report_document *document);

/* What became of the programmes of one channel: those that began on the day. */
struct programme_counts {
    int64_t planned[PLANNED_CATEGORIES];
    int64_t aired[PLANNED_CATEGORIES]; /* at least in part */
    int64_t as_planned[PLANNED_CATEGORIES];
};
struct programme_counts programme_counts_of(const struct comparison *comparison);
/* Lessons: all but PLANNED_OTHER. */
int64_t programme_counts_lessons(const int64_t counts[PLANNED_CATEGORIES]);
const char *planned_category_name(enum planned_category category); /* N_() */

#endif
