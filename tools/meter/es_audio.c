/* SPDX-License-Identifier: MIT */
/*
 * es_audio: frames of audio, one behind the other.
 *
 * Frames are found by their headers.  PES packets that begin or end inside a
 * frame, or have several, are legal, and judged; they are not of our house.
 */
#include "tools/meter/es_inner.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum { STAMPS_PER_SECOND = 90000, RX_BPS = 2000000 };

static void start_pes(struct es_scan *es, int64_t byte)
{
    (void)byte;
    es->frames_in_pes = 0;
    es->is_pts_used = false;
    es->is_out_of_step = false;
    if (es->frame_have > 0 && es->is_damaged) {
        es->frame_have = 0;
    }
    if (es->pes.has_dts) {
        es_problem(es, TS_PES_TIMES, "DTS in audio", es->pes.dts);
    }
}

/* PTS of the frame that starts: that of the PES packet for its first one. */
static int64_t take_stamp(struct es_scan *es)
{
    const int64_t rate = es->frame.size > 0 ? es->frame.sample_rate : 48000;
    const int64_t whole = INT64_C(1) * es->frame.samples * STAMPS_PER_SECOND;
    const int64_t step = (whole + rate / 2) / rate;
    const bool is_exact = whole % rate == 0;
    const int64_t expected = (es->stamp + step) % PES_STAMP_WRAP;
    if (es->is_pts_used || !es->pes.has_pts) {
        return es->has_stamp ? expected : 0;
    }
    es->is_pts_used = true;
    if (es->has_stamp) {
        const int64_t off = stc_difference(es->pes.pts, expected, PES_STAMP_WRAP);
        if (off > (is_exact ? 0 : 1) || off < (is_exact ? 0 : -1)) {
            ts_report_problem(es->report, TS_PTS_STEP, es->pes_packet, es->options.pid,
                              "PTS %" PRId64 " ticks after the frame before, %" PRId64 " expected",
                              step + off, step);
        }
    }
    return es->pes.pts;
}

/* Bit rate, sampling frequency, mode: no decoder likes them to change. */
static void judge_frame(struct es_scan *es)
{
    for (int i = 0; i < ES_FRAME_HEADER; i++) {
        const int changed = es->frame_header[i] ^ es->first_header[i];
        if (es->has_first_header && (changed & es->kind->fixed[i]) != 0) {
            es_problem(es, TS_PARAMETER_SETS, "audio header is not like the first; byte", i);
        }
    }
    if (!es->has_first_header) {
        es->has_first_header = true;
        memcpy(es->first_header, es->frame_header, ES_FRAME_HEADER);
    }
}

/* A header is whole: the size of its frame is known, or there is none. */
static void take_frame_header(struct es_scan *es)
{
    struct es_frame frame;
    if (!es->kind->frame(es->frame_header, &frame)) {
        es_problem(es, TS_ACCESS_UNIT, "no audio frame where one must start",
                   es->frame_header[0] << 8 | es->frame_header[1]);
        es->is_out_of_step = true;
        es->frame_have = 0;
        return;
    }
    if (frame.ungraded != NULL) {
        es_give_up(es, frame.ungraded);
        return;
    }
    es->frame = frame;
    es->frame_size = frame.size;
    judge_frame(es);
}

/* Up to `count` bytes of the frame in hand; returns how many. */
static int take_frame(struct es_scan *es, const uint8_t *bytes, int count)
{
    int used = 0;
    while (es->frame_have < ES_FRAME_HEADER && used < count) {
        es->frame_header[es->frame_have++] = bytes[used++];
        if (es->frame_have == ES_FRAME_HEADER) {
            take_frame_header(es);
            if (es->is_out_of_step || es->has_given_up) {
                return count;
            }
        }
    }
    if (es->frame_have >= ES_FRAME_HEADER) {
        const int missing = es->frame_size - es->frame_have;
        const int more = missing < count - used ? missing : count - used;
        es->frame_have += more;
        used += more;
    }
    return used;
}

