/* SPDX-License-Identifier: MIT */
/*
 * station_names: what is said of a channel, a transport or a profile that there is not, the same
 * everywhere.
 */
#ifndef PLAYOUT_STATION_NAMES_H
#define PLAYOUT_STATION_NAMES_H

#include "playout/station.h"

enum { STATION_NAMES_SIZE = 1024 };

/*
 * Writes a sentence: there is no channel of that name (NULL: none was said),
 * which one may be meant, and which there are.  Returns `text`.
 */
const char *station_names_complain(const struct station *station, const char *name,
                                   char text[STATION_NAMES_SIZE]);

/* The same of a transport, and of a profile. */
const char *station_names_complain_transport(const struct station *station, const char *name,
                                             char text[STATION_NAMES_SIZE]);
const char *station_names_complain_profile(const struct station *station, const char *name,
                                           char text[STATION_NAMES_SIZE]);

#endif
