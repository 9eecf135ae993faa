/* SPDX-License-Identifier: MIT */
/*
 * table_inner: the tables that table_scan judges, and how they are found.
 */
#ifndef TOOLS_METER_TABLE_INNER_H
#define TOOLS_METER_TABLE_INNER_H

#include "tools/meter/table_scan.h"

enum {
    TABLE_NUMBERS = 256,
    TABLE_BUCKETS = 4096,
    TABLES_MAX = 8192,          /* more than any network has; each takes 2 kB */
    TABLE_BYTES_MAX = 64 << 20, /* of all sections that are kept: minutes of any EIT */
};

struct stored {
    uint8_t *bytes;
    int size;
};

/* One section_number of a table. */
struct place {
    int64_t count;
    int64_t last_start;
    int64_t length; /* from its start to its end, in bytes of the stream */
    int64_t longest;
    struct stored now;    /* of the version in force */
    struct stored before; /* of the version before */
};

struct table {
    struct table *next;   /* in the order of their first coming */
    struct table *chain;  /* of its bucket */
    struct table *leader; /* the first one with this PID, table_id and extension, for the gap */
    struct table *leaders_chain;
    int pid;
    int table_id;
    int extension;
    int64_t origin; /* transport stream and network, where they distinguish sub_tables */
    int version;
    int last_number;
    int64_t version_start;
    bool has_begun; /* a section of the version in force has been kept */
    bool is_whole;
    bool has_before; /* the set before was whole, and is not compared yet */
    int64_t last_end;
    int64_t shortest_gap;
    struct place *places[TABLE_NUMBERS];
};

struct table_scan {
    struct table_limits limits;
    struct ts_report *report;
    struct table *tables;
    struct table **end;
    int count;
    bool is_full;                         /* and that is told */
    int64_t bytes;                        /* of sections and their places */
    bool is_filled;                       /* there is no room for more, and that is told */
    struct table *buckets[TABLE_BUCKETS]; /* by all that tells tables apart ... */
    struct table *leaders[TABLE_BUCKETS]; /* ... and, of leaders, without the origin */
};

/* The table; of any origin, the first that came, when that is negative.  NULL: none. */
struct table *table_find(const struct table_scan *scan, int pid, int table_id, int extension,
                         int64_t origin);

/* The table that a section belongs to, or NULL. */
struct table *table_find_of(const struct table_scan *scan, const struct section *section);

/* Adds that table.  NULL: out of memory, or too many, which is told. */
struct table *table_add(struct table_scan *scan, const struct section *section);

#endif
