/* SPDX-License-Identifier: MIT */
#include "tools/ingest/subtitle_track.h"

#include "playout/intl.h"
#include "tools/ingest/ingest_codec.h"
#include "tools/ingest/ingest_io.h"
#include "tools/ingest/subtitle_blend.h"
#include "tools/ingest/subtitle_lines.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <ass/ass.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>

static char FAMILY[] = "Noto Sans CJK SC";

/* Of the house's style, in lines of a picture of 288 (the canvas of FFmpeg's ASS header). */
#define LETTERS      20
#define EDGE         1.4
#define SHADOW       0.4
#define BOTTOM       22 /* 7.6 %: inside the safe area, clear of overscan */
#define SIDE         38 /* 10 % of 384 */
#define LINE_MOST_MS INT64_C(43200000)

struct subtitle_track {
    const struct video_profile *profile;
    ASS_Library *library;
    ASS_Renderer *renderer;
    ASS_Track *track;
};

/* libass would print. */
static void say_nothing(int level, const char *format, va_list arguments, void *context)
{
    (void)level;
    (void)format;
    (void)arguments;
    (void)context;
}

static int add_font(struct subtitle_track *track, int font)
{
    const off_t size = lseek(font, 0, SEEK_END);
    if (size <= 0 || size > INT_MAX) {
        return -EINVAL;
    }
    void *bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, font, 0);
    if (bytes == MAP_FAILED) {
        return -errno;
    }
    ass_add_font(track->library, FAMILY, bytes, (int)size); /* copies */
    munmap(bytes, (size_t)size);
    return 0;
}

static int open_renderer(struct subtitle_track *track, int font)
{
    const struct video_profile *profile = track->profile;
    track->library = ass_library_init();
    if (track->library == NULL) {
        return -ENOMEM;
    }
    ass_set_message_cb(track->library, say_nothing, NULL);
    const int result = add_font(track, font);
    track->renderer = result == 0 ? ass_renderer_init(track->library) : NULL;
    track->track = result == 0 ? ass_new_track(track->library) : NULL;
    if (track->renderer == NULL || track->track == NULL) {
        return result < 0 ? result : -ENOMEM;
    }
    ass_set_frame_size(track->renderer, profile->width, profile->height);
    ass_set_storage_size(track->renderer, profile->width, profile->height);
    /* How much narrower letters are in the file than they will be on the screen. */
    ass_set_pixel_aspect(track->renderer, (double)profile->aspect_den / profile->aspect_num);
    ass_set_fonts(track->renderer, NULL, FAMILY, ASS_FONTPROVIDER_NONE, NULL, 0);
    return 0;
}

/* What SRT does not say. */
static void set_house_style(ASS_Track *track)
{
    for (int i = 0; i < track->n_styles; i++) {
        ASS_Style *style = &track->styles[i];
        free(style->FontName);
        style->FontName = strdup(FAMILY);
        style->FontSize = LETTERS;
        style->PrimaryColour = 0xf4f4f400; /* RGBA, the last being transparency */
        style->OutlineColour = 0x10101000;
        style->BackColour = 0x00000080;
        style->BorderStyle = 1;
        style->Outline = EDGE;
        style->Shadow = SHADOW;
        style->MarginV = BOTTOM;
        style->MarginL = SIDE;
        style->MarginR = SIDE;
    }
}

/* --- Reading ------------------------------------------------------------------------------- */

struct reading {
    AVFormatContext *format;
    AVIOContext *io;
    AVCodecContext *decoder;
    AVPacket *packet;
    bool is_plain; /* says nothing of how it is to look */
};

static int open_reading(struct reading *reading, int fd)
{
    reading->io = ingest_io_open(fd, false);
    reading->format = avformat_alloc_context();
    reading->packet = av_packet_alloc();
    if (reading->io == NULL || reading->format == NULL || reading->packet == NULL) {
        return AVERROR(ENOMEM);
    }
    reading->format->pb = reading->io;
    reading->format->format_whitelist = av_strdup("srt,ass,webvtt");
    int result = avformat_open_input(&reading->format, NULL, NULL, NULL); /* frees when it fails */
    if (result < 0) {
        return result;
    }
    const AVCodecParameters *parameters = reading->format->streams[0]->codecpar;
    const AVCodec *codec = avcodec_find_decoder(parameters->codec_id);
    reading->decoder = codec != NULL ? avcodec_alloc_context3(codec) : NULL;
    if (reading->decoder == NULL) {
        return AVERROR_DECODER_NOT_FOUND;
    }
    result = avcodec_parameters_to_context(reading->decoder, parameters);
    reading->decoder->pkt_timebase = reading->format->streams[0]->time_base;
    return result < 0 ? result : avcodec_open2(reading->decoder, codec, NULL);
}

static void close_reading(struct reading *reading)
{
    avcodec_free_context(&reading->decoder);
    av_packet_free(&reading->packet);
    if (reading->format != NULL) {
        avformat_close_input(&reading->format);
    }
    (void)ingest_io_close(&reading->io);
}

