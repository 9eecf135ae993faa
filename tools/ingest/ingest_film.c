/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_film.h"

#include "playout/intl.h"
#include "playout/proof.h"
#include "scheduler/media_room.h"
#include "tools/ingest/ingest_graph.h"
#include "tools/ingest/ingest_loudness.h"
#include "tools/ingest/ingest_picture.h"
#include "tools/ingest/ingest_publish.h"
#include "tools/ingest/ingest_sound.h"
#include "tools/ingest/ingest_source.h"
#include "tools/ingest/ingest_writer.h"
#include "tools/ingest/qc_picture.h"
#include "tools/ingest/qc_sound.h"
#include "tools/ingest/qc_source.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum {
    ATTEMPTS = 6,
    STEP_PERCENT = 10,
    GAIN_PASSES = 4,
    US_PER_FRAME = 40000,
};

#define LOUDNESS_TOLERANCE_DB 0.2
#define LIMITED_GAIN_MOST_DB  6.0 /* more would be heard as pumping */
#define LEVEL_TOLERANCE_LU    0.5

/* One pass over a file: the first measures, the second makes. */
struct work {
    const struct ingest_film *film;
    struct ingest_failure *failure;
    struct ingest_source source;
    double gain_db;
    bool is_limited;
    struct ingest_sound sound;
    struct ingest_loudness loudness; /* of what `sound` makes */
    struct ingest_graph video;
    struct ingest_picture picture; /* what the graph is for */
    enum ingest_afd afd;           /* of what comes out of the graph */
    struct ingest_writer *writer;  /* NULL: only measuring */
    AVFrame *frame;
    double done_from; /* part of the whole work before this pass, and after it */
    double done_to;
    int64_t expected_us;
    int64_t frames; /* how long the asset will be */
    /* The review looks once at everything: at sound in the first pass, at pictures in the second.
     */
    struct qc_sheet *sheet;
    bool reviews_sound;
    struct qc_sound *qc_sound;     /* NULL: not in this pass */
    struct qc_picture *qc_picture; /* likewise */
    struct qc_clock clock;
};

static int report(struct work *work, int64_t time_us)
{
    const struct ingest_film *film = work->film;
    double part = work->expected_us > 0 ? (double)time_us / (double)work->expected_us : 0;
    part = part > 1 ? 1 : part;
    const double whole = work->done_from + part * (work->done_to - work->done_from);
    return film->progress(film->progress_context, whole, time_us)
               ? 0
               : ingest_fail(work->failure, AVERROR_EXIT, _("interrupted"));
}

/* A chain for pictures like this one, from where the asset has come to. */
static int open_video(struct work *work, const AVFrame *frame)
{
    const struct video_profile *profile = &work->film->profile->video;
    struct ingest_picture *picture = &work->picture;
    char chain[1024];
    *picture = ingest_source_picture(&work->source, frame);
    if (ingest_picture_needs_zscale(picture) && avfilter_get_by_name("zscale") == NULL) {
        return ingest_fail(work->failure, AVERROR_FILTER_NOT_FOUND,
                           _("its colours are HDR, and the FFmpeg of this machine cannot convert "
                             "them (no zscale): export it in standard dynamic range"));
    }
    const double next_s =
        (double)ingest_writer_pictures(work->writer) / profile->pictures_per_second;
    const int result = ingest_picture_chain(profile, picture, next_s, chain, sizeof(chain));
    work->afd = ingest_picture_afd(picture);
    return result < 0 ? result : ingest_graph_open(&work->video, frame, chain);
}

