/* SPDX-License-Identifier: MIT */
/*
 * clearance: may this file go on air in this run?
 *
 * Who approves what is the store's affair (三审、重播重审); whoever makes a
 * plan only asks.  An answer depends on nothing but the arguments and what
 * the clearance held when it was made, so that compiling stays a pure
 * function.
 */
#ifndef SCHEDULER_CLEARANCE_H
#define SCHEDULER_CLEARANCE_H

#include <stdbool.h>
#include <stdint.h>

/* One airing of one file. */
struct airing {
    const char *house_number;
    const char *sha256; /* of the asset */
    bool is_repeat;     /* each repeat needs an approval of its own */
    int64_t date;       /* on which it airs: civil days since 1970-01-01 */
    int64_t start_ms;   /* since the epoch; 0: not said */
};

/* Mandatory: `may_air`; where nothing is known of the other, NULL.  Any thread, as long as nobody
 * destroys it. */
struct clearance {
    bool (*may_air)(const struct clearance *self, const struct airing *airing);
    /* The stage that sent the file back, and keeps it off the air in this run; 0: none did. */
    int (*rejected_stage)(const struct clearance *self, const struct airing *airing);
};

#endif
