/* SPDX-License-Identifier: MIT */
#include "tools/demo_design.h"

#include <stdio.h>
#include <string.h>

#define PAPER     "0xfbf8f1"
#define INK       "0x22262b"
#define INK_LIGHT "0x6b7280"
#define NOTICE    "示例课  ·  非正式教学内容"

enum {
    BAND_WIDTH = 28,
    LEFT_EDGE = 96,
    RIGHT_EDGE = DEMO_WIDTH - 64,
    TITLE_WIDTH = DEMO_WIDTH - 2 * 110,
    TITLE_SIZE = 104,
    HEADING_SIZE = 60,
    LINE_SIZE = 48,
    SMALL_SIZE = 28,
    FOOT_Y = 652,
    BAR_HEIGHT = 8, /* even: chroma has every second row */
    TEXT_SIZE = 256,
};

struct subject_color {
    const char *subject;
    const char *color;
};

static const char *color_of(const char *subject)
{
    static const struct subject_color colors[] = {
        {"语文", "0xb23a48"}, {"数学", "0x1d5fa8"}, {"英语", "0x6a3fa0"}, {"科学", "0x1f7a53"},
        {"物理", "0x235a97"}, {"化学", "0x9a5b13"}, {"生物", "0x3a7d2c"}, {"历史", "0x7a4a2b"},
        {"地理", "0x17727d"}, {"道法", "0xa8432a"}, {"音乐", "0xa23b7d"}, {"美术", "0xb0621a"},
        {"体育", "0x2c7a6b"}, {"休息", "0x2f7d5b"},
    };

    for (size_t i = 0; i < sizeof colors / sizeof colors[0]; i++) {
        if (strcmp(colors[i].subject, subject) == 0) {
            return colors[i].color;
        }
    }
    return "0x3d4f6b";
}

/* The subject's first character, large and faint, at the right. */
static void draw_sign(struct demo_canvas *canvas, const char *subject, const char *color,
                      const char *opacity)
{
    char sign[8];
    char faint[TEXT_SIZE];
    size_t length = subject[0] != '\0' ? 1 : 0;

    while (((unsigned char)subject[length] & 0xc0) == 0x80) {
        length++;
    }
    snprintf(sign, sizeof sign, "%.*s", (int)length, subject);
    snprintf(faint, sizeof faint, "%s@%s", color, opacity);
    demo_canvas_text(canvas, (struct demo_style){500, faint, true, DEMO_RIGHT}, DEMO_WIDTH - 40,
                     100, sign);
}

/* The largest size up to `size` at which the text is no wider than `width`. */
static int fitting_size(const char *text, int size, int width)
{
    const int hundredths = demo_canvas_text_width(text);
    const int fitting = hundredths > 0 ? width * 100 / hundredths : size;

    return fitting < size ? fitting : size;
}

static void draw_clock(struct demo_canvas *canvas, const struct demo_place *place,
                       const char *color)
{
    const struct demo_style style = {SMALL_SIZE, color, true, DEMO_RIGHT};
    char total[TEXT_SIZE];

    demo_canvas_clock(canvas, style, RIGHT_EDGE - 110, FOOT_Y, place->from, false);
    snprintf(total, sizeof total, "/ %02d:%02d", place->of_seconds / 60, place->of_seconds % 60);
    demo_canvas_text(canvas, style, RIGHT_EDGE, FOOT_Y, total);
}

static void draw_page_number(struct demo_canvas *canvas, const struct demo_place *place,
                             const char *color)
{
    const struct demo_style style = {SMALL_SIZE, color, false, DEMO_CENTRE};
    char page[TEXT_SIZE];

    snprintf(page, sizeof page, "%d / %d", place->page, place->pages);
    demo_canvas_text(canvas, style, DEMO_WIDTH / 2, FOOT_Y, page);
}

struct demo_canvas *demo_design_title(const struct demo_lesson *lesson,
                                      const struct demo_place *place)
{
    struct demo_canvas *canvas = demo_canvas_create(color_of(lesson->subject), place->seconds);
    char text[TEXT_SIZE];

    if (canvas == NULL) {
        return NULL;
    }
    draw_sign(canvas, lesson->subject, "white", "0.10");

    snprintf(text, sizeof text, "%s  ·  %s", lesson->grade, lesson->subject);
    demo_canvas_box(canvas, (struct demo_box){110, 150, 10, 56}, "white");
    demo_canvas_text(canvas, (struct demo_style){52, "white", true, DEMO_LEFT}, 142, 150, text);
    const int size = fitting_size(lesson->title, TITLE_SIZE, TITLE_WIDTH);
    demo_canvas_text(canvas, (struct demo_style){size, "white", true, DEMO_LEFT}, 110, 280,
                     lesson->title);
    demo_canvas_box(canvas, (struct demo_box){110, 440, 220, 6}, "white@0.7");
    demo_canvas_text(canvas, (struct demo_style){40, "white", false, DEMO_LEFT}, 110, 476,
                     lesson->teacher);

    demo_canvas_text(canvas, (struct demo_style){SMALL_SIZE, "white@0.8", false, DEMO_LEFT}, 110,
                     FOOT_Y, NOTICE);
    draw_clock(canvas, place, "white@0.9");
    return canvas;
}

