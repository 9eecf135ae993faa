/* SPDX-License-Identifier: MIT */
#include "scheduler/engine_status.h"

#include "playout/control_socket.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 500 };

struct engine_status {
    json_t *root;
};

/* Takes the reference. */
static struct engine_status *from_json(json_t *root)
{
    struct engine_status *status = calloc(1, sizeof(*status));
    if (status == NULL || !json_is_array(json_object_get(root, "channels"))) {
        json_decref(root);
        free(status);
        return NULL;
    }
    status->root = root;
    return status;
}

struct engine_status *engine_status_parse(const char *text)
{
    return from_json(json_loads(text, 0, NULL));
}

struct engine_status *engine_status_ask(const char *state)
{
    char *path = NULL;
    json_t *answer = NULL;
    json_t *request = json_pack("{s:s}", "command", "status");
    if (asprintf(&path, "%s/run/playout.sock", state) < 0) {
        path = NULL;
    }
    if (path != NULL && request != NULL &&
        control_socket_ask(path, request, TIMEOUT_MS, &answer) < 0) {
        answer = NULL;
    }
    json_decref(request);
    free(path);
    return answer != NULL ? from_json(answer) : NULL;
}

void engine_status_destroy(struct engine_status *status)
{
    if (status != NULL) {
        json_decref(status->root);
        free(status);
    }
}

struct engine_channel engine_status_channel(const struct engine_status *status, const char *channel)
{
    struct engine_channel result = {0};
    if (status == NULL) {
        return result;
    }
    size_t index = 0;
    const json_t *item = NULL;
    json_array_foreach(json_object_get(status->root, "channels"), index, item)
    {
        const char *name = json_string_value(json_object_get(item, "name"));
        if (name == NULL || strcmp(name, channel) != 0) {
            continue;
        }
        const json_t *refused = json_object_get(item, "refused");
        const char *reason = json_string_value(json_object_get(refused, "reason"));
        result.is_known = true;
        result.revision = json_integer_value(json_object_get(item, "adopted"));
        result.refused = json_integer_value(json_object_get(refused, "revision"));
        snprintf(result.reason, sizeof(result.reason), "%s", reason != NULL ? reason : "");
    }
    return result;
}
