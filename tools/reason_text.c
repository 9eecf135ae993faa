/* SPDX-License-Identifier: MIT */
#include "tools/reason_text.h"

#include "scheduler/blank.h"

#include <stddef.h>

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
