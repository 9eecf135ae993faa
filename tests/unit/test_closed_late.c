/* SPDX-License-Identifier: MIT */
/* What is said of a closed list that is otherwise than the files now: the gravest thing alone, and
 * what airs twice. */
#include "tools/closed_late.h"

#include "playout/zone.h"
#include "scheduler/timetable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A week that airs A1, B1 on Monday. */
#define WEEK                                                                                       \
    "format: 1\nchannel: a\nfillers: [F1, F2]\n"                                                   \
    "lessons:\n"                                                                                   \
    "  - {house_number: A1, title: one, substitute: S1}\n"                                         \
    "  - {house_number: B1, title: two}\n"                                                         \
    "periods: [{name: p1, start: 8:00, end: 8:20}, {name: p2, start: 9:00, end: 9:20}]\n"          \
    "days: [周一, 周二]\n"                                                                     \
    "grid: {p1: [A1, ~], p2: [B1, A1]}\n"

static struct timetable *parse(const char *text)
{
    const struct timetable_source source = {"a.yaml", text, strlen(text)};
    struct timetable *timetable = NULL;
    struct problems problems;
    problems_init(&problems);
    if (timetable_parse(&source, 1, NULL, NULL, &timetable, &problems) < 0) {
        problems_print(&problems, stderr);
        fail();
    }
    problems_finish(&problems);
    return timetable;
}

/* The week with one text in place of another; the same text: nothing has changed. */
static struct timetable *changed(const char *old, const char *fresh)
{
    char *text = NULL;
    const char *at = strstr(WEEK, old);
    assert_non_null(at);
    assert_true(asprintf(&text, "%.*s%s%s", (int)(at - WEEK), WEEK, fresh, at + strlen(old)) > 0);
    struct timetable *timetable = parse(text);
    free(text);
    return timetable;
}

static int64_t a_monday(void)
{
    return civil_days(2020, 2, 17);
}

static void each_change_is_told_with_what_stands_in_list_and_files(void **state)
{
    static const struct {
        const char *old;
        const char *fresh;
        const char *said; /* NULL: nothing */
    } cases[] = {
        {"A1, ~", "A1, ~", NULL},
        {"B1, A1", "B1, ~", NULL}, /* of another day */
        {"p1: [A1,", "p1: [B1,", "first there: 08:00-08:20 A1; the files: 08:00-08:20 B1."},
        {"p2: [B1,", "p2: [~,", "first there: 09:00-09:20 B1; the files: nothing."},
        {"p1: [A1,", "p1: [~,", "first there: 08:00-08:20 A1; the files: nothing."},
        {"start: 8:00", "start: 7:50", "first there: nothing; the files: 07:50-08:20 A1."},
        {"title: one", "title: three", "title of 08:00-08:20 A1 there: one; in the files: three."},
        {"substitute: S1", "teacher: 王", "substitute of 08:00-08:20 A1 there: S1; in the files:"},
        {"[F1, F2]", "[F1]", "fillers there: F1 F2; in the files: F1."},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct timetable *list = parse(WEEK);
        struct timetable *files = changed(cases[i].old, cases[i].fresh);
        struct frozen_day closed = {.date = a_monday(), .timetable = list};
        const struct frozen_days days = {&closed, 1};
        struct problems problems;
        problems_init(&problems);
        closed_late_warn("a", &days, 0, files, &problems);
        assert_int_equal(problems.count, cases[i].said != NULL ? 1 : 0);
        if (cases[i].said != NULL && strstr(problems.items[0].text, cases[i].said) == NULL) {
            fail_msg("'%s' does not say '%s'", problems.items[0].text, cases[i].said);
        }
        problems_finish(&problems);
        timetable_destroy(list);
        timetable_destroy(files);
    }
}

/* Its list airs all the same; `ketang check` says elsewhere that there is no timetable. */
static void without_a_timetable_nothing_is_compared(void **state)
{
    struct timetable *list = parse(WEEK);
    struct frozen_day closed = {.date = a_monday(), .timetable = list};
    const struct frozen_days days = {&closed, 1};
    struct problems problems;
    (void)state;
    problems_init(&problems);
    closed_late_warn("a", &days, 0, NULL, &problems);
    assert_int_equal(problems.count, 0);
    problems_finish(&problems);
    timetable_destroy(list);
}

/* Monday and Tuesday are closed, or Monday alone, when the files come to move lessons away. */
static void lessons_that_are_moved_off_a_closed_day_air_twice(void **state)
{
    static const struct {
        const char *dates;
        size_t closed;
        const char *said; /* NULL: not twice */
    } cases[] = {
        {"{date: 2020-02-17, suspended: 顺延}", 1,
         "on that day, for its list is closed, and on 2020-02-18"},
        {"{date: 2020-02-17, suspended: 顺延}", 2, NULL}, /* Tuesday's list holds Tuesday's */
        {"{date: 2020-02-18, suspended: 顺延}", 1, NULL},
        {"{date: 2020-02-17, suspended: 停上}", 1, NULL},
        {"{date: 2020-02-17, suspended: 补}, {date: 2020-02-22, runs: 2020-02-17}", 1,
         "on 2020-02-22"},
        {"{date: 2020-02-22, runs: 2020-02-17}", 1, NULL}, /* meant to air on both */
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text = NULL;
        assert_true(asprintf(&text, "%sdates: [%s]\n", WEEK, cases[i].dates) > 0);
        struct timetable *list = parse(WEEK);
        struct timetable *files = parse(text);
        struct frozen_day closed[] = {{.date = a_monday(), .timetable = list},
                                      {.date = a_monday() + 1, .timetable = list}};
        const struct frozen_days days = {closed, cases[i].closed};
        struct problems problems;
        const char *said = NULL;
        problems_init(&problems);
        closed_late_warn("a", &days, 0, files, &problems);
        for (size_t k = 0; k < problems.count; k++) {
            const char *is_twice = strstr(problems.items[k].text, "air twice");
            said = is_twice != NULL ? problems.items[k].text : said;
        }
        if ((said == NULL) != (cases[i].said == NULL) ||
            (said != NULL && strstr(said, cases[i].said) == NULL)) {
            fail_msg("%s: said '%s'", cases[i].dates, said != NULL ? said : "");
        }
        problems_finish(&problems);
        timetable_destroy(list);
        timetable_destroy(files);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change_is_told_with_what_stands_in_list_and_files),
        cmocka_unit_test(lessons_that_are_moved_off_a_closed_day_air_twice),
        cmocka_unit_test(without_a_timetable_nothing_is_compared),
    };
    return cmocka_run_group_tests_name("closed_late", tests, NULL, NULL);
}
