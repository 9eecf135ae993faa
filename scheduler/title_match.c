/* SPDX-License-Identifier: MIT */
#include "scheduler/title_match.h"

#include "scheduler/full_width.h"

#include <ctype.h>
#include <string.h>

/* Bytes of a sign that is no part of a name: U+2000 to U+206F, U+3000 to U+303F, U+00B7; or 0. */
size_t title_match_sign(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    const bool is_general = at[0] == 0xe2 && (at[1] == 0x80 || (at[1] == 0x81 && at[2] < 0xb0));
    if (is_general || (at[0] == 0xe3 && at[1] == 0x80)) {
        return at[2] != 0 ? 3 : 0;
    }
    return at[0] == 0xc2 && at[1] == 0xb7 ? 2 : 0;
}

/* Letters and numbers alone, small and narrow. */
static void fold(const char *text, char folded[TITLE_MATCH_SIZE])
{
    const unsigned char *at = (const unsigned char *)text;
    size_t length = 0;
    while (*at != '\0' && length + 1 < TITLE_MATCH_SIZE) {
        const char narrow = full_width_sign((const char *)at);
        const unsigned char byte = narrow != 0 ? (unsigned char)narrow : *at;
        const size_t sign = title_match_sign((const char *)at);
        if (sign == 0 && (byte >= 0x80 || isalnum(byte))) {
            folded[length++] = (char)(byte < 0x80 ? tolower(byte) : byte);
        }
        at += sign > 0 ? sign : narrow != 0 ? FULL_WIDTH_BYTES : 1;
    }
    folded[length] = '\0';
}

static bool is_within_number(char before, char after)
{
    return isdigit((unsigned char)before) && isdigit((unsigned char)after);
}

bool title_match_has(const char *title, const char *part)
{
    char whole[TITLE_MATCH_SIZE];
    char sought[TITLE_MATCH_SIZE];
    fold(title, whole);
    fold(part, sought);
    const size_t length = strlen(sought);
    const char *at = strstr(whole, sought);
    while (length > 0 && at != NULL) {
        const bool cuts_begin = at > whole && is_within_number(at[-1], at[0]);
        const bool cuts_end = is_within_number(at[length - 1], at[length]);
        if (!cuts_begin && !cuts_end) {
            return true;
        }
        at = strstr(at + 1, sought);
    }
    return length == 0;
}
