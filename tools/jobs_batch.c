/* SPDX-License-Identifier: MIT */
#include "tools/jobs_batch.h"

#include "playout/intl.h"
#include "scheduler/store/store_job.h"
#include "scheduler/store/store_submission.h"

#include <jansson.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAR_WIDTH = 30, LOOK_S = 2, MINUTE_MS = 60000 };

static volatile sig_atomic_t is_interrupted;

static void on_signal(int number)
{
    (void)number;
    is_interrupted = 1;
}

static bool find(const struct store_rows *submissions, int64_t id, const char *batch,
                 struct store_submission *found)
{
    for (size_t i = 0; i < submissions->count; i++) {
        *found = store_submission_at(submissions, i);
        if (found->id == id) {
            return strcmp(found->batch, batch) == 0;
        }
    }
    return false;
}

/* When those that are ready were so. */
struct pace {
    size_t count;
    int64_t first_ms;
    int64_t last_ms;
};

static void note(struct pace *pace, int64_t time_ms)
{
    pace->first_ms = pace->count == 0 || time_ms < pace->first_ms ? time_ms : pace->first_ms;
    pace->last_ms = pace->count == 0 || time_ms > pace->last_ms ? time_ms : pace->last_ms;
    pace->count++;
}

struct jobs_batch jobs_batch_count(const struct store_rows *submissions,
                                   const struct store_rows *jobs, const char *batch)
{
    struct jobs_batch sum = {.left_ms = -1};
    struct pace pace = {.count = 0};
    double begun = 0;
    for (size_t i = 0; i < jobs->count; i++) {
        const struct store_job job = store_job_at(jobs, i);
        struct store_submission submission;
        if (!find(submissions, job.submission, batch, &submission)) {
            continue;
        }
        sum.waiting += job.state == JOB_WAITING;
        sum.running += job.state == JOB_RUNNING;
        sum.ready += job.state == JOB_DONE;
        sum.failed += job.state == JOB_FAILED;
        sum.cancelled += job.state == JOB_CANCELLED;
        begun += job.state == JOB_RUNNING ? (double)job.progress / JOB_WHOLE : 0;
        if (job.state == JOB_DONE) {
            note(&pace, job.state_ms);
        }
    }
    const double left = (double)(sum.waiting + sum.running) - begun;
    const double all = (double)(sum.waiting + sum.running + sum.ready + sum.failed);
    sum.done = all > 0 ? 1 - left / all : 1;
    if (left <= 0) {
        sum.left_ms = 0;
    } else if (pace.count > 1) {
        sum.left_ms =
            (int64_t)(left * (double)(pace.last_ms - pace.first_ms) / (double)(pace.count - 1));
    }
    return sum;
}

static void print_bar(const char *batch, const struct jobs_batch *sum)
{
    const int full = (int)(sum->done * BAR_WIDTH);
    printf("%s  [", batch);
    for (int i = 0; i < BAR_WIDTH; i++) {
        putchar(i < full ? '#' : '-');
    }
    printf("] %d %%\n", (int)(sum->done * 100));
    printf(_("  %zu not taken, %zu are made, %zu wait, %zu ready"), sum->failed, sum->running,
           sum->waiting, sum->ready);
    if (sum->cancelled > 0) {
        printf(_(", %zu cancelled or replaced"), sum->cancelled);
    }
    if (sum->left_ms > 0) {
        printf(_("; about %lld min to go"),
               (long long)((sum->left_ms + MINUTE_MS - 1) / MINUTE_MS));
    }
    putchar('\n');
}

