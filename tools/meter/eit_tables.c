/* SPDX-License-Identifier: MIT */
#include "tools/meter/eit_tables.h"

#include <math.h>
#include <stdlib.h>

enum { SEGMENT_S = 3 * 3600, REPETITION_S = 10 };

bool eit_is_pf(int table_id)
{
    return table_id == TABLE_EIT_PF || table_id == TABLE_EIT_PF_OTHER;
}

enum ts_kind eit_kind(int table_id)
{
    return eit_is_pf(table_id) ? TS_EIT_PF : TS_EIT_SCHEDULE;
}

int eit_index(int table_id)
{
    return eit_is_pf(table_id) ? 0 : 1 + (table_id & 0x0f);
}

/* --- One table ------------------------------------------------------------- */

static int compare_ids(const void *a, const void *b)
{
    const struct si_event *left = *(const struct si_event *const *)a;
    const struct si_event *right = *(const struct si_event *const *)b;
    return left->id != right->id            ? (left->id > right->id) - (left->id < right->id)
           : left->start_s > right->start_s ? 1
           : left->start_s < right->start_s ? -1
                                            : 0;
}

/* Sorts the table's events by their ids; false when out of memory. */
static bool sort_ids(struct si_eit_table *table)
{
    size_t count = 0;
    for (int i = 0; i < SI_NUMBERS; i++) {
        count += table->sections[i] != NULL ? (size_t)table->sections[i]->count : 0;
    }
    const struct si_event **by_id = realloc(table->by_id, (count + 1) * sizeof(*by_id));
    if (by_id == NULL) {
        return false;
    }
    table->by_id = by_id;
    table->id_count = 0;
    for (int i = 0; i < SI_NUMBERS; i++) {
        for (int k = 0; table->sections[i] != NULL && k < table->sections[i]->count; k++) {
            by_id[table->id_count++] = &table->sections[i]->events[k];
        }
    }
    qsort(by_id, (size_t)table->id_count, sizeof(*by_id), compare_ids);
    return true;
}

static void event_problem(const struct si *si, const struct si_service *service, int64_t packet,
                          enum ts_kind kind, const struct si_event *event, const char *what)
{
    ts_report_problem(si->report, kind, packet, 0x12, "service 0x%04x, event 0x%04x: %s",
                      (unsigned)service->service_id, (unsigned)event->id, what);
}

/* What sections of one table say of each other. */
static void judge_sections(const struct si *si, const struct si_service *service,
                           const struct si_eit_table *table, int64_t packet)
{
    const struct si_event *before = NULL;
    const struct si_eit_section *neighbour = NULL;
    int neighbour_segment = -1;
    for (int i = 0; i < SI_NUMBERS; i++) {
        const struct si_eit_section *section = table->sections[i];
        if (section == NULL) {
            continue;
        }
        if (neighbour != NULL && (neighbour->last_table_id != section->last_table_id ||
                                  (neighbour_segment == i / TABLE_SEGMENT &&
                                   neighbour->segment_last != section->segment_last))) {
            ts_report_problem(si->report, eit_kind(table->table_id), packet, 0x12,
                              "service 0x%04x, table_id 0x%02x section %d: another "
                              "last_table_id or segment_last_section_number than before it",
                              (unsigned)service->service_id, (unsigned)table->table_id, i);
        }
        if (section->count > 0) {
            const struct si_event *first = &section->events[0];
            if (before != NULL && before->start_s >= 0 && first->start_s >= 0 &&
                first->start_s < before->start_s + before->duration_s) {
                event_problem(si, service, packet, eit_kind(table->table_id), first,
                              "begins before the one before it ends");
            }
            before = &section->events[section->count - 1];
        }
        neighbour = section;
        neighbour_segment = i / TABLE_SEGMENT;
    }
}

