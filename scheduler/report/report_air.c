/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_air.h"

#include <errno.h>
#include <stdlib.h>

/* Where a record is walked. */
struct walk {
    const struct as_run_record *record;
    int64_t at;
    int64_t to;
    size_t part;
    size_t off;
    size_t muted;
};

static int64_t lower(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* True at `at` inside of a span; *until is lowered to where that changes. */
static bool is_within(const struct frame_spans *spans, size_t *cursor, int64_t at, int64_t *until)
{
    while (*cursor < spans->count && spans->items[*cursor].to <= at) {
        ++*cursor;
    }
    if (*cursor == spans->count) {
        return false;
    }
    const struct frame_span *span = &spans->items[*cursor];
    *until = lower(*until, span->from > at ? span->from : span->to);
    return span->from <= at;
}

/* The stretch from walk->at on that is of one kind. */
static struct report_span next_span(struct walk *walk)
{
    const struct as_run_record *record = walk->record;
    struct report_span span = {.from = walk->at, .to = walk->to, .record = record};
    while (walk->part + 1 < record->part_count && record->parts[walk->part + 1].from <= walk->at) {
        walk->part++;
    }
    if (walk->part + 1 < record->part_count) {
        span.to = lower(span.to, record->parts[walk->part + 1].from);
    }
    const bool is_off = is_within(&record->interrupted, &walk->off, walk->at, &span.to);
    const bool is_muted = is_within(&record->muted, &walk->muted, walk->at, &span.to);
    span.asset = record->parts[walk->part].asset;
    span.state = is_off ? AIR_OFF : is_muted ? AIR_MUTED : AIR_ON;
    return span;
}

static int add_record(struct air *air, const struct as_run_record *record, int64_t from, int64_t to)
{
    struct walk walk = {.record = record, .at = from, .to = to};
    int result = 0;
    while (walk.at < walk.to && result == 0) {
        const struct report_span span = next_span(&walk);
        result = report_layer_add(&air->aired, &span);
        walk.at = span.to;
    }
    return result;
}

static void find_backwards(struct air *air, const struct as_run_line *lines, size_t count)
{
    int64_t ended = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        const struct as_run_record *record = &lines[i].record;
        if (lines[i].is_interruption) {
            continue;
        }
        if (record->start < ended) {
            if (air->backwards.count == 0) {
                air->backwards =
                    (struct air_backwards){.first = i, .ended = ended, .started = record->start};
            }
            air->backwards.count++;
        }
        ended = record->end;
    }
}

static int compare_starts(const void *left, const void *right)
{
    const struct as_run_line *const *a = left;
    const struct as_run_line *const *b = right;
    const int64_t a_start = (*a)->record.start;
    const int64_t b_start = (*b)->record.start;
    if (a_start != b_start) {
        return a_start < b_start ? -1 : 1;
    }
    return *a < *b ? -1 : *a > *b; /* of the same array: in order of the file */
}

static int add_lines(struct air *air, const struct as_run_line *const *sorted, size_t count,
                     const struct frame_span *window)
{
    int64_t aired = window->from;
    int64_t interrupted = window->from;
    int result = 0;
    for (size_t i = 0; i < count && result == 0; i++) {
        const struct as_run_line *line = sorted[i];
        const struct as_run_record *record = &line->record;
        int64_t *done = line->is_interruption ? &interrupted : &aired;
        const int64_t from = record->start > *done ? record->start : *done;
        const int64_t to = lower(record->end, window->to);
        if (from >= to) {
            continue;
        }
        if (line->is_interruption) {
            const struct report_span span = {.from = from, .to = to, .state = AIR_OFF};
            result = report_layer_add(&air->interruptions, &span);
        } else {
            result = add_record(air, record, from, to);
        }
        *done = to;
    }
    return result;
}

int air_read(struct air *air, const struct as_run_line *lines, size_t count, int64_t from,
             int64_t to)
{
    const struct frame_span window = {from, to};
    const struct as_run_line **sorted = calloc(count + 1, sizeof(sorted[0]));
    if (sorted == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &lines[i];
    }
    qsort(sorted, count, sizeof(sorted[0]), compare_starts);
    find_backwards(air, lines, count);
    const int result = add_lines(air, sorted, count, &window);
    free(sorted);
    return result;
}

void air_finish(struct air *air)
{
    report_layer_finish(&air->aired);
    report_layer_finish(&air->interruptions);
    *air = (struct air){0};
}
