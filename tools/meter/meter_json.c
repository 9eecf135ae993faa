/* SPDX-License-Identifier: MIT */
/*
 * All that the meter has found and measured, as JSON.
 */
#include "tools/meter/meter_inner.h"

#include <time.h>

static json_t *rounded(double value, double unit)
{
    return json_real((double)(int64_t)(value / unit + (value < 0 ? -0.5 : 0.5)) * unit);
}

static json_t *event_object(const struct tr_event *event)
{
    json_t *object = json_object();
    if (event->indicator < TR_INDICATORS) {
        json_object_set_new(object, "id", json_string(tr_id(event->indicator)));
        json_object_set_new(object, "name", json_string(tr_name(event->indicator)));
        json_object_set_new(object, "priority", json_integer(tr_priority(event->indicator)));
    }
    json_object_set_new(object, "packet", json_integer(event->packet));
    if (event->pid >= 0) {
        json_object_set_new(object, "pid", json_integer(event->pid));
    }
    json_object_set_new(object, "stream_s", rounded(event->stream_s, 1e-6));
    if (event->arrival_ns > 0) {
        json_object_set_new(object, "arrival_ns", json_integer(event->arrival_ns));
    }
    json_object_set_new(object, "text", json_string(event->text));
    if (event->repeats > 0) {
        json_object_set_new(object, "repeats", json_integer((json_int_t)event->repeats));
    }
    return object;
}

static void set_count(json_t *object, const struct tr_count *count)
{
    json_object_set_new(object, "count", json_integer((json_int_t)count->count));
    if (count->count == 0) {
        return;
    }
    json_t *first = json_array();
    for (int i = 0; i < count->kept; i++) {
        json_array_append_new(first, event_object(&count->first[i]));
    }
    json_object_set_new(object, "first", first);
    json_object_set_new(object, "last", event_object(&count->last));
}

