/* SPDX-License-Identifier: MIT */
/* full_width: the signs of ASCII as Chinese keyboards type them.  Any thread. */
#ifndef SCHEDULER_FULL_WIDTH_H
#define SCHEDULER_FULL_WIDTH_H

#include <stdint.h>

enum { FULL_WIDTH_BYTES = 3 }; /* of such a sign in UTF-8 */

/* The sign of ASCII that the character at `text` is (U+FF01 to U+FF5E); '\0': it is another. */
static inline char full_width_sign(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    const uint8_t first = at[0] == 0xef ? at[1] : 0;
    if (first == 0xbc && at[2] >= 0x81 && at[2] <= 0xbf) {
        return (char)(at[2] - 0x81 + '!');
    }
    return first == 0xbd && at[2] >= 0x80 && at[2] <= 0x9e ? (char)(at[2] - 0x80 + '`') : '\0';
}

#endif
