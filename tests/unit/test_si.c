/* SPDX-License-Identifier: MIT */
/* Tables are read back from their packets by libdvbpsi, which did not write them. */
#include "playout/si.h"
#include "playout/si_carousel.h"
#include "tests/support/guide_bench.h"
#include "tests/support/si_reading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NOW_S = 1795392000 /* 2026-11-23 00:00 UTC */ };

static void got_pat(void *data, dvbpsi_pat_t *pat)
{
    ((struct si_reading *)data)->pat = pat;
}

static void got_pmt(void *data, dvbpsi_pmt_t *pmt)
{
    ((struct si_reading *)data)->pmt = pmt;
}

/* --- PAT, PMT ---------------------------------------------------------------- */

static void pat_lists_the_services(void **state)
{
    struct guide_bench bench;
    struct si_reading reading = {.handle = dvbpsi_new(si_reading_complain, DVBPSI_MSG_WARN)};
    struct si_sections sections = {0};
    (void)state;
    guide_bench_init(&bench, 1, 32);
    assert_true(dvbpsi_pat_attach(reading.handle, got_pat, &reading));
    assert_int_equal(si_pat(&bench.station, &bench.transports[0], &sections), 0);
    assert_int_equal(sections.count, 1);
    assert_int_equal(si_packets(si_section_size(sections.sections[0])), 1);
    si_reading_push_all(&reading, PID_PAT, &sections);
    assert_non_null(reading.pat);
    assert_int_equal(reading.pat->i_ts_id, 1);
    assert_true(reading.pat->b_current_next);
    const dvbpsi_pat_program_t *program = reading.pat->p_first_program;
    for (int i = 0; i < 32; i++, program = program->p_next) {
        assert_non_null(program);
        assert_int_equal(program->i_number, 101 + i);
        assert_int_equal(program->i_pid, 0x100 + 16 * i);
    }
    assert_null(program);
    dvbpsi_pat_delete(reading.pat);
    dvbpsi_pat_detach(reading.handle);
    dvbpsi_delete(reading.handle);
}

struct stream_case {
    int type;
    const char *descriptors; /* all bytes, in hexadecimal */
};

static void check_stream(const dvbpsi_pmt_es_t *es, int pid, const struct stream_case *expected)
{
    char hex[512] = "";
    assert_non_null(es);
    assert_int_equal(es->i_pid, pid);
    assert_int_equal(es->i_type, expected->type);
    for (const dvbpsi_descriptor_t *d = es->p_first_descriptor; d != NULL; d = d->p_next) {
        snprintf(hex + strlen(hex), sizeof(hex) - strlen(hex), "%s%02x%02x",
                 hex[0] != '\0' ? " " : "", d->i_tag, d->i_length);
        for (int i = 0; i < d->i_length; i++) {
            snprintf(hex + strlen(hex), sizeof(hex) - strlen(hex), "%02x", d->p_data[i]);
        }
    }
    assert_string_equal(hex, expected->descriptors);
}

static void pmt_describes_the_streams_of_every_format(void **state)
{
    static const struct stream_case VIDEOS[] = {
        {0x1b, "280464001e3f 520101"},
        {0x02, "020318485f 520101"},
        {0x1b, "280464"
               "00283f 520101"},
        {0x24, "380d02200000009000000000"
               "00991f 520101"},
        {0x1b, "280464001e3f 520101"},
    };
    static const struct stream_case AUDIOS[] = {
        {0x03, "0a0463686900 520102"},
        {0x03, "0a0463686900 520102"},
        {0x06, "050441432d33 6a028f42 0a0463686900 520102"},
        {0x0f, "7c0151 0a0463686900 520102"},
        {0x03, "0a0463686900 520102"},
    };
    struct guide_bench bench;
    (void)state;
    guide_bench_init(&bench, 1, 5);
    for (size_t i = 0; i < 5; i++) {
        const struct service *service = &bench.services[0][i];
        struct si_reading reading = {.handle = dvbpsi_new(si_reading_complain, DVBPSI_MSG_WARN)};
        struct si_sections sections = {0};
        assert_true(
            dvbpsi_pmt_attach(reading.handle, (uint16_t)service->service_id, got_pmt, &reading));
        assert_int_equal(si_pmt(&bench.station, service, &sections), 0);
        assert_int_equal(sections.count, 1);
        assert_int_equal(si_packets(si_section_size(sections.sections[0])), 1);
        si_reading_push_all(&reading, service->pmt_pid, &sections);
        assert_non_null(reading.pmt);
        assert_int_equal(reading.pmt->i_pcr_pid, service->video_pid);
        assert_null(reading.pmt->p_first_descriptor);
        const dvbpsi_pmt_es_t *video = reading.pmt->p_first_es;
        check_stream(video, service->video_pid, &VIDEOS[i]);
        check_stream(video->p_next, service->audio_pid, &AUDIOS[i]);
        assert_null(video->p_next->p_next);
        dvbpsi_pmt_delete(reading.pmt);
        dvbpsi_pmt_detach(reading.handle);
        dvbpsi_delete(reading.handle);
    }
}

