/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_document.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void report_document_init(struct report_document *document, const struct zone *zone, int64_t day)
{
    *document = (struct report_document){.zone = zone, .day = day};
}

static void finish_table(struct report_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        free(table->columns[i].name);
    }
    for (size_t i = 0; i < table->cell_count; i++) {
        free(table->cells[i].text);
    }
    free(table->columns);
    free(table->cells);
    free(table->heading);
}

static void finish_texts(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(texts[i]);
    }
    free(texts);
}

void report_document_finish(struct report_document *document)
{
    for (size_t i = 0; i < document->table_count; i++) {
        finish_table(&document->tables[i]);
    }
    for (size_t i = 0; i < document->bar_count; i++) {
        free(document->bars[i].label);
        free(document->bars[i].parts);
    }
    free(document->tables);
    free(document->bars);
    finish_texts(document->lines, document->line_count);
    finish_texts(document->notes, document->note_count);
    free(document->title);
    free(document->verdict);
    *document = (struct report_document){0};
}

int report_document_error(const struct report_document *document)
{
    return document->error;
}

/* What a person typed may hold what moves a cursor or ends a line: C0, DEL and C1 become blanks. */
static void blank_controls(char *text)
{
    for (char *c = text; *c != '\0'; c++) {
        const unsigned char byte = (unsigned char)*c;
        const unsigned char next = (unsigned char)c[1];
        if (byte < 0x20 || byte == 0x7f) {
            *c = ' ';
        } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {
            c[0] = ' ';
            c[1] = ' ';
        }
    }
}

/* NULL, and remembered, when out of memory. */
__attribute__((format(printf, 2, 0))) static char *format_text(struct report_document *document,
                                                               const char *format,
                                                               va_list arguments)
{
    char *text = NULL;
    if (document->error != 0 || vasprintf(&text, format, arguments) < 0) {
        document->error = -ENOMEM;
        return NULL;
    }
    blank_controls(text);
    return text;
}

static char *copy_text(struct report_document *document, const char *text)
{
    char *copy = document->error == 0 ? strdup(text) : NULL;
    document->error = copy == NULL ? -ENOMEM : document->error;
    return copy;
}

/* Appends the text, which it takes over, to a list. */
static void push_text(struct report_document *document, char ***texts, size_t *count, char *text)
{
    char **grown = text != NULL ? realloc(*texts, (*count + 1) * sizeof(grown[0])) : NULL;
    if (grown == NULL) {
        document->error = -ENOMEM;
        free(text);
        return;
    }
    *texts = grown;
    grown[(*count)++] = text;
}

void document_title(struct report_document *document, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    free(document->title);
    document->title = format_text(document, format, arguments);
    va_end(arguments);
}

void document_verdict(struct report_document *document, bool is_nil, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    free(document->verdict);
    document->verdict = format_text(document, format, arguments);
    document->is_nil = is_nil;
    va_end(arguments);
}

void document_line(struct report_document *document, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    push_text(document, &document->lines, &document->line_count,
              format_text(document, format, arguments));
    va_end(arguments);
}

void document_note(struct report_document *document, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    push_text(document, &document->notes, &document->note_count,
              format_text(document, format, arguments));
    va_end(arguments);
}

void document_table(struct report_document *document, enum table_place place, const char *heading)
{
    struct report_table *grown =
        realloc(document->tables, (document->table_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        document->error = -ENOMEM;
        return;
    }
    document->tables = grown;
    grown[document->table_count++] =
        (struct report_table){.place = place, .heading = copy_text(document, heading)};
}

void document_column(struct report_document *document, const char *name, int width)
{
    if (document->error != 0) {
        return;
    }
    struct report_table *table = &document->tables[document->table_count - 1];
    struct report_column *grown =
        realloc(table->columns, (table->column_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        document->error = -ENOMEM;
        return;
    }
    table->columns = grown;
    grown[table->column_count++] =
        (struct report_column){.name = copy_text(document, name), .width = width};
}

/* Takes over the text of the cell. */
static void push_cell(struct report_document *document, const struct report_cell *cell)
{
    struct report_table *table =
        document->error == 0 ? &document->tables[document->table_count - 1] : NULL;
    struct report_cell *grown =
        table != NULL ? realloc(table->cells, (table->cell_count + 1) * sizeof(*grown)) : NULL;
    if (grown == NULL) {
        document->error = -ENOMEM;
        free(cell->text);
        return;
    }
    table->cells = grown;
    grown[table->cell_count++] = *cell;
}

void document_text(struct report_document *document, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const struct report_cell cell = {.type = CELL_TEXT,
                                     .text = format_text(document, format, arguments)};
    va_end(arguments);
    push_cell(document, &cell);
}

void document_integer(struct report_document *document, int64_t number)
{
    push_cell(document, &(struct report_cell){.type = CELL_INTEGER, .number = number});
}

void document_seconds(struct report_document *document, double seconds)
{
    push_cell(document, &(struct report_cell){.type = CELL_SECONDS, .seconds = seconds});
}

void document_time(struct report_document *document, int64_t frame)
{
    push_cell(document, &(struct report_cell){.type = CELL_TIME, .number = frame});
}

void document_date(struct report_document *document, int64_t day)
{
    push_cell(document, &(struct report_cell){.type = CELL_DATE, .number = day});
}

void document_bar(struct report_document *document, const char *label, int64_t from, int64_t to)
{
    struct report_bar *grown = realloc(document->bars, (document->bar_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        document->error = -ENOMEM;
        return;
    }
    document->bars = grown;
    grown[document->bar_count++] =
        (struct report_bar){.label = copy_text(document, label), .from = from, .to = to};
}

void document_bar_part(struct report_document *document, enum bar_colour colour, int64_t from,
                       int64_t to)
{
    if (document->error != 0) {
        return;
    }
    struct report_bar *bar = &document->bars[document->bar_count - 1];
    struct bar_part *last = bar->part_count > 0 ? &bar->parts[bar->part_count - 1] : NULL;
    if (last != NULL && last->colour == colour && last->to == from) {
        last->to = to;
        return;
    }
    struct bar_part *grown = realloc(bar->parts, (bar->part_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        document->error = -ENOMEM;
        return;
    }
    bar->parts = grown;
    grown[bar->part_count++] = (struct bar_part){colour, from, to};
}

size_t report_table_rows(const struct report_table *table)
{
    return table->column_count > 0 ? table->cell_count / table->column_count : 0;
}

const char *report_cell_text(const struct report_cell *cell, const struct zone *zone, bool is_short,
                             char buffer[CELL_TEXT_SIZE])
{
    enum { DATE_LENGTH = 11, CLOCK_LENGTH = 11 }; /* 2026-11-24 08:00:00.04 */
    char time[ZONE_TEXT_SIZE];
    struct civil civil = {0};
    switch (cell->type) {
    case CELL_TEXT:
        return cell->text;
    case CELL_INTEGER:
        snprintf(buffer, CELL_TEXT_SIZE, "%lld", (long long)cell->number);
        break;
    case CELL_SECONDS:
        snprintf(buffer, CELL_TEXT_SIZE, "%.2f", cell->seconds);
        break;
    case CELL_TIME:
        zone_frame_text(zone, cell->number, time);
        snprintf(buffer, CELL_TEXT_SIZE, "%.*s",
                 is_short ? CLOCK_LENGTH : DATE_LENGTH + CLOCK_LENGTH,
                 time + (is_short ? DATE_LENGTH : 0));
        break;
    case CELL_DATE:
        civil_date(cell->number, &civil);
        snprintf(buffer, CELL_TEXT_SIZE, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
        break;
    }
    return buffer;
}
