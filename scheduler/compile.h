/* SPDX-License-Identifier: MIT */
/*
 * compile: from a timetable and a library to the events of any stretch of time.
 *
 * A pure function.  What airs at a moment does not depend on the window that
 * is compiled: events are cut from the civil day they belong to, so that
 * tomorrow's run gives the same events for the days that both runs cover.
 * The plan in force has a say in one thing: which files came in time.
 *
 *     slot:     |<---------------- 08:30 to 08:50 ---------------->|
 *     loop:     | lesson whole   | lesson whole   | lesson, cut |f.|
 *     whole:    | lesson whole   | lesson whole   | filler, cut    |
 *     filler:   | lesson whole   | filler | filler | filler, cut   |
 *     countdown:| lesson whole   | countdown | card of the next one|
 *
 * Every time is on the join grid of the profile, and no event is shorter than
 * 24 frames.  A slot whose time is not on the grid, as every other minute
 * with AAC sound, begins at the nearest frame that is, the later of two.
 *
 * Slots begin at the civil time that they say.  Where clocks are put forward
 * some do not exist: these do not air, and are told.  One that runs into the
 * next is cut there, unless its rule lets it ripple: then what follows moves
 * back, as far as the rule allows and nothing fixed is touched.
 *
 * A lesson that is longer than its slot is cut at the last legal frame before
 * the end of the slot (where that leaves less than 24 frames, a little more
 * gives way; of a further lap so much that a filler fits behind it).  Where
 * the lesson's index is there it tells what is legal; where not, that is every
 * 24 frames from its start (cutter.h).  Nothing airs a piece shorter than
 * cutter_least_piece(): where so little time is left, and where there are no
 * fillers, the slate stands in.
 *
 * A slot, with all that airs in it, is one programme of the EPG; of repeats
 * each lesson is one, and so is the time between slots, up to midnight.
 */
#ifndef SCHEDULER_COMPILE_H
#define SCHEDULER_COMPILE_H

#include "playout/plan.h"
#include "playout/zone.h"
#include "scheduler/clearance.h"
#include "scheduler/cutter.h"
#include "scheduler/frozen_days.h"
#include "scheduler/library.h"
#include "scheduler/timetable.h"

struct compile_input {
    const struct timetable *timetable;
    const struct frozen_days *frozen; /* of the channel: their own timetables hold; NULL: none */
    const struct library *library;
    const struct profile *profile;
    const struct zone *zone;
    int64_t from; /* frames */
    int64_t to;
    struct media_cuts *media;          /* where assets may be cut; NULL: by the rule of thumb */
    const struct clearance *clearance; /* NULL: everything may air */
    /* Files that come later than so long before a slot are not used in it: the
     * substitute that was decided on by then stays.  0: whenever they come. */
    int64_t cutoff_ms;
    /* The plan in force: what it airs in a slot came in time, by the limit of its day.  May be
     * NULL. */
    const struct plan *base;
    struct problems *problems; /* slots that cannot air as they say; may be NULL */
};

/*
 * Makes a plan (channel, fillers, events; no revision) whose events, gapless,
 * are those on air at any frame of [from, to): the first may begin before
 * `from`, the last end after `to`.  seq is 0; programme is the same number
 * for all events of an EPG entry, a frame of its slot.  0 or -ENOMEM.
 */
int compile(const struct compile_input *input, struct plan **plan);

/* Fillers shorter than this are not used. */
int64_t compile_filler_least(const struct profile *profile);

/* True when an asset can be used as a filler: long enough, and cut anywhere. */
bool compile_is_filler(const struct profile *profile, const struct library_asset *asset);

/* How many lessons a timetable has that need media, when none of them has any, nor has a filler. */
size_t compile_lacks_media(const struct timetable *timetable, const struct library *library,
                           const struct profile *profile);

/*
 * Warns of what a timetable will meet in this library: lessons and fillers
 * without media, fillers that cannot be cut, lessons longer than their slots.
 */
void compile_warn(const struct timetable *timetable, const struct library *library,
                  const struct profile *profile, struct problems *problems);

#endif
