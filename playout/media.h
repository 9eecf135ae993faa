/* SPDX-License-Identifier: MIT */
/*
 * media: the media folder, as far as the engine looks into it.
 *
 * The lengths of assets, for cutting pieces, and the slate of a profile.
 * Thread: one at a time.
 */
#ifndef PLAYOUT_MEDIA_H
#define PLAYOUT_MEDIA_H

#include "playout/asset.h"
#include "playout/timeline.h"

#include <stdint.h>

enum { MEDIA_LENGTHS_KNOWN = 64 };

/* A length that was asked for before. */
struct media_length {
    char sha256[SHA256_HEX_SIZE];
    int64_t frames;
};

struct media {
    struct media_lengths lengths; /* first: a struct media is its own media_lengths */
    const char *folder;           /* borrowed */
    int64_t slate_frames;
    struct media_length known[MEDIA_LENGTHS_KNOWN]; /* by the first digits of the hash */
};

/* Borrows the folder's name.  Nothing to finish. */
void media_init(struct media *media, const char *folder, int64_t slate_frames);

/*
 * Reads the header of an asset's index alone: 0, -ENOENT, another -errno, or
 * -EBADMSG when it is none.
 */
int media_read_header(const char *folder, const char *sha256, struct asset_index_header *header);

/*
 * Finds the newest proven slate of a profile, by the records of the folder,
 * and opens it in memory.  0; -ENOENT when there is none; another -errno or
 * -EBADMSG when the folder or the newest slate cannot be read.
 */
int media_open_slate(const char *folder, const char *profile, struct asset **slate);

#endif
