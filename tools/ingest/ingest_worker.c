/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_worker.h"

#include "playout/intl.h"
#include "scheduler/named_numbers.h"
#include "scheduler/store/store_asset.h"
#include "scheduler/store/store_job.h"
#include "scheduler/store/store_submission.h"
#include "scheduler/submit.h"
#include "tools/ingest/ingest_report.h"
#include "tools/ingest/qc_judge.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    BEAT_MS = 2000,
    IDLE_MS = 1000,
    PAUSE_MS = 10000,    /* after what is no fault of a film, also of the store */
    PUT_BACK_MS = 60000, /* so long others come first */
};

/* One job, and what is known of it. */
struct work {
    const struct ingest_worker *worker;
    struct store_claim claim;
    struct store_rows job_rows;
    struct store_rows submission_rows;
    struct store_job job;
    struct store_submission submission;
    int64_t asked_ms; /* when the store was last told, and when it last answered */
    int64_t heard_ms;
    bool is_lost; /* it is not ours any more, or nobody knows */
};

/* A clock that is not set, of this machine alone. */
static int64_t rising_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void rest(const struct ingest_worker *worker, int64_t ms)
{
    const int64_t until = rising_ms() + ms;
    while (*worker->is_stopped == 0 && rising_ms() < until) {
        const struct timespec moment = {.tv_nsec = 100000000};
        nanosleep(&moment, NULL);
    }
}

static void tell_store(const struct ingest_worker *worker, const char *doing, int result)
{
    const char *text = store_error(worker->store);
    log_write(worker->log, LOG_LEVEL_WARNING, rising_ms(), "event=store doing=%s text=\"%s\"",
              doing, log_quote(text[0] != '\0' ? text : strerror(-result)).text);
}

/*
 * Begins a transaction and takes its time, by the clock that all workers share: that of this
 * machine may be wrong.
 */
static int begin_at(struct store *store, int64_t *now_ms)
{
    const int result = store_begin(store);
    if (result < 0) {
        return result;
    }
    const int read = store_clock_ms(store, now_ms);
    return read < 0 ? store_end(store, read) : 0;
}

/* --- While at it ------------------------------------------------------------------------ */

static int beat(const struct work *work, int64_t progress)
{
    struct store *store = work->worker->store;
    int64_t now_ms = 0;
    const int result = begin_at(store, &now_ms);
    return result < 0 ? result
                      : store_end(store, store_job_beat(store, work->claim, now_ms, progress));
}

/* Says that it is at it: false when the job is another's by now, or nobody could be asked for long.
 */
static bool hold_on(struct work *work, double part)
{
    const struct ingest_worker *worker = work->worker;
    const int64_t lost_ms = (int64_t)worker->lost_s * 1000;
    const int64_t progress = (int64_t)(part * JOB_WHOLE);
    work->asked_ms = rising_ms();
    const int result = beat(work, progress);
    if (result == 0) {
        work->heard_ms = work->asked_ms;
        return true;
    }
    tell_store(worker, "beat", result);
    work->is_lost = result == -ESTALE || rising_ms() - work->heard_ms > lost_ms;
    return !work->is_lost;
}

static bool follow(void *context, double part, int64_t time_us)
{
    struct work *work = context;
    (void)time_us;
    if (*work->worker->is_stopped != 0 || work->is_lost) {
        return false;
    }
    return rising_ms() - work->asked_ms < BEAT_MS || hold_on(work, part);
}

/* Asked once more right before: who was taken for lost publishes nothing. */
static bool may_publish(void *context)
{
    struct work *work = context;
    while (*work->worker->is_stopped == 0 && !work->is_lost) {
        if (hold_on(work, 1) && work->heard_ms == work->asked_ms) {
            return true;
        }
        rest(work->worker, IDLE_MS);
    }
    return false;
}

/* --- What came of it --------------------------------------------------------------------- */

