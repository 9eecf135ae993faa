/* SPDX-License-Identifier: MIT */
#include "scheduler/engine_status.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    TIMEOUT_MS = 500,
    ANSWER_MOST = 1 << 20,
};

struct engine_status {
    json_t *root;
};

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path));
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
        const int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

/* Reads up to the first line feed. */
static char *read_line(int fd, int timeout_ms)
{
    char *line = NULL;
    size_t size = 0;
    while (size < ANSWER_MOST) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        char *grown = realloc(line, size + 4097);
        if (grown == NULL || poll(&ready, 1, timeout_ms) <= 0) {
            free(grown != NULL ? grown : line);
            errno = grown == NULL ? ENOMEM : ETIMEDOUT;
            return NULL;
        }
        line = grown;
        const ssize_t got = read(fd, line + size, 4096);
        if (got <= 0) {
            break;
        }
        size += (size_t)got;
        line[size] = '\0';
        char *end = memchr(line, '\n', size);
        if (end != NULL) {
            *end = '\0';
            return line;
        }
    }
    free(line);
    errno = EPROTO;
    return NULL;
}

char *control_ask(const char *socket_path, const char *line, int timeout_ms)
{
    char *answer = NULL;
    char *message = NULL;
    const int fd = connect_to(socket_path);
    if (fd < 0) {
        return NULL;
    }
    const int length = asprintf(&message, "%s\n", line);
    if (length < 0) {
        message = NULL;
        errno = ENOMEM;
    } else if (send(fd, message, (size_t)length, MSG_NOSIGNAL) == length) {
        answer = read_line(fd, timeout_ms);
    }
    const int error = errno;
    free(message);
    close(fd);
    errno = error;
    return answer;
}

struct engine_status *engine_status_parse(const char *text)
{
    struct engine_status *status = calloc(1, sizeof(*status));
    if (status == NULL) {
        return NULL;
    }
    status->root = json_loads(text, 0, NULL);
    if (!json_is_array(json_object_get(status->root, "channels"))) {
        engine_status_destroy(status);
        return NULL;
    }
    return status;
}

struct engine_status *engine_status_ask(const char *state)
{
    struct engine_status *status = NULL;
    char *path = NULL;
    if (asprintf(&path, "%s/run/playout.sock", state) < 0) {
        return NULL;
    }
    char *answer = control_ask(path, "{\"command\":\"status\"}", TIMEOUT_MS);
    if (answer != NULL) {
        status = engine_status_parse(answer);
    }
    free(answer);
    free(path);
    return status;
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
        result.revision = json_integer_value(json_object_get(item, "revision"));
        result.refused = json_integer_value(json_object_get(refused, "revision"));
        snprintf(result.reason, sizeof(result.reason), "%s", reason != NULL ? reason : "");
    }
    return result;
}
