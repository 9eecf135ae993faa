/* SPDX-License-Identifier: MIT */
#include "tools/meter/table_scan.h"

#include "tools/meter/stc.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 256, VERSIONS = 32 };

struct stored {
    uint8_t *bytes;
    int size;
};

/* One section_number of a table. */
struct place {
    int64_t count;
    int64_t last_start;
    int64_t longest;
    struct stored now;    /* of the version in force */
    struct stored before; /* of the version before */
};

struct table {
    struct table *next;
    int pid;
    int table_id;
    int extension;
    int version;
    int last_number;
    bool has_before; /* the set before was whole, and is not compared yet */
    int64_t last_end;
    int64_t shortest_gap;
    struct place *places[NUMBERS];
};

struct table_scan {
    struct table_limits limits;
    struct ts_report *report;
    struct table *tables;
};

struct table_scan *table_scan_create(const struct table_limits *limits, struct ts_report *report)
{
    struct table_scan *scan = calloc(1, sizeof(*scan));
    if (scan != NULL) {
        scan->limits = *limits;
        scan->report = report;
    }
    return scan;
}

static void destroy_table(struct table *table)
{
    for (int i = 0; i < NUMBERS; i++) {
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

static int limit_ms(const struct table_scan *scan, int table_id)
{
    switch (table_id) {
    case TABLE_PAT:
    case TABLE_PMT:
        return scan->limits.psi_ms;
    case TABLE_SDT:
    case TABLE_EIT_PF:
        return scan->limits.si_ms;
    case TABLE_TDT:
    case TABLE_TOT:
        return scan->limits.tdt_ms;
    default:
        return scan->limits.nit_ms;
    }
}

static struct table *find(struct table_scan *scan, int pid, int table_id, int extension)
{
    struct table *table = scan->tables;
    while (table != NULL && (table->pid != pid || table->table_id != table_id ||
                             (extension >= 0 && table->extension != extension))) {
        table = table->next;
    }
    return table;
}

static struct table *add(struct table_scan *scan, const struct section *section, int extension)
{
    struct table *table = calloc(1, sizeof(*table));
    if (table == NULL) {
        ts_report_ungraded(scan->report, "out of memory");
        return NULL;
    }
    table->pid = section->pid;
    table->table_id = section_table_id(section);
    table->extension = extension;
    table->version = section_is_long(section) ? section_version(section) : -1;
    table->last_number = section_is_long(section) ? section_last_number(section) : 0;
    table->last_end = -1;
    table->shortest_gap = -1;
    table->next = scan->tables;
    scan->tables = table;
    return table;
}

static void judge_gap(struct table_scan *scan, struct table *table, const struct section *section)
{
    if (table->last_end >= 0) {
        const int64_t gap = section->first_byte - table->last_end;
        if (table->shortest_gap < 0 || gap < table->shortest_gap) {
            table->shortest_gap = gap;
        }
        if (gap < stc_bytes_of_ms(scan->limits.rate_bps, scan->limits.gap_ms)) {
            ts_report_problem(scan->report, TS_SECTION_GAP, section->packet, section->pid,
                              "table_id 0x%02x: %.2f ms after the section before, at least %d",
                              (unsigned)table->table_id, stc_ms(scan->limits.rate_bps, gap),
                              scan->limits.gap_ms);
        }
    }
    table->last_end = section->end_byte;
}

static void judge_interval(struct table_scan *scan, const struct table *table, int number,
                           struct place *place, int64_t start, int64_t packet)
{
    const int64_t since = start - place->last_start;
    const int limit = limit_ms(scan, table->table_id);
    place->longest = since > place->longest ? since : place->longest;
    if (since > stc_bytes_of_ms(scan->limits.rate_bps, limit)) {
        ts_report_problem(scan->report, TS_SECTION_INTERVAL, packet, table->pid,
                          "table_id 0x%02x section %d: %.1f ms without it, limit %d",
                          (unsigned)table->table_id, number, stc_ms(scan->limits.rate_bps, since),
                          limit);
    }
    place->last_start = start;
}

static bool keep(struct stored *stored, const struct section *section)
{
    uint8_t *bytes = malloc((size_t)section->size);
    if (bytes == NULL) {
        return false;
    }
    memcpy(bytes, section->bytes, (size_t)section->size);
    free(stored->bytes);
    stored->bytes = bytes;
    stored->size = section->size;
    return true;
}

static bool same_content(const struct stored *a, const struct stored *b)
{
    if (a->bytes == NULL || b->bytes == NULL || a->size != b->size) {
        return a->bytes == b->bytes;
    }
    const int body = 6; /* all but version_number and CRC_32 */
    return memcmp(a->bytes, b->bytes, 5) == 0 &&
           memcmp(a->bytes + body, b->bytes + body, (size_t)(a->size - body - SECTION_CRC)) == 0;
}

static bool is_whole(const struct table *table)
{
    for (int i = 0; i <= table->last_number; i++) {
        if (table->places[i] == NULL || table->places[i]->now.bytes == NULL) {
            return false;
        }
    }
    return true;
}

static void start_version(struct table_scan *scan, struct table *table,
                          const struct section *section)
{
    const int version = section_version(section);
    if (version != (table->version + 1) % VERSIONS) {
        ts_report_problem(scan->report, TS_SECTION_VERSION, section->packet, section->pid,
                          "table_id 0x%02x: version %d after %d", (unsigned)table->table_id,
                          version, table->version);
    }
    table->has_before = is_whole(table);
    for (int i = 0; i < NUMBERS; i++) {
        struct place *place = table->places[i];
        if (place != NULL) {
            free(place->before.bytes);
            place->before = place->now;
            place->now = (struct stored){0};
        }
    }
    table->version = version;
    table->last_number = section_last_number(section);
}

/* When the new set is whole: some section of it must differ from the set before. */
static void judge_change(struct table_scan *scan, struct table *table,
                         const struct section *section)
{
    if (!table->has_before || !is_whole(table)) {
        return;
    }
    table->has_before = false;
    for (int i = 0; i < NUMBERS; i++) {
        const struct place *place = table->places[i];
        if (place != NULL && !same_content(&place->now, &place->before)) {
            return;
        }
    }
    ts_report_problem(scan->report, TS_SECTION_VERSION, section->packet, section->pid,
                      "table_id 0x%02x: version %d says the same as the one before",
                      (unsigned)table->table_id, table->version);
}

static void judge_version(struct table_scan *scan, struct table *table, struct place *place,
                          const struct section *section)
{
    if (section_version(section) != table->version) {
        start_version(scan, table, section);
    }
    if (section_last_number(section) != table->last_number) {
        ts_report_problem(scan->report, TS_SECTION_VERSION, section->packet, section->pid,
                          "table_id 0x%02x: last_section_number %d and %d in one version",
                          (unsigned)table->table_id, section_last_number(section),
                          table->last_number);
    }
    const struct stored *now = &place->now;
    if (now->bytes != NULL && (now->size != section->size ||
                               memcmp(now->bytes, section->bytes, (size_t)now->size) != 0)) {
        ts_report_problem(scan->report, TS_SECTION_VERSION, section->packet, section->pid,
                          "table_id 0x%02x section %d: other content, same version %d",
                          (unsigned)table->table_id, section_number(section), table->version);
    }
    if (!keep(&place->now, section)) {
        ts_report_ungraded(scan->report, "out of memory");
    }
    judge_change(scan, table, section);
}

void table_scan_section(struct table_scan *scan, const struct section *section)
{
    const bool is_long = section_is_long(section);
    const int table_id = section_table_id(section);
    const int extension = is_long ? section_extension(section) : 0;
    const int number = is_long ? section_number(section) : 0;
    if (table_id == TABLE_STUFFING) {
        return;
    }
    struct table *table = find(scan, section->pid, table_id, extension);
    if (table == NULL && (table = add(scan, section, extension)) == NULL) {
        return;
    }
    judge_gap(scan, table, section);
    struct place **place = &table->places[number];
    if (*place == NULL && (*place = calloc(1, sizeof(**place))) == NULL) {
        ts_report_ungraded(scan->report, "out of memory");
        return;
    }
    judge_interval(scan, table, number, *place, section->first_byte, section->packet);
    (*place)->count++;
    if (is_long) {
        judge_version(scan, table, *place, section);
    }
}

void table_scan_require(struct table_scan *scan, int pid, int table_id, int extension, int number,
                        int64_t end_byte)
{
    const struct table *table = find(scan, pid, table_id, extension);
    const int limit = limit_ms(scan, table_id);
    if ((table == NULL || table->places[number] == NULL) &&
        end_byte > stc_bytes_of_ms(scan->limits.rate_bps, limit)) {
        ts_report_problem(scan->report, TS_SECTION_INTERVAL, end_byte / TS_SIZE, pid,
                          "table_id 0x%02x section %d: never, limit %d ms", (unsigned)table_id,
                          number, limit);
    }
}

void table_scan_finish(struct table_scan *scan, int64_t end_byte)
{
    for (const struct table *table = scan->tables; table != NULL; table = table->next) {
        for (int i = 0; i < NUMBERS; i++) {
            /* What a later version no longer has may stay away. */
            if (table->places[i] != NULL && i <= table->last_number) {
                const int64_t longest = table->places[i]->longest;
                judge_interval(scan, table, i, table->places[i], end_byte, end_byte / TS_SIZE);
                table->places[i]->longest = longest;
            }
        }
    }
}

bool table_scan_summary(const struct table_scan *scan, int i, struct table_summary *summary)
{
    for (const struct table *table = scan->tables; table != NULL; table = table->next) {
        for (int number = 0; number < NUMBERS; number++) {
            const struct place *place = table->places[number];
            if (place == NULL || i-- > 0) {
                continue;
            }
            *summary = (struct table_summary){
                .pid = table->pid,
                .table_id = table->table_id,
                .extension = table->extension,
                .number = number,
                .count = place->count,
                .longest_bytes = place->longest,
                .shortest_bytes = table->shortest_gap,
                .version = table->version,
            };
            return true;
        }
    }
    return false;
}
