/* SPDX-License-Identifier: MIT */
#include "tools/ingest/card_make.h"

#include "playout/intl.h"
#include "scheduler/cutter.h"
#include "tools/ingest/card_art.h"
#include "tools/ingest/ingest_codec.h"
#include "tools/ingest/ingest_graph.h"
#include "tools/ingest/ingest_publish.h"
#include "tools/ingest/ingest_writer.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libavutil/pixdesc.h>

enum { WAIT_NS = 200000000, NS_PER_S = 1000000000 };

/* One card at work. */
struct making {
    const struct card_making *making;
    const struct card_file *card;
    struct ingest_failure *failure;
    int64_t frames;
    struct card_art *art;
    struct ingest_writer *writer;
    struct ingest_graph graph; /* from what Cairo draws to what the encoder takes */
    AVFrame *picture;          /* of the encoder */
    _Atomic int64_t frame;     /* that it has come to */
    atomic_bool is_stopped;    /* nobody wants it any more */
    int result;
};

/* --- The folder ------------------------------------------------------------------------------ */

char *card_templates(const struct station *station)
{
    /* In the source tree; below the prefix when installed; where we are. */
    static const char *const PLACES[] = {"../templates/cards", "../share/ketang/cards"};
    char program[PATH_MAX];
    char path[PATH_MAX + 40];
    if (station->scheduler.cards.templates != NULL) {
        return strdup(station->scheduler.cards.templates);
    }
    const ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
    if (length > 0) {
        program[length] = '\0';
        *strrchr(program, '/') = '\0';
        for (size_t i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
            snprintf(path, sizeof(path), "%s/%s", program, PLACES[i]);
            if (access(path, R_OK) == 0) {
                return strdup(path);
            }
        }
    }
    return strdup("templates/cards");
}

/* --- Pictures -------------------------------------------------------------------------------- */

/* Colours of the format, chroma of each field by itself where there are fields. */
static int open_graph(struct making *work)
{
    const struct video_profile *video = &work->making->profile->video;
    char chain[300];
    const AVFrame like = {
        .width = video->width, .height = video->height, .format = AV_PIX_FMT_BGR0};
    snprintf(chain, sizeof(chain),
             "scale=flags=bicubic+accurate_rnd+full_chroma_inp+bitexact:out_color_matrix=%s:"
             "out_range=tv:interl=%d,setsar=%d/%d,format=%s",
             ingest_is_standard_definition(video) ? "bt470bg" : "bt709", video->is_interlaced,
             video->aspect_num, video->aspect_den, av_get_pix_fmt_name(ingest_pixel_format(video)));
    return ingest_graph_open(&work->graph, &like, chain);
}

/* What was drawn, as the encoder takes it, into work->picture. */
static int convert(struct making *work, cairo_surface_t *drawn)
{
    const struct video_profile *video = &work->making->profile->video;
    AVFrame *frame = av_frame_alloc();
    if (frame == NULL) {
        return AVERROR(ENOMEM);
    }
    frame->width = video->width;
    frame->height = video->height;
    frame->format = AV_PIX_FMT_BGR0;
    int result = av_frame_get_buffer(frame, 0);
    if (result >= 0) {
        const uint8_t *pixels = cairo_image_surface_get_data(drawn);
        const int stride = cairo_image_surface_get_stride(drawn);
        for (int y = 0; y < video->height; y++) {
            memcpy(frame->data[0] + (ptrdiff_t)y * frame->linesize[0],
                   pixels + (ptrdiff_t)y * stride, (size_t)video->width * 4);
        }
        av_frame_unref(work->picture);
        result = ingest_graph_put(&work->graph, frame);
        result = result < 0 ? result : ingest_graph_get(&work->graph, work->picture);
    }
    av_frame_free(&frame);
    return result;
}

static int show(struct making *work, int64_t frame)
{
    cairo_surface_t *drawn = NULL;
    bool is_new = false;
    int result = card_art_draw(work->art, frame, &drawn, &is_new, work->failure);
    if (result == 0 && is_new) {
        cairo_surface_flush(drawn);
        result = convert(work, drawn);
    }
    const int pictures = profile_pictures_per_frame(work->making->profile);
    for (int i = 0; result >= 0 && i < pictures; i++) {
        result = ingest_writer_picture(work->writer, work->picture, AFD_FULL);
    }
    return result;
}

