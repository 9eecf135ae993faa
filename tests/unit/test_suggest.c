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
        cmocka_unit_test(a_strange_word_finds_nothing),
    };
    return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}
