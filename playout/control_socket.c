/* SPDX-License-Identifier: MIT */
#include "playout/control_socket.h"

#include "playout/intl.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    BACKLOG = 64,
    EVENTS = 8, /* to a turn */
};

struct client {
    int fd; /* -1: free */
    int64_t heard_ms;
    char *answer; /* what is left to be sent; NULL: reading */
    size_t answer_size;
    size_t answer_sent;
    size_t line_size;
    char line[CONTROL_LINE_MAX];
};

struct control_socket {
    struct control_handler *handler;
    int fd;
    int epoll;
    char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
    struct client *clients[CONTROL_CLIENTS]; /* NULL: free */
};

json_t *control_error(const char *text)
{
    return json_pack("{s:b, s:s}", "ok", 0, "error", text);
}

static int watch(const struct control_socket *control, int fd, int operation, uint32_t events,
                 struct client *client)
{
    struct epoll_event event = {.events = events, .data.ptr = client};
    return epoll_ctl(control->epoll, operation, fd, &event) < 0 ? -errno : 0;
}

static int listen_at(struct control_socket *control)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, control->path, sizeof(address.sun_path));
    control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (control->fd < 0) {
        return -errno;
    }
    (void)unlink(control->path);
    if (bind(control->fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
        chmod(control->path, 0660) < 0 || listen(control->fd, BACKLOG) < 0) {
        return -errno;
    }
    control->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (control->epoll < 0) {
        return -errno;
    }
    return watch(control, control->fd, EPOLL_CTL_ADD, EPOLLIN, NULL);
}

int control_socket_open(const char *path, struct control_handler *handler,
                        struct control_socket **control)
{
    struct control_socket *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->handler = handler;
    fresh->fd = -1;
    fresh->epoll = -1;
    int result = strlen(path) < sizeof(fresh->path) ? 0 : -ENAMETOOLONG;
    if (result == 0) {
        memcpy(fresh->path, path, strlen(path) + 1);
        result = listen_at(fresh);
    }
    if (result < 0) {
        control_socket_close(fresh);
        return result;
    }
    *control = fresh;
    return 0;
}

static void dismiss(struct control_socket *control, size_t i)
{
    struct client *client = control->clients[i];
    if (client != NULL) {
        close(client->fd); /* leaves the epoll set by itself */
        free(client->answer);
        free(client);
        control->clients[i] = NULL;
    }
}

void control_socket_close(struct control_socket *control)
{
    if (control == NULL) {
        return;
    }
    for (size_t i = 0; i < CONTROL_CLIENTS; i++) {
        dismiss(control, i);
    }
    if (control->epoll >= 0) {
        close(control->epoll);
    }
    if (control->fd >= 0) {
        close(control->fd);
        (void)unlink(control->path);
    }
    free(control);
}

int control_socket_fd(const struct control_socket *control)
{
    return control->epoll;
}

/* A free place; the client that has been silent longest makes room. */
static size_t find_place(struct control_socket *control)
{
    size_t oldest = 0;
    for (size_t i = 0; i < CONTROL_CLIENTS; i++) {
        if (control->clients[i] == NULL) {
            return i;
        }
        if (control->clients[i]->heard_ms < control->clients[oldest]->heard_ms) {
            oldest = i;
        }
    }
    dismiss(control, oldest);
    return oldest;
}

static void receive_client(struct control_socket *control, int64_t now_ms)
{
    const int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        return;
    }
    struct client *client = calloc(1, sizeof(*client));
    const size_t place = find_place(control);
    if (client == NULL || watch(control, fd, EPOLL_CTL_ADD, EPOLLIN, client) < 0) {
        free(client);
        close(fd);
        return;
    }
    client->fd = fd;
    client->heard_ms = now_ms;
    control->clients[place] = client;
}

