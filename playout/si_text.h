/* SPDX-License-Identifier: MIT */
/*
 * si_text: names and texts of the tables, as the boxes of a network read them.
 *
 * Text comes as UTF-8.  It is normalised (control, zero-width and
 * bidirectional characters and soft hyphens go, full-width letters and digits
 * become ASCII, half-width katakana full-width, line ends 0xE08A or a space),
 * then coded by iconv; a character that the charset lacks is replaced from
 * the table of si_replace.c, one that is not in there by U+25A1, a box.  A
 * coded text is cut between characters only; each piece gets the selector.
 *
 * Cost: an object holds an iconv descriptor and 12 kB, made in 0.5 us; coding
 * takes 13 ns for a short ASCII text and 0.3 us for 20 Chinese characters.
 *
 * Thread: one at a time.
 * Normative reference: ETSI EN 300 468, annex A; for GBK and GB18030 without a
 * selector the practice of Chinese boxes.
 */
#ifndef PLAYOUT_SI_TEXT_H
#define PLAYOUT_SI_TEXT_H

#include "playout/station.h"

#include <stddef.h>
#include <stdint.h>

enum {
    SI_TEXT_MOST = 4096, /* coded bytes of a text; what is longer is cut */
};

struct si_text;

/* NULL when out of memory or when the system has no such charset. */
struct si_text *si_text_create(enum text_coding coding);
void si_text_destroy(struct si_text *text); /* accepts NULL */

/* What remains of a coded text, without selector. */
struct si_coded {
    const uint8_t *bytes;
    size_t size;
};

/*
 * Codes a text whole; NULL is "".  The result belongs to `text` and is valid
 * until the next call.
 */
struct si_coded si_text_code(struct si_text *text, const char *utf8);

/*
 * Takes the longest beginning of whole characters that fits into `most` bytes
 * with its selector off `rest` and writes it.  Returns the bytes written: 0
 * when nothing is left or not even one character fits.
 */
size_t si_text_take(const struct si_text *text, struct si_coded *rest, size_t most, uint8_t *out);

/* A character that did not go into the tables as it is. */
struct si_replaced {
    uint32_t character;
    const char *with; /* UTF-8; static */
};

/*
 * Lists the characters of a text that the charset lacks, each once, in the
 * order of their first appearance: at most `most`.  Returns how many.  What
 * normalising changes is not listed.
 */
size_t si_text_replaced(struct si_text *text, const char *utf8, struct si_replaced *list,
                        size_t most);

#endif
