/* SPDX-License-Identifier: MIT */
/*
 * ts-spoil: plants one fault in a transport stream.
 *
 *   ts-spoil FAULT [AT] <in >out
 *
 * The fault lies at packet AT (a third of the stream) or at the first one
 * behind it that can carry it; "packet N pid P" on standard error says where.
 * Places in time are kept wherever the fault allows it, and so are continuity
 * counters, so that the stream has this one fault and no other.
 */
#include "tools/meter/pid_watch.h"
#include "tools/meter/section_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PACKET = TS_SIZE, BURST = 12, TICKS_PER_MS = 27000, STRANGE_PID = 0x1abc };

struct stream {
    uint8_t *bytes;
    int64_t count; /* packets */
    int64_t at;
    int pmt_pid;
    int pcr_pid;
    int video_pid;
    int audio_pid;
    double packets_per_ms;
};

struct fault {
    const char *name;
    int64_t (*plant)(struct stream *stream); /* returns the packet; -1: it does not fit */
};

static uint8_t *packet_at(const struct stream *stream, int64_t i)
{
    return stream->bytes + i * PACKET;
}

static int pid_of(const uint8_t *p)
{
    return (p[1] & 0x1f) << 8 | p[2];
}

static bool has_payload(const uint8_t *p)
{
    return (p[3] & 0x10) != 0;
}

static bool starts_unit(const uint8_t *p)
{
    return (p[1] & 0x40) != 0;
}

static bool has_pcr(const uint8_t *p)
{
    return (p[3] & 0x20) != 0 && p[4] >= 7 && (p[5] & 0x10) != 0;
}

static uint8_t *payload_of(uint8_t *p)
{
    return p + 4 + ((p[3] & 0x20) != 0 ? 1 + p[4] : 0);
}

static void make_null(uint8_t *p)
{
    memset(p, 0xff, PACKET);
    memcpy(p, (const uint8_t[]){0x47, 0x1f, 0xff, 0x10}, 4);
}

/* The first packet of a PID with payload and without PCR, from `from` on; -1: none. */
static int64_t find(const struct stream *stream, int pid, int64_t from, bool wants_start)
{
    for (int64_t i = from; i < stream->count; i++) {
        const uint8_t *p = packet_at(stream, i);
        if (pid_of(p) == pid && has_payload(p) && !has_pcr(p) && (!wants_start || starts_unit(p))) {
            return i;
        }
    }
    return -1;
}

static int64_t find_null(const struct stream *stream, int64_t from)
{
    for (int64_t i = from; i < stream->count; i++) {
        if (pid_of(packet_at(stream, i)) == TS_NULL_PID) {
            return i;
        }
    }
    return -1;
}

static int64_t find_pcr(const struct stream *stream, int64_t from)
{
    for (int64_t i = from; i < stream->count; i++) {
        const uint8_t *p = packet_at(stream, i);
        if (pid_of(p) == stream->pcr_pid && has_pcr(p)) {
            return i;
        }
    }
    return -1;
}

/* Continuity counters of a PID once more, from the one that the first packet has. */
static void renumber(struct stream *stream, int pid)
{
    int counter = -1;
    for (int64_t i = 0; i < stream->count; i++) {
        uint8_t *p = packet_at(stream, i);
        if (pid_of(p) == pid) {
            counter = counter < 0 ? p[3] & 0x0f : (counter + (has_payload(p) ? 1 : 0)) & 0x0f;
            p[3] = (uint8_t)((p[3] & 0xf0) | counter);
        }
    }
}

static int64_t in_ms(const struct stream *stream, double ms)
{
    return (int64_t)(ms * stream->packets_per_ms);
}

static int64_t lose(struct stream *stream)
{
    const int64_t at = find(stream, stream->video_pid, stream->at, false);
    if (at >= 0) {
        memmove(packet_at(stream, at), packet_at(stream, at + 1),
                (size_t)(stream->count - at - 1) * PACKET);
        stream->count--;
    }
    return at;
}

