/* SPDX-License-Identifier: MIT */
/*
 * es_bits: what the readers of all kinds of video share: bits, start codes,
 * parameter sets.
 *
 * Normative references: ITU-T H.264, 7.2, 9.1 and Annex B; ITU-T H.265, the
 * same; ISO/IEC 13818-2, 5.2.
 */
#ifndef TOOLS_METER_ES_BITS_H
#define TOOLS_METER_ES_BITS_H

#include "tools/meter/ts_report.h"

#include <stddef.h>

enum { ES_PARAMETERS_MAX = 1024 };

struct es_bits {
    const uint8_t *bytes;
    size_t size;
    size_t at;      /* bits */
    bool is_at_end; /* read past the last one: zeros */
};

unsigned es_bit(struct es_bits *bits);
uint32_t es_word(struct es_bits *bits, int count); /* up to 32 */
void es_skip(struct es_bits *bits, size_t count);
uint32_t es_golomb(struct es_bits *bits);       /* ue(v) */
int32_t es_signed_golomb(struct es_bits *bits); /* se(v) */

/* A NAL unit without its header and emulation prevention bytes, or its beginning. */
struct es_payload {
    uint8_t bytes[ES_PARAMETERS_MAX];
    size_t size;
};

void es_strip(const uint8_t *nal, size_t size, size_t header, struct es_payload *payload);

/* The next start code prefix 00 00 01 from `at` on, or `size`. */
size_t es_find_prefix(const uint8_t *bytes, size_t at, size_t size);

/* The bytes of one parameter set. */
struct es_parameters {
    size_t size; /* 0: none yet */
    uint8_t bytes[ES_PARAMETERS_MAX];
};

/* The first are kept; NULL, or what is wrong: later ones must equal them. */
const char *es_compare(struct es_parameters *known, const uint8_t *bytes, size_t size);

/* What a video access unit turned out to be. */
struct es_picture {
    bool is_random_access;
    bool may_lead;      /* pictures behind it may be shown before it */
    bool has_order;     /* it says where in the order of display it is: */
    bool starts_order;  /* counted anew from this one on */
    bool counts_frames; /* one up is one frame later; else only later */
    int order;
    int order_wrap;       /* it counts modulo this */
    const char *ungraded; /* why the stream cannot be judged any further, or NULL */
};

#endif
