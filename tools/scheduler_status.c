/* SPDX-License-Identifier: MIT */
#include "tools/scheduler_status.h"

#include "playout/control_socket.h"
#include "playout/intl.h"
#include "playout/station.h"
#include "tools/complaint.h"
#include "tools/running_socket.h"
#include "tools/shell_word.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { ANSWER_MS = 5000, ASIDE_MS = 1000 };

static json_t *ask_at(const char *path, const char *channel, int timeout_ms)
{
    json_t *request = json_pack("{s:s, s:s*}", "command", "status", "channel", channel);
    json_t *answer = NULL;
    const int result =
        request != NULL ? control_socket_ask(path, request, timeout_ms, &answer) : -ENOMEM;
    json_decref(request);
    if (result == -ENOENT || result == -ECONNREFUSED) {
        return control_error(_("the scheduler is not running: no plans are made; while "
                               "ketang-playout runs, those that there are air on"));
    }
    if (result < 0) {
        char text[512];
        snprintf(text, sizeof(text), _("the scheduler does not answer: %s"),
                 complaint_silence(result));
        return control_error(text);
    }
    return answer;
}

/* What has changed may be a slip, with which no scheduler would start again. */
static void note_mistakes(json_t *answer, const char *station_path)
{
    struct problems ignored; /* engine_client_ask() tells them */
    struct station *station = NULL;
    if (!json_is_true(json_object_get(answer, "station_changed"))) {
        return;
    }
    problems_init(&ignored);
    const bool is_sound = station_load(station_path, &station, &ignored) == 0;
    (void)json_object_set_new(answer, "station_faulty", json_boolean(!is_sound));
    problems_finish(&ignored);
    station_destroy(station);
}

