/* SPDX-License-Identifier: MIT */
#include "scheduler/submit.h"

#include "playout/durable.h"
#include "playout/intl.h"
#include "scheduler/media_room.h"
#include "scheduler/store/store_job.h"
#include "scheduler/store/store_submission.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_SIZE = 1 << 20, ENDING_MOST = 8, SUBTITLES_BYTES_MOST = 8 << 20 };

__attribute__((format(printf, 3, 4))) static int complain(struct submit_answer *answer, int result,
                                                          const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(answer->text, sizeof(answer->text), format, arguments);
    va_end(arguments);
    return result;
}

static int complain_of_store(struct submit_answer *answer, const struct store *store, int result)
{
    return complain(answer, result, "%s", store_error(store));
}

/* The ending of a file's name, a hint at what it is; nothing else of the name is used. */
static void copy_ending(const char *name, char ending[ENDING_MOST + 2])
{
    const char *dot = strrchr(name, '.');
    const size_t length = dot != NULL ? strlen(dot + 1) : 0;
    ending[0] = '\0';
    for (size_t i = 0; i < length; i++) {
        const char c = dot[1 + i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) {
            return;
        }
    }
    if (length > 0 && length <= ENDING_MOST) {
        snprintf(ending, ENDING_MOST + 2, ".%s", dot + 1);
    }
}

char *submit_path(const char *media, int64_t id, const char *name)
{
    char ending[ENDING_MOST + 2];
    char *path = NULL;
    copy_ending(name, ending);
    return asprintf(&path, "%s/submitted/%lld%s", media, (long long)id, ending) < 0 ? NULL : path;
}

bool submit_is_subtitles(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot != NULL && (strcasecmp(dot, ".srt") == 0 || strcasecmp(dot, ".ass") == 0);
}

char *submit_subtitles_path(const char *media, int64_t id, const char *name)
{
    const char *dot = strrchr(name, '.');
    char *path = NULL;
    if (!submit_is_subtitles(name)) {
        return NULL;
    }
    const char *ending = strcasecmp(dot, ".srt") == 0 ? "srt" : "ass";
    return asprintf(&path, "%s/submitted/%lld.%s", media, (long long)id, ending) < 0 ? NULL : path;
}

bool submit_is_film(const char *name)
{
    static const char *const ENDINGS[] = {
        "mp4", "m4v", "mov",  "qt",  "mkv", "webm", "avi", "divx", "flv", "f4v", "wmv",
        "asf", "ts",  "m2ts", "mts", "mpg", "mpeg", "mpe", "m2v",  "vob", "dat", "3gp",
        "3g2", "mxf", "dv",   "ogv", "ogg", "ogm",  "rm",  "rmvb", "gif", "card"};
    const char *dot = strrchr(name, '.');
    bool is_one = dot == NULL || dot == name;
    for (size_t i = 0; !is_one && i < sizeof(ENDINGS) / sizeof(ENDINGS[0]); i++) {
        is_one = strcasecmp(dot + 1, ENDINGS[i]) == 0;
    }
    return is_one;
}

char *submit_subtitles_beside(const char *path)
{
    static const char *const endings[] = {".ass", ".ASS", ".srt", ".SRT"};
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    const int stem = (int)(dot != NULL && dot > name ? dot - path : (ptrdiff_t)strlen(path));
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        struct stat status;
        char *found = NULL;
        if (asprintf(&found, "%.*s%s", stem, path, endings[i]) < 0) {
            return NULL;
        }
        if (strcmp(found, path) != 0 && lstat(found, &status) == 0 && S_ISREG(status.st_mode)) {
            return found;
        }
        free(found);
    }
    return NULL;
}

/* --- The copy ------------------------------------------------------------------------- */

struct copy {
    const struct submit_film *film;
    struct submit_answer *answer;
    const char *from;
    bool is_subtitles;
    int source;
    int target;
    char *path; /* of the target, while it has no number */
    char sha256[SHA256_HEX_SIZE];
};

