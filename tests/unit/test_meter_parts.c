/* SPDX-License-Identifier: MIT */
#include "tools/meter/arrival.h"
#include "tools/meter/mdi.h"
#include "tools/meter/pcr_scan.h"
#include "tools/meter/rate_scan.h"
#include "tools/meter/service_view.h"
#include "tools/meter/sync_scan.h"
#include "tools/meter/tr101290.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SAMPLES = 120, PACKET = 188 };

static const double TICKS = 27e6;

static uint32_t draw(uint32_t *dice)
{
    *dice = *dice * 1664525 + 1013904223;
    return *dice >> 8;
}

/* --- Rates ----------------------------------------------------------------- */

/* References some 25 ms apart of a stream of exactly this rate, rounded down. */
static void fill(struct rate_sample *samples, double bps, int64_t start, uint32_t *dice)
{
    int64_t byte = 11;
    for (int i = 0; i < SAMPLES; i++) {
        samples[i].byte = byte;
        samples[i].pcr = (start + (int64_t)floor((double)byte * 8 * TICKS / bps)) % STC_WRAP;
        byte += PACKET * (int64_t)(bps / 1504 / 40 + draw(dice) % 3);
    }
}

static void round_rates_are_found_exactly(void **state)
{
    static const int64_t RATES[] = {3750000, 3496800, 8000000, 38000000, 1504 * 25317, 4000001};
    struct rate_sample samples[SAMPLES];
    struct rate_estimate estimate;
    uint32_t dice = 1;
    (void)state;
    for (size_t i = 0; i < sizeof(RATES) / sizeof(RATES[0]); i++) {
        fill(samples, (double)RATES[i], (int64_t)draw(&dice) * 1000, &dice);
        assert_int_equal(rate_scan(samples, SAMPLES, &estimate), 0);
        assert_true(estimate.is_constant && estimate.is_round);
        assert_int_equal(estimate.rate_bps, RATES[i]);
    }
}

static void a_rate_that_is_not_whole_is_found_to_a_tenth_of_a_bit(void **state)
{
    const double bps = 6875000.0 * 6 * 188 / 204; /* 64-QAM */
    struct rate_sample samples[SAMPLES];
    struct rate_estimate estimate;
    uint32_t dice = 1;
    (void)state;
    fill(samples, bps, 0, &dice);
    assert_int_equal(rate_scan(samples, SAMPLES, &estimate), 0);
    assert_true(estimate.is_constant);
    assert_true(fabs(estimate.exact_bps - bps) < 0.3);
}

static void the_clock_may_wrap_or_jump_meanwhile(void **state)
{
    struct rate_sample samples[SAMPLES];
    struct rate_estimate estimate;
    uint32_t dice = 1;
    (void)state;
    fill(samples, 3750000, STC_WRAP - 27000000, &dice);
    assert_int_equal(rate_scan(samples, SAMPLES, &estimate), 0);
    assert_int_equal(estimate.rate_bps, 3750000);
    for (int i = SAMPLES / 3; i < SAMPLES; i++) {
        samples[i].pcr = (samples[i].pcr + 270000000) % STC_WRAP;
    }
    assert_int_equal(rate_scan(samples, SAMPLES, &estimate), 0);
    assert_int_equal(estimate.rate_bps, 3750000);
}

static void a_changing_rate_is_not_constant(void **state)
{
    struct rate_sample samples[SAMPLES];
    struct rate_estimate estimate;
    uint32_t dice = 1;
    int64_t byte = 0;
    (void)state;
    for (int i = 0; i < SAMPLES; i++) {
        samples[i] = (struct rate_sample){byte, (int64_t)i * 27000 * 40};
        byte += PACKET * (int64_t)(20 + draw(&dice) % 100);
    }
    assert_int_equal(rate_scan(samples, SAMPLES, &estimate), 0);
    assert_false(estimate.is_constant);
}

