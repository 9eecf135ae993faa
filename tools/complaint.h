/* SPDX-License-Identifier: MIT */
/* complaint: what commands say alike on stderr when they are used wrongly. */
#ifndef TOOLS_COMPLAINT_H
#define TOOLS_COMPLAINT_H

#include "playout/station.h"
#include "playout/zone.h"

#include <stdbool.h>
#include <stdint.h>

/* True when the station has the channel; otherwise says so, and which there are. */
bool complaint_knows_channel(const char *command, const struct station *station,
                             const char *channel);

/*
 * True, and says so, when what stands for the channel is none, and what follows it (NULL: nothing)
 * is one.
 */
bool complaint_swapped(const char *command, const struct station *station, const char *channel,
                       const char *after);

/* 0; or -EINVAL, and says so, when a word is left over at argv[first]. */
int complaint_stray(const char *command, int argc, char **argv, int first);

/* Says that a word is no argument, and which option it may belong to.  -EINVAL. */
int complaint_option(const char *command, const char *word, const char *option);

/*
 * Reads a day as people say it (when_date_said()), today being the zone's: 0, or -EINVAL, and
 * says what is wrong with it.
 */
int complaint_read_date(const char *command, const struct zone *zone, const char *text,
                        int64_t *date);

/*
 * Reads a time as civil_time_parse() does, in seconds since the epoch: 0, or -EINVAL, and says
 * what is wrong with it.
 */
int complaint_read_time(const char *command, const char *time_zone, const char *text,
                        int64_t *seconds);

/*
 * Why a daemon that runs did not answer: the -errno of control_socket_ask(), which is no -ENOENT
 * or -ECONNREFUSED, in words.
 */
const char *complaint_silence(int result);

/* After the sentence that says what is wrong: where to read more.  Returns COMMAND_USAGE. */
int complaint_usage(const char *command);

#endif
