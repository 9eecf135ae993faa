/* SPDX-License-Identifier: MIT */
/*
 * library: which assets there are, from the metadata records of the media
 * folder (asset.h).  Only assets that may go on air are in it: proven, with
 * media file and index beside the record, and the media file as long as the
 * index says.
 *
 * Immutable once loaded; to see changes load it again.
 */
#ifndef SCHEDULER_LIBRARY_H
#define SCHEDULER_LIBRARY_H

#include "playout/asset.h"
#include "playout/timeline.h"
#include "scheduler/clearance.h"

#include <stdbool.h>
#include <stdint.h>

struct library;

struct library_asset {
    char sha256[SHA256_HEX_SIZE];
    char *house_number;
    char *profile;
    char *title; /* as ingested; NULL: none */
    enum asset_kind kind;
    int64_t duration; /* frames */
    int64_t created_ms;
};

/* Reads a media folder; a missing one is empty.  0 or -errno. */
int library_load(const char *media, struct library **library);

/* False: the folder that was loaded is missing, or has no records, not even faulty ones. */
bool library_has_records(const struct library *library);

/* An empty one, to which assets are added by copy (tests); NULL, -ENOMEM. */
struct library *library_create(void);
int library_add(struct library *library, const struct library_asset *asset);
int library_add_damaged(struct library *library, const struct library_asset *asset);

void library_destroy(struct library *library); /* accepts NULL */

/* The asset of a house number in a profile, the latest one; or NULL. */
const struct library_asset *library_find(const struct library *library, const char *profile,
                                         const char *house_number);

/* True when there is an asset of a house number, in whatever profile. */
bool library_has(const struct library *library, const char *house_number);

/*
 * The house number of a profile (NULL: of any) that a mistyped one was meant to be, or NULL:
 * "kt7" is KT-07, and "KR-07" may be; another number, or in other groups, is another
 * lesson, never a slip.
 */
const char *library_suggest(const struct library *library, const char *profile,
                            const char *house_number);

/* Which of the assets of a house number may be used. */
struct library_question {
    const char *profile;
    const struct clearance *clearance; /* NULL: all may */
    struct airing airing;              /* its sha256 does not count */
    int64_t before_ms;                 /* made before; 0: whenever */
    const char *in_time;               /* the SHA-256 of one that is all the same; may be NULL */
};

/* True when it is not made before the question's limit, nor in time all the same. */
bool library_is_late(const struct library_asset *asset, const struct library_question *question);

/* The latest of them, or NULL. */
const struct library_asset *library_find_cleared(const struct library *library,
                                                 const struct library_question *question);

/*
 * Assets whose media file has another length than its index says, and that no
 * later file of their house number has replaced; NULL past the last one.
 */
const struct library_asset *library_damaged(const struct library *library, size_t number);

/* True when the latest file of a house number in a profile is such a one. */
bool library_is_damaged(const struct library *library, const char *profile,
                        const char *house_number);

/* An asset by its content, or NULL. */
const struct library_asset *library_get(const struct library *library, const char *sha256);

/* True when the asset may be cut at any frame of the join grid, and may loop. */
bool library_is_cut_anywhere(const struct library_asset *asset);

/* Lengths for timeline.h and revise.h.  "" is the slate of the profile. */
struct library_lengths {
    struct media_lengths lengths;
    const struct library *library;
    const char *profile;
};
struct library_lengths library_lengths(const struct library *library, const char *profile);

#endif