static void two_references_say_no_rate(void **state)
{
    const struct rate_sample samples[2] = {{11, 0}, {11 + 188 * 60, 27000 * 25}};
    struct rate_estimate estimate;
    (void)state;
    assert_int_equal(rate_scan(samples, 2, &estimate), -ENODATA);
}

static void clocks_that_jump_say_what_the_rest_of_them_says(void **state)
{
    /* 0, 1 ms, 3 ms, and half a day later, in packets behind each other. */
    const struct rate_sample samples[4] = {
        {11, 0}, {199, 27000}, {387, 81000}, {575, INT64_C(43000) * 27000000}};
    struct rate_estimate estimate;
    (void)state;
    assert_int_equal(rate_scan(samples, 4, &estimate), 0);
    assert_false(estimate.is_constant);
    assert_int_equal(estimate.rate_bps, 1002667);
}

static void no_rate_is_beyond_what_the_buffers_can_reckon_with(void **state)
{
    static const int64_t STEPS[][2] = {{PACKET, 1}, {100, 26999999}, {100000000, 1}};
    struct rate_sample samples[4] = {{0}};
    struct rate_estimate estimate = {.rate_bps = 7};
    (void)state;
    for (size_t i = 0; i < sizeof(STEPS) / sizeof(STEPS[0]); i++) {
        for (int uneven = 0; uneven < 2; uneven++) { /* constant, and not */
            for (int k = 0; k < 4; k++) {
                samples[k].byte = STEPS[i][0] * k + (k == 2 ? uneven * STEPS[i][0] / 2 : 0);
                samples[k].pcr = STEPS[i][1] * k;
            }
            assert_int_equal(rate_scan(samples, 4, &estimate), -ENODATA);
        }
    }
    assert_int_equal(estimate.rate_bps, 7);
}

/* --- The line that is followed ---------------------------------------------- */

/* Feeds references of a true rate to a follower that believes another. */
static uint64_t follow(double true_bps, int64_t believed_bps, int count, int odd, double odd_ticks)
{
    struct pcr_scan scan;
    struct ts_report *report = ts_report_create(NULL, 0);
    const struct stc stc = {.rate_bps = believed_bps};
    pcr_scan_init(&scan, 0x100, &stc, 100);
    scan.line = PCR_LINE_FOLLOW;
    for (int i = 0; i < count; i++) {
        struct ts_packet packet = {.index = (int64_t)i * 60, .pid = 0x100, .has_pcr = true};
        packet.first_byte = packet.index * TS_SIZE;
        const double ticks = (double)(packet.first_byte + TS_PCR_BYTES) * 8 * TICKS / true_bps;
        packet.pcr = (uint64_t)fmod(ticks + (i == odd ? odd_ticks : 0), (double)STC_WRAP);
        pcr_scan_packet(&scan, &packet, report);
    }
    const uint64_t total = ts_report_total(report);
    ts_report_destroy(report);
    return total;
}

static void a_wrong_bit_a_second_does_not_add_up_in_a_day(void **state)
{
    (void)state;
    /* 24 ms apart: 3,600,000 references are a day. */
    assert_int_equal(follow(3750000.4, 3750000, 3600000, -1, 0), 0);
    assert_int_equal(follow(38014705.88, 38014706, 1000000, -1, 0), 0);
}

static void one_microsecond_is_told_and_only_once(void **state)
{
    (void)state;
    assert_int_equal(follow(3750000, 3750000, 10000, 5000, 27), 1);
    assert_int_equal(follow(3750000, 3750000, 10000, 5000, 12), 0);
    assert_int_equal(follow(3750000, 3750000, 10000, 5000, 27e6), 1);
}

/* --- Synchronisation -------------------------------------------------------- */

static void make_packets(uint8_t *bytes, int count, int stride)
{
    memset(bytes, 0x11, (size_t)count * (size_t)stride);
    for (int i = 0; i < count; i++) {
        bytes[(size_t)i * (size_t)stride] = 0x47;
    }
}

