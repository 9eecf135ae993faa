/* SPDX-License-Identifier: MIT */
/* Who gives a command: what looks the same is the same. */
#include "tools/author_name.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check_name(const char *said, const char *expected)
{
    char name[AUTHOR_NAME_SIZE];
    assert_int_equal(author_name_read("approve", said, name), 0);
    assert_string_equal(name, expected);
}

static void a_name_has_one_form(void **state)
{
    (void)state;
    check_name("王", "王");
    check_name("王 ", "王");
    check_name(" \t王\n", "王");
    check_name("\u3000王\u3000", "王");
    check_name("王\u3000 \u00a0小明", "王 小明");
    check_name("王\n小明", "王 小明");
    check_name("Wang", "Wang"); /* and wang is another */
    check_name("wang", "wang");
}

static void a_name_that_cannot_be_told_from_another_is_refused(void **state)
{
    static const char *const rows[] = {"",       " ",        "\u3000\n", "王\x01",
                                       "\x7f王", "王\u200b", "\ufeff王"};
    char name[AUTHOR_NAME_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(author_name_read("approve", rows[i], name), -EINVAL);
    }
}

static void a_name_is_no_longer_than_the_store_takes(void **state)
{
    char said[AUTHOR_NAME_SIZE + 1];
    char name[AUTHOR_NAME_SIZE];
    (void)state;
    memset(said, 'x', sizeof(said) - 1);
    said[sizeof(said) - 1] = '\0';
    assert_int_equal(author_name_read("approve", said, name), -EINVAL);
    check_name(said + 1, said + 1);
}

static void without_a_name_it_is_the_user(void **state)
{
    (void)state;
    assert_int_equal(setenv("USER", " 示例 ", 1), 0);
    check_name(NULL, "示例");
    assert_int_equal(setenv("USER", "", 1), 0);
    check_name(NULL, "root");
    assert_int_equal(unsetenv("USER"), 0);
    check_name(NULL, "root");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_has_one_form),
        cmocka_unit_test(a_name_that_cannot_be_told_from_another_is_refused),
        cmocka_unit_test(a_name_is_no_longer_than_the_store_takes),
        cmocka_unit_test(without_a_name_it_is_the_user),
    };
    return cmocka_run_group_tests_name("author_name", tests, NULL, NULL);
}
