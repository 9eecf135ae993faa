/* SPDX-License-Identifier: MIT */
/*
 * es_video: one H.264 access unit in every PES packet.
 */
#include "tools/meter/es_inner.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 1 << 16, UNIT_MAX = 1 << 24 };

static int64_t frame_ticks(const struct es_scan *es)
{
    if (es->options.frame_ticks > 0) {
        return es->options.frame_ticks;
    }
    return es->avc.has_sps ? es->avc.sps.frame_ticks : 0;
}

static void start_pes(struct es_scan *es, int64_t byte)
{
    const int64_t ticks = frame_ticks(es);
    es->data_size = 0;
    if (!es->pes.has_pts) {
        es->is_in_pes = false;
        es->has_stamp = false;
        return;
    }
    if (es->has_stamp && ticks > 0) {
        const int64_t step = stc_difference(es->pes.dts, es->stamp, PES_STAMP_WRAP);
        if (step != ticks) {
            ts_report_problem(es->report, TS_DTS_STEP, es->pes_packet, es->options.pid,
                              "DTS %" PRId64 " ticks after the one before, %" PRId64 " expected",
                              step, ticks);
        }
    }
    es->has_stamp = true;
    es->stamp = es->pes.dts;
    es_start_unit(es, es->pes.dts, byte);
}

static bool make_room(struct es_scan *es, size_t more)
{
    size_t room = es->data_room > 0 ? es->data_room : FIRST_ROOM;
    while (room < es->data_size + more) {
        room *= 2;
    }
    if (room == es->data_room) {
        return true;
    }
    uint8_t *data = room <= UNIT_MAX ? realloc(es->data, room) : NULL;
    if (data == NULL) {
        es_problem(es, TS_ACCESS_UNIT, "access unit too large", (int64_t)room);
        return false;
    }
    es->data = data;
    es->data_room = room;
    return true;
}

static void data(struct es_scan *es, const uint8_t *bytes, int count, int64_t byte)
{
    if (es->tstd != NULL) {
        tstd_feed(es->tstd, byte, count, TSTD_DATA, es->units - 1);
    }
    es->unit_end = byte + count;
    es->unit_bytes += count;
    if (!make_room(es, (size_t)count)) {
        es->is_in_pes = false;
        return;
    }
    memcpy(es->data + es->data_size, bytes, (size_t)count);
    es->data_size += (size_t)count;
}

/* No picture may be missing among the frames before `frame`. */
static void check_before(struct es_scan *es, int64_t frame)
{
    struct es_order *order = &es->order;
    for (; order->checked < frame; order->checked++) {
        bool *seen = &order->seen[order->checked % ES_ORDER_FRAMES];
        if (!*seen) {
            es_problem(es, TS_PTS_ORDER, "no picture for a frame; since the first IDR",
                       order->checked);
        }
        *seen = false;
    }
}

static void judge_order(struct es_scan *es, bool is_idr)
{
    struct es_order *order = &es->order;
    const int64_t ticks = frame_ticks(es);
    if (ticks == 0 || (!order->is_started && !is_idr)) {
        return;
    }
    if (!order->is_started) {
        *order = (struct es_order){.is_started = true, .origin = es->pes.pts};
    }
    const int64_t shown = stc_difference(es->pes.pts, order->origin, PES_STAMP_WRAP);
    const int64_t decoded = stc_difference(es->pes.dts, order->origin, PES_STAMP_WRAP);
    const int64_t frame = shown / ticks;
    if (shown % ticks != 0 || frame - order->checked >= ES_ORDER_FRAMES) {
        es_problem(es, TS_PTS_ORDER, "PTS off the frames; ticks since the first IDR", shown);
        order->is_started = false;
        return;
    }
    if (shown < 0 || frame < order->checked || order->seen[frame % ES_ORDER_FRAMES]) {
        es_problem(es, TS_PTS_ORDER, "a second picture for a frame; since the first IDR", frame);
    } else {
        order->seen[frame % ES_ORDER_FRAMES] = true;
    }
    if (decoded > 0) {
        check_before(es, decoded / ticks < frame + 1 ? decoded / ticks : frame + 1);
    }
}

/* The origin follows the checked frames, so that stamps may wrap around for ever. */
static void move_origin(struct es_scan *es)
{
    struct es_order *order = &es->order;
    const int64_t ticks = frame_ticks(es);
    if (order->is_started && order->checked >= INT64_C(1) << 20) {
        const int64_t whole = order->checked / ES_ORDER_FRAMES * ES_ORDER_FRAMES;
        order->origin = (order->origin + whole * ticks) % PES_STAMP_WRAP;
        order->checked -= whole;
    }
}

static void note_idr(struct es_scan *es)
{
    struct es_summary *summary = &es->summary;
    const int64_t gop = es->units - es->last_idr;
    if (es->has_idr) {
        if (summary->shortest_gop == 0 || gop < summary->shortest_gop) {
            summary->shortest_gop = gop;
        }
        summary->longest_gop = gop > summary->longest_gop ? gop : summary->longest_gop;
    }
    es->has_idr = true;
    es->last_idr = es->units;
    summary->idrs++;
}

static void end_pes(struct es_scan *es, bool is_whole)
{
    struct avc_unit unit = {0};
    if (!is_whole) {
        es->order.is_started = false;
        return;
    }
    avc_scan_unit(&es->avc, es->data, es->data_size, es->pes_packet, &unit);
    if (unit.is_idr != es->is_random_access) {
        es_problem(es, TS_RANDOM_ACCESS,
                   unit.is_idr ? "IDR without random_access_indicator"
                               : "random_access_indicator without IDR",
                   es->units);
    }
    if (unit.is_idr) {
        note_idr(es);
    }
    judge_order(es, unit.is_idr);
    move_origin(es);
    es_end_unit(es);
}

const struct es_kind ES_AVC = {
    .stream_type = 0x1b,
    .name = "video",
    .id_mask = 0xf0,
    .id = 0xe0,
    .may_omit_length = true,
    .delay_ms = 10000,
    .start_pes = start_pes,
    .data = data,
    .end_pes = end_pes,
};
