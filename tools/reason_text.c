/* SPDX-License-Identifier: MIT */
#include "tools/reason_text.h"

#include <stddef.h>
#include <string.h>

/* The bytes of the blank that `text` begins with; 0: none. */
static size_t blank_length(const char *text)
{
    static const char *const blanks[] = {" ", "\t", "\r", "\n", "\u00a0", "\u3000"};
    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        const size_t length = strlen(blanks[i]);
        if (strncmp(text, blanks[i], length) == 0) {
            return length;
        }
    }
    return 0;
}

const char *reason_text(char *text)
{
    while (blank_length(text) > 0) {
        text += blank_length(text);
    }
    char *end = text; /* behind the last that is no blank */
    for (char *at = text; *at != '\0';) {
        const size_t length = blank_length(at);
        at += length > 0 ? length : 1;
        end = length > 0 ? end : at;
    }
    *end = '\0';
    return text;
}
