/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/ingest/ingest_graph.h"
#include "tools/ingest/ingest_picture.h"

static const struct profile SD = {.video = {.codec = VIDEO_H264,
                                            .width = 720,
                                            .height = 576,
                                            .aspect_num = 16,
                                            .aspect_den = 11,
                                            .pictures_per_second = 25}};
static const struct profile SD_INTERLACED = {.video = {.codec = VIDEO_MPEG2,
                                                       .width = 720,
                                                       .height = 576,
                                                       .aspect_num = 16,
                                                       .aspect_den = 11,
                                                       .pictures_per_second = 25,
                                                       .is_interlaced = true}};
static const struct profile HD = {.video = {.codec = VIDEO_H264,
                                            .width = 1920,
                                            .height = 1080,
                                            .aspect_num = 1,
                                            .aspect_den = 1,
                                            .pictures_per_second = 25,
                                            .is_interlaced = true}};
static const struct profile HD_FAST = {.video = {.codec = VIDEO_H264,
                                                 .width = 1280,
                                                 .height = 720,
                                                 .aspect_num = 1,
                                                 .aspect_den = 1,
                                                 .pictures_per_second = 50}};
static const struct profile UHD = {.video = {.codec = VIDEO_HEVC,
                                             .width = 3840,
                                             .height = 2160,
                                             .aspect_num = 1,
                                             .aspect_den = 1,
                                             .pictures_per_second = 50}};

enum { PROGRESSIVE, TOP_FIRST, BOTTOM_FIRST };

static struct ingest_picture picture_of(int width, int height, int rate, int fields)
{
    return (struct ingest_picture){
        .width = width,
        .height = height,
        .aspect = height == 576 ? (AVRational){16, 11} : (AVRational){1, 1},
        .rate = {rate, 1},
        .is_interlaced = fields != PROGRESSIVE,
        .is_top_first = fields == TOP_FIRST,
        .space = AVCOL_SPC_UNSPECIFIED,
        .transfer = AVCOL_TRC_UNSPECIFIED,
        .primaries = AVCOL_PRI_UNSPECIFIED,
    };
}

struct scan_case {
    const char *what;
    const struct profile *profile;
    int source[4];          /* as picture_of() takes them */
    const char *with[3];    /* what the chain must have, */
    const char *without[3]; /* and must not */
};

static void check_chains(const struct scan_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const int *of = cases[i].source;
        const struct ingest_picture source = picture_of(of[0], of[1], of[2], of[3]);
        char chain[1024];
        assert_int_equal(ingest_picture_chain(cases[i].profile, &source, 0, chain, sizeof(chain)),
                         0);
        for (size_t j = 0; j < 3; j++) {
            const char *with = cases[i].with[j];
            const char *without = cases[i].without[j];
            if ((with != NULL && strstr(chain, with) == NULL) ||
                (without != NULL && strstr(chain, without) != NULL)) {
                fail_msg("%s: %s", cases[i].what, chain);
            }
        }
    }
}

static void a_progressive_format_gets_whole_pictures(void **state)
{
    (void)state;
    static const struct scan_case CASES[] = {
        {"25p into 25p", &SD, {1280, 720, 25, PROGRESSIVE}, {"fps=25:"}, {"bwdif", "interlace"}},
        {"25i into 25p",
         &SD,
         {720, 576, 25, TOP_FIRST},
         {"bwdif=mode=send_frame", "fps=25:"},
         {"interlace="}},
        {"25i into 50p",
         &HD_FAST,
         {1920, 1080, 25, TOP_FIRST},
         {"bwdif=mode=send_field", "fps=50:"},
         {"interlace="}},
        {"25p into 50p",
         &HD_FAST,
         {1920, 1080, 25, PROGRESSIVE},
         {"fps=50:"},
         {"bwdif", "interlace="}},
        {"50p into 50p",
         &UHD,
         {3840, 2160, 50, PROGRESSIVE},
         {"fps=50:", "yuv420p10le"},
         {"bwdif", "interlace="}},
    };
    check_chains(CASES, sizeof(CASES) / sizeof(CASES[0]));
}

