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

__attribute__((format(printf, 4, 0))) static void add(struct problems *list,
                                                      const struct problem *problem,
                                                      const char *file, const char *format,
                                                      va_list arguments)
{
    list->errors += problem->severity == PROBLEM_ERROR;

    struct problem *grown = realloc(list->items, (list->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return;
    }
    list->items = grown;

    struct problem *item = &list->items[list->count];
    *item = *problem;
    if (vasprintf(&item->text, format, arguments) < 0) {
        item->text = NULL;
    }
    item->file = strdup(file);
    if (item->text == NULL || item->file == NULL) {
        free(item->text);
        free(item->file);
        return;
    }
    list->count++;
}

void problems_add(struct problems *list, enum problem_severity severity, const char *file, int line,
                  int column, const char *format, ...)
{
    const struct problem problem = {.severity = severity, .line = line, .column = column};
    va_list arguments;
    va_start(arguments, format);
    add(list, &problem, file, format, arguments);
    va_end(arguments);
}

void problems_warn(struct problems *list, const char *name, const char *file, int line, int column,
                   const char *format, ...)
{
    const struct problem problem = {
        .severity = PROBLEM_WARNING, .line = line, .column = column, .name = name};
    va_list arguments;
    va_start(arguments, format);
    add(list, &problem, file, format, arguments);
    va_end(arguments);
}

static bool has(const struct problems *list, size_t count, const struct problem *wanted)
{
    for (size_t i = 0; i < count; i++) {
        const struct problem *item = &list->items[i];
        if (item->line == wanted->line && item->column == wanted->column &&
            strcmp(item->file, wanted->file) == 0 && strcmp(item->text, wanted->text) == 0) {
            return true;
        }
    }
    return false;
}

void problems_add_new(struct problems *list, const struct problems *more)
{
    const size_t count = list->count; /* those of `more` are not compared with each other */
    for (size_t i = 0; i < more->count; i++) {
        const struct problem *item = &more->items[i];
        if (has(list, count, item)) {
            continue;
        }
        if (item->name != NULL) {
            problems_warn(list, item->name, item->file, item->line, item->column, "%s", item->text);
        } else {
            problems_add(list, item->severity, item->file, item->line, item->column, "%s",
                         item->text);
        }
    }
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

const char *problem_spot(const struct problem *problem, char spot[PROBLEM_SPOT_SIZE])
{
    spot[0] = '\0';
    if (problem->line > 0 && problem->column > 0) {
        snprintf(spot, PROBLEM_SPOT_SIZE, ":%d:%d", problem->line, problem->column);
    } else if (problem->line > 0) {
        snprintf(spot, PROBLEM_SPOT_SIZE, ":%d", problem->line);
    }
    return spot;
}

void problems_print(struct problems *list, FILE *out)
{
    if (list->count > 0) {
        qsort(list->items, list->count, sizeof(list->items[0]), compare_places);
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct problem *item = &list->items[i];
        char spot[PROBLEM_SPOT_SIZE];
        fprintf(out, "%s%s", item->file, problem_spot(item, spot));
        fprintf(out, item->severity == PROBLEM_ERROR ? _(": error: %s") : _(": warning: %s"),
                item->text);
        if (item->name != NULL) {
            fprintf(out, " [%s]", item->name);
        }
        fputc('\n', out);
    }
}
