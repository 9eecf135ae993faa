/* SPDX-License-Identifier: MIT */
/*
 * The sections are read back from the packets by a parser of the test's own,
 * and compared with the plans that went in.
 */
#include "playout/eit_cycle.h"
#include "tests/support/guide_judge.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <bitstream/dvb/si.h>
#include <bitstream/mpeg/psi.h>
#include <bitstream/mpeg/ts.h>

enum { DAY_S = 86400 };

/* --- Tests ------------------------------------------------------------------- */

/* 2026-11-23 00:00 UTC; leap days and year ends by way of the table. */
static const int64_t MORNINGS[] = {1795392000, 1835395200 /* 2028-02-29 */,
                                   1830211200 /* 2027-12-31 */, 1798675200 /* 2026-12-31 */};

static void every_event_is_told_once_in_its_segment(void **state)
{
    struct dice dice = dice_seeded();
    (void)state;
    for (int round = 0; round < 12; round++) {
        struct room room;
        const int64_t now_s = MORNINGS[round % 4] + dice_between(&dice, 0, 8639) * EIT_CYCLE_S;
        const struct guide_spec spec = {
            .start_s = now_s - dice_between(&dice, 0, 2 * DAY_S),
            .end_s = now_s + dice_between(&dice, 2 * DAY_S, 10 * DAY_S),
            .shortest_s = 400,
            .longest_s = 7000,
            .text_bytes = round % 3 == 0 ? 700 : 60,
        };
        room_init(&room, 2, (size_t)dice_between(&dice, 1, 3));
        room.bench.station.network.eit_days = (int)dice_between(&dice, 1, 9);
        room.bench.station.network.text = round % 2 == 0 ? TEXT_GB2312 : TEXT_UTF8;
        room.bench.station.network.eit_other = (enum eit_other)(round % 3);
        room.bench.station.network.eit_events_per_day = round % 3 == 0 ? 140 : 60;
        assert_int_equal(room_lay_out(&room), 0);
        room_add_all(&room, &dice, &spec, now_s);
        struct eit_cycle *cycle = room_cycle(&room, now_s);
        guide_check_cycle(&room, cycle, now_s);
        assert_int_equal(eit_cycle_fit(cycle, 0)->days, room.bench.station.network.eit_days);
        room_check_gaps(&room);
        eit_cycle_destroy(cycle);
        room_finish(&room);
    }
}

/* Also across seconds and cycles, of other plans on the two sides. */
static void sections_come_in_time_and_30_ms_apart_across_cycles(void **state)
{
    struct dice dice = {7};
    (void)state;
    for (int round = 0; round < 6; round++) {
        struct room room;
        const int64_t now_s = MORNINGS[0];
        room_init(&room, 2, round % 2 == 0 ? 1 : 4);
        room.bench.station.network.eit_other = round < 3 ? EIT_OTHER_PF : EIT_OTHER_NONE;
        assert_int_equal(room_lay_out(&room), 0);
        for (int i = 0; i < 3; i++) {
            const struct guide_spec spec = {.start_s = now_s,
                                            .end_s = now_s + 9 * DAY_S,
                                            .shortest_s = 600,
                                            .longest_s = 1500 + 1500 * i,
                                            .text_bytes = 100};
            for (size_t s = 0; s < room.source_count; s++) {
                timeline_unref(room.sources[s].timeline);
            }
            room.source_count = 0;
            room_add_all(&room, &dice, &spec, now_s);
            struct eit_cycle *cycle = room_cycle(&room, now_s);
            assert_int_equal(eit_cycle_fit(cycle, 0)->detail, SI_DETAIL_FULL);
            room_read(&room, cycle, (int64_t)i * EIT_CYCLE_S * room.layout.packets_per_second);
            eit_cycle_destroy(cycle);
        }
        room_check_gaps(&room);
        const int64_t longest = room_longest_interval(&room);
        print_message("at most %.1f s\n", (double)longest / room.layout.packets_per_second);
        assert_true(longest <= (int64_t)10 * room.layout.packets_per_second);
        room_finish(&room);
    }
}