/* --- NIT, BAT, SDT ----------------------------------------------------------- */

/* Entries of a list of services, by libdvbpsi. */
static void check_services(dvbpsi_descriptor_t *list, const struct guide_bench *bench, size_t t)
{
    static const int TYPES[] = {0x16, 0x01, 0x19, 0x1f, 0x16};
    const dvbpsi_service_list_dr_t *services =
        dvbpsi_DecodeServiceListDr(si_reading_descriptor(list, 0x41));
    assert_non_null(services);
    assert_int_equal(services->i_service_count, bench->transports[t].service_count);
    for (size_t i = 0; i < services->i_service_count; i++) {
        assert_int_equal(services->i_service[i].i_service_id, bench->services[t][i].service_id);
        assert_int_equal(services->i_service[i].i_service_type, TYPES[i % 5]);
    }
}

static void check_channels(dvbpsi_descriptor_t *list, const struct guide_bench *bench, size_t t)
{
    static const uint8_t SPECIFIER[] = {0, 0, 0, 0x28};
    const dvbpsi_descriptor_t *specifier = si_reading_descriptor(list, 0x5f);
    assert_non_null(specifier);
    assert_memory_equal(specifier->p_data, SPECIFIER, 4);
    assert_int_equal(specifier->p_next->i_tag, 0x83);
    const dvbpsi_lcn_dr_t *channels = dvbpsi_DecodeLCNDr(si_reading_descriptor(list, 0x83));
    size_t n = 0;
    for (size_t i = 0; i < bench->transports[t].service_count; i++) {
        const struct service *service = &bench->services[t][i];
        if (service->logical_channel > 0) {
            assert_int_equal(channels->p_entries[n].i_service_id, service->service_id);
            assert_int_equal(channels->p_entries[n].i_logical_channel_number,
                             service->logical_channel);
            assert_true(channels->p_entries[n].b_visible_service_flag);
            n++;
        }
    }
    assert_int_equal(channels->i_number_of_entries, n);
}

static void check_cable(dvbpsi_descriptor_t *list, const struct cable_delivery *cable)
{
    dvbpsi_descriptor_t *found = si_reading_descriptor(list, 0x44);
    if (cable->frequency_hz == 0) {
        assert_null(found);
        return;
    }
    assert_int_equal(found->i_length, 11);
    if (cable->frequency_hz == 474000000) { /* the sheet's example */
        static const uint8_t BYTES[] = {0x04, 0x74, 0x00, 0x00, 0xff, 0xf2,
                                        0x03, 0x00, 0x68, 0x75, 0x0f};
        assert_memory_equal(found->p_data, BYTES, sizeof(BYTES));
    }
    const dvbpsi_cable_deliv_sys_dr_t *read = dvbpsi_DecodeCableDelivSysDr(found);
    char digits[16];
    snprintf(digits, sizeof(digits), "%x", read->i_frequency);
    assert_int_equal(atoll(digits) * 100, cable->frequency_hz);
    assert_int_equal(read->i_modulation, 3);
    assert_int_equal(read->i_fec_outer, 2);
    assert_int_equal(read->i_fec_inner, 15);
}

