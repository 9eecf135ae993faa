/* SPDX-License-Identifier: MIT */
#include "playout/problems.h"

#include "playout/intl.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void problems_init(struct problems *list)
{
    *list = (struct problems){0};
}

void problems_finish(struct problems *list)
{
    if (list == NULL) {
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].file);
        free(list->items[i].text);
    }
    free(list->items);
    problems_init(list);
}

void problems_add(struct problems *list, enum problem_severity severity, const char *file, int line,
                  int column, const char *format, ...)
{
    list->errors += severity == PROBLEM_ERROR;

    struct problem *grown = realloc(list->items, (list->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return;
    }
    list->items = grown;

    struct problem *item = &list->items[list->count];
    *item = (struct problem){.severity = severity, .line = line, .column = column};
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&item->text, format, arguments) < 0) {
        item->text = NULL;
    }
    va_end(arguments);
    item->file = strdup(file);
    if (item->text == NULL || item->file == NULL) {
        free(item->text);
        free(item->file);
        return;
    }
    list->count++;
}

static int compare_places(const void *left, const void *right)
{
    const struct problem *a = left;
    const struct problem *b = right;
    const int by_file = strcmp(a->file, b->file);
    if (by_file != 0) {
        return by_file;
    }
    if (a->line != b->line) {
        return a->line < b->line ? -1 : 1;
    }
    return (a->column > b->column) - (a->column < b->column);
}

void problems_print(struct problems *list, FILE *out)
{
    if (list->count > 0) {
        qsort(list->items, list->count, sizeof(list->items[0]), compare_places);
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct problem *item = &list->items[i];
        fputs(item->file, out);
        if (item->line > 0) {
            fprintf(out, ":%d", item->line);
        }
        if (item->line > 0 && item->column > 0) {
            fprintf(out, ":%d", item->column);
        }
        fprintf(out, ": %s: %s\n", item->severity == PROBLEM_ERROR ? _("error") : _("warning"),
                item->text);
    }
}

enum { LONGEST_WORD = 63 };

/* Edits (insert, delete, replace) between two words, the classic two-row table. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t rows[2][LONGEST_WORD + 1];
    const size_t width = strlen(b);
    for (size_t j = 0; j <= width; j++) {
        rows[0][j] = j;
    }
    size_t current = 0;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        const size_t *above = rows[current];
        size_t *row = rows[current ^ 1];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);
            best = above[j] + 1 < best ? above[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            row[j] = best;
        }
        current ^= 1;
    }
    return rows[current][width];
}

const char *problems_nearest(const char *word, const char *const *known, size_t count)
{
    const size_t length = strlen(word);
    if (length == 0 || length > LONGEST_WORD) {
        return NULL;
    }
    const char *nearest = NULL;
    size_t least = length / 3 + 2; /* further away is no help */
    for (size_t i = 0; i < count; i++) {
        if (strlen(known[i]) > LONGEST_WORD) {
            continue;
        }
        const size_t distance = edit_distance(word, known[i]);
        if (distance < least) {
            least = distance;
            nearest = known[i];
        }
    }
    return nearest;
}
