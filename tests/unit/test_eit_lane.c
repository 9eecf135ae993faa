/* SPDX-License-Identifier: MIT */
#include "playout/eit_lane.h"
#include "playout/eit_schedule.h"
#include "tests/support/guide_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ITEMS_MOST = 16 * 32 * 8, GAP_MS = 30, LIMIT_S = 10 };

/* Layouts of stations small and large; false when such a one is refused. */
static bool draw_layout(struct dice *dice, struct guide_bench *bench, struct eit_layout *layout)
{
    struct eit_budget budget;
    guide_bench_init(bench, (size_t)dice_between(dice, 1, 3), (size_t)dice_between(dice, 1, 8));
    struct network *network = &bench->station.network;
    network->eit_days = (int)dice_between(dice, 1, 10);
    network->eit_events_per_day = (int)dice_between(dice, 1, dice_once_in(dice, 3) ? 500 : 80);
    network->eit_other = (enum eit_other)dice_between(dice, 0, 2);
    return eit_layout_init(layout, &bench->station, &bench->transports[0], 600, &budget) == 0;
}

/* Some sections for each segment: up to `sections` of up to `packets` packets. */
static size_t draw_items(struct dice *dice, int segments, int sections, int packets,
                         struct eit_item *items)
{
    size_t count = 0;
    for (int segment = 0; segment < segments; segment++) {
        const int64_t more = dice_between(dice, 1, sections);
        for (int64_t i = 0; i < more; i++) {
            items[count++] = (struct eit_item){segment, (int)dice_between(dice, 1, packets)};
        }
    }
    return count;
}

/* Each in one cell of its lane, none over another, and of one table 30 ms apart. */
static void check_places(const struct eit_layout *layout, int lane, const struct eit_item *items,
                         size_t count, const int *positions)
{
    const int cycle = layout->packets_per_second * EIT_CYCLE_S;
    int *owner = calloc((size_t)cycle, sizeof(owner[0])); /* number of the section, plus one */
    assert_non_null(owner);
    for (size_t i = 0; i < count; i++) {
        for (int k = 0; k < items[i].packets; k++) {
            assert_in_range(positions[i] + k, 0, cycle - 1);
            assert_int_equal(owner[positions[i] + k], 0);
            assert_int_equal(eit_lane_of(layout, positions[i] + k), lane);
            owner[positions[i] + k] = (int)i + 1;
        }
    }
    int free_again[16] = {0};
    for (int p = 0; p < 2 * cycle; p++) { /* twice: also from one cycle to the next */
        const int there = owner[p % cycle];
        if (there != 0 && positions[there - 1] == p % cycle) {
            const struct eit_item *item = &items[there - 1];
            int *free_from = &free_again[item->segment / EIT_SEGMENTS_PER_TABLE];
            assert_true(p >= *free_from);
            *free_from = p + item->packets + (GAP_MS * layout->packets_per_second + 999) / 1000;
        }
    }
    free(owner);
}

static void sections_lie_in_their_lane_and_30_ms_apart(void **state)
{
    static struct eit_item items[ITEMS_MOST];
    static int positions[ITEMS_MOST];
    struct dice dice = {20261125};
    int placed = 0;
    (void)state;
    for (int round = 0; round < 300; round++) {
        struct guide_bench bench;
        struct eit_layout layout = {0};
        if (!draw_layout(&dice, &bench, &layout)) {
            continue;
        }
        const int segments = bench.station.network.eit_days * EIT_SEGMENTS_PER_DAY;
        const int lane = (int)dice_between(&dice, 0, layout.lanes - 1);
        const size_t count = draw_items(&dice, segments, (int)dice_between(&dice, 1, 3),
                                        (int)dice_between(&dice, 1, layout.cell), items);
        if (eit_lane_place(&layout, lane, items, count, positions)) {
            check_places(&layout, lane, items, count, positions);
            placed++;
        }
    }
    print_message("%d schedules placed\n", placed);
    assert_true(placed > 50);
}

