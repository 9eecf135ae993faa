/* SPDX-License-Identifier: MIT */
/* Faults of a rehearsal as they are written, and as they must not be. */
#include "scheduler/rehearse/rehearse_fault.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 2026-11-24 10:30 +0800 */
#define AT_S (1795487400LL)

static struct zone *zone;

static void good_faults_are_read(void **state)
{
    const struct {
        const char *text;
        enum rehearse_fault_kind kind;
        const char *what;
        int64_t at_s;
        int64_t minutes;
    } cases[] = {
        {"missing:KT-05", FAULT_MISSING, "KT-05", 0, 0},
        {"missing:KT:05", FAULT_MISSING, "KT:05", 0, 0},
        {"late:语文-05@2026-11-24 10:30", FAULT_LATE, "语文-05", AT_S, 0},
        {"late:KT-05@2026-11-24T10:30", FAULT_LATE, "KT-05", AT_S, 0},
        {"overrun:linzi@2026-11-24 10:30+15", FAULT_OVERRUN, "linzi", AT_S, 15},
        {"change:a@b/linzi.yaml@2026-11-24 10:30", FAULT_CHANGE, "a@b/linzi.yaml", AT_S, 0},
        {"order:linzi@2026-11-24 10:30={\"reason\":\"a@b\"}", FAULT_ORDER, "linzi", AT_S, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rehearse_fault fault = {0};
        char why[REHEARSE_FAULT_TEXT] = "";
        if (rehearse_fault_parse(cases[i].text, zone, &fault, why) != 0) {
            fail_msg("'%s': %s", cases[i].text, why);
        }
        assert_int_equal(fault.kind, cases[i].kind);
        assert_string_equal(fault.what, cases[i].what);
        assert_int_equal(fault.at_s, cases[i].at_s);
        assert_int_equal(fault.minutes, cases[i].minutes);
        assert_true((fault.order != NULL) == (fault.kind == FAULT_ORDER));
        rehearse_fault_finish(&fault);
    }
}

static void bad_faults_are_told_what_would_be_right(void **state)
{
    const struct {
        const char *text;
        const char *words;
    } cases[] = {
        {"", "there are missing, late"},
        {"mising:KT-05", "is missing meant?"},
        {"fire:KT-05", "there are missing, late"},
        {"missing", "does not say of what; it is written as in 'missing:KT-05'"},
        {"missing:", "does not say of what"},
        {"missing:KT-05@2026-11-24 10:30", "has no time"},
        {"late:KT-05", "needs @ and a time"},
        {"late:@2026-11-24 10:30", "does not say of what"},
        {"late:KT-05@2026-11-31 10:30", "needs @ and a time"},
        {"late:KT-05@2026-11-24 24:30", "needs @ and a time"},
        {"late:KT-05@2026-11-24 10:30:00", "too much"},
        {"overrun:linzi@2026-11-24 10:30", "needs + and minutes"},
        {"overrun:linzi@2026-11-24 10:30+0", "needs + and minutes"},
        {"overrun:linzi@2026-11-24 10:30+5x", "needs + and minutes"},
        {"overrun:linzi@2026-11-24 10:30+99999999999999999999", "needs + and minutes"},
        {"order:linzi@2026-11-24 10:30", "as JSON"},
        {"order:linzi@2026-11-24 10:30=[1]", "as JSON"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rehearse_fault fault = {0};
        char why[REHEARSE_FAULT_TEXT] = "";
        assert_int_equal(rehearse_fault_parse(cases[i].text, zone, &fault, why), -EINVAL);
        if (strstr(why, cases[i].words) == NULL) {
            fail_msg("'%s': %s", cases[i].text, why);
        }
        assert_null(fault.what);
    }
}

static int set_up(void **state)
{
    (void)state;
    return zone_open("Asia/Shanghai", &zone);
}

static int clean_up(void **state)
{
    (void)state;
    zone_close(zone);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_faults_are_read),
        cmocka_unit_test(bad_faults_are_told_what_would_be_right),
    };
    return cmocka_run_group_tests_name("rehearse_fault", tests, set_up, clean_up);
}
