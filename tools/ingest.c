/* SPDX-License-Identifier: MIT */
#include "tools/ingest.h"

#include "playout/intl.h"
#include "playout/media.h"
#include "playout/proof.h"
#include "scheduler/library.h"
#include "tools/ingest_file.h"
#include "tools/ingest_graph.h"
#include "tools/ingest_loudness.h"
#include "tools/ingest_picture.h"
#include "tools/ingest_publish.h"
#include "tools/ingest_slate.h"
#include "tools/ingest_sound.h"
#include "tools/ingest_source.h"
#include "tools/ingest_writer.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    ATTEMPTS = 6,
    STEP_PERCENT = 10,
    GAIN_PASSES = 4,
    US_PER_FRAME = 40000,
};

#define LOUDNESS_TOLERANCE_DB 0.2
#define LIMITED_GAIN_MOST_DB  6.0 /* more would be heard as pumping */

/* One pass over a file: the first measures, the second makes. */
struct work {
    const struct ingest_request *request;
    struct ingest_failure *failure;
    struct ingest_source source;
    struct stat status; /* of the file, before the first pass */
    double gain_db;
    bool is_limited;
    struct ingest_sound sound;
    struct ingest_loudness loudness; /* of what `sound` makes */
    struct ingest_graph video;
    bool is_interlaced;           /* one picture so far was, and the graph is for such */
    enum ingest_afd afd;          /* of what comes out of the graph */
    struct ingest_writer *writer; /* NULL: only measuring */
    AVFrame *frame;
    double done_from; /* part of the whole work before this pass, and after it */
    double done_to;
    int64_t expected_us;
    int64_t frames; /* how long the asset will be */
};

static int report(struct work *work, int64_t time_us)
{
    const struct ingest_request *request = work->request;
    if (request->progress == NULL) {
        return 0;
    }
    double part = work->expected_us > 0 ? (double)time_us / (double)work->expected_us : 0;
    part = part > 1 ? 1 : part;
    const double whole = work->done_from + part * (work->done_to - work->done_from);
    return request->progress(request->progress_context, whole, time_us)
               ? 0
               : ingest_fail(work->failure, AVERROR_EXIT, _("interrupted"));
}

/* A chain for pictures like this one, from where the asset has come to. */
static int open_video(struct work *work, const AVFrame *frame)
{
    const struct video_profile *profile = &work->request->profile->video;
    const struct ingest_picture picture = ingest_source_picture(&work->source, frame);
    char chain[1024];
    if (ingest_picture_needs_zscale(&picture) && avfilter_get_by_name("zscale") == NULL) {
        return ingest_fail(work->failure, AVERROR_FILTER_NOT_FOUND,
                           _("its colours are HDR, and the FFmpeg of this machine cannot convert "
                             "them (no zscale): export it in standard dynamic range"));
    }
    const double next_s =
        (double)ingest_writer_pictures(work->writer) / profile->pictures_per_second;
    const int result = ingest_picture_chain(profile, &picture, next_s, chain, sizeof(chain));
    work->afd = ingest_picture_afd(&picture);
    return result < 0 ? result : ingest_graph_open(&work->video, frame, chain);
}

