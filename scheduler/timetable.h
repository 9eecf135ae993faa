/* SPDX-License-Identifier: MIT */
/*
 * timetable: what a channel means to air, as an operator wrote it.
 *
 * The language is described in schedules/README.md.  A channel's timetable
 * is one file with `periods`, and any number of additions to it.  Reading
 * finds every mistake in all of them and says where it is; only a timetable
 * without errors is returned.
 *
 * Times are seconds of the civil day in the station's zone; lengths are
 * seconds; days count from Monday.  What airs on a date is told by day.h.
 *
 * Ownership: the timetable owns all its texts.  Immutable.
 */
#ifndef SCHEDULER_TIMETABLE_H
#define SCHEDULER_TIMETABLE_H

#include "playout/problems.h"
#include "playout/station.h"
#include "scheduler/calendar.h"
#include "scheduler/place.h"
#include "scheduler/when.h"

#include <stdbool.h>
#include <stddef.h>

/* What fills the time that a lesson leaves of its slot. */
enum rest_rule {
    REST_FILLER,
    REST_WHOLE, /* the lesson again as often as it fits whole; then fillers */
    REST_LOOP,  /* the lesson again and again; the last time it is cut */
    REST_COUNTDOWN,
};

/* What becomes of a lesson that is longer than planned. */
enum overrun_rule {
    OVERRUN_CUT,    /* at the end of its slot */
    OVERRUN_TRIM,   /* at its planned length */
    OVERRUN_RIPPLE, /* it goes on, and what follows moves back */
};

/* As the file says it: "loop", "ripple". */
const char *timetable_rest_name(enum rest_rule rest);
const char *timetable_overrun_name(enum overrun_rule overrun);

/* On which days something holds. */
enum day_condition {
    ON_SCHOOL, /* but for holidays, suspended days, and outside of terms */
    ON_HOLIDAY,
    ON_ALWAYS,
};

/* How media is fitted into its slot. */
struct fit_rules {
    enum rest_rule rest;
    enum overrun_rule overrun;
    int ripple_most;   /* how far it may go beyond the end of its slot */
    const char *topic; /* of the fillers; NULL: the default ones */
};

/* Subtitles, sign language. */
enum accessibility {
    ACCESS_NONE,
    ACCESS_ALWAYS,
    ACCESS_REPEAT, /* only the repeat has it */
};

struct lesson {
    const char *house_number;
    const char *title;
    const char *grade; /* this and the following may be "" */
    const char *subject;
    const char *teacher; /* presenter credit */
    const char *school;
    const char *edition;
    const char *genre; /* of the EPG; this and the following may be NULL */
    const char *live;  /* the source of its first run */
    const char *substitute;
    const char *after; /* the house number of the lesson before it */
    int media;         /* planned length; 0: that of the period */
    int media_most;    /* how long it may become; 0: as planned */
    enum accessibility subtitles;
    enum accessibility sign_language;
    bool is_shared; /* media of several periods: no first run, no repeats */
    struct place place;
};

/* As viewers read it: "一年级 语文 春夏秋冬". */
void timetable_lesson_title(const struct lesson *lesson, char *text, size_t size);

struct period {
    const char *name;
    int start;
    int end;   /* later than start */
    int media; /* planned length of the media; 0: all of it */
    struct fit_rules fit;
    bool is_fixed;
    bool may_repeat;
    struct place place;
};

enum cell_kind {
    CELL_ABSENT, /* as the layer below says */
    CELL_NONE,
    CELL_LESSON,
};

struct grid_cell {
    enum cell_kind kind;
    const struct lesson *lesson;
    struct place place;
};

/* The grid of the term, or what is different in some of its weeks. */
struct grid_layer {
    bool is_term; /* holds always, in no term too */
    struct week_set weeks;
    struct grid_cell *cells; /* period x DAYS_PER_WEEK */
    struct place place;
};

/* Something at a time of the day: a break, a relay, a rotation. */
enum fixture_kind {
    FIXTURE_BREAK,
    FIXTURE_RELAY,
    FIXTURE_ROTATION,
};

struct fixture {
    enum fixture_kind kind;
    const char *name;
    int start;
    int end;
    unsigned days; /* bit per day */
    enum day_condition on;
    const char *house_number; /* BREAK, RELAY: NULL: the fillers, the slate */
    const char *source;       /* RELAY; may be NULL */
    const char **list;        /* ROTATION: house numbers */
    size_t list_count;
    struct fit_rules fit;
    struct place place;
};

/* Whose lessons are repeated. */
enum repeat_of {
    REPEAT_SAME_DAY,
    REPEAT_PREVIOUS_DAY, /* the last day before that had any */
    REPEAT_LAST_DAY,     /* this day, or else the last one that had any */
    REPEAT_WEEK,         /* the days of this week before */
    REPEAT_DAYS,         /* those of the last seven days that are `of_days` */
};

