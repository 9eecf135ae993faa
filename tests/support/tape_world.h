/* SPDX-License-Identifier: MIT */
/*
 * tape_world: a case (tape_case.h) made real: station, plans, journals, tape.
 *
 * The tape is read with the shelf's assets from memory; saved to a folder,
 * `ketang render` reads the same tape there.
 */
#ifndef TESTS_SUPPORT_TAPE_WORLD_H
#define TESTS_SUPPORT_TAPE_WORLD_H

#include "playout/history.h"
#include "playout/media.h"
#include "playout/tape.h"
#include "tests/support/tape_case.h"

enum { WORLD_TRANSPORTS = 3 };

struct world_service {
    const struct case_service *of;
    const struct shelf_profile *shelf;
    const struct service *service;
    struct tape_format *format; /* of its transport */
    size_t number;              /* in its transport */
    struct media media;
    struct history history; /* a step more than the journal: the slate from ever */
    struct journal_entry journal[CASE_STEPS + 1];
    int entry_count;
    struct tape_inputs *probe;  /* assets only */
    struct tape_inputs *inputs; /* for reading */
};

struct tape_world {
    const struct tape_shelf *shelf;
    const struct tape_case *of;
    char *folder; /* of the station file */
    struct station *station;
    struct tape_format *formats[WORLD_TRANSPORTS];
    struct world_service services[CASE_SERVICES];
    struct tape_inputs *members[CASE_SERVICES]; /* of transport 0 */
};

/*
 * Makes station, plans and journals of a case; borrows shelf and case.  The
 * rate of each transport is the least that its tape takes, and extra_slots.
 * A step that is not legal, or that cannot be adopted, is left out, as the
 * engine would.  -EINVAL, and nothing to destroy, when there is no legal
 * station or plan at all.
 */
int tape_world_create(struct tape_world *world, const struct tape_shelf *shelf,
                      const struct tape_case *of);
void tape_world_destroy(struct tape_world *world);

/* The tape that is tested. */
const struct tape_format *world_format(const struct tape_world *world);

/*
 * Packets [first, first + count) in pieces of random length, by a reader of
 * its own.  0, or the error of a fault.
 */
int world_read(const struct tape_world *world, struct dice *dice, uint64_t first, size_t count,
               uint8_t *packets);

/* Items that begin within frames [from, until) on services of transport 0. */
int64_t world_joins(const struct tape_world *world, int64_t from, int64_t until);

/*
 * Copies station, plans, journals and media into a new folder.  Aborts when
 * it cannot.
 */
void tape_world_save(const struct tape_world *world, const char *folder);

#endif