static void present_and_following_of_others_are_told_once_a_cycle(void **state)
{
    struct dice dice = {11};
    struct room room;
    const int64_t now_s = MORNINGS[0] + 7000;
    const struct guide_spec spec = {now_s - 5000, now_s + DAY_S, 600, 3000, 900};
    (void)state;
    room_init(&room, 3, 4);
    room.bench.station.network.eit_other = EIT_OTHER_PF;
    assert_int_equal(room_lay_out(&room), 0);
    room_add_all(&room, &dice, &spec, now_s);
    struct eit_cycle *cycle = room_cycle(&room, now_s);
    guide_check_cycle(&room, cycle, now_s);
    for (size_t i = 0; i < room.source_count; i++) {
        int count[2] = {0};
        const bool is_actual = room.sources[i].is_actual;
        for (size_t k = 0; k < room.found_count; k++) {
            const uint8_t *bytes = room.found[k].bytes;
            if (found_is_table(&room.found[k], is_actual ? 0x4e : 0x4f,
                               room.sources[i].service->service_id)) {
                assert_in_range(psi_get_section(bytes), 0, 1);
                count[psi_get_section(bytes)]++;
                assert_int_equal(psi_get_version(bytes), is_actual ? 1 : 7);
                assert_int_equal(psi_get_lastsection(bytes), 1);
                assert_int_equal(eit_get_last_table_id(bytes), bytes[0]);
                const uint8_t *entry = bytes + EIT_HEADER_SIZE;
                if (room.found[k].size > EIT_HEADER_SIZE + 4) {
                    assert_int_equal(eitn_get_running(entry), psi_get_section(bytes) == 0 ? 4 : 1);
                }
            }
        }
        assert_int_equal(count[0], is_actual ? EIT_CYCLE_S : 1);
        assert_int_equal(count[1], is_actual ? EIT_CYCLE_S : 1);
    }
    eit_cycle_destroy(cycle);
    room_finish(&room);
}

/* Section 0 of all services, then section 1 of all, from the first packet of the second on. */
static void present_comes_before_following_in_each_second(void **state)
{
    (void)state;
    for (size_t services = 1; services <= 32; services++) {
        struct room room;
        room_init(&room, 1, services);
        room.bench.station.network.eit_days = 0;
        assert_int_equal(room_lay_out(&room), 0);
        size_t expected = 0;
        for (int p = 0; p < room.layout.packets_per_second; p++) {
            size_t service = 0;
            int number = 0;
            int index = 0;
            if (eit_layout_pf(&room.layout, p, &service, &number, &index)) {
                const size_t at = ((size_t)number * services + service) * SI_EIT_PF_PACKETS;
                assert_int_equal(at + (size_t)index, expected++);
                assert_true(p > 0 || (service == 0 && number == 0));
            }
        }
        assert_int_equal(expected, 2 * services * SI_EIT_PF_PACKETS);
        room_finish(&room);
    }
}

/* 00:00 UTC is 08:00 in China: the table moves by eight segments, in the school morning. */
static void at_midnight_utc_the_schedule_starts_anew(void **state)
{
    struct dice dice = {5};
    (void)state;
    for (size_t m = 0; m < sizeof(MORNINGS) / sizeof(MORNINGS[0]); m++) {
        struct room room;
        const int64_t midnight = MORNINGS[m] + DAY_S;
        const struct guide_spec spec = {midnight - DAY_S, midnight + 9 * DAY_S, 900, 2400, 60};
        room_init(&room, 1, 1);
        assert_int_equal(room_lay_out(&room), 0);
        room_add_all(&room, &dice, &spec, midnight);
        int versions[2] = {0};
        for (int i = 0; i < 2; i++) {
            const int64_t now_s = midnight - EIT_CYCLE_S * (1 - i);
            struct eit_cycle *cycle = room_cycle(&room, now_s);
            guide_check_cycle(&room, cycle, now_s);
            for (size_t k = 0; k < room.found_count; k++) {
                if (room.found[k].bytes[0] == 0x50) {
                    versions[i] = psi_get_version(room.found[k].bytes);
                }
            }
            assert_int_equal(eit_cycle_holds(cycle, room.sources, 1, midnight - EIT_CYCLE_S),
                             i == 0);
            assert_int_equal(eit_cycle_holds(cycle, room.sources, 1, midnight + 3600), i == 1);
            eit_cycle_destroy(cycle);
        }
        assert_int_equal(versions[1], (versions[0] + 1) % 32);
        room_finish(&room);
    }
}

