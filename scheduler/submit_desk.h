/* SPDX-License-Identifier: MIT */
/*
 * submit_desk: what is known of the coming weeks, for films that are handed in: which
 * lesson one is, in which formats it is wanted, and by when.
 *
 * It sees timetables as they were when it was made.  Not thread-safe.
 */
#ifndef SCHEDULER_SUBMIT_DESK_H
#define SCHEDULER_SUBMIT_DESK_H

#include "playout/problems.h"
#include "scheduler/due.h"
#include "scheduler/film_match.h"
#include "scheduler/order_when.h"

struct submit_desk;

/*
 * Reads the timetables of the station, which is borrowed.  Of those with mistakes, told as
 * errors in *problems, nothing is known.  0 or -errno.
 */
int submit_desk_create(const struct station *station, int64_t now_ms, struct submit_desk **desk,
                       struct problems *problems);
void submit_desk_destroy(struct submit_desk *desk); /* accepts NULL */

/* Which lesson a film is. */
void submit_desk_match(const struct submit_desk *desk, const struct film_said *said,
                       struct film_match *match);

/* The house number that a mistyped one was meant to be, or NULL. */
const char *submit_desk_suggest(const struct submit_desk *desk, const char *house_number);

/* The lesson of a house number; NULL: no timetable names it. */
const struct film_lesson *submit_desk_lesson(const struct submit_desk *desk,
                                             const char *house_number);

/*
 * The house number that the timetable has in a slot, "CHANNEL DATE PERIOD" or "CHANNEL DATE
 * TIME".  NULL, with a sentence that says why in `complaint`.
 */
const char *submit_desk_slot(const struct submit_desk *desk, const char *text,
                             char complaint[ORDER_WHEN_TEXT_SIZE]);

/*
 * In which formats a house number is wanted, and by when, at least one: with `only`
 * that one, else, where no timetable names it, the station's first.  Until the next call.
 */
size_t submit_desk_dues(struct submit_desk *desk, const char *house_number,
                        const struct profile *only, const struct due **dues);

/* Its next first run, else its next slot, on whatever channel; NULL: none is planned. */
const struct ready_row *submit_desk_airing(const struct submit_desk *desk,
                                           const char *house_number);

/* What must stay free on the disk of the media folder (media_room.h). */
int64_t submit_desk_reserve_bytes(const struct submit_desk *desk);

#endif
