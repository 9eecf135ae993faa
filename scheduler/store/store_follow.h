/* SPDX-License-Identifier: MIT */
/*
 * store_follow: keeps the store up with the files of a station on air.
 *
 * It is store_rebuild.h bit by bit, by the same code: plans from the newest
 * revision that the store knows, as-run from the newest day, media records
 * that it does not know.  Called again and again it leaves what a rebuild
 * into an empty store would give; but for the ids of orders, which are given
 * in the order in which they are told of, and for files that could not be read
 * when it was their turn: a rebuild adds those later.
 *
 * What has not changed costs a stat() or two, and no query.  What has is read
 * first, and only when there is something to write other writers have to wait:
 * for a few revisions or lines of one channel at a time.
 *
 * Thread: that of the store.
 */
#ifndef SCHEDULER_STORE_STORE_FOLLOW_H
#define SCHEDULER_STORE_STORE_FOLLOW_H

#include "scheduler/store/store_rebuild.h"

struct store_follow;

/*
 * Borrows station and zone.  It remembers what it has seen, for one store:
 * when that has been lost, restored or opened anew, make another one.  NULL:
 * out of memory.
 */
struct store_follow *store_follow_create(const struct station *station, const struct zone *zone);
void store_follow_destroy(struct store_follow *follow); /* accepts NULL */

/*
 * Takes what is new at `now_ms` (true time: it is compared with that of files)
 * into the store.
 *
 * *problems gets all warnings that hold now, also those about files that have
 * not changed since the last call; who shows them shows what is new among
 * them.  0 and what was added; *has_more: there is still more, call again
 * without waiting.  Otherwise as store.h says: what was added before has been
 * kept, and the next call goes on from there.
 */
int store_follow_step(struct store_follow *follow, struct store *store, int64_t now_ms,
                      struct problems *problems, struct store_rebuilt *added, bool *has_more);

#endif
