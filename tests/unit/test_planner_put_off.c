/* SPDX-License-Identifier: MIT */
/*
 * Insertions that another has put off, through the planner: they air whole, whenever a revision is
 * made, and can be taken back.  Minutes count from 08:40; the lesson on air ends then, another airs
 * from 50 on.
 */
#include "scheduler/order_desk.h"
#include "scheduler/planner.h"

#include "tests/support/assert_said.h"
#include "tests/support/planner_bench.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MINUTE_MS = 60000, MINUTE = 60 * FRAMES_PER_SECOND, NOW = -9999 };

#define AT_MS(minute)    (NOW_MS + (30LL + (minute)) * MINUTE_MS)
#define AT_FRAME(minute) (AT_MS(minute) * FRAMES_PER_SECOND / 1000)

static struct planner_bench bench;

static int set_up(void **state);

/* What several orders of these tests are. */
static const struct order_request extend_late = {.kind = ORDER_EXTEND,
                                                 .mode = ORDER_PUSH,
                                                 .length = 5LL * MINUTE,
                                                 .reason = "late",
                                                 .author = "a"};
static const struct order_request skip_wrong = {
    .kind = ORDER_SKIP, .reason = "wrong", .author = "a"};

static void ask(int now, const struct order_request *request, struct order_answer *answer)
{
    planner_bench_order(&bench, AT_MS(now), request, answer);
}

static void insert(int now, int minute, const char *house_number, struct order_answer *answer)
{
    const struct order_request request = {.kind = ORDER_INSERT,
                                          .mode = minute == NOW ? ORDER_PUSH : ORDER_JOIN,
                                          .at = minute == NOW ? 0 : AT_FRAME(minute),
                                          .house_number = house_number,
                                          .reason = "test",
                                          .author = "a"};
    ask(now, &request, answer);
}

/* The plan has it whole from that minute on, as what its own order put there. */
static void assert_airs(int minute, const char *house_number, int64_t order)
{
    struct plan *plan = planner_bench_latest(&bench);
    const ptrdiff_t index = plan_find(plan, AT_FRAME(minute));
    assert_true(index >= 0);
    assert_string_equal(plan->events[index].house_number, house_number);
    assert_int_equal(plan->events[index].start, AT_FRAME(minute));
    assert_int_equal(plan->events[index].duration, 5 * MINUTE);
    assert_int_equal(plan->events[index].amendment, order);
    plan_destroy(plan);
}

/* Its own time has gone by, and an order between the two has begun long ago. */
static void one_that_is_put_off_outlives_its_own_time(void **state)
{
    (void)state;
    struct order_answer first;
    struct order_answer answer;
    insert(-29, 62, "X-3", &first);
    insert(-28, NOW, "F-1", &answer);
    insert(-26, 60, "B-15", &answer);
    assert_said(answer.note, "is put off to 2026-11-23 09:55:00 by it.");
    assert_null(strstr(answer.note, "X-3 X, 5:00 do not air"));
    assert_airs(75, "X-3", first.order);
    insert(69, 200, "X-3", &answer);
    assert_airs(75, "X-3", first.order);
    insert(70, 74, "F-1", &answer); /* and may be put off again */
    assert_said(answer.note, "Order 1 (X-3, by a: test) is put off to 2026-11-23 09:59:00 by it.");
    assert_airs(79, "X-3", first.order);
}

/* `ketang orders` has it where it airs, be it a filler. */
static void one_that_is_put_off_is_listed_as_it_airs(void **state)
{
    (void)state;
    struct order_answer answer;
    struct plan *plan = NULL;
    struct zone *zone = NULL;
    json_t *list = json_array();
    insert(-29, 62, "F-1", &answer);
    insert(-29, 62, "X-3", &answer);
    plan = planner_bench_latest(&bench);
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    order_desk_list(list, plan, zone, AT_MS(-20));
    const json_t *first = json_array_get(list, 0);
    assert_string_equal(json_string_value(json_object_get(first, "state")), "ordered");
    assert_int_equal(json_integer_value(json_object_get(first, "from")), AT_FRAME(67));
    assert_int_equal(json_integer_value(json_object_get(first, "until")), AT_FRAME(72));
    json_decref(list);
    zone_close(zone);
    plan_destroy(plan);
}

static void one_that_is_put_off_can_be_undone(void **state)
{
    (void)state;
    struct order_answer first;
    struct order_answer answer;
    insert(-29, 62, "X-3", &first);
    insert(-29, 60, "B-15", &answer);
    const struct order_request undo = {.command = REQUEST_UNDO, .id = first.order, .author = "a"};
    ask(63, &undo, &answer);
    assert_int_equal(answer.frame, AT_FRAME(75));
    assert_said(answer.note, "What airs then: Monday 2026-11-23 09:55 KT-03 ");
}

