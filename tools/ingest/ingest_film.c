/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_film.h"

#include "playout/intl.h"
#include "playout/proof.h"
#include "scheduler/media_room.h"
#include "tools/ingest/ingest_copy.h"
#include "tools/ingest/ingest_pass.h"
#include "tools/ingest/ingest_publish.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ATTEMPTS = 6,
    REPAIRS = 4,
    STEP_PERCENT = 10,
    GAIN_PASSES = 4,
    US_PER_FRAME = 40000,
    WHOLE_PERCENT = 95, /* of what can be heard: from beginning to end */
    COPY_BYTES = 1 << 20,
};

#define LOUDNESS_TOLERANCE_DB 0.2
#define LIMITED_GAIN_MOST_DB  6.0 /* more would be heard as pumping */
#define LEVEL_TOLERANCE_LU    0.5
#define PEAK_TOLERANCE_DB     1.0 /* what coding adds to the peaks of an asset */

/* --- Sound ------------------------------------------------------------------------------- */

/*
 * Where the gain would drive peaks over the limit, limiting costs loudness:
 * the gain is raised by what is missing, as often as it takes.
 */
static int settle_gain(struct ingest_pass *pass)
{
    const struct audio_profile *profile = &pass->film->profile->audio;
    struct ingest_sound_settings *with = &pass->with;
    with->gain_db = ingest_loudness_gain(pass->loudness.lkfs, profile->loudness_lkfs);
    with->is_limited = pass->loudness.peak_dbtp + with->gain_db > profile->true_peak_dbtp;
    const double most = with->gain_db + LIMITED_GAIN_MOST_DB;
    int result = 0;
    for (int i = 0; result == 0 && with->is_limited && i < GAIN_PASSES; i++) {
        ingest_pass_end(pass);
        result = ingest_pass_run(pass);
        const double missing = profile->loudness_lkfs - pass->loudness.lkfs;
        if (missing < LOUDNESS_TOLERANCE_DB || with->gain_db >= most) {
            break;
        }
        with->gain_db = fmin(with->gain_db + missing, most);
    }
    return result;
}

/* A fault of the sides that lasts from beginning to end. */
static enum ingest_sides find_sides(const struct qc_sides *sides)
{
    const int most = sides->audible * WHOLE_PERCENT / 100;
    return sides->audible == 0        ? SIDES_RIGHT
           : sides->left_only > most  ? SIDES_LEFT_ONLY
           : sides->right_only > most ? SIDES_RIGHT_ONLY
           : sides->opposed > most    ? SIDES_OPPOSED
                                      : SIDES_RIGHT;
}

/* What is wrong from beginning to end is mended, and measured again. */
static int mend_sides(struct ingest_pass *pass)
{
    const struct qc_sides sides = qc_sound_sides(pass->qc_sound);
    pass->with.sides = pass->film->profile->conform.mends_sound ? find_sides(&sides) : SIDES_RIGHT;
    if (pass->with.sides == SIDES_RIGHT) {
        return 0;
    }
    pass->sheet->mended_sides = 1;
    ingest_pass_end(pass);
    return ingest_pass_run(pass);
}

/* Before it is begun. */
static int check_room(const struct ingest_pass *pass, int copies)
{
    const struct ingest_film *film = pass->film;
    const int64_t wanted = copies * media_room_of_asset(film->profile, pass->frames);
    return wanted <= film->room_bytes
               ? 0
               : ingest_fail(pass->failure, -ENOSPC,
                             _("there is no room for it: %.1f GB are wanted, and %.1f GB are free "
                               "beyond the reserve: make room there"),
                             (double)wanted / 1e9, (double)film->room_bytes / 1e9);
}

/* Finds length, loudness and gain. */
static int measure(struct ingest_pass *pass)
{
    pass->reviews_sound = true;
    int result = ingest_pass_run(pass);
    pass->reviews_sound = false;
    if (result == 0) {
        qc_sound_end(pass->qc_sound, pass->loudness.lkfs, pass->loudness.peak_dbtp);
        pass->frames = ingest_pass_length(pass);
        pass->sheet->length_us = pass->frames * US_PER_FRAME;
        result = check_room(pass, 1);
        result = result < 0 ? result : mend_sides(pass);
        result = result < 0 ? result : settle_gain(pass);
    }
    ingest_pass_end(pass);
    return result;
}

