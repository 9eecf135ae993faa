/* SPDX-License-Identifier: MIT */
/*
 * asset_blocks: reads access units by way of larger blocks.
 *
 * Video and audio of a service read the same file some tenths of a second
 * apart, a few kilobytes at a time.  A block is read once for both; the last
 * few are kept.
 *
 * Thread: one at a time; reads files.
 */
#ifndef PLAYOUT_ASSET_BLOCKS_H
#define PLAYOUT_ASSET_BLOCKS_H

#include "playout/asset.h"

#include <stddef.h>
#include <stdint.h>

enum {
    ASSET_BLOCK_SIZE = 64 << 10,
    ASSET_BLOCKS = 8, /* half a second of 8 Mb/s; beyond that some are read twice */
};

struct asset_block {
    const struct asset *asset; /* borrowed; NULL: nothing is here */
    uint64_t number;           /* of the block in its file */
    uint64_t used;             /* when, in turns */
    uint8_t *bytes;
};

/* Zeroed: empty. */
struct asset_blocks {
    struct asset_block blocks[ASSET_BLOCKS];
    uint64_t turn;
};

/* Before an asset that was read is let go. */
void asset_blocks_forget(struct asset_blocks *blocks);
void asset_blocks_finish(struct asset_blocks *blocks);

/* Reads `entry` of an asset into `bytes` (entry->size long).  0, -EIO or -ENOMEM. */
int asset_blocks_read(struct asset_blocks *blocks, const struct asset *asset,
                      const struct au_entry *entry, uint8_t *bytes);

#endif
