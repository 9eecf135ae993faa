/* SPDX-License-Identifier: MIT */
/* civil_time: a time that a person typed, as seconds since the epoch. */
#ifndef TOOLS_CIVIL_TIME_H
#define TOOLS_CIVIL_TIME_H

#include <stdint.h>

/*
 * Reads "2026-11-23T08:00:00+08:00", with "Z", or without an offset as civil
 * time of the IANA zone.  A blank may stand for the T, and seconds may be left
 * out; for the date a word of when.h, as in "tomorrow 08:00", "12月1日 08:00"; "08:00" alone is
 * today's.  0, -EINVAL, or -EDOM: of a day that the calendar has not, as 2月30日.
 */
int civil_time_parse(const char *text, const char *time_zone, int64_t *seconds);

#endif
