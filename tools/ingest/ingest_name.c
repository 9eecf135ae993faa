/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_name.h"

#include "tools/ingest/ingest_failure.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/avstring.h>

enum {
    HOUSE_NUMBER_MOST = 64, /* bytes */
    FIRST_WIDE = 0x1100,    /* from here on, by and large, two columns each */
    IDEOGRAPHIC_SPACE = 0x3000,
    FIRST_LETTER_BEYOND_LATIN_1_SIGNS = 0xc0,
};

static bool stays(int32_t code)
{
    if (code < 0x80) {
        return (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') ||
               (code >= 'a' && code <= 'z') || code == '-' || code == '_' || code == '.';
    }
    const bool is_sign = code < FIRST_LETTER_BEYOND_LATIN_1_SIGNS ||
                         (code >= 0x2000 && code < 0x2e80) || /* punctuation, symbols */
                         (code >= IDEOGRAPHIC_SPACE && code < 0x3005) ||
                         (code >= 0x3008 && code < 0x3021) || /* brackets */
                         (code >= 0xff00 && code < 0xff10) || /* full-width punctuation */
                         (code >= 0xff1a && code < 0xff21) || code >= 0xfff0;
    return !is_sign;
}

/* The file's name, whole and sound UTF-8, without its ending. */
static void copy_base_name(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/');
    ingest_printable(slash != NULL ? slash + 1 : path, out, (unsigned)size);
    char *dot = strrchr(out, '.');
    if (dot != NULL && dot != out) {
        *dot = '\0';
    }
}

char *ingest_house_number(const char *path)
{
    char name[512];
    char number[HOUSE_NUMBER_MOST + 1];
    size_t used = 0;
    bool has_gap = false;
    copy_base_name(path, name, sizeof(name));
    const uint8_t *at = (const uint8_t *)name;
    const uint8_t *end = at + strlen(name);
    while (at < end) {
        const uint8_t *begin = at;
        int32_t code = 0;
        if (av_utf8_decode(&code, &at, end, 0) < 0 || !stays(code) ||
            (used == 0 && (code == '-' || code == '.'))) {
            has_gap = used > 0;
            continue;
        }
        const size_t length = (size_t)(at - begin);
        if (used + length + (has_gap ? 1 : 0) > HOUSE_NUMBER_MOST) {
            break;
        }
        if (has_gap) {
            number[used++] = '-';
            has_gap = false;
        }
        memcpy(number + used, begin, length);
        used += length;
    }
    while (used > 0 && (number[used - 1] == '-' || number[used - 1] == '.')) {
        used--;
    }
    number[used] = '\0';
    return strdup(used > 0 ? number : "UNNAMED");
}

bool ingest_is_house_number(const char *text)
{
    char printable[HOUSE_NUMBER_MOST * 2];
    const size_t length = strlen(text);
    return length > 0 && length <= HOUSE_NUMBER_MOST && text[0] != ' ' && text[length - 1] != ' ' &&
           strcmp(ingest_printable(text, printable, sizeof(printable)), text) == 0;
}

const char *ingest_clip(const char *text, int columns, char *out, size_t size)
{
    const uint8_t *at = (const uint8_t *)text;
    const uint8_t *end = at + strlen(text);
    size_t used = 0;
    while (at < end) {
        const uint8_t *begin = at;
        int32_t code = 0;
        if (av_utf8_decode(&code, &at, end, 0) < 0) {
            break;
        }
        const size_t length = (size_t)(at - begin);
        columns -= code >= FIRST_WIDE ? 2 : 1;
        if (columns < 0 || used + length >= size) {
            break;
        }
        memcpy(out + used, begin, length);
        used += length;
    }
    out[used] = '\0';
    return out;
}
