/* SPDX-License-Identifier: MIT */
/*
 * The edge cases of the trade that concern scheduling, by number: what
 * districts have met, and what must come of it.  Those of calendars are in
 * test_edge_calendar.c; the table in scheduler/README.md has them all.
 */
#include "tests/support/week_bench.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- 4: overrun and underrun ------------------------------------------------------------ */

/* Three slots, the second follow-on with a break before it, the third fixed. */
static void check_overrun(const char *rule, int64_t frames, const char *first_end,
                          const char *second_start)
{
    struct week_bench bench;
    char text[1024];
    snprintf(text, sizeof(text),
             "format: 1\nchannel: a\nlessons:\n  - {house_number: A, title: a}\n"
             "  - {house_number: B, title: b}\n  - {house_number: C, title: c}\n"
             "periods:\n  - {name: p1, start: 8:00, end: 8:20, media: 18, %s}\n"
             "  - {name: p2, start: 8:22, end: 8:42}\n"
             "  - {name: p3, start: 8:45, end: 9:05, fixed: true}\n"
             "days: [周一]\ngrid: {p1: [A], p2: [B], p3: [C]}\n"
             "fillers: [F]\n",
             rule);
    week_bench_parse(&bench, text, NULL);
    week_bench_add(&bench, "A", ASSET_LESSON, frames);
    week_bench_add(&bench, "B", ASSET_LESSON, 20 * MINUTE_FRAMES);
    week_bench_add(&bench, "C", ASSET_LESSON, 20 * MINUTE_FRAMES);
    week_bench_add(&bench, "F", ASSET_FILLER, MINUTE_FRAMES);
    struct plan *plan = week_bench_compile_one(&bench, "2020-02-17");
    const int64_t end = event_end(week_bench_at(&bench, plan, "2020-02-17", "08:00"));
    const int64_t wanted = week_bench_frame(&bench, "2020-02-17", first_end);
    if (end > wanted || end < wanted - 2 * FRAMES_PER_SECOND) {
        fail_msg("%s: the lesson ends %lld frames off", rule, (long long)(end - wanted));
    }
    const struct plan_event *second = week_bench_at(&bench, plan, "2020-02-17", second_start);
    assert_string_equal(second->house_number, "B");
    assert_int_equal(second->start, week_bench_frame(&bench, "2020-02-17", second_start));
    const struct plan_event *third = week_bench_at(&bench, plan, "2020-02-17", "08:45");
    assert_string_equal(third->house_number, "C"); /* fixed, whatever happens */
    assert_int_equal(third->start, week_bench_frame(&bench, "2020-02-17", "08:45"));
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void case_04_overrun_is_cut_trimmed_or_ripples_but_never_over_a_fixed_event(void **state)
{
    (void)state;
    const int64_t long_one = 23 * MINUTE_FRAMES + 249; /* some 23:10, whole steps of the grid */
    check_overrun("overrun: cut", long_one, "08:20", "08:22");
    check_overrun("overrun: trim", long_one, "08:18", "08:22");
    check_overrun("overrun: ripple", 21 * MINUTE_FRAMES, "08:21",
                  "08:22"); /* the break gives way */
    check_overrun("overrun: ripple", 23 * MINUTE_FRAMES, "08:23", "08:23");
    check_overrun("overrun: ripple", 24 * MINUTE_FRAMES, "08:24", "08:24");
    check_overrun("overrun: ripple, ripple_most: 3", 40 * MINUTE_FRAMES, "08:23", "08:23");
    /* A short file is followed by filler up to the end of its slot. */
    check_overrun("overrun: cut", 10 * MINUTE_FRAMES, "08:10", "08:22");
}

static void case_04_a_short_file_is_filled_to_its_slots_end(void **state)
{
    (void)state;
    struct week_bench bench;
    week_bench_open_week(&bench, "fillers: [F]\n", "");
    week_bench_add(&bench, "L1", ASSET_LESSON, 12 * MINUTE_FRAMES);
    week_bench_add(&bench, "F", ASSET_FILLER, MINUTE_FRAMES);
    struct plan *plan = week_bench_compile_one(&bench, "2020-02-17");
    const struct plan_event *filler = week_bench_at(&bench, plan, "2020-02-17", "08:13");
    assert_int_equal(filler->kind, EVENT_FILLER);
    assert_string_equal(filler->title, "一年级 语文 one"); /* the entry of the EPG goes on */
    plan_destroy(plan);
    week_bench_finish(&bench);
}

/* --- 5, 6: files that are not there -------------------------------------------------------- */

static void case_05_a_missing_file_is_replaced_by_its_substitute_and_airs_when_it_comes(
    void **state)
{
    (void)state;
    struct week_bench bench;
    static const char text[] =
        "format: 1\nchannel: a\nlessons:\n  - {house_number: A, title: a, substitute: OLD}\n"
        "periods: [{name: p, start: 8:00, end: 8:20}]\ndays: [周一]\ngrid: {p: [A]}\n"
        "repeats: {from: 18:00, until: 18:20, pitch: 20}\n";
    week_bench_parse(&bench, text, NULL);
    week_bench_add(&bench, "OLD", ASSET_LESSON, 20 * MINUTE_FRAMES);
    struct plan *plan = week_bench_compile_one(&bench, "2020-02-17");
    const struct plan_event *event = week_bench_at(&bench, plan, "2020-02-17", "08:00");
    assert_string_equal(event->house_number, "OLD");
    assert_string_equal(event->instead_of, "A");
    assert_non_null(strstr(event->reason, "not there yet"));
    plan_destroy(plan);
    week_bench_add(&bench, "A", ASSET_LESSON, 20 * MINUTE_FRAMES);
    plan = week_bench_compile_one(&bench, "2020-02-17");
    assert_string_equal(week_bench_at(&bench, plan, "2020-02-17", "18:00")->house_number, "A");
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void case_05_a_file_that_comes_within_15_minutes_waits_for_the_repeat(void **state)
{
    (void)state;
    struct week_bench bench;
    week_bench_open_week(&bench, "repeats: [{from: 18:00, until: 18:20, pitch: 20}]\n", "");
    struct library_asset late = {.house_number = (char[]){"L1"},
                                 .profile = bench.profile->name,
                                 .duration = 20 * MINUTE_FRAMES};
    snprintf(late.sha256, sizeof(late.sha256), "%064x", 77u);
    const int64_t start = week_bench_frame(&bench, "2020-02-17", "08:00");
    static const struct {
        int64_t before_s;
        bool airs;
    } cases[] = {{15 * 60 + 1, true}, {15 * 60 - 1, false}, {-60, false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct library *library = library_create();
        late.created_ms = (start / FRAMES_PER_SECOND - cases[i].before_s) * 1000;
        assert_int_equal(library_add(library, &late), 0);
        library_destroy(bench.library);
        bench.library = library;
        bench.cutoff_ms = 15 * 60 * 1000;
        struct plan *plan = week_bench_compile_one(&bench, "2020-02-17");
        const struct plan_event *event = week_bench_at(&bench, plan, "2020-02-17", "08:00");
        assert_int_equal(event->asset[0] != '\0', cases[i].airs);
        if (!cases[i].airs) {
            assert_non_null(strstr(event->reason, "too late"));
        }
        assert_string_equal(week_bench_at(&bench, plan, "2020-02-17", "18:00")->asset, late.sha256);
        plan_destroy(plan);
    }
    week_bench_finish(&bench);
}

/* The limit is set while a file that came after it is on the air. */
static void case_05_a_new_limit_takes_nothing_off_the_air(void **state)
{
    (void)state;
    struct week_bench bench;
    week_bench_open_week(&bench, "repeats: [{from: 18:00, until: 18:20, pitch: 20}]\n", "");
    const int64_t start_ms =
        week_bench_frame(&bench, "2020-02-17", "08:00") / FRAMES_PER_SECOND * 1000;
    struct library_asset film = {.house_number = (char[]){"L1"},
                                 .profile = bench.profile->name,
                                 .created_ms = start_ms - 60000,
                                 .duration = 20 * MINUTE_FRAMES};
    snprintf(film.sha256, sizeof(film.sha256), "%064x", 77u);
    assert_int_equal(library_add(bench.library, &film), 0);
    struct plan *base = week_bench_compile_one(&bench, "2020-02-17");
    assert_string_equal(week_bench_at(&bench, base, "2020-02-17", "08:00")->asset, film.sha256);
    /* a newer one, which is too late by any limit, takes no part */
    struct library_asset newer = film;
    newer.created_ms = start_ms - 30000;
    snprintf(newer.sha256, sizeof(newer.sha256), "%064x", 78u);
    assert_int_equal(library_add(bench.library, &newer), 0);
    bench.cutoff_ms = 15 * 60 * 1000;
    bench.base = base;
    struct plan *plan = week_bench_compile_one(&bench, "2020-02-17");
    assert_string_equal(week_bench_at(&bench, plan, "2020-02-17", "08:00")->asset, film.sha256);
    plan_destroy(plan);
    /* nor does it when the plan begins within the slot, as revisions do */
    struct plan_event *const running =
        &base->events[week_bench_at(&bench, base, "2020-02-17", "08:00") - base->events];
    base->event_count -= (size_t)(running - base->events);
    memmove(base->events, running, base->event_count * sizeof(*running));
    base->events[0].start += 24;
    base->events[0].in_point += 24;
    base->events[0].duration -= 24;
    plan = week_bench_compile_one(&bench, "2020-02-17");
    assert_string_equal(week_bench_at(&bench, plan, "2020-02-17", "08:00")->asset, film.sha256);
    plan_destroy(plan);
    /* an order that has only moved it changes nothing of that */
    struct plan_amendment order = {.id = 1, .kind = "extend", .reason = "test"};
    for (size_t i = 0; i < base->event_count; i++) {
        base->events[i].amendment = order.id;
    }
    assert_int_equal(plan_append_amendment(base, &order), 0);
    plan = week_bench_compile_one(&bench, "2020-02-17");
    assert_string_equal(week_bench_at(&bench, plan, "2020-02-17", "08:00")->asset, film.sha256);
    plan_destroy(plan);
    /* what an order of an operator put there did not come in time by that */
    base->amendments[0].kind = "replace";
    base->amendments[0].asset = film.sha256;
    plan = week_bench_compile_one(&bench, "2020-02-17");
    assert_string_not_equal(week_bench_at(&bench, plan, "2020-02-17", "08:00")->asset, film.sha256);
    plan_destroy(plan);
    plan_destroy(base);
    week_bench_finish(&bench);
}

/* Clears whatever is on its list. */
struct list_clearance {
    struct clearance clearance; /* first */
    const char *first;          /* may have its first run */
    const char *repeat;         /* may be repeated */
};

static bool may_air(const struct clearance *self, const struct airing *airing)
{
    const struct list_clearance *list = (const struct list_clearance *)self;
    const char *cleared = airing->is_repeat ? list->repeat : list->first;
    return cleared != NULL && strcmp(cleared, airing->sha256) == 0;
}

static void case_06_a_live_recording_is_repeated_only_once_it_is_approved(void **state)
{
    (void)state;
    struct week_bench bench;
    static const char text[] =
        "format: 1\nchannel: a\nlessons:\n  - {house_number: A, title: a, live: studio}\n"
        "periods: [{name: p, start: 8:00, end: 8:20}]\ndays: [周一]\ngrid: {p: [A]}\n"
        "repeats: {from: 18:00, until: 18:20, pitch: 20}\n";
    struct list_clearance list = {.clearance = {.may_air = may_air}};
    week_bench_parse(&bench, text, NULL);
    const char *recording = week_bench_add(&bench, "A", ASSET_LESSON, 20 * MINUTE_FRAMES);
    bench.clearance = &list.clearance;
    struct plan *plan = week_bench_compile_one(&bench, "2020-02-17");
    assert_int_equal(week_bench_at(&bench, plan, "2020-02-17", "08:00")->kind, EVENT_LIVE);
    const struct plan_event *event = week_bench_at(&bench, plan, "2020-02-17", "18:00");
    assert_string_equal(event->asset, "");
    assert_non_null(strstr(event->reason, "not approved yet"));
    plan_destroy(plan);
    list.repeat = recording;
    plan = week_bench_compile_one(&bench, "2020-02-17");
    assert_string_equal(week_bench_at(&bench, plan, "2020-02-17", "18:00")->asset, recording);
    plan_destroy(plan);
    week_bench_finish(&bench);
}

/* --- 7, 8: versions and districts ------------------------------------------------------------ */

static void case_07_one_asset_airs_on_several_channels_each_with_its_own_approval(void **state)
{
    (void)state;
    struct week_bench bench;
    struct list_clearance refused = {.clearance = {.may_air = may_air}};
    week_bench_open_week(&bench, "", "");
    struct plan *here = week_bench_compile_one(&bench, "2020-02-17");
    bench.clearance = &refused.clearance; /* another district has not approved it */
    struct plan *there = week_bench_compile_one(&bench, "2020-02-17");
    assert_string_equal(week_bench_at(&bench, here, "2020-02-17", "08:00")->house_number, "L1");
    assert_string_equal(week_bench_at(&bench, there, "2020-02-17", "08:00")->instead_of, "L1");
    plan_destroy(here);
    plan_destroy(there);
    week_bench_finish(&bench);
}

static void case_08_a_revised_file_is_not_used_before_it_is_approved(void **state)
{
    (void)state;
    struct week_bench bench;
    struct list_clearance list = {.clearance = {.may_air = may_air}};
    week_bench_open_week(&bench, "repeats: {from: 18:00, until: 18:20, pitch: 20}\n", "");
    char first[SHA256_HEX_SIZE];
    snprintf(first, sizeof(first), "%s",
             library_find(bench.library, bench.profile->name, "L1")->sha256);
    const char *second = week_bench_add(&bench, "L1", ASSET_LESSON, 19 * MINUTE_FRAMES);
    list.first = first;
    list.repeat = first;
    bench.clearance = &list.clearance;
    struct plan *plan = week_bench_compile_one(&bench, "2020-02-17");
    assert_string_equal(week_bench_at(&bench, plan, "2020-02-17", "18:00")->asset, first);
    plan_destroy(plan);
    list.repeat = second; /* approved for the repeat alone */
    plan = week_bench_compile_one(&bench, "2020-02-17");
    assert_string_equal(week_bench_at(&bench, plan, "2020-02-17", "08:00")->asset, first);
    assert_string_equal(week_bench_at(&bench, plan, "2020-02-17", "18:00")->asset, second);
    plan_destroy(plan);
    week_bench_finish(&bench);
}

/* --- 11, 12: changes, and days that do not end at midnight ---------------------------------------
 */

static void case_12_slots_past_midnight_belong_to_the_day_before(void **state)
{
    (void)state;
    struct week_bench bench;
    static const char text[] = "format: 1\nchannel: a\nlessons: [{house_number: A, title: a}]\n"
                               "periods:\n  - {name: p, start: 23:50, end: 24:10}\n  - {name: q, "
                               "start: 25:00, end: 25:20}\n"
                               "days: [周一]\ngrid: {p: [A], q: [A]}\n";
    week_bench_parse(&bench, text, NULL);
    week_bench_add_lessons(&bench, 20 * 60);
    struct plan *plan = week_bench_compile(&bench, "2020-02-18", "2020-02-19"); /* Tuesday */
    const struct plan_event *event = week_bench_at(&bench, plan, "2020-02-18", "00:05");
    assert_int_equal(event->start, week_bench_frame(&bench, "2020-02-17", "23:50"));
    event = week_bench_at(&bench, plan, "2020-02-18", "01:00");
    assert_string_equal(event->house_number, "A");
    assert_int_equal(event->start, week_bench_frame(&bench, "2020-02-18", "01:00"));
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void case_12_a_list_may_be_empty_or_last_24_hours(void **state)
{
    (void)state;
    struct week_bench bench;
    week_bench_parse(
        &bench,
        "format: 1\nchannel: a\nperiods: []\ndays: [周一]\n"
        "rotations: [{name: r, start: 0:00, end: 24:00, list: [A, B], when: always}]\n",
        NULL);
    week_bench_add(&bench, "A", ASSET_LESSON, 30 * MINUTE_FRAMES);
    week_bench_add(&bench, "B", ASSET_LESSON, 30 * MINUTE_FRAMES);
    struct plan *plan = week_bench_compile(&bench, "2020-02-17", "2020-02-19");
    for (size_t i = 0; i < plan->event_count; i++) {
        assert_int_equal(plan->events[i].kind, EVENT_REPEAT);
    }
    assert_int_equal(plan->event_count, 96);
    plan_destroy(plan);
    week_bench_finish(&bench);
    week_bench_parse(&bench, "format: 1\nchannel: a\nperiods: []\ndays: [周一]\n", NULL);
    plan = week_bench_compile(&bench, "2020-02-17", "2020-02-19");
    assert_int_equal(plan->events[0].kind, EVENT_SLATE);
    plan_destroy(plan);
    week_bench_finish(&bench);
}

/* --- 15, 17, 18
 * ------------------------------------------------------------------------------------ */

static void case_15_texts_of_any_kind_pass_into_the_plan_unharmed(void **state)
{
    (void)state;
    struct week_bench bench;
    static const char text[] =
        "format: 1\nchannel: a\nlessons:\n"
        "  - {house_number: A, title: \"a²+b²=c² “喆·㎡”—\\u202e\\u200b<b>\"}\n"
        "periods: [{name: p, start: 8:00, end: 8:20}]\ndays: [周一]\n"
        "grid: {p: [A]}\n";
    week_bench_parse(&bench, text, NULL);
    struct plan *plan = week_bench_compile_one(&bench, "2020-02-17");
    char path[] = "/tmp/test_edge_cases.XXXXXX";
    struct problems problems;
    struct plan *back = NULL;
    assert_true(mkstemp(path) >= 0);
    plan->revision = 1;
    plan->effective = plan->events[0].start;
    for (size_t i = 0; i < plan->event_count; i++) {
        plan->events[i].seq = (int64_t)i + 1;
        plan->events[i].programme = (int64_t)i + 1;
    }
    assert_int_equal(plan_save(path, plan, "Asia/Shanghai"), 0);
    problems_init(&problems);
    assert_int_equal(plan_load(path, &back, &problems), 0);
    assert_string_equal(week_bench_at(&bench, back, "2020-02-17", "08:00")->title,
                        week_bench_at(&bench, plan, "2020-02-17", "08:00")->title);
    assert_int_equal(remove(path), 0);
    problems_finish(&problems);
    plan_destroy(back);
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void case_17_shared_media_has_no_first_run_and_is_not_repeated(void **state)
{
    (void)state;
    struct week_bench bench;
    static const char text[] =
        "format: 1\nchannel: a\nlessons:\n  - {house_number: PE, title: 体育, shared: true}\n"
        "  - {house_number: A, title: a}\n"
        "periods:\n  - {name: p, start: 8:00, end: 8:20}\n  - {name: q, start: 8:20, end: 8:40}\n"
        "  - {name: r, start: 8:40, end: 9:00}\n"
        "days: [周一]\ngrid: {p: [PE], q: [A], r: [PE]}\n"
        "breaks: [{name: 眼保健操, start: 9:00, end: 9:05, house_number: EYE}]\n"
        "repeats: {from: 18:00, until: 20:00, pitch: 20}\n";
    week_bench_parse(&bench, text, NULL);
    week_bench_add_lessons(&bench, 20 * 60);
    week_bench_add(&bench, "EYE", ASSET_CARD, 5 * MINUTE_FRAMES);
    struct plan *plan = week_bench_compile_one(&bench, "2020-02-17");
    int repeats = 0;
    for (size_t i = 0; i < plan->event_count; i++) {
        repeats += plan->events[i].kind == EVENT_REPEAT;
    }
    assert_int_equal(repeats, 1);
    assert_string_equal(week_bench_at(&bench, plan, "2020-02-17", "18:00")->house_number, "A");
    assert_int_equal(week_bench_at(&bench, plan, "2020-02-17", "08:50")->kind, EVENT_CARD);
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void case_18_a_fixed_relay_interrupts_the_repeats_which_go_on_after_it(void **state)
{
    (void)state;
    struct week_bench bench;
    week_bench_open_week(
        &bench,
        "relays: [{name: 新闻, start: 18:30, end: 19:00, days: [周日]}]\n"
        "repeats: {of: [周一, 周二, 周三, 周四], days: [周日], from: 18:00, until: 20:00, pitch: "
        "20}\n",
        "");
    struct plan *plan = week_bench_compile_one(&bench, "2020-02-23");
    static const struct {
        const char *clock;
        const char *number;
    } repeats[] = {{"18:00", "L1"}, {"19:00", "L2"}, {"19:20", "L3"}, {"19:40", "L4"}};
    for (size_t i = 0; i < 4; i++) {
        const struct plan_event *event =
            week_bench_at(&bench, plan, "2020-02-23", repeats[i].clock);
        assert_int_equal(event->start, week_bench_frame(&bench, "2020-02-23", repeats[i].clock));
        assert_string_equal(event->house_number, repeats[i].number);
    }
    assert_string_equal(week_bench_at(&bench, plan, "2020-02-23", "18:30")->title, "新闻");
    plan_destroy(plan);
    week_bench_finish(&bench);
}

/* --- 20, 21, 22
 * -------------------------------------------------------------------------------------- */

static void case_21_a_signed_repeat_is_announced_at_the_first_run(void **state)
{
    (void)state;
    struct week_bench bench;
    static const char text[] =
        "format: 1\nchannel: a\nlessons:\n"
        "  - {house_number: A, title: a, teacher: 甲, signed: repeat, subtitles: true}\n"
        "periods: [{name: p, start: 8:00, end: 8:20}]\ndays: [周一]\ngrid: {p: [A]}\n"
        "repeats: {from: 18:00, until: 18:20, pitch: 20}\n";
    week_bench_parse(&bench, text, NULL);
    week_bench_add_lessons(&bench, 20 * 60);
    struct plan *plan = week_bench_compile_one(&bench, "2020-02-17");
    const struct plan_event *first = week_bench_at(&bench, plan, "2020-02-17", "08:00");
    const struct plan_event *repeat = week_bench_at(&bench, plan, "2020-02-17", "18:00");
    assert_false(first->is_signed);
    assert_non_null(strstr(first->text, "重播带手语"));
    assert_true(repeat->is_signed);
    assert_null(strstr(repeat->text, "重播带手语"));
    assert_true(first->has_subtitles && repeat->has_subtitles);
    plan_destroy(plan);
    week_bench_finish(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_04_overrun_is_cut_trimmed_or_ripples_but_never_over_a_fixed_event),
        cmocka_unit_test(case_04_a_short_file_is_filled_to_its_slots_end),
        cmocka_unit_test(
            case_05_a_missing_file_is_replaced_by_its_substitute_and_airs_when_it_comes),
        cmocka_unit_test(case_05_a_file_that_comes_within_15_minutes_waits_for_the_repeat),
        cmocka_unit_test(case_05_a_new_limit_takes_nothing_off_the_air),
        cmocka_unit_test(case_06_a_live_recording_is_repeated_only_once_it_is_approved),
        cmocka_unit_test(case_07_one_asset_airs_on_several_channels_each_with_its_own_approval),
        cmocka_unit_test(case_08_a_revised_file_is_not_used_before_it_is_approved),
        cmocka_unit_test(case_12_slots_past_midnight_belong_to_the_day_before),
        cmocka_unit_test(case_12_a_list_may_be_empty_or_last_24_hours),
        cmocka_unit_test(case_15_texts_of_any_kind_pass_into_the_plan_unharmed),
        cmocka_unit_test(case_17_shared_media_has_no_first_run_and_is_not_repeated),
        cmocka_unit_test(case_18_a_fixed_relay_interrupts_the_repeats_which_go_on_after_it),
        cmocka_unit_test(case_21_a_signed_repeat_is_announced_at_the_first_run),
    };
    return cmocka_run_group_tests_name("edge_cases", tests, NULL, NULL);
}