/* Where the house loudness could not be had: too quiet, or so uneven that it would be heard. */
static bool is_off_level(const struct ingest_pass *pass)
{
    const double lkfs = pass->loudness.lkfs;
    const double off = fabs(lkfs - pass->film->profile->audio.loudness_lkfs);
    return lkfs > INGEST_SILENCE_LKFS + 1 && off > LEVEL_TOLERANCE_LU;
}

/* --- Pictures ----------------------------------------------------------------------------- */

static struct ingest_writer_settings settings_for(const struct ingest_pass *pass, int video_percent,
                                                  int audio_percent)
{
    return (struct ingest_writer_settings){
        .encoder = {.profile = pass->film->profile,
                    .preset = pass->film->preset,
                    .video_percent = video_percent,
                    .audio_percent = audio_percent},
        .kind = pass->film->kind,
        .frames = pass->frames,
    };
}

/* Decodes again and writes the asset. */
static int make(struct ingest_pass *pass, int video_percent, int audio_percent)
{
    const struct ingest_writer_settings settings = settings_for(pass, video_percent, audio_percent);
    int result = ingest_writer_open(&pass->writer, pass->film->asset, &settings, pass->failure);
    if (result == 0) {
        result = ingest_pass_run(pass);
    }
    if (result == 0 && pass->pictures == 0) {
        result = ingest_fail(pass->failure, AVERROR_INVALIDDATA,
                             _("not one picture of it can be decoded"));
    }
    return result == 0 ? ingest_writer_close(pass->writer, pass->failure) : result;
}

/* What the picture fills of the house format's. */
static struct ingest_geometry filled(const struct ingest_pass *pass)
{
    const struct ingest_picture *picture = &pass->picture;
    return ingest_fit(&pass->film->profile->video, picture->width, picture->height, picture->aspect,
                      picture->rotation);
}

/* The first time that it is made the pictures are looked at. */
static int make_reviewed(struct ingest_pass *pass)
{
    const struct profile *profile = pass->film->profile;
    struct qc_sheet *sheet = pass->sheet;
    pass->qc_picture = qc_picture_create(profile, pass->frames, sheet);
    const int result = pass->qc_picture != NULL ? make(pass, 100, 100) : AVERROR(ENOMEM);
    if (result == 0) {
        if (is_off_level(pass)) {
            (void)qc_sheet_add(sheet, QC_LEVEL, 0, sheet->length_us, pass->loudness.lkfs);
        }
        qc_source_judge(&pass->source, &pass->clock, &pass->picture, profile, sheet);
        qc_picture_end(pass->qc_picture, filled(pass));
    }
    return result;
}

/* --- The proof ------------------------------------------------------------------------------ */

/* What is known of an asset that was made. */
struct made {
    struct proof_result proof;
    bool *is_weak; /* GOPs that keep it from being proven; NULL: none */
};

static int64_t gop_count(const struct ingest_pass *pass)
{
    return (pass->frames + GOP_FRAMES - 1) / GOP_FRAMES;
}

static int find_weak(const struct ingest_pass *pass, const struct asset_index *index,
                     struct made *made)
{
    made->is_weak = calloc((size_t)gop_count(pass), sizeof(made->is_weak[0]));
    if (made->is_weak == NULL) {
        return -ENOMEM;
    }
    (void)ingest_find_weak(index, pass->film->profile, made->is_weak);
    return -EDOM;
}

