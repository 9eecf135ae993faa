/* SPDX-License-Identifier: MIT */
/*
 * levels: what a level of a video codec allows.
 *
 * Normative references: ITU-T H.264, table A-1; ITU-T H.265, tables A.8 and
 * A.9 (main tier); ISO/IEC 13818-2, 8.2 and 13818-1, 2.4.2 (Rx, EB).
 * Factors: 1200 for H.264 (the stricter one, of Main), 1100 for HEVC.
 */
#ifndef PLAYOUT_LEVELS_H
#define PLAYOUT_LEVELS_H

#include "playout/station.h"

struct level_limits {
    int64_t samples_per_picture; /* of luma */
    int64_t samples_per_second;
    int64_t rate_bps;
    int64_t tb_leak_bps;  /* Rx */
    int64_t buffer_bytes; /* EB */
};

/* False when there is no such level. */
bool level_find(enum video_codec codec, int level, struct level_limits *limits);

/* Luma samples of a picture as the codec counts it, in whole blocks. */
int64_t level_samples(const struct video_profile *video);

#endif
