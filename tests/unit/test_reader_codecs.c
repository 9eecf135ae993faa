/* SPDX-License-Identifier: MIT */
/*
 * What the reader understands of video and audio, against numbers worked out
 * by hand.
 */
#include "tools/meter/avc_scan.h"
#include "tools/meter/es_frame.h"
#include "tools/meter/hevc_scan.h"
#include "tools/meter/mpeg2_scan.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* x264, High, level 3, 720x576, 25 frames a second. */
static const uint8_t SPS[] = {0x67, 0x64, 0x00, 0x1e, 0xac, 0xd1, 0x00, 0xb4, 0x12, 0x6c,
                              0x11, 0xa8, 0x28, 0x30, 0x2a, 0x00, 0x00, 0x03, 0x00, 0x02,
                              0x00, 0x00, 0x03, 0x00, 0x65, 0x1e, 0x2c, 0x5a, 0x24};

static void an_sps_is_read(void **state)
{
    (void)state;
    struct avc_sps sps;
    assert_int_equal(avc_sps_parse(SPS, sizeof(SPS), &sps), 0);
    assert_int_equal(sps.profile_idc, 100);
    assert_int_equal(sps.level_idc, 30);
    assert_int_equal(sps.width, 720);
    assert_int_equal(sps.height, 576);
    assert_int_equal(sps.frame_ticks, 3600);
    assert_true(sps.is_progressive);
    assert_false(sps.has_nal_hrd);
    for (size_t size = 0; size < 12; size++) {
        assert_int_equal(avc_sps_parse(SPS, size, &sps), -EBADMSG);
    }
}

static void buffers_follow_from_the_level(void **state)
{
    (void)state;
    struct avc_sps sps = {.profile_idc = 100, .level_idc = 30};
    struct tstd_model model = {0};
    assert_int_equal(avc_model(&sps, &model), 0);
    assert_int_equal(model.rx_bps, 14400000);
    assert_int_equal(model.rbx_bps, 12000000);
    assert_int_equal(model.b_size, 1500000);
    assert_int_equal(model.mb_size, 8000);
    sps.level_idc = 77;
    assert_int_equal(avc_model(&sps, &model), -ENOTSUP);
}

static void buffers_follow_from_the_nal_hrd(void **state)
{
    (void)state;
    const struct avc_sps sps = {
        .profile_idc = 100,
        .level_idc = 40,
        .has_nal_hrd = true,
        .hrd_rate_bps = 8798000,
        .hrd_cpb_bits = INT64_C(1099696) * 8,
    };
    struct tstd_model model = {0};
    assert_int_equal(avc_model(&sps, &model), 0);
    assert_int_equal(model.rx_bps, 10557600);
    assert_int_equal(model.b_size, 1099696);
    assert_int_equal(model.mb_size, 2666304);
}

static void no_hrd_is_beyond_its_level(void **state)
{
    (void)state;
    struct tstd_model model = {0};
    struct avc_sps avc = {.profile_idc = 100, .level_idc = 30, .has_nal_hrd = true};
    avc.hrd_rate_bps = 15000000; /* what High has at level 3, and no bit more */
    avc.hrd_cpb_bits = 15000000;
    assert_int_equal(avc_model(&avc, &model), 0);
    avc.hrd_cpb_bits++;
    assert_int_equal(avc_model(&avc, &model), -ENOTSUP);
    avc.hrd_cpb_bits--;
    avc.profile_idc = 77;
    assert_int_equal(avc_model(&avc, &model), -ENOTSUP);
    avc.hrd_cpb_bits = 12000000;
    avc.hrd_rate_bps = 12000001;
    assert_int_equal(avc_model(&avc, &model), -ENOTSUP);

    struct hevc_sps hevc = {.profile_idc = 2, .level_idc = 153};
    struct hevc_timing vps = {.has_nal_hrd = true, .hrd_rate_bps = 44000000};
    vps.hrd_cpb_bits = 44000000;
    assert_int_equal(hevc_model(&hevc, &vps, &model), 0);
    vps.hrd_cpb_bits = INT64_C(1) << 51;
    assert_int_equal(hevc_model(&hevc, &vps, &model), -ENOTSUP);

    struct mpeg2_sequence mpeg2 = {.profile_and_level = 0x48, .vbv_bits = 1835008};
    assert_int_equal(mpeg2_model(&mpeg2, &model), 0);
    mpeg2.vbv_bits += 16384;
    assert_int_equal(mpeg2_model(&mpeg2, &model), -ENOTSUP);
}

