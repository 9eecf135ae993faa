/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_formats.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define LINE_END        "\r\n"

/* Excel calculates behind blanks, too, and in China what begins with a full-width sign. */
static bool is_formula(const char *text)
{
    static const char *const signs[] = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};
    text += strspn(text, " \t\r\n");
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (strncmp(text, signs[i], strlen(signs[i])) == 0) {
            return true;
        }
    }
    return false;
}

void report_write_csv_field(FILE *out, const char *text)
{
    const char *guard = is_formula(text) ? "'" : "";
    const char *quote = strpbrk(text, "\",\r\n") != NULL ? "\"" : "";
    fprintf(out, "%s%s", quote, guard);
    for (const char *c = text; *c != '\0'; c++) {
        const unsigned char byte = (unsigned char)*c;
        const bool is_c1 =
            byte == 0xc2 && (unsigned char)c[1] >= 0x80 && (unsigned char)c[1] < 0xa0;
        if (*c == '"') {
            fputc('"', out);
        }
        fputc(byte < 0x20 || byte == 0x7f || is_c1 ? ' ' : *c, out);
        c += is_c1;
    }
    fputs(quote, out);
}

static size_t most_columns(const struct report_document *document)
{
    size_t most = 1;
    for (size_t i = 0; i < document->table_count; i++) {
        const size_t columns = document->tables[i].column_count;
        most = columns > most ? columns : most;
    }
    return most;
}

static void end_record(FILE *out, size_t fields, size_t columns)
{
    for (; fields < columns; fields++) {
        fputc(',', out);
    }
    fputs(LINE_END, out);
}

static void write_line(FILE *out, const char *text, size_t columns)
{
    report_write_csv_field(out, text);
    end_record(out, 1, columns);
}

static void write_cell(FILE *out, const struct report_cell *cell, const struct zone *zone)
{
    char buffer[CELL_TEXT_SIZE];
    const char *text = report_cell_text(cell, zone, false, buffer);
    if (cell->type == CELL_TEXT) {
        report_write_csv_field(out, text);
    } else {
        fputs(text, out); /* our own number: it may begin with a sign */
    }
}

static void write_table(FILE *out, const struct report_table *table, const struct zone *zone,
                        size_t columns)
{
    end_record(out, 1, columns);
    write_line(out, table->heading, columns);
    for (size_t i = 0; i < table->column_count; i++) {
        fputs(i > 0 ? "," : "", out);
        report_write_csv_field(out, table->columns[i].name);
    }
    end_record(out, table->column_count, columns);
    for (size_t i = 0; i < table->cell_count; i++) {
        const size_t column = i % table->column_count;
        fputs(column > 0 ? "," : "", out);
        write_cell(out, &table->cells[i], zone);
        if (column + 1 == table->column_count) {
            end_record(out, table->column_count, columns);
        }
    }
}

void report_write_csv(FILE *out, const struct report_document *document)
{
    const size_t columns = most_columns(document);
    fputs(BYTE_ORDER_MARK, out);
    write_line(out, document->title, columns);
    for (size_t i = 0; i < document->line_count; i++) {
        write_line(out, document->lines[i], columns);
    }
    write_line(out, document->verdict, columns);
    for (size_t i = 0; i < document->table_count; i++) {
        write_table(out, &document->tables[i], document->zone, columns);
    }
    end_record(out, 1, columns);
    for (size_t i = 0; i < document->note_count; i++) {
        write_line(out, document->notes[i], columns);
    }
}
