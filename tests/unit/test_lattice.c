/* SPDX-License-Identifier: MIT */
#include "playout/lattice.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { K = 2325, TB_BITS = 4096, PACKET_BITS = 1504 };

/* One service. */
enum {
    PCR = OWNER_SERVICES + SERVICE_PCR,
    PMT = OWNER_SERVICES + SERVICE_PMT,
    AUDIO = OWNER_SERVICES + SERVICE_AUDIO,
    VIDEO = OWNER_SERVICES + SERVICE_VIDEO,
    OWNERS,
};

static const struct lattice_share SD[OWNERS] = {
    [OWNER_PAT] = {12, 1000000, 0}, [OWNER_NIT] = {1, 1000000, 0}, [OWNER_SDT] = {1, 1000000, 0},
    [OWNER_EIT] = {40, 1000000, 0}, [OWNER_TDT] = {1, 1000000, 0}, [PCR] = {40, 0, 1},
    [PMT] = {12, 1000000, 0},       [AUDIO] = {225, 2000000, 0},   [VIDEO] = {1900, 14400000, 1},
};

static void every_owner_gets_its_share(void **state)
{
    (void)state;
    struct lattice *lattice = NULL;
    assert_int_equal(lattice_create(K, SD, OWNERS, &lattice), 0);
    int total = 0;
    for (int owner = 1; owner < OWNERS; owner++) {
        assert_int_equal(lattice_count(lattice, owner), SD[owner].slots_per_second);
        total += SD[owner].slots_per_second;
    }
    assert_int_equal(lattice_count(lattice, OWNER_NONE), K - total);
    lattice_destroy(lattice);
}

static void too_many_shares_are_refused(void **state)
{
    (void)state;
    struct lattice *lattice = NULL;
    assert_int_equal(lattice_create(2175, SD, OWNERS, &lattice), -ENOSPC);
    assert_null(lattice);
}

static void ordinal_and_slot_are_inverse(void **state)
{
    (void)state;
    struct lattice *lattice = NULL;
    assert_int_equal(lattice_create(K, SD, OWNERS, &lattice), 0);
    const uint64_t epoch = UINT64_C(1795392000) * K;
    for (uint64_t slot = epoch; slot < epoch + 3 * K; slot++) {
        const int owner = lattice_table(lattice)[slot % K];
        const uint64_t ordinal = lattice_ordinal(lattice, owner, slot);
        assert_int_equal(lattice_slot(lattice, owner, ordinal), slot);
        assert_int_equal(lattice_ordinal(lattice, owner, slot + 1), ordinal + 1);
    }
    lattice_destroy(lattice);
}

static void pcr_comes_at_least_every_35_ms(void **state)
{
    (void)state;
    struct lattice *lattice = NULL;
    assert_int_equal(lattice_create(K, SD, OWNERS, &lattice), 0);
    for (uint64_t i = 0; i < 40; i++) {
        const uint64_t gap = lattice_slot(lattice, PCR, i + 1) - lattice_slot(lattice, PCR, i);
        assert_true(gap * 1000 <= 35 * K);
    }
    lattice_destroy(lattice);
}

/* By brute force: n packets waiting at slot a are sent before a + n K / count + latency. */
static void the_latency_is_kept(void **state)
{
    (void)state;
    struct lattice *lattice = NULL;
    assert_int_equal(lattice_create(K, SD, OWNERS, &lattice), 0);
    const int owners[] = {AUDIO, VIDEO};
    for (int i = 0; i < 2; i++) {
        const int64_t count = lattice_count(lattice, owners[i]);
        const int64_t latency = lattice_latency(lattice, owners[i]);
        assert_in_range(latency, 0, 20);
        for (uint64_t a = 0; a < K; a += 3) {
            const uint64_t first = lattice_ordinal(lattice, owners[i], a);
            for (int64_t n = 1; n < 900; n += 7) {
                const int64_t sent =
                    (int64_t)lattice_slot(lattice, owners[i], first + (uint64_t)n - 1) + 1;
                assert_true((sent - (int64_t)a - latency) * count <= n * K);
            }
        }
    }
    lattice_destroy(lattice);
}

/* With audio asked for as densely as can be, its transport buffer thins the table. */
static void the_transport_buffer_thins_the_table(void **state)
{
    (void)state;
    enum { FAST = 25000 };
    struct lattice_share shares[OWNERS] = {[AUDIO] = {FAST, 2000000, 0}};
    struct lattice *lattice = NULL;
    assert_int_equal(lattice_create(FAST, shares, OWNERS, &lattice), 0);
    const int count = lattice_count(lattice, AUDIO);
    assert_in_range(count, 1200, 2000000 / PACKET_BITS + 1);
    int64_t fill = 0; /* bits x FAST */
    for (int i = 0; i < 3 * FAST; i++) {
        if (lattice_table(lattice)[i % FAST] == AUDIO) {
            fill += (int64_t)PACKET_BITS * FAST;
            assert_true(fill <= (int64_t)TB_BITS * FAST);
        }
        fill = fill > 2000000 ? fill - 2000000 : 0;
    }
    lattice_destroy(lattice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_owner_gets_its_share),
        cmocka_unit_test(too_many_shares_are_refused),
        cmocka_unit_test(ordinal_and_slot_are_inverse),
        cmocka_unit_test(pcr_comes_at_least_every_35_ms),
        cmocka_unit_test(the_latency_is_kept),
        cmocka_unit_test(the_transport_buffer_thins_the_table),
    };
    return cmocka_run_group_tests_name("lattice", tests, NULL, NULL);
}
