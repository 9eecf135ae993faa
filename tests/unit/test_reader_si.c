/* SPDX-License-Identifier: MIT */
/*
 * The independent reader judges every table of a cable headend: nothing in
 * clean tables, and it shows what they say.
 */
#include "tests/support/si_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { PACKET = 188, HOUR_S = 3600 };

/* 2026-12-31 23:59:45 UTC: the next day, and year, 15 s later. */
static const int64_t NEW_YEAR = INT64_C(1798761585);

static void clean_tables_pass(void **state)
{
    struct si_bench *bench = *state;
    si_bench_make(bench, NULL, SI_BENCH_MORNING, stdout);
    assert_int_equal(ts_report_total(bench->report), 0);
    assert_int_equal(ts_report_count(bench->report, TS_SECTION_IDLE), 0);
}

/* Every table of the schedule is numbered anew at 00:00 UTC. */
static void clean_tables_pass_across_the_new_year(void **state)
{
    struct si_bench *bench = *state;
    si_bench_make(bench, NULL, NEW_YEAR, stdout);
    assert_int_equal(ts_report_total(bench->report), 0);
}

static void clean_tables_pass_by_the_time_of_their_tdt(void **state)
{
    struct si_bench *bench = *state;
    for (int i = 0; i < 2; i++) {
        const int64_t first_second = i == 0 ? SI_BENCH_MORNING : NEW_YEAR;
        struct ts_check_options options = si_bench_options(first_second);
        options.has_first_slot = false;
        assert_int_equal(si_make(NULL, first_second, SI_BENCH_SECONDS, bench->packets), 0);
        si_bench_judge(bench, &options, stdout);
        assert_int_equal(ts_report_total(bench->report), 0);
    }
}

static void a_schedule_without_any_time_is_not_judged(void **state)
{
    struct si_bench *bench = *state;
    struct ts_check_options options = si_bench_options(SI_BENCH_MORNING);
    options.has_first_slot = false;
    assert_int_equal(si_make(NULL, SI_BENCH_MORNING, SI_BENCH_SECONDS, bench->packets), 0);
    for (size_t i = 0; i < SI_BENCH_PACKETS; i++) {
        uint8_t *packet = bench->packets + i * PACKET;
        if (packet[1] == 0x40 && packet[2] == 0x14) {
            packet[1] = 0x1f; /* no TDT, no TOT */
            packet[2] = 0xff;
        }
    }
    si_bench_judge(bench, &options, NULL);
    assert_true(ts_report_ungraded_count(bench->report) > 0);
    assert_int_equal(ts_report_count(bench->report, TS_EIT_SCHEDULE), 0);
}

static void what_tables_say_is_shown(void **state)
{
    struct si_bench *bench = *state;
    si_bench_make(bench, NULL, SI_BENCH_MORNING, NULL);
    const struct si_view view = ts_check_view(bench->check);
    struct si_view_service service;
    assert_true(si_view_service(&view, 0, &service));
    assert_int_equal(service.service_id, SI_MAKE_FIRST);
    assert_string_equal(service.name, "小学");
    assert_string_equal(service.provider, "K");
    assert_int_equal(service.service_type, 0x16);
    assert_int_equal(service.channel_number, 1);
    assert_int_equal(service.pmt_pid, 0x100);
    assert_int_equal(service.stream_count, 3);
    assert_string_equal(service.streams[1].language, "chi");
    assert_string_equal(service.streams[2].codec, "AC-3");
    assert_true(service.now.is_there);
    assert_string_equal(service.now.name, "语文");
    assert_int_equal(service.now.start_s, SI_BENCH_MORNING + 10);
    assert_int_equal(service.now.duration_s, HOUR_S);
    assert_int_equal(service.next.start_s, SI_BENCH_MORNING + 10 + HOUR_S);
    assert_int_equal(service.schedule_events, 63 * 3);
    assert_true(si_view_service(&view, 1, &service));
    assert_string_equal(service.name, "中学");
    assert_false(si_view_service(&view, 2, &service));
    struct si_view_network network;
    si_view_network(&view, &network);
    assert_string_equal(network.name, "示例");
    assert_int_equal(network.frequency_hz, 474000000);
    assert_int_equal(network.symbol_rate_baud, 6875000);
    assert_int_equal(network.modulation, 64);
    assert_int_equal(network.network_id, 1);
    struct si_view_time time;
    si_view_time(&view, &time);
    assert_int_equal(time.utc_s, SI_BENCH_MORNING + 30);
    assert_int_equal(time.offset_minutes, 480);
    assert_string_equal(time.country, "CHN");
    json_t *json = si_view_json(&view);
    assert_non_null(json);
    assert_int_equal(json_array_size(json_object_get(json, "services")), 2);
    json_decref(json);
}

static uint32_t draw(uint32_t *dice)
{
    *dice = *dice * 1664525 + 1013904223;
    return *dice >> 8;
}

static uint32_t dice;

/* Sections that say anything, with the right CRC_32: all parsers see them. */
static void scramble(struct si_make_section *s)
{
    for (int i = 0; draw(&dice) % 3 == 0 && i < 3; i++) {
        s->bytes[3 + draw(&dice) % (uint32_t)(s->size - 3)] = (uint8_t)draw(&dice);
    }
}

static void no_content_breaks_the_reader(void **state)
{
    struct si_bench *bench = *state;
    const char *text = getenv("KETANG_SEED");
    dice = text != NULL ? (uint32_t)strtoul(text, NULL, 10) : 1;
    print_message("KETANG_SEED=%u\n", dice);
    for (int round = 0; round < 10; round++) {
        si_bench_make(bench, scramble, SI_BENCH_MORNING, NULL);
        assert_true(ts_report_total(bench->report) > 0);
        const struct si_view view = ts_check_view(bench->check);
        json_decref(si_view_json(&view));
    }
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, si_bench_set_up, si_bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BENCH(clean_tables_pass),
        WITH_BENCH(clean_tables_pass_across_the_new_year),
        WITH_BENCH(clean_tables_pass_by_the_time_of_their_tdt),
        WITH_BENCH(a_schedule_without_any_time_is_not_judged),
        WITH_BENCH(what_tables_say_is_shown),
        WITH_BENCH(no_content_breaks_the_reader),
    };
    return cmocka_run_group_tests_name("reader_si", tests, NULL, NULL);
}
