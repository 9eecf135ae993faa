/* SPDX-License-Identifier: MIT */
/*
 * report_weekly: the counts of a week, by channel, grade and subject (周统计).
 *
 * Days are added one by one, so that a week of many channels need not be in
 * memory at once.  Thread: one.
 */
#ifndef SCHEDULER_REPORT_REPORT_WEEKLY_H
#define SCHEDULER_REPORT_REPORT_WEEKLY_H

#include "scheduler/report/report_daily.h"

/* Lessons of one channel, grade and subject. */
struct weekly_subject {
    const struct service *service;
    size_t service_number; /* in the station */
    const char *grade;     /* borrowed from the catalogue; "": not known */
    const char *subject;
    struct programme_counts counts;
    int64_t aired_frames;
};

/* One channel on one day. */
struct weekly_day {
    const struct service *service;
    int64_t day;
    int64_t planned; /* lessons */
    int64_t as_planned;
    int64_t until; /* frame: up to there it is recorded */
    bool is_over;
    struct ledger ledger;
};

struct weekly_report {
    struct weekly_subject *subjects;
    size_t subject_count;
    struct weekly_day *days;
    size_t day_count;
};

/* Adds a day of a channel: 0 or -ENOMEM. */
int weekly_add(struct weekly_report *weekly, const struct report_source *source,
               const struct channel_day *channel);
void weekly_finish(struct weekly_report *weekly); /* accepts a zeroed one */

/* Fills an empty document with the week that begins on `monday`: 0 or -ENOMEM. */
int report_weekly(const struct report_source *source, struct weekly_report *weekly, int64_t monday,
                  struct report_document *document);

#endif
