/* SPDX-License-Identifier: MIT */
/*
 * dvbpsi-read: what libdvbpsi reads in a transport stream, as JSON lines.
 *
 * A second opinion on our tables from a library that did not write them.
 * One line for each table and version, and for each TDT and TOT:
 *
 *   {"table":"PAT","packet":0,"version":1,"programmes":[{"number":101,"pmt_pid":256}], ...}
 *   {"table":"PMT", ..., "streams":[{"stream_type":27,"pid":257}, ...]}
 *   {"table":"NIT", ..., "transports":[{"transport_stream_id":1,"services":[...],"cable":{...}}]}
 *   {"table":"SDT", ..., "services":[{"service_id":101,"name":"...","name_hex":"15e5..."}]}
 *   {"table":"EIT", ..., "events":[{"event_id":7,"start":1795489200,"duration":360, ...}]}
 *   {"table":"TDT","packet":1163,"utc":1795489200}
 *
 * Text is there as bytes in hexadecimal, and decoded where it says that it
 * is UTF-8 (first byte 0x15); with --text, by whatever table it selects.
 *
 * With --events, one line instead for each event of each EIT, --events=pf or
 * --events=schedule of those alone, and nothing else:
 *
 *   service_id event_id start duration name_hex text_hex      ("-": nothing)
 */
#include "tests/support/dvbpsi_json.h"
#include "tools/meter/section_scan.h"

#include <dvbpsi/bat.h>
#include <dvbpsi/demux.h>
#include <dvbpsi/eit.h>
#include <dvbpsi/nit.h>
#include <dvbpsi/pat.h>
#include <dvbpsi/pmt.h>
#include <dvbpsi/psi.h>
#include <dvbpsi/sdt.h>
#include <dvbpsi/tot.h>

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { PMT_MAX = 64 };

enum shown { SHOW_TABLES, SHOW_EVENTS, SHOW_PF, SHOW_SCHEDULE };

