/* SPDX-License-Identifier: MIT */
#include "playout/tape.h"

#include "playout/es_reader.h"
#include "playout/tape_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bitstream/mpeg/ts.h>

enum { PCR_FIELD_LENGTH = 183 }; /* an adaptation field alone fills the packet */

/* Where the reader is on the tape of one service. */
struct service_reader {
    const struct tape_step *step;
    struct asset_blocks blocks;
    struct es_reader video;
    struct es_reader audio;
};

struct tape_reader {
    const struct tape_format *format;
    struct tape_si *si;
    size_t member_count;
    struct tape_inputs **inputs; /* of the last call; references */
    struct service_reader *services;
    uint64_t next;      /* where the last call ended */
    uint64_t *ordinals; /* there, of every owner */
    uint8_t null_packet[TS_PACKET_SIZE];
};

struct tape_reader *tape_reader_create(const struct tape_format *format)
{
    const size_t services = format->transport->service_count;
    struct tape_reader *reader = calloc(1, sizeof(*reader));
    if (reader == NULL) {
        return NULL;
    }
    reader->format = format;
    reader->member_count = tape_member_count(format);
    reader->si = tape_si_create(format);
    reader->inputs = calloc(reader->member_count, sizeof(struct tape_inputs *));
    reader->services = calloc(services, sizeof(reader->services[0]));
    reader->ordinals = calloc((size_t)lattice_owners(format->lattice), sizeof(uint64_t));
    if (reader->si == NULL || reader->inputs == NULL || reader->services == NULL ||
        reader->ordinals == NULL) {
        tape_reader_destroy(reader);
        return NULL;
    }
    for (size_t i = 0; i < services; i++) {
        struct service_reader *service = &reader->services[i];
        es_reader_init(&service->video, format, i, true, &service->blocks);
        es_reader_init(&service->audio, format, i, false, &service->blocks);
    }
    ts_pad(reader->null_packet);
    return reader;
}

void tape_reader_destroy(struct tape_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    for (size_t i = 0; reader->inputs != NULL && i < reader->member_count; i++) {
        tape_inputs_unref(reader->inputs[i]);
    }
    for (size_t i = 0; reader->services != NULL && i < reader->format->transport->service_count;
         i++) {
        es_reader_finish(&reader->services[i].video);
        es_reader_finish(&reader->services[i].audio);
        asset_blocks_finish(&reader->services[i].blocks);
    }
    tape_si_destroy(reader->si);
    free(reader->inputs);
    free(reader->services);
    free(reader->ordinals);
    free(reader);
}

/* Makes sure that the window open at `slot` is the reader's. */
static inline void follow(const struct tape_reader *reader, size_t service, struct es_reader *es,
                          uint64_t slot, struct tape_fault *fault)
{
    if (slot >= es->closes || slot < es->opens) {
        es_reader_seek(es, reader->inputs[service], reader->services[service].step->timeline, slot,
                       fault);
    }
}

static inline void write_es(struct tape_reader *reader, size_t service, struct es_reader *es,
                            uint64_t slot, uint64_t ordinal, uint8_t *packet,
                            struct tape_fault *fault)
{
    follow(reader, service, es, slot, fault);
    if (!es_reader_packet(es, slot, ordinal, packet, fault)) {
        memcpy(packet, reader->null_packet, TS_PACKET_SIZE);
    }
}

static void write_pcr(struct tape_reader *reader, size_t service, uint64_t slot, uint8_t *packet,
                      struct tape_fault *fault)
{
    const struct tape_format *format = reader->format;
    struct es_reader *video = &reader->services[service].video;
    follow(reader, service, video, slot, fault);
    const uint64_t pcr = tape_pcr(format->slots_per_second, slot);
    const int64_t sent = es_reader_sent(video, reader->ordinals[video->owner]);
    memset(packet, 0xff, TS_PACKET_SIZE);
    ts_init(packet);
    ts_set_pid(packet, (uint16_t)format->transport->services[service].video_pid);
    ts_set_cc(packet, (uint8_t)((sent - 1) & 0x0f)); /* without payload: the last one again */
    ts_set_adaptation(packet, PCR_FIELD_LENGTH);
    tsaf_set_pcr(packet, pcr / 300);
    tsaf_set_pcrext(packet, (uint16_t)(pcr % 300));
}

static void write_packet(struct tape_reader *reader, int owner, uint64_t slot, uint64_t ordinal,
                         uint8_t *packet, struct tape_fault *fault)
{
    const size_t service = (size_t)(owner - OWNER_SERVICES) / SERVICE_OWNERS;
    const int what = owner < OWNER_SERVICES ? -1 : (owner - OWNER_SERVICES) % SERVICE_OWNERS;
    switch (what) {
    case SERVICE_VIDEO:
        write_es(reader, service, &reader->services[service].video, slot, ordinal, packet, fault);
        break;
    case SERVICE_AUDIO:
        write_es(reader, service, &reader->services[service].audio, slot, ordinal, packet, fault);
        break;
    case SERVICE_PCR:
        write_pcr(reader, service, slot, packet, fault);
        break;
    default:
        if (!tape_si_packet(reader->si, reader->inputs, owner, ordinal, slot, packet)) {
            memcpy(packet, reader->null_packet, TS_PACKET_SIZE);
        }
        break;
    }
}

