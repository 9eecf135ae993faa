/* SPDX-License-Identifier: MIT */
/* Single scenes; whole stories are told by test_revise_stories. */
#include "scheduler/revise.h"

#include "playout/station.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Monday 2026-11-23 08:00 +0800, in frames. */
#define MORNING ((1795363200LL + 8 * 3600) * FRAMES_PER_SECOND)

static struct station *station;
static struct zone *zone;
static const struct profile *profile;

static struct plan *make_plan(const struct plan_event *events, size_t count)
{
    struct plan *plan = plan_create();
    int64_t at = MORNING;
    assert_non_null(plan);
    plan->channel = strdup("test");
    plan->next_seq = 100;
    for (size_t i = 0; i < count; i++) {
        struct plan_event event = events[i];
        event.start = at;
        event.seq = (int64_t)i + 1;
        event.programme = event.programme != 0 ? event.programme : event.seq;
        at += event.duration;
        assert_int_equal(plan_append(plan, &event), 0);
    }
    return plan;
}

#define LESSON_1 "4c31000000000000000000000000000000000000000000000000000000000001"
#define FILLER   "4631000000000000000000000000000000000000000000000000000000000001"
#define LESSON_2 "4c32000000000000000000000000000000000000000000000000000000000001"

static int64_t long_enough(const struct media_lengths *self, const char *sha256)
{
    (void)self;
    return sha256[0] == '\0' ? 240 : 14400;
}

static struct revise_input scene(const struct plan *base, const struct plan *fresh, int64_t now)
{
    static const struct media_lengths scene_lengths = {long_enough};
    static struct cutter cutter;
    cutter = (struct cutter){profile, &scene_lengths, NULL};
    return (struct revise_input){
        .base = base,
        .fresh = fresh,
        .effective = now,
        .earliest = revise_earliest(now, profile),
        .revision = 2,
        .next_seq = 100,
        .cutter = &cutter,
        .zone = zone,
    };
}

static void a_running_lesson_stays_and_the_next_is_joined_in_progress(void **state)
{
    (void)state;
    const struct plan_event old_events[] = {
        {.duration = 9600, .kind = EVENT_LESSON, .asset = LESSON_1},
        {.duration = 3000, .kind = EVENT_FILLER}};
    const struct plan_event new_events[] = {
        {.duration = 14400, .kind = EVENT_LESSON, .asset = LESSON_2},
        {.duration = 3000, .kind = EVENT_FILLER}};
    struct plan *base = make_plan(old_events, 2);
    struct plan *fresh = make_plan(new_events, 2);
    struct plan *plan = NULL;
    enum revise_verdict verdict;
    const struct revise_input input = scene(base, fresh, MORNING + 3000);
    assert_int_equal(revise(&input, &plan, &verdict), 0);
    assert_int_equal(verdict, REVISE_DIFFERENT);
    assert_int_equal(plan->events[0].seq, 1);
    assert_int_equal(plan->events[0].duration, 9600);
    assert_string_equal(plan->events[1].asset, LESSON_2);
    assert_int_equal(plan->events[1].in_point, 9600);
    assert_int_equal(plan->events[1].duration, 4800);
    assert_int_equal(plan->events[1].seq, 100);
    plan_destroy(plan);
    plan_destroy(base);
    plan_destroy(fresh);
}

static void a_filler_makes_way_at_once_and_the_slate_fills_what_does_not_meet(void **state)
{
    (void)state;
    const struct plan_event old_events[] = {{.duration = 30000, .kind = EVENT_SLATE}};
    const struct plan_event new_events[] = {
        {.duration = 14400, .kind = EVENT_LESSON, .asset = LESSON_2},
        {.duration = 15600, .kind = EVENT_SLATE}};
    struct plan *base = make_plan(old_events, 1);
    struct plan *fresh = make_plan(new_events, 2);
    struct plan *plan = NULL;
    enum revise_verdict verdict;
    const struct revise_input input = scene(base, fresh, MORNING + 3000);
    assert_int_equal(revise(&input, &plan, &verdict), 0);
    assert_int_equal(plan->events[0].seq, 1);
    const int64_t cut = plan->events[1].start;
    assert_true(cut >= input.earliest && cut < input.earliest + 48);
    assert_int_equal((cut - MORNING) % GOP_FRAMES, 0);
    assert_int_equal(plan->events[1].in_point, cut - MORNING);
    assert_int_equal(plan->events[1].programme, 1); /* the same title: the same EPG entry */
    plan_destroy(plan);
    plan_destroy(base);
    plan_destroy(fresh);
}

