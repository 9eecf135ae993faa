/* SPDX-License-Identifier: MIT */
/*
 * revise_judge: what must be true of every revision of a plan, for the
 * stories of test_revise_stories.c.  Fails the test when it is not.
 *
 * Legality is judged by the time line (playout), which knows nothing of how
 * revisions are made: up to the first frame that may change, old and new must
 * be the same pieces with the same ends.
 */
#ifndef TESTS_SUPPORT_REVISE_JUDGE_H
#define TESTS_SUPPORT_REVISE_JUDGE_H

#include "playout/plan.h"
#include "playout/plan_proof.h"
#include "playout/timeline.h"
#include "scheduler/revise.h"

enum { KNOWN_MOST = 1 << 20 };

/* What outlives the plans of a story. */
struct known_event {
    int64_t seq; /* 0: not seen yet */
    int64_t start;
    int64_t in_point;
    char asset[SHA256_HEX_SIZE];
};

struct revise_judge {
    const struct revise_input *input; /* its cutter, base, fresh, times */
    const struct plan *plan;          /* made of it */
    struct plan_proof *proof;
    struct known_event *known; /* KNOWN_MOST of them, by number */
};

/* All that follows. */
void judge_revision(const struct revise_judge *judge);

/* True when nothing that was ordered airs from `effective` on. */
bool judge_is_free_of_orders(const struct revise_judge *judge);

/* Two plans air the same, from `from` on for twenty hours or to the end of one. */
void judge_same(const struct plan *a, const struct plan *b, int64_t from);

/* The lessons that the order has moved, between two plans, are later than before. */
void judge_pushed(const struct plan *plan, const struct plan *made,
                  const struct plan_amendment *order);

#endif
