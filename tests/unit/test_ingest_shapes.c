/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <libavcodec/packet.h>

#include "tools/ingest/ingest_access_unit.h"
#include "tools/ingest/ingest_shape.h"

enum { UNIT_MOST = 24, SAMPLE_MOST = 512 };

static const struct video_profile H264 = {.codec = VIDEO_H264};
static const struct video_profile H264_INTERLACED = {.codec = VIDEO_H264, .is_interlaced = true};
static const struct video_profile HEVC = {.codec = VIDEO_HEVC};
static const struct video_profile MPEG2 = {.codec = VIDEO_MPEG2,
                                           .is_interlaced = true,
                                           .level = 8,
                                           .vbv_rate_bps = 4000000,
                                           .vbv_bits = 875000};

/* A unit of a test's access unit, from its type byte on. */
struct bytes {
    size_t size;
    uint8_t at[UNIT_MOST];
};

/* NAL units: the letters are those that the words below are spelled with. */
static struct bytes avc_unit(char letter)
{
    switch (letter) {
    case 'A':
        return (struct bytes){2, {0x09, 0xf0}};
    case 'S':
        return (struct bytes){4, {0x67, 0x64, 0x00, 0x28}};
    case 's': /* another one */
        return (struct bytes){4, {0x67, 0x64, 0x00, 0x29}};
    case 'P':
        return (struct bytes){3, {0x68, 0xee, 0x3c}};
    case 'T':
        return (struct bytes){4, {0x06, 0x01, 0x01, 0x34}};
    case 'U': /* SEI of user data */
        return (struct bytes){4, {0x06, 0x05, 0x01, 0x34}};
    case 'I':
        return (struct bytes){4, {0x65, 0x88, 0x80, 0x20}};
    case 'N':
        return (struct bytes){4, {0x41, 0x9a, 0x21, 0x20}};
    case 'F': /* filler data */
        return (struct bytes){3, {0x0c, 0xff, 0x80}};
    default:
        fail();
        return (struct bytes){0};
    }
}

static struct bytes hevc_unit(char letter)
{
    switch (letter) {
    case 'A':
        return (struct bytes){3, {0x46, 0x01, 0x50}};
    case 'V':
        return (struct bytes){4, {0x40, 0x01, 0x0c, 0x01}};
    case 'S':
        return (struct bytes){4, {0x42, 0x01, 0x01, 0x02}};
    case 'P':
        return (struct bytes){4, {0x44, 0x01, 0xc1, 0x72}};
    case 'I':
        return (struct bytes){4, {0x28, 0x01, 0xaf, 0x1d}};
    case 'N':
        return (struct bytes){4, {0x02, 0x01, 0xd0, 0x09}};
    case 'C': /* CRA: an open GOP */
        return (struct bytes){4, {0x2a, 0x01, 0xd0, 0x09}};
    case 'U': /* prefix SEI */
        return (struct bytes){4, {0x4e, 0x01, 0x05, 0x01}};
    default:
        fail();
        return (struct bytes){0};
    }
}

static struct bytes mpeg2_unit(char letter)
{
    switch (letter) {
    case 'S': /* as the encoder writes it: 4 Mb/s, vbv_buffer_size 54 */
        return (struct bytes){9, {0xb3, 0x2d, 0x02, 0x40, 0x33, 0x09, 0xc4, 0x21, 0xb0}};
    case 'E':
        return (struct bytes){7, {0xb5, 0x14, 0x82, 0x00, 0x01, 0x00, 0x00}};
    case 'D':
        return (struct bytes){9, {0xb5, 0x23, 0x05, 0x06, 0x05, 0x0b, 0x42, 0x12, 0x00}};
    case 'G':
        return (struct bytes){5, {0xb8, 0x00, 0x08, 0x00, 0x40}};
    case 'g': /* open */
        return (struct bytes){5, {0xb8, 0x00, 0x08, 0x00, 0x00}};
    case 'b': /* closed, with broken_link */
        return (struct bytes){5, {0xb8, 0x00, 0x08, 0x00, 0x60}};
    case 'I':
        return (struct bytes){5, {0x00, 0x00, 0x0f, 0xff, 0xf8}};
    case 'N':
        return (struct bytes){5, {0x00, 0x00, 0x57, 0xff, 0xf8}};
    case 'C':
        return (struct bytes){6, {0xb5, 0x8f, 0xff, 0xf3, 0x80, 0x00}};
    case 'c': /* the bottom field first */
        return (struct bytes){6, {0xb5, 0x8f, 0xff, 0xf3, 0x00, 0x00}};
    case 'f': /* a field picture */
        return (struct bytes){6, {0xb5, 0x8f, 0xff, 0xf1, 0x80, 0x00}};
    case 'U':
        return (struct bytes){6, {0xb2, 'D', 'T', 'G', '1', 0x41}};
    case 'L':
        return (struct bytes){4, {0x01, 0x23, 0x45, 0x67}};
    case 'M':
        return (struct bytes){4, {0x02, 0x23, 0x45, 0x67}};
    default:
        fail();
        return (struct bytes){0};
    }
}

