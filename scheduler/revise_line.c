/* SPDX-License-Identifier: MIT */
#include "scheduler/revise_line.h"

#include "playout/station.h"
#include "scheduler/compile.h"

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

int64_t event_least_piece(const struct plan_event *event)
{
    return event->kind == EVENT_SLATE ? EVENT_MIN_FRAMES : PIECE_LEAST_FRAMES;
}

int64_t event_cut_step(const struct plan_event *event)
{
    return event_is_cut_anywhere(event) ? JOIN_GRID_FRAMES : GOP_FRAMES;
}

bool line_may_enter(const struct line *line, int64_t frame)
{
    const size_t index = line_find(line, frame);
    if (index == line->count) {
        return false;
    }
    const struct plan_event *event = &line->items[index].event;
    const int64_t late = frame - event->start;
    return late == 0 || (late % event_cut_step(event) == 0 &&
                         event_end(event) - frame >= event_least_piece(event));
}

int64_t line_first_entry(const struct line *line, int64_t frame)
{
    const int64_t end = line->count > 0 ? event_end(&line->items[line->count - 1].event) : 0;
    while (frame < end && !line_may_enter(line, frame)) {
        frame += JOIN_GRID_FRAMES; /* at most PIECE_LEAST_FRAMES */
    }
    return frame;
}

int line_append_from(struct line *line, const struct line *source, int64_t frame)
{
    for (size_t i = line_find(source, frame); i < source->count; i++) {
        struct line_event item = source->items[i];
        const int64_t late = frame - item.event.start;
        if (late > 0) {
            item.event.start = frame;
            item.event.duration -= late;
            item.event.in_point =
                event_is_cut_anywhere(&item.event) ? 0 : item.event.in_point + late;
            item.is_kept = false;
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

/* The last legal cut of an event at or before `frame`: its start when there is none. */
static int64_t cut_before(const struct plan_event *event, int64_t frame)
{
    const int64_t step = event_cut_step(event);
    const int64_t least = event_is_cut_anywhere(event) ? EVENT_MIN_FRAMES : PIECE_LEAST_FRAMES;
    const int64_t length = (frame - event->start) / step * step;
    return length >= least ? event->start + length : event->start;
}

/* Copies what the line airs before `frame`, cut where the law allows; tells the cut. */
static int copy_before(struct line *result, const struct line *line, int64_t frame, int64_t *cut)
{
    *cut = frame;
    for (size_t i = 0; i < line->count && line->items[i].event.start < frame; i++) {
        struct line_event item = line->items[i];
        if (event_end(&item.event) > frame) {
            *cut = cut_before(&item.event, frame);
            item.event.duration = *cut - item.event.start;
        }
        if (item.event.duration > 0 && line_append(result, &item) < 0) {
            return -ENOMEM;
        }
    }
    return 0;
}

int line_overlay(struct line *line, const struct plan_amendment *order)
{
    if (line->count == 0 || strcmp(order->kind, "slate") != 0 || order->until <= order->from) {
        return 0;
    }
    const int64_t end = event_end(&line->items[line->count - 1].event);
    struct line result = {0};
    int64_t cut = 0;
    if (order->from >= end || order->until <= line->items[0].event.start) {
        return 0;
    }
    if (copy_before(&result, line, order->from, &cut) < 0) {
        goto failed;
    }
    int64_t until = order->until;
    if (until < cut + EVENT_MIN_FRAMES) {
        until = cut + EVENT_MIN_FRAMES;
    }
    until = until < end ? line_first_entry(line, until) : end;
    struct line_event slate = line_slate(cut, until, order->reason);
    slate.group = -order->id;
    if (line_append(&result, &slate) < 0 || line_append_from(&result, line, until) < 0) {
        goto failed;
    }
    line_finish(line);
    *line = result;
    return 0;

failed:
    line_finish(&result);
    return -ENOMEM;
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
