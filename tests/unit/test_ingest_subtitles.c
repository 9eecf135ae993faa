/* SPDX-License-Identifier: MIT */
/* Subtitles: where lines are broken, and how letters get into pictures. */
#include "tools/ingest/subtitle_blend.h"
#include "tools/ingest/subtitle_lines.h"

#include "tests/support/dice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void lines_are_broken_where_one_would(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *broken;
    } cases[] = {
        {"", ""},
        {"请看大屏幕：a²+b²=c²", "请看大屏幕：a²+b²=c²"},
        {"同学们好，今天我们学习第三课《荷花》，请把书翻到第二十三页，先听老师朗读一遍课文。",
         "同学们好，今天我们学习第三课《荷花》，\\N请把书翻到第二十三页，先听老师朗读一遍课文。"},
        {"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
         "一二三四五六七八九十一二三四五\\N六七八九十一二三四五六七八九十"},
        {"The quick brown fox jumps over the lazy dog and then it sleeps for a while",
         "The quick brown fox jumps over the\\Nlazy dog and then it sleeps for a while"},
        {"短\\N第二行很长很长很长很长很长很长很长很长很长很长很长很长很长很长",
         "短\\N第二行很长很长很长很长很长\\N很长很长很长很长很长很长很长很长很长"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *broken = subtitle_lines_break(cases[i].text);
        assert_non_null(broken);
        if (strstr(cases[i].broken, "第二行") == NULL) {
            assert_string_equal(broken, cases[i].broken);
        } else { /* somewhere in the middle */
            assert_non_null(strstr(strstr(broken, "第二行"), "\\N"));
        }
        free(broken);
    }
}

static void nothing_is_lost(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"荷",   "，",       "。",   "《",     "》",     "a",
                                         " ",    "12",       "word", "{\\i1}", "{\\i0}", "\\N",
                                         "\xc3", "\xe8\x8d", "…",    "“",      "”",      "喆"};
    enum { PIECE_LAST = sizeof(PIECES) / sizeof(PIECES[0]) - 1 };
    struct dice dice = dice_seeded();
    for (int round = 0; round < 2000; round++) {
        char text[1200] = "";
        const int count = (int)dice_between(&dice, 0, 119);
        for (int i = 0; i < count; i++) {
            strcat(text, PIECES[dice_between(&dice, 0, PIECE_LAST)]);
        }
        char *broken = subtitle_lines_break(text);
        assert_non_null(broken);
        /* Without line ends and blanks both are the same. */
        const char *a = text;
        const char *b = broken;
        while (*a != '\0' || *b != '\0') {
            if (*a == ' ' || strncmp(a, "\\N", 2) == 0) {
                a += *a == ' ' ? 1 : 2;
            } else if (*b == ' ' || strncmp(b, "\\N", 2) == 0) {
                b += *b == ' ' ? 1 : 2;
            } else {
                assert_int_equal(*a, *b);
                a++;
                b++;
            }
        }
        free(broken);
    }
}

static void no_line_of_chinese_is_too_long(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"荷", "花", "，", "。", "《", "》", "“", "”"};
    enum { WIDE = 3, PIECE_LAST = sizeof(PIECES) / sizeof(PIECES[0]) - 1 };
    struct dice dice = dice_seeded();
    for (int round = 0; round < 2000; round++) {
        char text[WIDE * 201] = "";
        const int64_t count = dice_between(&dice, 0, 200);
        for (int64_t i = 0; i < count; i++) { /* mostly letters */
            const int64_t last = dice_once_in(&dice, 4) ? PIECE_LAST : 1;
            strcat(text, PIECES[dice_between(&dice, 0, last)]);
        }
        char *broken = subtitle_lines_break(text);
        assert_non_null(broken);
        for (const char *line = broken; line != NULL;) {
            const char *end = strstr(line, "\\N");
            const size_t size = end != NULL ? (size_t)(end - line) : strlen(line);
            assert_true(size / WIDE * 2 <= SUBTITLE_COLUMNS);
            line = end != NULL ? end + 2 : NULL;
        }
        free(broken);
    }
}

