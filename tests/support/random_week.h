/* SPDX-License-Identifier: MIT */
/*
 * random_week: timetables and libraries as no operator would think of them,
 * for the tests of the scheduler.
 */
#ifndef TESTS_SUPPORT_RANDOM_WEEK_H
#define TESTS_SUPPORT_RANDOM_WEEK_H

#include "scheduler/library.h"
#include "scheduler/timetable.h"

enum { RANDOM_LESSONS = 6, RANDOM_FILLERS = 2 };

/* A number from 0 to below - 1. */
int random_below(unsigned *random, int below);

/* The text of a timetable without errors; the caller frees it. */
char *random_week_text(unsigned *random);

/* Fails the test when there is an error. */
struct timetable *random_week(unsigned *random);

/*
 * A library with assets of a profile for some of its lessons (L1...) and
 * fillers (F1...), and a slate.  An asset's name says all about it.
 */
struct library *random_library(unsigned *random, const struct profile *profile);

/* The length in frames of such an asset, also of one that is in no library. */
int64_t random_asset_length(const struct profile *profile, const char *sha256);

/* Writes the indexes of all assets that there can be, without media, into a folder. */
void random_media(const char *folder, const struct profile *profile);

#endif
