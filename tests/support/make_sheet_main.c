/* SPDX-License-Identifier: MIT */
/*
 * make-sheet IN.csv OUT.xlsx: the same timetable as a workbook, as a district would have it.
 *
 * The first row is merged over all columns, a cell of 同 is merged with what
 * stands to its left, times that are alone in a cell become times of the
 * spreadsheet, and a hidden sheet is added.
 */
#include "scheduler/import/import_clock.h"
#include "scheduler/import/import_sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum { FILE_MOST = 1 << 20 };

struct maker {
    lxw_worksheet *page;
    lxw_format *time;
    const struct import_sheet *sheet;
};

static bool is_ditto(const struct import_sheet *sheet, int row, int column)
{
    const struct import_cell *cell = import_sheet_at(sheet, row, column);
    return cell != NULL && strcmp(cell->text, "同") == 0;
}

static void make_cell(const struct maker *maker, int row, int column)
{
    const struct import_cell *cell = import_sheet_at(maker->sheet, row, column);
    int seconds = 0;
    if (cell == NULL || is_ditto(maker->sheet, row, column)) {
        return;
    }
    int last = row == 0 ? import_sheet_columns(maker->sheet) - 1 : column;
    while (is_ditto(maker->sheet, row, last + 1)) {
        last++;
    }
    if (last > column) {
        worksheet_merge_range(maker->page, (lxw_row_t)row, (lxw_col_t)column, (lxw_row_t)row,
                              (lxw_col_t)last, cell->text, NULL);
    } else if (import_clock_time(cell->folded, &seconds) == IMPORT_CLOCK_GOOD) {
        worksheet_write_number(maker->page, (lxw_row_t)row, (lxw_col_t)column,
                               seconds / (double)IMPORT_CLOCK_DAY, maker->time);
    } else {
        worksheet_write_string(maker->page, (lxw_row_t)row, (lxw_col_t)column, cell->text, NULL);
    }
}

static int make(const struct import_sheet *sheet, const char *path)
{
    lxw_workbook *book = workbook_new(path);
    struct maker maker = {workbook_add_worksheet(book, "课表"), workbook_add_format(book), sheet};
    format_set_num_format(maker.time, "hh:mm");
    for (int row = 0; row < import_sheet_rows(sheet); row++) {
        for (int column = 0; column < import_sheet_columns(sheet); column++) {
            make_cell(&maker, row, column);
        }
    }
    lxw_worksheet *hidden = workbook_add_worksheet(book, "旧课表");
    worksheet_write_string(hidden, 0, 0, "旧", NULL);
    worksheet_hide(hidden);
    return workbook_close(book) == LXW_NO_ERROR ? 0 : 1;
}

int main(int argc, char **argv)
{
    static char bytes[FILE_MOST];
    struct import_sheets sheets = {.count = 0};
    struct problems problems;
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL) {
        fprintf(stderr, "usage: make-sheet IN.csv OUT.xlsx\n");
        return 2;
    }
    const size_t size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    problems_init(&problems);
    int result = import_csv_read(argv[1], bytes, size, &sheets, &problems) < 0;
    if (result == 0) {
        result = make(sheets.items[0], argv[2]);
    }
    problems_print(&problems, stderr);
    problems_finish(&problems);
    import_sheets_finish(&sheets);
    return result;
}