/* Events of a run of bytes, given in pieces, as letters. */
static void sync_events(const uint8_t *bytes, size_t size, size_t piece, char *events)
{
    static const char LETTERS[] = ".FpbL";
    struct sync_scan *scan = sync_scan_create();
    const uint8_t *packet = NULL;
    size_t at = 0;
    assert_non_null(scan);
    for (bool is_over = false; !is_over;) {
        const size_t count = size - at < piece ? size - at : piece;
        assert_int_equal(sync_scan_push(scan, bytes + at, count), 0);
        at += count;
        is_over = at == size;
        if (is_over) {
            sync_scan_end(scan);
        }
        for (enum sync_event event; (event = sync_scan_next(scan, &packet)) != SYNC_MORE;) {
            *events++ = LETTERS[event];
        }
    }
    *events = '\0';
    sync_scan_destroy(scan);
}

static void packets_are_found_at_every_stride_and_start(void **state)
{
    static const int STRIDES[] = {188, 192, 204};
    uint8_t bytes[12 * 204];
    char events[64];
    (void)state;
    for (int i = 0; i < 3; i++) {
        make_packets(bytes, 12, STRIDES[i]);
        const size_t size = 12 * (size_t)STRIDES[i];
        for (size_t piece = 100; piece < 700; piece += 97) {
            sync_events(bytes, size, piece, events);
            assert_string_equal(events, "Fpppppppppppp");
            sync_events(bytes + 100, size - 100, piece, events);
            assert_string_equal(events, "Fppppppppppp");
        }
    }
}

static void one_bad_sync_byte_is_bad_and_two_are_loss(void **state)
{
    uint8_t bytes[16 * PACKET];
    char events[64];
    (void)state;
    make_packets(bytes, 16, PACKET);
    bytes[6 * PACKET] = 0;
    sync_events(bytes, sizeof(bytes), 1000, events);
    assert_string_equal(events, "Fppppppbppppppppp");
    bytes[7 * PACKET] = 0;
    bytes[8 * PACKET] = 0;
    sync_events(bytes, sizeof(bytes), 1000, events);
    assert_string_equal(events, "FppppppbLFppppppp");
}

/* --- Arrival ----------------------------------------------------------------- */

static void the_delay_factor_is_one_datagram_of_a_smooth_stream(void **state)
{
    struct mdi mdi = {0};
    (void)state;
    mdi_start(&mdi, 1316 * 8 * 1000); /* a datagram every millisecond */
    for (int i = 0; i <= 3000; i++) {
        mdi_datagram(&mdi, INT64_C(1000000) * i, 1316);
    }
    assert_true(fabs(mdi.delay_factor_ms - 1.0) < 0.001);
    assert_int_equal(mdi.seconds, 3);
}

static void a_late_datagram_raises_the_delay_factor(void **state)
{
    struct mdi mdi = {0};
    (void)state;
    mdi_start(&mdi, 1316 * 8 * 1000);
    for (int i = 0; i <= 1000; i++) {
        const int64_t late_ns = i >= 500 && i < 520 ? (520 - i) * INT64_C(1000000) : 0;
        mdi_datagram(&mdi, INT64_C(1000000) * i + late_ns, 1316);
    }
    mdi_lost(&mdi, 3);
    assert_true(mdi.delay_factor_ms > 20.5 && mdi.delay_factor_ms < 21.5);
    assert_int_equal(mdi.lost_total, 3);
}

