/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_before.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct yaml_node *get(const struct yaml_node *mapping, const char *key,
                                   enum yaml_node_type type)
{
    const struct yaml_node *value =
        mapping != NULL && mapping->type == YAML_TREE_MAPPING ? yaml_node_get(mapping, key) : NULL;
    return value != NULL && value->type == type ? value : NULL;
}

/* Monday is the first column where no days are said; -1: the grid has not that day. */
static ptrdiff_t column_of(const struct yaml_node *days, int day)
{
    for (size_t i = 0; days != NULL && i < days->count; i++) {
        int found = 0;
        if (days->items[i]->type == YAML_TREE_SCALAR &&
            import_day_read(days->items[i]->text, &found) && found == day) {
            return (ptrdiff_t)i;
        }
    }
    return days == NULL ? day : -1;
}

/* An addition has the grid of its one week. */
static const char *in_cell(const struct yaml_node *root, const char *period, int day)
{
    const struct yaml_node *weeks = get(root, "weeks", YAML_TREE_LIST);
    const bool is_addition = get(root, "grid", YAML_TREE_MAPPING) == NULL;
    const struct yaml_node *from = !is_addition                         ? root
                                   : weeks != NULL && weeks->count == 1 ? weeks->items[0]
                                                                        : NULL;
    const struct yaml_node *row = get(get(from, "grid", YAML_TREE_MAPPING), period, YAML_TREE_LIST);
    const ptrdiff_t column = column_of(get(from, "days", YAML_TREE_LIST), day);
    if (row == NULL || column < 0 || column >= (ptrdiff_t)row->count) {
        return NULL;
    }
    const struct yaml_node *cell = row->items[column];
    return cell->type == YAML_TREE_SCALAR && !yaml_node_is_null(cell) ? cell->text : NULL;
}

static bool stands_elsewhere(const struct import *import, const char *house_number)
{
    for (size_t i = 0; i < import->lesson_count; i++) {
        const char *number = import->lessons[i].house_number;
        if (number != NULL && strcmp(number, house_number) == 0) {
            return true;
        }
    }
    return false;
}

static int find(const struct import *import, const struct import_entry *entry,
                const struct import_known *known, char **before)
{
    const char *number = in_cell(known->newest, import->periods[entry->period].name, entry->day);
    const struct import_known_number *old =
        number != NULL ? import_known_find(known, number) : NULL;
    if (old == NULL || stands_elsewhere(import, number)) {
        return 0;
    }
    const char *title = old->title != NULL ? old->title : "";
    return asprintf(before, "%s %s", number, title) < 0 ? -ENOMEM : 0;
}

int import_find_before(struct import *import, const struct import_known *known)
{
    int result = 0;
    for (size_t i = 0; known->newest != NULL && i < import->entry_count && result == 0; i++) {
        const struct import_entry *entry = &import->entries[i];
        struct import_lesson *lesson = &import->lessons[entry->lesson];
        if (!lesson->keeps_number && lesson->before == NULL) {
            result = find(import, entry, known, &lesson->before);
        }
    }
    return result;
}