/* Packets [first, first + count), all under one step of each journal. */
static void read_stretch(struct tape_reader *reader, uint64_t first, size_t count, uint8_t *packets,
                         struct tape_fault *fault)
{
    const struct tape_format *format = reader->format;
    const uint8_t *table = lattice_table(format->lattice);
    size_t index = first % (uint64_t)format->slots_per_second;

    for (uint64_t slot = first; slot < first + count; slot++, packets += TS_PACKET_SIZE) {
        const int owner = table[index];
        if (owner == OWNER_NONE) {
            memcpy(packets, reader->null_packet, TS_PACKET_SIZE);
        } else {
            write_packet(reader, owner, slot, reader->ordinals[owner], packets, fault);
            reader->ordinals[owner]++;
        }
        index = index + 1 < (size_t)format->slots_per_second ? index + 1 : 0;
    }
}

/* Forgets the open windows of a service: they are looked up anew. */
static void leave_windows(struct service_reader *service)
{
    service->video.closes = 0;
    service->audio.closes = 0;
}

static void take_inputs(struct tape_reader *reader, struct tape_inputs *const *inputs)
{
    for (size_t i = 0; i < reader->member_count; i++) {
        if (reader->inputs[i] != inputs[i]) {
            struct tape_inputs *old = reader->inputs[i];
            reader->inputs[i] = tape_inputs_ref(inputs[i]);
            tape_inputs_unref(old);
            tape_si_forget(reader->si);
            if (i < reader->format->transport->service_count) {
                reader->services[i].step = NULL;
                asset_blocks_forget(&reader->services[i].blocks);
            }
        }
    }
}

static void jump(struct tape_reader *reader, uint64_t slot)
{
    for (int owner = 0; owner < lattice_owners(reader->format->lattice); owner++) {
        reader->ordinals[owner] = lattice_ordinal(reader->format->lattice, owner, slot);
    }
    for (size_t i = 0; i < reader->format->transport->service_count; i++) {
        leave_windows(&reader->services[i]);
    }
}

static void take_steps(struct tape_reader *reader, int64_t frame)
{
    for (size_t i = 0; i < reader->format->transport->service_count; i++) {
        struct service_reader *service = &reader->services[i];
        const struct tape_step *step = tape_inputs_step(reader->inputs[i], frame);
        if (service->step != step) {
            service->step = step;
            leave_windows(service);
        }
    }
}

void tape_read(struct tape_reader *reader, struct tape_inputs *const *inputs, uint64_t first,
               size_t count, uint8_t *packets, struct tape_fault *fault)
{
    *fault = (struct tape_fault){0};
    take_inputs(reader, inputs);
    if (reader->next != first || first == 0) {
        jump(reader, first);
    }
    while (count > 0) {
        /* A step of a journal takes effect at the first slot of a frame. */
        const int64_t frame = tape_frame_of_slot(reader->format, first);
        const uint64_t frame_end = tape_slot_of_frame(reader->format, frame + 1);
        const size_t stretch = frame_end - first < count ? (size_t)(frame_end - first) : count;
        take_steps(reader, frame);
        read_stretch(reader, first, stretch, packets, fault);
        first += stretch;
        packets += stretch * TS_PACKET_SIZE;
        count -= stretch;
        reader->next = first;
    }
}

enum tape_guide tape_reader_guide(const struct tape_reader *reader)
{
    return tape_si_guide(reader->si);
}

static void take_state(struct es_reader *es, const struct tape_format *format, uint64_t slot,
                       struct tape_state *state)
{
    const size_t i = es->is_video ? 0 : 1;
    const int64_t total = es_reader_sent(es, lattice_ordinal(format->lattice, es->owner, slot));
    state->piece[i] = es->piece;
    state->au[i] = es->au;
    state->packets[i] = es->au_packets;
    state->total[i] = total;
    state->sent[i] = total - es->au_before;
}

int tape_state_at(const struct tape_format *format, size_t service, struct tape_inputs *inputs,
                  const struct timeline *timeline, int64_t frame, struct tape_state *state)
{
    const uint64_t slot = tape_slot_of_frame(format, frame);
    struct tape_fault fault = {0};
    struct es_reader es;
    es_reader_init(&es, format, service, true, NULL);
    es_reader_seek(&es, inputs, timeline, slot, &fault);
    take_state(&es, format, slot, state);
    es_reader_init(&es, format, service, false, NULL);
    es_reader_seek(&es, inputs, timeline, slot, &fault);
    take_state(&es, format, slot, state);
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
