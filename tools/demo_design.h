/* SPDX-License-Identifier: MIT */
/*
 * demo_design: what the slides of a lesson look like.
 */
#ifndef TOOLS_DEMO_DESIGN_H
#define TOOLS_DEMO_DESIGN_H

#include "tools/demo_canvas.h"
#include "tools/demo_lessons.h"

/* Where a slide stands in its lesson. */
struct demo_place {
    int page; /* 1 .. pages; the title card is page 1 */
    int pages;
    int from;       /* seconds of the lesson shown before this slide */
    int seconds;    /* of this slide */
    int of_seconds; /* of the lesson */
};

/*
 * Each returns a canvas that is ready to be started, or NULL when out of
 * memory.  The caller owns it.
 */
struct demo_canvas *demo_design_title(const struct demo_lesson *lesson,
                                      const struct demo_place *place);
struct demo_canvas *demo_design_slide(const struct demo_lesson *lesson,
                                      const struct demo_slide *slide,
                                      const struct demo_place *place);

/* The last one: time to practise, counted down. */
struct demo_canvas *demo_design_practice(const struct demo_lesson *lesson,
                                         const struct demo_place *place);

/*
 * Lengthens the bar at the bottom of a picture to `done` of `total`.  The
 * frame must be writable.
 */
void demo_design_progress(AVFrame *frame, int done, int total);

#endif
