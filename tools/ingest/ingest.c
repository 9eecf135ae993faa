/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest.h"

#include "playout/intl.h"
#include "playout/media.h"
#include "playout/proof.h"
#include "scheduler/library.h"
#include "scheduler/media_room.h"
#include "scheduler/submit.h"
#include "tools/ingest/card_make.h"
#include "tools/ingest/ingest_child.h"
#include "tools/ingest/ingest_file.h"
#include "tools/ingest/ingest_film.h"
#include "tools/ingest/ingest_loudness.h"
#include "tools/ingest/ingest_publish.h"
#include "tools/ingest/ingest_slate.h"
#include "tools/ingest/qc_judge.h"
#include "tools/ingest/subtitle_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/*
 * Pictures of one asset are decoded with the parameter sets of another after a
 * join: all must have the same.  They change only with the encoder library or
 * the profile; the slate stands for the library.
 */
static void read_house_sets(struct ingest_job *job)
{
    const struct ingest_request *request = job->request;
    struct asset *slate = NULL;
    if (request->kind == ASSET_SLATE ||
        media_open_slate(request->media, request->profile->name, &slate) < 0) {
        return;
    }
    memcpy(job->house_sets, asset_index_of(slate)->header->parameter_sets_sha256, SHA256_SIZE);
    job->has_house_sets = true;
    asset_unref(slate);
}

static int compare_with_slate(const struct ingest_job *job, const struct asset_index *index)
{
    return !job->has_house_sets ||
                   memcmp(job->house_sets, index->header->parameter_sets_sha256, SHA256_SIZE) == 0
               ? 0
               : ingest_fail(job->failure, -EXDEV,
                             _("the encoder on this machine, or the profile, is not the one "
                               "that made the slate in %s, so the two cannot follow each "
                               "other: make the slate and all lessons anew, or ingest on a "
                               "machine like the first"),
                             job->request->media);
}

