/* SPDX-License-Identifier: MIT */
/*
 * ready: the readiness board: what the coming slots need, and whether it is
 * there, approved, in time.
 *
 *     start - 60 min          start - cutoff             start
 *     ──────|─── READY_DUE ────────|──── READY_DECIDED ────|──▶
 *           warn                   what airs instead stays
 *
 * A pure function of what compile() gets, made by the compiler's own choice
 * (compile_survey.h): what a row says airs is what a plan has there, orders
 * of operators apart.  A row changes only when timetables, media or approvals
 * do; how urgent it is follows from the time.
 */
#ifndef SCHEDULER_READY_H
#define SCHEDULER_READY_H

#include "playout/plan.h"
#include "scheduler/compile_survey.h"

enum {
    READY_WARN_MS = 3600000, /* so long before its start a slot that is not ready is warned of */
};

/* Of fillers and cards, which have no slot of their own. */
#define READY_NO_TIME INT64_MAX

enum ready_run {
    READY_FIRST_RUN,
    READY_REPEAT,
    READY_SHARED, /* media of breaks and lists, and lessons that several periods share */
    READY_RELAY,
    READY_FILLER,
    READY_CARD, /* of the next lesson, of the countdown */
};

enum ready_urgency {
    READY_CALM,
    READY_DUE,     /* it begins within the hour, and is not ready */
    READY_DECIDED, /* what airs instead has been decided; without a cutoff: it has begun */
};

struct ready_row {
    const char *channel; /* borrowed */
    int64_t start;       /* frames, as it airs; or READY_NO_TIME */
    int64_t end;
    int64_t date; /* the civil day that it belongs to, and its start by the timetable there */
    int seconds;
    enum ready_run run;
    bool is_of_list;   /* one of several, one after the other */
    bool has_cutoff;   /* files that come too late are not used */
    bool has_fillers;  /* the channel has some that can air */
    bool is_recording; /* of a live lesson, or that lesson itself */
    enum media_state state;
    enum media_state newest; /* READY, or why a newer file than the one that airs does not */
    enum media_state substitute_state; /* NOT_NEEDED: none is declared */
    char file[SHA256_HEX_SIZE];        /* its newest file; "": there is none */
    char *house_number;                /* this and the following are never NULL */
    char *grade;
    char *title;
    char *substitute;      /* declared; "": none */
    char *airs;            /* the house number that airs; "": fillers, the slate, the live source */
    int64_t order;         /* REPLACED: its number */
    int64_t over;          /* the order that lies over the slot now; 0: none does */
    const char *over_kind; /* of it, as in plans; static */
};

struct ready_board {
    struct ready_row *rows;
    size_t count;
    size_t capacity;
};

/*
 * Adds the slots of a channel that are on air in [from, to) of the input and
 * need media, then its fillers and cards.  Borrows `channel` for as long as
 * the board lives, the rest for the call.  0 or -ENOMEM.
 */
int ready_survey(const struct compile_input *input, const char *channel, struct ready_board *board);

/*
 * Marks the rows from number `first` on, of one channel, whose programme the
 * plan replaces by an operator's order.  0 or -ENOMEM.
 */
int ready_mark_replaced(struct ready_board *board, size_t first, const struct plan *plan);

/*
 * Marks the rows from number `first` on, of one channel, that are on the air at
 * `frame`, with the last order of the plan that holds then.
 */
void ready_mark_over(struct ready_board *board, size_t first, const struct plan *plan,
                     int64_t frame);

/* The soonest first, those without a time last. */
void ready_sort(struct ready_board *board);

void ready_finish(struct ready_board *board); /* accepts a zeroed one */

/* True when somebody has to do something about it. */
bool ready_is_wanting(const struct ready_row *row);

/* Milliseconds since the epoch: of its start, and of when what airs instead is decided. */
int64_t ready_start_ms(const struct ready_row *row);
int64_t ready_cutoff_at_ms(const struct ready_row *row, int64_t cutoff_ms);

enum ready_urgency ready_urgency(const struct ready_row *row, int64_t now_ms, int64_t cutoff_ms);

#endif
