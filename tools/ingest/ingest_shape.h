/* SPDX-License-Identifier: MIT */
/*
 * ingest_shape: what an access unit in the file is made of.
 *
 * Each unit of it (NAL unit, or what follows an MPEG-2 start code) becomes a
 * letter; the word that they form must be one of those that may go on air:
 *
 *                   random access point        other picture
 *   H.264           AUD SPS PPS IDR            AUD slice
 *     interlaced    AUD SPS PPS timing IDR     AUD timing slice
 *   HEVC            AUD VPS SPS PPS IDR        AUD slice
 *   MPEG-2          sequence header, its two extensions, header of a closed
 *                   GOP, I picture             P or B picture
 *     a picture     header, extension (frame, top field first), AFD, slices
 */
#ifndef TOOLS_INGEST_SHAPE_H
#define TOOLS_INGEST_SHAPE_H

#include "playout/asset_index.h"
#include "playout/station.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ingest_shape {
    bool is_random_access;
    uint8_t parameter_sets[SHA256_SIZE]; /* of all of them in it, without start codes */
};

/*
 * Examines a sample of the file: NAL units with 4-byte lengths, or MPEG-2
 * with start codes.  False when it may not go on air.
 */
bool ingest_shape_examine(const struct video_profile *profile, const uint8_t *bytes, size_t size,
                          struct ingest_shape *shape);

#endif
