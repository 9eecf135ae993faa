/* SPDX-License-Identifier: MIT */
/*
 * tape_si: the packets of PSI and SI on the tape.
 *
 * PAT, PMT, NIT, SDT and BAT never change while on air and were packetised
 * when the format was made.  TDT and TOT tell the second in which they lie.
 * EIT present and following are decided together, at the first slot of
 * PID 0x12 in each second; everything else on that PID once in eight seconds.
 */
#include "playout/tape_inner.h"

#include "playout/text_same.h"

#include <bitstream/dvb/si.h>

#include <stdlib.h>
#include <string.h>

enum { EIT_MODULO = 32, TIME_CYCLE_S = 10, TIME_TABLES = 2 };

/* The section of present/following that was made last. */
struct pf_section {
    uint64_t second;
    size_t service;
    int number;
    size_t size; /* 0: none */
    uint8_t bytes[SI_SECTION_MAX];
};

struct tape_si {
    const struct tape_format *format;
    struct si_text *text;
    struct eit_source *sources; /* of all members */
    struct eit_cycle *cycle;    /* the one made last, or NULL */
    uint64_t cycle_number;      /* of which it is known to hold; UINT64_MAX: of none */
    struct pf_section pf;
};

struct tape_si *tape_si_create(const struct tape_format *format)
{
    const size_t members = tape_member_count(format);
    struct tape_si *si = calloc(1, sizeof(*si));
    if (si == NULL) {
        return NULL;
    }
    si->format = format;
    si->cycle_number = UINT64_MAX;
    si->text = si_text_create(format->station->network.text);
    si->sources = calloc(members, sizeof(si->sources[0]));
    if (si->text == NULL || si->sources == NULL) {
        tape_si_destroy(si);
        return NULL;
    }
    return si;
}

void tape_si_destroy(struct tape_si *si)
{
    if (si == NULL) {
        return;
    }
    eit_cycle_destroy(si->cycle);
    si_text_destroy(si->text);
    free(si->sources);
    free(si);
}

void tape_si_forget(struct tape_si *si)
{
    si->pf.size = 0;
    si->cycle_number = UINT64_MAX;
}

enum tape_guide tape_si_guide(const struct tape_si *si)
{
    if (si->cycle == NULL) {
        return TAPE_GUIDE_WHOLE;
    }
    const struct network *network = &si->format->station->network;
    const size_t members = tape_member_count(si->format);
    enum tape_guide guide = TAPE_GUIDE_WHOLE;
    for (size_t i = 0; i < members && network->eit_days > 0; i++) {
        const struct eit_fit *fit = eit_cycle_fit(si->cycle, i);
        if (fit->room > 0 && (fit->left_out > 0 || fit->days < network->eit_days)) {
            return TAPE_GUIDE_CUT;
        }
        guide = fit->detail == SI_DETAIL_FULL ? guide : TAPE_GUIDE_SHORTENED;
    }
    return guide;
}

/* --- Versions ---------------------------------------------------------------- */

static bool has_name(const struct timeline *timeline, int64_t n)
{
    struct si_event event;
    return si_event_of_programme(timeline, n, &event);
}

static bool is_there(const struct timeline *timeline, int64_t n)
{
    size_t first = 0;
    size_t end = 0;
    return timeline_programme_events(timeline, n, &first, &end);
}

/*
 * Programmes passed, counting only those that change what is said: where the
 * last programme has no name, nothing is new when the plan ends; where it is
 * the only one, nothing is new when it begins.
 */
static int64_t passed(const struct timeline *timeline, int64_t frame)
{
    const int64_t n = timeline_programme(timeline, frame);
    if (n > 0 && !is_there(timeline, n) && !has_name(timeline, n - 1)) {
        return n - 1;
    }
    const bool is_alone = is_there(timeline, 0) && !is_there(timeline, 1);
    return n < 0 && is_alone && !has_name(timeline, 0) ? 0 : n;
}

/* The frame of the first slot of PID 0x12 in a second. */
static int64_t eit_frame(const struct tape_format *format, uint64_t second)
{
    const uint64_t slot =
        lattice_slot(format->lattice, OWNER_EIT, second * (uint64_t)format->eit.packets_per_second);
    return tape_frame_of_slot(format, slot);
}

/* The first frame from `frame` on at which present and following are decided. */
static int64_t decided_from(const struct tape_format *format, int64_t frame)
{
    const uint64_t second = (uint64_t)(frame / FRAMES_PER_SECOND);
    const int64_t decided = eit_frame(format, second);
    return decided >= frame ? decided : eit_frame(format, second + 1);
}

/* The last one before `frame`. */
static int64_t decided_before(const struct tape_format *format, int64_t frame)
{
    const uint64_t second = (uint64_t)(frame / FRAMES_PER_SECOND);
    const int64_t decided = eit_frame(format, second);
    return decided < frame ? decided : eit_frame(format, second - 1);
}