static void nit_tells_of_all_transports_in_as_many_sections_as_it_takes(void **state)
{
    (void)state;
    for (size_t services = 2; services <= 32; services += 15) {
        struct guide_bench bench;
        struct si_reading reading;
        struct si_sections sections = {0};
        guide_bench_init(&bench, GUIDE_TRANSPORTS, services);
        si_reading_begin(&reading);
        assert_int_equal(si_nit(&bench.station, &sections), 0);
        assert_true(services < 32 || sections.count > 1);
        for (size_t i = 0; i < sections.count; i++) {
            assert_true(si_section_size(sections.sections[i]) <= 1024);
            assert_int_equal(sections.sections[i][1] & 0xf0, 0xf0); /* reserved bits are 1 */
            assert_int_equal(sections.sections[i][8] & 0xf0, 0xf0);
        }
        si_reading_push_all(&reading, PID_NIT, &sections);
        assert_non_null(reading.nit);
        assert_int_equal(reading.nit->i_network_id, 0xa123);
        const dvbpsi_network_name_dr_t *name = dvbpsi_DecodeNetworkNameDr(
            si_reading_descriptor(reading.nit->p_first_descriptor, 0x40));
        si_reading_check_text(name->i_name_byte, name->i_name_length, "淄博有线");
        const dvbpsi_nit_ts_t *ts = reading.nit->p_first_ts;
        for (size_t t = 0; t < GUIDE_TRANSPORTS; t++, ts = ts->p_next) {
            assert_non_null(ts);
            assert_int_equal(ts->i_ts_id, t + 1);
            assert_int_equal(ts->i_orig_network_id, 0xff01);
            check_services(ts->p_first_descriptor, &bench, t);
            check_channels(ts->p_first_descriptor, &bench, t);
            check_cable(ts->p_first_descriptor, &bench.transports[t].cable);
        }
        assert_null(ts);
        si_reading_end(&reading);
    }
}

static void bat_is_there_when_there_is_a_bouquet(void **state)
{
    static char bouquet[] = "电视课堂";
    struct guide_bench bench;
    struct si_reading reading;
    struct si_sections sections = {0};
    (void)state;
    guide_bench_init(&bench, 3, 4);
    assert_int_equal(si_bat(&bench.station, &sections), 0);
    assert_int_equal(sections.count, 0);
    bench.station.network.bouquet = bouquet;
    bench.station.network.bouquet_id = 0x1234;
    si_reading_begin(&reading);
    assert_int_equal(si_bat(&bench.station, &sections), 0);
    si_reading_push_all(&reading, PID_SDT, &sections);
    assert_non_null(reading.bat);
    assert_int_equal(reading.bat->i_extension, 0x1234);
    const dvbpsi_bouquet_name_dr_t *name =
        dvbpsi_DecodeBouquetNameDr(si_reading_descriptor(reading.bat->p_first_descriptor, 0x47));
    si_reading_check_text(name->i_char, name->i_name_length, "电视课堂");
    const dvbpsi_bat_ts_t *ts = reading.bat->p_first_ts;
    for (size_t t = 0; t < 3; t++, ts = ts->p_next) {
        assert_int_equal(ts->i_ts_id, t + 1);
        check_services(ts->p_first_descriptor, &bench, t);
    }
    assert_null(ts);
    si_reading_end(&reading);
}

static void check_sdt(struct guide_bench *bench, size_t t, bool is_actual, bool has_pf,
                      bool has_schedule)
{
    struct si_reading reading;
    struct si_sections sections = {0};
    si_reading_begin(&reading);
    assert_int_equal(si_sdt(&bench->station, &bench->transports[t], is_actual, &sections), 0);
    for (size_t i = 0; i < sections.count; i++) {
        assert_true(si_section_size(sections.sections[i]) <= 1024);
    }
    assert_true(sections.count > 1);
    si_reading_push_all(&reading, PID_SDT, &sections);
    assert_int_equal(reading.sdt_count, 1);
    const dvbpsi_sdt_t *sdt = reading.sdts[0];
    assert_int_equal(sdt->i_table_id, is_actual ? 0x42 : 0x46);
    assert_int_equal(sdt->i_extension, t + 1);
    assert_int_equal(sdt->i_network_id, 0xff01);
    const dvbpsi_sdt_service_t *service = sdt->p_first_service;
    for (size_t i = 0; i < bench->transports[t].service_count; i++, service = service->p_next) {
        assert_non_null(service);
        assert_int_equal(service->i_service_id, bench->services[t][i].service_id);
        assert_int_equal(service->b_eit_present, has_pf);
        assert_int_equal(service->b_eit_schedule, has_schedule);
        assert_int_equal(service->i_running_status, 4);
        assert_false(service->b_free_ca);
        const dvbpsi_service_dr_t *read =
            dvbpsi_DecodeServiceDr(si_reading_descriptor(service->p_first_descriptor, 0x48));
        si_reading_check_text(read->i_service_name, read->i_service_name_length,
                              bench->names[t][i]);
        si_reading_check_text(read->i_service_provider_name, read->i_service_provider_name_length,
                              "淄博电视课堂");
    }
    assert_null(service);
    si_reading_end(&reading);
}

