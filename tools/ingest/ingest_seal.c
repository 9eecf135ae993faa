/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_seal.h"

#include "tools/ingest/ingest_access_unit.h"

#include <stdio.h>
#include <string.h>

enum { START_CODE = 3 };

static const char PREFIX[] = "ketang-asset-1 ";

void ingest_seal_init(struct ingest_seal *seal)
{
    sha256_init(&seal->video);
    sha256_init(&seal->audio);
}

static void add(struct sha256_ctx *hash, const uint8_t *bytes, size_t size)
{
    uint8_t length[sizeof(uint64_t)];
    for (size_t i = 0; i < sizeof(length); i++) {
        length[i] = (uint8_t)((uint64_t)size >> 8 * i);
    }
    sha256_update(hash, sizeof(length), length);
    sha256_update(hash, size, bytes);
}

/* Unit by unit: what lies between them is not the same in a file as it was for the encoder. */
void ingest_seal_add_video(struct ingest_seal *seal, const uint8_t *bytes, size_t size)
{
    size_t at = ingest_next_start_code(bytes, size);
    while (at < size) {
        const size_t body = at + START_CODE;
        const size_t next = body + ingest_next_start_code(bytes + body, size - body);
        size_t end = next;
        while (end > body && bytes[end - 1] == 0) {
            end--;
        }
        add(&seal->video, bytes + body, end - body);
        at = next;
    }
}

void ingest_seal_add_audio(struct ingest_seal *seal, const uint8_t *bytes, size_t size)
{
    add(&seal->audio, bytes, size);
}

void ingest_seal_end(struct ingest_seal *seal, enum asset_kind kind, char text[INGEST_SEAL_SIZE])
{
    uint8_t digests[2 * SHA256_SIZE + 1];
    uint8_t digest[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    struct sha256_ctx whole;
    sha256_digest(&seal->video, SHA256_SIZE, digests);
    sha256_digest(&seal->audio, SHA256_SIZE, digests + SHA256_SIZE);
    digests[2 * SHA256_SIZE] = kind != ASSET_LESSON; /* may be cut anywhere */
    sha256_init(&whole);
    sha256_update(&whole, sizeof(digests), digests);
    sha256_digest(&whole, SHA256_SIZE, digest);
    asset_hex(digest, hex);
    snprintf(text, INGEST_SEAL_SIZE, "%s%s", PREFIX, hex);
}

bool ingest_seal_is_one(const char *text)
{
    const size_t length = sizeof(PREFIX) - 1;
    return strncmp(text, PREFIX, length) == 0 && asset_is_sha256(text + length);
}
