/* SPDX-License-Identifier: MIT */
/*
 * tape_shelf: made-up assets of every house format, for tests of the tape.
 *
 * Made once from one seed; many stations share them, also across fork().
 */
#ifndef TESTS_SUPPORT_TAPE_SHELF_H
#define TESTS_SUPPORT_TAPE_SHELF_H

#include "playout/asset.h"
#include "playout/station.h"
#include "playout/timeline.h"
#include "tests/support/fake_media.h"

enum {
    SHELF_ASSETS = 12, /* of a profile */
    SHELF_PROFILES = 8,
    SHELF_SLATE_FRAMES = 240,
};

struct shelf_asset {
    struct asset *asset;
    enum asset_kind kind;
    int64_t frames;
};

struct shelf_profile {
    const struct profile *profile; /* of the shelf's station */
    struct asset *slate;           /* in memory */
    struct shelf_asset assets[SHELF_ASSETS];
};

struct tape_shelf {
    char *station_path; /* schedules/station.cfg with a media folder of its own */
    struct station *station;
    struct shelf_profile profiles[SHELF_PROFILES];
    size_t profile_count;
};

/* Aborts when anything fails. */
void tape_shelf_init(struct tape_shelf *shelf, uint64_t seed);
void tape_shelf_finish(struct tape_shelf *shelf);

/* NULL when the profile has no such name. */
const struct shelf_profile *tape_shelf_profile(const struct tape_shelf *shelf, const char *name);

/* By name; the slate is "".  NULL when it is not of the profile. */
const struct asset *shelf_find(const struct shelf_profile *of, const char *sha256);

/* Whether [in_point, in_point + frames) of an asset, looped as plans loop, may go on air. */
bool shelf_is_legal(const struct shelf_profile *of, const struct asset *asset, int64_t in_point,
                    int64_t frames);

/* Whether all pieces of a time line that begin in [from, until) may go on air. */
bool shelf_is_legal_stretch(const struct shelf_profile *of, const struct timeline *timeline,
                            int64_t from, int64_t until);

#endif
