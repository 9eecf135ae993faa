/* SPDX-License-Identifier: MIT */
#include "playout/levels.h"

#include <stddef.h>

enum { MACROBLOCK = 16 * 16 };

struct avc_level {
    int level;
    int macroblocks_per_second;
    int macroblocks;
    int max_br;  /* 1000 or 1200 bit/s each, by profile */
    int max_cpb; /* likewise bits */
};

static const struct avc_level AVC[] = {
    {30, 40500, 1620, 10000, 10000},     {31, 108000, 3600, 14000, 14000},
    {32, 216000, 5120, 20000, 20000},    {40, 245760, 8192, 20000, 25000},
    {41, 245760, 8192, 50000, 62500},    {42, 522240, 8704, 50000, 62500},
    {50, 589824, 22080, 135000, 135000}, {51, 983040, 36864, 240000, 240000},
};

struct hevc_level {
    int level; /* ten times its number */
    int64_t samples;
    int64_t samples_per_second;
    int max_br; /* main tier; 1000 or 1100 bit/s each; CPB the same in bits */
};

static const struct hevc_level HEVC[] = {
    {31, 983040, 33177600, 10000},   {40, 2228224, 66846720, 12000},
    {41, 2228224, 133693440, 20000}, {50, 8912896, 267386880, 25000},
    {51, 8912896, 534773760, 40000},
};

struct mpeg2_level {
    int level; /* as in profile_and_level_indication */
    int64_t samples;
    int64_t samples_per_second;
    int64_t rate_bps;
    int64_t vbv_bits;
};

static const struct mpeg2_level MPEG2[] = {
    {8, 720 * 576, 10368000, 15000000, 1835008},
    {6, 1440 * 1152, 47001600, 60000000, 7340032},
    {4, 1920 * 1152, 62668800, 80000000, 9781248},
};

static bool find_avc(int level, struct level_limits *limits)
{
    for (size_t i = 0; i < sizeof(AVC) / sizeof(AVC[0]); i++) {
        if (AVC[i].level == level) {
            *limits = (struct level_limits){
                .samples_per_picture = (int64_t)AVC[i].macroblocks * MACROBLOCK,
                .samples_per_second = (int64_t)AVC[i].macroblocks_per_second * MACROBLOCK,
                .rate_bps = INT64_C(1200) * AVC[i].max_br,
                .tb_leak_bps = INT64_C(1440) * AVC[i].max_br,
                .buffer_bytes = INT64_C(150) * AVC[i].max_cpb,
            };
            return true;
        }
    }
    return false;
}

static bool find_hevc(int level, struct level_limits *limits)
{
    for (size_t i = 0; i < sizeof(HEVC) / sizeof(HEVC[0]); i++) {
        if (HEVC[i].level == level) {
            *limits = (struct level_limits){
                .samples_per_picture = HEVC[i].samples,
                .samples_per_second = HEVC[i].samples_per_second,
                .rate_bps = INT64_C(1100) * HEVC[i].max_br,
                .tb_leak_bps = INT64_C(1320) * HEVC[i].max_br,
                .buffer_bytes = INT64_C(1100) * HEVC[i].max_br / 8,
            };
            return true;
        }
    }
    return false;
}

static bool find_mpeg2(int level, struct level_limits *limits)
{
    for (size_t i = 0; i < sizeof(MPEG2) / sizeof(MPEG2[0]); i++) {
        if (MPEG2[i].level == level) {
            *limits = (struct level_limits){
                .samples_per_picture = MPEG2[i].samples,
                .samples_per_second = MPEG2[i].samples_per_second,
                .rate_bps = MPEG2[i].rate_bps,
                .tb_leak_bps = MPEG2[i].rate_bps * 6 / 5,
                .buffer_bytes = MPEG2[i].vbv_bits / 8,
            };
            return true;
        }
    }
    return false;
}

bool level_find(enum video_codec codec, int level, struct level_limits *limits)
{
    switch (codec) {
    case VIDEO_H264:
        return find_avc(level, limits);
    case VIDEO_HEVC:
        return find_hevc(level, limits);
    case VIDEO_MPEG2:
        return find_mpeg2(level, limits);
    }
    return false;
}

static int64_t round_up(int64_t value, int64_t unit)
{
    return (value + unit - 1) / unit * unit;
}

int64_t level_samples(const struct video_profile *video)
{
    /* Fields are coded in macroblocks of their own. */
    const int64_t lines = video->is_interlaced ? 32 : 16;
    return video->codec == VIDEO_HEVC ? (int64_t)video->width * video->height
                                      : round_up(video->width, 16) * round_up(video->height, lines);
}
