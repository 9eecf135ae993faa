/* SPDX-License-Identifier: MIT */
#include "scheduler/fresh_problems.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *left, const void *right)
{
    const struct problem *a = *(const struct problem *const *)left;
    const struct problem *b = *(const struct problem *const *)right;
    if (a->line != b->line) {
        return a->line < b->line ? -1 : 1;
    }
    const int files = strcmp(a->file, b->file);
    return files != 0 ? files : strcmp(a->text, b->text);
}

size_t fresh_problems(const struct problems *now, const struct problems *before, size_t most,
                      struct problems *fresh)
{
    const size_t count = before != NULL ? before->count : 0;
    const struct problem **known = calloc(count + 1, sizeof(known[0]));
    size_t found = 0;
    if (known == NULL) {
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        known[i] = &before->items[i];
    }
    if (count > 0) {
        qsort(known, count, sizeof(known[0]), compare);
    }
    for (size_t i = 0; i < now->count; i++) {
        const struct problem *item = &now->items[i];
        if (count > 0 && bsearch(&item, known, count, sizeof(known[0]), compare) != NULL) {
            continue;
        }
        if (found++ < most) {
            problems_add(fresh, item->severity, item->file, item->line, item->column, "%s",
                         item->text);
        }
    }
    free(known);
    return found > most ? found - most : 0;
}
