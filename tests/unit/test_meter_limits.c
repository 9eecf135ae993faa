/* SPDX-License-Identifier: MIT */
/*
 * Streams made to exhaust the meter: memory and time have an end, which is told.
 */
#include "tools/meter/eit_scan.h"
#include "tools/meter/si_inner.h"
#include "tools/meter/table_inner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { RATE_BPS = 1504000, SECOND = RATE_BPS / 8 /* bytes of the stream */ };

static void there_is_an_end_of_tables(void **state)
{
    struct ts_report *report = ts_report_create(NULL, 0);
    const struct table_limits limits = {.rate_bps = 1504000, .gap_ms = 0};
    struct table_scan *scan = table_scan_create(&limits, report);
    uint8_t bytes[18] = {TABLE_EIT_PF_OTHER, 0xf0, 15, 0, 1, 0xc1, 0, 0};
    struct section section = {.bytes = bytes, .size = sizeof(bytes), .pid = 0x12};
    (void)state;
    assert_true(report != NULL && scan != NULL);
    for (int i = 0; i < TABLES_MAX + 100; i++) {
        bytes[8] = (uint8_t)(i >> 8); /* transport_stream_id */
        bytes[9] = (uint8_t)i;
        const enum table_news news = table_scan_section(scan, &section);
        assert_int_equal(news, i < TABLES_MAX ? TABLE_NEXT : TABLE_REFUSED);
    }
    assert_int_equal(ts_report_ungraded_count(report), 1);
    struct table_cursor cursor = {0};
    struct table_summary summary;
    int count = 0;
    while (table_scan_next_summary(scan, &cursor, &summary)) {
        count++;
    }
    assert_int_equal(count, TABLES_MAX);
    assert_false(table_scan_next_summary(scan, &cursor, &summary));
    table_scan_destroy(scan);
    ts_report_destroy(report);
}

static void there_is_an_end_of_services(void **state)
{
    struct ts_report *report = ts_report_create(NULL, 0);
    const struct psi psi = {0};
    struct si *si = si_create(&(struct si_options){.rate_bps = 1504000}, &psi, report);
    (void)state;
    assert_true(report != NULL && si != NULL);
    for (int i = 0; i < SI_SERVICES_MAX + 100; i++) {
        const struct si_service *service = si_find_service(si, 1, i, 7, true);
        assert_true((service != NULL) == (i < SI_SERVICES_MAX));
    }
    const struct si_service *known = si_find_service(si, 1, 9, 7, true);
    assert_non_null(known);
    assert_int_equal(known->transport_stream_id, 9);
    assert_null(si_find_service(si, 1, 9, 7, false));
    assert_int_equal(ts_report_ungraded_count(report), 1);
    si_destroy(si);
    ts_report_destroy(report);
}

/* Sections as long as can be, each with bytes of its own. */
static void there_is_an_end_of_bytes(void **state)
{
    static uint8_t bytes[4096] = {TABLE_EIT_FIRST_OTHER, 0xff, 0xfd, 0, 0, 0xc1, 0, 255};
    struct ts_report *report = ts_report_create(NULL, 0);
    const struct table_limits limits = {.rate_bps = RATE_BPS, .gap_ms = 0};
    struct table_scan *scan = table_scan_create(&limits, report);
    struct section section = {.bytes = bytes, .size = sizeof(bytes), .pid = 0x12};
    (void)state;
    assert_true(report != NULL && scan != NULL);
    section.size = 18;
    assert_int_equal(table_scan_section(scan, &section), TABLE_NEXT);
    assert_int_equal(scan->bytes, 18 + (int64_t)sizeof(struct place));
    section.size = sizeof(bytes);
    int kept = 0;
    int refused = 0;
    for (int i = 1; i < 20000; i++) {
        bytes[4] = (uint8_t)(i >> 8); /* service_id */
        bytes[6] = (uint8_t)i;
        kept += refused == 0;
        refused += table_scan_section(scan, &section) == TABLE_REFUSED;
    }
    assert_true(refused > 0 && refused + kept == 20000); /* from the first one on */
    assert_in_range(scan->bytes, TABLE_BYTES_MAX - 8192, TABLE_BYTES_MAX);
    assert_int_equal(ts_report_ungraded_count(report), 1);
    bytes[4] = 0; /* What is known is judged on; what has no room leaves it as it is ... */
    bytes[6] = 0;
    assert_int_equal(table_scan_section(scan, &section), TABLE_REFUSED);
    section.size = 18;
    assert_int_equal(table_scan_section(scan, &section), TABLE_SAME);
    section.size = sizeof(bytes);
    bytes[6] = 7;
    assert_int_equal(table_scan_section(scan, &section), TABLE_SAME);
    /* ... and what was there two versions ago makes room. */
    for (int version = 1; version < 3; version++) {
        bytes[5] = (uint8_t)(0xc1 | version << 1);
        for (int number = 0; number < 255; number++) {
            bytes[6] = (uint8_t)number;
            table_scan_section(scan, &section);
        }
        assert_true(scan->bytes <= TABLE_BYTES_MAX);
    }
    assert_int_equal(table_scan_section(scan, &section), TABLE_SAME);
    table_scan_destroy(scan);
    ts_report_destroy(report);
}

