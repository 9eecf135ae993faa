/* SPDX-License-Identifier: MIT */
/*
 * The zip around a workbook, and which sheets it has.
 *
 * A zip can claim anything: only the parts that are needed are read, each is
 * bounded while it expands (what the directory says is not believed), and so
 * is the sum.
 */
#include "scheduler/import/import_xlsx.h"

#include "playout/intl.h"
#include "scheduler/import/import_text.h"
#include "scheduler/import/import_xml.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum { NAME_SIZE = 200 };

struct part {
    char *bytes;
    size_t size;
};

struct entry {
    char name[NAME_SIZE];
    char id[NAME_SIZE];   /* of its relationship */
    char path[NAME_SIZE]; /* in the zip; empty when not known */
    bool is_hidden;
};

struct workbook {
    struct import_xlsx_book book;
    zip_t *zip;
    size_t expanded;
    struct entry entries[IMPORT_SHEETS_MOST];
    size_t entry_count;
    bool is_full; /* there are more sheets */
};

static int tell(struct workbook *workbook, const char *text)
{
    problems_add(workbook->book.problems, PROBLEM_ERROR, workbook->book.name, 0, 0, "%s", text);
    return -EBADMSG;
}

static int tell_broken(struct workbook *workbook)
{
    return tell(workbook, _("this workbook is damaged, or larger than any timetable; open it and "
                            "save it anew as .xlsx"));
}

static int grow(struct part *part, size_t *room)
{
    enum { FIRST = 1 << 16 };
    const size_t size = *room == 0 ? FIRST : *room * 2;
    char *grown = realloc(part->bytes, size);
    if (grown == NULL) {
        return -ENOMEM;
    }
    part->bytes = grown;
    *room = size;
    return 0;
}

static int expand(struct workbook *workbook, zip_file_t *file, struct part *part)
{
    size_t room = 0;
    for (;;) {
        if (part->size == room && grow(part, &room) < 0) {
            return -ENOMEM;
        }
        const zip_int64_t got = zip_fread(file, part->bytes + part->size, room - part->size);
        if (got == 0) {
            return 0;
        }
        if (got < 0) {
            return -EBADMSG;
        }
        part->size += (size_t)got;
        workbook->expanded += (size_t)got;
        if (part->size > IMPORT_XLSX_PART_BYTES_MOST ||
            workbook->expanded > IMPORT_XLSX_BYTES_MOST) {
            return -EBADMSG;
        }
    }
}

/* 0, -ENOENT when the zip has no such part, -EBADMSG (told), -ENOMEM. */
static int read_part(struct workbook *workbook, const char *path, struct part *part)
{
    *part = (struct part){0};
    const zip_int64_t index = zip_name_locate(workbook->zip, path, ZIP_FL_NOCASE);
    if (index < 0) {
        return -ENOENT;
    }
    zip_file_t *file = zip_fopen_index(workbook->zip, (zip_uint64_t)index, 0);
    if (file == NULL) {
        const int why = zip_error_code_zip(zip_get_error(workbook->zip));
        return why == ZIP_ER_NOPASSWD || why == ZIP_ER_WRONGPASSWD
                   ? tell(workbook, _("this workbook is protected by a password; open it, take the "
                                      "password away and save it as .xlsx"))
                   : tell_broken(workbook);
    }
    int result = expand(workbook, file, part);
    zip_fclose(file);
    if (result == -EBADMSG) {
        (void)tell_broken(workbook);
    }
    if (result < 0) {
        free(part->bytes);
        *part = (struct part){0};
    }
    return result;
}

static void add_entry(struct workbook *workbook, const struct import_xml *xml)
{
    char state[20];
    if (workbook->entry_count == IMPORT_SHEETS_MOST) {
        workbook->is_full = true;
        return;
    }
    struct entry *entry = &workbook->entries[workbook->entry_count++];
    *entry = (struct entry){0};
    (void)import_xml_attribute(xml, "name", entry->name, sizeof(entry->name));
    (void)import_xml_attribute(xml, "id", entry->id, sizeof(entry->id));
    (void)import_xml_attribute(xml, "state", state, sizeof(state));
    entry->is_hidden = strcmp(state, "hidden") == 0 || strcmp(state, "veryHidden") == 0;
    (void)import_text_clean(entry->name);
}

static void join_relation(struct workbook *workbook, const struct import_xml *xml)
{
    char id[NAME_SIZE];
    char target[NAME_SIZE - 4];
    if (!import_xml_attribute(xml, "Id", id, sizeof(id)) ||
        !import_xml_attribute(xml, "Target", target, sizeof(target))) {
        return;
    }
    for (size_t i = 0; i < workbook->entry_count; i++) {
        struct entry *entry = &workbook->entries[i];
        if (strcmp(entry->id, id) == 0) {
            snprintf(entry->path, sizeof(entry->path), "%s%s", target[0] == '/' ? "" : "xl/",
                     target + (target[0] == '/'));
        }
    }
}

