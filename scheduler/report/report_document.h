/* SPDX-License-Identifier: MIT */
/*
 * report_document: a report before it is written in one format or another:
 * a title, lines, tables of typed cells, a bar per channel, notes.
 *
 * A document is filled from top to bottom.  Out of memory it remembers that,
 * and further calls do nothing: only report_document_error() need be asked.
 *
 * Ownership: the document owns copies of all texts; the zone is borrowed.
 * Thread: one.
 */
#ifndef SCHEDULER_REPORT_REPORT_DOCUMENT_H
#define SCHEDULER_REPORT_REPORT_DOCUMENT_H

#include "playout/zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cell_type {
    CELL_TEXT, /* "": nothing is there */
    CELL_INTEGER,
    CELL_SECONDS, /* with hundredths */
    CELL_TIME,    /* a frame: date and time */
    CELL_DATE,    /* days since 1970-01-01 */
};

struct report_cell {
    enum cell_type type;
    char *text;     /* TEXT */
    int64_t number; /* INTEGER, TIME, DATE */
    double seconds;
};

struct report_column {
    char *name;
    int width; /* characters, in a sheet */
};

enum table_place {
    TABLE_SUMMARY, /* in every format */
    TABLE_DETAILS, /* the same, on a sheet of its own */
    TABLE_DATA,    /* only where data is wanted: sheets and CSV */
};

struct report_table {
    enum table_place place;
    char *heading;
    struct report_column *columns;
    size_t column_count;
    struct report_cell *cells; /* row by row */
    size_t cell_count;
};

enum bar_colour { BAR_PLANNED, BAR_FILLING, BAR_CHANGED, BAR_FAULT, BAR_HALF, BAR_UNKNOWN };

struct bar_part {
    enum bar_colour colour;
    int64_t from; /* frames */
    int64_t to;
};

/* A day of a channel at a glance. */
struct report_bar {
    char *label;
    int64_t from;
    int64_t to;
    struct bar_part *parts;
    size_t part_count;
};

struct report_document {
    const struct zone *zone;
    int64_t day;        /* days since 1970-01-01: when the report is of */
    bool is_of_one_day; /* readers need no date beside a time */
    char *title;
    char *verdict; /* the one sentence that counts */
    bool is_nil;   /* the verdict is good news */
    char **lines;
    size_t line_count;
    struct report_table *tables;
    size_t table_count;
    struct report_bar *bars;
    size_t bar_count;
    char **notes;
    size_t note_count;
    int error;
};

void report_document_init(struct report_document *document, const struct zone *zone, int64_t day);
void report_document_finish(struct report_document *document); /* accepts a zeroed one */
/* 0, or -ENOMEM when anything was lost. */
int report_document_error(const struct report_document *document);

__attribute__((format(printf, 2, 3))) void document_title(struct report_document *document,
                                                          const char *format, ...);
__attribute__((format(printf, 3, 4))) void document_verdict(struct report_document *document,
                                                            bool is_nil, const char *format, ...);
__attribute__((format(printf, 2, 3))) void document_line(struct report_document *document,
                                                         const char *format, ...);
__attribute__((format(printf, 2, 3))) void document_note(struct report_document *document,
                                                         const char *format, ...);

/* Begins a table; columns first, then cells go to it, row by row. */
void document_table(struct report_document *document, enum table_place place, const char *heading);
void document_column(struct report_document *document, const char *name, int width);
__attribute__((format(printf, 2, 3))) void document_text(struct report_document *document,
                                                         const char *format, ...);
void document_integer(struct report_document *document, int64_t number);
void document_seconds(struct report_document *document, double seconds);
void document_time(struct report_document *document, int64_t frame);
void document_date(struct report_document *document, int64_t day);

/* Begins a bar; parts go to it in rising order, of one colour are joined. */
void document_bar(struct report_document *document, const char *label, int64_t from, int64_t to);
void document_bar_part(struct report_document *document, enum bar_colour colour, int64_t from,
                       int64_t to);

size_t report_table_rows(const struct report_table *table);

/*
 * How a cell reads: "12", "3.40", "2026-11-24 08:00:00.04", or "08:00:00.04"
 * where it is_short; returns the cell's text or `buffer`.
 */
enum { CELL_TEXT_SIZE = 64 };
const char *report_cell_text(const struct report_cell *cell, const struct zone *zone, bool is_short,
                             char buffer[CELL_TEXT_SIZE]);

#endif
