/* SPDX-License-Identifier: MIT */
/*
 * What the answers to orders say airs then, through the planner: each time it is what the plan has.
 * The lesson of 20 minutes airs twice from 08:00 to 08:40, or once before fillers; after five
 * minutes of break comes the next one.  Minutes count from 08:40.
 */
#include "scheduler/planner.h"

#include "tests/support/assert_said.h"
#include "tests/support/planner_bench.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MINUTE_MS = 60000, MINUTE = 60 * FRAMES_PER_SECOND };

#define AT_MS(minute)    (NOW_MS + (30LL + (minute)) * MINUTE_MS)
#define AT_FRAME(minute) (AT_MS(minute) * FRAMES_PER_SECOND / 1000)

static struct planner_bench bench;

/* What several tests order. */
static const struct order_request insert_now = {
    .kind = ORDER_INSERT, .house_number = "X-3", .reason = "test", .author = "a"};
static const struct order_request slate = {.kind = ORDER_SLATE, .reason = "jammed", .author = "b"};
static const struct order_request back = {.command = REQUEST_RETURN, .author = "a"};
static const struct order_request back_to_start = {
    .command = REQUEST_RETURN, .mode = ORDER_START, .author = "a"};
static const struct order_request take_next = {
    .kind = ORDER_SKIP, .mode = ORDER_FOLLOW, .reason = "test", .author = "a"};

static struct order_answer ask(int now, const struct order_request *request)
{
    struct order_answer answer;
    planner_bench_order(&bench, AT_MS(now), request, &answer);
    return answer;
}

static struct order_answer insert_at(int now, int minute, const char *house_number,
                                     enum order_mode mode)
{
    struct order_request request = insert_now;
    request.at = AT_FRAME(minute);
    request.house_number = house_number;
    request.mode = mode;
    return ask(now, &request);
}

static struct order_answer extend(int now, int minutes, enum order_mode mode)
{
    const struct order_request request = {.kind = ORDER_EXTEND,
                                          .mode = mode,
                                          .length = (int64_t)minutes * MINUTE,
                                          .reason = "late",
                                          .author = "a"};
    return ask(now, &request);
}

static struct order_answer replace_now(int now, const char *house_number)
{
    const struct order_request request = {.kind = ORDER_REPLACE,
                                          .at = AT_FRAME(now),
                                          .house_number = house_number,
                                          .reason = "wrong",
                                          .author = "a"};
    return ask(now, &request);
}

static struct order_answer undo(int now, int64_t order)
{
    const struct order_request request = {.command = REQUEST_UNDO, .id = order, .author = "a"};
    return ask(now, &request);
}

/* Order %lld, said as the words have it. */
static void assert_order_said(const struct order_answer *answer, const char *words, int64_t order)
{
    char said[256];
    const char *number = strchr(words, '#');
    assert_non_null(number);
    snprintf(said, sizeof(said), "%.*s%lld%s", (int)(number - words), words, (long long)order,
             number + 1);
    assert_said(answer->note, said);
}

static void check_reason(int64_t frame, const char *words, const char *others)
{
    struct plan *plan = planner_bench_latest(&bench);
    const ptrdiff_t index = plan_find(plan, frame);
    assert_true(index >= 0);
    const char *reason = plan->events[index].reason;
    assert_true(words != NULL || reason == NULL);
    if (words != NULL) {
        assert_said(reason, words);
        assert_null(strstr(reason, others));
    }
    plan_destroy(plan);
}

/* --- What follows --------------------------------------------------------------- */

/* Between it and the next lesson there are fillers: nothing of that is lost. */
static void what_follows_fillers_is_not_joined(void **state)
{
    (void)state;
    planner_bench_change_rule(&bench, "rest: loop", "rest: filler");
    planner_bench_plan(&bench, AT_MS(-60));
    const struct order_answer answer = extend(-25, 2, ORDER_JOIN);
    assert_said(answer.note, "What is on air ends at 2026-11-23 08:20:00; fillers air in the time "
                             "added.\nWhat follows keeps its time.\n");
    assert_null(strstr(answer.note, "joined"));
}

/* Of ten minutes the break takes five. */
static void what_is_joined_is_named_with_what_it_loses(void **state)
{
    (void)state;
    planner_bench_plan(&bench, AT_MS(-60));
    const struct order_answer answer = extend(-5, 10, ORDER_JOIN);
    assert_said(answer.note,
                "What follows is joined in progress, its first 5:01 do not air: Monday "
                "2026-11-23 08:45 KT-02 ");
}

/* The break takes up the first one; of the second, nothing. */
static void an_insertion_that_pushes_says_how_much_later_what_follows_comes(void **state)
{
    (void)state;
    planner_bench_plan(&bench, AT_MS(-60));
    struct order_request push = insert_now;
    push.mode = ORDER_PUSH;
    struct order_answer answer = ask(-20, &push);
    assert_said(answer.note, "What follows keeps its time.\n");
    answer = ask(-10, &push);
    assert_said(answer.note, "What follows comes 5:00 later, until fillers take that up: Monday "
                             "2026-11-23 08:50 KT-02 ");
}

