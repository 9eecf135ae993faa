/* SPDX-License-Identifier: MIT */
/*
 * dvbpsi-read: what libdvbpsi reads in a transport stream, as JSON lines.
 *
 * A second opinion on our tables from a library that did not write them.
 * One line for each table and version, and for each TDT:
 *
 *   {"table":"PAT","packet":0,"version":1,"programmes":[{"number":101,"pmt_pid":256}], ...}
 *   {"table":"PMT", ..., "streams":[{"stream_type":27,"pid":257}, ...]}
 *   {"table":"SDT", ..., "services":[{"service_id":101,"name":"...","name_hex":"15e5..."}]}
 *   {"table":"EIT", ..., "events":[{"event_id":7,"start":1795489200,"duration":360, ...}]}
 *   {"table":"TDT","packet":1163,"utc":1795489200}
 *
 * Text is decoded where it says that it is UTF-8 (first byte 0x15).
 */
#include "tools/meter/si_scan.h"

#include <dvbpsi/dvbpsi.h>

#include <dvbpsi/demux.h>
#include <dvbpsi/descriptor.h>
#include <dvbpsi/dr_48.h>
#include <dvbpsi/dr_4d.h>
#include <dvbpsi/eit.h>
#include <dvbpsi/pat.h>
#include <dvbpsi/pmt.h>
#include <dvbpsi/psi.h>
#include <dvbpsi/sdt.h>
#include <dvbpsi/tot.h>

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { PMT_MAX = 64, TEXT_MAX = 256, UTF8 = 0x15 };

struct reader {
    int64_t packet;
    dvbpsi_t *pat;
    int pmt_count;
    int pmt_pids[PMT_MAX];
    dvbpsi_t *pmts[PMT_MAX];
    dvbpsi_t *sdt; /* PID 0x11 */
    dvbpsi_t *eit; /* PID 0x12 */
    dvbpsi_t *tdt; /* PID 0x14 */
};

static void say(dvbpsi_t *handle, const dvbpsi_msg_level_t level, const char *message)
{
    (void)handle;
    (void)level;
    fprintf(stderr, "%s\n", message);
}

static void print(json_t *line)
{
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(line);
}

/* "NAME" decoded where possible, "NAME_hex" always. */
static void set_text(json_t *object, const char *name, const uint8_t *text, int size)
{
    char hex[2 * TEXT_MAX + 1] = "";
    char hex_name[32];
    for (int i = 0; i < size && i < TEXT_MAX; i++) {
        snprintf(hex + 2 * (size_t)i, 3, "%02x", text[i]);
    }
    snprintf(hex_name, sizeof(hex_name), "%s_hex", name);
    json_object_set_new(object, hex_name, json_string(hex));
    if (size > 0 && text[0] == UTF8 && si_text_is_sound(text, size)) {
        json_object_set_new(object, name, json_stringn((const char *)text + 1, (size_t)size - 1));
    }
}

static void take_pmt(void *context, dvbpsi_pmt_t *pmt)
{
    const struct reader *reader = context;
    json_t *streams = json_array();
    for (const dvbpsi_pmt_es_t *es = pmt->p_first_es; es != NULL; es = es->p_next) {
        json_array_append_new(streams,
                              json_pack("{s:i, s:i}", "stream_type", es->i_type, "pid", es->i_pid));
    }
    print(json_pack("{s:s, s:I, s:i, s:i, s:b, s:i, s:o}", "table", "PMT", "packet",
                    (json_int_t)reader->packet, "version", pmt->i_version, "programme",
                    pmt->i_program_number, "current", pmt->b_current_next, "pcr_pid",
                    pmt->i_pcr_pid, "streams", streams));
    dvbpsi_pmt_delete(pmt);
}

static void add_pmt(struct reader *reader, int number, int pid)
{
    for (int i = 0; i < reader->pmt_count; i++) {
        if (reader->pmt_pids[i] == pid) {
            return;
        }
    }
    if (number == 0 || reader->pmt_count == PMT_MAX) {
        return;
    }
    dvbpsi_t *handle = dvbpsi_new(say, DVBPSI_MSG_WARN);
    if (handle == NULL || !dvbpsi_pmt_attach(handle, (uint16_t)number, take_pmt, reader)) {
        dvbpsi_delete(handle);
        return;
    }
    reader->pmt_pids[reader->pmt_count] = pid;
    reader->pmts[reader->pmt_count++] = handle;
}

