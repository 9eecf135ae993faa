/* SPDX-License-Identifier: MIT */
#include "scheduler/text_width.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Takes one character off the text; what is no UTF-8 counts byte by byte. */
static uint32_t next_character(const char **text)
{
    const uint8_t *bytes = (const uint8_t *)*text;
    const int length = bytes[0] < 0xc0 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
    uint32_t character = length == 1 ? bytes[0] : bytes[0] & (0x7fU >> length);
    for (int i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80) {
            *text += 1;
            return bytes[0];
        }
        character = character << 6 | (bytes[i] & 0x3f);
    }
    *text += length;
    return character;
}

/* Unicode TR 11, as far as school television goes. */
static bool is_wide(uint32_t character)
{
    static const uint32_t ranges[][2] = {
        {0x1100, 0x115f}, {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},
        {0xf900, 0xfaff}, {0xfe30, 0xfe6f},   {0xff00, 0xff60},
        {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd},
    };
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if (character >= ranges[i][0] && character <= ranges[i][1]) {
            return true;
        }
    }
    return false;
}

int text_width(const char *text)
{
    int width = 0;
    while (*text != '\0') {
        width += is_wide(next_character(&text)) ? 2 : 1;
    }
    return width;
}

char *text_whole(char *text)
{
    size_t begin = strlen(text);
    while (begin > 0 && ((uint8_t)text[begin - 1] & 0xc0) == 0x80) {
        begin--;
    }
    if (begin > 0 && (uint8_t)text[begin - 1] >= 0xc0) {
        const char *next = text + begin - 1;
        (void)next_character(&next);
        if (next == text + begin) {
            text[begin - 1] = '\0'; /* its bytes are not all there */
        }
    }
    return text;
}

size_t text_width_fitting(const char *text, int width)
{
    const char *at = text;
    while (*at != '\0') {
        const char *next = at;
        width -= is_wide(next_character(&next)) ? 2 : 1;
        if (width < 0) {
            break;
        }
        at = next;
    }
    return (size_t)(at - text);
}
