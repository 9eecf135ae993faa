/* SPDX-License-Identifier: MIT */
#include "playout/tape.h"

#include "playout/es_reader.h"
#include "playout/tape_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bitstream/mpeg/ts.h>

enum {
    TDT_PERIOD_S = 10,
    EIT_MODULO = 32,
    PCR_FIELD_LENGTH = 183, /* an adaptation field alone fills the packet */
};

struct tape_reader {
    const struct tape_format *format;
    struct tape_inputs *inputs; /* of the last call; a reference */
    const struct tape_step *step;
    uint64_t next; /* where the last call ended */
    struct es_reader video;
    struct es_reader audio;
    uint8_t null_packet[TS_PACKET_SIZE];
};

struct tape_reader *tape_reader_create(const struct tape_format *format)
{
    struct tape_reader *reader = calloc(1, sizeof(*reader));
    if (reader != NULL) {
        reader->format = format;
        es_reader_init(&reader->video, format, true);
        es_reader_init(&reader->audio, format, false);
        ts_pad(reader->null_packet);
    }
    return reader;
}

void tape_reader_destroy(struct tape_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    tape_inputs_unref(reader->inputs);
    es_reader_finish(&reader->video);
    es_reader_finish(&reader->audio);
    free(reader);
}

/* The EPG entry number n of a time line; false when it has none or is not in the EPG. */
static bool find_event(const struct timeline *timeline, int64_t n, struct si_event *event)
{
    size_t first = 0;
    size_t end = 0;
    if (!timeline_programme_events(timeline, n, &first, &end)) {
        return false;
    }
    const struct plan_event *events = timeline_plan(timeline)->events;
    const int64_t start = events[first].start;
    const int64_t stop = events[end - 1].start + events[end - 1].duration;
    *event = (struct si_event){
        .event_id = (uint16_t)events[first].programme,
        .start_s = start / FRAMES_PER_SECOND,
        .duration_s = stop / FRAMES_PER_SECOND - start / FRAMES_PER_SECOND,
        .title = events[first].title,
        .text = events[first].text,
    };
    return event->title != NULL;
}

