/* SPDX-License-Identifier: MIT */
/*
 * demo_lesson: a lesson as a teacher would hand it in: title card, slides
 * read aloud, time to practise.
 */
#ifndef TOOLS_DEMO_LESSON_H
#define TOOLS_DEMO_LESSON_H

#include <stdbool.h>

#include "tools/demo_lessons.h"

enum {
    DEMO_SECONDS_MIN = 10,
    DEMO_SECONDS_MAX = 3600,
};

/*
 * Writes the lesson, lesson->seconds long, to the file `path`.  The seconds
 * are DEMO_SECONDS_MIN .. DEMO_SECONDS_MAX.  Slides for which there is no
 * time are left out.  `folder` takes the voice's temporary files; without
 * espeak-ng the lesson is silent, and *is_silent says so.
 *
 * Returns 0 or an error of libavutil.  On failure a part of the file may be
 * there.
 */
int demo_lesson_write(const struct demo_lesson *lesson, const char *path, const char *folder,
                      bool *is_silent);

#endif
