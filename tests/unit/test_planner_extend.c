/* SPDX-License-Identifier: MIT */
/*
 * Orders that move what follows, through the planner: what their answers say is what the plan has.
 * The lesson of 20 minutes airs twice from 08:00 to 08:40; after five minutes of break comes the
 * next.
 */
#include "scheduler/planner.h"

#include "tests/support/assert_said.h"
#include "tests/support/planner_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MINUTE_MS = 60000, MINUTE = 60 * FRAMES_PER_SECOND };

#define SLOT_END (NOW_MS * FRAMES_PER_SECOND / 1000 + 30LL * MINUTE)

static struct planner_bench bench;

static void ask(int64_t now_ms, const struct order_request *request, struct order_answer *answer)
{
    planner_bench_order(&bench, now_ms, request, answer);
}

static void extend(int64_t now_ms, int minutes, struct order_answer *answer)
{
    const struct order_request request = {.kind = ORDER_EXTEND,
                                          .mode = ORDER_PUSH,
                                          .length = (int64_t)minutes * MINUTE,
                                          .reason = "late",
                                          .author = "a"};
    ask(now_ms, &request, answer);
}

static void take_next(int64_t now_ms, struct order_answer *answer)
{
    const struct order_request skip = {
        .kind = ORDER_SKIP, .mode = ORDER_FOLLOW, .reason = "wrong", .author = "a"};
    ask(now_ms, &skip, answer);
}

static void undo(int64_t now_ms, int64_t order, struct order_answer *answer)
{
    const struct order_request request = {.command = REQUEST_UNDO, .id = order};
    ask(now_ms, &request, answer);
}

static void assert_airs(int64_t frame, const char *house_number)
{
    struct plan *plan = planner_bench_latest(&bench);
    const ptrdiff_t index = plan_find(plan, frame);
    assert_true(index >= 0);
    assert_string_equal(plan->events[index].house_number, house_number);
    plan_destroy(plan);
}

static void assert_undone(const struct order_answer *answer, int64_t first, const char *what)
{
    char said[128];
    snprintf(said, sizeof(said), "Order %lld (extend, by a: late) is %s by ", (long long)first,
             what);
    assert_said(answer->note, said);
}

/* Of who gave the order that undid it, as `ketang orders` tells. */
static void assert_signed(int64_t undone, int64_t by)
{
    struct plan *plan = NULL;
    size_t i = 0;
    assert_int_equal(planner_latest(bench.planner, bench.service, &plan), 0);
    while (plan->amendments[i].id != undone) {
        i++;
    }
    assert_int_equal(plan->amendments[i].end_order, by);
    assert_string_equal(plan->amendments[i].end_author, "a");
    assert_string_equal(plan->amendments[i].end_reason, "late");
    plan_destroy(plan);
}

/* The break takes up five minutes of each; of two that have not begun only the second counts. */
static void the_second_extension_takes_the_place_of_the_first(void **state)
{
    (void)state;
    struct order_answer first;
    struct order_answer second;
    struct order_answer third;
    extend(NOW_MS, 8, &first);
    assert_said(first.note, "What follows comes 3:00 later, until fillers");
    assert_null(strstr(first.note, "undone"));
    extend(NOW_MS + 1000, 10, &second);
    assert_undone(&second, first.order, "undone");
    assert_signed(first.order, second.order);
    assert_said(second.note, "What follows comes 5:00 later, until fillers");
    assert_null(strstr(second.note, "It lies over"));
    assert_airs(SLOT_END + 10 * MINUTE - 1, "KT-01");
    assert_airs(SLOT_END + 10 * MINUTE, "KT-02");
    extend(NOW_MS + 2000, 3, &third);
    assert_undone(&third, second.order, "undone");
    assert_said(third.note, "What follows keeps its time.");
    assert_airs(SLOT_END + 5 * MINUTE, "KT-02");
    undo(NOW_MS + 3000, third.order, &third);
    assert_undone(&third, second.order, "not brought back");
}

/* A notice, so many minutes after the end of the slot. */
static void insert_after(int64_t now_ms, int minutes, const char *house_number,
                         struct order_answer *answer)
{
    const struct order_request insert = {.kind = ORDER_INSERT,
                                         .at = SLOT_END + (int64_t)minutes * MINUTE,
                                         .house_number = house_number,
                                         .reason = "test",
                                         .author = "a"};
    ask(now_ms, &insert, answer);
}

