/* SPDX-License-Identifier: MIT */
/*
 * demo_voice: a text read aloud in Mandarin by the program espeak-ng.
 */
#ifndef TOOLS_DEMO_VOICE_H
#define TOOLS_DEMO_VOICE_H

#include <stddef.h>
#include <stdint.h>

enum { DEMO_VOICE_RATE = 22050 }; /* samples a second, one channel */

struct demo_voice {
    int16_t *samples;
    size_t count;
};

/*
 * Reads the text aloud into *voice; `folder` takes a temporary file, which is
 * removed again.  Returns 0, or
 *   -ENOENT   espeak-ng is not installed,
 *   -EPROTO   it failed, or wrote something else than the wav file we know,
 *   -errno    anything else.
 * A zeroed voice is silence.
 */
int demo_voice_say(struct demo_voice *voice, const char *text, const char *folder);

/* Accepts a zeroed voice, and zeroes it. */
void demo_voice_finish(struct demo_voice *voice);

/* How long it speaks, in whole seconds, rounded up. */
int demo_voice_seconds(const struct demo_voice *voice);

#endif
