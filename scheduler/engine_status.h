/* SPDX-License-Identifier: MIT */
/*
 * engine_status: what the engine on this machine says of its channels.
 *
 * Asks STATE/run/playout.sock, with a timeout of half a second.
 */
#ifndef SCHEDULER_ENGINE_STATUS_H
#define SCHEDULER_ENGINE_STATUS_H

#include "scheduler/planner.h"

struct engine_status;

/* NULL when no engine answers. */
struct engine_status *engine_status_ask(const char *state);
void engine_status_destroy(struct engine_status *status); /* accepts NULL */

/* Of a channel; not known when `status` is NULL. */
struct engine_channel engine_status_channel(const struct engine_status *status,
                                            const char *channel);

/* The same from the text of an answer (tests); NULL when it is no JSON. */
struct engine_status *engine_status_parse(const char *text);

#endif