/* The programme goes on behind both of them. */
static void an_extension_waits_for_what_two_interrupt(void **state)
{
    (void)state;
    struct order_answer first;
    struct order_answer answer;
    insert(-29, -15, "X-3", &first);
    insert(-29, -17, "F-1", &answer);
    assert_said(answer.note, "is put off to 2026-11-23 08:28:00 by it.");
    ask(-28, &extend_late, &answer);
    assert_said(answer.note, "It ends at 2026-11-23 08:40:00, and is repeated in that time.");
}

/* The notice airs, and what was skipped does not come back behind it. */
static void what_is_skipped_stays_away_behind_an_insertion(void **state)
{
    (void)state;
    struct order_answer notice;
    struct order_answer answer;
    struct plan *plan = NULL;
    insert(-29, -15, "X-3", &notice);
    ask(-28, &skip_wrong, &answer);
    insert(-20, 200, "F-1", &answer); /* nor with the next revision */
    plan = planner_bench_latest(&bench);
    const struct plan_event *inserted = &plan->events[plan_find(plan, AT_FRAME(-14))];
    assert_int_equal(inserted->amendment, notice.order);
    assert_int_equal(inserted->duration, 5 * MINUTE);
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        const bool is_skipped = event->house_number != NULL && event->start < AT_FRAME(0) &&
                                event_end(event) > AT_FRAME(-27);
        assert_true(!is_skipped || strcmp(event->house_number, "X-3") == 0);
    }
    plan_destroy(plan);
}

static void assert_covered(int64_t id, int64_t by)
{
    struct plan *plan = NULL;
    assert_int_equal(planner_latest(bench.planner, bench.service, &plan), 0);
    assert_int_equal(plan->amendments[id - 1].id, id);
    assert_int_equal(plan->amendments[id - 1].covered_by, by);
    plan_destroy(plan);
}

/* What a replacement leaves no room is named, and the plan knows by what for as long as it is told.
 */
static void an_insertion_under_a_replacement_is_named(void **state)
{
    (void)state;
    const struct order_request replace = {.kind = ORDER_REPLACE,
                                          .at = AT_FRAME(50),
                                          .house_number = "B-15",
                                          .reason = "wrong",
                                          .author = "a"};
    struct order_answer answer;
    insert(-29, 55, "X-3", &answer);
    ask(-28, &replace, &answer);
    assert_said(
        answer.note,
        "Order 1 (X-3, by a: test), due at 2026-11-23 09:35:00, does not air because of it: ");
    assert_covered(1, 2);
    insert(99, 200, "F-1", &answer);
    assert_covered(1, 2);
    assert_covered(2, 0);
}

static void end(int now, enum order_command command, int64_t id, struct order_answer *answer)
{
    const struct order_request request = {.command = command, .id = id, .author = "a"};
    ask(now, &request, answer);
}

/* What was put off or pushed back has its time again: the people who count on it must know. */
static void what_an_undone_order_had_moved_is_named(void **state)
{
    (void)state;
    struct order_answer first;
    struct order_answer answer;
    insert(-29, 62, "X-3", &first);
    insert(-29, 60, "B-15", &answer);
    end(-28, REQUEST_UNDO, answer.order, &answer);
    assert_said(answer.note, "Order 1 (X-3, by a: test) airs at 2026-11-23 09:42:00 then.\n");
    insert(-27, NOW, "F-1", &answer);
    end(-27, REQUEST_UNDO, answer.order, &answer);
    assert_said(answer.note,
                "What follows comes 5:00 sooner again: Monday 2026-11-23 08:20 KT-01 ");
    assert_null(strstr(answer.note, "Order 1"));
}

/* The week with a notice that is fixed at 08:40. */
static void fix_notice(void)
{
    char path[64];
    const char *const paths[] = {path};
    char command[256];
    struct problems problems;
    snprintf(path, sizeof(path), "%s/zhangdian.yaml", bench.folder);
    snprintf(command, sizeof(command),
             "sed 's/start: 08:45, end: 09:25}/start: 08:45, end: 09:25, fixed: true}/' "
             "schedules/zhangdian.yaml >%s",
             path);
    assert_int_equal(system(command), 0);
    problems_init(&problems);
    assert_int_equal(planner_load_files(bench.planner, paths, 1, &problems), 0);
    problems_finish(&problems);
}

