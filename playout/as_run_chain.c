/* SPDX-License-Identifier: MIT */
#include "playout/as_run_chain.h"

#include <assert.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMBER ",\"chain\":\""

enum {
    HEX_LENGTH = SHA256_HEX_SIZE - 1,
    MEMBER_LENGTH = sizeof(MEMBER) - 1,
    TAIL_LENGTH = MEMBER_LENGTH + HEX_LENGTH + 2, /* and the closing "} */
};

/* `line` up to its closing brace, which is left out of `length`. */
static void digest(const char *previous, const char *line, size_t length,
                   char chain[SHA256_HEX_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    struct sha256_ctx context;
    uint8_t bytes[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    sha256_update(&context, HEX_LENGTH, (const uint8_t *)previous);
    sha256_update(&context, length, (const uint8_t *)line);
    sha256_update(&context, 1, (const uint8_t *)"}");
    sha256_digest(&context, sizeof(bytes), bytes);
    for (size_t i = 0; i < sizeof(bytes); i++) {
        chain[2 * i] = digits[bytes[i] >> 4];
        chain[2 * i + 1] = digits[bytes[i] & 15];
    }
    chain[HEX_LENGTH] = '\0';
}

char *as_run_chain_seal(const char *previous, const char *line)
{
    char chain[SHA256_HEX_SIZE];
    char *sealed = NULL;
    const size_t length = strlen(line);
    assert(length > 2 && line[0] == '{' && line[length - 1] == '}');
    digest(previous, line, length - 1, chain);
    return asprintf(&sealed, "%.*s" MEMBER "%s\"}", (int)length - 1, line, chain) < 0 ? NULL
                                                                                      : sealed;
}

bool as_run_chain_of(const char *line, size_t length, char chain[SHA256_HEX_SIZE])
{
    if (length <= TAIL_LENGTH || line[0] != '{') {
        return false;
    }
    const char *tail = line + length - TAIL_LENGTH;
    const char *hex = tail + MEMBER_LENGTH;
    if (memcmp(tail, MEMBER, MEMBER_LENGTH) != 0 || memcmp(hex + HEX_LENGTH, "\"}", 2) != 0) {
        return false;
    }
    for (size_t i = 0; i < HEX_LENGTH; i++) {
        if (strchr("0123456789abcdef", hex[i]) == NULL || hex[i] == '\0') {
            return false;
        }
    }
    memcpy(chain, hex, HEX_LENGTH);
    chain[HEX_LENGTH] = '\0';
    return true;
}

bool as_run_chain_follows(const char *previous, const char *line, size_t length)
{
    char said[SHA256_HEX_SIZE];
    char right[SHA256_HEX_SIZE];
    if (!as_run_chain_of(line, length, said)) {
        return false;
    }
    digest(previous, line, length - TAIL_LENGTH, right);
    return strcmp(said, right) == 0;
}

bool as_run_chain_last(const char *bytes, size_t size, char chain[SHA256_HEX_SIZE])
{
    while (size > 0) {
        const char *newline = memrchr(bytes, '\n', size);
        const char *line = newline != NULL ? newline + 1 : bytes;
        if (as_run_chain_of(line, size - (size_t)(line - bytes), chain)) {
            return true;
        }
        size = newline != NULL ? (size_t)(newline - bytes) : 0;
    }
    return false;
}