/* --- What a return leads to ------------------------------------------------------ */

static void where_fillers_were_interrupted_nothing_begins_anew(void **state)
{
    (void)state;
    planner_bench_change_rule(&bench, "rest: loop", "rest: filler");
    planner_bench_plan(&bench, AT_MS(-60));
    (void)ask(-15, &slate);
    const struct order_answer answer = ask(-13, &back_to_start);
    assert_said(answer.note, "Nothing begins anew, for only fillers were interrupted.\n"
                             "After them: Monday 2026-11-23 08:45 KT-02 ");
    assert_null(strstr(answer.note, "From its start"));
}

/* The fourth lesson has no media. */
static void a_return_to_the_start_names_a_stand_in_that_comes_after(void **state)
{
    (void)state;
    planner_bench_plan(&bench, AT_MS(-60));
    (void)ask(65, &slate);
    const struct order_answer answer = ask(67, &back_to_start);
    assert_said(answer.note, "From its start: Monday 2026-11-23 09:47 KT-03 ");
    assert_said(answer.note, "; after it, which is not ready, a stand-in for: Monday 2026-11-23 "
                             "10:27 KT-04 ");
    assert_null(strstr(answer.note, "Order "));
}

/* The slate, an emergency over it, an insertion over both. */
static void a_return_names_what_lies_above(void **state)
{
    (void)state;
    const struct order_request emergency = {
        .kind = ORDER_EMERGENCY, .house_number = "F-1", .reason = "test", .author = "a"};
    planner_bench_plan(&bench, AT_MS(-60));
    const int64_t first = ask(-20, &slate).order;
    (void)ask(-19, &emergency);
    const int64_t notice = ask(-18, &insert_now).order;
    struct order_answer answer = ask(-17, &back);
    assert_order_said(
        &answer, "Order # (X-3, by a: test) is on the air then, up to 2026-11-23 08:27:", notice);
    assert_order_said(&answer, "Order # (slate, by b: jammed) goes on at 2026-11-23 08:27:", first);
    assert_said(answer.note, "; `ketang return` ends that, too.");
    assert_null(strstr(answer.note, "goes on then"));
    answer = ask(-16, &back);
    assert_order_said(&answer, "Order # (X-3, by a: test) is on the air then", notice);
    assert_null(strstr(answer.note, "slate"));
}

/* Of 15 minutes, the slate is in the first round; twice more it begins, up to the slot's end. */
static void a_return_names_the_end_of_all_rounds(void **state)
{
    (void)state;
    planner_bench_plan(&bench, AT_MS(-60));
    const int64_t order = replace_now(-35, "B-15").order;
    (void)ask(-30, &slate);
    const struct order_answer answer = ask(-28, &back);
    assert_order_said(&answer,
                      "Order # (B-15, by a: wrong) is on the air then, up to 2026-11-23 08:40:00",
                      order);
}

/* The rest of a lesson can come at once; behind fillers the next lesson keeps its time. */
static void a_return_from_nothing_names_only_ways_that_work(void **state)
{
    (void)state;
    struct planner_outcome outcome;
    planner_bench_plan(&bench, AT_MS(-60));
    (void)ask(-20, &insert_now);
    assert_int_equal(planner_bench_ask(&bench, AT_MS(-19), &back, &outcome), -ECANCELED);
    assert_said(outcome.answer.text, "--follow --reason TEXT` ends it sooner, and what comes next");
    (void)ask(0, &insert_now);
    assert_int_equal(planner_bench_ask(&bench, AT_MS(1), &back, &outcome), -ECANCELED);
    assert_said(outcome.answer.text, "which ends by itself at 2026-11-23 08:45:");
    assert_null(strstr(outcome.answer.text, "--follow"));
    const struct order_answer answer = ask(1, &take_next);
    assert_said(answer.note, "What comes next keeps its time; ");
}

/* Before it has begun, and after. */
static void what_is_too_late_to_undo_says_when_it_begins_or_began(void **state)
{
    (void)state;
    static const char *const said[] = {" takes effect at 2026-11-23 08:",
                                       " took effect at 2026-11-23 08:"};
    const struct order_request *const requests[] = {&insert_now, &take_next, &slate};
    planner_bench_plan(&bench, AT_MS(-60));
    for (int i = 0; i < 3; i++) {
        const struct order_answer given = ask(-20 + i, requests[i]);
        const struct order_request undo_it = {
            .command = REQUEST_UNDO, .id = given.order, .author = "a"};
        for (int is_begun = 0; is_begun < 2; is_begun++) {
            struct planner_outcome outcome;
            const int64_t now_ms = AT_MS(-20 + i) + 3000 + 20000LL * is_begun;
            assert_int_equal(planner_bench_ask(&bench, now_ms, &undo_it, &outcome), -ECANCELED);
            assert_said(outcome.answer.text, said[is_begun]);
        }
    }
}

