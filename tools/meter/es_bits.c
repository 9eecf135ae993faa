/* SPDX-License-Identifier: MIT */
#include "tools/meter/es_bits.h"

#include <string.h>

unsigned es_bit(struct es_bits *bits)
{
    if (bits->at >= bits->size * 8) {
        bits->is_at_end = true;
        return 0;
    }
    const unsigned value = bits->bytes[bits->at / 8] >> (7 - bits->at % 8) & 1U;
    bits->at++;
    return value;
}

uint32_t es_word(struct es_bits *bits, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++) {
        value = value << 1 | es_bit(bits);
    }
    return value;
}

void es_skip(struct es_bits *bits, size_t count)
{
    bits->at += count;
    bits->is_at_end = bits->is_at_end || bits->at > bits->size * 8;
}

uint32_t es_golomb(struct es_bits *bits)
{
    int zeros = 0;
    while (es_bit(bits) == 0 && !bits->is_at_end && zeros < 31) {
        zeros++;
    }
    return (uint32_t)((UINT64_C(1) << zeros) - 1 + es_word(bits, zeros));
}

int32_t es_signed_golomb(struct es_bits *bits)
{
    const uint32_t code = es_golomb(bits);
    return code & 1 ? (int32_t)(code / 2 + 1) : -(int32_t)(code / 2);
}

void es_strip(const uint8_t *nal, size_t size, size_t header, struct es_payload *payload)
{
    int zeros = 0;
    payload->size = 0;
    for (size_t i = header; i < size && payload->size < ES_PARAMETERS_MAX; i++) {
        if (zeros >= 2 && nal[i] == 3) {
            zeros = 0;
            continue;
        }
        zeros = nal[i] == 0 ? zeros + 1 : 0;
        payload->bytes[payload->size++] = nal[i];
    }
}

size_t es_find_prefix(const uint8_t *bytes, size_t at, size_t size)
{
    while (at + 3 <= size) {
        const uint8_t *one = memchr(bytes + at + 2, 1, size - at - 2);
        if (one == NULL) {
            return size;
        }
        const size_t prefix = (size_t)(one - bytes) - 2;
        if (bytes[prefix] == 0 && bytes[prefix + 1] == 0) {
            return prefix;
        }
        at = prefix + 1;
    }
    return size;
}

const char *es_compare(struct es_parameters *known, const uint8_t *bytes, size_t size)
{
    if (size > ES_PARAMETERS_MAX) {
        return "parameter set too large";
    }
    if (known->size == 0) {
        known->size = size;
        memcpy(known->bytes, bytes, size);
        return NULL;
    }
    const bool is_same = known->size == size && memcmp(known->bytes, bytes, size) == 0;
    return is_same ? NULL : "parameters are not the bytes of the first";
}
