/* SPDX-License-Identifier: MIT */
/* Workbooks made by libxlsxwriter, and zips made by hand, read from memory. */
#include "scheduler/import/import_xlsx.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include <zip.h>

#include <cmocka.h>

struct book_state {
    char path[40];
    char *bytes;
    size_t size;
    struct import_sheets sheets;
    struct problems problems;
};

static int start(void **state)
{
    struct book_state *book = calloc(1, sizeof(*book));
    strcpy(book->path, "/tmp/ketang-XXXXXX");
    const int file = mkstemp(book->path);
    assert_true(file >= 0);
    close(file);
    problems_init(&book->problems);
    *state = book;
    return 0;
}

static int stop(void **state)
{
    struct book_state *book = *state;
    unlink(book->path);
    import_sheets_finish(&book->sheets);
    problems_finish(&book->problems);
    free(book->bytes);
    free(book);
    return 0;
}

static void load(struct book_state *book)
{
    FILE *file = fopen(book->path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    book->size = (size_t)ftell(file);
    rewind(file);
    free(book->bytes);
    book->bytes = malloc(book->size + 1);
    assert_int_equal(fread(book->bytes, 1, book->size, file), book->size);
    fclose(file);
}

static int read_book(struct book_state *book)
{
    return import_xlsx_read("a.xlsx", book->bytes, book->size, &book->sheets, &book->problems);
}

static const char *text_at(const struct import_sheet *sheet, int row, int column)
{
    const struct import_cell *cell = import_sheet_at(sheet, row, column);
    return cell != NULL ? cell->text : "";
}

static void write_numbers(lxw_workbook *book, lxw_worksheet *sheet)
{
    static const struct {
        double number;
        const char *format;
    } numbers[] = {
        {0.3541666, "h:mm"},
        {0.35416666666667, "hh:mm:ss"},
        {0.604166667, "[$-804]上午/下午h\"时\"mm\"分\""},
        {1, "[h]:mm"},
        {43878, "yyyy-mm-dd"},
        {43878, "m\"月\"d\"日\""},
        {43878.354166667, "yyyy/m/d h:mm"},
        {3, "0"},
        {0.5, "0%"},
    };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        lxw_format *format = workbook_add_format(book);
        format_set_num_format(format, numbers[i].format);
        worksheet_write_number(sheet, (lxw_row_t)i, 0, numbers[i].number, format);
    }
}

static void numbers_become_what_a_person_sees(void **state)
{
    static const char *const seen[] = {
        "08:30", "08:30", "14:30", "24:00", "2020-02-17", "2020-02-17", "2020-02-17 08:30",
        "3",     "0.5"};
    struct book_state *book = *state;
    lxw_workbook *made = workbook_new(book->path);
    write_numbers(made, workbook_add_worksheet(made, "课表"));
    assert_int_equal(workbook_close(made), 0);
    load(book);
    assert_int_equal(read_book(book), 0);
    for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
        assert_string_equal(text_at(book->sheets.items[0], (int)i, 0), seen[i]);
    }
}

static void rich_texts_merged_cells_and_hidden_sheets_are_read(void **state)
{
    struct book_state *book = *state;
    lxw_workbook *made = workbook_new(book->path);
    lxw_worksheet *sheet = workbook_add_worksheet(made, "第3周");
    lxw_worksheet *hidden = workbook_add_worksheet(made, "旧");
    lxw_format *bold = workbook_add_format(made);
    format_set_bold(bold);
    char texts[][20] = {"语文", "\n春夏秋冬"};
    lxw_rich_string_tuple subject = {bold, texts[0]};
    lxw_rich_string_tuple title = {NULL, texts[1]};
    lxw_rich_string_tuple *rich[] = {&subject, &title, NULL};
    worksheet_write_rich_string(sheet, 1, 1, rich, NULL);
    worksheet_merge_range(sheet, 0, 0, 0, 3, "课程表", NULL);
    worksheet_merge_range(sheet, 2, 1, 3, 2, "眼保健操", NULL);
    worksheet_hide(hidden);
    assert_int_equal(workbook_close(made), 0);
    load(book);
    assert_int_equal(read_book(book), 0);
    assert_int_equal(book->sheets.count, 2);
    assert_string_equal(import_sheet_name(book->sheets.items[0]), "第3周");
    assert_false(import_sheet_is_hidden(book->sheets.items[0]));
    assert_true(import_sheet_is_hidden(book->sheets.items[1]));
    assert_string_equal(text_at(book->sheets.items[0], 1, 1), "语文\n春夏秋冬");
    assert_string_equal(text_at(book->sheets.items[0], 0, 3), "课程表");
    assert_string_equal(text_at(book->sheets.items[0], 3, 2), "眼保健操");
    assert_string_equal(text_at(book->sheets.items[0], 3, 3), "");
}

static void add_file(zip_t *zip, const char *name, const char *bytes, size_t size)
{
    zip_source_t *source = zip_source_buffer(zip, bytes, size, 0);
    assert_true(zip_file_add(zip, name, source, ZIP_FL_OVERWRITE) >= 0);
}

#define RELATIONS                                                                                  \
    "<Relationships><Relationship Id='r1' Target='worksheets/sheet1.xml'/></Relationships>"
#define BOOK                                                                                       \
    "<workbook xmlns:r='r'><workbookPr date1904='1'/><sheets><sheet name='a' r:id='r1'/></sheets>" \
    "</workbook>"

