/* SPDX-License-Identifier: MIT */
/*
 * qc_sheet: what the technical review saw of a film, in plain numbers.
 *
 * Written by the child that decodes (qc_sound.h, qc_picture.h), read by the
 * parent, which judges (qc_judge.h): it points nowhere and holds no text, so
 * that nothing a stranger wrote gets further than a number, once checked.
 */
#ifndef TOOLS_QC_SHEET_H
#define TOOLS_QC_SHEET_H

#include "playout/qc_rules.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    QC_EACH_MOST = 6, /* findings of a kind */
    QC_FINDINGS_MOST = QC_KINDS * QC_EACH_MOST,
    QC_STRIP = 24,
    QC_CURVE_MOST = 600,
    QC_PICTURE_LINES = 108,
    QC_PICTURE_WIDTH_MOST = 256,
    QC_PICTURES_MOST = QC_STRIP + QC_FINDINGS_MOST,
};

#define QC_CURVE_NOTHING (-120.0F) /* in the loudness curve: no sound */

/* A span of the film, in microseconds from its beginning, and a number that says more. */
struct qc_finding {
    int32_t kind;    /* enum qc_kind */
    int32_t picture; /* its place among the pictures; -1: none */
    int64_t from_us;
    int64_t to_us;
    double value; /* see qc_judge.c */
};

/* Luma, then both chroma planes of half the size, full range, each without gaps. */
struct qc_still {
    int64_t time_us;
    uint8_t planes[QC_PICTURE_WIDTH_MOST * QC_PICTURE_LINES * 3 / 2];
};

struct qc_sheet {
    int64_t length_us;
    double lkfs; /* as handed in; INGEST_SILENCE_LKFS: silent */
    double peak_dbtp;
    int32_t finding_count;
    int32_t left_out; /* findings beyond the most of their kind */
    int32_t curve_count;
    int32_t picture_count;
    int32_t picture_width;
    int32_t strip_count;  /* pictures at equal distances: the first ones */
    int32_t curve_step_s; /* of the short-term loudness */
    int32_t is_copy;      /* 1: an asset that was taken as it is, looked at once a second */
    int32_t mended_sides; /* 1: one side was missing throughout, or against the other */
    struct qc_finding findings[QC_FINDINGS_MOST];
    float curve[QC_CURVE_MOST];
    struct qc_still pictures[QC_PICTURES_MOST];
};

/* Adds one.  Returns its place, or -1 when there are enough of the kind: it is counted alone. */
int qc_sheet_add(struct qc_sheet *sheet, enum qc_kind kind, int64_t from_us, int64_t to_us,
                 double value);

/* Findings in order of time. */
void qc_sheet_sort(struct qc_sheet *sheet);

/* True when every number is what it may be: to be asked before anything else is read. */
bool qc_sheet_is_sound(const struct qc_sheet *sheet);

/* Writes it into an open file, or reads it from there.  0 or -errno; -EBADMSG: not sound. */
int qc_sheet_put(const struct qc_sheet *sheet, int fd);
int qc_sheet_get(struct qc_sheet *sheet, int fd);

#endif
