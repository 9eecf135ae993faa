/* SPDX-License-Identifier: MIT */
/*
 * conform_rules: what ingest may do to a film beside bringing it into the
 * house format.
 *
 * The group `conform` of a profile; ingest looks at it, the engine does not.
 */
#ifndef PLAYOUT_CONFORM_RULES_H
#define PLAYOUT_CONFORM_RULES_H

#include "playout/settings.h"

#include <stdbool.h>

/* What is to the left and right of a picture that is higher than wide. */
enum conform_sides { CONFORM_BLACK, CONFORM_BLURRED };

struct conform_rules {
    enum conform_sides sides;
    bool mends_sound;     /* on one side only, or left against right, from beginning to end */
    int high_pass_hz;     /* sound below is taken away: rumble, wind; 0: none is */
    int noise_less_db;    /* so much less of steady noise; 0: it stays */
    bool burns_subtitles; /* those that came with a film become part of its pictures */
};

/* Reads the group `conform` of a profile, which may be missing, and what is missing in it. */
void conform_rules_read(const struct settings *profile, struct conform_rules *rules);

#endif
