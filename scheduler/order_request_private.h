/* SPDX-License-Identifier: MIT */
/* order_request_private: what order_request.c and the files that help it share. */
#ifndef SCHEDULER_ORDER_REQUEST_PRIVATE_H
#define SCHEDULER_ORDER_REQUEST_PRIVATE_H

#include "scheduler/order_request.h"

/* A request at work. */
struct desk {
    struct order_room *room;
    const struct order_request *request;
    struct order_answer *answer;
    const struct plan_event *present; /* on air when boundaries may change; NULL: the slate */
};

/* Writes the sentence; -ECANCELED. */
__attribute__((format(printf, 2, 3))) int order_refuse(const struct desk *desk, const char *format,
                                                       ...);

/* Adds a line, with its end, to what is said of an order that is given. */
__attribute__((format(printf, 2, 3))) void order_note(const struct desk *desk, const char *format,
                                                      ...);

/* NULL: there is none of that number. */
struct plan_amendment *order_by_id(const struct desk *desk, int64_t id);

/* Returns `text`. */
const char *order_time_text(const struct desk *desk, int64_t frame, char text[ZONE_TEXT_SIZE]);

/* The last break-in, or the last hold, that stands; NULL: none. */
struct plan_amendment *order_find_open(const struct desk *desk, bool wants_hold);

/* The break-in that has put the event on air, and stands; NULL: none. */
const struct plan_amendment *order_find_break_in(const struct desk *desk,
                                                 const struct plan_event *event);

/*
 * The break-in that will be on air instead of the event, unless somebody ends
 * it before: the plan carries it no further than to a midnight.  NULL: none.
 */
const struct plan_amendment *order_find_standing(const struct desk *desk,
                                                 const struct plan_event *event);

bool order_is_hold(const struct plan_amendment *order);

/* The order that is asked for, without its times. */
struct plan_amendment order_new(const struct desk *desk);

/* --- order_slot.c -------------------------------------------------------------------- */

enum { PROGRAMME_TEXT_SIZE = 400 };

/* "Friday 2026-11-27 10:20 KT-05 title"; returns `text`. */
const char *order_programme_text(const struct desk *desk, const struct plan_event *event,
                                 char text[PROGRAMME_TEXT_SIZE]);

/* The first frame at which what is on air can be left. */
int64_t order_first_cut(const struct desk *desk);

/*
 * The first event of the programme that the request is about: of its time, or
 * the next one; where that is on air, the event that can be left at
 * order_first_cut().  0, or -ECANCELED or -ENXIO with the sentence.
 */
int order_find_programme(const struct desk *desk, const struct plan_event **event);

/* Of a slot, what orders must know. */
struct order_slot {
    int64_t end;         /* its frame; 0: there is none */
    int64_t date;        /* whose list it is of: the small hours are of the day before */
    int64_t first_run;   /* the date of that of its lesson; the same when it is no repeat */
    enum rest_rule rest; /* what airs after media that is shorter */
    bool is_repeat;
    bool is_rotation; /* of several programmes, each of which ends by itself */
};

/*
 * The slot of a lesson that airs at the frame, be it moved by an order; house
 * number NULL, or of no lesson: the slot of that time.  None: that of the
 * civil date, with fillers.
 */
struct order_slot order_find_slot(const struct desk *desk, int64_t frame, const char *house_number);

/* The slot of a programme of the plan; what an order has put there is of the slot of that time. */
struct order_slot order_slot_of(const struct desk *desk, const struct plan_event *event);

/* Says that the list of a day is closed, if it is. */
void order_tell_closed(const struct desk *desk, int64_t date);

/* Says which earlier order the new one, which begins in the event, lies over, if any. */
void order_tell_covered(const struct desk *desk, const struct plan_event *event);

/* Says what the revision made airs after an insertion: often the very programme that it interrupts.
 */
void order_tell_after(const struct desk *desk, const struct plan *made,
                      const struct plan_amendment *order);

/*
 * Another replacement of the same programme, not on air yet, gives way to the
 * new one, and that is said; so it is when the same airs there already.
 */
void order_undo_replaced(const struct desk *desk, const struct plan_event *event);

