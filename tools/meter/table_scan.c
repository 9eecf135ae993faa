/* SPDX-License-Identifier: MIT */
#include "tools/meter/table_scan.h"

#include "tools/meter/stc.h"
#include "tools/meter/table_inner.h"

#include <stdlib.h>
#include <string.h>

enum { VERSIONS = 32, FIRST_DAYS = 2 /* table_ids of 4 days each */ };

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
    case TABLE_NIT:
        return scan->limits.nit_ms;
    default:
        break;
    }
    if (section_is_schedule(table_id)) {
        return (table_id & 0x0f) < FIRST_DAYS ? scan->limits.schedule_ms
                                              : scan->limits.schedule_late_ms;
    }
    return scan->limits.other_ms;
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
    if (table->table_id != TABLE_RST && since > stc_bytes_of_ms(scan->limits.rate_bps, limit)) {
        ts_report_problem(scan->report, TS_SECTION_INTERVAL, packet, table->pid,
                          "table_id 0x%02x section %d: %.1f ms without it, limit %d",
                          (unsigned)table->table_id, number, stc_ms(scan->limits.rate_bps, since),
                          limit);
    }
    place->last_start = start;
}

/* Whether there is room for so many bytes more; what has none is told once. */
static bool has_room(struct table_scan *scan, int64_t bytes)
{
    const bool has = bytes <= 0 || scan->bytes + bytes <= TABLE_BYTES_MAX;
    if (!has && !scan->is_filled) {
        scan->is_filled = true;
        ts_report_ungraded_kind(scan->report, TS_SECTION_INTERVAL, "tables of more than %d MB",
                                TABLE_BYTES_MAX >> 20);
    }
    return has;
}

static void drop(struct table_scan *scan, struct stored *stored)
{
    free(stored->bytes);
    scan->bytes -= stored->size;
    *stored = (struct stored){0};
}

