/* SPDX-License-Identifier: MIT */
#include "tests/support/fake_video.h"

#include <assert.h>
#include <string.h>

enum {
    NAL_LENGTH = 4,
    SLICE_LEAST = 8, /* bytes of a slice after its length or start code */
    HEAD_MOST = 256,
    MACROBLOCK = 16,
};

/* --- Bits -------------------------------------------------------------------- */

struct bits {
    uint8_t *bytes;
    size_t count;
};

static void put(struct bits *bits, int width, uint64_t value)
{
    for (int i = width - 1; i >= 0; i--) {
        uint8_t *byte = &bits->bytes[bits->count / 8];
        *byte = bits->count % 8 == 0 ? 0 : *byte;
        *byte |= (uint8_t)((value >> i & 1) << (7 - bits->count % 8));
        bits->count++;
    }
}

/* ue(v) */
static void put_exp(struct bits *bits, unsigned value)
{
    int width = 0;
    while ((value + 1) >> width != 0) {
        width++;
    }
    put(bits, 2 * width - 1, value + 1);
}

static void fill_byte(struct bits *bits, unsigned bit)
{
    while (bits->count % 8 != 0) {
        put(bits, 1, bit);
    }
}

/* --- Parameter sets ---------------------------------------------------------- */

/* As libx264 and libx265 of Debian 12 wrote them for the sizes and levels of
 * schedules/station.cfg; without HRD. */
static const uint8_t SPS_SD[] = {0x67, 0x64, 0x00, 0x1e, 0xac, 0xd1, 0x00, 0xb4, 0x12,
                                 0x6c, 0x04, 0x40, 0x00, 0x00, 0x03, 0x00, 0x40, 0x00,
                                 0x00, 0x0c, 0x83, 0xc5, 0x8b, 0x44, 0x80};
static const uint8_t PPS_SD[] = {0x68, 0xeb, 0xec, 0xb2, 0x2c};
static const uint8_t SPS_HD[] = {0x67, 0x64, 0x00, 0x28, 0xac, 0xd3, 0x01, 0xe0, 0x11,
                                 0x3f, 0x78, 0x08, 0x80, 0x00, 0x00, 0x03, 0x00, 0x80,
                                 0x00, 0x00, 0x19, 0x0f, 0x8b, 0x16, 0x9c};
static const uint8_t PPS_HD[] = {0x68, 0xfa, 0xa3, 0xcb, 0x22, 0xc0};
static const uint8_t SPS_720[] = {0x67, 0x64, 0x00, 0x20, 0xac, 0xd1, 0x00, 0x50, 0x05,
                                  0xbb, 0x01, 0x10, 0x00, 0x00, 0x03, 0x00, 0x10, 0x00,
                                  0x00, 0x06, 0x40, 0xf1, 0x83, 0x11, 0x20};
static const uint8_t PPS_720[] = {0x68, 0xeb, 0xe3, 0xcb, 0x22, 0xc0};
static const uint8_t VPS_UHD[] = {0x40, 0x01, 0x0c, 0x01, 0xff, 0xff, 0x02, 0x20,
                                  0x00, 0x00, 0x03, 0x00, 0x90, 0x00, 0x00, 0x03,
                                  0x00, 0x00, 0x03, 0x00, 0x99, 0x91, 0x10, 0x09};
static const uint8_t SPS_UHD[] = {0x42, 0x01, 0x01, 0x02, 0x20, 0x00, 0x00, 0x03, 0x00, 0x90, 0x00,
                                  0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x99, 0xa0, 0x01, 0xe0, 0x20,
                                  0x02, 0x1c, 0x4d, 0x96, 0x44, 0x49, 0x24, 0xca, 0xf0, 0x16, 0x80,
                                  0x80, 0x00, 0x00, 0x03, 0x00, 0x80, 0x00, 0x00, 0x19, 0x04};
static const uint8_t PPS_UHD[] = {0x44, 0x01, 0xc1, 0x72, 0xb4, 0x62, 0x40};

struct nal {
    const uint8_t *bytes;
    size_t size;
};

#define NAL(bytes)                                                                                 \
    {                                                                                              \
        bytes, sizeof(bytes)                                                                       \
    }

enum { SETS_MOST = 3 };

static const struct sets {
    int height;
    struct nal sets[SETS_MOST];
} SETS[] = {
    {576, {NAL(SPS_SD), NAL(PPS_SD)}},
    {1080, {NAL(SPS_HD), NAL(PPS_HD)}},
    {720, {NAL(SPS_720), NAL(PPS_720)}},
    {2160, {NAL(VPS_UHD), NAL(SPS_UHD), NAL(PPS_UHD)}},
};

static const struct sets *sets_of(const struct video_profile *video)
{
    for (size_t i = 0; i < sizeof(SETS) / sizeof(SETS[0]); i++) {
        if (SETS[i].height == video->height) {
            return &SETS[i];
        }
    }
    assert(!"no parameter sets for pictures of this height");
    return NULL;
}

