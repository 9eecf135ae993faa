/* SPDX-License-Identifier: MIT */
/*
 * The three sample weeks of schedules/samples: what each of them promises.
 * The counts and times are those of the sheets that districts work from.
 */
#include "tests/support/week_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER "schedules/samples"

static const char *const week_2[] = {"2020-02-17", "2020-02-18", "2020-02-19", "2020-02-20",
                                     "2020-02-21"};

static void load(struct week_bench *bench, const char *base, const char *addition, int seconds)
{
    const char *const names[] = {base, addition, NULL};
    week_bench_load(bench, FOLDER, names);
    week_bench_add_lessons(bench, seconds);
}

/* How many events of a kind begin in the plan, the first of each slot. */
static int count_kind(const struct plan *plan, enum event_kind kind)
{
    int count = 0;
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        count += event->kind == kind && event->start == event->programme;
    }
    return count;
}

static int count_grade(const struct plan *plan, const char *grade)
{
    int count = 0;
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        count += event->kind == EVENT_LESSON && event->start == event->programme &&
                 strncmp(event->title, grade, strlen(grade)) == 0;
    }
    return count;
}

static void check_at(const struct week_bench *bench, const struct plan *plan, const char *date,
                     const char *clock, const char *house_number)
{
    const struct plan_event *event = week_bench_at(bench, plan, date, clock);
    if (event->start != week_bench_frame(bench, date, clock) || event->house_number == NULL ||
        strcmp(event->house_number, house_number) != 0) {
        fail_msg("%s %s: %s from %lld, expected %s", date, clock,
                 event->house_number != NULL ? event->house_number : "-", (long long)event->start,
                 house_number);
    }
}

/* --- C-A: primary, shared by grades ------------------------------------------------ */