static int open_source(struct copy *copy, struct stat *status)
{
    const int links = copy->film->is_strangers ? O_NOFOLLOW : 0;
    copy->source = open(copy->from, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | links);
    if (copy->source < 0 || fstat(copy->source, status) < 0) {
        return complain(copy->answer, -errno, "%s", strerror(errno));
    }
    if (!S_ISREG(status->st_mode)) {
        return complain(copy->answer, -EINVAL, _("it is not an ordinary file"));
    }
    if (copy->is_subtitles && status->st_size > SUBTITLES_BYTES_MOST) {
        return complain(copy->answer, -EFBIG, _("its subtitles are too large (%d MB are the most)"),
                        SUBTITLES_BYTES_MOST >> 20);
    }
    if (status->st_size > 0) {
        return 0;
    }
    return complain(copy->answer, -EINVAL,
                    copy->is_subtitles ? _("its subtitles are empty") : _("it is empty"));
}

static int open_target(struct copy *copy, const char *media)
{
    char *folder = NULL;
    int result = -ENOMEM;
    if (asprintf(&folder, "%s/submitted", media) < 0) {
        return -ENOMEM;
    }
    if (asprintf(&copy->path, "%s/.new-%d-XXXXXX", folder, (int)getpid()) < 0) {
        copy->path = NULL;
        goto cleanup;
    }
    result = durable_make_folder(folder);
    copy->target = result == 0 ? mkostemp(copy->path, O_CLOEXEC) : -1;
    if (copy->target < 0) {
        result = complain(copy->answer, result < 0 ? result : -errno,
                          _("the media folder %s cannot be written: %s"), media,
                          strerror(result < 0 ? -result : errno));
        free(copy->path);
        copy->path = NULL;
    }

cleanup:
    free(folder);
    return result;
}

static void set_hex(const uint8_t digest[SHA256_DIGEST_SIZE], char hex[SHA256_HEX_SIZE])
{
    for (size_t i = 0; i < SHA256_DIGEST_SIZE; i++) {
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    }
}

/* What was read is what is hashed, and what lies there. */
static int copy_bytes(struct copy *copy, int64_t size)
{
    const struct submit_film *film = copy->film;
    uint8_t *bytes = malloc(COPY_SIZE);
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx hash;
    int64_t done = 0;
    int result = bytes != NULL ? 0 : -ENOMEM;
    sha256_init(&hash);
    while (result == 0) {
        const ssize_t count = read(copy->source, bytes, COPY_SIZE);
        if (count == 0) {
            break;
        }
        if (count < 0) {
            result = errno == EINTR ? 0 : complain(copy->answer, -errno, "%s", strerror(errno));
            continue;
        }
        sha256_update(&hash, (size_t)count, bytes);
        result = durable_write_all(copy->target, bytes, (size_t)count);
        done += count;
        if (done > size) {
            break; /* it grows: check_still() says so */
        }
        if (result == 0 && film->progress != NULL && !copy->is_subtitles &&
            !film->progress(film->progress_context, (double)done / (double)size)) {
            result = complain(copy->answer, -ECANCELED, _("interrupted"));
        }
    }
    sha256_digest(&hash, sizeof(digest), digest);
    set_hex(digest, copy->sha256);
    free(bytes);
    return result;
}

/* Somebody still writes it: what was read of it is of no use. */
static int check_still(struct copy *copy, const struct stat *before)
{
    struct stat now;
    const bool is_same = fstat(copy->source, &now) == 0 && now.st_size == before->st_size &&
                         now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
                         now.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
    return is_same ? 0
                   : complain(copy->answer, -EAGAIN,
                              _("it changed while it was read: is it still being copied?  Hand it "
                                "in again when that is done"));
}

static bool goes_on(void *context)
{
    const struct submit_film *film = context;
    return film->progress == NULL || film->progress(film->progress_context, 1);
}

static int settle_copy(struct copy *copy)
{
    const int result =
        fchmod(copy->target, 0444) < 0
            ? -errno
            : durable_sync_while(copy->target, goes_on, (void *)(uintptr_t)copy->film);
    return result == -ECANCELED ? complain(copy->answer, result, _("interrupted")) : result;
}