static json_t *indicators_array(const struct meter *meter)
{
    json_t *array = json_array();
    for (int i = 0; i < TR_INDICATORS; i++) {
        const enum tr_indicator indicator = (enum tr_indicator)i;
        json_t *object =
            json_pack("{s:s, s:s, s:i, s:b}", "id", tr_id(indicator), "name", tr_name(indicator),
                      "priority", tr_priority(indicator), "ignored", meter->board.is_ignored[i]);
        set_count(object, &meter->board.indicators[i]);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *remarks_array(const struct meter *meter)
{
    json_t *array = json_array();
    for (int i = 0; i < TS_KIND_COUNT; i++) {
        if (meter->board.remarks[i].count > 0) {
            json_t *object = json_pack("{s:s}", "kind", ts_report_name((enum ts_kind)i));
            set_count(object, &meter->board.remarks[i]);
            json_array_append_new(array, object);
        }
    }
    return array;
}

static json_t *recent_array(const struct meter *meter)
{
    json_t *array = json_array();
    const uint64_t end = meter->board.recent_count;
    for (uint64_t i = end > TR_RECENT_EVENTS ? end - TR_RECENT_EVENTS : 0; i < end; i++) {
        json_array_append_new(array, event_object(&meter->board.recent[i % TR_RECENT_EVENTS]));
    }
    return array;
}

static json_t *gaps_array(const struct meter *meter)
{
    json_t *array = json_array();
    for (int i = 0; i < meter->gap_count; i++) {
        const struct meter_gap *gap = &meter->gaps[i];
        json_array_append_new(array, json_pack("{s:s, s:s, s:b}", "id", tr_id(gap->indicator),
                                               "text", gap->text, "ignored",
                                               meter->options.is_ignored[gap->indicator]));
    }
    return array;
}

static const char *codec_or_type(const struct psi_stream *stream)
{
    const char *codec = si_view_codec(stream);
    return codec[0] != '\0' ? codec : "other";
}

static const char *kind_of_pid(const struct psi *psi, int pid)
{
    static const char *const SI[] = {"NIT", "SDT", "EIT", "RST", "TDT"};
    if (pid == TS_NULL_PID) {
        return "null";
    }
    if (pid <= 1) {
        return pid == 0 ? "PAT" : "CAT";
    }
    if (pid >= 0x10 && pid <= 0x14) {
        return SI[pid - 0x10];
    }
    for (int i = 0; psi != NULL && i < psi->programme_count; i++) {
        const struct psi_programme *programme = &psi->programmes[i];
        if (programme->pmt_pid == pid) {
            return "PMT";
        }
        for (int k = 0; k < programme->stream_count; k++) {
            if (programme->streams[k].pid == pid) {
                return codec_or_type(&programme->streams[k]);
            }
        }
        if (programme->has_pmt && programme->pcr_pid == pid) {
            return "PCR";
        }
    }
    return "unknown";
}

static json_t *pids_array(const struct meter *meter, const struct psi *psi)
{
    json_t *array = json_array();
    const double all = meter->packets > 0 ? (double)meter->packets : 1;
    for (int pid = 0; pid < TS_PIDS; pid++) {
        const struct meter_pid *state = &meter->pids[pid];
        if (state->packets > 0) {
            json_array_append_new(
                array, json_pack("{s:i, s:s, s:I, s:o, s:o, s:o}", "pid", pid, "what",
                                 kind_of_pid(psi, pid), "packets", (json_int_t)state->packets,
                                 "bps", rounded(state->bps, 1), "mean_bps",
                                 rounded((double)state->packets / all * meter->rate.exact_bps, 1),
                                 "share", rounded((double)state->packets / all, 1e-6)));
        }
    }
    return array;
}

static json_t *event_view(const struct view_event *event)
{
    if (!event->is_known) {
        return json_null();
    }
    return json_pack("{s:s, s:I, s:i}", "name", event->name, "start_s", (json_int_t)event->start_s,
                     "duration_s", event->duration_s);
}

static json_t *service_object(const struct meter *meter, const struct psi_programme *programme)
{
    const struct view_service *view = service_view_find(meter->services, programme->number);
    json_t *streams = json_array();
    double bps = meter->pids[programme->pmt_pid].bps;
    for (int i = 0; i < programme->stream_count; i++) {
        const struct psi_stream *stream = &programme->streams[i];
        bps += meter->pids[stream->pid].bps;
        json_array_append_new(streams,
                              json_pack("{s:i, s:i, s:s}", "pid", stream->pid, "stream_type",
                                        stream->stream_type, "what", codec_or_type(stream)));
    }
    json_t *object =
        json_pack("{s:i, s:i, s:i, s:o, s:o}", "service_id", programme->number, "pmt_pid",
                  programme->pmt_pid, "pcr_pid", programme->has_pmt ? programme->pcr_pid : -1,
                  "bps", rounded(bps, 1), "streams", streams);
    if (view != NULL) {
        json_object_set_new(object, "name", json_string(view->name));
        json_object_set_new(object, "provider", json_string(view->provider));
        json_object_set_new(object, "service_type", json_integer(view->service_type));
        json_object_set_new(object, "now", event_view(&view->now));
        json_object_set_new(object, "next", event_view(&view->next));
    }
    return object;
}

static json_t *services_array(const struct meter *meter, const struct psi *psi)
{
    json_t *array = json_array();
    for (int i = 0; psi != NULL && i < psi->programme_count; i++) {
        json_array_append_new(array, service_object(meter, &psi->programmes[i]));
    }
    return array;
}

static json_t *rate_object(const struct meter *meter)
{
    if (!meter->has_rate) {
        return json_null();
    }
    json_t *object = json_pack("{s:I, s:f, s:b, s:b}", "bps", (json_int_t)meter->rate.rate_bps,
                               "exact_bps", meter->rate.exact_bps, "constant",
                               meter->rate.is_constant, "round", meter->rate.is_round);
    if (meter->rate.is_constant) {
        json_object_set_new(object, "scatter_ns", json_real(meter->rate.scatter_ns));
    }
    return object;
}

static json_t *arrival_object(const struct meter *meter)
{
    struct arrival_summary summary;
    arrival_summary(meter->arrival, &summary);
    json_t *gaps = json_array();
    for (int i = 0; i < ARRIVAL_BUCKETS; i++) {
        if (summary.gaps[i] > 0) {
            json_array_append_new(gaps,
                                  json_pack("{s:I, s:I}", "below_us", (json_int_t)(INT64_C(1) << i),
                                            "count", (json_int_t)summary.gaps[i]));
        }
    }
    json_t *object =
        json_pack("{s:I, s:o, s:o}", "datagrams", (json_int_t)summary.datagrams, "longest_gap_ms",
                  rounded(summary.longest_gap_ms, 1e-3), "gaps", gaps);
    if (summary.count > 0) {
        json_object_set_new(object, "references", json_integer(summary.count));
        json_object_set_new(object, "jitter_p50_us", rounded(summary.p50_us, 1e-2));
        json_object_set_new(object, "jitter_p99_us", rounded(summary.p99_us, 1e-2));
        json_object_set_new(object, "jitter_peak_us", rounded(summary.peak_us, 1e-2));
        json_object_set_new(object, "drift_ppm", rounded(summary.drift_ppm, 1e-3));
    }
    return object;
}

static json_t *mdi_object(const struct mdi *mdi)
{
    return json_pack("{s:o, s:I, s:o, s:I, s:I, s:I}", "df_ms", rounded(mdi->delay_factor_ms, 1e-3),
                     "mlr", (json_int_t)mdi->loss_rate, "worst_df_ms",
                     rounded(mdi->worst_delay_factor_ms, 1e-3), "worst_mlr",
                     (json_int_t)mdi->worst_loss_rate, "lost", (json_int_t)mdi->lost_total,
                     "seconds", (json_int_t)mdi->seconds);
}

/* Without a constant rate the buffers are not judged, and their peaks mean nothing. */
static void drop_buffers(json_t *streams)
{
    static const char *const KEYS[] = {"tb_peak", "tb_size", "mb_peak",       "mb_size",
                                       "b_peak",  "b_size",  "least_lead_ms", "greatest_delay_ms"};
    size_t i = 0;
    json_t *stream = NULL;
    json_array_foreach(streams, i, stream)
    {
        for (size_t k = 0; k < sizeof(KEYS) / sizeof(KEYS[0]); k++) {
            json_object_del(stream, KEYS[k]);
        }
    }
}

static void set_check(const struct meter *meter, enum meter_parts parts, json_t *object)
{
    static const char *const PARTS[] = {"streams", "clocks", "tables", "systems"};
    if (meter->check != NULL) {
        ts_check_add_streams(meter->check, object);
    }
    if (meter->check != NULL && parts == METER_ALL) {
        ts_check_add_tables(meter->check, object);
    }
    for (size_t i = 0; meter->check == NULL && i < sizeof(PARTS) / sizeof(PARTS[0]); i++) {
        json_object_set_new(object, PARTS[i], json_null());
    }
    if (!meter->rate.is_constant) {
        drop_buffers(json_object_get(object, "streams"));
    }
}

json_t *meter_json(const struct meter *meter, enum meter_parts parts)
{
    const struct psi *psi = meter->check != NULL ? ts_check_psi(meter->check) : NULL;
    json_t *object = json_pack("{s:I, s:o, s:b, s:I, s:i}", "packets", (json_int_t)meter->packets,
                               "seconds", rounded(meter->now / METER_TICKS_PER_S, 1e-6), "learning",
                               meter->is_learning, "skipped_bytes", (json_int_t)meter->origin,
                               "packet_size", sync_scan_stride(meter->sync));
    if (object == NULL) {
        return NULL;
    }
    json_object_set_new(object, "rate", rate_object(meter));
    json_object_set_new(object, "errors",
                        json_pack("[I, I, I]", (json_int_t)tr_board_count(&meter->board, 1),
                                  (json_int_t)tr_board_count(&meter->board, 2),
                                  (json_int_t)tr_board_count(&meter->board, 3)));
    json_object_set_new(object, "indicators", indicators_array(meter));
    json_object_set_new(object, "not_judged", gaps_array(meter));
    json_object_set_new(object, "remarks", remarks_array(meter));
    json_object_set_new(object, "recent", recent_array(meter));
    json_object_set_new(object, "utc_s", json_integer(service_view_time(meter->services)));
    json_object_set_new(object, "services", services_array(meter, psi));
    json_object_set_new(object, "pids", pids_array(meter, psi));
    set_check(meter, parts, object);
    if (meter->options.is_live) {
        json_object_set_new(object, "arrival", arrival_object(meter));
        json_object_set_new(object, "mdi", mdi_object(&meter->mdi));
    }
    return object;
}
