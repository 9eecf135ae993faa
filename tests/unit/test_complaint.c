/* SPDX-License-Identifier: MIT */
#include "tools/complaint.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void who_may_not_ask_a_daemon_is_told_how_to(void **state)
{
    (void)state;
    assert_non_null(strstr(complaint_silence(-EACCES), "sudo"));
    assert_non_null(strstr(complaint_silence(-EACCES), "group ketang"));
    assert_string_equal(complaint_silence(-ETIMEDOUT), strerror(ETIMEDOUT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_may_not_ask_a_daemon_is_told_how_to),
    };
    return cmocka_run_group_tests_name("complaint", tests, NULL, NULL);
}
