/* SPDX-License-Identifier: MIT */
/*
 * store_clearance: clearance.h from the approvals of a store.
 *
 * A snapshot: what is approved later needs another one.  With no stages
 * everything may air.
 */
#ifndef SCHEDULER_STORE_STORE_CLEARANCE_H
#define SCHEDULER_STORE_STORE_CLEARANCE_H

#include "scheduler/clearance.h"
#include "scheduler/store/store_approval.h"

#include <jansson.h>

struct store_clearance;

/* A number that rises with every verdict, every day that is closed or opened again. */
int store_signed(struct store *store, int64_t *count);

/* 0, or as store.h says.  Nothing of the store is needed afterwards. */
int store_clearance_create(struct store *store, const struct approval_rule *rule,
                           struct store_clearance **clearance);
void store_clearance_destroy(struct store_clearance *clearance); /* accepts NULL */

/*
 * What was signed and what was taken back, as JSON: {"approved": [[house number, SHA-256, run, 0,
 * [who signed stage 1, stage 2, ...]], ...], "rejected": [[..., the stage that sent it back, ...],
 * ...], "undone": [[..., the first stage that is not signed any more, ...], ...], "begun": [[...,
 * 0, ...], ...]}: the caller's; NULL: out of memory.  "begun" are runs that have some stages, and
 * repeats that have all and wait for a first run that was sent back.  In what an older version told
 * there are no signers.
 */
json_t *store_clearance_tell(const struct store_clearance *clearance);
json_t *store_clearance_tell_nothing(void);      /* the same with empty lists */
size_t store_clearance_told(const json_t *told); /* how many rows */
/*
 * Adds the approved rows of what was told once that are not settled, for they wait for a stage, to
 * `missing`, an object with a name for each run.  0 or negative: out of memory.
 */
int store_clearance_missing(const struct store_clearance *clearance, const json_t *told,
                            json_t *missing);
/* From what was told once; 0, -EBADMSG or -ENOMEM. */
int store_clearance_recall(const json_t *told, struct store_clearance **clearance);

/*
 * Takes over from what was told once whatever the store says otherwise without a verdict that
 * tells why: it was in force, and the store has lost it.  A withdrawal is lost only where the store
 * has all stages of the run: one that lacks some does not air anyhow.  A run that was begun is
 * where it has fewer stages.  Those rows are added to `lost`, which is shaped as what is told.  0
 * or -ENOMEM.
 */
int store_clearance_keep(struct store_clearance *clearance, const json_t *told, json_t *lost);

/* What the planner asks.  Lives as long as *clearance. */
const struct clearance *store_clearance_view(const struct store_clearance *clearance);

#endif
