/* SPDX-License-Identifier: MIT */
/*
 * film-judge: how far what was made of a film-pattern is from it.
 *
 *   film-judge PICTURES SOUND WIDTH HEIGHT PIXEL RATE COUNT [PERIOD]
 *
 * PICTURES: 25 pictures a second, 24 bits a pixel, of WIDTH by HEIGHT, cut to
 * where the film is; SOUND: 48 kHz, mono, 16 bits.  PIXEL: width of a pixel by
 * its height.  RATE, COUNT: of the pattern's pictures; PERIOD: seconds
 * after which all of it comes again.  Prints, a name and a
 * number a line:
 *
 *   pictures    how many there are
 *   unreadable  those whose number cannot be read
 *   delay_ms    how late a picture comes, in the mean over those that are new
 *   late_ms     the latest of these, and
 *   early_ms    the earliest but the first, which may stand from the beginning
 *   held_ms     how old a picture is at most, while it stands
 *   back        how often the numbers go back
 *   last        the number of the last picture
 *   psnr ssim   of brightness, against the pattern of the same number
 *   colour      the greatest difference in a bar or a step of grey, of 255
 *   disc        width of the disc by its height
 *   beeps       how many, and their
 *   beep_ms     delay, in the mean, and
 *   beep_off_ms the greatest difference from it
 */
#include "tests/support/film_pattern.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 25, SAMPLE_RATE = 48000, COMPARE_EVERY = 7, BLOCK = 8, SKIPPED = 3 };

struct judge {
    struct pattern pattern; /* as it should be */
    uint8_t *rgb;           /* as it is */
    double rate;
    int count;
    double period; /* 0: it does not come again */
    /* Times */
    int pictures, unreadable, changes, back, last;
    double delay_sum, late, early, held;
    /* Looks */
    int compared;
    double error_sum, ssim_sum, colour, disc;
};

static double number_of(const char *text)
{
    const char *slash = strchr(text, '/');
    return slash != NULL ? atof(text) / atof(slash + 1) : atof(text);
}

/* --- Times ------------------------------------------------------------------------------- */

/* What comes again is no later than the first time. */
static double within_period(double delay, double period)
{
    return period > 0 ? delay - period * floor(delay / period + 0.5) : delay;
}

static void judge_time(struct judge *judge, int k, int number)
{
    const double time = (double)k / RATE;
    if (number < 0) {
        judge->unreadable++;
        return;
    }
    const double since = within_period(time - number / judge->rate, judge->period);
    if (number != judge->last) {
        judge->changes++;
        judge->delay_sum += since;
        judge->late = fmax(judge->late, since);
        judge->early = k > 0 ? fmin(judge->early, since) : judge->early;
        judge->back += number < judge->last && judge->period == 0;
        judge->last = number;
    }
    judge->held = fmax(judge->held, since);
}

/* --- Looks ------------------------------------------------------------------------------- */

static double luma(const uint8_t *rgb)
{
    return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
}

static double block_ssim(const uint8_t *a, const uint8_t *b, size_t stride)
{
    double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
    const double n = BLOCK * BLOCK;
    for (size_t i = 0; i < BLOCK * BLOCK; i++) {
        const size_t at = i / BLOCK * stride + i % BLOCK * 3;
        const double x = luma(a + at);
        const double y = luma(b + at);
        sa += x;
        sb += y;
        saa += x * x;
        sbb += y * y;
        sab += x * y;
    }
    const double c1 = 6.5025;
    const double c2 = 58.5225;
    const double ma = sa / n;
    const double mb = sb / n;
    return (2 * ma * mb + c1) * (2 * (sab / n - ma * mb) + c2) /
           ((ma * ma + mb * mb + c1) * (saa / n - ma * ma + sbb / n - mb * mb + c2));
}

static void compare(struct judge *judge)
{
    const struct pattern *pattern = &judge->pattern;
    const size_t stride = (size_t)pattern->width * 3;
    const size_t pixels = (size_t)pattern->width * (size_t)pattern->height;
    double error = 0;
    double ssim = 0;
    int blocks = 0;
    for (size_t i = 0; i < pixels; i++) {
        const double off = luma(judge->rgb + i * 3) - luma(pattern->rgb + i * 3);
        error += off * off;
    }
    for (int y = 0; y + BLOCK <= pattern->height; y += BLOCK) {
        for (int x = 0; x + BLOCK <= pattern->width; x += BLOCK, blocks++) {
            const size_t at = (size_t)y * stride + (size_t)x * 3;
            ssim += block_ssim(judge->rgb + at, pattern->rgb + at, stride);
        }
    }
    judge->error_sum += error / (double)pixels;
    judge->ssim_sum += blocks > 0 ? ssim / blocks : 0;
    judge->compared++;
}

