/* SPDX-License-Identifier: MIT */
#include "playout/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct option options[] = {{"station", required_argument, NULL, 's'},
                                        {"channel", required_argument, NULL, 'c'},
                                        {"json", no_argument, NULL, 'j'},
                                        {0}};

static void a_mistyped_option_is_named_as_it_was_meant(void **state)
{
    (void)state;
    assert_string_equal(options_meant("--jsn", options), "json");
    assert_string_equal(options_meant("--chanel=linzi", options), "channel");
    assert_null(options_meant("--xyzzy", options));
    assert_null(options_meant("--", options));
    assert_null(options_meant("-jsn", options));
}

static void options_that_are_there_are_taken_as_ever(void **state)
{
    (void)state;
    char name[] = "test";
    char json[] = "--js"; /* a beginning will do */
    char channel[] = "--channel=linzi";
    char *argv[] = {name, json, channel, NULL};
    assert_int_equal(options_next(3, argv, "h", options), 'j');
    assert_int_equal(options_next(3, argv, "h", options), 'c');
    assert_string_equal(optarg, "linzi");
    assert_int_equal(options_next(3, argv, "h", options), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mistyped_option_is_named_as_it_was_meant),
        cmocka_unit_test(options_that_are_there_are_taken_as_ever),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
