/* SPDX-License-Identifier: MIT */
#include "playout/pacing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The epoch, today, and a century on air. */
static const int64_t seconds[] = {0, 1763942400, 4919616000, INT64_C(4919616000) + 365 * 86400};
static const int rates[] = {25, 2325, 2650, 25275, 265950, 650000};

enum {
    SECONDS = sizeof(seconds) / sizeof(seconds[0]),
    RATES = sizeof(rates) / sizeof(rates[0]),
};

static void every_seven_seconds_a_datagram_is_due_at_a_whole_second(void **state)
{
    (void)state;
    for (size_t i = 0; i < SECONDS; i++) {
        for (size_t j = 0; j < RATES; j++) {
            const int64_t second = seconds[i] / 7 * 7;
            const uint64_t datagram = (uint64_t)second / 7 * (uint64_t)rates[j];
            assert_int_equal(pacing_due_ns(rates[j], datagram), second * NS_PER_S);
        }
    }
}

static void due_times_rise_by_one_datagram_exactly(void **state)
{
    (void)state;
    for (size_t i = 0; i < SECONDS; i++) {
        for (size_t j = 0; j < RATES; j++) {
            const uint64_t first = (uint64_t)(seconds[i] / 7) * (uint64_t)rates[j];
            int64_t last = pacing_due_ns(rates[j], first);
            for (uint64_t m = first + 1; m < first + 2000; m++) {
                const int64_t due = pacing_due_ns(rates[j], m);
                const int64_t exact = INT64_C(7000000000) / rates[j];
                assert_true(due - last == exact || due - last == exact + 1);
                last = due;
            }
        }
    }
}

static void first_from_is_the_inverse_of_due(void **state)
{
    (void)state;
    for (size_t i = 0; i < SECONDS; i++) {
        for (size_t j = 0; j < RATES; j++) {
            const uint64_t first = (uint64_t)(seconds[i] / 7) * (uint64_t)rates[j] + 5;
            for (uint64_t m = first; m < first + 500; m++) {
                const int64_t due = pacing_due_ns(rates[j], m);
                assert_int_equal(pacing_first_from(rates[j], due), m);
                assert_int_equal(pacing_first_from(rates[j], due + 1), m + 1);
            }
        }
    }
}

static void a_second_of_three_and_a_half_megabits_fits_into_333_datagrams(void **state)
{
    (void)state;
    assert_int_equal(pacing_datagrams_in(2325, 1000), 333);
    assert_int_equal(pacing_datagrams_in(2325, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_seven_seconds_a_datagram_is_due_at_a_whole_second),
        cmocka_unit_test(due_times_rise_by_one_datagram_exactly),
        cmocka_unit_test(first_from_is_the_inverse_of_due),
        cmocka_unit_test(a_second_of_three_and_a_half_megabits_fits_into_333_datagrams),
    };
    return cmocka_run_group_tests_name("pacing", tests, NULL, NULL);
}