/* How many programmes between numbers `a` and `b` come and go between two decisions. */
static int64_t unseen(const struct tape_format *format, const struct timeline *timeline, int64_t a,
                      int64_t b)
{
    const struct plan *plan = timeline_plan(timeline);
    size_t count = 0;
    int64_t found = 0;
    const uint32_t *numbers = timeline_short_programmes(timeline, &count);
    for (size_t i = 0; i < count; i++) {
        size_t first = 0;
        size_t end = 0;
        if (numbers[i] > a && numbers[i] < b &&
            timeline_programme_events(timeline, numbers[i], &first, &end)) {
            const struct plan_event *last = &plan->events[end - 1];
            const int64_t decided = decided_from(format, plan->events[first].start);
            found += decided >= last->start + last->duration;
        }
    }
    return found;
}

int tape_eit_version(const struct tape_format *format, const struct tape_step *step, int64_t frame)
{
    if (timeline_plan(step->timeline) == NULL) {
        return step->eit_version;
    }
    const int64_t first = decided_from(format, step->version_frame);
    if (frame <= first) {
        return step->eit_version;
    }
    const int64_t from = passed(step->timeline, first);
    const int64_t to = passed(step->timeline, frame);
    const int64_t changes = to - from - unseen(format, step->timeline, from, to);
    return (int)((step->eit_version + changes) % EIT_MODULO);
}

static bool same_entry(const struct timeline *a, int64_t n, const struct timeline *b, int64_t m)
{
    struct si_event left = {0};
    struct si_event right = {0};
    const bool has_left = si_event_of_programme(a, n, &left);
    const bool has_right = si_event_of_programme(b, m, &right);
    return has_left == has_right &&
           (!has_left ||
            (left.event_id == right.event_id && left.start_s == right.start_s &&
             left.duration_s == right.duration_s && left.genre == right.genre &&
             left.has_subtitles == right.has_subtitles && left.is_signed == right.is_signed &&
             text_same(left.title, right.title) && text_same(left.text, right.text)));
}

int tape_next_eit_version(const struct tape_format *format, const struct tape_step *step,
                          const struct timeline *next, int64_t frame)
{
    /* What the old one would say from `frame` on is never sent. */
    const bool has_plan = timeline_plan(step->timeline) != NULL;
    const int64_t first = has_plan ? decided_from(format, step->version_frame) : INT64_MIN;
    const int64_t before = decided_before(format, frame);
    const int64_t last = before > first ? before : first;
    const int64_t from = decided_from(format, frame);
    const int64_t old = timeline_programme(step->timeline, last);
    const int64_t fresh = timeline_programme(next, from);
    const bool is_same = same_entry(step->timeline, old, next, fresh) &&
                         same_entry(step->timeline, old + 1, next, fresh + 1);
    return (tape_eit_version(format, step, last) + (is_same ? 0 : 1)) % EIT_MODULO;
}

/* The next programme from number *n on that is in the EPG and begins before `end_s`. */
static bool next_entry(const struct timeline *timeline, int64_t *n, int64_t end_s,
                       struct si_event *event)
{
    size_t first = 0;
    size_t end = 0;
    for (; timeline_programme_events(timeline, *n, &first, &end); (*n)++) {
        if (si_event_of_programme(timeline, *n, event)) {
            return event->start_s < end_s;
        }
    }
    return false;
}

int tape_next_schedule_version(const struct tape_format *format, const struct tape_step *step,
                               const struct timeline *next, int64_t frame)
{
    enum { DAY_S = 86400 };
    const int64_t now_s = frame / FRAMES_PER_SECOND;
    const int64_t from_s = now_s - now_s % DAY_S;
    const int64_t to_s = from_s + (int64_t)format->station->network.eit_days * DAY_S;
    const struct timeline *old = step->timeline;
    int64_t a = timeline_programme(old, from_s * FRAMES_PER_SECOND);
    int64_t b = timeline_programme(next, from_s * FRAMES_PER_SECOND);
    a = a < 0 ? 0 : a;
    b = b < 0 ? 0 : b;
    for (;; a++, b++) {
        struct si_event event;
        const bool has_old = next_entry(old, &a, to_s, &event);
        const bool has_next = next_entry(next, &b, to_s, &event);
        if (!has_old && !has_next) {
            return step->schedule_version;
        }
        if (has_old != has_next || !same_entry(old, a, next, b)) {
            return (step->schedule_version + 1) % EIT_MODULO;
        }
    }
}

/* --- Packets ----------------------------------------------------------------- */

static void write_table(const struct tape_table *table, uint64_t ordinal, uint8_t *packet)
{
    memcpy(packet, table->packets + ordinal % (uint64_t)table->count * TS_PACKET_SIZE,
           TS_PACKET_SIZE);
    packet[3] = (uint8_t)((packet[3] & 0xf0) | (ordinal & 0x0f));
}

