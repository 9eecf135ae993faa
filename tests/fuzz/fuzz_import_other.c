/* SPDX-License-Identifier: MIT */
/* aSc XML and lists of holidays; and weeks, times and headings on their own. */
#include "scheduler/import/import_text.h"
#include "tests/fuzz/import_fuzz.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What has been read as weeks is written so that it is read again as the same. */
static void fuzz_words(const uint8_t *data, size_t size)
{
    struct import_text text = {0};
    struct import_heading heading;
    struct import_range range = {0};
    char weeks_text[IMPORT_WEEKS_TEXT_SIZE];
    uint64_t weeks = 0;
    uint64_t again = 0;
    size_t from = 0;
    size_t length = 0;
    if (import_text_decode(data, size, &text) < 0) {
        return;
    }
    (void)import_text_clean(text.text);
    import_text_fold(text.text);
    import_heading_read(text.text, &heading);
    const size_t total = strlen(text.text);
    if (import_clock_find(text.text, &range, &from, &length) != IMPORT_CLOCK_NONE &&
        from + length > total) {
        abort();
    }
    if (range.end < range.start || range.end > IMPORT_CLOCK_DAY) {
        abort();
    }
    if (import_weeks_read(text.text, &weeks) == 0 && weeks != import_weeks_all() &&
        (import_weeks_read(import_weeks_text(weeks, weeks_text), &again) < 0 || again != weeks)) {
        abort();
    }
    free(text.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct import_request asc = {.format = IMPORT_FORMAT_ASC};
    const struct import_request holidays = {.format = IMPORT_FORMAT_HOLIDAYS};
    if (size > 0 && (data[0] == '<' || data[0] == 0xef)) {
        fuzz_import(data, size, &asc);
    } else if (size > 0 && (data[0] == '[' || data[0] == '{')) {
        fuzz_import(data, size, &holidays);
    } else {
        fuzz_words(data, size);
    }
    return 0;
}
