/* SPDX-License-Identifier: MIT */
#include "scheduler/when.h"

#include "playout/zone.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void times_are_read_in_the_styles_that_districts_use(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int minutes;
    } cases[] = {
        {"8:30", 510},     {"08:30", 510},      {"0:00", 0},          {"24:00", 1440},
        {"８：３０", 510}, {"１４:05", 845},    {"8时30分", 510},     {"14时", 840},
        {"9点05分", 545},  {"23:59", 1439},     {"下午2时30分", 870}, {"14时30分", 870},
        {"9:05 AM", 545},  {"10:00 am", 600},   {"12:10 Pm", 730},    {"12:00 PM", 720},
        {"12:00 AM", 0},   {"上午8:30", 510},   {"晚上7点半", 1170},  {"下午14:30", 870},
        {"08:30:00", 510}, {"30:00", 1800},     {"中午12:00", 720},   {"25:30", 1530},
        {"30:01", -1},     {"8:60", -1},        {"8:5", -1},          {"8", -1},
        {"", -1},          {"8.30", -1},        {"-1:00", -1},        {"8:30 ", 510},
        {"1000:00", -1},   {"8时30", -1},       {"8:３０", 510},      {"05 AM", -1},
        {"13:00 PM", -1},  {"0:30 PM", -1},     {"下午2:30 PM", -1},  {"8:30:61", -1},
        {"上午14:00", -1}, {"08:30-09:00", -1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const int wanted = cases[i].minutes < 0 ? -1 : cases[i].minutes * 60;
        if (when_clock(cases[i].text) != wanted) {
            fail_msg("'%s' is %d", cases[i].text, when_clock(cases[i].text));
        }
    }
    assert_int_equal(when_clock("08:30:15"), 510 * 60 + 15);
}

static void lengths_are_minutes_or_minutes_and_seconds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int seconds;
    } cases[] = {{"25", 1500},  {"25分钟", 1500},  {"25分", 1500},     {"23:10", 1390},
                 {"0:30", 30},  {"1:02:03", 3723}, {"23分10秒", 1390}, {"２５", 1500},
                 {"x", -1},     {"", -1},          {"25:", -1},        {"2:5", -1},
                 {"23:70", -1}, {"99999", -1},     {"25 ", -1},        {"-5", -1}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (when_length(cases[i].text) != cases[i].seconds) {
            fail_msg("'%s' is %d", cases[i].text, when_length(cases[i].text));
        }
    }
}

static void days_are_read_in_chinese_and_english(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int day;
    } cases[] = {
        {"周一", 0}, {"星期三", 2}, {"周日", 6},  {"星期天", 6}, {"mon", 0},      {"Thu", 3},
        {"SUN", 6},  {"Friday", 4}, {"周八", -1}, {"thur", 3},   {"monday ", -1}, {"", -1},
        {"THUR", 3}, {"周2", 1},    {"星期7", 6}, {"周8", -1},   {"周22", -1},    {"th", -1},
        {"周２", 1}, {"星期７", 6}, {"周８", -1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(when_day(cases[i].text), cases[i].day);
    }
}

static void dates_are_days_of_the_calendar(void **state)
{
    (void)state;
    static const char *const good[] = {"2020-02-29", "2020/2/29", "2020年2月29日", "２０２０-02-29",
                                       "2020.2.29"};
    static const char *const bad[] = {"20-02-02", "2020-02",     "2020-02/03", "2月29日",
                                      "",         "2020-02-29x", "99999-01-01"};
    static const char *const absent[] = {"2021-02-29", "2020-13-01", "2026-11-31", "2026-11-0",
                                         "1969-12-31"};
    int64_t date = 0;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_int_equal(when_date(good[i], &date), 0);
        assert_int_equal(date, civil_days(2020, 2, 29));
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(when_date(bad[i], &date), -EINVAL);
    }
    for (size_t i = 0; i < COUNT(absent); i++) {
        assert_int_equal(when_date(absent[i], &date), -ERANGE);
    }
    char text[WHEN_TEXT_SIZE];
    assert_string_equal(when_date_text(date, text), "2020-02-29");
}

static uint64_t weeks(const int *list, size_t count)
{
    uint64_t set = 0;
    for (size_t i = 0; i < count; i++) {
        set |= UINT64_C(1) << list[i];
    }
    return set;
}

#define WEEKS(...) weeks((const int[]){__VA_ARGS__}, COUNT(((const int[]){__VA_ARGS__})))

