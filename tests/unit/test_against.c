/* SPDX-License-Identifier: MIT */
/*
 * The tapes of random stations as a wire, with faults planted: what `ketang
 * monitor --against` says of them.
 */
#include "tests/support/must.h"
#include "tests/support/wire.h"
#include "tools/tape_place.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { STATIONS = 6, DATE_BYTE = 8 /* of the packet of a TDT or TOT: header, pointer, header */ };

static void assert_all_equal(const struct wire *wire, const struct told *told)
{
    assert_true(told->totals.is_aligned);
    assert_int_equal(told->totals.first_slot, wire->first);
    assert_int_equal(told->count, 0);
    assert_int_equal(told->totals.compared, wire->count);
    assert_int_equal(told->totals.equal, wire->count);
}

/* The first packet with the time from `from` on; there must be one. */
static size_t find_time(const struct wire *wire, size_t from)
{
    while (tape_place_utc(wire_packet(wire, from)) == 0) {
        from++;
        MUST(from < wire->count);
    }
    return from;
}

/* Just one packet differs, and all others are there. */
static void assert_one_differs(const struct wire *wire, const struct told *told, size_t at)
{
    assert_true(told->totals.is_aligned);
    assert_int_equal(told->totals.first_slot, wire->first);
    assert_int_equal(told->count, 1);
    assert_int_equal(told->events[0].kind, AGAINST_DIFFERS);
    assert_int_equal(told->events[0].packet, at);
    assert_int_equal(told->events[0].count, 1);
    assert_int_equal(told->totals.equal, wire->count - 1);
}

/* Every clock reference is that of its slot, and so many ticks. */
static void move_clock(struct wire *wire, uint64_t ticks)
{
    const int slots = (int)wire_slots_per_second(wire);
    for (size_t i = 0; i < wire->count; i++) {
        if (wire_has_pcr(wire, i)) {
            wire_set_pcr(wire, i, tape_pcr(slots, wire->first + i) + ticks);
        }
    }
}

/* --- Faults ------------------------------------------------------------------ */

static void what_airs_equals_the_tape(void **state)
{
    for (uint64_t i = 0; i < STATIONS; i++) {
        static struct wire wire;
        struct told told;
        wire_open(&wire, *state, i);
        wire_hold(&wire, &told);
        assert_all_equal(&wire, &told);
        wire_close(&wire);
    }
}

static void a_damaged_byte_is_named(void **state)
{
    for (uint64_t i = 0; i < STATIONS; i++) {
        static struct wire wire;
        struct told told;
        wire_open(&wire, *state, i);
        const size_t at = wire_draw_place(&wire);
        const int byte = (int)dice_between(&wire.dice, 0, TS_PACKET_SIZE - 1);
        const int pid = (wire_packet(&wire, at)[1] & 0x1f) << 8 | wire_packet(&wire, at)[2];
        wire_packet(&wire, at)[byte] ^= 0x10;
        wire_hold(&wire, &told);
        assert_one_differs(&wire, &told, at);
        assert_int_equal(told.events[0].slot, wire.first + at);
        assert_int_equal(told.events[0].pid, pid);
        assert_int_equal(told.events[0].byte, byte);
        wire_close(&wire);
    }
}

static void lost_packets_are_counted(void **state)
{
    for (uint64_t i = 0; i < STATIONS; i++) {
        static struct wire wire;
        struct told told;
        wire_open_long(&wire, *state, i, 12);
        const size_t lost =
            i == 0 ? 1 : (size_t)dice_between(&wire.dice, 1, (int64_t)wire.count / 4);
        const size_t at = (size_t)dice_between(&wire.dice, WIRE_EDGE, (int64_t)wire.count / 2);
        wire_lose(&wire, at, lost);
        wire_hold(&wire, &told);
        assert_int_equal(told.count, 1);
        assert_int_equal(told.events[0].kind, AGAINST_MISSING);
        assert_int_equal(told.events[0].count, lost);
        assert_int_equal(told.events[0].slot, wire.first + told.events[0].packet);
        wire_check_place(&wire, told.events[0].packet, at);
        assert_int_equal(told.totals.missing, lost);
        assert_int_equal(told.totals.equal, wire.count);
        wire_close(&wire);
    }
}

