/* SPDX-License-Identifier: MIT */
/* Which format a file has, and who reads it. */
#include "scheduler/import/import_readers.h"

#include "playout/intl.h"
#include "scheduler/import/import_before.h"
#include "scheduler/import/import_grid.h"
#include "scheduler/import/import_taken.h"
#include "scheduler/import/import_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum container {
    CONTAINER_TEXT,
    CONTAINER_ZIP,
    CONTAINER_OLE,
    CONTAINER_XML,
    CONTAINER_JSON,
};

static enum container container_of(const unsigned char *bytes, size_t size)
{
    if (size >= 4 && memcmp(bytes, "PK\x03\x04", 4) == 0) {
        return CONTAINER_ZIP;
    }
    if (size >= 8 && memcmp(bytes, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0) {
        return CONTAINER_OLE;
    }
    size_t at = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < size && strchr(" \t\r\n", bytes[at]) != NULL && bytes[at] != '\0') {
        at++;
    }
    if (at < size && bytes[at] == '<') {
        return CONTAINER_XML;
    }
    return at < size && (bytes[at] == '[' || bytes[at] == '{') ? CONTAINER_JSON : CONTAINER_TEXT;
}

static bool holds(const unsigned char *bytes, size_t size, const char *utf16)
{
    /* Names within OLE files are UTF-16; ASCII letters with a 0 between them. */
    const size_t length = strlen(utf16);
    for (size_t at = 0; at + 2 * length <= size; at++) {
        size_t same = 0;
        while (same < length && bytes[at + 2 * same] == (unsigned char)utf16[same] &&
               bytes[at + 2 * same + 1] == 0) {
            same++;
        }
        if (same == length) {
            return true;
        }
    }
    return false;
}

static int refuse_ole(struct import *import, const void *bytes, size_t size)
{
    if (holds(bytes, size, "EncryptedPackage")) {
        import_report(import, PROBLEM_ERROR, NULL,
                      _("this workbook is protected by a password; open it, take the password away "
                        "and save it as .xlsx"));
    } else {
        import_report(import, PROBLEM_ERROR, NULL,
                      _("this is an old Excel workbook (.xls); open it and save it as .xlsx "
                        "(另存为 .xlsx)"));
    }
    return -EBADMSG;
}

static bool may_be_timetable(const struct import_sheet *sheet)
{
    struct import_shape *shape = malloc(sizeof(*shape));
    const bool is_one =
        !import_sheet_is_hidden(sheet) && shape != NULL && import_shape_find(sheet, shape);
    free(shape);
    return is_one;
}

/* The one that is named; else the first with a head, or, for a turned one, with anything. */
static struct import_sheet *find_sheet(const struct import_request *request,
                                       struct import_sheets *sheets)
{
    struct import_sheet *filled = NULL;
    for (size_t i = 0; i < sheets->count; i++) {
        struct import_sheet *sheet = sheets->items[i];
        const char *name = import_sheet_name(sheet);
        const bool is_named =
            request->sheet != NULL && name != NULL && strcmp(request->sheet, name) == 0;
        if (is_named || (request->sheet == NULL && may_be_timetable(sheet))) {
            return sheet;
        }
        if (filled == NULL && !import_sheet_is_hidden(sheet) && import_sheet_rows(sheet) > 0) {
            filled = sheet;
        }
    }
    return request->sheet == NULL ? filled : NULL;
}

/* Which sheets there are: 第3周，第4周 (hidden).  NULL when out of memory; the caller frees it. */
static char *list_sheets(const struct import_sheets *sheets)
{
    char *list = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&list, &size);
    for (size_t i = 0; i < sheets->count && out != NULL; i++) {
        const struct import_sheet *sheet = sheets->items[i];
        fprintf(out, "%s%s%s", i > 0 ? _(", ") : "", import_sheet_name(sheet),
                import_sheet_is_hidden(sheet) ? _(" (hidden)") : "");
    }
    if (out != NULL && fclose(out) != 0) {
        free(list);
        list = NULL;
    }
    return list;
}

static void tell_no_sheet(struct import *import, const char *wanted,
                          const struct import_sheets *sheets)
{
    if (sheets->count > 0 && import_sheet_name(sheets->items[0]) == NULL) {
        import_report(import, PROBLEM_ERROR, NULL,
                      _("this is no workbook, and has no sheet called '%s'; leave --sheet out"),
                      wanted);
        return;
    }
    char *list = list_sheets(sheets);
    import_report(import, PROBLEM_ERROR, NULL,
                  _("there is no sheet called '%s'; this workbook has: %s"), wanted,
                  list != NULL ? list : "");
    free(list);
}

