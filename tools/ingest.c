/* SPDX-License-Identifier: MIT */
#include "tools/ingest.h"

#include "playout/intl.h"
#include "playout/proof.h"
#include "tools/ingest_graph.h"
#include "tools/ingest_loudness.h"
#include "tools/ingest_publish.h"
#include "tools/ingest_source.h"
#include "tools/ingest_writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    ATTEMPTS = 4,
    VBV_STEP_PERCENT = 10,
    SLATE_FRAMES = 240,
    US_PER_FRAME = 40000,
};

/* One pass over a file: the first measures, the second makes. */
struct work {
    const struct ingest_request *request;
    struct ingest_failure *failure;
    struct ingest_source source;
    struct ingest_loudness measured;
    struct ingest_loudness result; /* of what is written */
    struct ingest_graph video;
    struct ingest_graph audio;
    struct ingest_writer *writer;
    AVFrame *frame;
    double done_from; /* part of the whole work before this pass, and after it */
    double done_to;
    int64_t declared_us;
    int64_t frames; /* how long the asset will be */
};

static int report(struct work *work, int64_t time_us)
{
    const struct ingest_request *request = work->request;
    if (request->progress == NULL) {
        return 0;
    }
    double part = work->declared_us > 0 ? (double)time_us / (double)work->declared_us : 0;
    part = part > 1 ? 1 : part;
    const double whole = work->done_from + part * (work->done_to - work->done_from);
    return request->progress(request->progress_context, whole)
               ? 0
               : ingest_fail(work->failure, AVERROR_EXIT, _("interrupted"));
}

static int take_for_measure(void *context, bool is_video, AVFrame *frame)
{
    struct work *work = context;
    if (is_video) {
        return 0;
    }
    const int result = ingest_loudness_take(&work->measured, frame);
    return result < 0 || frame == NULL ? result : report(work, frame->pts);
}

static void describe_video_chain(const struct work *work, const AVFrame *frame, char *chain,
                                 size_t size)
{
    const struct video_profile *profile = &work->request->profile->video;
    const double rotation = work->source.rotation;
    AVRational aspect = frame->sample_aspect_ratio;
    if (aspect.num <= 0) {
        aspect = work->source.video->sample_aspect_ratio;
    }
    const struct ingest_geometry fit =
        ingest_fit(profile, frame->width, frame->height, aspect, rotation);
    const char *turn = rotation == 90    ? "transpose=clock,"
                       : rotation == 180 ? "hflip,vflip,"
                       : rotation == 270 ? "transpose=cclock,"
                                         : "";
    const double next_s =
        work->writer != NULL ? (double)ingest_writer_frames(work->writer) / FRAMES_PER_SECOND : 0;
    snprintf(chain, size,
             "%s%sscale=%d:%d:flags=lanczos+accurate_rnd:out_color_matrix=bt470bg:out_range=tv,"
             "pad=%d:%d:(ow-iw)/2:(oh-ih)/2:black,setsar=%d/%d,fps=%d:start_time=%.3f:round=near,"
             "format=yuv420p",
             frame->interlaced_frame ? "bwdif=mode=send_frame," : "", turn, fit.width, fit.height,
             profile->width, profile->height, profile->aspect_num, profile->aspect_den,
             FRAMES_PER_SECOND, next_s);
}

static int drain_video(struct work *work)
{
    int result = 0;
    while ((result = ingest_graph_get(&work->video, work->frame)) >= 0) {
        result = ingest_writer_picture(work->writer, work->frame);
        av_frame_unref(work->frame);
        if (result < 0) {
            return result;
        }
    }
    return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : result;
}

static int put_picture(struct work *work, AVFrame *frame)
{
    int result = 0;
    if (frame != NULL && !ingest_graph_fits(&work->video, frame)) {
        /* The first picture, or a file that changes its size on the way. */
        char chain[512];
        if (work->video.graph != NULL) {
            result = ingest_graph_put(&work->video, NULL);
            result = result < 0 ? result : drain_video(work);
            ingest_graph_close(&work->video);
        }
        describe_video_chain(work, frame, chain, sizeof(chain));
        result = result < 0 ? result : ingest_graph_open(&work->video, frame, chain);
    }
    if (result < 0 || work->video.graph == NULL) {
        return result;
    }
    result = ingest_graph_put(&work->video, frame);
    return result < 0 ? result : drain_video(work);
}

