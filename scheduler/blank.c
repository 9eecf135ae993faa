/* SPDX-License-Identifier: MIT */
#include "scheduler/blank.h"

#include <string.h>

size_t blank_length(const char *text)
{
    static const char *const blanks[] = {
        " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\xc2\x85",
        "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004",
        "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u200b",
        "\u2028", "\u2029", "\u202f", "\u205f", "\u2060", "\u3000", "\ufeff"};
    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        const size_t length = strlen(blanks[i]);
        if (strncmp(text, blanks[i], length) == 0) {
            return length;
        }
    }
    return 0;
}

bool blank_is_all(const char *text)
{
    for (size_t length; (length = blank_length(text)) > 0;) {
        text += length;
    }
    return *text == '\0';
}
