/* SPDX-License-Identifier: MIT */
/*
 * report_verdict: what a ledger comes to, in a sentence and in a row: the nil
 * report, no lessons, no record, or the faults.
 *
 * What is not over, or of which no record exists, is never nil.
 *
 * Thread: one.
 */
#ifndef SCHEDULER_REPORT_REPORT_VERDICT_H
#define SCHEDULER_REPORT_REPORT_VERDICT_H

#include "scheduler/report/report_document.h"
#include "scheduler/report/report_ledger.h"

#include <stdbool.h>
#include <stdint.h>

/* What a ledger is of. */
struct ledger_stretch {
    bool is_day;       /* else a week */
    const char *until; /* "14:32": it is not over; NULL: it is */
};

/* Gives the document its verdict; `lessons` were planned. */
void report_verdict(struct report_document *document, const struct ledger *ledger, int64_t lessons,
                    const struct ledger_stretch *stretch);

/* The columns of a ledger, and the cells for them. */
void report_ledger_columns(struct report_document *document);
void report_ledger_row(struct report_document *document, const struct ledger *ledger,
                       int64_t lessons, bool is_over);

#endif
