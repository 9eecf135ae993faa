/* SPDX-License-Identifier: MIT */
/*
 * rendering: the tape of a transport, from what lies on disk.
 *
 * The same function that airs, with the journals for the past and for what
 * is already decided of the future: for `ketang render`, and for holding what
 * is received against it.
 *
 * Thread: one at a time; reads files.
 */
#ifndef TOOLS_RENDERING_H
#define TOOLS_RENDERING_H

#include "playout/problems.h"
#include "playout/tape.h"

#include <stdbool.h>
#include <stdint.h>

struct rendering;

/*
 * Reads the station file and opens slates and tables of a transport.  0, or
 * a negative code with the reasons in *problems.
 */
int rendering_open(const char *station_path, const char *transport, struct rendering **rendering,
                   struct problems *problems);
void rendering_close(struct rendering *rendering); /* accepts NULL */

const struct station *rendering_station(const struct rendering *rendering);
const struct tape_format *rendering_format(const struct rendering *rendering);

/*
 * Reads journals, plans and media for frames `from` to `to`; again for
 * another stretch, or for journals that have grown.  0; above 0: as many
 * lessons cannot be opened, each is in *problems, and reading gives a fault
 * and the slate where they air; or a negative code with the reasons in
 * *problems and the rendering as before.
 */
int rendering_load(struct rendering *rendering, int64_t from, int64_t to,
                   struct problems *problems);

/* Whether a journal is another one than the last load found, or nothing was loaded yet. */
bool rendering_has_changed(const struct rendering *rendering);

/* Packets of the stretch that was loaded last. */
void rendering_read(struct rendering *rendering, uint64_t first, size_t count, uint8_t *packets,
                    struct tape_fault *fault);

#endif
