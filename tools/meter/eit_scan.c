/* SPDX-License-Identifier: MIT */
#include "tools/meter/eit_scan.h"

#include "tools/meter/eit_tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BODY = SECTION_HEADER + 6,
    EVENT = 12, /* bytes before its descriptors */
    RUNNING = 4,
    LAST_STATUS = 5,
    SEGMENT_S = 3 * 3600,
    JUDGE_S = 1, /* a table that keeps changing is not judged more often */
};

/* How far present and following may be from the time of the slot, or of a TDT. */
static const double EARLY_S = 1.0;
static const double LATE_S = 2.0;
static const double TDT_EARLY_S = 30.0;
static const double TDT_LATE_S = 60.0;

static bool is_other(int table_id)
{
    return table_id == TABLE_EIT_PF_OTHER || table_id >= TABLE_EIT_FIRST_OTHER;
}

/* --- Keeping --------------------------------------------------------------- */

static void finish_event(struct si_event *event)
{
    for (int i = 0; i < event->words_count; i++) {
        free(event->words[i].descriptor);
    }
    free(event->words);
    free(event->name);
    free(event->text);
}

static void drop_section(struct si_eit_table *table, int number)
{
    struct si_eit_section *section = table->sections[number];
    for (int i = 0; section != NULL && i < section->count; i++) {
        finish_event(&section->events[i]);
    }
    if (section != NULL) {
        free(section->events);
    }
    free(section);
    table->sections[number] = NULL;
}

static void drop_sections(struct si_eit_table *table)
{
    for (int i = 0; i < SI_NUMBERS; i++) {
        drop_section(table, i);
    }
}

void eit_forget(struct si_service *service)
{
    for (int i = 0; i < SI_TABLES; i++) {
        if (service->tables[i] != NULL) {
            drop_sections(service->tables[i]);
            free(service->tables[i]->by_id);
            free(service->tables[i]);
            service->tables[i] = NULL;
        }
    }
}

static struct si_eit_table *table_of(struct si *si, struct si_service *service,
                                     const struct section *section)
{
    const int table_id = section_table_id(section);
    struct si_eit_table **table = &service->tables[eit_index(table_id)];
    if (*table == NULL) {
        *table = calloc(1, sizeof(**table));
        if (*table == NULL) {
            ts_report_ungraded(si->report, "out of memory");
            return NULL;
        }
        (*table)->table_id = table_id;
        (*table)->judged_byte = -si_bytes_of_s(si, JUDGE_S);
    }
    return *table;
}

/* Something in the table has changed: nothing that was judged holds. */
static void reopen(struct si_service *service, struct si_eit_table *table)
{
    const int index = eit_index(table->table_id);
    table->is_judged = false;
    table->id_count = 0;
    for (int i = 0; i < SI_TABLES; i++) {
        table->paired[i] = false;
        if (service->tables[i] != NULL) {
            service->tables[i]->paired[index] = false;
        }
    }
}

/* --- One section ----------------------------------------------------------- */

/* Language, name and text of a short_event_descriptor, as many bytes of each as are asked for. */
static uint64_t hash_words(const uint8_t *descriptor, int name_size, int text_size)
{
    const uint8_t *name = descriptor + 6;
    const uint8_t *text = name + name[-1] + 1;
    uint64_t hash = si_hash(SI_HASH, descriptor + 2, 3);
    hash = si_hash(hash, name, name_size);
    return si_hash(hash, text, text_size);
}

/* The next short_event_descriptor whose sizes are right, from `d` on or the beginning. */
static const uint8_t *next_words(const uint8_t *bytes, int size, const uint8_t *d)
{
    do {
        d = si_find_descriptor(bytes, size, DESCRIPTOR_SHORT_EVENT, d != NULL ? d + 2 + d[1] : d);
    } while (d != NULL && (d[1] < 5 || d[1] < 5 + d[5] || d[1] < 5 + d[5] + d[6 + d[5]]));
    return d;
}

