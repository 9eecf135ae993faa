/* SPDX-License-Identifier: MIT */
/*
 * store_rebuild_inner: what the parts of rebuilding share.
 * The contract is in store_rebuild.h.
 */
#ifndef SCHEDULER_STORE_STORE_REBUILD_INNER_H
#define SCHEDULER_STORE_STORE_REBUILD_INNER_H

#include "scheduler/store/store_rebuild.h"

/* Who changed what is rebuilt, where no file says who. */
#define REBUILD_AUTHOR "rebuild"

struct rebuild {
    struct store *store;
    const struct station *station;
    const struct zone *zone;
    int64_t now_ms;
    struct problems *problems;
    struct store_rebuilt done;
};

/* A lesson as the events of plans tell of it. */
struct seen_lesson {
    char *house_number;
    char *title; /* of the EPG; may be "" */
    char *text;
    char *channel; /* of the first event */
    int64_t written_ms;
};

struct seen_lessons {
    struct seen_lesson *items; /* by house number */
    size_t count;
};

/* store_rebuild_plans.c: all plans of a channel; their lessons are added to *seen. */
int store_rebuild_plans(struct rebuild *rebuild, const char *channel, struct seen_lessons *seen);

/* store_rebuild_lessons.c */
struct plan_event;
int seen_lessons_take(struct seen_lessons *seen, const struct plan_event *event,
                      const char *channel, int64_t written_ms);
int seen_lessons_put(struct rebuild *rebuild, const struct seen_lessons *seen);
void seen_lessons_finish(struct seen_lessons *seen);

#endif