/* Up to where the next lesson can be joined; the slate where there is no filler. */
static void a_filler_fills_up_where_there_is_one(void **state)
{
    (void)state;
    const struct plan_event old_event = {
        .duration = 9603, .kind = EVENT_LESSON, .asset = LESSON_1}; /* between two GOPs */
    const int64_t rest = cutter_least_piece(profile) + GOP_FRAMES; /* too short from the next GOP */
    const struct plan_event new_events[] = {
        {.duration = 9603 + rest, .kind = EVENT_LESSON, .asset = LESSON_2},
        {.duration = 14400, .kind = EVENT_LESSON, .asset = LESSON_1}};
    struct plan *base = make_plan(&old_event, 1);
    struct plan *fresh = make_plan(new_events, 2);
    const struct revise_input input = scene(base, fresh, MORNING + 3000);
    fresh->fillers = calloc(1, sizeof(fresh->fillers[0]));
    assert_non_null(fresh->fillers);
    memcpy(fresh->fillers[0], FILLER, SHA256_HEX_SIZE);
    for (size_t count = 0; count < 2; count++) {
        struct plan *plan = NULL;
        enum revise_verdict verdict;
        fresh->filler_count = count;
        assert_int_equal(revise(&input, &plan, &verdict), 0);
        assert_int_equal(plan->event_count, 3);
        assert_int_equal(plan->events[1].start, MORNING + 9603);
        assert_int_equal(plan->events[1].kind, count > 0 ? EVENT_FILLER : EVENT_SLATE);
        assert_string_equal(plan->events[1].asset, count > 0 ? FILLER : "");
        assert_int_equal(plan->events[1].duration, rest);
        assert_non_null(plan->events[1].reason);
        plan_destroy(plan);
    }
    plan_destroy(base);
    plan_destroy(fresh);
}

/* The entry is named by an event that now begins its later part. */
static void a_gap_that_a_lesson_divides_has_two_entries(void **state)
{
    (void)state;
    struct plan_event events[] = {
        {.duration = 9600, .kind = EVENT_LESSON, .asset = LESSON_1},
        {.duration = 3000, .kind = EVENT_FILLER, .asset = FILLER, .programme = 4},
        {.duration = 3000, .kind = EVENT_FILLER, .asset = FILLER, .programme = 4},
        {.duration = 3000, .kind = EVENT_FILLER, .asset = FILLER, .programme = 4}};
    struct plan *base = make_plan(events, 4);
    events[2] = (struct plan_event){.duration = 3000, .kind = EVENT_LESSON, .asset = LESSON_2};
    events[3].programme = 5; /* a plan as it is compiled has a number for each stretch */
    struct plan *fresh = make_plan(events, 4);
    struct plan *plan = NULL;
    enum revise_verdict verdict;
    const struct revise_input input = scene(base, fresh, MORNING + 3000);
    assert_int_equal(revise(&input, &plan, &verdict), 0);
    assert_int_equal(plan->event_count, 4);
    assert_int_equal(plan->events[1].programme, 4);
    assert_int_equal(plan->events[3].seq, 4);
    for (size_t i = 0; i < 3; i++) {
        assert_int_not_equal(plan->events[i].programme, plan->events[3].programme);
    }
    assert_true(plan->events[3].programme < plan->next_seq);
    plan_destroy(plan);
    plan_destroy(base);
    plan_destroy(fresh);
}