static void a_cycle_is_the_same_all_day_and_whoever_builds_it(void **state)
{
    struct dice dice = {3};
    struct room room;
    const int64_t now_s = MORNINGS[0];
    const struct guide_spec spec = {now_s, now_s + 9 * DAY_S, 600, 3000, 300};
    (void)state;
    room_init(&room, 1, 3);
    assert_int_equal(room_lay_out(&room), 0);
    room_add_all(&room, &dice, &spec, now_s);
    struct eit_cycle *one = room_cycle(&room, now_s);
    struct eit_cycle *other = room_cycle(&room, now_s + DAY_S - EIT_CYCLE_S);
    for (int p = 0; p < room.layout.packets_per_second * EIT_CYCLE_S; p++) {
        size_t service = 0;
        int number = 0;
        int index = 0;
        uint8_t left[188];
        uint8_t right[188];
        if (!eit_layout_pf(&room.layout, p % room.layout.packets_per_second, &service, &number,
                           &index)) {
            eit_cycle_packet(one, p, 5, left);
            eit_cycle_packet(other, p, 5, right);
            assert_memory_equal(left, right, 188);
        }
    }
    assert_true(eit_cycle_holds(one, room.sources, 3, now_s + 20));
    room.sources[2].schedule_version++;
    assert_false(eit_cycle_holds(one, room.sources, 3, now_s + 20));
    room.sources[2].schedule_version--;
    assert_false(eit_cycle_holds(one, room.sources, 2, now_s + 20));
    struct timeline *kept = room.sources[0].timeline;
    room.sources[0].timeline = room.sources[1].timeline;
    assert_false(eit_cycle_holds(one, room.sources, 3, now_s + 20));
    room.sources[0].timeline = kept;
    eit_cycle_destroy(one);
    eit_cycle_destroy(other);
    room_finish(&room);
}

static void a_service_without_plan_has_empty_segments(void **state)
{
    struct room room;
    const int64_t now_s = MORNINGS[0] + 50000;
    (void)state;
    room_init(&room, 1, 1);
    assert_int_equal(room_lay_out(&room), 0);
    room_add(&room, &room.bench.services[0][0], timeline_create_empty(GOP_FRAMES * 10), now_s);
    struct eit_cycle *cycle = room_cycle(&room, now_s);
    guide_check_cycle(&room, cycle, now_s);
    int sections = 0;
    for (size_t i = 0; i < room.found_count; i++) {
        assert_int_equal(room.found[i].size, EIT_HEADER_SIZE + 4);
        sections += room.found[i].bytes[0] >= 0x50;
    }
    assert_int_equal(sections, 8 * 8);
    assert_int_equal(eit_cycle_fit(cycle, 0)->events, 0);
    eit_cycle_destroy(cycle);
    room_finish(&room);
}

/* More and more to tell: less is said of each event, then of fewer days, never wrongly. */
static void what_does_not_fit_is_shortened_step_by_step(void **state)
{
    struct dice dice = {9};
    const int64_t now_s = MORNINGS[0] + 30000;
    enum si_detail before = SI_DETAIL_FULL;
    int days_before = 8;
    unsigned details_seen = 0;
    (void)state;
    for (int64_t longest = 4000; longest > 40; longest = longest * 3 / 4) {
        struct room room;
        const struct guide_spec spec = {now_s - DAY_S, now_s + 9 * DAY_S, longest / 2, longest,
                                        500};
        room_init(&room, 1, 1);
        assert_int_equal(room_lay_out(&room), 0);
        room_add_all(&room, &dice, &spec, now_s);
        struct eit_cycle *cycle = room_cycle(&room, now_s);
        const struct eit_fit *fit = eit_cycle_fit(cycle, 0);
        room_forget(&room);
        room_read(&room, cycle, 0);
        room_check_gaps(&room);
        guide_check_numbers(&room, &room.sources[0], 8);
        assert_true(fit->detail >= before);
        assert_true(fit->days <= days_before);
        assert_true(fit->days == 8 || fit->detail == SI_DETAIL_SHORT_NAME);
        if (fit->detail < SI_DETAIL_SHORT_NAME) {
            guide_check_events(&room, &room.sources[0], fit, now_s);
        }
        before = fit->detail;
        days_before = fit->days;
        details_seen |= 1u << fit->detail;
        eit_cycle_destroy(cycle);
        room_finish(&room);
    }
    assert_true((details_seen & 1) != 0);
    assert_int_equal(before, SI_DETAIL_SHORT_NAME);
    assert_true(days_before < 8);
}

