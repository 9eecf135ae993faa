/* SPDX-License-Identifier: MIT */
/* scheduler_status: what the scheduler has to say for itself in `ketang status`. */
#ifndef TOOLS_SCHEDULER_STATUS_H
#define TOOLS_SCHEDULER_STATUS_H

#include "playout/station.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/*
 * Asks the scheduler of a station (its file's path); of lessons that are not
 * ready it tells those of a channel (NULL: of all).  Its answer, where the
 * station file has changed with "station_faulty": whether it cannot be read now;
 * with "restart": the command that starts it anew; or, where it does not answer,
 * {"ok":false,"error":"a sentence"}.  NULL: out of memory, or the station file cannot be read
 * (which engine_client_ask() tells).
 */
json_t *scheduler_status_ask(const char *station_path, const char *channel);

/*
 * For commands that go by the station file as it is: says in one line when the scheduler that
 * runs goes by an older one, and returns whether it does.  Nothing where none answers in a second.
 */
bool scheduler_status_tell_station(FILE *out, const struct station *station);

/*
 * The command that starts the scheduler of that socket anew, for a shell; the caller frees it.
 * NULL: out of memory.
 */
char *scheduler_status_restart(const char *socket);

enum { STATUS_LESSONS_MOST = 5 }; /* lines about lessons with the same trouble; then a count */

/* Each returns how many lines it has printed, and accepts NULL: nothing. */

/* Channels without a plan: the slate is on the air. */
size_t scheduler_status_print_air(FILE *out, const json_t *answer);

/* What the next hour may want: the scheduler itself, the media folder, plans, lessons. */
size_t scheduler_status_print_coming(FILE *out, const json_t *answer);

/*
 * The store, files with mistakes, lists that are not closed; one line where all
 * is well, with what was printed before, too (`wrong` is 0).
 */
void scheduler_status_print_rest(FILE *out, const json_t *answer, size_t wrong);

#endif