static void take_pat(void *context, dvbpsi_pat_t *pat)
{
    struct reader *reader = context;
    json_t *programmes = json_array();
    for (const dvbpsi_pat_program_t *p = pat->p_first_program; p != NULL; p = p->p_next) {
        json_array_append_new(programmes,
                              json_pack("{s:i, s:i}", "number", p->i_number, "pmt_pid", p->i_pid));
        add_pmt(reader, p->i_number, p->i_pid);
    }
    print(json_pack("{s:s, s:I, s:i, s:b, s:i, s:o}", "table", "PAT", "packet",
                    (json_int_t)reader->packet, "version", pat->i_version, "current",
                    pat->b_current_next, "transport_stream_id", pat->i_ts_id, "programmes",
                    programmes));
    dvbpsi_pat_delete(pat);
}

static json_t *service_object(const dvbpsi_sdt_service_t *service)
{
    json_t *object = json_pack("{s:i, s:b, s:b, s:i}", "service_id", service->i_service_id,
                               "eit_schedule", service->b_eit_schedule, "eit_present_following",
                               service->b_eit_present, "running_status", service->i_running_status);
    for (dvbpsi_descriptor_t *d = service->p_first_descriptor; d != NULL; d = d->p_next) {
        const dvbpsi_service_dr_t *names = d->i_tag == 0x48 ? dvbpsi_DecodeServiceDr(d) : NULL;
        if (names != NULL) {
            json_object_set_new(object, "service_type", json_integer(names->i_service_type));
            set_text(object, "provider", names->i_service_provider_name,
                     names->i_service_provider_name_length);
            set_text(object, "name", names->i_service_name, names->i_service_name_length);
        }
    }
    return object;
}

static void take_sdt(void *context, dvbpsi_sdt_t *sdt)
{
    const struct reader *reader = context;
    json_t *services = json_array();
    for (const dvbpsi_sdt_service_t *s = sdt->p_first_service; s != NULL; s = s->p_next) {
        json_array_append_new(services, service_object(s));
    }
    print(json_pack("{s:s, s:I, s:i, s:b, s:i, s:i, s:o}", "table", "SDT", "packet",
                    (json_int_t)reader->packet, "version", sdt->i_version, "current",
                    sdt->b_current_next, "transport_stream_id", sdt->i_extension,
                    "original_network_id", sdt->i_network_id, "services", services));
    dvbpsi_sdt_delete(sdt);
}

static int bcd_seconds(uint32_t bcd)
{
    const uint32_t digit[6] = {bcd >> 20 & 15, bcd >> 16 & 15, bcd >> 12 & 15,
                               bcd >> 8 & 15,  bcd >> 4 & 15,  bcd & 15};
    return (int)((digit[0] * 10 + digit[1]) * 3600 + (digit[2] * 10 + digit[3]) * 60 +
                 digit[4] * 10 + digit[5]);
}

static json_int_t utc(uint64_t mjd_bcd)
{
    uint8_t bytes[5];
    for (int i = 0; i < 5; i++) {
        bytes[i] = (uint8_t)(mjd_bcd >> (32 - 8 * i));
    }
    return si_utc(bytes);
}

static json_t *event_object(const dvbpsi_eit_event_t *event)
{
    json_t *object = json_pack("{s:i, s:I, s:i, s:i}", "event_id", event->i_event_id, "start",
                               utc(event->i_start_time), "duration", bcd_seconds(event->i_duration),
                               "running_status", event->i_running_status);
    for (dvbpsi_descriptor_t *d = event->p_first_descriptor; d != NULL; d = d->p_next) {
        const dvbpsi_short_event_dr_t *names =
            d->i_tag == 0x4d ? dvbpsi_DecodeShortEventDr(d) : NULL;
        if (names != NULL) {
            json_object_set_new(object, "language",
                                json_stringn((const char *)names->i_iso_639_code, 3));
            set_text(object, "name", names->i_event_name, names->i_event_name_length);
            set_text(object, "text", names->i_text, names->i_text_length);
        }
    }
    return object;
}

static void take_eit(void *context, dvbpsi_eit_t *eit)
{
    const struct reader *reader = context;
    json_t *events = json_array();
    for (const dvbpsi_eit_event_t *e = eit->p_first_event; e != NULL; e = e->p_next) {
        json_array_append_new(events, event_object(e));
    }
    print(json_pack("{s:s, s:I, s:i, s:i, s:i, s:i, s:i, s:o}", "table", "EIT", "packet",
                    (json_int_t)reader->packet, "version", eit->i_version, "table_id",
                    eit->i_table_id, "service_id", eit->i_extension, "transport_stream_id",
                    eit->i_ts_id, "original_network_id", eit->i_network_id, "events", events));
    dvbpsi_eit_delete(eit);
}