/* The middle of an area against the colour that it should have. */
static void compare_colour(struct judge *judge, struct pattern_area area, const uint8_t *wanted)
{
    const int width = judge->pattern.width;
    const int height = judge->pattern.height;
    const int left = (int)((area.left * 0.7 + area.right * 0.3) * width);
    const int right = (int)((area.left * 0.3 + area.right * 0.7) * width);
    const int top = (int)((area.top * 0.7 + area.bottom * 0.3) * height);
    const int bottom = (int)((area.top * 0.3 + area.bottom * 0.7) * height);
    double sum[3] = {0};
    int count = 0;
    for (int y = top; y <= bottom; y++) {
        for (int x = left; x <= right; x++, count++) {
            for (int c = 0; c < 3; c++) {
                sum[c] += judge->rgb[((size_t)y * (size_t)width + (size_t)x) * 3 + (size_t)c];
            }
        }
    }
    for (int c = 0; c < 3; c++) {
        judge->colour = fmax(judge->colour, fabs(sum[c] / count - wanted[c]));
    }
}

static void compare_colours(struct judge *judge)
{
    uint8_t wanted[3];
    for (int i = 0; i < PATTERN_BARS; i++) {
        compare_colour(judge, pattern_bar(i, wanted), wanted);
    }
    for (int i = 0; i < PATTERN_GREYS; i++) {
        compare_colour(judge, pattern_grey(i, wanted), wanted);
    }
}

static void measure_disc(struct judge *judge)
{
    const struct pattern *pattern = &judge->pattern;
    const struct pattern_area area = pattern_disc_area();
    int left = pattern->width, right = -1, top = pattern->height, bottom = -1;
    for (int y = (int)(area.top * pattern->height); y < area.bottom * pattern->height; y++) {
        for (int x = (int)(area.left * pattern->width); x < area.right * pattern->width; x++) {
            const size_t at = ((size_t)y * (size_t)pattern->width + (size_t)x) * 3;
            if (luma(judge->rgb + at) > PATTERN_DISC_EDGE) {
                left = x < left ? x : left;
                right = x > right ? x : right;
                top = y < top ? y : top;
                bottom = y > bottom ? y : bottom;
            }
        }
    }
    judge->disc = right < left ? 0 : (right - left + 1) * pattern->pixel / (bottom - top + 1);
}

static void judge_look(struct judge *judge, int number)
{
    pattern_draw(&judge->pattern, number);
    compare(judge);
    if (judge->compared == SKIPPED) {
        compare_colours(judge);
        measure_disc(judge);
    }
}

static int judge_pictures(struct judge *judge, const char *path)
{
    const size_t size = (size_t)judge->pattern.width * (size_t)judge->pattern.height * 3;
    FILE *file = fopen(path, "rb");
    judge->rgb = malloc(size);
    if (file == NULL || judge->rgb == NULL) {
        return -1;
    }
    /* What follows the film's end is no business of the film's. */
    const double repeats = judge->period > 0 ? 2 : 1;
    const int most = (int)floor(repeats * judge->count / judge->rate * RATE - 1);
    for (int k = 0; fread(judge->rgb, 1, size, file) == size; k++) {
        judge->pictures++;
        const int number = pattern_read(judge->rgb, judge->pattern.width, judge->pattern.height);
        if (k <= most) {
            judge_time(judge, k, number);
        }
        if (k <= most && number >= 0 && k % COMPARE_EVERY == 0) {
            judge_look(judge, number);
        }
    }
    fclose(file);
    return 0;
}

/* --- Sound ------------------------------------------------------------------------------- */

struct beeps {
    int count;
    double period; /* likewise */
    double sum, least, most;
};

/* The pitch behind a beep's onset, by its zero crossings. */
static double pitch_at(const int16_t *samples, int64_t count, int64_t at)
{
    enum { SPAN = SAMPLE_RATE / 20, GAP = SAMPLE_RATE / 200 };
    int64_t first = -1;
    int64_t last = -1;
    int crossings = 0;
    for (int64_t i = at + GAP; i < at + GAP + SPAN && i < count; i++) {
        if (samples[i - 1] < 0 && samples[i] >= 0) {
            first = first < 0 ? i : first;
            last = i;
            crossings++;
        }
    }
    return crossings > 1 ? (double)(crossings - 1) * SAMPLE_RATE / (double)(last - first) : 0;
}

