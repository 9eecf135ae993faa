/* SPDX-License-Identifier: MIT */
/*
 * guide_judge: what a cycle of PID 0x12 tells, held against the plans that
 * went into it, to the last letter.
 */
#ifndef TESTS_SUPPORT_GUIDE_JUDGE_H
#define TESTS_SUPPORT_GUIDE_JUDGE_H

#include "tests/support/guide_room.h"

/* Reads `cycle` into the room; everything in it must be right, and fit. */
void guide_check_cycle(struct room *room, const struct eit_cycle *cycle, int64_t now_s);

/*
 * The sections of a service's schedule that were read: numbers right, none
 * missing (EN 300 468, 5.2.4).
 */
void guide_check_numbers(const struct room *room, const struct eit_source *source, int days);

/*
 * Every programme of the days that fit is told once, all others not at all;
 * returns how many are.
 */
int guide_check_events(const struct room *room, const struct eit_source *source,
                       const struct eit_fit *fit, int64_t now_s);

#endif
