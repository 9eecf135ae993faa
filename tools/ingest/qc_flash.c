/* SPDX-License-Identifier: MIT */
#include "tools/ingest/qc_flash.h"

#include <math.h>

enum { SECOND_US = 1000000 };

#define WHITE_CD   200.0F
#define CHANGE_CD  20.0F
#define DARKER_CD  160.0F
#define AREA_LEAST (QC_FLASH_CELLS / 4)

/* ITU-R BT.1886. */
static float luminance(float luma)
{
    const float signal = (luma - 16) / 219;
    return signal <= 0 ? 0 : WHITE_CD * powf(signal, 2.4F);
}

/* 1 or -1 when with this picture the change of a cell has become a transition, else 0. */
static int follow_cell(struct qc_flash *flash, int cell, float now)
{
    const float last = flash->last[cell];
    const bool turns = (now - last) * (last - flash->turning[cell]) < 0;
    if (turns) {
        flash->turning[cell] = last;
        flash->told[cell] = 0;
    }
    flash->last[cell] = now;
    const float from = flash->turning[cell];
    const bool is_large = fabsf(now - from) >= CHANGE_CD && fminf(now, from) < DARKER_CD;
    if (flash->told[cell] != 0 || !is_large) {
        return 0;
    }
    flash->told[cell] = now > from ? 1 : -1;
    return flash->told[cell];
}

/* Opposing transitions only: more of the same is one, as long as it takes. */
static bool add_transition(struct qc_flash *flash, int8_t direction, int64_t time_us)
{
    if (direction == flash->direction) {
        return false;
    }
    flash->direction = direction;
    flash->transitions_us[flash->next] = time_us;
    flash->next = (flash->next + 1) % QC_FLASH_TRANSITIONS;
    const int64_t oldest_us = flash->transitions_us[flash->next];
    flash->count += flash->count < QC_FLASH_TRANSITIONS;
    flash->since_us = oldest_us;
    return flash->count == QC_FLASH_TRANSITIONS && time_us - oldest_us < SECOND_US;
}

bool qc_flash_take(struct qc_flash *flash, int64_t time_us, const float luma[QC_FLASH_CELLS])
{
    int up = 0;
    int down = 0;
    for (int i = 0; i < QC_FLASH_CELLS; i++) {
        const float now = luminance(luma[i]);
        if (!flash->has_picture) {
            flash->last[i] = now;
            flash->turning[i] = now;
            continue;
        }
        const int change = follow_cell(flash, i, now);
        up += change > 0;
        down += change < 0;
    }
    flash->has_picture = true;
    bool is_dangerous = false;
    if (up >= AREA_LEAST) {
        is_dangerous = add_transition(flash, 1, time_us);
    }
    if (down >= AREA_LEAST) {
        is_dangerous = add_transition(flash, -1, time_us) || is_dangerous;
    }
    return is_dangerous;
}
