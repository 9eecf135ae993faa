/* SPDX-License-Identifier: MIT */
/*
 * The meter as a whole judges on, and says what it finds, whatever happens to
 * clocks, programmes and the wire.
 */
#include "tests/support/ts_make.h"
#include "tools/meter/live_input.h"
#include "tools/meter/meter_inner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PACKET = 188, MS = 1000000, SECTION = 5, AUDIO_TYPE = SECTION + 17, VERSION = SECTION + 5 };

static const int64_t START_NS = INT64_C(1795489200000000000);

/* A clean stream, and a meter. */
struct bench {
    uint8_t *packets;
    struct meter *meter;
    int restarts;
    size_t most_room;
};

static void open_bench(struct bench *bench, enum make_fault fault, bool is_live)
{
    const struct meter_options options = {.is_live = is_live};
    *bench = (struct bench){.packets = malloc((size_t)MAKE_PACKETS * PACKET)};
    assert_non_null(bench->packets);
    assert_int_equal(ts_make(fault, bench->packets), 0);
    bench->meter = meter_create(&options);
    assert_non_null(bench->meter);
}

static void close_bench(struct bench *bench)
{
    meter_destroy(bench->meter);
    free(bench->packets);
}

static uint8_t *packet_at(const struct bench *bench, size_t i)
{
    return bench->packets + i % MAKE_PACKETS * PACKET;
}

/* Packets that come a millisecond apart, where they are live. */
static void push(struct bench *bench, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        const int64_t arrival_ns = bench->meter->options.is_live ? START_NS + (int64_t)i * MS : 0;
        const bool was_learning = meter_is_learning(bench->meter);
        assert_int_equal(meter_push(bench->meter, packet_at(bench, i), PACKET, arrival_ns), 0);
        bench->restarts += !was_learning && meter_is_learning(bench->meter);
        if (bench->meter->pending_room > bench->most_room) {
            bench->most_room = bench->meter->pending_room;
        }
    }
}

/* The first packets without clock references. */
static void drop_clock(const struct bench *bench, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t *packet = packet_at(bench, i);
        if ((packet[3] & 0x20) != 0 && packet[4] > 0) {
            packet[5] &= 0xef;
        }
    }
}

static uint64_t count_of(const struct bench *bench, enum tr_indicator indicator)
{
    return meter_board(bench->meter)->indicators[indicator].count;
}

static bool has_gap(const struct bench *bench, enum tr_indicator indicator, const char *text)
{
    bool found = false;
    for (int i = 0; i < bench->meter->gap_count; i++) {
        found = found || (bench->meter->gaps[i].indicator == indicator &&
                          strstr(bench->meter->gaps[i].text, text) != NULL);
    }
    return found;
}

static bool is_pmt(const uint8_t *packet)
{
    return packet[1] == (0x40 | MAKE_PMT_PID >> 8) && packet[2] == (MAKE_PMT_PID & 0xff);
}

/* From here on the programme's sound is of another type. */
static void change_programme(uint8_t *packet)
{
    uint8_t *section = packet + SECTION;
    const int size = 3 + ((section[1] & 0x0f) << 8 | section[2]);
    packet[AUDIO_TYPE] = packet[AUDIO_TYPE] == 0x03 ? 0x04 : 0x03;
    packet[VERSION] ^= 0x02;
    const uint32_t crc = section_crc(section, size - SECTION_CRC);
    for (int i = 0; i < SECTION_CRC; i++) {
        section[size - SECTION_CRC + i] = (uint8_t)(crc >> (24 - 8 * i));
    }
}

/* --- Beginning and ending ----------------------------------------------------- */