/* Codes of exponential Golomb behind each other. */
struct writer {
    uint8_t bytes[256];
    size_t bits;
};

static void put_bits(struct writer *writer, uint64_t value, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        const unsigned bit = (unsigned)(value >> i) & 1;
        writer->bytes[writer->bits / 8] |= (uint8_t)(bit << (7 - writer->bits % 8));
        writer->bits++;
    }
}

static void put_golomb(struct writer *writer, uint64_t value)
{
    int size = 0;
    while ((value + 1) >> size > 1) {
        size++;
    }
    put_bits(writer, 0, size);
    put_bits(writer, value + 1, size + 1);
}

/* Reaches what overflows an int where that is looked for (SAN=undefined). */
static void steps_of_a_scaling_list_may_be_anything(void **state)
{
    (void)state;
    struct writer writer = {{0}, 0};
    struct avc_sps sps;
    put_bits(&writer, 0x6764001e, 32);
    put_golomb(&writer, 0);
    put_golomb(&writer, 1);
    put_golomb(&writer, 0);
    put_golomb(&writer, 0);
    put_bits(&writer, 0, 1);
    put_bits(&writer, 3, 2);                   /* there are lists, the first is given */
    put_golomb(&writer, UINT64_C(0xfffffffd)); /* +2^31 - 1 */
    put_golomb(&writer, UINT64_C(0xfffffffd));
    assert_int_equal(avc_sps_parse(writer.bytes, (writer.bits + 7) / 8, &sps), -EBADMSG);
}

/* A PES packet: delimiter and field, twice; `slices` are the bytes behind the NAL headers. */
static const char *scan_fields(const uint8_t slices[2][2], int delimiters, uint64_t *problems)
{
    static const uint8_t DELIMITER[] = {0, 0, 0, 1, 0x09, 0xf0};
    struct avc_scan scan = {
        .report = ts_report_create(NULL, 0),
        .has_sps = true,
        .sps = {.frame_num_bits = 4},
    };
    uint8_t unit[64];
    size_t size = 0;
    for (int i = 0; i < 2; i++) {
        const uint8_t slice[] = {0, 0, 0, 1, 0x41, slices[i][0], slices[i][1], 0xa5, 0xa5, 0xa5};
        if (i < delimiters) {
            memcpy(unit + size, DELIMITER, sizeof(DELIMITER));
            size += sizeof(DELIMITER);
        }
        memcpy(unit + size, slice, sizeof(slice));
        size += sizeof(slice);
    }
    struct es_picture picture = {0};
    assert_non_null(scan.report);
    avc_scan_unit(&scan, unit, size, 0, &picture);
    *problems = ts_report_total(scan.report);
    ts_report_destroy(scan.report);
    return picture.ungraded;
}

static void two_fields_make_a_frame_and_two_frames_do_not(void **state)
{
    (void)state;
    /* first_mb 0, slice_type 0, PPS 0, frame_num 1, field_pic_flag, bottom_field_flag */
    static const uint8_t PAIR[2][2] = {{0xe3, 0x40}, {0xe3, 0xc0}};
    static const uint8_t SAME[2][2] = {{0xe3, 0x40}, {0xe3, 0x40}};
    static const uint8_t FRAMES[2][2] = {{0xe2, 0x40}, {0xe4, 0x40}};
    uint64_t problems = 0;
    assert_null(scan_fields(PAIR, 2, &problems));
    assert_int_equal(problems, 0);
    assert_null(scan_fields(PAIR, 1, &problems));
    assert_int_equal(problems, 1);
    assert_non_null(scan_fields(SAME, 2, &problems));
    assert_int_equal(problems, 0);
    assert_non_null(scan_fields(FRAMES, 2, &problems));
    assert_int_equal(problems, 0);
}