static struct import_sheet *choose_sheet(struct import *import,
                                         const struct import_request *request,
                                         struct import_sheets *sheets)
{
    struct import_sheet *chosen = find_sheet(request, sheets);
    for (size_t i = 0; i < sheets->count && request->sheet == NULL; i++) {
        const struct import_sheet *sheet = sheets->items[i];
        const char *name = import_sheet_name(sheet);
        if (sheet != chosen && name != NULL && import_sheet_rows(sheet) > 0) {
            import_report(import, PROBLEM_WARNING, name,
                          import_sheet_is_hidden(sheet)
                              ? _("this sheet is hidden and is not read; say --sheet to read it")
                              : _("this sheet is not read; say --sheet to read it"));
        }
    }
    if (chosen == NULL && request->sheet != NULL) {
        tell_no_sheet(import, request->sheet, sheets);
    } else if (chosen == NULL) {
        import_report(import, PROBLEM_ERROR, NULL, _("there is nothing in this file"));
    }
    return chosen;
}

static int read_sheet(struct import *import, const struct import_request *request,
                      struct import_sheet *sheet)
{
    if (import_sheet_cleaned(sheet) > 0) {
        import_report(import, PROBLEM_WARNING, import_sheet_name(sheet),
                      _("%zu invisible characters (zero-width, direction marks) were taken away"),
                      import_sheet_cleaned(sheet));
    }
    enum import_format format = request->format;
    if (format == IMPORT_FORMAT_DETECT) {
        format = import_wakeup_knows(sheet) ? IMPORT_FORMAT_WAKEUP
                 : import_fet_knows(sheet)  ? IMPORT_FORMAT_FET
                                            : IMPORT_FORMAT_GRID;
    }
    if (format == IMPORT_FORMAT_WAKEUP) {
        return import_wakeup_read(import, sheet);
    }
    return format == IMPORT_FORMAT_FET ? import_fet_read(import, request, sheet)
                                       : import_grid_read(import, request, sheet);
}

static int read_sheets(struct import *import, const struct import_request *request,
                       const void *bytes, size_t size)
{
    struct import_sheets sheets = {.count = 0};
    const bool is_zip = container_of(bytes, size) == CONTAINER_ZIP;
    int result = is_zip ? import_xlsx_read(import->file, bytes, size, &sheets, &import->problems)
                        : import_csv_read(import->file, bytes, size, &sheets, &import->problems);
    if (result == 0) {
        struct import_sheet *sheet = choose_sheet(import, request, &sheets);
        result = sheet != NULL ? read_sheet(import, request, sheet) : -EBADMSG;
    }
    import_sheets_finish(&sheets);
    return result;
}

static int read_format(struct import *import, const struct import_request *request,
                       const void *bytes, size_t size)
{
    const enum container container = container_of(bytes, size);
    if (container == CONTAINER_OLE) {
        return refuse_ole(import, bytes, size);
    }
    const bool is_detected = request->format == IMPORT_FORMAT_DETECT;
    if (request->format == IMPORT_FORMAT_ASC || (is_detected && container == CONTAINER_XML)) {
        return import_asc_read(import, request, bytes, size);
    }
    if (request->format == IMPORT_FORMAT_HOLIDAYS || (is_detected && container == CONTAINER_JSON)) {
        return import_holidays_read(import, bytes, size);
    }
    return read_sheets(import, request, bytes, size);
}

/* Formats of pupils' and of timetabling programs know less than a channel needs. */
static void tell_what_lacks(struct import *import, bool is_addition)
{
    size_t timed = 0;
    for (size_t i = 0; i < import->period_count; i++) {
        timed += import->periods[i].has_time;
    }
    if (!import->has_titles && import->lesson_count > 0) {
        import_report(import, PROBLEM_WARNING, NULL,
                      _("this format has no titles of lessons; the subjects stand for them"));
    }
    if (!import->has_titles && timed == 0 && import->period_count > 0 && !is_addition) {
        import_report(import, PROBLEM_ERROR, NULL,
                      _("this file does not say when its periods are; fill in start and end of "
                        "each, or import it with --week into a timetable that has them"));
    }
}

int import_read(struct import *import, const struct import_request *request, const void *bytes,
                size_t size)
{
    if (size > IMPORT_FILE_BYTES_MOST) {
        import_report(import, PROBLEM_ERROR, NULL,
                      _("this file is too large for a timetable (%d MB are the most)"),
                      IMPORT_FILE_BYTES_MOST >> 20);
        return -EBADMSG;
    }
    int result = read_format(import, request, bytes, size);
    if (result == -E2BIG) {
        result = -EBADMSG; /* told by whoever found it */
    }
    if (result < 0) {
        return result;
    }
    if (request->week > 0) {
        if (import->week > 0 && import->week != request->week) {
            import_report(import, PROBLEM_ERROR, NULL,
                          _("this is said to be week %d, but the file itself says week %d"),
                          request->week, import->week);
        }
        import->week = request->week;
    }
    tell_what_lacks(import, request->week > 0);
    result = import_check(import);
    if (result < 0) {
        return result;
    }
    result = import_number_lessons(import, request->prefix != NULL ? request->prefix : "KT",
                                   request->known);
    if (result == 0 && request->known != NULL) {
        import_tell_lost_grades(import, request->known);
        result = import_find_before(import, request->known);
    }
    return result == 0 && request->known != NULL ? import_take_keys(import, request->known)
                                                 : result;
}
