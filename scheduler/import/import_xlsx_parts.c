/* SPDX-License-Identifier: MIT */
/* Shared strings and styles of a workbook. */
#include "scheduler/import/import_xlsx.h"

#include "scheduler/import/import_clock.h"
#include "scheduler/import/import_date.h"
#include "scheduler/import/import_text.h"
#include "scheduler/import/import_xml.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- Strings ---------------------------------------------------------------- */

struct string_reader {
    struct import_xml *xml;
    struct import_xlsx_strings *strings;
    char text[IMPORT_CELL_BYTES_MOST + 2]; /* one byte more shows that it is too long */
    size_t length;
    int phonetic; /* depth within a phonetic run, whose text is no part of the cell's */
    bool in_text;
};

static int put_string(struct string_reader *reader)
{
    enum { STEP = 256 };
    struct import_xlsx_strings *strings = reader->strings;
    if (strings->count == IMPORT_XLSX_STRINGS_MOST) {
        return -EBADMSG;
    }
    if (strings->count % STEP == 0) {
        char **grown = realloc(strings->items, (strings->count + STEP) * sizeof(*grown));
        if (grown == NULL) {
            return -ENOMEM;
        }
        strings->items = grown;
    }
    reader->text[reader->length] = '\0';
    strings->items[strings->count] = strdup(reader->text);
    if (strings->items[strings->count] == NULL) {
        return -ENOMEM;
    }
    strings->count++;
    return 0;
}

static void add_text(struct string_reader *reader, const char *text)
{
    const size_t room = sizeof(reader->text) - 1 - reader->length;
    const size_t length = import_text_fitting(text, room);
    memcpy(reader->text + reader->length, text, length);
    reader->length += length;
    if (length < strlen(text)) {
        reader->length = sizeof(reader->text) - 1;
        memset(reader->text, '?', reader->length); /* too long: the sheet tells where */
    }
}

static int string_event(struct string_reader *reader, enum import_xml_event event)
{
    const bool is_start = event == IMPORT_XML_START;
    if (event == IMPORT_XML_TEXT) {
        if (reader->in_text && reader->phonetic == 0) {
            add_text(reader, import_xml_text(reader->xml));
        }
    } else if (import_xml_is(reader->xml, "t")) {
        reader->in_text = is_start;
    } else if (import_xml_is(reader->xml, "rPh")) {
        reader->phonetic += is_start ? 1 : -1;
    } else if (import_xml_is(reader->xml, "si")) {
        if (!is_start) {
            return put_string(reader);
        }
        reader->length = 0;
    }
    return 0;
}

int import_xlsx_strings_read(const void *bytes, size_t size, struct import_xlsx_strings *strings)
{
    struct string_reader reader = {.xml = import_xml_open(bytes, size), .strings = strings};
    int result = reader.xml != NULL ? 0 : -ENOMEM;
    while (result == 0) {
        const enum import_xml_event event = import_xml_next(reader.xml);
        if (event == IMPORT_XML_DONE) {
            break;
        }
        result = event == IMPORT_XML_BROKEN ? -EBADMSG : string_event(&reader, event);
    }
    import_xml_close(reader.xml);
    return result;
}

void import_xlsx_strings_finish(struct import_xlsx_strings *strings)
{
    for (size_t i = 0; i < strings->count; i++) {
        free(strings->items[i]);
    }
    free(strings->items);
    *strings = (struct import_xlsx_strings){0};
}

/* --- Styles ----------------------------------------------------------------- */

/* A number format of the workbook's own. */
struct own_format {
    int id;
    enum import_xlsx_kind kind;
};

struct style_reader {
    struct import_xml *xml;
    struct import_xlsx_styles *styles;
    struct own_format *formats;
    size_t format_count;
    bool in_cell_formats; /* cellXfs, not cellStyleXfs */
};

static enum import_xlsx_kind kind_of(bool has_date, bool has_time)
{
    return has_date && has_time ? IMPORT_XLSX_DATE_TIME
           : has_date           ? IMPORT_XLSX_DATE
           : has_time           ? IMPORT_XLSX_TIME
                                : IMPORT_XLSX_PLAIN;
}

/* The letters of a format code outside of quotation marks, brackets and escapes. */
static enum import_xlsx_kind kind_of_code(const char *code)
{
    bool has_day = false;
    bool has_month = false;
    bool has_hour = false;
    for (const char *at = code; *at != '\0'; at++) {
        const char letter = (char)tolower((unsigned char)*at);
        if (*at == '"') {
            const char *end = strchr(at + 1, '"');
            at = end != NULL ? end : at + strlen(at) - 1;
        } else if (*at == '[' && tolower((unsigned char)at[1]) != 'h') {
            const char *end = strchr(at, ']');
            at = end != NULL ? end : at + strlen(at) - 1;
        } else if (*at == '\\' && at[1] != '\0') {
            at++;
        }
        has_day = has_day || letter == 'd' || letter == 'y';
        has_month = has_month || letter == 'm';
        has_hour = has_hour || letter == 'h' || letter == 's';
    }
    if (strncasecmp(code, "general", 7) == 0) {
        return IMPORT_XLSX_PLAIN;
    }
    return kind_of(has_day || (has_month && !has_hour), has_hour);
}

