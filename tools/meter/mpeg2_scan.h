/* SPDX-License-Identifier: MIT */
/*
 * mpeg2_scan: pictures of MPEG-2 video.
 *
 * A PES packet carries one frame: a frame picture, or two field pictures,
 * with the sequence and GOP headers in front of it.
 *
 * Normative references: ISO/IEC 13818-2, 6.2 and 6.3; ISO/IEC 13818-1, 2.4.2
 * (buffer sizes); ETSI TS 101 154, Annex B (active_format).
 */
#ifndef TOOLS_METER_MPEG2_SCAN_H
#define TOOLS_METER_MPEG2_SCAN_H

#include "tools/meter/es_bits.h"
#include "tools/meter/tstd.h"

/* What a sequence header and its extension say. */
struct mpeg2_sequence {
    int profile_and_level;
    int width;
    int height;
    int aspect;          /* aspect_ratio_information */
    int64_t frame_ticks; /* of 90 kHz; 0: no whole number */
    int64_t rate_bps;
    int64_t vbv_bits;
    bool is_progressive; /* progressive_sequence */
};

struct mpeg2_scan {
    struct ts_report *report;
    int pid;
    struct es_parameters sequence_bytes;
    bool has_sequence;
    struct mpeg2_sequence sequence;
    /* Counted in frames. */
    int64_t closed_gops;
    int64_t field_pairs;
    int64_t interlaced; /* frame pictures that are not progressive_frame */
    int64_t top_first;
    int afd; /* active_format seen last; -1: none */
};

void mpeg2_scan_init(struct mpeg2_scan *scan, struct ts_report *report, int pid);

/* As avc_scan_unit(). */
void mpeg2_scan_unit(struct mpeg2_scan *scan, const uint8_t *bytes, size_t size, int64_t packet,
                     struct es_picture *picture);

/*
 * Parses a sequence header with the sequence extension behind it, start codes
 * included.  0, or -EBADMSG and *sequence is left alone.
 */
int mpeg2_sequence_parse(const uint8_t *bytes, size_t size, struct mpeg2_sequence *sequence);

/* Buffers and leaks.  -ENOTSUP for profiles other than Simple and Main. */
int mpeg2_model(const struct mpeg2_sequence *sequence, struct tstd_model *model);

#endif
