/* SPDX-License-Identifier: MIT */
#include "tools/meter/table_watch.h"

#include <stdlib.h>

enum { BUCKETS = 1024, ENTRIES_MAX = 65536, TICKS_PER_MS = 27000, GAP_MS = 25, ANY = -1 };

struct rule {
    int first_id;
    int last_id;
    int limit_ms; /* 0: need not come again */
    enum tr_indicator indicator;
};

static const struct rule RULES[] = {
    {0x00, 0x00, 500, TR_PAT},
    {0x02, 0x02, 500, TR_PMT},
    {0x40, 0x41, 10000, TR_NIT},
    {0x42, 0x42, 2000, TR_SDT},
    {0x46, 0x46, 10000, TR_SDT},
    {0x4a, 0x4a, 10000, TR_SI_REPETITION},
    {0x4e, 0x4e, 2000, TR_EIT},
    {0x4f, 0x4f, 10000, TR_EIT},
    {0x50, 0x51, 10000, TR_SI_REPETITION},
    {0x52, 0x5f, 30000, TR_SI_REPETITION},
    {0x60, 0x61, 10000, TR_SI_REPETITION},
    {0x62, 0x6f, 30000, TR_SI_REPETITION},
    {0x70, 0x70, 30000, TR_TDT},
    {0x73, 0x73, 30000, TR_SI_REPETITION},
};

/* What every stream must have. */
static const struct {
    int pid;
    int table_id;
} REQUIRED[] = {{0x00, 0x00}, {0x10, 0x40}, {0x11, 0x42}, {0x12, 0x4e}, {0x14, 0x70}};

/* A section; a whole table, where `number` is ANY; any such table, where `extension` is too. */
struct entry {
    struct entry *next;
    int pid;
    int table_id;
    int extension;
    int number;
    const struct rule *rule; /* or NULL */
    bool has_come;
    bool is_missing; /* and has been told so */
    int version;
    int64_t last; /* when it came: a section's start, a table's last end */
};

struct table_watch {
    struct tr_listener *listener;
    int64_t start;
    int count;
    struct entry *buckets[BUCKETS];
};

struct table_watch *table_watch_create(struct tr_listener *listener)
{
    struct table_watch *watch = calloc(1, sizeof(*watch));
    if (watch != NULL) {
        watch->listener = listener;
    }
    return watch;
}

static void clear(struct table_watch *watch)
{
    for (int i = 0; i < BUCKETS; i++) {
        while (watch->buckets[i] != NULL) {
            struct entry *next = watch->buckets[i]->next;
            free(watch->buckets[i]);
            watch->buckets[i] = next;
        }
    }
    watch->count = 0;
}

void table_watch_destroy(struct table_watch *watch)
{
    if (watch != NULL) {
        clear(watch);
        free(watch);
    }
}

static const struct rule *rule_of(int table_id)
{
    for (size_t i = 0; i < sizeof(RULES) / sizeof(RULES[0]); i++) {
        if (table_id >= RULES[i].first_id && table_id <= RULES[i].last_id) {
            return &RULES[i];
        }
    }
    return NULL;
}

/* Finds an entry, or makes it, waiting since `now`.  NULL: out of memory, or too many. */
static struct entry *entry_of(struct table_watch *watch, const struct entry *key, int64_t now)
{
    const unsigned hash = (unsigned)key->pid * 31U + (unsigned)key->table_id * 7919U +
                          (unsigned)key->extension * 127U + (unsigned)key->number * 17U;
    struct entry **at = &watch->buckets[hash % BUCKETS];
    for (struct entry *entry = *at; entry != NULL; entry = entry->next) {
        if (entry->pid == key->pid && entry->table_id == key->table_id &&
            entry->extension == key->extension && entry->number == key->number) {
            return entry;
        }
    }
    struct entry *added = watch->count < ENTRIES_MAX ? calloc(1, sizeof(*added)) : NULL;
    if (added != NULL) {
        *added = *key;
        added->rule = rule_of(key->table_id);
        added->last = now;
        added->next = *at;
        *at = added;
        watch->count++;
    }
    return added;
}

void table_watch_start(struct table_watch *watch, int64_t now)
{
    clear(watch);
    watch->start = now;
    for (size_t i = 0; i < sizeof(REQUIRED) / sizeof(REQUIRED[0]); i++) {
        const struct entry key = {.pid = REQUIRED[i].pid,
                                  .table_id = REQUIRED[i].table_id,
                                  .extension = ANY,
                                  .number = ANY};
        entry_of(watch, &key, now);
    }
}

enum tr_indicator table_watch_indicator(int pid, bool is_pmt)
{
    switch (pid) {
    case 0x00:
        return TR_PAT;
    case 0x01:
        return TR_CAT;
    case 0x10:
        return TR_NIT;
    case 0x11:
        return TR_SDT;
    case 0x12:
        return TR_EIT;
    case 0x13:
        return TR_RST;
    case 0x14:
        return TR_TDT;
    default:
        return is_pmt ? TR_PMT : TR_REMARK;
    }
}

