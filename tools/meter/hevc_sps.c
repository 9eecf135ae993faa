/* SPDX-License-Identifier: MIT */
/*
 * hevc_sps: the parameter sets of H.265, up to what is needed of them.
 */
#include "tools/meter/hevc_scan.h"

#include <errno.h>

enum {
    NAL_HEADER = 2,
    NAL_VPS = 32,
    NAL_SPS = 33,
    PROFILE_MAIN_STILL = 3,
    LAYERS = 8,
    SETS_MAX = 64,
    PICTURES_MAX = 16,
    EXTENDED_SAR = 255,
    SIDE_MAX = 16384,
    FRAME_TICKS_MAX = 90000,
    NAL_FACTOR = 1100,     /* CpbNalFactor of Main and Main 10 ... */
    NAL_FACTOR_MAX = 6600, /* ... and the greatest of the range extensions */
};

/* profile_tier_level(1, layers - 1) */
static void read_profile(struct es_bits *bits, int layers, struct hevc_sps *sps)
{
    es_word(bits, 2);
    sps->is_high_tier = es_bit(bits) != 0;
    sps->profile_idc = (int)es_word(bits, 5);
    es_skip(bits, 32 + 48);
    sps->level_idc = (int)es_word(bits, 8);
    bool has_profile[LAYERS] = {false};
    bool has_level[LAYERS] = {false};
    for (int i = 0; i < layers - 1; i++) {
        has_profile[i] = es_bit(bits) != 0;
        has_level[i] = es_bit(bits) != 0;
    }
    es_skip(bits, layers > 1 ? 2 * (size_t)(LAYERS - layers + 1) : 0);
    for (int i = 0; i < layers - 1; i++) {
        es_skip(bits, (has_profile[i] ? 88U : 0U) + (has_level[i] ? 8U : 0U));
    }
}

static void skip_layer_ordering(struct es_bits *bits, int layers)
{
    const int first = es_bit(bits) != 0 ? 0 : layers - 1;
    for (int i = first; i < layers; i++) {
        es_golomb(bits);
        es_golomb(bits);
        es_golomb(bits);
    }
}

static void skip_scaling_lists(struct es_bits *bits)
{
    for (int size = 0; size < 4; size++) {
        for (int matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1) {
            if (es_bit(bits) == 0) {
                es_golomb(bits); /* scaling_list_pred_matrix_id_delta */
                continue;
            }
            if (size > 1) {
                es_signed_golomb(bits);
            }
            const int count = size == 0 ? 16 : 64;
            for (int i = 0; i < count && !bits->is_at_end; i++) {
                es_signed_golomb(bits);
            }
        }
    }
}

/* st_ref_pic_set(index): returns how many pictures it has; `before`: that of the one before. */
static int skip_reference_set(struct es_bits *bits, int index, int before)
{
    if (index > 0 && es_bit(bits) != 0) {
        int count = 0;
        es_bit(bits); /* delta_rps_sign */
        es_golomb(bits);
        for (int i = 0; i <= before && !bits->is_at_end; i++) {
            const bool is_used = es_bit(bits) != 0;
            const bool has_delta = is_used || es_bit(bits) != 0;
            count += is_used || has_delta;
        }
        return count;
    }
    const uint32_t negative = es_golomb(bits);
    const uint32_t positive = es_golomb(bits);
    if (negative > PICTURES_MAX || positive > PICTURES_MAX) {
        bits->is_at_end = true;
        return 0;
    }
    for (uint32_t i = 0; i < negative + positive; i++) {
        es_golomb(bits);
        es_bit(bits);
    }
    return (int)(negative + positive);
}

static void skip_reference_sets(struct es_bits *bits, const struct hevc_sps *sps)
{
    const uint32_t sets = es_golomb(bits);
    int before = 0;
    for (uint32_t i = 0; i < sets && i <= SETS_MAX && !bits->is_at_end; i++) {
        before = skip_reference_set(bits, (int)i, before);
    }
    if (es_bit(bits)) { /* long_term_ref_pics_present_flag */
        const uint32_t count = es_golomb(bits);
        for (uint32_t i = 0; i < count && i <= SETS_MAX; i++) {
            es_skip(bits, (size_t)sps->order_bits + 1);
        }
    }
}

/* sub_layer_hrd_parameters(): the last of the schedules is the one that counts. */
static void read_schedules(struct es_bits *bits, uint32_t count, int scales, bool has_units,
                           struct hevc_timing *timing)
{
    for (uint32_t i = 0; i < count && !bits->is_at_end; i++) {
        const int64_t rate = es_golomb(bits) + INT64_C(1);
        const int64_t size = es_golomb(bits) + INT64_C(1);
        if (has_units) {
            es_golomb(bits);
            es_golomb(bits);
        }
        es_bit(bits); /* cbr_flag */
        if (timing != NULL) {
            timing->has_nal_hrd = true;
            timing->hrd_rate_bps = rate << (6 + (scales >> 4));
            timing->hrd_cpb_bits = size << (4 + (scales & 15));
        }
    }
}