/* --- Over an insertion ------------------------------------------------------------ */

static void a_hold_of_an_insertion_says_what_does_not_go_on(void **state)
{
    (void)state;
    const struct order_request hold = {.kind = ORDER_HOLD, .reason = "wait", .author = "a"};
    planner_bench_plan(&bench, AT_MS(-60));
    (void)ask(-20, &insert_now);
    const struct order_answer answer = ask(-19, &hold);
    assert_said(answer.note,
                "What is on air ends at 2026-11-23 08:25:05; fillers air from then on, "
                "until the release.\nWhat was to go on then is joined after the "
                "release, not before: Monday 2026-11-23 08:25 KT-01 ");
}

/* The next lesson began sooner, and was replaced to its end, which is beyond the slot of now. */
static void what_goes_on_behind_a_replacement_is_named(void **state)
{
    (void)state;
    planner_bench_plan(&bench, AT_MS(-60));
    (void)ask(-7, &take_next);
    const int64_t first = replace_now(-6, "KT-03").order;
    (void)ask(-5, &insert_now);
    struct order_answer answer = replace_now(-4, "B-15");
    assert_order_said(&answer,
                      "Order # (KT-03, by a: wrong) goes on at 2026-11-23 08:40:05: it ends "
                      "later.\n",
                      first);
}

/* --- Reasons ------------------------------------------------------------------------ */

/* Of two for one time, each of which cuts the lesson at the same frame, the first is undone. */
static void a_reason_names_the_order_that_is_in_force(void **state)
{
    (void)state;
    char ends[2][64];
    planner_bench_plan(&bench, AT_MS(-60));
    const int64_t first = insert_at(-20, -15, "X-3", ORDER_JOIN).order;
    const int64_t second = insert_at(-19, -15, "F-1", ORDER_PUSH).order;
    (void)undo(-18, first);
    snprintf(ends[0], sizeof(ends[0]), " by order %lld", (long long)second);
    snprintf(ends[1], sizeof(ends[1]), " by order %lld", (long long)first);
    check_reason(AT_FRAME(-16), ends[0], ends[1]);
}

static void what_was_undone_before_it_aired_is_no_reason(void **state)
{
    (void)state;
    struct order_request replace = {.kind = ORDER_REPLACE,
                                    .at = AT_FRAME(10),
                                    .house_number = "KT-03",
                                    .reason = "wrong",
                                    .author = "a"};
    planner_bench_plan(&bench, AT_MS(-60));
    for (int i = 0; i < 2; i++) {
        const struct order_answer answer = undo(-20 + 2 * i, ask(-21 + 2 * i, &replace).order);
        assert_null(strstr(answer.note, "not brought back"));
        check_reason(AT_FRAME(10), NULL, NULL);
    }
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
    planner_bench_add_media(&bench, "KT-03", "", ASSET_LESSON, '8');
    planner_bench_add_media(&bench, "FILL-01", "", ASSET_FILLER, '9');
    bench.media_minutes = 15;
    planner_bench_add_media(&bench, "B-15", "讲座", ASSET_LESSON, '7');
    bench.media_minutes = 5;
    planner_bench_add_media(&bench, "X-3", "通知", ASSET_LESSON, '3');
    planner_bench_add_media(&bench, "F-1", "通知", ASSET_FILLER, '4');
    return 0;
}

static int clean_up(void **state)
{
    (void)state;
    planner_bench_clean_up(&bench);
    return 0;
}

#define ALONE(test) cmocka_unit_test_setup_teardown(test, set_up, clean_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALONE(what_follows_fillers_is_not_joined),
        ALONE(what_is_joined_is_named_with_what_it_loses),
        ALONE(an_insertion_that_pushes_says_how_much_later_what_follows_comes),
        ALONE(where_fillers_were_interrupted_nothing_begins_anew),
        ALONE(a_return_to_the_start_names_a_stand_in_that_comes_after),
        ALONE(a_return_names_what_lies_above),
        ALONE(a_return_names_the_end_of_all_rounds),
        ALONE(a_return_from_nothing_names_only_ways_that_work),
        ALONE(what_is_too_late_to_undo_says_when_it_begins_or_began),
        ALONE(a_hold_of_an_insertion_says_what_does_not_go_on),
        ALONE(what_goes_on_behind_a_replacement_is_named),
        ALONE(a_reason_names_the_order_that_is_in_force),
        ALONE(what_was_undone_before_it_aired_is_no_reason),
    };
    return cmocka_run_group_tests_name("planner told", tests, NULL, NULL);
}