/* The index of what was made, and the proof: 0, or -EDOM when that fails. */
static int finish(struct ingest_pass *pass, struct made *made, struct ingest_failure *failure)
{
    const struct ingest_film *film = pass->film;
    struct ingest_index index = {0};
    free(made->is_weak);
    *made = (struct made){0};
    int result = ingest_index_build(&index, film->asset, film->profile, failure);
    if (result == 0) {
        const struct asset_index view = ingest_index_view(&index);
        result = ingest_prove(&view, film->profile, &made->proof);
        if (result == -EDOM && made->proof.is_video) {
            result = find_weak(pass, &view, made);
        }
    }
    const int put =
        result == 0 ? asset_index_put(film->index, &index.header, index.video, index.audio) : 0;
    if (put < 0) {
        result = ingest_fail(failure, put, _("the asset cannot be written: is the disk full?"));
    }
    ingest_index_finish(&index);
    return result;
}

/* The whole of one open file into another. */
static int copy_file(int from, int to)
{
    char *bytes = malloc(COPY_BYTES);
    ssize_t got = bytes != NULL && lseek(from, 0, SEEK_SET) == 0 && lseek(to, 0, SEEK_SET) == 0 &&
                          ftruncate(to, 0) == 0
                      ? 1
                      : -1;
    while (got > 0) {
        got = read(from, bytes, COPY_BYTES);
        for (ssize_t done = 0; got > 0 && done < got;) {
            const ssize_t put = write(to, bytes + done, (size_t)(got - done));
            if (put < 0) {
                got = -1;
            }
            done += put;
        }
    }
    const int error = errno;
    free(bytes);
    return got < 0 ? AVERROR(error) : 0;
}

/* The asset with the GOPs of the patch in it. */
static int put_patch(struct ingest_pass *pass, const struct ingest_patch *patch)
{
    const struct ingest_film *film = pass->film;
    const struct ingest_writer_settings settings = settings_for(pass, 100, 100);
    struct ingest_writer *writer = NULL;
    int result = check_room(pass, 2);
    result =
        result < 0 ? result : ingest_writer_open(&writer, film->spare, &settings, pass->failure);
    if (result < 0) {
        return result;
    }
    result = ingest_copy_patched(film->asset, patch, writer);
    if (result >= 0) {
        result = ingest_writer_close(writer, pass->failure);
    }
    ingest_writer_destroy(writer);
    result = result < 0 ? result : copy_file(film->spare, film->asset);
    return result < 0 ? ingest_fail_av(pass->failure, result, _("the asset cannot be written")) : 0;
}

/* Encodes the weak GOPs again, and nothing else. */
static int repair(struct ingest_pass *pass, bool *is_weak, int video_percent)
{
    const struct ingest_writer_settings settings = settings_for(pass, video_percent, 100);
    const int64_t pictures = pass->frames * profile_pictures_per_frame(pass->film->profile);
    struct ingest_patch patch;
    ingest_pass_end(pass);
    int result = ingest_patch_init(&patch, &settings.encoder, settings.kind, is_weak, pictures);
    if (result >= 0) {
        pass->patch = &patch;
        result = ingest_pass_run(pass);
        pass->patch = NULL;
    }
    if (result >= 0) {
        result = put_patch(pass, &patch);
    }
    ingest_patch_finish(&patch);
    return result;
}

/* Where pictures alone are to blame, the GOPs to blame; tighter each time. */
static int repair_until_proven(struct ingest_pass *pass, struct made *made)
{
    int result = -EDOM;
    for (int i = 1; result == -EDOM && made->is_weak != NULL && i <= REPAIRS; i++) {
        result = repair(pass, made->is_weak, 100 - i * STEP_PERCENT);
        result = result < 0 ? result : finish(pass, made, pass->failure);
    }
    return result;
}

/* Encodes until the proof holds: each time that of the two tighter of which it did not. */
static int make_until_proven(struct ingest_pass *pass)
{
    struct made made = {0};
    int video_percent = 100;
    int audio_percent = 100;
    int result = -EDOM;
    pass->done_from = 0.1;
    pass->done_to = 1;
    for (int attempt = 0; result == -EDOM && attempt < ATTEMPTS; attempt++) {
        ingest_pass_end(pass);
        result = attempt == 0 ? make_reviewed(pass) : make(pass, video_percent, audio_percent);
        result = result < 0 ? result : finish(pass, &made, pass->failure);
        result = result == -EDOM ? repair_until_proven(pass, &made) : result;
        *(made.proof.is_video ? &video_percent : &audio_percent) -= STEP_PERCENT;
    }
    if (result == -EDOM) {
        ingest_fail(pass->failure, result,
                    _("it could not be made air-ready (%s): this is a defect of ours, please "
                      "report it with the file"),
                    proof_verdict_text(made.proof.verdict));
    }
    free(made.is_weak);
    return result;
}

