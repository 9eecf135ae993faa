/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_formats.h"

#include "playout/intl.h"
#include "playout/station.h"

#include <errno.h>
#include <xlsxwriter.h>

enum { WIDTHS_MOST = 32 };

struct book {
    lxw_workbook *workbook;
    lxw_format *title;
    lxw_format *verdict;
    lxw_format *heading;
    lxw_format *head;
    lxw_format *text;
    lxw_format *integer;
    lxw_format *seconds;
    lxw_format *time;
    lxw_format *date;
    const struct zone *zone;
};

struct sheet {
    lxw_worksheet *worksheet;
    lxw_row_t row;
    int widths[WIDTHS_MOST]; /* of the columns so far */
};

static lxw_format *make_format(lxw_workbook *workbook, const char *number_format)
{
    lxw_format *format = workbook_add_format(workbook);
    format_set_border(format, LXW_BORDER_THIN);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    format_set_text_wrap(format);
    if (number_format != NULL) {
        format_set_num_format(format, number_format);
    }
    return format;
}

static void make_formats(struct book *book)
{
    book->title = workbook_add_format(book->workbook);
    format_set_bold(book->title);
    format_set_font_size(book->title, 16);
    book->verdict = workbook_add_format(book->workbook);
    format_set_bold(book->verdict);
    book->heading = workbook_add_format(book->workbook);
    format_set_bold(book->heading);
    format_set_font_size(book->heading, 12);
    book->head = make_format(book->workbook, NULL);
    format_set_bold(book->head);
    format_set_bg_color(book->head, 0xE9EFEC);
    book->text = make_format(book->workbook, "@");
    book->integer = make_format(book->workbook, "0");
    book->seconds = make_format(book->workbook, "#,##0.00");
    book->time = make_format(book->workbook, "yyyy-mm-dd hh:mm:ss.00");
    book->date = make_format(book->workbook, "yyyy-mm-dd");
}

static lxw_datetime datetime_of(const struct zone *zone, int64_t frame)
{
    struct civil civil;
    zone_to_civil(zone, frame / FRAMES_PER_SECOND, &civil);
    return (lxw_datetime){
        civil.year,   civil.month,
        civil.day,    civil.hour,
        civil.minute, civil.second + (double)(frame % FRAMES_PER_SECOND) / FRAMES_PER_SECOND};
}

static void write_cell(const struct book *book, const struct sheet *sheet, lxw_col_t column,
                       const struct report_cell *cell)
{
    struct civil civil = {0};
    lxw_datetime datetime;
    switch (cell->type) {
    case CELL_TEXT:
        worksheet_write_string(sheet->worksheet, sheet->row, column, cell->text, book->text);
        break;
    case CELL_INTEGER:
        worksheet_write_number(sheet->worksheet, sheet->row, column, (double)cell->number,
                               book->integer);
        break;
    case CELL_SECONDS:
        worksheet_write_number(sheet->worksheet, sheet->row, column, cell->seconds, book->seconds);
        break;
    case CELL_TIME:
        datetime = datetime_of(book->zone, cell->number);
        worksheet_write_datetime(sheet->worksheet, sheet->row, column, &datetime, book->time);
        break;
    case CELL_DATE:
        civil_date(cell->number, &civil);
        datetime = (lxw_datetime){.year = civil.year, .month = civil.month, .day = civil.day};
        worksheet_write_datetime(sheet->worksheet, sheet->row, column, &datetime, book->date);
        break;
    }
}

static void write_table(const struct book *book, struct sheet *sheet,
                        const struct report_table *table, bool has_heading)
{
    if (has_heading) {
        worksheet_write_string(sheet->worksheet, sheet->row++, 0, table->heading, book->heading);
    }
    for (size_t i = 0; i < table->column_count && i < WIDTHS_MOST; i++) {
        const int width = table->columns[i].width;
        worksheet_write_string(sheet->worksheet, sheet->row, (lxw_col_t)i, table->columns[i].name,
                               book->head);
        if (width > sheet->widths[i]) {
            sheet->widths[i] = width;
            worksheet_set_column(sheet->worksheet, (lxw_col_t)i, (lxw_col_t)i, width, NULL);
        }
    }
    for (size_t i = 0; i < table->cell_count; i++) {
        const size_t column = i % table->column_count;
        sheet->row += column == 0;
        write_cell(book, sheet, (lxw_col_t)column, &table->cells[i]);
    }
    sheet->row += 2;
}

static struct sheet add_sheet(const struct book *book, const char *name)
{
    struct sheet sheet = {.worksheet = workbook_add_worksheet(book->workbook, name)};
    worksheet_set_paper(sheet.worksheet, 9); /* A4 */
    worksheet_set_landscape(sheet.worksheet);
    worksheet_fit_to_pages(sheet.worksheet, 1, 0);
    return sheet;
}

static void write_summary(const struct book *book, const struct report_document *document)
{
    struct sheet sheet =
        add_sheet(book, document->is_of_one_day ? _("Daily report") : _("Weekly report"));
    worksheet_write_string(sheet.worksheet, sheet.row++, 0, document->title, book->title);
    for (size_t i = 0; i < document->line_count; i++) {
        worksheet_write_string(sheet.worksheet, sheet.row++, 0, document->lines[i], NULL);
    }
    worksheet_write_string(sheet.worksheet, sheet.row++, 0, document->verdict, book->verdict);
    worksheet_freeze_panes(sheet.worksheet, sheet.row, 0);
    sheet.row++;
    for (size_t i = 0; i < document->table_count; i++) {
        if (document->tables[i].place == TABLE_SUMMARY) {
            write_table(book, &sheet, &document->tables[i], true);
        }
    }
    for (size_t i = 0; i < document->note_count; i++) {
        worksheet_write_string(sheet.worksheet, sheet.row++, 0, document->notes[i], NULL);
    }
}

/* A sheet of its own for each table: its head is frozen, its columns can be filtered. */
static void write_details(const struct book *book, const struct report_document *document)
{
    for (size_t i = 0; i < document->table_count; i++) {
        const struct report_table *table = &document->tables[i];
        if (table->place == TABLE_SUMMARY) {
            continue;
        }
        struct sheet sheet =
            add_sheet(book, table->place == TABLE_DETAILS ? _("Details") : _("As-run"));
        write_table(book, &sheet, table, false);
        worksheet_freeze_panes(sheet.worksheet, 1, 0);
        worksheet_repeat_rows(sheet.worksheet, 0, 0);
        if (table->cell_count > 0) {
            worksheet_autofilter(sheet.worksheet, 0, 0, (lxw_row_t)report_table_rows(table),
                                 (lxw_col_t)(table->column_count - 1));
        }
    }
}

int report_write_xlsx(const char *path, const struct report_document *document)
{
    /* The library tells on standard error what it cannot open: it is tried before. */
    FILE *trial = fopen(path, "we");
    if (trial == NULL) {
        return -errno;
    }
    fclose(trial);
    struct book book = {.workbook = workbook_new(path), .zone = document->zone};
    if (book.workbook == NULL) {
        return -ENOMEM;
    }
    lxw_doc_properties properties = {.title = document->title,
                                     .created = (time_t)(document->day * 86400)};
    workbook_set_properties(book.workbook, &properties);
    make_formats(&book);
    write_summary(&book, document);
    write_details(&book, document);
    const lxw_error error = workbook_close(book.workbook);
    return error == LXW_NO_ERROR ? 0 : error == LXW_ERROR_MEMORY_MALLOC_FAILED ? -ENOMEM : -EIO;
}
