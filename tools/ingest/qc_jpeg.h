/* SPDX-License-Identifier: MIT */
/* qc_jpeg: the small pictures of a review as JPEG, in Base64. */
#ifndef TOOLS_QC_JPEG_H
#define TOOLS_QC_JPEG_H

#include "tools/ingest/qc_sheet.h"

struct qc_jpeg;

/* For pictures of this width.  The caller destroys it; NULL: out of memory. */
struct qc_jpeg *qc_jpeg_create(int width);
void qc_jpeg_destroy(struct qc_jpeg *jpeg); /* accepts NULL */

/* Allocated text, or NULL. */
char *qc_jpeg_base64(struct qc_jpeg *jpeg, const struct qc_still *still);

#endif