static void read_book_element(struct workbook *workbook, const struct import_xml *xml)
{
    char value[8];
    if (import_xml_is(xml, "sheet")) {
        add_entry(workbook, xml);
    } else if (import_xml_is(xml, "Relationship")) {
        join_relation(workbook, xml);
    } else if (import_xml_is(xml, "workbookPr")) {
        workbook->book.is_1904 = import_xml_attribute(xml, "date1904", value, sizeof(value)) &&
                                 (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
    }
}

/* workbook.xml and its relations are read alike. */
static int read_book_part(struct workbook *workbook, const char *path)
{
    struct part part;
    int result = read_part(workbook, path, &part);
    if (result < 0) {
        return result == -ENOENT
                   ? tell(workbook, _("this zip is no workbook of Excel or WPS (.xlsx)"))
                   : result;
    }
    struct import_xml *xml = import_xml_open(part.bytes, part.size);
    result = xml != NULL ? 0 : -ENOMEM;
    while (result == 0) {
        const enum import_xml_event event = import_xml_next(xml);
        if (event == IMPORT_XML_DONE) {
            break;
        }
        if (event == IMPORT_XML_BROKEN) {
            result = tell_broken(workbook);
        } else if (event == IMPORT_XML_START) {
            read_book_element(workbook, xml);
        }
    }
    import_xml_close(xml);
    free(part.bytes);
    return result;
}

/* Strings and styles: a workbook without them is one without texts, or without times. */
static int read_tables(struct workbook *workbook)
{
    struct part part;
    int result = read_part(workbook, "xl/sharedStrings.xml", &part);
    if (result == 0) {
        result = import_xlsx_strings_read(part.bytes, part.size, &workbook->book.strings);
        result = result == -EBADMSG ? tell_broken(workbook) : result;
        free(part.bytes);
    }
    if (result < 0 && result != -ENOENT) {
        return result;
    }
    result = read_part(workbook, "xl/styles.xml", &part);
    if (result == 0) {
        result = import_xlsx_styles_read(part.bytes, part.size, &workbook->book.styles);
        result = result == -EBADMSG ? tell_broken(workbook) : result;
        free(part.bytes);
    }
    return result == -ENOENT ? 0 : result;
}

static int read_entry(struct workbook *workbook, const struct entry *entry,
                      struct import_sheets *sheets)
{
    struct part part;
    int result = read_part(workbook, entry->path, &part);
    if (result == -ENOENT) {
        return tell_broken(workbook);
    }
    if (result < 0) {
        return result;
    }
    struct import_sheet *sheet = import_sheet_create(entry->name, entry->is_hidden);
    result = sheet != NULL ? import_xlsx_sheet_read(&workbook->book, part.bytes, part.size, sheet)
                           : -ENOMEM;
    free(part.bytes);
    if (result == -EBADMSG) {
        (void)tell_broken(workbook);
    }
    if (result < 0) {
        import_sheet_destroy(sheet);
        return result;
    }
    sheets->items[sheets->count++] = sheet;
    return 0;
}

static int read_workbook(struct workbook *workbook, struct import_sheets *sheets)
{
    if (zip_get_num_entries(workbook->zip, 0) > IMPORT_XLSX_PARTS_MOST) {
        return tell_broken(workbook);
    }
    int result = read_book_part(workbook, "xl/workbook.xml");
    if (result == 0) {
        result = read_book_part(workbook, "xl/_rels/workbook.xml.rels");
    }
    if (result == 0) {
        result = read_tables(workbook);
    }
    if (workbook->is_full) {
        problems_add(workbook->book.problems, PROBLEM_WARNING, workbook->book.name, 0, 0,
                     _("only the first %d sheets are looked at"), IMPORT_SHEETS_MOST);
    }
    for (size_t i = 0; i < workbook->entry_count && result == 0; i++) {
        /* Chart sheets are no worksheets. */
        if (strstr(workbook->entries[i].path, "worksheets/") != NULL) {
            result = read_entry(workbook, &workbook->entries[i], sheets);
        }
    }
    return result;
}

int import_xlsx_read(const char *name, const void *bytes, size_t size, struct import_sheets *sheets,
                     struct problems *problems)
{
    struct workbook *workbook = calloc(1, sizeof(*workbook));
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes, size, 0, &error);
    int result = workbook != NULL && source != NULL ? 0 : -ENOMEM;
    assert(sheets->count == 0);
    if (result < 0) {
        goto cleanup;
    }
    workbook->book.name = name;
    workbook->book.problems = problems;
    workbook->zip = zip_open_from_source(source, ZIP_RDONLY, &error);
    if (workbook->zip == NULL) {
        result = tell_broken(workbook);
        goto cleanup;
    }
    source = NULL; /* the zip has taken it over */
    result = read_workbook(workbook, sheets);

cleanup:
    if (result < 0) {
        import_sheets_finish(sheets);
    }
    if (workbook != NULL) {
        if (workbook->zip != NULL) {
            zip_discard(workbook->zip);
        }
        import_xlsx_strings_finish(&workbook->book.strings);
        import_xlsx_styles_finish(&workbook->book.styles);
        free(workbook);
    }
    if (source != NULL) {
        zip_source_free(source);
    }
    zip_error_fini(&error);
    return result;
}
