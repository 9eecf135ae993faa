/* SPDX-License-Identifier: MIT */
#include "playout/histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void an_empty_histogram_tells_zero(void **state)
{
    (void)state;
    static struct histogram histogram;
    assert_int_equal(histogram_quantile_ns(&histogram, 990), 0);
    assert_int_equal(histogram_max_ns(&histogram), 0);
}

static void quantiles_are_right_to_an_eighth(void **state)
{
    (void)state;
    static struct histogram histogram;
    for (int64_t i = 1; i <= 100000; i++) {
        histogram_add(&histogram, i * 100);
    }
    static const int per_mille[] = {1, 10, 500, 900, 990, 999, 1000};
    for (size_t i = 0; i < sizeof(per_mille) / sizeof(per_mille[0]); i++) {
        const double exact = per_mille[i] * 10000.0;
        const double told = (double)histogram_quantile_ns(&histogram, per_mille[i]);
        assert_true(told >= exact && told <= exact * 1.126);
    }
    assert_int_equal(histogram_total(&histogram), 100000);
    assert_int_equal(histogram_max_ns(&histogram), 10000000);
}

static void extreme_values_stay_within_the_buckets(void **state)
{
    (void)state;
    static struct histogram histogram;
    histogram_add(&histogram, INT64_MIN);
    histogram_add(&histogram, INT64_MAX);
    assert_int_equal(histogram_quantile_ns(&histogram, 1), 0);
    assert_true(histogram_quantile_ns(&histogram, 1000) >= UINT64_C(60000000000));
    assert_int_equal(histogram_max_ns(&histogram), INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_histogram_tells_zero),
        cmocka_unit_test(quantiles_are_right_to_an_eighth),
        cmocka_unit_test(extreme_values_stay_within_the_buckets),
    };
    return cmocka_run_group_tests_name("histogram", tests, NULL, NULL);
}
