/* SPDX-License-Identifier: MIT */
/*
 * The voice decides how long each slide stands; what is left of the lesson
 * is shared out evenly, and a last page counts it down:
 *
 *   | title card |  slide 1   |  slide 2     |  practice  |
 *   | voice  pad | voice  pad | voice    pad | pad        |
 */
#include "tools/demo_lesson.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/error.h>
#include <libavutil/frame.h>
#include <libswresample/swresample.h>

#include "tools/demo_canvas.h"
#include "tools/demo_design.h"
#include "tools/demo_movie.h"
#include "tools/demo_voice.h"

enum {
    PAD_MIN = 2,        /* seconds of rest after the voice */
    SILENT_SECONDS = 6, /* how long a slide stands without a voice */
    PARTS_MAX = DEMO_SLIDES_MAX + 2,
    FADE_FRAMES = 10,
    SPOKEN_SIZE = 1024,
};

/* The title card, a slide, or the practice page. */
struct part {
    const struct demo_slide *slide; /* NULL for the other two */
    struct demo_voice voice;
    struct demo_place place;
};

struct making {
    const struct demo_lesson *lesson;
    struct part parts[PARTS_MAX];
    int count;
    int frames_done;
    struct demo_movie *movie;
    struct SwrContext *resampler;
    AVFrame *picture;
    AVFrame *last_picture; /* of the part before, to fade from */
    float second[DEMO_SOUND_RATE];
};

static void add_text(char *target, size_t size, const char *text)
{
    const size_t length = strlen(target);

    snprintf(target + length, size - length, "%s。", text);
}

/* What is read aloud while this part is shown. */
static void compose_spoken(char *target, size_t size, const struct making *making,
                           const struct part *part)
{
    const struct demo_slide *slide = part->slide;

    target[0] = '\0';
    if (slide != NULL && slide->spoken != NULL) {
        add_text(target, size, slide->spoken);
    } else if (slide != NULL) {
        add_text(target, size, slide->heading);
        for (int i = 0; i < DEMO_LINES_MAX && slide->lines[i] != NULL; i++) {
            add_text(target, size, slide->lines[i]);
        }
    } else if (part == making->parts) {
        add_text(target, size, making->lesson->grade);
        add_text(target, size, making->lesson->subject);
        add_text(target, size, making->lesson->title);
    } else {
        add_text(target, size, "现在自己练一练");
    }
}

/* Fills parts and voices. */
static int speak(struct making *making, const char *folder, bool *is_silent)
{
    const struct demo_slide *slides = making->lesson->slides;
    char spoken[SPOKEN_SIZE];

    making->count = 1;
    for (int i = 0; i < DEMO_SLIDES_MAX && slides[i].heading != NULL; i++) {
        making->parts[making->count++].slide = &slides[i];
    }
    making->count += making->lesson->has_practice ? 1 : 0;
    for (int i = 0; i < making->count; i++) {
        compose_spoken(spoken, sizeof spoken, making, &making->parts[i]);
        int error = demo_voice_say(&making->parts[i].voice, spoken, folder);
        if (error == -ENOENT) {
            *is_silent = true;
            return 0;
        }
        if (error != 0) {
            return AVERROR(-error);
        }
    }
    return 0;
}

static int wanted_seconds(const struct part *part)
{
    const int spoken = demo_voice_seconds(&part->voice);

    return (spoken > 0 ? spoken : SILENT_SECONDS) + PAD_MIN;
}

/* Leaves slides out, the last ones first, until the lesson is not too long. */
static int drop_late_slides(struct making *making)
{
    const int kept = making->lesson->has_practice ? 2 : 1;
    int wanted = 0;

    for (int i = 0; i < making->count; i++) {
        wanted += wanted_seconds(&making->parts[i]);
    }
    while (wanted > making->lesson->seconds && making->count > 1) {
        const int dropped = making->count - (making->count > kept ? kept : 1);
        wanted -= wanted_seconds(&making->parts[dropped]);
        demo_voice_finish(&making->parts[dropped].voice);
        making->count--;
        making->parts[dropped] = making->parts[making->count];
        making->parts[making->count] = (struct part){0};
    }
    return wanted;
}

static void share_time(struct making *making)
{
    const int total = making->lesson->seconds;
    int spare = total - drop_late_slides(making);
    int from = 0;

    for (int i = 0; i < making->count; i++) {
        const int left = making->count - i;
        const int share = spare > 0 ? spare / left : 0;
        int seconds = wanted_seconds(&making->parts[i]) + share;
        if (left == 1) {
            seconds = total - from;
        }
        making->parts[i].place = (struct demo_place){
            .page = i + 1,
            .pages = making->count,
            .from = from,
            .seconds = seconds,
            .of_seconds = total,
        };
        spare -= share;
        from += seconds;
    }
}

static struct demo_canvas *design(const struct making *making, const struct part *part)
{
    if (part->slide != NULL) {
        return demo_design_slide(making->lesson, part->slide, &part->place);
    }
    return part == making->parts ? demo_design_title(making->lesson, &part->place)
                                 : demo_design_practice(making->lesson, &part->place);
}

