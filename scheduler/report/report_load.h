/* SPDX-License-Identifier: MIT */
/*
 * report_load: all that is known of one channel on one day, from the folders
 * of the station: as-run lines, journal and plans, compared and booked.
 *
 * Damage is told and left out: a report is made from what there is.  Blocks.
 * Thread: one.
 */
#ifndef SCHEDULER_REPORT_REPORT_LOAD_H
#define SCHEDULER_REPORT_REPORT_LOAD_H

#include "playout/problems.h"
#include "playout/station.h"
#include "scheduler/report/report_catalogue.h"
#include "scheduler/report/report_compare.h"
#include "scheduler/report/report_day.h"
#include "scheduler/report/report_ledger.h"
#include "scheduler/report/report_remark.h"
#include "scheduler/report/report_verify.h"

/* What a report is made from. */
struct report_source {
    const struct station *station;
    const struct zone *zone;
    const struct report_catalogue *catalogue;
    int64_t now; /* frame: a day that is not over is reported up to what is recorded by then */
};

struct channel_day {
    const struct service *service; /* borrowed */
    struct report_day day;
    int64_t until; /* frame: the end of the day, or of what is recorded of it so far */
    struct as_run_line *lines;
    size_t line_count;
    int64_t damaged_lines; /* that could not be read */
    struct journal journal;
    struct report_revision *revisions; /* owns their plans */
    size_t revision_count;
    struct comparison comparison;
    struct ledger ledger;
    struct report_remarks remarks;       /* what people said of it afterwards */
    bool has_record;                     /* there is a file of that day */
    char first_record[REPORT_DATE_SIZE]; /* the day of the first file that there is; "": none */
    char last_record[REPORT_DATE_SIZE];  /* of the last one */
    struct verify_result verify;         /* of that file, when there is one */
};

/*
 * Loads and compares.  0 (with warnings in *problems), -ENOMEM, or -errno when
 * a folder or file cannot be read, which is told in *problems.
 */
int channel_day_load(const struct report_source *source, const struct service *service,
                     const struct report_day *day, struct channel_day *channel,
                     struct problems *problems);
void channel_day_finish(struct channel_day *channel); /* accepts a zeroed one */

/*
 * True when the record begins on a later day, and is kept for long enough to have this one: the
 * channel was not on the air yet.
 */
bool channel_day_is_before_record(const struct report_source *source,
                                  const struct channel_day *channel);

/* The as-run lines that touch [from, to), in the order of the files: for exports. */
struct as_run_lines {
    struct as_run_line *lines;
    size_t count;
    int64_t damaged;
};
int as_run_lines_load(const char *folder, const struct report_day *day, struct as_run_lines *lines,
                      struct problems *problems);
void as_run_lines_finish(struct as_run_lines *lines); /* accepts a zeroed one */

#endif
