/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_access_unit.h"

#include "playout/levels.h"

#include <stdbool.h>
#include <string.h>

#include <libavutil/error.h>

enum {
    START_CODE = 3, /* 00 00 01, and then the byte that says what follows */
    NAL_LENGTH = 4,
    NAL_SEI = 6,
    SEI_PICTURE_TIMING = 1,
    MPEG2_SEQUENCE = 0xb3,
    MPEG2_EXTENSION = 0xb5,
    MPEG2_SEQUENCE_EXTENSION = 1,
    MPEG2_SLICE_FIRST = 0x01,
    MPEG2_SLICE_LAST = 0xaf,
    MPEG2_BIT_RATE_UNIT = 400,
    MPEG2_VBV_UNIT = 16 * 1024,
};

size_t ingest_next_start_code(const uint8_t *bytes, size_t size)
{
    for (size_t at = 0; at + START_CODE < size; at++) {
        if (bytes[at] == 0 && bytes[at + 1] == 0 && bytes[at + 2] == 1) {
            return at;
        }
    }
    return size;
}

static int finish_h264(const struct video_profile *profile, AVPacket *packet, enum ingest_afd afd)
{
    (void)profile;
    (void)afd;
    uint8_t *bytes = packet->data;
    const size_t size = (size_t)packet->size;
    size_t kept = 0;
    size_t at = ingest_next_start_code(bytes, size);
    while (at < size) {
        const size_t body = at + START_CODE;
        const size_t next = body + ingest_next_start_code(bytes + body, size - body);
        const bool is_sei = (bytes[body] & 0x1f) == NAL_SEI;
        if (!is_sei || (body + 1 < next && bytes[body + 1] == SEI_PICTURE_TIMING)) {
            memmove(bytes + kept, bytes + at, next - at);
            kept += next - at;
        }
        at = next;
    }
    av_shrink_packet(packet, (int)kept);
    return 0;
}

/* `count` bits from bit `first` on, counted from the most significant of bytes[0]. */
static void set_bits(uint8_t *bytes, int first, int count, uint32_t value)
{
    for (int i = 0; i < count; i++) {
        const int bit = first + i;
        const uint8_t mask = (uint8_t)(0x80 >> bit % 8);
        const bool is_set = (value >> (count - 1 - i) & 1) != 0;
        bytes[bit / 8] = (uint8_t)(is_set ? bytes[bit / 8] | mask : bytes[bit / 8] & ~mask);
    }
}

/* Both fields are in two parts: the low one in the header, the high one in the extension. */
static void set_sequence_header(uint8_t *header, const struct video_profile *profile)
{
    const uint32_t rate =
        (uint32_t)((profile->vbv_rate_bps + MPEG2_BIT_RATE_UNIT - 1) / MPEG2_BIT_RATE_UNIT);
    struct level_limits limits = {0};
    level_find(profile->codec, profile->level, &limits);
    const uint32_t vbv = (uint32_t)(limits.buffer_bytes * 8 / MPEG2_VBV_UNIT);
    if (header[START_CODE] == MPEG2_SEQUENCE) {
        set_bits(header + START_CODE + 1, 32, 18, rate & 0x3ffff);
        set_bits(header + START_CODE + 1, 51, 10, vbv & 0x3ff);
    } else {
        set_bits(header + START_CODE + 1, 19, 12, rate >> 18);
        set_bits(header + START_CODE + 1, 32, 8, vbv >> 10);
    }
}

/* The user data of a picture goes between its extensions and its first slice. */
static int insert_afd(AVPacket *packet, size_t at, enum ingest_afd afd)
{
    const uint8_t user_data[] = {0, 0, 1, 0xb2, 'D', 'T', 'G', '1', 0x41, (uint8_t)(0xf0 | afd)};
    const size_t tail = (size_t)packet->size - at;
    const int result = av_grow_packet(packet, sizeof(user_data));
    if (result < 0) {
        return result;
    }
    memmove(packet->data + at + sizeof(user_data), packet->data + at, tail);
    memcpy(packet->data + at, user_data, sizeof(user_data));
    return 0;
}

static int finish_mpeg2(const struct video_profile *profile, AVPacket *packet, enum ingest_afd afd)
{
    const size_t size = (size_t)packet->size;
    size_t at = ingest_next_start_code(packet->data, size);
    while (at < size) {
        uint8_t *header = packet->data + at;
        const uint8_t code = header[START_CODE];
        const bool is_whole = size - at >= 12;
        const bool is_extension = is_whole && code == MPEG2_EXTENSION &&
                                  header[START_CODE + 1] >> 4 == MPEG2_SEQUENCE_EXTENSION;
        if (is_extension || (is_whole && code == MPEG2_SEQUENCE)) {
            set_sequence_header(header, profile);
        } else if (code >= MPEG2_SLICE_FIRST && code <= MPEG2_SLICE_LAST) {
            return insert_afd(packet, at, afd);
        }
        at += START_CODE;
        at += ingest_next_start_code(packet->data + at, size - at);
    }
    return AVERROR_INVALIDDATA; /* no slice */
}

static int finish_hevc(const struct video_profile *profile, AVPacket *packet, enum ingest_afd afd)
{
    (void)profile;
    (void)packet;
    (void)afd;
    return 0;
}

int ingest_access_unit_finish(const struct video_profile *profile, AVPacket *packet,
                              enum ingest_afd afd)
{
    static int (*const FINISH[])(const struct video_profile *, AVPacket *, enum ingest_afd) = {
        [VIDEO_H264] = finish_h264,
        [VIDEO_MPEG2] = finish_mpeg2,
        [VIDEO_HEVC] = finish_hevc,
    };
    const int result = av_packet_make_writable(packet);
    return result < 0 ? result : FINISH[profile->codec](profile, packet, afd);
}

/* Lengths of four bytes become start codes of four bytes. */
static int restore_units(AVPacket *packet)
{
    uint8_t *bytes = packet->data;
    const size_t size = (size_t)packet->size;
    size_t at = 0;
    while (size - at > NAL_LENGTH) {
        const size_t length = (size_t)bytes[at] << 24 | (size_t)bytes[at + 1] << 16 |
                              (size_t)bytes[at + 2] << 8 | bytes[at + 3];
        if (length == 0 || length > size - at - NAL_LENGTH) {
            return AVERROR_INVALIDDATA;
        }
        memcpy(bytes + at, (const uint8_t[NAL_LENGTH]){0, 0, 0, 1}, NAL_LENGTH);
        at += NAL_LENGTH + length;
    }
    return at == size ? 0 : AVERROR_INVALIDDATA;
}

int ingest_access_unit_restore(const struct video_profile *profile, AVPacket *packet)
{
    if (profile->codec == VIDEO_MPEG2) {
        return 0; /* it has them */
    }
    const int result = av_packet_make_writable(packet);
    return result < 0 ? result : restore_units(packet);
}