/* --- H.264 and HEVC ---------------------------------------------------------- */

static uint8_t *put_nal(uint8_t *at, const uint8_t *nal, size_t size)
{
    const uint8_t length[NAL_LENGTH] = {(uint8_t)(size >> 24), (uint8_t)(size >> 16),
                                        (uint8_t)(size >> 8), (uint8_t)size};
    memcpy(at, length, NAL_LENGTH);
    if (nal != NULL) {
        memcpy(at + NAL_LENGTH, nal, size);
    }
    return at + NAL_LENGTH + size;
}

/* Delimiter and, for an I picture, parameter sets; returns their end. */
static uint8_t *put_nal_head(const struct video_profile *video, const struct fake_picture *picture,
                             uint8_t *at)
{
    static const uint8_t TYPES[] = {[FAKE_I] = 0x10, [FAKE_P] = 0x30, [FAKE_B] = 0x50};
    const uint8_t avc[] = {0x09, TYPES[picture->type]};
    const uint8_t hevc[] = {0x46, 0x01, TYPES[picture->type]};
    const bool is_hevc = video->codec == VIDEO_HEVC;
    at = put_nal(at, is_hevc ? hevc : avc, is_hevc ? sizeof(hevc) : sizeof(avc));
    const struct sets *sets = sets_of(video);
    for (int i = 0; i < SETS_MOST && picture->type == FAKE_I; i++) {
        at = sets->sets[i].size > 0 ? put_nal(at, sets->sets[i].bytes, sets->sets[i].size) : at;
    }
    return at;
}

/* NAL header and slice header as far as the picture order count; the sets above say
 * log2_max_frame_num 4, log2_max_pic_order_cnt_lsb 5. */
static void put_avc_slice(const struct video_profile *video, const struct fake_picture *picture,
                          struct bits *bits)
{
    static const uint8_t HEADERS[] = {[FAKE_I] = 0x65, [FAKE_P] = 0x41, [FAKE_B] = 0x01};
    static const unsigned TYPES[] = {[FAKE_I] = 7, [FAKE_P] = 5, [FAKE_B] = 6};
    put(bits, 8, HEADERS[picture->type]);
    put_exp(bits, 0); /* first_mb_in_slice */
    put_exp(bits, TYPES[picture->type]);
    put_exp(bits, 0); /* pic_parameter_set_id */
    put(bits, 4, (uint64_t)picture->references % 16);
    if (video->is_interlaced) {
        put(bits, 1, 0); /* field_pic_flag: both fields in one picture */
    }
    if (picture->type == FAKE_I) {
        put_exp(bits, (unsigned)picture->gop % 2);
    }
    put(bits, 5, (uint64_t)picture->display * 2 % 32);
    fill_byte(bits, 1);
}

/* The same; log2_max_pic_order_cnt_lsb 8. */
static void put_hevc_slice(const struct fake_picture *picture, struct bits *bits)
{
    static const uint8_t HEADERS[] = {[FAKE_I] = 0x28, [FAKE_P] = 0x02, [FAKE_B] = 0x00};
    static const unsigned TYPES[] = {[FAKE_I] = 2, [FAKE_P] = 1, [FAKE_B] = 0};
    put(bits, 8, HEADERS[picture->type]);
    put(bits, 8, 0x01);
    put(bits, 1, 1); /* first_slice_segment_in_pic_flag */
    if (picture->type == FAKE_I) {
        put(bits, 1, 0); /* no_output_of_prior_pics_flag */
    }
    put_exp(bits, 0); /* slice_pic_parameter_set_id */
    put_exp(bits, TYPES[picture->type]);
    if (picture->type != FAKE_I) {
        put(bits, 8, (uint64_t)picture->display);
    }
    fill_byte(bits, 1);
}

static void write_nals(const struct video_profile *video, const struct fake_picture *picture,
                       struct dice *dice, uint8_t *bytes, size_t size)
{
    uint8_t *slice = put_nal_head(video, picture, bytes);
    const size_t slice_size = size - (size_t)(slice - bytes) - NAL_LENGTH;
    put_nal(slice, NULL, slice_size);
    slice += NAL_LENGTH;
    struct bits bits = {.bytes = slice};
    if (video->codec == VIDEO_HEVC) {
        put_hevc_slice(picture, &bits);
    } else {
        put_avc_slice(video, picture, &bits);
    }
    dice_fill(dice, slice + bits.count / 8, slice_size - bits.count / 8);
}

/* --- MPEG-2 ------------------------------------------------------------------ */

static void put_start_code(struct bits *bits, unsigned code)
{
    fill_byte(bits, 0);
    put(bits, 32, 0x100 | code);
}