static int drain_video(struct work *work)
{
    int result = 0;
    while ((result = ingest_graph_get(&work->video, work->frame)) >= 0) {
        result = ingest_writer_picture(work->writer, work->frame, work->afd);
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
    if (frame != NULL && (!ingest_graph_fits(&work->video, frame) ||
                          (frame->interlaced_frame && !work->source.is_interlaced))) {
        /* The first picture, or a file that changes its size on the way. */
        if (work->video.graph != NULL) {
            result = ingest_graph_put(&work->video, NULL);
            result = result < 0 ? result : drain_video(work);
            ingest_graph_close(&work->video);
        }
        result = result < 0 ? result : open_video(work, frame);
    }
    if (result < 0 || work->video.graph == NULL) {
        return result;
    }
    result = ingest_graph_put(&work->video, frame);
    return result < 0 ? result : drain_video(work);
}

/* Sound as it will be: measured, and written in the last pass. */
static int take_sound(void *context, AVFrame *frame)
{
    struct work *work = context;
    const int result = ingest_loudness_take(&work->loudness, frame);
    return result < 0 || work->writer == NULL ? result : ingest_writer_sound(work->writer, frame);
}

static int take(void *context, bool is_video, AVFrame *frame)
{
    struct work *work = context;
    int result = 0;
    if (!is_video) {
        result = ingest_sound_put(&work->sound, frame, take_sound, work);
    } else if (work->writer != NULL) {
        result = put_picture(work, frame);
    }
    return result < 0 || frame == NULL ? result : report(work, frame->pts);
}

/* Up to the next frame of the join grid; half a millisecond is no frame. */
static int64_t whole_grid(const struct profile *profile, int64_t time_us)
{
    enum { ROUNDING_US = 500 };
    const int64_t step_us = (int64_t)profile->join_grid_frames * US_PER_FRAME;
    const int64_t steps = (time_us + step_us - 1 - ROUNDING_US) / step_us;
    const int64_t frames = steps * profile->join_grid_frames;
    return frames < EVENT_MIN_FRAMES ? EVENT_MIN_FRAMES : frames;
}

/* The silence that will follow up to the join grid is part of the programme, and of its loudness.
 */
static int measure_padding(struct work *work)
{
    const int rate = work->request->profile->audio.sample_rate;
    const int64_t video = work->source.video_end_us;
    const int64_t audio = work->source.audio_end_us;
    const int64_t frames = whole_grid(work->request->profile, video > audio ? video : audio);
    const int64_t samples = frames * rate / FRAMES_PER_SECOND - work->sound.samples;
    return work->source.audio != NULL && samples > 0
               ? ingest_loudness_silence(&work->loudness, samples)
               : 0;
}

/* One pass: decodes the file from end to end, into `writer` when there is one. */
static int pass(struct work *work)
{
    const struct ingest_request *request = work->request;
    int result = ingest_source_open(&work->source, request->path, work->failure);
    if (result < 0) {
        return result;
    }
    work->expected_us =
        work->frames > 0 ? work->frames * US_PER_FRAME : work->source.format->duration;
    result =
        ingest_sound_init(&work->sound, &request->profile->audio, work->gain_db, work->is_limited);
    if (result == 0) {
        result = ingest_loudness_init(&work->loudness);
    }
    if (result == 0) {
        result =
            ingest_source_decode(&work->source, work->writer != NULL, take, work, work->failure);
    }
    if (result == 0) {
        result = ingest_source_judge(&work->source, work->failure);
    }
    if (result == 0) {
        result = measure_padding(work);
    }
    if (result == 0) {
        result = ingest_loudness_take(&work->loudness, NULL);
    }
    if (result == 0) {
        result = ingest_file_still_is(request->path, &work->status, work->failure);
    }
    return result;
}

/* What a pass opened; what it found out stays. */
static void end_pass(struct work *work)
{
    ingest_source_close(&work->source);
    ingest_sound_finish(&work->sound);
    ingest_loudness_finish(&work->loudness);
    ingest_graph_close(&work->video);
    ingest_writer_destroy(work->writer);
    work->writer = NULL;
}

static void work_finish(struct work *work)
{
    end_pass(work);
    av_frame_free(&work->frame);
}

/*
 * Where the gain would drive peaks over the limit, limiting costs loudness:
 * the gain is raised by what is missing, as often as it takes.
 */
static int settle_gain(struct work *work)
{
    const struct audio_profile *profile = &work->request->profile->audio;
    work->gain_db = ingest_loudness_gain(work->loudness.lkfs, profile->loudness_lkfs);
    work->is_limited = work->loudness.peak_dbtp + work->gain_db > profile->true_peak_dbtp;
    const double most = work->gain_db + LIMITED_GAIN_MOST_DB;
    int result = 0;
    for (int i = 0; result == 0 && work->is_limited && i < GAIN_PASSES; i++) {
        end_pass(work);
        result = pass(work);
        const double missing = profile->loudness_lkfs - work->loudness.lkfs;
        if (missing < LOUDNESS_TOLERANCE_DB || work->gain_db >= most) {
            break;
        }
        work->gain_db = fmin(work->gain_db + missing, most);
    }
    return result;
}

/* Finds length, loudness and gain. */
static int measure(struct work *work)
{
    int result = pass(work);
    if (result == 0) {
        const int64_t video = work->source.video_end_us;
        const int64_t audio = work->source.audio_end_us;
        work->frames = whole_grid(work->request->profile, video > audio ? video : audio);
        result = settle_gain(work);
    }
    end_pass(work);
    return result;
}

/* Decodes again and writes `path`. */
static int make(struct work *work, const char *path, int video_percent, int audio_percent)
{
    const struct ingest_writer_settings settings = {
        .encoder = {.profile = work->request->profile,
                    .preset = work->request->preset,
                    .video_percent = video_percent,
                    .audio_percent = audio_percent},
        .kind = work->request->kind,
        .frames = work->frames,
    };
    int result = ingest_writer_open(&work->writer, path, &settings, work->failure);
    if (result == 0) {
        result = pass(work);
    }
    if (result == 0 && ingest_writer_pictures(work->writer) == 0) {
        result = ingest_fail(work->failure, AVERROR_INVALIDDATA,
                             _("not one picture of it can be decoded"));
    }
    return result == 0 ? ingest_writer_close(work->writer, work->failure) : result;
}

/*
 * Pictures of one asset are decoded with the parameter sets of another after a
 * join: all must have the same.  They change only with the encoder library or
 * the profile; the slate stands for the library.
 */
static int compare_with_slate(const struct work *work, const struct ingest_index *index)
{
    const struct ingest_request *request = work->request;
    struct asset *slate = NULL;
    if (request->kind == ASSET_SLATE ||
        media_open_slate(request->media, request->profile->name, &slate) < 0) {
        return 0;
    }
    const bool is_same = memcmp(asset_index_of(slate)->header->parameter_sets_sha256,
                                index->header.parameter_sets_sha256, SHA256_SIZE) == 0;
    asset_unref(slate);
    return is_same ? 0
                   : ingest_fail(work->failure, -EXDEV,
                                 _("the encoder on this machine, or the profile, is not the one "
                                   "that made the slate in %s, so the two cannot follow each "
                                   "other: make the slate and all lessons anew, or ingest on a "
                                   "machine like the first"),
                                 request->media);
}

static void fill_record(const struct work *work, const struct ingest_index *index,
                        struct asset_record *record)
{
    const struct ingest_request *request = work->request;
    const char *slash = request->path != NULL ? strrchr(request->path, '/') : NULL;
    const char *name = slash != NULL ? slash + 1 : request->path != NULL ? request->path : "";
    char printable[512];
    char title[512];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *record = (struct asset_record){
        .house_number = strdup(request->house_number),
        .kind = request->kind,
        .profile = strdup(request->profile->name),
        .title = strdup(
            ingest_printable(request->title != NULL ? request->title : "", title, sizeof(title))),
        .duration_frames = index->header.duration_frames,
        .loudness_lkfs = work->loudness.lkfs,
        .true_peak_dbtp = work->loudness.peak_dbtp,
        .is_proven = true,
        .source = strdup(ingest_printable(name, printable, sizeof(printable))),
        .created_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000,
    };
}

/* Where only a new number is wanted: an operator's film of it may have come while this was made. */
static int check_new(const struct ingest_request *request, struct ingest_failure *failure)
{
    struct library *library = NULL;
    int result = request->is_new ? library_load(request->media, &library) : 0;
    if (library != NULL &&
        (library_has(library, request->house_number) ||
         library_is_damaged(library, request->profile->name, request->house_number))) {
        result = ingest_fail(failure, -EEXIST,
                             _("there is a film %s already: it stays, and this one is left out "
                               "(--new)"),
                             request->house_number);
    }
    library_destroy(library);
    return result;
}

/* Index, proof, record, and into the folder; -EDOM when the proof fails. */
static int finish(struct work *work, const char *path, struct asset_record *record,
                  struct proof_result *proof)
{
    struct ingest_index index = {0};
    struct asset_record fresh = {0};
    int result = ingest_index_build(&index, path, work->request->profile, work->failure);
    if (result == 0) {
        result = compare_with_slate(work, &index);
    }
    if (result == 0) {
        result = ingest_prove(&index, work->request->profile, proof);
    }
    if (result == 0) {
        result = check_new(work->request, work->failure);
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

static int work_init(struct work *work, const struct ingest_request *request,
                     struct ingest_failure *failure)
{
    *work = (struct work){.request = request, .failure = failure};
    work->frame = av_frame_alloc();
    return work->frame != NULL ? 0 : ingest_fail(failure, -ENOMEM, _("out of memory"));
}

/* A working folder in the media folder, and the path of the asset in it. */
static int make_folder(const struct work *work, char **folder, char **path)
{
    *folder = ingest_work_create(work->request->media, work->failure);
    if (*folder == NULL || asprintf(path, "%s/asset.mp4", *folder) < 0) {
        *path = NULL;
        return ingest_fail(work->failure, -ENOMEM, _("out of memory"));
    }
    return 0;
}

/* Encodes until the proof holds: each time that of the two tighter of which it did not. */
static int make_until_proven(struct work *work, const char *path, struct asset_record *record)
{
    struct proof_result proof = {0};
    int video_percent = 100;
    int audio_percent = 100;
    int result = -EDOM;
    work->done_from = 0.1;
    work->done_to = 1;
    for (int attempt = 0; result == -EDOM && attempt < ATTEMPTS; attempt++) {
        end_pass(work);
        unlink(path);
        result = make(work, path, video_percent, audio_percent);
        if (result == 0) {
            result = finish(work, path, record, &proof);
        }
        *(proof.is_video ? &video_percent : &audio_percent) -= STEP_PERCENT;
    }
    if (result == -EDOM) {
        ingest_fail(work->failure, result,
                    _("it could not be made air-ready (%s): this is a defect of ours, please "
                      "report it with the file"),
                    proof_verdict_text(proof.verdict));
    }
    return result;
}

int ingest_file(const struct ingest_request *request, struct asset_record *record,
                struct ingest_failure *failure)
{
    struct work work;
    char *folder = NULL;
    char *path = NULL;
    int result = work_init(&work, request, failure);
    if (result == 0) {
        result = check_new(request, failure);
    }
    if (result == 0) {
        result = ingest_file_stat(request->path, &work.status, failure);
    }
    if (result == 0) {
        work.done_to = 0.1;
        result = measure(&work);
    }
    /* What cannot be used does not even make a working folder. */
    if (result == 0) {
        result = make_folder(&work, &folder, &path);
    }
    if (result == 0) {
        result = make_until_proven(&work, path, record);
    }
    work_finish(&work);
    ingest_work_destroy(folder);
    free(path);
    return result;
}

/* Pictures of the slate, and silence. */
static int make_slate(struct work *work, const char *path)
{
    const struct ingest_request *request = work->request;
    const struct ingest_writer_settings settings = {
        .encoder = {.profile = request->profile,
                    .preset = request->preset,
                    .video_percent = 100,
                    .audio_percent = 100},
        .kind = ASSET_SLATE,
        .frames = ingest_slate_frames(request->profile),
    };
    work->afd = AFD_FULL;
    int result = ingest_writer_open(&work->writer, path, &settings, work->failure);
    if (result == 0) {
        result = ingest_slate_open(&work->video, request->profile, request->station->name);
        result = result < 0 ? result : drain_video(work);
        result = result < 0 ? ingest_fail_av(work->failure, result, _("the slate cannot be drawn"))
                            : ingest_writer_close(work->writer, work->failure);
    }
    work->loudness.lkfs = INGEST_SILENCE_LKFS;
    work->loudness.peak_dbtp = INGEST_SILENCE_DBTP;
    return result;
}

int ingest_slate(const struct ingest_request *request, struct asset_record *record,
                 struct ingest_failure *failure)
{
    struct work work;
    char *folder = NULL;
    char *path = NULL;
    struct proof_result proof = {0};
    int result = work_init(&work, request, failure);
    if (result == 0) {
        result = make_folder(&work, &folder, &path);
    }
    if (result == 0) {
        result = make_slate(&work, path);
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
