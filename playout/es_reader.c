/* SPDX-License-Identifier: MIT */
#include "playout/es_reader.h"

#include "playout/tape_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bitstream/mpeg/pes.h>
#include <bitstream/mpeg/ts.h>

enum {
    TICKS_PER_SECOND = 90000,
    STREAM_ID_VIDEO = 0xe0,
    STREAM_ID_AUDIO = 0xc0,
    STREAM_ID_PRIVATE_1 = 0xbd,
    NAL_LENGTH_SIZE = 4,
    ADTS_SIZE = 7,
};

#define TIMESTAMP_MASK ((UINT64_C(1) << 33) - 1)

void es_reader_init(struct es_reader *es, const struct tape_format *format, size_t service,
                    bool is_video, struct asset_blocks *blocks)
{
    const struct service *of = &format->transport->services[service];
    *es = (struct es_reader){
        .format = format,
        .number = service,
        .service = of,
        .es = is_video ? &of->profile->video.es : &of->profile->audio.es,
        .slate = format->slates[service],
        .blocks = blocks,
        .pid = is_video ? of->video_pid : of->audio_pid,
        .owner = owner_of_service(service, is_video ? SERVICE_VIDEO : SERVICE_AUDIO),
        .is_video = is_video,
        .loaded_au = -1,
    };
}

void es_reader_finish(struct es_reader *es)
{
    free(es->bytes);
    *es = (struct es_reader){0};
}

/* Slot of a time in 90 kHz ticks from the start of the piece, rounded up. */
static uint64_t slot_at(const struct es_reader *es, int64_t ticks)
{
    const int64_t start = (int64_t)tape_slot_of_frame(es->format, es->piece.start);
    /* 10 days of ticks x 2^15 slots < 2^52 */
    const int64_t scaled = ticks * es->format->slots_per_second;
    const int64_t offset = scaled >= 0 ? (scaled + TICKS_PER_SECOND - 1) / TICKS_PER_SECOND
                                       : -(-scaled / TICKS_PER_SECOND);
    return (uint64_t)(start + offset);
}

/* Places access unit es->au, given the ordinal at which the one before ends. */
static void place_au(struct es_reader *es, uint64_t free_from)
{
    if (es->au >= es->window.count) {
        es->au_first = UINT64_MAX; /* all sent */
        es->au_packets = 0;
        return;
    }
    const uint64_t earliest = lattice_ordinal(es->format->lattice, es->owner,
                                              slot_at(es, window_earliest(&es->window, es->au)));
    es->au_first = earliest > free_from ? earliest : free_from;
    es->au_packets = window_au_packets(&es->window, es->au);
}

static void next_au(struct es_reader *es)
{
    const uint64_t end = es->au_first + (uint64_t)es->au_packets;
    es->au_before += es->au_packets;
    es->au++;
    place_au(es, end);
}

static void note_fault(struct tape_fault *fault, int error, const struct es_reader *es,
                       int64_t frame)
{
    if (fault->error != 0) {
        return;
    }
    *fault =
        (struct tape_fault){.error = error, .service = es->number, .seq = es->seq, .frame = frame};
    memcpy(fault->asset, es->piece.asset, sizeof(fault->asset));
}

static bool covers(const struct asset *asset, const struct piece *piece)
{
    return piece->in_point + piece->length <= asset_index_of(asset)->header->duration_frames;
}

/* The asset of the piece; one that is not there is replaced by the slate, looped. */
static void choose_asset(struct es_reader *es, const struct tape_inputs *inputs, int64_t frame,
                         struct tape_fault *fault)
{
    es->asset = tape_inputs_asset(inputs, es->slate, es->piece.asset);
    if (es->asset != NULL && covers(es->asset, &es->piece)) {
        return;
    }
    note_fault(fault, es->asset == NULL ? -ENOENT : -EBADMSG, es, frame);
    es->asset = es->slate;
    es->piece.asset[0] = '\0';
    es->piece.in_point = 0;
    piece_cut(&es->piece, asset_index_of(es->slate)->header->duration_frames, frame);
}

