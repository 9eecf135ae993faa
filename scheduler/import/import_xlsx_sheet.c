/* SPDX-License-Identifier: MIT */
/* The cells of a worksheet. */
#include "scheduler/import/import_xlsx.h"

#include "playout/intl.h"
#include "scheduler/import/import_text.h"
#include "scheduler/import/import_xml.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MERGES_MOST = 20000 };

struct sheet_reader {
    const struct import_xlsx_book *book;
    struct import_xml *xml;
    struct import_sheet *sheet;
    struct import_cell place; /* of the cell that is read */
    char type[16];
    long style;
    char text[IMPORT_CELL_BYTES_MOST + 2];
    size_t length;
    int phonetic;
    bool in_value;
    int merges;
    bool has_told_size;
};

/* B12: column 1, row 11; false for what is none. */
static bool read_reference(const char **at, int *row, int *column)
{
    enum { LETTERS_MOST = 3, DIGITS_MOST = 7 };
    int letters = 0;
    int digits = 0;
    int column_number = 0;
    int row_number = 0;
    for (; isalpha((unsigned char)**at) && letters < LETTERS_MOST; (*at)++, letters++) {
        column_number = column_number * 26 + (toupper((unsigned char)**at) - 'A' + 1);
    }
    for (; isdigit((unsigned char)**at) && digits < DIGITS_MOST; (*at)++, digits++) {
        row_number = row_number * 10 + (**at - '0');
    }
    if (letters == 0 || digits == 0 || row_number == 0) {
        return false;
    }
    *row = row_number - 1;
    *column = column_number - 1;
    return true;
}

static void start_row(struct sheet_reader *reader)
{
    char number[16];
    reader->place.row++;
    reader->place.column = -1;
    if (import_xml_attribute(reader->xml, "r", number, sizeof(number))) {
        const long row = strtol(number, NULL, 10);
        reader->place.row = row >= 1 && row <= IMPORT_ROWS_MOST ? (int)row - 1 : IMPORT_ROWS_MOST;
    }
}

static void start_cell(struct sheet_reader *reader)
{
    char text[16];
    const char *at = text;
    reader->place.column++;
    if (import_xml_attribute(reader->xml, "r", text, sizeof(text))) {
        (void)read_reference(&at, &reader->place.row, &reader->place.column);
    }
    (void)import_xml_attribute(reader->xml, "t", reader->type, sizeof(reader->type));
    reader->style =
        import_xml_attribute(reader->xml, "s", text, sizeof(text)) ? strtol(text, NULL, 10) : 0;
    reader->length = 0;
    reader->text[0] = '\0';
}

static void add_text(struct sheet_reader *reader, const char *text)
{
    const size_t room = sizeof(reader->text) - 1 - reader->length;
    const size_t length = strlen(text) < room ? strlen(text) : room;
    memcpy(reader->text + reader->length, text, length);
    reader->length += length;
    reader->text[reader->length] = '\0';
}

static int tell_size(struct sheet_reader *reader)
{
    char place[IMPORT_PLACE_SIZE];
    char file[IMPORT_PLACE_SIZE * 2];
    const bool is_in =
        reader->place.row < IMPORT_ROWS_MOST && reader->place.column < IMPORT_COLUMNS_MOST;
    if (reader->has_told_size) {
        return 0;
    }
    reader->has_told_size = true;
    snprintf(file, sizeof(file), "%.*s:%s",
             (int)import_text_fitting(reader->book->name, IMPORT_PLACE_SIZE - 2),
             reader->book->name,
             is_in ? import_sheet_place(reader->sheet, &reader->place, place)
                   : import_sheet_name(reader->sheet));
    problems_add(reader->book->problems, PROBLEM_ERROR, file, 0, 0,
                 _("this is more than a timetable has: %d rows, %d columns, %d bytes in a cell are "
                   "the most"),
                 IMPORT_ROWS_MOST, IMPORT_COLUMNS_MOST, IMPORT_CELL_BYTES_MOST);
    return 0;
}