static void titles_that_change_change_the_plan_but_reasons_do_not(void **state)
{
    (void)state;
    struct plan_event events[] = {{.duration = 9600, .kind = EVENT_LESSON, .asset = LESSON_1},
                                  {.duration = 9600, .kind = EVENT_LESSON, .asset = LESSON_1}};
    struct plan *base = make_plan(events, 2);
    events[1].reason = "another";
    events[1].source = "zhangdian.yaml:7";
    struct plan *other_reason = make_plan(events, 2);
    events[1].title = "another";
    struct plan *other_title = make_plan(events, 2);
    struct plan *plan = NULL;
    enum revise_verdict verdict;
    const struct revise_input reason = scene(base, other_reason, MORNING + 100);
    assert_int_equal(revise(&reason, &plan, &verdict), 0);
    assert_int_equal(verdict, REVISE_SAME);
    plan_destroy(plan);
    const struct revise_input title = scene(base, other_title, MORNING + 100);
    assert_int_equal(revise(&title, &plan, &verdict), 0);
    assert_int_equal(verdict, REVISE_DIFFERENT);
    plan_destroy(plan);
    plan_destroy(base);
    plan_destroy(other_reason);
    plan_destroy(other_title);
}

static void an_order_that_waits_for_a_legal_cut_says_so_in_the_plan(void **state)
{
    (void)state;
    const struct plan_event events[] = {
        {.duration = 9600, .kind = EVENT_LESSON, .asset = LESSON_1, .reason = "why"},
        {.duration = 9600, .kind = EVENT_LESSON, .asset = LESSON_2}};
    struct plan *base = make_plan(events, 2);
    struct plan *cut = NULL;
    struct plan *again = NULL;
    enum revise_verdict verdict;
    struct revise_input input = scene(base, base, MORNING + 3000);
    struct plan_amendment order = {
        .id = 1, .kind = "slate", .until = AMENDMENT_OPEN, .reason = "test"};
    order.asked = input.earliest;
    order.from = revise_cut_frame(base, input.earliest, input.cutter);
    const int64_t late = order.from - input.earliest;
    assert_true(late > 1 && late < GOP_FRAMES); /* or the scene shows nothing */
    input.amendments = &order;
    input.amendment_count = 1;
    assert_int_equal(revise(&input, &cut, &verdict), 0);
    char expected[160];
    snprintf(expected, sizeof(expected),
             "why; cut at its frame %lld by order 1, the first legal point, %lld frames later "
             "than asked",
             (long long)(order.from - MORNING), (long long)late);
    assert_string_equal(cut->events[0].reason, expected);
    assert_string_equal(cut->events[1].reason, "test");

    /* Back again: the lesson is joined in progress.  What was said of the first cut stays. */
    struct revise_input back = scene(cut, base, MORNING + 5000);
    assert_int_equal(revise_return_frame(&back, &order, &order.until), 0);
    back.amendments = &order;
    back.amendment_count = 1;
    assert_int_equal(revise(&back, &again, &verdict), 0);
    const struct plan_event *joined = &again->events[again->event_count - 2];
    assert_string_equal(joined->asset, LESSON_1);
    assert_int_equal(joined->in_point, order.until - MORNING);
    snprintf(expected, sizeof(expected), "why; joined in progress at its frame %lld",
             (long long)joined->in_point);
    assert_memory_equal(joined->reason, expected, strlen(expected));
    plan_destroy(again);
    plan_destroy(cut);
    plan_destroy(base);
}

#define HOUR     (3600LL * FRAMES_PER_SECOND)
#define MIDNIGHT (MORNING + 16 * HOUR)

enum { LESSON_FRAMES = 9600, LESSONS = 1125 }; /* five days of them */

static struct plan *make_days(void)
{
    struct plan_event *lessons = calloc(LESSONS, sizeof(*lessons));
    assert_non_null(lessons);
    for (size_t i = 0; i < LESSONS; i++) {
        lessons[i] = (struct plan_event){
            .duration = LESSON_FRAMES, .kind = EVENT_LESSON, .asset = LESSON_1, .reason = "why"};
    }
    struct plan *plan = make_plan(lessons, LESSONS);
    free(lessons);
    return plan;
}

