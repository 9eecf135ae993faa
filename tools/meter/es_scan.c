/* SPDX-License-Identifier: MIT */
#include "tools/meter/es_inner.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct es_kind *const KINDS[] = {&ES_AVC, &ES_MPEG1_AUDIO, &ES_MPEG2_AUDIO};

static const struct es_kind *kind_of(int stream_type)
{
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
        if (KINDS[i]->stream_type == stream_type) {
            return KINDS[i];
        }
    }
    return NULL;
}

const char *es_scan_kind(int stream_type)
{
    const struct es_kind *kind = kind_of(stream_type);
    return kind != NULL ? kind->name : NULL;
}

void es_problem(const struct es_scan *es, enum ts_kind kind, const char *what, int64_t value)
{
    ts_report_problem(es->report, kind, es->pes_packet, es->options.pid, "%s (%" PRId64 ")", what,
                      value);
}

/* The buffers of the stream, as far as they are known yet. */
static bool make_buffers(struct es_scan *es)
{
    struct tstd_model model = {
        .pid = es->options.pid,
        .rate_bps = es->options.stc->rate_bps,
        .rx_bps = 2000000,
        .b_size = 3584,
    };
    if (es->kind == &ES_AVC &&
        (es->options.sps == NULL || avc_model(es->options.sps, &model) < 0)) {
        return true; /* es_scan_finish() says so */
    }
    es->tstd = tstd_create(&model, es->report);
    return es->tstd != NULL;
}

struct es_scan *es_scan_create(const struct es_options *options, struct ts_report *report)
{
    struct es_scan *es = calloc(1, sizeof(*es));
    if (es == NULL) {
        return NULL;
    }
    es->kind = kind_of(options->stream_type);
    es->options = *options;
    es->report = report;
    es->avc.report = report;
    es->avc.pid = options->pid;
    if (options->sps != NULL) {
        es->avc.sps = *options->sps;
        es->avc.has_sps = true;
        es->options.sps = &es->avc.sps;
    }
    es->summary.pid = options->pid;
    es->summary.stream_type = options->stream_type;
    if (!make_buffers(es)) {
        free(es);
        return NULL;
    }
    return es;
}

void es_scan_destroy(struct es_scan *es)
{
    if (es != NULL) {
        tstd_destroy(es->tstd);
        free(es->data);
        free(es);
    }
}

static void feed(struct es_scan *es, int64_t byte, int count, enum tstd_role role, int64_t unit)
{
    if (es->tstd != NULL && count > 0) {
        tstd_feed(es->tstd, byte, count, role, unit);
    }
}

void es_start_unit(struct es_scan *es, int64_t stamp, int64_t byte)
{
    es->units++;
    es->unit_byte = byte;
    es->unit_end = byte;
    es->unit_bytes = 0;
    es->unit_removal = INT64_MAX;
    if (!es->options.stc->is_set) {
        return;
    }
    es->unit_removal = stc_byte(es->options.stc, (uint64_t)stamp, byte);
    if (es->tstd != NULL) {
        tstd_unit(es->tstd, es->units - 1, es->unit_removal);
    }
}

static void judge_delay(struct es_scan *es, double delay_ms)
{
    const int64_t own = strcmp(es->kind->name, "video") == 0 ? es->options.video_delay_ms
                                                             : es->options.audio_delay_ms;
    const int64_t limit = own > 0 ? own : es->kind->delay_ms;
    const int64_t rate_bps = es->options.stc->rate_bps;
    if (es->unit_removal - es->unit_byte > stc_bytes_of_ms(rate_bps, limit)) {
        ts_report_problem(es->report, TS_DELAY, es->pes_packet, es->options.pid,
                          "first byte %.3f ms before its time, limit %" PRId64, delay_ms, limit);
    }
}

void es_end_unit(struct es_scan *es)
{
    struct es_summary *summary = &es->summary;
    const int64_t rate_bps = es->options.stc->rate_bps;
    summary->units++;
    summary->bytes += es->unit_bytes;
    if (es->unit_removal == INT64_MAX) {
        return;
    }
    const double lead_ms = stc_ms(rate_bps, es->unit_removal - es->unit_end);
    const double delay_ms = stc_ms(rate_bps, es->unit_removal - es->unit_byte);
    if (es->unit_removal < es->unit_end) {
        ts_report_problem(es->report, TS_LATE, es->pes_packet, es->options.pid,
                          "last byte %.3f ms after its time", -lead_ms);
    }
    judge_delay(es, delay_ms);
    if (!summary->has_leads || lead_ms < summary->least_lead_ms) {
        summary->least_lead_ms = lead_ms;
    }
    if (!summary->has_leads || delay_ms > summary->greatest_delay_ms) {
        summary->greatest_delay_ms = delay_ms;
    }
    summary->has_leads = true;
}

/* PES_packet_length against what came. */
static void judge_length(const struct es_scan *es)
{
    const int said = es->pes.packet_length;
    if (said == 0) {
        if (!es->kind->may_omit_length) {
            es_problem(es, TS_PES_LENGTH, "PES_packet_length is not said", said);
        }
    } else if (es->pes_bytes != said + PES_LENGTH_END) {
        ts_report_problem(es->report, TS_PES_LENGTH, es->pes_packet, es->options.pid,
                          "PES_packet_length %d, but %" PRId64 " bytes", said,
                          es->pes_bytes - PES_LENGTH_END);
    }
}