/* hrd_parameters(); for all sub-layers, the last of which is the whole. */
static void read_hrd(struct es_bits *bits, bool has_common, int layers, struct hevc_timing *timing)
{
    bool has_nal = false;
    bool has_vcl = false;
    bool has_units = false;
    int scales = 0;
    if (has_common) {
        has_nal = es_bit(bits) != 0;
        has_vcl = es_bit(bits) != 0;
    }
    if (has_nal || has_vcl) {
        has_units = es_bit(bits) != 0;
        es_skip(bits, has_units ? 19 : 0);
        scales = (int)es_word(bits, 8); /* bit_rate_scale, cpb_size_scale */
        es_skip(bits, (has_units ? 4 : 0) + 15);
    }
    for (int i = 0; i < layers && !bits->is_at_end; i++) {
        const bool is_fixed = es_bit(bits) != 0;
        const bool is_fixed_within = is_fixed || es_bit(bits) != 0;
        bool is_low_delay = false;
        if (is_fixed_within) {
            es_golomb(bits);
        } else {
            is_low_delay = es_bit(bits) != 0;
        }
        const uint32_t count = is_low_delay ? 1 : es_golomb(bits) + 1;
        if (has_nal) {
            read_schedules(bits, count, scales, has_units, timing);
        }
        if (has_vcl) {
            read_schedules(bits, count, scales, has_units, NULL);
        }
    }
}

/* Picture rate, as in VPS and VUI. */
static void read_rate(struct es_bits *bits, struct hevc_timing *timing)
{
    const int64_t units = es_word(bits, 32);
    const int64_t scale = es_word(bits, 32);
    if (es_bit(bits)) {
        es_golomb(bits);
    }
    if (scale > 0 && 90000 * units % scale == 0 && 90000 * units / scale <= FRAME_TICKS_MAX) {
        timing->frame_ticks = 90000 * units / scale;
    }
}

static void read_vui(struct es_bits *bits, int layers, struct hevc_sps *sps)
{
    if (es_bit(bits) && es_word(bits, 8) == EXTENDED_SAR) {
        es_skip(bits, 32);
    }
    if (es_bit(bits)) {
        es_bit(bits); /* overscan_appropriate_flag */
    }
    if (es_bit(bits)) {
        es_skip(bits, 4);
        es_skip(bits, es_bit(bits) ? 24 : 0);
    }
    if (es_bit(bits)) {
        es_golomb(bits); /* chroma locations */
        es_golomb(bits);
    }
    es_bit(bits); /* neutral_chroma_indication_flag */
    sps->has_fields = es_bit(bits) != 0;
    es_bit(bits);
    if (es_bit(bits)) {
        for (int i = 0; i < 4; i++) {
            es_golomb(bits); /* default display window */
        }
    }
    if (es_bit(bits)) {
        read_rate(bits, &sps->timing);
        if (es_bit(bits)) {
            read_hrd(bits, true, layers, &sps->timing);
        }
    }
}

static void read_size(struct es_bits *bits, struct hevc_sps *sps)
{
    const unsigned chroma = es_golomb(bits);
    sps->has_separate_planes = chroma == 3 && es_bit(bits) != 0;
    const int64_t width = es_golomb(bits);
    const int64_t height = es_golomb(bits);
    int64_t crop[4] = {0};
    if (es_bit(bits)) {
        for (int i = 0; i < 4; i++) {
            crop[i] = es_golomb(bits);
        }
    }
    const int64_t shown_x = width - (crop[0] + crop[1]) * (chroma == 1 || chroma == 2 ? 2 : 1);
    const int64_t shown_y = height - (crop[2] + crop[3]) * (chroma == 1 ? 2 : 1);
    sps->width = shown_x > 0 && shown_x <= SIDE_MAX ? (int)shown_x : 0;
    sps->height = shown_y > 0 && shown_y <= SIDE_MAX ? (int)shown_y : 0;
}

static void skip_tools(struct es_bits *bits)
{
    for (int i = 0; i < 6; i++) {
        es_golomb(bits); /* sizes and depths of blocks */
    }
    if (es_bit(bits) && es_bit(bits)) {
        skip_scaling_lists(bits);
    }
    es_word(bits, 2); /* amp, sample_adaptive_offset */
    if (es_bit(bits)) {
        es_word(bits, 8); /* pcm */
        es_golomb(bits);
        es_golomb(bits);
        es_bit(bits);
    }
}

int hevc_sps_parse(const uint8_t *nal, size_t size, struct hevc_sps *sps)
{
    struct es_payload payload;
    struct hevc_sps found = {0};
    if (size < NAL_HEADER + 14 || (nal[0] >> 1 & 0x3f) != NAL_SPS) {
        return -EBADMSG;
    }
    es_strip(nal, size, NAL_HEADER, &payload);
    struct es_bits bits = {.bytes = payload.bytes, .size = payload.size};
    es_word(&bits, 4); /* sps_video_parameter_set_id */
    const int layers = (int)es_word(&bits, 3) + 1;
    es_bit(&bits);
    read_profile(&bits, layers, &found);
    es_golomb(&bits); /* sps_seq_parameter_set_id */
    read_size(&bits, &found);
    es_golomb(&bits); /* bit_depth_luma_minus8 */
    es_golomb(&bits);
    found.order_bits = (int)(es_golomb(&bits) & 15) + 4;
    skip_layer_ordering(&bits, layers);
    skip_tools(&bits);
    skip_reference_sets(&bits, &found);
    es_word(&bits, 2); /* sps_temporal_mvp, strong_intra_smoothing */
    if (es_bit(&bits)) {
        read_vui(&bits, layers, &found);
    }
    if (bits.is_at_end || layers > LAYERS - 1 || found.width <= 0 || found.height <= 0) {
        return -EBADMSG;
    }
    *sps = found;
    return 0;
}

