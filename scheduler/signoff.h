/* SPDX-License-Identifier: MIT */
/*
 * signoff: what has been signed: which files may air (三审、重播重审), and
 * which days are closed (定稿).
 *
 *     store ──▶ signoff ──▶ planner
 *
 * A snapshot, immutable: what is signed later needs another one.  May be
 * read by any thread; nothing of the store is needed afterwards.
 */
#ifndef SCHEDULER_SIGNOFF_H
#define SCHEDULER_SIGNOFF_H

#include "playout/problems.h"
#include "playout/station.h"
#include "scheduler/clearance.h"
#include "scheduler/frozen_days.h"
#include "scheduler/store/store.h"

struct signoff;

/*
 * Reads a store; closed days from two days before `today` (civil days since
 * 1970-01-01) on.  A closed day whose texts cannot be read any more is left
 * out, with a warning.  Borrows `station` for the call.  0, or as store.h says.
 *
 * A store that was exchanged takes nothing off the air: what was kept in the
 * state folder as in force (signoff_save()) holds on where the store has no
 * verdict, and no day that was opened again, that tells why it should not;
 * what was sent back or withdrawn stays so.  Approvals that it has lost hold under a rule of
 * approval that asks for no more than the one they were given by; else they wait,
 * and are kept on, for such a rule.  What was kept and cannot be read is told
 * as a warning.
 */
int signoff_load(struct store *store, const struct station *station, int64_t today,
                 struct signoff **signoff, struct problems *problems);

/*
 * The same of the station's store.  Where there is none yet, nothing has been
 * signed; where it is gone, damaged or does not answer, what was kept holds, and *problems has
 * an error that says so.  0, or as store_open() with the cause in *problems.
 */
int signoff_open(const struct station *station, int64_t today, struct signoff **signoff,
                 struct problems *problems);

/*
 * Keeps it in a file, for a start at which the store cannot be asked.  A file
 * that signoff_load() could not read is set aside first, as PATH.damaged.
 * Blocks.  0 or -errno.
 */
int signoff_save(const struct signoff *signoff, const char *path);

/*
 * What was kept.  0; -ENOENT, nothing was kept; -ESTALE, by a rule of
 * approval that asks for less than the station's; -EBADMSG, it is damaged; or another -errno.
 */
int signoff_recall(const char *path, const struct station *station, struct signoff **signoff,
                   struct problems *problems);

/*
 * 0; or -ENOENT, and says so in *problems, when the station's store is gone: its file is not
 * there, and the state folder keeps what was signed in it.  An empty one in its place would
 * make all of that unsigned.
 */
int signoff_check_store(const struct station *station, struct problems *problems);

/* Why an operator should look after the store: it has lost what is in force; "": it has not. */
enum { SIGNOFF_LOST_SIZE = 2048 };
const char *signoff_lost_text(const struct signoff *signoff, const struct station *station,
                              char text[SIGNOFF_LOST_SIZE]);

/*
 * Whether a run was sent back or withdrawn, or is a repeat of what was sent back, and the store
 * does not know: it does not air, and no signature counts, until signoff_bring_back() has told the
 * store.  Accepts no signoff.
 */
struct store_approval;
bool signoff_is_taken_back(const struct signoff *signoff, const struct store_approval *of);

struct signoff_counts {
    size_t approved; /* runs of files that were, or were sent back or withdrawn */
    size_t closed;   /* days */
};

/*
 * Writes what the store has lost back into it: approvals stage by stage, by who signed, or by
 * "ketang store rebuild (N)" where that is not known; closed days as they were.  In one
 * transaction, so that nothing that is signed meanwhile is signed over.  How many there were: for
 * each something was written.  0, or as store.h says.
 */
int signoff_bring_back(struct store *store, const struct station *station, int64_t today,
                       int64_t now_ms, struct signoff_counts *counts, struct problems *problems);

void signoff_destroy(struct signoff *signoff); /* accepts NULL */

/* Nothing may air: what holds while nothing is known. */
extern const struct clearance signoff_nothing;

/* Which files may air; NULL: all.  Accepts no signoff; lives as long as it. */
const struct clearance *signoff_clearance(const struct signoff *signoff);

/* The closed days of a channel of that number in the station.  Accepts no signoff. */
const struct frozen_days *signoff_frozen(const struct signoff *signoff, size_t channel);

#endif