static void packets_lost_early_are_counted(void **state)
{
    static struct wire wire;
    struct told told;
    wire_open(&wire, *state, 1);
    wire_lose(&wire, wire_find_pcr(&wire, 0) + 1, 1);
    wire_hold(&wire, &told);
    assert_int_equal(told.totals.first_slot, wire.first);
    assert_int_equal(told.count, 1);
    assert_int_equal(told.events[0].kind, AGAINST_MISSING);
    assert_int_equal(told.totals.equal, wire.count);
    wire_close(&wire);
}

static void a_lost_and_a_damaged_packet_are_told_apart(void **state)
{
    static struct wire wire;
    struct told told;
    wire_open(&wire, *state, 2);
    size_t pcr = WIRE_EDGE;
    size_t next = 0;
    do { /* not two services' clocks side by side, nor null packets */
        pcr = wire_find_pcr(&wire, pcr + 1);
        next = wire_find_pcr(&wire, pcr + 1);
    } while (next - pcr < 6 ||
             memcmp(wire_packet(&wire, pcr + 1), wire_packet(&wire, pcr + 2), TS_PACKET_SIZE) == 0);
    wire_lose(&wire, pcr + 1, 1);
    wire_packet(&wire, next - 2)[100] ^= 1; /* after it, before the clock shows it */
    wire_hold(&wire, &told);
    assert_int_equal(told.count, 2);
    assert_int_equal(told.events[0].kind, AGAINST_MISSING);
    assert_int_equal(told.events[1].kind, AGAINST_DIFFERS);
    assert_int_equal(told.events[1].packet, next - 2);
    assert_int_equal(told.totals.differing, 1);
    wire_close(&wire);
}

static void a_doubled_packet_is_one_too_many(void **state)
{
    for (uint64_t i = 0; i < STATIONS; i++) {
        static struct wire wire;
        struct told told;
        wire_open(&wire, *state, i);
        const size_t at =
            i % 2 == 0 ? wire_draw_place(&wire) : wire_find_pcr(&wire, wire_draw_place(&wire));
        wire.count--; /* room */
        memmove(wire_packet(&wire, at + 1), wire_packet(&wire, at),
                (wire.count - at - 1) * TS_PACKET_SIZE);
        wire_hold(&wire, &told);
        assert_int_equal(told.count, 1);
        assert_int_equal(told.events[0].kind, AGAINST_EXTRA);
        assert_int_equal(told.events[0].count, 1);
        wire_check_place(&wire, told.events[0].packet, at + 1);
        assert_int_equal(told.totals.extra, 1);
        assert_int_equal(told.totals.equal, wire.count);
        wire_close(&wire);
    }
}

static void swapped_packets_differ_and_are_not_missing(void **state)
{
    for (uint64_t i = 0; i < STATIONS; i++) {
        static struct wire wire;
        struct told told;
        uint8_t first[TS_PACKET_SIZE];
        wire_open(&wire, *state, i);
        const size_t at =
            wire_find_pcr(&wire, wire_draw_place(&wire)) - i % 2; /* the clock itself */
        memcpy(first, wire_packet(&wire, at), TS_PACKET_SIZE);
        memcpy(wire_packet(&wire, at), wire_packet(&wire, at + 1), TS_PACKET_SIZE);
        memcpy(wire_packet(&wire, at + 1), first, TS_PACKET_SIZE);
        wire_hold(&wire, &told);
        assert_int_equal(told.count, 1);
        assert_int_equal(told.events[0].kind, AGAINST_DIFFERS);
        assert_int_equal(told.events[0].packet, at);
        assert_int_equal(told.events[0].count, 2);
        wire_close(&wire);
    }
}