static struct si_words words_of(const struct si *si, bool is_kept, const uint8_t *d)
{
    struct si_words words = {
        .language = {d[2], d[3], d[4]}, .name_size = d[5], .text_size = d[6 + d[5]]};
    words.hash = hash_words(d, words.name_size, words.text_size);
    if (is_kept) {
        words.descriptor = malloc(2 + (size_t)d[1]);
        if (words.descriptor == NULL) {
            ts_report_ungraded(si->report, "out of memory");
        } else {
            memcpy(words.descriptor, d, 2 + (size_t)d[1]);
        }
    }
    return words;
}

static void read_text(struct si *si, struct si_event *event, bool is_kept, const uint8_t *bytes,
                      int size)
{
    const uint8_t *found[SI_WORDS];
    size_t count = 0;
    const uint8_t *d = next_words(bytes, size, NULL);
    for (; d != NULL && count < SI_WORDS; d = next_words(bytes, size, d)) {
        found[count++] = d;
    }
    if (d != NULL && !si->is_wordy) {
        si->is_wordy = true;
        ts_report_ungraded_kind(si->report, TS_EIT_EVENT, "an event with more than %d names",
                                SI_WORDS);
    }
    event->words = count > 0 ? calloc(count, sizeof(*event->words)) : NULL;
    if (event->words == NULL) {
        if (count > 0) {
            ts_report_ungraded(si->report, "out of memory");
        }
        return;
    }
    for (size_t i = 0; i < count; i++) {
        event->words[event->words_count++] = words_of(si, is_kept, found[i]);
    }
    const uint8_t *first = found[0];
    if (is_kept) {
        event->name = si_keep_text(si, first + 6, first[5]);
        event->text = si_keep_text(si, first + 7 + first[5], first[6 + first[5]]);
    }
}

static bool begins_with(const struct si_words *whole, const struct si_words *words)
{
    return memcmp(whole->language, words->language, sizeof(words->language)) == 0 &&
           words->name_size <= whole->name_size && words->text_size <= whole->text_size &&
           (whole->descriptor == NULL ||
            words->hash == hash_words(whole->descriptor, words->name_size, words->text_size));
}

bool si_says_the_same(const struct si_event *event, const struct si_event *whole)
{
    for (int i = 0; i < event->words_count; i++) {
        int k = 0;
        while (k < whole->words_count && !begins_with(&whole->words[k], &event->words[i])) {
            k++;
        }
        if (k == whole->words_count) {
            return false;
        }
    }
    return true;
}

static void read_event(struct si *si, const struct section *section, struct si_event *event,
                       const uint8_t *bytes)
{
    const int table_id = section_table_id(section);
    static const uint8_t UNDEFINED[5] = {0xff, 0xff, 0xff, 0xff, 0xff};
    *event = (struct si_event){
        .id = (uint16_t)si_be16(bytes),
        .start_s = dvb_utc(bytes + 2),
        .duration_s = dvb_duration(bytes + 7),
        .status = bytes[10] >> 5,
    };
    const bool is_undefined = memcmp(bytes + 2, UNDEFINED, sizeof(UNDEFINED)) == 0; /* NVOD */
    if ((event->start_s < 0 && !is_undefined) || event->duration_s < 0) {
        si_problem(si, eit_kind(table_id), section, "no such start or duration, event", event->id);
    }
    if (event->status > LAST_STATUS) {
        si_problem(si, eit_kind(table_id), section, "reserved running_status", event->status);
    }
    const struct si_context context = si_context(si, section);
    if (si_judge_descriptors(&context, IN_EVENT, bytes + EVENT, si_be12(bytes + 10))) {
        read_text(si, event, eit_is_pf(table_id), bytes + EVENT, si_be12(bytes + 10));
    }
}

