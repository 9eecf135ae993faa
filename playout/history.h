/* SPDX-License-Identifier: MIT */
/*
 * history: the journal of a channel as steps of the tape.
 *
 * Reads the journal, the plan revisions that it names, and applies its
 * substitutions: what render and a starting engine know of a stretch of time.
 */
#ifndef PLAYOUT_HISTORY_H
#define PLAYOUT_HISTORY_H

#include "playout/journal.h"
#include "playout/problems.h"
#include "playout/tape.h"

#include <stddef.h>
#include <stdint.h>

struct history {
    struct tape_step *steps; /* in rising order; the first holds from ever */
    size_t count;            /* at least 1 */
};

/*
 * The steps in force from frame `from` to frame `to`, both included.
 * `folder` holds plans and journal of the channel, `slate_frames` is the
 * length of its slate.  Returns 0, -ENOMEM, or -EINVAL or -errno with the
 * problem told (a damaged journal, a plan that is missing or broken).
 */
int history_load(const char *folder, const struct journal *journal, int64_t from, int64_t to,
                 int64_t slate_frames, const struct media_lengths *lengths, struct history *history,
                 struct problems *problems);
void history_finish(struct history *history); /* accepts a zeroed one */

/*
 * Adds the step of one more journal entry, made from the last one: the
 * timeline of an adopted plan (taken over, may be NULL for a substitution).
 */
int history_add(struct history *history, const struct journal_entry *entry, struct plan *plan,
                const struct media_lengths *lengths);

/* Begins with the endless slate, from ever: 0 or -ENOMEM. */
int history_begin(struct history *history, int64_t slate_frames);

/*
 * Adds a step as it is; takes over its timeline (NULL: out of memory), also
 * when it fails: 0 or -ENOMEM.
 */
int history_push(struct history *history, const struct tape_step *step);

/* Forgets steps that were superseded at or before `frame`. */
void history_forget(struct history *history, int64_t frame);

/*
 * Opens all assets that the steps need on air in [from, to), with the leads:
 * an array of `count` references that the caller releases one by one and
 * frees.  An asset that cannot be opened is told and left out.
 */
int history_open_assets(const struct history *history, const char *media, int64_t from, int64_t to,
                        struct asset ***assets, size_t *count, struct problems *problems);

#endif
