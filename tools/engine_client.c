/* SPDX-License-Identifier: MIT */
#include "tools/engine_client.h"

#include "playout/control_socket.h"
#include "playout/intl.h"
#include "tools/complaint.h"
#include "tools/running_socket.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { ANSWER_MS = 5000 };

static json_t *ask_at(const char *path, const json_t *request)
{
    json_t *answer = NULL;
    const int result = control_socket_ask(path, request, ANSWER_MS, &answer);
    if (result == -ENOENT || result == -ECONNREFUSED) {
        fprintf(stderr,
                _("ketang: no engine is on the air here (%s). Is ketang-playout running?\n"), path);
    } else if (result < 0) {
        fprintf(stderr, _("ketang: the engine does not answer at %s: %s.\n"), path,
                complaint_silence(result));
    }
    if (answer == NULL || json_is_true(json_object_get(answer, "ok"))) {
        return answer;
    }
    const char *error = json_string_value(json_object_get(answer, "error"));
    fprintf(stderr, _("ketang: %s\n"), error != NULL ? error : "?");
    json_decref(answer);
    return NULL;
}

json_t *engine_client_ask(const char *station_path, json_t *request)
{
    struct problems problems;
    problems_init(&problems);
    char *path = running_socket(station_path, "playout", &problems);
    problems_print(&problems, stderr);
    json_t *answer = path != NULL ? ask_at(path, request) : NULL;
    free(path);
    problems_finish(&problems);
    json_decref(request);
    return answer;
}
