/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_picture.h"

#include "tools/ingest/ingest_codec.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libavutil/pixdesc.h>

enum { HD_LINES = 720, BLUR_GRID = 8, BLUR_RADIUS = 4 };

#define FAST_RATE      40.0 /* pictures a second: above, each is a field of its own */
#define SHAPE_MOST_OFF 0.03 /* of an aspect ratio */

static int even(double value, int most)
{
    const int number = (int)lround(value / 2) * 2;
    return number < 2 ? 2 : number > most ? most : number;
}

/* Width by height as it is looked at. */
static double shape_of(int width, int height, AVRational aspect, double rotation)
{
    const double pixel = aspect.num > 0 && aspect.den > 0 ? av_q2d(aspect) : 1;
    const double shape = width * pixel / height;
    return fmod(rotation, 180) != 0 ? 1 / shape : shape;
}

struct ingest_geometry ingest_fit(const struct video_profile *profile, int width, int height,
                                  AVRational aspect, double rotation)
{
    const double shape = shape_of(width, height, aspect, rotation);
    const double canvas_pixel = (double)profile->aspect_num / profile->aspect_den;
    const double fitting_width = shape * profile->height / canvas_pixel;
    if (fitting_width <= profile->width) {
        return (struct ingest_geometry){even(fitting_width, profile->width), profile->height};
    }
    const double fitting_height = profile->width * canvas_pixel / shape;
    return (struct ingest_geometry){profile->width, even(fitting_height, profile->height)};
}

bool ingest_picture_is_portrait(const struct ingest_picture *source)
{
    return shape_of(source->width, source->height, source->aspect, source->rotation) < 1;
}

static bool has_blurred_sides(const struct conform_rules *rules,
                              const struct ingest_picture *source)
{
    return rules->sides == CONFORM_BLURRED && ingest_picture_is_portrait(source);
}

enum ingest_afd ingest_picture_afd(const struct ingest_picture *source)
{
    static const struct {
        double shape;
        enum ingest_afd afd;
    } KNOWN[] = {{16.0 / 9, AFD_FULL}, {4.0 / 3, AFD_4_3}, {14.0 / 9, AFD_14_9}};
    const double shape = shape_of(source->width, source->height, source->aspect, source->rotation);
    for (size_t i = 0; i < sizeof(KNOWN) / sizeof(KNOWN[0]); i++) {
        if (fabs(shape / KNOWN[i].shape - 1) < SHAPE_MOST_OFF) {
            return KNOWN[i].afd;
        }
    }
    return shape > KNOWN[0].shape ? AFD_WIDER : AFD_FULL;
}

static bool is_hdr(const struct ingest_picture *source)
{
    return source->transfer == AVCOL_TRC_SMPTE2084 || source->transfer == AVCOL_TRC_ARIB_STD_B67;
}

bool ingest_picture_needs_zscale(const struct ingest_picture *source)
{
    return is_hdr(source) || source->primaries == AVCOL_PRI_BT2020;
}

/* A chain under construction. */
struct text {
    char *at;
    size_t room;
    bool is_short;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text->at, text->room, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= text->room) {
        text->is_short = true;
        return;
    }
    text->at += length;
    text->room -= (size_t)length;
}

static double rate_of(const struct ingest_picture *source)
{
    return source->rate.num > 0 && source->rate.den > 0 ? av_q2d(source->rate) : 25;
}

/* Its fields can stay what they are: nothing is scaled from line to line, no rate changes. */
static bool keeps_fields(const struct video_profile *profile, const struct ingest_picture *source,
                         struct ingest_geometry fit)
{
    return profile->is_interlaced && source->is_interlaced && source->rotation == 0 &&
           fit.height == source->height && fit.height == profile->height &&
           fabs(rate_of(source) - FRAMES_PER_SECOND) < 0.1;
}

static void add_deinterlacer(struct text *text, const struct video_profile *profile,
                             const struct ingest_picture *source, bool keeps)
{
    if (!source->is_interlaced) {
        return;
    }
    if (keeps) {
        add(text, "setfield=%s,%s", source->is_top_first ? "tff" : "bff",
            source->is_top_first ? "" : "fieldorder=tff,");
        return;
    }
    const bool wants_fields =
        profile->is_interlaced || profile->pictures_per_second > FRAMES_PER_SECOND;
    add(text, "bwdif=mode=%s:deint=interlaced,", wants_fields ? "send_field" : "send_frame");
}

static void add_rotation(struct text *text, double rotation)
{
    add(text, "%s",
        rotation == 90    ? "transpose=clock,"
        : rotation == 180 ? "hflip,vflip,"
        : rotation == 270 ? "transpose=cclock,"
                          : "");
}

