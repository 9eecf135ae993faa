/* SPDX-License-Identifier: MIT */
#include "tools/text_table.h"

#include "scheduler/text_width.h"

enum { GAP = 2, COLUMNS_MOST = 16 };

static void print_cell(FILE *out, const char *text, int width, const char *colour)
{
    if (colour != NULL) {
        fprintf(out, "\x1b[%sm", colour);
    }
    if (text_width(text) > width) {
        fwrite(text, 1, text_width_fitting(text, width - 1), out);
        fputs("\xe2\x80\xa6", out);
    } else {
        fputs(text, out);
    }
    if (colour != NULL) {
        fputs("\x1b[0m", out);
    }
}

/* Columns that a text takes once it is cut to a width. */
static int used_by(const char *text, int width)
{
    const int used = text_width(text);
    return used <= width ? used : used - text_width(text + text_width_fitting(text, width - 1)) + 1;
}

static void print_row(FILE *out, const struct text_table *table, size_t row, const int *widths)
{
    for (size_t i = 0; i < table->columns; i++) {
        const size_t at = row * table->columns + i;
        const char *cell = table->cells[at] != NULL ? table->cells[at] : "";
        print_cell(out, cell, widths[i], table->colours != NULL ? table->colours[at] : NULL);
        if (i + 1 < table->columns) {
            fprintf(out, "%*s", widths[i] - used_by(cell, widths[i]) + GAP, "");
        }
    }
    fputc('\n', out);
}

void text_table_write(FILE *out, const struct text_table *table)
{
    int widths[COLUMNS_MOST] = {0};
    for (size_t i = 0; i < table->rows * table->columns; i++) {
        const size_t column = i % table->columns;
        const bool is_whole = table->is_last_whole && column + 1 == table->columns;
        const int width = table->cells[i] != NULL ? text_width(table->cells[i]) : 0;
        int *widest = &widths[column];
        *widest = width > *widest ? width : *widest;
        *widest = *widest > table->most && !is_whole ? table->most : *widest;
    }
    for (size_t row = 0; row < table->rows; row++) {
        if (table->headings != NULL && table->headings[row] != NULL) {
            fprintf(out, "%s\n", table->headings[row]);
        }
        print_row(out, table, row, widths);
    }
}

void text_table_print(FILE *out, const char *const *cells, size_t rows, size_t columns, int most)
{
    const struct text_table table = {
        .cells = cells, .rows = rows, .columns = columns, .most = most};
    text_table_write(out, &table);
}
