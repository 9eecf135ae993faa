/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_sheet.h"

#include "scheduler/import/import_text.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct import_sheet {
    char *name;
    bool is_hidden;
    bool is_turned;
    int rows;
    int columns;
    struct import_cell *cells;
    size_t count;
    size_t cleaned;
    /* Which cell each square belongs to, from 1; 0 for none.  `wide` squares a row. */
    uint16_t *squares;
    int tall;
    int wide;
};

static_assert(IMPORT_CELLS_MOST <= UINT16_MAX, "a square names a cell");

struct import_sheet *import_sheet_create(const char *name, bool is_hidden)
{
    struct import_sheet *sheet = calloc(1, sizeof(*sheet));
    if (sheet == NULL) {
        return NULL;
    }
    sheet->is_hidden = is_hidden;
    sheet->name = name != NULL ? strdup(name) : NULL;
    if (name != NULL && sheet->name == NULL) {
        free(sheet);
        return NULL;
    }
    return sheet;
}

void import_sheet_destroy(struct import_sheet *sheet)
{
    if (sheet == NULL) {
        return;
    }
    for (size_t i = 0; i < sheet->count; i++) {
        free(sheet->cells[i].text);
        free(sheet->cells[i].folded);
    }
    free(sheet->cells);
    free(sheet->squares);
    free(sheet->name);
    free(sheet);
}

const char *import_sheet_name(const struct import_sheet *sheet)
{
    return sheet->name;
}

bool import_sheet_is_hidden(const struct import_sheet *sheet)
{
    return sheet->is_hidden;
}

int import_sheet_rows(const struct import_sheet *sheet)
{
    return sheet->rows;
}

int import_sheet_columns(const struct import_sheet *sheet)
{
    return sheet->columns;
}

size_t import_sheet_cleaned(const struct import_sheet *sheet)
{
    return sheet->cleaned;
}