static void fill_record(const struct ingest_request *request, const struct asset_index *index,
                        const struct ingest_film_sound *sound, struct asset_record *record)
{
    const char *path = request->name != NULL   ? request->name
                       : request->path != NULL ? request->path
                                               : "";
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
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
        .duration_frames = index->header->duration_frames,
        .loudness_lkfs = sound->lkfs,
        .true_peak_dbtp = sound->peak_dbtp,
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

/* Whatever wrote the index: it is that of this asset and of the profile, and the proof holds. */
static int check_index(const struct ingest_job *job, const struct asset_index *index)
{
    const struct profile *profile = job->request->profile;
    const struct asset_index_header *header = index->header;
    struct asset_index_header wanted = {.duration_frames = header->duration_frames};
    struct stat status;
    struct proof_result proof;
    asset_index_set_format(&wanted, profile);
    const bool is_right =
        strcmp(header->profile, wanted.profile) == 0 &&
        header->pictures_per_frame == wanted.pictures_per_frame &&
        header->join_grid_frames == wanted.join_grid_frames &&
        header->audio_per_grid == wanted.audio_per_grid && fstat(job->asset, &status) == 0 &&
        header->asset_size == (uint64_t)status.st_size && ingest_prove(index, profile, &proof) == 0;
    return is_right
               ? 0
               : ingest_fail_film(job->failure, -EBADMSG,
                                  _("what was encoded is not of the house format: this is a defect "
                                    "of ours, please report it with the file"));
}

static bool goes_on(void *context)
{
    const struct ingest_request *request = context;
    return request->progress == NULL || request->progress(request->context, 1, 0);
}

static bool may_publish(void *context)
{
    const struct ingest_request *request = context;
    return request->may_publish == NULL || request->may_publish(request->context);
}

/* Record, and into the folder. */
static int publish(struct ingest_job *job, struct asset_record *record)
{
    const struct ingest_request *request = job->request;
    const struct ingest_watcher watcher = {goes_on, may_publish, (void *)(uintptr_t)request};
    struct asset_index index = {0};
    struct asset_record fresh = {0};
    int result = asset_index_open(&index, job->index_path);
    if (result < 0) {
        return ingest_fail(job->failure, result, _("the asset cannot be kept in %s: %s"),
                           request->media, strerror(-result));
    }
    result = check_index(job, &index);
    if (result == 0) {
        result = compare_with_slate(job, &index);
    }
    if (result == 0) {
        result = check_new(request, job->failure);
    }
    if (result == 0) {
        fill_record(request, &index, &job->sound, &fresh);
        result = fresh.house_number != NULL && fresh.profile != NULL && fresh.title != NULL &&
                         fresh.source != NULL
                     ? ingest_publish(request->media, job->asset_path, &index, &fresh, &watcher,
                                      job->failure)
                     : -ENOMEM;
    }
    asset_index_close(&index);
    if (result < 0) {
        asset_record_finish(&fresh);
        return result;
    }
    *record = fresh;
    return 0;
}

/* --- Jobs ----------------------------------------------------------------------------------- */

static int open_new(const char *path)
{
    return open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

/* Goes with the folder. */
static int open_spare(const char *folder)
{
    char *path = NULL;
    const int fd = asprintf(&path, "%s/spare.mp4", folder) >= 0 ? open_new(path) : -1;
    free(path);
    return fd;
}

/* In memory, and no larger than it must be: the child cannot make it grow. */
static int open_sheet(void)
{
    const int fd = memfd_create("sheet", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd >= 0 && (ftruncate(fd, (off_t)sizeof(struct qc_sheet)) < 0 ||
                    fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* A slate is made all the same: it is small, and without one nothing airs. */
static int take_room(struct ingest_job *job)
{
    const struct ingest_request *request = job->request;
    const int64_t reserve = request->station->keeping.reserve_bytes;
    const int64_t room = media_room_free(request->media);
    char text[MEDIA_ROOM_TEXT];
    job->room_bytes = room < 0 ? INT64_MAX : room - reserve;
    if (request->path != NULL && media_room_check(request->media, 0, reserve, text) < 0) {
        return ingest_fail(job->failure, -ENOSPC, "%s", text);
    }
    return 0;
}

/* A working folder in the media folder, and the files in it. */
static int job_open(struct ingest_job *job, const struct ingest_request *request,
                    struct ingest_failure *failure)
{
    *job = (struct ingest_job){.request = request,
                               .failure = failure,
                               .source = -1,
                               .asset = -1,
                               .index = -1,
                               .sheet = -1,
                               .spare = -1,
                               .subtitles = -1,
                               .font = -1};
    const int result = take_room(job);
    if (result < 0) {
        return result;
    }
    job->folder = ingest_work_create(request->media, failure);
    if (job->folder == NULL || asprintf(&job->asset_path, "%s/asset.mp4", job->folder) < 0) {
        job->asset_path = NULL;
        return ingest_fail(failure, -ENOMEM, _("out of memory"));
    }
    if (asprintf(&job->index_path, "%s/asset.idx", job->folder) < 0) {
        job->index_path = NULL;
        return ingest_fail(failure, -ENOMEM, _("out of memory"));
    }
    job->asset = open_new(job->asset_path);
    job->index = open_new(job->index_path);
    job->sheet = open_sheet();
    job->spare = open_spare(job->folder);
    return job->asset >= 0 && job->index >= 0 && job->sheet >= 0 && job->spare >= 0
               ? 0
               : ingest_fail(failure, -errno, _("the media folder %s cannot be written: %s"),
                             request->media, strerror(errno));
}

static void job_close(struct ingest_job *job)
{
    const int files[] = {job->source, job->asset,     job->index, job->sheet,
                         job->spare,  job->subtitles, job->font};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (files[i] >= 0) {
            close(files[i]);
        }
    }
    ingest_work_destroy(job->folder);
    free(job->asset_path);
    free(job->index_path);
}

/* Those that were named, or lie beside the film. */
static int open_subtitles(struct ingest_job *job)
{
    const struct ingest_request *request = job->request;
    char *path = request->subtitles != NULL ? strdup(request->subtitles)
                                            : submit_subtitles_beside(request->path);
    int result = 0;
    if (path != NULL && path[0] != '\0' && request->profile->conform.burns_subtitles) {
        job->subtitles = subtitle_file_open(path, job->failure);
        job->font = job->subtitles >= 0 ? subtitle_font_open(job->failure) : -1;
        result = job->font < 0 ? -ENOENT : 0;
    }
    free(path);
    return result;
}

/* What the child says that it saw; NULL when that is of no use. */
static struct qc_sheet *read_sheet(const struct ingest_job *job)
{
    struct qc_sheet *sheet = malloc(sizeof(*sheet));
    if (sheet != NULL && qc_sheet_get(sheet, job->sheet) < 0) {
        free(sheet);
        sheet = NULL;
    }
    return sheet;
}

/* Its length against that of its slot. */
static void compare_with_room(const struct ingest_request *request, struct qc_sheet *sheet)
{
    const int64_t room_us = (int64_t)request->room_s * 1000000;
    const double off_s = (double)(sheet->length_us - room_us) / 1e6;
    if (room_us > 0 && sheet->length_us > room_us) {
        (void)qc_sheet_add(sheet, QC_TOO_LONG, room_us, sheet->length_us, off_s);
    } else if (room_us > 0 && sheet->length_us < room_us / 2) {
        (void)qc_sheet_add(sheet, QC_TOO_SHORT, sheet->length_us, sheet->length_us, -off_s);
    }
    qc_sheet_sort(sheet);
}

/* The review, and what in it keeps the film from being taken. */
static int review(struct ingest_job *job, struct qc_sheet **sheet)
{
    const struct qc_rules *rules = &job->request->profile->qc;
    char time[QC_TIME_SIZE];
    char sentence[QC_SENTENCE_SIZE];
    *sheet = read_sheet(job);
    if (*sheet == NULL) {
        return ingest_fail_film(job->failure, -EBADMSG,
                                _("the decoder broke down: export it again"));
    }
    compare_with_room(job->request, *sheet);
    const struct qc_finding *finding = qc_refusal(rules, *sheet);
    return finding == NULL ? 0
                           : ingest_fail_film(job->failure, -EPERM,
                                              _("%s: %s.  The station does not take such films"),
                                              qc_time_text(finding->from_us, time),
                                              qc_sentence(finding, sentence));
}

/* --- Cards, the slate among them ----------------------------------------------------------- */

static int make_card(struct ingest_job *job, const struct card_file *card,
                     struct asset_record *record)
{
    const struct ingest_request *request = job->request;
    char *folder = card_templates(request->station);
    const struct card_making making = {.profile = request->profile,
                                       .preset = request->preset,
                                       .folder = folder,
                                       .kind = request->kind,
                                       .stands_back = request->stands_back,
                                       .asset = job->asset,
                                       .index = job->index,
                                       .progress = request->progress,
                                       .context = request->context};
    int result = folder != NULL ? card_make(&making, card, job->failure) : -ENOMEM;
    if (result == 0) {
        job->sound = (struct ingest_film_sound){INGEST_SILENCE_LKFS, INGEST_SILENCE_DBTP};
        result = publish(job, record);
    }
    free(folder);
    return result;
}

static int ingest_drawn(const struct ingest_request *request, const struct card_file *card,
                        struct asset_record *record, struct ingest_failure *failure)
{
    struct ingest_job job;
    int result = check_new(request, failure);
    if (result < 0) {
        return result;
    }
    result = job_open(&job, request, failure);
    result = result < 0 ? result : make_card(&job, card, record);
    job_close(&job);
    return result;
}

/* A card airs under its own number, or where one was asked for: never in the place of a lesson. */
static int check_card(const struct ingest_request *request, const struct card_file *card,
                      struct ingest_failure *failure)
{
    char number[CARD_HOUSE_NUMBER_SIZE];
    const int result = card_file_house_number(card, number);
    return result < 0 ? ingest_fail(failure, result, _("out of memory"))
           : request->kind == ASSET_CARD || strcmp(number, request->house_number) == 0
               ? 0
               : ingest_fail_film(failure, -EINVAL,
                                  _("it is a card, and no lesson: hand it in as %s, or with --kind "
                                    "card"),
                                  number);
}

static int ingest_card(const struct ingest_request *request, struct asset_record *record,
                       struct ingest_failure *failure)
{
    struct card_file card;
    char why[CARD_WHY_SIZE] = "";
    char title[512];
    struct ingest_request drawn = *request;
    const int read = card_file_read(request->path, &card, why);
    if (read < 0) {
        return read == -EBADMSG ? ingest_fail_film(failure, read, "%s", why)
                                : ingest_fail(failure, read, "%s", why);
    }
    const int meant = check_card(request, &card, failure);
    if (meant < 0) {
        card_file_finish(&card);
        return meant;
    }
    if (drawn.title == NULL || drawn.title[0] == '\0') {
        drawn.title = card_file_title(&card, title, sizeof(title));
    }
    drawn.kind = ASSET_CARD;
    const int result = ingest_drawn(&drawn, &card, record, failure);
    card_file_finish(&card);
    return result;
}

/* --- Anything -------------------------------------------------------------------------------- */

int ingest_file(const struct ingest_request *request, struct asset_record *record,
                struct qc_sheet **sheet, struct ingest_failure *failure)
{
    struct ingest_job job;
    struct stat status;
    *sheet = NULL;
    if (card_file_is_path(request->path)) {
        return ingest_card(request, record, failure);
    }
    int result = check_new(request, failure);
    const int source = result == 0 ? ingest_file_take(request->path, &status, failure) : result;
    if (source < 0) {
        return source;
    }
    result = job_open(&job, request, failure);
    job.source = source;
    if (result == 0) {
        struct ingest_failure reason = {.text = ""};
        job.failure = &reason;
        read_house_sets(&job);
        result = open_subtitles(&job);
        result = result < 0 ? result : ingest_child_run(&job);
        result = result < 0 ? result : review(&job, sheet);
        /* What is still being copied looks damaged. */
        const int changed = ingest_file_still_is(request->path, &status, failure);
        result = changed < 0 ? changed : result;
        job.failure = failure;
        if (result < 0 && reason.is_of_film) {
            ingest_fail_film(failure, result, "%s", reason.text);
        } else if (result < 0) {
            ingest_fail(failure, result, "%s", reason.text);
        }
    }
    if (result == 0) {
        result = publish(&job, record);
    }
    job_close(&job);
    return result;
}

int ingest_slate(const struct ingest_request *request, struct asset_record *record,
                 struct ingest_failure *failure)
{
    struct card_file card;
    int result = ingest_slate_card(request->station, request->profile, &card);
    result = result < 0 ? result : ingest_drawn(request, &card, record, failure);
    card_file_finish(&card);
    return result;
}