static void what_is_fixed_and_airs_again_is_named(void **state)
{
    (void)state;
    struct order_answer answer;
    fix_notice();
    insert(-29, 4, "B-15", &answer); /* over its start: what it left was joined in progress */
    end(-28, REQUEST_UNDO, answer.order, &answer);
    assert_null(strstr(answer.note, "At its time again")); /* it was cut before what is fixed */
    const struct order_request slate = {.kind = ORDER_SLATE, .reason = "signal", .author = "a"};
    ask(-27, &slate, &answer);
    end(-27, REQUEST_UNDO, answer.order, &answer);
    assert_said(answer.note, "At its time again: Monday 2026-11-23 08:45 KT-02 ");
}

/* Nobody ends the slate in time because nobody thinks of the notice: who gives it must hear. */
static void what_a_break_in_lies_over_is_named(void **state)
{
    (void)state;
    static const enum order_kind kinds[] = {ORDER_SLATE, ORDER_EMERGENCY, ORDER_HOLD};
    struct order_answer notice;
    struct order_answer answer;
    char said[128];
    insert(-29, 62, "X-3", &notice);
    for (int i = 0; i < 3; i++) {
        const struct order_request request = {.kind = kinds[i], .reason = "signal", .author = "a"};
        const int now = -26 + 4 * i;
        ask(now, &request, &answer);
        snprintf(said, sizeof(said),
                 "Order 1 (X-3, by a: test), due at 2026-11-23 09:42:00, does not air unless order "
                 "%d is ended before.\n",
                 i + 2);
        assert_said(answer.note, said);
        if (kinds[i] == ORDER_HOLD) {
            end(now, REQUEST_UNDO, answer.order, &answer);
        } else {
            end(now + 2, REQUEST_RETURN, 0, &answer);
        }
        assert_said(answer.note, "Order 1 (X-3, by a: test) airs at 2026-11-23 09:42:00 then.\n");
    }
}

/* The break-in ends after the notice's own time, and before the one that it was put off to. */
static void one_that_is_put_off_comes_back_from_under_a_break_in(void **state)
{
    (void)state;
    const struct order_request slate = {.kind = ORDER_SLATE, .reason = "signal", .author = "a"};
    struct order_answer notice;
    struct order_answer answer;
    insert(-29, 62, "X-3", &notice);
    insert(-28, 62, "B-15", &answer);
    ask(64, &slate, &answer);
    assert_said(answer.note, "Order 1 (X-3, by a: test), due at 2026-11-23 09:57:00, does not air "
                             "unless order 3 is ended before.\n");
    end(75, REQUEST_RETURN, 0, &answer);
    assert_said(answer.note, "Order 1 (X-3, by a: test) airs at 2026-11-23 09:57:00 then.\n");
    assert_airs(77, "X-3", notice.order);
}

/* The notice parts the lesson: whichever part the time is of, all of the slot is meant. */
static void a_lesson_is_replaced_on_both_sides_of_a_notice(void **state)
{
    (void)state;
    for (int minute = 52; minute < 70; minute += 14) {
        const struct order_request request = {.kind = ORDER_REPLACE,
                                              .at = AT_FRAME(minute),
                                              .house_number = "B-15",
                                              .reason = "test",
                                              .author = "a"};
        struct order_answer notice;
        struct order_answer answer;
        insert(-29, 60, "X-3", &notice);
        ask(-28, &request, &answer);
        assert_int_equal(answer.frame, AT_FRAME(50));
        assert_said(answer.note, "(X-3, by a: test), due at 2026-11-23 09:40:00, does not air "
                                 "because of it: give it anew if it is to air.\n");
        end(-27, REQUEST_UNDO, answer.order, &answer);
        end(-27, REQUEST_UNDO, notice.order, &answer);
    }
}

/* What ends by itself lies over a part of it. */
static void what_is_joined_behind_a_break_in_is_named(void **state)
{
    (void)state;
    const struct order_request live = {.kind = ORDER_LIVE,
                                       .live = "studio",
                                       .length = 90LL * MINUTE + 5 * FRAMES_PER_SECOND,
                                       .reason = "speech",
                                       .author = "a"};
    struct order_answer answer;
    insert(-29, 62, "X-3", &answer);
    ask(-27, &live, &answer);
    assert_said(answer.note, "Order 1 (X-3, by a: test), due at 2026-11-23 09:42:00, is joined in "
                             "progress at 2026-11-23 09:43:");
}

/* What pushes lets a notice end; what does not, and every break-in, cuts it, and what is inserted.
 */
