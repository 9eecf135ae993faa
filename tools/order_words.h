/* SPDX-License-Identifier: MIT */
/* order_words: kinds, modes and states of orders as people read them. */
#ifndef TOOLS_ORDER_WORDS_H
#define TOOLS_ORDER_WORDS_H

#include <stddef.h>

/* Writes "insert, push" in the reader's language; a mode of "" or "join" goes without saying. */
void order_words_kind(const char *kind, const char *mode, char *text, size_t size);

/* In the reader's language; a word that is not known stays as it is. */
const char *order_words_state(const char *state);

#endif
