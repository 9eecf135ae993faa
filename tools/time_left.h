/* SPDX-License-Identifier: MIT */
/* time_left: how long work still takes, told by how long its beginning took. */
#ifndef TOOLS_TIME_LEFT_H
#define TOOLS_TIME_LEFT_H

#define TIME_LEFT_UNKNOWN (-1.0)

/* Seconds, of work of which `part` (0 to 1) took `spent_s`; too little of it tells nothing. */
double time_left_s(double part, double spent_s);

#endif