/* Spells an access unit of the file; returns its size. */
static size_t spell(const struct video_profile *profile, const char *word, uint8_t *sample)
{
    size_t size = 0;
    for (const char *at = word; *at != '\0'; at++) {
        struct bytes unit = profile->codec == VIDEO_H264   ? avc_unit(*at)
                            : profile->codec == VIDEO_HEVC ? hevc_unit(*at)
                                                           : mpeg2_unit(*at);
        if (profile->codec == VIDEO_MPEG2) {
            memcpy(sample + size, (const uint8_t[]){0, 0, 1}, 3);
            size += 3;
            if (*at == 'U') {
                unit.at[unit.size++] = 0xf0 | AFD_FULL;
            }
        } else {
            memcpy(sample + size, (const uint8_t[]){0, 0, 0, (uint8_t)unit.size}, 4);
            size += 4;
        }
        memcpy(sample + size, unit.at, unit.size);
        size += unit.size;
    }
    return size;
}

enum verdict { BAD, OTHER, RANDOM_ACCESS };

static enum verdict judge(const struct video_profile *profile, const char *word)
{
    uint8_t sample[SAMPLE_MOST];
    struct ingest_shape shape;
    const size_t size = spell(profile, word, sample);
    return !ingest_shape_examine(profile, sample, size, &shape) ? BAD
           : shape.is_random_access                             ? RANDOM_ACCESS
                                                                : OTHER;
}

static void only_what_may_go_on_air_has_the_right_shape(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        const struct video_profile *profile;
        const char *word;
        enum verdict expected;
    } cases[] = {
        {"IDR picture", &H264, "ASPI", RANDOM_ACCESS},
        {"IDR picture in slices", &H264, "ASPIII", RANDOM_ACCESS},
        {"other picture", &H264, "AN", OTHER},
        {"no delimiter", &H264, "SPI", BAD},
        {"two delimiters", &H264, "AASPI", BAD},
        {"two pictures", &H264, "ANAN", BAD},
        {"SEI in front", &H264, "UASPI", BAD},
        {"SEI behind the parameter sets", &H264, "ASPUI", BAD},
        {"picture timing that the SPS does not announce", &H264, "ASPTI", BAD},
        {"no parameter sets", &H264, "AI", BAD},
        {"parameter sets in another order", &H264, "APSI", BAD},
        {"two SPS", &H264, "ASSPI", BAD},
        {"parameter sets before an ordinary picture", &H264, "ASPN", BAD},
        {"slices of two kinds", &H264, "ASPIN", BAD},
        {"no slice", &H264, "ASP", BAD},
        {"filler data", &H264, "ANF", BAD},
        {"nothing", &H264, "", BAD},
        {"interlaced", &H264_INTERLACED, "ASPTI", RANDOM_ACCESS},
        {"interlaced, other", &H264_INTERLACED, "ATN", OTHER},
        {"interlaced without timing", &H264_INTERLACED, "AN", BAD},
        {"interlaced with another SEI", &H264_INTERLACED, "AUN", BAD},
        {"HEVC", &HEVC, "AVSPI", RANDOM_ACCESS},
        {"HEVC, other", &HEVC, "AN", OTHER},
        {"HEVC without VPS", &HEVC, "ASPI", BAD},
        {"HEVC, VPS in front", &HEVC, "VASPI", BAD},
        {"HEVC with SEI", &HEVC, "AVSPUI", BAD},
        {"HEVC, open GOP", &HEVC, "AVSPC", BAD},
        {"MPEG-2", &MPEG2, "SEDGICUL", RANDOM_ACCESS},
        {"MPEG-2 in slices", &MPEG2, "SEDGICULMM", RANDOM_ACCESS},
        {"MPEG-2, other", &MPEG2, "NCULM", OTHER},
        {"MPEG-2, I picture without its headers", &MPEG2, "ICUL", BAD},
        {"MPEG-2, P picture with headers", &MPEG2, "SEDGNCUL", BAD},
        {"MPEG-2, open GOP", &MPEG2, "SEDgICUL", BAD},
        {"MPEG-2, broken link", &MPEG2, "SEDbICUL", BAD},
        {"MPEG-2 without GOP header", &MPEG2, "SEDICUL", BAD},
        {"MPEG-1", &MPEG2, "SGIUL", BAD},
        {"MPEG-2 without AFD", &MPEG2, "NCL", BAD},
        {"MPEG-2, bottom field first", &MPEG2, "NcUL", BAD},
        {"MPEG-2, field picture", &MPEG2, "NfUL", BAD},
        {"MPEG-2, two pictures", &MPEG2, "NCULNCUL", BAD},
        {"MPEG-2 without slices", &MPEG2, "NCU", BAD},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const enum verdict got = judge(cases[i].profile, cases[i].word);
        if (got != cases[i].expected) {
            fail_msg("%s (%s): expected %d, got %d", cases[i].what, cases[i].word,
                     (int)cases[i].expected, (int)got);
        }
    }
}