/* The built-in formats, those of Chinese Excel too (ECMA-376 part 1, 18.8.30). */
static enum import_xlsx_kind kind_of_id(const struct style_reader *reader, int id)
{
    for (size_t i = 0; i < reader->format_count; i++) {
        if (reader->formats[i].id == id) {
            return reader->formats[i].kind;
        }
    }
    const bool is_date = (id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 ||
                         (id >= 50 && id <= 54) || id == 57 || id == 58;
    const bool is_time = (id >= 18 && id <= 21) || (id >= 32 && id <= 35) ||
                         (id >= 45 && id <= 47) || id == 55 || id == 56;
    return id == 22 ? IMPORT_XLSX_DATE_TIME : kind_of(is_date, is_time);
}

static int add_format(struct style_reader *reader)
{
    char id[16];
    char code[200];
    if (!import_xml_attribute(reader->xml, "numFmtId", id, sizeof(id)) ||
        !import_xml_attribute(reader->xml, "formatCode", code, sizeof(code))) {
        return 0;
    }
    enum { FORMATS_MOST = 1000 };
    if (reader->format_count == FORMATS_MOST) {
        return -EBADMSG;
    }
    struct own_format *grown =
        realloc(reader->formats, (reader->format_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    reader->formats = grown;
    grown[reader->format_count++] =
        (struct own_format){(int)strtol(id, NULL, 10), kind_of_code(code)};
    return 0;
}

static int add_style(struct style_reader *reader)
{
    enum { STEP = 256 };
    char id[16];
    struct import_xlsx_styles *styles = reader->styles;
    if (styles->count == IMPORT_XLSX_STYLES_MOST) {
        return -EBADMSG;
    }
    if (styles->count % STEP == 0) {
        uint8_t *grown = realloc(styles->kinds, styles->count + STEP);
        if (grown == NULL) {
            return -ENOMEM;
        }
        styles->kinds = grown;
    }
    (void)import_xml_attribute(reader->xml, "numFmtId", id, sizeof(id));
    styles->kinds[styles->count++] = (uint8_t)kind_of_id(reader, (int)strtol(id, NULL, 10));
    return 0;
}

static int style_event(struct style_reader *reader, enum import_xml_event event)
{
    if (event == IMPORT_XML_TEXT) {
        return 0;
    }
    if (import_xml_is(reader->xml, "cellXfs")) {
        reader->in_cell_formats = event == IMPORT_XML_START;
    } else if (event == IMPORT_XML_START && import_xml_is(reader->xml, "numFmt")) {
        return add_format(reader);
    } else if (event == IMPORT_XML_START && reader->in_cell_formats &&
               import_xml_is(reader->xml, "xf")) {
        return add_style(reader);
    }
    return 0;
}

int import_xlsx_styles_read(const void *bytes, size_t size, struct import_xlsx_styles *styles)
{
    struct style_reader reader = {.xml = import_xml_open(bytes, size), .styles = styles};
    int result = reader.xml != NULL ? 0 : -ENOMEM;
    while (result == 0) {
        const enum import_xml_event event = import_xml_next(reader.xml);
        if (event == IMPORT_XML_DONE) {
            break;
        }
        result = event == IMPORT_XML_BROKEN ? -EBADMSG : style_event(&reader, event);
    }
    import_xml_close(reader.xml);
    free(reader.formats);
    return result;
}

void import_xlsx_styles_finish(struct import_xlsx_styles *styles)
{
    free(styles->kinds);
    *styles = (struct import_xlsx_styles){0};
}

/* --- Numbers ---------------------------------------------------------------- */

/* Day 1 is 1900-01-01, and 1900 is taken for a leap year, as Lotus 1-2-3 did. */
static struct import_date date_of(int serial, bool is_1904)
{
    enum { DAYS_TO_1970 = 25569, DAYS_1904 = 1462 };
    return import_date_of(serial + (is_1904 ? DAYS_1904 : 0) - DAYS_TO_1970);
}

void import_xlsx_number(const char *value, enum import_xlsx_kind kind, bool is_1904,
                        char text[IMPORT_XLSX_NUMBER_SIZE])
{
    enum { SERIAL_LEAST = 61, SERIAL_MOST = 109574 }; /* 1900-03-01, 2199-12-31 */
    double number = 0;
    char time[IMPORT_CLOCK_TEXT_SIZE];
    snprintf(text, IMPORT_XLSX_NUMBER_SIZE, "%.*s",
             (int)import_text_fitting(value, IMPORT_XLSX_NUMBER_SIZE - 1), value);
    if (kind == IMPORT_XLSX_PLAIN || import_clock_number(value, &number) < 0 || number < 0 ||
        number > SERIAL_MOST) {
        return;
    }
    int days = (int)number;
    int seconds = (int)((number - days) * IMPORT_CLOCK_DAY + 0.5);
    if (kind == IMPORT_XLSX_TIME && days == 1 && seconds == 0) {
        strcpy(text, "24:00");
        return;
    }
    if (seconds == IMPORT_CLOCK_DAY) {
        days += kind != IMPORT_XLSX_TIME;
        seconds = kind != IMPORT_XLSX_TIME ? 0 : seconds;
    }
    import_clock_text(seconds, time);
    if (kind == IMPORT_XLSX_TIME || days < SERIAL_LEAST) {
        snprintf(text, IMPORT_XLSX_NUMBER_SIZE, "%s", time);
        return;
    }
    const struct import_date date = date_of(days, is_1904);
    snprintf(text, IMPORT_XLSX_NUMBER_SIZE, "%d-%02d-%02d%s%s", date.year, date.month, date.day,
             seconds > 0 ? " " : "", seconds > 0 ? time : "");
}
