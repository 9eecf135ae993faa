/* SPDX-License-Identifier: MIT */
/*
 * es_frame: the headers of audio frames.
 *
 * Normative references: ISO/IEC 11172-3, 2.4.1.3; ISO/IEC 13818-3, 2.4.2.3;
 * ISO/IEC 14496-3, 1.A.2.2 (ADTS); ETSI TS 102 366, 4.4 and Table 4.13 (AC-3).
 */
#ifndef TOOLS_METER_ES_FRAME_H
#define TOOLS_METER_ES_FRAME_H

#include <stdbool.h>
#include <stdint.h>

enum { ES_FRAME_HEADER = 7 }; /* bytes that tell the size of any frame */

struct es_frame {
    int size; /* bytes, header included */
    int samples;
    int sample_rate;
    int channels;         /* 0: not said */
    const char *ungraded; /* a frame of a kind that is not judged, or NULL */
};

/* False when no frame of this kind begins with these ES_FRAME_HEADER bytes. */
bool es_frame_mpeg(const uint8_t *header, struct es_frame *frame);
bool es_frame_adts(const uint8_t *header, struct es_frame *frame);
bool es_frame_ac3(const uint8_t *header, struct es_frame *frame);

#endif
