/* SPDX-License-Identifier: MIT */
/* shell_word: words of commands that somebody pastes into a shell. */
#ifndef TOOLS_SHELL_WORD_H
#define TOOLS_SHELL_WORD_H

#include <stdio.h>

/* The word as the shell takes it for one, in quotes where it must be. */
void shell_word_print(FILE *out, const char *word);

#endif
