/* SPDX-License-Identifier: MIT */
/*
 * qc_flash: counts flashes that may be dangerous in photosensitive epilepsy.
 *
 * A transition is a change of luminance, in one direction, by 20 cd/m2 or more
 * whose darker end is below 160, on a quarter of the picture at the same time;
 * a flash is two opposing ones.  More than three flashes within a second are
 * too many.  An estimate: it takes the set to be one of 200 cd/m2, and does
 * not look for saturated red, nor at patterns.  (FFmpeg's photosensitivity
 * filter takes each cut for a flash.)
 *
 * Normative reference: ITU-R BT.1702.
 */
#ifndef TOOLS_QC_FLASH_H
#define TOOLS_QC_FLASH_H

#include <stdbool.h>
#include <stdint.h>

enum {
    QC_FLASH_COLUMNS = 32,
    QC_FLASH_ROWS = 18,
    QC_FLASH_CELLS = QC_FLASH_COLUMNS * QC_FLASH_ROWS,
    QC_FLASH_TRANSITIONS = 7, /* more than three flashes */
};

/* Begin with a zeroed one. */
struct qc_flash {
    bool has_picture;
    float last[QC_FLASH_CELLS];    /* luminance, cd/m2 */
    float turning[QC_FLASH_CELLS]; /* where the present change began */
    int8_t told[QC_FLASH_CELLS];   /* its direction, once it was large enough: 1, -1; else 0 */
    int8_t direction;              /* of the last transition of the whole */
    int64_t transitions_us[QC_FLASH_TRANSITIONS];
    int next; /* place of the oldest */
    int count;
    int64_t since_us; /* when they began, once there were too many */
};

/*
 * Takes the mean luma (16 to 235) of each cell of the next picture.  True when
 * with it there have been too many flashes within a second, since `since_us`.
 */
bool qc_flash_take(struct qc_flash *flash, int64_t time_us, const float luma[QC_FLASH_CELLS]);

#endif