static void sdt_names_the_services_and_tells_what_eit_carries(void **state)
{
    struct guide_bench bench;
    (void)state;
    guide_bench_init(&bench, 2, 32);
    bench.station.network.text = TEXT_UTF8;
    check_sdt(&bench, 0, true, true, true);
    check_sdt(&bench, 1, false, false, false);
    bench.station.network.text = TEXT_GB2312;
    bench.station.network.eit_other = EIT_OTHER_PF;
    check_sdt(&bench, 1, false, true, false);
    bench.station.network.eit_other = EIT_OTHER_SCHEDULE;
    check_sdt(&bench, 1, false, true, true);
    bench.station.network.eit_days = 0;
    check_sdt(&bench, 1, false, true, false);
    check_sdt(&bench, 0, true, true, false);
}

static int version_of(const struct guide_bench *bench)
{
    struct si_sections sections = {0};
    assert_int_equal(si_sdt(&bench->station, &bench->transports[0], true, &sections), 0);
    const int version = sections.sections[0][5] >> 1 & 0x1f;
    for (size_t i = 0; i < sections.count; i++) {
        assert_int_equal(sections.sections[i][5] >> 1 & 0x1f, version);
    }
    si_sections_finish(&sections);
    return version;
}

static void version_is_a_function_of_the_content(void **state)
{
    struct guide_bench bench;
    bool seen[32] = {false};
    int different = 0;
    (void)state;
    guide_bench_init(&bench, 1, 20);
    assert_int_equal(version_of(&bench), version_of(&bench));
    for (int i = 0; i < 100; i++) {
        bench.services[0][19].service_id = 500 + i;
        const int version = version_of(&bench);
        different += seen[version] ? 0 : 1;
        seen[version] = true;
    }
    assert_true(different > 20);
}

/* --- Time -------------------------------------------------------------------- */

struct time_case {
    const char *zone;
    int64_t now_s;
    int polarity;
    int offset; /* BCD */
    int next;
    int64_t change_s;
};

static void time_tables_tell_utc_and_the_offset(void **state)
{
    static const struct time_case CASES[] = {
        {"Asia/Shanghai", NOW_S, 0, 0x0800, 0x0800, 1798761600 /* 2027-01-01 */},
        {"Asia/Shanghai", 1830297599 /* 2027-12-31 23:59:59 */, 0, 0x0800, 0x0800, 1830297600},
        {"Asia/Shanghai", 1835395200 /* 2028-02-29 */, 0, 0x0800, 0x0800, 1861920000},
        {"Europe/Berlin", NOW_S, 0, 0x0100, 0x0200, 1806195600 /* 2027-03-28 01:00 */},
        {"Europe/Berlin", 1806195600, 0, 0x0200, 0x0100, 1824944400 /* 2027-10-31 01:00 */},
        {"America/St_Johns", NOW_S, 1, 0x0330, 0x0230, 1805002200 /* 2027-03-14 05:30 */},
        {"Asia/Kathmandu", NOW_S, 0, 0x0545, 0x0545, 1798761600},
    };
    struct guide_bench bench;
    (void)state;
    guide_bench_init(&bench, 1, 1);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct si_reading reading;
        struct zone *zone = NULL;
        uint8_t section[SI_TIME_MAX];
        assert_int_equal(zone_open(CASES[i].zone, &zone), 0);
        si_reading_begin(&reading);
        si_reading_push(&reading, PID_TDT, section, si_tdt(CASES[i].now_s, section));
        const size_t size = si_tot(&bench.station, zone, CASES[i].now_s, section);
        assert_true(size <= sizeof(section));
        section[1] |= 0x40; /* is so already; libdvbpsi clears it in its own */
        si_reading_push(&reading, PID_TDT, section, size);
        for (int k = 0; k < 2; k++) {
            assert_non_null(reading.times[k]);
            assert_int_equal(si_reading_time(reading.times[k]->i_utc_time), CASES[i].now_s);
        }
        const dvbpsi_local_time_offset_dr_t *read = dvbpsi_DecodeLocalTimeOffsetDr(
            si_reading_descriptor(reading.times[1]->p_first_descriptor, 0x58));
        assert_int_equal(read->i_local_time_offsets_number, 1);
        const dvbpsi_local_time_offset_t *offset = &read->p_local_time_offset[0];
        assert_memory_equal(offset->i_country_code, "CHN", 3);
        assert_int_equal(offset->i_country_region_id, 0);
        assert_int_equal(offset->i_local_time_offset_polarity, CASES[i].polarity);
        assert_int_equal(offset->i_local_time_offset, CASES[i].offset);
        assert_int_equal(offset->i_next_time_offset, CASES[i].next);
        assert_int_equal(si_reading_time(offset->i_time_of_change), CASES[i].change_s);
        si_reading_end(&reading);
        zone_close(zone);
    }
}

