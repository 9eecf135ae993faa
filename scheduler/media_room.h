/* SPDX-License-Identifier: MIT */
/*
 * media_room: whether the disk of a folder has room for what is to be written.
 *
 * A disk that is full stops more than what fills it: plans and orders cannot
 * be written any more.  So whoever is about to write a film or an asset asks
 * first, and nothing is begun that would leave less than the station's reserve.
 */
#ifndef SCHEDULER_MEDIA_ROOM_H
#define SCHEDULER_MEDIA_ROOM_H

#include "playout/station.h"

#include <stddef.h>
#include <stdint.h>

enum { MEDIA_ROOM_TEXT = 400 };

/*
 * Bytes that may be written there by others than root; of a folder that is not there
 * yet, on the disk that it will be made on.  Or -errno.
 */
int64_t media_room_free(const char *folder);

/*
 * 0; or -ENOSPC with a sentence (without its full stop) when `bytes` more would
 * leave less than `reserve_bytes`.  A folder of which nothing can be said has room: what
 * is wrong with it is told by whoever writes.
 */
int media_room_check(const char *folder, int64_t bytes, int64_t reserve_bytes,
                     char text[MEDIA_ROOM_TEXT]);

/* What an asset of a profile becomes: never less than it is, for lessons longer than seconds. */
int64_t media_room_of_asset(const struct profile *profile, int64_t frames);

/*
 * A warning (without its full stop) where less is free than the station wants
 * to be warned of, media and state folder alike; "" where all is well.
 */
const char *media_room_warning(const struct station *station, char text[MEDIA_ROOM_TEXT]);

#endif
