/* SPDX-License-Identifier: MIT */
/* approve_repeats: which house numbers the timetables repeat on a day, and when. */
#ifndef TOOLS_APPROVE_REPEATS_H
#define TOOLS_APPROVE_REPEATS_H

#include "playout/problems.h"
#include "playout/station.h"
#include "playout/zone.h"
#include "scheduler/store/store_approval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One of the times at which a house number is repeated. */
struct approve_airing {
    size_t house_number; /* which */
    const char *channel; /* the station's */
    int64_t start;       /* frames */
};

struct approve_repeats {
    char **house_numbers; /* each once, in the order in which they air */
    size_t count;
    struct approve_airing *airings; /* the soonest first */
    size_t airing_count;
    bool is_whole;  /* no timetable was left out for its mistakes */
    int64_t end_ms; /* when the last of them ends, since the epoch; 0: there are none */
};

/*
 * Reads timetables, closed lists and media, as they are now; timetables that are broken are left
 * out, and told in *problems.  Blocks.  0, -ENOENT when the time zone is unknown, -ENOMEM or
 * another -errno.
 */
int approve_repeats_find(const struct station *station, const struct zone *zone, int64_t date,
                         int64_t now_ms, struct approve_repeats *repeats,
                         struct problems *problems);
void approve_repeats_finish(struct approve_repeats *repeats); /* accepts a zeroed one */

bool approve_repeats_has(const struct approve_repeats *repeats, const char *house_number);

/*
 * Writes a line, "KT-01 is repeated: zhangdian 2026-11-30 18:00, …": with their dates, for the
 * small hours belong to the day before.  Nothing when it is not repeated.
 */
void approve_repeats_print(FILE *out, const struct approve_repeats *repeats,
                           const struct zone *zone, const char *house_number);

/*
 * Says what was not signed of all: `early` of them wait for their first run to be signed.  Nothing
 * when all were.
 */
void approve_repeats_tell_rest(FILE *out, const struct approve_repeats *repeats,
                               const struct store_approval *approval, int signed_files,
                               size_t early);

#endif