/* Between two sections of one table of SI there must be 25 ms. */
static void judge_gap(struct table_watch *watch, const struct section *section, struct entry *table,
                      int64_t start, int64_t end)
{
    const int64_t gap = start - table->last;
    const bool is_si = section->pid >= 0x10 && section->pid <= 0x14;
    if (is_si && table->has_come && gap < (int64_t)GAP_MS * TICKS_PER_MS) {
        tr_found(watch->listener, table_watch_indicator(section->pid, false), section->packet,
                 section->pid, "table_id 0x%02x: %.2f ms after the section before, at least %d",
                 (unsigned)table->table_id, (double)gap / TICKS_PER_MS, GAP_MS);
    }
    table->has_come = true;
    table->last = end;
    table->version = section_is_long(section) ? section_version(section) : 0;
}

static void tell_missing(struct table_watch *watch, struct entry *entry, int64_t packet,
                         int64_t since)
{
    char extension[32] = "";
    if (entry->extension > 0) {
        snprintf(extension, sizeof(extension), " of 0x%04x", (unsigned)entry->extension);
    }
    tr_found(watch->listener, entry->rule->indicator, packet, entry->pid,
             "table_id 0x%02x%s section %d: %s for %.0f ms, limit %d", (unsigned)entry->table_id,
             extension, entry->number == ANY ? 0 : entry->number, entry->has_come ? "not" : "never",
             (double)since / TICKS_PER_MS, entry->rule->limit_ms);
    entry->is_missing = true;
}

static void take_entry(struct table_watch *watch, struct entry *entry,
                       const struct section *section, int64_t start)
{
    const int64_t since = start - entry->last;
    if (entry->rule != NULL && !entry->is_missing && entry->has_come &&
        since > (int64_t)entry->rule->limit_ms * TICKS_PER_MS) {
        tell_missing(watch, entry, section->packet, since);
    }
    entry->has_come = true;
    entry->is_missing = false;
    entry->last = start;
    entry->version = section_is_long(section) ? section_version(section) : 0;
}

void table_watch_section(struct table_watch *watch, const struct section *section, int64_t start,
                         int64_t end)
{
    const int table_id = section_table_id(section);
    struct entry key = {.pid = section->pid, .table_id = table_id, .extension = ANY, .number = ANY};
    if (table_id == TABLE_STUFFING) {
        return;
    }
    struct entry *entry = entry_of(watch, &key, start);
    if (entry != NULL) {
        entry->has_come = true;
    }
    key.extension = section_is_long(section) ? section_extension(section) : 0;
    entry = entry_of(watch, &key, start);
    if (entry != NULL) {
        judge_gap(watch, section, entry, start, end);
    }
    key.number = section_is_long(section) ? section_number(section) : 0;
    entry = entry_of(watch, &key, start);
    if (entry != NULL) {
        take_entry(watch, entry, section, start);
    }
    if (table_id == TABLE_EIT_PF && key.number <= 1) {
        key.number = 1 - key.number; /* present and following come in pairs */
        entry_of(watch, &key, start);
    }
}

/* A later version of its table is in force, and this section is not of it. */
static bool is_withdrawn(struct table_watch *watch, const struct entry *entry, int64_t now)
{
    struct entry key = *entry;
    key.number = ANY;
    const struct entry *table = entry_of(watch, &key, now);
    return entry->has_come && table != NULL && table->has_come && table->version != entry->version;
}

static void judge_entry(struct table_watch *watch, struct entry *entry, int64_t now)
{
    const bool is_table = entry->number == ANY && (entry->extension != ANY || entry->has_come);
    if (is_table || entry->rule == NULL || entry->rule->limit_ms == 0 || entry->is_missing) {
        return;
    }
    const int64_t since = now - entry->last;
    if (since <= (int64_t)entry->rule->limit_ms * TICKS_PER_MS) {
        return;
    }
    if (entry->number != ANY && is_withdrawn(watch, entry, now)) {
        entry->is_missing = true; /* and rightly so */
        return;
    }
    tell_missing(watch, entry, -1, since);
}

void table_watch_sweep(struct table_watch *watch, const struct psi *psi, int64_t now)
{
    for (int i = 0; i < psi->programme_count; i++) {
        const struct entry key = {.pid = psi->programmes[i].pmt_pid,
                                  .table_id = TABLE_PMT,
                                  .extension = psi->programmes[i].number,
                                  .number = 0};
        entry_of(watch, &key, watch->start);
    }
    for (int i = 0; i < BUCKETS; i++) {
        for (struct entry *entry = watch->buckets[i]; entry != NULL; entry = entry->next) {
            judge_entry(watch, entry, now);
        }
    }
}