/* Copies into the next null packets, where they come before the next of its PID. */
static int64_t repeat(struct stream *stream, int times)
{
    int64_t at = find(stream, stream->audio_pid, stream->at, false);
    while (at >= 0) {
        const int64_t next = find(stream, stream->audio_pid, at + 1, false);
        const int64_t first = find_null(stream, at + 1);
        const int64_t last = times == 1 || first < 0 ? first : find_null(stream, first + 1);
        if (next < 0 || last < 0) {
            return -1;
        }
        if (last < next) {
            memcpy(packet_at(stream, first), packet_at(stream, at), PACKET);
            memcpy(packet_at(stream, last), packet_at(stream, at), PACKET);
            return last;
        }
        at = next;
    }
    return -1;
}

static int64_t double_one(struct stream *stream)
{
    return repeat(stream, 1);
}

static int64_t treble(struct stream *stream)
{
    return repeat(stream, 2);
}

static int64_t swap(struct stream *stream)
{
    const int64_t at = find(stream, stream->video_pid, stream->at, false);
    const int64_t next = at >= 0 ? find(stream, stream->video_pid, at + 1, false) : -1;
    if (next >= 0) {
        uint8_t held[PACKET];
        memcpy(held, packet_at(stream, at), PACKET);
        memcpy(packet_at(stream, at), packet_at(stream, next), PACKET);
        memcpy(packet_at(stream, next), held, PACKET);
    }
    return next >= 0 ? at : -1;
}

static int64_t damage_sync(struct stream *stream)
{
    packet_at(stream, stream->at)[0] = 0x46;
    return stream->at;
}

static int64_t lose_sync(struct stream *stream)
{
    for (int64_t i = 0; i < 3; i++) {
        packet_at(stream, stream->at + i)[0] = 0x46;
    }
    return stream->at;
}

static int64_t mark_error(struct stream *stream)
{
    const int64_t at = find(stream, stream->video_pid, stream->at, false);
    if (at >= 0) {
        packet_at(stream, at)[1] |= 0x80;
    }
    return at;
}

static int64_t scramble(struct stream *stream)
{
    const int64_t at = find(stream, stream->video_pid, stream->at, false);
    if (at >= 0) {
        packet_at(stream, at)[3] |= 0x80;
    }
    return at;
}

static int64_t read_pcr(const uint8_t *p)
{
    return ((int64_t)p[6] << 25 | p[7] << 17 | p[8] << 9 | p[9] << 1 | p[10] >> 7) * 300 +
           ((p[10] & 1) << 8 | p[11]);
}

static void write_pcr(uint8_t *p, int64_t pcr)
{
    const int64_t base = pcr / 300 % (INT64_C(1) << 33);
    const int extension = (int)(pcr % 300);
    p[6] = (uint8_t)(base >> 25);
    p[7] = (uint8_t)(base >> 17);
    p[8] = (uint8_t)(base >> 9);
    p[9] = (uint8_t)(base >> 1);
    p[10] = (uint8_t)((base & 1) << 7 | 0x7e | extension >> 8);
    p[11] = (uint8_t)extension;
}

static int64_t move_pcr(struct stream *stream, int64_t ticks)
{
    const int64_t at = find_pcr(stream, stream->at);
    if (at >= 0) {
        write_pcr(packet_at(stream, at), read_pcr(packet_at(stream, at)) + ticks);
    }
    return at;
}

static int64_t stray_pcr(struct stream *stream)
{
    return move_pcr(stream, (int64_t)1000 * TICKS_PER_MS);
}

static int64_t jitter_pcr(struct stream *stream)
{
    return move_pcr(stream, TICKS_PER_MS / 1000); /* 1 us */
}

static int64_t drop_pcrs(struct stream *stream)
{
    const int64_t first = find_pcr(stream, stream->at);
    for (int64_t i = first + 1; first >= 0 && i < first + in_ms(stream, 130); i++) {
        uint8_t *p = packet_at(stream, i);
        if (pid_of(p) == stream->pcr_pid && has_pcr(p)) {
            p[5] &= 0xef;
            memset(p + 6, 0xff, 6);
        }
    }
    return first >= 0 ? find_pcr(stream, first + 1) : -1;
}

