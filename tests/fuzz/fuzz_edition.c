/* SPDX-License-Identifier: MIT */
/* Editions: whatever the bytes, a verdict; what is read can be written, and read again. */
#include "scheduler/publish/publish_edition.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct edition *edition = NULL;
    struct edition *again = NULL;
    const int result = publish_edition_parse((const char *)data, size, &edition);
    if ((result == 0) != (edition != NULL)) {
        abort();
    }
    if (edition == NULL) {
        return 0;
    }
    for (size_t i = 0; i < edition->channel_count; i++) { /* files are named after them */
        const char *name = edition->channels[i].name;
        if (name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL) {
            abort();
        }
    }
    char *text = publish_edition_text(edition);
    if (text == NULL || publish_edition_parse(text, strlen(text), &again) < 0) {
        abort();
    }
    char *twice = publish_edition_text(again);
    if (twice == NULL || strcmp(text, twice) != 0) {
        abort();
    }
    free(text);
    free(twice);
    publish_edition_destroy(again);
    publish_edition_destroy(edition);
    return 0;
}
