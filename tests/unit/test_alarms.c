/* SPDX-License-Identifier: MIT */
#include "playout/alarms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void an_alarm_is_news_once_and_when_its_text_changes(void **state)
{
    (void)state;
    struct alarms alarms = {0};
    assert_true(alarms_raise(&alarms, "media", 100, INT64_MAX, "one is missing"));
    assert_false(alarms_raise(&alarms, "media", 200, INT64_MAX, "one is missing"));
    assert_true(alarms_raise(&alarms, "media", 300, INT64_MAX, "two are missing"));
    assert_int_equal(alarms.count, 1);
    assert_int_equal(alarms.items[0].since_ms, 100);
    assert_string_equal(alarms.items[0].text, "two are missing");
    alarms_finish(&alarms);
}

static void an_alarm_stands_until_it_is_cleared_or_over(void **state)
{
    (void)state;
    struct alarms alarms = {0};
    alarms_raise(&alarms, "a", 0, INT64_MAX, "for ever");
    alarms_raise(&alarms, "b", 0, 1000, "for a second");
    alarms_raise(&alarms, "c", 0, INT64_MAX, "until cleared");
    alarms_expire(&alarms, 999);
    assert_int_equal(alarms.count, 3);
    alarms_expire(&alarms, 1000);
    assert_int_equal(alarms.count, 2);
    assert_true(alarms_clear(&alarms, "c"));
    assert_false(alarms_clear(&alarms, "c"));
    assert_string_equal(alarms.items[0].key, "a");
    alarms_finish(&alarms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alarm_is_news_once_and_when_its_text_changes),
        cmocka_unit_test(an_alarm_stands_until_it_is_cleared_or_over),
    };
    return cmocka_run_group_tests_name("alarms", tests, NULL, NULL);
}
