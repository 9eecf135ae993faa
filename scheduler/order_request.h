/* SPDX-License-Identifier: MIT */
/*
 * order_request: what an operator wants becomes an order (amendment), ends
 * one, or takes it back; or it is refused with a sentence that says why, and
 * what would be possible.
 *
 * Pure functions: what is on air, and when it may change, are arguments.
 */
#ifndef SCHEDULER_ORDER_REQUEST_H
#define SCHEDULER_ORDER_REQUEST_H

#include "scheduler/frozen_days.h"
#include "scheduler/order.h"
#include "scheduler/revise.h"
#include "scheduler/timetable.h"

enum {
    ORDER_TEXT_SIZE = 4096,
    ORDER_NOTE_SIZE = 2048,
    ORDER_TITLE_SIZE = 512,
};

enum order_command {
    REQUEST_ORDER,   /* of request->kind */
    REQUEST_RETURN,  /* from the last break-in */
    REQUEST_RELEASE, /* what is held */
    REQUEST_UNDO,    /* an order that has not taken effect, or its return */
};

/* What an operator wants; texts may be NULL. */
struct order_request {
    enum order_command command;
    enum order_kind kind;
    enum order_mode mode;
    int64_t id;               /* undo */
    int64_t at;               /* a frame; 0: at once, or the next programme; to be replaced: also
                                 of what is on air, be it that this frame has gone by */
    int64_t length;           /* frames; 0: not said */
    const char *house_number; /* what is to air */
    const char *live;         /* or from where */
    const char *reason;       /* orders need one; blanks alone are none */
    const char *author;
    const char *language; /* of what is answered (intl.h); NULL: the process's own */
};

/* What a request is judged by. */
struct order_room {
    int64_t now;                       /* the frame on air */
    const struct revise_input *input;  /* as if nothing had been requested */
    const struct plan *plan;           /* that revision */
    const struct timetable *timetable; /* tells titles; NULL: none */
    const struct clearance *clearance; /* NULL: all may air */
    const struct frozen_days *closed;  /* days whose lists are; NULL: none */
    struct plan_amendment *orders;     /* those of the input, with room for one more */
    size_t count;
};

struct order_answer {
    int64_t order;                /* its number */
    int64_t frame;                /* when it takes effect */
    char text[ORDER_TEXT_SIZE];   /* why not; or the programmes that do not air because of it */
    char note[ORDER_NOTE_SIZE];   /* lines: instead of what, over which earlier order; may be "" */
    char title[ORDER_TITLE_SIZE]; /* of what is ordered; the new order borrows it */
};

/*
 * Changes the orders.  0, -ECANCELED with the sentence, -ENXIO with one when
 * no plan is on air that it could be about, or -ENODATA when without a
 * timetable it cannot be; the orders may then be changed, but are
 * not to be used.  Their texts are borrowed from the request, the plan, the
 * library and *answer.  -ENOMEM.
 */
int order_request_obey(struct order_room *room, const struct order_request *request,
                       struct order_answer *answer);

/* Judges the revision made from the changed orders: 0, or -ECANCELED as above. */
int order_request_judge(struct order_room *room, const struct order_request *request,
                        const struct plan *made, struct order_answer *answer);

#endif
