/* SPDX-License-Identifier: MIT */
/*
 * fake_sound: frames of sound with real headers and noise behind them.
 *
 * Normative references: ISO/IEC 11172-3, 2.4.1 (Layer II); ISO/IEC 13818-7
 * (AAC); ETSI TS 102 366, 4.4 (AC-3).
 */
#ifndef TESTS_SUPPORT_FAKE_SOUND_H
#define TESTS_SUPPORT_FAKE_SOUND_H

#include "playout/station.h"
#include "tests/support/dice.h"

#include <stddef.h>
#include <stdint.h>

enum { FAKE_SOUND_MOST = 4096 };

/* Draws the size of the next frame as it lies in an .mp4; only that of AAC varies. */
size_t fake_sound_size(const struct audio_profile *audio, struct dice *dice);

/* Writes a frame of that size. */
void fake_sound_write(const struct audio_profile *audio, struct dice *dice, uint8_t *bytes,
                      size_t size);

#endif
