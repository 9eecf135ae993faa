/* SPDX-License-Identifier: MIT */
/*
 * store_rebuild_inner: what the parts of rebuilding and following share.
 * The contract is in store_rebuild.h and store_follow.h.
 */
#ifndef SCHEDULER_STORE_STORE_REBUILD_INNER_H
#define SCHEDULER_STORE_STORE_REBUILD_INNER_H

#include "playout/asset.h"
#include "playout/plan.h"
#include "scheduler/store/store_rebuild.h"

#include <dirent.h>

/* Who changed what is rebuilt, where no file says who. */
#define REBUILD_AUTHOR "rebuild"

/* A result of the parts: there is something to write, and they may not. */
enum { REBUILD_NEWS = 1 };

/*
 * Records of media that the store did not know, by when they were made.  Zeroed:
 * not read.  They are read once, before anything is written, and kept until all are
 * in the store; when a transaction fails they have to be finished.
 */
struct new_records {
    bool is_read;
    struct asset_record *items;
    size_t count;
    size_t taken;             /* are in the store */
    struct problems problems; /* of reading them */
};

void new_records_finish(struct new_records *records); /* zeroes it */

struct rebuild {
    struct store *store;
    const struct station *station;
    const struct zone *zone;
    int64_t now_ms;
    struct problems *problems;
    bool is_following; /* goes on from what the store knows, some at a time; else all from the start
                        */
    bool may_write;
    bool is_careful; /* each row has a mark before it: one that is refused can be left out */
    bool has_more;   /* following: there was more than that */
    int64_t due_ms;  /* when the next order will have aired; INT64_MAX: none */
    char *last_file; /* the as-run file that will grow; owned; NULL: none */
    struct new_records *records;
    bool has_read; /* them, and not gone on with those of an earlier step */
    struct store_rebuilt done;
};

/* Before each row: 0, REBUILD_NEWS or as store.h says; when it is 0 rebuild_end_row() follows. */
int rebuild_begin_row(struct rebuild *rebuild);

/*
 * After it, with what became of it; `what` names it to people.  When careful,
 * one that is refused for what it says is told, left out, and 0.
 */
int rebuild_end_row(struct rebuild *rebuild, int result, const char *file, int line,
                    const char *what);

/* True for what cannot be kept for what it says, however often it is tried. */
bool rebuild_is_refusal(int result);

/* The text; "" when it is NULL or too long to be kept. */
const char *rebuild_short_text(const char *text, size_t most);

/* Adds a warning; 0. */
int rebuild_warn(struct rebuild *rebuild, const char *file, int line, const char *text);

/* The names of a folder in order; one that is not there is empty.  Their number, or -errno. */
int rebuild_list_folder(const char *folder, int (*is_wanted)(const struct dirent *entry),
                        struct dirent ***entries);
void rebuild_free_entries(struct dirent **entries, int count);
bool rebuild_ends_with(const char *name, const char *suffix);

/* The parts: 0, REBUILD_NEWS or as store.h says.  `channel` is ignored for media. */
int rebuild_assets(struct rebuild *rebuild, const char *channel);
int rebuild_plans(struct rebuild *rebuild, const char *channel);
int rebuild_as_run(struct rebuild *rebuild, const char *channel);

/* One plan file. */
struct plan_file {
    const char *channel;
    char *path;
    int64_t revision;
    int64_t written_ms;
    char sha256[SHA256_HEX_SIZE];
};

/* --- store_rebuild_orders.c: the orders that stand in a plan, from plan to plan ---- */

struct standing_order;
struct standing_orders {
    struct standing_order *items;
    size_t count;
    bool has_plan; /* of the revision before */
};

/* The latest order that the plan before did not have; NULL: none, or there was no plan before. */
const struct plan_amendment *standing_orders_newest(const struct standing_orders *standing,
                                                    const struct plan *plan);
/* Notes what has become of orders in this plan, and remembers them. */
int standing_orders_take(struct rebuild *rebuild, struct standing_orders *standing,
                         const struct plan *plan, const struct plan_file *file);
/* After the newest plan: notes those that have aired by now. */
int standing_orders_air(struct rebuild *rebuild, struct standing_orders *standing,
                        const char *channel);
void standing_orders_finish(struct standing_orders *standing);

/* --- store_rebuild_lessons.c: the lessons of a channel, from plan to plan ---------- */

struct seen_lesson;
struct seen_lessons {
    struct seen_lesson *items; /* by house number */
    size_t count;
};

/* Notes what an event tells of its lesson. */
int seen_lessons_take(struct rebuild *rebuild, struct seen_lessons *seen,
                      const struct plan_event *event, const struct plan_file *file);
void seen_lessons_finish(struct seen_lessons *seen);

#endif