static const char *value_of(const struct sheet_reader *reader, char number[IMPORT_XLSX_NUMBER_SIZE])
{
    const struct import_xlsx_book *book = reader->book;
    if (strcmp(reader->type, "s") == 0) {
        const unsigned long index = strtoul(reader->text, NULL, 10);
        return reader->length > 0 && index < book->strings.count ? book->strings.items[index] : "";
    }
    if (reader->type[0] != '\0' && strcmp(reader->type, "n") != 0) {
        return reader->text; /* inlineStr, str, d, b, e */
    }
    const bool has_style = reader->style >= 0 && (size_t)reader->style < book->styles.count;
    const enum import_xlsx_kind kind =
        has_style ? (enum import_xlsx_kind)book->styles.kinds[reader->style] : IMPORT_XLSX_PLAIN;
    import_xlsx_number(reader->text, kind, book->is_1904, number);
    return number;
}

static int end_cell(struct sheet_reader *reader)
{
    char number[IMPORT_XLSX_NUMBER_SIZE];
    if (reader->place.row >= IMPORT_ROWS_MOST || reader->place.column >= IMPORT_COLUMNS_MOST) {
        return reader->length > 0 ? tell_size(reader) : 0;
    }
    const int result = import_sheet_put(reader->sheet, &reader->place, value_of(reader, number));
    if (result == -E2BIG) {
        return tell_size(reader);
    }
    return result == -EEXIST ? 0
                             : result; /* a second value for one square is no part of the format */
}

static int merge(struct sheet_reader *reader)
{
    char text[40];
    const char *at = text;
    int rows[2];
    int columns[2];
    if (++reader->merges > MERGES_MOST) {
        return -EBADMSG;
    }
    if (!import_xml_attribute(reader->xml, "ref", text, sizeof(text)) ||
        !read_reference(&at, &rows[0], &columns[0]) || *at++ != ':' ||
        !read_reference(&at, &rows[1], &columns[1]) || rows[1] < rows[0] ||
        columns[1] < columns[0]) {
        return 0;
    }
    const struct import_cell span = {.row = rows[0],
                                     .column = columns[0],
                                     .rows = rows[1] - rows[0] + 1,
                                     .columns = columns[1] - columns[0] + 1};
    const int result = import_sheet_merge(reader->sheet, &span);
    return result == -EINVAL ? 0 : result; /* far away, or damaged: the cells stay single */
}

static int sheet_event(struct sheet_reader *reader, enum import_xml_event event)
{
    const bool is_start = event == IMPORT_XML_START;
    const struct import_xml *xml = reader->xml;
    if (event == IMPORT_XML_TEXT) {
        if (reader->in_value && reader->phonetic == 0) {
            add_text(reader, import_xml_text(xml));
        }
    } else if (import_xml_is(xml, "v") || import_xml_is(xml, "t")) {
        reader->in_value = is_start;
    } else if (import_xml_is(xml, "rPh")) {
        reader->phonetic += is_start ? 1 : -1;
    } else if (import_xml_is(xml, "c")) {
        if (!is_start) {
            return end_cell(reader);
        }
        start_cell(reader);
    } else if (is_start && import_xml_is(xml, "row")) {
        start_row(reader);
    } else if (is_start && import_xml_is(xml, "mergeCell")) {
        return merge(reader);
    }
    return 0;
}

int import_xlsx_sheet_read(const struct import_xlsx_book *book, const void *bytes, size_t size,
                           struct import_sheet *sheet)
{
    struct sheet_reader *reader = calloc(1, sizeof(*reader));
    if (reader == NULL) {
        return -ENOMEM;
    }
    reader->book = book;
    reader->sheet = sheet;
    reader->place.row = -1;
    reader->xml = import_xml_open(bytes, size);
    int result = reader->xml != NULL ? 0 : -ENOMEM;
    while (result == 0) {
        const enum import_xml_event event = import_xml_next(reader->xml);
        if (event == IMPORT_XML_DONE) {
            break;
        }
        result = event == IMPORT_XML_BROKEN ? -EBADMSG : sheet_event(reader, event);
    }
    import_xml_close(reader->xml);
    free(reader);
    return result;
}