static void an_mpeg2_sequence_is_read(void **state)
{
    (void)state;
    /* FFmpeg, MP@ML, 720 x 576 at 25, 4 Mb/s, vbv_buffer_size 112. */
    static const uint8_t BYTES[] = {0x00, 0x00, 0x01, 0xb3, 0x2d, 0x02, 0x40, 0x13,
                                    0x09, 0xc4, 0x23, 0x80, 0x00, 0x00, 0x01, 0xb5,
                                    0x14, 0x82, 0x00, 0x01, 0x00, 0x00};
    struct mpeg2_sequence sequence;
    struct tstd_model model = {0};
    assert_int_equal(mpeg2_sequence_parse(BYTES, sizeof(BYTES), &sequence), 0);
    assert_int_equal(sequence.width, 720);
    assert_int_equal(sequence.height, 576);
    assert_int_equal(sequence.frame_ticks, 3600);
    assert_int_equal(sequence.rate_bps, 4000000);
    assert_int_equal(sequence.vbv_bits, 1835008);
    assert_false(sequence.is_progressive);
    assert_int_equal(mpeg2_model(&sequence, &model), 0);
    assert_int_equal(model.rx_bps, 18000000);
    assert_int_equal(model.rbx_bps, 15000000);
    assert_int_equal(model.b_size, 229376);
    assert_int_equal(model.mb_size, 10000);
    for (size_t size = 0; size < sizeof(BYTES); size++) {
        assert_int_equal(mpeg2_sequence_parse(BYTES, size, &sequence), -EBADMSG);
    }
    sequence.vbv_bits = 835008; /* what the level leaves goes to MB */
    assert_int_equal(mpeg2_model(&sequence, &model), 0);
    assert_int_equal(model.mb_size, 135000);
    sequence.profile_and_level = 0x44; /* MP@HL */
    assert_int_equal(mpeg2_model(&sequence, &model), 0);
    assert_int_equal(model.rx_bps, 96000000);
    assert_int_equal(model.rbx_bps, 4200000);
    assert_int_equal(model.mb_size, 53333);
    sequence.profile_and_level = 0x85; /* 4:2:2 */
    assert_int_equal(mpeg2_model(&sequence, &model), -ENOTSUP);
}

static void an_hevc_sps_is_read(void **state)
{
    (void)state;
    /* x265, Main, level 3, 640 x 360 at 50, NAL HRD of 2 Mb/s and 2 Mbit. */
    static const uint8_t BYTES[] = {
        0x42, 0x01, 0x01, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00, 0x90, 0x00, 0x00, 0x03, 0x00,
        0x00, 0x03, 0x00, 0x5a, 0xa0, 0x05, 0x02, 0x01, 0x71, 0xf2, 0xe5, 0x95, 0x95, 0x29,
        0x30, 0xbc, 0x05, 0xa0, 0x20, 0x00, 0x00, 0x03, 0x00, 0x20, 0x00, 0x00, 0x06, 0x4c,
        0x13, 0x92, 0x8d, 0xc0, 0x01, 0xe8, 0x48, 0x00, 0x3d, 0x09, 0x10};
    const struct hevc_timing none = {0};
    struct hevc_sps sps;
    struct tstd_model model = {0};
    assert_int_equal(hevc_sps_parse(BYTES, sizeof(BYTES), &sps), 0);
    assert_int_equal(sps.level_idc, 90);
    assert_false(sps.is_high_tier);
    assert_int_equal(sps.width, 640);
    assert_int_equal(sps.height, 360);
    assert_int_equal(sps.order_bits, 8);
    assert_int_equal(sps.timing.frame_ticks, 1800);
    assert_true(sps.timing.has_nal_hrd);
    assert_int_equal(hevc_model(&sps, &none, &model), 0);
    assert_int_equal(model.rx_bps, 2400000);
    assert_int_equal(model.rbx_bps, 6600000);
    assert_int_equal(model.b_size, 250000);
    assert_int_equal(model.mb_size, (26400 + 8800 + 6600000 - 2000000) / 8);
    for (size_t size = 0; size < sizeof(BYTES) - 8; size++) {
        assert_int_equal(hevc_sps_parse(BYTES, size, &sps), -EBADMSG);
    }
    sps.timing = none;
    sps.level_idc = 153;
    sps.is_high_tier = true;
    assert_int_equal(hevc_model(&sps, &none, &model), 0);
    assert_int_equal(model.rx_bps, 211200000);
    assert_int_equal(model.b_size, 22000000);
    sps.level_idc = 90; /* has no high tier */
    assert_int_equal(hevc_model(&sps, &none, &model), -ENOTSUP);
}

