/* SPDX-License-Identifier: MIT */
#include "playout/asset_blocks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void asset_blocks_forget(struct asset_blocks *blocks)
{
    for (int i = 0; i < ASSET_BLOCKS; i++) {
        blocks->blocks[i].asset = NULL;
    }
}

void asset_blocks_finish(struct asset_blocks *blocks)
{
    for (int i = 0; i < ASSET_BLOCKS; i++) {
        free(blocks->blocks[i].bytes);
    }
    *blocks = (struct asset_blocks){0};
}

static int fill(struct asset_block *block, const struct asset *asset, uint64_t number)
{
    const uint64_t start = number * ASSET_BLOCK_SIZE;
    const uint64_t left = asset_index_of(asset)->header->asset_size - start;
    if (block->bytes == NULL) {
        block->bytes = malloc(ASSET_BLOCK_SIZE);
    }
    if (block->bytes == NULL) {
        return -ENOMEM;
    }
    const int result = asset_read(asset, start, block->bytes,
                                  left < ASSET_BLOCK_SIZE ? (size_t)left : ASSET_BLOCK_SIZE);
    block->asset = result == 0 ? asset : NULL;
    block->number = number;
    return result;
}

/* The block is found, or takes the place of the one not used for longest. */
static int get(struct asset_blocks *blocks, const struct asset *asset, uint64_t number,
               const uint8_t **bytes)
{
    struct asset_block *oldest = &blocks->blocks[0];
    struct asset_block *found = NULL;
    for (int i = 0; i < ASSET_BLOCKS && found == NULL; i++) {
        struct asset_block *block = &blocks->blocks[i];
        if (block->asset == asset && block->number == number) {
            found = block;
        }
        oldest = block->used < oldest->used ? block : oldest;
    }
    int result = 0;
    if (found == NULL) {
        found = oldest;
        result = fill(found, asset, number);
    }
    found->used = ++blocks->turn;
    *bytes = found->bytes;
    return result;
}

int asset_blocks_read(struct asset_blocks *blocks, const struct asset *asset,
                      const struct au_entry *entry, uint8_t *bytes)
{
    const uint8_t *whole = asset_in_memory(asset);
    if (whole != NULL) {
        memcpy(bytes, whole + entry->offset, entry->size); /* within, by the index check */
        return 0;
    }
    for (size_t done = 0; done < entry->size;) {
        const uint64_t at = entry->offset + done;
        const size_t within = at % ASSET_BLOCK_SIZE;
        const size_t room = ASSET_BLOCK_SIZE - within;
        const size_t part = entry->size - done < room ? entry->size - done : room;
        const uint8_t *block = NULL;
        if (get(blocks, asset, at / ASSET_BLOCK_SIZE, &block) < 0) {
            /* What is damaged elsewhere in the block does not matter here. */
            return asset_read(asset, entry->offset, bytes, entry->size);
        }
        memcpy(bytes + done, block + within, part);
        done += part;
    }
    return 0;
}