/* --- Carousel ---------------------------------------------------------------- */

/* Which section begins in a packet of the carousel: its table_id, extension and number. */
static bool begins_section(const uint8_t *packet, int *key, int *number, int *packets)
{
    const uint8_t *section = packet + 5;
    if ((packet[1] & 0x40) == 0 || section[0] == 0x72) {
        return false;
    }
    *key = section[0] << 16 | section[3] << 8 | section[4];
    *number = section[6];
    *packets = si_packets(si_section_size(section));
    return true;
}

static void carousel_sends_each_in_its_time_and_30_ms_apart(void **state)
{
    (void)state;
    for (size_t services = 1; services <= 32; services += 31) {
        static char bouquet[] = "电视课堂";
        struct guide_bench bench;
        struct si_sections often = {0};
        struct si_sections rare = {0};
        struct si_carousel *carousel = NULL;
        guide_bench_init(&bench, GUIDE_TRANSPORTS, services);
        bench.station.network.bouquet = bouquet;
        assert_int_equal(si_sdt(&bench.station, &bench.transports[0], true, &often), 0);
        for (size_t t = 1; t < GUIDE_TRANSPORTS; t++) {
            assert_int_equal(si_sdt(&bench.station, &bench.transports[t], false, &rare), 0);
        }
        assert_int_equal(si_bat(&bench.station, &rare), 0);
        assert_int_equal(si_carousel_create(PID_SDT, &often, &rare, 5, &carousel), 0);
        const int rate = si_carousel_packets_per_second(carousel);
        print_message("%zu services: %d packets a second\n", services, rate);
        size_t begun[2] = {0};
        int64_t ends[32] = {0};
        int keys[32] = {0};
        size_t key_count = 0;
        int64_t busy_until = 0;
        for (int64_t p = 0; p < (int64_t)rate * 10; p++) {
            uint8_t packet[188];
            int key = 0;
            int number = 0;
            int packets = 0;
            si_carousel_packet(carousel, (uint64_t)(p + (int64_t)rate * 5000), packet);
            assert_int_equal(packet[3] & 0x0f, (p + (int64_t)rate * 5000) % 16);
            if (!begins_section(packet, &key, &number, &packets)) {
                continue;
            }
            assert_true(p >= busy_until);
            busy_until = p + packets;
            assert_true(p % rate + packets <= rate);
            begun[key >> 16 == 0x42 ? 0 : 1]++;
            size_t k = 0;
            while (k < key_count && keys[k] != key) {
                k++;
            }
            assert_true(k == key_count || (p - ends[k] - 1) * 1000 >= 30 * rate);
            key_count += k == key_count;
            keys[k] = key;
            ends[k] = p + packets - 1;
        }
        assert_int_equal(begun[0], 10 * often.count);
        assert_int_equal(begun[1], 2 * rare.count);
        si_carousel_destroy(carousel);
        si_sections_finish(&often);
        si_sections_finish(&rare);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pat_lists_the_services),
        cmocka_unit_test(pmt_describes_the_streams_of_every_format),
        cmocka_unit_test(nit_tells_of_all_transports_in_as_many_sections_as_it_takes),
        cmocka_unit_test(bat_is_there_when_there_is_a_bouquet),
        cmocka_unit_test(sdt_names_the_services_and_tells_what_eit_carries),
        cmocka_unit_test(version_is_a_function_of_the_content),
        cmocka_unit_test(time_tables_tell_utc_and_the_offset),
        cmocka_unit_test(carousel_sends_each_in_its_time_and_30_ms_apart),
    };
    return cmocka_run_group_tests_name("si", tests, NULL, NULL);
}
