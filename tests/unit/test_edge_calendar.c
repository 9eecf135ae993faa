/* SPDX-License-Identifier: MIT */
/*
 * Edge cases of the trade, by number: which day it is, and what is changed
 * for one day (test_edge_cases.c has the others).
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

/* The first run of a date; "-" when there is none. */
static const char *lesson_of(const struct week_bench *bench, const char *date)
{
    struct day day;
    const char *number = "-";
    assert_int_equal(day_resolve(bench->timetable, week_bench_date(date), NULL, &day), 0);
    for (size_t i = 0; i < day.count; i++) {
        if (day.slots[i].kind == SLOT_LESSON) {
            number = day.slots[i].lesson->house_number;
            break;
        }
    }
    day_finish(&day);
    return number;
}

struct expected_day {
    const char *date;
    const char *lesson;
};

static void check_days(const struct week_bench *bench, const struct expected_day *days,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(lesson_of(bench, days[i].date), days[i].lesson) != 0) {
            fail_msg("%s: %s, expected %s", days[i].date, lesson_of(bench, days[i].date),
                     days[i].lesson);
        }
    }
}

#define CHECK_DAYS(bench, days) check_days(bench, days, sizeof(days) / sizeof((days)[0]))

static void case_01_a_weekend_or_a_weekday_runs_another_days_timetable(void **state)
{
    (void)state;
    struct week_bench bench;
    week_bench_open_week(&bench, "",
                         "  - {date: 2020-02-22, runs: 2020-02-18}\n" /* Saturday runs Tuesday */
                         "  - {date: 2020-02-28, runs: 周一, reason: 调课}\n");
    const struct expected_day days[] = {
        {"2020-02-22", "L2"}, {"2020-02-28", "L1"}, {"2020-02-27", "L4"}, {"2020-02-29", "-"}};
    CHECK_DAYS(&bench, days);
    struct plan *plan = week_bench_compile_one(&bench, "2020-02-28");
    const struct plan_event *event = week_bench_at(&bench, plan, "2020-02-28", "08:00");
    assert_string_equal(event->timetable_day, "周一");
    assert_string_equal(event->source, "a.yaml:13 cal.yaml:5");
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void case_01_a_change_from_before_the_swap_is_told_of(void **state)
{
    (void)state;
    struct week_bench bench;
    static const char change[] =
        "changes:\n"
        "  - {date: 2020-02-28, period: p, house_number: ODD, reason: r}\n";
    static const char swap[] = "  - {date: 2020-02-28, runs: 周一, reason: 调休}\n";
    week_bench_open_week(&bench, change, swap);
    assert_true(week_bench_says(&bench, "change-on-swapped-day",
                                "change of 2020-02-28 may be older than that day's running the "
                                "timetable of 2020-02-24, Monday (cal.yaml, line 4)"));
    week_bench_finish(&bench);
    week_bench_open_week(&bench, change, "  - {date: 2020-02-27, runs: 周一}\n");
    assert_false(week_bench_says(&bench, "change-on-swapped-day", ""));
    week_bench_finish(&bench);
    week_bench_open_week(&bench,
                         "changes:\n  - {date: 2020-02-17, period: p, reason: r, "
                         "swap: {date: 2020-02-28, period: p}}\n",
                         swap);
    assert_true(week_bench_says(&bench, "change-on-swapped-day", "change of 2020-02-28"));
    week_bench_finish(&bench);
    week_bench_open_week(&bench,
                         "accept: {change-on-swapped-day: r}\nchanges:\n"
                         "  - {date: 2020-02-28, period: p, house_number: ODD, reason: r}\n",
                         swap);
    assert_false(week_bench_says(&bench, "change-on-swapped-day", ""));
    week_bench_finish(&bench);
}

static void case_02_shifting_differs_from_making_up_and_from_dropping(void **state)
{
    (void)state;
    struct week_bench bench;
    week_bench_open_week(&bench, "", "  - {date: 2020-02-18, suspended: 顺延, reason: 检修}\n");
    const struct expected_day shifted[] = {
        {"2020-02-17", "L1"}, {"2020-02-18", "-"}, {"2020-02-19", "L2"}, {"2020-02-20", "L3"},
        {"2020-02-21", "L4"}, {"2020-02-22", "-"}, {"2020-02-24", "L5"}, {"2020-02-25", "L1"},
        {"2020-06-26", "L4"}}; /* to the end of the term */
    CHECK_DAYS(&bench, shifted);
    assert_true(week_bench_says(&bench, "shifted-out", "last 1 day have no day left"));
    week_bench_finish(&bench);

    week_bench_open_week(&bench, "", "  - {date: 2020-02-18, suspended: 停上}\n");
    const struct expected_day dropped[] = {
        {"2020-02-18", "-"}, {"2020-02-19", "L3"}, {"2020-02-24", "L1"}};
    CHECK_DAYS(&bench, dropped);
    week_bench_finish(&bench);

    week_bench_open_week(
        &bench, "",
        "  - {date: 2020-02-18, suspended: 补}\n  - {date: 2020-02-22, runs: 2020-02-18}\n");
    const struct expected_day made_up[] = {
        {"2020-02-18", "-"}, {"2020-02-19", "L3"}, {"2020-02-22", "L2"}, {"2020-02-24", "L1"}};
    CHECK_DAYS(&bench, made_up);
    assert_false(week_bench_says(&bench, "make-up-missing", ""));
    week_bench_finish(&bench);

    week_bench_open_week(&bench, "",
                         "  - {date: 2020-02-18, suspended: 补}\n"
                         "  - {date: 2020-02-19, suspended: 顺延}\n"
                         "  - {date: 2020-02-22, runs: 2020-02-18}\n");
    const struct expected_day both[] = {{"2020-02-18", "-"},  {"2020-02-19", "-"},
                                        {"2020-02-20", "L3"}, {"2020-02-21", "L4"},
                                        {"2020-02-22", "L2"}, {"2020-02-24", "L5"}};
    CHECK_DAYS(&bench, both);
    week_bench_finish(&bench);

    /* A written 调休 is pushed back as any school day, and that is said. */
    static const char swap[] = "  - {date: 2020-02-18, suspended: 顺延}\n"
                               "  - {date: 2020-02-22, runs: 周一}\n";
    week_bench_open_week(&bench, "", swap);
    const struct expected_day pushed[] = {{"2020-02-21", "L4"}, {"2020-02-22", "L5"}};
    CHECK_DAYS(&bench, pushed);
    assert_true(week_bench_says(&bench, "swapped-day-shifted",
                                "2020-02-22 is to run the timetable of 2020-02-17 here, and holds "
                                "that of 2020-02-21"));
    week_bench_finish(&bench);

    week_bench_open_week(&bench, "accept: {swapped-day-shifted: r}\n", swap);
    assert_false(week_bench_says(&bench, "swapped-day-shifted", ""));
    week_bench_finish(&bench);

    week_bench_open_week(&bench, "", "  - {date: 2020-02-18, suspended: 补}\n");
    assert_true(week_bench_says(&bench, "make-up-missing", "2020-02-18"));
    week_bench_finish(&bench);
}

static void case_02_odd_and_even_follow_the_day_that_is_run(void **state)
{
    (void)state;
    struct week_bench bench;
    /* Thursdays of odd weeks have another lesson. */
    static const char odd[] = "weeks: [{week: 单周, days: [周四], grid: {p: [ODD]}}]\n";
    week_bench_open_week(&bench, odd,
                         "  - {date: 2020-02-22, runs: 单周周四, reason: 补}\n" /* of week 1 */
                         "  - {date: 2020-02-29, runs: 2020-02-20}\n");         /* of week 2 */
    const struct expected_day days[] = {{"2020-02-13", "ODD"},
                                        {"2020-02-20", "L4"},
                                        {"2020-02-22", "ODD"},
                                        {"2020-02-27", "ODD"},
                                        {"2020-02-29", "L4"}};
    CHECK_DAYS(&bench, days);
    week_bench_finish(&bench);
}

static void case_03_a_make_up_day_keeps_its_week_and_repeats_skip_holidays(void **state)
{
    (void)state;
    struct week_bench bench;
    static const char more[] = "weeks: [{week: 第2周, days: [周五], grid: {p: [ODD]}}]\n"
                               "repeats: [{of: 前一日, from: 18:00, until: 19:00, pitch: 25}]\n";
    week_bench_open_week(&bench, more,
                         "  - {date: 2020-03-07, runs: 2020-02-21}\n" /* week 4 makes up week 2 */
                         "  - {date: 2020-02-18, until: 2020-02-19, holiday: 节}\n");
    assert_string_equal(lesson_of(&bench, "2020-03-07"), "ODD");
    struct day day;
    day_look_up(bench.timetable, week_bench_date("2020-03-07"), &day);
    assert_int_equal(day.week, 2);
    /* Monday's lesson is repeated on the next school day, Thursday. */
    struct plan *plan = week_bench_compile_one(&bench, "2020-02-18");
    assert_int_equal(week_bench_at(&bench, plan, "2020-02-18", "18:00")->kind, EVENT_SLATE);
    plan_destroy(plan);
    plan = week_bench_compile_one(&bench, "2020-02-20");
    const struct plan_event *event = week_bench_at(&bench, plan, "2020-02-20", "18:00");
    assert_int_equal(event->kind, EVENT_REPEAT);
    assert_string_equal(event->house_number, "L1");
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void case_11_one_off_changes_go_over_all_layers_and_say_why(void **state)
{
    (void)state;
    struct week_bench bench;
    static const char more[] =
        "weeks: [{week: 第2周, days: [周三], grid: {p: [ODD]}}]\n"
        "changes:\n"
        "  - {date: 2020-02-18, period: p, house_number: L5, reason: 换课}\n"
        "  - {date: 2020-02-19, period: p, house_number: ~, reason: 停播}\n"
        "  - {date: 2020-02-20, period: p, swap: {date: 2020-02-21, period: p}, reason: 对调}\n"
        "  - {date: 2020-02-24, start: 7:50, end: 8:10, house_number: L3, reason: 通知}\n";
    week_bench_open_week(&bench, more, "");
    const struct expected_day days[] = {{"2020-02-18", "L5"}, {"2020-02-19", "-"},
                                        {"2020-02-20", "L5"}, {"2020-02-21", "L4"},
                                        {"2020-02-24", "L3"}, {"2020-02-26", "L3"}};
    CHECK_DAYS(&bench, days);
    struct plan *plan = week_bench_compile_one(&bench, "2020-02-18");
    const struct plan_event *event = week_bench_at(&bench, plan, "2020-02-18", "08:00");
    assert_string_equal(event->reason, "换课");
    assert_string_equal(event->source, "a.yaml:16");
    plan_destroy(plan);
    week_bench_finish(&bench);
}

static void case_11_a_change_over_a_part_of_a_lesson_is_told_of(void **state)
{
    (void)state;
    static const struct {
        const char *change; /* of a Wednesday whose lesson, L3, is from 8:00 to 8:20 */
        const char *name;   /* of the one warning; NULL: none */
        const char *text;
    } cases[] = {
        {"start: 8:10, end: 8:11, house_number: ODD, name: 通知", "change-covers-lesson",
         "change of 2020-02-19, 08:10-08:11, takes the whole of 'p', 08:00-08:20, away: lesson "
         "'L3' does not air"},
        {"start: 8:10, end: 8:11, house_number: ODD, name: 通知", "change-covers-lesson",
         "ketang insert a ODD --at \"2020-02-19 08:10\""},
        {"start: 8:15, end: 9:10, house_number: ODD", "change-covers-lesson", "'L3'"},
        {"start: 8:00, end: 8:20, house_number: ODD", "change-covers-lesson", NULL},
        {"start: 8:20, end: 9:10, house_number: ODD", "change-covers-lesson", NULL},
        {"start: 7:00, end: 7:15, house_number: ODD", "too-long",
         "'ODD' is 300 s longer than the 15:00 of this change"},
        {"start: 7:00, end: 7:20, house_number: ODD", "too-long", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct week_bench bench;
        char text[256];
        snprintf(text, sizeof(text), "changes:\n  - {date: 2020-02-19, %s, reason: r}\n",
                 cases[i].change);
        week_bench_open_week(&bench, text, "");
        compile_warn(bench.timetable, bench.library, bench.profile, &bench.problems);
        const char *said = cases[i].text != NULL ? cases[i].text : "";
        if (week_bench_says(&bench, cases[i].name, said) != (cases[i].text != NULL)) {
            problems_print(&bench.problems, stderr);
            fail_msg("%s: %s", cases[i].change, said);
        }
        week_bench_finish(&bench);
    }
}

static void case_20_days_taken_by_another_owner_shift_in_bulk_and_come_back(void **state)
{
    (void)state;
    struct week_bench bench;
    week_bench_open_week(
        &bench,
        "dates: [{date: 2020-02-18, until: 2020-02-20, suspended: 顺延, reason: 占用频道}]\n", "");
    const struct expected_day shifted[] = {
        {"2020-02-17", "L1"}, {"2020-02-18", "-"},  {"2020-02-19", "-"}, {"2020-02-20", "-"},
        {"2020-02-21", "L2"}, {"2020-02-24", "L3"}, {"2020-02-25", "L4"}};
    CHECK_DAYS(&bench, shifted);
    week_bench_finish(&bench);
    week_bench_open_week(&bench, "", ""); /* the line taken out again */
    const struct expected_day undone[] = {{"2020-02-18", "L2"}, {"2020-02-21", "L5"}};
    CHECK_DAYS(&bench, undone);
    week_bench_finish(&bench);
}

static void case_22_a_holiday_has_no_lessons_and_is_no_mistake(void **state)
{
    (void)state;
    struct week_bench bench;
    week_bench_open_week(&bench, "fillers: [F]\n", "  - {date: 2020-02-19, holiday: 节}\n");
    week_bench_add(&bench, "F", ASSET_FILLER, MINUTE_FRAMES);
    struct plan *plan = week_bench_compile_one(&bench, "2020-02-19");
    for (size_t i = 0; i < plan->event_count; i++) {
        assert_int_equal(plan->events[i].kind, EVENT_FILLER);
        assert_null(plan->events[i].instead_of);
    }
    struct day day;
    day_look_up(bench.timetable, week_bench_date("2020-02-19"), &day);
    assert_int_equal(day.kind, DAY_HOLIDAY);
    assert_string_equal(day.rule->reason, "节");
    plan_destroy(plan);
    week_bench_finish(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_01_a_weekend_or_a_weekday_runs_another_days_timetable),
        cmocka_unit_test(case_01_a_change_from_before_the_swap_is_told_of),
        cmocka_unit_test(case_02_shifting_differs_from_making_up_and_from_dropping),
        cmocka_unit_test(case_02_odd_and_even_follow_the_day_that_is_run),
        cmocka_unit_test(case_03_a_make_up_day_keeps_its_week_and_repeats_skip_holidays),
        cmocka_unit_test(case_11_one_off_changes_go_over_all_layers_and_say_why),
        cmocka_unit_test(case_11_a_change_over_a_part_of_a_lesson_is_told_of),
        cmocka_unit_test(case_20_days_taken_by_another_owner_shift_in_bulk_and_come_back),
        cmocka_unit_test(case_22_a_holiday_has_no_lessons_and_is_no_mistake),
    };
    return cmocka_run_group_tests_name("edge_calendar", tests, NULL, NULL);
}
