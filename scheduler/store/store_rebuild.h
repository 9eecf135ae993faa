/* SPDX-License-Identifier: MIT */
/*
 * store_rebuild: makes a store anew from the files of the station.
 *
 *     MEDIA/<sha256>.json           house numbers, asset versions
 *     STATE/plans/CHANNEL/N.yaml    plan revisions, lessons (by their events), amendments
 *     STATE/plans/CHANNEL/journal   when they took effect
 *     STATE/asrun/CHANNEL/DATE.jsonl    as-run lines
 *
 * Approvals, freezes, submissions and users are in no file: they come back
 * from a backup (store_dump.h) only.
 *
 * What is in the store already stays as it is; what is missing is added.  So
 * it may be run again, and on a store that has lost some of it.
 */
#ifndef SCHEDULER_STORE_STORE_REBUILD_H
#define SCHEDULER_STORE_STORE_REBUILD_H

#include "playout/station.h"
#include "playout/zone.h"
#include "scheduler/store/store.h"

/* What was added. */
struct store_rebuilt {
    int64_t assets;
    int64_t lessons;
    int64_t revisions;
    int64_t amendments;
    int64_t as_run_lines;
};

/*
 * Rebuilds, in one transaction.  Files that are damaged, or differ from what
 * the store says of them, are told as warnings and left out.  0, or as
 * store.h says.
 */
int store_rebuild(struct store *store, const struct station *station, const struct zone *zone,
                  int64_t now_ms, struct problems *problems, struct store_rebuilt *rebuilt);

#endif