/* "ReadOrder,Layer,Style,Name,MarginL,MarginR,MarginV,Effect,Text": where the text is. */
static const char *text_of(const char *event)
{
    const char *at = event;
    for (int i = 0; i < 8 && at != NULL; i++) {
        at = strchr(at, ',');
        at = at != NULL ? at + 1 : NULL;
    }
    return at;
}

/* One event, its long lines broken. */
static int add_event(ASS_Track *track, const char *event, int64_t start_ms, int64_t length_ms)
{
    const char *text = text_of(event);
    char *whole = NULL;
    char *broken = text != NULL ? subtitle_lines_break(text) : NULL;
    const int size =
        broken != NULL ? asprintf(&whole, "%.*s%s", (int)(text - event), event, broken) : -1;
    free(broken);
    if (size < 0) {
        return text == NULL ? 0 : AVERROR(ENOMEM);
    }
    ass_process_chunk(track, whole, size, start_ms, length_ms);
    free(whole);
    return 0;
}

static int take_lines(struct reading *reading, ASS_Track *track, const AVSubtitle *lines)
{
    const AVRational base = reading->format->streams[0]->time_base;
    const AVRational ms = {1, 1000};
    const int64_t start_ms = av_rescale_q(reading->packet->pts, base, ms);
    const int64_t length_ms = av_rescale_q(reading->packet->duration, base, ms);
    int result = 0;
    for (unsigned i = 0; result >= 0 && i < lines->num_rects; i++) {
        char *event = lines->rects[i]->ass;
        if (event == NULL || length_ms <= 0 || length_ms > LINE_MOST_MS) {
            continue;
        }
        if (reading->is_plain) {
            result = add_event(track, event, start_ms, length_ms);
        } else {
            ass_process_chunk(track, event, (int)strlen(event), start_ms, length_ms);
        }
    }
    return result;
}

static int read_lines(struct reading *reading, ASS_Track *track)
{
    int result = 0;
    while (result >= 0 && (result = av_read_frame(reading->format, reading->packet)) >= 0) {
        AVSubtitle lines = {0};
        int has_lines = 0;
        result = avcodec_decode_subtitle2(reading->decoder, &lines, &has_lines, reading->packet);
        if (result >= 0 && has_lines != 0 && reading->packet->pts != AV_NOPTS_VALUE) {
            result = take_lines(reading, track, &lines);
        }
        avsubtitle_free(&lines);
        av_packet_unref(reading->packet);
    }
    return result == AVERROR_EOF ? 0 : result;
}

static int read_track(struct subtitle_track *track, int subtitles)
{
    struct reading reading = {0};
    int result = open_reading(&reading, subtitles);
    if (result >= 0) {
        const AVCodecContext *decoder = reading.decoder;
        ass_process_codec_private(track->track, (char *)decoder->subtitle_header,
                                  decoder->subtitle_header_size);
        reading.is_plain = !av_match_name("ass", reading.format->iformat->name);
        if (reading.is_plain) {
            set_house_style(track->track);
        }
        result = read_lines(&reading, track->track);
    }
    close_reading(&reading);
    return result < 0 ? result : track->track->n_events > 0 ? 0 : AVERROR_INVALIDDATA;
}

int subtitle_track_open(struct subtitle_track **track, const struct video_profile *profile,
                        int subtitles, int font, struct ingest_failure *failure)
{
    struct subtitle_track *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return ingest_fail(failure, -ENOMEM, _("out of memory"));
    }
    fresh->profile = profile;
    int result = open_renderer(fresh, font);
    if (result < 0) {
        ingest_fail(failure, result, _("subtitles cannot be drawn: %s"), strerror(-result));
    } else {
        result = read_track(fresh, subtitles);
        if (result < 0) {
            ingest_fail(failure, result,
                        _("its subtitles hold nothing that can be shown: are they SRT or ASS?  "
                          "Mend them, or hand the film in without them"));
        }
    }
    if (result < 0) {
        subtitle_track_close(fresh);
        return result;
    }
    *track = fresh;
    return 0;
}

void subtitle_track_close(struct subtitle_track *track)
{
    if (track == NULL) {
        return;
    }
    if (track->track != NULL) {
        ass_free_track(track->track);
    }
    if (track->renderer != NULL) {
        ass_renderer_done(track->renderer);
    }
    if (track->library != NULL) {
        ass_library_done(track->library);
    }
    free(track);
}

int subtitle_track_draw(struct subtitle_track *track, int64_t time_ms, AVFrame *picture)
{
    const bool is_bt601 = ingest_is_standard_definition(track->profile);
    const ASS_Image *image = ass_render_frame(track->renderer, track->track, time_ms, NULL);
    const int result = image != NULL ? av_frame_make_writable(picture) : 0;
    for (; result >= 0 && image != NULL; image = image->next) {
        subtitle_blend(image, is_bt601, picture);
    }
    return result;
}