static bool tell(const struct making *work, int64_t frame)
{
    const struct card_making *making = work->making;
    return making->progress == NULL ||
           making->progress(making->context, (double)frame / (double)work->frames,
                            frame * (1000000 / FRAMES_PER_SECOND));
}

/* A thread of its own only notes it: whoever waits for it tells it. */
static bool goes_on(struct making *work, int64_t frame)
{
    atomic_store(&work->frame, frame);
    return work->making->stands_back ? !atomic_load(&work->is_stopped) : tell(work, frame);
}

static int show_all(struct making *work)
{
    for (int64_t frame = 0; frame < work->frames; frame++) {
        if (!goes_on(work, frame)) {
            return ingest_fail(work->failure, -ECANCELED, _("interrupted"));
        }
        const int result = show(work, frame);
        if (result < 0) {
            return ingest_fail_av(work->failure, result, _("the card cannot be encoded"));
        }
    }
    return 0;
}

/* --- The asset ------------------------------------------------------------------------------- */

static int write_index(const struct making *work)
{
    struct ingest_index index = {0};
    int result =
        ingest_index_build(&index, work->making->asset, work->making->profile, work->failure);
    if (result == 0) {
        result = asset_index_put(work->making->index, &index.header, index.video, index.audio);
    }
    ingest_index_finish(&index);
    return result;
}

static int make(struct making *work)
{
    const struct card_making *making = work->making;
    const struct card_settings look = {making->folder, work->card, &making->profile->video,
                                       work->frames};
    const struct ingest_writer_settings settings = {
        .encoder = {.profile = making->profile,
                    .preset = making->preset,
                    .video_percent = 100,
                    .audio_percent = 100},
        .kind = making->kind,
        .frames = work->frames,
    };
    int result = card_art_open(&work->art, &look, work->failure);
    if (result == 0) {
        result = ingest_writer_open(&work->writer, making->asset, &settings, work->failure);
    }
    if (result == 0) {
        work->picture = av_frame_alloc();
        result = work->picture != NULL ? open_graph(work) : AVERROR(ENOMEM);
        result = result < 0 ? ingest_fail_av(work->failure, result, _("the card cannot be encoded"))
                            : show_all(work);
    }
    result = result < 0 ? result : ingest_writer_close(work->writer, work->failure);
    return result < 0 ? result : write_index(work);
}

/* In a thread of its own, for only that can step back: who does so cannot come forward again. */
static void *stand_back(void *context)
{
    struct making *work = context;
    const struct sched_param none = {0};
    (void)sched_setscheduler(0, SCHED_IDLE, &none); /* of this thread alone, on Linux */
    work->result = make(work);
    return NULL;
}

static int make_in_thread(struct making *work)
{
    pthread_t thread;
    const int result = pthread_create(&thread, NULL, stand_back, work);
    if (result != 0) {
        return ingest_fail(work->failure, -result, "%s", strerror(result));
    }
    /* Not asked of the thread: on a busy machine it may not run for minutes. */
    struct timespec until;
    do {
        if (!tell(work, atomic_load(&work->frame))) {
            atomic_store(&work->is_stopped, true);
        }
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += WAIT_NS;
        until.tv_sec += until.tv_nsec / NS_PER_S;
        until.tv_nsec %= NS_PER_S;
    } while (pthread_timedjoin_np(thread, NULL, &until) != 0);
    return work->result;
}

int card_make(const struct card_making *making, const struct card_file *card,
              struct ingest_failure *failure)
{
    struct making work = {.making = making,
                          .card = card,
                          .failure = failure,
                          .frames = cutter_grid_down(making->profile, card->duration_frames)};
    const int result = making->stands_back ? make_in_thread(&work) : make(&work);
    ingest_graph_close(&work.graph);
    av_frame_free(&work.picture);
    ingest_writer_destroy(work.writer);
    card_art_close(work.art);
    return result;
}
