/* SPDX-License-Identifier: MIT */
/* timetable_grid: which lesson in which period: the grid, weeks, changes. */
#include "scheduler/timetable_private.h"

#include "playout/intl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The columns of a grid, in their order; those of the file when it names none. */
struct columns {
    int days[DAYS_PER_WEEK];
    size_t count;
};

static void read_columns(const struct draft *draft, const struct yaml_node *list,
                         struct columns *columns)
{
    unsigned set = 0;
    columns->count = 0;
    for (size_t i = 0; i < reader_count(list); i++) {
        const struct yaml_node *node = reader_item(list, i);
        const int day = node->type == YAML_TREE_SCALAR ? when_day(node->text) : -1;
        if (day >= 0 && (set >> day & 1u) != 0) {
            reader_complain(&draft->reader, node, _("day '%s' is given twice"), node->text);
        } else if (day >= 0) {
            set |= 1u << day;
            columns->days[columns->count++] = day;
        }
    }
}

static bool is_same(const char *text)
{
    return strcmp(text, "同") == 0 || strcmp(text, "〃") == 0 || strcmp(text, "same") == 0;
}

static void read_cell(const struct draft *draft, const struct grid_layer *layer,
                      const struct yaml_node *node, struct grid_cell *cell)
{
    const struct place place = reader_place(&draft->reader, node);
    if (node->type != YAML_TREE_SCALAR) {
        return; /* that has been said */
    }
    if (yaml_node_is_null(node)) {
        *cell = (struct grid_cell){CELL_NONE, NULL, place};
    } else if (is_same(node->text)) {
        if (layer->is_term) {
            reader_complain(&draft->reader, node,
                            _("'%s' has nothing below it here; it is for 'weeks'"), node->text);
        }
    } else {
        const struct lesson *lesson = timetable_need_lesson(draft, node);
        *cell = (struct grid_cell){lesson != NULL ? CELL_LESSON : CELL_NONE, lesson, place};
    }
}

/* Two cells that a comma of a Chinese keyboard made one; NULL: none. */
static const struct yaml_node *joined_cell(const struct yaml_node *row)
{
    for (size_t i = 0; i < row->count; i++) {
        const struct yaml_node *cell = row->items[i];
        if (cell->type == YAML_TREE_SCALAR && !cell->is_quoted &&
            (strstr(cell->text, "，") != NULL || strstr(cell->text, "、") != NULL)) {
            return cell;
        }
    }
    return NULL;
}

static void complain_of_count(const struct draft *draft, const struct columns *columns,
                              const struct yaml_node *name, const struct yaml_node *row)
{
    const struct yaml_node *joined = joined_cell(row);
    if (joined != NULL) {
        reader_complain(&draft->reader, joined,
                        _("the row of '%s' has '%s' in one cell: between two cells write the comma "
                          "',', not '，' or '、'"),
                        name->text, joined->text);
        return;
    }
    reader_complain(&draft->reader, row,
                    ngettext("the row of '%s' has %zu cell for the %zu of 'days'; write one for "
                             "each day, ~ for none",
                             "the row of '%s' has %zu cells for the %zu of 'days'; write one for "
                             "each day, ~ for none",
                             row->count),
                    name->text, row->count, columns->count);
}

static void read_row(const struct draft *draft, struct grid_layer *layer,
                     const struct columns *columns, const struct yaml_node *const *row)
{
    const size_t period = timetable_need_period(draft, row[0]);
    if (period == draft->timetable->period_count) {
        return;
    }
    if (row[1]->type != YAML_TREE_LIST) {
        return; /* that has been said */
    }
    if (row[1]->count != columns->count) {
        complain_of_count(draft, columns, row[0], row[1]);
        return;
    }
    for (size_t i = 0; i < columns->count; i++) {
        read_cell(draft, layer, row[1]->items[i],
                  &layer->cells[period * DAYS_PER_WEEK + (size_t)columns->days[i]]);
    }
}

static int read_layer(const struct draft *draft, const struct columns *columns,
                      const struct yaml_node *node, struct grid_layer *layer)
{
    const struct yaml_node *grid = reader_get(node, "grid");
    const char *week = layer->is_term ? NULL : reader_text(node, "week", NULL);
    layer->place = reader_place(&draft->reader, node);
    layer->cells =
        calloc(draft->timetable->period_count * DAYS_PER_WEEK + 1, sizeof(layer->cells[0]));
    if (layer->cells == NULL) {
        return -ENOMEM;
    }
    if (week != NULL) {
        (void)when_weeks(week, &layer->weeks);
    }
    for (size_t i = 0; grid != NULL && grid->type == YAML_TREE_MAPPING && i + 1 < grid->count;
         i += 2) {
        read_row(draft, layer, columns, (const struct yaml_node *const *)&grid->items[i]);
    }
    return 0;
}

/* Layers by rank: the term's, odd and even weeks, numbered weeks; among equals the later wins. */
static int layer_rank(const struct grid_layer *layer)
{
    return layer->is_term ? 0 : layer->weeks.is_numbered ? 2 : 1;
}

