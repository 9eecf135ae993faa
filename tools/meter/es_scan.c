/* SPDX-License-Identifier: MIT */
#include "tools/meter/es_inner.h"

#include <inttypes.h>
#include <stdlib.h>

static const struct es_kind *const KINDS[] = {
    &ES_MPEG2_VIDEO, &ES_AVC, &ES_HEVC, &ES_MPEG1_AUDIO, &ES_MPEG2_AUDIO, &ES_ADTS, &ES_AC3,
};

static const struct es_kind *kind_of(int stream_type, bool is_ac3)
{
    if (is_ac3) {
        return &ES_AC3_PRIVATE;
    }
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
        if (KINDS[i]->stream_type == stream_type) {
            return KINDS[i];
        }
    }
    return NULL;
}

const char *es_scan_kind(int stream_type, bool is_ac3)
{
    const struct es_kind *kind = kind_of(stream_type, is_ac3);
    return kind != NULL ? kind->name : NULL;
}

void es_problem(const struct es_scan *es, enum ts_kind kind, const char *what, int64_t value)
{
    ts_report_problem(es->report, kind, es->pes_packet, es->options.pid, "%s (%" PRId64 ")", what,
                      value);
}

void es_make_buffers(struct es_scan *es)
{
    struct tstd_model model = {
        .pid = es->options.pid,
        .rate_bps = es->options.stc->rate_bps,
    };
    if (es->tstd != NULL || es->has_given_up || es->kind->model(es, &model) < 0) {
        return; /* es_scan_finish() says so if it stays like this */
    }
    es->tstd = tstd_create(&model, es->report);
    es->tstd_base = es->units;
}

/* What reading ahead has found; the bytes of parameter sets are compared anew. */
static void learn(struct es_scan *es, const struct es_scan *ahead)
{
    es->avc.has_sps = ahead->avc.has_sps;
    es->avc.sps = ahead->avc.sps;
    es->hevc.has_sps = ahead->hevc.has_sps;
    es->hevc.sps = ahead->hevc.sps;
    es->hevc.vps = ahead->hevc.vps;
    es->mpeg2.has_sequence = ahead->mpeg2.has_sequence;
    es->mpeg2.sequence = ahead->mpeg2.sequence;
    es->frame = ahead->frame;
}

struct es_scan *es_scan_create(const struct es_options *options, struct ts_report *report)
{
    struct es_scan *es = calloc(1, sizeof(*es));
    if (es == NULL) {
        return NULL;
    }
    es->kind = kind_of(options->stream_type, options->is_ac3);
    es->options = *options;
    es->report = report;
    es->avc.report = report;
    es->avc.pid = options->pid;
    es->hevc.report = report;
    es->hevc.pid = options->pid;
    mpeg2_scan_init(&es->mpeg2, report, options->pid);
    if (options->ahead != NULL) {
        learn(es, options->ahead);
        es->options.ahead = NULL;
    }
    es->summary.pid = options->pid;
    es->summary.stream_type = options->stream_type;
    es->summary.kind = es->kind->name;
    es_make_buffers(es);
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

void es_feed(struct es_scan *es, int64_t byte, int count, enum tstd_role role, int64_t unit)
{
    if (es->tstd == NULL || count == 0) {
        return;
    }
    if (unit < es->tstd_base) {
        role = TSTD_PACKET; /* of a unit that had begun before the buffers were known */
        unit = es->tstd_base;
    }
    tstd_feed(es->tstd, byte, count, role, unit - es->tstd_base);
}

void es_give_up(struct es_scan *es, const char *why)
{
    ts_report_ungraded(es->report, "pid 0x%04x, from packet %" PRId64 " on: %s",
                       (unsigned)es->options.pid, es->pes_packet, why);
    es->has_given_up = true;
    tstd_destroy(es->tstd);
    es->tstd = NULL;
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
        tstd_unit(es->tstd, es->units - 1 - es->tstd_base, es->unit_removal);
    }
}

static void judge_delay(struct es_scan *es, double delay_ms)
{
    const int64_t own =
        es->kind->scan != NULL ? es->options.video_delay_ms : es->options.audio_delay_ms;
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
    if (!es->has_given_up) {
        es->kind->end_pes(es, !es->is_damaged);
    }
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
    es_feed(es, byte, used, TSTD_HEADER, continues ? es->units - 1 : es->units);
    if (es->has_header) {
        judge_header(es);
        if (!es->has_given_up) {
            es->kind->start_pes(es, byte + used);
        }
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
        es_feed(es, byte, count, TSTD_PACKET, 0);
        return;
    }
    es->pes_bytes += count;
    if (!es->has_given_up) {
        es->kind->data(es, bytes, count, byte);
    }
}

void es_scan_packet(struct es_scan *es, const struct ts_packet *packet)
{
    const int header = TS_SIZE - packet->payload_size;
    if (packet->is_duplicate) {
        es_feed(es, packet->first_byte, TS_SIZE, TSTD_PACKET, 0);
        return;
    }
    es_feed(es, packet->first_byte, header, TSTD_PACKET, 0);
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

static void ungraded(const struct es_scan *es, const char *what)
{
    ts_report_ungraded(es->report, "pid 0x%04x: %s", (unsigned)es->options.pid, what);
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
    if (es->has_given_up) {
        return;
    }
    if (es->tstd != NULL) {
        tstd_finish(es->tstd, whole > es->tstd_base ? whole - es->tstd_base : 0);
    } else {
        ungraded(es, "buffers, no parameters of the stream");
    }
    if (es->summary.units == 0) {
        ungraded(es, "no whole access unit");
    } else if (es->kind->scan != NULL && es_video_ticks(es) == 0) {
        ungraded(es, "DTS and order, no period of frames");
    } else if (es->kind->scan != NULL && !es->has_order) {
        ungraded(es, "order, no random access point");
    }
}

static void summarize_video(const struct es_scan *es, struct es_summary *summary)
{
    if (es->kind == &ES_MPEG2_VIDEO) {
        summary->width = es->mpeg2.sequence.width;
        summary->height = es->mpeg2.sequence.height;
        summary->field_pairs = es->mpeg2.field_pairs;
        summary->closed_gops = es->mpeg2.closed_gops;
        summary->top_first = es->mpeg2.top_first;
        summary->afd = es->mpeg2.afd;
    } else if (es->kind == &ES_AVC) {
        summary->width = es->avc.sps.width;
        summary->height = es->avc.sps.height;
        summary->field_pairs = es->avc.field_pairs;
    } else {
        summary->width = es->hevc.sps.width;
        summary->height = es->hevc.sps.height;
    }
    summary->frame_ticks = es_video_ticks(es);
}

void es_scan_summary(const struct es_scan *es, struct es_summary *summary)
{
    *summary = es->summary;
    if (es->tstd != NULL) {
        summary->has_buffers = true;
        summary->model = *tstd_model(es->tstd);
        summary->peaks = tstd_peaks(es->tstd);
    }
    summary->afd = -1;
    if (es->kind->scan != NULL) {
        summarize_video(es, summary);
    }
    summary->sample_rate = es->frame.sample_rate;
    summary->channels = es->frame.channels;
}
