/* SPDX-License-Identifier: MIT */
/*
 * suggest: find the word that a mistyped one was meant to be.
 *
 * Compares by the number of insertions, deletions, replacements and swaps of
 * neighbours, each of one character of UTF-8 (optimal string alignment
 * distance): 语问 is one change from 语文, whatever their bytes.
 */
#ifndef PLAYOUT_SUGGEST_H
#define PLAYOUT_SUGGEST_H

/*
 * Returns the entry of known, a list that ends with NULL, nearest to word, or
 * NULL when none is near enough (a third of the length, at most 3 changes).
 */
const char *suggest(const char *word, const char *const *known);

#endif
