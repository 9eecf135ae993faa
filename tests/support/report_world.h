/* SPDX-License-Identifier: MIT */
/*
 * report_world: days for tests of reports: plans, as-run lines, a catalogue.
 *
 * Frames of items are counted from the first frame of the day.  Whatever goes
 * wrong aborts the test.
 */
#ifndef TESTS_SUPPORT_REPORT_WORLD_H
#define TESTS_SUPPORT_REPORT_WORLD_H

#include "scheduler/report/report_compare.h"

enum {
    REPORT_DAY = 1000000, /* its first frame */
    REPORT_LENGTH = 6000,
    REPORT_END = REPORT_DAY + REPORT_LENGTH,
    REPORT_LINES_MOST = 400,
    REPORT_REVISIONS_MOST = 4,
    REPORT_MORNING = 7,   /* items */
    REPORT_EARLIEST = 48, /* so soon after it was adopted can a plan change anything */
};

#define REPORT_FILLER "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

/* A day, what was planned for it and what is said of it. */
struct report_world {
    struct plan *plans[REPORT_REVISIONS_MOST];
    struct report_revision revisions[REPORT_REVISIONS_MOST];
    size_t revision_count;
    struct journal journal;
    struct as_run_line lines[REPORT_LINES_MOST];
    size_t line_count;
    struct report_catalogue catalogue;
    bool is_before_record; /* the record begins on a later day */
    struct comparison comparison;
};

/* An event, or a line. */
struct report_item {
    int64_t seq; /* also of its programme, unless that is said */
    int64_t start;
    int64_t end;
    enum event_kind kind;
    const char *house_number;
    const char *instead_of;
    const char *reason;
    const char *text;
    int64_t programme;
    int64_t amendment; /* the order that put it there */
};

struct report_world *report_world_create(void);
void report_world_destroy(struct report_world *world); /* accepts NULL */
/* Back to the beginning; the catalogue stays. */
void report_world_forget(struct report_world *world);

/* A plan that holds from `frame` on. */
struct plan *report_world_adopt(struct report_world *world, int64_t frame);
void report_world_plan(struct plan *plan, const struct report_item *item);

/* The asset of a house number: one of its own, the filler of F1, or the slate of NULL. */
const char *report_world_asset(const char *house_number, char asset[SHA256_HEX_SIZE]);

/* A line for the item, as the engine writes it when all goes well. */
struct as_run_record *report_world_air(struct report_world *world, const struct report_item *item);
void report_world_interrupt(struct report_world *world, int64_t from, int64_t to);
void report_world_drop(struct report_world *world, size_t line);

/* From a frame on something else airs. */
void report_world_replace_rest(struct as_run_record *record, int64_t from, const char *asset);
/* The journal names a substitute. */
void report_world_substitute(struct report_world *world, int64_t seq, int64_t from,
                             const char *asset);

/* The journal has a first plan that holds from `frame` on, after the day. */
void report_world_begin_at(struct report_world *world, int64_t frame);

/* L1, fillers, L2 (a repeat), EYE (a card), L3 (live), ZT, the slate. */
extern const struct report_item report_morning[REPORT_MORNING];

/* The morning as it is meant, planned and aired; returns the record of item `i`. */
struct as_run_record *report_world_morning(struct report_world *world, size_t i);

/* Compares [REPORT_DAY, REPORT_END): what it holds until the next call. */
const struct comparison *report_world_compare(struct report_world *world);

/* As it is told when the record reaches to that frame. */
const struct comparison *report_world_compare_to(struct report_world *world, int64_t to);

/* Fails the test when programme `i` is otherwise; of the morning: 0 L1, 1 L2, 2 EYE, 3 L3, 4 ZT. */
void report_world_check_programme(const struct comparison *comparison, size_t i,
                                  enum programme_status status, int64_t aired);
/* The first span of a class; fails the test when there is none. */
const struct compared_span *report_world_span(const struct comparison *comparison,
                                              enum report_class class);

#endif