/* It holds the lock as long as it runs; its pid file alone may be left from one that was killed. */
static bool is_make_run(const char *folder)
{
    char *path = NULL;
    if (asprintf(&path, "%s/make-run.lock", folder) < 0) {
        return false;
    }
    const int lock = open(path, O_RDONLY | O_CLOEXEC);
    const bool is_held = lock >= 0 && flock(lock, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
    if (lock >= 0) {
        close(lock);
    }
    free(path);
    return is_held;
}

/* Under `make run` there is a file in that folder that says which process to signal. */
static char *restart_in(const char *folder)
{
    char *pid_file = NULL;
    char *command = NULL;
    size_t size = 0;
    if (asprintf(&pid_file, "%s/make-run.pid", folder) < 0) {
        return NULL;
    }
    if (access(pid_file, F_OK) < 0 || !is_make_run(folder)) {
        free(pid_file);
        return strdup("systemctl restart ketang-scheduler");
    }
    FILE *out = open_memstream(&command, &size);
    if (out != NULL) {
        fputs("kill -USR1 $(cat ", out);
        shell_word_print(out, pid_file);
        fputc(')', out);
        fclose(out);
    }
    free(pid_file);
    return command;
}

char *scheduler_status_restart(const char *socket)
{
    const char *name = strrchr(socket, '/');
    char *folder = name != NULL ? strndup(socket, (size_t)(name - socket)) : strdup(".");
    char *command = folder != NULL ? restart_in(folder) : NULL;
    free(folder);
    return command;
}

static void note_restart(json_t *answer, const char *socket)
{
    char *command = scheduler_status_restart(socket);
    if (command != NULL) {
        (void)json_object_set_new(answer, "restart", json_string(command));
    }
    free(command);
}

static json_t *ask_noting(const char *station_path, const char *socket, const char *channel,
                          int timeout_ms)
{
    json_t *answer = ask_at(socket, channel, timeout_ms);
    if (answer != NULL) {
        note_mistakes(answer, station_path);
        note_restart(answer, socket);
    }
    return answer;
}

json_t *scheduler_status_ask(const char *station_path, const char *channel)
{
    struct problems problems;
    problems_init(&problems);
    char *socket = running_socket(station_path, "scheduler", &problems);
    json_t *answer = socket != NULL ? ask_noting(station_path, socket, channel, ANSWER_MS) : NULL;
    free(socket);
    problems_finish(&problems);
    return answer;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

/* Without the folder no lesson is ready: they are not told of one by one. */
static size_t print_media(FILE *out, const json_t *answer)
{
    const char *trouble = text_of(answer, "media_trouble");
    if (trouble[0] == '\0') {
        return 0;
    }
    fprintf(out, "! %s\n", trouble);
    return 1;
}

/* Before the disk is full. */
static size_t print_room(FILE *out, const json_t *answer)
{
    const char *warning = text_of(answer, "media_room");
    if (warning[0] != '\0') {
        fprintf(out, "! %s\n", warning);
    }
    return warning[0] != '\0';
}

static size_t print_problems(FILE *out, const json_t *answer)
{
    const json_t *problems = json_object_get(answer, "problems");
    size_t index = 0;
    const json_t *problem = NULL;
    json_array_foreach(problems, index, problem)
    {
        fprintf(out, "! %s\n", json_string_value(problem));
    }
    if (index > 0) {
        fprintf(out, "! %s\n", _("what was good before goes on; mend the file and save it"));
    }
    return index;
}

static size_t print_refusals(FILE *out, const json_t *answer)
{
    const json_t *channels = json_object_get(answer, "channels");
    size_t index = 0;
    size_t count = 0;
    const json_t *channel = NULL;
    json_array_foreach(channels, index, channel)
    {
        const json_int_t refused = json_integer_value(json_object_get(channel, "refused"));
        if (refused > 0 && refused >= json_integer_value(json_object_get(channel, "revision"))) {
            fprintf(out, _("! %s: the engine refused plan %lld; another one is being made\n"),
                    text_of(channel, "name"), (long long)refused);
            count++;
        }
    }
    return count;
}

static size_t print_store(FILE *out, const json_t *answer)
{
    const char *trouble = text_of(answer, "store_trouble");
    const char *unnoted = text_of(answer, "store_unnoted");
    const char *lost = text_of(answer, "store_lost");
    if (trouble[0] != '\0') {
        fprintf(out,
                _("! the store cannot be reached (%s): what was approved and closed before "
                  "holds\n"),
                trouble);
    }
    if (unnoted[0] != '\0') {
        fprintf(out,
                _("! plans and records cannot be noted in the store (%s): the air goes on; they "
                  "are noted by themselves once the store is mended\n"),
                unnoted);
    }
    if (lost[0] != '\0') {
        fprintf(out, "! %s\n", lost);
    }
    return (size_t)(trouble[0] != '\0') + (unnoted[0] != '\0') + (lost[0] != '\0');
}

/* Plans that could not be made, or not be written: of channels that have one, or that have none. */
static size_t print_failures(FILE *out, const json_t *answer, bool of_planned)
{
    size_t index = 0;
    size_t count = 0;
    const json_t *channel = NULL;
    json_array_foreach(json_object_get(answer, "channels"), index, channel)
    {
        const bool has_plan = json_integer_value(json_object_get(channel, "revision")) > 0;
        if (text_of(channel, "plan_trouble")[0] != '\0' && has_plan == of_planned) {
            fprintf(out,
                    has_plan ? _("! %s: %s; what was planned before airs, then the slate\n")
                             : _("! %s: there is no plan, and the slate is on the air: %s\n"),
                    text_of(channel, "name"), text_of(channel, "plan_trouble"));
            count++;
        }
    }
    return count;
}

static size_t count_lists(const json_t *answer, const char *which)
{
    return json_array_size(json_object_get(json_object_get(answer, "tomorrow"), which));
}

/* Lists that should be closed by now. */
static size_t print_overdue(FILE *out, const json_t *answer)
{
    const json_t *tomorrow = json_object_get(answer, "tomorrow");
    const json_t *open = json_object_get(tomorrow, "open");
    size_t index = 0;
    const json_t *name = NULL;
    if (!json_is_true(json_object_get(tomorrow, "overdue"))) {
        return 0;
    }
    json_array_foreach(open, index, name)
    {
        fprintf(out, _("! %s: the list of %s is not closed: `ketang freeze`\n"),
                json_string_value(name), text_of(tomorrow, "date"));
    }
    return index;
}

static size_t print_lessons(FILE *out, const json_t *answer)
{
    const json_t *not_ready = json_object_get(answer, "not_ready");
    const json_t *lessons = json_object_get(not_ready, "lessons");
    const size_t count = (size_t)json_integer_value(json_object_get(not_ready, "count"));
    if (!json_is_object(not_ready)) {
        fprintf(out, "! %s\n", _("what is ready is not known yet: the store is being asked"));
        return 1;
    }
    size_t index = 0;
    const json_t *lesson = NULL;
    json_array_foreach(lessons, index, lesson)
    {
        if (index == STATUS_LESSONS_MOST) {
            break;
        }
        fprintf(out, _("! %s %.5s %s %s is not ready: `ketang ready`\n"),
                text_of(lesson, "channel"),
                strlen(text_of(lesson, "time")) > 16 ? text_of(lesson, "time") + 11 : "",
                text_of(lesson, "house_number"), text_of(lesson, "title"));
    }
    if (count > index) {
        fprintf(out, _("! … and %zu more within the hour\n"), count - index);
    }
    return count;
}

static size_t print_station_file(FILE *out, const json_t *answer)
{
    if (!json_is_true(json_object_get(answer, "station_changed"))) {
        return 0;
    }
    if (json_is_true(json_object_get(answer, "station_faulty"))) {
        fputs(_("! the station file has changed since the scheduler began, and has mistakes: mend "
                "it before you restart the scheduler, which would not start again; `ketang check` "
                "names them\n"),
              out);
    } else {
        fprintf(out,
                _("! the station file has changed since the scheduler began (%s), and it goes by "
                  "the old one until it is restarted: `%s`\n"),
                text_of(answer, "begun"), text_of(answer, "restart"));
    }
    return 1;
}

bool scheduler_status_tell_station(FILE *out, const struct station *station)
{
    char *socket = running_socket_in(station->state, "scheduler");
    json_t *answer = socket != NULL ? ask_noting(station->path, socket, NULL, ASIDE_MS) : NULL;
    const bool is_told = print_station_file(out, answer) > 0;
    json_decref(answer);
    free(socket);
    return is_told;
}

static bool is_answer(const json_t *answer)
{
    return json_is_true(json_object_get(answer, "ok"));
}

size_t scheduler_status_print_air(FILE *out, const json_t *answer)
{
    return is_answer(answer) ? print_failures(out, answer, false) : 0;
}

size_t scheduler_status_print_coming(FILE *out, const json_t *answer)
{
    if (answer == NULL) {
        return 0;
    }
    if (!is_answer(answer)) {
        fprintf(out, _("! %s.\n"), text_of(answer, "error"));
        return 1;
    }
    size_t wrong = print_media(out, answer);
    wrong += print_failures(out, answer, true);
    wrong += print_refusals(out, answer);
    return wrong + (text_of(answer, "media_trouble")[0] == '\0' ? print_lessons(out, answer) : 0);
}

void scheduler_status_print_rest(FILE *out, const json_t *answer, size_t wrong)
{
    if (!is_answer(answer)) {
        return;
    }
    wrong += print_room(out, answer);
    wrong += print_store(out, answer);
    wrong += print_station_file(out, answer);
    wrong += print_problems(out, answer);
    wrong += print_overdue(out, answer);
    if (wrong == 0) {
        fprintf(out,
                _("The scheduler: all is well; what airs within the hour is ready; tomorrow's "
                  "lists: %zu closed, %zu open.\n"),
                count_lists(answer, "closed"), count_lists(answer, "open"));
    }
}
