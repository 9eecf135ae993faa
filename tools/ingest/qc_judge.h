/* SPDX-License-Identifier: MIT */
/* qc_judge: how grave findings are, and what a teacher is told of them. */
#ifndef TOOLS_QC_JUDGE_H
#define TOOLS_QC_JUDGE_H

#include "tools/ingest/qc_sheet.h"

enum { QC_SENTENCE_SIZE = 320, QC_TIME_SIZE = 16 };

enum qc_severity qc_judge(const struct qc_rules *rules, const struct qc_finding *finding);

/* What is wrong, and what to do.  Returns `text`. */
const char *qc_sentence(const struct qc_finding *finding, char text[QC_SENTENCE_SIZE]);

/* "0:12:05".  Returns `text`. */
const char *qc_time_text(int64_t time_us, char text[QC_TIME_SIZE]);

/* What was done to the film that whoever hands it in should know: line `i`, or NULL. */
const char *qc_remark(const struct qc_sheet *sheet, int i);

/* "warning", in the reader's language. */
const char *qc_severity_text(enum qc_severity severity);

/* The first finding for which the film is refused, or NULL. */
const struct qc_finding *qc_refusal(const struct qc_rules *rules, const struct qc_sheet *sheet);

/* How many are of this severity. */
int qc_count(const struct qc_rules *rules, const struct qc_sheet *sheet, enum qc_severity severity);

#endif
