/* SPDX-License-Identifier: MIT */
/*
 * follow_room: a station on air as its files tell of it, a store, and what lets the store follow
 * the station, for tests: step by step, cut short, and compared with a rebuild of the whole.
 *
 * Whatever goes wrong ends the test.
 */
#ifndef TESTS_SUPPORT_FOLLOW_ROOM_H
#define TESTS_SUPPORT_FOLLOW_ROOM_H

#include "scheduler/store/store_follow.h"
#include "tests/support/follow_world.h"
#include "tests/support/store_bench.h"

#include <stdbool.h>
#include <stddef.h>

struct follow_room {
    struct follow_world world;
    struct store_bench bench;
    struct store *store;
    struct store_follow *follow;
};

void follow_room_init(struct follow_room *room, struct dice dice);
void follow_room_finish(struct follow_room *room);

/* One step; how many problems were told. */
size_t follow_room_step(struct follow_room *room, struct store_rebuilt *added, bool *has_more);

/* Everything is written, and nothing of it is kept: as if it was killed then. */
void follow_room_step_in_vain(struct follow_room *room);

/* As a scheduler that starts anew. */
void follow_room_forget(struct follow_room *room);

void follow_room_to_the_end(struct follow_room *room);

/* The dump of the store; the caller frees it. */
char *follow_room_dump(const struct follow_room *room);

/* The store has what a rebuild gives an empty one, but for the ids of orders. */
void follow_room_expect_as_rebuilt(struct follow_room *room);

/* A store that has everything is given nothing by a rebuild. */
void follow_room_expect_nothing_to_rebuild(struct follow_room *room);

#endif