static void lengths_that_do_not_add_up_are_seen(void **state)
{
    (void)state;
    uint8_t sample[SAMPLE_MOST] = {0};
    struct ingest_shape shape;
    const size_t size = spell(&H264, "ASPI", sample);
    assert_true(ingest_shape_examine(&H264, sample, size, &shape));
    for (size_t cut = 1; cut < size; cut++) {
        /* Every NAL unit but the last is whole: a cut between two leaves no picture. */
        assert_false(ingest_shape_examine(&H264, sample, size - cut, &shape));
    }
    assert_false(ingest_shape_examine(&H264, sample, size + 1, &shape));
    sample[3]++;
    assert_false(ingest_shape_examine(&H264, sample, size, &shape));
    sample[0] = 0xff;
    assert_false(ingest_shape_examine(&H264, sample, size, &shape));

    const size_t mpeg2 = spell(&MPEG2, "NCUL", sample);
    assert_true(ingest_shape_examine(&MPEG2, sample, mpeg2, &shape));
    assert_false(ingest_shape_examine(&MPEG2, sample + 1, mpeg2 - 1, &shape));
}

static void the_hash_is_of_the_parameter_sets_alone(void **state)
{
    (void)state;
    uint8_t sample[SAMPLE_MOST];
    struct ingest_shape one;
    struct ingest_shape other;
    assert_true(ingest_shape_examine(&H264, sample, spell(&H264, "ASPI", sample), &one));
    assert_true(ingest_shape_examine(&H264, sample, spell(&H264, "ASPII", sample), &other));
    assert_memory_equal(one.parameter_sets, other.parameter_sets, SHA256_SIZE);
    assert_true(ingest_shape_examine(&H264, sample, spell(&H264, "AsPI", sample), &other));
    assert_memory_not_equal(one.parameter_sets, other.parameter_sets, SHA256_SIZE);

    /* The time code of a GOP header may differ, the display extension may not. */
    size_t size = spell(&MPEG2, "SEDGICUL", sample);
    assert_true(ingest_shape_examine(&MPEG2, sample, size, &one));
    sample[12 + 10 + 12 + 3 + 2] ^= 1;
    assert_true(ingest_shape_examine(&MPEG2, sample, size, &other));
    assert_memory_equal(one.parameter_sets, other.parameter_sets, SHA256_SIZE);
    sample[12 + 10 + 3 + 3] ^= 1;
    assert_true(ingest_shape_examine(&MPEG2, sample, size, &other));
    assert_memory_not_equal(one.parameter_sets, other.parameter_sets, SHA256_SIZE);
}

