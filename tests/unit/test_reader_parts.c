/* SPDX-License-Identifier: MIT */
/*
 * The parts of the independent reader, against numbers worked out by hand.
 */
#include "tools/meter/section_scan.h"
#include "tools/meter/si_scan.h"
#include "tools/meter/stc.h"
#include "tools/meter/tstd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PACKET = 188, AUDIO_B = 3584 };

/* --- Arithmetic ------------------------------------------------------------ */

static void crc_is_that_of_mpeg(void **state)
{
    (void)state;
    assert_int_equal(section_crc((const uint8_t *)"123456789", 9), 0x0376e6e7);
}

static void times_are_exact_and_round_down(void **state)
{
    (void)state;
    assert_int_equal(stc_scale(7, 3, 2), 10);
    assert_int_equal(stc_scale(-7, 3, 2), -11);
    assert_int_equal(stc_scale(INT64_C(1000000000000000), 3496800, 216000000),
                     INT64_C(16188888888888));
    assert_int_equal(stc_bytes_of_ms(3496800, 1000), 437100);
    assert_int_equal(stc_difference(5, STC_WRAP - 5, STC_WRAP), 10);
    assert_int_equal(stc_difference(STC_WRAP - 5, 5, STC_WRAP), -10);
}

static void stamps_find_their_bytes_across_the_wrap(void **state)
{
    (void)state;
    /* 8 Mb/s: a byte takes 27 ticks; one second before the clock wraps around. */
    const struct stc stc = {true, 8000000, 1000, STC_WRAP - 27000000};
    assert_int_equal(stc_value(&stc, 1000), STC_WRAP - 27000000);
    assert_int_equal(stc_value(&stc, 1000 + 1000000), 0);
    assert_int_equal(stc_byte(&stc, 0, 1000), 1000 + 1000000);
    assert_int_equal(stc_byte(&stc, 90000, 900000), 1000 + 2000000);
    assert_int_equal(stc_byte(&stc, (UINT64_C(1) << 33) - 90000, 1500000), 1000);
}

static void utc_is_mjd_and_bcd(void **state)
{
    (void)state;
    /* EN 300 468, Annex C: 1993-10-13 12:45:00. */
    static const uint8_t ANNEX_C[] = {0xc0, 0x79, 0x12, 0x45, 0x00};
    static const uint8_t NO_TIME[] = {0xc0, 0x79, 0x12, 0x6a, 0x00};
    assert_int_equal(dvb_utc(ANNEX_C), 750516300);
    assert_int_equal(dvb_utc(NO_TIME), -1);
}

static void broken_utf8_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_sound;
    } TEXTS[] = {
        {"\x15语文 abc", true},
        {"\x15\xe8\xaf", false},
        {"\x15\xc0\x80", false},
        {"\x15\xed\xa0\x80", false},
        {"\x15\xf4\x90\x80\x80", false},
        {"\x15\xf0\x9f\x98\x80", true},
        {"\x13\xd3\xef", true},
        {"\x15\xff", false},
        {"", true},
    };
    char utf8[DVB_TEXT_ROOM];
    struct dvb_text *text = dvb_text_create(&(struct dvb_charsets){0});
    assert_non_null(text);
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
        const uint8_t *bytes = (const uint8_t *)TEXTS[i].text;
        if (dvb_text_decode(text, bytes, (int)strlen(TEXTS[i].text), utf8) != TEXTS[i].is_sound) {
            fail_msg("text %zu", i);
        }
    }
    dvb_text_destroy(text);
}

/* --- Buffers --------------------------------------------------------------- */

struct bench {
    struct ts_report *report;
    struct tstd *tstd;
    int64_t at; /* bytes fed */
};

static void open_bench(struct bench *bench, const struct tstd_model *model)
{
    bench->report = ts_report_create(NULL, 0);
    bench->tstd = tstd_create(model, bench->report);
    bench->at = 0;
    assert_non_null(bench->report);
    assert_non_null(bench->tstd);
}

static void close_bench(struct bench *bench)
{
    tstd_destroy(bench->tstd);
    ts_report_destroy(bench->report);
}

static void feed(struct bench *bench, int count, enum tstd_role role, int64_t unit)
{
    tstd_feed(bench->tstd, bench->at, count, role, unit);
    bench->at += count;
}

static const struct tstd_model AUDIO = {
    .pid = 0x102, .rate_bps = 3750000, .rx_bps = 2000000, .b_size = AUDIO_B};
static const struct tstd_model VIDEO = {
    .pid = 0x101,
    .rate_bps = 38000000,
    .rx_bps = 14400000,
    .rbx_bps = 12000000,
    .mb_size = 8000,
    .b_size = 1500000,
};

