/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_date.h"

#include "scheduler/import/import_text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { UNSAID = -1 };

static const char *fold(const char *text, char room[100])
{
    snprintf(room, 100, "%s", text);
    import_text_fold(room);
    return room;
}

static void days_are_read_in_every_style(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int day;
    } cases[] = {
        {"星期一", 0},     {"周一", 0},
        {"一", 0},         {"1", 0},
        {"１", 0},         {"MON", 0},
        {"Tues", 1},       {"周三", 2},
        {"Weds", 2},       {"THUR", 3},
        {"Thu", 3},        {"Thursday", 3},
        {"FRI", 4},        {"礼拜六", 5},
        {"周日", 6},       {"星期天", 6},
        {"日", 6},         {"7", 6},
        {"周7", 6},        {"周八", UNSAID},
        {"8", UNSAID},     {"0", UNSAID},
        {"", UNSAID},      {"Thurday", UNSAID},
        {"Month", UNSAID}, {"周一周二", UNSAID},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char room[100];
        int day = UNSAID;
        if (import_day_read(fold(cases[i].text, room), &day) != (cases[i].day != UNSAID) ||
            day != cases[i].day) {
            fail_msg("'%s' is %d", cases[i].text, day);
        }
    }
}

static void headings_say_dates_days_and_weeks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int year, month, day; /* month UNSAID: no date */
        int weekday;
        int week;
        int runs;
    } cases[] = {
        {"3月9日", 0, 3, 9, UNSAID, UNSAID, UNSAID},
        {"2020-02-17", 2020, 2, 17, UNSAID, UNSAID, UNSAID},
        {"2020/2/17", 2020, 2, 17, UNSAID, UNSAID, UNSAID},
        {"2020.2.17", 2020, 2, 17, UNSAID, UNSAID, UNSAID},
        {"2020年2月17日", 2020, 2, 17, UNSAID, UNSAID, UNSAID},
        {"2月28日(周五)", 0, 2, 28, 4, UNSAID, UNSAID},
        {"9月26日（第四周周六）", 0, 9, 26, 5, 4, UNSAID},
        {"周六 5/9（=周二）", 0, 5, 9, 5, UNSAID, 1},
        {"20 April 2020", 2020, 4, 20, UNSAID, UNSAID, UNSAID},
        {"Monday, 20th April", 0, 4, 20, 0, UNSAID, UNSAID},
        {"April 20, 2020", 2020, 4, 20, UNSAID, UNSAID, UNSAID},
        {"第12周课表", 0, UNSAID, 0, UNSAID, 12, UNSAID},
        {"第十二周", 0, UNSAID, 0, UNSAID, 12, UNSAID},
        {"Week 3", 0, UNSAID, 0, UNSAID, 3, UNSAID},
        {"THUR", 0, UNSAID, 0, 3, UNSAID, UNSAID},
        {"2月30日", 0, UNSAID, 0, UNSAID, UNSAID, UNSAID},
        {"第99周", 0, UNSAID, 0, UNSAID, UNSAID, UNSAID},
        {"语文 春夏秋冬", 0, UNSAID, 0, UNSAID, UNSAID, UNSAID},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char room[100];
        struct import_heading heading;
        import_heading_read(fold(cases[i].text, room), &heading);
        const bool is_right = heading.has_date == (cases[i].month != UNSAID) &&
                              (!heading.has_date || (heading.date.year == cases[i].year &&
                                                     heading.date.month == cases[i].month &&
                                                     heading.date.day == cases[i].day)) &&
                              (heading.has_day ? heading.day : UNSAID) == cases[i].weekday &&
                              (heading.has_week ? heading.week : UNSAID) == cases[i].week &&
                              (heading.has_runs ? heading.runs : UNSAID) == cases[i].runs;
        if (!is_right) {
            fail_msg("'%s': %d-%d-%d, day %d, week %d, runs %d", cases[i].text, heading.date.year,
                     heading.date.month, heading.date.day, heading.day, heading.week, heading.runs);
        }
    }
}

static void dates_and_days_of_the_week_agree(void **state)
{
    (void)state;
    static const struct {
        struct import_date date;
        int number;
        int day;
    } cases[] = {
        {{1970, 1, 1}, 0, 3},     {{2020, 2, 10}, 18302, 0}, {{2020, 2, 29}, 18321, 5},
        {{2020, 5, 9}, 18391, 5}, {{2100, 3, 1}, 47541, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(import_date_number(cases[i].date), cases[i].number);
        assert_int_equal(import_date_day(cases[i].date), cases[i].day);
        const struct import_date back = import_date_of(cases[i].number);
        assert_memory_equal(&back, &cases[i].date, sizeof(back));
    }
    assert_false(import_date_exists((struct import_date){2019, 2, 29}));
    assert_true(import_date_exists((struct import_date){2020, 2, 29}));
}

static void weeks_are_read_and_written(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *written; /* NULL: these are no weeks */
    } cases[] = {
        {"1-5、7-11单、12-16双", "1-5、7-11单、12-16双"},
        {"1-16(双)", "2-16双"},
        {"1-16周(单)", "1-15单"},
        {"第3周", "第3周"},
        {"3", "第3周"},
        {"1,3,5", "1-5单"},
        {"1、2、4", "1-2、4"},
        {"单周", "单周"},
        {"双周", "双周"},
        {"１－５", "1-5"},
        {"第1-5周", "1-5"},
        {"1至5", "1-5"},
        {"1,3,4,5", "1、3-5"},
        {"5-1", NULL},
        {"0", NULL},
        {"61", NULL},
        {"1-99", NULL},
        {"2-2单", NULL},
        {"周", NULL},
        {"1-5,,7", NULL},
        {"语文", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char room[100];
        char text[IMPORT_WEEKS_TEXT_SIZE] = "";
        uint64_t weeks = 0;
        const int result = import_weeks_read(fold(cases[i].text, room), &weeks);
        if ((result == 0) != (cases[i].written != NULL)) {
            fail_msg("'%s': %d", cases[i].text, result);
        }
        if (result == 0 && strcmp(import_weeks_text(weeks, text), cases[i].written) != 0) {
            fail_msg("'%s' is %s", cases[i].text, text);
        }
    }
    uint64_t weeks = 0;
    assert_int_equal(import_weeks_read("", &weeks), 0);
    assert_true(weeks == import_weeks_all());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_read_in_every_style),
        cmocka_unit_test(headings_say_dates_days_and_weeks),
        cmocka_unit_test(dates_and_days_of_the_week_agree),
        cmocka_unit_test(weeks_are_read_and_written),
    };
    return cmocka_run_group_tests_name("import_date", tests, NULL, NULL);
}
