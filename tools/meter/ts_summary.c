/* SPDX-License-Identifier: MIT */
/*
 * ts_summary: what ts_check has judged, as JSON.
 */
#include "tools/meter/ts_check_inner.h"

static double ms(const struct ts_check *check, int64_t bytes)
{
    return stc_ms(check->options.rate_bps, bytes);
}

static json_t *stream_object(const struct es_scan *es)
{
    struct es_summary s;
    es_scan_summary(es, &s);
    json_t *object =
        json_pack("{s:i, s:i, s:s, s:I, s:I}", "pid", s.pid, "stream_type", s.stream_type, "kind",
                  s.kind, "units", (json_int_t)s.units, "bytes", (json_int_t)s.bytes);
    if (s.width > 0) {
        json_object_set_new(object, "width", json_integer(s.width));
        json_object_set_new(object, "height", json_integer(s.height));
        json_object_set_new(object, "frame_ticks", json_integer(s.frame_ticks));
        json_object_set_new(object, "field_pairs", json_integer(s.field_pairs));
    }
    if (s.sample_rate > 0) {
        json_object_set_new(object, "sample_rate", json_integer(s.sample_rate));
        json_object_set_new(object, "channels", json_integer(s.channels));
    }
    if (s.afd >= 0) {
        json_object_set_new(object, "afd", json_integer(s.afd));
    }
    if (s.idrs > 0) {
        json_object_set_new(object, "idrs", json_integer(s.idrs));
        json_object_set_new(object, "shortest_gop", json_integer(s.shortest_gop));
        json_object_set_new(object, "longest_gop", json_integer(s.longest_gop));
    }
    if (s.has_leads) {
        json_object_set_new(object, "least_lead_ms", json_real(s.least_lead_ms));
        json_object_set_new(object, "greatest_delay_ms", json_real(s.greatest_delay_ms));
    }
    if (s.has_buffers) {
        json_object_set_new(object, "rx_bps", json_integer(s.model.rx_bps));
        json_object_set_new(object, "tb_peak", json_integer(s.peaks.tb));
        json_object_set_new(object, "tb_size", json_integer(TSTD_TB_SIZE));
        if (s.model.mb_size > 0) {
            json_object_set_new(object, "mb_peak", json_integer(s.peaks.mb));
            json_object_set_new(object, "mb_size", json_integer(s.model.mb_size));
        }
        json_object_set_new(object, "b_peak", json_integer(s.peaks.b));
        json_object_set_new(object, "b_size", json_integer(s.model.b_size));
    }
    return object;
}

static json_t *clock_object(const struct ts_check *check, const struct check_programme *programme)
{
    const struct pcr_scan *pcr = &programme->pcr;
    json_t *object = json_pack("{s:i, s:i, s:I, s:f, s:f}", "programme", programme->psi.number,
                               "pid", pcr->pid, "pcrs", (json_int_t)pcr->count, "longest_ms",
                               ms(check, pcr->longest_bytes), "worst_line_ns", pcr->worst_line_ns);
    if (pcr->slots_per_second > 0) {
        json_object_set_new(object, "worst_slot_ns", json_real(pcr->worst_slot_ns));
    }
    return object;
}

static json_t *table_object(const struct ts_check *check, const struct table_summary *table)
{
    json_t *object = json_pack("{s:i, s:i, s:i, s:i, s:I, s:f, s:i}", "pid", table->pid, "table_id",
                               table->table_id, "extension", table->extension, "section",
                               table->number, "count", (json_int_t)table->count, "longest_ms",
                               ms(check, table->longest_bytes), "version", table->version);
    if (table->shortest_bytes >= 0) {
        json_object_set_new(object, "shortest_gap_ms", json_real(ms(check, table->shortest_bytes)));
    }
    return object;
}

static json_t *system_object(const char *what, int pid, const struct tstd *tstd)
{
    const struct tstd_peaks peaks = tstd_peaks(tstd);
    return json_pack("{s:s, s:i, s:I, s:i, s:I, s:I}", "what", what, "pid", pid, "tb_peak",
                     (json_int_t)peaks.tb, "tb_size", TSTD_TB_SIZE, "b_peak", (json_int_t)peaks.b,
                     "b_size", (json_int_t)tstd_model(tstd)->b_size);
}

static json_t *problem_object(const struct ts_report *report)
{
    json_t *object = json_object();
    for (int kind = 0; kind < TS_KIND_COUNT; kind++) {
        const uint64_t count = ts_report_count(report, (enum ts_kind)kind);
        if (count > 0) {
            json_object_set_new(object, ts_report_name((enum ts_kind)kind),
                                json_integer((json_int_t)count));
        }
    }
    return object;
}

static json_t *systems_array(const struct ts_check *check)
{
    json_t *array = json_array();
    for (int i = 0; i < check->programme_count; i++) {
        if (check->programmes[i].system != NULL) {
            json_array_append_new(array, system_object("PAT, PMT", check->programmes[i].psi.pmt_pid,
                                                       check->programmes[i].system));
        }
    }
    for (int i = 0; i < SI_PIDS; i++) {
        if (ts_scan_pid_packets(check->scan, FIRST_SI_PID + i) > 0) {
            json_array_append_new(
                array, system_object("SI, advice", FIRST_SI_PID + i, check->si_buffers[i]));
        }
    }
    return array;
}

static json_t *streams_array(const struct ts_check *check)
{
    json_t *array = json_array();
    for (int pid = 0; pid < TS_PIDS; pid++) {
        if (check->streams[pid] != NULL) {
            json_array_append_new(array, stream_object(check->streams[pid]));
        }
    }
    return array;
}

static json_t *clocks_array(const struct ts_check *check)
{
    json_t *array = json_array();
    for (int i = 0; i < check->programme_count; i++) {
        json_array_append_new(array, clock_object(check, &check->programmes[i]));
    }
    return array;
}

static json_t *tables_array(const struct ts_check *check)
{
    json_t *array = json_array();
    struct table_cursor cursor = {0};
    struct table_summary table;
    while (table_scan_next_summary(check->tables, &cursor, &table)) {
        json_array_append_new(array, table_object(check, &table));
    }
    return array;
}

void ts_check_add_streams(const struct ts_check *check, json_t *object)
{
    json_object_set_new(object, "streams", streams_array(check));
}

void ts_check_add_tables(const struct ts_check *check, json_t *object)
{
    json_object_set_new(object, "clocks", clocks_array(check));
    json_object_set_new(object, "tables", tables_array(check));
    json_object_set_new(object, "systems", systems_array(check));
}

json_t *ts_check_summary(const struct ts_check *check)
{
    const int64_t packets = ts_scan_packets(check->scan);
    const struct si_view view = ts_check_view(check);
    json_t *object = json_pack("{s:I, s:f, s:I, s:I, s:I, s:f}", "packets", (json_int_t)packets,
                               "seconds", ms(check, packets * TS_SIZE) / 1000, "null_packets",
                               (json_int_t)ts_scan_pid_packets(check->scan, TS_NULL_PID),
                               "problems", (json_int_t)ts_report_total(check->report), "ungraded",
                               (json_int_t)ts_report_ungraded_count(check->report), "tdt_worst_s",
                               si_tdt_worst_s(check->si));
    if (object == NULL) {
        return NULL;
    }
    ts_check_add_streams(check, object);
    ts_check_add_tables(check, object);
    json_object_set_new(object, "kinds", problem_object(check->report));
    json_object_set_new(object, "si", si_view_json(&view));
    return object;
}