/* Sixteen packets behind each other: 3008 bytes x (1 - Rx / rate). */
static void tb_keeps_what_its_leak_leaves(void **state)
{
    (void)state;
    static const struct {
        int64_t rate_bps;
        int64_t peak;
    } RATES[] = {{3750000, 1404}, {8000000, 2256}, {38000000, 2850}, {2000000, 0}, {1000000, 0}};
    for (size_t i = 0; i < sizeof(RATES) / sizeof(RATES[0]); i++) {
        struct tstd_model model = AUDIO;
        model.rate_bps = RATES[i].rate_bps;
        struct bench bench;
        open_bench(&bench, &model);
        tstd_unit(bench.tstd, 0, 10000000);
        for (int k = 0; k < 16; k++) {
            feed(&bench, 4, TSTD_PACKET, 0);
            feed(&bench, PACKET - 4, TSTD_DATA, 0);
        }
        tstd_finish(bench.tstd, 1);
        assert_int_equal(tstd_peaks(bench.tstd).tb, RATES[i].peak);
        assert_int_equal(tstd_peaks(bench.tstd).b, 16 * (PACKET - 4));
        assert_int_equal(ts_report_count(bench.report, TS_TB), RATES[i].peak > 512 ? 1 : 0);
        assert_int_equal(ts_report_total(bench.report), RATES[i].peak > 512 ? 1 : 0);
        close_bench(&bench);
    }
}

static void tb_holds_512_bytes_and_no_more(void **state)
{
    (void)state;
    for (int over = 0; over < 2; over++) {
        struct tstd_model model = AUDIO;
        model.rate_bps = 2 * model.rx_bps; /* half of what comes stays */
        struct bench bench;
        open_bench(&bench, &model);
        feed(&bench, 2 * (512 + over), TSTD_PACKET, 0);
        assert_int_equal(tstd_peaks(bench.tstd).tb, 512 + over);
        assert_int_equal(ts_report_count(bench.report, TS_TB), over);
        close_bench(&bench);
    }
}

static void b_holds_headers_until_their_unit_leaves(void **state)
{
    (void)state;
    struct tstd_model model = AUDIO;
    struct bench bench;
    model.rate_bps = 1000000;
    open_bench(&bench, &model);
    for (int unit = 0; unit < 6; unit++) {
        tstd_unit(bench.tstd, unit, 5000 + unit);
        feed(&bench, 14, TSTD_HEADER, unit);
        feed(&bench, 576, TSTD_DATA, unit);
    }
    assert_int_equal(tstd_peaks(bench.tstd).b, 6 * 590);
    assert_int_equal(ts_report_total(bench.report), 0);
    feed(&bench, 44, TSTD_HEADER, 6);
    assert_int_equal(ts_report_count(bench.report, TS_B), 0);
    feed(&bench, 1, TSTD_HEADER, 6);
    assert_int_equal(ts_report_count(bench.report, TS_B), 1);
    tstd_finish(bench.tstd, 6);
    assert_int_equal(ts_report_total(bench.report), 1);
    close_bench(&bench);
}

/* A unit of one packet: its last byte is in B when 188 bytes have leaked. */
static void a_byte_counts_when_it_has_left_tb(void **state)
{
    (void)state;
    const int64_t arrives = (int64_t)PACKET * 3750000 / 2000000 + 1; /* 352.5 */
    for (int64_t removal = arrives - 3; removal < arrives + 3; removal++) {
        struct bench bench;
        open_bench(&bench, &AUDIO);
        tstd_unit(bench.tstd, 0, removal);
        feed(&bench, 4, TSTD_PACKET, 0);
        feed(&bench, PACKET - 4, TSTD_DATA, 0);
        tstd_finish(bench.tstd, 1);
        assert_int_equal(ts_report_count(bench.report, TS_UNDERFLOW), removal < arrives ? 1 : 0);
        close_bench(&bench);
    }
}

static void bytes_after_their_time_are_told_once(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, &AUDIO);
    tstd_unit(bench.tstd, 0, 600);
    feed(&bench, PACKET, TSTD_DATA, 0);
    bench.at = 1000;
    feed(&bench, PACKET, TSTD_DATA, 0);
    tstd_finish(bench.tstd, 1);
    assert_int_equal(ts_report_count(bench.report, TS_UNDERFLOW), 1);
    assert_int_equal(ts_report_total(bench.report), 1);
    close_bench(&bench);
}

static void a_unit_cut_off_by_the_end_is_not_judged(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, &AUDIO);
    tstd_unit(bench.tstd, 0, 300);
    feed(&bench, PACKET, TSTD_DATA, 0);
    tstd_finish(bench.tstd, 0);
    assert_int_equal(ts_report_total(bench.report), 0);
    close_bench(&bench);
}

