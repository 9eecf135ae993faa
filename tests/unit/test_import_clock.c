/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_clock.h"

#include "scheduler/import/import_text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
    GOOD = IMPORT_CLOCK_GOOD,
    NONE = IMPORT_CLOCK_NONE,
    IMPOSSIBLE = IMPORT_CLOCK_IMPOSSIBLE,
    LOST = IMPORT_CLOCK_HOUR_LOST,
    BACKWARDS = IMPORT_CLOCK_BACKWARDS,
};

static const char *fold(const char *text, char room[100])
{
    snprintf(room, 100, "%s", text);
    import_text_fold(room);
    return room;
}

static void times_are_read_in_every_style(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int verdict;
        const char *time;
    } cases[] = {
        {"8:40", GOOD, "08:40"},
        {"08:40", GOOD, "08:40"},
        {"８：４０", GOOD, "08:40"},
        {"8时40分", GOOD, "08:40"},
        {"8点半", GOOD, "08:30"},
        {"14时30分", GOOD, "14:30"},
        {"14时", GOOD, "14:00"},
        {"下午2时30分", GOOD, "14:30"},
        {"下午14:30", GOOD, "14:30"},
        {"上午12:05", GOOD, "12:05"},
        {"中午12:30", GOOD, "12:30"},
        {"中午1:00", GOOD, "13:00"},
        {"晚上7点", GOOD, "19:00"},
        {"晚上12:00", GOOD, "24:00"},
        {"凌晨1:30", GOOD, "01:30"},
        {"9:05 AM", GOOD, "09:05"},
        {"9:05 a.m.", GOOD, "09:05"},
        {"12:10 Pm", GOOD, "12:10"},
        {"12:00 PM", GOOD, "12:00"},
        {"12:30 AM", GOOD, "00:30"},
        {"9 am", GOOD, "09:00"},
        {"14:30 PM", GOOD, "14:30"},
        {"24:00", GOOD, "24:00"},
        {"0:00", GOOD, "00:00"},
        {"8:40:30", GOOD, "08:40:30"},
        {"0.3541666", GOOD, "08:30"},
        {"0.35416666666666669", GOOD, "08:30"},
        {" 8:40 ", GOOD, "08:40"},
        {"05 AM", LOST, NULL},
        {"10 am", LOST, NULL},
        {"25:70", IMPOSSIBLE, NULL},
        {"24:01", IMPOSSIBLE, NULL},
        {"14:30 AM", IMPOSSIBLE, NULL},
        {"8:60", IMPOSSIBLE, NULL},
        {"8:5", NONE, NULL},
        {"8", NONE, NULL},
        {"", NONE, NULL},
        {"0.5", NONE, NULL},
        {"语文", NONE, NULL},
        {"8:40 amber", NONE, NULL},
        {"-8:40", NONE, NULL},
        {"8时40", NONE, NULL},
        {"123:00", NONE, NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char room[100];
        char text[IMPORT_CLOCK_TEXT_SIZE] = "";
        int seconds = -1;
        const int verdict = (int)import_clock_time(fold(cases[i].text, room), &seconds);
        if (verdict != cases[i].verdict || (verdict != GOOD && seconds != -1)) {
            fail_msg("'%s': verdict %d, %d", cases[i].text, verdict, seconds);
        }
        if (verdict == GOOD && strcmp(import_clock_text(seconds, text), cases[i].time) != 0) {
            fail_msg("'%s' is %s", cases[i].text, text);
        }
    }
}

