/* SPDX-License-Identifier: MIT */
/*
 * pes_header: the header of a PES packet.
 *
 * Normative reference: ISO/IEC 13818-1, 2.4.3.6 and 2.4.3.7.
 */
#ifndef TOOLS_METER_PES_HEADER_H
#define TOOLS_METER_PES_HEADER_H

#include "tools/meter/ts_report.h"

enum {
    PES_FIXED = 9, /* bytes up to PES_header_data_length */
    PES_HEADER_MAX = 9 + 255,
    PES_LENGTH_END = 6, /* bytes up to PES_packet_length */
};

#define PES_STAMP_WRAP (INT64_C(1) << 33)

struct pes_header {
    int stream_id;
    int packet_length; /* behind this field; 0: not said */
    int size;          /* of the header: where the payload starts */
    bool is_aligned;   /* data_alignment_indicator */
    bool has_pts;
    bool has_dts;
    int64_t pts;
    int64_t dts; /* the PTS where there is none of its own */
};

/*
 * Parses the header once PES_FIXED bytes are there, and again with all
 * `size` of them; `have` says how many there are.  False when this is no
 * PES packet with the usual header.  Problems of the fields are reported
 * only when the header is whole.
 */
bool pes_header_parse(const uint8_t *bytes, int have, struct pes_header *header,
                      struct ts_report *report, int64_t packet, int pid);

#endif
