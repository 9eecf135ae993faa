/* SPDX-License-Identifier: MIT */
/*
 * tape_case: a random station with random plans, as a recipe.
 *
 * Everything follows from one seed.  The recipe is plain data, so that a case
 * that fails can be made smaller (tape_shrink.h) and stays a case.
 */
#ifndef TESTS_SUPPORT_TAPE_CASE_H
#define TESTS_SUPPORT_TAPE_CASE_H

#include "tests/support/tape_shelf.h"

enum {
    CASE_SERVICES = 6, /* of the transport and of its sisters, together */
    CASE_EVENTS = 12,
    CASE_STEPS = 3,
    CASE_TAIL = 4,
};

/* What airs for a while. */
struct case_event {
    int64_t seq;
    int asset; /* on the shelf of the profile, or -1: the slate */
    int64_t in_point;
    int64_t frames;
    bool is_part;  /* of the EPG entry of the event before it */
    bool has_name; /* is in the EPG */
    int name;      /* which words */
    bool has_long_text;
};

struct case_events {
    struct case_event list[CASE_EVENTS * 2];
    int count;
};

enum case_step_kind {
    STEP_CUT,        /* event number `event` ends after `frames`, and others follow */
    STEP_RENAME,     /* the names from that event on are others */
    STEP_SUBSTITUTE, /* that event, `frames` after its start, is another asset */
};

/* A step of the journal: how the plan before it changes. */
struct case_step {
    enum case_step_kind kind;
    int event;
    int64_t frames;
    int asset; /* of the substitute, or -1: the slate */
    int ahead; /* it is adopted so many frames before the change, or as soon after as it may */
    struct case_event tail[CASE_TAIL];
    int tail_count;
};

struct case_service {
    const char *profile;
    int transport; /* 0: the one under test; else a sister */
    int64_t start; /* of the first event */
    int ahead;     /* the first plan is adopted so many frames before */
    struct case_events events;
    struct case_step steps[CASE_STEPS];
    int step_count;
};

struct tape_case {
    uint64_t seed;
    const char *text; /* as in the station file, these three */
    const char *eit_other;
    const char *time_zone;
    int eit_days;
    int eit_events_per_day;
    bool has_bouquet;
    int extra_slots; /* more than the transport needs, in steps of 25 */
    int64_t first;   /* frames that are looked at */
    int64_t frames;
    struct case_service services[CASE_SERVICES];
    int service_count;
};

void tape_case_draw(struct tape_case *drawn, const struct tape_shelf *shelf, uint64_t seed);

/* A multiplex with a service of each profile, and no sisters. */
void tape_case_draw_multiplex(struct tape_case *drawn, const struct tape_shelf *shelf,
                              uint64_t seed);

/*
 * The events of a service's plan after its first `steps` steps; a
 * substitution changes nothing in the plan.
 */
void case_events_after(const struct case_service *service, int steps, struct case_events *events);

/* The start of an event, given those of the plan. */
int64_t case_event_start(const struct case_service *service, const struct case_events *events,
                         int event);

/* "第12课 ..." of an event into `name`, 128 bytes. */
void case_event_name(const struct case_event *event, char *name);

#endif