static void make_zip(struct book_state *book, const char *sheet, size_t size)
{
    int error = 0;
    unlink(book->path);
    zip_t *zip = zip_open(book->path, ZIP_CREATE, &error);
    assert_non_null(zip);
    add_file(zip, "xl/workbook.xml", BOOK, strlen(BOOK));
    add_file(zip, "xl/_rels/workbook.xml.rels", RELATIONS, strlen(RELATIONS));
    add_file(zip, "xl/worksheets/sheet1.xml", sheet, size);
    assert_int_equal(zip_close(zip), 0);
    load(book);
}

static void dates_may_count_from_1904(void **state)
{
    char text[IMPORT_XLSX_NUMBER_SIZE];
    (void)state;
    import_xlsx_number("42416", IMPORT_XLSX_DATE, true, text);
    assert_string_equal(text, "2020-02-17");
    import_xlsx_number("99999999", IMPORT_XLSX_DATE, false, text);
    assert_string_equal(text, "99999999");
    import_xlsx_number("0.999999", IMPORT_XLSX_TIME, false, text);
    assert_string_equal(text, "24:00");
}

static void a_zip_that_expands_without_end_is_refused(void **state)
{
    struct book_state *book = *state;
    static const char head[] = "<worksheet>";
    static const char tail[] = "</worksheet>";
    const size_t size = IMPORT_XLSX_PART_BYTES_MOST + 1;
    char *bomb = malloc(size);
    memset(bomb, ' ', size);
    for (size_t at = 1 << 20; at + 100 < size; at += 1 << 20) {
        memcpy(bomb + at, "<a/>", 4); /* no text is too long by itself: this is good XML */
    }
    memcpy(bomb, head, sizeof(head) - 1);
    memcpy(bomb + size - (sizeof(tail) - 1), tail, sizeof(tail) - 1);
    make_zip(book, bomb, size);
    free(bomb);
    assert_true(book->size < 100000);
    assert_int_equal(read_book(book), -EBADMSG);
    assert_int_equal(book->problems.errors, 1);
    assert_int_equal(book->sheets.count, 0);
}

static void definitions_of_its_own_are_refused(void **state)
{
    static const char *const sheets[] = {
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><worksheet><sheetData><row><c "
        "t='str'><v>&x;</v></c></row></sheetData></worksheet>",
        "<!DOCTYPE a [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>]><worksheet>&b;"
        "</worksheet>",
        "<!DOCTYPE worksheet><worksheet/>",
        "<worksheet><sheetData>",
        "no XML",
    };
    struct book_state *book = *state;
    for (size_t i = 0; i < sizeof(sheets) / sizeof(sheets[0]); i++) {
        make_zip(book, sheets[i], strlen(sheets[i]));
        assert_int_equal(read_book(book), -EBADMSG);
        assert_int_equal(book->problems.errors, i + 1);
    }
}

static void cells_far_away_are_told_and_left_out(void **state)
{
    static const char sheet[] =
        "<worksheet><sheetData><row r='1'><c r='A1' t='str'><v>语文</v></c></row>"
        "<row r='1048576'><c r='XFD1048576' t='str'><v>x</v></c></row></sheetData>"
        "<mergeCells><mergeCell ref='A1:XFD1'/><mergeCell ref='A1'/></mergeCells></worksheet>";
    struct book_state *book = *state;
    make_zip(book, sheet, sizeof(sheet) - 1);
    assert_int_equal(read_book(book), 0);
    assert_int_equal(book->problems.errors, 1);
    assert_int_equal(import_sheet_rows(book->sheets.items[0]), 1);
    assert_string_equal(text_at(book->sheets.items[0], 0, 0), "语文");
}

static void a_zip_that_is_no_workbook_or_is_cut_off_is_refused(void **state)
{
    struct book_state *book = *state;
    make_zip(book, "<worksheet/>", 12);
    const size_t whole = book->size;
    for (size_t size = 0; size < whole; size += 7) {
        book->size = size;
        assert_int_equal(read_book(book), -EBADMSG);
    }
    int error = 0;
    unlink(book->path);
    zip_t *zip = zip_open(book->path, ZIP_CREATE, &error);
    add_file(zip, "a.txt", "a", 1);
    assert_int_equal(zip_close(zip), 0);
    load(book);
    assert_int_equal(read_book(book), -EBADMSG);
    assert_non_null(strstr(book->problems.items[book->problems.count - 1].text, "no workbook"));
}

static void phonetic_runs_are_no_text(void **state)
{
    static const char xml[] = "<sst><si><r><t>周</t></r><r><t>一</t></r>"
                              "<rPh sb='0' eb='1'><t>zhou</t></rPh></si><si/></sst>";
    struct import_xlsx_strings strings = {.count = 0};
    (void)state;
    assert_int_equal(import_xlsx_strings_read(xml, sizeof(xml) - 1, &strings), 0);
    assert_int_equal(strings.count, 2);
    assert_string_equal(strings.items[0], "周一");
    assert_string_equal(strings.items[1], "");
    import_xlsx_strings_finish(&strings);
}

#define WITH_BOOK(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BOOK(numbers_become_what_a_person_sees),
        WITH_BOOK(rich_texts_merged_cells_and_hidden_sheets_are_read),
        cmocka_unit_test(dates_may_count_from_1904),
        WITH_BOOK(a_zip_that_expands_without_end_is_refused),
        WITH_BOOK(definitions_of_its_own_are_refused),
        WITH_BOOK(cells_far_away_are_told_and_left_out),
        WITH_BOOK(a_zip_that_is_no_workbook_or_is_cut_off_is_refused),
        cmocka_unit_test(phonetic_runs_are_no_text),
    };
    return cmocka_run_group_tests_name("import_xlsx", tests, NULL, NULL);
}
