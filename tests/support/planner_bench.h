/* SPDX-License-Identifier: MIT */
/*
 * planner_bench: a planner of the station of schedules/, for tests: of it the timetable of
 * zhangdian, with media and state in a folder of its own; without a store.
 */
#ifndef TESTS_SUPPORT_PLANNER_BENCH_H
#define TESTS_SUPPORT_PLANNER_BENCH_H

#include "playout/asset.h"
#include "playout/station.h"
#include "scheduler/planner.h"

/* Monday 2026-11-23 08:10 +0800, in ms: a lesson's time. */
#define NOW_MS ((1795363200LL + 8 * 3600 + 600) * 1000)

#define DAY_MS 86400000LL

struct planner_bench {
    char folder[32];
    struct station *station;
    struct planner *planner;
    const struct service *service; /* zhangdian */
    int media_minutes;             /* how long the media will be that is added: 20 */
    struct engine_channel engine;  /* what it says of zhangdian; not known: there is none */
    bool is_impatient;             /* orders do not wait for it */
};

/* 0 or -errno. */
int planner_bench_set_up(struct planner_bench *bench);
void planner_bench_clean_up(struct planner_bench *bench);

/* Loads that timetable anew, but for a line that begins with `rule`: that begins with `other`. */
void planner_bench_change_rule(struct planner_bench *bench, const char *rule, const char *other);

/* An asset by its record alone, made a day ago; its hash is the digit all over. */
void planner_bench_add_media(struct planner_bench *bench, const char *house_number,
                             const char *title, enum asset_kind kind, char digit);

/* The media of the first lessons of Monday to Friday. */
void planner_bench_add_first_lessons(struct planner_bench *bench);

/* Gives an order, as planner_order() does. */
int planner_bench_ask(struct planner_bench *bench, int64_t now_ms,
                      const struct order_request *request, struct planner_outcome *outcome);

/* Reads and gives an order as it comes over the socket. */
int planner_bench_say(struct planner_bench *bench, int64_t now_ms, const char *json,
                      struct planner_outcome *outcome);

/* Gives an order that must be taken; what it says when it is not ends the test. */
void planner_bench_order(struct planner_bench *bench, int64_t now_ms,
                         const struct order_request *request, struct order_answer *answer);

/* Makes the first plan, by an order that is taken back. */
void planner_bench_plan(struct planner_bench *bench, int64_t now_ms);

/* Writes what the engine writes when it adopts a revision: of all it did only that. */
void planner_bench_adopt(const struct planner_bench *bench, int64_t revision, int64_t frame);
void planner_bench_forget_adoptions(const struct planner_bench *bench);

/* The latest revision; the caller destroys it. */
struct plan *planner_bench_latest(const struct planner_bench *bench);

/* NULL when the plan has none of that number. */
const struct plan_amendment *planner_bench_find_order(const struct plan *plan, int64_t id);

#endif