/* False, and what was kept stays: there is no room for it, which is told. */
static bool keep(struct table_scan *scan, struct stored *stored, const struct section *section)
{
    const int growth = section->size - stored->size;
    if (!has_room(scan, growth)) {
        return false;
    }
    uint8_t *bytes = realloc(stored->bytes, (size_t)section->size);
    if (bytes == NULL) {
        ts_report_ungraded(scan->report, "out of memory");
        return false;
    }
    memcpy(bytes, section->bytes, (size_t)section->size);
    stored->bytes = bytes;
    stored->size = section->size;
    scan->bytes += growth;
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

static bool is_there(const struct table *table, int number)
{
    return table->places[number] != NULL && table->places[number]->now.bytes != NULL;
}

/* segment_last_section_number of a segment of EIT schedule; -1: none of it has come. */
static int segment_last(const struct table *table, int segment)
{
    const int first = segment * TABLE_SEGMENT;
    for (int i = first; i < first + TABLE_SEGMENT; i++) {
        if (is_there(table, i) && table->places[i]->now.size > 12) {
            const int last = table->places[i]->now.bytes[12];
            return last >= first && last < first + TABLE_SEGMENT ? last : first + TABLE_SEGMENT - 1;
        }
    }
    return -1;
}

/* Whether a section with this number belongs to the version in force, as far as is known. */
static bool is_wanted(const struct table *table, int number)
{
    if (number > table->last_number) {
        return false;
    }
    return !section_is_schedule(table->table_id) ||
           number <= segment_last(table, number / TABLE_SEGMENT);
}

/* Whether every section of the version in force has come. */
static bool has_all(const struct table *table)
{
    if (section_is_schedule(table->table_id)) {
        for (int i = 0; i <= table->last_number / TABLE_SEGMENT; i++) {
            if (segment_last(table, i) < 0) {
                return false;
            }
        }
    }
    for (int i = 0; i <= table->last_number; i++) {
        if (is_wanted(table, i) && !is_there(table, i)) {
            return false;
        }
    }
    return true;
}

bool table_scan_is_whole(const struct table_scan *scan, const struct section *section)
{
    const struct table *table = table_find_of(scan, section);
    return table != NULL && table->is_whole;
}

static void start_version(struct table_scan *scan, struct table *table,
                          const struct section *section)
{
    const int version = section_version(section);
    if (version != (table->version + 1) % VERSIONS && !scan->limits.versions_may_jump) {
        ts_report_problem(scan->report, TS_SECTION_VERSION, section->packet, section->pid,
                          "table_id 0x%02x: version %d after %d", (unsigned)table->table_id,
                          version, table->version);
    }
    table->has_before = table->is_whole;
    for (int i = 0; i < TABLE_NUMBERS; i++) {
        struct place *place = table->places[i];
        if (place != NULL) {
            drop(scan, &place->before);
            place->before = place->now;
            place->now = (struct stored){0};
        }
    }
    table->version = version;
    table->version_start = section->first_byte;
    table->last_number = section_last_number(section);
}

/* When the new set is whole: some section of it must differ from the set before. */
static void judge_change(struct table_scan *scan, struct table *table,
                         const struct section *section)
{
    if (!table->has_before || !table->is_whole) {
        return;
    }
    table->has_before = false;
    for (int i = 0; i < TABLE_NUMBERS; i++) {
        const struct place *place = table->places[i];
        if (place != NULL && !same_content(&place->now, &place->before)) {
            return;
        }
    }
    ts_report_problem(scan->report, TS_SECTION_IDLE, section->packet, section->pid,
                      "table_id 0x%02x extension 0x%04x: version %d says the same as the one "
                      "before",
                      (unsigned)table->table_id, (unsigned)table->extension, table->version);
}

/* The section's bytes are not those that are stored.  False: there is no room for them. */
static bool judge_content(struct table_scan *scan, struct table *table, struct place *place,
                          const struct section *section)
{
    if (section_last_number(section) != table->last_number) {
        ts_report_problem(scan->report, TS_SECTION_VERSION, section->packet, section->pid,
                          "table_id 0x%02x: last_section_number %d and %d in one version",
                          (unsigned)table->table_id, section_last_number(section),
                          table->last_number);
        table->last_number = section_last_number(section);
    }
    if (place->now.bytes != NULL) {
        ts_report_problem(scan->report, TS_SECTION_VERSION, section->packet, section->pid,
                          "table_id 0x%02x section %d: other content, same version %d",
                          (unsigned)table->table_id, section_number(section), table->version);
    }
    const bool is_kept = keep(scan, &place->now, section);
    table->is_whole = has_all(table);
    judge_change(scan, table, section);
    return is_kept;
}

static struct place *add_place(struct table_scan *scan)
{
    const int64_t size = (int64_t)sizeof(struct place);
    if (!has_room(scan, size)) {
        return NULL;
    }
    struct place *place = calloc(1, sizeof(*place));
    if (place == NULL) {
        ts_report_ungraded(scan->report, "out of memory");
        return NULL;
    }
    scan->bytes += size;
    return place;
}

static struct place *place_of(struct table_scan *scan, struct table *table, int number)
{
    struct place **place = &table->places[number];
    if (*place == NULL) {
        *place = add_place(scan);
        if (*place == NULL) {
            return NULL;
        }
    }
    /* What the version before did not have cannot have been missed in it. */
    if ((*place)->now.bytes == NULL && (*place)->before.bytes == NULL && table->version >= 0) {
        (*place)->last_start = table->version_start;
    }
    return *place;
}

enum table_news table_scan_section(struct table_scan *scan, const struct section *section)
{
    const bool is_long = section_is_long(section);
    enum table_news news = TABLE_NEW;
    if (section_table_id(section) == TABLE_STUFFING) {
        return TABLE_SAME;
    }
    struct table *table = table_find_of(scan, section);
    if (table == NULL) {
        table = table_add(scan, section);
        news = TABLE_NEXT;
    }
    if (table == NULL) {
        return TABLE_REFUSED;
    }
    judge_gap(scan, table->leader, section);
    if (is_long && section_version(section) != table->version) {
        start_version(scan, table, section);
        news = TABLE_NEXT;
    }
    const int number = is_long ? section_number(section) : 0;
    struct place *place = place_of(scan, table, number);
    if (place == NULL) {
        return TABLE_REFUSED;
    }
    judge_interval(scan, table, number, place, section->first_byte, section->packet);
    place->length = section->end_byte - section->first_byte;
    place->count++;
    if (!is_long) {
        return TABLE_NEXT;
    }
    if (place->now.bytes != NULL && place->now.size == section->size &&
        memcmp(place->now.bytes, section->bytes, (size_t)section->size) == 0) {
        return TABLE_SAME;
    }
    table->has_begun = table->has_begun && news != TABLE_NEXT;
    if (!judge_content(scan, table, place, section)) {
        return TABLE_REFUSED;
    }
    news = table->has_begun ? TABLE_NEW : TABLE_NEXT;
    table->has_begun = true;
    return news;
}

void table_scan_require(struct table_scan *scan, int pid, int table_id, int extension, int number,
                        int64_t end_byte)
{
    const struct table *table =
        extension >= 0 ? table_find(scan, pid, table_id, extension, -1) : scan->tables;
    while (extension < 0 && table != NULL && (table->pid != pid || table->table_id != table_id)) {
        table = table->next;
    }
    const int limit = limit_ms(scan, table_id);
    const bool is_refused = scan->is_full || scan->is_filled; /* it may have come */
    if ((table == NULL || table->places[number] == NULL) && !is_refused &&
        end_byte > stc_bytes_of_ms(scan->limits.rate_bps, limit)) {
        ts_report_problem(scan->report, TS_SECTION_INTERVAL, end_byte / TS_SIZE, pid,
                          "table_id 0x%02x section %d: never, limit %d ms", (unsigned)table_id,
                          number, limit);
    }
}

/* A table of EIT schedule beyond the last one that the first says there is. */
static bool is_given_up(const struct table_scan *scan, const struct table *table)
{
    if (!section_is_schedule(table->table_id)) {
        return false;
    }
    const struct table *first =
        table_find(scan, table->pid, table->table_id & 0xf0, table->extension, table->origin);
    for (int i = 0; first != NULL && i < TABLE_NUMBERS; i++) {
        if (is_there(first, i) && first->places[i]->now.size > 13) {
            return table->table_id > first->places[i]->now.bytes[13];
        }
    }
    return false;
}

static void finish_table(struct table_scan *scan, struct table *table, int64_t end_byte)
{
    for (int i = 0; i < TABLE_NUMBERS; i++) {
        /* What a later version no longer has may stay away. */
        struct place *place = table->places[i];
        if (place != NULL && is_wanted(table, i)) {
            const int64_t longest = place->longest;
            const int64_t last_start = place->last_start;
            /* The next one may have begun and not ended. */
            judge_interval(scan, table, i, place, end_byte - place->length, end_byte / TS_SIZE);
            place->longest = longest;
            place->last_start = last_start;
        }
    }
}

void table_scan_finish(struct table_scan *scan, int64_t end_byte)
{
    for (struct table *table = scan->tables; table != NULL; table = table->next) {
        if (!is_given_up(scan, table)) {
            finish_table(scan, table, end_byte);
        }
    }
}
