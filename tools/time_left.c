/* SPDX-License-Identifier: MIT */
#include "tools/time_left.h"

#define PART_LEAST 0.01

double time_left_s(double part, double spent_s)
{
    if (!(part > PART_LEAST) || !(spent_s > 0)) {
        return TIME_LEFT_UNKNOWN;
    }
    return part < 1 ? spent_s / part * (1 - part) : 0;
}