static void an_engine_that_was_off_for_a_while_is_found_again(void **state)
{
    static struct wire wire;
    struct told told;
    wire_open_long(&wire, *state, 0, 30);
    const size_t lost = wire_slots_per_second(&wire) * 18;
    wire_lose(&wire, find_time(&wire, wire_slots_per_second(&wire)), lost);
    wire_hold(&wire, &told);
    assert_int_equal(told.count, 1);
    assert_int_equal(told.events[0].kind, AGAINST_MISSING);
    assert_int_equal(told.events[0].count, lost);
    assert_int_equal(told.totals.equal, wire.count);
    wire_close(&wire);
}

static void what_differs_for_long_is_told_each_second(void **state)
{
    static struct wire wire;
    struct told told;
    wire_open_long(&wire, *state, 3, 12);
    const size_t second = wire_slots_per_second(&wire);
    const size_t from = find_time(&wire, second);
    for (size_t i = from; i < from + 3 * second; i++) {
        wire_packet(&wire, i)[3] ^= 0x80;
    }
    struct against *against = wire_start(&wire, &told);
    wire_feed(&wire, against, 0, from + 2 * second, &told);
    assert_int_equal(told.count, 1); /* although it has not ended */
    assert_int_equal(told.events[0].packet, from);
    assert_int_equal(told.events[0].count, second);
    wire_feed(&wire, against, from + 2 * second, wire.count, &told);
    wire_end(against, &told);
    assert_int_equal(told.count, 3);
    assert_int_equal(told.totals.differing, 3 * second);
    wire_close(&wire);
}

/* --- Clocks ------------------------------------------------------------------ */

static void a_stream_with_another_clock_is_foreign(void **state)
{
    static struct wire wire;
    struct told told;
    wire_open_long(&wire, *state, 0, 12);
    const size_t first = wire_find_pcr(&wire, 0);
    move_clock(&wire, 300);
    wire_hold(&wire, &told);
    assert_false(told.totals.is_aligned);
    assert_int_equal(told.count, 1);
    assert_int_equal(told.events[0].kind, AGAINST_FOREIGN);
    assert_int_equal(told.events[0].packet, first);
    wire_close(&wire);
}

static void a_wrong_first_clock_reference_is_passed_over(void **state)
{
    for (uint64_t i = 0; i < STATIONS; i++) {
        static struct wire wire;
        struct told told;
        wire_open(&wire, *state, i);
        const size_t at = wire_find_pcr(&wire, 0);
        const int slots = (int)wire_slots_per_second(&wire);
        /* Of no slot; or of one that is far away. */
        wire_set_pcr(&wire, at,
                     i % 2 == 0 ? tape_pcr(slots, wire.first + at) + 150
                                : tape_pcr(slots, wire.first + at + 54321));
        wire_hold(&wire, &told);
        assert_one_differs(&wire, &told, at);
        wire_close(&wire);
    }
}

static void a_jump_of_one_clock_reference_is_a_difference(void **state)
{
    static struct wire wire;
    struct told told;
    wire_open(&wire, *state, 4);
    const size_t at = wire_find_pcr(&wire, wire_draw_place(&wire));
    wire_set_pcr(&wire, at, tape_pcr((int)wire_slots_per_second(&wire), wire.first + at + 100));
    wire_hold(&wire, &told);
    assert_one_differs(&wire, &told, at);
    wire_close(&wire);
}

/* --- The day ----------------------------------------------------------------- */

static void a_wrong_first_day_is_passed_over(void **state)
{
    for (uint64_t i = 0; i < STATIONS; i++) {
        static struct wire wire;
        struct told told;
        wire_open_long(&wire, *state, i, 12);
        const size_t at = find_time(&wire, 0);
        wire_packet(&wire, at)[DATE_BYTE] ^= 0x40;
        wire_hold(&wire, &told);
        assert_one_differs(&wire, &told, at);
        wire_close(&wire);
    }
}

