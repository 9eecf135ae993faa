/* SPDX-License-Identifier: MIT */
#include "tools/report_text.h"

#include "playout/intl.h"
#include "tools/text_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_MOST = 200 }; /* columns of the terminal */

/* How the cells of a table read: pointers into the cells, or into the buffers. */
struct texts {
    const char **cells;
    char (*buffers)[CELL_TEXT_SIZE];
};

static void write_cells(FILE *out, const struct report_document *document,
                        const struct report_table *table, const struct texts *texts)
{
    for (size_t i = 0; i < table->column_count; i++) {
        texts->cells[i] = table->columns[i].name;
    }
    for (size_t i = 0; i < table->cell_count; i++) {
        texts->cells[table->column_count + i] = report_cell_text(
            &table->cells[i], document->zone, document->is_of_one_day, texts->buffers[i]);
    }
    text_table_print(out, texts->cells, 1 + report_table_rows(table), table->column_count,
                     CELL_MOST);
}

static int write_table(FILE *out, const struct report_document *document,
                       const struct report_table *table)
{
    const struct texts texts = {
        .cells = calloc(table->column_count + table->cell_count + 1, sizeof(texts.cells[0])),
        .buffers = calloc(table->cell_count + 1, sizeof(texts.buffers[0])),
    };
    int result = -ENOMEM;
    fprintf(out, "\n%s\n", table->heading);
    if (table->cell_count == 0) {
        fputs(_("None."), out);
        fputc('\n', out);
        result = 0;
    } else if (texts.cells != NULL && texts.buffers != NULL) {
        write_cells(out, document, table, &texts);
        result = 0;
    }
    free(texts.cells);
    free(texts.buffers);
    return result;
}

int report_write_text(FILE *out, const struct report_document *document)
{
    int result = 0;
    fprintf(out, "%s\n", document->title);
    for (size_t i = 0; i < document->line_count; i++) {
        fprintf(out, "%s\n", document->lines[i]);
    }
    fprintf(out, "\n%s\n", document->verdict);
    for (size_t i = 0; i < document->table_count && result == 0; i++) {
        if (document->tables[i].place != TABLE_DATA) {
            result = write_table(out, document, &document->tables[i]);
        }
    }
    fputs(document->note_count > 0 ? "\n" : "", out);
    for (size_t i = 0; i < document->note_count; i++) {
        fprintf(out, "%s\n", document->notes[i]);
    }
    return result;
}
