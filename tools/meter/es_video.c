/* SPDX-License-Identifier: MIT */
/*
 * es_video: one frame in every PES packet, whatever the codec.
 */
#include "tools/meter/es_inner.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 1 << 16, UNIT_MAX = 1 << 24 };

int64_t es_video_ticks(const struct es_scan *es)
{
    return es->options.frame_ticks > 0 ? es->options.frame_ticks : es->kind->frame_ticks(es);
}

void es_video_start_pes(struct es_scan *es, int64_t byte)
{
    const int64_t ticks = es_video_ticks(es);
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

void es_video_data(struct es_scan *es, const uint8_t *bytes, int count, int64_t byte)
{
    es_feed(es, byte, count, TSTD_DATA, es->units - 1);
    es->unit_end = byte + count;
    es->unit_bytes += count;
    if (!make_room(es, (size_t)count)) {
        es->is_in_pes = false;
        return;
    }
    memcpy(es->data + es->data_size, bytes, (size_t)count);
    es->data_size += (size_t)count;
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

static void judge_random_access(const struct es_scan *es, const struct es_picture *picture)
{
    if (picture->is_random_access == es->is_random_access) {
        return;
    }
    if (es->is_random_access) {
        es_problem(es, TS_RANDOM_ACCESS, "random_access_indicator without random access point",
                   es->units);
    } else {
        /* The indicator may be left out; ours are never without it. */
        es_problem(es, TS_RANDOM_ACCESS, "random access point without random_access_indicator",
                   es->units);
    }
}

void es_video_end_pes(struct es_scan *es, bool is_whole)
{
    struct es_picture picture = {0};
    if (!is_whole) {
        es->order.is_started = false;
        es->has_number = false;
        return;
    }
    es->kind->scan(es, &picture);
    if (picture.ungraded != NULL) {
        es_give_up(es, picture.ungraded);
        return;
    }
    judge_random_access(es, &picture);
    if (picture.is_random_access) {
        note_idr(es);
    }
    es_judge_order(es, &picture);
    es_end_unit(es);
    es_make_buffers(es);
}
