/* SPDX-License-Identifier: MIT */
/*
 * import: a timetable as it was understood from a file of another program.
 *
 *     bytes ─▶ sheet (CSV, .xlsx) ─▶ grid ─┐
 *              WakeUp, FET, aSc ───────────┼─▶ struct import ─▶ check ─▶ write (YAML)
 *              holidays ───────────────────┘
 *
 * Nothing is guessed silently: what is not certain carries a doubt, which is
 * told as a problem that names its cell, and as a comment `# 请核对` beside its
 * line in the YAML.
 *
 * Ownership: the import owns everything it points to; what is given to the
 * import_add_ functions is copied.  Not thread-safe.
 */
#ifndef SCHEDULER_IMPORT_H
#define SCHEDULER_IMPORT_H

#include "playout/problems.h"
#include "scheduler/import/import_clock.h"
#include "scheduler/import/import_date.h"
#include "scheduler/import/import_known.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    IMPORT_PERIODS_MOST = 200,
    IMPORT_LESSONS_MOST = 5000,
    IMPORT_ENTRIES_MOST = 20000,
    IMPORT_TEXT_BYTES_MOST = 120, /* of each text of a timetable */
    IMPORT_PREFIX_BYTES_MOST = 20,
    IMPORT_HOUSE_NUMBER_SIZE = 64,
    IMPORT_DAYS_WEEKDAYS = 0x1f, /* Monday to Friday, bit 0 is Monday */
    IMPORT_DAYS_ALL = 0x7f,
};

enum import_format {
    IMPORT_FORMAT_DETECT,
    IMPORT_FORMAT_GRID,
    IMPORT_FORMAT_WAKEUP,
    IMPORT_FORMAT_FET,
    IMPORT_FORMAT_ASC,
    IMPORT_FORMAT_HOLIDAYS,
};

/* What is not certain of a line, and so stands in its comment: a set of these. */
enum import_doubt {
    IMPORT_DOUBT_TITLE = 1 << 0,         /* has none: the subject stands for it */
    IMPORT_DOUBT_SUBJECT = 1 << 1,       /* no known one */
    IMPORT_DOUBT_LINES = 1 << 2,         /* which of its lines is the title, which the teacher */
    IMPORT_DOUBT_PERSON = 1 << 3,        /* a title or a teacher */
    IMPORT_DOUBT_REPEAT = 1 << 4,        /* marked as a repeat, and the first run is not here */
    IMPORT_DOUBT_TIME = 1 << 5,          /* its time is not known, or not certain */
    IMPORT_DOUBT_OVERLAP = 1 << 6,       /* its time overlaps another's */
    IMPORT_DOUBT_SOURCE = 1 << 7,        /* a relay or a live lesson: where from is not known */
    IMPORT_DOUBT_PITCH = 1 << 8,         /* a repeat: how many minutes from start to start */
    IMPORT_DOUBT_LENGTH = 1 << 9,        /* a text longer than a timetable may have */
    IMPORT_DOUBT_SLOT = 1 << 10,         /* another lesson claims its slot */
    IMPORT_DOUBT_GRADE = 1 << 11,        /* a misspelt one */
    IMPORT_DOUBT_NAME = 1 << 12,         /* its title, or a part of it, may be the teacher */
    IMPORT_DOUBT_TWO_SUBJECTS = 1 << 13, /* the title is a subject, too */
};

struct import_period {
    char *name; /* unique */
    char *place;
    char *time_place; /* of the cell that has its time; NULL: its place */
    bool has_time;    /* otherwise the two that follow are 0 */
    int start;        /* seconds of the day */
    int end;
    unsigned doubts; /* enum import_doubt */
    char *more;      /* import_take_keys(): `, media: 20` as it is written, or NULL */
};

enum import_role {
    IMPORT_ROLE_OPEN, /* not known */
    IMPORT_ROLE_SUBJECT,
    IMPORT_ROLE_TITLE,
    IMPORT_ROLE_TEACHER,
    IMPORT_ROLE_SCHOOL,
    IMPORT_ROLE_GRADE,
    IMPORT_ROLE_COUNT,
};

enum { IMPORT_LINES_MOST = 8 };

/* What the lines of a cell are, from the first one on. */
struct import_lines {
    size_t count;
    enum import_role roles[IMPORT_LINES_MOST];
    bool is_mixed; /* a line is several at once: no order says it */
};

/* Texts are NULL when not said. */
struct import_lesson {
    char *house_number; /* NULL until import_number_lessons() */
    bool keeps_number;  /* the one that it had before */
    bool is_beside;     /* that is in the timetable of the channel, which describes it */
    char *repeats;      /* the house number of its first run, as its cell says it */
    char *grade;
    char *subject;
    char *title;
    char *teacher;
    char *school;
    char *place;
    bool is_live;
    bool is_repeat;            /* marked so; joined to its first run or doubted by the check */
    unsigned doubts;           /* enum import_doubt */
    struct import_lines lines; /* of its cell; none where it is of no such cell */
    char *more;                /* import_take_keys(), as in import_period */
    char *before; /* import_find_before(): `KT-05 圆明园`, number and title; or NULL */
};

/* A lesson in a cell of the grid. */
struct import_entry {
    size_t lesson;
    size_t period;
    int day;
    uint64_t weeks; /* import_weeks_read() */
    char *place;
};