static void take_tdt(void *context, dvbpsi_tot_t *tdt)
{
    const struct reader *reader = context;
    print(json_pack("{s:s, s:I, s:I}", "table", tdt->i_table_id == TABLE_TDT ? "TDT" : "TOT",
                    "packet", (json_int_t)reader->packet, "utc", utc(tdt->i_utc_time)));
    dvbpsi_tot_delete(tdt);
}

/* A table that libdvbpsi has not seen on this PID. */
static void attach(dvbpsi_t *handle, uint8_t table_id, uint16_t extension, void *context)
{
    if (table_id == TABLE_SDT) {
        dvbpsi_sdt_attach(handle, table_id, extension, take_sdt, context);
    } else if (table_id >= TABLE_EIT_PF && table_id <= 0x6f) {
        dvbpsi_eit_attach(handle, table_id, extension, take_eit, context);
    } else if (table_id == TABLE_TDT || table_id == TABLE_TOT) {
        dvbpsi_tot_attach(handle, table_id, extension, take_tdt, context);
    }
}

static dvbpsi_t *open_si(struct reader *reader)
{
    dvbpsi_t *handle = dvbpsi_new(say, DVBPSI_MSG_WARN);
    if (handle != NULL && !dvbpsi_AttachDemux(handle, attach, reader)) {
        dvbpsi_delete(handle);
        handle = NULL;
    }
    return handle;
}

static bool open_reader(struct reader *reader)
{
    reader->pat = dvbpsi_new(say, DVBPSI_MSG_WARN);
    reader->sdt = open_si(reader);
    reader->eit = open_si(reader);
    reader->tdt = open_si(reader);
    return reader->pat != NULL && reader->sdt != NULL && reader->eit != NULL &&
           reader->tdt != NULL && dvbpsi_pat_attach(reader->pat, take_pat, reader);
}

static void close_si(dvbpsi_t *handle)
{
    if (handle != NULL) {
        dvbpsi_DetachDemux(handle);
        dvbpsi_delete(handle);
    }
}

static void close_reader(struct reader *reader)
{
    for (int i = 0; i < reader->pmt_count; i++) {
        dvbpsi_pmt_detach(reader->pmts[i]);
        dvbpsi_delete(reader->pmts[i]);
    }
    close_si(reader->sdt);
    close_si(reader->eit);
    close_si(reader->tdt);
    if (reader->pat != NULL) {
        dvbpsi_pat_detach(reader->pat);
        dvbpsi_delete(reader->pat);
    }
}

static void push(struct reader *reader, uint8_t *packet)
{
    const int pid = (packet[1] & 0x1f) << 8 | packet[2];
    if (pid == 0x00) {
        dvbpsi_packet_push(reader->pat, packet);
    } else if (pid == 0x11) {
        dvbpsi_packet_push(reader->sdt, packet);
    } else if (pid == 0x12) {
        dvbpsi_packet_push(reader->eit, packet);
    } else if (pid == 0x14) {
        dvbpsi_packet_push(reader->tdt, packet);
    }
    for (int i = 0; i < reader->pmt_count; i++) {
        if (reader->pmt_pids[i] == pid) {
            dvbpsi_packet_push(reader->pmts[i], packet);
        }
    }
}

int main(int argc, char **argv)
{
    struct reader reader = {0};
    uint8_t packet[TS_SIZE];
    int status = EXIT_FAILURE;
    if (argc != 2) {
        fputs("Usage: dvbpsi-read FILE\n", stderr);
        return 2;
    }
    FILE *file = strcmp(argv[1], "-") == 0 ? stdin : fopen(argv[1], "rb");
    if (file == NULL) {
        fprintf(stderr, "dvbpsi-read: %s: %s\n", argv[1], strerror(errno));
        return 2;
    }
    if (!open_reader(&reader)) {
        fputs("dvbpsi-read: out of memory\n", stderr);
        goto cleanup;
    }
    for (; fread(packet, 1, TS_SIZE, file) == TS_SIZE; reader.packet++) {
        push(&reader, packet);
    }
    status = ferror(file) ? EXIT_FAILURE : EXIT_SUCCESS;

cleanup:
    close_reader(&reader);
    fclose(file);
    return status;
}
