/* SPDX-License-Identifier: MIT */
/*
 * live_tape: the tape of a transport at any place, while its journals grow.
 *
 * A rendering (rendering.h) that loads a minute where it is read, and loads
 * anew when a journal has changed.  An entry of a journal is synced before its
 * frame is sent, so packets that have been received are read rightly.
 *
 * Thread: one at a time; reads files.
 */
#ifndef TOOLS_LIVE_TAPE_H
#define TOOLS_LIVE_TAPE_H

#include "playout/problems.h"
#include "playout/tape.h"

#include <stdbool.h>

struct live_tape;

/* 0, or a negative code with the reasons in *problems. */
int live_tape_open(const char *station_path, const char *transport, struct live_tape **tape,
                   struct problems *problems);
void live_tape_close(struct live_tape *tape); /* accepts NULL */

const struct transport *live_tape_transport(const struct live_tape *tape);

/*
 * Packets [first, first + count).  0, or a negative code with the reasons in
 * *problems: a journal or a lesson that airs there cannot be read.
 */
int live_tape_read(struct live_tape *tape, uint64_t first, size_t count, uint8_t *packets,
                   struct problems *problems);

/* The same where nothing depends on it: false when they cannot be read. */
bool live_tape_try(struct live_tape *tape, uint64_t first, size_t count, uint8_t *packets);

#endif
