/* SPDX-License-Identifier: MIT */
/* ketang jobs: what was handed in, and how far ingest is with it. */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "scheduler/store/store_job.h"
#include "scheduler/store/store_submission.h"
#include "tools/author_name.h"
#include "tools/complaint.h"
#include "tools/jobs_batch.h"
#include "tools/store_command.h"
#include "tools/text_table.h"

#include <jansson.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 7, WIDEST = 40, SHOWN_MS = 7 * 24 * 3600 * 1000 };

struct request {
    const char *station_path;
    bool is_all;
    bool is_json;
    const char *batch; /* NULL: not one alone */
    bool is_watch;
    int64_t cancelled; /* 0: none */
    const char *reason;
    const char *by;
    char author[AUTHOR_NAME_SIZE];
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang jobs [--station FILE] [--all] [--json]\n"
            "       ketang jobs [--station FILE] --batch NAME [--watch] [--json]\n"
            "       ketang jobs [--station FILE] --cancel NUMBER [--reason TEXT] [--by NAME]\n"
            "\n"
            "Lists what was handed in, and how far the ingest workers are with it: a line for\n"
            "each house format that a film is made for.  What ended more than a week ago is\n"
            "left out.\n"
            "\n"
            "  --all              everything\n"
            "  --json             for programs\n"
            "  --batch NAME       how far a batch is, what went wrong first\n"
            "  --watch            until all of it is made or not taken\n"
            "  --cancel NUMBER    make nothing more of what was handed in under that number\n"
            "  --reason TEXT      why\n"
            "  --by NAME          who; the user's name when left out\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang jobs\n"
          "  ketang jobs --batch 第2周 --watch\n"
          "  ketang jobs --cancel 12 --reason 发错文件\n",
          out);
}

static int read_number(const char *text, int64_t *number)
{
    char *end = NULL;
    errno = 0;
    *number = strtoll(text, &end, 10);
    if (*text == '\0' || *end != '\0' || errno != 0 || *number < 1) {
        fprintf(stderr, _("ketang jobs: '%s' is no number of a film that was handed in.\n"), text);
        return -EINVAL;
    }
    return 0;
}

static int take_option(int option, struct request *request)
{
    switch (option) {
    case 's':
        request->station_path = optarg;
        return 0;
    case 'a':
        request->is_all = true;
        return 0;
    case 'j':
        request->is_json = true;
        return 0;
    case 'B':
        request->batch = optarg;
        return 0;
    case 'w':
        request->is_watch = true;
        return 0;
    case 'c':
        return read_number(optarg, &request->cancelled);
    case 'r':
        request->reason = optarg;
        return 0;
    case 'b':
        request->by = optarg;
        return 0;
    case 'h':
        print_usage(stdout);
        return 1;
    default:
        return -EINVAL;
    }
}

static int parse_options(int argc, char **argv, struct request *request)
{
    static const struct option OPTIONS[] = {
        {"station", required_argument, NULL, 's'}, {"all", no_argument, NULL, 'a'},
        {"json", no_argument, NULL, 'j'},          {"batch", required_argument, NULL, 'B'},
        {"watch", no_argument, NULL, 'w'},         {"cancel", required_argument, NULL, 'c'},
        {"reason", required_argument, NULL, 'r'},  {"by", required_argument, NULL, 'b'},
        {"help", no_argument, NULL, 'h'},          {0}};
    for (int option; (option = options_next(argc, argv, "h", OPTIONS)) != -1;) {
        const int result = take_option(option, request);
        if (result != 0) {
            return result;
        }
    }
    if (request->is_watch && request->batch == NULL) {
        fputs(_("ketang jobs: --watch is of a batch: say --batch NAME.\n"), stderr);
        return -EINVAL;
    }
    const int result = complaint_stray("jobs", argc, argv, optind);
    return result < 0 ? result : author_name_read("jobs", request->by, request->author);
}

/* --- The list ----------------------------------------------------------------------------- */

static const char *state_text(const struct store_submission *submission,
                              const struct store_job *job)
{
    if (submission->state == SUBMISSION_REPLACED) {
        return _("replaced");
    }
    switch (job->state) {
    case JOB_WAITING:
        return _("waits");
    case JOB_RUNNING:
        return _("is made");
    case JOB_DONE:
        return _("ready");
    case JOB_FAILED:
        return _("not taken");
    default:
        return _("cancelled");
    }
}

static bool has_ended(const struct store_job *job)
{
    return job->state != JOB_WAITING && job->state != JOB_RUNNING;
}

/* What ended long ago is no news. */
static bool is_shown(const struct request *request, const struct store_job *job, int64_t now_ms)
{
    return request->is_all || !has_ended(job) || now_ms - job->state_ms <= SHOWN_MS;
}

/* NULL: there is none, which the schema does not allow. */
static const struct store_submission *find_submission(const struct store_rows *rows, int64_t id,
                                                      struct store_submission *found)
{
    for (size_t i = 0; i < rows->count; i++) {
        *found = store_submission_at(rows, i);
        if (found->id == id) {
            return found;
        }
    }
    return NULL;
}

/* The texts of a row that are made up for it. */
struct row_texts {
    char id[24];
    char time[STORE_COMMAND_TIME_SIZE];
    char progress[48];
};

static const char *progress_text(const struct store_job *job, char text[48])
{
    text[0] = '\0';
    if (job->state == JOB_RUNNING) {
        snprintf(text, 48, "%lld %%", (long long)(job->progress * 100 / JOB_WHOLE));
    }
    return text;
}