static void note_beep(struct beeps *beeps, const int16_t *samples, int64_t count, int64_t at)
{
    const double pitch = pitch_at(samples, count, at);
    const double second = round((pitch - PATTERN_BEEP_HZ) / PATTERN_STEP_HZ);
    const double delay = within_period((double)at / SAMPLE_RATE - second, beeps->period);
    beeps->least = beeps->count == 0 ? delay : fmin(beeps->least, delay);
    beeps->most = beeps->count == 0 ? delay : fmax(beeps->most, delay);
    beeps->sum += delay;
    beeps->count++;
}

static void find_beeps(struct beeps *beeps, const int16_t *samples, int64_t count)
{
    int top = 0;
    int64_t quiet = SAMPLE_RATE; /* samples without a beep so far */
    for (int64_t i = 0; i < count; i++) {
        top = abs(samples[i]) > top ? abs(samples[i]) : top;
    }
    for (int64_t i = 1; i < count; i++) {
        const bool is_loud = top > 300 && abs(samples[i]) > top / 4;
        if (is_loud && quiet > SAMPLE_RATE / 4) {
            note_beep(beeps, samples, count, i);
        }
        quiet = is_loud ? 0 : quiet + 1;
    }
}

static int judge_sound(const char *path, struct beeps *beeps)
{
    enum { MOST = 120 * SAMPLE_RATE };
    FILE *file = fopen(path, "rb");
    int16_t *samples = malloc(MOST * sizeof(*samples));
    if (file == NULL || samples == NULL) {
        return -1;
    }
    find_beeps(beeps, samples, (int64_t)fread(samples, sizeof(*samples), MOST, file));
    free(samples);
    fclose(file);
    return 0;
}

static void say(const struct judge *judge, const struct beeps *beeps)
{
    const double changes = judge->changes > 0 ? judge->changes : 1;
    const double compared = judge->compared > 0 ? judge->compared : 1;
    const double mean = beeps->count > 0 ? beeps->sum / beeps->count : 0;
    printf("pictures %d\nunreadable %d\nback %d\n", judge->pictures, judge->unreadable,
           judge->back);
    printf("last %d\n", judge->last);
    printf("delay_ms %.1f\nlate_ms %.1f\nearly_ms %.1f\nheld_ms %.1f\n",
           judge->delay_sum / changes * 1000, judge->late * 1000, judge->early * 1000,
           judge->held * 1000);
    printf("psnr %.1f\nssim %.3f\ncolour %.1f\ndisc %.3f\n",
           10 * log10(255 * 255 / fmax(judge->error_sum / compared, 0.01)),
           judge->ssim_sum / compared, judge->colour, judge->disc);
    printf("beeps %d\nbeep_ms %.1f\nbeep_off_ms %.1f\n", beeps->count, mean * 1000,
           fmax(beeps->most - mean, mean - beeps->least) * 1000);
}

int main(int argc, char **argv)
{
    struct judge judge = {.last = -1, .early = 1e9, .late = -1e9, .held = -1e9};
    struct beeps beeps = {0};
    if (argc != 8 && argc != 9) {
        fprintf(stderr,
                "usage: film-judge PICTURES SOUND WIDTH HEIGHT PIXEL RATE COUNT [PERIOD]\n");
        return 2;
    }
    judge.rate = number_of(argv[6]);
    judge.count = atoi(argv[7]);
    judge.period = beeps.period = argc == 9 ? atof(argv[8]) : 0;
    if (pattern_init(&judge.pattern, atoi(argv[3]), atoi(argv[4]), number_of(argv[5]), judge.rate) <
        0) {
        return 1;
    }
    judge.pattern.fine = 3;
    pattern_draw(&judge.pattern, -1);
    if (judge_pictures(&judge, argv[1]) < 0 || judge_sound(argv[2], &beeps) < 0) {
        fprintf(stderr, "film-judge: %s or %s cannot be read\n", argv[1], argv[2]);
        return 1;
    }
    say(&judge, &beeps);
    pattern_finish(&judge.pattern);
    free(judge.rgb);
    return 0;
}
