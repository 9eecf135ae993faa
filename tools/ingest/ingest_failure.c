/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_failure.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <libavutil/avstring.h>
#include <libavutil/error.h>

int ingest_fail(struct ingest_failure *failure, int error, const char *format, ...)
{
    if (failure->text[0] == '\0') {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(failure->text, sizeof(failure->text), format, arguments);
        va_end(arguments);
    }
    return error;
}

int ingest_fail_film(struct ingest_failure *failure, int error, const char *format, ...)
{
    if (failure->text[0] == '\0') {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(failure->text, sizeof(failure->text), format, arguments);
        va_end(arguments);
        failure->is_of_film = true;
    }
    return error;
}

int ingest_fail_av(struct ingest_failure *failure, int error, const char *what)
{
    char reason[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(error, reason, sizeof(reason));
    return ingest_fail(failure, error, "%s: %s", what, reason);
}

const char *ingest_printable(const char *name, char *out, unsigned size)
{
    const uint8_t *at = (const uint8_t *)name;
    const uint8_t *end = at + __builtin_strlen(name);
    unsigned used = 0;
    while (at < end && used + 5 < size) {
        const uint8_t *begin = at;
        int32_t code = 0;
        const bool is_sound = av_utf8_decode(&code, &at, end, 0) >= 0;
        const bool is_control =
            code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200b && code <= 0x200f) ||
            (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
        if (!is_sound || is_control) {
            out[used++] = '?';
            continue;
        }
        while (begin < at) {
            out[used++] = (char)*begin++;
        }
    }
    out[used] = '\0';
    return out;
}
