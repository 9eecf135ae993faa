/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_timeline.h"

#include <stdlib.h>

enum {
    BACK_US = 100000,
    AHEAD_US = 10000000,
    NEAR_US = 1000000, /* sound and picture are interleaved no further apart at a jump */
};

int64_t ingest_timeline_offset(struct ingest_timeline *timeline, bool is_video, int64_t dts_us,
                               int64_t length_us)
{
    int64_t *next = &timeline->next_us[is_video];
    int64_t *offset = &timeline->offset_us[is_video];
    const int64_t other = timeline->offset_us[!is_video];
    const int64_t jump = dts_us + *offset - *next;
    if (timeline->is_known[is_video] && (jump < -BACK_US || jump > AHEAD_US)) {
        const bool follows = other != *offset && llabs(dts_us + other - *next) < NEAR_US;
        *offset = follows ? other : *offset - jump;
    }
    timeline->is_known[is_video] = true;
    *next = dts_us + *offset + length_us;
    return *offset;
}
