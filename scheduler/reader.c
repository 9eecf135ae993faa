/* SPDX-License-Identifier: MIT */
#include "scheduler/reader.h"

#include "playout/intl.h"
#include "playout/suggest.h"
#include "scheduler/when.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS_MOST = 32 };

void reader_complain(const struct reader *reader, const struct yaml_node *node, const char *format,
                     ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    va_end(arguments);
    problems_add(reader->problems, PROBLEM_ERROR, reader->file->path, node->line, node->column,
                 "%s", text != NULL ? text : "");
    free(text);
}

void reader_complain_unknown(const struct reader *reader, const struct yaml_node *node,
                             const char *what, const char *const *known)
{
    const char *meant = known != NULL ? suggest(node->text, known) : NULL;
    if (meant != NULL) {
        reader_complain(reader, node, _("unknown %s '%s'; did you mean '%s'?"), what, node->text,
                        meant);
    } else {
        reader_complain(reader, node, _("unknown %s '%s'"), what, node->text);
    }
}

struct place reader_place(const struct reader *reader, const struct yaml_node *node)
{
    return (struct place){reader->file, node->line, node->column};
}

/* --- Checking -------------------------------------------------------------------- */

static bool is_number(const char *text, int least, int most)
{
    char *end = NULL;
    const long value = strtol(text, &end, 10);
    return text[0] != '\0' && *end == '\0' && value >= least && value <= most;
}

static void check_text(const struct reader *reader, const struct yaml_node *node,
                       const struct shape_key *key)
{
    if (node->text[0] == '\0') {
        reader_complain(reader, node, _("'%s' must be a text"), key->name);
    } else if (strlen(node->text) > SHAPE_TEXT_MOST) {
        reader_complain(reader, node, _("'%s' is longer than %d bytes (%d Chinese characters)"),
                        key->name, SHAPE_TEXT_MOST, SHAPE_TEXT_MOST / 3);
    }
}

static void check_word(const struct reader *reader, const struct yaml_node *node,
                       const struct shape_key *key)
{
    char *list = NULL;
    size_t size = 0;
    if (shape_word(key->words, node->text) != NULL) {
        return;
    }
    FILE *out = open_memstream(&list, &size);
    if (out == NULL) {
        return;
    }
    for (const struct shape_word *word = key->words; word->english != NULL; word++) {
        fprintf(out, "%s%s", word == key->words ? "" : _(", "), word->english);
        if (word->chinese != NULL) {
            fprintf(out, " %s", word->chinese);
        }
    }
    fclose(out);
    reader_complain(reader, node, _("'%s' is '%s'; it must be one of: %s"), key->name, node->text,
                    list);
    free(list);
}

static void check_date(const struct reader *reader, const struct yaml_node *node, const char *text)
{
    int64_t date = 0;
    const int result = when_date(text, &date);
    if (result < 0) {
        reader_complain(reader, node,
                        result == -ERANGE ? _("the calendar has no day '%s'")
                                          : _("'%s' is no date; write it as 2020-02-17"),
                        text);
    }
}

static void check_scalar(const struct reader *reader, const struct yaml_node *node,
                         const struct shape_key *key)
{
    const char *text = node->text;
    struct week_set weeks;
    if (key->type == SHAPE_TEXT) {
        check_text(reader, node, key);
    } else if (key->type == SHAPE_WORD) {
        check_word(reader, node, key);
    } else if (key->type == SHAPE_SWITCH) {
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) {
            reader_complain(reader, node, _("'%s' is '%s'; it must be true or false"), key->name,
                            text);
        }
    } else if (key->type == SHAPE_NUMBER) {
        if (!is_number(text, key->least, key->most) && key->least == key->most) {
            reader_complain(reader, node, _("'%s' is '%s'; this version of Ketang reads format %d"),
                            key->name, text, key->least);
        } else if (!is_number(text, key->least, key->most)) {
            reader_complain(reader, node, _("'%s' is '%s'; it must be a number from %d to %d"),
                            key->name, text, key->least, key->most);
        }
    } else if (key->type == SHAPE_CLOCK) {
        if (when_clock(text) < 0) {
            reader_complain(reader, node,
                            _("'%s' is no time of day; write hours and minutes, as 08:30"), text);
        }
    } else if (key->type == SHAPE_LENGTH) {
        if (when_length(text) < 0) {
            reader_complain(
                reader, node,
                _("'%s' is no length; write minutes, as 25, or minutes and seconds, as 23:10"),
                text);
        }
    } else if (key->type == SHAPE_DATE) {
        check_date(reader, node, text);
    } else if (key->type == SHAPE_DAY) {
        if (when_day(text) < 0) {
            reader_complain(reader, node, _("'%s' is no day; write 周一 to 周日, or mon to sun"),
                            text);
        }
    } else if (key->type == SHAPE_WEEKS && when_weeks(text, &weeks) < 0) {
        reader_complain(
            reader, node,
            _("'%s' are no weeks of a term (1 to %d); write 第3周, 1-5、7-11单, 单周 or 双周"),
            text, WEEKS_MOST);
    }
}

