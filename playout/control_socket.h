/* SPDX-License-Identifier: MIT */
/*
 * control_socket: one JSON object a line in, one JSON object a line out.
 *
 * A request may say its "language" ("zh_CN", "en"): the sentences of the
 * answer are in it; without, they are in that of the program that answers.
 *
 * A Unix stream socket for the operator's commands.  Nothing that a client
 * does, or fails to do, blocks the caller: sockets are non-blocking, lines
 * and answers have limits, the silent are sent away.
 *
 * Thread: one.  control_socket_fd() becomes readable when there is something
 * to do, and control_socket_serve() does it.
 */
#ifndef PLAYOUT_CONTROL_SOCKET_H
#define PLAYOUT_CONTROL_SOCKET_H

#include <jansson.h>
#include <stdint.h>

enum {
    CONTROL_LINE_MAX = 4096,
    CONTROL_CLIENTS = 16,
    CONTROL_IDLE_MS = 10000, /* a client that says nothing for so long is sent away */
};

/*
 * Answers one request.  Returns a new reference to an object; NULL stands
 * for out of memory.
 */
struct control_handler {
    json_t *(*handle)(struct control_handler *self, const json_t *request);
};

struct control_socket;

/*
 * Listens at `path` with mode 0660, replacing a socket that is left over.
 * Borrows the handler.  0 or -errno (-ENAMETOOLONG: over 107 bytes).
 */
int control_socket_open(const char *path, struct control_handler *handler,
                        struct control_socket **control);
void control_socket_close(struct control_socket *control); /* accepts NULL; removes the socket */

int control_socket_fd(const struct control_socket *control);

/* Never blocks.  `now_ms` is any clock that rises. */
void control_socket_serve(struct control_socket *control, int64_t now_ms);

/* {"ok":false,"error":text}: for handlers. */
json_t *control_error(const char *text);

/*
 * The other end: sends one request (a whole JSON object; the language of this
 * process is added) and waits up to
 * `timeout_ms` for the answer: 0, -errno (-ENOENT, -ECONNREFUSED: nobody is there), or
 * -EBADMSG.
 */
int control_socket_ask(const char *path, const json_t *request, int timeout_ms, json_t **answer);

/* As above; `tell` is called once if nothing has come after three seconds, for who waits at it. */
int control_socket_ask_telling(const char *path, const json_t *request, int timeout_ms,
                               void (*tell)(void), json_t **answer);

#endif