int tape_eit_version(const struct tape_step *step, int64_t frame)
{
    const int64_t passed =
        timeline_programme(step->timeline, frame) - timeline_programme(step->timeline, step->frame);
    return (int)(((step->eit_version + passed) % EIT_MODULO + EIT_MODULO) % EIT_MODULO);
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_entry(const struct timeline *a, int64_t frame, const struct timeline *b,
                       int64_t offset)
{
    struct si_event left = {0};
    struct si_event right = {0};
    const bool has_left = find_event(a, timeline_programme(a, frame) + offset, &left);
    const bool has_right = find_event(b, timeline_programme(b, frame) + offset, &right);
    return has_left == has_right &&
           (!has_left || (left.event_id == right.event_id && left.start_s == right.start_s &&
                          left.duration_s == right.duration_s &&
                          same_text(left.title, right.title) && same_text(left.text, right.text)));
}

int tape_next_eit_version(const struct tape_step *step, const struct timeline *next, int64_t frame)
{
    const bool is_same =
        same_entry(step->timeline, frame, next, 0) && same_entry(step->timeline, frame, next, 1);
    return (tape_eit_version(step, frame) + (is_same ? 0 : 1)) % EIT_MODULO;
}

static void write_pcr(const struct tape_reader *reader, uint64_t slot, uint8_t *packet)
{
    const struct tape_format *format = reader->format;
    const uint64_t pcr = tape_pcr(format->slots_per_second, slot);
    const int64_t sent =
        es_reader_sent(&reader->video, lattice_ordinal(format->lattice, OWNER_VIDEO, slot));
    memset(packet, 0xff, TS_PACKET_SIZE);
    ts_init(packet);
    ts_set_pid(packet, (uint16_t)format->transport->pcr_pid);
    ts_set_cc(packet, (uint8_t)((sent - 1) & 0x0f)); /* without payload: the last one again */
    ts_set_adaptation(packet, PCR_FIELD_LENGTH);
    tsaf_set_pcr(packet, pcr / 300);
    tsaf_set_pcrext(packet, (uint16_t)(pcr % 300));
}

/*
 * Present and following are decided together, at the first of their slots in
 * each second, by the journal there: they are one table with one version.
 */
static void write_eit(const struct tape_reader *reader, uint64_t ordinal, uint8_t *packet)
{
    const struct tape_format *format = reader->format;
    const uint64_t index = ordinal % SI_EIT_PACKETS;
    const int number = (int)(ordinal / SI_EIT_PACKETS % 2);
    const uint64_t pair = ordinal - ordinal % (2 * (uint64_t)SI_EIT_PACKETS);
    const uint64_t first = lattice_slot(format->lattice, OWNER_EIT, pair);
    const int64_t frame = tape_frame_of_slot(format, first);
    const struct tape_step *step = tape_inputs_step(reader->inputs, frame);
    const int64_t programme = timeline_programme(step->timeline, frame);

    uint8_t section[SI_SECTION_MAX];
    struct si_event event;
    const bool has_event = find_event(step->timeline, programme + number, &event);
    const size_t size = si_eit_pf(format->transport, number, tape_eit_version(step, frame),
                                  has_event ? &event : NULL, section);
    si_packet(packet, PID_EIT, ordinal & 0x0f, section, size, (int)index);
}

static void write_tdt(const struct tape_reader *reader, uint64_t slot, uint8_t *packet)
{
    const uint64_t second = slot / (uint64_t)reader->format->slots_per_second;
    if (second % TDT_PERIOD_S != 0) {
        memcpy(packet, reader->null_packet, TS_PACKET_SIZE);
        return;
    }
    uint8_t section[SI_SECTION_MAX];
    const size_t size = si_tdt((int64_t)second, section);
    si_packet(packet, PID_TDT, second / TDT_PERIOD_S & 0x0f, section, size, 0);
}

/* A table whose section never changes, repeated in all its slots. */
static void write_table(int pid, const uint8_t *section, size_t size, uint64_t ordinal,
                        uint8_t *packet)
{
    const uint64_t packets = (uint64_t)si_packets(size);
    si_packet(packet, pid, ordinal & 0x0f, section, size, (int)(ordinal % packets));
}

static void write_si(const struct tape_reader *reader, enum slot_owner owner, uint64_t slot,
                     uint8_t *packet)
{
    const struct tape_format *format = reader->format;
    const uint64_t ordinal = lattice_ordinal(format->lattice, owner, slot);
    switch (owner) {
    case OWNER_PAT:
        write_table(PID_PAT, format->pat, format->pat_size, ordinal, packet);
        break;
    case OWNER_PMT:
        write_table(format->transport->pmt_pid, format->pmt, format->pmt_size, ordinal, packet);
        break;
    case OWNER_SDT:
        write_table(PID_SDT, format->sdt, format->sdt_size, ordinal, packet);
        break;
    case OWNER_EIT:
        write_eit(reader, ordinal, packet);
        break;
    case OWNER_TDT:
        write_tdt(reader, slot, packet);
        break;
    default:
        memcpy(packet, reader->null_packet, TS_PACKET_SIZE);
        break;
    }
}

/* Makes sure that the window open at `slot` is the reader's. */
static void follow(struct tape_reader *reader, struct es_reader *es, uint64_t slot,
                   struct tape_fault *fault)
{
    if (slot >= es->closes || slot < es->opens) {
        es_reader_seek(es, reader->inputs, reader->step->timeline, slot, fault);
    }
}

static void write_es(struct tape_reader *reader, struct es_reader *es, uint64_t slot,
                     uint64_t ordinal, uint8_t *packet, struct tape_fault *fault)
{
    follow(reader, es, slot, fault);
    if (!es_reader_packet(es, slot, ordinal, packet, fault)) {
        memcpy(packet, reader->null_packet, TS_PACKET_SIZE);
    }
}

/* Packets [first, first + count), all under one step of the journal. */
static void read_stretch(struct tape_reader *reader, uint64_t first, size_t count, uint8_t *packets,
                         struct tape_fault *fault)
{
    const struct tape_format *format = reader->format;
    const uint8_t *table = lattice_table(format->lattice);
    uint64_t video = lattice_ordinal(format->lattice, OWNER_VIDEO, first);
    uint64_t audio = lattice_ordinal(format->lattice, OWNER_AUDIO, first);
    size_t index = first % (uint64_t)format->slots_per_second;

    for (uint64_t slot = first; slot < first + count; slot++, packets += TS_PACKET_SIZE) {
        const enum slot_owner owner = (enum slot_owner)table[index];
        switch (owner) {
        case OWNER_VIDEO:
            write_es(reader, &reader->video, slot, video++, packets, fault);
            break;
        case OWNER_AUDIO:
            write_es(reader, &reader->audio, slot, audio++, packets, fault);
            break;
        case OWNER_PCR:
            follow(reader, &reader->video, slot, fault);
            write_pcr(reader, slot, packets);
            break;
        default:
            write_si(reader, owner, slot, packets);
            break;
        }
        index = index + 1 < (size_t)format->slots_per_second ? index + 1 : 0;
    }
}

static void go_to(struct tape_reader *reader, struct tape_inputs *inputs, uint64_t slot)
{
    if (reader->inputs != inputs) {
        struct tape_inputs *old = reader->inputs;
        reader->inputs = tape_inputs_ref(inputs);
        tape_inputs_unref(old);
        reader->step = NULL;
    }
    const struct tape_step *step =
        tape_inputs_step(inputs, tape_frame_of_slot(reader->format, slot));
    if (reader->step != step || reader->next != slot) {
        reader->step = step;
        reader->video.closes = 0;
        reader->audio.closes = 0;
    }
}

void tape_read(struct tape_reader *reader, struct tape_inputs *inputs, uint64_t first, size_t count,
               uint8_t *packets, struct tape_fault *fault)
{
    *fault = (struct tape_fault){0};
    while (count > 0) {
        /* A step of the journal takes effect at the first slot of a frame. */
        go_to(reader, inputs, first);
        const int64_t frame = tape_frame_of_slot(reader->format, first);
        const uint64_t frame_end = tape_slot_of_frame(reader->format, frame + 1);
        const size_t stretch = frame_end - first < count ? (size_t)(frame_end - first) : count;
        read_stretch(reader, first, stretch, packets, fault);
        first += stretch;
        packets += stretch * TS_PACKET_SIZE;
        count -= stretch;
        reader->next = first;
    }
}

static void take_state(struct es_reader *es, const struct tape_format *format,
                       enum slot_owner owner, uint64_t slot, struct tape_state *state)
{
    const size_t i = owner == OWNER_VIDEO ? 0 : 1;
    const int64_t total = es_reader_sent(es, lattice_ordinal(format->lattice, owner, slot));
    state->piece[i] = es->piece;
    state->au[i] = es->au;
    state->packets[i] = es->au_packets;
    state->total[i] = total;
    state->sent[i] = total - es->au_before;
}

int tape_state_at(const struct tape_format *format, struct tape_inputs *inputs,
                  const struct timeline *timeline, int64_t frame, struct tape_state *state)
{
    const uint64_t slot = tape_slot_of_frame(format, frame);
    struct tape_fault fault = {0};
    struct es_reader es;
    es_reader_init(&es, format, true);
    es_reader_seek(&es, inputs, timeline, slot, &fault);
    take_state(&es, format, OWNER_VIDEO, slot, state);
    es_reader_init(&es, format, false);
    es_reader_seek(&es, inputs, timeline, slot, &fault);
    take_state(&es, format, OWNER_AUDIO, slot, state);
    return fault.error == 0 ? 0 : -ENOENT;
}

bool tape_state_equal(const struct tape_state *a, const struct tape_state *b)
{
    for (size_t i = 0; i < 2; i++) {
        const struct piece *left = &a->piece[i];
        const struct piece *right = &b->piece[i];
        if (left->start != right->start || left->in_point != right->in_point ||
            strcmp(left->asset, right->asset) != 0 || a->au[i] != b->au[i] ||
            a->sent[i] != b->sent[i] || a->total[i] != b->total[i] ||
            (a->sent[i] > 0 && a->packets[i] != b->packets[i])) {
            return false;
        }
    }
    return true;
}