void eit_judge_table(const struct si *si, const struct si_service *service,
                     struct si_eit_table *table, int64_t packet)
{
    table->is_judged = true;
    table->judged_byte = packet * TS_SIZE;
    judge_sections(si, service, table, packet);
    if (!sort_ids(table)) {
        ts_report_ungraded(si->report, "out of memory");
        return;
    }
    for (int i = 1; i < table->id_count; i++) {
        if (table->by_id[i]->id == table->by_id[i - 1]->id) {
            event_problem(si, service, packet, TS_EIT_EVENT, table->by_id[i],
                          "the same event_id twice in one table");
        }
    }
}

/* --- Two tables ------------------------------------------------------------ */

static void judge_same_event(const struct si *si, const struct si_service *service, int64_t packet,
                             const struct si_event *a, const struct si_event *b, bool has_pf)
{
    if (!has_pf) {
        event_problem(si, service, packet, TS_EIT_EVENT, a, "in two tables of the schedule");
    } else if (a->start_s != b->start_s || a->duration_s != b->duration_s) {
        event_problem(si, service, packet, TS_EIT_EVENT, a,
                      "other times in present/following than in the schedule");
    } else if (!si_says_the_same(b, a)) {
        event_problem(si, service, packet, TS_EIT_EVENT, a,
                      "another name or text in present/following than in the schedule");
    }
}

static const struct si_eit_section *edge_of(const struct si_eit_table *table, bool is_last)
{
    const struct si_eit_section *edge = NULL;
    for (int i = 0; i < SI_NUMBERS; i++) {
        if (table->sections[i] != NULL && table->sections[i]->count > 0) {
            edge = table->sections[i];
            if (!is_last) {
                break;
            }
        }
    }
    return edge;
}

static int last_table_of(const struct si_eit_table *table)
{
    for (int i = 0; i < SI_NUMBERS; i++) {
        if (table->sections[i] != NULL) {
            return table->sections[i]->last_table_id;
        }
    }
    return -1;
}

/* Two tables of the schedule, the earlier one first. */
static void judge_neighbours(const struct si *si, const struct si_service *service, int64_t packet,
                             const struct si_eit_table *a, const struct si_eit_table *b)
{
    const struct si_eit_section *end = edge_of(a, true);
    const struct si_eit_section *begin = edge_of(b, false);
    if (last_table_of(a) != last_table_of(b)) {
        ts_report_problem(si->report, TS_EIT_SCHEDULE, packet, 0x12,
                          "service 0x%04x: last_table_id 0x%02x in table_id 0x%02x, 0x%02x in "
                          "0x%02x",
                          (unsigned)service->service_id, (unsigned)last_table_of(a),
                          (unsigned)a->table_id, (unsigned)last_table_of(b), (unsigned)b->table_id);
    }
    if (end != NULL && begin != NULL) {
        const struct si_event *before = &end->events[end->count - 1];
        if (begin->events[0].start_s < before->start_s + before->duration_s) {
            event_problem(si, service, packet, TS_EIT_SCHEDULE, &begin->events[0],
                          "begins before the last one of an earlier table ends");
        }
    }
}

static void judge_pair(const struct si *si, const struct si_service *service, int64_t packet,
                       const struct si_eit_table *a, const struct si_eit_table *b)
{
    const bool has_pf = eit_is_pf(a->table_id);
    int k = 0;
    for (int i = 0; i < a->id_count; i++) {
        while (k < b->id_count && b->by_id[k]->id < a->by_id[i]->id) {
            k++;
        }
        if (k < b->id_count && b->by_id[k]->id == a->by_id[i]->id) {
            judge_same_event(si, service, packet, a->by_id[i], b->by_id[k], has_pf);
        }
    }
    if (!has_pf) {
        judge_neighbours(si, service, packet, a, b);
    }
}

/*
 * Both have come, well after the later change of the two: within one
 * repetition a schedule may still be sent as it was (TR 101 211, 4.4.1).
 */
