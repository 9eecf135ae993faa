/* SPDX-License-Identifier: MIT */
/*
 * store_asset: which files a house number has had (asset.h), numbered.
 *
 * The truth is the media folder's records; here is their order, and what was
 * there once.
 */
#ifndef SCHEDULER_STORE_STORE_ASSET_H
#define SCHEDULER_STORE_STORE_ASSET_H

#include "scheduler/store/store.h"

struct store_asset {
    const char *house_number;
    int64_t version; /* 1, 2, 3 ... of the house number, in all profiles; given by the store */
    const char *sha256;
    const char *profile;
    const char *kind; /* "lesson" ... as asset_kind_name() */
    int64_t created_ms;
    int64_t duration_frames;
};

/* Notes a file; one that is known stays as it is.  `version` is ignored. */
int store_asset_put(struct store *store, const struct store_asset *asset, const char *author);

/* By house number and version; of one house number, or of all (NULL). */
int store_asset_list(struct store *store, const char *house_number, struct store_rows *rows);
struct store_asset store_asset_at(const struct store_rows *rows, size_t row);

#endif
