/* SPDX-License-Identifier: MIT */
/*
 * Workbooks: a zip as it is; or else, since no fuzzer makes good zips, the
 * XML of a sheet, of shared strings and of styles, with a line %% between them.
 */
#include "scheduler/import/import_xlsx.h"
#include "tests/fuzz/import_fuzz.h"

#include <errno.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *next_part(const uint8_t *at, const uint8_t *end, size_t *size)
{
    const uint8_t *found = memmem(at, (size_t)(end - at), "%%\n", 3);
    *size = (size_t)((found != NULL ? found : end) - at);
    return found != NULL ? found + 3 : end;
}

/* Every square leads to a cell that it is a square of. */
static void check_sheet(const struct import_sheet *sheet)
{
    char place[IMPORT_PLACE_SIZE];
    for (int row = 0; row < import_sheet_rows(sheet); row++) {
        for (int column = 0; column < import_sheet_columns(sheet); column++) {
            const struct import_cell *cell = import_sheet_at(sheet, row, column);
            if (cell != NULL && (row < cell->row || row >= cell->row + cell->rows ||
                                 column < cell->column || column >= cell->column + cell->columns)) {
                abort();
            }
            if (cell != NULL) {
                import_sheet_place(sheet, cell, place);
            }
        }
    }
}

static void fuzz_parts(const uint8_t *data, size_t size)
{
    const uint8_t *end = data + size;
    size_t sizes[3];
    const uint8_t *strings = next_part(data, end, &sizes[0]);
    const uint8_t *styles = next_part(strings, end, &sizes[1]);
    (void)next_part(styles, end, &sizes[2]);
    struct problems problems;
    problems_init(&problems);
    struct import_xlsx_book book = {.name = "fuzz.xlsx", .problems = &problems};
    struct import_sheet *sheet = import_sheet_create("课表", false);
    if (sheet != NULL && import_xlsx_strings_read(strings, sizes[1], &book.strings) != -ENOMEM &&
        import_xlsx_styles_read(styles, sizes[2], &book.styles) != -ENOMEM &&
        import_xlsx_sheet_read(&book, data, sizes[0], sheet) == 0) {
        check_sheet(sheet);
        if (import_sheet_turn(sheet) == 0) {
            check_sheet(sheet);
        }
    }
    import_sheet_destroy(sheet);
    import_xlsx_strings_finish(&book.strings);
    import_xlsx_styles_finish(&book.styles);
    problems_finish(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct import_request request = {.format = IMPORT_FORMAT_DETECT};
    if (size >= 2 && data[0] == 'P' && data[1] == 'K') {
        fuzz_import(data, size, &request);
    } else {
        fuzz_parts(data, size);
    }
    return 0;
}