/* As much as the last window holds, and something in the first cell of the cycle. */
static void sections_are_30_ms_apart_from_one_cycle_to_the_next(void **state)
{
    /* The half second is full: its last cell lies just before the next half second's first. */
    const struct eit_layout layout = {.packets_per_second = 398,
                                      .gap = 13,
                                      .others_start = 3,
                                      .lanes_start = 3,
                                      .lanes = 1,
                                      .cell = 49,
                                      .turns = 4};
    static const int LAST_WINDOW[] = {7, 14, 21, 28}; /* segments of one table */
    struct eit_item items[1 + 4 * EIT_SECTIONS_PER_SEGMENT] = {{0, layout.cell}};
    int positions[1 + 4 * EIT_SECTIONS_PER_SEGMENT];
    int placed = 0;
    (void)state;
    for (int packets = layout.cell - layout.gap; packets <= layout.cell; packets++) {
        for (size_t count = 1; count <= 4 * EIT_SECTIONS_PER_SEGMENT; count++) {
            const int segment = LAST_WINDOW[(count - 1) / EIT_SECTIONS_PER_SEGMENT];
            for (size_t i = 1; i <= count; i++) {
                items[i].packets = packets;
            }
            items[count].segment = segment;
            if (eit_lane_place(&layout, 0, items, count + 1, positions)) {
                check_places(&layout, 0, items, count + 1, positions);
                placed++;
            }
        }
    }
    assert_true(placed > 0);
}

/* From any guide to any other, the positions of a segment differ by two seconds at most. */
static void a_section_comes_again_within_ten_seconds_whatever_came_before(void **state)
{
    static struct eit_item items[ITEMS_MOST];
    static int positions[ITEMS_MOST];
    struct dice dice = {8};
    int placed = 0;
    (void)state;
    for (int round = 0; round < 60; round++) {
        struct guide_bench bench;
        struct eit_layout layout = {0};
        int first[16 * 32];
        int last[16 * 32];
        if (!draw_layout(&dice, &bench, &layout)) {
            continue;
        }
        const int rate = layout.packets_per_second;
        const int segments = bench.station.network.eit_days * EIT_SEGMENTS_PER_DAY;
        for (int i = 0; i < segments; i++) {
            first[i] = EIT_CYCLE_S * rate;
            last[i] = 0;
        }
        for (int guide = 0; guide < 20; guide++) {
            const size_t count = draw_items(&dice, segments, (int)dice_between(&dice, 1, 2),
                                            (int)dice_between(&dice, 1, layout.cell), items);
            if (!eit_lane_place(&layout, 0, items, count, positions)) {
                continue;
            }
            placed++;
            for (size_t i = 0; i < count; i++) {
                const int segment = items[i].segment;
                const int end = positions[i] + items[i].packets;
                first[segment] = positions[i] < first[segment] ? positions[i] : first[segment];
                last[segment] = end > last[segment] ? end : last[segment];
            }
        }
        for (int i = 0; i < segments; i++) {
            assert_true(last[i] + (EIT_CYCLE_S * rate) - first[i] <= LIMIT_S * rate);
        }
    }
    assert_true(placed > 200);
}

/* The barest guide, which is what is left when nothing else fits. */
static void a_packet_a_segment_always_fits(void **state)
{
    static struct eit_item items[ITEMS_MOST];
    static int positions[ITEMS_MOST];
    struct dice dice = {3};
    int layouts = 0;
    (void)state;
    for (int round = 0; round < 400; round++) {
        struct guide_bench bench;
        struct eit_layout layout = {0};
        if (draw_layout(&dice, &bench, &layout)) {
            const int segments = bench.station.network.eit_days * EIT_SEGMENTS_PER_DAY;
            const size_t count = draw_items(&dice, segments, 1, 1, items);
            assert_true(eit_lane_place(&layout, 0, items, count, positions));
            layouts++;
        }
    }
    assert_true(layouts > 100);
}

/* All lanes are alike. */
static void another_lane_has_the_same_places_some_cells_later(void **state)
{
    static struct eit_item items[ITEMS_MOST];
    int one[ITEMS_MOST];
    int other[ITEMS_MOST];
    struct dice dice = {4};
    struct guide_bench bench;
    struct eit_layout layout = {0};
    struct eit_budget budget;
    (void)state;
    guide_bench_init(&bench, 1, 5);
    assert_int_equal(eit_layout_init(&layout, &bench.station, &bench.transports[0], 600, &budget),
                     0);
    const size_t count = draw_items(&dice, 64, 1, layout.cell, items);
    assert_true(eit_lane_place(&layout, 0, items, count, one));
    assert_true(eit_lane_place(&layout, 3, items, count, other));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(other[i], one[i] + 3 * layout.cell);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_lie_in_their_lane_and_30_ms_apart),
        cmocka_unit_test(sections_are_30_ms_apart_from_one_cycle_to_the_next),
        cmocka_unit_test(a_section_comes_again_within_ten_seconds_whatever_came_before),
        cmocka_unit_test(a_packet_a_segment_always_fits),
        cmocka_unit_test(another_lane_has_the_same_places_some_cells_later),
    };
    return cmocka_run_group_tests_name("eit_lane", tests, NULL, NULL);
}
