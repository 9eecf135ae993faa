/* SPDX-License-Identifier: MIT */
/*
 * ingest_seal: the mark by which an asset is known again when it is handed in.
 *
 * A hash over all samples and their kind, kept as the comment of the MP4 file:
 * when it holds, the samples are those that an encoder of ours made, and need
 * not be decoded to know that they are whole.  It keeps out accidents, not
 * forgers, who could as well hand in another film.
 */
#ifndef TOOLS_INGEST_SEAL_H
#define TOOLS_INGEST_SEAL_H

#include "playout/asset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nettle/sha2.h>

#define INGEST_SEAL_KEY "comment" /* of the metadata of the file */

enum { INGEST_SEAL_SIZE = 96 };

struct ingest_seal {
    struct sha256_ctx video;
    struct sha256_ctx audio;
};

void ingest_seal_init(struct ingest_seal *seal);

/* The next access unit in decoding order: of pictures with start codes, of any length. */
void ingest_seal_add_video(struct ingest_seal *seal, const uint8_t *bytes, size_t size);
void ingest_seal_add_audio(struct ingest_seal *seal, const uint8_t *bytes, size_t size);

/* The seal of all samples that were added, and of what may be done with them. */
void ingest_seal_end(struct ingest_seal *seal, enum asset_kind kind, char text[INGEST_SEAL_SIZE]);

/* True for what looks like a seal. */
bool ingest_seal_is_one(const char *text);

#endif
