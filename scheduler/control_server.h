/* SPDX-License-Identifier: MIT */
/*
 * control_server: a unix socket on which every line is a request.
 *
 * One line in, one line out, any number of them on a connection.  Clients
 * that send no line within ten seconds, or a line beyond 64 KB, are let go.
 *
 * Not thread-safe: all calls come from one thread.
 */
#ifndef SCHEDULER_CONTROL_SERVER_H
#define SCHEDULER_CONTROL_SERVER_H

#include <stdint.h>

struct control_server;

/*
 * Answers one request.  Mandatory; called from control_server_serve().
 * Returns the answer without its line feed, allocated; NULL closes the
 * connection.
 */
struct control_handler {
    char *(*answer)(struct control_handler *self, const char *request);
};

/*
 * Listens at `path` (mode 0660), taking the place of a socket that nobody
 * serves any more.  Borrows `handler`.  0, -EADDRINUSE when somebody does,
 * or another -errno.
 */
int control_server_open(const char *path, struct control_handler *handler,
                        struct control_server **server);
void control_server_close(struct control_server *server); /* accepts NULL; removes the socket */

/* Serves for up to `timeout_ms`, or until a signal comes. */
void control_server_serve(struct control_server *server, int timeout_ms);

#endif