/* What all slides after the title card have in common. */
static struct demo_canvas *make_page(const struct demo_lesson *lesson, const char *heading,
                                     const struct demo_place *place)
{
    const char *color = color_of(lesson->subject);
    struct demo_canvas *canvas = demo_canvas_create(PAPER, place->seconds);
    char text[TEXT_SIZE];

    if (canvas == NULL) {
        return NULL;
    }
    draw_sign(canvas, lesson->subject, color, "0.07");
    demo_canvas_box(canvas, (struct demo_box){0, 0, BAND_WIDTH, DEMO_HEIGHT}, color);
    snprintf(text, sizeof text, "%s  ·  %s  ·  %s", lesson->grade, lesson->subject, lesson->title);
    demo_canvas_text(canvas, (struct demo_style){SMALL_SIZE, INK_LIGHT, false, DEMO_LEFT},
                     LEFT_EDGE, 44, text);
    demo_canvas_text(canvas, (struct demo_style){SMALL_SIZE, INK_LIGHT, false, DEMO_RIGHT},
                     RIGHT_EDGE, 44, lesson->teacher);

    const int size = fitting_size(heading, HEADING_SIZE, RIGHT_EDGE - LEFT_EDGE);
    demo_canvas_text(canvas, (struct demo_style){size, color, true, DEMO_LEFT}, LEFT_EDGE, 104,
                     heading);
    demo_canvas_box(canvas, (struct demo_box){LEFT_EDGE, 188, 120, 6}, color);

    demo_canvas_text(canvas, (struct demo_style){SMALL_SIZE, INK_LIGHT, false, DEMO_LEFT},
                     LEFT_EDGE, FOOT_Y, NOTICE);
    draw_page_number(canvas, place, INK_LIGHT);
    draw_clock(canvas, place, color);
    return canvas;
}

struct demo_canvas *demo_design_slide(const struct demo_lesson *lesson,
                                      const struct demo_slide *slide,
                                      const struct demo_place *place)
{
    enum { FIRST_Y = 242, STEP_Y = 98, BULLET = 14, INDENT = 46 };
    const char *color = color_of(lesson->subject);
    struct demo_canvas *canvas = make_page(lesson, slide->heading, place);

    if (canvas == NULL) {
        return NULL;
    }
    for (int i = 0; i < DEMO_LINES_MAX && slide->lines[i] != NULL; i++) {
        const char *line = slide->lines[i];
        const int y = FIRST_Y + i * STEP_Y;
        const int x = LEFT_EDGE + INDENT;
        const int size = fitting_size(line, LINE_SIZE, RIGHT_EDGE - x);
        demo_canvas_box(canvas, (struct demo_box){LEFT_EDGE + 6, y + 22, BULLET, BULLET}, color);
        demo_canvas_text(canvas, (struct demo_style){size, INK, false, DEMO_LEFT}, x, y, line);
    }
    return canvas;
}

struct demo_canvas *demo_design_practice(const struct demo_lesson *lesson,
                                         const struct demo_place *place)
{
    const char *color = color_of(lesson->subject);
    struct demo_canvas *canvas = make_page(lesson, "自主练习", place);

    if (canvas == NULL) {
        return NULL;
    }
    demo_canvas_text(canvas, (struct demo_style){LINE_SIZE, INK, false, DEMO_CENTRE},
                     DEMO_WIDTH / 2, 250, "合上课本，说一说今天学了什么");
    demo_canvas_clock(canvas, (struct demo_style){180, color, true, DEMO_CENTRE}, DEMO_WIDTH / 2,
                      360, place->seconds, true);
    return canvas;
}

void demo_design_progress(AVFrame *frame, int done, int total)
{
    enum { GOLD_Y = 170, GOLD_U = 60, GOLD_V = 160 };
    const int width = frame->width * done / total / 2 * 2;
    const int rows[] = {BAR_HEIGHT, BAR_HEIGHT / 2, BAR_HEIGHT / 2};
    const int values[] = {GOLD_Y, GOLD_U, GOLD_V};

    for (int plane = 0; plane < 3; plane++) {
        const int height = plane == 0 ? frame->height : frame->height / 2;
        const size_t length = (size_t)(plane == 0 ? width : width / 2);
        for (int y = height - rows[plane]; y < height; y++) {
            memset(frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane], values[plane],
                   length);
        }
    }
}
