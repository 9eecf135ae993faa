/* SPDX-License-Identifier: MIT */
/* store_command: what the commands that use the store have in common. */
#ifndef TOOLS_STORE_COMMAND_H
#define TOOLS_STORE_COMMAND_H

#include "playout/station.h"
#include "scheduler/store/store.h"

struct signoff;

/* Zeroed: nothing open. */
struct store_command {
    const char *name; /* "ketang approve", for messages */
    struct station *station;
    struct zone *zone;
    struct store *store;
    struct signoff *signoff; /* what is in force; NULL: store_command_signoff() was not called */
};

/*
 * Reads the station file and opens its store; says what is wrong, also that one that was there
 * is gone: no new one is made in its place.  0 or -errno.
 */
int store_command_open(struct store_command *command, const char *station_path,
                       enum store_opening opening);
/* The same without the store, which is opened, and made, by the second. */
int store_command_station(struct store_command *command, const char *station_path);
int store_command_store(struct store_command *command, enum store_opening opening);
/* Looks up what is in force, whether the store knows or not; says what is wrong.  0 or -errno. */
int store_command_signoff(struct store_command *command);
void store_command_close(struct store_command *command); /* accepts a zeroed one */

/* "ketang approve: what the store says." on standard error; returns `result`. */
int store_command_complain(const struct store_command *command, int result);

/* Milliseconds since the epoch. */
int64_t store_command_now_ms(void);

/*
 * 0; or -ERANGE when a day is over, its small hours (to 30:00) too, and has
 * aired: it says so.
 */
int store_command_check_date(const struct store_command *command, int64_t date, int64_t now_ms);

/* "2020-02-17 18:00" in the station's zone; returns `text`. */
enum { STORE_COMMAND_TIME_SIZE = 17 };
const char *store_command_time(const struct store_command *command, int64_t time_ms,
                               char text[STORE_COMMAND_TIME_SIZE]);

#endif