static int drain_audio(struct work *work)
{
    int result = 0;
    while ((result = ingest_graph_get(&work->audio, work->frame)) >= 0) {
        result = ingest_loudness_take(&work->result, work->frame);
        result = result < 0 ? result : ingest_writer_sound(work->writer, work->frame);
        av_frame_unref(work->frame);
        if (result < 0) {
            return result;
        }
    }
    return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : result;
}

/* Peaks are limited at four times the rate, where they are what a set's converter makes of them. */
static int open_sound(struct work *work, const AVFrame *frame)
{
    const struct audio_profile *profile = &work->request->profile->audio;
    const double gain = ingest_loudness_gain(work->measured.lkfs, profile->loudness_lkfs);
    char chain[512];
    snprintf(chain, sizeof(chain),
             "aresample=%d:async=1000:min_hard_comp=0.05:first_pts=0,"
             "aformat=sample_fmts=fltp:channel_layouts=stereo,volume=%.2fdB:precision=float,"
             "aresample=192000,alimiter=limit=%.4fdB:level=false:attack=5:release=50,"
             "aresample=%d,aformat=sample_fmts=s16:channel_layouts=stereo",
             profile->sample_rate, gain, profile->true_peak_dbtp, profile->sample_rate);
    return ingest_graph_open(&work->audio, frame, chain);
}

static int put_sound(struct work *work, AVFrame *frame)
{
    int result = 0;
    if (frame != NULL && work->audio.graph == NULL) {
        result = open_sound(work, frame);
    }
    if (result < 0 || work->audio.graph == NULL) {
        return result;
    }
    result = ingest_graph_put(&work->audio, frame);
    return result < 0 ? result : drain_audio(work);
}

static int take_for_making(void *context, bool is_video, AVFrame *frame)
{
    struct work *work = context;
    const int result = is_video ? put_picture(work, frame) : put_sound(work, frame);
    return result < 0 || frame == NULL || !is_video ? result : report(work, frame->pts);
}

static void work_finish(struct work *work)
{
    ingest_source_close(&work->source);
    ingest_loudness_finish(&work->measured);
    ingest_loudness_finish(&work->result);
    ingest_graph_close(&work->video);
    ingest_graph_close(&work->audio);
    ingest_writer_destroy(work->writer);
    av_frame_free(&work->frame);
}

/* Up to the next frame of the join grid; half a millisecond is no frame. */
static int64_t whole_grid(int64_t time_us)
{
    enum { GRID_US = JOIN_GRID_FRAMES * US_PER_FRAME, ROUNDING_US = 500 };
    const int64_t grid = (time_us + GRID_US - 1 - ROUNDING_US) / GRID_US * JOIN_GRID_FRAMES;
    return grid < EVENT_MIN_FRAMES ? EVENT_MIN_FRAMES : grid;
}

static int measure(struct work *work)
{
    int result = ingest_source_open(&work->source, work->request->path, work->failure);
    if (result == 0) {
        work->declared_us = work->source.format->duration;
        result = ingest_loudness_init(&work->measured);
    }
    if (result == 0) {
        result = ingest_source_decode(&work->source, false, take_for_measure, work, work->failure);
    }
    if (result == 0) {
        result = ingest_source_judge(&work->source, work->failure);
    }
    const int64_t video = work->source.video_end_us;
    const int64_t audio = work->source.audio_end_us;
    work->frames = whole_grid(video > audio ? video : audio);
    ingest_source_close(&work->source);
    return result;
}

/* Decodes again and writes `path`. */
static int make(struct work *work, const char *path, int vbv_percent)
{
    const struct ingest_writer_settings settings = {.profile = work->request->profile,
                                                    .kind = work->request->kind,
                                                    .preset = work->request->preset,
                                                    .vbv_percent = vbv_percent,
                                                    .frames = work->frames};
    int result = ingest_source_open(&work->source, work->request->path, work->failure);
    if (result == 0) {
        result = ingest_loudness_init(&work->result);
    }
    if (result == 0) {
        result = ingest_writer_open(&work->writer, path, &settings, work->failure);
    }
    if (result == 0) {
        result = ingest_source_decode(&work->source, true, take_for_making, work, work->failure);
    }
    if (result == 0) {
        result = ingest_source_judge(&work->source, work->failure);
    }
    if (result == 0 && ingest_writer_frames(work->writer) == 0) {
        result = ingest_fail(work->failure, AVERROR_INVALIDDATA,
                             _("not one picture of it can be decoded"));
    }
    if (result == 0) {
        result = ingest_loudness_take(&work->result, NULL);
    }
    if (result == 0) {
        result = ingest_writer_close(work->writer, work->failure);
    }
    return result;
}

