/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_child.h"

#include "playout/intl.h"
#include "tools/ingest/ingest_sandbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    SILENT_S = 300,         /* a film whose time stands still for so long never ends */
    SILENT_IDLE_S = 3600,   /* where others may keep all processors busy */
    CPU_S = 14 * 24 * 3600, /* twelve hours of uhd */
    SAY_EVERY_MS = 100,
};

#define FILE_BYTES_MOST    (INT64_C(128) << 30)
#define MEMORY_BYTES_LEAST (INT64_C(4) << 30)

/* What the child says: how far it is, and at last what came of it. */
struct message {
    bool is_last;
    int result;
    double part;
    int64_t time_us;
    struct ingest_film_sound sound;
    struct ingest_failure failure;
};

/* In the child. */
struct speaker {
    int parent;
    struct message message;
    struct timespec said;
};

/* A time that stands still is not told. */
static bool say_progress(void *context, double part, int64_t time_us)
{
    struct speaker *speaker = context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const int64_t ms = (int64_t)(now.tv_sec - speaker->said.tv_sec) * 1000 +
                       (now.tv_nsec - speaker->said.tv_nsec) / 1000000;
    if (time_us == speaker->message.time_us || ms < SAY_EVERY_MS) {
        return true;
    }
    speaker->said = now;
    speaker->message.part = part;
    speaker->message.time_us = time_us;
    return ingest_sandbox_say(speaker->parent, &speaker->message, sizeof(speaker->message));
}

static void make_film(void *context, int parent)
{
    const struct ingest_job *job = context;
    const struct ingest_request *request = job->request;
    struct speaker speaker = {.parent = parent};
    struct message *message = &speaker.message;
    const struct ingest_film film = {.profile = request->profile,
                                     .kind = request->kind,
                                     .preset = request->preset,
                                     .threads =
                                         request->threads > 0 ? request->threads : INGEST_THREADS,
                                     .name = request->path,
                                     .source = job->source,
                                     .asset = job->asset,
                                     .index = job->index,
                                     .spare = job->spare,
                                     .subtitles = job->subtitles,
                                     .font = job->font,
                                     .parameter_sets = job->has_house_sets ? job->house_sets : NULL,
                                     .room_bytes = job->room_bytes,
                                     .progress = say_progress,
                                     .progress_context = &speaker};
    struct qc_sheet *sheet = calloc(1, sizeof(*sheet));
    message->result = sheet == NULL
                          ? -ENOMEM
                          : ingest_film_make(&film, &message->sound, sheet, &message->failure);
    if (message->result == 0 && qc_sheet_put(sheet, job->sheet) < 0) {
        message->result = ingest_fail(&message->failure, -EIO,
                                      _("the review cannot be written: is the disk full?"));
    }
    free(sheet);
    message->is_last = true;
    (void)ingest_sandbox_say(parent, message, sizeof(*message));
}

/* In the parent. */
struct listener {
    const struct ingest_request *request;
    struct message last;
};

static bool hear(void *context, const void *said)
{
    struct listener *listener = context;
    const struct ingest_request *request = listener->request;
    if (said != NULL) {
        memcpy(&listener->last, said, sizeof(listener->last));
        listener->last.failure.text[sizeof(listener->last.failure.text) - 1] = '\0';
        const double part = listener->last.part;
        listener->last.part = part > 0 && part <= 1 ? part : 0; /* nor is it a number always */
    }
    return request->progress == NULL ||
           request->progress(request->context, listener->last.part, listener->last.time_us);
}

static int judge_end(struct ingest_job *job, enum ingest_sandbox_end end,
                     const struct message *last)
{
    char printable[sizeof(last->failure.text)];
    switch (end) {
    case SANDBOX_DONE:
        break;
    case SANDBOX_STOPPED:
        return ingest_fail(job->failure, -ECANCELED, _("interrupted"));
    case SANDBOX_CRASHED:
        return ingest_fail_film(
            job->failure, -EBADMSG,
            _("the decoder broke down at %.1f s of it: the file is damaged; export "
              "it again"),
            (double)last->time_us / 1e6);
    case SANDBOX_OUT_OF_TIME:
    case SANDBOX_SILENT:
        return ingest_fail_film(job->failure, -ETIMEDOUT,
                                _("its time stands still at %.1f s: the file is damaged; export it "
                                  "again"),
                                (double)last->time_us / 1e6);
    }
    if (!last->is_last) {
        return ingest_fail_film(job->failure, -EBADMSG,
                                _("the decoder broke down: export it again"));
    }
    job->sound = last->sound;
    if (last->result == 0) {
        return 0;
    }
    ingest_printable(last->failure.text, printable, sizeof(printable));
    /* Whatever the child says: only a full disk is no fault of the film. */
    const bool is_full = last->result == -ENOSPC || last->result == -EDQUOT;
    return is_full ? ingest_fail(job->failure, last->result, "%s", printable)
                   : ingest_fail_film(job->failure, last->result < 0 ? last->result : -EBADMSG,
                                      "%s", printable);
}

static int64_t memory_most(void)
{
    const int64_t half = (int64_t)sysconf(_SC_PHYS_PAGES) / 2 * sysconf(_SC_PAGESIZE);
    return half > MEMORY_BYTES_LEAST ? half : MEMORY_BYTES_LEAST;
}

int ingest_child_run(struct ingest_job *job)
{
    const int files[] = {job->source, job->asset,     job->index, job->sheet,
                         job->spare,  job->subtitles, job->font};
    struct listener listener = {.request = job->request};
    const struct ingest_sandbox sandbox = {.files = files,
                                           .file_count = sizeof(files) / sizeof(files[0]),
                                           .memory_bytes = memory_most(),
                                           .file_bytes = FILE_BYTES_MOST,
                                           .cpu_s = CPU_S,
                                           .silent_s =
                                               job->request->stands_back ? SILENT_IDLE_S : SILENT_S,
                                           .stands_back = job->request->stands_back,
                                           .work = make_film,
                                           .work_context = job,
                                           .hear = hear,
                                           .hear_context = &listener,
                                           .message_size = sizeof(struct message)};
    enum ingest_sandbox_end end = SANDBOX_DONE;
    (void)_("interrupted"); /* the first message loads the catalogue, and the child cannot */
    const int result = ingest_sandbox_run(&sandbox, &end);
    return result < 0 ? ingest_fail(job->failure, result,
                                    _("it cannot be decoded in safety on this machine: %s"),
                                    strerror(-result))
                      : judge_end(job, end, &listener.last);
}
