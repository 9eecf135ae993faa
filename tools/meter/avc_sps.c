/* SPDX-License-Identifier: MIT */
#include "tools/meter/avc_scan.h"

#include <errno.h>

enum { EXTENDED_SAR = 255, SIDE_MAX = 16384, FRAME_TICKS_MAX = 90000 };

static void skip_scaling_list(struct es_bits *bits, int size)
{
    int last = 8;
    int next = 8;
    for (int i = 0; i < size && !bits->is_at_end; i++) {
        if (next != 0) {
            next = (int)(((unsigned)last + (unsigned)es_signed_golomb(bits)) & 0xff);
        }
        last = next == 0 ? last : next;
    }
}

static bool has_chroma_fields(int profile_idc)
{
    static const int PROFILES[] = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135};
    for (size_t i = 0; i < sizeof(PROFILES) / sizeof(PROFILES[0]); i++) {
        if (PROFILES[i] == profile_idc) {
            return true;
        }
    }
    return false;
}

/* Returns chroma_format_idc. */
static unsigned read_chroma(struct es_bits *bits, struct avc_sps *sps)
{
    const unsigned chroma = es_golomb(bits);
    if (chroma == 3) {
        sps->has_separate_planes = es_bit(bits) != 0;
    }
    es_golomb(bits); /* bit_depth_luma_minus8 */
    es_golomb(bits);
    es_bit(bits); /* qpprime_y_zero_transform_bypass_flag */
    if (es_bit(bits)) {
        for (int i = 0; i < (chroma == 3 ? 12 : 8); i++) {
            if (es_bit(bits)) {
                skip_scaling_list(bits, i < 6 ? 16 : 64);
            }
        }
    }
    return chroma;
}

static void skip_order_count(struct es_bits *bits)
{
    const unsigned type = es_golomb(bits);
    if (type == 0) {
        es_golomb(bits);
    } else if (type == 1) {
        es_bit(bits);
        es_signed_golomb(bits);
        es_signed_golomb(bits);
        const uint32_t count = es_golomb(bits);
        for (uint32_t i = 0; i < count && i < 256; i++) {
            es_signed_golomb(bits);
        }
    }
}

static void read_size(struct es_bits *bits, unsigned chroma, struct avc_sps *sps)
{
    const int64_t width = es_golomb(bits) + INT64_C(1);
    const int64_t height = es_golomb(bits) + INT64_C(1);
    sps->is_progressive = es_bit(bits) != 0;
    if (!sps->is_progressive) {
        es_bit(bits);
    }
    es_bit(bits); /* direct_8x8_inference_flag */
    const int field = sps->is_progressive ? 1 : 2;
    int64_t crop[4] = {0};
    if (es_bit(bits)) {
        for (int i = 0; i < 4; i++) {
            crop[i] = es_golomb(bits);
        }
    }
    const int unit_x = chroma == 1 || chroma == 2 ? 2 : 1;
    const int unit_y = (chroma == 1 ? 2 : 1) * field;
    const int64_t shown_x = width * 16 - (crop[0] + crop[1]) * unit_x;
    const int64_t shown_y = height * 16 * field - (crop[2] + crop[3]) * unit_y;
    sps->width = shown_x > 0 && shown_x <= SIDE_MAX ? (int)shown_x : 0;
    sps->height = shown_y > 0 && shown_y <= SIDE_MAX ? (int)shown_y : 0;
}

/* The last of its schedules is the one that 13818-1 names. */
static void read_hrd(struct es_bits *bits, struct avc_sps *sps)
{
    const uint32_t count = es_golomb(bits) + 1;
    const unsigned rate_scale = es_word(bits, 4);
    const unsigned size_scale = es_word(bits, 4);
    for (uint32_t i = 0; i < count && i < 32; i++) {
        sps->hrd_rate_bps = (es_golomb(bits) + INT64_C(1)) << (6 + rate_scale);
        sps->hrd_cpb_bits = (es_golomb(bits) + INT64_C(1)) << (4 + size_scale);
        es_bit(bits);
    }
    es_word(bits, 20);
}

static void read_vui(struct es_bits *bits, struct avc_sps *sps)
{
    if (es_bit(bits) && es_word(bits, 8) == EXTENDED_SAR) {
        es_word(bits, 32);
    }
    if (es_bit(bits)) {
        es_bit(bits); /* overscan_appropriate_flag */
    }
    if (es_bit(bits)) {
        es_word(bits, 4);
        if (es_bit(bits)) {
            es_word(bits, 24);
        }
    }
    if (es_bit(bits)) {
        es_golomb(bits); /* chroma locations */
        es_golomb(bits);
    }
    if (es_bit(bits)) {
        const int64_t units = es_word(bits, 32);
        const int64_t scale = es_word(bits, 32);
        es_bit(bits);
        /* A frame is two ticks of this clock. */
        if (scale > 0 && 180000 * units % scale == 0 && 180000 * units / scale <= FRAME_TICKS_MAX) {
            sps->frame_ticks = 180000 * units / scale;
        }
    }
    if (es_bit(bits)) {
        sps->has_nal_hrd = true;
        read_hrd(bits, sps);
    }
}