static void data(struct es_scan *es, const uint8_t *bytes, int count, int64_t byte)
{
    while (count > 0 && !es->has_given_up) {
        if (es->frame_have == 0 && !es->is_out_of_step) {
            es->stamp = take_stamp(es);
            es->has_stamp = true;
            es->frames_in_pes++;
            es_start_unit(es, es->stamp, byte);
        }
        const int used = es->is_out_of_step ? count : take_frame(es, bytes, count);
        es_feed(es, byte, used, TSTD_DATA, es->units - 1);
        bytes += used;
        count -= used;
        byte += used;
        es->unit_end = byte;
        es->unit_bytes += used;
        if (es->frame_have >= ES_FRAME_HEADER && es->frame_have == es->frame_size) {
            es->frame_have = 0;
            es_end_unit(es);
        }
    }
}

static void end_pes(struct es_scan *es, bool is_whole)
{
    struct es_summary *summary = &es->summary;
    if (!is_whole) {
        es->frame_have = 0;
        return;
    }
    if (es->frames_in_pes > summary->frames_in_pes) {
        summary->frames_in_pes = es->frames_in_pes;
    }
    if (!es->is_out_of_step && (es->frames_in_pes != 1 || es->frame_have > 0)) {
        es_problem(es, TS_HOUSE, "not one whole audio frame in a PES packet, but begun",
                   es->frames_in_pes);
    }
    es_make_buffers(es);
}

/* 2.4.2.4; only ADTS knows more than two channels of its own size. */
static int model(const struct es_scan *es, struct tstd_model *model)
{
    model->rx_bps = RX_BPS;
    model->b_size = es->kind->b_size;
    if (es->kind != &ES_ADTS) {
        return 0;
    }
    if (es->frame.size == 0) {
        return -EAGAIN;
    }
    if (es->frame.channels == 0) {
        return -ENOTSUP;
    }
    if (es->frame.channels > 2) {
        model->rx_bps = 5529600;
        model->b_size = 8976;
    }
    return 0;
}

const struct es_kind ES_MPEG1_AUDIO = {
    .stream_type = 0x03,
    .name = "audio",
    .id_mask = 0xe0,
    .id = 0xc0,
    .delay_ms = 1000,
    .start_pes = start_pes,
    .data = data,
    .end_pes = end_pes,
    .model = model,
    .frame = es_frame_mpeg,
    .fixed = {0xff, 0xff, 0xfc, 0xc0},
    .b_size = 3584,
};

const struct es_kind ES_MPEG2_AUDIO = {
    .stream_type = 0x04,
    .name = "audio",
    .id_mask = 0xe0,
    .id = 0xc0,
    .delay_ms = 1000,
    .start_pes = start_pes,
    .data = data,
    .end_pes = end_pes,
    .model = model,
    .frame = es_frame_mpeg,
    .fixed = {0xff, 0xff, 0xfc, 0xc0},
    .b_size = 3584,
};

const struct es_kind ES_ADTS = {
    .stream_type = 0x0f,
    .name = "audio",
    .id_mask = 0xe0,
    .id = 0xc0,
    .delay_ms = 1000,
    .start_pes = start_pes,
    .data = data,
    .end_pes = end_pes,
    .model = model,
    .frame = es_frame_adts,
    .fixed = {0xff, 0xff, 0xfd, 0xf0},
    .b_size = 3584,
};

const struct es_kind ES_AC3 = {
    .stream_type = 0x81,
    .name = "audio",
    .id_mask = 0xff,
    .id = 0xbd,
    .delay_ms = 1000,
    .start_pes = start_pes,
    .data = data,
    .end_pes = end_pes,
    .model = model,
    .frame = es_frame_ac3,
    .fixed = {0xff, 0xff, 0, 0, 0xfe, 0xff, 0xe0},
    .b_size = 5696,
};

const struct es_kind ES_AC3_PRIVATE = {
    .stream_type = 0x06,
    .name = "audio",
    .id_mask = 0xff,
    .id = 0xbd,
    .delay_ms = 1000,
    .start_pes = start_pes,
    .data = data,
    .end_pes = end_pes,
    .model = model,
    .frame = es_frame_ac3,
    .fixed = {0xff, 0xff, 0, 0, 0xfe, 0xff, 0xe0},
    .b_size = 5696,
};
