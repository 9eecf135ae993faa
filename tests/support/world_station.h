/* SPDX-License-Identifier: MIT */
/*
 * world_station: the station file of a case, with the profiles of
 * schedules/station.cfg.
 */
#ifndef TESTS_SUPPORT_WORLD_STATION_H
#define TESTS_SUPPORT_WORLD_STATION_H

#include "playout/station.h"
#include "tests/support/tape_case.h"

/* A temporary folder, to be freed after it was removed with all that is in it. */
char *world_folder_create(void);
void world_folder_remove(const char *folder);

/*
 * Writes FOLDER/station.cfg, whose media and state lie in the folder too.
 * `slots` are those of each transport a second; 0: any.
 */
void world_station_write(const char *folder, const struct tape_case *of, const int *slots);

/* The same, and reads it: as station_load(); problems are printed. */
int world_station_load(const char *folder, const struct tape_case *of, const int *slots,
                       struct station **station);

/* Which transport of the station file the sister number `transport` is: those without a service
 * are not there. */
size_t world_station_transport(const struct tape_case *of, int transport);

#endif
