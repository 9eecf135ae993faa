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
#include "tools/time_left.h"

#include <jansson.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 7, WIDEST = 40, PROGRESS_SIZE = 80, SHOWN_MS = 7 * 24 * 3600 * 1000 };

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
            "left out; --json, too, tells of it only with --all.\n"
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

/* Rows are in the order of ids.  NULL: there is none, which the schema does not allow. */
static const struct store_submission *find_submission(const struct store_rows *rows, int64_t id,
                                                      struct store_submission *found)
{
    size_t first = 0;
    for (size_t end = rows->count; first < end;) {
        const size_t middle = first + (end - first) / 2;
        *found = store_submission_at(rows, middle);
        if (found->id == id) {
            return found;
        }
        first = found->id < id ? middle + 1 : first;
        end = found->id < id ? end : middle;
    }
    return NULL;
}

/* The texts of a row that are made up for it. */
struct row_texts {
    char id[24];
    char time[STORE_COMMAND_TIME_SIZE];
    char progress[PROGRESS_SIZE];
};

/* Both times are the store's; the work began with the claim. */
static double left_s(const struct store_job *job)
{
    return job->state == JOB_RUNNING ? time_left_s((double)job->progress / JOB_WHOLE,
                                                   (double)(job->beat_ms - job->state_ms) / 1000)
                                     : TIME_LEFT_UNKNOWN;
}

static const char *progress_text(const struct store_job *job, char text[PROGRESS_SIZE])
{
    const int percent = (int)(job->progress * 100 / JOB_WHOLE);
    const int left = (int)left_s(job);
    text[0] = '\0';
    if (job->state == JOB_RUNNING && left >= 0) {
        /* TRANSLATORS: percent, minutes and seconds */
        snprintf(text, PROGRESS_SIZE, _("%d %%, %d:%02d left"), percent, left / 60, left % 60);
    } else if (job->state == JOB_RUNNING) {
        snprintf(text, PROGRESS_SIZE, "%d %%", percent);
    }
    return text;
}

static int print_table(const struct store_command *command, const struct store_rows *submissions,
                       const struct store_rows *jobs)
{
    const char **cells = calloc((jobs->count + 1) * COLUMNS, sizeof(*cells));
    struct row_texts *lines = calloc(jobs->count + 1, sizeof(*lines));
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
        if (find_submission(submissions, job.submission, &submission) == NULL) {
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
static void print_findings(const struct store_rows *submissions, const struct store_rows *jobs)
{
    for (size_t i = 0; i < jobs->count; i++) {
        const struct store_job job = store_job_at(jobs, i);
        struct store_submission submission;
        if ((job.state == JOB_FAILED || job.state == JOB_DONE) && job.finding[0] != '\0' &&
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
            const double left = left_s(&job);
            json_object_set_new(object, "profile", json_string(job.profile));
            json_object_set_new(object, "left_s", left < 0 ? json_null() : json_real(left));
            json_object_set_new(object, "claims", json_integer(job.claim));
            json_object_set_new(object, "lost", json_integer(job.lost));
            json_object_set_new(object, "due_ms",
                                job.due_ms == JOB_NOT_PLANNED ? json_null()
                                                              : json_integer(job.due_ms));
            json_array_append_new(list, object);
        }
    }
    const int result = json_dumpf(list, stdout, JSON_INDENT(2)) == 0 ? 0 : -ENOMEM;
    putchar('\n');
    json_decref(list);
    return result;
}

/* What ended long ago is no news. */
static int fetch(struct store *store, const struct request *request, struct store_rows *submissions,
                 struct store_rows *jobs)
{
    int64_t now_ms = 0;
    int result = store_begin_reading(store);
    if (result < 0) {
        return result;
    }
    result = store_clock_ms(store, &now_ms);
    const int64_t since_ms = request->is_all ? INT64_MIN : now_ms - SHOWN_MS;
    if (result == 0) {
        result = store_submission_list_since(store, since_ms, submissions);
    }
    if (result == 0) {
        result = store_job_list_since(store, since_ms, jobs);
    }
    return store_end(store, result);
}

static int list(const struct store_command *command, const struct request *request)
{
    struct store_rows submissions = {0};
    struct store_rows jobs = {0};
    int result = fetch(command->store, request, &submissions, &jobs);
    if (result < 0) {
        store_command_complain(command, result);
    } else if (request->is_json) {
        result = print_json(&submissions, &jobs);
    } else {
        result = print_table(command, &submissions, &jobs);
        print_findings(&submissions, &jobs);
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
