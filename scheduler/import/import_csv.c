/* SPDX-License-Identifier: MIT */
/*
 * import_csv: comma-separated values as RFC 4180 has them, and as they are:
 * separated by semicolons or tabs too, in any encoding of import_text.h, with
 * quotation marks where they should not be (told, and kept as they stand).
 */
#include "scheduler/import/import_sheet.h"

#include "playout/intl.h"
#include "scheduler/import/import_text.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *name;
    const char *at;
    const char *line_start;
    char separator;
    int line;
    struct import_cell place;
    int field_line; /* where the cell begins, from 1 */
    int field_column;
    char field[IMPORT_CELL_BYTES_MOST + 2]; /* one byte more shows that it is too long */
    size_t length;
    int marks_told; /* of quotation marks in the wrong place */
    struct import_sheet *sheet;
    struct problems *problems;
};

static int column_here(const struct reader *reader)
{
    return (int)import_text_characters(reader->line_start,
                                       (size_t)(reader->at - reader->line_start)) +
           1;
}

/* The separator that stands most often outside of quotation marks in the first lines. */
static char find_separator(const char *text)
{
    enum { LINES_LOOKED_AT = 40 };
    static const char separators[] = ",;\t";
    size_t counts[3] = {0};
    bool is_quoted = false;
    int lines = 0;
    for (const char *at = text; *at != '\0' && lines < LINES_LOOKED_AT; at++) {
        const char *found = strchr(separators, *at);
        is_quoted = is_quoted != (*at == '"');
        lines += *at == '\n';
        if (found != NULL && !is_quoted) {
            counts[found - separators]++;
        }
    }
    size_t most = 0;
    for (size_t i = 1; i < 3; i++) {
        most = counts[i] > counts[most] ? i : most;
    }
    return separators[most];
}

static void put_byte(struct reader *reader, char byte)
{
    if (reader->length < sizeof(reader->field) - 1) {
        reader->field[reader->length++] = byte;
    }
}

static void new_line(struct reader *reader)
{
    reader->line++;
    reader->line_start = reader->at;
}

/* Steps over a line's end: \r\n, \n, or the \r of an old Macintosh. */
static bool take_line_end(struct reader *reader)
{
    if (*reader->at != '\n' && *reader->at != '\r') {
        return false;
    }
    reader->at += reader->at[0] == '\r' && reader->at[1] == '\n' ? 2 : 1;
    new_line(reader);
    return true;
}

static bool ends_field(const struct reader *reader)
{
    return *reader->at == '\0' || *reader->at == '\n' || *reader->at == '\r' ||
           *reader->at == reader->separator;
}

/* What stands between quotation marks, the first of which has been taken. */
static int read_quoted(struct reader *reader)
{
    while (*reader->at != '\0') {
        if (reader->at[0] == '"' && reader->at[1] == '"') {
            put_byte(reader, '"');
            reader->at += 2;
        } else if (*reader->at == '"') {
            reader->at++;
            return 0;
        } else if (take_line_end(reader)) {
            put_byte(reader, '\n');
        } else {
            put_byte(reader, *reader->at++);
        }
    }
    problems_add(reader->problems, PROBLEM_ERROR, reader->name, reader->field_line,
                 reader->field_column,
                 _("the quotation mark that begins here is never closed; put one at the end of "
                   "the cell"));
    return -EBADMSG;
}

/* The first ones only: a file may be full of them. */
static void tell_of_mark(struct reader *reader, const char *text)
{
    enum { TOLD_MOST = 10 };
    if (reader->marks_told++ < TOLD_MOST) {
        problems_add(reader->problems, PROBLEM_WARNING, reader->name, reader->line,
                     column_here(reader), "%s", text);
    }
}

static int read_field(struct reader *reader)
{
    reader->length = 0;
    reader->field_line = reader->line;
    reader->field_column = column_here(reader);
    if (*reader->at == '"') {
        reader->at++;
        if (read_quoted(reader) < 0) {
            return -EBADMSG;
        }
    }
    if (!ends_field(reader) && reader->length > 0 && reader->at[-1] == '"') {
        tell_of_mark(reader, _("there is text after the closing quotation mark; it is taken as "
                               "part of the cell"));
    }
    while (!ends_field(reader)) {
        if (*reader->at == '"') {
            tell_of_mark(reader, _("there is a quotation mark within a cell that does not begin "
                                   "with one; it is kept"));
        }
        put_byte(reader, *reader->at++);
    }
    reader->field[reader->length] = '\0';
    return 0;
}

static int put_field(struct reader *reader)
{
    const int result = import_sheet_put(reader->sheet, &reader->place, reader->field);
    if (result == -E2BIG) {
        problems_add(reader->problems, PROBLEM_ERROR, reader->name, reader->field_line,
                     reader->field_column,
                     _("this is more than a timetable has: %d rows, %d columns, %d bytes in a cell "
                       "are the most"),
                     IMPORT_ROWS_MOST, IMPORT_COLUMNS_MOST, IMPORT_CELL_BYTES_MOST);
        return -EBADMSG;
    }
    return result;
}

static int read_records(struct reader *reader)
{
    while (*reader->at != '\0') {
        int result = read_field(reader);
        if (result == 0) {
            result = put_field(reader);
        }
        if (result < 0) {
            return result;
        }
        if (*reader->at == reader->separator) {
            reader->at++;
            reader->place.column++;
        } else if (take_line_end(reader)) {
            reader->place.row++;
            reader->place.column = 0;
        }
    }
    return 0;
}

/* A film or a picture: of text, in whatever encoding, hardly a byte is a control. */
static bool is_binary(const unsigned char *bytes, size_t size)
{
    enum { FEW = 100 };
    size_t controls = 0;
    for (size_t i = 0; i < size; i++) {
        controls += bytes[i] < ' ' && memchr("\t\n\v\f\r", bytes[i], 5) == NULL;
    }
    return controls > size / FEW;
}

int import_csv_read(const char *name, const void *bytes, size_t size, struct import_sheets *sheets,
                    struct problems *problems)
{
    struct import_text text = {0};
    struct reader reader = {.name = name, .line = 1, .problems = problems};
    assert(sheets->count == 0);
    int result = import_text_decode(bytes, size, &text);
    if (result == -EILSEQ) {
        problems_add(problems, PROBLEM_ERROR, name, 0, 0,
                     is_binary(bytes, size)
                         ? _("this is no table, but a film, a picture or the like: name the "
                             "timetable, as .csv or .xlsx (a film is taken by `ketang ingest`)")
                         : _("this is text neither in UTF-8 nor in GB18030 (GBK) nor in UTF-16; "
                             "save it as CSV UTF-8, or as .xlsx"));
        return -EBADMSG;
    }
    if (result < 0) {
        return result;
    }
    reader.sheet = import_sheet_create(NULL, false);
    if (reader.sheet == NULL) {
        result = -ENOMEM;
        goto cleanup;
    }
    reader.at = text.text;
    reader.line_start = text.text;
    reader.separator = find_separator(text.text);
    result = read_records(&reader);
    if (result == 0) {
        sheets->items[sheets->count++] = reader.sheet;
        reader.sheet = NULL;
    }

cleanup:
    import_sheet_destroy(reader.sheet);
    free(text.text);
    return result;
}
