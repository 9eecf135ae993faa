/* SPDX-License-Identifier: MIT */
/*
 * judge_eit: EIT present/following against the plan in force.
 *
 * What a section says must hold at the first packet of PID 0x12 in its second;
 * worked out here from the list of events alone.
 */
#include "tests/support/must.h"
#include "tests/support/tape_judge.h"
#include "tools/meter/ts_check.h"

#include <inttypes.h>
#include <string.h>

enum {
    EIT_PID = 0x12,
    PF_ACTUAL = 0x4e,
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
    int64_t frame;
    int version;
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
    const int64_t day = event[2] << 8 | event[3];
    const int64_t start_s = (day - MJD_EPOCH) * DAY_S + bcd_s(event + 4);
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

/* How often present or following have changed in (from, to]. */
static int count_changes(const struct world_service *service, int64_t from, int64_t to)
{
    struct entry last[2];
    int changes = 0;
    for (int64_t frame = from; frame <= to; frame++) {
        const struct plan *plan = plan_at(service, frame);
        const struct entry now[2] = {entry_at(plan, frame, false), entry_at(plan, frame, true)};
        if (frame > from &&
            (!is_same_entry(&now[0], &last[0]) || !is_same_entry(&now[1], &last[1]))) {
            changes++;
        }
        last[0] = now[0];
        last[1] = now[1];
    }
    return changes;
}

/* One more for each change, also when two of them fall between two sections. */
static void judge_version(struct judge_eit *eit, const struct section *section, int number,
                          int64_t frame)
{
    struct seen *last = &eit->last[number][section_number(section) & 1];
    const int version = section_version(section);
    if (last->is_seen) {
        const int changes = count_changes(&eit->world->services[number], last->frame, frame);
        if (version != (last->version + changes) % 32) {
            complain(eit, section, "its version");
            fprintf(eit->out, "    %d after %d, with %d changes\n", version, last->version,
                    changes);
        }
    }
    *last = (struct seen){true, frame, version};
}

static void take_section(struct ts_tap *tap, const struct section *section)
{
    struct judge_eit *eit = (struct judge_eit *)tap;
    if (section_table_id(section) != PF_ACTUAL) {
        return;
    }
    const uint64_t slot = eit->first + (uint64_t)(section->first_byte / TS_PACKET_SIZE);
    const uint64_t second = slot / (uint64_t)eit->slots;
    const int64_t frame =
        tape_frame_of_slot(world_format(eit->world), second * (uint64_t)eit->slots + eit->phase);
    for (int i = 0; i < eit->world->of->service_count; i++) {
        const struct world_service *service = &eit->world->services[i];
        if (service->of->transport == 0 &&
            service->service->service_id == section_extension(section)) {
            judge_section(eit, section, service, frame);
            judge_version(eit, section, i, frame);
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
