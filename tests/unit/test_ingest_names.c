/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/ingest/ingest_bar.h"
#include "tools/ingest/ingest_failure.h"
#include "tools/ingest/ingest_name.h"

static void house_numbers_are_made_of_file_names(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *house_number;
    } cases[] = {
        {"lesson.mp4", "lesson"},
        {"/a/b/ZD-G3-MATH-001.v2.mov", "ZD-G3-MATH-001.v2"},
        {"数学 第一课.mp4", "数学-第一课"},
        {"数学(第1课)【高清】.mp4", "数学-第1课-高清"},
        {"语文—“春晓”.mp4", "语文-春晓"},
        {"two  blanks,and,commas.mp4", "two-blanks-and-commas"},
        {"no-ending", "no-ending"},
        {".hidden", "hidden"},
        {"--help.mp4", "help"},
        {"a/b/", "UNNAMED"},
        {"...", "UNNAMED"},
        {"", "UNNAMED"},
        {"\x1b[31mred\n\x07.mp4", "31mred"},
        {"bro\xffken\xc3.mp4", "bro-ken"},
        {"{key: 'value', x: [1]}#.mp4", "key-value-x-1"},
        {"ends in dots...mp4", "ends-in-dots"},
        {"Größe.mp4", "Größe"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *house_number = ingest_house_number(cases[i].path);
        assert_string_equal(house_number, cases[i].house_number);
        assert_true(ingest_is_house_number(house_number));
        free(house_number);
    }
}

static void long_names_are_cut_between_characters(void **state)
{
    (void)state;
    char path[400] = "";
    for (int i = 0; i < 60; i++) {
        strcat(path, "课");
    }
    char *house_number = ingest_house_number(path);
    assert_int_equal(strlen(house_number), 63); /* 21 characters of 3 bytes */
    assert_true(ingest_is_house_number(house_number));
    free(house_number);
}

static void given_house_numbers_are_judged(void **state)
{
    (void)state;
    char long_one[66];
    memset(long_one, 'A', sizeof(long_one) - 1);
    long_one[65] = '\0';
    assert_true(ingest_is_house_number("ZD/2026 第3课"));
    assert_false(ingest_is_house_number(""));
    assert_false(ingest_is_house_number(" A"));
    assert_false(ingest_is_house_number("A "));
    assert_false(ingest_is_house_number("A\nB"));
    assert_false(ingest_is_house_number("A\xff"));
    assert_false(ingest_is_house_number(long_one));
    assert_true(ingest_is_house_number(long_one + 1));
}

static void what_cannot_be_printed_becomes_a_question_mark(void **state)
{
    (void)state;
    char out[64];
    assert_string_equal(ingest_printable("数学.mp4", out, sizeof(out)), "数学.mp4");
    assert_string_equal(ingest_printable("a\x1b[2Jb", out, sizeof(out)), "a?[2Jb");
    assert_string_equal(ingest_printable("a\xc2\x9b"
                                         "b",
                                         out, sizeof(out)),
                        "a?b"); /* C1: CSI */
    assert_string_equal(ingest_printable("a\xe2\x80\xae"
                                         "b",
                                         out, sizeof(out)),
                        "a?b"); /* RLO */
    assert_string_equal(ingest_printable("\xff\xfe", out, sizeof(out)), "??");
    char small[10];
    assert_true(strlen(ingest_printable("0123456789abcdef", small, sizeof(small))) < 10);
}

static void names_are_clipped_to_columns(void **state)
{
    (void)state;
    char out[64];
    assert_string_equal(ingest_clip("lesson", 10, out, sizeof(out)), "lesson");
    assert_string_equal(ingest_clip("lesson", 3, out, sizeof(out)), "les");
    assert_string_equal(ingest_clip("数学课", 5, out, sizeof(out)), "数学");
    assert_string_equal(ingest_clip("数学课", 100, out, 7), "数学");
    assert_string_equal(ingest_clip("", 5, out, sizeof(out)), "");
}

static void the_first_reason_is_kept(void **state)
{
    (void)state;
    struct ingest_failure failure = {.text = ""};
    assert_int_equal(ingest_fail(&failure, -5, "first %d", 1), -5);
    assert_int_equal(ingest_fail(&failure, -6, "second"), -6);
    assert_string_equal(failure.text, "first 1");
}

/* The bar after `show` has been called at these times. */
static void the_bar_shows_part_speed_and_time_left(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct ingest_bar bar;
    ingest_bar_init(&bar, out, "/somewhere/数学.mp4", 100);
    ingest_bar_show(&bar, 0.25, 5000000, 110);
    ingest_bar_show(&bar, 0.26, 5100000, 110.1); /* too soon */
    fflush(out);
    assert_string_equal(
        text, "\r数学.mp4 [#######.......................]  25 %   0.5x  0:30 left \033[K");
    ingest_bar_show(&bar, 0.5, 0, 120); /* the next pass begins */
    ingest_bar_show(&bar, 0.75, 20000000, 130);
    fclose(out);
    assert_non_null(strstr(text, " 75 %   2.0x  0:10 left"));
    free(text);
}

static void the_bar_is_silent_where_no_terminal_is(void **state)
{
    (void)state;
    struct ingest_bar bar;
    ingest_bar_init(&bar, NULL, "a", 0);
    ingest_bar_show(&bar, 0.5, 1, 1);
    ingest_bar_clear(&bar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(house_numbers_are_made_of_file_names),
        cmocka_unit_test(long_names_are_cut_between_characters),
        cmocka_unit_test(given_house_numbers_are_judged),
        cmocka_unit_test(what_cannot_be_printed_becomes_a_question_mark),
        cmocka_unit_test(names_are_clipped_to_columns),
        cmocka_unit_test(the_first_reason_is_kept),
        cmocka_unit_test(the_bar_shows_part_speed_and_time_left),
        cmocka_unit_test(the_bar_is_silent_where_no_terminal_is),
    };
    return cmocka_run_group_tests_name("ingest names", tests, NULL, NULL);
}
