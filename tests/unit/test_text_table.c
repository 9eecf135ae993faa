/* SPDX-License-Identifier: MIT */
#include "tools/text_table.h"

#include "scheduler/text_width.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void chinese_takes_two_columns(void **state)
{
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("abc"), 3);
    assert_int_equal(text_width("语文"), 4);
    assert_int_equal(text_width("3.5 µs"), 6);
    assert_int_equal(text_width("（一）"), 6);
    assert_int_equal(text_width("\xff\xe8"), 2); /* no UTF-8: byte by byte */
}

static void check_table(const char *const *cells, size_t rows, size_t columns, int most,
                        const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    text_table_print(out, cells, rows, columns, most);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
}

static void columns_line_up(void **state)
{
    (void)state;
    const char *const cells[] = {"CHANNEL", "NOW", "X", "zd", "语文", "1", "zhoucun", NULL, "2"};
    check_table(cells, 3, 3, 20, "CHANNEL  NOW   X\nzd       语文  1\nzhoucun        2\n");
}

static void what_is_too_long_is_cut_between_characters(void **state)
{
    (void)state;
    const char *const cells[] = {"春夏秋冬", "1", "abcdef", "2"};
    check_table(cells, 2, 2, 6, "春夏…   1\nabcdef  2\n");
    check_table(cells, 2, 2, 5, "春夏…  1\nabcd…  2\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chinese_takes_two_columns),
        cmocka_unit_test(columns_line_up),
        cmocka_unit_test(what_is_too_long_is_cut_between_characters),
    };
    return cmocka_run_group_tests_name("text_table", tests, NULL, NULL);
}