static void a_datagram_of_something_else_and_silence_do_no_harm(void **state)
{
    struct bench bench;
    (void)state;
    open_bench(&bench, MAKE_CLEAN, true);
    assert_int_equal(meter_push(bench.meter, (const uint8_t *)"hello", 5, START_NS), 0);
    assert_int_equal(meter_idle(bench.meter, START_NS + INT64_C(1100) * MS), 0);
    assert_int_equal(count_of(&bench, TR_SYNC_LOSS), 1);
    json_t *summary = meter_json(bench.meter, METER_ALL);
    assert_non_null(summary);
    json_decref(summary);
    assert_int_equal(meter_finish(bench.meter), 0);
    assert_true(has_gap(&bench, TR_SYNC_LOSS, "no transport stream"));
    close_bench(&bench);
}

static void clocks_half_a_day_apart_do_no_harm(void **state)
{
    static const int64_t PCRS[] = {0, 27000, 81000, INT64_C(43000) * 27000000};
    struct bench bench;
    uint8_t packet[PACKET];
    (void)state;
    open_bench(&bench, MAKE_CLEAN, false);
    for (int i = 0; i < 40; i++) {
        const int64_t base = PCRS[i % 4] / 300;
        memset(packet, 0xff, sizeof(packet));
        const uint8_t head[] = {0x47, 0x01, 0x01, 0x20, 183, 0x10};
        memcpy(packet, head, sizeof(head));
        for (int k = 0; k < 4; k++) {
            packet[6 + k] = (uint8_t)(base >> (25 - 8 * k));
        }
        packet[10] = (uint8_t)((base & 1) << 7 | 0x7e);
        packet[11] = 0;
        assert_int_equal(meter_push(bench.meter, packet, sizeof(packet), 0), 0);
    }
    assert_int_equal(meter_finish(bench.meter), 0);
    assert_int_equal(meter_packets(bench.meter), 40);
    close_bench(&bench);
}

static void a_rate_that_is_none_is_not_taken(void **state)
{
    static const int64_t RATES[] = {1503, INT64_C(1) << 33, -1};
    (void)state;
    for (size_t i = 0; i < sizeof(RATES) / sizeof(RATES[0]); i++) {
        assert_null(meter_create(&(struct meter_options){.rate_bps = RATES[i]}));
    }
}

static void a_live_stream_without_a_clock_is_judged_after_five_seconds(void **state)
{
    struct bench bench;
    (void)state;
    open_bench(&bench, MAKE_NO_PCR, true);
    push(&bench, 0, 4990);
    assert_true(meter_is_learning(bench.meter));
    push(&bench, 4990, 5010);
    assert_false(meter_is_learning(bench.meter));
    packet_at(&bench, 5020)[1] |= 0x80;
    push(&bench, 5010, 5030);
    assert_int_equal(count_of(&bench, TR_TRANSPORT), 1);
    assert_true(has_gap(&bench, TR_PCR, "no rate"));
    close_bench(&bench);
}

static void a_clock_that_begins_late_gives_the_rate_all_the_same(void **state)
{
    struct bench bench;
    (void)state;
    open_bench(&bench, MAKE_CLEAN, true);
    drop_clock(&bench, 5200);
    push(&bench, 0, 5200);
    assert_false(bench.meter->has_rate);
    push(&bench, 5200, MAKE_PACKETS);
    assert_true(bench.meter->has_rate);
    assert_int_equal(bench.meter->rate.rate_bps, MAKE_SLOTS * 1504);
    assert_int_equal(bench.restarts, 1);
    close_bench(&bench);
}

static void what_cannot_be_judged_stays_so_when_counting_begins_anew(void **state)
{
    struct bench bench;
    (void)state;
    open_bench(&bench, MAKE_CLEAN, true);
    drop_clock(&bench, 5200);
    push(&bench, 0, 5200);
    meter_reset(bench.meter);
    assert_true(has_gap(&bench, TR_PCR, "no rate"));
    push(&bench, 5200, MAKE_PACKETS);
    assert_int_equal(bench.restarts, 1);
    assert_true(has_gap(&bench, TR_PCR, "no rate")); /* so it was for a while */
    meter_reset(bench.meter);
    assert_false(meter_has_gaps(bench.meter));
    close_bench(&bench);
}

