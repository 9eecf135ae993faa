/* SPDX-License-Identifier: MIT */
/* Why a command is given: blanks alone are no reason. */
#include "tools/reason_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void a_reason_has_no_blanks_around_it(void **state)
{
    static const struct {
        const char *typed;
        const char *reason;
    } rows[] = {{"错播", "错播"},
                {" 信号 异常\t\n", "信号 异常"},
                {"\u3000错播\u3000", "错播"},
                {"\u00a0x \u3000 y\u00a0", "x \u3000 y"},
                {"", ""},
                {" ", ""},
                {"\u3000 \t\u00a0\r\n", ""},
                {"\v\f\xc2\x85\u2028\u2029", ""},
                {"\u2000\u2002\u200a\u200b\u202f\u205f\u2060\ufeff", ""},
                {"\ufeff错播\u200b", "错播"},
                {"\u2014\u200a\u2026", "\u2014\u200a\u2026"}}; /* their like are none */
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[64];
        snprintf(text, sizeof(text), "%s", rows[i].typed);
        assert_string_equal(reason_text(text), rows[i].reason);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reason_has_no_blanks_around_it),
    };
    return cmocka_run_group_tests_name("reason_text", tests, NULL, NULL);
}
