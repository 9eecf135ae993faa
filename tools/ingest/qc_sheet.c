/* SPDX-License-Identifier: MIT */
#include "tools/ingest/qc_sheet.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* Of whatever is counted or measured; what is not a number is more. */
#define VALUE_MOST 1e6

int qc_sheet_add(struct qc_sheet *sheet, enum qc_kind kind, int64_t from_us, int64_t to_us,
                 double value)
{
    int same = 0;
    for (int i = 0; i < sheet->finding_count; i++) {
        same += sheet->findings[i].kind == (int32_t)kind;
    }
    if (same == QC_EACH_MOST) {
        sheet->left_out++;
        return -1;
    }
    sheet->findings[sheet->finding_count] = (struct qc_finding){
        .kind = (int32_t)kind, .picture = -1, .from_us = from_us, .to_us = to_us, .value = value};
    return sheet->finding_count++;
}

static bool is_time(int64_t time_us)
{
    return time_us >= 0 && time_us < INT64_C(100) * 3600 * 1000000;
}

static bool finding_is_sound(const struct qc_finding *finding, int picture_count)
{
    return finding->kind >= 0 && finding->kind < QC_KINDS && finding->picture >= -1 &&
           finding->picture < picture_count && is_time(finding->from_us) &&
           is_time(finding->to_us) && finding->from_us <= finding->to_us &&
           fabs(finding->value) <= VALUE_MOST;
}

static bool is_between(int32_t value, int32_t least, int32_t most)
{
    return value >= least && value <= most;
}

static int by_time(const void *a, const void *b)
{
    const struct qc_finding *one = a;
    const struct qc_finding *other = b;
    return (one->from_us > other->from_us) - (one->from_us < other->from_us);
}

void qc_sheet_sort(struct qc_sheet *sheet)
{
    qsort(sheet->findings, (size_t)sheet->finding_count, sizeof(sheet->findings[0]), by_time);
}

bool qc_sheet_is_sound(const struct qc_sheet *sheet)
{
    bool is_sound =
        is_time(sheet->length_us) && isfinite(sheet->lkfs) && isfinite(sheet->peak_dbtp) &&
        is_between(sheet->finding_count, 0, QC_FINDINGS_MOST) && sheet->left_out >= 0 &&
        is_between(sheet->curve_count, 0, QC_CURVE_MOST) &&
        is_between(sheet->picture_count, 0, QC_PICTURES_MOST) &&
        is_between(sheet->picture_width, 2, QC_PICTURE_WIDTH_MOST) &&
        sheet->picture_width % 2 == 0 && is_between(sheet->strip_count, 0, sheet->picture_count) &&
        is_between(sheet->curve_step_s, 1, 3600) && is_between(sheet->is_copy, 0, 1) &&
        is_between(sheet->mended_sides, 0, 1);
    for (int i = 0; is_sound && i < sheet->finding_count; i++) {
        is_sound = finding_is_sound(&sheet->findings[i], sheet->picture_count);
    }
    for (int i = 0; is_sound && i < sheet->curve_count; i++) {
        is_sound = isfinite(sheet->curve[i]);
    }
    for (int i = 0; is_sound && i < sheet->picture_count; i++) {
        is_sound = is_time(sheet->pictures[i].time_us);
    }
    return is_sound;
}

int qc_sheet_put(const struct qc_sheet *sheet, int fd)
{
    const char *bytes = (const char *)sheet;
    for (size_t at = 0; at < sizeof(*sheet);) {
        const ssize_t size = pwrite(fd, bytes + at, sizeof(*sheet) - at, (off_t)at);
        if (size < 0 && errno != EINTR) {
            return -errno;
        }
        at += size > 0 ? (size_t)size : 0;
    }
    return 0;
}

int qc_sheet_get(struct qc_sheet *sheet, int fd)
{
    char *bytes = (char *)sheet;
    for (size_t at = 0; at < sizeof(*sheet);) {
        const ssize_t size = pread(fd, bytes + at, sizeof(*sheet) - at, (off_t)at);
        if (size == 0) {
            return -EBADMSG;
        }
        if (size < 0 && errno != EINTR) {
            return -errno;
        }
        at += size > 0 ? (size_t)size : 0;
    }
    return qc_sheet_is_sound(sheet) ? 0 : -EBADMSG;
}