/* Moves a time stamp of a PES header by 90 kHz ticks. */
static void move_stamp(uint8_t *p, int64_t ticks)
{
    const int64_t stamp = ((int64_t)(p[0] >> 1 & 7) << 30 | (int64_t)p[1] << 22 |
                           (int64_t)(p[2] >> 1) << 15 | (int64_t)p[3] << 7 | p[4] >> 1) +
                          ticks;
    p[0] = (uint8_t)((p[0] & 0xf1) | (stamp >> 29 & 0x0e));
    p[1] = (uint8_t)(stamp >> 22);
    p[2] = (uint8_t)((stamp >> 14 & 0xfe) | 1);
    p[3] = (uint8_t)(stamp >> 7);
    p[4] = (uint8_t)((stamp << 1 & 0xfe) | 1);
}

/* The PES header that starts in a packet of a stream, when it has a PTS; or NULL. */
static uint8_t *stamped_header(const struct stream *stream, int64_t i)
{
    uint8_t *p = packet_at(stream, i);
    const int pid = pid_of(p);
    if ((pid != stream->video_pid && pid != stream->audio_pid) || !starts_unit(p)) {
        return NULL;
    }
    uint8_t *pes = payload_of(p);
    return pes + 19 <= p + PACKET && (pes[7] & 0x80) != 0 ? pes : NULL;
}

/* All clocks and stamps, from the next PCR on. */
static int64_t jump(struct stream *stream)
{
    const int64_t first = find_pcr(stream, stream->at);
    const int64_t ticks = (int64_t)10000 * TICKS_PER_MS;
    for (int64_t i = first; first >= 0 && i < stream->count; i++) {
        uint8_t *p = packet_at(stream, i);
        uint8_t *pes = stamped_header(stream, i);
        if (pid_of(p) == stream->pcr_pid && has_pcr(p)) {
            write_pcr(p, read_pcr(p) + ticks);
        }
        if (pes != NULL) {
            move_stamp(pes + 9, ticks / 300);
            if ((pes[7] & 0x40) != 0) {
                move_stamp(pes + 14, ticks / 300);
            }
        }
    }
    return first;
}

static int64_t damage_section(struct stream *stream, int pid)
{
    const int64_t at = find(stream, pid, stream->at, true);
    if (at >= 0) {
        payload_of(packet_at(stream, at))[1 + 9] ^= 0x04;
    }
    return at;
}

static int64_t damage_pat(struct stream *stream)
{
    return damage_section(stream, 0);
}

static int64_t damage_pmt(struct stream *stream)
{
    return damage_section(stream, stream->pmt_pid);
}

static int64_t damage_sdt(struct stream *stream)
{
    return damage_section(stream, 0x11);
}

/* Takes a PID away for so long; returns its first packet that is missing. */
static int64_t take_away(struct stream *stream, int pid, double ms)
{
    const int64_t first = find(stream, pid, stream->at, false);
    const int64_t end = stream->at + in_ms(stream, ms);
    for (int64_t i = first; first >= 0 && i < stream->count && i < end; i++) {
        if (pid_of(packet_at(stream, i)) == pid) {
            make_null(packet_at(stream, i));
        }
    }
    renumber(stream, pid);
    return first;
}

static int64_t drop_pat(struct stream *stream)
{
    return take_away(stream, 0, 1000);
}

static int64_t drop_pmt(struct stream *stream)
{
    return take_away(stream, stream->pmt_pid, 1000);
}

static int64_t drop_sdt(struct stream *stream)
{
    return take_away(stream, 0x11, 1e9);
}

static int64_t drop_eit(struct stream *stream)
{
    return take_away(stream, 0x12, 1e9);
}

