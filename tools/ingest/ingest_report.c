/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_report.h"

#include "tools/ingest/qc_judge.h"
#include "tools/ingest/qc_report.h"

#include <string.h>

bool ingest_is_reviewed(const struct ingest_request *request, const struct ingest_outcome *outcome)
{
    return outcome->sheet != NULL &&
           (outcome->record != NULL || qc_refusal(&request->profile->qc, outcome->sheet) != NULL);
}

int ingest_report(const struct ingest_request *request, const struct ingest_outcome *outcome,
                  char **page)
{
    const char *name = request->name != NULL ? request->name : request->path;
    const char *slash = strrchr(name, '/');
    char source[512];
    char title[512];
    const struct qc_report report = {
        .media = request->media,
        .profile = request->profile,
        .house_number = request->house_number,
        .title =
            ingest_printable(request->title != NULL ? request->title : "", title, sizeof(title)),
        .source = ingest_printable(slash != NULL ? slash + 1 : name, source, sizeof(source)),
        .sheet = outcome->sheet,
        .record = outcome->record,
        .refusal = outcome->refusal,
    };
    return qc_report_save(&report, page);
}
