/* SPDX-License-Identifier: MIT */
/*
 * store_dump_inner: what writing and reading dumps share.
 * The contract is in store_dump.h.
 */
#ifndef SCHEDULER_STORE_STORE_DUMP_INNER_H
#define SCHEDULER_STORE_STORE_DUMP_INNER_H

#include "playout/asset_index.h"
#include "scheduler/store/store_schema.h"

#include <jansson.h>
#include <nettle/sha2.h>

enum { DUMP_FORMAT = 1 };

/* Ends a hash, as lower-case hex. */
void store_dump_digest(struct sha256_ctx *hash, char text[SHA256_HEX_SIZE]);

#endif