/* Sends what can be sent; false when the client is gone. */
static bool send_answer(struct control_socket *control, struct client *client)
{
    while (client->answer_sent < client->answer_size) {
        const ssize_t sent = send(client->fd, client->answer + client->answer_sent,
                                  client->answer_size - client->answer_sent, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
            return watch(control, client->fd, EPOLL_CTL_MOD, EPOLLOUT, client) == 0;
        }
        if (sent < 0) {
            return false;
        }
        client->answer_sent += (size_t)sent;
    }
    free(client->answer);
    client->answer = NULL;
    return watch(control, client->fd, EPOLL_CTL_MOD, EPOLLIN, client) == 0;
}

/* In the language of the one who asks. */
static json_t *handle(struct control_socket *control, const json_t *request)
{
    intl_speak(json_string_value(json_object_get(request, "language")));
    json_t *answer = json_is_object(request) ? control->handler->handle(control->handler, request)
                                             : control_error("one JSON object a line, please");
    intl_speak(NULL);
    return answer;
}

static bool answer_line(struct control_socket *control, struct client *client, const char *line,
                        size_t size)
{
    json_t *request = json_loadb(line, size, JSON_REJECT_DUPLICATES, NULL);
    json_t *answer = handle(control, request);
    char *text = answer != NULL ? json_dumps(answer, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
    json_decref(answer);
    json_decref(request);
    if (text == NULL) {
        return false;
    }
    const size_t length = strlen(text);
    text[length] = '\n'; /* in place of the NUL: nothing reads it as a string any more */
    client->answer = text;
    client->answer_size = length + 1;
    client->answer_sent = 0;
    return send_answer(control, client);
}

/* Who has not waited for an answer was told that nothing is done. */
static bool has_hung_up(const struct client *client)
{
    struct pollfd polled = {.fd = client->fd};
    return poll(&polled, 1, 0) == 1 && (polled.revents & (POLLHUP | POLLERR)) != 0;
}

/* Answers the lines that are complete, one at a time.  False: send the client away. */
static bool answer_lines(struct control_socket *control, struct client *client)
{
    while (client->answer == NULL) {
        const char *end = memchr(client->line, '\n', client->line_size);
        if (end == NULL) {
            return client->line_size < sizeof(client->line);
        }
        const size_t size = (size_t)(end - client->line);
        const bool is_answered =
            !has_hung_up(client) && answer_line(control, client, client->line, size);
        client->line_size -= size + 1;
        memmove(client->line, end + 1, client->line_size);
        if (!is_answered) {
            return false;
        }
    }
    return true;
}

static bool serve_client(struct control_socket *control, struct client *client, int64_t now_ms)
{
    client->heard_ms = now_ms;
    if (client->answer != NULL) {
        return send_answer(control, client) && answer_lines(control, client);
    }
    const ssize_t got = recv(client->fd, client->line + client->line_size,
                             sizeof(client->line) - client->line_size, 0);
    if (got < 0) {
        return errno == EAGAIN || errno == EINTR;
    }
    client->line_size += (size_t)got;
    return got > 0 && answer_lines(control, client);
}

static size_t place_of(const struct control_socket *control, const struct client *client)
{
    size_t i = 0;
    while (i < CONTROL_CLIENTS && control->clients[i] != client) {
        i++;
    }
    return i;
}

void control_socket_serve(struct control_socket *control, int64_t now_ms)
{
    struct epoll_event events[EVENTS];
    const int count = epoll_wait(control->epoll, events, EVENTS, 0);
    for (int i = 0; i < count; i++) {
        struct client *client = events[i].data.ptr;
        if (client == NULL) {
            receive_client(control, now_ms);
            continue;
        }
        const size_t place = place_of(control, client); /* it may have made room for another */
        if (place < CONTROL_CLIENTS && !serve_client(control, client, now_ms)) {
            dismiss(control, place);
        }
    }
    for (size_t i = 0; i < CONTROL_CLIENTS; i++) {
        if (control->clients[i] != NULL &&
            now_ms - control->clients[i]->heard_ms > CONTROL_IDLE_MS) {
            dismiss(control, i);
        }
    }
}