/* High dynamic range and wide colours come down to BT.709; true when they did. */
static bool add_tone_map(struct text *text, const struct ingest_picture *source)
{
    if (!ingest_picture_needs_zscale(source)) {
        return false;
    }
    add(text,
        "zscale=tin=%s:min=bt2020nc:pin=bt2020:t=linear:npl=100,format=gbrpf32le,"
        "zscale=p=bt709,",
        source->transfer == AVCOL_TRC_SMPTE2084      ? "smpte2084"
        : source->transfer == AVCOL_TRC_ARIB_STD_B67 ? "arib-std-b67"
                                                     : "bt709");
    if (is_hdr(source)) {
        add(text, "tonemap=tonemap=hable:desat=0,");
    }
    add(text, "zscale=t=bt709:m=bt709:r=tv,format=yuv420p10le,");
    return true;
}

/* Untagged colours of a high-definition picture are those of BT.709. */
static bool is_bt709(const struct ingest_picture *source)
{
    const bool is_hd = source->height >= HD_LINES || source->width >= HD_LINES * 16 / 9;
    return source->space == AVCOL_SPC_UNSPECIFIED && is_hd;
}

static void add_size(struct text *text, const struct video_profile *profile,
                     struct ingest_geometry fit, bool keeps, bool from_bt709)
{
    add(text,
        "scale=%d:%d:flags=lanczos+accurate_rnd:interl=%d%s:out_color_matrix=%s:out_range=tv,",
        fit.width, fit.height, keeps ? 1 : 0, from_bt709 ? ":in_color_matrix=bt709" : "",
        ingest_is_standard_definition(profile) ? "bt470bg" : "bt709");
}

/*
 * What the picture leaves free: black, or the picture itself once more, so large
 * that it covers all, made on a small grid, which blurs it cheaply.
 */
static void add_surround(struct text *text, const struct video_profile *profile,
                         struct ingest_geometry fit, bool is_blurred)
{
    if (is_blurred) {
        const int width = even((double)profile->width / BLUR_GRID, profile->width);
        const int height = even((double)profile->height / BLUR_GRID, profile->height);
        /* The strip of the picture that has the shape of the whole. */
        const int strip = even((double)fit.width * profile->height / profile->width, fit.height);
        add(text,
            "split[front][back];[back]crop=%d:%d,scale=%d:%d:flags=area,boxblur=%d:2,"
            "lutyuv=y='minval+(val-minval)*0.5',scale=%d:%d:flags=bicubic[sides];"
            "[sides][front]overlay=(W-w)/2:(H-h)/2:format=%s,",
            fit.width, strip, width, height, BLUR_RADIUS, profile->width, profile->height,
            profile->codec == VIDEO_HEVC ? "yuv420p10" : "yuv420");
    } else {
        add(text, "pad=%d:%d:(ow-iw)/2:(oh-ih)/2:black,", profile->width, profile->height);
    }
    add(text, "setsar=%d/%d,", profile->aspect_num, profile->aspect_den);
}

/* Nothing below black and above white. */
static void add_limits(struct text *text, const struct video_profile *profile)
{
    const int scale = profile->codec == VIDEO_HEVC ? 4 : 1; /* 10 bits */
    add(text, "limiter=min=%d:max=%d:planes=1,limiter=min=%d:max=%d:planes=6,", 16 * scale,
        235 * scale, 16 * scale, 240 * scale);
}

/* The two fields of one picture are made of two. */
static bool is_interlacing(const struct video_profile *profile, const struct ingest_picture *source,
                           bool keeps)
{
    const bool has_motion = source->is_interlaced || rate_of(source) >= FAST_RATE;
    return profile->is_interlaced && !keeps && has_motion;
}

int ingest_picture_chain(const struct profile *house, const struct ingest_picture *source,
                         double starts_s, char *chain, size_t size)
{
    const struct video_profile *profile = &house->video;
    struct text text = {.at = chain, .room = size};
    const struct ingest_geometry fit =
        ingest_fit(profile, source->width, source->height, source->aspect, source->rotation);
    const bool keeps = keeps_fields(profile, source, fit);
    const bool interlaces = is_interlacing(profile, source, keeps);
    add_deinterlacer(&text, profile, source, keeps);
    /* First: what is left out need not be scaled. */
    add(&text, "fps=%d:start_time=%.3f:round=near,",
        interlaces ? 2 * FRAMES_PER_SECOND : profile->pictures_per_second, starts_s);
    add_rotation(&text, source->rotation);
    const bool is_mapped = add_tone_map(&text, source);
    add_size(&text, profile, fit, keeps, is_mapped || is_bt709(source));
    add(&text, "format=%s,", av_get_pix_fmt_name(ingest_pixel_format(profile)));
    add_limits(&text, profile);
    add_surround(&text, profile, fit, has_blurred_sides(&house->conform, source));
    add(&text, "%sformat=%s", interlaces ? "interlace=scan=tff:lowpass=complex," : "",
        av_get_pix_fmt_name(ingest_pixel_format(profile)));
    return text.is_short ? -ENOSPC : 0;
}
