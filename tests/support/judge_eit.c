/* SPDX-License-Identifier: MIT */
/*
 * judge_eit: EIT present/following against the plan in force, and the versions
 * of EIT schedule.
 *
 * What a section of present/following says must hold at the first packet of
 * PID 0x12 in its second; worked out here from the list of events alone.  A
 * section of a schedule that has changed since the cycle before has a version
 * that is one more, or as many more as there were plans and midnights.
 */
#include "tests/support/must.h"
#include "tests/support/tape_judge.h"
#include "tools/meter/ts_check.h"

#include <inttypes.h>
#include <string.h>

enum {
    EIT_PID = 0x12,
    PF_ACTUAL = 0x4e,
    SCHEDULE_ACTUAL = 0x50,
    SCHEDULE_TABLES = 16,
    CYCLE_S = 8,
    HEADER = 14,
    CRC = 4,
    EVENT_HEADER = 12,
    SHORT_EVENT = 0x4d,
    MJD_EPOCH = 40587, /* of 1970-01-01 */
    DAY_S = 86400,
};

/* The section that was seen last: the frame of which it speaks. */
struct seen {
    bool is_seen;
    uint64_t second;
    int version;
};

/* What a section of a schedule said in its last cycle. */
struct told {
    bool is_told;
    int64_t frame; /* of which it speaks */
    int version;
    uint64_t body;
};

struct judge_eit {
    struct ts_tap tap; /* first */
    const struct tape_world *world;
    FILE *out;
    struct dvb_text *text;
    int64_t slots;
    uint64_t first;
    uint64_t phase; /* slots from the start of a second to its first packet of the PID */
    int64_t problems;
    struct seen last[CASE_SERVICES][2]; /* section 0 and 1 of each service */
    struct told told[CASE_SERVICES][SCHEDULE_TABLES][256];
};

/* An entry of the programme guide. */
struct entry {
    bool is_there;
    int64_t start_s;
    int64_t duration_s;
    char title[128];
};

static void complain(struct judge_eit *eit, const struct section *section, const char *what)
{
    if (eit->problems++ < 3) {
        fprintf(eit->out, "packet %" PRId64 ": EIT of service %d, section %d: %s\n",
                section->packet, section_extension(section), section_number(section), what);
    }
}

/* --- By the plan ------------------------------------------------------------- */

/* Events that are one entry with event `first`: the number after the last. */
static size_t entry_end(const struct plan *plan, size_t first)
{
    size_t end = first + 1;
    while (end < plan->event_count &&
           (plan->events[end].programme == plan->events[first].programme ||
            (plan->events[end].title == NULL && plan->events[end - 1].title == NULL))) {
        end++;
    }
    return end;
}

/* The entry that is on air at `frame`, or the one that follows. */
static struct entry entry_at(const struct plan *plan, int64_t frame, bool is_following)
{
    struct entry entry = {0};
    if (plan == NULL || plan->event_count == 0) {
        return entry;
    }
    size_t first = 0;
    if (frame >= plan->events[0].start) {
        size_t end = entry_end(plan, 0);
        while (end < plan->event_count && plan->events[end].start <= frame) {
            first = end;
            end = entry_end(plan, first);
        }
        const struct plan_event *last = &plan->events[end - 1];
        const bool is_over = frame >= last->start + last->duration;
        first = is_following || is_over ? end : first;
    } else if (!is_following) {
        return entry;
    }
    if (first >= plan->event_count || plan->events[first].title == NULL) {
        return entry;
    }
    const struct plan_event *last = &plan->events[entry_end(plan, first) - 1];
    entry.is_there = true;
    entry.start_s = plan->events[first].start / FRAMES_PER_SECOND;
    entry.duration_s = (last->start + last->duration) / FRAMES_PER_SECOND - entry.start_s;
    snprintf(entry.title, sizeof(entry.title), "%s", plan->events[first].title);
    return entry;
}

static const struct plan *plan_at(const struct world_service *service, int64_t frame)
{
    const struct plan *plan = NULL;
    for (int i = 0; i < service->entry_count; i++) {
        if (service->journal[i].frame <= frame) {
            plan = timeline_plan(service->history.steps[i + 1].timeline);
        }
    }
    return plan;
}

/* --- By the section ---------------------------------------------------------- */

static int bcd(uint8_t byte)
{
    return (byte >> 4) * 10 + (byte & 0x0f);
}

static int64_t bcd_s(const uint8_t *bytes)
{
    return (int64_t)bcd(bytes[0]) * 3600 + bcd(bytes[1]) * 60 + bcd(bytes[2]);
}

static int64_t event_start(const uint8_t *event)
{
    const int64_t day = event[2] << 8 | event[3];
    return (day - MJD_EPOCH) * DAY_S + bcd_s(event + 4);
}

