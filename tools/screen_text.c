/* SPDX-License-Identifier: MIT */
#include "tools/screen_text.h"

#include <string.h>

#define CUT_OFF      ((size_t)-2)
#define NO_CHARACTER ((size_t)-1)

size_t screen_text(const char *text, int columns, wchar_t *wide, size_t room)
{
    mbstate_t state = {0};
    size_t left = strlen(text);
    size_t count = 0;
    while (left > 0 && count < room) {
        wchar_t one = L'?';
        size_t bytes = mbrtowc(&one, text, left, &state);
        if (bytes == CUT_OFF) {
            break;
        }
        if (bytes == NO_CHARACTER) {
            bytes = 1;
            one = L'?';
            state = (mbstate_t){0};
        }
        one = wcwidth(one) < 0 ? L'?' : one;
        columns -= wcwidth(one);
        if (columns < 0) {
            break;
        }
        wide[count++] = one;
        text += bytes;
        left -= bytes;
    }
    return count;
}

size_t screen_text_row(const wchar_t *wide, size_t count, int columns)
{
    size_t end = 0;
    while (end < count && (columns -= wcwidth(wide[end])) >= 0) {
        end++;
    }
    size_t space = end;
    while (end < count && space > 0 && wide[space] != L' ') {
        space--;
    }
    return space > 0 ? space : end;
}