static int64_t drop_tdt(struct stream *stream)
{
    return take_away(stream, 0x14, 1e9);
}

static int64_t drop_audio(struct stream *stream)
{
    return take_away(stream, stream->audio_pid, 1e9);
}

static int64_t add_stranger(struct stream *stream)
{
    int64_t first = -1;
    int64_t at = stream->at;
    for (int i = 0; i < 200 && (at = find_null(stream, at + 5)) >= 0; i++) {
        uint8_t *p = packet_at(stream, at);
        p[1] = STRANGE_PID >> 8;
        p[2] = STRANGE_PID & 0xff;
        p[3] = (uint8_t)(0x10 | (i & 0x0f));
        first = first < 0 ? at : first;
    }
    return first;
}

/* PTS of sound for a second. */
static int64_t drop_pts(struct stream *stream)
{
    int64_t first = -1;
    for (int64_t i = stream->at; i < stream->at + in_ms(stream, 1000) && i < stream->count; i++) {
        uint8_t *pes = stamped_header(stream, i);
        if (pes != NULL && pid_of(packet_at(stream, i)) == stream->audio_pid) {
            pes[7] &= 0x3f;
            memset(pes + 9, 0xff, 5);
            first = first < 0 ? i : first;
        }
    }
    return first;
}

static int64_t jump_pts(struct stream *stream)
{
    for (int64_t i = stream->at; i < stream->count; i++) {
        uint8_t *pes = stamped_header(stream, i);
        if (pes != NULL && pid_of(packet_at(stream, i)) == stream->audio_pid) {
            move_stamp(pes + 9, 2 * 90000);
            return i;
        }
    }
    return -1;
}

/* A table again, well within 25 ms. */
static int64_t crowd(struct stream *stream)
{
    int64_t at = find(stream, 0x11, stream->at, true);
    int64_t copy = at >= 0 ? find_null(stream, at + 1) : -1;
    while (copy >= 0 && copy - at > in_ms(stream, 20)) {
        at = find(stream, 0x11, at + 1, true);
        copy = at >= 0 ? find_null(stream, at + 1) : -1;
    }
    if (copy >= 0) {
        memcpy(packet_at(stream, copy), packet_at(stream, at), PACKET);
        renumber(stream, 0x11);
    }
    return copy;
}

/* The next packets of sound all at once. */
static int64_t burst(struct stream *stream)
{
    uint8_t held[BURST][PACKET];
    int count = 0;
    const int64_t first = find(stream, stream->audio_pid, stream->at, false);
    for (int64_t i = first; first >= 0 && i < stream->count && count < BURST; i++) {
        if (pid_of(packet_at(stream, i)) == stream->audio_pid) {
            memcpy(held[count++], packet_at(stream, i), PACKET);
            make_null(packet_at(stream, i));
        }
    }
    for (int64_t i = first, put = 0; put < count && i < stream->count; i++) {
        if (pid_of(packet_at(stream, i)) == TS_NULL_PID) {
            memcpy(packet_at(stream, i), held[put++], PACKET);
        }
    }
    return first;
}

static const struct fault FAULTS[] = {
    {"lost", lose},
    {"doubled", double_one},
    {"trebled", treble},
    {"swapped", swap},
    {"sync-byte", damage_sync},
    {"sync-loss", lose_sync},
    {"transport-error", mark_error},
    {"scrambled", scramble},
    {"pcr-jump", jump},
    {"pcr-stray", stray_pcr},
    {"pcr-jitter", jitter_pcr},
    {"pcr-gap", drop_pcrs},
    {"crc-pat", damage_pat},
    {"crc-pmt", damage_pmt},
    {"crc-sdt", damage_sdt},
    {"no-pat", drop_pat},
    {"no-pmt", drop_pmt},
    {"no-sdt", drop_sdt},
    {"no-eit", drop_eit},
    {"no-tdt", drop_tdt},
    {"no-audio", drop_audio},
    {"stranger", add_stranger},
    {"pts-gap", drop_pts},
    {"pts-jump", jump_pts},
    {"crowded", crowd},
    {"burst", burst},
};