static void fill_record(const struct work *work, const struct ingest_index *index,
                        struct asset_record *record)
{
    const struct ingest_request *request = work->request;
    const char *slash = request->path != NULL ? strrchr(request->path, '/') : NULL;
    const char *name = slash != NULL ? slash + 1 : request->path != NULL ? request->path : "";
    char printable[512];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *record = (struct asset_record){
        .house_number = strdup(request->house_number),
        .kind = request->kind,
        .profile = strdup(request->profile->name),
        .title = strdup(request->title != NULL ? request->title : ""),
        .duration_frames = index->header.duration_frames,
        .loudness_lkfs = work->result.lkfs,
        .true_peak_dbtp = work->result.peak_dbtp,
        .is_proven = true,
        .source = strdup(ingest_printable(name, printable, sizeof(printable))),
        .created_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000,
    };
}

/* Index, proof, record, and into the folder; -EDOM when the proof fails. */
static int finish(struct work *work, const char *path, struct asset_record *record,
                  struct proof_result *proof)
{
    struct ingest_index index = {0};
    struct asset_record fresh = {0};
    int result =
        ingest_index_build(&index, path, work->request->profile, work->failure);
    if (result == 0) {
        result = ingest_prove(&index, work->request->profile, proof);
    }
    if (result == 0) {
        fill_record(work, &index, &fresh);
        result = fresh.house_number != NULL && fresh.profile != NULL && fresh.title != NULL &&
                         fresh.source != NULL
                     ? ingest_publish(work->request->media, path, &index, &fresh, work->failure)
                     : -ENOMEM;
    }
    ingest_index_finish(&index);
    if (result < 0) {
        asset_record_finish(&fresh);
        return result;
    }
    *record = fresh;
    return 0;
}

static int start(struct work *work, const struct ingest_request *request,
                 struct ingest_failure *failure, char **folder, char **path)
{
    *work = (struct work){.request = request, .failure = failure};
    work->frame = av_frame_alloc();
    *folder = ingest_work_create(request->media, failure);
    if (*folder == NULL || work->frame == NULL || asprintf(path, "%s/asset.mp4", *folder) < 0) {
        *path = NULL;
        return ingest_fail(failure, -ENOMEM, _("out of memory"));
    }
    return 0;
}

int ingest_file(const struct ingest_request *request, struct asset_record *record,
                struct ingest_failure *failure)
{
    struct work work;
    char *folder = NULL;
    char *path = NULL;
    struct proof_result proof = {0};

    /* What cannot be opened does not even make a working folder. */
    struct ingest_source probe;
    int result = ingest_source_open(&probe, request->path, failure);
    if (result < 0) {
        return result;
    }
    ingest_source_close(&probe);

    result = start(&work, request, failure, &folder, &path);
    if (result == 0) {
        work.done_to = 0.1;
        result = measure(&work);
    }
    for (int attempt = 0; result == 0 && attempt < ATTEMPTS; attempt++) {
        work.done_from = 0.1;
        work.done_to = 1;
        unlink(path);
        result = make(&work, path, 100 - attempt * VBV_STEP_PERCENT);
        if (result == 0) {
            result = finish(&work, path, record, &proof);
        }
        if (result != -EDOM) {
            break;
        }
        const struct ingest_loudness measured = work.measured;
        const int64_t frames = work.frames;
        work.measured = (struct ingest_loudness){0};
        AVFrame *frame = work.frame;
        work.frame = NULL;
        work_finish(&work);
        work = (struct work){
            .request = request, .failure = failure, .frame = frame, .measured = measured,
            .frames = frames};
        result = attempt + 1 < ATTEMPTS ? 0 : -EDOM;
    }
    if (result == -EDOM) {
        ingest_fail(failure, result,
                    _("it could not be made air-ready (%s): this is a defect of ours, please "
                      "report it with the file"),
                    proof_verdict_text(proof.verdict));
    }
    work_finish(&work);
    ingest_work_destroy(folder);
    free(path);
    return result;
}

