/* SPDX-License-Identifier: MIT */
/*
 * ts_make_unit: access units of every kind that ts_make sends besides H.264
 * and Layer II.  None is ever to be decoded: behind the headers is filler.
 */
#ifndef TESTS_SUPPORT_TS_MAKE_UNIT_H
#define TESTS_SUPPORT_TS_MAKE_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAKE_UNIT_MAX = 4096 };

/* A video frame. */
struct make_picture {
    bool is_random_access;
    int order;              /* in display, since the last random access point */
    size_t filler;          /* bytes */
    bool has_other_headers; /* parameter sets are not those of the others */
    bool is_field_pair;     /* MPEG-2: two field pictures */
    bool is_field;          /* MPEG-2: only the first of them */
};

/* Write an access unit of up to MAKE_UNIT_MAX bytes; return its size. */
size_t make_mpeg2(uint8_t *bytes, const struct make_picture *picture);
size_t make_hevc(uint8_t *bytes, const struct make_picture *picture);

/* AAC-LC at 128 kb/s in ADTS; a damaged one has no syncword. */
size_t make_adts(uint8_t *bytes, bool is_damaged);

/* AC-3 at 192 kb/s; a wrong one says it has the size of 224 kb/s. */
size_t make_ac3(uint8_t *bytes, bool is_wrong);

#endif
