/* SPDX-License-Identifier: MIT */
#include "tools/ingest/subtitle_blend.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { OPAQUE = 255 };

/* A plane of a picture, and the value that is mixed into it. */
struct plane {
    uint8_t *bytes;
    ptrdiff_t line;
    int width;
    int height;
    int step; /* samples of the bitmap to one of it, each way */
    bool is_deep;
    int value;
};

/* ITU-R BT.601 and BT.709: luma of red and blue; the values of 8 bits, limited range. */
static void convert(uint32_t rgba, bool is_bt601, double values[3])
{
    const double red = (double)(rgba >> 24) / 255;
    const double green = (double)(rgba >> 16 & 0xff) / 255;
    const double blue = (double)(rgba >> 8 & 0xff) / 255;
    const double of_red = is_bt601 ? 0.299 : 0.2126;
    const double of_blue = is_bt601 ? 0.114 : 0.0722;
    const double luma = of_red * red + (1 - of_red - of_blue) * green + of_blue * blue;
    values[0] = 16 + 219 * luma;
    values[1] = 128 + 112 * (blue - luma) / (1 - of_blue);
    values[2] = 128 + 112 * (red - luma) / (1 - of_red);
}

/* How much of the bitmap lies over a sample of the plane, 0 to 255. */
static int cover(const ASS_Image *image, const struct plane *plane, int x, int y)
{
    int sum = 0;
    for (int row = 0; row < plane->step; row++) {
        for (int column = 0; column < plane->step; column++) {
            const int from_left = x * plane->step + column - image->dst_x;
            const int from_top = y * plane->step + row - image->dst_y;
            const bool is_inside =
                from_left >= 0 && from_left < image->w && from_top >= 0 && from_top < image->h;
            sum += is_inside ? image->bitmap[(ptrdiff_t)from_top * image->stride + from_left] : 0;
        }
    }
    return sum / (plane->step * plane->step);
}

static void mix(const struct plane *plane, int x, int y, int share)
{
    uint8_t *at = plane->bytes + y * plane->line + (ptrdiff_t)x * (plane->is_deep ? 2 : 1);
    uint16_t deep = *at;
    if (plane->is_deep) {
        memcpy(&deep, at, sizeof(deep));
    }
    const int mixed = (deep * (OPAQUE - share) + plane->value * share + OPAQUE / 2) / OPAQUE;
    deep = (uint16_t)mixed;
    if (plane->is_deep) {
        memcpy(at, &deep, sizeof(deep));
    } else {
        *at = (uint8_t)mixed;
    }
}

static int clip(int value, int most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

static void blend_plane(const ASS_Image *image, const struct plane *plane)
{
    const int opacity = OPAQUE - (int)(image->color & 0xff);
    const int left = clip(image->dst_x / plane->step, plane->width);
    const int top = clip(image->dst_y / plane->step, plane->height);
    const int right = clip((image->dst_x + image->w) / plane->step + 1, plane->width);
    const int bottom = clip((image->dst_y + image->h) / plane->step + 1, plane->height);
    for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
            const int share = cover(image, plane, x, y) * opacity / OPAQUE;
            if (share > 0) {
                mix(plane, x, y, share);
            }
        }
    }
}

void subtitle_blend(const ASS_Image *image, bool is_bt601, AVFrame *picture)
{
    const bool is_deep = picture->format == AV_PIX_FMT_YUV420P10;
    double values[3];
    convert(image->color, is_bt601, values);
    for (int i = 0; i < 3; i++) {
        const int step = i == 0 ? 1 : 2;
        const struct plane plane = {
            .bytes = picture->data[i],
            .line = picture->linesize[i],
            .width = picture->width / step,
            .height = picture->height / step,
            .step = step,
            .is_deep = is_deep,
            .value = (int)lround(values[i] * (is_deep ? 4 : 1)),
        };
        blend_plane(image, &plane);
    }
}