static void check_one(const struct reader *reader, const struct yaml_node *node,
                      const struct shape_key *key)
{
    if (key->type == SHAPE_OTHER) {
        return;
    }
    if (key->type == SHAPE_OBJECT) {
        (void)reader_check(reader, node, key->object);
    } else if (node->type != YAML_TREE_SCALAR) {
        reader_complain(reader, node, _("'%s' must be a text"), key->name);
    } else {
        check_scalar(reader, node, key);
    }
}

static void check_list(const struct reader *reader, const struct yaml_node *node,
                       const struct shape_key *key)
{
    if (node->type != YAML_TREE_LIST) {
        reader_complain(reader, node, _("'%s' must be a list: one entry per line, each after '- '"),
                        key->name);
    } else if (node->count > SHAPE_ITEMS_MOST) {
        reader_complain(reader, node, _("'%s' has more than %d entries"), key->name,
                        SHAPE_ITEMS_MOST);
    }
    for (size_t i = 0; i < reader_count(node) && node->type == YAML_TREE_LIST; i++) {
        const struct yaml_node *item = node->items[i];
        if (!yaml_node_is_null(item) || key->form != SHAPE_ROWS) {
            check_one(reader, item, key);
        }
    }
}

/* The cells of one period. */
static void check_row(const struct reader *reader, const struct yaml_node *name,
                      const struct yaml_node *row, const struct shape_key *key)
{
    if (row->type != YAML_TREE_LIST) {
        reader_complain(reader, row,
                        _("the row of '%s' must be a list: its cells in brackets, with commas "
                          "between them, as [KT-01, KT-02, ~]; not 【】 or ，"),
                        name->text);
        return;
    }
    check_list(reader, row, key);
}

static void check_value(const struct reader *reader, const struct yaml_node *node,
                        const struct shape_key *key)
{
    if (key->form == SHAPE_ONE) {
        check_one(reader, node, key);
    } else if (key->form == SHAPE_LIST) {
        check_list(reader, node, key);
    } else if (key->form == SHAPE_ONE_OR_LIST) {
        if (node->type == YAML_TREE_LIST) {
            check_list(reader, node, key);
        } else {
            check_one(reader, node, key);
        }
    } else if (node->type != YAML_TREE_MAPPING) {
        reader_complain(reader, node, _("this must be a mapping of 'key: value' pairs"));
    } else {
        yaml_node_check_keys(node, reader->file->path, NULL, reader->problems);
        for (size_t i = 0; i + 1 < node->count; i += 2) {
            if (key->form == SHAPE_MAP) {
                check_one(reader, node->items[i + 1], key);
            } else {
                check_row(reader, node->items[i], node->items[i + 1], key);
            }
        }
    }
}

