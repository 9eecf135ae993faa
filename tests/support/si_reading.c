/* SPDX-License-Identifier: MIT */
#include "tests/support/si_reading.h"

#include <errno.h>
#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void si_reading_complain(dvbpsi_t *handle, const dvbpsi_msg_level_t level, const char *message)
{
    (void)handle;
    fail_msg("libdvbpsi, level %d: %s", (int)level, message);
}

static void got_nit(void *data, dvbpsi_nit_t *nit)
{
    ((struct si_reading *)data)->nit = nit;
}

static void got_bat(void *data, dvbpsi_bat_t *bat)
{
    ((struct si_reading *)data)->bat = bat;
}

static void got_sdt(void *data, dvbpsi_sdt_t *sdt)
{
    struct si_reading *reading = data;
    assert_true(reading->sdt_count < SI_READING_TABLES);
    reading->sdts[reading->sdt_count++] = sdt;
}

static void got_eit(void *data, dvbpsi_eit_t *eit)
{
    struct si_reading *reading = data;
    assert_true(reading->eit_count < SI_READING_TABLES);
    reading->eits[reading->eit_count++] = eit;
}

static void got_time(void *data, dvbpsi_tot_t *tot)
{
    ((struct si_reading *)data)->times[tot->i_table_id == 0x73] = tot;
}

static void new_table(dvbpsi_t *handle, uint8_t table_id, uint16_t extension, void *data)
{
    if (table_id == 0x40) {
        assert_true(dvbpsi_nit_attach(handle, table_id, extension, got_nit, data));
    } else if (table_id == 0x42 || table_id == 0x46) {
        assert_true(dvbpsi_sdt_attach(handle, table_id, extension, got_sdt, data));
    } else if (table_id == 0x4a) {
        assert_true(dvbpsi_bat_attach(handle, table_id, extension, got_bat, data));
    } else if (table_id >= 0x4e && table_id <= 0x6f) {
        assert_true(dvbpsi_eit_attach(handle, table_id, extension, got_eit, data));
    } else if (table_id == 0x70 || table_id == 0x73) {
        assert_true(dvbpsi_tot_attach(handle, table_id, extension, got_time, data));
    }
}

static void detach_table(dvbpsi_t *handle, uint8_t table_id, uint16_t extension)
{
    if (table_id == 0x40) {
        dvbpsi_nit_detach(handle, table_id, extension);
    } else if (table_id == 0x42 || table_id == 0x46) {
        dvbpsi_sdt_detach(handle, table_id, extension);
    } else if (table_id == 0x4a) {
        dvbpsi_bat_detach(handle, table_id, extension);
    } else if (table_id >= 0x4e && table_id <= 0x6f) {
        dvbpsi_eit_detach(handle, table_id, extension);
    } else {
        dvbpsi_tot_detach(handle, table_id, extension);
    }
}

void si_reading_begin(struct si_reading *reading)
{
    *reading = (struct si_reading){.handle = dvbpsi_new(si_reading_complain, DVBPSI_MSG_WARN)};
    assert_non_null(reading->handle);
    assert_true(dvbpsi_AttachDemux(reading->handle, new_table, reading));
}

void si_reading_end(struct si_reading *reading)
{
    for (size_t i = 0; i < reading->sdt_count; i++) {
        detach_table(reading->handle, reading->sdts[i]->i_table_id, reading->sdts[i]->i_extension);
        dvbpsi_sdt_delete(reading->sdts[i]);
    }
    for (size_t i = 0; i < reading->eit_count; i++) {
        detach_table(reading->handle, reading->eits[i]->i_table_id, reading->eits[i]->i_extension);
        dvbpsi_eit_delete(reading->eits[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        if (reading->times[i] != NULL) {
            detach_table(reading->handle, reading->times[i]->i_table_id,
                         reading->times[i]->i_extension);
            dvbpsi_tot_delete(reading->times[i]);
        }
    }
    if (reading->nit != NULL) {
        detach_table(reading->handle, 0x40, reading->nit->i_extension);
        dvbpsi_nit_delete(reading->nit);
    }
    if (reading->bat != NULL) {
        detach_table(reading->handle, 0x4a, reading->bat->i_extension);
        dvbpsi_bat_delete(reading->bat);
    }
    if (dvbpsi_decoder_present(reading->handle)) {
        dvbpsi_DetachDemux(reading->handle);
    }
    dvbpsi_delete(reading->handle);
}

void si_reading_push(struct si_reading *reading, int pid, const uint8_t *section, size_t size)
{
    for (int i = 0; i < si_packets(size); i++) {
        uint8_t packet[188];
        si_packet(packet, pid, reading->counter, section, size, i);
        reading->counter = (reading->counter + 1) & 0x0f;
        assert_true(dvbpsi_packet_push(reading->handle, packet));
    }
}

void si_reading_push_all(struct si_reading *reading, int pid, struct si_sections *sections)
{
    for (size_t i = 0; i < sections->count; i++) {
        si_reading_push(reading, pid, sections->sections[i],
                        si_section_size(sections->sections[i]));
    }
    si_sections_finish(sections);
}

dvbpsi_descriptor_t *si_reading_descriptor(dvbpsi_descriptor_t *list, int tag)
{
    while (list != NULL && list->i_tag != tag) {
        list = list->p_next;
    }
    return list;
}

void si_reading_check_text(const uint8_t *bytes, size_t size, const char *expected)
{
    char copy[256];
    char seen[1200] = "";
    char *in = copy;
    char *out = seen;
    size_t left = sizeof(seen) - 1;
    if (size > 0) {
        assert_true(bytes[0] == 0x13 || bytes[0] == 0x15);
        size--;
        memcpy(copy, bytes + 1, size);
        iconv_t converter = iconv_open("UTF-8", bytes[0] == 0x13 ? "GB2312" : "UTF-8");
        assert_true(iconv(converter, &in, &size, &out, &left) != (size_t)-1);
        iconv_close(converter);
        *out = '\0';
    }
    assert_string_equal(seen, expected);
}

int64_t si_reading_time(uint64_t utc)
{
    int64_t seconds = ((int64_t)(utc >> 24 & 0xffff) - 40587) * 86400;
    static const int UNITS[] = {36000, 3600, 600, 60, 10, 1};
    for (int i = 0; i < 6; i++) {
        seconds += (int64_t)(utc >> (20 - 4 * i) & 0xf) * UNITS[i];
    }
    return seconds;
}
