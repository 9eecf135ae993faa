/* SPDX-License-Identifier: MIT */
/*
 * shelf: the assets that are opened for air, shared by all channels.
 *
 * An asset is taken to the shelf some time before its window: opened, so
 * that nothing that happens to its name matters any more, and read whole
 * once by a thread of low priority that compares its hash.  What no channel
 * asks for any more is put back.
 *
 *     shelf_want() ── opens ──▶ checking ── hash ──▶ sound, or damaged
 *
 * Thread: the control thread alone; the checking thread is inside.
 */
#ifndef PLAYOUT_SHELF_H
#define PLAYOUT_SHELF_H

#include "playout/asset.h"

#include <stdbool.h>

struct shelf;

/* Borrows the folder's name.  0, -ENOMEM or another -errno (no thread). */
int shelf_create(const char *media, struct shelf **shelf);
void shelf_destroy(struct shelf *shelf); /* accepts NULL; waits for a check in progress */

/*
 * Asks for an asset, opening it when it is not there yet.  *asset is borrowed
 * until a shelf_tidy() before which nobody asked again.  Returns 0, -ENOENT,
 * -EBADMSG (index and media do not fit, or the hash was found wrong), or
 * another -errno.  One whose hash was found wrong is given all the same, for
 * what is on air already goes on until something else is put in its place.
 */
int shelf_want(struct shelf *shelf, const char *sha256, struct asset **asset);

/*
 * For rehearsals: from now on whatever opens is taken for sound and nothing is
 * read, so that results do not depend on when a check ends.
 */
void shelf_trust(struct shelf *shelf);

/* It could not be read on air: damaged from now on, until nobody asks for it any more. */
void shelf_condemn(struct shelf *shelf, const char *sha256);

/* True when its hash was found right, now or earlier. */
bool shelf_is_sound(const struct shelf *shelf, const char *sha256);

/*
 * Once a second or so: takes over results of the checking thread, gives it
 * the next asset, and puts back what nobody has asked for since the last call.
 */
void shelf_tidy(struct shelf *shelf);

#endif