/* How many events there are; told when they do not come out even. */
static int count_events(const struct si *si, const struct section *section)
{
    const int end = section->size - SECTION_CRC;
    int count = 0;
    int at = BODY;
    while (at + EVENT <= end && at + EVENT + si_be12(section->bytes + at + 10) <= end) {
        at += EVENT + si_be12(section->bytes + at + 10);
        count++;
    }
    if (at != end) {
        si_problem(si, TS_SECTION_SYNTAX, section, "EIT does not come out even", end - at);
    }
    return count;
}

static struct si_eit_section *read_section(struct si *si, const struct section *section)
{
    const int count = count_events(si, section);
    struct si_eit_section *read = calloc(1, sizeof(*read));
    struct si_event *events = calloc((size_t)count + 1, sizeof(*events));
    if (read == NULL || events == NULL) {
        ts_report_ungraded(si->report, "out of memory");
        free(read);
        free(events);
        return NULL;
    }
    read->judged_day = -1;
    read->segment_last = section->bytes[12];
    read->last_table_id = section->bytes[13];
    read->events = events;
    int at = BODY;
    for (; read->count < count; read->count++) {
        read_event(si, section, &events[read->count], section->bytes + at);
        at += EVENT + si_be12(section->bytes + at + 10);
    }
    return read;
}

static void judge_pf_section(const struct si *si, const struct section *section,
                             const struct si_eit_section *read)
{
    const int number = section_number(section);
    if (section_last_number(section) != 1 || read->segment_last != 1 ||
        read->last_table_id != section_table_id(section)) {
        ts_report_problem(si->report, TS_EIT_PF, section->packet, section->pid,
                          "last_section_number %d, segment_last_section_number %d, "
                          "last_table_id 0x%02x",
                          section_last_number(section), read->segment_last,
                          (unsigned)read->last_table_id);
    }
    if (read->count > 1) {
        si_problem(si, TS_EIT_PF, section, "several events in one section", read->count);
    }
    for (int i = 0; i < read->count; i++) {
        if ((number == 0) != (read->events[i].status == RUNNING)) {
            ts_report_problem(si->report, TS_EIT_PF, section->packet, section->pid,
                              "running_status %d in section %d", read->events[i].status, number);
        }
    }
}

/* Each event after the one before it, within a section. */
static void judge_order(const struct si *si, const struct section *section,
                        const struct si_eit_section *read)
{
    for (int i = 1; i < read->count; i++) {
        const struct si_event *before = &read->events[i - 1];
        if (read->events[i].start_s < before->start_s + before->duration_s) {
            ts_report_problem(si->report, TS_EIT_SCHEDULE, section->packet, section->pid,
                              "event 0x%04x begins before event 0x%04x ends",
                              (unsigned)read->events[i].id, (unsigned)before->id);
        }
    }
}

static void judge_schedule_section(const struct si *si, const struct section *section,
                                   const struct si_eit_section *read)
{
    const int table_id = section_table_id(section);
    const int number = section_number(section);
    const int last = section_last_number(section);
    const int segment = number / TABLE_SEGMENT;
    if (read->segment_last < number || read->segment_last / TABLE_SEGMENT != segment ||
        read->segment_last > last ||
        (last / TABLE_SEGMENT == segment && read->segment_last != last)) {
        ts_report_problem(si->report, TS_EIT_SCHEDULE, section->packet, section->pid,
                          "section %d of %d: segment_last_section_number %d", number, last,
                          read->segment_last);
    }
    if (read->last_table_id < table_id || (read->last_table_id ^ table_id) > 0x0f) {
        ts_report_problem(si->report, TS_EIT_SCHEDULE, section->packet, section->pid,
                          "table_id 0x%02x, last_table_id 0x%02x", (unsigned)table_id,
                          (unsigned)read->last_table_id);
    }
    if (read->count == 0 && read->segment_last > segment * TABLE_SEGMENT) {
        si_problem(si, TS_EIT_SCHEDULE, section, "a section without events in a segment of several",
                   number);
    }
    judge_order(si, section, read);
}

