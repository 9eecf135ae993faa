/* SPDX-License-Identifier: MIT */
/* The table of slots of one service alone, and of a multiplex of eight. */
#include "playout/lattice.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum {
    TB_BITS = 4096,
    PACKET_BITS = 1504,
    SERVICES_MOST = 8,
    OWNERS_MOST = OWNER_SERVICES + SERVICES_MOST * SERVICE_OWNERS,
    MULTIPLEX = 8,
};

/* A transport of `services` SD services, some slots of which are nobody's. */
struct layout {
    int slots;
    int owners;
    struct lattice_share shares[OWNERS_MOST];
};

static void lay_out(struct layout *layout, int slots, int services)
{
    *layout = (struct layout){.slots = slots, .owners = owner_of_service((size_t)services, 0)};
    layout->shares[OWNER_PAT] = (struct lattice_share){12, 1000000, 0};
    layout->shares[OWNER_NIT] = (struct lattice_share){2, 1000000, 0};
    layout->shares[OWNER_SDT] = (struct lattice_share){3, 1000000, 0};
    layout->shares[OWNER_EIT] = (struct lattice_share){30 + 10 * services, 1000000, 0};
    layout->shares[OWNER_TDT] = (struct lattice_share){1, 1000000, 0};
    for (int i = 0; i < services; i++) {
        struct lattice_share *of = &layout->shares[owner_of_service((size_t)i, 0)];
        of[SERVICE_PCR] = (struct lattice_share){40, 0, i + 1};
        of[SERVICE_PMT] = (struct lattice_share){12, 1000000, 0};
        of[SERVICE_AUDIO] = (struct lattice_share){225, 2000000, 0};
        of[SERVICE_VIDEO] = (struct lattice_share){1900, 14400000, i + 1};
    }
}

static const struct scene {
    int slots;
    int services;
} SCENES[] = {{2325, 1}, {4650, 2}, {18000, MULTIPLEX}};

enum { SCENE_COUNT = sizeof(SCENES) / sizeof(SCENES[0]) };

static struct lattice *create(const struct scene *scene, struct layout *layout)
{
    struct lattice *lattice = NULL;
    lay_out(layout, scene->slots, scene->services);
    assert_int_equal(lattice_create(layout->slots, layout->shares, layout->owners, &lattice), 0);
    return lattice;
}

static void every_owner_gets_its_share(void **state)
{
    (void)state;
    for (int i = 0; i < SCENE_COUNT; i++) {
        struct layout layout;
        struct lattice *lattice = create(&SCENES[i], &layout);
        int total = 0;
        assert_int_equal(lattice_owners(lattice), layout.owners);
        for (int owner = OWNER_NONE + 1; owner < layout.owners; owner++) {
            assert_int_equal(lattice_count(lattice, owner), layout.shares[owner].slots_per_second);
            total += layout.shares[owner].slots_per_second;
        }
        assert_int_equal(lattice_count(lattice, OWNER_NONE), layout.slots - total);
        lattice_destroy(lattice);
    }
}

/* Owners are numbered service by service: nobody has the number of another. */
static void owners_of_services_have_numbers_of_their_own(void **state)
{
    (void)state;
    int owner = OWNER_SERVICES;
    for (size_t service = 0; service < SERVICES_MOST; service++) {
        for (int what = SERVICE_PCR; what < SERVICE_OWNERS; what++) {
            assert_int_equal(owner_of_service(service, (enum service_owner)what), owner++);
        }
    }
}

static void too_many_shares_are_refused(void **state)
{
    (void)state;
    struct lattice *lattice = NULL;
    struct layout layout;
    lay_out(&layout, 2175, 1);
    assert_int_equal(lattice_create(layout.slots, layout.shares, layout.owners, &lattice), -ENOSPC);
    assert_null(lattice);
    lay_out(&layout, 17000, MULTIPLEX);
    assert_int_equal(lattice_create(layout.slots, layout.shares, layout.owners, &lattice), -ENOSPC);
    assert_null(lattice);
}

static void ordinal_and_slot_are_inverse(void **state)
{
    (void)state;
    for (int i = 0; i < SCENE_COUNT; i++) {
        struct layout layout;
        struct lattice *lattice = create(&SCENES[i], &layout);
        const uint64_t slots = (uint64_t)layout.slots;
        const uint64_t epoch = UINT64_C(1795392000) * slots;
        for (uint64_t slot = epoch; slot < epoch + 2 * slots; slot++) {
            const int owner = lattice_table(lattice)[slot % slots];
            const uint64_t ordinal = lattice_ordinal(lattice, owner, slot);
            assert_int_equal(lattice_slot(lattice, owner, ordinal), slot);
            assert_int_equal(lattice_ordinal(lattice, owner, slot + 1), ordinal + 1);
        }
        lattice_destroy(lattice);
    }
}

