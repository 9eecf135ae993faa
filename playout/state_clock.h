/* SPDX-License-Identifier: MIT */
/*
 * state_clock: a state folder is that of the air, or of rehearsals, whose clock is put forward
 * (ketang-playout --clock-ahead).
 *
 * A record of both tells of lost signal and of lessons that never aired.  STATE/clock-ahead
 * marks the folder of a rehearsal, made before anything is recorded in it; a folder without it
 * that has a record, or had a scheduler, is that of the air.  Times are not compared: a
 * station whose clock was wrong for an hour airs on.
 *
 * Blocks.  Thread: any.
 */
#ifndef PLAYOUT_STATE_CLOCK_H
#define PLAYOUT_STATE_CLOCK_H

#include "playout/problems.h"

#include <stdbool.h>

/*
 * Before anything is written to it.  0; -EPERM, it is of the other clock, which *problems says; or
 * -errno: the mark cannot be made.
 */
int state_clock_take(const char *state, bool is_ahead, struct problems *problems);

#endif