/* The next revision, which takes the place of *plan; fresh NULL: without a timetable. */
static enum revise_verdict go_on(struct plan **plan, const struct plan *fresh, int64_t now,
                                 const struct plan_amendment *orders, size_t count)
{
    enum revise_verdict verdict;
    struct plan *next = NULL;
    struct revise_input input = scene(*plan, fresh != NULL ? fresh : *plan, now);
    input.amendments = orders;
    input.amendment_count = count;
    input.next_seq = (*plan)->next_seq;
    assert_int_equal(revise(&input, &next, &verdict), 0);
    plan_destroy(*plan);
    *plan = next;
    return verdict;
}

static const struct plan_event *event_at(const struct plan *plan, int64_t frame)
{
    const ptrdiff_t index = plan_find(plan, frame);
    assert_true(index >= 0);
    return &plan->events[index];
}

/* Order 1 airs up to `midnight`, or the next legal cut, and then what it lies over. */
static void assert_planned_to(const struct plan *plan, int64_t midnight)
{
    const struct plan_event *last = event_at(plan, midnight - 1);
    assert_int_equal(last->amendment, 1);
    assert_in_range(event_end(last), midnight, midnight + 2 * GOP_FRAMES);
    const struct plan_event *behind = event_at(plan, event_end(last));
    assert_int_equal(behind->amendment, 0);
    assert_string_equal(behind->asset, LESSON_1);
}

static const struct plan_amendment open_slate = {
    .id = 1, .kind = "slate", .from = MORNING + 2400, .until = AMENDMENT_OPEN, .reason = "test"};

static void an_open_break_in_is_carried_on_and_leaves_the_days_behind(void **state)
{
    (void)state;
    struct plan *fresh = make_days();
    struct plan *plan = make_days();
    assert_int_equal(go_on(&plan, fresh, MORNING + 1200, &open_slate, 1), REVISE_DIFFERENT);
    assert_planned_to(plan, MIDNIGHT);
    const int64_t seq = plan->events[1].seq;
    assert_int_equal(go_on(&plan, fresh, MIDNIGHT - 7 * HOUR, &open_slate, 1), REVISE_SAME);
    assert_int_equal(go_on(&plan, fresh, MIDNIGHT - 6 * HOUR, &open_slate, 1), REVISE_DIFFERENT);
    assert_planned_to(plan, MIDNIGHT + 24 * HOUR);
    assert_int_equal(plan->events[0].seq, seq); /* one event, that only lasts longer */
    assert_int_equal(go_on(&plan, fresh, MIDNIGHT + 17 * HOUR, &open_slate, 1), REVISE_SAME);

    /* Nobody was there at the second midnight: it is back as soon as somebody is. */
    const int64_t late = MIDNIGHT + 30 * HOUR + LESSON_FRAMES / 3;
    assert_int_equal(go_on(&plan, fresh, late, &open_slate, 1), REVISE_DIFFERENT);
    const struct plan_event *cut = event_at(plan, late);
    assert_string_equal(cut->asset, LESSON_1);
    assert_true(event_end(cut) < late + 10 * (int64_t)FRAMES_PER_SECOND);
    assert_non_null(strstr(cut->reason, "by order 1"));
    assert_int_equal(event_at(plan, event_end(cut))->amendment, 1);
    assert_planned_to(plan, MIDNIGHT + 48 * HOUR);
    plan_destroy(plan);
    plan_destroy(fresh);
}

/* What lies over it stays; and what has been returned from is not laid over anything again. */
static void without_a_timetable_a_break_in_is_carried_on_and_no_more(void **state)
{
    (void)state;
    struct plan *fresh = make_days();
    struct plan *plan = make_days();
    struct plan_amendment orders[] = {open_slate,
                                      {.id = 2,
                                       .kind = "insert",
                                       .asset = LESSON_2,
                                       .from = MORNING + 15 * HOUR,
                                       .length = LESSON_FRAMES,
                                       .reason = "test"}};
    orders[1].until = orders[1].from + LESSON_FRAMES;
    assert_int_equal(go_on(&plan, fresh, MORNING + 1200, orders, 2), REVISE_DIFFERENT);
    assert_int_equal(go_on(&plan, NULL, MIDNIGHT - 7 * HOUR, orders, 2), REVISE_SAME);
    assert_int_equal(go_on(&plan, NULL, MIDNIGHT - 5 * HOUR, orders, 2), REVISE_DIFFERENT);
    assert_string_equal(event_at(plan, orders[1].from)->asset, LESSON_2);
    assert_planned_to(plan, MIDNIGHT + 24 * HOUR);
    assert_int_equal(go_on(&plan, NULL, MIDNIGHT - 4 * HOUR, orders, 2), REVISE_SAME);

    plan_destroy(plan);
    plan = make_days();
    orders[0].until = MORNING + 20000;
    orders[0].mode = "start"; /* all behind it comes later, up to midnight */
    orders[0].over = MIDNIGHT;
    assert_int_equal(go_on(&plan, NULL, MORNING + HOUR, orders, 1), REVISE_SAME);
    plan_destroy(plan);
    plan_destroy(fresh);
}

