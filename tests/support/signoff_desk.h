/* SPDX-License-Identifier: MIT */
/*
 * signoff_desk: a station of one channel with its store, for tests: the
 * keeper on a clock that the test turns, a planner, plans on disk.
 *
 * The timetable airs A at eight every day, and its repeat at 18:00.
 */
#ifndef TESTS_SUPPORT_SIGNOFF_DESK_H
#define TESTS_SUPPORT_SIGNOFF_DESK_H

#include "scheduler/planner.h"
#include "scheduler/store/store_approval.h"
#include "scheduler/store_keeper.h"
#include "tests/support/store_bench.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOUR_MS 3600000LL
#define DAY_MS  (24 * HOUR_MS)

/* 2020-02-17, a Monday, 10:00 in China; MONDAY of store_bench.h. */
#define MORNING_MS ((MONDAY * 86400LL + 2 * 3600) * 1000)
#define EVENING_MS (MORNING_MS + 9 * HOUR_MS)

struct desk {
    struct store_bench bench;
    struct station *station;
    struct planner *planner;
    struct keeper *keeper;
    const struct service *service;
};

void desk_set_up(struct desk *desk, int stages);
void desk_clean_up(struct desk *desk);

/* The timetable, with `to` wherever it says `from` (NULL: as it is). */
void desk_write_timetable(const struct desk *desk, const char *from, const char *to);
void desk_reload(struct desk *desk);

/* One pass; what it brought goes to the planner.  How many lists were closed. */
int desk_pass(struct desk *desk, int64_t now_ms, char *trouble, size_t *told);

/* Closes a day's list; with a reason it is opened again. */
void desk_edit_day(struct desk *desk, int64_t date, const char *reason);

void desk_read_media(struct desk *desk);

/* Puts a lesson's file into the planner's library; its hash is store_bench_hash(content). */
void desk_add_media(struct desk *desk, char *number, int content);

/*
 * Signs all stages of a run of that file, each by another person (王, 李, 张);
 * or rejects or withdraws the first.
 */
void desk_sign(struct desk *desk, const char *number, int content, const char *run,
               enum approval_verdict verdict);

void desk_order(struct desk *desk, int64_t now_ms, const struct order_request *request);

/* Whose time it is at a moment: the house number that airs, or that is stood in for. */
void desk_check_number(struct desk *desk, int64_t now_ms, int64_t ms, const char *number);
/* What airs at a moment; "": the slate. */
void desk_check_asset(struct desk *desk, int64_t now_ms, int64_t ms, const char *asset);

int64_t tuesday_ms(int hour);

/* A desk of two stages by two people: A is signed, its repeat of Tuesday, too, which is closed. */
void desk_set_up_signed(struct desk *desk);

/* The first run and the repeat that desk_set_up_signed() has signed. */
void desk_check_both_air(struct desk *desk, int64_t now_ms);

/* One stage of A's first run, by 李 alone. */
void desk_judge_stage(struct desk *desk, int stage, enum approval_verdict verdict);

/* The scheduler starts anew, under that rule. */
void desk_start_under(struct desk *desk, int stages, bool is_alone_allowed);

/* The store is one that never heard of it: made anew, or an old copy. */
void desk_lose_all(struct desk *desk);

/* One pass; what is said then of a store that has lost something: a part of it, NULL for nothing.
 */
void desk_check_lost(struct desk *desk, int64_t now_ms, const char *said);

/* What the store has lost is written back: so many approvals. */
void desk_bring_back(struct desk *desk, int64_t now_ms, int64_t approvals);

#endif
