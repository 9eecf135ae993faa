/* SPDX-License-Identifier: MIT */
#include "tools/shell_word.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static bool is_plain(const char *word)
{
    const char *at = word;
    while (isalnum((unsigned char)*at) || (unsigned char)*at >= 0x80 ||
           (*at != '\0' && strchr("-_./:+,=@", *at) != NULL)) {
        at++;
    }
    return at > word && *at == '\0' && word[0] != '-';
}

void shell_word_print(FILE *out, const char *word)
{
    if (is_plain(word)) {
        fputs(word, out);
        return;
    }
    fputc('\'', out);
    for (; *word != '\0'; word++) {
        if (*word == '\'') {
            fputs("'\\''", out);
        } else {
            fputc(*word, out);
        }
    }
    fputc('\'', out);
}
