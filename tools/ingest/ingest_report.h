/* SPDX-License-Identifier: MIT */
/* ingest_report: the review of a film that was ingested, or refused for what the review found. */
#ifndef TOOLS_INGEST_REPORT_H
#define TOOLS_INGEST_REPORT_H

#include "tools/ingest/ingest.h"

/* What came of ingest_file(): all borrowed; `sheet` and `record` may be NULL. */
struct ingest_outcome {
    const struct qc_sheet *sheet;
    const struct asset_record *record; /* NULL: it was refused, */
    const char *refusal;               /* for this */
};

/* False: it was refused for something else, or not looked at. */
bool ingest_is_reviewed(const struct ingest_request *request, const struct ingest_outcome *outcome);

/* Writes page and JSON of what was reviewed; in *page the path, allocated.  0 or -errno. */
int ingest_report(const struct ingest_request *request, const struct ingest_outcome *outcome,
                  char **page);

#endif
