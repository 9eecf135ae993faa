/* SPDX-License-Identifier: MIT */
/*
 * plan_store: how a plan keeps its memory; for the files plan*.c alone.
 *
 * A week of television says the same few hundred titles thousands of times:
 * equal strings of one plan are stored once.
 */
#ifndef PLAYOUT_PLAN_STORE_H
#define PLAYOUT_PLAN_STORE_H

#include "playout/plan.h"

struct plan_store {
    struct plan plan; /* first: a struct plan * is a struct plan_store * */
    size_t event_capacity;
    char **strings; /* open addressing, a power of two, at most half full */
    size_t string_capacity;
    size_t string_count;
};

/* The plan's own copy of `text`, owned by the plan; NULL out of memory. */
const char *plan_intern(struct plan *plan, const char *text);

/* Appends an event whose strings are interned already: 0 or -ENOMEM. */
int plan_append_interned(struct plan *plan, const struct plan_event *event);

/* The same for an amendment. */
int plan_append_interned_amendment(struct plan *plan, const struct plan_amendment *amendment);

/* Gives unused memory back, once all events are there. */
void plan_trim(struct plan *plan);

#endif
