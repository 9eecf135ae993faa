/* SPDX-License-Identifier: MIT */
/*
 * follow_world: a station on air as its files tell of it: plans with the
 * orders of operators, journal, as-run and media, all written at random.
 *
 * Every function aborts when it cannot.
 */
#ifndef TESTS_SUPPORT_FOLLOW_WORLD_H
#define TESTS_SUPPORT_FOLLOW_WORLD_H

#include "playout/plan.h"
#include "playout/station.h"
#include "playout/zone.h"
#include "tests/support/dice.h"

enum { FOLLOW_CHANNELS = 2, FOLLOW_ORDERS = 24, FOLLOW_LESSONS = 3 };

extern const char *const follow_names[FOLLOW_CHANNELS];

/* A channel; its members are the test's to change between two plans. */
struct follow_channel {
    int64_t revision;
    struct plan_amendment orders[FOLLOW_ORDERS];
    size_t order_count;
    int64_t next_id;
    int titles[FOLLOW_LESSONS];
    char chain[SHA256_HEX_SIZE]; /* of the last line */
    char *rest;                  /* of a line that is being written */
};

struct follow_world {
    char *path; /* of the station file */
    struct station *station;
    struct zone *zone;
    struct dice dice;
    int64_t now_ms; /* at first 08:00 of the MONDAY of store_bench.h */
    int assets;
    struct follow_channel channels[FOLLOW_CHANNELS];
};

void follow_world_init(struct follow_world *world, struct dice dice);
void follow_world_finish(struct follow_world *world);

/* One more plan of a channel, with its orders; written now. */
void follow_world_plan(struct follow_world *world, int channel);

/* One more line of the as-run; when it is not whole, its rest comes with the next one. */
void follow_world_line(struct follow_world *world, int channel, bool is_whole);

/* One more media record. */
void follow_world_record(struct follow_world *world);

/* One more order, open when the length is 0. */
struct plan_amendment *follow_world_order(struct follow_world *world, int channel, int64_t length);

/* Appends to STATE/KIND/CHANNEL/NAME. */
void follow_world_append(const struct follow_world *world, const char *kind, int channel,
                         const char *name, const char *text);

/* Makes a file as old as that. */
void follow_world_date(const char *path, int64_t ms);

/* Something happens, and time passes. */
void follow_world_step(struct follow_world *world);

#endif