/* --- Times ----------------------------------------------------------------- */

static void judge_pf_time(const struct si *si, const struct section *section,
                          const struct si_eit_section *read, double given_s)
{
    const double now_s = si_now(si, section->first_byte, given_s);
    const double early_s = given_s >= 0 ? EARLY_S : TDT_EARLY_S;
    const double late_s = given_s >= 0 ? LATE_S : TDT_LATE_S;
    if (now_s < 0 || read->count == 0 || read->events[0].start_s < 0) {
        return;
    }
    const struct si_event *event = &read->events[0];
    const double since_s = now_s - (double)event->start_s;
    if (section_number(section) == 0 &&
        (since_s < -early_s || since_s > event->duration_s + late_s)) {
        ts_report_problem(si->report, TS_EIT_PF, section->packet, section->pid,
                          "present event 0x%04x of %d s, %.1f s after its start",
                          (unsigned)event->id, event->duration_s, since_s);
    }
    if (section_number(section) == 1 && since_s > late_s) {
        ts_report_problem(si->report, TS_EIT_PF, section->packet, section->pid,
                          "following event 0x%04x began %.1f s ago", (unsigned)event->id, since_s);
    }
}

/* The first event that does not start in its segment of a table of that day, or NULL. */
static const struct si_event *misplaced(const struct si_eit_section *read, int table_id, int number,
                                        int64_t day)
{
    const int64_t segment = (table_id & 0x0f) * TABLE_SEGMENTS + number / TABLE_SEGMENT;
    const int64_t from_s = day * SI_DAY_S + segment * SEGMENT_S;
    for (int i = 0; i < read->count; i++) {
        const int64_t start_s = read->events[i].start_s;
        if (start_s < from_s || start_s >= from_s + SEGMENT_S) {
            return &read->events[i];
        }
    }
    return NULL;
}

/* Around midnight both days are right: for a while, for what has been there before. */
static void judge_segment(const struct si *si, int64_t packet, struct si_eit_section *read,
                          int table_id, int number, double now_s, bool is_repeat)
{
    const double ENOUGH_S = 2.0;
    if (now_s < 0) {
        return;
    }
    const int64_t day = (int64_t)floor(now_s / SI_DAY_S);
    const double into_s = now_s - (double)day * SI_DAY_S;
    if (read->judged_day == day || (is_repeat && read->judged_day >= 0 && into_s < LATE_S + 30)) {
        return;
    }
    const struct si_event *event = misplaced(read, table_id, number, day);
    if (event != NULL && into_s < ENOUGH_S) {
        event = misplaced(read, table_id, number, day - 1);
    } else if (event != NULL && into_s > SI_DAY_S - ENOUGH_S) {
        event = misplaced(read, table_id, number, day + 1);
    }
    read->judged_day = day;
    if (event != NULL) {
        ts_report_problem(si->report, TS_EIT_SCHEDULE, packet, 0x12,
                          "table_id 0x%02x section %d: event 0x%04x starts in another segment",
                          (unsigned)table_id, number, (unsigned)event->id);
    }
}

/* --- The whole ------------------------------------------------------------- */

static void take_new(struct si *si, struct si_service *service, struct si_eit_table *table,
                     const struct section *section, const struct si_coming *coming)
{
    const int number = section_number(section);
    if (coming->news == TABLE_NEXT) {
        drop_sections(table);
        table->changed_byte = section->first_byte;
    }
    drop_section(table, number);
    reopen(service, table);
    table->last_number = section_last_number(section);
    table->sections[number] = read_section(si, section);
    if (table->sections[number] == NULL) {
        return;
    }
    if (eit_is_pf(table->table_id)) {
        judge_pf_section(si, section, table->sections[number]);
    } else {
        judge_schedule_section(si, section, table->sections[number]);
    }
}

