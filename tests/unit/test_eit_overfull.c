/* SPDX-License-Identifier: MIT */
/*
 * Guides with more to tell than their share: they are shortened, but nobody
 * else's, nothing comes late, and versions rise by one with each change.
 */
#include "tests/support/guide_room.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <bitstream/dvb/si.h>
#include <bitstream/mpeg/psi.h>

enum { DAY_S = 86400, WEEK_S = 9 * DAY_S, NOW_S = 1795392000 /* 2026-11-23 00:00 UTC */ };

/* From a guide that is hardly there to one of an event a minute and long texts. */
static struct guide_spec draw_spec(struct dice *dice, int64_t now_s)
{
    static const int64_t LONGEST[] = {100, 250, 500, 900, 2400, 20000};
    static const size_t TEXTS[] = {30, 200, 900};
    const int64_t longest = LONGEST[dice_between(dice, 0, 5)];
    return (struct guide_spec){
        .start_s = now_s - dice_between(dice, 0, 2 * DAY_S),
        .end_s = now_s + dice_between(dice, 0, WEEK_S),
        .shortest_s = longest / 4,
        .longest_s = longest,
        .text_bytes = TEXTS[dice_between(dice, 0, 2)],
    };
}

static void draw_network(struct dice *dice, struct network *network)
{
    network->eit_days = (int)dice_between(dice, 1, 9);
    network->eit_events_per_day = (int)dice_between(dice, 4, 40);
    network->text = dice_once_in(dice, 2) ? TEXT_GB2312 : TEXT_UTF8;
    network->eit_other = (enum eit_other)dice_between(dice, 0, 2);
}

/* Another plan and another present for source `i`. */
static void replace(struct room *room, size_t i, struct timeline *timeline)
{
    timeline_unref(room->sources[i].timeline);
    room->sources[i].timeline = timeline;
    room->sources[i].schedule_version++;
    room->sources[i].pf_version++;
}

static bool tells_schedule(const struct room *room, size_t i)
{
    return room->sources[i].is_actual ||
           room->bench.station.network.eit_other == EIT_OTHER_SCHEDULE;
}

/* Cycle after cycle other plans, of any size. */
static void sections_come_within_ten_seconds_whatever_is_planned(void **state)
{
    struct dice dice = dice_seeded();
    unsigned details = 0;
    int cut = 0;
    (void)state;
    for (int round = 0; round < 5; round++) {
        struct room room;
        const int64_t now_s = NOW_S + dice_between(&dice, 0, 3) * (DAY_S - 3 * EIT_CYCLE_S);
        room_init(&room, (size_t)dice_between(&dice, 1, 3), (size_t)dice_between(&dice, 1, 3));
        draw_network(&dice, &room.bench.station.network);
        assert_int_equal(room_lay_out(&room), 0);
        const struct guide_spec spec = draw_spec(&dice, now_s);
        room_add_all(&room, &dice, &spec, now_s);
        for (int i = 0; i < 6; i++) { /* over midnight, in some rounds */
            struct eit_cycle *cycle = room_cycle(&room, now_s + (int64_t)i * EIT_CYCLE_S);
            room_read(&room, cycle, (int64_t)i * EIT_CYCLE_S * room.layout.packets_per_second);
            for (size_t s = 0; s < room.source_count; s++) {
                const struct eit_fit *fit = eit_cycle_fit(cycle, s);
                if (tells_schedule(&room, s)) {
                    details |= 1u << fit->detail;
                    cut += fit->days < room.bench.station.network.eit_days || fit->left_out > 0;
                    assert_in_range(fit->days, 1, room.bench.station.network.eit_days);
                }
            }
            eit_cycle_destroy(cycle);
            const struct guide_spec other = draw_spec(&dice, now_s);
            const size_t changed = (size_t)dice_between(&dice, 0, (int64_t)room.source_count - 1);
            replace(&room, changed, guide_bench_timeline(&dice, &other));
        }
        room_check_gaps(&room);
        const int64_t longest = room_longest_interval(&room);
        print_message("at most %.1f s\n", (double)longest / room.layout.packets_per_second);
        assert_true(longest > 0);
        assert_true(longest <= (int64_t)10 * room.layout.packets_per_second);
        room_finish(&room);
    }
    print_message("levels of detail seen: %x, %d guides cut\n", details, cut);
    assert_int_equal(details & 9, 9); /* whole ones, and with the shortest names */
    assert_true(cut > 0);
}