/* Nothing to do where there are no subtitles. */
static int make_copy(struct copy *copy, const char *media)
{
    struct stat status;
    char full[MEDIA_ROOM_TEXT];
    if (copy->from == NULL) {
        return 0;
    }
    int result = open_source(copy, &status);
    if (result == 0 &&
        media_room_check(media, status.st_size, copy->film->reserve_bytes, full) < 0) {
        result = complain(copy->answer, -ENOSPC, "%s", full);
    }
    result = result < 0 ? result : open_target(copy, media);
    result = result < 0 ? result : copy_bytes(copy, status.st_size);
    result = result < 0 ? result : check_still(copy, &status);
    result = result < 0 ? result : settle_copy(copy);
    if (result < 0 && copy->answer->text[0] == '\0') {
        complain(copy->answer, result, _("it cannot be kept in %s: %s"), media, strerror(-result));
    }
    return result;
}

static void finish_copy(struct copy *copy)
{
    if (copy->source >= 0) {
        close(copy->source);
    }
    if (copy->target >= 0) {
        close(copy->target);
    }
    if (copy->path != NULL) {
        unlink(copy->path);
        free(copy->path);
    }
}

/* Film and subtitles of one that is handed in. */
struct handing {
    const struct submit_film *film;
    struct submit_answer *answer;
    struct copy copy;
    struct copy subtitles; /* `from` is NULL: there are none */
};

/* --- The rows -------------------------------------------------------------------------- */

static bool is_open(enum submission_state state)
{
    return state == SUBMISSION_RECEIVED || state == SUBMISSION_CHECKING;
}

static int replace(struct store *store, const struct submit_film *film,
                   const struct store_submission *old)
{
    const char *reason = _("a newer film was handed in");
    struct store_submission replaced = *old;
    int count = 0;
    replaced.state = SUBMISSION_REPLACED;
    replaced.state_ms = film->now_ms;
    replaced.state_by = film->author;
    replaced.finding = reason;
    const int result = store_submission_move(store, &replaced, old->state);
    return result < 0
               ? result
               : store_job_cancel(store, old->id, film->now_ms, film->author, reason, &count);
}

/* Of the formats in which it is wanted, those in which this film is made, or will be. */
static int look_at_jobs(struct store *store, const struct submit_film *film, int64_t submission,
                        bool *is_made)
{
    struct store_rows rows;
    const int result = store_job_list_of(store, submission, &rows);
    for (size_t i = 0; result == 0 && i < rows.count; i++) {
        const struct store_job job = store_job_at(&rows, i);
        for (size_t k = 0; k < film->due_count; k++) {
            is_made[k] = is_made[k] || (job.state != JOB_FAILED && job.state != JOB_CANCELLED &&
                                        strcmp(job.profile, film->dues[k].profile->name) == 0);
        }
    }
    store_rows_finish(&rows);
    return result;
}

/* In a transaction: what is made of the same film already; others that are not made yet go. */
static int look_at_others(struct store *store, const struct handing *handing, bool *is_made)
{
    const struct submit_film *film = handing->film;
    struct submit_answer *answer = handing->answer;
    struct store_rows rows;
    int result = store_submission_list(store, &rows);
    for (size_t i = 0; result == 0 && i < rows.count; i++) {
        const struct store_submission other = store_submission_at(&rows, i);
        if (other.house_number == NULL || strcmp(other.house_number, film->house_number) != 0) {
            continue;
        }
        if (strcmp(other.sha256, handing->copy.sha256) == 0 &&
            strcmp(other.subtitles_sha256, handing->subtitles.sha256) == 0) {
            answer->id = other.id;
            result = look_at_jobs(store, film, other.id, is_made);
        } else if (is_open(other.state)) {
            answer->replaced = other.id;
            result = replace(store, film, &other);
        } else if (other.state == SUBMISSION_ACCEPTED) {
            /* Another has come since. */
            memset(is_made, 0, film->due_count * sizeof(is_made[0]));
            answer->id = 0;
        }
    }
    store_rows_finish(&rows);
    return result;
}

