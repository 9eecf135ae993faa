/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_taken.h"

#include "playout/intl.h"
#include "scheduler/import/import_keep.h"
#include "scheduler/import/import_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS_MOST = 40, NAMED_MOST = 8 };

/* What a sheet has a word for; a lesson's may be left out in it. */
static const char *const lesson_keys[] = {"house_number", "title",  "grade", "subject",
                                          "teacher",      "school", NULL};
static const char *const period_keys[] = {"name", "start", "end", NULL};
static const char *const break_keys[] = {"name", "start", "end", "days", "when", NULL};

struct taking {
    struct import *import;
    const struct import_known *known;
    const char *keys[KEYS_MOST]; /* that are listed */
    size_t key_count;
    size_t left_out; /* lessons, periods and breaks */
};

static bool is_one_of(const char *key, const char *const *keys)
{
    while (*keys != NULL && strcmp(key, *keys) != 0) {
        keys++;
    }
    return *keys != NULL;
}

/* The pair at `index` of a mapping says something that `said` has not. */
static bool says_more(const struct yaml_node *mapping, size_t index, const char *const *said)
{
    const char *key = mapping->items[index]->text;
    const struct yaml_node *value = mapping->items[index + 1];
    return value->type == YAML_TREE_SCALAR && !yaml_node_is_null(value) && !is_one_of(key, said) &&
           yaml_node_get(mapping, key) == value;
}

/* Numbers and switches stay as they stand, where that is safe within braces. */
static void write_value(const struct yaml_node *value, FILE *out)
{
    if (!value->is_quoted && strpbrk(value->text, ",[]{}?\n") == NULL) {
        fputs(value->text, out);
    } else {
        import_write_value(value->text, out);
    }
}

static int list_key(struct taking *taking, const char *key)
{
    for (size_t i = 0; i < taking->key_count; i++) {
        if (strcmp(taking->keys[i], key) == 0) {
            return 0;
        }
    }
    if (taking->key_count == KEYS_MOST) {
        return 0;
    }
    taking->keys[taking->key_count++] = key;
    return import_keep_note(&taking->import->taken, key);
}

/* `, media: 20, fixed: true` of a mapping; *more is "" when there is nothing. */
static int take(struct taking *taking, const struct yaml_node *mapping, const char *const *said,
                char **more)
{
    size_t size = 0;
    int result = 0;
    FILE *out = open_memstream(more, &size);
    if (out == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < mapping->count && result == 0; i += 2) {
        if (says_more(mapping, i, said)) {
            fputs(", ", out);
            import_write_value(mapping->items[i]->text, out);
            fputs(": ", out);
            write_value(mapping->items[i + 1], out);
            result = list_key(taking, mapping->items[i]->text);
        }
    }
    return fclose(out) != 0 ? -ENOMEM : result;
}

static int take_lesson(struct taking *taking, struct import_lesson *lesson)
{
    const char *said[sizeof(lesson_keys) / sizeof(lesson_keys[0])] = {"house_number", "title"};
    size_t count = 2;
    const struct import_known_number *number =
        lesson->keeps_number && !lesson->is_beside
            ? import_known_find(taking->known, lesson->house_number)
            : NULL;
    if (number == NULL) {
        return 0;
    }
    const char *const texts[] = {lesson->grade, lesson->subject, lesson->teacher, lesson->school};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i] != NULL) {
            said[count++] = lesson_keys[2 + i];
        }
    }
    return take(taking, number->mapping, said, &lesson->more);
}

static const char *text_of(const struct yaml_node *mapping, const char *key)
{
    const struct yaml_node *value =
        mapping->type == YAML_TREE_MAPPING ? yaml_node_get(mapping, key) : NULL;
    return value != NULL && value->type == YAML_TREE_SCALAR ? value->text : "";
}

/* The list of the timetable that is written over; NULL when it has none. */
static const struct yaml_node *list_of(const struct taking *taking, const char *key)
{
    const struct yaml_node *root = taking->known->newest;
    const struct yaml_node *list = root != NULL ? yaml_node_get(root, key) : NULL;
    return list != NULL && list->type == YAML_TREE_LIST ? list : NULL;
}

