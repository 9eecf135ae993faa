/* SPDX-License-Identifier: MIT */
/*
 * fake_media: air-ready assets without pictures, for tests of the tape.
 *
 * The access units have real sizes (drawn at random, but obeying the VBV),
 * real headers and parameter sets of their profile, and noise where slices and
 * samples would be (fake_video.h, fake_sound.h): enough for everything but a
 * decoder, and made in microseconds.  A GOP begins every 24 frames; lessons
 * have B-frames.
 */
#ifndef TESTS_SUPPORT_FAKE_MEDIA_H
#define TESTS_SUPPORT_FAKE_MEDIA_H

#include "playout/asset.h"
#include "playout/station.h"
#include "tests/support/dice.h"

#include <stdbool.h>
#include <stdint.h>

enum fake_load {
    FAKE_LIGHT,   /* slides: small pictures */
    FAKE_TYPICAL, /* anything */
    FAKE_GREEDY,  /* takes from the VBV whatever it gives, as early as it can */
};

struct fake_spec {
    enum asset_kind kind;
    enum fake_load load;
    int64_t frames; /* on the join grid of the profile */
    const char *house_number;
};

/*
 * Writes <sha>.mp4, .idx and .json into the folder; fails the test when it
 * cannot.  The asset obeys the profile's VBV.
 */
void fake_asset(const char *folder, const struct profile *profile, struct dice *dice,
                const struct fake_spec *spec, char sha256[SHA256_HEX_SIZE]);

/*
 * Makes a folder of its own for a test (under $TMPDIR or /tmp) with an empty media
 * and state folder and the repository's station file changed to use them; the
 * result is the path of that station file, to be freed.
 */
char *fake_station_file(void);

/* Removes the folder of a station file made by fake_station_file(). */
void fake_station_remove(const char *path);

#endif
