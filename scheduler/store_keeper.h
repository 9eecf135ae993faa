/* SPDX-License-Identifier: MIT */
/*
 * store_keeper: the scheduler's dealings with its store, on a thread of
 * their own: a database may be slow, or gone, and orders never wait for it.
 *
 *     store ──▶ approvals, closed days ──▶ news ──▶ planner
 *     store ◀── tomorrow's lists, closed at the hour of the station file
 *     store ◀── plans, orders and as-run lines, as their files appear
 *     store ◀── when the films that wait in the queue of ingest are wanted
 *
 * When the store is gone it is tried again and again; what was known of it
 * last holds, also over a new start: it is kept in the state folder.
 *
 * Thread: keeper_pass() is the whole work, at a time that is told;
 * keeper_start() makes a thread that does it about once a second.  The news
 * are fetched by another thread.
 */
#ifndef SCHEDULER_STORE_KEEPER_H
#define SCHEDULER_STORE_KEEPER_H

#include "playout/problems.h"
#include "playout/station.h"
#include "scheduler/due_list.h"
#include "scheduler/signoff.h"

#include <stdbool.h>
#include <stdint.h>

enum { KEEPER_TROUBLE_SIZE = 1024 };

struct keeper;

struct keeper_news {
    bool has_answered;                 /* it has been asked: the store answered, or it did not */
    struct signoff *signoff;           /* the caller's; NULL: as before.  The first may be kept */
    int lists;                         /* how many have just been closed */
    struct problems told;              /* what an operator should know; the caller finishes it */
    char trouble[KEEPER_TROUBLE_SIZE]; /* why the store did not answer; "": it did */
    char unnoted[KEEPER_TROUBLE_SIZE]; /* it did, and why it takes no notes; "": it does */
};

/* Borrows `station`.  0 or -errno. */
int keeper_create(const struct station *station, struct keeper **keeper);
void keeper_destroy(struct keeper *keeper); /* accepts NULL; ends its thread */

/*
 * Asks the store, and writes what is to be written at that time; `is_asked`:
 * somebody waits for it, so that one that was gone a moment ago is tried, too.
 * True: it answered, also when something could not be noted in it.
 */
bool keeper_pass(struct keeper *keeper, int64_t now_ms, bool is_asked);

/* 0 or -errno. */
int keeper_start(struct keeper *keeper, int64_t (*clock_ms)(void));

/*
 * Asks the store now, also one that was gone a moment ago, and waits for that at most `wait_ms`.
 * True: it answered, and what it has acknowledged is in the next news.
 */
bool keeper_ask(struct keeper *keeper, int wait_ms);

/*
 * Tells when films are wanted, for the order of the jobs in the store; takes `list` over, for its
 * next pass.
 */
void keeper_take_dues(struct keeper *keeper, struct due_list *list);

/* What has happened since the last call. */
void keeper_fetch(struct keeper *keeper, struct keeper_news *news);

#endif
