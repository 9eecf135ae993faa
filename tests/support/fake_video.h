/* SPDX-License-Identifier: MIT */
/*
 * fake_video: access units of pictures, with noise where the slices would be.
 *
 * Everything around the slices is real: delimiters, parameter sets, sequence,
 * GOP and picture headers, the beginnings of slice headers.  That is enough
 * for everything but a decoder.
 *
 * Normative references: ITU-T H.264, 7.3; ITU-T H.265, 7.3; ITU-T H.262, 6.2.
 */
#ifndef TESTS_SUPPORT_FAKE_VIDEO_H
#define TESTS_SUPPORT_FAKE_VIDEO_H

#include "playout/station.h"
#include "tests/support/dice.h"

#include <stddef.h>
#include <stdint.h>

enum fake_picture_type { FAKE_I, FAKE_P, FAKE_B };

/* One picture of a closed GOP. */
struct fake_picture {
    enum fake_picture_type type; /* FAKE_I: random access, all parameter sets in front */
    int display;                 /* its number in the GOP, in order of display */
    int references;              /* I and P pictures before it in the GOP, in decoding order */
    int gop;                     /* number of the GOP */
};

/* The least size that such a picture may have. */
size_t fake_picture_least(const struct video_profile *video, const struct fake_picture *picture);

/*
 * Writes the access unit as it lies in an .mp4: NAL lengths for H.264 and
 * HEVC, start codes for MPEG-2.  `size` is at least the least.
 */
void fake_picture_write(const struct video_profile *video, const struct fake_picture *picture,
                        struct dice *dice, uint8_t *bytes, size_t size);

#endif