/* TDT at every tenth second, TOT half-way between. */
static bool write_time(const struct tape_si *si, uint64_t slot, uint8_t *packet)
{
    const uint64_t second = slot / (uint64_t)si->format->slots_per_second;
    const uint64_t half = TIME_CYCLE_S / TIME_TABLES;
    if (second % half != 0) {
        return false;
    }
    uint8_t section[SI_TIME_MAX];
    const size_t size = second % TIME_CYCLE_S == 0 ? si_tdt((int64_t)second, section)
                                                   : si_tot(si->format->station, si->format->zone,
                                                            (int64_t)second, section);
    si_packet(packet, PID_TDT, second / half & 0x0f, section, size, 0);
    return true;
}

int64_t tape_guide_frame(const struct tape_format *format, int64_t frame)
{
    const int64_t second = frame / FRAMES_PER_SECOND;
    const int64_t cycle = second - second % EIT_CYCLE_S;
    const int64_t decided = eit_frame(format, (uint64_t)cycle);
    return decided <= frame ? decided : eit_frame(format, (uint64_t)(cycle - EIT_CYCLE_S));
}

static void make_pf(struct tape_si *si, struct tape_inputs *const *inputs, uint64_t second,
                    size_t service, int number)
{
    struct pf_section *pf = &si->pf;
    const int64_t frame = eit_frame(si->format, second);
    const struct tape_step *step = tape_inputs_step(inputs[service], frame);
    const int64_t programme = timeline_programme(step->timeline, frame);
    const struct si_eit eit = {
        .station = si->format->station,
        .service = &si->format->transport->services[service],
        .table_id = EIT_TABLE_ID_PF_ACTUAL,
        .version = tape_eit_version(si->format, step, frame),
    };
    struct si_event event;
    const bool has_event = si_event_of_programme(step->timeline, programme + number, &event);
    pf->size = si_eit_pf(&eit, si->text, number, has_event ? &event : NULL, pf->bytes);
    pf->second = second;
    pf->service = service;
    pf->number = number;
}

/* Makes sure that the cycle is the one of `number`; NULL when out of memory. */
static const struct eit_cycle *cycle_of(struct tape_si *si, struct tape_inputs *const *inputs,
                                        uint64_t number)
{
    const struct tape_format *format = si->format;
    const size_t members = tape_member_count(format);
    const int64_t start_s = (int64_t)(number * EIT_CYCLE_S);
    if (si->cycle != NULL && si->cycle_number == number) {
        return si->cycle;
    }
    const int64_t frame = eit_frame(si->format, (uint64_t)start_s);
    for (size_t i = 0; i < members; i++) {
        const struct tape_step *step = tape_inputs_step(inputs[i], frame);
        si->sources[i] = (struct eit_source){
            .service = tape_member(format, i),
            .is_actual = i < format->transport->service_count,
            .timeline = step->timeline,
            .schedule_version = step->schedule_version,
            .pf_version = tape_eit_version(format, step, frame),
            .frame = frame,
        };
    }
    si->cycle_number = number;
    if (si->cycle != NULL && eit_cycle_holds(si->cycle, si->sources, members, start_s)) {
        return si->cycle;
    }
    eit_cycle_destroy(si->cycle);
    si->cycle = NULL;
    (void)eit_cycle_create(&format->eit, si->sources, members, start_s, &si->cycle);
    return si->cycle;
}

static bool write_eit(struct tape_si *si, struct tape_inputs *const *inputs, uint64_t ordinal,
                      uint8_t *packet)
{
    const struct eit_layout *layout = &si->format->eit;
    const uint64_t per_second = (uint64_t)layout->packets_per_second;
    const uint64_t second = ordinal / per_second;
    const int position = (int)(ordinal % per_second);
    size_t service = 0;
    int number = 0;
    int index = 0;
    if (eit_layout_pf(layout, position, &service, &number, &index)) {
        if (si->pf.size == 0 || si->pf.second != second || si->pf.service != service ||
            si->pf.number != number) {
            make_pf(si, inputs, second, service, number);
        }
        si_packet(packet, PID_EIT, ordinal & 0x0f, si->pf.bytes, si->pf.size, index);
        return true;
    }
    const struct eit_cycle *cycle = cycle_of(si, inputs, second / EIT_CYCLE_S);
    if (cycle == NULL) {
        return false;
    }
    eit_cycle_packet(cycle, (int)(second % EIT_CYCLE_S * per_second) + position, ordinal & 0x0f,
                     packet);
    return true;
}

bool tape_si_packet(struct tape_si *si, struct tape_inputs *const *inputs, int owner,
                    uint64_t ordinal, uint64_t slot, uint8_t *packet)
{
    const struct tape_format *format = si->format;
    switch (owner) {
    case OWNER_PAT:
        write_table(&format->pat, ordinal, packet);
        return true;
    case OWNER_NIT:
        si_carousel_packet(format->nit, ordinal, packet);
        return true;
    case OWNER_SDT:
        si_carousel_packet(format->sdt, ordinal, packet);
        return true;
    case OWNER_EIT:
        return write_eit(si, inputs, ordinal, packet);
    case OWNER_TDT:
        return write_time(si, slot, packet);
    default:
        write_table(&format->pmts[(owner - OWNER_SERVICES) / SERVICE_OWNERS], ordinal, packet);
        return true;
    }
}
