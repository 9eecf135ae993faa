/* SPDX-License-Identifier: MIT */
/*
 * qc_source: what is to be said of a film as it was handed in: its shape, the
 * times of its pictures, damage.
 */
#ifndef TOOLS_QC_SOURCE_H
#define TOOLS_QC_SOURCE_H

#include "playout/station.h"
#include "tools/ingest/ingest_source.h"
#include "tools/ingest/qc_sheet.h"

/* When the pictures of a source come.  Begin with a zeroed one. */
struct qc_clock {
    int64_t first_us;
    int64_t last_us;
    int64_t step_us; /* from the last but one to the last */
    int64_t pictures;
    int64_t irregular; /* that came at another distance than the one before */
};

void qc_clock_take(struct qc_clock *clock, int64_t time_us);

/* Pictures a second; 0: fewer than two. */
double qc_clock_rate(const struct qc_clock *clock);

/* After a whole pass over the source: `picture` is one of it. */
void qc_source_judge(const struct ingest_source *source, const struct qc_clock *clock,
                     const struct ingest_picture *picture, const struct profile *profile,
                     struct qc_sheet *sheet);

#endif
