/* SPDX-License-Identifier: MIT */
/*
 * film_pattern: pictures and sound that are hard to get wrong unseen.
 *
 * Each picture, whatever its size, has from top to bottom
 *   a row of blocks that spell its number in black and white (a Gray code, so
 *   that a mixture of two neighbours reads as one of them; a white and a black
 *   block before it, a block of parity behind it);
 *   colour bars of 75 %;
 *   stripes, a disc that is round as the picture is looked at, steps of grey;
 *   a bar that moves.
 * Its sound has a beep at the beginning of each second but the first, whose
 * pitch tells the second.
 */
#ifndef TESTS_SUPPORT_FILM_PATTERN_H
#define TESTS_SUPPORT_FILM_PATTERN_H

#include <stdint.h>

enum {
    PATTERN_BARS = 8,
    PATTERN_GREYS = 8,
    PATTERN_NUMBERS = 512, /* then they begin again */
    PATTERN_BEEP_MS = 80,
    PATTERN_BEEP_HZ = 600, /* of second 0 */
    PATTERN_STEP_HZ = 200, /* more each second */
};

struct pattern {
    int width;
    int height;
    double pixel; /* width of a pixel by its height */
    double rate;  /* pictures a second */
    int fine;     /* points looked at in each pixel, across and down; 1 is enough */
    uint8_t *rgb; /* 3 bytes a pixel: the picture drawn last */
};

/* Part of the picture, from 0 to 1. */
struct pattern_area {
    double left, top, right, bottom;
};

/* 0, or -1: out of memory. */
int pattern_init(struct pattern *pattern, int width, int height, double pixel, double rate);
void pattern_finish(struct pattern *pattern);

/* Draws picture `number` into pattern->rgb. */
void pattern_draw(struct pattern *pattern, int number);

/* The number in a picture of these dimensions, or -1 where none can be read. */
int pattern_read(const uint8_t *rgb, int width, int height);

/* Where bar or grey `i` is, and the colour that it should have. */
struct pattern_area pattern_bar(int i, uint8_t rgb[3]);
struct pattern_area pattern_grey(int i, uint8_t rgb[3]);

/* Within it the disc is what is brighter than PATTERN_DISC_EDGE. */
enum { PATTERN_DISC_EDGE = 150 };
struct pattern_area pattern_disc_area(void);

/* Sample `i` of the sound, from -1 to 1. */
double pattern_sound(int64_t i, int sample_rate);

#endif
