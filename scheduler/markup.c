/* SPDX-License-Identifier: MIT */
#include "scheduler/markup.h"

#include <string.h>

/* Bytes at the beginning of the text that are no character of XML: controls, U+FFFE, U+FFFF. */
static size_t no_character(const char *text)
{
    const unsigned char byte = (unsigned char)text[0];
    if (strncmp(text, "\xef\xbf\xbe", 3) == 0 || strncmp(text, "\xef\xbf\xbf", 3) == 0) {
        return 3;
    }
    return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' ? 1 : 0;
}

void markup_text(FILE *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        const size_t left_out = no_character(c);
        if (left_out > 0) {
            c += left_out - 1;
            continue;
        }
        switch (*c) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\'':
            fputs("&#39;", out);
            break;
        default:
            fputc(*c, out);
        }
    }
}
