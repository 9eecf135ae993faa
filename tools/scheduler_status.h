/* SPDX-License-Identifier: MIT */
/* scheduler_status: what the scheduler has to say for itself in `ketang status`. */
#ifndef TOOLS_SCHEDULER_STATUS_H
#define TOOLS_SCHEDULER_STATUS_H

#include <jansson.h>
#include <stdio.h>

/*
 * Asks the scheduler of a station (its file's path); of lessons that are not
 * ready it tells those of a channel (NULL: of all).  Its answer, where the
 * station file has changed with "station_faulty": whether it cannot be read now;
 * or, where it does not answer, {"ok":false,"error":"a sentence"}.  NULL: out of memory, or
 * the station file cannot be read (which engine_client_ask() tells).
 */
json_t *scheduler_status_ask(const char *station_path, const char *channel);

enum { STATUS_LESSONS_MOST = 5 }; /* lines about lessons with the same trouble; then a count */

/*
 * What is wrong with the whole station, a line each.  Returns how many lines.
 * Accepts NULL: nothing.
 */
size_t scheduler_status_print_station(FILE *out, const json_t *answer);

/*
 * Then what is wrong with lessons and lists; one line where all is well, with
 * the station too (`wrong` is 0).  Accepts NULL: nothing.
 */
void scheduler_status_print_lessons(FILE *out, const json_t *answer, size_t wrong);

#endif