/* The warnings of the review in a few lines; returns `text`. */
static const char *sum_up(const struct profile *profile, const struct qc_sheet *sheet,
                          char text[STORE_NOTE_MOST])
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; sheet != NULL && i < sheet->finding_count; i++) {
        const struct qc_finding *finding = &sheet->findings[i];
        char time[QC_TIME_SIZE];
        char sentence[QC_SENTENCE_SIZE];
        const size_t room = STORE_NOTE_MOST - used;
        if (qc_judge(&profile->qc, finding) != QC_WARNING ||
            room < QC_TIME_SIZE + QC_SENTENCE_SIZE + 4) {
            continue;
        }
        used +=
            (size_t)snprintf(text + used, room, "%s%s  %s", used > 0 ? "\n" : "",
                             qc_time_text(finding->from_us, time), qc_sentence(finding, sentence));
    }
    return text;
}

static int put_asset(struct work *work, const struct asset_record *record)
{
    const struct store_asset asset = {.house_number = record->house_number,
                                      .sha256 = record->sha256,
                                      .profile = record->profile,
                                      .kind = asset_kind_name(record->kind),
                                      .created_ms = record->created_ms,
                                      .duration_frames = record->duration_frames};
    return store_asset_put(work->worker->store, &asset, work->worker->name);
}

/* One transaction: job, submission, asset. */
static int end_job(struct work *work, const struct asset_record *record, const char *finding)
{
    struct store *store = work->worker->store;
    int64_t now_ms = 0;
    int result = begin_at(store, &now_ms);
    if (result < 0) {
        return result;
    }
    result =
        store_job_end(store, work->claim, now_ms, record != NULL ? JOB_DONE : JOB_FAILED, finding);
    if (result == 0 && record != NULL) {
        result = put_asset(work, record);
    }
    return store_end(store, result);
}

/* The store cannot be asked just now, or nobody knows what came of it. */
static bool is_of_connection(int result)
{
    return result == -EBUSY || result == -ECONNRESET || result == -ECONNREFUSED ||
           result == -ETIMEDOUT || result == -EINPROGRESS || result == -ENOSPC || result == -EIO;
}

/* As often as it takes: what was done is not done again for a server that was restarted. */
static void end_for_sure(struct work *work, const struct asset_record *record, const char *finding)
{
    const struct ingest_worker *worker = work->worker;
    const int64_t since = rising_ms();
    int result = end_job(work, record, finding);
    while (is_of_connection(result) && *worker->is_stopped == 0 &&
           rising_ms() - since < (int64_t)worker->lost_s * 1000) {
        tell_store(worker, "end", result);
        rest(worker, IDLE_MS);
        result = end_job(work, record, finding);
    }
    if (result < 0) {
        tell_store(worker, "end", result);
        return;
    }
    log_write(worker->log, LOG_LEVEL_INFO, rising_ms(),
              "event=%s job=%lld house_number=\"%s\" profile=%s text=\"%s\"",
              record != NULL ? "job_done" : "job_failed", (long long)work->claim.job,
              log_quote(work->submission.house_number).text, work->job.profile,
              log_quote(finding).text);
}

static int release(const struct work *work)
{
    const struct ingest_worker *worker = work->worker;
    struct store *store = worker->store;
    int64_t now_ms = 0;
    const int result = begin_at(store, &now_ms);
    if (result < 0) {
        return result;
    }
    const int64_t not_before_ms = *worker->is_stopped != 0 ? 0 : now_ms + PUT_BACK_MS;
    return store_end(store, store_job_release(store, work->claim, now_ms, not_before_ms));
}

/* For this worker or another: at once when this one is stopped, else others come first. */
static void put_back(struct work *work, const char *reason)
{
    const struct ingest_worker *worker = work->worker;
    const int result = work->is_lost ? -ESTALE : release(work);
    if (result < 0 && result != -ESTALE) {
        tell_store(worker, "release", result);
    }
    log_write(worker->log, LOG_LEVEL_WARNING, rising_ms(),
              "event=%s job=%lld house_number=\"%s\" text=\"%s\"",
              result == 0 ? "job_put_back" : "job_dropped", (long long)work->claim.job,
              log_quote(work->submission.house_number).text, log_quote(reason).text);
}

/* --- A job --------------------------------------------------------------------------------- */

static bool goes_on(void *context)
{
    return follow(context, 0, 0);
}

/*
 * True when its folder is there, and the film is not in it.  Listed, for a share may remember for
 * a while of a name alone that it was not there.
 */