/* Without a clock it is judged after five seconds; after silence, once more. */
static void what_cannot_be_judged_again_stays_so(void **state)
{
    struct bench bench;
    (void)state;
    open_bench(&bench, MAKE_NO_PCR, true);
    push(&bench, 0, 5010);
    assert_true(has_gap(&bench, TR_PCR, "no rate"));
    assert_int_equal(meter_idle(bench.meter, START_NS + INT64_C(6200) * MS), 0);
    push(&bench, 6300, 11400);
    meter_reset(bench.meter);
    assert_true(has_gap(&bench, TR_PCR, "no rate"));
    close_bench(&bench);
}

static void gaps_that_hold_take_the_place_of_others(void **state)
{
    struct bench bench;
    char text[16];
    (void)state;
    open_bench(&bench, MAKE_CLEAN, true);
    for (int i = 0; i < METER_GAPS; i++) {
        snprintf(text, sizeof(text), "gap %d", i);
        meter_add_gap(bench.meter, TR_EIT, text);
    }
    bench.meter->gaps[7].is_in_force = false;
    meter_add_gap(bench.meter, TR_EIT, "new");
    assert_true(has_gap(&bench, TR_EIT, "new"));
    assert_false(has_gap(&bench, TR_EIT, "gap 7"));
    meter_add_gap(bench.meter, TR_EIT, "newer");
    assert_false(has_gap(&bench, TR_EIT, "newer"));
    close_bench(&bench);
}

static void measuring_begins_anew(void **state)
{
    struct bench bench;
    struct arrival_summary summary;
    (void)state;
    open_bench(&bench, MAKE_CLEAN, true);
    push(&bench, 0, MAKE_PACKETS);
    meter_lost(bench.meter, 5);
    bench.meter->mdi.worst_delay_factor_ms = 99;
    meter_reset(bench.meter);
    arrival_summary(bench.meter->arrival, &summary);
    assert_int_equal(summary.datagrams, 0);
    assert_int_equal(bench.meter->mdi.lost_total, 0);
    assert_true(bench.meter->mdi.worst_delay_factor_ms < 1);
    assert_true(bench.meter->mdi.rate_bps > 0);
    close_bench(&bench);
}

static void parity_is_no_media(void **state)
{
    struct bench bench;
    (void)state;
    open_bench(&bench, MAKE_CLEAN, true);
    for (size_t i = 0; i < MAKE_PACKETS; i++) {
        uint8_t wrapped[PACKET + 16] = {0};
        memcpy(wrapped, packet_at(&bench, i), PACKET);
        assert_int_equal(
            meter_push(bench.meter, wrapped, sizeof(wrapped), START_NS + (int64_t)i * MS), 0);
    }
    /* A packet a millisecond at its own rate: one of them at a time. */
    assert_true(bench.meter->mdi.worst_delay_factor_ms < 1.1);
    close_bench(&bench);
}

/* --- Programmes that change ---------------------------------------------------- */

static void a_short_file_is_judged_to_its_end_after_a_change(void **state)
{
    struct bench bench;
    (void)state;
    open_bench(&bench, MAKE_CLEAN, false);
    for (size_t i = 1250; i < 2500; i++) {
        if (is_pmt(packet_at(&bench, i))) {
            change_programme(packet_at(&bench, i));
        }
    }
    for (size_t i = 2000; i < 2300; i += 100) {
        packet_at(&bench, i)[1] |= 0x80;
    }
    push(&bench, 0, 2500);
    assert_int_equal(meter_finish(bench.meter), 0);
    assert_int_equal(count_of(&bench, TR_TRANSPORT), 3);
    assert_int_equal(count_of(&bench, TR_PMT), 0); /* one change is legal */
    assert_true(meter_seconds(bench.meter) > 2.49);
    assert_true(has_gap(&bench, TR_PMT, "changes its streams"));
    assert_false(has_gap(&bench, TR_BUFFER, "changes its streams"));
    close_bench(&bench);
}

