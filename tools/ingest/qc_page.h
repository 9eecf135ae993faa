/* SPDX-License-Identifier: MIT */
/*
 * qc_page: the review as a page that stands alone: what is wrong and where,
 * with pictures; how loud it is; what it looks like from beginning to end.
 */
#ifndef TOOLS_QC_PAGE_H
#define TOOLS_QC_PAGE_H

#include "tools/ingest/qc_report.h"

#include <stdio.h>

/* 0 or a negative code; what is written is then of no use. */
int qc_page_write(const struct qc_report *report, FILE *out);

#endif
