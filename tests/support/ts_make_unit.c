/* SPDX-License-Identifier: MIT */
#include "tests/support/ts_make_unit.h"

#include <string.h>

enum { ADTS_SIZE = 341, AC3_SIZE = 768, TOP_FIELD = 1, BOTTOM_FIELD = 2, FRAME = 3 };

/* 720 x 576, 25 frames a second, 4 Mb/s, vbv_buffer_size 112; MP@ML. */
static const uint8_t SEQUENCE[] = {0x00, 0x00, 0x01, 0xb3, 0x2d, 0x02, 0x40, 0x13,
                                   0x09, 0xc4, 0x23, 0x80, 0x00, 0x00, 0x01, 0xb5,
                                   0x14, 0x82, 0x00, 0x01, 0x00, 0x00};
static const uint8_t GROUP[] = {0x00, 0x00, 0x01, 0xb8, 0x00, 0x08, 0x00, 0x40};
/* active_format 10 */
static const uint8_t FORMAT[] = {0x00, 0x00, 0x01, 0xb2, 'D', 'T', 'G', '1', 0x41, 0xfa};

/* 416 x 240, 25 frames a second, level 2; as x265 writes them. */
static const uint8_t HEVC_SETS[] = {
    0x00, 0x00, 0x00, 0x01, 0x40, 0x01, 0x0c, 0x01, 0xff, 0xff, 0x01, 0x60, 0x00, 0x00,
    0x03, 0x00, 0x90, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x3c, 0xba, 0x02, 0x40,
    0x00, 0x00, 0x00, 0x01, 0x42, 0x01, 0x01, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00, 0x90,
    0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x3c, 0xa0, 0x0d, 0x08, 0x0f, 0x16, 0x5b,
    0xa4, 0xa4, 0xc2, 0xf0, 0x16, 0x80, 0x80, 0x00, 0x00, 0x03, 0x00, 0x80, 0x00, 0x00,
    0x0c, 0x84, 0x00, 0x00, 0x00, 0x01, 0x44, 0x01, 0xc0, 0x73, 0xc1, 0x89};

static size_t add(uint8_t *bytes, size_t at, const void *more, size_t size)
{
    memcpy(bytes + at, more, size);
    return at + size;
}

static size_t add_filler(uint8_t *bytes, size_t at, size_t size)
{
    memset(bytes + at, 0xa5, size);
    return at + size;
}

static size_t add_mpeg2_picture(uint8_t *bytes, size_t at, const struct make_picture *picture,
                                int structure)
{
    const int reference = picture->order;
    const int type = picture->is_random_access ? 1 : 2;
    const uint8_t headers[] = {0x00,
                               0x00,
                               0x01,
                               0x00,
                               (uint8_t)(reference >> 2),
                               (uint8_t)(reference << 6 | type << 3 | 7),
                               0xff,
                               0xf8,
                               0x00,
                               0x00,
                               0x01,
                               0xb5,
                               0x8f,
                               0xff,
                               (uint8_t)(0xf0 | structure),
                               structure == FRAME ? 0x84 : 0x04,
                               0x00,
                               0x00,
                               0x00,
                               0x01,
                               0x01};
    at = add(bytes, at, headers, sizeof(headers));
    return add_filler(bytes, at, structure == FRAME ? picture->filler : picture->filler / 2);
}

size_t make_mpeg2(uint8_t *bytes, const struct make_picture *picture)
{
    size_t at = 0;
    if (picture->is_random_access) {
        at = add(bytes, at, SEQUENCE, sizeof(SEQUENCE));
        bytes[7] = picture->has_other_headers ? 0x23 : bytes[7]; /* 4:3 or not */
        at = add(bytes, at, GROUP, sizeof(GROUP));
        at = add(bytes, at, FORMAT, sizeof(FORMAT));
    }
    if (!picture->is_field_pair && !picture->is_field) {
        return add_mpeg2_picture(bytes, at, picture, FRAME);
    }
    at = add_mpeg2_picture(bytes, at, picture, TOP_FIELD);
    return picture->is_field ? at : add_mpeg2_picture(bytes, at, picture, BOTTOM_FIELD);
}

size_t make_hevc(uint8_t *bytes, const struct make_picture *picture)
{
    static const uint8_t DELIMITER[] = {0x00, 0x00, 0x00, 0x01, 0x46, 0x01, 0x10};
    static const uint8_t IDR[] = {0x00, 0x00, 0x00, 0x01, 0x28, 0x01, 0xac};
    /* One eight-bit slice_pic_order_cnt_lsb behind five bits. */
    const uint8_t trail[] = {0x00,
                             0x00,
                             0x00,
                             0x01,
                             0x02,
                             0x01,
                             (uint8_t)(0xd0 | picture->order >> 5),
                             (uint8_t)(picture->order << 3 | 1)};
    size_t at = add(bytes, 0, DELIMITER, sizeof(DELIMITER));
    if (picture->is_random_access) {
        at = add(bytes, at, HEVC_SETS, sizeof(HEVC_SETS));
        bytes[at - 1] = picture->has_other_headers ? 0x8b : bytes[at - 1];
        at = add(bytes, at, IDR, sizeof(IDR));
    } else {
        at = add(bytes, at, trail, sizeof(trail));
    }
    return add_filler(bytes, at, picture->filler);
}

size_t make_adts(uint8_t *bytes, bool is_damaged)
{
    /* MPEG-4, no CRC, AAC-LC, 48 kHz, two channels */
    const uint8_t header[] = {
        is_damaged ? 0 : 0xff,       0xf1, 0x4c, 0x80 | ADTS_SIZE >> 11, ADTS_SIZE >> 3 & 0xff,
        (ADTS_SIZE & 7) << 5 | 0x1f, 0xfc};
    return add_filler(bytes, add(bytes, 0, header, sizeof(header)), ADTS_SIZE - sizeof(header));
}

size_t make_ac3(uint8_t *bytes, bool is_wrong)
{
    /* 48 kHz, frmsizecod, bsid 8, two channels */
    const uint8_t header[] = {0x0b, 0x77, 0x12, 0x34, is_wrong ? 22 : 20, 0x40, 0x40};
    return add_filler(bytes, add(bytes, 0, header, sizeof(header)), AC3_SIZE - sizeof(header));
}
