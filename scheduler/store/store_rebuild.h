/* SPDX-License-Identifier: MIT */
/*
 * store_rebuild: makes a store anew from the files of the station.
 *
 *     MEDIA/<sha256>.json           house numbers, asset versions
 *     STATE/plans/CHANNEL/N.yaml    plan revisions, lessons (by their events), amendments
 *     STATE/plans/CHANNEL/journal   when they took effect
 *     STATE/asrun/CHANNEL/DATE.jsonl    as-run lines, with their chain
 *
 * Submissions and users are in no file: they come back from a backup
 * (store_dump.h) only.  So do verdicts and freezes; those in force are
 * brought back by signoff_bring_back().
 *
 * What somebody else wrote stays as it is; what is missing is added.  So it
 * may be run again, and on a store that has lost some of it.  While a station
 * is on air store_follow.h does the same bit by bit.
 *
 * What the files tell, and how:
 * - An order (amendment) is known again by channel, kind and the frame it was
 *   asked for, which gives `ordered_ms`.  Each revision tells from when until
 *   when it lasts.  It has aired a minute after it is over: until then the
 *   engine may refuse the revision, and it gets another time.  One that a plan
 *   no longer has, though it was not over, has aired if it had begun, and
 *   otherwise is undone.  Who ended or undid it is who brought that about;
 *   where the plan names nobody, or by too long a name, "rebuild".
 * - A revision's author and reason are those of the latest order that the
 *   revision before did not have; "" when there is none: a timetable was
 *   changed, or an order ended or taken back, which its own row tells.
 * - A lesson is what the latest plan of its channel says; of two channels
 *   that air it, that one counts which the station file has first.
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
