/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_sheet.h"

#include "scheduler/import/import_grid.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct read_state {
    struct import_sheets sheets;
    struct problems problems;
};

static int start(void **state)
{
    struct read_state *read = calloc(1, sizeof(*read));
    problems_init(&read->problems);
    *state = read;
    return 0;
}

static int stop(void **state)
{
    struct read_state *read = *state;
    import_sheets_finish(&read->sheets);
    problems_finish(&read->problems);
    free(read);
    return 0;
}

static int read_csv(struct read_state *read, const char *text)
{
    return import_csv_read("a.csv", text, strlen(text), &read->sheets, &read->problems);
}

static void expect_cell(const struct import_sheet *sheet, int row, int column, const char *text,
                        const char *place)
{
    char room[IMPORT_PLACE_SIZE];
    const struct import_cell *cell = import_sheet_at(sheet, row, column);
    if (text == NULL) {
        assert_null(cell);
        return;
    }
    assert_non_null(cell);
    assert_string_equal(cell->text, text);
    assert_string_equal(import_sheet_place(sheet, cell, room), place);
}

static void csv_is_read_as_rfc_4180_has_it(void **state)
{
    struct read_state *read = *state;
    assert_int_equal(read_csv(read, "节次,\"周一\"\r\n1,\"语文\r\n\"\"春\"\"夏\"\r\n,  ,数学\n"),
                     0);
    const struct import_sheet *sheet = read->sheets.items[0];
    assert_int_equal(import_sheet_rows(sheet), 3);
    assert_int_equal(import_sheet_columns(sheet), 3);
    expect_cell(sheet, 0, 1, "周一", "B1");
    expect_cell(sheet, 1, 1, "语文\n\"春\"夏", "B2");
    expect_cell(sheet, 2, 1, NULL, NULL);
    expect_cell(sheet, 2, 2, "数学", "C3");
    assert_int_equal(read->problems.count, 0);
}

static void separators_are_found_out(void **state)
{
    static const char *const texts[] = {"a;b,c;d\n1;2;3\n", "a\tb,c\td\n1\t2\t3\n",
                                        "a,\"b;c;d;e;f;g;h\",d\n1,2,3"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct read_state read = {.sheets = {.count = 0}};
        problems_init(&read.problems);
        assert_int_equal(read_csv(&read, texts[i]), 0);
        assert_int_equal(import_sheet_columns(read.sheets.items[0]), 3);
        import_sheets_finish(&read.sheets);
        problems_finish(&read.problems);
    }
}

static void sloppy_quotation_marks_are_kept_and_told(void **state)
{
    struct read_state *read = *state;
    assert_int_equal(read_csv(read, "Unit 1 \"Could\",\"a\"b\n"), 0);
    expect_cell(read->sheets.items[0], 0, 0, "Unit 1 \"Could\"", "A1");
    expect_cell(read->sheets.items[0], 0, 1, "ab", "B1");
    assert_int_equal(read->problems.count, 3);
    assert_int_equal(read->problems.errors, 0);
}

static void an_open_quotation_mark_is_an_error_with_its_place(void **state)
{
    struct read_state *read = *state;
    assert_int_equal(read_csv(read, "a,b\nc,\"d\ne\n"), -EBADMSG);
    assert_int_equal(read->sheets.count, 0);
    assert_int_equal(read->problems.errors, 1);
    assert_int_equal(read->problems.items[0].line, 2);
    assert_int_equal(read->problems.items[0].column, 3);
}

static void what_is_more_than_a_timetable_has_is_refused(void **state)
{
    struct read_state *read = *state;
    const size_t size = IMPORT_COLUMNS_MOST + 2;
    char *wide = malloc(size + 1);
    memset(wide, ',', size);
    wide[size - 1] = 'x';
    wide[size] = '\0';
    assert_int_equal(read_csv(read, wide), -EBADMSG);
    free(wide);
    char *lines = malloc(2 * IMPORT_ROWS_MOST + 3);
    lines[0] = '\0';
    memset(lines, '\n', 2 * IMPORT_ROWS_MOST);
    strcpy(lines + 2 * IMPORT_ROWS_MOST, "x");
    assert_int_equal(read_csv(read, lines), -EBADMSG);
    free(lines);
    char *longer = malloc(IMPORT_CELL_BYTES_MOST + 2);
    memset(longer, 'x', IMPORT_CELL_BYTES_MOST + 1);
    longer[IMPORT_CELL_BYTES_MOST + 1] = '\0';
    assert_int_equal(read_csv(read, longer), -EBADMSG);
    longer[IMPORT_CELL_BYTES_MOST] = '\0';
    assert_int_equal(read_csv(read, longer), 0);
    free(longer);
    assert_int_equal(read->problems.errors, 3);
}

