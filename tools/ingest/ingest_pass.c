/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_pass.h"

#include "playout/intl.h"

#include <math.h>

enum { US_PER_FRAME = 40000 };

static int report(struct ingest_pass *pass, int64_t time_us)
{
    const struct ingest_film *film = pass->film;
    double part = pass->expected_us > 0 ? (double)time_us / (double)pass->expected_us : 0;
    part = part > 1 ? 1 : part;
    const double whole = pass->done_from + part * (pass->done_to - pass->done_from);
    return film->progress(film->progress_context, whole, time_us)
               ? 0
               : ingest_fail(pass->failure, AVERROR_EXIT, _("interrupted"));
}

/* A chain for pictures like this one, from where the asset has come to. */
static int open_video(struct ingest_pass *pass, const AVFrame *frame)
{
    const struct profile *profile = pass->film->profile;
    struct ingest_picture *picture = &pass->picture;
    char chain[1024];
    *picture = ingest_source_picture(&pass->source, frame);
    if (ingest_picture_needs_zscale(picture) && avfilter_get_by_name("zscale") == NULL) {
        return ingest_fail(pass->failure, AVERROR_FILTER_NOT_FOUND,
                           _("its colours are HDR, and the FFmpeg of this machine cannot convert "
                             "them (no zscale): export it in standard dynamic range"));
    }
    const double next_s = (double)pass->pictures / profile->video.pictures_per_second;
    const int result = ingest_picture_chain(profile, picture, next_s, chain, sizeof(chain));
    pass->afd = ingest_picture_afd(picture);
    return result < 0 ? result : ingest_graph_open(&pass->video, frame, chain);
}

/* A picture of the house format, to whoever wants it. */
static int give_picture(struct ingest_pass *pass)
{
    const int64_t time_ms =
        pass->pictures++ * 1000 / pass->film->profile->video.pictures_per_second;
    if (pass->subtitles != NULL) {
        const int drawn = subtitle_track_draw(pass->subtitles, time_ms, pass->frame);
        if (drawn < 0) {
            return drawn;
        }
    }
    if (pass->patch != NULL) {
        const int result = ingest_patch_put(pass->patch, pass->frame, pass->afd);
        return result >= 0 && ingest_patch_is_full(pass->patch) ? INGEST_ENOUGH : result;
    }
    const int result =
        pass->qc_picture != NULL ? qc_picture_take(pass->qc_picture, pass->frame) : 0;
    return result < 0 ? result : ingest_writer_picture(pass->writer, pass->frame, pass->afd);
}

static int drain_video(struct ingest_pass *pass)
{
    int result = 0;
    while ((result = ingest_graph_get(&pass->video, pass->frame)) >= 0) {
        result = give_picture(pass);
        av_frame_unref(pass->frame);
        if (result < 0) {
            return result;
        }
    }
    return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : result;
}

static int put_picture(struct ingest_pass *pass, AVFrame *frame)
{
    int result = 0;
    if (frame != NULL && (!ingest_graph_fits(&pass->video, frame) ||
                          (frame->interlaced_frame && !pass->source.is_interlaced))) {
        /* The first picture, or a file that changes its size on the way. */
        if (pass->video.graph != NULL) {
            result = ingest_graph_put(&pass->video, NULL);
            result = result < 0 ? result : drain_video(pass);
            ingest_graph_close(&pass->video);
        }
        result = result < 0 ? result : open_video(pass, frame);
    }
    if (result < 0 || pass->video.graph == NULL) {
        return result;
    }
    result = ingest_graph_put(&pass->video, frame);
    return result < 0 ? result : drain_video(pass);
}

/* Sound as it will be: measured, and written in the last pass. */
static int take_sound(void *context, AVFrame *frame)
{
    struct ingest_pass *pass = context;
    const int result = ingest_loudness_take(&pass->loudness, frame);
    return result < 0 || pass->writer == NULL ? result : ingest_writer_sound(pass->writer, frame);
}

/* One picture of each GOP, of a film that has the house format already. */
static int look_at_key(struct ingest_pass *pass, AVFrame *frame)
{
    const int others = GOP_FRAMES * profile_pictures_per_frame(pass->film->profile) - 1;
    pass->picture = ingest_source_picture(&pass->source, frame);
    const int result = qc_picture_take(pass->qc_picture, frame);
    qc_picture_skip(pass->qc_picture, others);
    return result;
}