enum { FAULT_COUNT = sizeof(FAULTS) / sizeof(FAULTS[0]) };

/* PIDs from the first PAT and PMT; pace from the first and last PCR of a stretch. */
static bool look_around(struct stream *stream)
{
    const int64_t pat = find(stream, 0, 0, true);
    if (pat < 0) {
        return false;
    }
    const uint8_t *section = payload_of(packet_at(stream, pat)) + 1;
    for (int i = 8; i < 40; i += 4) {
        if ((section[i] << 8 | section[i + 1]) != 0) {
            stream->pmt_pid = (section[i + 2] & 0x1f) << 8 | section[i + 3];
            break;
        }
    }
    const int64_t pmt = find(stream, stream->pmt_pid, 0, true);
    if (pmt < 0) {
        return false;
    }
    section = payload_of(packet_at(stream, pmt)) + 1;
    const int end = 3 + ((section[1] & 0x0f) << 8 | section[2]) - SECTION_CRC;
    stream->pcr_pid = (section[8] & 0x1f) << 8 | section[9];
    for (int i = 12 + section[11]; i + 5 <= end && i < 160; i += 5 + section[i + 4]) {
        const int pid = (section[i + 1] & 0x1f) << 8 | section[i + 2];
        if (section[i] == 0x1b || section[i] == 0x02 || section[i] == 0x24) {
            stream->video_pid = pid;
        } else {
            stream->audio_pid = pid;
        }
    }
    const int64_t first = find_pcr(stream, 0);
    const int64_t last = find_pcr(stream, stream->count / 10);
    if (first < 0 || last <= first) {
        return false;
    }
    const int64_t ticks = read_pcr(packet_at(stream, last)) - read_pcr(packet_at(stream, first));
    stream->packets_per_ms = (double)(last - first) * TICKS_PER_MS / (double)ticks;
    return ticks > 0;
}

static bool read_all(struct stream *stream)
{
    size_t room = 0;
    size_t used = 0;
    size_t got = 0;
    do {
        if (used == room) {
            room = room > 0 ? 2 * room : 1 << 20;
            uint8_t *grown = realloc(stream->bytes, room);
            if (grown == NULL) {
                return false;
            }
            stream->bytes = grown;
        }
        got = fread(stream->bytes + used, 1, room - used, stdin);
        used += got;
    } while (got > 0);
    stream->count = (int64_t)(used / PACKET);
    return stream->count > 0;
}

int main(int argc, char **argv)
{
    struct stream stream = {0};
    const struct fault *fault = NULL;
    for (int i = 0; argc >= 2 && i < FAULT_COUNT; i++) {
        fault = strcmp(FAULTS[i].name, argv[1]) == 0 ? &FAULTS[i] : fault;
    }
    if (fault == NULL || argc > 3) {
        fputs("Usage: ts-spoil FAULT [AT] <in >out; faults:", stderr);
        for (int i = 0; i < FAULT_COUNT; i++) {
            fprintf(stderr, " %s", FAULTS[i].name);
        }
        fputc('\n', stderr);
        return 2;
    }
    if (!read_all(&stream) || !look_around(&stream)) {
        fputs("ts-spoil: no transport stream\n", stderr);
        return 2;
    }
    stream.at = argc == 3 ? strtoll(argv[2], NULL, 10) : stream.count / 3;
    const int64_t packet =
        stream.at >= 0 && stream.at + 8 < stream.count ? fault->plant(&stream) : -1;
    if (packet < 0) {
        fprintf(stderr, "ts-spoil: no place for %s\n", fault->name);
        return 2;
    }
    fprintf(stderr, "packet %lld pid 0x%04x\n", (long long)packet,
            (unsigned)pid_of(packet_at(&stream, packet)));
    fwrite(stream.bytes, PACKET, (size_t)stream.count, stdout);
    free(stream.bytes);
    return 0;
}
