/* SPDX-License-Identifier: MIT */
/*
 * order: what an operator's order does to a line of events.
 *
 * Orders lie over the compiled events like sheets, the later over the
 * earlier; where one ends, what lies below goes on.
 *
 *     slate, emergency,   |-- A --|####### order #######|-- C in progress --|   join
 *     live, hold          |-- A --|####### order #######|-- A again --|- B -|   start
 *     insert, extend      |-- A --|## order ##|-- C in progress --|             join
 *                         |-- A --|## order ##|- rest of A -|-- B --|- fill -|  push
 *     replace             |-- A --|## order ##|fill|-- C --|
 *                         |-- A --|## order ##|## or|-- C --|                   loop
 *     skip                |-A-|......fill.....|-- B --|
 *                         |-A-|-- B --|.fill..........|-- C --|                follow
 *                         |-A-|#|-A in progress-|-- B --|      follow, of an insertion
 *
 * slate, emergency, live and hold last until the operator returns, and lie
 * over everything.  Until then they are planned to the first midnight that is
 * at least six hours ahead, and every revision carries them on: so the guide
 * keeps the programmes of the days behind.
 *
 * What the others move back (顺延) goes on until fillers, cards and slate have
 * taken it up, or the day ends; what is fixed never moves, and nothing crosses
 * it: what is too long is cut before it, and what has no room left does not
 * air.  Only a replacement that has begun keeps its time when a new timetable
 * fixes something there.
 *
 * What was inserted for a time that a later insertion takes is put off: it comes
 * whole after that one, and over what lies below, or not at all before what is fixed.
 * One that pushes, for a time at which an inserted notice (a filler) is on air, begins
 * where that ends; an inserted lesson is interrupted, and goes on, as lessons do.
 *
 * hold and extend begin where the present item ends; extend repeats a lesson that its slot
 * repeats, hold airs fillers after it, for it knows no end; the others at the first
 * legal cut.  All cuts are legal by cutter.h; but what lies before
 * `earliest` has been decided, and is taken as it was ordered.
 *
 * Pure functions: frames are arguments.
 */
#ifndef SCHEDULER_ORDER_H
#define SCHEDULER_ORDER_H

#include "playout/plan.h"
#include "playout/zone.h"
#include "scheduler/library.h"
#include "scheduler/revise_line.h"

enum order_kind {
    ORDER_SLATE,
    ORDER_EMERGENCY,
    ORDER_LIVE,
    ORDER_HOLD,
    ORDER_INSERT,
    ORDER_EXTEND,
    ORDER_REPLACE,
    ORDER_SKIP,
};

enum order_mode {
    ORDER_JOIN, /* also where no mode is said */
    ORDER_PUSH,
    ORDER_START,
    ORDER_FOLLOW,
    ORDER_WHOLE, /* replace: again as often as it fits whole, as the slot's rest rule says */
    ORDER_LOOP,  /* replace: again and again, the last time cut; the same.  extend: joined then */
    ORDER_PUSH_LOOP, /* extend: the lesson again and again, and what follows moves back */
};

/* What a skip of an insertion leaves. */
struct order_end {
    struct line line; /* the line with the insertion so short */
    int64_t over;     /* the frame from which on all is as it would be without the insertion */
};

/* What orders are laid over a line with. */
struct order_scene {
    const struct cutter *cutter;
    const struct zone *zone;       /* whose midnight ends the day */
    const struct library *library; /* house numbers and kinds of assets; NULL: not known */
    const struct plan *fillers;    /* whose list fills what is left */
    int64_t earliest;              /* no boundary before it may change */
    const struct order_end *end;   /* of the order that is laid over; NULL: it ends no insertion */
};

/* The words in plans and commands; kind: 0, or -EINVAL for none of them. */
const char *order_kind_name(enum order_kind kind);
int order_kind_parse(const char *name, enum order_kind *kind);
/* In the reader's language; a word that is none stays as it is. */
const char *order_kind_text(const char *name);
const char *order_mode_name(enum order_mode mode);
int order_mode_parse(const char *name, enum order_mode *mode);

/* True for those that last until the operator returns. */
bool order_kind_is_break_in(enum order_kind kind);
bool order_is_break_in(const struct plan_amendment *order);

bool order_is_insertion(const struct plan_amendment *order);

/* True for `skip --follow`: of an insertion it ends that alone, and nothing comes early. */
bool order_ends_insertions(const struct plan_amendment *order);

/* True for what an insertion itself airs, be it put off: not for what it fills up or pushes back.
 */
bool order_is_item(const struct plan_amendment *order, const struct plan_event *event);

/* Where that begins in the plan, at `earliest` or later; -1: nowhere. */
int64_t order_start_in(const struct plan *plan, const struct plan_amendment *order,
                       int64_t earliest);

/* True when what follows the order moves back. */
bool order_pushes(const struct plan_amendment *order);

/* The frame from which on all is as it would be without the order. */
int64_t order_over(const struct plan_amendment *order);

/* True when the order still changes something at `frame` or later. */
bool order_is_active(const struct plan_amendment *order, int64_t frame);

/* How far a break-in that nobody has ended yet is planned, but for the next legal cut. */
int64_t order_open_end(const struct plan_amendment *order, const struct order_scene *scene);

/* What the order cuts, and where, when it is laid over the line; NULL: nothing. */
const struct plan_event *order_find_cut(const struct line *line, const struct plan_amendment *order,
                                        const struct order_scene *scene, int64_t *cut);

/*
 * Lays an order over the line, and brings its from, until and over up to
 * date.  Where there is no room for it, or nothing that it could change, the
 * line stays as it is, and `until` becomes `from`.  0 or -ENOMEM; the line
 * is untouched then.
 */
int order_apply(struct line *line, struct plan_amendment *order, const struct order_scene *scene);

/* The end of the EPG entry that the event number `index` belongs to. */
size_t line_group_end(const struct line *line, size_t index);

/* True for what stands in for a lesson: for want of a filler the slate does for nothing. */
bool event_lacks_lesson(const struct plan_event *event);

/* True for what may be used up: fillers, cards and slate, unless they are fixed. */
bool event_absorbs(const struct plan_event *event);

#endif
