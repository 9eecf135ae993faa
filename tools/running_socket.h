/* SPDX-License-Identifier: MIT */
/*
 * running_socket: where the programs of a station that run are spoken to.
 *
 * They go on with what they read at their start: a slip in the station file
 * since then must not keep an operator from them.
 */
#ifndef TOOLS_RUNNING_SOCKET_H
#define TOOLS_RUNNING_SOCKET_H

#include "playout/problems.h"

#include <stdbool.h>

/*
 * The control socket of "playout" or "scheduler", allocated: the caller frees
 * it.  Where the station file has mistakes, they are warnings in *problems,
 * and the `state` folder is that of its first line `state = "..."`.  NULL,
 * with errors in *problems, when the file cannot be read, or has no such line
 * either; or out of memory.
 */
char *running_socket(const char *station_path, const char *program, struct problems *problems);

/* As above, in the `state` folder of a station file that has been read; NULL: out of memory. */
char *running_socket_in(const char *state, const char *program);

/*
 * Whether a program is there, if only a slow one, at that socket, which may be left from one that
 * was killed.
 */
bool running_program(const char *socket);

/* Whether an engine is there, if only a slow one, beside the scheduler of that socket. */
bool running_engine(const char *scheduler);

#endif
