/* SPDX-License-Identifier: MIT */
#include "playout/as_run_record.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void as_run_record_finish(struct as_run_record *record)
{
    free(record->house_number);
    free(record->title);
    free(record->instead_of);
    free(record->reason);
    free(record->parts);
    free(record->interrupted.items);
    free(record->muted.items);
    *record = (struct as_run_record){0};
}

int frame_spans_add(struct frame_spans *spans, int64_t from, int64_t to)
{
    if (from >= to) {
        return 0;
    }
    struct frame_span *last = spans->count > 0 ? &spans->items[spans->count - 1] : NULL;
    if (last != NULL && from <= last->to) {
        last->to = to > last->to ? to : last->to;
        return 0;
    }
    struct frame_span *grown = realloc(spans->items, (spans->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    spans->items = grown;
    grown[spans->count++] = (struct frame_span){.from = from, .to = to};
    return 0;
}

int frame_spans_add_within(struct frame_spans *spans, const struct frame_spans *from, int64_t start,
                           int64_t end)
{
    int result = 0;
    for (size_t i = 0; i < from->count && result == 0; i++) {
        const struct frame_span *span = &from->items[i];
        result = frame_spans_add(spans, span->from > start ? span->from : start,
                                 span->to < end ? span->to : end);
    }
    return result;
}

void frame_spans_forget(struct frame_spans *spans, int64_t frame)
{
    size_t kept = 0;
    for (size_t i = 0; i < spans->count; i++) {
        if (spans->items[i].to > frame) {
            spans->items[kept++] = spans->items[i];
        }
    }
    spans->count = kept;
}

int64_t frame_spans_total(const struct frame_spans *spans)
{
    int64_t total = 0;
    for (size_t i = 0; i < spans->count; i++) {
        total += spans->items[i].to - spans->items[i].from;
    }
    return total;
}

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL) {
        json_object_set_new(object, key, json_string(text));
    }
}

static void set_frame(json_t *object, const char *key, int64_t frame)
{
    json_object_set_new(object, key, json_integer(frame));
}

static void set_time(json_t *object, const char *key, int64_t frame, const struct zone *zone)
{
    char text[ZONE_TEXT_SIZE];
    json_object_set_new(object, key, json_string(zone_frame_text(zone, frame, text)));
}

static void set_spans(json_t *object, const char *key, const struct frame_spans *spans)
{
    if (spans->count == 0) {
        return;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < spans->count; i++) {
        json_array_append_new(list, json_pack("[I, I]", (json_int_t)spans->items[i].from,
                                              (json_int_t)spans->items[i].to));
    }
    json_object_set_new(object, key, list);
}

static void set_parts(json_t *object, const struct as_run_record *record)
{
    if (record->part_count == 1 && strcmp(record->parts[0].asset, record->asset) == 0) {
        return;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < record->part_count; i++) {
        json_array_append_new(
            list, json_pack("[s, I]", record->parts[i].asset, (json_int_t)record->parts[i].from));
    }
    json_object_set_new(object, "aired", list);
}

/* The first frame that was on air. */
static int64_t first_aired(const struct as_run_record *record)
{
    const struct frame_spans *off = &record->interrupted;
    const bool is_joined_late = off->count > 0 && off->items[0].from <= record->start;
    return is_joined_late ? off->items[0].to : record->start;
}

static char *dump(json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER);
    json_decref(object);
    return text;
}

char *as_run_record_json(const struct as_run_record *record, const struct zone *zone)
{
    json_t *object = json_object();
    const int64_t off_air = frame_spans_total(&record->interrupted);
    if (record->seq != 0) {
        set_frame(object, "seq", record->seq);
    }
    set_text(object, "kind", event_kind_name(record->kind));
    set_text(object, "house_number", record->house_number);
    set_text(object, "title", record->title);
    set_text(object, "instead_of", record->instead_of);
    set_text(object, "asset", record->asset);
    set_frame(object, "planned_start", record->planned_start);
    set_frame(object, "planned_duration", record->planned_duration);
    set_frame(object, "start", first_aired(record));
    set_frame(object, "duration", record->end - record->start - off_air);
    set_time(object, "start_time", first_aired(record), zone);
    set_time(object, "end_time", record->end, zone);
    set_text(object, "reason", record->reason);
    if (record->amendment != 0) {
        set_frame(object, "amendment", record->amendment);
    }
    set_parts(object, record);
    set_spans(object, "interrupted", &record->interrupted);
    set_spans(object, "muted", &record->muted);
    set_frame(object, "end", record->end);
    return dump(object);
}

char *as_run_interruption_json(const struct frame_span *span, const struct zone *zone)
{
    json_t *object = json_object();
    set_text(object, "kind", "interruption");
    set_frame(object, "start", span->from);
    set_frame(object, "duration", span->to - span->from);
    set_time(object, "start_time", span->from, zone);
    set_time(object, "end_time", span->to, zone);
    set_frame(object, "end", span->to);
    return dump(object);
}