static void a_wrong_day_alone_says_nothing(void **state)
{
    for (uint64_t i = 0; i < STATIONS; i++) {
        static struct wire wire;
        struct told told;
        wire_open_long(&wire, *state, i, 12);
        const size_t at = find_time(&wire, 0);
        wire_packet(&wire, at)[DATE_BYTE] ^= 0x40;
        struct against *against = wire_start(&wire, &told);
        wire_feed(&wire, against, 0, find_time(&wire, at + 1), &told);
        wire_end(against, &told);
        assert_int_equal(told.count, 0);
        assert_false(told.totals.is_aligned);
        wire_close(&wire);
    }
}

/* Nothing of it is on the tape, so that two days have to agree. */
static void a_wrong_second_day_does_not_make_it_foreign(void **state)
{
    static struct wire wire;
    struct told told;
    wire_open_long(&wire, *state, 1, 22);
    for (size_t i = 0; i < wire.count; i++) {
        if (wire_has_pcr(&wire, i)) {
            wire_packet(&wire, i)[TS_PACKET_SIZE - 1] ^= 1;
        }
    }
    const size_t second = find_time(&wire, find_time(&wire, 0) + 1);
    wire_packet(&wire, second)[DATE_BYTE] ^= 0x40;
    wire_hold(&wire, &told);
    assert_true(told.totals.is_aligned);
    assert_int_equal(told.totals.first_slot, wire.first + told.totals.unplaced);
    assert_int_equal(told.events[0].kind, AGAINST_DIFFERS);
    wire_close(&wire);
}

static void packets_marked_as_damaged_say_no_time(void **state)
{
    static struct wire wire;
    struct told told;
    wire_open_long(&wire, *state, 5, 12);
    const size_t at = find_time(&wire, 0);
    wire_packet(&wire, at)[1] |= 0x80;
    wire_packet(&wire, at)[DATE_BYTE] ^= 0x40;
    assert_int_equal(tape_place_utc(wire_packet(&wire, at)), 0);
    wire_hold(&wire, &told);
    assert_one_differs(&wire, &told, at);
    wire_close(&wire);
}

/* At some rates every clock reference is of a slot on some other day too. */
static void a_stream_of_another_day_is_told(void **state)
{
    static struct wire wire;
    struct told told;
    wire_open_long(&wire, *state, 0, 12);
    for (size_t i = 0; i < wire.count; i++) {
        if (tape_place_utc(wire_packet(&wire, i)) != 0) {
            wire_packet(&wire, i)[DATE_BYTE] ^= 0x40;
        }
    }
    wire_hold(&wire, &told);
    assert_true(told.count > 0);
    assert_int_equal(told.events[0].kind,
                     told.totals.is_aligned ? AGAINST_DIFFERS : AGAINST_FOREIGN);
    assert_true(told.totals.equal < wire.count); /* but null packets may be */
    wire_close(&wire);
}

static void what_cannot_be_placed_is_let_go_and_counted(void **state)
{
    static struct wire wire;
    struct told told;
    wire_open_long(&wire, *state, 0, 27);
    const size_t known = wire_slots_per_second(&wire) * 20;
    for (size_t i = 0; i < known; i++) {
        if (tape_place_utc(wire_packet(&wire, i)) != 0) {
            wire_packet(&wire, i)[3] ^= 0x80;
            wire_packet(&wire, i)[1] |= 0x80;
        }
    }
    wire_hold(&wire, &told);
    assert_in_range(told.totals.unplaced, 1, known);
    assert_int_equal(told.totals.compared, wire.count - told.totals.unplaced);
    assert_int_equal(told.totals.equal + told.totals.differing, told.totals.compared);
    assert_int_equal(told.totals.missing + told.totals.extra, 0);
    wire_close(&wire);
}

static void a_single_clock_reference_is_enough_at_the_end(void **state)
{
    static struct wire wire;
    struct told told;
    wire_open_long(&wire, *state, 1, 12);
    const size_t from = find_time(&wire, 1);
    const size_t pcr = wire_find_pcr(&wire, from);
    struct against *against = wire_start(&wire, &told);
    wire_feed(&wire, against, from, pcr + 1, &told);
    wire_end(against, &told);
    assert_true(told.totals.is_aligned);
    assert_int_equal(told.totals.first_slot, wire.first + from);
    assert_int_equal(told.totals.equal, pcr + 1 - from);
    wire_close(&wire);
}