static void open_window(struct es_reader *es, const struct tape_inputs *inputs,
                        const struct timeline *timeline, uint64_t slot, struct tape_fault *fault)
{
    const int lead = es->es->lead_frames;
    const int64_t frame = tape_frame_of_slot(es->format, slot) + lead;
    timeline_piece(timeline, frame, &es->piece);
    const struct plan *plan = timeline_plan(timeline);
    es->seq = es->piece.event >= 0 ? plan->events[es->piece.event].seq : 0;
    choose_asset(es, inputs, frame, fault);

    window_init(&es->window, es->service->profile, es->is_video, asset_index_of(es->asset),
                es->piece.in_point, es->piece.length);
    es->opens = tape_slot_of_frame(es->format, es->piece.start - lead);
    es->closes = tape_slot_of_frame(es->format, es->piece.start + es->piece.length - lead);
}

void es_reader_seek(struct es_reader *es, const struct tape_inputs *inputs,
                    const struct timeline *timeline, uint64_t slot, struct tape_fault *fault)
{
    open_window(es, inputs, timeline, slot, fault);
    es->loaded_au = -1;
    es->au = 0;
    es->au_before = 0;
    place_au(es, 0);
    const uint64_t ordinal = lattice_ordinal(es->format->lattice, es->owner, slot);
    while (es->au < es->window.count && es->au_first + (uint64_t)es->au_packets <= ordinal) {
        next_au(es);
    }
}

int64_t es_reader_sent(const struct es_reader *es, uint64_t ordinal)
{
    if (ordinal <= es->au_first) {
        return es->au_before;
    }
    const int64_t begun = (int64_t)(ordinal - es->au_first);
    return es->au_before + (begun < es->au_packets ? begun : es->au_packets);
}

/* NAL unit lengths become start codes in place.  False when they do not add up. */
static bool write_start_codes(uint8_t *bytes, size_t size)
{
    size_t at = 0;
    while (size - at >= NAL_LENGTH_SIZE) {
        const size_t length = (size_t)bytes[at] << 24 | (size_t)bytes[at + 1] << 16 |
                              (size_t)bytes[at + 2] << 8 | bytes[at + 3];
        if (length == 0 || length > size - at - NAL_LENGTH_SIZE) {
            return false;
        }
        memcpy(bytes + at, (const uint8_t[]){0, 0, 0, 1}, NAL_LENGTH_SIZE);
        at += NAL_LENGTH_SIZE + length;
    }
    return at == size;
}

/* ADTS without CRC, AAC-LC, 48 kHz, two channels; ISO/IEC 14496-3, 1.A.3.2. */
static void write_adts(uint8_t *header, size_t frame_size)
{
    enum { AAC_LC = 1, RATE_48000 = 3, STEREO = 2 };
    header[0] = 0xff;
    header[1] = 0xf1; /* MPEG-4, layer 0, protection_absent */
    header[2] = AAC_LC << 6 | RATE_48000 << 2 | STEREO >> 2;
    header[3] = (uint8_t)((STEREO & 3) << 6 | frame_size >> 11);
    header[4] = (uint8_t)(frame_size >> 3);
    header[5] = (uint8_t)((frame_size & 7) << 5 | 0x1f); /* buffer fullness: not said */
    header[6] = 0xfc;
}

static int stream_id(const struct es_reader *es)
{
    if (es->is_video) {
        return STREAM_ID_VIDEO;
    }
    return es->service->profile->audio.codec == AUDIO_AC3 ? STREAM_ID_PRIVATE_1 : STREAM_ID_AUDIO;
}

/* PES header, and what goes between it and the access unit of the file. */
static void write_headers(const struct es_reader *es, uint8_t *pes, int header_size)
{
    /* 2^36 frames x 3600 ticks < 2^48 */
    const int64_t start = es->piece.start * TICKS_PER_FRAME;
    const uint64_t pts = (uint64_t)(start + window_pts(&es->window, es->au)) & TIMESTAMP_MASK;
    const uint64_t dts = (uint64_t)(start + window_dts(&es->window, es->au)) & TIMESTAMP_MASK;
    pes_init(pes);
    pes_set_streamid(pes, (uint8_t)stream_id(es));
    pes_set_headerlength(pes, (uint8_t)(header_size - PES_HEADER_SIZE_NOPTS));
    pes_set_dataalignment(pes);
    pes_set_pts(pes, pts);
    if (header_size == PES_HEADER_PTS_DTS) {
        pes_set_dts(pes, dts);
    }
    pes_set_length(pes, es->is_video ? 0 : (uint16_t)(es->size - PES_HEADER_SIZE));
    if (es->es->unit_header == ADTS_SIZE) {
        write_adts(pes + header_size, es->size - (size_t)header_size);
    }
}