static void primary_has_50_lessons_5_specials_and_50_repeats(void **state)
{
    (void)state;
    struct week_bench bench;
    load(&bench, "xiaoxue.yaml", "xiaoxue-w02.yaml", 20 * 60);
    struct plan *plan = week_bench_compile(&bench, "2020-02-17", "2020-02-22");
    assert_int_equal(count_kind(plan, EVENT_LESSON), 55);
    assert_int_equal(count_grade(plan, "全体"), 5);
    assert_int_equal(count_kind(plan, EVENT_REPEAT), 50);
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void primary_airs_every_cell_at_its_time_and_repeats_it_in_order(void **state)
{
    (void)state;
    static const char *const starts[] = {"08:30", "08:55", "09:20", "09:45", "10:10",
                                         "10:45", "11:10", "11:35", "14:00", "14:25"};
    struct week_bench bench;
    load(&bench, "xiaoxue.yaml", "xiaoxue-w02.yaml", 20 * 60);
    struct plan *plan = week_bench_compile(&bench, "2020-02-17", "2020-02-22");
    for (int day = 0; day < 5; day++) {
        for (int slot = 0; slot < 10; slot++) {
            char number[32];
            char repeat[WHEN_TEXT_SIZE];
            snprintf(number, sizeof(number), "XX02-%d%02d", day + 1, slot + 1);
            check_at(&bench, plan, week_2[day], starts[slot], number);
            when_clock_text((15 * 60 + 30 + slot * 25) * 60, repeat);
            check_at(&bench, plan, week_2[day], repeat, number);
        }
        /* The last repeat, from 19:15, ends at 19:35. */
        const struct plan_event *last = week_bench_at(&bench, plan, week_2[day], "19:15");
        assert_int_equal(event_end(last), week_bench_frame(&bench, week_2[day], "19:35"));
        /* After the school's lessons, special topics; they are not repeated. */
        const struct plan_event *special = week_bench_at(&bench, plan, week_2[day], "14:50");
        assert_int_equal(special->kind, EVENT_LESSON);
        assert_string_equal(week_bench_at(&bench, plan, week_2[day], "19:40")->title,
                            day < 4 ? "次日预告" : "下周预告");
        assert_string_equal(week_bench_at(&bench, plan, week_2[day], "12:30")->title,
                            "垫播（公益、预告）");
    }
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void primary_leaves_each_grade_115_to_235_minutes_between_lessons(void **state)
{
    (void)state;
    struct week_bench bench;
    int least = INT32_MAX;
    int most = 0;
    load(&bench, "xiaoxue.yaml", "xiaoxue-w02.yaml", 20 * 60);
    for (int i = 0; i < 5; i++) {
        struct day day;
        assert_int_equal(day_resolve_lessons(bench.timetable, week_bench_date(week_2[i]), &day), 0);
        for (size_t a = 0; a < day.count; a++) {
            for (size_t b = a + 1; b < day.count; b++) {
                const struct day_slot *first = &day.slots[a];
                const struct day_slot *second = &day.slots[b];
                if (first->lesson != NULL && second->lesson != NULL &&
                    strcmp(first->lesson->grade, second->lesson->grade) == 0) {
                    const int gap = (second->start - first->end) / 60;
                    least = gap < least ? gap : least;
                    most = gap > most ? gap : most;
                }
            }
        }
        day_finish(&day);
    }
    assert_int_equal(least, 115);
    assert_int_equal(most, 235);
    week_bench_finish(&bench);
}

/* --- C-B: junior, with the news ----------------------------------------------------- */

static void junior_has_60_first_runs_one_of_them_live_and_60_repeats(void **state)
{
    (void)state;
    struct week_bench bench;
    load(&bench, "chuzhong.yaml", "chuzhong-w02.yaml", 25 * 60);
    week_bench_add(&bench, "CZ02-512", ASSET_LESSON, 25 * MINUTE_FRAMES); /* the recording */
    struct plan *plan = week_bench_compile(&bench, "2020-02-17", "2020-02-22");
    int lives = 0;
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        lives += event->kind == EVENT_LIVE && event->start == event->programme &&
                 strcmp(event->title, "新闻联播") != 0;
    }
    assert_int_equal(lives, 1);
    assert_int_equal(count_kind(plan, EVENT_LESSON), 59);
    assert_int_equal(count_kind(plan, EVENT_REPEAT), 60);
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void no_junior_event_crosses_the_news(void **state)
{
    (void)state;
    struct week_bench bench;
    load(&bench, "chuzhong.yaml", "chuzhong-w02.yaml", 29 * 60); /* all files too long */
    struct plan *plan = week_bench_compile(&bench, "2020-02-17", "2020-02-22");
    for (int day = 0; day < 5; day++) {
        const int64_t news = week_bench_frame(&bench, week_2[day], "19:00");
        const int64_t end = week_bench_frame(&bench, week_2[day], "19:30");
        const struct plan_event *event = week_bench_at(&bench, plan, week_2[day], "19:00");
        assert_int_equal(event->start, news);
        assert_string_equal(event->title, "新闻联播");
        assert_int_equal(event_end(event), end);
        char number[32];
        snprintf(number, sizeof(number), "CZ02-%d05", day + 1);
        check_at(&bench, plan, week_2[day], "18:30", number);
        snprintf(number, sizeof(number), "CZ02-%d06", day + 1);
        check_at(&bench, plan, week_2[day], "19:30", number);
    }
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void fridays_live_lesson_repeats_only_when_its_recording_is_there(void **state)
{
    (void)state;
    struct week_bench bench;
    load(&bench, "chuzhong.yaml", "chuzhong-w02.yaml", 25 * 60);
    struct plan *plan = week_bench_compile(&bench, "2020-02-21", "2020-02-22");
    const struct plan_event *event = week_bench_at(&bench, plan, "2020-02-21", "22:30");
    assert_string_equal(event->house_number, "CZ02-404"); /* the planned substitute */
    assert_string_equal(event->instead_of, "CZ02-512");
    assert_non_null(event->reason);
    plan_destroy(plan);
    week_bench_add(&bench, "CZ02-512", ASSET_LESSON, 25 * MINUTE_FRAMES);
    plan = week_bench_compile(&bench, "2020-02-21", "2020-02-22");
    event = week_bench_at(&bench, plan, "2020-02-21", "22:30");
    assert_string_equal(event->house_number, "CZ02-512");
    assert_null(event->instead_of);
    plan_destroy(plan);
    week_bench_finish(&bench);
}

/* --- C-C: grade nine, holidays and swapped days ---------------------------------------- */

static void load_nine(struct week_bench *bench)
{
    load(bench, "jiunian.yaml", "jiunian-w13.yaml", 20 * 60);
    week_bench_add(bench, "JD-01", ASSET_LESSON, 20 * MINUTE_FRAMES);
    week_bench_add(bench, "DB-01", ASSET_FILLER, 2 * MINUTE_FRAMES);
    week_bench_add(bench, "DJS-20", ASSET_CARD, 20 * MINUTE_FRAMES);
    week_bench_add(bench, "YG-03", ASSET_CARD, MINUTE_FRAMES);
}

static void nine_has_24_first_runs_in_four_days_and_24_repeats_twice(void **state)
{
    (void)state;
    struct week_bench bench;
    load_nine(&bench);
    week_bench_add(&bench, "JN13-403", ASSET_LESSON, 20 * MINUTE_FRAMES);
    struct plan *days = week_bench_compile(&bench, "2020-05-06", "2020-05-10");
    struct plan *sunday = week_bench_compile(&bench, "2020-05-10", "2020-05-11");
    /* 23 files, and the live one of which its substitute stands in. */
    assert_int_equal(count_kind(days, EVENT_LESSON) + count_kind(days, EVENT_LIVE), 24);
    assert_int_equal(count_kind(days, EVENT_REPEAT), 24);
    assert_int_equal(count_kind(sunday, EVENT_REPEAT), 24);
    assert_int_equal(count_kind(sunday, EVENT_LESSON), 0);
    plan_destroy(days);
    plan_destroy(sunday);
    week_bench_finish(&bench);
}

static void nines_holiday_has_no_lessons_but_the_holiday_list(void **state)
{
    (void)state;
    struct week_bench bench;
    load_nine(&bench);
    struct plan *plan = week_bench_compile(&bench, "2020-05-04", "2020-05-06");
    assert_int_equal(count_kind(plan, EVENT_LESSON), 0);
    assert_string_equal(week_bench_at(&bench, plan, "2020-05-04", "18:00")->house_number, "JD-01");
    assert_string_equal(week_bench_at(&bench, plan, "2020-05-05", "18:30")->house_number, "JD-01");
    assert_string_equal(week_bench_at(&bench, plan, "2020-05-05", "18:00")->title, "经典重播");
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void saturday_airs_tuesdays_timetable_and_says_so(void **state)
{
    (void)state;
    struct week_bench bench;
    load_nine(&bench);
    struct plan *plan = week_bench_compile(&bench, "2020-05-09", "2020-05-10");
    int lessons = 0;
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        if (event->kind == EVENT_LESSON) {
            assert_string_equal(event->timetable_day, "周二");
            assert_non_null(strstr(event->source, "jiunian-w13.yaml:"));
            assert_non_null(strstr(event->source, "calendars/zibo-2020.yaml:"));
            lessons++;
        }
    }
    assert_int_equal(lessons, 6);
    check_at(&bench, plan, "2020-05-09", "08:40", "JN13-201");
    check_at(&bench, plan, "2020-05-09", "18:00", "JN13-201"); /* its repeat, the same evening */
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void sunday_of_week_11_ran_mondays_timetable_of_week_13(void **state)
{
    (void)state;
    struct week_bench bench;
    load_nine(&bench);
    struct plan *plan = week_bench_compile(&bench, "2020-04-26", "2020-04-27");
    check_at(&bench, plan, "2020-04-26", "08:40", "JN13-101");
    assert_string_equal(week_bench_at(&bench, plan, "2020-04-26", "08:40")->timetable_day, "周一");
    assert_int_equal(count_kind(plan, EVENT_LESSON), 6);
    assert_int_equal(count_kind(plan, EVENT_REPEAT), 6); /* that evening; not a Sunday's list */
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void practice_is_counted_down_and_ends_with_the_card_of_the_next_lesson(void **state)
{
    (void)state;
    struct week_bench bench;
    load_nine(&bench);
    struct plan *plan = week_bench_compile(&bench, "2020-05-06", "2020-05-07");
    const struct plan_event *countdown = week_bench_at(&bench, plan, "2020-05-06", "09:00");
    assert_string_equal(countdown->house_number, "DJS-20");
    assert_int_equal(countdown->start, week_bench_frame(&bench, "2020-05-06", "09:00"));
    assert_int_equal(event_end(countdown), week_bench_frame(&bench, "2020-05-06", "09:20"));
    /* The break before the second lesson ends with the card. */
    const struct plan_event *card = week_bench_at(&bench, plan, "2020-05-06", "09:34:55");
    assert_string_equal(card->house_number, "YG-03");
    assert_int_equal(event_end(card), week_bench_frame(&bench, "2020-05-06", "09:35"));
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void a_live_lesson_of_30_minutes_fits_and_period_4_does_not_move(void **state)
{
    (void)state;
    struct week_bench bench;
    load_nine(&bench);
    struct plan *plan = week_bench_compile(&bench, "2020-05-07", "2020-05-08");
    check_at(&bench, plan, "2020-05-07", "11:25", "JN13-404");
    assert_int_equal(week_bench_at(&bench, plan, "2020-05-07", "10:30")->kind, EVENT_LIVE);
    assert_false(week_bench_says(&bench, "too-long", "'第3节'"));
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void the_planned_trap_is_reported_with_both_ways_out(void **state)
{
    (void)state;
    struct week_bench bench;
    load_nine(&bench);
    assert_true(week_bench_says(&bench, "too-long",
                                "'JN13-403' may last 30:00 and does not fit the 25:00 of its "
                                "repeat '当日重播' on 2020-05-07"));
    assert_true(week_bench_says(&bench, "too-long", "ends at 20:30 instead of 20:25"));
    assert_true(week_bench_says(&bench, "too-long", "ends at 18:00 instead of 17:55"));
    assert_true(week_bench_says(&bench, "too-long", "with 'overrun: trim' it is cut at 20:00"));
    week_bench_finish(&bench);
}

/* The trap, as it airs by each rule: a recording of 30 minutes. */
static void check_trap(const char *overrun, const char *third_end, const char *last_end)
{
    struct week_bench bench;
    char folder[] = "/tmp/test_samples.XXXXXX";
    char command[512];
    assert_non_null(mkdtemp(folder));
    snprintf(command, sizeof(command),
             "cp -r " FOLDER "/* %s && sed -i 's/pitch: 25, rest: filler/&, overrun: %s/' "
             "%s/jiunian.yaml",
             folder, overrun, folder);
    assert_int_equal(system(command), 0);
    const char *const names[] = {"jiunian.yaml", "jiunian-w13.yaml", NULL};
    week_bench_load(&bench, folder, names);
    week_bench_add_lessons(&bench, 20 * 60);
    week_bench_add(&bench, "JN13-403", ASSET_LESSON, 30 * MINUTE_FRAMES);
    struct plan *plan = week_bench_compile(&bench, "2020-05-07", "2020-05-11");
    const struct plan_event *third = week_bench_at(&bench, plan, "2020-05-07", "18:50");
    assert_string_equal(third->house_number, "JN13-403");
    /* Cut at the last legal frame before it; what is not cut ends to the frame. */
    const int64_t wanted = week_bench_frame(&bench, "2020-05-07", third_end);
    assert_true(event_end(third) <= wanted && event_end(third) > wanted - 2 * FRAMES_PER_SECOND);
    const struct plan_event *last = NULL;
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        if (event->kind == EVENT_REPEAT &&
            event->start < week_bench_frame(&bench, "2020-05-08", "00:00")) {
            last = event;
        }
    }
    assert_non_null(last);
    assert_int_equal(event_end(last), week_bench_frame(&bench, "2020-05-07", last_end));
    plan_destroy(plan);
    week_bench_finish(&bench);
    snprintf(command, sizeof(command), "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

static void the_planned_trap_airs_by_the_rule_that_was_chosen(void **state)
{
    (void)state;
    check_trap("cut", "19:15", "20:25");
    check_trap("trim", "19:10", "20:25");
    check_trap("ripple", "19:20", "20:30");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(primary_has_50_lessons_5_specials_and_50_repeats),
        cmocka_unit_test(primary_airs_every_cell_at_its_time_and_repeats_it_in_order),
        cmocka_unit_test(primary_leaves_each_grade_115_to_235_minutes_between_lessons),
        cmocka_unit_test(junior_has_60_first_runs_one_of_them_live_and_60_repeats),
        cmocka_unit_test(no_junior_event_crosses_the_news),
        cmocka_unit_test(fridays_live_lesson_repeats_only_when_its_recording_is_there),
        cmocka_unit_test(nine_has_24_first_runs_in_four_days_and_24_repeats_twice),
        cmocka_unit_test(nines_holiday_has_no_lessons_but_the_holiday_list),
        cmocka_unit_test(saturday_airs_tuesdays_timetable_and_says_so),
        cmocka_unit_test(sunday_of_week_11_ran_mondays_timetable_of_week_13),
        cmocka_unit_test(practice_is_counted_down_and_ends_with_the_card_of_the_next_lesson),
        cmocka_unit_test(a_live_lesson_of_30_minutes_fits_and_period_4_does_not_move),
        cmocka_unit_test(the_planned_trap_is_reported_with_both_ways_out),
        cmocka_unit_test(the_planned_trap_airs_by_the_rule_that_was_chosen),
    };
    return cmocka_run_group_tests_name("samples", tests, NULL, NULL);
}