static void ranges_share_a_half_of_day_where_that_makes_sense(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int verdict;
        const char *start;
        const char *end;
    } cases[] = {
        {"8:40-9:20", GOOD, "08:40", "09:20"},
        {"08:40—09:20", GOOD, "08:40", "09:20"},
        {"08:40——09:20", GOOD, "08:40", "09:20"},
        {"８：４０～９：２０", GOOD, "08:40", "09:20"},
        {"8:40至9:20", GOOD, "08:40", "09:20"},
        {"8时40分到9时20分", GOOD, "08:40", "09:20"},
        {"10:00 am– 12:10 Pm", GOOD, "10:00", "12:10"},
        {"10:00–12:10 PM", GOOD, "10:00", "12:10"},
        {"11:30-12:10 PM", GOOD, "11:30", "12:10"},
        {"2:30-3:10 PM", GOOD, "14:30", "15:10"},
        {"下午2:30-3:10", GOOD, "14:30", "15:10"},
        {"下午2时30分至3时10分", GOOD, "14:30", "15:10"},
        {"上午10:30-12:10", GOOD, "10:30", "12:10"},
        {"9:05 AM to 9:25 AM", GOOD, "09:05", "09:25"},
        {"23:00-24:00", GOOD, "23:00", "24:00"},
        {"0.3541666-0.375000", GOOD, "08:30", "09:00"},
        {"9:20-8:40", BACKWARDS, NULL, NULL},
        {"8:40-8:40", BACKWARDS, NULL, NULL},
        {"05 AM - 9:25 AM", LOST, NULL, NULL},
        {"8:40-25:00", IMPOSSIBLE, NULL, NULL},
        {"8:40", NONE, NULL, NULL},
        {"8:40-", NONE, NULL, NULL},
        {"8:40-9:20 语文", NONE, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char room[100];
        char texts[2][IMPORT_CLOCK_TEXT_SIZE];
        struct import_range range = {-1, -1};
        const int verdict = (int)import_clock_range(fold(cases[i].text, room), &range);
        if (verdict != cases[i].verdict) {
            fail_msg("'%s': verdict %d", cases[i].text, verdict);
        }
        if (verdict == GOOD &&
            (strcmp(import_clock_text(range.start, texts[0]), cases[i].start) != 0 ||
             strcmp(import_clock_text(range.end, texts[1]), cases[i].end) != 0)) {
            fail_msg("'%s' is %s-%s", cases[i].text, texts[0], texts[1]);
        }
    }
}

static void a_range_is_found_within_a_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *found;
    } cases[] = {
        {"第1节(8:40-9:20)", "8:40-9:20"},
        {"1 8:40-9:20", "8:40-9:20"},
        {"第1-5节", ""},
        {"2020-02-17", ""},
        {"1.08:40-09:20", ""}, /* within a number it does not begin */
        {"语文 下午2:30-3:10 重播", "下午2:30-3:10"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct import_range range;
        size_t from = 0;
        size_t length = 0;
        import_clock_find(cases[i].text, &range, &from, &length);
        if (length != strlen(cases[i].found) ||
            strncmp(cases[i].text + from, cases[i].found, length) != 0) {
            fail_msg("'%s': %zu bytes from %zu", cases[i].text, length, from);
        }
    }
}

static void dots_of_times_become_colons(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *made;
    } cases[] = {
        {"9.40-10.20", "9:40-10:20"},
        {"上午9.40-10.20", "上午9:40-10:20"},
        {"8:50-9.30", "8:50-9:30"},
        {"09.40", "09:40"},
        {"9.4", "9.4"}, /* twenty to, or four past */
        {"9.405", "9.405"},
        {"0.35", "0.35"}, /* a fraction of the day */
        {"0.3541666-0.375000", "0.3541666-0.375000"},
        {"2020.02.17", "2020.02.17"},
        {"2.17.20", "2.17.20"},
        {"100.20", "100.20"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[100];
        snprintf(text, sizeof(text), "%s", cases[i].text);
        import_clock_undot(text);
        assert_string_equal(text, cases[i].made);
    }
}

static void numbers_do_not_depend_on_the_locale(void **state)
{
    (void)state;
    double number = 0;
    assert_int_equal(import_clock_number("30599.99", &number), 0);
    assert_true(number > 30599.98 && number < 30600);
    assert_int_equal(import_clock_number("3.5E-1", &number), 0);
    assert_true(number > 0.349 && number < 0.351);
    assert_int_equal(import_clock_number("-2", &number), 0);
    assert_true(number < -1.9);
    static const char *const bad[] = {"", ".", "1,5", "1e", "1e99", "nan", "0x10", "1 "};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(import_clock_number(bad[i], &number), -EINVAL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read_in_every_style),
        cmocka_unit_test(ranges_share_a_half_of_day_where_that_makes_sense),
        cmocka_unit_test(a_range_is_found_within_a_text),
        cmocka_unit_test(dots_of_times_become_colons),
        cmocka_unit_test(numbers_do_not_depend_on_the_locale),
    };
    return cmocka_run_group_tests_name("import_clock", tests, NULL, NULL);
}
