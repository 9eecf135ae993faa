/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Room for one entry more, doubled at 0, 1, 2, 4, 8 ...; NULL out of memory. */
static void *grow(void *items, size_t count, size_t more, size_t size)
{
    size_t capacity = 1;
    while (capacity < count) {
        capacity *= 2;
    }
    if (items != NULL && count + more <= capacity) {
        return items;
    }
    while (capacity < count + more) {
        capacity *= 2;
    }
    return realloc(items, capacity * size);
}

static int keep_text(struct store_rows *rows, struct sql_value *value)
{
    char **texts = grow(rows->texts, rows->text_count, 1, sizeof(*texts));
    if (texts == NULL) {
        return -ENOMEM;
    }
    rows->texts = texts;
    char *copy = strdup(value->text);
    if (copy == NULL) {
        return -ENOMEM;
    }
    texts[rows->text_count++] = copy;
    value->text = copy;
    return 0;
}

static int take_row(struct sql_sink *sink, const struct sql_value *values, size_t count)
{
    struct store_rows *rows = (struct store_rows *)sink;
    struct sql_value *grown = grow(rows->values, rows->value_count, count, sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    rows->values = grown;
    for (size_t i = 0; i < count; i++) {
        struct sql_value value = values[i];
        if (value.type == SQL_TEXT && keep_text(rows, &value) < 0) {
            return -ENOMEM;
        }
        grown[rows->value_count + i] = value;
    }
    rows->value_count += count;
    rows->columns = count;
    rows->count++;
    return 0;
}

void store_rows_init(struct store_rows *rows)
{
    *rows = (struct store_rows){.sink.row = take_row};
}

void store_rows_finish(struct store_rows *rows)
{
    for (size_t i = 0; i < rows->text_count; i++) {
        free(rows->texts[i]);
    }
    free(rows->texts);
    free(rows->values);
    *rows = (struct store_rows){0};
}

const struct sql_value *store_rows_at(const struct store_rows *rows, size_t row)
{
    return rows->values + row * rows->columns;
}