/*
 * An extension of the programme on air, not on air yet, gives way to the new one, which begins at
 * `end`, and that is said: it began there, or sooner, before something was inserted.  So it does
 * to a skip of what ends then.
 */
void order_undo_extended(const struct desk *desk, int64_t end);

/* What the order has no room before; -ECANCELED with the sentence. */
int order_refuse_roomless(const struct desk *desk, const struct plan_amendment *order);

/* --- order_repeats.c ----------------------------------------------------------------- */

/* Says which repeats of a programme air it still, although the order replaces it. */
void order_tell_repeats(const struct desk *desk, const struct plan_amendment *order,
                        const struct plan_event *event);

/* --- order_moved.c ------------------------------------------------------------------- */

/*
 * Says how much later what follows an extension comes in the revision made, and what becomes of
 * the insertions to come that any order moves, or lies over.  0 or -ENOMEM.
 */
int order_tell_moved(const struct desk *desk, const struct plan *made,
                     const struct plan_amendment *order);

/* What becomes of them when an order is ended or undone. */
void order_tell_moved_back(const struct desk *desk, const struct plan *made,
                           const struct plan_amendment *order);

/* Says what comes after what is skipped: at once, or at its time, when it does not move. */
void order_tell_next(const struct desk *desk, const struct plan *made,
                     const struct plan_amendment *order);

/* True when what comes next begins at once with an order that skips what is on air. */
bool order_begins_next(const struct plan *made, const struct plan_amendment *order);

/* The first programme of the plan at `from` or later; NULL: none. */
const struct plan_event *order_next_programme(const struct plan *plan, int64_t from);

enum { ORDER_NAME_SIZE = 1024 };

/* "Order 3 (TZ-01, by a: notice)"; returns `text`. */
const char *order_name_text(const struct plan_amendment *order, char text[ORDER_NAME_SIZE]);

/* --- order_return.c ------------------------------------------------------------------ */

/* True when what was interrupted is to come again from its start. */
bool order_restarts(const struct desk *desk);

/* Ends the last break-in, or the last hold: 0, or -errno as order_request_obey(). */
int order_end_open(const struct desk *desk);

/* Says what begins anew with the return from the order, and when what comes after it does. */
void order_tell_restart(const struct desk *desk, const struct plan *made,
                        const struct plan_amendment *order);

/* Says what airs when a break-in ends: another order above it, the one below it, which goes on. */
void order_tell_below(const struct desk *desk, const struct plan *made,
                      const struct plan_amendment *ended);

/* Says which earlier order goes on behind a replacement, for it lasts longer. */
void order_tell_back(const struct desk *desk, const struct plan *made,
                     const struct plan_amendment *order);

/* --- order_undone.c ------------------------------------------------------------------ */

/* Says what airs in the place of an order that was undone, what does not, and what comes back. */
void order_tell_undone(const struct desk *desk, const struct plan *made,
                       const struct plan_amendment *order);

/* --- order_imminent.c ---------------------------------------------------------------- */

/*
 * Where another order is about to end what is on air, and it is too late to undo that: 0, or
 * -ECANCELED with the sentence when the new order would be of the wrong programme, or leave the
 * other one on air for a moment only.
 */
int order_await_imminent(const struct desk *desk, const struct plan_amendment *order);

/* --- order_replace.c ----------------------------------------------------------------- */

/*
 * Where the slot of what is on air ends: what is inserted in it ends the programme, not the slot.
 * Of a rotation it is one programme alone.
 */
int64_t order_slot_end(const struct desk *desk, const struct plan_event *event);

/* Of a replacement, as order_set_times(). */
int order_set_replacement(const struct desk *desk, struct plan_amendment *order);

/* --- order_times.c ------------------------------------------------------------------- */

/* Finds the media of the request, which airs at order->from: 0, or -ECANCELED with the sentence. */
int order_find_asset(const struct desk *desk, bool loops, struct plan_amendment *order);

/* Says what the order airs, and from when until when: 0, or -ECANCELED with the sentence. */
int order_set_times(const struct desk *desk, struct plan_amendment *order);

#endif
