/* SPDX-License-Identifier: MIT */
/* signoff_private: what signoff*.c share. */
#ifndef SCHEDULER_SIGNOFF_PRIVATE_H
#define SCHEDULER_SIGNOFF_PRIVATE_H

#include "scheduler/signoff.h"
#include "scheduler/store/store_clearance.h"
#include "scheduler/store/store_freeze.h"

#include <jansson.h>

struct signoff {
    struct approval_rule rule;
    const struct clearance *clearance; /* NULL: nothing needs approval */
    struct store_clearance *approvals; /* owned; may be NULL */
    json_t *closed;                    /* the closed days, as they are kept */
    struct frozen_days *channels;      /* as the station's services */
    size_t channel_count;
    bool is_kept_damaged; /* what was kept could not be read: it is not to be written over */
    /* Of what is in force, what the store does not know any more, as it is kept. */
    json_t *lost; /* as store_clearance_tell() */
    json_t *lost_closed;
    json_t *by_rule; /* and that of other rules than the station's: lists with their rule */
};

/* In which nothing has been signed.  NULL: out of memory. */
struct signoff *signoff_create(const struct station *station);

/* Takes ownership of the approvals. */
void signoff_take_approvals(struct signoff *signoff, struct store_clearance *approvals);

/*
 * Makes the timetable of a closed day from its texts; 0 also when they are not good any more.
 * It is kept as {"channel", "date", "closed_ms", "author", "files": [[name, text], ...]}.
 */
int signoff_take_day(struct signoff *signoff, const struct station *station, const json_t *day,
                     struct problems *problems);

/* The texts of a closed day: the caller frees the array alone.  NULL: out of memory. */
struct store_file *signoff_files(const json_t *list);

/*
 * Adds what was kept as in force, and is in the store no more without a verdict that tells why;
 * of closed days those from `from` on.  0, or as store.h says.
 */
int signoff_keep_lost(struct signoff *signoff, struct store *store, const struct station *station,
                      int64_t from, struct problems *problems);

#endif