static bool is_gone(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = strndup(path, (size_t)(slash - path));
    DIR *directory = folder != NULL ? opendir(folder) : NULL;
    bool is_there = false;
    int error = directory == NULL ? EIO : 0;
    while (error == 0 && !is_there) {
        errno = 0;
        const struct dirent *entry = readdir(directory);
        if (entry == NULL) {
            error = errno;
            break;
        }
        is_there = strcmp(entry->d_name, slash + 1) == 0;
    }
    if (directory != NULL) {
        closedir(directory);
    }
    free(folder);
    return error == 0 && !is_there;
}

/* The film is still the one that was handed in. */
static int check_film(struct work *work, const char *path, struct ingest_failure *failure)
{
    char sha256[SHA256_HEX_SIZE];
    const int result = asset_hash_file_while(path, goes_on, work, sha256);
    if (result == -ENOENT && is_gone(path)) {
        return ingest_fail_film(
            failure, result,
            _("the film that was handed in is not in the folder 'submitted' any "
              "more: hand it in again"));
    }
    if (result < 0) {
        return ingest_fail(failure, result, _("the film that was handed in cannot be read: %s"),
                           strerror(-result));
    }
    return strcmp(sha256, work->submission.sha256) == 0
               ? 0
               : ingest_fail_film(failure, -EBADMSG,
                                  _("the film is not the one that was handed in any more: hand it "
                                    "in again"));
}

/* The subtitles of the submission, and no others that lie there: allocated, "" for none. */
static char *subtitles_of(const struct work *work)
{
    const struct store_submission *submission = &work->submission;
    return submission->subtitles[0] != '\0'
               ? submit_subtitles_path(work->worker->media, submission->id, submission->subtitles)
               : strdup("");
}

static int check_subtitles(struct work *work, const char *path, struct ingest_failure *failure)
{
    char sha256[SHA256_HEX_SIZE] = "";
    const int result = path[0] != '\0' ? asset_hash_file_while(path, goes_on, work, sha256) : 0;
    if (result == -ENOENT ||
        (result == 0 && strcmp(sha256, work->submission.subtitles_sha256) != 0)) {
        return ingest_fail_film(failure, -EBADMSG,
                                _("the subtitles that were handed in with it are gone or changed: "
                                  "hand it in again"));
    }
    return result < 0
               ? ingest_fail(failure, result, _("the film that was handed in cannot be read: %s"),
                             strerror(-result))
               : 0;
}

static enum asset_kind kind_of(const struct work *work)
{
    enum asset_kind kind = ASSET_LESSON;
    (void)asset_kind_parse(work->submission.kind, &kind);
    return kind;
}

static void write_report(struct work *work, const struct ingest_request *request,
                         const struct ingest_outcome *outcome)
{
    char *page = NULL;
    const int result =
        ingest_is_reviewed(request, outcome) ? ingest_report(request, outcome, &page) : 0;
    if (result < 0) {
        log_write(work->worker->log, LOG_LEVEL_WARNING, rising_ms(),
                  "event=no_review job=%lld folder=\"%s/reports\" text=\"%s\"",
                  (long long)work->claim.job, log_quote(request->media).text, strerror(-result));
    }
    free(page);
}

/* By the timetables as they are now. */
static int room_of(const struct work *work, const struct profile *profile)
{
    struct named_numbers *named = named_numbers_read(work->worker->station);
    const int room_s = named_numbers_room(named, profile, work->submission.house_number);
    named_numbers_destroy(named);
    return room_s;
}

/* Makes it.  False: something is wrong here, and it was put back. */
static bool make(struct work *work, const struct profile *profile, const char *path)
{
    const struct ingest_worker *worker = work->worker;
    struct ingest_failure failure = {.text = ""};
    struct asset_record record = {0};
    struct qc_sheet *sheet = NULL;
    char finding[STORE_NOTE_MOST];
    char *subtitles = subtitles_of(work);
    const struct ingest_request request = {.station = worker->station,
                                           .subtitles = subtitles,
                                           .profile = profile,
                                           .room_s = room_of(work, profile),
                                           .media = worker->media,
                                           .path = path,
                                           .name = work->submission.file_name,
                                           .house_number = work->submission.house_number,
                                           .title = work->submission.title,
                                           .kind = kind_of(work),
                                           .preset = worker->preset,
                                           .threads = worker->threads,
                                           .stands_back = true,
                                           .progress = follow,
                                           .may_publish = may_publish,
                                           .context = work};
    int result = subtitles != NULL ? check_film(work, path, &failure) : -ENOMEM;
    result = result < 0 ? result : check_subtitles(work, subtitles, &failure);
    result = result < 0 ? result : ingest_file(&request, &record, &sheet, &failure);
    const struct ingest_outcome outcome = {sheet, result == 0 ? &record : NULL, failure.text};
    const bool has_ended = result == 0 || (failure.is_of_film && may_publish(work));
    if (has_ended) {
        write_report(work, &request, &outcome);
        end_for_sure(work, outcome.record,
                     result == 0 ? sum_up(profile, sheet, finding) : failure.text);
    } else {
        put_back(work, failure.text);
    }
    free(subtitles);
    free(sheet);
    asset_record_finish(&record);
    return has_ended || work->is_lost || *worker->is_stopped != 0;
}