int avc_sps_parse(const uint8_t *nal, size_t size, struct avc_sps *sps)
{
    struct es_payload payload;
    if (size < 4 || (nal[0] & 0x1f) != 7) {
        return -EBADMSG;
    }
    es_strip(nal, size, 1, &payload);
    struct es_bits bits = {.bytes = payload.bytes, .size = payload.size};
    struct avc_sps found = {0};
    found.profile_idc = (int)es_word(&bits, 8);
    found.constraints = (int)es_word(&bits, 8);
    found.level_idc = (int)es_word(&bits, 8);
    es_golomb(&bits); /* seq_parameter_set_id */
    const unsigned chroma = has_chroma_fields(found.profile_idc) ? read_chroma(&bits, &found) : 1;
    found.frame_num_bits = (int)(es_golomb(&bits) & 15) + 4;
    skip_order_count(&bits);
    es_golomb(&bits); /* max_num_ref_frames */
    es_bit(&bits);
    read_size(&bits, chroma, &found);
    if (es_bit(&bits)) {
        read_vui(&bits, &found);
    }
    if (bits.is_at_end || found.width <= 0 || found.height <= 0) {
        return -EBADMSG;
    }
    *sps = found;
    return 0;
}

/* Table A-1, in units of 1000 (VCL) or 1200 (NAL) bit/s and bits. */
struct level {
    int idc;
    int max_br;
    int max_cpb;
};

static const struct level LEVELS[] = {
    {9, 128, 350},        {10, 64, 175},      {11, 192, 500},       {12, 384, 1000},
    {13, 768, 2000},      {20, 2000, 2000},   {21, 4000, 4000},     {22, 4000, 4000},
    {30, 10000, 10000},   {31, 14000, 14000}, {32, 20000, 20000},   {40, 20000, 25000},
    {41, 50000, 62500},   {42, 50000, 62500}, {50, 135000, 135000}, {51, 240000, 240000},
    {52, 240000, 240000},
};

static const struct level *level_of(const struct avc_sps *sps)
{
    /* Level 1b of the older profiles is 11 with constraint_set3_flag. */
    const bool is_1b = sps->level_idc == 11 && (sps->constraints & 0x10) != 0 &&
                       !has_chroma_fields(sps->profile_idc);
    const int idc = is_1b ? 9 : sps->level_idc;
    for (size_t i = 0; i < sizeof(LEVELS) / sizeof(LEVELS[0]); i++) {
        if (LEVELS[i].idc == idc) {
            return &LEVELS[i];
        }
    }
    return NULL;
}

/* cpbBrNalFactor, A.3.1 and A.3.3: what the units of a level are worth in this profile. */
static int64_t nal_factor(const struct avc_sps *sps)
{
    switch (sps->profile_idc) {
    case 66:
    case 77:
    case 88:
        return 1200;
    case 110:
        return 3600;
    case 122:
    case 244:
    case 44:
        return 4800;
    default:
        return 1500;
    }
}

int avc_model(const struct avc_sps *sps, struct tstd_model *model)
{
    const struct level *level = level_of(sps);
    if (level == NULL ||
        (sps->has_nal_hrd && (sps->hrd_rate_bps > nal_factor(sps) * level->max_br ||
                              sps->hrd_cpb_bits > nal_factor(sps) * level->max_cpb))) {
        return -ENOTSUP;
    }
    /* Factor 1200 for all profiles: High would have 1500; this is the stricter. */
    const int64_t max_rate_bps = INT64_C(1200) * level->max_br;
    const int64_t max_cpb_bits = INT64_C(1200) * level->max_cpb;
    const int64_t overhead_bps = max_rate_bps > 2000000 ? max_rate_bps : 2000000;
    const int64_t rate_bps = sps->has_nal_hrd ? sps->hrd_rate_bps : max_rate_bps;
    const int64_t cpb_bits = sps->has_nal_hrd ? sps->hrd_cpb_bits : max_cpb_bits;
    const int64_t multiplexing_bits = overhead_bps / 250; /* 4 ms */
    const int64_t overhead_bits = overhead_bps / 750;
    const int64_t spare_bits = max_cpb_bits > cpb_bits ? max_cpb_bits - cpb_bits : 0;
    model->rx_bps = rate_bps * 6 / 5;
    model->rbx_bps = max_rate_bps;
    model->b_size = cpb_bits / 8;
    model->mb_size = (multiplexing_bits + overhead_bits + spare_bits) / 8;
    return 0;
}