/* Of several breaks of one name, the one that starts then, or else the first; NULL: none. */
static const struct yaml_node *find_named(const struct yaml_node *list, const char *name, int start)
{
    const struct yaml_node *found = NULL;
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const struct yaml_node *item = list->items[i];
        int begins = 0;
        if (strcmp(text_of(item, "name"), name) != 0) {
            continue;
        }
        if (import_clock_time(text_of(item, "start"), &begins) == IMPORT_CLOCK_GOOD &&
            begins == start) {
            return item;
        }
        found = found == NULL ? item : found;
    }
    return found;
}

static int take_named(struct taking *taking)
{
    struct import *import = taking->import;
    const struct yaml_node *periods = list_of(taking, "periods");
    const struct yaml_node *breaks = list_of(taking, "breaks");
    int result = 0;
    for (size_t i = 0; i < import->period_count && result == 0; i++) {
        struct import_period *period = &import->periods[i];
        const struct yaml_node *old = find_named(periods, period->name, period->start);
        result = old != NULL ? take(taking, old, period_keys, &period->more) : 0;
    }
    for (size_t i = 0; i < import->break_count && result == 0; i++) {
        struct import_break *item = &import->breaks[i];
        const struct yaml_node *old = find_named(breaks, item->name, item->start);
        result = old != NULL ? take(taking, old, break_keys, &item->more) : 0;
    }
    return result;
}

static bool has_lesson(const struct import *import, const char *house_number)
{
    for (size_t i = 0; i < import->lesson_count; i++) {
        const char *number = import->lessons[i].house_number;
        if (number != NULL && strcmp(number, house_number) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_period(const struct import *import, const char *name)
{
    for (size_t i = 0; i < import->period_count; i++) {
        if (strcmp(import->periods[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Without breaks of its own a sheet leaves all those that are there. */
static bool has_break(const struct import *import, const char *name)
{
    bool has = import->break_count == 0;
    for (size_t i = 0; i < import->break_count && !has; i++) {
        has = strcmp(import->breaks[i].name, name) == 0;
    }
    return has;
}

/* 第九节 (media, fixed), when it has what a sheet could not say. */
static int list_left_out(struct taking *taking, const struct yaml_node *mapping,
                         const char *name_key, const char *const *said)
{
    char *keys = NULL;
    char *text = NULL;
    int result = 0;
    for (size_t i = 0; i < mapping->count && result == 0; i += 2) {
        result = says_more(mapping, i, said) ? import_keep_note(&keys, mapping->items[i]->text) : 0;
    }
    if (result == 0 && keys != NULL && taking->left_out < NAMED_MOST) {
        result = asprintf(&text, _("%s (%s)"), text_of(mapping, name_key), keys) < 0 ? -ENOMEM : 0;
        result = result == 0 ? import_keep_note(&taking->import->untaken, text) : result;
        free(text);
    } else if (result == 0 && keys != NULL && taking->left_out == NAMED_MOST) {
        result = import_keep_note(&taking->import->untaken, "…");
    }
    taking->left_out += keys != NULL;
    free(keys);
    return result;
}

static int list_all_left_out(struct taking *taking)
{
    static const struct {
        const char *list;
        const char *name_key;
        const char *const *said;
        bool (*is_there)(const struct import *, const char *);
    } lists[] = {
        {"periods", "name", period_keys, has_period},
        {"breaks", "name", break_keys, has_break},
        {"lessons", "house_number", lesson_keys, has_lesson},
    };
    int result = 0;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        const struct yaml_node *list = list_of(taking, lists[i].list);
        for (size_t k = 0; list != NULL && k < list->count && result == 0; k++) {
            const struct yaml_node *item = list->items[k];
            if (item->type == YAML_TREE_MAPPING &&
                !lists[i].is_there(taking->import, text_of(item, lists[i].name_key))) {
                result = list_left_out(taking, item, lists[i].name_key, lists[i].said);
            }
        }
    }
    return result;
}

int import_take_keys(struct import *import, const struct import_known *known)
{
    struct taking taking = {.import = import, .known = known};
    int result = 0;
    for (size_t i = 0; i < import->lesson_count && result == 0; i++) {
        result = take_lesson(&taking, &import->lessons[i]);
    }
    result = result == 0 ? take_named(&taking) : result;
    return result == 0 ? list_all_left_out(&taking) : result;
}