static int drain_video(struct work *work)
{
    int result = 0;
    while ((result = ingest_graph_get(&work->video, work->frame)) >= 0) {
        result = work->qc_picture != NULL ? qc_picture_take(work->qc_picture, work->frame) : 0;
        if (result >= 0) {
            result = ingest_writer_picture(work->writer, work->frame, work->afd);
        }
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
        if (work->qc_picture != NULL && frame != NULL) {
            qc_clock_take(&work->clock, frame->pts);
        }
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
    const int rate = work->film->profile->audio.sample_rate;
    const int64_t video = work->source.video_end_us;
    const int64_t audio = work->source.audio_end_us;
    const int64_t frames = whole_grid(work->film->profile, video > audio ? video : audio);
    const int64_t samples = frames * rate / FRAMES_PER_SECOND - work->sound.samples;
    return work->source.audio != NULL && samples > 0
               ? ingest_loudness_silence(&work->loudness, samples)
               : 0;
}

/* Mono goes to both sides with half of its power. */
static double full_scale(const struct ingest_source *source)
{
    return source->audio != NULL && source->audio->codecpar->ch_layout.nb_channels == 1 ? M_SQRT1_2
                                                                                        : 1;
}

/* Meters, and who looks at what they say. */
static int open_meters(struct work *work)
{
    const int result = ingest_loudness_init(&work->loudness);
    if (result == 0 && work->reviews_sound) {
        work->qc_sound =
            qc_sound_create(&work->film->profile->qc, full_scale(&work->source), work->sheet);
        work->loudness.qc = work->qc_sound;
        return work->qc_sound != NULL ? 0 : AVERROR(ENOMEM);
    }
    return result;
}

/* One pass: decodes the file from end to end, into `writer` when there is one. */
static int pass(struct work *work)
{
    const struct ingest_film *film = work->film;
    int result = ingest_source_open(&work->source, film->source, film->name, work->failure);
    if (result < 0) {
        return result;
    }
    work->expected_us =
        work->frames > 0 ? work->frames * US_PER_FRAME : work->source.format->duration;
    result =
        ingest_sound_init(&work->sound, &film->profile->audio, work->gain_db, work->is_limited);
    if (result == 0) {
        result = open_meters(work);
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
    qc_sound_destroy(work->qc_sound);
    work->qc_sound = NULL;
    qc_picture_destroy(work->qc_picture);
    work->qc_picture = NULL;
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
    const struct audio_profile *profile = &work->film->profile->audio;
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
    work->reviews_sound = true;
    int result = pass(work);
    work->reviews_sound = false;
    if (result == 0) {
        qc_sound_end(work->qc_sound, work->loudness.lkfs, work->loudness.peak_dbtp);
        const int64_t video = work->source.video_end_us;
        const int64_t audio = work->source.audio_end_us;
        work->frames = whole_grid(work->film->profile, video > audio ? video : audio);
        work->sheet->length_us = work->frames * US_PER_FRAME;
        result = settle_gain(work);
    }
    end_pass(work);
    return result;
}

/* Decodes again and writes the asset. */
static int make(struct work *work, int video_percent, int audio_percent)
{
    const struct ingest_writer_settings settings = {
        .encoder = {.profile = work->film->profile,
                    .preset = work->film->preset,
                    .video_percent = video_percent,
                    .audio_percent = audio_percent},
        .kind = work->film->kind,
        .frames = work->frames,
    };
    int result = ingest_writer_open(&work->writer, work->film->asset, &settings, work->failure);
    if (result == 0) {
        result = pass(work);
    }
    if (result == 0 && ingest_writer_pictures(work->writer) == 0) {
        result = ingest_fail(work->failure, AVERROR_INVALIDDATA,
                             _("not one picture of it can be decoded"));
    }
    return result == 0 ? ingest_writer_close(work->writer, work->failure) : result;
}

/* The index of what was made, and the proof: 0, or -EDOM when that fails. */
static int finish(struct work *work, struct proof_result *proof)
{
    const struct ingest_film *film = work->film;
    struct ingest_index index = {0};
    int result = ingest_index_build(&index, film->asset, film->profile, work->failure);
    if (result == 0) {
        const struct asset_index view = ingest_index_view(&index);
        result = ingest_prove(&view, film->profile, proof);
    }
    if (result == 0 && asset_index_put(film->index, &index.header, index.video, index.audio) < 0) {
        result =
            ingest_fail(work->failure, -EIO, _("the asset cannot be written: is the disk full?"));
    }
    ingest_index_finish(&index);
    return result;
}

/* Where the house loudness could not be had: too quiet, or so uneven that it would be heard. */
static void review_level(const struct work *work)
{
    const double lkfs = work->loudness.lkfs;
    const double off = fabs(lkfs - work->film->profile->audio.loudness_lkfs);
    if (lkfs > INGEST_SILENCE_LKFS + 1 && off > LEVEL_TOLERANCE_LU) {
        (void)qc_sheet_add(work->sheet, QC_LEVEL, 0, work->sheet->length_us, lkfs);
    }
}

/* The first time that it is made the pictures are looked at. */
static int make_reviewed(struct work *work)
{
    const struct profile *profile = work->film->profile;
    work->qc_picture = qc_picture_create(profile, work->frames, work->sheet);
    int result = work->qc_picture != NULL ? make(work, 100, 100) : AVERROR(ENOMEM);
    if (result == 0) {
        const struct ingest_picture *picture = &work->picture;
        review_level(work);
        qc_source_judge(&work->source, &work->clock, picture, profile, work->sheet);
        qc_picture_end(work->qc_picture,
                       ingest_fit(&profile->video, picture->width, picture->height, picture->aspect,
                                  picture->rotation));
    }
    return result;
}

/* Encodes until the proof holds: each time that of the two tighter of which it did not. */
static int make_until_proven(struct work *work)
{
    struct proof_result proof = {0};
    int video_percent = 100;
    int audio_percent = 100;
    int result = -EDOM;
    work->done_from = 0.1;
    work->done_to = 1;
    for (int attempt = 0; result == -EDOM && attempt < ATTEMPTS; attempt++) {
        end_pass(work);
        result = attempt == 0 ? make_reviewed(work) : make(work, video_percent, audio_percent);
        if (result == 0) {
            result = finish(work, &proof);
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

int ingest_film_make(const struct ingest_film *film, struct ingest_film_sound *sound,
                     struct qc_sheet *sheet, struct ingest_failure *failure)
{
    struct work work = {.film = film, .failure = failure, .done_to = 0.1, .sheet = sheet};
    work.frame = av_frame_alloc();
    int result =
        work.frame != NULL ? measure(&work) : ingest_fail(failure, -ENOMEM, _("out of memory"));
    if (result == 0 && media_room_of_asset(film->profile, work.frames) > film->room_bytes) {
        result = ingest_fail(failure, -ENOSPC,
                             _("there is no room for it: %.1f GB are wanted, and %.1f GB are free "
                               "beyond the reserve: make room there"),
                             (double)media_room_of_asset(film->profile, work.frames) / 1e9,
                             (double)film->room_bytes / 1e9);
    }
    if (result == 0) {
        result = make_until_proven(&work);
    }
    *sound = (struct ingest_film_sound){work.loudness.lkfs, work.loudness.peak_dbtp};
    work_finish(&work);
    return result;
}
