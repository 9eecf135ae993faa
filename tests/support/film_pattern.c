/* SPDX-License-Identifier: MIT */
#include "tests/support/film_pattern.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { CELLS = 12, BITS = 9, WHITE = 235, BLACK = 20, GROUND = 80, DISC = 220 };

#define CODE_ENDS   0.16
#define BARS_END    0.36
#define MIDDLE_ENDS 0.84
#define SIDE        0.25 /* of the width: stripes on the left, greys on the right */
#define DISC_RADIUS 0.2  /* of the shorter side */
#define BEEP_LEVEL  0.25
#define HUM_LEVEL   0.004

static const uint8_t BAR_COLOURS[PATTERN_BARS][3] = {
    {191, 191, 191}, {191, 191, 0}, {0, 191, 191}, {0, 191, 0},
    {191, 0, 191},   {191, 0, 0},   {0, 0, 191},   {16, 16, 16},
};

int pattern_init(struct pattern *pattern, int width, int height, double pixel, double rate)
{
    *pattern =
        (struct pattern){.width = width, .height = height, .pixel = pixel, .rate = rate, .fine = 1};
    pattern->rgb = malloc((size_t)width * (size_t)height * 3);
    if (pattern->rgb == NULL) {
        return -1;
    }
    pattern_draw(pattern, -1);
    return 0;
}

void pattern_finish(struct pattern *pattern)
{
    free(pattern->rgb);
    pattern->rgb = NULL;
}

static bool is_odd(unsigned bits)
{
    bool odd = false;
    for (; bits != 0; bits &= bits - 1) {
        odd = !odd;
    }
    return odd;
}

static bool cell_is_white(int cell, int number)
{
    const unsigned gray = (unsigned)number ^ (unsigned)number >> 1;
    return cell == 0           ? true
           : cell == 1         ? false
           : cell == CELLS - 1 ? is_odd(gray >> 1)
                               : (gray >> (cell - 2) & 1) != 0;
}

static uint8_t middle(const struct pattern *pattern, double x, double y)
{
    if (x < SIDE) {
        return (uint8_t)lround(128 + 60 * sin(x * 120) * cos(y * 40));
    }
    if (x >= 1 - SIDE) {
        return (uint8_t)(32 +
                         28 * (int)((y - BARS_END) / (MIDDLE_ENDS - BARS_END) * PATTERN_GREYS));
    }
    const double shape = pattern->width * pattern->pixel / pattern->height;
    const double radius = DISC_RADIUS * (shape < 1 ? shape : 1); /* in heights */
    return hypot((x - 0.5) * shape, y - (BARS_END + MIDDLE_ENDS) / 2) < radius ? DISC : GROUND;
}

/* The colour at a point, from 0 to 1 each way. */
static void colour_at(const struct pattern *pattern, int number, double x, double y, int sum[3])
{
    const uint8_t *bar = BAR_COLOURS[(int)(x * PATTERN_BARS)];
    uint8_t grey = 0;
    if (y >= CODE_ENDS && y < BARS_END) {
        sum[0] += bar[0];
        sum[1] += bar[1];
        sum[2] += bar[2];
        return;
    }
    if (y < CODE_ENDS) {
        grey = cell_is_white((int)(x * CELLS), number % PATTERN_NUMBERS) ? WHITE : BLACK;
    } else if (y < MIDDLE_ENDS) {
        grey = middle(pattern, x, y);
    } else {
        const double from = fmod(number / pattern->rate * 0.2, 0.9);
        grey = x >= from && x < from + 0.1 ? WHITE : BLACK + 20;
    }
    sum[0] += grey;
    sum[1] += grey;
    sum[2] += grey;
}

static void draw_rows(struct pattern *pattern, int number, int from, int to)
{
    const int fine = pattern->fine;
    uint8_t *at = pattern->rgb + (size_t)from * (size_t)pattern->width * 3;
    for (int row = from; row < to; row++) {
        for (int column = 0; column < pattern->width; column++, at += 3) {
            int sum[3] = {0};
            for (int i = 0; i < fine * fine; i++) {
                colour_at(pattern, number, (column + (i % fine + 0.5) / fine) / pattern->width,
                          (row + (i / fine + 0.5) / fine) / pattern->height, sum);
            }
            for (int c = 0; c < 3; c++) {
                at[c] = (uint8_t)((sum[c] + fine * fine / 2) / (fine * fine));
            }
        }
    }
}

