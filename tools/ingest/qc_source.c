/* SPDX-License-Identifier: MIT */
#include "tools/ingest/qc_source.h"

#include <math.h>
#include <stdlib.h>

enum {
    ROUNDING_US = 2000, /* time stamps in milliseconds are off by as much */
    IRREGULAR_PERCENT = 25,
    VARIABLE_PERCENT = 5,
    DRIFT_US = 100000,
    OFFSET_US = 200000,
};

#define SLOW_RATE  20.0 /* pictures a second: below, movement is seen to jump */
#define SMALL_PART 0.75 /* of the lines that it fills */

void qc_clock_take(struct qc_clock *clock, int64_t time_us)
{
    const int64_t step_us = time_us - clock->last_us;
    if (clock->pictures == 0) {
        clock->first_us = time_us;
    } else if (clock->pictures > 1) {
        const int64_t off_us = llabs(step_us - clock->step_us);
        clock->irregular +=
            off_us > ROUNDING_US && off_us * 100 > clock->step_us * IRREGULAR_PERCENT;
    }
    clock->step_us = step_us;
    clock->last_us = time_us;
    clock->pictures++;
}

double qc_clock_rate(const struct qc_clock *clock)
{
    const int64_t span_us = clock->last_us - clock->first_us;
    return clock->pictures > 1 && span_us > 0
               ? (double)(clock->pictures - 1) * 1e6 / (double)span_us
               : 0;
}

static void judge_times(const struct qc_clock *clock, struct qc_sheet *sheet)
{
    const double rate = qc_clock_rate(clock);
    const double irregular =
        clock->pictures > 0 ? 100.0 * (double)clock->irregular / (double)clock->pictures : 0;
    if (irregular > VARIABLE_PERCENT) {
        (void)qc_sheet_add(sheet, QC_VARIABLE_RATE, 0, sheet->length_us, irregular);
    }
    if (rate > 0 && rate < SLOW_RATE) {
        (void)qc_sheet_add(sheet, QC_SLOW, 0, sheet->length_us, rate);
    }
}

static void judge_shape(const struct ingest_picture *picture, const struct profile *profile,
                        struct qc_sheet *sheet)
{
    const struct video_profile *video = &profile->video;
    const struct ingest_geometry fit =
        ingest_fit(video, picture->width, picture->height, picture->aspect, picture->rotation);
    const int lines = fmod(picture->rotation, 180) != 0 ? picture->width : picture->height;
    if (fit.width * video->aspect_num < fit.height * video->aspect_den) {
        (void)qc_sheet_add(sheet, QC_PORTRAIT, 0, sheet->length_us, 0);
    }
    if (lines < fit.height * SMALL_PART) {
        (void)qc_sheet_add(sheet, QC_SMALL, 0, sheet->length_us, lines);
    }
    if (picture->is_interlaced && !video->is_interlaced) {
        (void)qc_sheet_add(sheet, QC_INTERLACED, 0, sheet->length_us, 0);
    }
}

void qc_source_judge(const struct ingest_source *source, const struct qc_clock *clock,
                     const struct ingest_picture *picture, const struct profile *profile,
                     struct qc_sheet *sheet)
{
    const int64_t drift_us = source->audio_end_us - source->audio_start_us - source->audio_us;
    judge_shape(picture, profile, sheet);
    judge_times(clock, sheet);
    if (source->audio_us > 0 && llabs(drift_us) > DRIFT_US) {
        (void)qc_sheet_add(sheet, QC_DRIFT, 0, sheet->length_us, (double)drift_us / 1e6);
    }
    const int64_t offset_us = source->audio_start_us - clock->first_us;
    if (source->audio_us > 0 && clock->pictures > 0 && llabs(offset_us) > OFFSET_US) {
        (void)qc_sheet_add(sheet, QC_OFFSET, 0, llabs(offset_us), (double)offset_us / 1e6);
    }
    if (source->damaged > 0) {
        const int64_t from_us = source->damaged_us < sheet->length_us ? source->damaged_us : 0;
        (void)qc_sheet_add(sheet, QC_DAMAGE, from_us, sheet->length_us, (double)source->damaged);
    }
}