/* Another break-in that is open, too; and an insert that goes on up to midnight. */
static void without_a_timetable_what_lies_over_a_break_in_stays(void **state)
{
    (void)state;
    struct plan *fresh = make_days();
    struct plan *plan = make_days();
    struct plan_amendment orders[] = {open_slate, open_slate};
    orders[1].id = 2;
    orders[1].from = MORNING + HOUR;
    assert_int_equal(go_on(&plan, fresh, MORNING + 1200, orders, 2), REVISE_DIFFERENT);
    assert_int_equal(go_on(&plan, NULL, MORNING + 2 * HOUR, orders, 2), REVISE_SAME);
    assert_int_equal(go_on(&plan, NULL, MIDNIGHT - 5 * HOUR, orders, 2), REVISE_DIFFERENT);
    assert_int_equal(event_at(plan, MIDNIGHT - HOUR)->amendment, 2);
    assert_int_equal(event_at(plan, MIDNIGHT + 12 * HOUR)->amendment, 2);
    assert_int_equal(event_at(plan, MIDNIGHT + 25 * HOUR)->amendment, 0);
    plan_destroy(plan);

    plan = make_days();
    orders[1] = (struct plan_amendment){.id = 2,
                                        .kind = "insert",
                                        .asset = LESSON_2,
                                        .from = MIDNIGHT - LESSON_FRAMES / 2,
                                        .until = MIDNIGHT + LESSON_FRAMES / 2,
                                        .length = LESSON_FRAMES,
                                        .reason = "test"};
    assert_int_equal(go_on(&plan, fresh, MORNING + 1200, orders, 2), REVISE_DIFFERENT);
    assert_int_equal(go_on(&plan, NULL, MIDNIGHT - 5 * HOUR, orders, 2), REVISE_DIFFERENT);
    assert_string_equal(event_at(plan, MIDNIGHT - 1)->asset, LESSON_2);
    assert_int_equal(event_at(plan, MIDNIGHT)->amendment, 1);
    assert_planned_to(plan, MIDNIGHT + 24 * HOUR);
    plan_destroy(plan);
    plan_destroy(fresh);
}

static size_t count_reasons(const struct plan *plan, const char *words)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->event_count; i++) {
        const char *reason = plan->events[i].reason;
        while (reason != NULL && (reason = strstr(reason, words)) != NULL) {
            reason += strlen(words);
            count++;
        }
    }
    return count;
}

static void who_ended_an_order_is_told_once_by_what_goes_on(void **state)
{
    (void)state;
    struct plan *fresh = make_days();
    struct plan *plan = make_days();
    struct plan_amendment order = open_slate;
    (void)go_on(&plan, fresh, MORNING + 1200, &order, 1);
    order.end_author = "王";
    order.end_reason = "back";
    order.until = MORNING + 4800;
    for (int64_t now = MORNING + 3600; now < MORNING + LESSON_FRAMES; now += 2400) {
        (void)go_on(&plan, fresh, now, &order, 1);
        assert_string_equal(plan->amendments[0].end_author, "王");
        assert_string_equal(plan->amendments[0].end_reason, "back");
        const struct plan_event *event = event_at(plan, plan->amendments[0].until);
        assert_int_equal(event->amendment, 0);
        assert_non_null(strstr(event->reason, "; order 1 ended by 王: back"));
        assert_int_equal(count_reasons(plan, "ended by"), 1);
    }
    (void)go_on(&plan, fresh, MORNING + LESSON_FRAMES + 1200, &order, 1);
    assert_int_equal(count_reasons(plan, "ended by"), 0);
    plan_destroy(plan);
    plan_destroy(fresh);
}