struct import_break {
    char *name;
    char *place;
    int start;
    int end;
    unsigned days; /* bit 0 is Monday */
    char *more;    /* import_take_keys(), as in import_period */
};

/* A rule of repeats; days of 0 are all school days. */
struct import_repeat {
    char *place;
    int start;
    int end;
    unsigned of_days; /* whose lessons; 0 is the same day's */
    unsigned days;
    int pitch_minutes; /* 0 when not said */
    bool has_periods;
    int first_period; /* their numbers, as in 第3节 */
    int last_period;
    unsigned doubts; /* enum import_doubt */
};

struct import_relay {
    char *name;
    char *place;
    int start;
    int end;
    unsigned days;
};

/* A line of a calendar. */
struct import_holiday {
    char *name;
    char *place;
    struct import_date date;
    struct import_date until;
    bool is_working; /* a day off that is worked */
    bool has_runs;   /* whose timetable it runs is known */
    struct import_date runs;
};

struct import {
    char *file;  /* as in messages */
    char *title; /* NULL when none */
    int week;    /* of the term; 0 when not said */
    bool is_calendar;
    bool has_dates;  /* it names dates, and so may be of one week */
    bool has_titles; /* the format knows titles of lessons */
    unsigned days;
    struct import_period *periods;
    size_t period_count;
    struct import_lesson *lessons;
    size_t lesson_count;
    struct import_entry *entries;
    size_t entry_count;
    struct import_break *breaks;
    size_t break_count;
    struct import_repeat *repeats;
    size_t repeat_count;
    struct import_relay *relays;
    size_t relay_count;
    struct import_holiday *holidays;
    size_t holiday_count;
    char *taken;   /* keys in any `more`: media, fixed; NULL: none */
    char *untaken; /* what had more and is not there any more: 第九节 (media, fixed); or NULL */
    struct problems problems;
};

/* What the operator says of the file; NULL for what is left open. */
struct import_request {
    enum import_format format;
    const char *sheet;    /* of a workbook */
    const char *subjects; /* more known subjects, separated by commas */
    const char *lines;    /* what the lines of a cell are: subject,title,teacher,school,grade */
    const char *grade;    /* the one column of a sheet whose columns are grades */
    const char *day;      /* of a sheet that has one day */
    const char *prefix;   /* of house numbers */
    const struct import_known *known; /* numbers that are given already; NULL: none */
    int week;                         /* 0: as the file says */
};

/* 0 or -ENOMEM. */
int import_init(struct import *import, const char *file);
void import_finish(struct import *import); /* accepts NULL, zeroed */
void import_lesson_finish(struct import_lesson *lesson);

/*
 * Reads a whole file into an import that has been initialised: detects the
 * format, understands, numbers the lessons and checks.  0, also when there
 * are errors (import->problems); -EBADMSG when nothing could be understood
 * (told there), -ENOMEM.
 */
int import_read(struct import *import, const struct import_request *request, const void *bytes,
                size_t size);

/* The checks alone; import_read() ends with them.  0 or -ENOMEM. */
int import_check(struct import *import);

/* Where what is wrong with its time is to be corrected; may be NULL. */
const char *import_period_time_place(const struct import_period *period);

/* Sorts the periods by their times, those without last. */
int import_sort_periods(struct import *import);

/* The number in a period's name, 3 of 第3节 or 第三节, or 0. */
int import_period_number(const char *name);

/*
 * Names a period as people write it, whatever way the file has it: 1, 第1节 and
 * 一 are all 第一节; other names stay, as much of them as has room.  `text` is
 * folded.
 */
void import_period_call(const char *text, char *name, size_t size);

/* What stands for a title that was not said, too: a timetable needs one. */
const char *import_lesson_title(const struct import_lesson *lesson);

/*
 * Gives every lesson its house number.  Grade, subject and title that are
 * known keep theirs; of a timetable beside it they must have been said, and no
 * other teacher.  Another lesson gets one by its place, PREFIX-W02-1-3 being
 * week 2, Monday, third period, or, where that was given already,
 * PREFIX-W02-1-3-2.  `known` may be NULL.  0 or -ENOMEM.
 */
int import_number_lessons(struct import *import, const char *prefix,
                          const struct import_known *known);

/*
 * Tells of lessons that would have kept their numbers, had the sheet named
 * their grade: after import_number_lessons().
 */
void import_tell_lost_grades(struct import *import, const struct import_known *known);

/* A problem at a place ("课表!C7", "C7"; NULL for the whole file). */
__attribute__((format(printf, 4, 5))) void import_report(struct import *import,
                                                         enum problem_severity severity,
                                                         const char *place, const char *format,
                                                         ...);

/* Copies; 0, -E2BIG (told) or -ENOMEM.  The new one is the last. */
int import_add_period(struct import *import, const struct import_period *period);
int import_add_lesson(struct import *import, const struct import_lesson *lesson);
int import_add_entry(struct import *import, const struct import_entry *entry);
int import_add_break(struct import *import, const struct import_break *item);
int import_add_repeat(struct import *import, const struct import_repeat *repeat);
int import_add_relay(struct import *import, const struct import_relay *relay);
int import_add_holiday(struct import *import, const struct import_holiday *holiday);

#endif
