/* SPDX-License-Identifier: MIT */
#include "scheduler/control_server.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
    CLIENTS_MOST = 16,
    REQUEST_MOST = 64 * 1024,
    PATIENCE_S = 10,
};

struct client {
    int fd; /* -1: free */
    char *text;
    size_t size;
    int64_t since_s;
};

struct control_server {
    int fd;
    char *path;
    struct control_handler *handler;
    struct client clients[CLIENTS_MOST];
};

static int64_t now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static void drop(struct client *client)
{
    if (client->fd >= 0) {
        close(client->fd);
    }
    free(client->text);
    *client = (struct client){.fd = -1};
}

/* True when somebody answers at the address. */
static bool is_served(const struct sockaddr_un *address)
{
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool is_there =
        fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return is_there;
}

static int listen_at(const char *path, int *listener)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path)) {
        return -ENAMETOOLONG;
    }
    memcpy(address.sun_path, path, strlen(path));
    if (is_served(&address)) {
        return -EADDRINUSE;
    }
    if (unlink(path) < 0 && errno != ENOENT) {
        return -errno;
    }
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -errno;
    }
    if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 || chmod(path, 0660) < 0 ||
        listen(fd, CLIENTS_MOST) < 0) {
        const int result = -errno;
        close(fd);
        return result;
    }
    *listener = fd;
    return 0;
}

int control_server_open(const char *path, struct control_handler *handler,
                        struct control_server **server)
{
    struct control_server *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->fd = -1;
    fresh->handler = handler;
    for (size_t i = 0; i < CLIENTS_MOST; i++) {
        fresh->clients[i].fd = -1;
    }
    int result = listen_at(path, &fresh->fd);
    if (result == 0) {
        fresh->path = strdup(path);
        result = fresh->path != NULL ? 0 : -ENOMEM;
    }
    if (result < 0) {
        control_server_close(fresh);
        return result;
    }
    *server = fresh;
    return 0;
}

void control_server_close(struct control_server *server)
{
    if (server == NULL) {
        return;
    }
    for (size_t i = 0; i < CLIENTS_MOST; i++) {
        drop(&server->clients[i]);
    }
    if (server->fd >= 0) {
        close(server->fd);
    }
    if (server->path != NULL) {
        unlink(server->path);
    }
    free(server->path);
    free(server);
}

static void accept_client(struct control_server *server)
{
    const int fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    for (size_t i = 0; fd >= 0 && i < CLIENTS_MOST; i++) {
        if (server->clients[i].fd < 0) {
            server->clients[i] = (struct client){.fd = fd, .since_s = now_s()};
            return;
        }
    }
    if (fd >= 0) {
        close(fd); /* too many */
    }
}

/* Answers the line of `length` bytes at the start of the client's text. */
static bool answer_line(struct control_server *server, struct client *client, size_t length)
{
    char *answer = NULL;
    char *line = NULL;
    bool is_sent = false;
    client->text[length] = '\0';
    answer = server->handler->answer(server->handler, client->text);
    if (answer != NULL) {
        const int size = asprintf(&line, "%s\n", answer);
        /* A client that does not read what fits into its buffer is let go. */
        is_sent = size > 0 && send(client->fd, line, (size_t)size, MSG_NOSIGNAL) == size;
        if (size < 0) {
            line = NULL;
        }
    }
    free(line);
    free(answer);
    client->size -= length + 1;
    memmove(client->text, client->text + length + 1, client->size);
    client->since_s = now_s();
    return is_sent;
}

static bool read_client(struct control_server *server, struct client *client)
{
    if (client->text == NULL && (client->text = malloc(REQUEST_MOST)) == NULL) {
        return false;
    }
    const ssize_t got =
        recv(client->fd, client->text + client->size, REQUEST_MOST - client->size, 0);
    if (got <= 0) {
        return got < 0 && (errno == EAGAIN || errno == EINTR);
    }
    client->size += (size_t)got;
    for (;;) {
        const char *end = memchr(client->text, '\n', client->size);
        if (end == NULL) {
            return client->size < REQUEST_MOST;
        }
        if (!answer_line(server, client, (size_t)(end - client->text))) {
            return false;
        }
    }
}

void control_server_serve(struct control_server *server, int timeout_ms)
{
    struct pollfd ready[CLIENTS_MOST + 1] = {{.fd = server->fd, .events = POLLIN}};
    for (size_t i = 0; i < CLIENTS_MOST; i++) {
        ready[i + 1] = (struct pollfd){.fd = server->clients[i].fd, .events = POLLIN};
    }
    if (poll(ready, CLIENTS_MOST + 1, timeout_ms) < 0) {
        return; /* a signal */
    }
    for (size_t i = 0; i < CLIENTS_MOST; i++) {
        struct client *client = &server->clients[i];
        if (client->fd < 0) {
            continue;
        }
        const bool is_well = ready[i + 1].revents == 0 || read_client(server, client);
        if (!is_well || now_s() - client->since_s > PATIENCE_S) {
            drop(client);
        }
    }
    if (ready[0].revents != 0) {
        accept_client(server);
    }
}