int hevc_vps_parse(const uint8_t *nal, size_t size, struct hevc_timing *timing)
{
    struct es_payload payload;
    struct hevc_sps profile;
    struct hevc_timing found = {0};
    if (size < NAL_HEADER + 16 || (nal[0] >> 1 & 0x3f) != NAL_VPS) {
        return -EBADMSG;
    }
    es_strip(nal, size, NAL_HEADER, &payload);
    struct es_bits bits = {.bytes = payload.bytes, .size = payload.size};
    es_word(&bits, 12);
    const int layers = (int)es_word(&bits, 3) + 1;
    es_skip(&bits, 17);
    read_profile(&bits, layers, &profile);
    skip_layer_ordering(&bits, layers);
    const size_t max_layer = es_word(&bits, 6);
    es_skip(&bits, es_golomb(&bits) * (max_layer + 1));
    if (es_bit(&bits)) {
        read_rate(&bits, &found);
        const uint32_t count = es_golomb(&bits);
        for (uint32_t i = 0; i < count && !bits.is_at_end; i++) {
            es_golomb(&bits); /* hrd_layer_set_idx */
            const bool has_common = i == 0 || es_bit(&bits) != 0;
            read_hrd(&bits, has_common, layers, i == 0 ? &found : &(struct hevc_timing){0});
        }
    }
    if (bits.is_at_end || layers > LAYERS - 1) {
        return -EBADMSG;
    }
    *timing = found;
    return 0;
}

/* Tables A.8 and A.9: units of 1100 (NAL) bit/s and bits; high tier from level 4 on. */
struct level {
    int idc;
    int max_br;
    int max_cpb;
    int high_br;
    int high_cpb;
};

static const struct level LEVELS[] = {
    {30, 128, 350, 0, 0},
    {60, 1500, 1500, 0, 0},
    {63, 3000, 3000, 0, 0},
    {90, 6000, 6000, 0, 0},
    {93, 10000, 10000, 0, 0},
    {120, 12000, 12000, 30000, 30000},
    {123, 20000, 20000, 50000, 50000},
    {150, 25000, 25000, 100000, 100000},
    {153, 40000, 40000, 160000, 160000},
};

/*
 * The H.264 rule with the factor and levels of H.265.  Unverified: that
 * 2.17 of 13818-1 takes factor 1100 for all buffers, and 4 ms and 1/750 s.
 */
int hevc_model(const struct hevc_sps *sps, const struct hevc_timing *vps, struct tstd_model *model)
{
    const struct level *level = NULL;
    for (size_t i = 0; i < sizeof(LEVELS) / sizeof(LEVELS[0]); i++) {
        level = LEVELS[i].idc == sps->level_idc ? &LEVELS[i] : level;
    }
    if (level == NULL || (sps->is_high_tier && level->high_br == 0)) {
        return -ENOTSUP;
    }
    const struct hevc_timing *hrd = sps->timing.has_nal_hrd ? &sps->timing : vps;
    const int64_t max_br = sps->is_high_tier ? level->high_br : level->max_br;
    const int64_t max_cpb = sps->is_high_tier ? level->high_cpb : level->max_cpb;
    const int64_t factor = sps->profile_idc <= PROFILE_MAIN_STILL ? NAL_FACTOR : NAL_FACTOR_MAX;
    if (hrd->has_nal_hrd &&
        (hrd->hrd_rate_bps > factor * max_br || hrd->hrd_cpb_bits > factor * max_cpb)) {
        return -ENOTSUP;
    }
    const int64_t max_rate_bps = NAL_FACTOR * max_br;
    const int64_t max_cpb_bits = NAL_FACTOR * max_cpb;
    const int64_t overhead_bps = max_rate_bps > 2000000 ? max_rate_bps : 2000000;
    const int64_t rate_bps = hrd->has_nal_hrd ? hrd->hrd_rate_bps : max_rate_bps;
    const int64_t cpb_bits = hrd->has_nal_hrd ? hrd->hrd_cpb_bits : max_cpb_bits;
    const int64_t spare_bits = max_cpb_bits > cpb_bits ? max_cpb_bits - cpb_bits : 0;
    model->rx_bps = rate_bps * 6 / 5;
    model->rbx_bps = max_rate_bps;
    model->b_size = cpb_bits / 8;
    model->mb_size = (overhead_bps / 250 + overhead_bps / 750 + spare_bits) / 8;
    return 0;
}
