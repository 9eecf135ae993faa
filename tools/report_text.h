/* SPDX-License-Identifier: MIT */
/* report_text: a report for the terminal, in columns that line up. */
#ifndef TOOLS_REPORT_TEXT_H
#define TOOLS_REPORT_TEXT_H

#include "scheduler/report/report_document.h"

#include <stdio.h>

/* 0 or -ENOMEM. */
int report_write_text(FILE *out, const struct report_document *document);

#endif
