/* SPDX-License-Identifier: MIT */
/* store_revision: the plan revisions of channels: which file, from when, why, by whom. */
#ifndef SCHEDULER_STORE_STORE_REVISION_H
#define SCHEDULER_STORE_STORE_REVISION_H

#include "scheduler/store/store.h"

struct store_revision {
    const char *channel;
    int64_t revision;
    int64_t effective_frame;
    int64_t written_ms;
    const char *sha256; /* of the file */
    const char *author; /* may be "": the scheduler by itself */
    const char *reason; /* may be "" */
};

/*
 * Notes a revision.  Files of plans never change: the same number with
 * another hash gives -EEXIST; with the same hash it stays as it is, but for
 * the effective frame.
 */
int store_revision_put(struct store *store, const struct store_revision *revision);

/* The highest number that a channel has; 0: none. */
int store_revision_newest(struct store *store, const char *channel, int64_t *revision);

/* Of a channel, in order, after revision `after` (0: all). */
int store_revision_list(struct store *store, const char *channel, int64_t after,
                        struct store_rows *rows);
struct store_revision store_revision_at(const struct store_rows *rows, size_t row);

#endif
