/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "playout/suggest.h"

static const char *const commands[] = {"ingest", "render", "return", "status", "slate", NULL};

static void typing_slips_find_the_word_that_was_meant(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        const char *meant;
    } cases[] = {
        {"statsu", "status"}, {"ingset", "ingest"}, {"rendr", "render"},
        {"slat", "slate"},    {"retrun", "return"}, {"status", "status"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(suggest(cases[i].typed, commands), cases[i].meant);
    }
}

/* One wrong character is one change, and two unlike words are none, however alike their bytes are.
 */
static void characters_are_compared_not_bytes(void **state)
{
    (void)state;
    static const char *const subjects[] = {"语文", "音乐", "美术", "信息技术", NULL};
    char long_word[3 * 48 + 1] = "";

    assert_string_equal(suggest("语问", subjects), "语文");
    assert_string_equal(suggest("音楽", subjects), "音乐");
    assert_string_equal(suggest("美木", subjects), "美术");
    assert_string_equal(suggest("信技息术", subjects), "信息技术");
    assert_null(suggest("编程", subjects));
    assert_null(suggest("诗斋", subjects)); /* two characters, but only two bytes, from 语文 */
    assert_null(suggest("\xe8\xaf", subjects)); /* cut off within a character */
    for (int i = 0; i < 48; i++) {
        strcat(long_word, "字");
    }
    assert_null(suggest(long_word, subjects));
}

static void a_strange_word_finds_nothing(void **state)
{
    (void)state;
    static const char *const none[] = {NULL};
    char endless[1000];

    memset(endless, 's', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_null(suggest("xyzzy", commands));
    assert_null(suggest("", commands));
    assert_null(suggest(endless, commands));
    assert_null(suggest("status", none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typing_slips_find_the_word_that_was_meant),
        cmocka_unit_test(characters_are_compared_not_bytes),
        cmocka_unit_test(a_strange_word_finds_nothing),
    };
    return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}