/* The first section of a version that finds room begins it, whichever that is. */
static void a_version_begins_with_what_has_room(void **state)
{
    static uint8_t bytes[4096] = {TABLE_EIT_FIRST, 0xff, 0xfd, 0, 1, 0xc1, 0, 1};
    struct ts_report *report = ts_report_create(NULL, 0);
    const struct table_limits limits = {.rate_bps = RATE_BPS, .gap_ms = 0};
    struct table_scan *scan = table_scan_create(&limits, report);
    struct section section = {.bytes = bytes, .size = 100, .pid = 0x12};
    (void)state;
    assert_true(report != NULL && scan != NULL);
    assert_int_equal(table_scan_section(scan, &section), TABLE_NEXT);
    bytes[6] = 1;
    assert_int_equal(table_scan_section(scan, &section), TABLE_NEW);
    scan->bytes = TABLE_BYTES_MAX - 200;
    bytes[5] = 0xc3;
    bytes[6] = 0;
    section.size = sizeof(bytes);
    assert_int_equal(table_scan_section(scan, &section), TABLE_REFUSED);
    bytes[6] = 1;
    section.size = 100;
    assert_int_equal(table_scan_section(scan, &section), TABLE_NEXT);
    assert_int_equal(table_scan_section(scan, &section), TABLE_SAME);
    /* Nor is it missed what may have been refused. */
    const uint64_t total = ts_report_total(report);
    table_scan_require(scan, 0x10, TABLE_NIT, -1, 0, (int64_t)1000 * SECOND);
    assert_int_equal(ts_report_total(report), total);
    table_scan_destroy(scan);
    ts_report_destroy(report);
}

/* Present/following of one event, which is another each time. */
static void take_eit(struct si *si, int event, int64_t first_byte)
{
    uint8_t bytes[14 + 12 + SECTION_CRC] = {TABLE_EIT_PF, 0xf0, 27, 0, 1, 0xc1, 0, 0, 0, 1, 0, 1, 0,
                                            TABLE_EIT_PF};
    const struct section section = {.bytes = bytes,
                                    .size = sizeof(bytes),
                                    .pid = 0x12,
                                    .packet = first_byte / TS_SIZE,
                                    .first_byte = first_byte,
                                    .end_byte = first_byte + (int64_t)sizeof(bytes)};
    bytes[15] = (uint8_t)event;
    eit_take(si, &section, &(struct si_coming){-1, TABLE_NEW, true});
}

static void what_keeps_changing_is_judged_once_a_second(void **state)
{
    struct ts_report *report = ts_report_create(NULL, 0);
    const struct psi psi = {0};
    struct si *si = si_create(&(struct si_options){.rate_bps = RATE_BPS}, &psi, report);
    (void)state;
    assert_true(report != NULL && si != NULL);
    int judged = 0;
    int64_t last = -1;
    for (int i = 0; i < 1000; i++) { /* for ten seconds */
        take_eit(si, i % 200, (int64_t)i * SECOND / 100);
        const struct si_eit_table *table = si->services[0]->tables[0];
        judged += table->judged_byte != last;
        last = table->judged_byte;
        assert_int_equal(table->is_judged, table->judged_byte / SECOND == i / 100 && i % 100 == 0);
    }
    assert_int_equal(judged, 10);
    assert_false(si->services[0]->tables[0]->is_judged);
    eit_finish(si, (int64_t)10 * SECOND);
    assert_true(si->services[0]->tables[0]->is_judged);
    si_destroy(si);
    ts_report_destroy(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_an_end_of_tables),
        cmocka_unit_test(there_is_an_end_of_services),
        cmocka_unit_test(there_is_an_end_of_bytes),
        cmocka_unit_test(a_version_begins_with_what_has_room),
        cmocka_unit_test(what_keeps_changing_is_judged_once_a_second),
    };
    return cmocka_run_group_tests_name("meter_limits", tests, NULL, NULL);
}