static void pcr_of_each_service_comes_at_least_every_35_ms(void **state)
{
    (void)state;
    for (int i = 0; i < SCENE_COUNT; i++) {
        struct layout layout;
        struct lattice *lattice = create(&SCENES[i], &layout);
        for (size_t service = 0; service < (size_t)SCENES[i].services; service++) {
            const int owner = owner_of_service(service, SERVICE_PCR);
            for (uint64_t k = 0; k < 40; k++) {
                const uint64_t gap =
                    lattice_slot(lattice, owner, k + 1) - lattice_slot(lattice, owner, k);
                assert_true(gap * 1000 <= 35 * (uint64_t)layout.slots);
            }
        }
        lattice_destroy(lattice);
    }
}

/* By brute force: n packets waiting at slot a are sent before a + n K / count + latency. */
static void check_latency(const struct lattice *lattice, int owner, int64_t slots)
{
    const int64_t count = lattice_count(lattice, owner);
    const int64_t latency = lattice_latency(lattice, owner);
    for (uint64_t a = 0; a < (uint64_t)slots; a += 31) {
        const uint64_t first = lattice_ordinal(lattice, owner, a);
        for (int64_t n = 1; n < 900; n += 7) {
            const int64_t sent = (int64_t)lattice_slot(lattice, owner, first + (uint64_t)n - 1) + 1;
            assert_true((sent - (int64_t)a - latency) * count <= n * slots);
        }
    }
}

static void the_latency_is_kept_for_every_stream(void **state)
{
    (void)state;
    for (int i = 0; i < SCENE_COUNT; i++) {
        struct layout layout;
        struct lattice *lattice = create(&SCENES[i], &layout);
        for (size_t service = 0; service < (size_t)SCENES[i].services; service++) {
            check_latency(lattice, owner_of_service(service, SERVICE_AUDIO), layout.slots);
            check_latency(lattice, owner_of_service(service, SERVICE_VIDEO), layout.slots);
        }
        lattice_destroy(lattice);
    }
}

/* Fill of a transport buffer, in bits x K, over three seconds with all slots of a group filled. */
static void check_buffer(const struct lattice *lattice, const struct layout *layout, int owner)
{
    const struct lattice_share *share = &layout->shares[owner];
    const int64_t slots = layout->slots;
    int64_t fill = 0;
    for (int64_t i = 0; i < 3 * slots; i++) {
        const int who = lattice_table(lattice)[i % slots];
        const bool is_in_group = who == owner || (share->tb_group != 0 && who != OWNER_NONE &&
                                                  layout->shares[who].tb_group == share->tb_group);
        if (is_in_group) {
            fill += PACKET_BITS * slots;
            assert_true(fill <= TB_BITS * slots);
        }
        fill = fill > share->tb_leak_bps ? fill - share->tb_leak_bps : 0;
    }
}

static void no_transport_buffer_overflows_with_all_slots_filled(void **state)
{
    (void)state;
    for (int i = 0; i < SCENE_COUNT; i++) {
        struct layout layout;
        struct lattice *lattice = create(&SCENES[i], &layout);
        for (int owner = OWNER_NONE + 1; owner < layout.owners; owner++) {
            if (layout.shares[owner].tb_leak_bps > 0) {
                check_buffer(lattice, &layout, owner);
            }
        }
        lattice_destroy(lattice);
    }
}

/* With audio asked for as densely as can be, its transport buffer thins the table. */
static void the_transport_buffer_thins_the_table(void **state)
{
    (void)state;
    enum { FAST = 25000 };
    struct layout layout = {.slots = FAST, .owners = owner_of_service(1, 0)};
    const int audio = owner_of_service(0, SERVICE_AUDIO);
    struct lattice *lattice = NULL;
    layout.shares[audio] = (struct lattice_share){FAST, 2000000, 0};
    assert_int_equal(lattice_create(FAST, layout.shares, layout.owners, &lattice), 0);
    assert_in_range(lattice_count(lattice, audio), 1200, 2000000 / PACKET_BITS + 1);
    check_buffer(lattice, &layout, audio);
    lattice_destroy(lattice);
}

/* The time that a TDT tells begins with the slot it lies in, as nearly as can be. */
static void tdt_lies_at_the_start_of_a_second(void **state)
{
    (void)state;
    for (int i = 0; i < SCENE_COUNT; i++) {
        struct layout layout;
        struct lattice *lattice = create(&SCENES[i], &layout);
        const uint64_t slot = lattice_slot(lattice, OWNER_TDT, 0);
        assert_true(slot * 1000 < (uint64_t)layout.slots * 10);
        lattice_destroy(lattice);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_owner_gets_its_share),
        cmocka_unit_test(owners_of_services_have_numbers_of_their_own),
        cmocka_unit_test(too_many_shares_are_refused),
        cmocka_unit_test(ordinal_and_slot_are_inverse),
        cmocka_unit_test(pcr_of_each_service_comes_at_least_every_35_ms),
        cmocka_unit_test(the_latency_is_kept_for_every_stream),
        cmocka_unit_test(no_transport_buffer_overflows_with_all_slots_filled),
        cmocka_unit_test(the_transport_buffer_thins_the_table),
        cmocka_unit_test(tdt_lies_at_the_start_of_a_second),
    };
    return cmocka_run_group_tests_name("lattice", tests, NULL, NULL);
}
