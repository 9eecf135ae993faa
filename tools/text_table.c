/* SPDX-License-Identifier: MIT */
#include "tools/text_table.h"

#include "scheduler/text_width.h"

#include <stdbool.h>

enum { GAP = 2 };

static void print_cell(FILE *out, const char *text, int width, bool is_last)
{
    int used = text_width(text);
    if (used > width) {
        const size_t bytes = text_width_fitting(text, width - 1);
        fwrite(text, 1, bytes, out);
        fputs("\xe2\x80\xa6", out);
        used -= text_width(text + bytes) - 1;
    } else {
        fputs(text, out);
    }
    if (!is_last) {
        fprintf(out, "%*s", width - used + GAP, "");
    }
}

void text_table_print(FILE *out, const char *const *cells, size_t rows, size_t columns, int most)
{
    enum { COLUMNS_MOST = 16 };
    int widths[COLUMNS_MOST] = {0};
    for (size_t i = 0; i < rows * columns; i++) {
        const int width = cells[i] != NULL ? text_width(cells[i]) : 0;
        int *widest = &widths[i % columns];
        *widest = width > *widest ? width : *widest;
        *widest = *widest > most ? most : *widest;
    }
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < columns; i++) {
            const char *cell = cells[row * columns + i];
            print_cell(out, cell != NULL ? cell : "", widths[i], i + 1 == columns);
        }
        fputc('\n', out);
    }
}