static void weeks_are_numbers_ranges_odd_or_even(void **state)
{
    (void)state;
    const struct {
        const char *text;
        uint64_t weeks;
        bool is_numbered;
    } cases[] = {
        {"3", WEEKS(3), true},
        {"第3周", WEEKS(3), true},
        {"１-３", WEEKS(1, 2, 3), true},
        {"第1-3周", WEEKS(1, 2, 3), true},
        {"1-5、7-11单、12-16双", WEEKS(1, 2, 3, 4, 5, 7, 9, 11, 12, 14, 16), true},
        {"1-6(双)", WEEKS(2, 4, 6), true},
        {"1—3,5", WEEKS(1, 2, 3, 5), true},
    };
    static const char *const bad[] = {"", "x", "0", "61", "5-3", "3周5", "1-", "(双", "3-3双"};
    struct week_set set;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(when_weeks(cases[i].text, &set), 0);
        assert_true(set.weeks == cases[i].weeks);
        assert_int_equal(set.is_numbered, cases[i].is_numbered);
    }
    assert_int_equal(when_weeks("单周", &set), 0);
    assert_true((set.weeks & 0xf) == 0xa && !set.is_numbered);
    assert_int_equal(when_weeks("even", &set), 0);
    assert_true((set.weeks & 0x1f) == 0x14 && !set.is_numbered);
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (when_weeks(bad[i], &set) == 0) {
            fail_msg("'%s' are weeks", bad[i]);
        }
    }
}

static void days_are_said_by_words_too(void **state)
{
    (void)state;
    int64_t date = 0;
    const int64_t today = civil_days(2026, 11, 30);
    assert_int_equal(when_date_said("明天", today, &date), 0);
    assert_int_equal(date, civil_days(2026, 12, 1));
    assert_int_equal(when_date_said("yesterday", today, &date), 0);
    assert_int_equal(date, civil_days(2026, 11, 29));
    assert_int_equal(when_date_said("2026-12-24", today, &date), 0);
    assert_int_equal(date, civil_days(2026, 12, 24));
    assert_int_equal(when_date_said("2026-11-31", today, &date), -ERANGE);
    assert_int_equal(when_date_said("soon", today, &date), -EINVAL);
}

static void weeks_are_said_by_words_too(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        int ahead; /* days from Monday 2026-11-30 */
    } cases[] = {{"last", -7}, {"上周", -7}, {"this", 0},        {"本周", 0},
                 {"next", 7},  {"下周", 7},  {"2026-11-29", -7}, {"今天", 0}};
    const int64_t monday = civil_days(2026, 11, 30);
    int64_t found = 0;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(when_week_said(cases[i].said, monday + 2, &found), 0);
        assert_int_equal(found, monday + cases[i].ahead);
    }
    assert_int_equal(when_week_said("nxt", monday, &found), -EINVAL);
    assert_int_equal(when_week_said("5", monday, &found), -EINVAL);
    assert_int_equal(when_week_said("2026-11-31", monday, &found), -ERANGE);
}

/* Said on Sunday, 2026-11-29, the last day of its week. */
static void days_are_said_by_week_or_without_a_year(void **state)
{
    static const struct {
        const char *text;
        int year; /* or the error */
        int month;
        int day;
    } cases[] = {
        {"下周一", 2026, 11, 30},      {"下星期天", 2026, 12, 6},    {"next Monday", 2026, 11, 30},
        {"next sun", 2026, 12, 6},     {"本周一", 2026, 11, 23},     {"这周日", 2026, 11, 29},
        {"上周五", 2026, 11, 20},      {"12月1日", 2026, 12, 1},     {"１２月１号", 2026, 12, 1},
        {"11月28日", 2026, 11, 28},    {"1月5日", 2027, 1, 5},       {"9月30日", 2026, 9, 30},
        {"2月30日", -ERANGE, 0, 0},    {"13月1日", -ERANGE, 0, 0},   {"2月29日", -ERANGE, 0, 0},
        {"周一", -EINVAL, 0, 0},       {"Monday", -EINVAL, 0, 0},    {"下周八", -EINVAL, 0, 0},
        {"12月1", -EINVAL, 0, 0},      {"下", -EINVAL, 0, 0},        {"下周", -EINVAL, 0, 0},
        {"nextMonday", -EINVAL, 0, 0}, {"12月1日早", -EINVAL, 0, 0}, {"", -EINVAL, 0, 0},
    };
    (void)state;
    const int64_t today = civil_days(2026, 11, 29);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t date = 0;
        const int result = when_date_said(cases[i].text, today, &date);
        const int wanted = cases[i].year < 0 ? cases[i].year : 0;
        if (result != wanted ||
            (wanted == 0 && date != civil_days(cases[i].year, cases[i].month, cases[i].day))) {
            fail_msg("'%s' is day %lld, result %d", cases[i].text, (long long)date, result);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read_in_the_styles_that_districts_use),
        cmocka_unit_test(lengths_are_minutes_or_minutes_and_seconds),
        cmocka_unit_test(days_are_read_in_chinese_and_english),
        cmocka_unit_test(dates_are_days_of_the_calendar),
        cmocka_unit_test(weeks_are_numbers_ranges_odd_or_even),
        cmocka_unit_test(days_are_said_by_words_too),
        cmocka_unit_test(weeks_are_said_by_words_too),
        cmocka_unit_test(days_are_said_by_week_or_without_a_year),
    };
    return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