/* Somebody counts on the time of a notice: who moves it is told. */
static void an_insertion_that_is_put_off_is_named(void **state)
{
    (void)state;
    struct order_answer notice;
    struct order_answer answer;
    char said[128];
    insert_after(NOW_MS + MINUTE_MS, 1, "X-3", &notice);
    for (int minutes = 8; minutes >= 6; minutes -= 2) { /* also when an extension has moved it */
        extend(NOW_MS + MINUTE_MS, minutes, &answer);
        snprintf(said, sizeof(said),
                 "Order %lld (X-3, by a: test) is put off to 2026-11-23 08:4%d:00 by it.\n",
                 (long long)notice.order, minutes);
        assert_said(answer.note, said);
        assert_airs(SLOT_END + (int64_t)minutes * MINUTE, "X-3");
    }
    undo(NOW_MS + MINUTE_MS, answer.order, &answer);
    undo(NOW_MS + MINUTE_MS, notice.order, &answer);
}

/* A notice that is a filler is no filler there: it moves, and is as long as it is. */
static void an_insertion_of_a_filler_is_put_off_whole(void **state)
{
    (void)state;
    struct order_answer notice;
    struct order_answer answer;
    char said[128];
    insert_after(NOW_MS + MINUTE_MS, 1, "F-1", &notice);
    extend(NOW_MS + MINUTE_MS, 8, &answer);
    snprintf(said, sizeof(said),
             "Order %lld (F-1, by a: test) is put off to 2026-11-23 08:48:00 by it.\n",
             (long long)notice.order);
    assert_said(answer.note, said);
    assert_airs(SLOT_END + 8 * MINUTE, "F-1");
    assert_airs(SLOT_END + 13 * MINUTE - 1, "F-1");
    assert_airs(SLOT_END + 13 * MINUTE, "KT-02");
    undo(NOW_MS + MINUTE_MS, answer.order, &answer);
    undo(NOW_MS + MINUTE_MS, notice.order, &answer);
}

/* Whatever order it is. */
static void an_insertion_that_another_pushes_is_named(void **state)
{
    (void)state;
    const struct order_request push = {.kind = ORDER_INSERT,
                                       .mode = ORDER_PUSH,
                                       .house_number = "X-3",
                                       .reason = "urgent",
                                       .author = "a"};
    struct order_answer notice;
    struct order_answer answer;
    char said[128];
    insert_after(NOW_MS + MINUTE_MS, 1, "F-1", &notice);
    ask(NOW_MS + MINUTE_MS, &push, &answer);
    snprintf(said, sizeof(said),
             "Order %lld (F-1, by a: test) is put off to 2026-11-23 08:45:00 by it.\n",
             (long long)notice.order);
    assert_said(answer.note, said);
    assert_airs(SLOT_END + 5 * MINUTE, "F-1");
    undo(NOW_MS + MINUTE_MS, answer.order, &answer);
    undo(NOW_MS + MINUTE_MS, notice.order, &answer);
}

/* Of two for one time both air: the one that came first whole after the other. */
static void of_two_insertions_for_one_time_the_first_is_put_off(void **state)
{
    (void)state;
    struct order_answer first;
    struct order_answer second;
    char said[128];
    insert_after(NOW_MS + MINUTE_MS, 1, "F-1", &first);
    insert_after(NOW_MS + MINUTE_MS, 1, "X-3", &second);
    snprintf(said, sizeof(said),
             "Order %lld (F-1, by a: test) is put off to 2026-11-23 08:46:00 by it.\n",
             (long long)first.order);
    assert_said(second.note, said);
    assert_null(strstr(second.note, "It lies over"));
    assert_airs(SLOT_END + 6 * MINUTE - 1, "X-3");
    assert_airs(SLOT_END + 6 * MINUTE, "F-1");
    assert_airs(SLOT_END + 11 * MINUTE - 1, "F-1");
    undo(NOW_MS + MINUTE_MS, second.order, &second);
    assert_airs(SLOT_END + MINUTE, "F-1");
    undo(NOW_MS + MINUTE_MS, first.order, &first);
}

/* Somebody counts on its time: the lesson after it does not come before it, either. */
static void an_insertion_keeps_its_time_when_the_next_is_taken(void **state)
{
    (void)state;
    struct order_answer notice;
    struct order_answer answer;
    insert_after(NOW_MS + MINUTE_MS, 0, "X-3", &notice);
    take_next(NOW_MS + MINUTE_MS, &answer);
    assert_said(answer.note, "What comes next keeps its time; fillers air until then, or the "
                             "slate: Monday 2026-11-23 08:40 X-3 ");
    assert_null(strstr(answer.note, "Order "));
    assert_airs(SLOT_END, "X-3");
    undo(NOW_MS + MINUTE_MS, answer.order, &answer);
    undo(NOW_MS + MINUTE_MS, notice.order, &answer);
}