static void pictures_become_fields_of_an_interlaced_format(void **state)
{
    (void)state;
    static const struct scan_case CASES[] = {
        {"25p into 25i: both fields of one picture",
         &HD,
         {1280, 720, 25, PROGRESSIVE},
         {"fps=25:"},
         {"bwdif", "interlace="}},
        {"30p into 25i: likewise",
         &HD,
         {1280, 720, 30, PROGRESSIVE},
         {"fps=25:"},
         {"bwdif", "interlace="}},
        {"50p into 25i: a field each",
         &HD,
         {1920, 1080, 50, PROGRESSIVE},
         {"fps=50:", "interlace=scan=tff"},
         {"bwdif"}},
        {"60p into 25i: likewise",
         &SD_INTERLACED,
         {1920, 1080, 60, PROGRESSIVE},
         {"fps=50:", "interlace=scan=tff"},
         {"bwdif"}},
    };
    check_chains(CASES, sizeof(CASES) / sizeof(CASES[0]));
}

static void fields_stay_fields_where_size_and_rate_allow(void **state)
{
    (void)state;
    static const struct scan_case CASES[] = {
        {"25i of the same height: its fields",
         &HD,
         {1920, 1080, 25, TOP_FIRST},
         {"setfield=tff", "interl=1", "fps=25:"},
         {"bwdif", "fieldorder", "interlace="}},
        {"narrower: likewise",
         &HD,
         {1440, 1080, 25, TOP_FIRST},
         {"interl=1", "fps=25:"},
         {"bwdif", "interlace="}},
        {"bottom first: moved by a line",
         &SD_INTERLACED,
         {720, 576, 25, BOTTOM_FIRST},
         {"setfield=bff,fieldorder=tff", "interl=1"},
         {"bwdif"}},
        {"another height: anew",
         &HD,
         {720, 576, 25, TOP_FIRST},
         {"bwdif=mode=send_field", "fps=50:", "interlace=scan=tff"},
         {"interl=1", "fieldorder"}},
        {"another rate: anew",
         &HD,
         {1920, 1080, 30, TOP_FIRST},
         {"bwdif=mode=send_field", "fps=50:", "interlace=scan=tff"},
         {"interl=1"}},
        {"wider than the format: its height changes",
         &HD,
         {1920, 804, 25, TOP_FIRST},
         {"bwdif=mode=send_field"},
         {"interl=1"}},
    };
    check_chains(CASES, sizeof(CASES) / sizeof(CASES[0]));
}

static void a_turned_picture_keeps_no_fields(void **state)
{
    (void)state;
    struct ingest_picture source = picture_of(1080, 1080, 25, TOP_FIRST);
    char chain[1024];
    assert_int_equal(ingest_picture_chain(&HD, &source, 0, chain, sizeof(chain)), 0);
    assert_null(strstr(chain, "bwdif"));
    source.rotation = 90;
    assert_int_equal(ingest_picture_chain(&HD, &source, 0, chain, sizeof(chain)), 0);
    assert_non_null(strstr(chain, "bwdif=mode=send_field:deint=interlaced,fps=50:start_time=0.000:"
                                  "round=near,transpose=clock,"));
}

static void an_upright_picture_gets_sides_as_the_station_wants(void **state)
{
    (void)state;
    const struct ingest_picture wide = picture_of(1920, 1080, 25, PROGRESSIVE);
    struct ingest_picture turned = wide;
    struct profile blurred = SD;
    char chain[1024];
    turned.rotation = 90;
    blurred.conform.sides = CONFORM_BLURRED;
    assert_int_equal(ingest_picture_chain(&SD, &turned, 0, chain, sizeof(chain)), 0);
    assert_non_null(strstr(chain, "pad="));
    assert_int_equal(ingest_picture_chain(&blurred, &turned, 0, chain, sizeof(chain)), 0);
    assert_non_null(strstr(chain, "boxblur="));
    assert_null(strstr(chain, "pad="));
    assert_int_equal(ingest_picture_chain(&blurred, &wide, 0, chain, sizeof(chain)), 0);
    assert_null(strstr(chain, "boxblur="));
}

static void colours_are_those_of_the_format(void **state)
{
    (void)state;
    struct ingest_picture source = picture_of(1920, 1080, 25, PROGRESSIVE);
    char chain[1024];
    assert_int_equal(ingest_picture_chain(&SD, &source, 0, chain, sizeof(chain)), 0);
    assert_non_null(strstr(chain, ":in_color_matrix=bt709:out_color_matrix=bt470bg"));
    assert_int_equal(ingest_picture_chain(&UHD, &source, 0, chain, sizeof(chain)), 0);
    assert_non_null(strstr(chain, ":out_color_matrix=bt709"));
    assert_false(ingest_picture_needs_zscale(&source));

    source.transfer = AVCOL_TRC_SMPTE2084;
    assert_true(ingest_picture_needs_zscale(&source));
    assert_int_equal(ingest_picture_chain(&UHD, &source, 0, chain, sizeof(chain)), 0);
    assert_non_null(strstr(chain, "tin=smpte2084"));
    assert_non_null(strstr(chain, "tonemap="));
    source.transfer = AVCOL_TRC_BT2020_10; /* wide colours, but no higher range */
    source.primaries = AVCOL_PRI_BT2020;
    assert_int_equal(ingest_picture_chain(&UHD, &source, 0, chain, sizeof(chain)), 0);
    assert_non_null(strstr(chain, "zscale=tin=bt709"));
    assert_null(strstr(chain, "tonemap="));
}

