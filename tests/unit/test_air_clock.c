/* SPDX-License-Identifier: MIT */
#include "playout/air_clock.h"

#include "playout/pacing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define UTC INT64_C(1763942400000000000)

static void the_offset_of_the_start_holds(void **state)
{
    (void)state;
    struct air_clock clock;
    air_clock_init(&clock, 5 * (int64_t)NS_PER_S, UTC);
    assert_int_equal(air_clock_utc_ns(&clock, 7), UTC + 7);
    assert_int_equal(air_clock_monotonic_ns(&clock, UTC + 7), 7);
    assert_false(air_clock_is_off(&clock));
}

/* Watches for some seconds, the system's clock being `error_ns` away. */
static void watch(struct air_clock *clock, int seconds, int64_t error_ns)
{
    for (int i = 0; i < seconds; i++) {
        const int64_t before = air_clock_utc_ns(clock, 0);
        air_clock_watch(clock, clock->watched_ns + NS_PER_S, UTC + error_ns);
        const int64_t moved = air_clock_utc_ns(clock, 0) - before;
        assert_true(moved >= -AIR_CLOCK_SLEW_NS && moved <= AIR_CLOCK_SLEW_NS);
    }
}

static void a_small_error_is_slewed_away(void **state)
{
    (void)state;
    struct air_clock clock;
    air_clock_init(&clock, 0, UTC);
    watch(&clock, 49, 1000000);
    assert_int_equal(clock.error_ns, 20000);
    watch(&clock, 1, 1000000);
    assert_int_equal(clock.error_ns, 0);
    assert_int_equal(air_clock_utc_ns(&clock, 0), UTC + 1000000);
    watch(&clock, 100, -1000000);
    assert_int_equal(air_clock_utc_ns(&clock, 0), UTC - 1000000);
}

static void a_step_of_the_system_is_an_alarm_and_no_step_of_the_output(void **state)
{
    (void)state;
    struct air_clock clock;
    air_clock_init(&clock, 0, UTC);
    watch(&clock, 10, 3600 * (int64_t)NS_PER_S);
    assert_true(air_clock_is_off(&clock));
    assert_int_equal(air_clock_utc_ns(&clock, 0), UTC + 10 * AIR_CLOCK_SLEW_NS);
    watch(&clock, 10, 0); /* set right again */
    assert_false(air_clock_is_off(&clock));
}

static void a_long_pause_is_not_made_up_for(void **state)
{
    (void)state;
    struct air_clock clock;
    air_clock_init(&clock, 0, UTC);
    air_clock_watch(&clock, 86400 * (int64_t)NS_PER_S, UTC + NS_PER_S);
    assert_int_equal(air_clock_utc_ns(&clock, 0), UTC + 2 * AIR_CLOCK_SLEW_NS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_offset_of_the_start_holds),
        cmocka_unit_test(a_small_error_is_slewed_away),
        cmocka_unit_test(a_step_of_the_system_is_an_alarm_and_no_step_of_the_output),
        cmocka_unit_test(a_long_pause_is_not_made_up_for),
    };
    return cmocka_run_group_tests_name("air_clock", tests, NULL, NULL);
}
