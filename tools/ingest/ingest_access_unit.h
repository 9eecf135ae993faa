/* SPDX-License-Identifier: MIT */
/*
 * ingest_access_unit: what an encoder made, brought to the form that goes on air.
 *
 *   H.264   SEI messages are left out, but for the picture timing of
 *           interlaced pictures, which the SPS announces.
 *   MPEG-2  the sequence header says the profile's rate and the level's
 *           vbv_buffer_size, however tight the encoder was held, so that it is
 *           the same in all assets; each picture carries an AFD.
 *   HEVC    as it is.
 *
 * Normative references: ITU-T H.264, 7.3.2.3, D.2.2; ISO/IEC 13818-2,
 * 6.2.2.1, 6.3.3; ETSI TS 101 154, annex B (AFD).
 */
#ifndef TOOLS_INGEST_ACCESS_UNIT_H
#define TOOLS_INGEST_ACCESS_UNIT_H

#include "playout/station.h"

#include <stdint.h>

#include <libavcodec/packet.h>

/* active_format: what of a 16:9 frame is picture. */
enum ingest_afd {
    AFD_WIDER = 4, /* than 16:9: black above and below */
    AFD_FULL = 8,
    AFD_4_3 = 9,   /* black at the sides */
    AFD_14_9 = 11, /* likewise */
};

/* Takes one access unit with start codes, as the encoder gives it.  0 or an FFmpeg error. */
int ingest_access_unit_finish(const struct video_profile *profile, AVPacket *packet,
                              enum ingest_afd afd);

/*
 * Takes one as it is in an asset, and gives its units start codes again.  0 or
 * an FFmpeg error.
 */
int ingest_access_unit_restore(const struct video_profile *profile, AVPacket *packet);

/*
 * Finds the first start code (00 00 01) in `bytes`: returns its offset, or
 * `size` when there is none.
 */
size_t ingest_next_start_code(const uint8_t *bytes, size_t size);

#endif
