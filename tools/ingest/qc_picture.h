/* SPDX-License-Identifier: MIT */
/*
 * qc_picture: what is wrong with the pictures of a film, as they will air, and
 * a few of them to look at.
 *
 * Judged by FFmpeg's filters for black and still pictures and for bars, and by
 * qc_flash.h, on every eighth pixel or so: it must cost little beside encoding.
 */
#ifndef TOOLS_QC_PICTURE_H
#define TOOLS_QC_PICTURE_H

#include "playout/station.h"
#include "tools/ingest/ingest_picture.h"
#include "tools/ingest/qc_sheet.h"

#include <libavutil/frame.h>

struct qc_picture;

/*
 * For so many frames of the profile.  What is in the sheet gets the picture of
 * its beginning, too.  The sheet is borrowed to the end; the caller destroys
 * this.  NULL: out of memory.
 */
struct qc_picture *qc_picture_create(const struct profile *profile, int64_t frames,
                                     struct qc_sheet *sheet);
void qc_picture_destroy(struct qc_picture *qc); /* accepts NULL */

/* The next picture of the profile's kind: borrowed.  0 or an FFmpeg error. */
int qc_picture_take(struct qc_picture *qc, AVFrame *picture);

/* So many pictures that nobody looks at. */
void qc_picture_skip(struct qc_picture *qc, int pictures);

/* At the end: bars within what the film fills of a picture; all findings in order of time. */
void qc_picture_end(struct qc_picture *qc, struct ingest_geometry filled);

#endif