static bool is_settled(const struct si *si, const struct si_eit_table *a,
                       const struct si_eit_table *b)
{
    const int64_t changed = a->changed_byte > b->changed_byte ? a->changed_byte : b->changed_byte;
    const int64_t seen = a->seen_byte < b->seen_byte ? a->seen_byte : b->seen_byte;
    return seen >= changed + si_bytes_of_s(si, REPETITION_S);
}

/* Judges a table against all those with which that can be done now. */
void eit_judge_pairs(const struct si *si, struct si_service *service, int index, int64_t packet)
{
    struct si_eit_table *table = service->tables[index];
    for (int i = 0; i < SI_TABLES; i++) {
        struct si_eit_table *other = service->tables[i];
        if (i == index || other == NULL || !other->is_judged || table->paired[i] ||
            !is_settled(si, table, other)) {
            continue;
        }
        table->paired[i] = true;
        other->paired[index] = true;
        judge_pair(si, service, packet, i < index ? other : table, i < index ? table : other);
    }
}

/* --- What is missing ------------------------------------------------------- */

/* A table seen in the last half minute is still there. */
bool eit_is_current(const struct si *si, const struct si_eit_table *table, int64_t end_byte)
{
    return table != NULL && table->seen_byte >= end_byte - si_bytes_of_s(si, 30);
}

/* The first section of a segment that has not come; -1: none is missing. */
static int missing_section(const struct si_eit_table *table, int segment)
{
    const int first = segment * TABLE_SEGMENT;
    int last = first;
    for (int i = first; i < first + TABLE_SEGMENT; i++) {
        if (table->sections[i] != NULL && table->sections[i]->segment_last > last) {
            last = table->sections[i]->segment_last;
        }
    }
    for (int i = first; i <= last && i < first + TABLE_SEGMENT; i++) {
        if (table->sections[i] == NULL) {
            return i;
        }
    }
    return -1;
}

/* What has not come though the file is long enough; segments gone by may be left out. */
void eit_judge_missing(const struct si *si, const struct si_service *service,
                       const struct si_eit_table *table, int64_t end_byte)
{
    const double now_s = si_now(si, end_byte, -1);
    const int64_t past =
        now_s < 0 ? 0 : (int64_t)fmod(now_s, SI_DAY_S) / SEGMENT_S; /* segments of today */
    const int first = (table->table_id & 0x0f) == 0 ? (int)past : 0;
    const int limit_s = (table->table_id & 0x0f) < 2 ? 10 : 30;
    if (table->is_whole || end_byte - table->changed_byte < si_bytes_of_s(si, limit_s)) {
        return;
    }
    for (int segment = first; segment <= table->last_number / TABLE_SEGMENT; segment++) {
        const int missing = missing_section(table, segment);
        if (missing >= 0) {
            ts_report_problem(si->report, TS_EIT_SCHEDULE, end_byte / TS_SIZE, 0x12,
                              "service 0x%04x, table_id 0x%02x: no section %d",
                              (unsigned)service->service_id, (unsigned)table->table_id, missing);
        }
    }
}

/* Tables up to the last one that they speak of. */
void eit_judge_last_table(const struct si *si, const struct si_service *service, int64_t end_byte)
{
    int last = -1;
    int64_t since = 0;
    for (int i = 1; i < SI_TABLES; i++) {
        const struct si_eit_table *table = service->tables[i];
        if (eit_is_current(si, table, end_byte)) {
            last = last_table_of(table) & 0x0f;
            since = table->changed_byte;
        }
    }
    for (int i = 0; i <= last; i++) {
        if (!eit_is_current(si, service->tables[1 + i], end_byte) &&
            end_byte - since >= si_bytes_of_s(si, 30)) {
            ts_report_problem(si->report, TS_EIT_SCHEDULE, end_byte / TS_SIZE, 0x12,
                              "service 0x%04x: no table 0x%02x, though it is not the last",
                              (unsigned)service->service_id, 0x50U + (unsigned)i);
        }
    }
}
