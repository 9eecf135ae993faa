/* SPDX-License-Identifier: MIT */
/*
 * es_audio: frames of MPEG-1 Layer II.
 *
 * One frame in a PES packet is asked for; frames are found by their headers
 * all the same, so that the buffers of other streams can be judged too.
 *
 * Normative reference: ISO/IEC 11172-3, 2.4.1.3 and 2.4.2.3.
 */
#include "tools/meter/es_inner.h"

#include <inttypes.h>
#include <string.h>

enum { SAMPLES = 1152, STAMPS_PER_SECOND = 90000 };

static const int RATES_KBPS[16] = {0,   32,  48,  56,  64,  80,  96,  112,
                                   128, 160, 192, 224, 256, 320, 384, 0};
static const int SAMPLE_RATES[4] = {44100, 48000, 32000, 0};

/* Bytes of a frame; 0 when this is no header of MPEG-1 Layer II at a stated rate. */
static int frame_size(const uint8_t *header, int *sample_rate)
{
    const int rate_bps = RATES_KBPS[header[2] >> 4] * 1000;
    const int padding = header[2] >> 1 & 1;
    *sample_rate = SAMPLE_RATES[header[2] >> 2 & 3];
    if (header[0] != 0xff || (header[1] & 0xfe) != 0xfc || rate_bps == 0 || *sample_rate == 0) {
        return 0;
    }
    return SAMPLES / 8 * rate_bps / *sample_rate + padding;
}

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
    const int64_t rate = es->sample_rate > 0 ? es->sample_rate : 48000;
    const int64_t step = (INT64_C(1) * SAMPLES * STAMPS_PER_SECOND + rate / 2) / rate;
    const bool is_exact = SAMPLES * STAMPS_PER_SECOND % rate == 0;
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

static void judge_frame(struct es_scan *es)
{
    /* Bit rate, sampling frequency, mode: no decoder likes them to change. */
    static const uint8_t FIXED[ES_FRAME_HEADER] = {0xff, 0xff, 0xfc, 0xc0};
    for (int i = 0; i < ES_FRAME_HEADER; i++) {
        if (es->has_first_header && ((es->frame_header[i] ^ es->first_header[i]) & FIXED[i]) != 0) {
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
    int sample_rate = 0;
    es->frame_size = frame_size(es->frame_header, &sample_rate);
    if (es->frame_size == 0) {
        es_problem(es, TS_ACCESS_UNIT, "no audio frame where one must start",
                   es->frame_header[0] << 8 | es->frame_header[1]);
        es->is_out_of_step = true;
        es->frame_have = 0;
        return;
    }
    es->sample_rate = sample_rate;
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
            if (es->is_out_of_step) {
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
    while (count > 0) {
        if (es->frame_have == 0 && !es->is_out_of_step) {
            es->stamp = take_stamp(es);
            es->has_stamp = true;
            es->frames_in_pes++;
            es_start_unit(es, es->stamp, byte);
        }
        const int used = es->is_out_of_step ? count : take_frame(es, bytes, count);
        if (es->tstd != NULL) {
            tstd_feed(es->tstd, byte, used, TSTD_DATA, es->units - 1);
        }
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
    if (!is_whole) {
        es->frame_have = 0;
        return;
    }
    if (es->frames_in_pes != 1 || es->frame_have > 0) {
        es_problem(es, TS_ACCESS_UNIT, "not one whole audio frame in a PES packet, but begun",
                   es->frames_in_pes);
    }
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
};
