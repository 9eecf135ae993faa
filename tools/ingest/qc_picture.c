/* SPDX-License-Identifier: MIT */
#include "tools/ingest/qc_picture.h"

#include "tools/ingest/ingest_graph.h"
#include "tools/ingest/qc_flash.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <libavutil/dict.h>
#include <libavutil/error.h>
#include <libavutil/imgutils.h>

enum {
    GRID_WIDTH = 256, /* of the pixels that are judged */
    GRID_HEIGHT = 144,
    CELL = GRID_WIDTH / QC_FLASH_COLUMNS, /* of them, each way */
    US_PER_S = 1000000,
    FLASH_PAUSE_US = US_PER_S,
    BARS_LEAST_PERCENT = 5,
};

/* A condition that holds from `from_us` on; a finding once it has lasted long enough. */
struct span {
    bool is_open;
    int64_t from_us;
    int finding; /* -1: not yet one */
};

struct qc_picture {
    const struct profile *profile;
    struct qc_sheet *sheet;
    struct ingest_graph detectors;
    struct ingest_graph stills;
    AVFrame *frame;
    int64_t taken; /* pictures */
    int64_t length_us;
    int extra; /* pictures behind the strip */
    struct span black;
    struct span still;
    struct span flashing;
    struct qc_flash flash;
    int64_t flashed_us;
    int crop_width; /* of GRID; 0: nothing but black so far */
    int crop_height;
};

struct qc_picture *qc_picture_create(const struct profile *profile, int64_t frames,
                                     struct qc_sheet *sheet)
{
    struct qc_picture *qc = calloc(1, sizeof(*qc));
    if (qc == NULL || (qc->frame = av_frame_alloc()) == NULL) {
        free(qc);
        return NULL;
    }
    const struct video_profile *video = &profile->video;
    const double shape =
        (double)video->width * video->aspect_num / ((double)video->height * video->aspect_den);
    const int width = (int)lround(shape * QC_PICTURE_LINES / 2) * 2;
    qc->profile = profile;
    qc->sheet = sheet;
    qc->length_us = frames * US_PER_S / FRAMES_PER_SECOND;
    sheet->picture_width = width < 2                       ? 2
                           : width > QC_PICTURE_WIDTH_MOST ? QC_PICTURE_WIDTH_MOST
                                                           : width;
    return qc;
}

void qc_picture_destroy(struct qc_picture *qc)
{
    if (qc != NULL) {
        ingest_graph_close(&qc->detectors);
        ingest_graph_close(&qc->stills);
        av_frame_free(&qc->frame);
        free(qc);
    }
}

/* --- Pictures to look at --------------------------------------------------------------- */

static int copy_still(struct qc_picture *qc, AVFrame *picture, int64_t time_us, int place)
{
    char chain[128];
    int result = 0;
    if (qc->stills.graph == NULL) {
        snprintf(chain, sizeof(chain), "scale=%d:%d:flags=area:out_range=pc,format=yuvj420p",
                 qc->sheet->picture_width, QC_PICTURE_LINES);
        result = ingest_graph_open(&qc->stills, picture, chain);
    }
    result = result < 0 ? result : ingest_graph_put(&qc->stills, picture);
    result = result < 0 ? result : ingest_graph_get(&qc->stills, qc->frame);
    if (result < 0) {
        return result;
    }
    struct qc_still *still = &qc->sheet->pictures[place];
    still->time_us = time_us;
    result = av_image_copy_to_buffer(still->planes, (int)sizeof(still->planes),
                                     (const uint8_t *const *)qc->frame->data, qc->frame->linesize,
                                     qc->frame->format, qc->frame->width, qc->frame->height, 1);
    av_frame_unref(qc->frame);
    return result < 0 ? result : 0;
}

/* The middle of part `i` of the strip. */
static int64_t strip_us(const struct qc_picture *qc, int i)
{
    return qc->length_us * (2 * i + 1) / (2 * QC_STRIP);
}

