/* SPDX-License-Identifier: MIT */
/*
 * blank: what shows nothing in a text that somebody typed or pasted: the blanks and line ends of
 * Unicode, and the signs without width.
 *
 * Normative reference: Unicode Standard Annex 44, White_Space.
 */
#ifndef SCHEDULER_BLANK_H
#define SCHEDULER_BLANK_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes of the blank that `text` (UTF-8) begins with; 0: none. */
size_t blank_length(const char *text);

/* Whether `text` has nothing but blanks, or nothing at all. */
bool blank_is_all(const char *text);

#endif
