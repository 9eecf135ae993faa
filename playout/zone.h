/* SPDX-License-Identifier: MIT */
/*
 * zone: civil time of an IANA time zone, without touching the process's TZ.
 *
 * Reads the compiled zone files of the system (/usr/share/zoneinfo), so
 * that conversion is a pure function of its arguments: any thread, any
 * number of zones at once.  Times are seconds since the Unix epoch (UTC, no
 * leap seconds).
 *
 * Where clocks are put forward some civil times do not exist: they are read
 * with the offset from before the change (02:30 becomes 03:30).  Where they
 * are put back some exist twice: the first is meant.
 *
 * Normative reference: RFC 8536 (TZif), POSIX TZ strings for its footer.
 */
#ifndef PLAYOUT_ZONE_H
#define PLAYOUT_ZONE_H

#include <stddef.h>
#include <stdint.h>

struct zone;

/* Proleptic Gregorian date and time of day. */
struct civil {
    int year;
    int month; /* 1..12 */
    int day;   /* 1..31 */
    int hour;
    int minute;
    int second;
    int offset; /* seconds east of UTC; ignored by zone_from_civil() */
};

/*
 * Opens a zone by its IANA name.  Returns 0, -ENOENT when there is none of
 * that name, -EBADMSG when its file is damaged, or another -errno.
 */
int zone_open(const char *name, struct zone **zone);
void zone_close(struct zone *zone); /* accepts NULL */

void zone_to_civil(const struct zone *zone, int64_t time_s, struct civil *civil);

/* The civil day of a time, as civil_days() counts. */
int64_t zone_date(const struct zone *zone, int64_t time_s);

/* Fields beyond their range are carried over (day 32, hour 24, minute -1). */
int64_t zone_from_civil(const struct zone *zone, const struct civil *civil);

/* Days since 1970-01-01 of a date, and 0 (Monday) to 6 (Sunday) of such a day. */
int64_t civil_days(int year, int month, int day);
int civil_weekday(int64_t days);
void civil_date(int64_t days, struct civil *civil); /* sets year, month, day */

/*
 * Writes "2026-11-23 08:00:00.040 +0800" for a frame of 1/25 s; returns
 * `text`.  34 bytes suffice.
 */
enum { ZONE_TEXT_SIZE = 48 };
const char *zone_frame_text(const struct zone *zone, int64_t frame, char text[ZONE_TEXT_SIZE]);

#endif