/* A finding that has begun, and has no picture yet, is shown by this one. */
static int show_findings(struct qc_picture *qc, AVFrame *picture, int64_t time_us)
{
    struct qc_sheet *sheet = qc->sheet;
    bool is_copied = false;
    for (int i = 0; i < sheet->finding_count && qc->extra < QC_FINDINGS_MOST; i++) {
        struct qc_finding *finding = &sheet->findings[i];
        if (finding->picture >= 0 || finding->from_us > time_us) {
            continue;
        }
        finding->picture = QC_STRIP + qc->extra;
        if (!is_copied) {
            const int result = copy_still(qc, picture, time_us, finding->picture);
            if (result < 0) {
                return result;
            }
            is_copied = true;
        }
    }
    qc->extra += is_copied;
    sheet->picture_count = QC_STRIP + qc->extra;
    return 0;
}

static int take_stills(struct qc_picture *qc, AVFrame *picture, int64_t time_us)
{
    struct qc_sheet *sheet = qc->sheet;
    int result = 0;
    while (result >= 0 && sheet->strip_count < QC_STRIP &&
           strip_us(qc, sheet->strip_count) <= time_us) {
        result = copy_still(qc, picture, time_us, sheet->strip_count++);
    }
    return result < 0 ? result : show_findings(qc, picture, time_us);
}

/* --- Conditions ------------------------------------------------------------------------ */

static void open_span(struct span *span, int64_t from_us)
{
    if (!span->is_open) {
        *span = (struct span){.is_open = true, .from_us = from_us, .finding = -1};
    }
}

/* It lasts up to here: a finding when that is long enough. */
static void stretch(struct qc_picture *qc, struct span *span, enum qc_kind kind, int64_t to_us,
                    int64_t least_us)
{
    if (!span->is_open || to_us - span->from_us < least_us) {
        return;
    }
    if (span->finding < 0) {
        span->finding = qc_sheet_add(qc->sheet, kind, span->from_us, to_us, 0);
    }
    if (span->finding >= 0) {
        qc->sheet->findings[span->finding].to_us = to_us;
    }
}

static bool has(const AVDictionary *metadata, const char *key)
{
    return av_dict_get(metadata, key, NULL, 0) != NULL;
}

static double number(const AVDictionary *metadata, const char *key, double otherwise)
{
    const AVDictionaryEntry *entry = av_dict_get(metadata, key, NULL, 0);
    const double value = entry != NULL ? strtod(entry->value, NULL) : otherwise;
    return isfinite(value) ? value : otherwise;
}

static void read_black(struct qc_picture *qc, const AVDictionary *metadata, int64_t from_us,
                       int64_t to_us)
{
    if (has(metadata, "lavfi.black_end")) {
        qc->black.is_open = false;
    }
    if (has(metadata, "lavfi.black_start")) {
        open_span(&qc->black, from_us);
    }
    stretch(qc, &qc->black, QC_BLACK, to_us, (int64_t)qc->profile->qc.black_s * US_PER_S);
}

static void read_still(struct qc_picture *qc, const AVDictionary *metadata, int64_t to_us)
{
    if (has(metadata, "lavfi.freezedetect.freeze_end")) {
        qc->still.is_open = false;
    }
    if (has(metadata, "lavfi.freezedetect.freeze_start")) {
        const double from_s = number(metadata, "lavfi.freezedetect.freeze_start", 0);
        open_span(&qc->still, (int64_t)(from_s * US_PER_S));
    }
    stretch(qc, &qc->still, QC_STILL, to_us, 0);
}

static void measure_cells(const AVFrame *frame, float luma[QC_FLASH_CELLS])
{
    for (int i = 0; i < QC_FLASH_CELLS; i++) {
        const int left = i % QC_FLASH_COLUMNS * CELL;
        const int top = i / QC_FLASH_COLUMNS * CELL;
        int sum = 0;
        for (int y = top; y < top + CELL; y++) {
            for (int x = left; x < left + CELL; x++) {
                sum += frame->data[0][y * frame->linesize[0] + x];
            }
        }
        luma[i] = (float)sum / (CELL * CELL);
    }
}