static int take_picture(struct ingest_pass *pass, AVFrame *frame)
{
    if (pass->looks_at_keys) {
        return frame != NULL ? look_at_key(pass, frame) : 0;
    }
    if (pass->qc_picture != NULL && frame != NULL) {
        qc_clock_take(&pass->clock, frame->pts);
    }
    return put_picture(pass, frame);
}

static int take(void *context, bool is_video, AVFrame *frame)
{
    struct ingest_pass *pass = context;
    const int result = is_video ? take_picture(pass, frame)
                                : ingest_sound_put(&pass->sound, frame, take_sound, pass);
    return result < 0 || frame == NULL ? result : report(pass, frame->pts);
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

int64_t ingest_pass_length(const struct ingest_pass *pass)
{
    const int64_t video = pass->source.video_end_us;
    const int64_t audio = pass->source.audio_end_us;
    return whole_grid(pass->film->profile, video > audio ? video : audio);
}

/* The silence that will follow up to the join grid is part of the programme, and of its loudness.
 */
static int measure_padding(struct ingest_pass *pass)
{
    const int rate = pass->film->profile->audio.sample_rate;
    const int64_t samples =
        ingest_pass_length(pass) * rate / FRAMES_PER_SECOND - pass->sound.samples;
    return pass->source.audio != NULL && samples > 0
               ? ingest_loudness_silence(&pass->loudness, samples)
               : 0;
}

/* Mono goes to both sides with half of its power. */
static double full_scale(const struct ingest_source *source)
{
    return source->audio != NULL && source->audio->codecpar->ch_layout.nb_channels == 1 ? M_SQRT1_2
                                                                                        : 1;
}

/* Meters, and who looks at what they say. */
static int open_meters(struct ingest_pass *pass)
{
    const int result = ingest_loudness_init(&pass->loudness);
    pass->loudness.leaves_peaks = pass->with.is_limited && pass->writer == NULL;
    if (result == 0 && pass->reviews_sound) {
        pass->qc_sound =
            qc_sound_create(&pass->film->profile->qc, full_scale(&pass->source), pass->sheet);
        pass->loudness.qc = pass->qc_sound;
        return pass->qc_sound != NULL ? 0 : AVERROR(ENOMEM);
    }
    return result;
}

static enum ingest_pictures wanted(const struct ingest_pass *pass)
{
    return pass->looks_at_keys                           ? INGEST_KEY_PICTURES
           : pass->writer != NULL || pass->patch != NULL ? INGEST_ALL_PICTURES
                                                         : INGEST_NO_PICTURES;
}

/* Pictures alone, as far as the patch needs them. */
static int run_for_patch(struct ingest_pass *pass)
{
    ingest_source_mute(&pass->source);
    const int result = ingest_source_decode(&pass->source, wanted(pass), take, pass, pass->failure);
    return result < 0 ? result : ingest_patch_end(pass->patch);
}

static int run(struct ingest_pass *pass)
{
    int result = ingest_sound_init(&pass->sound, pass->film->profile, &pass->with);
    if (result == 0) {
        result = open_meters(pass);
    }
    if (result == 0) {
        result = ingest_source_decode(&pass->source, wanted(pass), take, pass, pass->failure);
    }
    if (result == 0) {
        result = ingest_source_judge(&pass->source, pass->failure);
    }
    if (result == 0) {
        result = measure_padding(pass);
    }
    return result == 0 ? ingest_loudness_take(&pass->loudness, NULL) : result;
}

int ingest_pass_run(struct ingest_pass *pass)
{
    const struct ingest_film *film = pass->film;
    pass->source.threads = film->threads;
    const int result = ingest_source_open(&pass->source, film->source, film->name, pass->failure);
    if (result < 0) {
        return result;
    }
    pass->pictures = 0;
    pass->expected_us =
        pass->frames > 0 ? pass->frames * US_PER_FRAME : pass->source.format->duration;
    return pass->patch != NULL ? run_for_patch(pass) : run(pass);
}

void ingest_pass_end(struct ingest_pass *pass)
{
    ingest_source_close(&pass->source);
    ingest_sound_finish(&pass->sound);
    ingest_loudness_finish(&pass->loudness);
    ingest_graph_close(&pass->video);
    ingest_writer_destroy(pass->writer);
    pass->writer = NULL;
    qc_sound_destroy(pass->qc_sound);
    pass->qc_sound = NULL;
    qc_picture_destroy(pass->qc_picture);
    pass->qc_picture = NULL;
}
