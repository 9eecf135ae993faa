/* SPDX-License-Identifier: MIT */
/*
 * publish_compare: what an edition changes of the one before.
 *
 * Entries are known by their keys.  What is at the same time as it was, and
 * looks as it did, is the same, whatever its key and house number now are: an
 * edition of other house numbers has no marks.  One that differs, by a minute
 * or more or in a text, gets the next sequence number and says what it was; one
 * that is gone stays as a cancelled entry, so that calendars take it out; one
 * that comes back goes on with its number.  The time in which nothing is
 * planned follows from the rest, and is never marked; nor is what began before
 * the week, which has its mark there.
 *
 * A programme that begins at another time of the same day has moved, and keeps
 * the key that it had: the slot's key is then that of none or of what was there
 * before, and what is new there gets one with a number.  A lesson that is put
 * on another day is a cancelled entry and a new one, which says when it was.
 */
#ifndef SCHEDULER_PUBLISH_COMPARE_H
#define SCHEDULER_PUBLISH_COMPARE_H

#include "playout/zone.h"
#include "scheduler/publish/publish_edition.h"

/*
 * Numbers and marks *fresh against `last` (NULL: it is the first one, nothing
 * is marked); a channel that only `last` has is taken over as it was.
 * *is_different tells whether it is worth an edition.  0 or -ENOMEM.
 */
int publish_compare(struct edition *fresh, const struct edition *last, const struct zone *zone,
                    bool *is_different);

/* How many entries of an edition have a mark. */
size_t publish_marked(const struct edition *edition);

#endif
