/* SPDX-License-Identifier: MIT */
#include "tools/screen_text.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { ROOM = 64 };

static void check(const char *text, int columns, size_t room, const wchar_t *expected)
{
    wchar_t wide[ROOM + 1];
    wide[screen_text(text, columns, wide, room)] = L'\0';
    if (wcscmp(wide, expected) != 0) {
        fail_msg("'%s' in %d columns is '%ls'", text, columns, wide);
    }
}

static void text_is_cut_between_characters(void **state)
{
    (void)state;
    check("", 10, ROOM, L"");
    check("abc", 3, ROOM, L"abc");
    check("abcd", 3, ROOM, L"abc");
    check("语文课", 6, ROOM, L"语文课");
    check("语文课", 5, ROOM, L"语文");
    check("语文课", 80, 2, L"语文");
    check("语文课", 0, ROOM, L"");
}

static void a_character_that_is_cut_off_is_left_out(void **state)
{
    (void)state;
    check("now: 语\xe6\x96", 80, ROOM, L"now: 语");
    check("now: 语\xe6", 80, ROOM, L"now: 语");
}

static void what_is_no_character_does_not_hide_the_row(void **state)
{
    (void)state;
    check("a\xff"
          "b",
          80, ROOM, L"a?b");
    check("a\x01"
          "b",
          80, ROOM, L"a?b");
    check("\xe6\x96z", 80, ROOM, L"??z");
}

static void snprintf_may_cut_where_it_likes(void **state)
{
    (void)state;
    for (size_t room = 1; room < 20; room++) {
        char text[20];
        snprintf(text, room, "%s", "春夏秋冬");
        wchar_t wide[ROOM];
        assert_int_equal(screen_text(text, 80, wide, ROOM), (room - 1 < 12 ? room - 1 : 12) / 3);
    }
}

static void check_row(const wchar_t *text, int columns, const wchar_t *expected)
{
    const size_t count = screen_text_row(text, wcslen(text), columns);
    assert_int_equal(count, wcslen(expected));
    assert_memory_equal(text, expected, count * sizeof(*text));
}

static void a_row_ends_between_words(void **state)
{
    (void)state;
    check_row(L"one two three", 80, L"one two three");
    check_row(L"one two three", 13, L"one two three");
    check_row(L"one two three", 12, L"one two");
    check_row(L"one two three", 7, L"one two");
    check_row(L"one two three", 6, L"one");
    check_row(L"one two three", 2, L"on");
    check_row(L"春夏秋冬", 5, L"春夏");
    check_row(L"春夏", 1, L"");
    check_row(L"", 5, L"");
}

static int set_up(void **state)
{
    (void)state;
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_cut_between_characters),
        cmocka_unit_test(a_character_that_is_cut_off_is_left_out),
        cmocka_unit_test(what_is_no_character_does_not_hide_the_row),
        cmocka_unit_test(snprintf_may_cut_where_it_likes),
        cmocka_unit_test(a_row_ends_between_words),
    };
    return cmocka_run_group_tests_name("screen_text", tests, set_up, NULL);
}