static void audio_frames_have_their_sizes(void **state)
{
    (void)state;
    static const struct {
        bool (*parse)(const uint8_t *header, struct es_frame *frame);
        uint8_t header[ES_FRAME_HEADER];
        int size; /* 0: no frame */
        int samples;
        int sample_rate;
        int channels;
        bool is_ungraded;
    } FRAMES[] = {
        {es_frame_mpeg, {0xff, 0xfd, 0xa4, 0x00}, 576, 1152, 48000, 2, false},
        {es_frame_mpeg, {0xff, 0xfd, 0xa2, 0xc0}, 627, 1152, 44100, 1, false},
        {es_frame_mpeg, {0xff, 0xf5, 0x80, 0xc0}, 417, 1152, 22050, 1, false},
        {es_frame_mpeg, {0xff, 0xfb, 0x90, 0x00}, 1, 1152, 44100, 2, true}, /* Layer III */
        {es_frame_mpeg, {0xff, 0xf9, 0x90, 0x00}, 0, 0, 0, 0, false},
        {es_frame_adts, {0xff, 0xf1, 0x4c, 0x80, 0x2a, 0xbf, 0xfc}, 341, 1024, 48000, 2, false},
        {es_frame_adts, {0xff, 0xf1, 0x4d, 0x80, 0x2a, 0xbf, 0xfd}, 341, 2048, 48000, 6, false},
        {es_frame_adts, {0xff, 0xf1, 0x7c, 0x80, 0x2a, 0xbf, 0xfc}, 0, 0, 0, 0, false},
        {es_frame_adts, {0xff, 0xf1, 0x4c, 0x80, 0x00, 0xff, 0xfc}, 0, 0, 0, 0, false},
        {es_frame_ac3, {0x0b, 0x77, 0, 0, 20, 0x40, 0x40}, 768, 1536, 48000, 2, false},
        {es_frame_ac3, {0x0b, 0x77, 0, 0, 0x40 | 21, 0x40, 0xe0}, 836, 1536, 44100, 5, false},
        {es_frame_ac3, {0x0b, 0x77, 0, 0, 0x80 | 36, 0x40, 0x40}, 3840, 1536, 32000, 2, false},
        {es_frame_ac3, {0x0b, 0x77, 0, 0, 38, 0x40, 0x40}, 0, 0, 0, 0, false},
        {es_frame_ac3, {0x0b, 0x77, 0, 0, 20, 0x80, 0x40}, 1, 1536, 48000, 0, true},
    };
    for (size_t i = 0; i < sizeof(FRAMES) / sizeof(FRAMES[0]); i++) {
        struct es_frame frame = {0};
        const bool is_frame = FRAMES[i].parse(FRAMES[i].header, &frame);
        if (is_frame != (FRAMES[i].size > 0) || frame.size != FRAMES[i].size ||
            frame.samples != FRAMES[i].samples || frame.sample_rate != FRAMES[i].sample_rate ||
            frame.channels != FRAMES[i].channels ||
            (frame.ungraded != NULL) != FRAMES[i].is_ungraded) {
            fail_msg("frame %zu: %d bytes, %d samples, %d Hz, %d channels", i, frame.size,
                     frame.samples, frame.sample_rate, frame.channels);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_sps_is_read),
        cmocka_unit_test(buffers_follow_from_the_level),
        cmocka_unit_test(buffers_follow_from_the_nal_hrd),
        cmocka_unit_test(no_hrd_is_beyond_its_level),
        cmocka_unit_test(steps_of_a_scaling_list_may_be_anything),
        cmocka_unit_test(two_fields_make_a_frame_and_two_frames_do_not),
        cmocka_unit_test(an_mpeg2_sequence_is_read),
        cmocka_unit_test(an_hevc_sps_is_read),
        cmocka_unit_test(audio_frames_have_their_sizes),
    };
    return cmocka_run_group_tests_name("reader_codecs", tests, NULL, NULL);
}