static uint16_t *square(const struct import_sheet *sheet, int row, int column)
{
    return &sheet->squares[(size_t)row * (size_t)sheet->wide + (size_t)column];
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* Makes room for `rows` times `columns` squares. */
static int reserve(struct import_sheet *sheet, int rows, int columns)
{
    if (rows <= sheet->tall && columns <= sheet->wide) {
        return 0;
    }
    enum { ROWS_FIRST = 32, COLUMNS_FIRST = 16 };
    const int tall = rows <= sheet->tall ? sheet->tall : larger(rows * 2, ROWS_FIRST);
    const int wide = columns <= sheet->wide ? sheet->wide : larger(columns * 2, COLUMNS_FIRST);
    uint16_t *squares = calloc((size_t)tall * (size_t)wide, sizeof(*squares));
    if (squares == NULL) {
        return -ENOMEM;
    }
    for (int row = 0; row < sheet->tall; row++) {
        memcpy(squares + (size_t)row * (size_t)wide, square(sheet, row, 0),
               (size_t)sheet->wide * sizeof(*squares));
    }
    free(sheet->squares);
    sheet->squares = squares;
    sheet->tall = tall;
    sheet->wide = wide;
    return 0;
}

static int add_cell(struct import_sheet *sheet, const struct import_cell *place, const char *text)
{
    if (sheet->count % 64 == 0) {
        struct import_cell *grown = realloc(sheet->cells, (sheet->count + 64) * sizeof(*grown));
        if (grown == NULL) {
            return -ENOMEM;
        }
        sheet->cells = grown;
    }
    struct import_cell *cell = &sheet->cells[sheet->count];
    *cell = *place;
    cell->rows = 1;
    cell->columns = 1;
    cell->text = strdup(text);
    cell->folded = strdup(text);
    if (cell->text == NULL || cell->folded == NULL) {
        free(cell->text);
        free(cell->folded);
        return -ENOMEM;
    }
    import_text_fold(cell->folded);
    *square(sheet, place->row, place->column) = (uint16_t)++sheet->count;
    return 0;
}

int import_sheet_put(struct import_sheet *sheet, const struct import_cell *place, const char *text)
{
    if (place->row < 0 || place->row >= IMPORT_ROWS_MOST || place->column < 0 ||
        place->column >= IMPORT_COLUMNS_MOST || strlen(text) > IMPORT_CELL_BYTES_MOST ||
        sheet->count >= IMPORT_CELLS_MOST) {
        return -E2BIG;
    }
    char clean[IMPORT_CELL_BYTES_MOST + 1];
    strcpy(clean, text);
    sheet->cleaned += import_text_clean(clean);
    if (clean[0] == '\0') {
        return 0;
    }
    if (reserve(sheet, place->row + 1, place->column + 1) < 0) {
        return -ENOMEM;
    }
    if (*square(sheet, place->row, place->column) != 0) {
        return -EEXIST;
    }
    const int result = add_cell(sheet, place, clean);
    if (result == 0) {
        sheet->rows = larger(sheet->rows, place->row + 1);
        sheet->columns = larger(sheet->columns, place->column + 1);
    }
    return result;
}

int import_sheet_merge(struct import_sheet *sheet, const struct import_cell *span)
{
    const int end_row = span->row + span->rows;
    const int end_column = span->column + span->columns;
    if (span->row < 0 || span->column < 0 || span->rows < 1 || span->columns < 1 ||
        end_row > IMPORT_ROWS_MOST || end_column > IMPORT_COLUMNS_MOST) {
        return -EINVAL;
    }
    if (import_sheet_origin(sheet, span->row, span->column) == NULL) {
        return 0;
    }
    if (reserve(sheet, end_row, end_column) < 0) {
        return -ENOMEM;
    }
    const uint16_t origin = *square(sheet, span->row, span->column);
    for (int row = span->row; row < end_row; row++) {
        for (int column = span->column; column < end_column; column++) {
            const uint16_t there = *square(sheet, row, column);
            const struct import_cell *cell = there != 0 ? &sheet->cells[there - 1] : NULL;
            if (cell != NULL && (cell->rows > 1 || cell->columns > 1)) {
                return -EINVAL;
            }
        }
    }
    /* What stands hidden under a merged cell is not shown by any spreadsheet. */
    for (int row = span->row; row < end_row; row++) {
        for (int column = span->column; column < end_column; column++) {
            *square(sheet, row, column) = origin;
        }
    }
    sheet->cells[origin - 1].rows = span->rows;
    sheet->cells[origin - 1].columns = span->columns;
    sheet->rows = larger(sheet->rows, end_row);
    sheet->columns = larger(sheet->columns, end_column);
    return 0;
}

const struct import_cell *import_sheet_at(const struct import_sheet *sheet, int row, int column)
{
    if (row < 0 || row >= sheet->rows || column < 0 || column >= sheet->columns) {
        return NULL;
    }
    const uint16_t number = *square(sheet, row, column);
    return number != 0 ? &sheet->cells[number - 1] : NULL;
}

const struct import_cell *import_sheet_origin(const struct import_sheet *sheet, int row, int column)
{
    const struct import_cell *cell = import_sheet_at(sheet, row, column);
    return cell != NULL && cell->row == row && cell->column == column ? cell : NULL;
}

int import_sheet_turn(struct import_sheet *sheet)
{
    struct import_sheet turned = {0};
    if (sheet->rows > IMPORT_COLUMNS_MOST) {
        return -E2BIG;
    }
    if (reserve(&turned, sheet->columns, sheet->rows) < 0) {
        return -ENOMEM;
    }
    for (int row = 0; row < sheet->rows; row++) {
        for (int column = 0; column < sheet->columns; column++) {
            *square(&turned, column, row) = *square(sheet, row, column);
        }
    }
    for (size_t i = 0; i < sheet->count; i++) {
        struct import_cell *cell = &sheet->cells[i];
        const struct import_cell before = *cell;
        cell->row = before.column;
        cell->column = before.row;
        cell->rows = before.columns;
        cell->columns = before.rows;
    }
    free(sheet->squares);
    sheet->squares = turned.squares;
    sheet->tall = turned.tall;
    sheet->wide = turned.wide;
    const int rows = sheet->rows;
    sheet->rows = sheet->columns;
    sheet->columns = rows;
    sheet->is_turned = !sheet->is_turned;
    return 0;
}

const char *import_sheet_place(const struct import_sheet *sheet, const struct import_cell *cell,
                               char place[IMPORT_PLACE_SIZE])
{
    const int row = sheet->is_turned ? cell->column : cell->row;
    const int column = sheet->is_turned ? cell->row : cell->column;
    const bool is_named = sheet->name != NULL;
    const char *name = is_named ? sheet->name : "";
    const int shown = (int)import_text_fitting(name, IMPORT_PLACE_SIZE - 20);
    char letters[3] = {0};
    if (column >= 26) {
        letters[0] = (char)('A' + column / 26 - 1);
        letters[1] = (char)('A' + column % 26);
    } else {
        letters[0] = (char)('A' + column);
    }
    snprintf(place, IMPORT_PLACE_SIZE, "%.*s%s%s%d", shown, name, is_named ? "!" : "", letters,
             row + 1);
    return place;
}

void import_sheets_finish(struct import_sheets *sheets)
{
    for (size_t i = 0; i < sheets->count; i++) {
        import_sheet_destroy(sheets->items[i]);
    }
    sheets->count = 0;
}