/* The access unit of the file as it goes on air, in place; false when it is damaged. */
static bool write_unit(const struct es_reader *es, uint8_t *bytes, size_t size)
{
    const bool has_nal_lengths = es->is_video && es->service->profile->video.codec != VIDEO_MPEG2;
    return !has_nal_lengths || write_start_codes(bytes, size);
}

static bool reserve(struct es_reader *es, size_t size)
{
    if (size <= es->capacity) {
        return true;
    }
    uint8_t *grown = realloc(es->bytes, size);
    if (grown == NULL) {
        return false;
    }
    es->bytes = grown;
    es->capacity = size;
    return true;
}

/*
 * Where packet k begins in the PES packet, when the first one gives `field`
 * bytes to the adaptation field: as full as can be, but with at least one byte
 * for each packet that follows.
 */
static inline size_t packet_begin(const struct es_reader *es, int64_t k, int64_t field)
{
    const int64_t full = k * TS_PAYLOAD_SIZE - field;
    const int64_t most = (int64_t)es->size - (es->au_packets - k);
    return k == 0 ? 0 : (size_t)(full < most ? full : most);
}

/* Reads the access unit, of which packet k is to be sent. */
static void load_au(struct es_reader *es, int64_t k, struct tape_fault *fault)
{
    const struct au_entry *entry = &es->window.aus[es->au];
    const int header_size = window_header_size(&es->window, es->au);
    const int before = header_size + es->es->unit_header;
    es->loaded_au = es->au;
    es->size = (size_t)window_pes_size(&es->window, es->au);
    es->is_random_access = (entry->flags & AU_RANDOM_ACCESS) != 0;
    es->begin = packet_begin(es, k, es->is_random_access ? RAI_FIELD_SIZE : 0);
    es->is_unreadable = !reserve(es, es->size) ||
                        asset_blocks_read(es->blocks, es->asset, entry, es->bytes + before) < 0 ||
                        !write_unit(es, es->bytes + before, entry->size);
    if (es->is_unreadable) {
        const int64_t ticks = window_pts(&es->window, es->au);
        note_fault(fault, -EIO, es, es->piece.start + ticks / TICKS_PER_FRAME);
        return;
    }
    write_headers(es, es->bytes, header_size);
}

static void write_random_access(const struct es_reader *es, uint64_t slot, uint8_t *packet)
{
    const uint64_t pcr = tape_pcr(es->format->slots_per_second, slot);
    tsaf_set_randomaccess(packet);
    tsaf_set_pcr(packet, pcr / 300);
    tsaf_set_pcrext(packet, (uint16_t)(pcr % 300));
}

static void write_packet(struct es_reader *es, uint64_t slot, int64_t k, uint8_t *packet)
{
    const int pid = es->pid;
    const int64_t field = es->is_random_access ? RAI_FIELD_SIZE : 0;
    const size_t begin = es->begin;
    const size_t end = k + 1 == es->au_packets ? es->size : packet_begin(es, k + 1, field);
    const size_t stuffing = TS_PAYLOAD_SIZE - (end - begin); /* the whole adaptation field */
    es->begin = end;

    packet[0] = 0x47;
    packet[1] = (uint8_t)((k == 0 ? 0x40 : 0) | pid >> 8);
    packet[2] = (uint8_t)pid;
    packet[3] = (uint8_t)((stuffing > 0 ? 0x30 : 0x10) | ((es->au_before + k) & 0x0f));
    uint8_t *payload = packet + 4;
    if (stuffing > 0) {
        payload[0] = (uint8_t)(stuffing - 1);
        if (stuffing > 1) {
            payload[1] = 0;
            memset(payload + 2, 0xff, stuffing - 2);
        }
        if (k == 0 && es->is_random_access) {
            write_random_access(es, slot, packet);
        }
        payload += stuffing;
    }
    memcpy(payload, es->bytes + begin, end - begin);
}

bool es_reader_packet(struct es_reader *es, uint64_t slot, uint64_t ordinal, uint8_t *packet,
                      struct tape_fault *fault)
{
    if (ordinal < es->au_first) {
        return false;
    }
    const int64_t k = (int64_t)(ordinal - es->au_first);
    if (es->loaded_au != es->au) {
        load_au(es, k, fault);
    }
    const bool is_written = !es->is_unreadable;
    if (is_written) {
        write_packet(es, slot, k, packet);
    }
    if (k + 1 == es->au_packets) {
        next_au(es);
    }
    return is_written;
}