struct reader {
    enum shown shown;
    struct dvb_text *text; /* NULL: only UTF-8 is decoded */
    int64_t packet;
    dvbpsi_t *pat;
    int pmt_count;
    int pmt_pids[PMT_MAX];
    dvbpsi_t *pmts[PMT_MAX];
    dvbpsi_t *nit; /* PID 0x10 */
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

static void print(const struct reader *reader, json_t *line)
{
    if (reader->shown == SHOW_TABLES) {
        json_dumpf(line, stdout, JSON_COMPACT);
        putchar('\n');
    }
    json_decref(line);
}

static void take_pmt(void *context, dvbpsi_pmt_t *pmt)
{
    const struct reader *reader = context;
    json_t *streams = json_array();
    for (const dvbpsi_pmt_es_t *es = pmt->p_first_es; es != NULL; es = es->p_next) {
        json_t *stream = json_pack("{s:i, s:i}", "stream_type", es->i_type, "pid", es->i_pid);
        dvbpsi_json_descriptors(stream, es->p_first_descriptor, reader->text);
        json_array_append_new(streams, stream);
    }
    print(reader, json_pack("{s:s, s:I, s:i, s:i, s:b, s:i, s:o}", "table", "PMT", "packet",
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
    print(reader, json_pack("{s:s, s:I, s:i, s:b, s:i, s:o}", "table", "PAT", "packet",
                            (json_int_t)reader->packet, "version", pat->i_version, "current",
                            pat->b_current_next, "transport_stream_id", pat->i_ts_id, "programmes",
                            programmes));
    dvbpsi_pat_delete(pat);
}

static void take_nit(void *context, dvbpsi_nit_t *nit)
{
    const struct reader *reader = context;
    json_t *transports = json_array();
    for (const dvbpsi_nit_ts_t *ts = nit->p_first_ts; ts != NULL; ts = ts->p_next) {
        json_t *transport = json_pack("{s:i, s:i}", "transport_stream_id", ts->i_ts_id,
                                      "original_network_id", ts->i_orig_network_id);
        dvbpsi_json_descriptors(transport, ts->p_first_descriptor, reader->text);
        json_array_append_new(transports, transport);
    }
    json_t *line = json_pack("{s:s, s:I, s:i, s:i, s:b, s:i, s:o}", "table", "NIT", "packet",
                             (json_int_t)reader->packet, "table_id", nit->i_table_id, "version",
                             nit->i_version, "current", nit->b_current_next, "network_id",
                             nit->i_network_id, "transports", transports);
    dvbpsi_json_descriptors(line, nit->p_first_descriptor, reader->text);
    print(reader, line);
    dvbpsi_nit_delete(nit);
}

static void take_bat(void *context, dvbpsi_bat_t *bat)
{
    const struct reader *reader = context;
    json_t *line = json_pack("{s:s, s:I, s:i, s:b, s:i}", "table", "BAT", "packet",
                             (json_int_t)reader->packet, "version", bat->i_version, "current",
                             bat->b_current_next, "bouquet_id", bat->i_extension);
    dvbpsi_json_descriptors(line, bat->p_first_descriptor, reader->text);
    print(reader, line);
    dvbpsi_bat_delete(bat);
}

static json_t *service_object(const struct reader *reader, const dvbpsi_sdt_service_t *service)
{
    json_t *object = json_pack("{s:i, s:b, s:b, s:i}", "service_id", service->i_service_id,
                               "eit_schedule", service->b_eit_schedule, "eit_present_following",
                               service->b_eit_present, "running_status", service->i_running_status);
    dvbpsi_json_descriptors(object, service->p_first_descriptor, reader->text);
    return object;
}

static void take_sdt(void *context, dvbpsi_sdt_t *sdt)
{
    const struct reader *reader = context;
    json_t *services = json_array();
    for (const dvbpsi_sdt_service_t *s = sdt->p_first_service; s != NULL; s = s->p_next) {
        json_array_append_new(services, service_object(reader, s));
    }
    print(reader, json_pack("{s:s, s:I, s:i, s:i, s:b, s:i, s:i, s:o}", "table", "SDT", "packet",
                            (json_int_t)reader->packet, "table_id", sdt->i_table_id, "version",
                            sdt->i_version, "current", sdt->b_current_next, "transport_stream_id",
                            sdt->i_extension, "original_network_id", sdt->i_network_id, "services",
                            services));
    dvbpsi_sdt_delete(sdt);
}

static json_t *event_object(const struct reader *reader, const dvbpsi_eit_event_t *event)
{
    json_t *object = json_pack("{s:i, s:I, s:i, s:i}", "event_id", event->i_event_id, "start",
                               dvbpsi_json_utc(event->i_start_time), "duration",
                               dvbpsi_json_duration(event->i_duration), "running_status",
                               event->i_running_status);
    dvbpsi_json_descriptors(object, event->p_first_descriptor, reader->text);
    return object;
}

static const char *hex_of(const json_t *event, const char *key)
{
    const char *hex = json_string_value(json_object_get(event, key));
    return hex != NULL && hex[0] != '\0' ? hex : "-";
}

static void print_event(const struct reader *reader, const dvbpsi_eit_t *eit, const json_t *event)
{
    const bool is_schedule = section_is_schedule(eit->i_table_id);
    if (reader->shown == SHOW_EVENTS || reader->shown == (is_schedule ? SHOW_SCHEDULE : SHOW_PF)) {
        printf("%d %lld %lld %lld %s %s\n", eit->i_extension,
               (long long)json_integer_value(json_object_get(event, "event_id")),
               (long long)json_integer_value(json_object_get(event, "start")),
               (long long)json_integer_value(json_object_get(event, "duration")),
               hex_of(event, "name_hex"), hex_of(event, "text_hex"));
    }
}

static void take_eit(void *context, dvbpsi_eit_t *eit)
{
    const struct reader *reader = context;
    json_t *events = json_array();
    for (const dvbpsi_eit_event_t *e = eit->p_first_event; e != NULL; e = e->p_next) {
        json_t *event = event_object(reader, e);
        print_event(reader, eit, event);
        json_array_append_new(events, event);
    }
    print(reader,
          json_pack("{s:s, s:I, s:i, s:i, s:i, s:i, s:i, s:o}", "table", "EIT", "packet",
                    (json_int_t)reader->packet, "version", eit->i_version, "table_id",
                    eit->i_table_id, "service_id", eit->i_extension, "transport_stream_id",
                    eit->i_ts_id, "original_network_id", eit->i_network_id, "events", events));
    dvbpsi_eit_delete(eit);
}

static void take_tdt(void *context, dvbpsi_tot_t *tdt)
{
    const struct reader *reader = context;
    json_t *line =
        json_pack("{s:s, s:I, s:I}", "table", tdt->i_table_id == TABLE_TDT ? "TDT" : "TOT",
                  "packet", (json_int_t)reader->packet, "utc", dvbpsi_json_utc(tdt->i_utc_time));
    dvbpsi_json_descriptors(line, tdt->p_first_descriptor, reader->text);
    print(reader, line);
    dvbpsi_tot_delete(tdt);
}

/* A table that libdvbpsi has not seen on this PID. */
static void attach(dvbpsi_t *handle, uint8_t table_id, uint16_t extension, void *context)
{
    if (table_id == TABLE_NIT || table_id == TABLE_NIT_OTHER) {
        dvbpsi_nit_attach(handle, table_id, extension, take_nit, context);
    } else if (table_id == TABLE_BAT) {
        dvbpsi_bat_attach(handle, table_id, extension, take_bat, context);
    } else if (table_id == TABLE_SDT || table_id == TABLE_SDT_OTHER) {
        dvbpsi_sdt_attach(handle, table_id, extension, take_sdt, context);
    } else if (section_is_eit(table_id)) {
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
    reader->nit = open_si(reader);
    reader->sdt = open_si(reader);
    reader->eit = open_si(reader);
    reader->tdt = open_si(reader);
    return reader->pat != NULL && reader->nit != NULL && reader->sdt != NULL &&
           reader->eit != NULL && reader->tdt != NULL &&
           dvbpsi_pat_attach(reader->pat, take_pat, reader);
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
    close_si(reader->nit);
    close_si(reader->sdt);
    close_si(reader->eit);
    close_si(reader->tdt);
    if (reader->pat != NULL) {
        dvbpsi_pat_detach(reader->pat);
        dvbpsi_delete(reader->pat);
    }
    dvb_text_destroy(reader->text);
}

static void push(struct reader *reader, uint8_t *packet)
{
    const int pid = (packet[1] & 0x1f) << 8 | packet[2];
    if (pid == 0x00) {
        dvbpsi_packet_push(reader->pat, packet);
    } else if (pid == 0x10) {
        dvbpsi_packet_push(reader->nit, packet);
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

/* The file's name, or NULL when the options are wrong. */
static const char *parse_options(int argc, char **argv, struct reader *reader)
{
    static const struct option OPTIONS[] = {
        {"text", no_argument, NULL, 't'},
        {"events", optional_argument, NULL, 'e'},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        if (option == 't') {
            dvb_text_destroy(reader->text);
            reader->text = dvb_text_create(&(struct dvb_charsets){0});
        } else if (option == 'e') {
            const char *which = optarg != NULL ? optarg : "";
            reader->shown = strcmp(which, "pf") == 0         ? SHOW_PF
                            : strcmp(which, "schedule") == 0 ? SHOW_SCHEDULE
                                                             : SHOW_EVENTS;
        } else {
            return NULL;
        }
    }
    return optind + 1 == argc ? argv[optind] : NULL;
}

int main(int argc, char **argv)
{
    struct reader reader = {0};
    uint8_t packet[TS_SIZE];
    int status = EXIT_FAILURE;
    const char *path = parse_options(argc, argv, &reader);
    if (path == NULL) {
        fputs("Usage: dvbpsi-read [--text] [--events[=pf|schedule]] FILE\n", stderr);
        return 2;
    }
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (file == NULL) {
        fprintf(stderr, "dvbpsi-read: %s: %s\n", path, strerror(errno));
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
