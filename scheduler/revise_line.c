/* SPDX-License-Identifier: MIT */
#include "scheduler/revise_line.h"

#include "playout/station.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void line_finish(struct line *line)
{
    free(line->items);
    *line = (struct line){0};
}

int line_append(struct line *line, const struct line_event *item)
{
    if (line->count == line->capacity) {
        const size_t capacity = line->capacity > 0 ? line->capacity * 2 : 64;
        struct line_event *grown = realloc(line->items, capacity * sizeof(*grown));
        if (grown == NULL) {
            return -ENOMEM;
        }
        line->items = grown;
        line->capacity = capacity;
    }
    line->items[line->count++] = *item;
    return 0;
}

int line_from_plan(struct line *line, const struct plan *plan)
{
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct line_event item = {.event = plan->events[i],
                                        .group = plan->events[i].programme};
        if (line_append(line, &item) < 0) {
            return -ENOMEM;
        }
    }
    return 0;
}

size_t line_find(const struct line *line, int64_t frame)
{
    size_t low = 0;
    size_t high = line->count; /* the first event that ends after `frame` is in [low, high] */
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (event_end(&line->items[middle].event) <= frame) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < line->count && line->items[low].event.start <= frame ? low : line->count;
}

int64_t line_end(const struct line *line)
{
    return line->count > 0 ? event_end(&line->items[line->count - 1].event) : 0;
}

int64_t line_first_entry(const struct line *line, const struct cutter *cutter, int64_t frame)
{
    const size_t index = line_find(line, frame);
    /* Where the one ends the next begins, whole. */
    return index < line->count ? cutter_first_entry(cutter, &line->items[index].event, frame)
                               : frame;
}

int line_append_from(struct line *line, const struct line *source, int64_t frame, int64_t asked)
{
    for (size_t i = line_find(source, frame); i < source->count; i++) {
        struct line_event item = source->items[i];
        if (frame > item.event.start) {
            item.event = cutter_joined(&item.event, frame);
            item.is_kept = false;
            item.note.is_joined = !event_is_cut_anywhere(&item.event);
            item.note.late_entry = frame - asked;
        }
        if (line_append(line, &item) < 0) {
            return -ENOMEM;
        }
    }
    return 0;
}

struct line_event line_slate(int64_t start, int64_t end, const char *reason)
{
    return (struct line_event){.event = {.start = start,
                                         .duration = end - start,
                                         .kind = EVENT_SLATE,
                                         .asset = "",
                                         .reason = reason}};
}

static struct piece piece_at(const struct plan_event *event, int64_t duration, int64_t frame,
                             const struct media_lengths *lengths)
{
    struct piece piece = {.start = event->start, .length = duration, .in_point = event->in_point};
    piece_cut(&piece, lengths->length(lengths, event->asset), frame);
    return piece;
}

bool event_keeps_pieces(const struct plan_event *event, int64_t duration, int64_t earliest,
                        const struct media_lengths *lengths)
{
    const struct piece before = piece_at(event, event->duration, earliest - 1, lengths);
    const struct piece after = piece_at(event, duration, earliest - 1, lengths);
    return before.start == after.start && before.in_point == after.in_point;
}