/* Jobs for the formats that are still missing. */
static int add_rows(struct store *store, const struct handing *handing, const bool *is_made)
{
    const struct submit_film *film = handing->film;
    const struct store_submission submission = {.house_number = film->house_number,
                                                .file_name = film->name,
                                                .sha256 = handing->copy.sha256,
                                                .school = film->school,
                                                .teacher = film->teacher,
                                                .received_ms = film->now_ms,
                                                .state = SUBMISSION_RECEIVED,
                                                .state_ms = film->now_ms,
                                                .state_by = film->author,
                                                .finding = "",
                                                .title = film->title,
                                                .kind = asset_kind_name(film->kind),
                                                .consent = film->consent,
                                                .batch = film->batch,
                                                .subtitles = film->subtitles_name,
                                                .subtitles_sha256 = handing->subtitles.sha256};
    int result = store_submission_add(store, &submission, &handing->answer->id);
    for (size_t i = 0; result == 0 && i < film->due_count; i++) {
        const struct store_job job = {.submission = handing->answer->id,
                                      .profile = film->dues[i].profile->name,
                                      .due_ms = film->dues[i].due_ms,
                                      .state_ms = film->now_ms};
        int64_t id = 0;
        result = is_made[i] ? 0 : store_job_add(store, &job, &id);
    }
    return result;
}

/* The copy gets its name, which it takes over. */
static int move_to(struct copy *copy, const char *media, char *path)
{
    if (path == NULL) {
        return -ENOMEM;
    }
    const int result = rename(copy->path, path) == 0 ? 0 : -errno;
    if (result == 0) {
        free(copy->path);
        copy->path = path;
        return durable_sync_folder(path);
    }
    free(path);
    return complain(copy->answer, result, _("it cannot be kept in %s: %s"), media,
                    strerror(-result));
}

static int move_in(const char *media, struct handing *handing)
{
    const struct submit_film *film = handing->film;
    const int64_t id = handing->answer->id;
    int result = 0;
    if (handing->subtitles.path != NULL) {
        result = move_to(&handing->subtitles, media,
                         submit_subtitles_path(media, id, film->subtitles_name));
    }
    return result < 0 ? result : move_to(&handing->copy, media, submit_path(media, id, film->name));
}

/* In a transaction: the film has its name before its rows are there for others. */
static int take(struct store *store, const char *media, struct handing *handing)
{
    const size_t count = handing->film->due_count;
    bool *is_made = calloc(count, sizeof(is_made[0]));
    int result = is_made != NULL ? look_at_others(store, handing, is_made) : -ENOMEM;
    bool is_known = true;
    for (size_t i = 0; result == 0 && i < count; i++) {
        is_known = is_known && is_made[i];
    }
    handing->answer->is_known = is_known;
    if (result == 0 && handing->answer->id == 0 && handing->film->aired != NULL) {
        result = complain(handing->answer, -EEXIST,
                          _("%s had its first run on %s: another film of it needs a house number "
                            "of its own, so that no repeat differs from what was approved"),
                          handing->film->house_number, handing->film->aired);
    }
    if (result == 0 && !is_known) {
        result = add_rows(store, handing, is_made);
        result = result < 0 ? result : move_in(media, handing);
    }
    free(is_made);
    return result;
}

static void keep_copy(struct copy *copy)
{
    free(copy->path);
    copy->path = NULL;
}

int submit_film(struct store *store, const char *media, const struct submit_film *film,
                struct submit_answer *answer)
{
    struct handing handing = {
        .film = film,
        .answer = answer,
        .copy = {.film = film, .answer = answer, .from = film->path, .source = -1, .target = -1},
        .subtitles = {.film = film,
                      .answer = answer,
                      .from = film->subtitles,
                      .is_subtitles = true,
                      .source = -1,
                      .target = -1},
    };
    *answer = (struct submit_answer){0};
    int result = make_copy(&handing.subtitles, media);
    result = result < 0 ? result : make_copy(&handing.copy, media);
    if (result == 0) {
        snprintf(answer->sha256, sizeof(answer->sha256), "%s", handing.copy.sha256);
        result = store_begin(store);
        if (result == 0) {
            result = store_end(store, take(store, media, &handing));
        }
        if ((result == 0 && !answer->is_known) || result == -EINPROGRESS) {
            keep_copy(&handing.copy); /* it stays: its rows are there, or may be */
            keep_copy(&handing.subtitles);
        }
        if (result < 0 && answer->text[0] == '\0') {
            complain_of_store(answer, store, result);
        }
    }
    finish_copy(&handing.copy);
    finish_copy(&handing.subtitles);
    return result;
}
