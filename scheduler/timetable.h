/* SPDX-License-Identifier: MIT */
/*
 * timetable: a district's week, as its operator writes it (YAML).
 *
 * The language is described in schedules/README.md.  What is wrong with a
 * file is found here, all at once and each with its place, and a timetable
 * that was loaded has none of it: compiling cannot fail for its sake.
 *
 * Times are minutes of the civil day, 0 to 1440, in the station's zone.
 * Days are 0 (Monday) to 6 (Sunday).
 *
 * Ownership: the timetable owns everything it points to.  Immutable.
 */
#ifndef SCHEDULER_TIMETABLE_H
#define SCHEDULER_TIMETABLE_H

#include "playout/problems.h"
#include "playout/station.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DAYS_PER_WEEK = 7,
    MINUTES_PER_DAY = 1440,
};

/* What airs in the time that a lesson leaves of its slot. */
enum rest_rule {
    REST_FILLER, /* fillers */
    REST_WHOLE,  /* the lesson again, as often as it fits whole; then fillers */
    REST_LOOP,   /* the lesson again and again; the last time it is cut */
};

struct lesson {
    const char *house_number;
    const char *title;
    const char *grade; /* this and the following may be "" */
    const char *subject;
    const char *teacher; /* presenter credit */
    const char *genre;   /* of the EPG; NULL: not said */
    bool has_subtitles;
    bool is_signed;
    int line;
};

enum slot_kind {
    SLOT_PERIOD,
    SLOT_BREAK,
};

/* One time of one weekday at which something is planned. */
struct week_slot {
    int day;
    int start;
    int end; /* later than start */
    enum slot_kind kind;
    enum rest_rule rest;
    const char *name;            /* of the period or break */
    const struct lesson *lesson; /* PERIOD */
    const char *house_number;    /* BREAK: a shared asset, or NULL: fillers */
    int line;                    /* of the cell in the grid, or of the break */
};

/* Every day's lessons again, from `from` until `until` of the same or the next day. */
struct repeat_rule {
    bool is_present;
    int from;
    int until;           /* <= from: of the next day */
    int pitch;           /* minutes from start to start; 0: back to back */
    enum rest_rule rest; /* with a pitch */
    int line;
};

struct filler {
    const char *house_number;
    const char *title; /* NULL: not in the EPG */
    int line;
};

struct timetable {
    const char *file; /* base name of the file, for people */
    const char *channel;
    const char *title; /* may be "" */
    struct lesson *lessons;
    size_t lesson_count;
    struct week_slot *slots; /* by day and start; none overlap */
    size_t slot_count;
    struct repeat_rule repeats;
    struct filler *fillers;
    size_t filler_count;
};

/*
 * Reads a timetable.  With a station, the channel must be one of its
 * transports.  Returns 0 (there may be warnings), -EINVAL with every problem
 * in *problems, or -errno (the problem is there too).
 */
int timetable_load(const char *path, const struct station *station, struct timetable **timetable,
                   struct problems *problems);

/* The same for bytes in memory; `path` stands for the file in messages. */
int timetable_parse(const char *path, const void *bytes, size_t size, const struct station *station,
                    struct timetable **timetable, struct problems *problems);

void timetable_destroy(struct timetable *timetable); /* accepts NULL */

/* The lesson of that house number, or NULL. */
const struct lesson *timetable_lesson(const struct timetable *timetable, const char *house_number);

/*
 * Minutes of a time of day: "8:30", "08:30", "8时30分", full-width digits and
 * colon.  24:00 is 1440.  -1 when it is none.
 */
int timetable_parse_time(const char *text);

/* Day of "周一", "星期一", "mon", "Monday" ...: 0 to 6, or -1. */
int timetable_parse_day(const char *text);

/* "Monday" ... or "周一" ..., for messages. */
const char *timetable_day_name(int day);

#endif