struct repeat_rule {
    const char *name;
    enum repeat_of of;
    unsigned of_days;
    unsigned days;
    enum day_condition on;
    int from;
    int until;        /* later than from; beyond 24:00 of the next day */
    int pitch;        /* from start to start; 0: back to back */
    uint64_t periods; /* bit per period */
    bool loops;       /* over and over */
    struct fit_rules fit;
    struct place place;
};

struct filler {
    const char *house_number;
    const char *title; /* NULL: not in the EPG */
    const char *topic; /* NULL: the default ones */
    struct place place;
};

/* A piece of presentation. */
struct card {
    const char *house_number; /* NULL: there is none */
    int length;
    struct place place;
};

struct presentation {
    struct card opening;   /* before the first slot of a day */
    struct card closing;   /* after the last one */
    struct card next;      /* before a lesson, out of the rest before it */
    struct card countdown; /* REST_COUNTDOWN */
};

enum change_kind {
    CHANGE_CELL, /* another lesson, or none, in a period */
    CHANGE_SPAN, /* another lesson at a time of the day */
    CHANGE_SWAP, /* two lessons change places */
};

struct change {
    enum change_kind kind;
    int64_t date;
    size_t period;               /* CELL, SWAP */
    const struct lesson *lesson; /* CELL, SPAN; NULL: none */
    int64_t other_date;          /* SWAP */
    size_t other_period;
    int start; /* SPAN */
    int end;
    const char *name; /* SPAN; may be NULL */
    const char *reason;
    struct place place;
};

/* A warning that is switched off. */
struct accepted {
    const char *warning;
    const char *reason;
};

/* What is too much for a grade in a day. */
struct limits {
    int lessons;
    int lesson; /* seconds, as the following */
    int minutes;
    int gap;
};

/* A school day whose lessons are those of another one, for days were suspended and shifted. */
struct shifted_day {
    int64_t date;
    int64_t source;
    const struct date_rule *rule; /* the first suspension that moved it */
};

struct timetable {
    const struct source_file *file; /* the one with the periods */
    const char *channel;
    const char *title;               /* may be "" */
    const char *district;            /* whose pupils watch it; NULL: not said */
    const struct calendar *calendar; /* NULL: none; owned */
    struct lesson *lessons;
    size_t lesson_count;
    struct period *periods;
    size_t period_count;
    unsigned grid_days;        /* the columns of the grid */
    struct grid_layer *layers; /* the lowest first */
    size_t layer_count;
    struct fixture *fixtures;
    size_t fixture_count;
    struct repeat_rule *repeats;
    size_t repeat_count;
    struct filler *fillers;
    size_t filler_count;
    struct presentation presentation;
    struct date_rules dates; /* over those of the calendar */
    struct change *changes;
    size_t change_count;
    struct accepted *accepted;
    size_t accepted_count;
    struct limits limits;
    struct shifted_day *shifted; /* in order of date */
    size_t shifted_count;
};

/* One of the files of a channel. */
struct timetable_source {
    const char *path; /* as in messages; its base name is what plans say */
    const void *bytes;
    size_t size;
};

/*
 * Reads the timetable of one channel: `paths` are its file with the periods
 * and its additions, in any order.  The calendar that it names is looked for
 * as calendars/NAME.yaml beside the first.  With a station, the channel must
 * be one of its services.  Returns 0 (there may be warnings), -EINVAL with
 * every problem in *problems, or -errno (the problem is there too).
 */
int timetable_load(const char *const *paths, size_t count, const struct station *station,
                   struct timetable **timetable, struct problems *problems);

/*
 * The same for files in memory; takes ownership of `calendar` (may be NULL),
 * which stands for the one that they name, also when it fails.
 */
int timetable_parse(const struct timetable_source *sources, size_t count,
                    const struct station *station, struct calendar *calendar,
                    struct timetable **timetable, struct problems *problems);

void timetable_destroy(struct timetable *timetable); /* accepts NULL */

/*
 * Which channel a file is for, without judging the rest: the caller frees
 * it.  NULL when it cannot be told (the problems of the file are added).
 */
char *timetable_channel_of(const char *path, struct problems *problems);

/* The lesson of that house number, or NULL. */
const struct lesson *timetable_lesson(const struct timetable *timetable, const char *house_number);

/* The period of that name, or period_count. */
size_t timetable_period(const struct timetable *timetable, const char *name);

/* True when a warning of that name is switched off. */
bool timetable_accepts(const struct timetable *timetable, const char *name);

/*
 * Adds a warning of a name, unless the timetable accepts it.  `place` is in
 * one of its files or its calendar.
 */
__attribute__((format(printf, 5, 6))) void timetable_warn(const struct timetable *timetable,
                                                          struct problems *problems,
                                                          const char *name,
                                                          const struct place *place,
                                                          const char *format, ...);

/* The shape of a timetable's file, for editors. */
extern const struct shape timetable_shape;

#endif
