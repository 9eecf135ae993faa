/* SPDX-License-Identifier: MIT */
/*
 * demo_movie: an mp4 file as a teacher's computer would export it: H.264
 * 1280x720 at 25 pictures a second, AAC 44.1 kHz mono.
 */
#ifndef TOOLS_DEMO_MOVIE_H
#define TOOLS_DEMO_MOVIE_H

#include <stddef.h>
#include <stdint.h>

#include <libavutil/frame.h>

enum {
    DEMO_FRAMES_PER_SECOND = 25,
    DEMO_SOUND_RATE = 44100,
};

struct demo_movie;

/*
 * Begins the file, replacing what is there.  Returns 0 and fills *movie, or
 * an error of libavutil.
 */
int demo_movie_open(struct demo_movie **movie, const char *path);

/* Accepts NULL.  The file is whole only if demo_movie_end() succeeded. */
void demo_movie_close(struct demo_movie *movie);

/* Adds one picture, yuv420p; it is still the caller's.  0 or an error. */
int demo_movie_picture(struct demo_movie *movie, AVFrame *frame);

/* Adds sound, at DEMO_SOUND_RATE.  0 or an error. */
int demo_movie_sound(struct demo_movie *movie, const float *samples, size_t count);

/* Writes what is left.  0 or an error. */
int demo_movie_end(struct demo_movie *movie);

#endif