/* The numbers that are told do fit, and one step more does not. */
static void a_station_that_cannot_keep_up_is_told_what_would_fit(void **state)
{
    struct room room;
    struct eit_budget budget;
    struct eit_budget again;
    (void)state;
    room_init(&room, 2, 8);
    struct network *network = &room.bench.station.network;
    const struct transport *transport = &room.bench.transports[0];
    const struct station *station = &room.bench.station;
    assert_int_equal(eit_layout_init(&room.layout, station, transport, 600, &budget), 0);
    const int fits = budget.wanted;
    assert_int_equal(fits, room.layout.packets_per_second);
    print_message("8 services x 80 events x 8 days: %d packets a second\n", fits);

    assert_int_equal(eit_layout_init(&room.layout, station, transport, fits / 2, &budget), -ENOSPC);
    assert_int_equal(budget.wanted, fits);
    assert_int_equal(budget.most, fits / 2);
    assert_in_range(budget.days, 1, 7);
    assert_in_range(budget.events_per_day, 1, 79);
    assert_false(budget.without_other);
    network->eit_days = budget.days;
    assert_int_equal(eit_layout_init(&room.layout, station, transport, fits / 2, &again), 0);
    network->eit_days = budget.days + 1;
    assert_int_equal(eit_layout_init(&room.layout, station, transport, fits / 2, &again), -ENOSPC);
    network->eit_days = 8;
    network->eit_events_per_day = budget.events_per_day;
    assert_int_equal(eit_layout_init(&room.layout, station, transport, fits / 2, &again), 0);

    network->eit_events_per_day = 80;
    network->eit_other = EIT_OTHER_SCHEDULE;
    assert_int_equal(eit_layout_init(&room.layout, station, transport, 600, &budget), -ENOSPC);
    assert_true(budget.without_other);
    assert_true(budget.wanted > EIT_PACKETS_MOST);

    assert_int_equal(eit_layout_init(&room.layout, station, transport, 10, &budget), -ENOSPC);
    assert_int_equal(budget.days, -1);
    room_finish(&room);
}

/* What bandwidth is kept for does fit, as full as the settings say. */
static void what_bandwidth_is_kept_for_fits(void **state)
{
    struct dice dice = {13};
    (void)state;
    for (int coding = TEXT_GB2312; coding <= TEXT_UTF8; coding++) {
        for (size_t services = 1; services <= 8; services += 7) {
            struct room room;
            const int64_t now_s = MORNINGS[0];
            /* 80 a day on average. */
            const struct guide_spec spec = {now_s, now_s + 9 * DAY_S, 960, 1200, 70};
            room_init(&room, 1, services);
            room.bench.station.network.text = (enum text_coding)coding;
            assert_int_equal(room_lay_out(&room), 0);
            room_add_all(&room, &dice, &spec, now_s);
            struct eit_cycle *cycle = room_cycle(&room, now_s);
            const struct eit_fit *fit = eit_cycle_fit(cycle, 0);
            print_message("%zu services: %d packets a second, %d events, %d of %d packets used\n",
                          services, room.layout.packets_per_second, fit->events, fit->used,
                          fit->room);
            assert_int_equal(fit->detail, SI_DETAIL_FULL);
            assert_int_equal(fit->days, 8);
            eit_cycle_destroy(cycle);
            room_finish(&room);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_is_told_once_in_its_segment),
        cmocka_unit_test(sections_come_in_time_and_30_ms_apart_across_cycles),
        cmocka_unit_test(present_and_following_of_others_are_told_once_a_cycle),
        cmocka_unit_test(present_comes_before_following_in_each_second),
        cmocka_unit_test(at_midnight_utc_the_schedule_starts_anew),
        cmocka_unit_test(a_cycle_is_the_same_all_day_and_whoever_builds_it),
        cmocka_unit_test(a_service_without_plan_has_empty_segments),
        cmocka_unit_test(what_does_not_fit_is_shortened_step_by_step),
        cmocka_unit_test(a_station_that_cannot_keep_up_is_told_what_would_fit),
        cmocka_unit_test(what_bandwidth_is_kept_for_fits),
    };
    return cmocka_run_group_tests_name("eit_cycle", tests, NULL, NULL);
}
