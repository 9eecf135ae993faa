/* SPDX-License-Identifier: MIT */
/*
 * tape_inner: what the parts of the tape share among themselves.
 * Included by tape*.c and es_reader.c only; the contract is in tape.h.
 */
#ifndef PLAYOUT_TAPE_INNER_H
#define PLAYOUT_TAPE_INNER_H

#include "playout/lattice.h"
#include "playout/si.h"
#include "playout/tape.h"

struct tape_format {
    const struct transport *transport;
    struct asset *slate;
    int64_t slate_frames;
    struct lattice *lattice;
    int slots_per_second;
    int slots_per_frame;
    uint8_t pat[SI_SECTION_MAX];
    uint8_t pmt[SI_SECTION_MAX];
    uint8_t sdt[SI_SECTION_MAX];
    size_t pat_size;
    size_t pmt_size;
    size_t sdt_size;
};

/* The opened asset of that name ("": the slate), or NULL.  Borrowed. */
const struct asset *tape_inputs_asset(const struct tape_inputs *inputs,
                                      const struct tape_format *format, const char *sha256);

#endif