static int add_layer(struct draft *draft, const struct columns *columns,
                     const struct yaml_node *node, bool is_term)
{
    struct timetable *timetable = draft->timetable;
    struct grid_layer layer = {.is_term = is_term};
    size_t at = timetable->layer_count;
    if (timetable_grow(&timetable->layers, timetable->layer_count, 1, sizeof(layer)) < 0 ||
        read_layer(draft, columns, node, &layer) < 0) {
        return -ENOMEM;
    }
    while (at > 0 && layer_rank(&timetable->layers[at - 1]) > layer_rank(&layer)) {
        timetable->layers[at] = timetable->layers[at - 1];
        at--;
    }
    timetable->layers[at] = layer;
    timetable->layer_count++;
    return 0;
}

int timetable_read_grids(struct draft *draft)
{
    struct columns own;
    const struct yaml_node *weeks = reader_get(draft->root, "weeks");
    const struct yaml_node *days = reader_get(draft->root, "days");
    int result = 0;
    if (days != NULL) { /* only the file with the periods has them */
        read_columns(draft, days, &own);
        memcpy(draft->columns, own.days, sizeof(own.days));
        draft->column_count = own.count;
        for (size_t i = 0; i < own.count; i++) {
            draft->timetable->grid_days |= 1u << own.days[i];
        }
        if (own.count == reader_count(days)) {
            result = add_layer(draft, &own, draft->root, true);
        }
    }
    for (size_t i = 0; result == 0 && i < reader_count(weeks); i++) {
        const struct yaml_node *node = reader_item(weeks, i);
        const struct yaml_node *columns = reader_get(node, "days");
        memcpy(own.days, draft->columns, sizeof(own.days));
        own.count = draft->column_count;
        if (columns != NULL) {
            read_columns(draft, columns, &own);
        }
        if (node->type == YAML_TREE_MAPPING &&
            (columns == NULL || own.count == reader_count(columns))) {
            result = add_layer(draft, &own, node, false);
        }
    }
    return result;
}

/* --- One-off changes --------------------------------------------------------------- */

static bool read_swap(const struct draft *draft, const struct yaml_node *node,
                      struct change *change)
{
    const struct yaml_node *swap = reader_get(node, "swap");
    const struct yaml_node *period = reader_get(swap, "period");
    if (period == NULL || period->type != YAML_TREE_SCALAR) {
        return false;
    }
    change->kind = CHANGE_SWAP;
    change->other_date = reader_date(swap, "date", 0);
    change->other_period = timetable_need_period(draft, period);
    return change->other_period < draft->timetable->period_count;
}

static bool read_content(const struct draft *draft, const struct yaml_node *node,
                         struct change *change)
{
    const struct yaml_node *number = yaml_node_get(node, "house_number");
    if (number == NULL || number->type != YAML_TREE_SCALAR) {
        reader_complain(&draft->reader, node,
                        _("say what airs: 'house_number' (~ for none), or 'swap'"));
        return false;
    }
    if (!yaml_node_is_null(number)) {
        change->lesson = timetable_need_lesson(draft, number);
        return change->lesson != NULL;
    }
    return true;
}

static bool read_period_change(const struct draft *draft, const struct yaml_node *node,
                               struct change *change)
{
    const struct yaml_node *period = reader_get(node, "period");
    if (period->type != YAML_TREE_SCALAR) {
        return false;
    }
    change->period = timetable_need_period(draft, period);
    if (change->period == draft->timetable->period_count) {
        return false;
    }
    return reader_get(node, "swap") != NULL ? read_swap(draft, node, change)
                                            : read_content(draft, node, change);
}

static bool read_span_change(const struct draft *draft, const struct yaml_node *node,
                             struct change *change)
{
    change->kind = CHANGE_SPAN;
    change->start = reader_clock(node, "start", -1);
    change->end = reader_clock(node, "end", -1);
    change->name = reader_text(node, "name", NULL);
    if (change->start < 0 || change->end <= change->start) {
        reader_complain(&draft->reader, node,
                        _("say where the change is: 'period', or 'start' and a later 'end'"));
        return false;
    }
    return read_content(draft, node, change);
}

static bool read_change(const struct draft *draft, const struct yaml_node *node,
                        struct change *change)
{
    *change = (struct change){
        .kind = CHANGE_CELL,
        .date = reader_date(node, "date", 0),
        .reason = reader_text(node, "reason", ""),
        .place = reader_place(&draft->reader, node),
    };
    return reader_get(node, "period") != NULL ? read_period_change(draft, node, change)
                                              : read_span_change(draft, node, change);
}

int timetable_read_changes(struct draft *draft)
{
    struct timetable *timetable = draft->timetable;
    const struct yaml_node *list = reader_get(draft->root, "changes");
    if (timetable_grow(&timetable->changes, timetable->change_count, reader_count(list),
                       sizeof(struct change)) < 0) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < reader_count(list); i++) {
        const struct yaml_node *node = reader_item(list, i);
        if (node->type == YAML_TREE_MAPPING &&
            read_change(draft, node, &timetable->changes[timetable->change_count])) {
            timetable->change_count++;
        }
    }
    return date_rules_read(&draft->reader, reader_get(draft->root, "dates"), &timetable->dates);
}
