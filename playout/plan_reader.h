/* SPDX-License-Identifier: MIT */
/*
 * plan_reader: reads the records of a plan file by tables of fields; for
 * plan_read.c alone.
 *
 * Takes libyaml's events one by one, so that memory holds the plan and not
 * its text: the engine of a week's television stays small.  What a mapping
 * may hold is a table of fields, one per kind of record.
 */
#ifndef PLAYOUT_PLAN_READER_H
#define PLAYOUT_PLAN_READER_H

#include "playout/plan.h"
#include "playout/problems.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <yaml.h>

struct plan_reader {
    yaml_parser_t parser;
    yaml_event_t event; /* the last that was read */
    const char *name;   /* of the file, for messages */
    struct problems *problems;
    size_t errors_before;
    int result; /* once negative nothing more is read */
    struct plan *plan;
    int *lines; /* of the events */
    size_t line_capacity;
};

enum plan_field_type {
    FIELD_INTEGER,
    FIELD_UNTIL, /* a frame or "open" */
    FIELD_TEXT,
    FIELD_SWITCH,
    FIELD_HASH,
    FIELD_KIND,
    FIELD_LIST,
};

struct plan_field {
    const char *key;
    enum plan_field_type type;
    size_t offset; /* in the record */
    bool is_required;
    int64_t least;
    int64_t most;
    int64_t step; /* 0: any */
    /* FIELD_LIST: the element's first event is there; 0, or what ends the reading */
    int (*read_element)(struct plan_reader *reader);
};

/* Borrows all of it; `plan` is empty.  0 or -ENOMEM, with nothing to finish. */
int plan_reader_init(struct plan_reader *reader, const char *name, const void *bytes, size_t size,
                     struct problems *problems);
void plan_reader_finish(struct plan_reader *reader); /* destroys its plan, if it still has one */

/* Reads the next event: 0, or a negative code that ends the reading. */
int plan_reader_next(struct plan_reader *reader);

/* Of the event that was read last: its line, and whether it is a single value. */
int plan_reader_line(const struct plan_reader *reader);
bool plan_reader_is_scalar(const struct plan_reader *reader);

/* Reads a mapping, whose first event is there; `what` it is, for messages. */
int plan_reader_record(struct plan_reader *reader, const struct plan_field *fields, size_t count,
                       void *record, const char *what);

/* Reads a SHA-256 out of the single value that is there; left alone when it is none. */
void plan_reader_hash(struct plan_reader *reader, const char *key, char *hash);

/* Passes over the value whose first event has been read. */
int plan_reader_skip_value(struct plan_reader *reader);

/* Adds an error about a line.  After many the reading ends. */
__attribute__((format(printf, 3, 4))) void plan_reader_complain(struct plan_reader *reader,
                                                                int line, const char *format, ...);

#endif