static AVFrame *grey(int format, int value)
{
    AVFrame *picture = av_frame_alloc();
    assert_non_null(picture);
    picture->width = 32;
    picture->height = 16;
    picture->format = format;
    assert_true(av_frame_get_buffer(picture, 0) >= 0);
    for (int plane = 0; plane < 3; plane++) {
        const int rows = plane == 0 ? 16 : 8;
        for (int i = 0; i < rows * picture->linesize[plane]; i++) {
            if (format == AV_PIX_FMT_YUV420P) {
                picture->data[plane][i] = (uint8_t)(plane == 0 ? value : 128);
            } else if (i % 2 == 0) {
                const uint16_t deep = (uint16_t)(4 * (plane == 0 ? value : 128));
                memcpy(picture->data[plane] + i, &deep, sizeof(deep));
            }
        }
    }
    return picture;
}

/* In units of 8 bits. */
static double sample(const AVFrame *picture, int plane, int x, int y)
{
    const uint8_t *line = picture->data[plane] + (ptrdiff_t)y * picture->linesize[plane];
    uint16_t deep;
    if (picture->format == AV_PIX_FMT_YUV420P) {
        return line[x];
    }
    memcpy(&deep, line + (ptrdiff_t)2 * x, sizeof(deep));
    return deep / 4.0;
}

static void colours_are_those_of_the_standard(void **state)
{
    (void)state;
    static const struct {
        uint32_t rgba;
        bool is_bt601;
        int values[3];
    } cases[] = {
        {0xffffff00, true, {235, 128, 128}}, {0xffffff00, false, {235, 128, 128}},
        {0x00000000, false, {16, 128, 128}}, {0xff000000, true, {81, 90, 240}},
        {0xff000000, false, {63, 102, 240}}, {0x00ff0000, false, {173, 42, 26}},
        {0x0000ff00, true, {41, 240, 110}},
    };
    static const int FORMATS[] = {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV420P10};
    unsigned char bitmap[8 * 4];
    memset(bitmap, 255, sizeof(bitmap));
    for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
        AVFrame *picture = grey(FORMATS[i % 2], 60);
        ASS_Image image = {.w = 8, .h = 4, .stride = 8, .bitmap = bitmap, .dst_x = 10, .dst_y = 6};
        image.color = cases[i / 2].rgba;
        subtitle_blend(&image, cases[i / 2].is_bt601, picture);
        for (int plane = 0; plane < 3; plane++) {
            const int step = plane == 0 ? 1 : 2;
            assert_true(abs((int)sample(picture, plane, 12 / step, 8 / step) -
                            cases[i / 2].values[plane]) <= 1);
            assert_int_equal((int)sample(picture, plane, 4 / step, 8 / step),
                             plane == 0 ? 60 : 128);
        }
        assert_int_equal((int)sample(picture, 0, 9, 6), 60);
        assert_int_equal((int)sample(picture, 0, 18, 6), 60);
        assert_int_equal((int)sample(picture, 0, 10, 10), 60);
        av_frame_free(&picture);
    }
}

static void what_lies_outside_is_left_out(void **state)
{
    (void)state;
    unsigned char bitmap[64 * 64];
    memset(bitmap, 255, sizeof(bitmap));
    static const int PLACES[][2] = {{-40, -40}, {20, 10}, {-64, 0},
                                    {32, 16},   {5, -60}, {1000, 1000}};
    for (size_t i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
        AVFrame *picture = grey(AV_PIX_FMT_YUV420P, 60);
        const ASS_Image image = {.w = 64,
                                 .h = 64,
                                 .stride = 64,
                                 .bitmap = bitmap,
                                 .color = 0xffffff80,
                                 .dst_x = PLACES[i][0],
                                 .dst_y = PLACES[i][1]};
        subtitle_blend(&image, true, picture);
        av_frame_free(&picture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_broken_where_one_would),
        cmocka_unit_test(nothing_is_lost),
        cmocka_unit_test(no_line_of_chinese_is_too_long),
        cmocka_unit_test(colours_are_those_of_the_standard),
        cmocka_unit_test(what_lies_outside_is_left_out),
    };
    return cmocka_run_group_tests_name("ingest subtitles", tests, NULL, NULL);
}