/* All packets but those of one service, from two cycles. */
static void check_others_alike(const struct room *room, const struct eit_cycle *one,
                               const struct eit_cycle *other, int except)
{
    int differing = 0;
    for (int p = 0; p < room->layout.packets_per_second * EIT_CYCLE_S; p++) {
        size_t service = 0;
        int number = 0;
        int index = 0;
        uint8_t left[188];
        uint8_t right[188];
        if (eit_layout_pf(&room->layout, p % room->layout.packets_per_second, &service, &number,
                          &index)) {
            continue;
        }
        eit_cycle_packet(one, p, 5, left);
        eit_cycle_packet(other, p, 5, right);
        if (memcmp(left, right, sizeof(left)) != 0) {
            const int lane =
                (p % (room->layout.packets_per_second / 2) - room->layout.lanes_start) /
                room->layout.cell % room->layout.lanes;
            assert_int_equal(lane, except);
            differing++;
        }
    }
    assert_true(differing > 0);
}

static void an_overfull_guide_leaves_its_neighbours_alone_to_the_byte(void **state)
{
    struct dice dice = {23};
    (void)state;
    for (int round = 0; round < 6; round++) {
        struct room room;
        const struct guide_spec calm = {NOW_S, NOW_S + WEEK_S, 1500, 4000, 60};
        const struct guide_spec busy = {NOW_S, NOW_S + WEEK_S, 60, 120, 900};
        room_init(&room, 2, 4);
        room.bench.station.network.eit_other = (enum eit_other)(round % 3);
        room.bench.station.network.eit_events_per_day = 40;
        assert_int_equal(room_lay_out(&room), 0);
        room_add_all(&room, &dice, &calm, NOW_S);
        const size_t changed = (size_t)dice_between(&dice, 0, 3);
        struct eit_cycle *before = room_cycle(&room, NOW_S);
        replace(&room, changed, guide_bench_timeline(&dice, &busy));
        struct eit_cycle *after = room_cycle(&room, NOW_S);
        for (size_t i = 0; i < 4; i++) {
            const struct eit_fit *fit = eit_cycle_fit(after, i);
            assert_true((fit->detail == SI_DETAIL_SHORT_NAME) == (i == changed));
            assert_true(i == changed || fit->days == 8);
        }
        check_others_alike(&room, before, after, (int)changed);
        eit_cycle_destroy(before);
        eit_cycle_destroy(after);
        room_finish(&room);
    }
}

/* version_number of the sub-table 0x50 of a service, or -1. */
static int version_of(const struct room *room, int service_id)
{
    int version = -1;
    for (size_t i = 0; i < room->found_count; i++) {
        if (found_is_table(&room->found[i], 0x50, service_id)) {
            assert_true(version < 0 || version == psi_get_version(room->found[i].bytes));
            version = psi_get_version(room->found[i].bytes);
        }
    }
    return version;
}

/* Plans come and days begin; how much is told of them has no part in it. */
static void the_version_rises_by_one_with_a_plan_or_a_day(void **state)
{
    struct dice dice = {31};
    (void)state;
    struct room room;
    int64_t now_s = NOW_S;
    room_init(&room, 1, 2);
    room.bench.station.network.eit_events_per_day = 20;
    assert_int_equal(room_lay_out(&room), 0);
    const struct guide_spec spec = draw_spec(&dice, now_s);
    room_add_all(&room, &dice, &spec, now_s);
    int expected[2] = {-1, -1};
    unsigned details = 0;
    for (int step = 0; step < 40; step++) {
        struct eit_cycle *cycle = room_cycle(&room, now_s);
        room_forget(&room);
        room_read(&room, cycle, 0);
        for (int i = 0; i < 2; i++) {
            const int version = version_of(&room, room.sources[i].service->service_id);
            assert_in_range(version, 0, 31);
            assert_true(expected[i] < 0 || version == expected[i]);
            expected[i] = version;
            details |= 1u << eit_cycle_fit(cycle, (size_t)i)->detail;
        }
        eit_cycle_destroy(cycle);
        if (dice_once_in(&dice, 3)) {
            now_s += DAY_S;
            expected[0] = (expected[0] + 1) % 32;
            expected[1] = (expected[1] + 1) % 32;
        } else {
            const struct guide_spec other = draw_spec(&dice, now_s);
            const size_t changed = (size_t)dice_between(&dice, 0, 1);
            replace(&room, changed, guide_bench_timeline(&dice, &other));
            expected[changed] = (expected[changed] + 1) % 32;
        }
    }
    assert_int_equal(details & 9, 9);
    room_finish(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_come_within_ten_seconds_whatever_is_planned),
        cmocka_unit_test(an_overfull_guide_leaves_its_neighbours_alone_to_the_byte),
        cmocka_unit_test(the_version_rises_by_one_with_a_plan_or_a_day),
    };
    return cmocka_run_group_tests_name("eit_overfull", tests, NULL, NULL);
}
