/* SPDX-License-Identifier: MIT */
#include "tools/import_table.h"

#include "playout/intl.h"
#include "tools/text_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    LABEL_COLUMNS = 2, /* the name of the period, its time */
    CELL_COLUMNS_MOST = 22,
    RANGE_SIZE = 2 * IMPORT_CLOCK_TEXT_SIZE,
};

/* Cells of a table, each a text of its own. */
struct table {
    char **cells;
    size_t rows;
    size_t columns;
};

static int make_table(struct table *table, size_t rows, size_t columns)
{
    *table = (struct table){calloc(rows * columns, sizeof(char *)), rows, columns};
    return table->cells != NULL ? 0 : -ENOMEM;
}

static void finish_table(struct table *table)
{
    for (size_t i = 0; table->cells != NULL && i < table->rows * table->columns; i++) {
        free(table->cells[i]);
    }
    free(table->cells);
}

static int put(struct table *table, size_t row, size_t column, const char *text)
{
    char **cell = &table->cells[row * table->columns + column];
    char *copy = strdup(text);
    if (copy == NULL) {
        return -ENOMEM;
    }
    for (char *at = copy; *at != '\0'; at++) {
        *at = *at == '\n' ? ' ' : *at;
    }
    free(*cell);
    *cell = copy;
    return 0;
}

static const char *range_text(int start, int end, char text[RANGE_SIZE])
{
    char times[2][IMPORT_CLOCK_TEXT_SIZE];
    snprintf(text, RANGE_SIZE, "%s-%s", import_clock_text(start, times[0]),
             import_clock_text(end, times[1]));
    return text;
}

/* `! 一年级 语文 春夏秋冬` */
static int lesson_text(const struct import *import, const struct import_entry *entry, char **text)
{
    const struct import_lesson *lesson = &import->lessons[entry->lesson];
    char weeks[IMPORT_WEEKS_TEXT_SIZE] = "";
    if (entry->weeks != import_weeks_all()) {
        import_weeks_text(entry->weeks, weeks);
    }
    const char *const parts[] = {lesson->grade, lesson->subject, lesson->title,
                                 weeks[0] != '\0' ? weeks : NULL};
    char *made = strdup(lesson->doubts != 0 ? "!" : "");
    for (size_t i = 0; made != NULL && i < sizeof(parts) / sizeof(parts[0]); i++) {
        char *longer = NULL;
        if (parts[i] == NULL) {
            continue;
        }
        if (asprintf(&longer, "%s%s%s", made, made[0] != '\0' ? " " : "", parts[i]) < 0) {
            longer = NULL;
        }
        free(made);
        made = longer;
    }
    *text = made;
    return made != NULL ? 0 : -ENOMEM;
}

/* Several lessons of one square stand beside each other. */
static int put_entry(struct table *table, const struct import *import,
                     const struct import_entry *entry, size_t column)
{
    char *text = NULL;
    char *both = NULL;
    const size_t row = entry->period + 1;
    const char *there = table->cells[row * table->columns + column];
    int result = lesson_text(import, entry, &text);
    if (result == 0 && there != NULL) {
        result = asprintf(&both, "%s | %s", there, text) < 0 ? -ENOMEM : 0;
        both = result == 0 ? both : NULL;
    }
    if (result == 0) {
        result = put(table, row, column, both != NULL ? both : text);
    }
    free(both);
    free(text);
    return result;
}

static int fill_grid(struct table *table, const struct import *import)
{
    size_t columns[IMPORT_DAYS] = {0};
    size_t column = LABEL_COLUMNS;
    char text[RANGE_SIZE];
    int result = put(table, 0, 0, _("period"));
    result = result == 0 ? put(table, 0, 1, _("time")) : result;
    for (int day = 0; day < IMPORT_DAYS && result == 0; day++) {
        if ((import->days >> day & 1) != 0) {
            columns[day] = column;
            result = put(table, 0, column++, import_day_name(day));
        }
    }
    for (size_t i = 0; i < import->period_count && result == 0; i++) {
        const struct import_period *period = &import->periods[i];
        result = put(table, i + 1, 0, period->name);
        if (result == 0) {
            result = put(table, i + 1, 1,
                         period->has_time ? range_text(period->start, period->end, text) : "?");
        }
    }
    for (size_t i = 0; i < import->entry_count && result == 0; i++) {
        result = put_entry(table, import, &import->entries[i], columns[import->entries[i].day]);
    }
    return result;
}