static void judge_name(struct judge_eit *eit, const struct section *section, const uint8_t *event,
                       const struct entry *entry)
{
    char name[DVB_TEXT_ROOM];
    const uint8_t *descriptor = event + EVENT_HEADER;
    if (descriptor[0] != SHORT_EVENT) {
        complain(eit, section, "no short_event_descriptor in front");
        return;
    }
    if (!dvb_text_decode(eit->text, descriptor + 6, descriptor[5], name) ||
        strcmp(name, entry->title) != 0) {
        complain(eit, section, "another name than the plan's");
        fprintf(eit->out, "    '%s', not '%s'\n", name, entry->title);
    }
}

static void judge_section(struct judge_eit *eit, const struct section *section,
                          const struct world_service *service, int64_t frame)
{
    const struct entry entry =
        entry_at(plan_at(service, frame), frame, section_number(section) == 1);
    const uint8_t *event = section->bytes + HEADER;
    const bool is_there = section->size > HEADER + CRC;
    if (is_there != entry.is_there) {
        complain(eit, section,
                 is_there ? "an event that is not in the plan" : "an event is missing");
        return;
    }
    if (!is_there) {
        return;
    }
    const int64_t start_s = event_start(event);
    const int64_t duration_s = bcd_s(event + 7);
    if (start_s != entry.start_s || duration_s != entry.duration_s) {
        complain(eit, section, "another time than the plan's");
        fprintf(eit->out, "    %" PRId64 " for %" PRId64 " s, not %" PRId64 " for %" PRId64 " s\n",
                start_s, duration_s, entry.start_s, entry.duration_s);
    }
    judge_name(eit, section, event, &entry);
}

/* --- Versions ---------------------------------------------------------------- */

static bool is_same_entry(const struct entry *a, const struct entry *b)
{
    return a->is_there == b->is_there &&
           (!a->is_there || (a->start_s == b->start_s && a->duration_s == b->duration_s &&
                             strcmp(a->title, b->title) == 0));
}

/* The frame of the first packet of the PID in a second. */
static int64_t frame_of_second(const struct judge_eit *eit, uint64_t second)
{
    return tape_frame_of_slot(world_format(eit->world), second * (uint64_t)eit->slots + eit->phase);
}

/* How often what is told changes from second to second, in (from, to]. */
static int count_changes(const struct judge_eit *eit, const struct world_service *service,
                         uint64_t from, uint64_t to)
{
    struct entry last[2];
    int changes = 0;
    for (uint64_t second = from; second <= to; second++) {
        const int64_t frame = frame_of_second(eit, second);
        const struct plan *plan = plan_at(service, frame);
        const struct entry now[2] = {entry_at(plan, frame, false), entry_at(plan, frame, true)};
        if (second > from &&
            (!is_same_entry(&now[0], &last[0]) || !is_same_entry(&now[1], &last[1]))) {
            changes++;
        }
        last[0] = now[0];
        last[1] = now[1];
    }
    return changes;
}

/* One more for each second that tells something else, whichever section it is told in. */
static void judge_version(struct judge_eit *eit, const struct section *section, int number,
                          uint64_t second)
{
    struct seen *last = &eit->last[number][section_number(section) & 1];
    const int version = section_version(section);
    if (last->is_seen) {
        const int changes = count_changes(eit, &eit->world->services[number], last->second, second);
        if (version != (last->version + changes) % 32) {
            complain(eit, section, "its version");
            fprintf(eit->out, "    %d after %d, with %d changes\n", version, last->version,
                    changes);
        }
    }
    *last = (struct seen){true, second, version};
}

/* --- Schedule ---------------------------------------------------------------- */

/* FNV-1a of all but version_number and CRC. */
static uint64_t body_of(const struct section *section)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (int i = 0; i < section->size - CRC; i++) {
        if (i != 5) {
            hash = (hash ^ section->bytes[i]) * UINT64_C(1099511628211);
        }
    }
    return hash;
}

/* Plans adopted and days begun in (from, to]: as often may the schedule have changed. */
static int count_steps(const struct world_service *service, int64_t from, int64_t to)
{
    const int64_t day = (int64_t)DAY_S * FRAMES_PER_SECOND;
    int steps = (int)(to / day - from / day);
    for (int i = 0; i < service->entry_count; i++) {
        const struct journal_entry *entry = &service->journal[i];
        steps += entry->kind == JOURNAL_ADOPT && entry->frame > from && entry->frame <= to;
    }
    return steps;
}

/* The entry of that event_id, which is its programme's number modulo 2^16; or none. */
static struct entry entry_of(const struct plan *plan, int event_id)
{
    for (size_t i = 0; plan != NULL && i < plan->event_count; i = entry_end(plan, i)) {
        const struct plan_event *event = &plan->events[i];
        if ((event->programme & 0xffff) == event_id && event->title != NULL) {
            return entry_at(plan, event->start, false);
        }
    }
    return (struct entry){0};
}

static bool begins_with(const char *whole, const char *start)
{
    return strncmp(whole, start, strlen(start)) == 0;
}