static void put_sequence(const struct video_profile *video, struct bits *bits)
{
    enum { VBV_BUFFER_SIZE = 112 }; /* of MP@ML, in units of 16384 bits */
    put_start_code(bits, 0xb3);
    put(bits, 12, (uint64_t)video->width);
    put(bits, 12, (uint64_t)video->height);
    put(bits, 4, video->aspect_num * 9 == video->aspect_den * 12 ? 2 : 3); /* 4:3, 16:9 */
    put(bits, 4, 3);                                                       /* 25 a second */
    put(bits, 18, (uint64_t)video->vbv_rate_bps / 400);
    put(bits, 1, 1);
    put(bits, 10, VBV_BUFFER_SIZE);
    put(bits, 3, 0); /* no constrained parameters, no matrices */
    put_start_code(bits, 0xb5);
    put(bits, 4, 1); /* sequence extension */
    put(bits, 8, 0x48);
    put(bits, 1, !video->is_interlaced);
    put(bits, 2, 1); /* 4:2:0 */
    put(bits, 4, 0);
    put(bits, 12, 0);
    put(bits, 1, 1);
    put(bits, 8, 0);
    put(bits, 8, 0); /* low_delay 0, frame rate as it is */
}

static void put_gop(struct bits *bits)
{
    put_start_code(bits, 0xb8);
    put(bits, 12, 0);
    put(bits, 1, 1);
    put(bits, 12, 0);
    put(bits, 2, 2); /* closed, not broken */
    fill_byte(bits, 0);
}

static void put_picture(const struct video_profile *video, const struct fake_picture *picture,
                        struct bits *bits)
{
    static const unsigned TYPES[] = {[FAKE_I] = 1, [FAKE_P] = 2, [FAKE_B] = 3};
    const unsigned forward = picture->type == FAKE_I ? 15 : 1;
    const unsigned backward = picture->type == FAKE_B ? 1 : 15;
    put_start_code(bits, 0x00);
    put(bits, 10, (uint64_t)picture->display);
    put(bits, 3, TYPES[picture->type]);
    put(bits, 16, 0xffff);
    for (int i = 0; i < (int)picture->type; i++) {
        put(bits, 4, 7); /* full_pel_..._vector 0, ..._f_code 7 */
    }
    put(bits, 1, 0);
    put_start_code(bits, 0xb5);
    put(bits, 4, 8); /* picture coding extension */
    put(bits, 8, forward << 4 | forward);
    put(bits, 8, backward << 4 | backward);
    put(bits, 2, 0);
    put(bits, 2, 3);                    /* a frame */
    put(bits, 1, video->is_interlaced); /* top_field_first */
    put(bits, 6, 0);
    put(bits, 2, video->is_interlaced ? 0 : 3); /* chroma_420_type, progressive_frame */
    put(bits, 1, 0);
    fill_byte(bits, 0);
}

/* Active format description; ETSI TS 101 154, annex B. */
static void put_afd(struct bits *bits)
{
    put_start_code(bits, 0xb2);
    put(bits, 32, 0x44544731); /* DTG1 */
    put(bits, 16, 0x41f8);     /* the whole frame */
}

static size_t put_mpeg2_head(const struct video_profile *video, const struct fake_picture *picture,
                             uint8_t *bytes)
{
    struct bits bits = {.bytes = bytes};
    if (picture->type == FAKE_I) {
        put_sequence(video, &bits);
        put_gop(&bits);
    }
    put_picture(video, picture, &bits);
    if (picture->type == FAKE_I) {
        put_afd(&bits);
    }
    return bits.count / 8;
}

/* A slice for each row of macroblocks. */
static void write_mpeg2(const struct video_profile *video, const struct fake_picture *picture,
                        struct dice *dice, uint8_t *bytes, size_t size)
{
    const size_t rows = (size_t)video->height / MACROBLOCK;
    uint8_t *at = bytes + put_mpeg2_head(video, picture, bytes);
    size_t left = size - (size_t)(at - bytes);
    for (size_t row = 0; row < rows; row++) {
        const size_t slice = left / (rows - row);
        struct bits bits = {.bytes = at};
        put_start_code(&bits, (unsigned)row + 1);
        dice_fill(dice, at + 4, slice - 4);
        at += slice;
        left -= slice;
    }
}

/* --- All --------------------------------------------------------------------- */

size_t fake_picture_least(const struct video_profile *video, const struct fake_picture *picture)
{
    uint8_t head[HEAD_MOST];
    if (video->codec == VIDEO_MPEG2) {
        const size_t rows = (size_t)video->height / MACROBLOCK;
        return put_mpeg2_head(video, picture, head) + rows * (NAL_LENGTH + SLICE_LEAST);
    }
    return (size_t)(put_nal_head(video, picture, head) - head) + NAL_LENGTH + SLICE_LEAST;
}

void fake_picture_write(const struct video_profile *video, const struct fake_picture *picture,
                        struct dice *dice, uint8_t *bytes, size_t size)
{
    if (video->codec == VIDEO_MPEG2) {
        write_mpeg2(video, picture, dice, bytes, size);
    } else {
        write_nals(video, picture, dice, bytes, size);
    }
}