static int print_grid(const struct import *import, FILE *out)
{
    struct table table;
    size_t columns = LABEL_COLUMNS;
    for (int day = 0; day < IMPORT_DAYS; day++) {
        columns += import->days >> day & 1;
    }
    int result = make_table(&table, import->period_count + 1, columns);
    if (result == 0) {
        result = fill_grid(&table, import);
    }
    if (result == 0) {
        text_table_print(out, (const char *const *)table.cells, table.rows, table.columns,
                         CELL_COLUMNS_MOST);
    }
    finish_table(&table);
    return result;
}

static void print_days(unsigned days, FILE *out)
{
    for (int day = 0; day < IMPORT_DAYS; day++) {
        if ((days >> day & 1) != 0) {
            fprintf(out, " %s", import_day_name(day));
        }
    }
    fputc('\n', out);
}

static void print_rules(const struct import *import, FILE *out)
{
    char text[RANGE_SIZE];
    for (size_t i = 0; i < import->break_count; i++) {
        const struct import_break *item = &import->breaks[i];
        fprintf(out, _("break   %s  %s "), range_text(item->start, item->end, text), item->name);
        print_days(item->days, out);
    }
    for (size_t i = 0; i < import->relay_count; i++) {
        const struct import_relay *relay = &import->relays[i];
        fprintf(out, _("relay   %s  %s "), range_text(relay->start, relay->end, text), relay->name);
        print_days(relay->days, out);
    }
    for (size_t i = 0; i < import->repeat_count; i++) {
        const struct import_repeat *repeat = &import->repeats[i];
        fprintf(out, _("repeats %s "), range_text(repeat->start, repeat->end, text));
        if (repeat->has_periods) {
            fprintf(out, _(" of periods %d to %d"), repeat->first_period, repeat->last_period);
        }
        if (repeat->pitch_minutes > 0) {
            fprintf(out, _(" every %d minutes"), repeat->pitch_minutes);
        }
        print_days(repeat->days, out);
    }
}

static void print_holidays(const struct import *import, FILE *out)
{
    for (size_t i = 0; i < import->holiday_count; i++) {
        const struct import_holiday *holiday = &import->holidays[i];
        fprintf(out, "%d-%02d-%02d  %d-%02d-%02d  %-10s  %s\n", holiday->date.year,
                holiday->date.month, holiday->date.day, holiday->until.year, holiday->until.month,
                holiday->until.day, holiday->is_working ? _("worked") : _("day off"),
                holiday->name);
    }
}

int import_table_print(const struct import *import, FILE *out)
{
    if (import->title != NULL) {
        fprintf(out, "%s\n", import->title);
    }
    if (import->is_calendar) {
        print_holidays(import, out);
        return 0;
    }
    if (import->week > 0) {
        fprintf(out, _("week %d\n"), import->week);
    }
    const int result = print_grid(import, out);
    if (result == 0) {
        print_rules(import, out);
        print_holidays(import, out);
        fprintf(out, ngettext("%zu lesson\n", "%zu lessons\n", import->lesson_count),
                import->lesson_count);
    }
    return result;
}

void import_table_print_problems(const struct import *import, FILE *out)
{
    const struct problems *problems = &import->problems;
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *item = &problems->items[i];
        char spot[PROBLEM_SPOT_SIZE];
        fprintf(out, "%s%s", item->file, problem_spot(item, spot));
        fprintf(out, item->severity == PROBLEM_ERROR ? _(": error: %s") : _(": warning: %s"),
                item->text);
        fputc('\n', out);
    }
    const size_t warnings = problems->count - problems->errors;
    if (problems->errors > 0) {
        fprintf(out, ngettext("%zu error.\n", "%zu errors.\n", problems->errors), problems->errors);
    } else if (warnings > 0) {
        fprintf(out, ngettext("No errors, %zu warning.\n", "No errors, %zu warnings.\n", warnings),
                warnings);
    } else {
        fputs(_("No errors."), out);
        fputc('\n', out);
    }
}