static void programmes_that_never_rest_are_told_and_cost_no_more(void **state)
{
    struct bench bench;
    int number = 0;
    (void)state;
    open_bench(&bench, MAKE_CLEAN, false);
    for (size_t i = 0; i < MAKE_PACKETS; i++) {
        if (is_pmt(packet_at(&bench, i)) && number++ % 2 == 1) {
            change_programme(packet_at(&bench, i));
        }
    }
    push(&bench, 0, 5 * MAKE_PACKETS); /* a minute */
    assert_true(bench.restarts >= 4 && bench.restarts <= 60 / 5 + 1);
    assert_true(bench.most_room <= 8192); /* three seconds are 3000 packets */
    assert_true(count_of(&bench, TR_PMT) >= 4);
    assert_true(meter_seconds(bench.meter) > 50);
    close_bench(&bench);
}

/* A section of a PAT with one programme. */
static void make_pat(uint8_t *bytes, int number, int last, int programme, int version)
{
    const uint8_t pat[] = {0x00,
                           0xb0,
                           13,
                           0,
                           1,
                           (uint8_t)(0xc1 | version << 1),
                           (uint8_t)number,
                           (uint8_t)last,
                           0,
                           (uint8_t)programme,
                           0xe1,
                           (uint8_t)programme};
    memcpy(bytes, pat, sizeof(pat));
    memset(bytes + sizeof(pat), 0, SECTION_CRC);
}

static void take_pat(struct psi *psi, struct ts_report *report, int number, int last, int programme,
                     int version)
{
    uint8_t bytes[16];
    make_pat(bytes, number, last, programme, version);
    psi_take_pat(psi, &(struct section){.bytes = bytes, .size = sizeof(bytes)}, report);
}

static void a_pat_of_two_sections_stands_still(void **state)
{
    struct psi psi = {0};
    struct ts_report *report = ts_report_create(NULL, 0);
    (void)state;
    assert_non_null(report);
    ts_report_ignore(report, TS_HOUSE);
    for (int i = 0; i < 6; i++) {
        take_pat(&psi, report, i % 2, 1, 7 + i % 2, 0);
        assert_int_equal(psi.programme_count, i == 0 ? 1 : 2);
        assert_int_equal(psi.programmes[0].number, 7);
        assert_int_equal(psi.programmes[1].number, i == 0 ? 0 : 8);
    }
    take_pat(&psi, report, 0, 1, 8, 1); /* it moves to the first section ... */
    assert_int_equal(psi.programme_count, 1);
    take_pat(&psi, report, 1, 1, 9, 1);
    assert_int_equal(psi.programme_count, 2);
    take_pat(&psi, report, 0, 0, 8, 2); /* ... and then that is all there is */
    assert_int_equal(psi.programme_count, 1);
    assert_int_equal(psi.programmes[0].number, 8);
    assert_int_equal(ts_report_total(report), 0);
    assert_int_equal(ts_report_ungraded_count(report), 0);
    take_pat(&psi, report, 1, 1, 8, 2);
    assert_int_equal(ts_report_total(report), 1); /* twice in one PAT */
    ts_report_destroy(report);
}

/* --- The wire --------------------------------------------------------------------- */

static void lost_packets_are_counted_by_their_numbers(void **state)
{
    struct bench bench;
    int to_lose = 3;
    (void)state;
    open_bench(&bench, MAKE_CLEAN, true);
    push(&bench, 0, 6000);
    for (size_t i = 6000; i < 9000; i++) {
        const uint8_t *packet = packet_at(&bench, i);
        const bool is_video =
            (packet[1] & 0x1f) == MAKE_VIDEO_PID >> 8 && packet[2] == (MAKE_VIDEO_PID & 0xff);
        const bool has_payload = (packet[3] & 0x10) != 0;
        if (is_video && has_payload && to_lose > 0) {
            to_lose--;
        } else {
            push(&bench, i, i + 1);
        }
    }
    assert_int_equal(bench.meter->mdi.lost_total, 3);
    assert_int_equal(count_of(&bench, TR_CONTINUITY), 1);
    close_bench(&bench);
}

