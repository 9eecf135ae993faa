/* SPDX-License-Identifier: MIT */
#include "tools/demo_canvas.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavutil/dict.h>

/* Simplified Chinese forms; fontconfig finds the face inside the collection. */
#define FONT "Noto Sans CJK SC"
/* drawtext takes `font` as a family only, but reads `fontfile` as a pattern
 * when there is no such file. */
#define BOLD_PATTERN ":bold"

enum { NUMBER_SIZE = 16, POSITION_SIZE = 48, CLOCK_SIZE = 96 };

struct demo_canvas {
    AVFilterGraph *graph;
    AVFilterContext *last; /* what the next filter is linked to */
    AVFilterContext *sink; /* NULL until started */
    int error;             /* the first one, 0 while there is none */
};

/* Takes over the options. */
static void append(struct demo_canvas *canvas, const char *filter_name, AVDictionary *options)
{
    AVFilterContext *filter = NULL;

    if (canvas->error == 0) {
        filter =
            avfilter_graph_alloc_filter(canvas->graph, avfilter_get_by_name(filter_name), NULL);
        canvas->error = filter != NULL ? avfilter_init_dict(filter, &options) : AVERROR(ENOMEM);
    }
    if (canvas->error == 0 && canvas->last != NULL) {
        canvas->error = avfilter_link(canvas->last, 0, filter, 0);
    }
    if (canvas->error == 0) {
        canvas->last = filter;
    }
    av_dict_free(&options);
}

static void set_number(AVDictionary **options, const char *name, int value)
{
    av_dict_set_int(options, name, value, 0);
}

struct demo_canvas *demo_canvas_create(const char *color, int seconds)
{
    AVDictionary *options = NULL;
    struct demo_canvas *canvas = calloc(1, sizeof *canvas);
    char size[NUMBER_SIZE * 2];

    if (canvas == NULL) {
        return NULL;
    }
    canvas->graph = avfilter_graph_alloc();
    if (canvas->graph == NULL) {
        free(canvas);
        return NULL;
    }
    canvas->graph->nb_threads = 1;
    snprintf(size, sizeof size, "%dx%d", DEMO_WIDTH, DEMO_HEIGHT);
    av_dict_set(&options, "color", color, 0);
    av_dict_set(&options, "size", size, 0);
    av_dict_set(&options, "rate", "1", 0);
    set_number(&options, "duration", seconds);
    append(canvas, "color", options);

    options = NULL;
    av_dict_set(&options, "pix_fmts", "yuv420p", 0);
    append(canvas, "format", options);
    return canvas;
}

void demo_canvas_destroy(struct demo_canvas *canvas)
{
    if (canvas == NULL) {
        return;
    }
    avfilter_graph_free(&canvas->graph);
    free(canvas);
}

void demo_canvas_box(struct demo_canvas *canvas, struct demo_box box, const char *color)
{
    AVDictionary *options = NULL;

    set_number(&options, "x", box.x);
    set_number(&options, "y", box.y);
    set_number(&options, "width", box.width);
    set_number(&options, "height", box.height);
    av_dict_set(&options, "color", color, 0);
    av_dict_set(&options, "thickness", "fill", 0);
    append(canvas, "drawbox", options);
}

/* `expansion` is drawtext's: "none" shows the text as it is. */
static void draw_text(struct demo_canvas *canvas, struct demo_style style, int x, int y,
                      const char *text, const char *expansion)
{
    AVDictionary *options = NULL;
    char position[POSITION_SIZE];

    if (style.align == DEMO_LEFT) {
        snprintf(position, sizeof position, "%d", x);
    } else {
        snprintf(position, sizeof position, "%d-tw%s", x, style.align == DEMO_CENTRE ? "/2" : "");
    }
    av_dict_set(&options, "x", position, 0);
    /* drawtext hangs a text from the top of its highest letter; this puts
     * every text of one size on the same base line. */
    snprintf(position, sizeof position, "%d+%d-max_glyph_a", y, style.size * 9 / 10);
    av_dict_set(&options, "y", position, 0);
    av_dict_set(&options, "font", FONT, 0);
    if (style.is_bold) {
        av_dict_set(&options, "fontfile", BOLD_PATTERN, 0);
    }
    set_number(&options, "fontsize", style.size);
    av_dict_set(&options, "fontcolor", style.color, 0);
    av_dict_set(&options, "expansion", expansion, 0);
    av_dict_set(&options, "text", text, 0);
    append(canvas, "drawtext", options);
}

void demo_canvas_text(struct demo_canvas *canvas, struct demo_style style, int x, int y,
                      const char *text)
{
    draw_text(canvas, style, x, y, text, "none");
}

void demo_canvas_clock(struct demo_canvas *canvas, struct demo_style style, int x, int y, int from,
                       bool is_countdown)
{
    const char sign = is_countdown ? '-' : '+';
    char text[CLOCK_SIZE];

    snprintf(text, sizeof text, "%%{eif:floor((%d%ct)/60):d:2}:%%{eif:mod(%d%ct,60):d:2}", from,
             sign, from, sign);
    draw_text(canvas, style, x, y, text, "normal");
}

int demo_canvas_start(struct demo_canvas *canvas)
{
    append(canvas, "buffersink", NULL);
    if (canvas->error == 0) {
        canvas->sink = canvas->last;
        canvas->error = avfilter_graph_config(canvas->graph, NULL);
    }
    return canvas->error;
}

int demo_canvas_next(struct demo_canvas *canvas, AVFrame *frame)
{
    int error = av_buffersink_get_frame(canvas->sink, frame);

    return error < 0 ? error : 0;
}

int demo_canvas_text_width(const char *text)
{
    enum { WIDE = 100, NARROW = 58 };
    int width = 0;

    for (const unsigned char *byte = (const unsigned char *)text; *byte != '\0'; byte++) {
        if (*byte < 0x80) {
            width += NARROW;
        } else if (*byte >= 0xc0) { /* the first byte of a character */
            width += WIDE;
        }
    }
    return width;
}
