/* SPDX-License-Identifier: MIT */
/*
 * import_sheet: a grid of cells, wherever it came from.
 *
 * Rows and columns count from 0.  A merged cell stands at its upper left
 * square, and every square of its span leads to it.  Cells without text are
 * not there.
 *
 * Bounds: IMPORT_ROWS_MOST rows, IMPORT_COLUMNS_MOST columns, and texts of
 * IMPORT_CELL_BYTES_MOST bytes; what lies beyond is told and left out.
 */
#ifndef SCHEDULER_IMPORT_SHEET_H
#define SCHEDULER_IMPORT_SHEET_H

#include "playout/problems.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    IMPORT_ROWS_MOST = 2000,
    IMPORT_COLUMNS_MOST = 200,
    IMPORT_CELL_BYTES_MOST = 2000,
    IMPORT_CELLS_MOST = 50000,
    IMPORT_SHEETS_MOST = 64,
    IMPORT_FILE_BYTES_MOST = 16 << 20,
    IMPORT_PLACE_SIZE = 200,
};

struct import_cell {
    char *text;   /* clean UTF-8 (import_text_clean()), not empty; lines end with \n */
    char *folded; /* the same, folded */
    int row;
    int column;
    int rows; /* of its span, from 1 */
    int columns;
};

struct import_sheet;

/* `name` is that of a workbook's sheet; NULL for a CSV file.  NULL when out of memory. */
struct import_sheet *import_sheet_create(const char *name, bool is_hidden);
void import_sheet_destroy(struct import_sheet *sheet); /* accepts NULL */

const char *import_sheet_name(const struct import_sheet *sheet); /* NULL for a CSV file */
bool import_sheet_is_hidden(const struct import_sheet *sheet);
int import_sheet_rows(const struct import_sheet *sheet);
int import_sheet_columns(const struct import_sheet *sheet);

/*
 * Adds a cell of one square, whose text is cleaned; a text that is empty
 * then is left out.  `cell` gives the place, and what is in `text` and
 * `folded` is ignored.  Returns 0, -E2BIG when it lies beyond the bounds or
 * is too long (nothing is added), -EEXIST when there is one already, -ENOMEM.
 */
int import_sheet_put(struct import_sheet *sheet, const struct import_cell *place, const char *text);

/*
 * Makes a span of squares one cell.  Returns 0, also when there is no cell
 * at its upper left square; -EINVAL when it lies beyond the bounds or crosses
 * another span; -ENOMEM.
 */
int import_sheet_merge(struct import_sheet *sheet, const struct import_cell *span);

/* The cell that a square belongs to, or NULL. */
const struct import_cell *import_sheet_at(const struct import_sheet *sheet, int row, int column);

/* Only where the cell begins: NULL in the other squares of a span. */
const struct import_cell *import_sheet_origin(const struct import_sheet *sheet, int row,
                                              int column);

/* How many invisible characters cleaning took away. */
size_t import_sheet_cleaned(const struct import_sheet *sheet);

/* Swaps rows and columns; the cells keep their places' names.  0 or -ENOMEM. */
int import_sheet_turn(struct import_sheet *sheet);

/* `课表!C7`, or `C7` of a CSV file, as programs for spreadsheets show it. */
const char *import_sheet_place(const struct import_sheet *sheet, const struct import_cell *cell,
                               char place[IMPORT_PLACE_SIZE]);

/* Sheets of a workbook, or the one of a CSV file. */
struct import_sheets {
    struct import_sheet *items[IMPORT_SHEETS_MOST];
    size_t count;
};

void import_sheets_finish(struct import_sheets *sheets);

/*
 * Read a whole file, called `name` in messages.  0, -EBADMSG with what is
 * wrong in *problems, -ENOMEM.  A CSV may be separated by commas, semicolons
 * or tabs (RFC 4180 otherwise); a workbook is an .xlsx one (ECMA-376).
 */
int import_csv_read(const char *name, const void *bytes, size_t size, struct import_sheets *sheets,
                    struct problems *problems);
int import_xlsx_read(const char *name, const void *bytes, size_t size, struct import_sheets *sheets,
                     struct problems *problems);

#endif
