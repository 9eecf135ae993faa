/* SPDX-License-Identifier: MIT */
/*
 * qc_report: the review of one film, for people (a page of HTML that stands
 * alone, to be printed or sent on) and for programs (JSON).
 *
 * In MEDIA/reports, named after house number and profile: that of the last
 * film that was handed in for it.
 */
#ifndef TOOLS_QC_REPORT_H
#define TOOLS_QC_REPORT_H

#include "playout/asset.h"
#include "playout/station.h"
#include "tools/ingest/qc_sheet.h"

/* What a report is about: all borrowed. */
struct qc_report {
    const char *media; /* folder */
    const struct profile *profile;
    const char *house_number;
    const char *title;  /* may be "" */
    const char *source; /* name of the file, fit to print */
    const struct qc_sheet *sheet;
    const struct asset_record *record; /* NULL: it was refused, */
    const char *refusal;               /* for this */
};

/* Writes both; in *page the path of the page, allocated.  0 or -errno. */
int qc_report_save(const struct qc_report *report, char **page);

#endif