/* 38 Mb/s into TB at 14.4 Mb/s into MB at 12 Mb/s. */
static void video_goes_through_three_buffers(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, &VIDEO);
    tstd_unit(bench.tstd, 0, 1000000);
    feed(&bench, 19, TSTD_HEADER, 0);
    feed(&bench, 38000, TSTD_DATA, 0);
    tstd_finish(bench.tstd, 1);
    const struct tstd_peaks peaks = tstd_peaks(bench.tstd);
    /* 38019 x (1 - 14.4 / 38) */
    assert_int_equal(peaks.tb, 23612);
    /* All leaves TB in 38019 x 8 / 14.4e6 s; 12 / 14.4 of it has left MB by then. */
    assert_in_range(peaks.mb, 6330, 6340);
    assert_int_equal(peaks.b, 38000);
    assert_int_equal(ts_report_count(bench.report, TS_TB), 1);
    assert_int_equal(ts_report_total(bench.report), 1);
    close_bench(&bench);
}

/* What takes the short way through and what is stepped byte by byte agree. */
static void slow_and_fast_streams_fill_eb_alike(void **state)
{
    (void)state;
    int64_t peaks[2];
    for (int i = 0; i < 2; i++) {
        struct tstd_model model = VIDEO;
        model.rate_bps = i == 0 ? 11999999 : 12000001;
        struct bench bench;
        open_bench(&bench, &model);
        for (int unit = 0; unit < 50; unit++) {
            tstd_unit(bench.tstd, unit, 20000 + unit * 5000);
            feed(&bench, 4, TSTD_PACKET, 0);
            feed(&bench, 19, TSTD_HEADER, unit);
            feed(&bench, 3000 + 977 * unit % 1500, TSTD_DATA, unit);
        }
        tstd_finish(bench.tstd, 50);
        assert_int_equal(ts_report_total(bench.report), 0);
        peaks[i] = tstd_peaks(bench.tstd).b;
        close_bench(&bench);
    }
    assert_in_range(peaks[0] - peaks[1] + 8, 0, 16);
    assert_true(peaks[0] > 10000);
}

static void a_full_eb_holds_mb_back(void **state)
{
    (void)state;
    struct tstd_model model = VIDEO;
    struct bench bench;
    model.rate_bps = 3500000;
    model.b_size = 10000;
    open_bench(&bench, &model);
    tstd_unit(bench.tstd, 0, 30000);
    tstd_unit(bench.tstd, 1, 40000);
    feed(&bench, 10000, TSTD_DATA, 0);
    feed(&bench, 5000, TSTD_DATA, 1);
    assert_int_equal(tstd_peaks(bench.tstd).mb, 5000);
    feed(&bench, 4000, TSTD_DATA, 1);
    assert_int_equal(ts_report_count(bench.report, TS_MB), 1);
    tstd_finish(bench.tstd, 2);
    assert_int_equal(tstd_peaks(bench.tstd).b, 10000);
    assert_int_equal(ts_report_total(bench.report), 1);
    close_bench(&bench);
}

/* 1 Mb/s of tables into a TBsys that leaks 1 Mb/s and a Bsys that leaks 80 kb/s. */
static void bsys_overflows_and_tbsys_never_rests(void **state)
{
    (void)state;
    const struct tstd_model model = {
        .rate_bps = 2000000, .rx_bps = 1000000, .b_size = 1536, .rb_bps = 80000};
    struct bench bench;
    open_bench(&bench, &model);
    /* In two seconds, of every 376 bytes 188 and now and then one more. */
    for (int i = 0; i < 2 * 250000 / 2 / PACKET; i++) {
        feed(&bench, PACKET, TSTD_DATA, 0);
        bench.at += i % 100 == 0 && i > 0 ? PACKET - 1 : PACKET - (i < 100 ? 1 : 0);
    }
    tstd_finish(bench.tstd, 0);
    assert_int_equal(ts_report_count(bench.report, TS_B), 1);
    assert_true(ts_report_count(bench.report, TS_NOT_EMPTY) > 0);
    assert_int_equal(ts_report_count(bench.report, TS_TB), 0);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc_is_that_of_mpeg),
        cmocka_unit_test(times_are_exact_and_round_down),
        cmocka_unit_test(stamps_find_their_bytes_across_the_wrap),
        cmocka_unit_test(utc_is_mjd_and_bcd),
        cmocka_unit_test(broken_utf8_is_found),
        cmocka_unit_test(tb_keeps_what_its_leak_leaves),
        cmocka_unit_test(tb_holds_512_bytes_and_no_more),
        cmocka_unit_test(b_holds_headers_until_their_unit_leaves),
        cmocka_unit_test(a_byte_counts_when_it_has_left_tb),
        cmocka_unit_test(bytes_after_their_time_are_told_once),
        cmocka_unit_test(a_unit_cut_off_by_the_end_is_not_judged),
        cmocka_unit_test(video_goes_through_three_buffers),
        cmocka_unit_test(slow_and_fast_streams_fill_eb_alike),
        cmocka_unit_test(a_full_eb_holds_mb_back),
        cmocka_unit_test(bsys_overflows_and_tbsys_never_rests),
    };
    return cmocka_run_group_tests_name("reader_parts", tests, NULL, NULL);
}
