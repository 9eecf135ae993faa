/* SPDX-License-Identifier: MIT */
/* What people read of orders is of one language, its signs too. */
#include "tools/order_words.h"

#include "playout/intl.h"
#include "scheduler/order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SIZE = 64 };

static void kinds_are_told_in_the_language_of_the_reader(void **state)
{
    (void)state;
    char text[SIZE];
    intl_speak("zh_CN");
    assert_string_equal(order_kind_text("emergency"), "应急插播");
    order_words_kind("insert", "push", text, SIZE);
    assert_string_equal(text, "插播，顺延");
    intl_speak(NULL);
    assert_string_equal(order_kind_text("emergency"), "emergency");
    assert_string_equal(order_kind_text("of another program"), "of another program");
    order_words_kind("insert", "join", text, SIZE);
    assert_string_equal(text, "insert");
    order_words_kind("extend", order_mode_name(ORDER_PUSH_LOOP), text, SIZE);
    assert_string_equal(text, "extend, push and loop");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_told_in_the_language_of_the_reader),
    };
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("LANGUAGE");
    intl_init();
    intl_serve();
    return cmocka_run_group_tests_name("order_words", tests, NULL, NULL);
}