/* Packets [first, end), each with parity behind it. */
static void push_with_parity(struct bench *bench, size_t first, size_t end)
{
    uint8_t wrapped[PACKET + 16];
    memset(wrapped, 0xb5, sizeof(wrapped));
    for (size_t i = first; i < end; i++) {
        memcpy(wrapped, packet_at(bench, i), PACKET);
        assert_int_equal(meter_push(bench->meter, wrapped, sizeof(wrapped), 0), 0);
    }
}

static void packets_that_change_their_size_keep_their_time(void **state)
{
    struct bench bench;
    (void)state;
    for (int i = 0; i < 2; i++) {
        open_bench(&bench, MAKE_CLEAN, false);
        void (*before)(struct bench *, size_t, size_t) = i == 0 ? push : push_with_parity;
        void (*after)(struct bench *, size_t, size_t) = i == 0 ? push_with_parity : push;
        before(&bench, 0, 5000);
        after(&bench, 5000, MAKE_PACKETS);
        assert_int_equal(meter_finish(bench.meter), 0);
        assert_int_equal(count_of(&bench, TR_SYNC_LOSS), 1);
        assert_in_range(bench.meter->packet.number, MAKE_PACKETS - 2, MAKE_PACKETS);
        for (int k = TR_PCR; k <= TR_PTS; k++) {
            assert_int_equal(count_of(&bench, k), 0);
        }
        assert_int_equal(count_of(&bench, TR_BUFFER) + count_of(&bench, TR_DATA_DELAY) +
                             count_of(&bench, TR_PAT) + count_of(&bench, TR_PMT),
                         0);
        assert_int_equal(bench.restarts, 0);
        close_bench(&bench);
    }
}

static void a_transport_stream_is_known_by_its_sync_bytes(void **state)
{
    static const size_t STRIDES[] = {188, 192, 204};
    uint8_t bytes[7 * 204];
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const size_t size = 7 * STRIDES[i];
        for (size_t first = 0; first < STRIDES[i]; first++) {
            memset(bytes, 0, sizeof(bytes));
            for (size_t at = first; at < size; at += STRIDES[i]) {
                bytes[at] = 0x47;
            }
            assert_true(live_input_looks_like_ts(bytes, size));
            bytes[first + 2 * STRIDES[i]] = 0x48;
            assert_false(live_input_looks_like_ts(bytes, size));
        }
    }
    assert_false(live_input_looks_like_ts((const uint8_t *)"Ghello", 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_datagram_of_something_else_and_silence_do_no_harm),
        cmocka_unit_test(clocks_half_a_day_apart_do_no_harm),
        cmocka_unit_test(a_rate_that_is_none_is_not_taken),
        cmocka_unit_test(a_live_stream_without_a_clock_is_judged_after_five_seconds),
        cmocka_unit_test(a_clock_that_begins_late_gives_the_rate_all_the_same),
        cmocka_unit_test(what_cannot_be_judged_stays_so_when_counting_begins_anew),
        cmocka_unit_test(what_cannot_be_judged_again_stays_so),
        cmocka_unit_test(gaps_that_hold_take_the_place_of_others),
        cmocka_unit_test(measuring_begins_anew),
        cmocka_unit_test(parity_is_no_media),
        cmocka_unit_test(a_short_file_is_judged_to_its_end_after_a_change),
        cmocka_unit_test(programmes_that_never_rest_are_told_and_cost_no_more),
        cmocka_unit_test(a_pat_of_two_sections_stands_still),
        cmocka_unit_test(lost_packets_are_counted_by_their_numbers),
        cmocka_unit_test(packets_that_change_their_size_keep_their_time),
        cmocka_unit_test(a_transport_stream_is_known_by_its_sync_bytes),
    };
    return cmocka_run_group_tests_name("meter", tests, NULL, NULL);
}
