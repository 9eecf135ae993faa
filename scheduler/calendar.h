/* SPDX-License-Identifier: MIT */
/*
 * calendar: terms, holidays, and which day runs which day's timetable (调休).
 *
 * Dates are civil days since 1970-01-01.  The date that airs and the date
 * whose timetable it runs may differ; weekday, number of the week and odd or
 * even are those of the latter.
 *
 * What a calendar cannot know by itself is where lessons go that are pushed
 * back (顺延): that depends on which days have lessons (day.h).
 *
 * Immutable once loaded.
 */
#ifndef SCHEDULER_CALENDAR_H
#define SCHEDULER_CALENDAR_H

#include "scheduler/reader.h"
#include "scheduler/when.h"

struct term {
    const char *name;
    int64_t week_1; /* its Monday */
    int weeks;
    struct place place;
};

enum date_kind {
    DATE_HOLIDAY,
    DATE_RUNS, /* another date's timetable */
    DATE_SUSPENDED,
};

enum suspension {
    SUSPENDED_DROP,    /* 停上: the lessons are not held */
    SUSPENDED_SHIFT,   /* 顺延: they move to the next school day, and so on */
    SUSPENDED_MAKE_UP, /* 补: a date that `runs` this one holds them */
};

/* What is special about the dates from `first` to `last`. */
struct date_rule {
    int64_t first;
    int64_t last;
    enum date_kind kind;
    enum suspension suspension;
    bool runs_by_date; /* RUNS: runs_date, else runs_day of runs_weeks */
    int64_t runs_date;
    int runs_day;
    struct week_set runs_weeks; /* none: the week of the date itself */
    const char *reason;         /* or the name of the holiday; "" when nothing is said */
    struct place place;
};

struct date_rules {
    struct date_rule *items;
    size_t count;
};

struct calendar {
    const char *name; /* how plans call it, calendars/NAME.yaml */
    const char *title;
    struct term *terms;
    size_t term_count;
    struct date_rules rules;
};

/*
 * Reads a calendar; `name` is how plans call it.  Returns 0 (there may be
 * warnings), -EINVAL with every problem in *problems, or -errno (the problem
 * is there too).
 */
int calendar_load(const char *path, const char *name, struct calendar **calendar,
                  struct problems *problems);

/* The same for bytes in memory; `path` stands for the file in messages. */
int calendar_parse(const char *path, const void *bytes, size_t size, struct calendar **calendar,
                   struct problems *problems);

void calendar_destroy(struct calendar *calendar); /* accepts NULL */

/* The term that a date lies in, or NULL.  Accepts no calendar. */
const struct term *calendar_term(const struct calendar *calendar, int64_t date);

/* The number of the date's week in its term; 0 outside of any. */
int calendar_week(const struct calendar *calendar, int64_t date);

/* The rule that holds on a date, or NULL. */
const struct date_rule *date_rules_find(const struct date_rules *rules, int64_t date);

/* The date whose timetable `date` runs by a rule of kind DATE_RUNS. */
int64_t date_rule_source(const struct date_rule *rule, const struct calendar *calendar,
                         int64_t date);

static inline int64_t monday_of(int64_t date)
{
    return date - (date % DAYS_PER_WEEK + DAYS_PER_WEEK + 3) % DAYS_PER_WEEK;
}

/* --- For the readers of files that have `dates` --------------------------------- */

extern const struct shape date_rule_shape;
extern const struct shape calendar_shape;

/*
 * Appends the rules of a checked list (NULL: none) and complains of those
 * that contradict each other.  0 or -ENOMEM; date_rules_finish() all the same.
 */
int date_rules_read(const struct reader *reader, const struct yaml_node *list,
                    struct date_rules *rules);
void date_rules_finish(struct date_rules *rules); /* accepts a zeroed one */

#endif