/* It starts a lesson again, but there was none: up to the next entry the slate is the order's own.
 */
static void who_ended_an_order_is_told_behind_what_it_fills(void **state)
{
    (void)state;
    const struct plan_event events[] = {
        {.duration = 3000, .kind = EVENT_FILLER, .asset = FILLER},
        {.duration = 14400, .kind = EVENT_LESSON, .asset = LESSON_1}};
    struct plan *fresh = make_plan(events, 2);
    struct plan *plan = make_plan(events, 2);
    struct plan_amendment order = open_slate;
    order.mode = "start";
    order.until = cutter_grid_up(profile, MORNING + 4001); /* within a group of pictures */
    order.end_author = "王";
    (void)go_on(&plan, fresh, MORNING + 1200, &order, 1);
    const struct plan_event *fill = event_at(plan, plan->amendments[0].until);
    assert_int_equal(fill->amendment, 1);
    assert_string_equal(fill->reason, "test");
    assert_string_equal(fill[1].asset, LESSON_1);
    assert_non_null(strstr(fill[1].reason, "; order 1 ended by 王"));
    plan_destroy(plan);
    plan_destroy(fresh);
}

static void who_took_an_order_back_is_told_where_it_was_to_begin(void **state)
{
    (void)state;
    struct plan *fresh = make_days();
    struct plan *plan = make_days();
    struct plan_amendment orders[] = {open_slate, open_slate};
    orders[0].end_author = "王"; /* the return was a mistake */
    orders[0].end_reason = "too soon";
    orders[1].id = 2;
    orders[1].from = MORNING + 2 * HOUR;
    orders[1].is_undone = true;
    orders[1].end_author = "李";
    for (int64_t now = MORNING + 1200; now < MORNING + 3600; now += 1200) {
        (void)go_on(&plan, fresh, now, orders, 2);
        assert_string_equal(event_at(plan, orders[1].from)->reason,
                            "test; the return from order 1 undone by 王: too soon; "
                            "order 2 undone by 李");
    }
    plan_destroy(plan);
    plan_destroy(fresh);
}

static int set_up(void **state)
{
    (void)state;
    struct problems problems;
    problems_init(&problems);
    const int result = station_load("schedules/station.cfg", &station, &problems);
    problems_print(&problems, stderr);
    problems_finish(&problems);
    profile = result == 0 ? station_profile(station, "sd") : NULL;
    return result == 0 ? zone_open("Asia/Shanghai", &zone) : result;
}

static int clean_up(void **state)
{
    (void)state;
    zone_close(zone);
    station_destroy(station);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_running_lesson_stays_and_the_next_is_joined_in_progress),
        cmocka_unit_test(a_filler_makes_way_at_once_and_the_slate_fills_what_does_not_meet),
        cmocka_unit_test(a_filler_fills_up_where_there_is_one),
        cmocka_unit_test(a_gap_that_a_lesson_divides_has_two_entries),
        cmocka_unit_test(titles_that_change_change_the_plan_but_reasons_do_not),
        cmocka_unit_test(an_order_that_waits_for_a_legal_cut_says_so_in_the_plan),
        cmocka_unit_test(an_open_break_in_is_carried_on_and_leaves_the_days_behind),
        cmocka_unit_test(without_a_timetable_a_break_in_is_carried_on_and_no_more),
        cmocka_unit_test(without_a_timetable_what_lies_over_a_break_in_stays),
        cmocka_unit_test(who_ended_an_order_is_told_once_by_what_goes_on),
        cmocka_unit_test(who_ended_an_order_is_told_behind_what_it_fills),
        cmocka_unit_test(who_took_an_order_back_is_told_where_it_was_to_begin),
    };
    return cmocka_run_group_tests_name("revise", tests, set_up, clean_up);
}