/* The submission of the claimed job, which ingest is at from now on. */
static int take_submission(struct work *work)
{
    struct store *store = work->worker->store;
    int result = store_submission_find(store, work->job.submission, &work->submission_rows);
    if (result < 0) {
        return result;
    }
    work->submission = store_submission_at(&work->submission_rows, 0);
    if (work->submission.state == SUBMISSION_RECEIVED) {
        struct store_submission moved = work->submission;
        moved.state = SUBMISSION_CHECKING;
        moved.state_ms = work->job.state_ms;
        moved.state_by = work->worker->name;
        result = store_submission_move(store, &moved, SUBMISSION_RECEIVED);
    }
    return result == -ESTALE ? 0 : result; /* the job of its other format was faster */
}

static bool do_job(struct work *work)
{
    const struct ingest_worker *worker = work->worker;
    const struct profile *profile = station_profile(worker->station, work->job.profile);
    bool goes_on = true;
    char *path = NULL;
    const int result = take_submission(work);
    if (result < 0) {
        tell_store(worker, "take", result);
        put_back(work, "");
        return false;
    }
    log_write(worker->log, LOG_LEVEL_INFO, rising_ms(),
              "event=job_begin job=%lld house_number=\"%s\" profile=%s", (long long)work->job.id,
              log_quote(work->submission.house_number).text, work->job.profile);
    path = submit_path(worker->media, work->submission.id, work->submission.file_name);
    if (profile == NULL) {
        end_for_sure(work, NULL, _("the station has no such house format any more"));
    } else if (path != NULL) {
        goes_on = make(work, profile, path);
    } else {
        put_back(work, strerror(ENOMEM));
    }
    free(path);
    return goes_on;
}

/* 1: there was a job; 0: nothing to do; or -errno, also of a job that was put back. */
static int run_one(const struct ingest_worker *worker)
{
    struct work work = {.worker = worker, .asked_ms = rising_ms(), .heard_ms = rising_ms()};
    int64_t now_ms = 0;
    int result = store_clock_ms(worker->store, &now_ms);
    if (result == 0) {
        result = store_job_claim(worker->store, worker->name, now_ms,
                                 now_ms - (int64_t)worker->lost_s * 1000, &work.job_rows);
    }
    if (result < 0) {
        tell_store(worker, "claim", result);
    } else if (work.job_rows.count > 0) {
        work.job = store_job_at(&work.job_rows, 0);
        work.claim = (struct store_claim){work.job.id, work.job.claim};
        result = do_job(&work) ? 1 : -EAGAIN;
    }
    store_rows_finish(&work.job_rows);
    store_rows_finish(&work.submission_rows);
    return result;
}

void ingest_worker_name(char name[INGEST_WORKER_NAME_SIZE])
{
    char host[64] = "";
    (void)gethostname(host, sizeof(host) - 1);
    snprintf(name, INGEST_WORKER_NAME_SIZE, "%s:%d", host, (int)getpid());
}

int ingest_worker_run(const struct ingest_worker *worker)
{
    int result = 0;
    while (*worker->is_stopped == 0) {
        result = run_one(worker);
        if (worker->is_once && result <= 0) {
            return result;
        }
        log_tidy(worker->log, rising_ms());
        if (result <= 0) {
            rest(worker, result == 0 ? IDLE_MS : PAUSE_MS);
        }
    }
    return 0;
}