static void end_pes(struct es_scan *es)
{
    if (!es->is_in_pes) {
        return;
    }
    if (!es->has_header) {
        if (!es->is_damaged) {
            es_problem(es, TS_PES_SYNTAX, "PES packet shorter than its header", es->pes_bytes);
        }
        return;
    }
    if (!es->is_damaged) {
        judge_length(es);
    }
    es->kind->end_pes(es, !es->is_damaged);
}

static void start_pes(struct es_scan *es, const struct ts_packet *packet)
{
    es->is_in_pes = true;
    es->is_damaged = false;
    es->is_random_access = packet->is_random_access || es->has_pending_random_access;
    es->has_pending_random_access = false;
    es->pes_packet = packet->index;
    es->pes_bytes = 0;
    es->header_have = 0;
    es->has_header = false;
}

static void judge_header(const struct es_scan *es)
{
    if ((es->pes.stream_id & es->kind->id_mask) != es->kind->id) {
        es_problem(es, TS_PES_SYNTAX, "stream_id is not one of this kind of stream",
                   es->pes.stream_id);
    }
    if (es->pes.has_pts && stc_difference(es->pes.pts, es->pes.dts, PES_STAMP_WRAP) < 0) {
        es_problem(es, TS_PES_TIMES, "PTS before DTS",
                   stc_difference(es->pes.pts, es->pes.dts, PES_STAMP_WRAP));
    }
}

/* Header bytes out of the payload; returns how many. */
static int take_header(struct es_scan *es, const uint8_t *bytes, int count, int64_t byte)
{
    int used = 0;
    while (used < count && !es->has_header && es->is_in_pes) {
        es->header[es->header_have++] = bytes[used++];
        if (es->header_have != PES_FIXED &&
            (es->header_have < PES_FIXED || es->header_have != es->pes.size)) {
            continue;
        }
        es->is_in_pes = pes_header_parse(es->header, es->header_have, &es->pes, es->report,
                                         es->pes_packet, es->options.pid);
        es->has_header = es->is_in_pes && es->header_have == es->pes.size;
    }
    es->pes_bytes += used;
    /* It goes with the access unit in hand when that continues, else with the next. */
    const bool continues = es->frame_have > 0;
    feed(es, byte, used, TSTD_HEADER, continues ? es->units - 1 : es->units);
    if (es->has_header) {
        judge_header(es);
        es->kind->start_pes(es, byte + used);
    }
    return used;
}

static void take_payload(struct es_scan *es, const struct ts_packet *packet)
{
    const uint8_t *bytes = packet->payload;
    int count = packet->payload_size;
    int64_t byte = packet->first_byte + (bytes - packet->bytes);
    if (es->is_in_pes && !es->has_header) {
        const int used = take_header(es, bytes, count, byte);
        bytes += used;
        count -= used;
        byte += used;
    }
    if (count == 0) {
        return;
    }
    if (!es->is_in_pes) {
        feed(es, byte, count, TSTD_PACKET, 0);
        return;
    }
    es->pes_bytes += count;
    es->kind->data(es, bytes, count, byte);
}

void es_scan_packet(struct es_scan *es, const struct ts_packet *packet)
{
    const int header = TS_SIZE - packet->payload_size;
    if (packet->is_duplicate) {
        feed(es, packet->first_byte, TS_SIZE, TSTD_PACKET, 0);
        return;
    }
    feed(es, packet->first_byte, header, TSTD_PACKET, 0);
    if (packet->payload_size == 0) {
        es->has_pending_random_access |= packet->is_random_access;
        return;
    }
    es->is_damaged = es->is_damaged || packet->is_after_loss;
    if (packet->starts_unit) {
        end_pes(es);
        start_pes(es, packet);
    } else if (packet->is_random_access) {
        ts_report_problem(es->report, TS_RANDOM_ACCESS, packet->index, packet->pid,
                          "random_access_indicator inside a PES packet");
    }
    take_payload(es, packet);
}

void es_scan_finish(struct es_scan *es)
{
    /* A unit whose length is said may be whole all the same. */
    const bool is_whole = es->is_in_pes && es->has_header && es->pes.packet_length > 0 &&
                          es->pes_bytes >= es->pes.packet_length + PES_LENGTH_END;
    const int64_t whole = es->frame_have > 0 || !is_whole ? es->units - 1 : es->units;
    if (is_whole) {
        end_pes(es);
    }
    if (es->tstd != NULL) {
        tstd_finish(es->tstd, whole);
        es->summary.has_buffers = true;
        es->summary.model = *tstd_model(es->tstd);
        es->summary.peaks = tstd_peaks(es->tstd);
    } else {
        ts_report_ungraded(es->report, "pid 0x%04x: buffers, no parameters of the stream",
                           (unsigned)es->options.pid);
    }
    if (es->summary.units == 0) {
        ts_report_ungraded(es->report, "pid 0x%04x: no whole access unit",
                           (unsigned)es->options.pid);
    }
}

const struct avc_sps *es_scan_sps(const struct es_scan *es)
{
    return es->avc.has_sps ? &es->avc.sps : NULL;
}

void es_scan_summary(const struct es_scan *es, struct es_summary *summary)
{
    *summary = es->summary;
}
