/* SPDX-License-Identifier: MIT */
#include "playout/as_run_line.h"

#include "playout/asset.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Up to the year 9999: sums of a few never overflow. */
#define FRAME_MOST (INT64_C(253402300800) * 25)

static bool read_frame(const json_t *value, int64_t *frame)
{
    *frame = json_integer_value(value);
    return json_is_integer(value) && *frame >= 0 && *frame <= FRAME_MOST;
}

static bool read_member(const json_t *object, const char *key, int64_t *frame)
{
    return read_frame(json_object_get(object, key), frame);
}

/* A missing text is NULL.  0, -EBADMSG or -ENOMEM. */
static int read_text(const json_t *object, const char *key, char **text)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL) {
        return 0;
    }
    if (!json_is_string(value)) {
        return -EBADMSG;
    }
    *text = strdup(json_string_value(value));
    return *text != NULL ? 0 : -ENOMEM;
}

static int read_asset(const json_t *value, char asset[SHA256_HEX_SIZE])
{
    const char *text = json_string_value(value);
    if (text == NULL || (text[0] != '\0' && !asset_is_sha256(text))) {
        return -EBADMSG;
    }
    memcpy(asset, text, strlen(text) + 1);
    return 0;
}

/* Spans that rise, do not touch the one before backwards, and lie in [start, end]. */
static int read_spans(const json_t *object, const char *key, const struct as_run_record *record,
                      struct frame_spans *spans)
{
    const json_t *list = json_object_get(object, key);
    const size_t count = json_array_size(list);
    int64_t at = record->start;
    if (count == 0) {
        return list == NULL || json_is_array(list) ? 0 : -EBADMSG;
    }
    spans->items = calloc(count, sizeof(spans->items[0]));
    if (spans->items == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *pair = json_array_get(list, i);
        struct frame_span *span = &spans->items[i];
        if (!read_frame(json_array_get(pair, 0), &span->from) ||
            !read_frame(json_array_get(pair, 1), &span->to) || span->from < at ||
            span->to <= span->from || span->to > record->end) {
            return -EBADMSG;
        }
        at = span->to;
        spans->count++;
    }
    return 0;
}

static int read_parts(const json_t *object, struct as_run_record *record)
{
    const json_t *list = json_object_get(object, "aired");
    const size_t count = list != NULL ? json_array_size(list) : 1;
    int64_t at = record->start;
    record->parts = calloc(count + 1, sizeof(record->parts[0]));
    if (record->parts == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *pair = json_array_get(list, i);
        struct aired_part *part = &record->parts[i];
        if (read_asset(json_array_get(pair, 0), part->asset) < 0 ||
            !read_frame(json_array_get(pair, 1), &part->from) || part->from < at ||
            part->from > record->end) {
            return -EBADMSG;
        }
        at = part->from;
    }
    if (list == NULL) {
        memcpy(record->parts[0].asset, record->asset, sizeof(record->asset));
    }
    record->parts[0].from = record->start;
    record->part_count = count;
    return count > 0 ? 0 : -EBADMSG;
}

/* `start` of a line is the first frame on air; that of a record is on the tape. */
static void move_start(const json_t *object, struct as_run_record *record)
{
    const json_t *first = json_array_get(json_object_get(object, "interrupted"), 0);
    int64_t from = 0;
    int64_t to = 0;
    if (read_frame(json_array_get(first, 0), &from) && read_frame(json_array_get(first, 1), &to) &&
        from < record->start && to == record->start) {
        record->start = from;
    }
}

static int read_texts(const json_t *object, struct as_run_record *record)
{
    int result = read_text(object, "house_number", &record->house_number);
    result = result == 0 ? read_text(object, "title", &record->title) : result;
    result = result == 0 ? read_text(object, "instead_of", &record->instead_of) : result;
    return result == 0 ? read_text(object, "reason", &record->reason) : result;
}

static int read_record(const json_t *object, struct as_run_record *record)
{
    const char *kind = json_string_value(json_object_get(object, "kind"));
    const json_t *seq = json_object_get(object, "seq");
    record->seq = json_integer_value(seq);
    record->amendment = json_integer_value(json_object_get(object, "amendment"));
    if (kind == NULL || event_kind_parse(kind, &record->kind) < 0 || record->seq < 0 ||
        record->amendment < 0 || (seq != NULL && !json_is_integer(seq)) ||
        read_asset(json_object_get(object, "asset"), record->asset) < 0 ||
        !read_member(object, "planned_start", &record->planned_start) ||
        !read_member(object, "planned_duration", &record->planned_duration)) {
        return -EBADMSG;
    }
    move_start(object, record);
    int result = read_texts(object, record);
    result = result == 0 ? read_parts(object, record) : result;
    result = result == 0 ? read_spans(object, "interrupted", record, &record->interrupted) : result;
    return result == 0 ? read_spans(object, "muted", record, &record->muted) : result;
}

static int read_line(const json_t *object, struct as_run_line *line)
{
    struct as_run_record *record = &line->record;
    const char *kind = json_string_value(json_object_get(object, "kind"));
    if (!read_member(object, "start", &record->start) ||
        !read_member(object, "end", &record->end) || record->end < record->start) {
        return -EBADMSG;
    }
    line->is_interruption = kind != NULL && strcmp(kind, "interruption") == 0;
    return line->is_interruption ? 0 : read_record(object, record);
}

int as_run_line_parse(const char *bytes, size_t size, struct as_run_line *line)
{
    struct as_run_line fresh = {0};
    if (size > AS_RUN_LINE_BYTES_MOST) {
        return -EBADMSG;
    }
    json_t *object = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL);
    const int result = json_is_object(object) ? read_line(object, &fresh) : -EBADMSG;
    json_decref(object);
    if (result < 0) {
        as_run_line_finish(&fresh);
        return result;
    }
    *line = fresh;
    return 0;
}

void as_run_line_finish(struct as_run_line *line)
{
    as_run_record_finish(&line->record);
}
