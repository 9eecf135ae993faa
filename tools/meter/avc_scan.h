/* SPDX-License-Identifier: MIT */
/*
 * avc_scan: access units of H.264 video.
 *
 * Normative references: ITU-T H.264, 7.3.2.1, 7.4.1.2, Annexes A, B and E;
 * ISO/IEC 13818-1, 2.14 (access_unit_delimiter, buffer sizes).
 */
#ifndef TOOLS_METER_AVC_SCAN_H
#define TOOLS_METER_AVC_SCAN_H

#include "tools/meter/ts_report.h"
#include "tools/meter/tstd.h"

#include <stddef.h>

enum { AVC_PARAMETERS_MAX = 1024 };

/* What a sequence parameter set says, as far as it matters here. */
struct avc_sps {
    int profile_idc;
    int constraints; /* constraint_set flags, set0 is bit 7 */
    int level_idc;
    int width;
    int height;
    bool is_progressive; /* frame_mbs_only_flag */
    int64_t frame_ticks; /* of 90 kHz, from the VUI; 0: not said or no whole number */
    bool has_nal_hrd;
    int64_t hrd_rate_bps;
    int64_t hrd_cpb_bits;
};

/* The bytes of one parameter set, NAL header included. */
struct avc_parameters {
    size_t size; /* 0: none yet */
    uint8_t bytes[AVC_PARAMETERS_MAX];
};

struct avc_scan {
    struct ts_report *report;
    int pid;
    struct avc_parameters sps_bytes;
    struct avc_parameters pps_bytes;
    bool has_sps;
    struct avc_sps sps;
};

/* What an access unit is. */
struct avc_unit {
    bool is_idr;
};

/*
 * Judges the access unit that arrived in the PES packet beginning in
 * `packet`; the first parameter sets are kept, later ones must equal them.
 */
void avc_scan_unit(struct avc_scan *scan, const uint8_t *bytes, size_t size, int64_t packet,
                   struct avc_unit *unit);

/* Parses a NAL unit of type 7.  0, or -EBADMSG and *sps is left alone. */
int avc_sps_parse(const uint8_t *nal, size_t size, struct avc_sps *sps);

/*
 * Buffers and leaks that follow from a sequence parameter set; NAL HRD
 * parameters count when there are some.  -ENOTSUP for an unknown level.
 */
int avc_model(const struct avc_sps *sps, struct tstd_model *model);

#endif
