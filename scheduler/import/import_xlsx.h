/* SPDX-License-Identifier: MIT */
/*
 * import_xlsx: the parts of an .xlsx workbook (ECMA-376 part 1, 18).
 *
 * A workbook is a zip of XML files: workbook.xml names the sheets, its .rels
 * where they are, sharedStrings.xml holds their texts and styles.xml says
 * which numbers are times and dates.  Used by import_xlsx_read() alone.
 */
#ifndef SCHEDULER_IMPORT_XLSX_H
#define SCHEDULER_IMPORT_XLSX_H

#include "scheduler/import/import_sheet.h"

#include <stdint.h>

enum {
    IMPORT_XLSX_PART_BYTES_MOST = 32 << 20, /* of one file of the zip, expanded */
    IMPORT_XLSX_BYTES_MOST = 64 << 20,      /* of all that are read */
    IMPORT_XLSX_PARTS_MOST = 2000,
    IMPORT_XLSX_STRINGS_MOST = 200000,
    IMPORT_XLSX_STYLES_MOST = 20000,
};

struct import_xlsx_strings {
    char **items;
    size_t count;
    size_t bytes;
};

/* What numbers of a style are. */
enum import_xlsx_kind {
    IMPORT_XLSX_PLAIN,
    IMPORT_XLSX_DATE,
    IMPORT_XLSX_TIME,
    IMPORT_XLSX_DATE_TIME,
};

struct import_xlsx_styles {
    uint8_t *kinds; /* of the cell formats, enum import_xlsx_kind */
    size_t count;
};

/*
 * 0, -EBADMSG when the XML is broken or more than the bounds, -ENOMEM.  The
 * finish functions accept zeroed ones.
 */
int import_xlsx_strings_read(const void *xml, size_t size, struct import_xlsx_strings *strings);
void import_xlsx_strings_finish(struct import_xlsx_strings *strings);

int import_xlsx_styles_read(const void *xml, size_t size, struct import_xlsx_styles *styles);
void import_xlsx_styles_finish(struct import_xlsx_styles *styles);

enum { IMPORT_XLSX_NUMBER_SIZE = 40 };

/*
 * A number as a person sees it: 0.354166 of a time is `08:30`, 43878 of a date
 * `2020-02-17`.  What is plain, or no number, is copied.
 */
void import_xlsx_number(const char *value, enum import_xlsx_kind kind, bool is_1904,
                        char text[IMPORT_XLSX_NUMBER_SIZE]);

/* What a sheet needs of its workbook. */
struct import_xlsx_book {
    const char *name; /* of the file, in messages */
    struct import_xlsx_strings strings;
    struct import_xlsx_styles styles;
    bool is_1904;
    struct problems *problems;
};

/* Reads the cells of one sheet's XML.  0, -EBADMSG (told), -ENOMEM. */
int import_xlsx_sheet_read(const struct import_xlsx_book *book, const void *xml, size_t size,
                           struct import_sheet *sheet);

#endif
