/* SPDX-License-Identifier: MIT */
#include "scheduler/text_warn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* 镕 and 喆 are in GBK, not in GB2312. */
static const char week[] = "format: 1\nchannel: a\nlessons:\n"
                           "  - {house_number: L1, title: 春夏秋冬, teacher: 示例镕}\n"
                           "  - {house_number: L2, title: 姓氏歌}\n"
                           "periods: [{name: 第一节, start: 8:00, end: 8:40}]\n"
                           "days: [周一, 周二]\n"
                           "grid:\n  第一节: [L1, L2]\n"
                           "breaks:\n  - {name: 喆, start: 8:40, end: 8:50}\n"
                           "fillers: [{house_number: F1, title: 课间}]\n";

/* Lines of the warnings, in order; returns how many. */
static size_t warn(enum text_coding coding, int *lines, size_t most, char *first, size_t size)
{
    const struct network network = {.text = coding};
    struct timetable *timetable = NULL;
    struct problems problems;
    problems_init(&problems);
    assert_int_equal(timetable_parse(&(const struct timetable_source){"w.yaml", week, strlen(week)},
                                     1, NULL, NULL, &timetable, &problems),
                     0);
    const size_t before = problems.count;
    text_warn_timetable(timetable, &network, &problems);
    assert_int_equal(problems.errors, 0);
    const size_t count = problems.count - before;
    assert_true(count <= most);
    for (size_t i = 0; i < count; i++) {
        lines[i] = problems.items[before + i].line;
    }
    if (count > 0) {
        assert_true(strlen(problems.items[before].text) < size);
        strcpy(first, problems.items[before].text);
    }
    timetable_destroy(timetable);
    problems_finish(&problems);
    return count;
}

static void what_a_charset_lacks_is_told_once_with_its_line(void **state)
{
    (void)state;
    int lines[8];
    char first[256];
    assert_int_equal(warn(TEXT_GB2312, lines, 8, first, sizeof(first)), 2);
    assert_int_equal(lines[0], 4);
    assert_int_equal(lines[1], 11);
    assert_non_null(strstr(first, "'示例镕'"));
    assert_non_null(strstr(first, "镕 → "));
}

static void a_charset_that_has_all_is_silent(void **state)
{
    (void)state;
    int lines[8];
    char first[256];
    assert_int_equal(warn(TEXT_UTF8, lines, 8, first, sizeof(first)), 0);
    assert_int_equal(warn(TEXT_GBK, lines, 8, first, sizeof(first)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_charset_lacks_is_told_once_with_its_line),
        cmocka_unit_test(a_charset_that_has_all_is_silent),
    };
    return cmocka_run_group_tests_name("text_warn", tests, NULL, NULL);
}
