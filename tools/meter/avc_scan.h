/* SPDX-License-Identifier: MIT */
/*
 * avc_scan: access units of H.264 video.
 *
 * A PES packet carries one frame: a coded frame, or two fields, which are an
 * access unit each.
 *
 * Normative references: ITU-T H.264, 7.3.2.1, 7.3.3, 7.4.1.2, Annexes A, B
 * and E; ISO/IEC 13818-1, 2.14 (access_unit_delimiter, buffer sizes).
 */
#ifndef TOOLS_METER_AVC_SCAN_H
#define TOOLS_METER_AVC_SCAN_H

#include "tools/meter/es_bits.h"
#include "tools/meter/tstd.h"

/* What a sequence parameter set says, as far as it matters here. */
struct avc_sps {
    int profile_idc;
    int constraints; /* constraint_set flags, set0 is bit 7 */
    int level_idc;
    int width;
    int height;
    bool is_progressive; /* frame_mbs_only_flag */
    bool has_separate_planes;
    int frame_num_bits;
    int64_t frame_ticks; /* of 90 kHz, from the VUI; 0: not said or no whole number */
    bool has_nal_hrd;
    int64_t hrd_rate_bps;
    int64_t hrd_cpb_bits;
};

struct avc_scan {
    struct ts_report *report;
    int pid;
    struct es_parameters sps_bytes;
    struct es_parameters pps_bytes;
    bool has_sps;
    struct avc_sps sps;
    int64_t field_pairs; /* frames of two fields */
};

/*
 * Judges the access unit that arrived in the PES packet beginning in
 * `packet`; the first parameter sets are kept, later ones must equal them.
 */
void avc_scan_unit(struct avc_scan *scan, const uint8_t *bytes, size_t size, int64_t packet,
                   struct es_picture *picture);

/* Parses a NAL unit of type 7.  0, or -EBADMSG and *sps is left alone. */
int avc_sps_parse(const uint8_t *nal, size_t size, struct avc_sps *sps);

/*
 * Buffers and leaks that follow from a sequence parameter set; NAL HRD
 * parameters count when there are some.  -ENOTSUP for an unknown level.
 */
int avc_model(const struct avc_sps *sps, struct tstd_model *model);

#endif