static AVPacket *packet_of(const uint8_t *bytes, size_t size)
{
    AVPacket *packet = av_packet_alloc();
    assert_non_null(packet);
    assert_int_equal(av_new_packet(packet, (int)size), 0);
    memcpy(packet->data, bytes, size);
    return packet;
}

/* Takes out the zero that may stand in front of a start code; returns what is left. */
static size_t without_spare_zeros(uint8_t *bytes, size_t size)
{
    size_t kept = 0;
    for (size_t i = 0; i < size; i++) {
        const bool is_spare =
            i + 4 <= size && memcmp(bytes + i, (const uint8_t[]){0, 0, 0, 1}, 4) == 0;
        if (!is_spare) {
            bytes[kept++] = bytes[i];
        }
    }
    return kept;
}

static void all_sei_but_picture_timing_is_left_out(void **state)
{
    (void)state;
    static const uint8_t GIVEN[] = {
        0, 0, 0, 1,    0x09, 0xf0,             /* AUD */
        0, 0, 0, 1,    0x06, 0x05, 0x01, 0x80, /* user data */
        0, 0, 1, 0x06, 0x01, 0x01,             /* picture timing */
        0, 0, 1, 0x06, 0x06, 0x01, 0x80,       /* recovery point */
        0, 0, 1, 0x65, 0x88, 0x80,             /* IDR */
    };
    static const uint8_t EXPECTED[] = {
        0, 0, 1, 0x09, 0xf0, 0, 0, 1, 0x06, 0x01, 0x01, 0, 0, 1, 0x65, 0x88, 0x80,
    };
    AVPacket *packet = packet_of(GIVEN, sizeof(GIVEN));
    assert_int_equal(ingest_access_unit_finish(&H264_INTERLACED, packet, AFD_FULL), 0);
    assert_int_equal(without_spare_zeros(packet->data, (size_t)packet->size), sizeof(EXPECTED));
    assert_memory_equal(packet->data, EXPECTED, sizeof(EXPECTED));
    av_packet_free(&packet);
}

static void an_mpeg2_header_says_the_level_and_the_profile_whatever_the_encoder_was_told(
    void **state)
{
    (void)state;
    uint8_t sample[SAMPLE_MOST];
    const size_t size = spell(&MPEG2, "SEDGICLM", sample);
    sample[4 + 5] = 0; /* as a tighter attempt would have it */
    AVPacket *packet = packet_of(sample, size);
    assert_int_equal(ingest_access_unit_finish(&MPEG2, packet, AFD_4_3), 0);
    const uint8_t *header = packet->data + 4;
    assert_int_equal(header[4] << 10 | header[5] << 2 | header[6] >> 6, 4000000 / 400);
    assert_int_equal((header[6] & 0x1f) << 5 | header[7] >> 3, 112);
    assert_int_equal(header[6] & 0x20, 0x20); /* the marker bit is as it was */
    struct ingest_shape shape;
    assert_true(ingest_shape_examine(&MPEG2, packet->data, (size_t)packet->size, &shape));
    assert_true(shape.is_random_access);
    assert_int_equal(packet->size, size + 10);
    assert_int_equal(packet->data[packet->size - 15], 0xf9); /* before the two slices */
    av_packet_free(&packet);
}

static void a_picture_without_slices_gets_no_afd(void **state)
{
    (void)state;
    uint8_t sample[SAMPLE_MOST];
    AVPacket *packet = packet_of(sample, spell(&MPEG2, "NC", sample));
    assert_true(ingest_access_unit_finish(&MPEG2, packet, AFD_FULL) < 0);
    av_packet_free(&packet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_may_go_on_air_has_the_right_shape),
        cmocka_unit_test(lengths_that_do_not_add_up_are_seen),
        cmocka_unit_test(the_hash_is_of_the_parameter_sets_alone),
        cmocka_unit_test(all_sei_but_picture_timing_is_left_out),
        cmocka_unit_test(
            an_mpeg2_header_says_the_level_and_the_profile_whatever_the_encoder_was_told),
        cmocka_unit_test(a_picture_without_slices_gets_no_afd),
    };
    return cmocka_run_group_tests_name("ingest shapes", tests, NULL, NULL);
}