/* Below the code and above the moving bar nothing changes: it is drawn once, for number -1. */
void pattern_draw(struct pattern *pattern, int number)
{
    const int code = (int)ceil(CODE_ENDS * pattern->height);
    const int moving = (int)floor(MIDDLE_ENDS * pattern->height);
    if (number < 0) {
        draw_rows(pattern, 0, 0, pattern->height);
        return;
    }
    draw_rows(pattern, number, 0, code);
    draw_rows(pattern, number, moving, pattern->height);
}

/* Brightness of the middle of a block. */
static double cell_level(const uint8_t *rgb, int width, int height, int cell)
{
    const int left = (int)((cell + 0.3) * width / CELLS);
    const int right = (int)((cell + 0.7) * width / CELLS);
    const int top = (int)(0.05 * height);
    const int bottom = (int)(0.11 * height);
    double sum = 0;
    int count = 0;
    for (int y = top; y <= bottom; y++) {
        for (int x = left; x <= right; x++, count++) {
            sum += rgb[((size_t)y * (size_t)width + (size_t)x) * 3 + 1];
        }
    }
    return count > 0 ? sum / count : 0;
}

/* Not of the lowest bit too: what changes in every field is no different from fine stripes. */
static bool check_holds(unsigned gray, bool parity)
{
    return is_odd(gray >> 1) == parity;
}

int pattern_read(const uint8_t *rgb, int width, int height)
{
    const double white = cell_level(rgb, width, height, 0);
    const double black = cell_level(rgb, width, height, 1);
    const double half = (white + black) / 2;
    unsigned gray = 0;
    bool is_mixed = false; /* of two neighbours, in one block and perhaps in that of parity */
    if (white - black < 60) {
        return -1;
    }
    for (int bit = 0; bit < BITS; bit++) {
        const double level = cell_level(rgb, width, height, bit + 2);
        gray |= level > half ? 1U << bit : 0;
        is_mixed = is_mixed || fabs(level - half) < (white - black) * 0.35;
    }
    const bool parity = cell_level(rgb, width, height, CELLS - 1) > half;
    int number = 0;
    for (unsigned rest = gray; rest != 0; rest >>= 1) {
        number ^= (int)rest;
    }
    return is_mixed || check_holds(gray, parity) ? number : -1;
}

static void set_colour(uint8_t rgb[3], const uint8_t from[3])
{
    for (int i = 0; i < 3; i++) {
        rgb[i] = from[i];
    }
}

struct pattern_area pattern_bar(int i, uint8_t rgb[3])
{
    set_colour(rgb, BAR_COLOURS[i]);
    return (struct pattern_area){(double)i / PATTERN_BARS, CODE_ENDS,
                                 (double)(i + 1) / PATTERN_BARS, BARS_END};
}

struct pattern_area pattern_grey(int i, uint8_t rgb[3])
{
    const uint8_t level = (uint8_t)(32 + 28 * i);
    const double step = (MIDDLE_ENDS - BARS_END) / PATTERN_GREYS;
    set_colour(rgb, (const uint8_t[]){level, level, level});
    return (struct pattern_area){1 - SIDE, BARS_END + i * step, 1, BARS_END + (i + 1) * step};
}

struct pattern_area pattern_disc_area(void)
{
    return (struct pattern_area){SIDE + 0.01, BARS_END + 0.01, 1 - SIDE - 0.01, MIDDLE_ENDS - 0.01};
}

double pattern_sound(int64_t i, int sample_rate)
{
    const double t = (double)i / sample_rate;
    const int second = (int)(i / sample_rate);
    const double since = t - second;
    const double hum = HUM_LEVEL * sin(2 * M_PI * 200 * t);
    if (second == 0 || since >= PATTERN_BEEP_MS / 1000.0) {
        return hum;
    }
    return hum + BEEP_LEVEL * sin(2 * M_PI * (PATTERN_BEEP_HZ + PATTERN_STEP_HZ * second) * since);
}
