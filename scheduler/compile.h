/* SPDX-License-Identifier: MIT */
/*
 * compile: from a timetable and a library to the events of any stretch of time.
 *
 * A pure function.  What airs at a moment does not depend on the window that
 * is compiled: events are cut from the civil day they belong to, so that
 * tomorrow's run gives the same events for the days that both runs cover.
 *
 *     slot:  |<---------------- 08:30 to 08:50 ---------------->|
 *     loop:  | lesson whole   | lesson whole   | lesson, cut    |
 *     whole: | lesson whole   | lesson whole   | filler, cut    |
 *     filler:| lesson whole   | filler | filler | filler, cut   |
 *
 * Every time is a multiple of 3 frames, no event is shorter than 24, a
 * lesson is cut only at multiples of 24 frames from its start (where that
 * leaves less than 24 frames, one GOP more gives way), fillers at any frame
 * of the grid.  Without fillers, and in less than six seconds, the slate
 * stands in for them.
 *
 * A slot, with all that airs in it, is one programme of the EPG; of repeats
 * each lesson is one, and so is the time between slots, up to midnight.
 */
#ifndef SCHEDULER_COMPILE_H
#define SCHEDULER_COMPILE_H

#include "playout/plan.h"
#include "playout/zone.h"
#include "scheduler/library.h"
#include "scheduler/timetable.h"

struct compile_input {
    const struct timetable *timetable;
    const struct library *library;
    const char *profile;
    const struct zone *zone;
    int64_t from; /* frames */
    int64_t to;
};

/*
 * Makes a plan (channel, fillers, events; no revision) whose events, gapless,
 * are those on air at any frame of [from, to): the first may begin before
 * `from`, the last end after `to`.  seq is 0; programme is the same number
 * for all events of an EPG entry, a frame of its slot.  0 or -ENOMEM.
 */
int compile(const struct compile_input *input, struct plan **plan);

enum {
    /*
     * A piece of an asset at least so long can be sent in time whatever is in
     * it (proof.h, condition of length); shorter ones of slate alone.
     */
    PIECE_LEAST_FRAMES = 144,
    /* Fillers shorter than this are not used. */
    FILLER_LEAST_FRAMES = PIECE_LEAST_FRAMES + 24,
};

/*
 * Warns of what a timetable will meet in this library: lessons without
 * media, fillers that cannot be cut, lessons longer than their slots.
 * `path` names the file in the messages.
 */
void compile_warn(const char *path, const struct timetable *timetable,
                  const struct library *library, const char *profile, struct problems *problems);

#endif