/*
 * What has begun stays, and the lesson that it repeats is repeated from where that is cut on: a
 * moment before the end, which is where it may be cut.
 */
static void an_extension_on_air_is_extended_from_its_end(void **state)
{
    (void)state;
    struct order_answer first;
    struct order_answer second;
    extend(NOW_MS + 2 * MINUTE_MS, 3, &first);
    extend(NOW_MS + 31 * MINUTE_MS, 5, &second);
    assert_null(strstr(second.note, "undone"));
    assert_in_range(second.frame, SLOT_END + 3 * MINUTE - 2 * FRAMES_PER_SECOND,
                    SLOT_END + 3 * MINUTE);
    assert_airs(second.frame - 1, "KT-01");
    assert_airs(second.frame, "KT-01");
    assert_said(second.note, "and is repeated in that time.");
    assert_said(second.note, "What follows comes 2:58 later, until fillers");
    assert_airs(SLOT_END + 8 * MINUTE, "KT-02");
}

static void what_comes_at_once_is_named_as_it_airs(void **state)
{
    (void)state;
    struct order_answer answer;
    planner_bench_add_media(&bench, "FILL-01", "课间休息", ASSET_FILLER, '7');
    take_next(NOW_MS + 36 * MINUTE_MS, &answer);
    assert_said(answer.note, "At once then: Monday 2026-11-23 08:46 KT-02 ");
    assert_airs(answer.frame, "KT-02");
}

/* The slot that began at 08:00 begins anew at 08:12, and pushes back what follows. */
static void a_return_to_the_start_says_what_comes_after(void **state)
{
    (void)state;
    const struct order_request slate = {.kind = ORDER_SLATE, .reason = "wrong", .author = "a"};
    const struct order_request back = {.command = REQUEST_RETURN, .mode = ORDER_START};
    struct order_answer answer;
    ask(NOW_MS + MINUTE_MS, &slate, &answer);
    ask(NOW_MS + 2 * MINUTE_MS, &back, &answer);
    assert_said(answer.note, "From its start: Monday 2026-11-23 08:12 KT-01 ");
    assert_said(answer.note, "; after it: Monday 2026-11-23 08:52 KT-02 ");
    assert_airs(answer.frame + 40LL * MINUTE - 1, "KT-01");
    assert_airs(answer.frame + 40LL * MINUTE, "KT-02");
}

static int set_up(void **state)
{
    (void)state;
    const int result = planner_bench_set_up(&bench);
    if (result < 0) {
        return result;
    }
    planner_bench_add_media(&bench, "KT-01", "", ASSET_LESSON, '5');
    planner_bench_add_media(&bench, "KT-02", "", ASSET_LESSON, '6');
    bench.media_minutes = 5;
    planner_bench_add_media(&bench, "X-3", "通知", ASSET_LESSON, '3');
    planner_bench_add_media(&bench, "F-1", "通知", ASSET_FILLER, '4');
    planner_bench_plan(&bench, NOW_MS - 20 * MINUTE_MS); /* before the day begins */
    return 0;
}

static int clean_up(void **state)
{
    (void)state;
    planner_bench_clean_up(&bench);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_second_extension_takes_the_place_of_the_first),
        cmocka_unit_test(an_insertion_that_is_put_off_is_named),
        cmocka_unit_test(an_insertion_of_a_filler_is_put_off_whole),
        cmocka_unit_test(an_insertion_that_another_pushes_is_named),
        cmocka_unit_test(of_two_insertions_for_one_time_the_first_is_put_off),
        cmocka_unit_test(an_insertion_keeps_its_time_when_the_next_is_taken),
        cmocka_unit_test(an_extension_on_air_is_extended_from_its_end),
        cmocka_unit_test(what_comes_at_once_is_named_as_it_airs),
    };
    const struct CMUnitTest anew[] = {
        cmocka_unit_test(a_return_to_the_start_says_what_comes_after),
    };
    return cmocka_run_group_tests_name("planner extend", tests, set_up, clean_up) +
           cmocka_run_group_tests_name("planner extend, anew", anew, set_up, clean_up);
}
