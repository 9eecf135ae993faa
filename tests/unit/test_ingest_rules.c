/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/ingest/ingest_graph.h"
#include "tools/ingest/ingest_loudness.h"
#include "tools/ingest/ingest_picture.h"
#include "tools/ingest/ingest_source.h"
#include "tools/ingest/ingest_timeline.h"

static const struct video_profile SD = {
    .width = 720, .height = 576, .aspect_num = 16, .aspect_den = 11};

static void pictures_keep_their_shape(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        int width;
        int height;
        AVRational aspect;
        double rotation;
        int expected_width;
        int expected_height;
    } cases[] = {
        {"16:9", 1920, 1080, {1, 1}, 0, 704, 576},
        {"16:9, aspect unknown", 1280, 720, {0, 1}, 0, 704, 576},
        {"4:3", 640, 480, {1, 1}, 0, 528, 576},
        {"4:3 of a DVD", 720, 576, {16, 15}, 0, 528, 576},
        {"16:9 of a DVD", 720, 576, {64, 45}, 0, 704, 576},
        {"the house format itself", 720, 576, {16, 11}, 0, 720, 576},
        {"cinema", 1920, 804, {1, 1}, 0, 720, 438},
        {"portrait", 1080, 1920, {1, 1}, 0, 222, 576},
        {"telephone, turned", 1920, 1080, {1, 1}, 90, 222, 576},
        {"telephone, turned the other way", 1920, 1080, {1, 1}, 270, 222, 576},
        {"telephone, upside down", 1920, 1080, {1, 1}, 180, 704, 576},
        {"square", 100, 100, {1, 1}, 0, 396, 576},
        {"a ribbon", 16384, 16, {1, 1}, 0, 720, 2},
        {"a post", 16, 16384, {1, 1}, 0, 2, 576},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct ingest_geometry got =
            ingest_fit(&SD, cases[i].width, cases[i].height, cases[i].aspect, cases[i].rotation);
        if (got.width != cases[i].expected_width || got.height != cases[i].expected_height) {
            fail_msg("%s: expected %d x %d, got %d x %d", cases[i].what, cases[i].expected_width,
                     cases[i].expected_height, got.width, got.height);
        }
    }
}

static void a_film_may_be_short_of_two_percent_of_what_it_says(void **state)
{
    (void)state;
    assert_false(ingest_is_truncated(100000000, 100000000));
    assert_false(ingest_is_truncated(100000000, 98000000));
    assert_true(ingest_is_truncated(100000000, 97999999));
    assert_true(ingest_is_truncated(100000000, 0));
    assert_false(ingest_is_truncated(3000000, 2900000)); /* less than 98 %, but not by more */
    assert_true(ingest_is_truncated(3000000, 2899999));
    assert_false(ingest_is_truncated(0, 5)); /* says nothing */
    assert_false(ingest_is_truncated(100, 200));
    assert_true(ingest_is_truncated(INT64_MAX, INT64_MAX / 2));
}

static void gain_leads_to_the_target_within_reason(void **state)
{
    (void)state;
    assert_true(fabs(ingest_loudness_gain(-30, -24) - 6) < 1e-9);
    assert_true(fabs(ingest_loudness_gain(-10, -24) + 14) < 1e-9);
    assert_true(fabs(ingest_loudness_gain(-60, -24) - 30) < 1e-9);
    assert_true(fabs(ingest_loudness_gain(-70, -24)) < 1e-9); /* silence stays silence */
}

/* A tone of 997 Hz at -20 dBFS in both channels is as loud as -20 LKFS: BS.1770, annex 1. */
static void a_tone_measures_what_the_standard_says(void **state)
{
    (void)state;
    enum { BLOCK = 4800, BLOCKS = 50 };
    struct ingest_loudness loudness;
    assert_int_equal(ingest_loudness_init(&loudness), 0);
    for (int block = 0; block < BLOCKS; block++) {
        AVFrame *frame = av_frame_alloc();
        frame->format = AV_SAMPLE_FMT_S16;
        frame->sample_rate = 48000;
        frame->nb_samples = BLOCK;
        av_channel_layout_default(&frame->ch_layout, 2);
        assert_int_equal(av_frame_get_buffer(frame, 0), 0);
        int16_t *samples = (int16_t *)(void *)frame->data[0];
        for (int i = 0; i < BLOCK; i++) {
            const double phase = 2 * acos(-1) * 997 * (block * BLOCK + i) / 48000;
            samples[2 * i] = (int16_t)lround(3276.8 * sin(phase));
            samples[2 * i + 1] = samples[2 * i];
        }
        frame->pts = (int64_t)block * 100000;
        assert_int_equal(ingest_loudness_take(&loudness, frame), 0);
        av_frame_free(&frame);
    }
    assert_int_equal(ingest_loudness_take(&loudness, NULL), 0);
    assert_true(fabs(loudness.lkfs + 20) < 0.1);
    assert_true(fabs(loudness.peak_dbtp + 20) < 0.2);
    ingest_loudness_finish(&loudness);
}

static void time_that_starts_over_goes_on(void **state)
{
    (void)state;
    static const struct {
        bool is_video;
        int64_t dts_ms;
        int64_t expected_ms; /* on the straightened line */
    } steps[] = {
        {true, 1000, 1000},  {false, 1010, 1010},
        {true, 1040, 1040},  {true, 9000, 9000}, /* a gap of eight seconds is a still picture */
        {true, 8950, 8950},                      /* back a little: as it is */
        {false, 9000, 9000}, {true, 50, 8990},   /* the clock starts over: pictures first */
        {false, 9024, 9024},                     /* sound is still of the old clock */
        {false, 60, 9000}, /* and follows: 10 ms behind the picture, as in the file */
        {true, 90, 9030},    {false, 90000, 9024}, /* ahead by more than ten seconds */
        {true, 90040, 9064},
    };
    struct ingest_timeline timeline = {0};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        const int64_t length_us = steps[i].is_video ? 40000 : 24000;
        const int64_t dts_us = steps[i].dts_ms * 1000;
        const int64_t got =
            dts_us + ingest_timeline_offset(&timeline, steps[i].is_video, dts_us, length_us);
        if (got != steps[i].expected_ms * 1000) {
            fail_msg("step %zu: expected %lld ms, got %lld us", i, (long long)steps[i].expected_ms,
                     (long long)got);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_keep_their_shape),
        cmocka_unit_test(a_film_may_be_short_of_two_percent_of_what_it_says),
        cmocka_unit_test(time_that_starts_over_goes_on),
        cmocka_unit_test(gain_leads_to_the_target_within_reason),
        cmocka_unit_test(a_tone_measures_what_the_standard_says),
    };
    return cmocka_run_group_tests_name("ingest rules", tests, NULL, NULL);
}