/* One second of this part's sound; silence when the voice has ended. */
static int write_second_of_sound(struct making *making, const struct part *part, int second)
{
    const size_t first = (size_t)second * DEMO_VOICE_RATE;
    const size_t count = part->voice.count;
    int16_t silence[DEMO_VOICE_RATE] = {0};
    const uint8_t *source = (const uint8_t *)silence;
    uint8_t *target = (uint8_t *)making->second;

    if (first < count) {
        const size_t left = count - first < DEMO_VOICE_RATE ? count - first : DEMO_VOICE_RATE;
        memcpy(silence, part->voice.samples + first, left * sizeof *silence);
    }
    int got = swr_convert(making->resampler, &target, DEMO_SOUND_RATE, &source, DEMO_VOICE_RATE);
    return got < 0 ? got : demo_movie_sound(making->movie, making->second, (size_t)got);
}

/* Mixes the old picture into the new one: `old_share` of FADE_FRAMES. */
static void blend(AVFrame *target, const AVFrame *old_picture, const AVFrame *new_picture,
                  int old_share)
{
    for (int plane = 0; plane < 3; plane++) {
        const int height = plane == 0 ? target->height : target->height / 2;
        const int width = plane == 0 ? target->width : target->width / 2;
        for (int y = 0; y < height; y++) {
            const uint8_t *a =
                old_picture->data[plane] + (ptrdiff_t)y * old_picture->linesize[plane];
            const uint8_t *b =
                new_picture->data[plane] + (ptrdiff_t)y * new_picture->linesize[plane];
            uint8_t *out = target->data[plane] + (ptrdiff_t)y * target->linesize[plane];
            for (int x = 0; x < width; x++) {
                out[x] =
                    (uint8_t)((a[x] * old_share + b[x] * (FADE_FRAMES - old_share)) / FADE_FRAMES);
            }
        }
    }
}

static int write_faded(struct making *making, int old_share)
{
    AVFrame *mixed = av_frame_clone(making->picture);
    int error = mixed != NULL ? av_frame_make_writable(mixed) : AVERROR(ENOMEM);

    if (error >= 0) {
        blend(mixed, making->last_picture, making->picture, old_share);
        error = demo_movie_picture(making->movie, mixed);
    }
    av_frame_free(&mixed);
    return error;
}

/* is_fading: the pictures come out of the part before. */
static int write_second_of_pictures(struct making *making, bool is_fading)
{
    const int total = making->lesson->seconds * DEMO_FRAMES_PER_SECOND;
    int error = 0;

    for (int i = 0; i < DEMO_FRAMES_PER_SECOND && error >= 0; i++) {
        error = av_frame_make_writable(making->picture);
        if (error < 0) {
            return error;
        }
        demo_design_progress(making->picture, ++making->frames_done, total);
        error = is_fading && i < FADE_FRAMES ? write_faded(making, FADE_FRAMES - 1 - i)
                                             : demo_movie_picture(making->movie, making->picture);
    }
    return error;
}

static int write_part(struct making *making, const struct part *part)
{
    struct demo_canvas *canvas = design(making, part);
    int error = canvas != NULL ? demo_canvas_start(canvas) : AVERROR(ENOMEM);

    for (int second = 0; second < part->place.seconds && error >= 0; second++) {
        av_frame_unref(making->picture);
        error = demo_canvas_next(canvas, making->picture);
        if (error >= 0) {
            error = write_second_of_pictures(making, second == 0 && part != making->parts);
        }
        if (error >= 0) {
            error = write_second_of_sound(making, part, second);
        }
    }
    if (error >= 0) {
        av_frame_unref(making->last_picture);
        error = av_frame_ref(making->last_picture, making->picture);
    }
    demo_canvas_destroy(canvas);
    return error;
}

static int open_resampler(struct making *making)
{
    AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO;
    int error = swr_alloc_set_opts2(&making->resampler, &mono, AV_SAMPLE_FMT_FLTP, DEMO_SOUND_RATE,
                                    &mono, AV_SAMPLE_FMT_S16, DEMO_VOICE_RATE, 0, NULL);

    return error < 0 ? error : swr_init(making->resampler);
}

static void finish(struct making *making)
{
    for (int i = 0; i < PARTS_MAX; i++) {
        demo_voice_finish(&making->parts[i].voice);
    }
    demo_movie_close(making->movie);
    swr_free(&making->resampler);
    av_frame_free(&making->picture);
    av_frame_free(&making->last_picture);
    free(making);
}

int demo_lesson_write(const struct demo_lesson *lesson, const char *path, const char *folder,
                      bool *is_silent)
{
    struct making *making = calloc(1, sizeof *making);
    int error = AVERROR(ENOMEM);

    if (making == NULL) {
        return error;
    }
    making->lesson = lesson;
    making->picture = av_frame_alloc();
    making->last_picture = av_frame_alloc();
    if (making->picture == NULL || making->last_picture == NULL) {
        goto cleanup;
    }
    *is_silent = false;
    error = speak(making, folder, is_silent);
    if (error < 0) {
        goto cleanup;
    }
    share_time(making);
    error = open_resampler(making);
    if (error >= 0) {
        error = demo_movie_open(&making->movie, path);
    }
    for (int i = 0; i < making->count && error >= 0; i++) {
        error = write_part(making, &making->parts[i]);
    }
    if (error >= 0) {
        error = demo_movie_end(making->movie);
    }

cleanup:
    finish(making);
    return error;
}
