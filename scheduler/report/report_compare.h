/* SPDX-License-Identifier: MIT */
/*
 * report_compare: what aired, held against the list of the day, to the frame.
 *
 *     list    |-- KT-01 --|-- KT-02 --|-- filler --|-- KT-03 --|
 *     aired   |-- KT-01 --|-- F1 |02 -|-- filler --|    off    |
 *     spans   | as planned| fill |as p| as planned |  off air  |
 *     KT-02: late, KT-03: off air
 *
 * Every frame of the stretch is in exactly one span, and each span is of one
 * class.  Planned programmes are the list's lessons, breaks and what else has
 * a name of its own; their parts (a lesson that loops, or that an insertion
 * cuts in two) are one programme.
 *
 * A pure function over what was loaded; any thread.
 */
#ifndef SCHEDULER_REPORT_REPORT_COMPARE_H
#define SCHEDULER_REPORT_REPORT_COMPARE_H

#include "playout/as_run_line.h"
#include "playout/journal.h"
#include "scheduler/report/report_air.h"
#include "scheduler/report/report_catalogue.h"
#include "scheduler/report/report_plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a stretch of time is; the rules are in report_ledger.h. */
enum report_class {
    CLASS_PLANNED,     /* what the list has */
    CLASS_FILLING,     /* filler or slate where the list has filler or slate */
    CLASS_SUBSTITUTED, /* the substitute that the plan names */
    CLASS_CHANGED,     /* by an order, or not what the list had as the day began */
    CLASS_OFF_AIR,     /* nothing was sent */
    CLASS_MUTED,       /* silenced by an operator */
    CLASS_SLATE,       /* the slate instead of a lesson */
    CLASS_PLANLESS,    /* the slate because the plan had ended, or there was none any more */
    CLASS_WRONG,       /* what nobody called for, or what an order says was wrong */
    CLASS_FILLER,      /* filler, or a card, instead of a programme */
    CLASS_UNRECORDED,  /* there is no as-run line */
    CLASS_NOTHING,     /* nor was there a plan yet: the channel had not begun */
    CLASS_WAITING,     /* the slate before the first plan */
    CLASS_COUNT,
};

enum planned_category {
    PLANNED_FIRST_RUN,
    PLANNED_REPEAT,
    PLANNED_LIVE,
    PLANNED_SPECIAL, /* 专题 */
    PLANNED_OTHER,   /* a break with media, a card, an ident */
    PLANNED_CATEGORIES,
};

enum programme_status {
    PROGRAMME_AS_PLANNED,
    PROGRAMME_LATE,
    PROGRAMME_CUT,
    PROGRAMME_REPLACED,  /* something else in all of it, or in its middle */
    PROGRAMME_NOT_AIRED, /* filler or slate in all of it */
    PROGRAMME_OFF_AIR,   /* in all of it or in a part */
    PROGRAMME_MUTED,
    PROGRAMME_UNRECORDED,
    PROGRAMME_STATUSES,
};

/* A programme of the list, as far as it lies in the stretch. */
struct planned_programme {
    int64_t from;
    int64_t to;
    enum planned_category category;
    const char *house_number;       /* of what should air; NULL: it has none */
    const char *title;              /* may be NULL */
    const struct plan_event *event; /* its first */
    bool is_begun_before;           /* it began before the stretch: counted there */
    enum programme_status status;
    int64_t frames[CLASS_COUNT];
    int64_t aired_from; /* itself, on air; 0 when it was not */
    int64_t aired_to;
};

struct compared_span {
    int64_t from;
    int64_t to;
    enum report_class class;
    ptrdiff_t programme;                /* index of the planned one; -1: none */
    const struct plan_event *was;       /* planned as the day began; NULL: nothing else */
    bool was_filling;                   /* that only fills */
    const struct as_run_record *record; /* of its beginning; NULL: none */
    const char *aired;                  /* the asset on air then; NULL: none */
    const char *title;                  /* its own, as the plan has it; may be NULL */
    size_t aired_count;                 /* so many different ones followed each other */
    const char *reason;                 /* may be NULL */
    const char *author;                 /* who ordered it; NULL: nobody did */
};

struct comparison {
    int64_t from;
    int64_t to;
    struct planned_programme *programmes;
    size_t programme_count;
    struct compared_span *spans;
    size_t span_count;
    int64_t frames[CLASS_COUNT]; /* their sum is to - from */
    bool is_unknown;             /* neither line nor plan: not even whether it had begun */
    struct air_backwards backwards;
};

struct compare_input {
    int64_t from;
    int64_t to;
    struct report_revisions revisions;
    const struct journal *journal;
    const struct as_run_line *lines;
    size_t line_count;
    const struct report_catalogue *catalogue;
    bool is_before_record; /* the first line that there is, is of a later day */
};

/*
 * 0 or -ENOMEM.  The result points into the input and is finished by the
 * caller, also when this fails.
 */
int report_compare(const struct compare_input *input, struct comparison *comparison);
void comparison_finish(struct comparison *comparison); /* accepts a zeroed one */

/* True when a reason says that what was on air was wrong content (错播). */
bool report_reason_is_wrong_content(const char *reason);

#endif
