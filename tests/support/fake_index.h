/* SPDX-License-Identifier: MIT */
/*
 * fake_index: indexes of assets that have no media, for tests of what is
 * decided from access-unit sizes alone.  Made in microseconds.
 */
#ifndef TESTS_SUPPORT_FAKE_INDEX_H
#define TESTS_SUPPORT_FAKE_INDEX_H

#include "playout/asset_index.h"
#include "tests/support/fake_media.h"

struct fake_index_spec {
    enum fake_load load;
    int64_t frames; /* a multiple of the join grid */
    bool has_b_frames;
    bool is_wild; /* now and then takes more than its VBV has, so that no cut helps */
};

/* In memory, to be freed with fake_index_finish(); fails the test when it cannot. */
void fake_index_make(const struct profile *profile, struct dice *dice,
                     const struct fake_index_spec *spec, struct asset_index *index);
void fake_index_finish(struct asset_index *index);

/* Writes FOLDER/<sha256>.idx; what it is made from follows from name and spec alone. */
void fake_index_write(const char *folder, const char *sha256, const struct profile *profile,
                      const struct fake_index_spec *spec);

#endif