static void a_loss_before_the_last_clock_reference_is_counted(void **state)
{
    static struct wire wire;
    struct told told;
    wire_open(&wire, *state, 2);
    size_t last = wire.count - 1;
    while (!wire_has_pcr(&wire, last)) {
        last--;
    }
    wire.count = last + 1;
    wire_lose(&wire, last - 3, 2);
    wire_hold(&wire, &told);
    assert_int_equal(told.count, 1);
    assert_int_equal(told.events[0].kind, AGAINST_MISSING);
    assert_int_equal(told.totals.missing, 2);
    assert_int_equal(told.totals.equal, wire.count);
    wire_close(&wire);
}

static void counting_begins_anew(void **state)
{
    static struct wire wire;
    struct told told;
    wire_open_long(&wire, *state, 0, 12);
    const size_t half = wire.count * 11 / 12; /* the day has been told twice */
    move_clock(&wire, 300);
    struct against *against = wire_start(&wire, &told);
    wire_feed(&wire, against, 0, half, &told);
    assert_int_equal(told.count, 1);
    against_reset(against);
    wire_feed(&wire, against, half, wire.count, &told);
    assert_int_equal(told.count, 2); /* it is still foreign, and that is told anew */
    assert_in_range(told.events[1].packet, half, wire.count);
    wire_end(against, &told);
    wire_close(&wire);
}

static void a_run_of_before_counting_began_is_not_told(void **state)
{
    static struct wire wire;
    struct told told;
    wire_open_long(&wire, *state, 3, 12);
    const size_t at = wire.count / 2;
    for (size_t i = at; i < wire.count; i++) {
        wire_packet(&wire, i)[3] ^= 0x80;
    }
    struct against *against = wire_start(&wire, &told);
    wire_feed(&wire, against, 0, wire.count - 1, &told);
    const size_t before = told.count;
    against_reset(against);
    assert_int_equal(against_totals(against).compared, 0);
    wire_feed(&wire, against, wire.count - 1, wire.count, &told);
    wire_end(against, &told);
    assert_int_equal(told.count, before + 1);
    assert_int_equal(told.events[before].count, told.totals.differing);
    wire_close(&wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_airs_equals_the_tape),
        cmocka_unit_test(a_damaged_byte_is_named),
        cmocka_unit_test(lost_packets_are_counted),
        cmocka_unit_test(packets_lost_early_are_counted),
        cmocka_unit_test(a_lost_and_a_damaged_packet_are_told_apart),
        cmocka_unit_test(a_doubled_packet_is_one_too_many),
        cmocka_unit_test(swapped_packets_differ_and_are_not_missing),
        cmocka_unit_test(an_engine_that_was_off_for_a_while_is_found_again),
        cmocka_unit_test(what_differs_for_long_is_told_each_second),
        cmocka_unit_test(a_stream_with_another_clock_is_foreign),
        cmocka_unit_test(a_wrong_first_clock_reference_is_passed_over),
        cmocka_unit_test(a_jump_of_one_clock_reference_is_a_difference),
        cmocka_unit_test(a_wrong_first_day_is_passed_over),
        cmocka_unit_test(a_wrong_day_alone_says_nothing),
        cmocka_unit_test(a_wrong_second_day_does_not_make_it_foreign),
        cmocka_unit_test(packets_marked_as_damaged_say_no_time),
        cmocka_unit_test(a_stream_of_another_day_is_told),
        cmocka_unit_test(what_cannot_be_placed_is_let_go_and_counted),
        cmocka_unit_test(a_single_clock_reference_is_enough_at_the_end),
        cmocka_unit_test(a_loss_before_the_last_clock_reference_is_counted),
        cmocka_unit_test(counting_begins_anew),
        cmocka_unit_test(a_run_of_before_counting_began_is_not_told),
    };
    return cmocka_run_group_tests_name("against", tests, wire_set_up, wire_tear_down);
}