/* The worst first: what was not taken, then what is made. */
static void print_rows(const struct store_rows *submissions, const struct store_rows *jobs,
                       const char *batch)
{
    static const enum job_state states[] = {JOB_FAILED, JOB_RUNNING};
    for (size_t k = 0; k < sizeof(states) / sizeof(states[0]); k++) {
        for (size_t i = 0; i < jobs->count; i++) {
            const struct store_job job = store_job_at(jobs, i);
            struct store_submission submission;
            if (job.state != states[k] || !find(submissions, job.submission, batch, &submission)) {
                continue;
            }
            printf("  %lld, %s, %s: ", (long long)submission.id, submission.house_number,
                   submission.file_name);
            if (job.state == JOB_FAILED) {
                puts(job.finding);
            } else {
                printf("%lld %%\n", (long long)(job.progress * 100 / JOB_WHOLE));
            }
        }
    }
}

static int print_json(const char *batch, const struct jobs_batch *sum)
{
    json_t *object =
        json_pack("{s:s, s:f, s:I, s:I, s:I, s:I, s:I, s:o}", "batch", batch, "done", sum->done,
                  "waiting", (json_int_t)sum->waiting, "running", (json_int_t)sum->running, "ready",
                  (json_int_t)sum->ready, "failed", (json_int_t)sum->failed, "cancelled",
                  (json_int_t)sum->cancelled, "left_ms",
                  sum->left_ms < 0 ? json_null() : json_integer((json_int_t)sum->left_ms));
    const int result =
        object != NULL && json_dumpf(object, stdout, JSON_COMPACT) == 0 ? 0 : -ENOMEM;
    putchar('\n');
    fflush(stdout);
    json_decref(object);
    return result;
}

static int print(const char *batch, bool is_json, const struct jobs_batch *sum,
                 const struct store_rows *submissions, const struct store_rows *jobs)
{
    if (is_json) {
        return print_json(batch, sum);
    }
    print_bar(batch, sum);
    print_rows(submissions, jobs, batch);
    return 0;
}

static int read_rows(const struct store_command *command, struct store_rows *submissions,
                     struct store_rows *jobs)
{
    int result = store_begin_reading(command->store);
    if (result == 0) {
        result = store_submission_list(command->store, submissions);
        result = result < 0 ? result : store_job_list(command->store, jobs);
        result = store_end(command->store, result);
    }
    return result < 0 ? store_command_complain(command, result) : 0;
}

/* Looks once.  1: all has ended; 0: not yet; or -errno. */
static int look(const struct store_command *command, const char *batch, bool is_json,
                struct jobs_batch *last)
{
    struct store_rows submissions = {0};
    struct store_rows jobs = {0};
    int result = read_rows(command, &submissions, &jobs);
    if (result == 0) {
        const struct jobs_batch sum = jobs_batch_count(&submissions, &jobs, batch);
        const size_t left = sum.waiting + sum.running;
        if (left + sum.ready + sum.failed + sum.cancelled == 0) {
            fprintf(stderr, _("ketang jobs: nothing was handed in as batch '%s'.\n"), batch);
            result = -ENOENT;
        } else {
            const bool is_new = memcmp(&sum, last, sizeof(sum)) != 0;
            if (is_new && isatty(STDOUT_FILENO) && !is_json && last->left_ms != -2) {
                fputs("\033[H\033[J", stdout); /* in the place of the last look */
            }
            result = is_new ? print(batch, is_json, &sum, &submissions, &jobs) : 0;
            *last = sum;
            result = result < 0 ? result : left == 0;
        }
    }
    store_rows_finish(&submissions);
    store_rows_finish(&jobs);
    return result;
}

int jobs_batch_show(const struct store_command *command, const char *batch, bool is_watch,
                    bool is_json)
{
    struct jobs_batch last;
    const struct sigaction action = {.sa_handler = on_signal};
    memset(&last, 0, sizeof(last));
    last.left_ms = -2; /* none was printed yet */
    if (is_watch) {
        sigaction(SIGINT, &action, NULL);
        sigaction(SIGTERM, &action, NULL);
    }
    int result = look(command, batch, is_json, &last);
    while (result == 0 && is_watch && is_interrupted == 0) {
        nanosleep(&(struct timespec){.tv_sec = LOOK_S}, NULL);
        result = look(command, batch, is_json, &last);
    }
    return result < 0 ? result : 0;
}
