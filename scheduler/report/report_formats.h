/* SPDX-License-Identifier: MIT */
/*
 * report_formats: a report as CSV, as a printable page, as an .xlsx workbook.
 *
 * The same document gives the same bytes: no clock is read.  What a person
 * typed is escaped; in CSV and .xlsx it can be no formula.
 *
 * Thread: any.  Normative references: RFC 4180 (CSV); ECMA-376 (by
 * libxlsxwriter).
 */
#ifndef SCHEDULER_REPORT_REPORT_FORMATS_H
#define SCHEDULER_REPORT_REPORT_FORMATS_H

#include "scheduler/report/report_document.h"

#include <stdio.h>

/*
 * UTF-8 with a byte order mark, as Excel wants it; all records have the same
 * number of fields.  The tables follow each other, each after its heading.
 */
void report_write_csv(FILE *out, const struct report_document *document);

/* One field: quoted where need be, ' before what Excel would calculate, controls as blanks. */
void report_write_csv_field(FILE *out, const char *text);

/* One page of HTML, without anything from elsewhere; prints on A4. */
void report_write_html(FILE *out, const struct report_document *document);

/*
 * Writes a workbook: sheets for summary and details, with real numbers and
 * dates.  0, -ENOMEM, -EIO, or another -errno when the file cannot be made.
 */
int report_write_xlsx(const char *path, const struct report_document *document);

#endif