static void what_is_on_air_and_cut_is_named(void **state)
{
    (void)state;
    static const enum order_kind kinds[] = {ORDER_SLATE, ORDER_EMERGENCY};
    struct order_answer answer;
    char said[128];
    insert(-29, 62, "X-3", &answer);
    for (int i = 0; i < 2; i++) {
        const struct order_request request = {.kind = kinds[i], .reason = "signal", .author = "a"};
        ask(63, &request, &answer);
        assert_said(answer.note, "Order 1 (X-3, by a: test), on air then, is cut at 2026-11-23 "
                                 "09:43:");
        snprintf(said, sizeof(said), "order %d is ended before", i + 2);
        assert_null(strstr(answer.note, said)); /* it has begun */
        end(63, REQUEST_UNDO, answer.order, &answer);
    }
    insert(63, 64, "B-15", &answer);
    assert_said(answer.note, "is cut at 2026-11-23 09:44:00 by this order");
}

static void assert_refused(int now, const struct order_request *request, const char *words)
{
    struct planner_outcome outcome;
    assert_int_equal(
        planner_order(bench.planner, bench.service, NULL, AT_MS(now), request, false, &outcome),
        -ECANCELED);
    if (strstr(outcome.answer.text, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", outcome.answer.text, words);
    }
}

/* The slate airs in the break, for want of FILL-01; of the lesson after it nothing is missing. */
static void a_missing_filler_holds_no_lesson_up(void **state)
{
    (void)state;
    const struct order_request next = {
        .kind = ORDER_SKIP, .mode = ORDER_FOLLOW, .reason = "wrong", .author = "a"};
    struct order_answer answer;
    insert(-29, 200, "F-1", &answer); /* there is a plan */
    ask(-28, &next, &answer);
    assert_said(answer.note, "At once then: Monday 2026-11-23 08:12 KT-02 ");
    assert_refused(55, &next, "what comes next is not ready: Monday 2026-11-23 10:15 KT-04 ");
}

/* A hold airs until it is released, and what is fixed does not move: neither is the other. */
static void what_leaves_an_extension_no_room_is_named(void **state)
{
    (void)state;
    const struct order_request hold = {.kind = ORDER_HOLD, .reason = "guest", .author = "a"};
    struct order_answer answer;
    fix_notice();
    insert(-29, 200, "F-1", &answer); /* there is a plan */
    ask(-28, &hold, &answer);
    assert_refused(-27, &extend_late,
                   "order 2 (hold) is on air from 2026-11-23 08:40:00 on, until `ketang release "
                   "zhangdian` ends it; before it begins, `ketang undo zhangdian 2` takes it back: "
                   "give this order then.");
    end(-26, REQUEST_UNDO, answer.order, &answer);
    ask(-25, &extend_late, &answer);
    assert_said(answer.note, "What follows keeps its time.");
    const struct order_request late = {.kind = ORDER_INSERT,
                                       .at = AT_FRAME(5) - 12,
                                       .mode = ORDER_PUSH,
                                       .house_number = "X-3",
                                       .reason = "test",
                                       .author = "a"};
    assert_refused(-24, &late,
                   "there is no room for it before what is fixed: Monday 2026-11-23 08:45 KT-02 ");
}

/* Nothing from minute `from` on is of the lesson that was to end. */
static void assert_stays_away(int from, const char *house_number)
{
    struct plan *plan = NULL;
    assert_int_equal(planner_latest(bench.planner, bench.service, &plan), 0);
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        assert_true(event->house_number == NULL || event_end(event) <= AT_FRAME(from) ||
                    event->start > AT_FRAME(50) || strcmp(event->house_number, house_number) != 0);
    }
    plan_destroy(plan);
}

/* It was of what is skipped: with that it is over, whether it is the first or the second one. */
static void an_extension_of_what_is_skipped_is_undone(void **state)
{
    (void)state;
    static const enum order_mode modes[] = {ORDER_JOIN, ORDER_FOLLOW};
    struct order_answer answer;
    insert(-29, 200, "F-1", &answer); /* there is a plan */
    ask(-28, &extend_late, &answer);
    for (int now = -10; now <= 1; now += 11) {
        for (int i = 0; i < 2; i++) {
            const struct order_request skip = {
                .kind = ORDER_SKIP, .mode = modes[i], .reason = "wrong", .author = "a"};
            char said[64];
            ask(now, &extend_late, &answer);
            const int64_t extension = answer.order;
            ask(now, &skip, &answer);
            (void)snprintf(said, sizeof(said), "Order %lld (extend, by a: late) is undone by it.",
                           (long long)extension);
            assert_said(answer.note, said);
            assert_stays_away(now + 1, "KT-01");
            end(now, REQUEST_UNDO, answer.order, &answer);
            (void)snprintf(said, sizeof(said), "Order %lld (extend, by a: late) is not brought",
                           (long long)extension);
            assert_said(answer.note, said);
        }
        if (now < 0) {
            ask(now, &extend_late, &answer);
        }
    }
}

