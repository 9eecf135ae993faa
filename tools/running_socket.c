/* SPDX-License-Identifier: MIT */
#include "tools/running_socket.h"

#include "playout/control_socket.h"
#include "playout/intl.h"
#include "playout/station.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRAM_MS = 1000 };

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* FOLDER of a line `state = "FOLDER"`; NULL: it is none. */
static char *state_of(const char *line)
{
    static const char key[] = "state";
    const char *at = skip_blanks(line);
    if (strncmp(at, key, sizeof(key) - 1) != 0) {
        return NULL;
    }
    at = skip_blanks(at + sizeof(key) - 1);
    if (*at != '=' && *at != ':') {
        return NULL;
    }
    at = skip_blanks(at + 1);
    if (*at != '"') {
        return NULL;
    }
    const size_t length = strcspn(++at, "\"\\\n");
    return length > 0 && at[length] == '"' ? strndup(at, length) : NULL;
}

/* Of the first such line, whatever the others are. */
static char *find_state(const char *station_path)
{
    FILE *file = fopen(station_path, "r");
    char *line = NULL;
    char *state = NULL;
    size_t size = 0;
    while (file != NULL && state == NULL && getline(&line, &size, file) >= 0) {
        state = state_of(line);
    }
    free(line);
    if (file != NULL) {
        fclose(file);
    }
    return state;
}

static void make_warnings(const char *station_path, struct problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        problems->items[i].severity = PROBLEM_WARNING;
    }
    problems->errors = 0;
    problems_add(problems, PROBLEM_WARNING, station_path, 0, 0,
                 _("has mistakes; the programs that run go on with what they read at their start, "
                   "and this command goes on with them; mend the file before one is restarted"));
}

char *running_socket_in(const char *state, const char *program)
{
    char *path = NULL;
    return asprintf(&path, "%s/run/%s.sock", state, program) >= 0 ? path : NULL;
}

char *running_socket(const char *station_path, const char *program, struct problems *problems)
{
    struct station *station = NULL;
    const int result = station_load(station_path, &station, problems);
    char *state = result == 0         ? strdup(station->state)
                  : result == -EINVAL ? find_state(station_path)
                                      : NULL;
    if (state != NULL && result < 0) {
        make_warnings(station_path, problems);
    }
    char *path = state != NULL ? running_socket_in(state, program) : NULL;
    free(state);
    station_destroy(station);
    return path;
}

bool running_program(const char *socket)
{
    json_t *answer = NULL;
    json_t *request = json_pack("{s:s}", "command", "status");
    const int result =
        request != NULL ? control_socket_ask(socket, request, PROGRAM_MS, &answer) : -ENOENT;
    json_decref(answer);
    json_decref(request);
    return result != -ENOENT && result != -ECONNREFUSED;
}

bool running_engine(const char *scheduler)
{
    char *path = NULL;
    const char *name = strrchr(scheduler, '/');
    const int folder = name != NULL ? (int)(name - scheduler) + 1 : 0;
    if (asprintf(&path, "%.*splayout.sock", folder, scheduler) < 0) {
        return false;
    }
    const bool is = running_program(path);
    free(path);
    return is;
}
