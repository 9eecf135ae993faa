/* SPDX-License-Identifier: MIT */
/*
 * demo_canvas: one slide as a picture, redrawn once a second.
 *
 * Boxes and texts are added in the order in which they lie on each other,
 * then the canvas is started and gives one picture for each second.  Only
 * the clock differs between them.  Drawing is done by libavfilter (color,
 * drawbox, drawtext).
 *
 * Errors stick: after the first one the calls do nothing, and
 * demo_canvas_start() returns it.
 */
#ifndef TOOLS_DEMO_CANVAS_H
#define TOOLS_DEMO_CANVAS_H

#include <stdbool.h>

#include <libavutil/frame.h>

enum {
    DEMO_WIDTH = 1280,
    DEMO_HEIGHT = 720,
};

enum demo_align {
    DEMO_LEFT,   /* x is the left end of the text */
    DEMO_CENTRE, /* x is its middle */
    DEMO_RIGHT,  /* x is its right end */
};

struct demo_box {
    int x, y;
    int width, height;
};

struct demo_style {
    int size;          /* of the font, in pixels */
    const char *color; /* as libavutil reads it: "0x1f4e79", "white@0.5" */
    bool is_bold;
    enum demo_align align;
};

struct demo_canvas;

/* One plain colour, for so many seconds.  Returns NULL when out of memory. */
struct demo_canvas *demo_canvas_create(const char *color, int seconds);

/* Accepts NULL. */
void demo_canvas_destroy(struct demo_canvas *canvas);

void demo_canvas_box(struct demo_canvas *canvas, struct demo_box box, const char *color);

/* y is the top of the letters. */
void demo_canvas_text(struct demo_canvas *canvas, struct demo_style style, int x, int y,
                      const char *text);

/*
 * A clock that shows minutes and seconds: it begins at `from` seconds and
 * counts up, or down to zero when is_countdown.
 */
void demo_canvas_clock(struct demo_canvas *canvas, struct demo_style style, int x, int y, int from,
                       bool is_countdown);

/*
 * No more is added.  Returns 0, or an error of libavutil; -EINVAL means most
 * likely that the font is missing.
 */
int demo_canvas_start(struct demo_canvas *canvas);

/*
 * Puts the picture of the next second, yuv420p, into *frame, which is the
 * caller's to unref.  Returns 0, or an error of libavutil: AVERROR_EOF after
 * the last second.
 */
int demo_canvas_next(struct demo_canvas *canvas, AVFrame *frame);

/* About how wide a text is, in hundredths of the font's size. */
int demo_canvas_text_width(const char *text);

#endif
