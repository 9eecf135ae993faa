/* SPDX-License-Identifier: MIT */
/*
 * film-pattern: the raw material of films that can be judged by a program.
 *
 *   film-pattern WIDTH HEIGHT PIXEL RATE COUNT >pictures.rgb   24 bits a pixel
 *   film-pattern SECONDS >sound.pcm                            48 kHz, mono, 16 bits
 */
#include "tests/support/film_pattern.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLE_RATE = 48000 };

/* N or N/D */
static double number_of(const char *text)
{
    const char *slash = strchr(text, '/');
    return slash != NULL ? atof(text) / atof(slash + 1) : atof(text);
}

static int put_pictures(char **argv)
{
    struct pattern pattern;
    const int count = atoi(argv[5]);
    if (pattern_init(&pattern, atoi(argv[1]), atoi(argv[2]), number_of(argv[3]),
                     number_of(argv[4])) < 0) {
        return 1;
    }
    const size_t size = (size_t)pattern.width * (size_t)pattern.height * 3;
    int number = 0;
    while (number < count) {
        pattern_draw(&pattern, number);
        if (fwrite(pattern.rgb, 1, size, stdout) != size) {
            break;
        }
        number++;
    }
    pattern_finish(&pattern);
    return number == count ? 0 : 1;
}

static int put_sound(const char *seconds)
{
    const int64_t samples = (int64_t)(atof(seconds) * SAMPLE_RATE);
    for (int64_t i = 0; i < samples; i++) {
        const int value = (int)lround(pattern_sound(i, SAMPLE_RATE) * 32767);
        putchar(value & 0xff);
        putchar(value >> 8 & 0xff);
    }
    return ferror(stdout) ? 1 : 0;
}

int main(int argc, char **argv)
{
    if (argc != 2 && argc != 6) {
        fprintf(stderr, "usage: film-pattern WIDTH HEIGHT PIXEL RATE COUNT | SECONDS\n");
        return 2;
    }
    return argc == 2 ? put_sound(argv[1]) : put_pictures(argv);
}
