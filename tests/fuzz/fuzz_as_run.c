/* SPDX-License-Identifier: MIT */
/* Lines of the as-run record: whatever the bytes, a verdict and no crash, hang or leak. */
#include "playout/as_run_line.h"
#include "scheduler/report/report_lines.h"
#include "scheduler/report/report_verify.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_spans(const struct frame_spans *spans, const struct as_run_record *record)
{
    int64_t at = record->start;
    for (size_t i = 0; i < spans->count; i++) {
        if (spans->items[i].from < at || spans->items[i].to <= spans->items[i].from) {
            abort();
        }
        at = spans->items[i].to;
    }
    if (at > record->end) {
        abort();
    }
}

static void check_line(const char *bytes, size_t size)
{
    struct as_run_line line = {0};
    if (as_run_line_parse(bytes, size, &line) == 0) {
        check_spans(&line.record.interrupted, &line.record);
        check_spans(&line.record.muted, &line.record);
        if (!line.is_interruption && line.record.part_count == 0) {
            abort();
        }
    }
    as_run_line_finish(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    struct report_line line = {0};
    struct verifier verifier;
    struct verify_result result;
    verifier_init(&verifier, NULL, NULL);
    verifier_file(&verifier, "2026-11-23.jsonl");
    while (report_next_line(bytes, size, &line)) {
        check_line(line.bytes, line.length);
        verifier_line(&verifier, line.bytes, line.length, line.number);
    }
    verifier_end(&verifier, &result);
    return 0;
}