static struct si_service *service_of(struct si *si, const struct section *section)
{
    const uint8_t *bytes = section->bytes;
    const int transport_stream_id = si_be16(bytes + 8);
    const int original_network_id = si_be16(bytes + 10);
    const bool is_of_other = is_other(section_table_id(section));
    if (!is_of_other) {
        si_agree(si, section, &si->transport_stream_id, transport_stream_id, "transport_stream_id");
        si_agree(si, section, &si->original_network_id, original_network_id, "original_network_id");
    } else if (si->psi->has_pat && transport_stream_id == si->psi->transport_stream_id &&
               original_network_id == si->original_network_id) {
        si_problem(si, TS_SI_CONTENT, section, "EIT of another transport stream names this one",
                   transport_stream_id);
    }
    return si_find_service(si, section_extension(section), transport_stream_id, original_network_id,
                           is_of_other);
}

void eit_take(struct si *si, const struct section *section, const struct si_coming *coming)
{
    const int table_id = section_table_id(section);
    if (section->size < BODY + SECTION_CRC) {
        si_problem(si, TS_SECTION_SYNTAX, section, "EIT too short", section->size);
        return;
    }
    struct si_service *service = service_of(si, section);
    struct si_eit_table *table = service != NULL ? table_of(si, service, section) : NULL;
    if (table == NULL) {
        return;
    }
    if (coming->news != TABLE_SAME) {
        take_new(si, service, table, section, coming);
    }
    *(eit_is_pf(table_id) ? &service->pf_byte : &service->schedule_byte) = section->first_byte;
    service->has_pf = service->has_pf || eit_is_pf(table_id);
    table->seen_byte = section->first_byte;
    table->is_whole = coming->is_whole;
    struct si_eit_section *read = table->sections[section_number(section)];
    if (read != NULL && eit_is_pf(table_id)) {
        if (!service->is_other) {
            judge_pf_time(si, section, read, coming->now_s);
        }
    } else if (read != NULL) {
        judge_segment(si, section->packet, read, table_id, section_number(section),
                      si_now(si, section->first_byte, coming->now_s), coming->news == TABLE_SAME);
    }
    if (table->is_whole && !table->is_judged &&
        section->first_byte - table->judged_byte >= si_bytes_of_s(si, JUDGE_S)) {
        eit_judge_table(si, service, table, section->packet);
    }
    if (table->is_judged) {
        eit_judge_pairs(si, service, eit_index(table_id), section->packet);
    }
}

static void finish_schedule(struct si *si, struct si_service *service, struct si_eit_table *table,
                            int64_t end_byte)
{
    bool has_events = false;
    for (int i = 0; i < SI_NUMBERS; i++) {
        struct si_eit_section *section = table->sections[i];
        if (section != NULL && section->judged_day < 0) {
            judge_segment(si, end_byte / TS_SIZE, section, table->table_id, i,
                          si_now(si, end_byte, -1), false);
            has_events = has_events || (section->judged_day < 0 && section->count > 0);
        }
    }
    if (has_events) {
        ts_report_ungraded_kind(si->report, TS_EIT_SCHEDULE,
                                "service 0x%04x, table_id 0x%02x: segments without any time",
                                (unsigned)service->service_id, (unsigned)table->table_id);
    }
    eit_judge_missing(si, service, table, end_byte);
}

void eit_finish(struct si *si, int64_t end_byte)
{
    for (int i = 0; i < si->service_count; i++) {
        struct si_service *service = si->services[i];
        for (int k = 0; k < SI_TABLES; k++) {
            struct si_eit_table *table = service->tables[k];
            if (!eit_is_current(si, table, end_byte)) {
                continue;
            }
            if (!table->is_judged) {
                eit_judge_table(si, service, table, end_byte / TS_SIZE);
            }
            eit_judge_pairs(si, service, k, end_byte / TS_SIZE);
            if (k > 0) {
                finish_schedule(si, service, table, end_byte);
            }
        }
        eit_judge_last_table(si, service, end_byte);
    }
}
