/* SPDX-License-Identifier: MIT */
/*
 * tape_judge: everything that must hold of the tape of a case.
 *
 *   - the independent reader (tools/meter) finds nothing wrong, at the limits
 *     that this engine sets itself, and can judge everything;
 *   - every PCR is exactly the time of its slot;
 *   - any stretch, read again by a fresh reader, is the same;
 *   - the access units of a service are sent in the same packets when the
 *     service is alone in a transport of another rate;
 *   - EIT present/following says what is on air by the plan, and EIT schedule
 *     nothing that is not in it, with versions that rise with each change.
 */
#ifndef TESTS_SUPPORT_TAPE_JUDGE_H
#define TESTS_SUPPORT_TAPE_JUDGE_H

#include "tests/support/tape_world.h"

#include <stdio.h>

struct judge_totals {
    int64_t plans; /* of services, each with its journal */
    int64_t packets;
    int64_t joins;
    int64_t steps;     /* of journals */
    int64_t alone;     /* services that were read alone as well */
    int64_t shortened; /* cases whose guide has more to tell than room */
    int64_t refused;   /* cases without a legal station or plan */
};

/*
 * Judges a case; adds to *totals (may be NULL).  True: all holds.  What does
 * not is written to `out`.  A case without a legal plan holds.
 */
bool tape_judge(const struct tape_shelf *shelf, const struct tape_case *of, FILE *out,
                struct judge_totals *totals);

/* The same of a world; `packets` of its tape are those of its case's frames. */
bool tape_judge_reader(const struct tape_world *world, const uint8_t *packets, FILE *out);

/* Slots of the case's frames. */
uint64_t judge_first_slot(const struct tape_world *world);
size_t judge_slot_count(const struct tape_world *world);

/* judge_eit.c: holds present/following against the plans. */
struct judge_eit;
struct judge_eit *judge_eit_create(const struct tape_world *world, const uint8_t *packets,
                                   FILE *out);
struct ts_tap *judge_eit_tap(struct judge_eit *eit);
/* True: nothing was wrong. */
bool judge_eit_finish(struct judge_eit *eit);

/* judge_alone.c: holds one service against itself in a transport of its own. */
bool judge_alone(const struct tape_world *world, int service, const uint8_t *packets,
                 struct dice *dice, FILE *out);

#endif
