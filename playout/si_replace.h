/* SPDX-License-Identifier: MIT */
/*
 * si_replace: what stands for a character that a charset lacks.
 *
 * The table is in si_replace.c, to be read and amended by whoever knows what
 * viewers read best.
 */
#ifndef PLAYOUT_SI_REPLACE_H
#define PLAYOUT_SI_REPLACE_H

#include <stddef.h>
#include <stdint.h>

/* Characters first to last become `with`; of several for one the first that can be coded. */
struct si_replacement {
    uint32_t first;
    uint32_t last;
    const char *with; /* UTF-8; "": left out */
    const char *reason;
};

/* The replacements of a character, `*count` behind each other; NULL when there are none. */
const struct si_replacement *si_replace_find(uint32_t character, size_t *count);

/* The whole table, in rising order of characters. */
const struct si_replacement *si_replace_table(size_t *count);

#endif