static void a_film_is_told_from_text_in_another_encoding(void **state)
{
    struct read_state *read = *state;
    static const char film[] = "\0\0\0\x18"
                               "ftypmp42\0\0\0\0mp42isom\0\x01\x02\xff";
    static const char latin[] = "p\xe9riode,heure,lundi\n1,8:00-8:40,fran\xe7"
                                "ais\n\xff";
    assert_int_equal(
        import_csv_read("film.mp4", film, sizeof(film), &read->sheets, &read->problems), -EBADMSG);
    assert_non_null(strstr(read->problems.items[0].text, "no table, but a film"));
    assert_int_equal(read_csv(read, latin), -EBADMSG);
    assert_non_null(strstr(read->problems.items[1].text, "text neither in UTF-8"));
}

/* The label A2:A4 is of one row; those below it have no lesson, and nothing to tell of. */
static void rows_below_a_merged_label_are_not_told_to_be_empty(void **state)
{
    struct read_state *read = *state;
    static struct import import;
    const struct import_request request = {.format = IMPORT_FORMAT_GRID};
    const struct import_cell span = {.row = 1, .column = 0, .rows = 3, .columns = 1};
    assert_int_equal(read_csv(read, "时间,周一,周二\n8:00-8:40,语文 甲,数学 乙\n,-,\n,,\n"
                                    "9:00-9:40,语文 丙,\n10:00-10:40,-,\n"),
                     0);
    assert_int_equal(import_sheet_merge(read->sheets.items[0], &span), 0);
    assert_int_equal(import_init(&import, "a.csv"), 0);
    assert_int_equal(import_grid_read(&import, &request, read->sheets.items[0]), 0);
    assert_int_equal(import.period_count, 2);
    assert_int_equal(import.problems.count, 1);
    assert_string_equal(import.problems.items[0].file, "a.csv:A6");
    assert_non_null(strstr(import.problems.items[0].text, "no lesson at 10:00-10:40 on any day"));
    import_finish(&import);
}

static void spans_lead_to_their_cell_also_when_the_sheet_is_turned(void **state)
{
    struct read_state *read = *state;
    struct import_sheet *sheet = import_sheet_create("课表", false);
    read->sheets.items[read->sheets.count++] = sheet;
    const struct import_cell a1 = {.row = 0, .column = 0};
    const struct import_cell b2 = {.row = 1, .column = 1};
    const struct import_cell aa5 = {.row = 4, .column = 26};
    assert_int_equal(import_sheet_put(sheet, &a1, "甲"), 0);
    assert_int_equal(import_sheet_put(sheet, &a1, "乙"), -EEXIST);
    assert_int_equal(import_sheet_put(sheet, &b2, "丙"), 0);
    assert_int_equal(import_sheet_put(sheet, &aa5, "丁"), 0);
    const struct import_cell span = {.row = 0, .column = 0, .rows = 1, .columns = 3};
    const struct import_cell across = {.row = 0, .column = 2, .rows = 2, .columns = 1};
    const struct import_cell far = {.row = 0, .column = 0, .rows = 1, .columns = 5000};
    assert_int_equal(import_sheet_merge(sheet, &span), 0);
    assert_int_equal(import_sheet_merge(sheet, &span), -EINVAL);
    assert_int_equal(import_sheet_merge(sheet, &far), -EINVAL);
    assert_int_equal(import_sheet_merge(sheet, &across), 0); /* no cell begins there */
    expect_cell(sheet, 0, 2, "甲", "课表!A1");
    assert_null(import_sheet_origin(sheet, 0, 2));
    expect_cell(sheet, 4, 26, "丁", "课表!AA5");
    assert_int_equal(import_sheet_turn(sheet), 0);
    expect_cell(sheet, 2, 0, "甲", "课表!A1");
    assert_int_equal(import_sheet_at(sheet, 2, 0)->rows, 3);
    assert_int_equal(import_sheet_at(sheet, 2, 0)->columns, 1);
    expect_cell(sheet, 1, 1, "丙", "课表!B2");
    expect_cell(sheet, 26, 4, "丁", "课表!AA5");
}

#define WITH_READ(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_READ(csv_is_read_as_rfc_4180_has_it),
        WITH_READ(separators_are_found_out),
        WITH_READ(sloppy_quotation_marks_are_kept_and_told),
        WITH_READ(an_open_quotation_mark_is_an_error_with_its_place),
        WITH_READ(what_is_more_than_a_timetable_has_is_refused),
        WITH_READ(a_film_is_told_from_text_in_another_encoding),
        WITH_READ(rows_below_a_merged_label_are_not_told_to_be_empty),
        WITH_READ(spans_lead_to_their_cell_also_when_the_sheet_is_turned),
    };
    return cmocka_run_group_tests_name("import_sheet", tests, NULL, NULL);
}
