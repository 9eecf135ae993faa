/* SPDX-License-Identifier: MIT */
/*
 * eit_lane: where the sections of one service's schedule lie.
 *
 * A service has a *lane* of PID 0x12: the same positions of every half second,
 * by the station file alone.  Its sections are placed there without a look at
 * the other lanes, so whatever is told of one service moves nothing of another.
 *
 * Each segment has a window of two seconds in the cycle of eight, the same for
 * ever: so its sections come again within ten seconds whatever the plan was
 * before.  There are eight windows:
 *
 *     segment      UTC 0-3  3-6  6-9  ... 21-24         window 0  |----|
 *     1st day             0    1    2  ...     7               1     |----|
 *     2nd day             1    2    3  ...     0               2        |----|
 *     ...                                                      7            |----|
 *     8th day             7    0    1  ...     6                  0 s            8 s
 *
 * As in a Latin square each has one segment of each day and one of each hour:
 * busy mornings fall into all of them, and a day that is left out makes room
 * in all of them.
 *
 * Normative reference: ETSI TR 101 211, 4.4 (10 s for each section).
 */
#ifndef PLAYOUT_EIT_LANE_H
#define PLAYOUT_EIT_LANE_H

#include "playout/eit_cycle.h"

/* What is to be placed of a section. */
struct eit_item {
    int segment; /* counted from the first day's start */
    int packets;
};

/*
 * Finds a position of the cycle for each section, in lane `lane`; -1 where
 * there is no room.  Whether all have one.
 */
bool eit_lane_place(const struct eit_layout *layout, int lane, const struct eit_item *items,
                    size_t count, int *positions);

/* Whose lane a position of the cycle is in, or -1. */
int eit_lane_of(const struct eit_layout *layout, int position);

#endif