/* --- Assets that were handed in --------------------------------------------------------------- */

/* Its pictures can follow those of the house. */
static bool has_house_sets(const struct ingest_film *film)
{
    struct asset_index_header header;
    return film->parameter_sets == NULL ||
           (pread(film->index, &header, sizeof(header), 0) == (ssize_t)sizeof(header) &&
            memcmp(header.parameter_sets_sha256, film->parameter_sets, SHA256_SIZE) == 0);
}

/* All of its sound, and a picture of each GOP. */
static int look(struct ingest_pass *pass)
{
    struct qc_sheet *sheet = pass->sheet;
    sheet->length_us = pass->frames * US_PER_FRAME;
    pass->reviews_sound = true;
    pass->looks_at_keys = true;
    pass->qc_picture = qc_picture_create(pass->film->profile, pass->frames, sheet);
    const int result = pass->qc_picture != NULL ? ingest_pass_run(pass) : AVERROR(ENOMEM);
    if (result == 0) {
        qc_sound_end(pass->qc_sound, pass->loudness.lkfs, pass->loudness.peak_dbtp);
        qc_source_judge(&pass->source, &pass->clock, &pass->picture, pass->film->profile, sheet);
        qc_picture_end(pass->qc_picture, filled(pass));
    }
    pass->reviews_sound = false;
    pass->looks_at_keys = false;
    return result;
}

/* 1: the film is an asset, and is one here now; 0: it is not, or not by today's rules. */
static int take_export(struct ingest_pass *pass)
{
    const struct audio_profile *audio = &pass->film->profile->audio;
    struct ingest_failure why_not = {.text = ""};
    struct made made = {0};
    int result = ingest_copy_export(pass->film, &pass->frames, pass->failure);
    if (result <= 0) {
        pass->frames = 0;
        return result;
    }
    result = finish(pass, &made, &why_not) == 0 && has_house_sets(pass->film) ? look(pass) : 1;
    free(made.is_weak);
    if (result == 0 && !is_off_level(pass) &&
        pass->loudness.peak_dbtp <= audio->true_peak_dbtp + PEAK_TOLERANCE_DB) {
        pass->sheet->is_copy = 1;
        return 1;
    }
    ingest_pass_end(pass);
    memset(pass->sheet, 0, sizeof(*pass->sheet));
    pass->frames = 0;
    return result < 0 ? result : 0;
}

static int open_subtitles(struct ingest_pass *pass)
{
    const struct ingest_film *film = pass->film;
    return film->subtitles < 0 ? 0
                               : subtitle_track_open(&pass->subtitles, &film->profile->video,
                                                     film->subtitles, film->font, pass->failure);
}

int ingest_film_make(const struct ingest_film *film, struct ingest_film_sound *sound,
                     struct qc_sheet *sheet, struct ingest_failure *failure)
{
    struct ingest_pass pass = {.film = film, .failure = failure, .done_to = 0.1, .sheet = sheet};
    pass.frame = av_frame_alloc();
    int result = pass.frame != NULL ? open_subtitles(&pass)
                                    : ingest_fail(failure, -ENOMEM, _("out of memory"));
    if (result == 0 && pass.subtitles == NULL) {
        result = take_export(&pass);
    }
    if (result == 0) {
        result = measure(&pass);
        result = result == 0 ? make_until_proven(&pass) : result;
    }
    *sound = (struct ingest_film_sound){pass.loudness.lkfs, pass.loudness.peak_dbtp};
    ingest_pass_end(&pass);
    av_frame_free(&pass.frame);
    subtitle_track_close(pass.subtitles);
    return result < 0 ? result : 0;
}