static void read_flashing(struct qc_picture *qc, const AVFrame *frame, int64_t to_us)
{
    float luma[QC_FLASH_CELLS];
    measure_cells(frame, luma);
    if (qc->flashing.is_open && frame->pts - qc->flashed_us > FLASH_PAUSE_US) {
        qc->flashing.is_open = false;
    }
    if (qc_flash_take(&qc->flash, frame->pts, luma)) {
        open_span(&qc->flashing, qc->flash.since_us);
        qc->flashed_us = to_us;
        stretch(qc, &qc->flashing, QC_FLASHING, to_us, 0);
    }
}

/* The least rectangle outside of which all has been black. */
static void read_crop(struct qc_picture *qc, const AVDictionary *metadata)
{
    const int width = (int)(number(metadata, "lavfi.cropdetect.x2", -1) -
                            number(metadata, "lavfi.cropdetect.x1", 0)) +
                      1;
    const int height = (int)(number(metadata, "lavfi.cropdetect.y2", -1) -
                             number(metadata, "lavfi.cropdetect.y1", 0)) +
                       1;
    if (width > 0 && height > 0) {
        qc->crop_width = width;
        qc->crop_height = height;
    }
}

static int open_detectors(struct qc_picture *qc, const AVFrame *picture)
{
    char chain[512];
    snprintf(chain, sizeof(chain),
             "scale=%d:%d:flags=neighbor,format=yuv420p,blackdetect=d=0:pix_th=0.05,"
             "freezedetect=n=0.001:d=%d,cropdetect=skip=0:round=2",
             GRID_WIDTH, GRID_HEIGHT, qc->profile->qc.still_s);
    return ingest_graph_open(&qc->detectors, picture, chain);
}

static int drain(struct qc_picture *qc, int64_t picture_us)
{
    int result = 0;
    while ((result = ingest_graph_get(&qc->detectors, qc->frame)) >= 0) {
        const AVDictionary *metadata = qc->frame->metadata;
        const int64_t from_us = qc->frame->pts;
        const int64_t to_us = from_us + picture_us;
        read_black(qc, metadata, from_us, to_us);
        read_still(qc, metadata, to_us);
        read_flashing(qc, qc->frame, to_us);
        read_crop(qc, metadata);
        av_frame_unref(qc->frame);
    }
    return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : result;
}

int qc_picture_take(struct qc_picture *qc, AVFrame *picture)
{
    const int rate = qc->profile->video.pictures_per_second;
    const int64_t time_us = qc->taken++ * US_PER_S / rate;
    const int64_t pts = picture->pts;
    if (time_us >= qc->length_us) {
        return 0;
    }
    int result = qc->detectors.graph != NULL ? 0 : open_detectors(qc, picture);
    if (result >= 0) {
        picture->pts = time_us;
        result = ingest_graph_put(&qc->detectors, picture);
        result = result < 0 ? result : drain(qc, US_PER_S / rate);
        result = result < 0 ? result : take_stills(qc, picture, time_us);
        picture->pts = pts;
    }
    return result;
}

void qc_picture_skip(struct qc_picture *qc, int pictures)
{
    qc->taken += pictures;
}

void qc_picture_end(struct qc_picture *qc, struct ingest_geometry filled)
{
    struct qc_sheet *sheet = qc->sheet;
    const struct video_profile *video = &qc->profile->video;
    const double width = (double)qc->crop_width * video->width / GRID_WIDTH / filled.width;
    const double height = (double)qc->crop_height * video->height / GRID_HEIGHT / filled.height;
    const double bars = 100 * (1 - fmin(width, 1) * fmin(height, 1));
    if (qc->crop_width > 0 && bars > BARS_LEAST_PERCENT) {
        const int place = qc_sheet_add(sheet, QC_BARS, 0, qc->length_us, bars);
        if (place >= 0 && sheet->strip_count > 0) {
            sheet->findings[place].picture = sheet->strip_count / 2;
        }
    }
    /* What begins at the very end is shown by the last picture. */
    for (int i = 0; i < sheet->finding_count; i++) {
        if (sheet->findings[i].picture < 0) {
            sheet->findings[i].picture = sheet->strip_count - 1;
        }
    }
    qc_sheet_sort(sheet);
}
