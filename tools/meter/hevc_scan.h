/* SPDX-License-Identifier: MIT */
/*
 * hevc_scan: access units of H.265 video.
 *
 * Normative references: ITU-T H.265, 7.3, 7.4.2.4, Annexes A, B and E;
 * ISO/IEC 13818-1, 2.17 (access unit delimiter, buffer sizes).
 */
#ifndef TOOLS_METER_HEVC_SCAN_H
#define TOOLS_METER_HEVC_SCAN_H

#include "tools/meter/es_bits.h"
#include "tools/meter/tstd.h"

/* Picture rate and coded picture buffer, which VPS and SPS may both give. */
struct hevc_timing {
    int64_t frame_ticks; /* of 90 kHz; 0: not said or no whole number */
    bool has_nal_hrd;
    int64_t hrd_rate_bps;
    int64_t hrd_cpb_bits;
};

/* What a sequence parameter set says, as far as it matters here. */
struct hevc_sps {
    int profile_idc;
    bool is_high_tier;
    int level_idc; /* thirty times the level */
    int width;
    int height;
    bool has_separate_planes;
    bool has_fields; /* field_seq_flag */
    int order_bits;  /* of slice_pic_order_cnt_lsb */
    struct hevc_timing timing;
};

/* What a picture parameter set says about slice headers. */
struct hevc_pps {
    bool has_output_flag;
    int extra_bits;
};

struct hevc_scan {
    struct ts_report *report;
    int pid;
    struct es_parameters vps_bytes;
    struct es_parameters sps_bytes;
    struct es_parameters pps_bytes;
    bool has_sps;
    bool has_pps;
    struct hevc_sps sps;
    struct hevc_pps pps;
    struct hevc_timing vps;
};

/* As avc_scan_unit(). */
void hevc_scan_unit(struct hevc_scan *scan, const uint8_t *bytes, size_t size, int64_t packet,
                    struct es_picture *picture);

/* Parse NAL units of types 32 and 33.  0, or -EBADMSG and the result is left alone. */
int hevc_vps_parse(const uint8_t *nal, size_t size, struct hevc_timing *timing);
int hevc_sps_parse(const uint8_t *nal, size_t size, struct hevc_sps *sps);

/* As avc_model(); what the SPS leaves out is taken from the VPS. */
int hevc_model(const struct hevc_sps *sps, const struct hevc_timing *vps, struct tstd_model *model);

#endif
