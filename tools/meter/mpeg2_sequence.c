/* SPDX-License-Identifier: MIT */
/*
 * mpeg2_sequence: sequence header and extension of MPEG-2 video, and the
 * buffers that follow.
 */
#include "tools/meter/mpeg2_scan.h"

#include <errno.h>

enum {
    CODE_SEQUENCE = 0xb3,
    CODE_EXTENSION = 0xb5,
    SEQUENCE_EXTENSION = 1,
    VBV_UNIT = 16 * 1024, /* bits */
    RATE_UNIT = 400,      /* bit/s */
};

struct rate {
    int numerator;
    int denominator;
};

/* frame_rate_code */
static const struct rate RATES[16] = {
    {0, 1},  {24000, 1001}, {24, 1},       {25, 1}, {30000, 1001},
    {30, 1}, {50, 1},       {60000, 1001}, {60, 1},
};

int mpeg2_sequence_parse(const uint8_t *bytes, size_t size, struct mpeg2_sequence *sequence)
{
    if (size < 12 || bytes[3] != CODE_SEQUENCE) {
        return -EBADMSG;
    }
    const size_t at = es_find_prefix(bytes, 4, size);
    const uint8_t *extension = bytes + at;
    if (at + 10 > size || extension[3] != CODE_EXTENSION ||
        extension[4] >> 4 != SEQUENCE_EXTENSION) {
        return -EBADMSG;
    }
    struct es_bits bits = {.bytes = bytes + 4, .size = 8};
    struct es_bits more = {.bytes = extension + 4, .size = 6};
    struct mpeg2_sequence found = {0};
    const int64_t width = es_word(&bits, 12);
    const int64_t height = es_word(&bits, 12);
    found.aspect = (int)es_word(&bits, 4);
    const struct rate rate = RATES[es_word(&bits, 4)];
    const int64_t bit_rate = es_word(&bits, 18);
    es_bit(&bits);
    const int64_t vbv = es_word(&bits, 10);
    es_word(&more, 4);
    found.profile_and_level = (int)es_word(&more, 8);
    found.is_progressive = es_bit(&more) != 0;
    es_word(&more, 2); /* chroma_format */
    found.width = (int)(width | es_word(&more, 2) << 12);
    found.height = (int)(height | es_word(&more, 2) << 12);
    found.rate_bps = (bit_rate | (int64_t)es_word(&more, 12) << 18) * RATE_UNIT;
    es_bit(&more);
    found.vbv_bits = (vbv | (int64_t)es_word(&more, 8) << 10) * VBV_UNIT;
    es_bit(&more); /* low_delay */
    const int64_t numerator = rate.numerator * (es_word(&more, 2) + INT64_C(1));
    const int64_t denominator = rate.denominator * (es_word(&more, 5) + INT64_C(1));
    if (numerator == 0 || found.width == 0 || found.height == 0) {
        return -EBADMSG;
    }
    if (90000 * denominator % numerator == 0) {
        found.frame_ticks = 90000 * denominator / numerator;
    }
    *sequence = found;
    return 0;
}

/* Levels of Simple and Main profile. */
struct level {
    int code;
    bool is_upper; /* High-1440 and High */
    int64_t max_rate_bps;
    int64_t max_vbv_bits;
};

static const struct level LEVELS[] = {
    {10, false, 4000000, 475136},
    {8, false, 15000000, 1835008},
    {6, true, 60000000, 7340032},
    {4, true, 80000000, 9781248},
};

int mpeg2_model(const struct mpeg2_sequence *sequence, struct tstd_model *model)
{
    const int profile = sequence->profile_and_level >> 4;
    const struct level *level = NULL;
    for (size_t i = 0; i < sizeof(LEVELS) / sizeof(LEVELS[0]); i++) {
        const bool is_this = LEVELS[i].code == (sequence->profile_and_level & 0x0f);
        level = is_this ? &LEVELS[i] : level;
    }
    if (level == NULL || (profile != 4 && profile != 5) ||
        sequence->vbv_bits > level->max_vbv_bits) {
        return -ENOTSUP;
    }
    const int64_t max_bps = level->max_rate_bps;
    const int64_t overhead_bits = max_bps / 250 + max_bps / 750; /* BSmux, BSoh */
    const int64_t spare_bits = level->max_vbv_bits - sequence->vbv_bits;
    model->rx_bps = max_bps * 6 / 5;
    model->b_size = sequence->vbv_bits / 8;
    if (level->is_upper) {
        const int64_t own_bps = sequence->rate_bps * 21 / 20;
        model->mb_size = overhead_bits / 8;
        model->rbx_bps = own_bps < max_bps ? own_bps : max_bps;
    } else {
        model->mb_size = (overhead_bits + (spare_bits > 0 ? spare_bits : 0)) / 8;
        model->rbx_bps = max_bps;
    }
    return 0;
}
