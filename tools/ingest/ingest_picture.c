/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_picture.h"

#include "tools/ingest/ingest_codec.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libavutil/pixdesc.h>

enum { HD_LINES = 720 };

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
        "scale=%d:%d:flags=lanczos+accurate_rnd:interl=%d%s:out_color_matrix=%s:out_range=tv,"
        "pad=%d:%d:(ow-iw)/2:(oh-ih)/2:black,setsar=%d/%d,",
        fit.width, fit.height, keeps ? 1 : 0, from_bt709 ? ":in_color_matrix=bt709" : "",
        ingest_is_standard_definition(profile) ? "bt470bg" : "bt709", profile->width,
        profile->height, profile->aspect_num, profile->aspect_den);
}

static void add_rate(struct text *text, const struct video_profile *profile,
                     const struct ingest_picture *source, bool keeps, double starts_s)
{
    const bool has_motion = source->is_interlaced || rate_of(source) >= FAST_RATE;
    const bool is_interlacing = profile->is_interlaced && !keeps && has_motion;
    const int rate = is_interlacing ? 2 * FRAMES_PER_SECOND : profile->pictures_per_second;
    add(text, "fps=%d:start_time=%.3f:round=near,", rate, starts_s);
    if (is_interlacing) {
        add(text, "interlace=scan=tff:lowpass=complex,");
    }
}

int ingest_picture_chain(const struct video_profile *profile, const struct ingest_picture *source,
                         double starts_s, char *chain, size_t size)
{
    struct text text = {.at = chain, .room = size};
    const struct ingest_geometry fit =
        ingest_fit(profile, source->width, source->height, source->aspect, source->rotation);
    const bool keeps = keeps_fields(profile, source, fit);
    add_deinterlacer(&text, profile, source, keeps);
    add_rotation(&text, source->rotation);
    const bool is_mapped = add_tone_map(&text, source);
    add_size(&text, profile, fit, keeps, is_mapped || is_bt709(source));
    add_rate(&text, profile, source, keeps, starts_s);
    add(&text, "format=%s", av_get_pix_fmt_name(ingest_pixel_format(profile)));
    return text.is_short ? -ENOSPC : 0;
}