/* The lesson that a notice interrupts has its extension all the same. */
static void a_skipped_insertion_leaves_the_extension(void **state)
{
    (void)state;
    struct order_answer answer;
    insert(-29, -3, "X-3", &answer); /* over the end of the lesson */
    ask(-28, &extend_late, &answer);
    ask(-1, &skip_wrong, &answer);
    assert_null(strstr(answer.note, "undone by it"));
}

/* What is given anew is not called undone. */
static void an_order_has_nothing_of_one_that_was_undone_there(void **state)
{
    (void)state;
    struct order_answer answer;
    struct plan *plan = NULL;
    insert(-29, 46, "X-3", &answer);
    const struct order_request undo = {
        .command = REQUEST_UNDO, .id = answer.order, .reason = "mistake", .author = "a"};
    ask(-28, &undo, &answer);
    insert(-27, 46, "X-3", &answer);
    assert_airs(46, "X-3", answer.order);
    plan = planner_bench_latest(&bench);
    assert_string_equal(plan->events[plan_find(plan, AT_FRAME(46))].reason, "test");
    plan_destroy(plan);
}

/*
 * One interrupts another that is on the air: that airs all the same, once, and each is of its own
 * order.  A notice, which would begin anew, airs to its end first; of a lesson the rest goes on.
 */
static void what_pushes_leaves_one_on_air_whole(void **state)
{
    static const struct {
        const char *first;
        const char *second;
        int64_t twice; /* a lesson goes on so long before its cut at most */
    } cases[] = {{"F-1", "X-3", 0}, {"X-3", "F-1", 10 * FRAMES_PER_SECOND}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct order_answer first;
        struct order_answer second;
        struct plan *plan = NULL;
        int64_t frames = 0;
        planner_bench_clean_up(&bench);
        assert_int_equal(set_up(state), 0);
        insert(-29, NOW, cases[i].first, &first);
        insert(-27, NOW, cases[i].second, &second);
        assert_int_equal(planner_latest(bench.planner, bench.service, &plan), 0);
        for (size_t k = 0; k < plan->event_count; k++) {
            const struct plan_event *event = &plan->events[k];
            const bool is_first =
                event->house_number != NULL && strcmp(event->house_number, cases[i].first) == 0;
            assert_true(is_first == (event->amendment == first.order));
            frames += is_first ? event->duration : 0;
        }
        assert_in_range(frames, 5 * MINUTE, 5 * MINUTE + cases[i].twice);
        plan_destroy(plan);
        if (i == 0) {
            assert_int_equal(second.frame, first.frame + 5 * MINUTE);
            assert_said(second.note,
                        "It begins when order 1 (F-1, by a: test) has aired to its end.");
        }
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
    bench.media_minutes = 15;
    planner_bench_add_media(&bench, "B-15", "讲座", ASSET_LESSON, '7');
    bench.media_minutes = 5;
    planner_bench_add_media(&bench, "X-3", "X", ASSET_LESSON, '3');
    planner_bench_add_media(&bench, "F-1", "F", ASSET_FILLER, '4');
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
        ALONE(one_that_is_put_off_outlives_its_own_time),
        ALONE(one_that_is_put_off_is_listed_as_it_airs),
        ALONE(one_that_is_put_off_can_be_undone),
        ALONE(an_extension_waits_for_what_two_interrupt),
        ALONE(what_is_skipped_stays_away_behind_an_insertion),
        ALONE(an_insertion_under_a_replacement_is_named),
        ALONE(what_an_undone_order_had_moved_is_named),
        ALONE(what_is_fixed_and_airs_again_is_named),
        ALONE(what_a_break_in_lies_over_is_named),
        ALONE(what_is_on_air_and_cut_is_named),
        ALONE(a_lesson_is_replaced_on_both_sides_of_a_notice),
        ALONE(one_that_is_put_off_comes_back_from_under_a_break_in),
        ALONE(what_is_joined_behind_a_break_in_is_named),
        ALONE(a_missing_filler_holds_no_lesson_up),
        ALONE(what_leaves_an_extension_no_room_is_named),
        ALONE(an_extension_of_what_is_skipped_is_undone),
        ALONE(a_skipped_insertion_leaves_the_extension),
        ALONE(an_order_has_nothing_of_one_that_was_undone_there),
        ALONE(what_pushes_leaves_one_on_air_whole),
    };
    return cmocka_run_group_tests_name("planner put off", tests, NULL, NULL);
}