static void afd_says_what_of_the_frame_is_picture(void **state)
{
    (void)state;
    static const struct {
        int width;
        int height;
        AVRational aspect;
        double rotation;
        enum ingest_afd expected;
    } cases[] = {
        {1920, 1080, {1, 1}, 0, AFD_FULL},  {720, 576, {16, 11}, 0, AFD_FULL},
        {720, 576, {64, 45}, 0, AFD_FULL},  {640, 480, {1, 1}, 0, AFD_4_3},
        {720, 576, {16, 15}, 0, AFD_4_3},   {704, 576, {12, 11}, 0, AFD_4_3},
        {1400, 900, {1, 1}, 0, AFD_14_9},   {1920, 804, {1, 1}, 0, AFD_WIDER},
        {1080, 1920, {1, 1}, 90, AFD_FULL}, {1080, 1920, {1, 1}, 0, AFD_FULL},
        {1000, 1000, {0, 1}, 0, AFD_FULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct ingest_picture source = {.width = cases[i].width,
                                              .height = cases[i].height,
                                              .aspect = cases[i].aspect,
                                              .rotation = cases[i].rotation};
        if (ingest_picture_afd(&source) != cases[i].expected) {
            fail_msg("case %zu: got %d", i, (int)ingest_picture_afd(&source));
        }
    }
}

static void a_chain_without_room_is_no_chain(void **state)
{
    (void)state;
    const struct ingest_picture source = picture_of(1920, 1080, 25, TOP_FIRST);
    char chain[100];
    assert_int_equal(ingest_picture_chain(&HD, &source, 0, chain, sizeof(chain)), -ENOSPC);
}

/* FFmpeg knows every filter and option that a chain may name. */
static void ffmpeg_understands_every_chain(void **state)
{
    (void)state;
    static const struct profile *const PROFILES[] = {&SD, &SD_INTERLACED, &HD, &HD_FAST, &UHD};
    static const enum AVColorTransferCharacteristic TRANSFERS[] = {
        AVCOL_TRC_UNSPECIFIED, AVCOL_TRC_SMPTE2084, AVCOL_TRC_ARIB_STD_B67};
    for (size_t i = 0; i < sizeof(PROFILES) / sizeof(PROFILES[0]) * 3 * 3 * 2; i++) {
        struct ingest_picture source =
            picture_of(1920, i % 2 == 0 ? 1080 : 576, i / 2 % 3 == 0 ? 25 : 50, (int)(i / 2 % 3));
        source.transfer = TRANSFERS[i / 6 % 3];
        source.rotation = i % 4 == 3 ? 90 : 0;
        struct profile profile = *PROFILES[i / 18];
        profile.conform.sides = i % 8 == 3 ? CONFORM_BLURRED : CONFORM_BLACK;
        const AVFrame like = {.width = source.width,
                              .height = source.height,
                              .format = AV_PIX_FMT_YUV420P,
                              .sample_aspect_ratio = source.aspect};
        struct ingest_graph graph = {0};
        char chain[1024];
        assert_int_equal(ingest_picture_chain(&profile, &source, 1.5, chain, sizeof(chain)), 0);
        if (ingest_graph_open(&graph, &like, chain) < 0) {
            fail_msg("FFmpeg does not understand %s", chain);
        }
        ingest_graph_close(&graph);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_progressive_format_gets_whole_pictures),
        cmocka_unit_test(pictures_become_fields_of_an_interlaced_format),
        cmocka_unit_test(fields_stay_fields_where_size_and_rate_allow),
        cmocka_unit_test(a_turned_picture_keeps_no_fields),
        cmocka_unit_test(an_upright_picture_gets_sides_as_the_station_wants),
        cmocka_unit_test(colours_are_those_of_the_format),
        cmocka_unit_test(afd_says_what_of_the_frame_is_picture),
        cmocka_unit_test(a_chain_without_room_is_no_chain),
        cmocka_unit_test(ffmpeg_understands_every_chain),
    };
    return cmocka_run_group_tests_name("ingest pictures", tests, NULL, NULL);
}