bool reader_check(const struct reader *reader, const struct yaml_node *node,
                  const struct shape *shape)
{
    const char *names[KEYS_MOST + 1] = {NULL};
    size_t count = 0;
    if (node->type != YAML_TREE_MAPPING) {
        reader_complain(reader, node, _("this must be a mapping of 'key: value' pairs"));
        return false;
    }
    for (const struct shape_key *key = shape->keys; key->name != NULL && count < KEYS_MOST; key++) {
        names[count++] = key->name;
    }
    yaml_node_check_keys(node, reader->file->path, names, reader->problems);
    for (const struct shape_key *key = shape->keys; key->name != NULL; key++) {
        const struct yaml_node *value = yaml_node_get(node, key->name);
        if (value != NULL && !yaml_node_is_null(value)) {
            check_value(reader, value, key);
        } else if (key->is_needed && (value == NULL || !key->may_be_null)) {
            reader_complain(reader, value != NULL ? value : node, _("'%s' is missing"), key->name);
        }
    }
    return true;
}

/* --- Values ---------------------------------------------------------------------- */

const struct yaml_node *reader_get(const struct yaml_node *mapping, const char *key)
{
    const struct yaml_node *node =
        mapping->type == YAML_TREE_MAPPING ? yaml_node_get(mapping, key) : NULL;
    return node == NULL || yaml_node_is_null(node) ? NULL : node;
}

size_t reader_count(const struct yaml_node *node)
{
    if (node == NULL || node->type == YAML_TREE_MAPPING) {
        return node != NULL ? 1 : 0;
    }
    return node->type == YAML_TREE_LIST ? node->count : 1;
}

const struct yaml_node *reader_item(const struct yaml_node *node, size_t index)
{
    return node->type == YAML_TREE_LIST ? node->items[index] : node;
}

/* The scalar of a key, or NULL. */
static const char *scalar(const struct yaml_node *mapping, const char *key)
{
    const struct yaml_node *node = reader_get(mapping, key);
    return node != NULL && node->type == YAML_TREE_SCALAR ? node->text : NULL;
}

const char *reader_text(const struct yaml_node *mapping, const char *key, const char *absent)
{
    const char *text = scalar(mapping, key);
    return text != NULL && text[0] != '\0' && strlen(text) <= SHAPE_TEXT_MOST ? text : absent;
}

bool reader_switch(const struct yaml_node *mapping, const char *key, bool absent)
{
    const char *text = scalar(mapping, key);
    return text != NULL ? strcmp(text, "true") == 0 : absent;
}

int reader_number(const struct yaml_node *mapping, const char *key, int absent)
{
    const char *text = scalar(mapping, key);
    return text != NULL && is_number(text, 0, INT32_MAX) ? atoi(text) : absent;
}

int reader_clock(const struct yaml_node *mapping, const char *key, int absent)
{
    const char *text = scalar(mapping, key);
    const int seconds = text != NULL ? when_clock(text) : -1;
    return seconds >= 0 ? seconds : absent;
}

int reader_length(const struct yaml_node *mapping, const char *key, int absent)
{
    const char *text = scalar(mapping, key);
    const int seconds = text != NULL ? when_length(text) : -1;
    return seconds >= 0 ? seconds : absent;
}

int64_t reader_date(const struct yaml_node *mapping, const char *key, int64_t absent)
{
    const char *text = scalar(mapping, key);
    int64_t date = absent;
    return text != NULL && when_date(text, &date) == 0 ? date : absent;
}

int reader_word(const struct yaml_node *mapping, const char *key, const struct shape_word *words,
                int absent)
{
    const char *text = scalar(mapping, key);
    const struct shape_word *word = text != NULL ? shape_word(words, text) : NULL;
    return word != NULL ? word->value : absent;
}

unsigned reader_days(const struct reader *reader, const struct yaml_node *mapping, const char *key,
                     unsigned absent)
{
    const struct yaml_node *list = reader_get(mapping, key);
    unsigned set = 0;
    for (size_t i = 0; i < reader_count(list); i++) {
        const struct yaml_node *node = reader_item(list, i);
        const int day = node->type == YAML_TREE_SCALAR ? when_day(node->text) : -1;
        if (day >= 0 && (set >> day & 1u) != 0) {
            reader_complain(reader, node, _("day '%s' is given twice"), node->text);
        }
        set |= day >= 0 ? 1u << day : 0;
    }
    return list != NULL ? set : absent;
}