/* Typography of the slate: the station's name, a line of comfort, quiet colours. */
static void describe_slate(const struct ingest_request *request, char *chain, size_t size)
{
    const struct video_profile *profile = &request->profile->video;
    char name[200];
    ingest_printable(request->station->name, name, sizeof(name));
    for (char *at = name; *at != '\0'; at++) {
        if (strchr("\\':%[],;=", *at) != NULL) {
            *at = ' '; /* means something to the filters */
        }
    }
    /* drawtext takes `font` as a family only, but reads `fontfile` as a
     * fontconfig pattern when there is no such file. */
    snprintf(chain, size,
             "color=c=0x14324a:s=1024x576:r=%d:d=%d.%02d,"
             "drawbox=x=0:y=0:w=iw:h=ih:color=0x0e2436:t=28,"
             "drawbox=x=412:y=318:w=200:h=4:color=0xe8b04a:t=fill,"
             "drawtext=font='Noto Sans CJK SC':fontfile='\\:bold':text='%s':fontsize=64:fontcolor=0xf4f1e8:"
             "x=(w-text_w)/2:y=212,"
             "drawtext=font='Noto Sans CJK SC':text='节目即将开始 请稍候':fontsize=36:"
             "fontcolor=0xc9d4dc:x=(w-text_w)/2:y=352,"
             "scale=704:%d:flags=lanczos:out_color_matrix=bt470bg:out_range=tv,"
             "pad=%d:%d:(ow-iw)/2:0:black,setsar=%d/%d,format=yuv420p",
             FRAMES_PER_SECOND, SLATE_FRAMES / FRAMES_PER_SECOND,
             SLATE_FRAMES % FRAMES_PER_SECOND * 4, name, profile->height, profile->width,
             profile->height, profile->aspect_num, profile->aspect_den);
}

static int draw_slate(struct work *work, const char *path)
{
    const struct ingest_request *request = work->request;
    const struct ingest_writer_settings settings = {.profile = request->profile,
                                                    .kind = ASSET_SLATE,
                                                    .preset = request->preset,
                                                    .vbv_percent = 100,
                                                    .frames = SLATE_FRAMES};
    char chain[2000];
    describe_slate(request, chain, sizeof(chain));
    int result = ingest_graph_open(&work->video, &(const AVFrame){0}, chain);
    if (result < 0) {
        return ingest_fail_av(work->failure, result, _("the slate cannot be drawn"));
    }
    result = ingest_writer_open(&work->writer, path, &settings, work->failure);
    result = result < 0 ? result : drain_video(work);
    if (result < 0) {
        return ingest_fail_av(work->failure, result, _("the slate cannot be drawn"));
    }
    work->result.lkfs = -70;
    work->result.peak_dbtp = -120;
    return ingest_writer_close(work->writer, work->failure);
}

int ingest_slate(const struct ingest_request *request, struct asset_record *record,
                 struct ingest_failure *failure)
{
    struct work work;
    char *folder = NULL;
    char *path = NULL;
    struct proof_result proof = {0};
    int result = start(&work, request, failure, &folder, &path);
    if (result == 0) {
        result = draw_slate(&work, path);
    }
    if (result == 0) {
        result = finish(&work, path, record, &proof);
    }
    if (result == -EDOM) {
        ingest_fail(failure, result, _("the slate is not air-ready: %s"),
                    proof_verdict_text(proof.verdict));
    }
    work_finish(&work);
    ingest_work_destroy(folder);
    free(path);
    return result;
}

char *ingest_house_number(const char *path)
{
    const char *slash = strrchr(path, '/');
    char printable[256];
    ingest_printable(slash != NULL ? slash + 1 : path, printable, sizeof(printable));
    char *dot = strrchr(printable, '.');
    if (dot != NULL && dot != printable) {
        *dot = '\0';
    }
    for (char *at = printable; *at != '\0'; at++) {
        if (*at == ' ' || *at == '?') {
            *at = '-';
        }
    }
    return strdup(printable);
}