/* Each event is in the plan, with its name or as much of it as there was room for. */
static void judge_told(struct judge_eit *eit, const struct section *section,
                       const struct world_service *service, int64_t frame)
{
    const struct plan *plan = plan_at(service, frame);
    const uint8_t *event = section->bytes + HEADER;
    const uint8_t *end = section->bytes + section->size - CRC;
    while (event + EVENT_HEADER <= end) {
        char name[DVB_TEXT_ROOM];
        const struct entry entry = entry_of(plan, event[0] << 8 | event[1]);
        if (!entry.is_there || event_start(event) != entry.start_s ||
            bcd_s(event + 7) != entry.duration_s) {
            complain(eit, section, "an event that is not in the plan");
        } else if (event[EVENT_HEADER] != SHORT_EVENT ||
                   !dvb_text_decode(eit->text, event + EVENT_HEADER + 6, event[EVENT_HEADER + 5],
                                    name) ||
                   !begins_with(entry.title, name)) {
            complain(eit, section, "another name than the plan's");
        }
        event += EVENT_HEADER + ((event[10] & 0x0f) << 8 | event[11]);
    }
}

static void judge_rise(struct judge_eit *eit, const struct section *section, int number,
                       int64_t frame)
{
    const int table = section_table_id(section) - SCHEDULE_ACTUAL;
    struct told *last = &eit->told[number][table][section_number(section)];
    const struct told now = {true, frame, section_version(section), body_of(section)};
    if (last->is_told) {
        const int steps = count_steps(&eit->world->services[number], last->frame, frame);
        const int risen = (now.version - last->version + 32) % 32;
        const int least = now.body != last->body ? 1 : 0;
        if (risen < least || risen > steps) {
            complain(eit, section, "the version of a schedule");
            fprintf(eit->out, "    %d after %d, with %d steps and %s\n", now.version, last->version,
                    steps, least == 1 ? "something new" : "nothing new");
        }
    }
    *last = now;
}

static void take_section(struct ts_tap *tap, const struct section *section)
{
    struct judge_eit *eit = (struct judge_eit *)tap;
    const int table_id = section_table_id(section);
    const bool is_schedule =
        table_id >= SCHEDULE_ACTUAL && table_id < SCHEDULE_ACTUAL + SCHEDULE_TABLES;
    if (table_id != PF_ACTUAL && !is_schedule) {
        return;
    }
    const uint64_t slot = eit->first + (uint64_t)(section->first_byte / TS_PACKET_SIZE);
    const uint64_t second = slot / (uint64_t)eit->slots;
    for (int i = 0; i < eit->world->of->service_count; i++) {
        const struct world_service *service = &eit->world->services[i];
        if (service->of->transport != 0 ||
            service->service->service_id != section_extension(section)) {
            continue;
        }
        if (is_schedule) {
            const int64_t frame = frame_of_second(eit, second - second % CYCLE_S);
            judge_told(eit, section, service, frame);
            judge_rise(eit, section, i, frame);
        } else {
            judge_section(eit, section, service, frame_of_second(eit, second));
            judge_version(eit, section, i, second);
        }
    }
}

static void take_packet(struct ts_tap *tap, const struct ts_packet *packet)
{
    (void)tap;
    (void)packet;
}

/* The first packet of the PID in the first whole second. */
static uint64_t find_phase(const struct judge_eit *eit, const uint8_t *packets, size_t count)
{
    const uint64_t slots = (uint64_t)eit->slots;
    const size_t second = (size_t)((slots - eit->first % slots) % slots);
    for (size_t i = second; i < count; i++) {
        const uint8_t *packet = packets + i * TS_PACKET_SIZE;
        if (((packet[1] & 0x1f) << 8 | packet[2]) == EIT_PID) {
            return i - second;
        }
    }
    return 0;
}

struct judge_eit *judge_eit_create(const struct tape_world *world, const uint8_t *packets,
                                   FILE *out)
{
    const struct dvb_charsets charsets = {
        .unmarked = strcmp(world->of->text, "gb18030") == 0 ? "GB18030" : "GBK"};
    struct judge_eit *eit = calloc(1, sizeof(*eit));
    MUST(eit != NULL);
    eit->tap = (struct ts_tap){.packet = take_packet, .section = take_section};
    eit->world = world;
    eit->out = out;
    eit->text = dvb_text_create(&charsets);
    eit->slots = tape_transport(world_format(world))->slots_per_second;
    eit->first = judge_first_slot(world);
    eit->phase = find_phase(eit, packets, judge_slot_count(world));
    MUST(eit->text != NULL);
    return eit;
}

struct ts_tap *judge_eit_tap(struct judge_eit *eit)
{
    return &eit->tap;
}

bool judge_eit_finish(struct judge_eit *eit)
{
    const bool is_clean = eit->problems == 0;
    dvb_text_destroy(eit->text);
    free(eit);
    return is_clean;
}