static void drift_and_jitter_are_told_apart(void **state)
{
    struct arrival *arrival = arrival_create();
    struct arrival_summary summary;
    uint32_t dice = 1;
    (void)state;
    assert_non_null(arrival);
    for (int i = 0; i < 2000; i++) {
        /* 20 ppm fast, and up to 100 us late. */
        const int64_t at_ns = (int64_t)(25e6 * i / 1.00002) + draw(&dice) % 100000;
        arrival_pcr(arrival, (INT64_C(675000) * i + STC_WRAP - 27000000) % STC_WRAP,
                    INT64_C(1700000000000000000) + at_ns);
    }
    arrival_summary(arrival, &summary);
    arrival_destroy(arrival);
    assert_true(fabs(summary.drift_ppm - 20) < 0.5);
    assert_true(summary.peak_us > 90 && summary.peak_us < 110);
    assert_true(summary.p50_us > 20 && summary.p50_us < 30);
}

/* --- The rest ---------------------------------------------------------------- */

static void indicators_are_found_by_their_numbers(void **state)
{
    (void)state;
    for (int i = 0; i < TR_INDICATORS; i++) {
        assert_int_equal(tr_find(tr_id((enum tr_indicator)i)), i);
    }
    assert_int_equal(tr_find("1.7"), TR_INDICATORS);
    assert_int_equal(tr_priority(TR_DATA_DELAY), 3);
}

static void text_of_every_coding_becomes_utf8(void **state)
{
    static const struct {
        uint8_t bytes[16];
        int size;
        const char *text;
    } TEXTS[] = {
        {{0x15, 0xe8, 0xaf, 0xbe}, 4, "课"},
        {{0x13, 0xbf, 0xce}, 3, "课"},
        {{0xbf, 0xce}, 2, "课"},
        {{0x11, 0x8b, 0xfe}, 3, "课"},
        {{'A', 0x1b, '[', 'B'}, 4, "A[B"},
        {{0x15, 'A', 0xc2, 0x9b, 'B', 0xc2, 0x9d, 'C'}, 8, "ABC"},       /* CSI, OSC */
        {{0x15, 'A', 0xe2, 0x80, 0xae, 'B', 0xe2, 0x81, 0xa6}, 9, "AB"}, /* U+202E, U+2066 */
        {{0x11, 0x20, 0x2b, 0x00, 0x9b, 0x00, 'A'}, 7, "A"},
        {{0x15, 'A', 0xc2, 0x8a, 'B'}, 5, "A B"},
        {{0x01, 0xbf}, 2, "П"},
        {{0x15, 0xff, 'A'},
         3,
         "\xef\xbf\xbd"
         "A"},
    };
    struct service_view *view = service_view_create();
    char text[VIEW_TEXT];
    (void)state;
    assert_non_null(view);
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
        service_view_text(view, TEXTS[i].bytes, TEXTS[i].size, text);
        assert_string_equal(text, TEXTS[i].text);
    }
    service_view_destroy(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_rates_are_found_exactly),
        cmocka_unit_test(a_rate_that_is_not_whole_is_found_to_a_tenth_of_a_bit),
        cmocka_unit_test(the_clock_may_wrap_or_jump_meanwhile),
        cmocka_unit_test(a_changing_rate_is_not_constant),
        cmocka_unit_test(two_references_say_no_rate),
        cmocka_unit_test(clocks_that_jump_say_what_the_rest_of_them_says),
        cmocka_unit_test(no_rate_is_beyond_what_the_buffers_can_reckon_with),
        cmocka_unit_test(a_wrong_bit_a_second_does_not_add_up_in_a_day),
        cmocka_unit_test(one_microsecond_is_told_and_only_once),
        cmocka_unit_test(packets_are_found_at_every_stride_and_start),
        cmocka_unit_test(one_bad_sync_byte_is_bad_and_two_are_loss),
        cmocka_unit_test(the_delay_factor_is_one_datagram_of_a_smooth_stream),
        cmocka_unit_test(a_late_datagram_raises_the_delay_factor),
        cmocka_unit_test(drift_and_jitter_are_told_apart),
        cmocka_unit_test(indicators_are_found_by_their_numbers),
        cmocka_unit_test(text_of_every_coding_becomes_utf8),
    };
    return cmocka_run_group_tests_name("meter_parts", tests, NULL, NULL);
}
