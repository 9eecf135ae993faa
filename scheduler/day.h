/* SPDX-License-Identifier: MIT */
/*
 * day: what a timetable airs on a date: all layers laid over each other.
 *
 *     grid of the term < weeks < calendar, dates < changes
 *
 * Each slot knows the line that made it, and the line that brought it to
 * this date.  A pure function of timetable, date and the lengths of media
 * (which matter only to repeats that ripple).
 *
 * Times are seconds of the civil day `date`, and may go beyond 24:00.  A day
 * that clocks change on has the same slots; when that is in real time is
 * compile.h's affair.
 */
#ifndef SCHEDULER_DAY_H
#define SCHEDULER_DAY_H

#include "scheduler/timetable.h"

/* Two weeks that stand for all others where there are no terms: from 1970-01-05. */
enum {
    SAMPLE_MONDAY = 4,
    SAMPLE_DAYS = 14,
};

enum day_kind {
    DAY_SCHOOL,
    DAY_HOLIDAY,
    DAY_SUSPENDED,
    DAY_VACATION, /* outside of the terms */
};

enum slot_kind {
    SLOT_LESSON,
    SLOT_REPEAT,   /* of one lesson */
    SLOT_BREAK,    /* shared media, or the fillers */
    SLOT_RELAY,    /* taken from elsewhere */
    SLOT_ROTATION, /* lessons or media, one after the other */
};

/* One of a rotation, or to be repeated. */
struct rotation_item {
    const struct lesson *lesson; /* NULL: no lesson */
    const char *house_number;
    int media;         /* planned length; 0: not said */
    int room;          /* of the lesson's period */
    int64_t first_run; /* the date of the lesson's */
};

/* A repeat for which there was no room. */
struct left_out {
    const struct lesson *lesson;
    const struct repeat_rule *rule;
};

struct day_slot {
    int start;
    int end; /* later than start */
    enum slot_kind kind;
    const char *name;            /* of period, break, relay, rule */
    size_t period;               /* LESSON; else period_count */
    const struct lesson *lesson; /* LESSON, REPEAT */
    const char *house_number;    /* BREAK, RELAY; may be NULL */
    int media;                   /* planned length; 0: the whole slot */
    struct fit_rules fit;
    bool is_fixed;
    bool loops;                  /* ROTATION: over and over */
    struct rotation_item *items; /* ROTATION; of the day */
    size_t item_count;
    int64_t first_run;  /* REPEAT: the date of it */
    int64_t source;     /* LESSON: the date whose timetable it is of */
    const char *reason; /* of a change; or NULL */
    struct place place; /* the cell or rule that made it */
    struct place moved; /* what brought it to this date; file NULL: nothing */
};

struct day {
    int64_t date;
    int64_t source; /* the date whose timetable it runs */
    enum day_kind kind;
    int week;                     /* of `source` in its term; 0: none */
    const struct date_rule *rule; /* that made the day what it is; or NULL */
    struct day_slot *slots;       /* in order of start; none overlap, but for mistakes */
    size_t count;
    size_t capacity;
    struct left_out *left_out;
    size_t left_out_count;
};

/* How long media is; for repeats that ripple. */
struct day_lengths {
    /* Seconds of a lesson's media, rounded up; 0: not known. */
    int (*seconds)(const struct day_lengths *self, const struct lesson *lesson);
};

/*
 * Fills *day; `lengths` may be NULL: the longest that the timetable knows of.
 * 0 or -ENOMEM; day_finish() all the same.
 */
int day_resolve(const struct timetable *timetable, int64_t date, const struct day_lengths *lengths,
                struct day *day);

/* The same without repeats, openings and closings. */
int day_resolve_lessons(const struct timetable *timetable, int64_t date, struct day *day);

/* The same as it is below the change of that index: what this one lies over. */
int day_resolve_below(const struct timetable *timetable, int64_t date, size_t change,
                      struct day *day);

void day_finish(struct day *day); /* accepts a zeroed one */

/* Kind, source, week and rule alone. */
void day_look_up(const struct timetable *timetable, int64_t date, struct day *day);

/* True when the grid has a lesson for a date, whatever the calendar says of it. */
bool day_has_grid(const struct timetable *timetable, int64_t date);

/* True when the slot is the first run of a lesson. */
static inline bool slot_is_first_run(const struct day_slot *slot)
{
    return slot->kind == SLOT_LESSON && !slot->lesson->is_shared;
}

/* True on the days that a condition and a set of days (of the timetable day) name. */
bool day_holds(const struct day *day, enum day_condition on, unsigned days);

/* The longest that a lesson's media may become in a slot of so many seconds. */
int lesson_longest(const struct lesson *lesson, int planned);

/* Appends an empty slot: NULL out of memory. */
struct day_slot *day_add(struct day *day);

/* Repeats, openings and closings; day_repeats.c.  0 or -ENOMEM. */
int day_add_repeats(const struct timetable *timetable, const struct day_lengths *lengths,
                    struct day *day);

#endif
