/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_layer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

int report_layer_add(struct report_layer *layer, const struct report_span *span)
{
    if (span->from >= span->to) {
        return 0;
    }
    assert(layer->count == 0 || layer->spans[layer->count - 1].to <= span->from);
    if (layer->count == layer->capacity) {
        const size_t capacity = layer->capacity > 0 ? 2 * layer->capacity : 64;
        struct report_span *grown = realloc(layer->spans, capacity * sizeof(*grown));
        if (grown == NULL) {
            return -ENOMEM;
        }
        layer->spans = grown;
        layer->capacity = capacity;
    }
    layer->spans[layer->count++] = *span;
    return 0;
}

void report_layer_finish(struct report_layer *layer)
{
    free(layer->spans);
    *layer = (struct report_layer){0};
}

const struct report_span *report_layer_at(const struct report_layer *layer, size_t *cursor,
                                          int64_t frame, int64_t *until)
{
    while (*cursor < layer->count && layer->spans[*cursor].to <= frame) {
        ++*cursor;
    }
    if (*cursor == layer->count) {
        return NULL;
    }
    const struct report_span *span = &layer->spans[*cursor];
    const int64_t change = span->from > frame ? span->from : span->to;
    *until = change < *until ? change : *until;
    return span->from > frame ? NULL : span;
}