static int print_table(const struct store_command *command, const struct request *request,
                       const struct store_rows *submissions, const struct store_rows *jobs)
{
    const char **cells = calloc((jobs->count + 1) * COLUMNS, sizeof(*cells));
    struct row_texts *lines = calloc(jobs->count + 1, sizeof(*lines));
    const int64_t now_ms = store_command_now_ms();
    size_t count = 0;
    if (cells == NULL || lines == NULL) {
        free(cells);
        free(lines);
        return -ENOMEM;
    }
    const char *const head[COLUMNS] = {
        _("number"), _("handed in"), _("house number"), _("format"), _("state"), "", _("file")};
    memcpy(cells, head, sizeof(head));
    for (size_t i = 0; i < jobs->count; i++) {
        const struct store_job job = store_job_at(jobs, i);
        struct store_submission submission;
        if (find_submission(submissions, job.submission, &submission) == NULL ||
            !is_shown(request, &job, now_ms)) {
            continue;
        }
        struct row_texts *line = &lines[count];
        snprintf(line->id, sizeof(line->id), "%lld", (long long)submission.id);
        store_command_time(command, submission.received_ms, line->time);
        const char *const row[COLUMNS] = {line->id,
                                          line->time,
                                          submission.house_number,
                                          job.profile,
                                          state_text(&submission, &job),
                                          progress_text(&job, line->progress),
                                          submission.file_name};
        memcpy(cells + ++count * COLUMNS, row, sizeof(row));
    }
    if (count == 0) {
        puts(_("Nothing was handed in within the last week."));
    } else {
        text_table_print(stdout, cells, count + 1, COLUMNS, WIDEST);
    }
    free(cells);
    free(lines);
    return 0;
}

/* Why something was not taken, and what a film that was taken has to be looked at for. */
static void print_findings(const struct request *request, const struct store_rows *submissions,
                           const struct store_rows *jobs)
{
    const int64_t now_ms = store_command_now_ms();
    for (size_t i = 0; i < jobs->count; i++) {
        const struct store_job job = store_job_at(jobs, i);
        struct store_submission submission;
        if ((job.state == JOB_FAILED || job.state == JOB_DONE) && job.finding[0] != '\0' &&
            is_shown(request, &job, now_ms) &&
            find_submission(submissions, job.submission, &submission) != NULL &&
            submission.state != SUBMISSION_REPLACED) {
            printf("%lld, %s: %s\n", (long long)submission.id, submission.house_number,
                   job.finding);
        }
    }
}

static json_t *job_json(const struct store_submission *submission, const struct store_job *job)
{
    return json_pack("{s:I, s:I, s:s*, s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:f, s:s, s:s, s:I}",
                     "number", (json_int_t)submission->id, "job", (json_int_t)job->id,
                     "house_number", submission->house_number, "file", submission->file_name,
                     "sha256", submission->sha256, "school", submission->school, "teacher",
                     submission->teacher, "consent", submission->consent, "received_ms",
                     (json_int_t)submission->received_ms, "submission",
                     submission_state_name(submission->state), "state", job_state_name(job->state),
                     "progress", (double)job->progress / JOB_WHOLE, "worker", job->worker,
                     "finding", job->finding, "state_ms", (json_int_t)job->state_ms);
}

static int print_json(const struct store_rows *submissions, const struct store_rows *jobs)
{
    json_t *list = json_array();
    for (size_t i = 0; i < jobs->count; i++) {
        const struct store_job job = store_job_at(jobs, i);
        struct store_submission submission;
        if (find_submission(submissions, job.submission, &submission) != NULL) {
            json_t *object = job_json(&submission, &job);
            json_object_set_new(object, "profile", json_string(job.profile));
            json_array_append_new(list, object);
        }
    }
    const int result = json_dumpf(list, stdout, JSON_INDENT(2)) == 0 ? 0 : -ENOMEM;
    putchar('\n');
    json_decref(list);
    return result;
}

static int list(const struct store_command *command, const struct request *request)
{
    struct store_rows submissions = {0};
    struct store_rows jobs = {0};
    int result = store_begin_reading(command->store);
    if (result == 0) {
        result = store_submission_list(command->store, &submissions);
        result = result < 0 ? result : store_job_list(command->store, &jobs);
        result = store_end(command->store, result);
    }
    if (result < 0) {
        store_command_complain(command, result);
    } else if (request->is_json) {
        result = print_json(&submissions, &jobs);
    } else {
        result = print_table(command, request, &submissions, &jobs);
        print_findings(request, &submissions, &jobs);
    }
    store_rows_finish(&submissions);
    store_rows_finish(&jobs);
    return result;
}

/* --- Cancelling ------------------------------------------------------------------------------ */

static int cancel(const struct store_command *command, const struct request *request)
{
    const char *reason = request->reason != NULL ? request->reason : "";
    int count = 0;
    int result = store_job_cancel(command->store, request->cancelled, store_command_now_ms(),
                                  request->author, reason, &count);
    if (result < 0) {
        return store_command_complain(command, result);
    }
    if (count == 0) {
        fprintf(stderr, _("ketang jobs: of number %lld nothing waits and nothing is made.\n"),
                (long long)request->cancelled);
        return -ENOENT;
    }
    printf(_("Cancelled: number %lld\n"), (long long)request->cancelled);
    return 0;
}

int cmd_jobs(int argc, char **argv)
{
    struct request request = {.station_path = DEFAULT_STATION};
    struct store_command command = {.name = "ketang jobs"};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed != 0) {
        return parsed > 0 ? COMMAND_DONE : complaint_usage("jobs");
    }
    int result = store_command_open(&command, request.station_path,
                                    request.cancelled > 0 ? STORE_USE : STORE_LOOK);
    if (result == 0) {
        result = request.cancelled > 0 ? cancel(&command, &request)
                 : request.batch != NULL
                     ? jobs_batch_show(&command, request.batch, request.is_watch, request.is_json)
                     : list(&command, &request);
    }
    store_command_close(&command);
    return result == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
