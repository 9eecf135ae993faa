/* SPDX-License-Identifier: MIT */
/*
 * table_set: the tables that table_scan knows.
 */
#include "tools/meter/si_fields.h"
#include "tools/meter/table_inner.h"

#include <stdlib.h>

struct table_scan *table_scan_create(const struct table_limits *limits, struct ts_report *report)
{
    struct table_scan *scan = calloc(1, sizeof(*scan));
    if (scan != NULL) {
        scan->limits = *limits;
        scan->report = report;
        scan->end = &scan->tables;
    }
    return scan;
}

static void destroy_table(struct table *table)
{
    for (int i = 0; i < TABLE_NUMBERS; i++) {
        if (table->places[i] != NULL) {
            free(table->places[i]->now.bytes);
            free(table->places[i]->before.bytes);
            free(table->places[i]);
        }
    }
    free(table);
}

void table_scan_destroy(struct table_scan *scan)
{
    while (scan != NULL && scan->tables != NULL) {
        struct table *next = scan->tables->next;
        destroy_table(scan->tables);
        scan->tables = next;
    }
    free(scan);
}

/* A table that is there from the beginning or never: it may not begin late. */
static bool is_steady(int table_id)
{
    return table_id == TABLE_PAT || table_id == TABLE_PMT || table_id == TABLE_NIT ||
           table_id == TABLE_SDT || table_id == TABLE_EIT_PF || table_id == TABLE_TDT ||
           table_id == TABLE_TOT;
}

static unsigned bucket_of(int pid, int table_id, int extension, int64_t origin)
{
    const uint64_t key = (uint64_t)origin << 32 ^ (uint64_t)extension << 16 ^
                         (uint64_t)table_id << 8 ^ (uint64_t)pid ^ (uint64_t)origin >> 32;
    return (unsigned)(key * UINT64_C(0x9e3779b97f4a7c15) >> 40) % TABLE_BUCKETS;
}

/* What tells apart two tables of one table_id and extension. */
static int64_t origin_of(const struct section *section)
{
    const int table_id = section_table_id(section);
    const int body = section->size - SECTION_HEADER - SECTION_CRC;
    const uint8_t *bytes = section->bytes + SECTION_HEADER;
    if (section_is_eit(table_id) && body >= 4) {
        return (int64_t)si_be16(bytes) << 16 | si_be16(bytes + 2);
    }
    if ((table_id == TABLE_SDT || table_id == TABLE_SDT_OTHER) && body >= 2) {
        return si_be16(bytes);
    }
    return 0;
}

static bool is_that(const struct table *table, int pid, int table_id, int extension)
{
    return table->pid == pid && table->table_id == table_id && table->extension == extension;
}

static struct table *find_leader(const struct table_scan *scan, int pid, int table_id,
                                 int extension)
{
    struct table *table = scan->leaders[bucket_of(pid, table_id, extension, 0)];
    while (table != NULL && !is_that(table, pid, table_id, extension)) {
        table = table->leaders_chain;
    }
    return table;
}

struct table *table_find(const struct table_scan *scan, int pid, int table_id, int extension,
                         int64_t origin)
{
    if (origin < 0) {
        return find_leader(scan, pid, table_id, extension);
    }
    struct table *table = scan->buckets[bucket_of(pid, table_id, extension, origin)];
    while (table != NULL &&
           (!is_that(table, pid, table_id, extension) || table->origin != origin)) {
        table = table->chain;
    }
    return table;
}

struct table *table_find_of(const struct table_scan *scan, const struct section *section)
{
    const int extension = section_is_long(section) ? section_extension(section) : 0;
    return table_find(scan, section->pid, section_table_id(section), extension, origin_of(section));
}

/* At the end of the list, and to where it is found. */
static void link_table(struct table_scan *scan, struct table *table)
{
    struct table **bucket =
        &scan->buckets[bucket_of(table->pid, table->table_id, table->extension, table->origin)];
    table->chain = *bucket;
    *bucket = table;
    table->leader = find_leader(scan, table->pid, table->table_id, table->extension);
    if (table->leader == NULL) {
        bucket = &scan->leaders[bucket_of(table->pid, table->table_id, table->extension, 0)];
        table->leader = table;
        table->leaders_chain = *bucket;
        *bucket = table;
    }
    *scan->end = table;
    scan->end = &table->next;
    scan->count++;
}

struct table *table_add(struct table_scan *scan, const struct section *section)
{
    const bool is_long = section_is_long(section);
    if (scan->count == TABLES_MAX) {
        if (!scan->is_full) {
            scan->is_full = true;
            ts_report_ungraded_kind(scan->report, TS_SECTION_INTERVAL, "more than %d tables",
                                    TABLES_MAX);
        }
        return NULL;
    }
    struct table *table = calloc(1, sizeof(*table));
    if (table == NULL) {
        ts_report_ungraded(scan->report, "out of memory");
        return NULL;
    }
    table->pid = section->pid;
    table->table_id = section_table_id(section);
    table->extension = is_long ? section_extension(section) : 0;
    table->origin = origin_of(section);
    table->version = is_long ? section_version(section) : -1;
    table->last_number = is_long ? section_last_number(section) : 0;
    table->version_start = is_steady(table->table_id) ? 0 : section->first_byte;
    table->last_end = -1;
    table->shortest_gap = -1;
    link_table(scan, table);
    return table;
}

bool table_scan_next_summary(const struct table_scan *scan, struct table_cursor *cursor,
                             struct table_summary *summary)
{
    if (cursor->table == NULL && !cursor->has_begun) {
        *cursor = (struct table_cursor){scan->tables, 0, true};
    }
    while (cursor->table != NULL) {
        const struct table *table = cursor->table;
        const int number = cursor->number++;
        if (number == TABLE_NUMBERS) {
            cursor->table = table->next;
            cursor->number = 0;
            continue;
        }
        const struct place *place = table->places[number];
        if (place != NULL) {
            *summary = (struct table_summary){
                .pid = table->pid,
                .table_id = table->table_id,
                .extension = table->extension,
                .number = number,
                .count = place->count,
                .longest_bytes = place->longest,
                .shortest_bytes = table->leader->shortest_gap,
                .version = table->version,
            };
            return true;
        }
    }
    return false;
}
