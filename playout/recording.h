/* SPDX-License-Identifier: MIT */
/*
 * recording: a transport stream as files in a folder.
 *
 *     FOLDER/NAME-20261124T110000+0800.ts
 *
 * named by the local time of its first datagram.  A new file begins at every
 * whole multiple of `minutes` of local time, when clocks change, and when one
 * has become a quarter of what all may take together; the oldest make room.
 * Each file holds whole datagrams only, also after a crash or on a full disk.
 * What cannot be written is left out, and tried again a second later.
 *
 * Times are those of the datagrams, so a recording follows from what is
 * recorded and not from when.  Thread: one; blocks.
 */
#ifndef PLAYOUT_RECORDING_H
#define PLAYOUT_RECORDING_H

#include "playout/zone.h"

#include <stddef.h>
#include <stdint.h>

struct recording_options {
    const char *folder; /* made when its parent is there */
    const char *name;
    const struct zone *zone; /* NULL: UTC */
    int slots_per_second;
    int minutes;       /* 1 to 1440 */
    int64_t max_bytes; /* of all files of that name in the folder */
};

struct recording;

/* Copies the texts, borrows the zone.  No file yet.  NULL: out of memory. */
struct recording *recording_create(const struct recording_options *options);
void recording_destroy(struct recording *recording); /* accepts NULL; syncs the last file */

/*
 * Appends datagrams first, first + 1 ... that lie behind each other in memory.
 * Returns how many of them were lost; *error tells why, 0 when none was.
 */
size_t recording_write(struct recording *recording, uint64_t first, size_t count,
                       const uint8_t *bytes, int *error);

#endif
