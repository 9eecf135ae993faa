/* SPDX-License-Identifier: MIT */
/*
 * engine: a whole station on the air.
 *
 *     station file ─▶ engine ─┬─ channels (plans, media, journal, as-run)
 *     control socket ◀──────▶ ├─ air (renderers, rings, pacer) ─▶ UDP
 *     signals ──────────────▶ └─ clock
 *
 * engine_run() is the control thread: it wakes ten times a second, and for
 * the control socket and signals.  No other thread touches a file or a lock
 * that could keep the pacer waiting.
 */
#ifndef PLAYOUT_ENGINE_H
#define PLAYOUT_ENGINE_H

#include "playout/log.h"
#include "playout/problems.h"

#include <stdbool.h>

struct engine_options {
    const char *station; /* path of the station file */
    const char *version; /* told by status; borrowed */
    bool trust_clock;    /* air the plan even when the kernel calls its clock unsynchronised */
    int64_t ahead_s;     /* a rehearsal: of the output's time of day before the system's */
    struct log *log;     /* borrowed */
};

/* Who runs the engine is told; all may be NULL. */
struct engine_host {
    void (*ready)(struct engine_host *self); /* on the air */
    void (*alive)(struct engine_host *self); /* about once a second, while the pacer lives */
    void (*stopping)(struct engine_host *self);
};

struct engine;

/*
 * Reads the station file, takes the state folder for itself, opens slates
 * and outputs.  0; -EINVAL, -EBUSY (another engine has the folder), -ENOENT
 * (no transport has a slate) or another -errno, with the reasons in
 * *problems.  Transports that have to stay off the air are told there too.
 */
int engine_create(const struct engine_options *options, struct engine **engine,
                  struct problems *problems);
void engine_destroy(struct engine *engine); /* accepts NULL */

/*
 * Goes on the air and stays there until SIGTERM or SIGINT is read from
 * `signal_fd` (a signalfd, which also brings SIGHUP).  0 or -errno.
 */
int engine_run(struct engine *engine, int signal_fd, struct engine_host *host);

#endif
