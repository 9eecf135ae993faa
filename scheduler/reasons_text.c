/* SPDX-License-Identifier: MIT */
#include "scheduler/reasons_text.h"

#include "playout/intl.h"
#include "playout/reasons.h"
#include "scheduler/text_width.h"

#include <stdio.h>
#include <string.h>

enum { SENTENCE_SIZE = 128 };

/* One reason in the reader's language; a single word is an operator's. */
static const char *translated(const char *reason, size_t length, char sentence[SENTENCE_SIZE])
{
    if (length >= SENTENCE_SIZE) {
        return NULL;
    }
    memcpy(sentence, reason, length);
    sentence[length] = '\0';
    return strchr(sentence, ' ') != NULL ? _(sentence) : sentence;
}

void reasons_text(const char *reasons, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (const char *at = reasons, *next = NULL; at != NULL && length + 1 < size; at = next) {
        char sentence[SENTENCE_SIZE];
        const size_t bytes = reasons_first(at, &next);
        const char *known = translated(at, bytes, sentence);
        length += (size_t)snprintf(text + length, size - length, "%.*s%s",
                                   known != NULL ? (int)strlen(known) : (int)bytes,
                                   known != NULL ? known : at, next != NULL ? _("; ") : "");
    }
    (void)text_whole(text);
}
