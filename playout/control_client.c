/* SPDX-License-Identifier: MIT */
#include "playout/control_socket.h"

#include "playout/intl.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MAX = 1 << 20, SILENCE_MS = 3000 };

static int connect_to(const char *path, int timeout_ms)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const struct timeval timeout = {.tv_sec = timeout_ms / 1000,
                                    .tv_usec = timeout_ms % 1000 * 1000};
    if (strlen(path) >= sizeof(address.sun_path)) {
        return -ENAMETOOLONG;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -errno;
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
        const int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

/* The request with the language of this process; to be freed. */
static char *write_line(const json_t *request)
{
    json_t *whole = json_deep_copy(request);
    json_object_set_new(whole, "language", json_string(intl_language()));
    char *text = json_dumps(whole, JSON_COMPACT | JSON_PRESERVE_ORDER);
    json_decref(whole);
    return text;
}

static int send_line(int fd, const json_t *request)
{
    char *text = write_line(request);
    if (text == NULL) {
        return -ENOMEM;
    }
    const size_t length = strlen(text);
    text[length] = '\n';
    size_t sent = 0;
    int result = 0;
    while (sent <= length && result == 0) {
        const ssize_t got = send(fd, text + sent, length + 1 - sent, MSG_NOSIGNAL);
        result = got < 0 ? -errno : 0;
        sent += got > 0 ? (size_t)got : 0;
    }
    free(text);
    return result;
}

static int receive_line(int fd, json_t **answer)
{
    char *text = malloc(ANSWER_MAX);
    size_t size = 0;
    int result = text != NULL ? 0 : -ENOMEM;
    while (result == 0 && (size == 0 || text[size - 1] != '\n')) {
        const ssize_t got = size < ANSWER_MAX ? recv(fd, text + size, ANSWER_MAX - size, 0) : 0;
        result = got < 0 ? -errno : got == 0 ? -EBADMSG : 0;
        size += got > 0 ? (size_t)got : 0;
    }
    if (result == 0) {
        *answer = json_loadb(text, size, 0, NULL);
        result = *answer != NULL ? 0 : -EBADMSG;
    }
    free(text);
    return result;
}

/* Waits for the first of the answer, but no longer than it may be silent; then tells. */
static void await(int fd, void (*tell)(void))
{
    struct pollfd waited = {.fd = fd, .events = POLLIN};
    if (poll(&waited, 1, SILENCE_MS) == 0) {
        tell();
    }
}

int control_socket_ask_telling(const char *path, const json_t *request, int timeout_ms,
                               void (*tell)(void), json_t **answer)
{
    const int fd = connect_to(path, timeout_ms);
    if (fd < 0) {
        return fd;
    }
    int result = send_line(fd, request);
    if (result == 0 && tell != NULL) {
        await(fd, tell);
    }
    if (result == 0) {
        result = receive_line(fd, answer);
    }
    close(fd);
    return result;
}

int control_socket_ask(const char *path, const json_t *request, int timeout_ms, json_t **answer)
{
    return control_socket_ask_telling(path, request, timeout_ms, NULL, answer);
}
