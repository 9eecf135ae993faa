/* SPDX-License-Identifier: MIT */
#include "tools/against.h"

#include "playout/intl.h"
#include "playout/si.h"
#include "tools/rendering.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bitstream/dvb/si.h>
#include <bitstream/mpeg/psi.h>
#include <bitstream/mpeg/ts.h>

enum {
    CHUNK = 2048, /* packets compared at once: more than lie between clock references */
    HELD_S = 15,  /* packets are held so long until the place is known */
    STRETCH_FRAMES = 60 * FRAMES_PER_SECOND, /* of the tape, loaded at once */
    CLOCK_HZ = 27000000,
    TS_SYNC_BYTE = 0x47,
};

#define PCR_MODULUS ((UINT64_C(1) << 33) * 300)

struct against {
    struct against_listener *listener;
    struct rendering *rendering;
    uint64_t slots_per_second;
    int64_t day_s; /* a time near that of the stream; 0: not known yet */

    uint8_t *held; /* packets that are not compared yet */
    size_t held_count;
    size_t held_room;

    uint64_t packet; /* number in the stream of the first held packet */
    uint64_t slot;   /* and its place on the tape, once aligned */
    int64_t loaded_from;
    int64_t loaded_to;        /* frames; the stretch that can be read */
    struct against_event run; /* of differing packets; count 0: none */
    bool is_foreign;
    struct against_totals totals;
    uint8_t tape[CHUNK * TS_PACKET_SIZE];
};

int against_open(const char *station_path, const char *transport, int64_t now_s,
                 struct against_listener *listener, struct against **against,
                 struct problems *problems)
{
    struct against *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    const int result = rendering_open(station_path, transport, &fresh->rendering, problems);
    if (result < 0) {
        against_close(fresh);
        return result;
    }
    const struct transport *of = tape_transport(rendering_format(fresh->rendering));
    fresh->listener = listener;
    fresh->slots_per_second = (uint64_t)of->slots_per_second;
    fresh->day_s = now_s;
    *against = fresh;
    return 0;
}

void against_close(struct against *against)
{
    if (against != NULL) {
        rendering_close(against->rendering);
        free(against->held);
        free(against);
    }
}

struct against_totals against_totals(const struct against *against)
{
    return against->totals;
}

/* --- Where on the tape ------------------------------------------------------- */

static bool is_pcr_pid(const struct against *against, int pid)
{
    const struct transport *transport = tape_transport(rendering_format(against->rendering));
    for (size_t i = 0; i < transport->service_count; i++) {
        if (transport->services[i].video_pid == pid) {
            return true;
        }
    }
    return false;
}

static bool read_pcr(const struct against *against, const uint8_t *packet, uint64_t *pcr)
{
    if (packet[0] != TS_SYNC_BYTE || !is_pcr_pid(against, ts_get_pid(packet)) ||
        !ts_has_adaptation(packet) || ts_get_adaptation(packet) == 0 || !tsaf_has_pcr(packet)) {
        return false;
    }
    *pcr = tsaf_get_pcr(packet) * 300 + tsaf_get_pcrext(packet);
    return true;
}

/* The time of a TDT or TOT in a packet, or 0. */
static int64_t read_utc(const uint8_t *packet)
{
    const uint8_t *section = packet + TS_HEADER_SIZE + 1;
    if (packet[0] != TS_SYNC_BYTE || ts_get_pid(packet) != PID_TDT || !ts_get_unitstart(packet) ||
        ts_has_adaptation(packet) || packet[TS_HEADER_SIZE] != 0) {
        return 0;
    }
    const int table_id = psi_get_tableid(section);
    if (table_id != TDT_TABLE_ID && table_id != TOT_TABLE_ID) {
        return 0;
    }
    return (int64_t)dvb_time_decode_UTC(tdt_get_utc(section));
}

/* The slot whose PCR it is, near a time; false when it is of no slot. */
static bool find_slot(const struct against *against, uint64_t pcr, int64_t near_s, uint64_t *slot)
{
    const uint64_t near = (uint64_t)near_s * CLOCK_HZ;
    const uint64_t half = PCR_MODULUS / 2;
    /* The time with this PCR that lies within half a round of `near`. */
    const uint64_t ahead = (pcr + PCR_MODULUS - (near + half) % PCR_MODULUS) % PCR_MODULUS;
    const uint64_t ticks = near + half + ahead - PCR_MODULUS;
    const uint64_t second = ticks / CLOCK_HZ;
    const uint64_t rest = ticks % CLOCK_HZ;
    /* < 2^25 x 2^17 */
    *slot = second * against->slots_per_second +
            (rest * against->slots_per_second + CLOCK_HZ / 2) / CLOCK_HZ;
    return tape_pcr((int)against->slots_per_second, *slot) == pcr;
}

static void tell(struct against *against, const struct against_event *event)
{
    against->listener->tell(against->listener, event);
}

/* Told once: a clock that is not ours stays so. */
static void tell_foreign(struct against *against, size_t i, uint64_t slot)
{
    if (!against->is_foreign) {
        against->is_foreign = true;
        const struct against_event event = {.kind = AGAINST_FOREIGN,
                                            .packet = against->packet + i,
                                            .slot = slot,
                                            .pid = ts_get_pid(against->held + i * TS_PACKET_SIZE)};
        tell(against, &event);
    }
}

/* Looks for the place in the packets that are held; true when it is found. */
static bool align(struct against *against)
{
    for (size_t i = 0; i < against->held_count && against->day_s == 0; i++) {
        against->day_s = read_utc(against->held + i * TS_PACKET_SIZE);
    }
    for (size_t i = 0; i < against->held_count && against->day_s != 0; i++) {
        uint64_t pcr = 0;
        uint64_t slot = 0;
        if (!read_pcr(against, against->held + i * TS_PACKET_SIZE, &pcr)) {
            continue;
        }
        if (find_slot(against, pcr, against->day_s, &slot) && slot >= i) {
            against->slot = slot - i;
            against->totals.is_aligned = true;
            against->totals.first_slot = against->slot;
            return true;
        }
        tell_foreign(against, i, slot);
        return false;
    }
    return false;
}

/* --- Comparing --------------------------------------------------------------- */

/* Makes sure that the tape can be read for `count` packets from the place on. */
static int load(struct against *against, size_t count, struct problems *problems)
{
    const struct tape_format *format = rendering_format(against->rendering);
    const int64_t from = tape_frame_of_slot(format, against->slot);
    const int64_t to = tape_frame_of_slot(format, against->slot + count);
    if (from >= against->loaded_from && to <= against->loaded_to) {
        return 0;
    }
    const int result = rendering_load(against->rendering, from, from + STRETCH_FRAMES, problems);
    if (result == 0) {
        against->loaded_from = from;
        against->loaded_to = from + STRETCH_FRAMES;
    }
    return result;
}

static int first_difference(const uint8_t *a, const uint8_t *b)
{
    int byte = 0;
    while (byte < TS_PACKET_SIZE - 1 && a[byte] == b[byte]) {
        byte++;
    }
    return byte;
}

static void end_run(struct against *against)
{
    if (against->run.count > 0) {
        tell(against, &against->run);
        against->run.count = 0;
    }
}

static void note_difference(struct against *against, size_t i, const uint8_t *packet,
                            const uint8_t *tape)
{
    against->totals.differing++;
    if (against->run.count++ == 0) {
        against->run.kind = AGAINST_DIFFERS;
        against->run.packet = against->packet + i;
        against->run.slot = against->slot + i;
        against->run.pid = ts_get_pid(tape);
        against->run.byte = first_difference(packet, tape);
    }
}

/*
 * A packet whose clock shows that others are missing before it: how many; or,
 * below 0, how many too many came.
 */
static int64_t shift_at(const struct against *against, const uint8_t *packet, uint64_t slot)
{
    uint64_t pcr = 0;
    uint64_t is = 0;
    const int64_t near_s = (int64_t)(slot / against->slots_per_second);
    const int64_t most = HELD_S * (int64_t)against->slots_per_second;
    if (!read_pcr(against, packet, &pcr) || !find_slot(against, pcr, near_s, &is)) {
        return 0;
    }
    const int64_t shift = (int64_t)(is - slot);
    return shift < most && shift > -most ? shift : 0;
}

/* The first packet of those before `at` from which on the stream is `shift` further on. */
static size_t find_shift(struct against *against, size_t at, int64_t shift)
{
    struct tape_fault fault;
    size_t first = at;
    while (first > 0) {
        const uint64_t slot = against->slot + first - 1 + (uint64_t)shift;
        const uint8_t *packet = against->held + (first - 1) * TS_PACKET_SIZE;
        rendering_read(against->rendering, slot, 1, against->tape, &fault);
        if (memcmp(against->tape, packet, TS_PACKET_SIZE) != 0) {
            break;
        }
        first--;
    }
    return first;
}

/* Lets go of the first packets that are held. */
static void drop(struct against *against, size_t count)
{
    memmove(against->held, against->held + count * TS_PACKET_SIZE,
            (against->held_count - count) * TS_PACKET_SIZE);
    against->held_count -= count;
    against->packet += count;
    against->slot += count;
}

/* From the first packet that is held on the stream is `shift` packets further on. */
static void take_shift(struct against *against, int64_t shift)
{
    const struct against_event event = {.kind = shift > 0 ? AGAINST_MISSING : AGAINST_EXTRA,
                                        .packet = against->packet,
                                        .slot = against->slot,
                                        .count = (uint64_t)(shift > 0 ? shift : -shift),
                                        .pid = -1};
    end_run(against);
    tell(against, &event);
    *(shift > 0 ? &against->totals.missing : &against->totals.extra) += event.count;
    against->slot += (uint64_t)shift;
}

/* The first `count` packets that are held, which lie where they should. */
static int compare_run(struct against *against, size_t count, struct problems *problems)
{
    struct tape_fault fault;
    rendering_read(against->rendering, against->slot, count, against->tape, &fault);
    if (fault.error != 0) {
        problems_add(problems, PROBLEM_ERROR, rendering_station(against->rendering)->path, 0, 0,
                     _("lesson %s cannot be read here: %s"), fault.asset, strerror(-fault.error));
        return fault.error;
    }
    for (size_t i = 0; i < count; i++) {
        const uint8_t *packet = against->held + i * TS_PACKET_SIZE;
        const uint8_t *tape = against->tape + i * TS_PACKET_SIZE;
        against->totals.compared++;
        if (memcmp(packet, tape, TS_PACKET_SIZE) == 0) {
            against->totals.equal++;
            end_run(against);
        } else {
            note_difference(against, i, packet, tape);
        }
    }
    drop(against, count);
    return 0;
}

/* Compares the first `count` packets that are held, or those up to a shift. */
static int compare(struct against *against, size_t count, struct problems *problems)
{
    int result = load(against, count, problems);
    int64_t shift = 0;
    size_t end = count;
    for (size_t i = 0; i < count && result == 0 && shift == 0; i++) {
        shift = shift_at(against, against->held + i * TS_PACKET_SIZE, against->slot + i);
        end = shift != 0 ? find_shift(against, i, shift) : count;
    }
    if (result == 0 && end > 0) {
        result = compare_run(against, end, problems);
    }
    if (result == 0 && shift != 0) {
        take_shift(against, shift);
    }
    return result;
}

static int hold(struct against *against, const uint8_t *packets, size_t count)
{
    const size_t most = (size_t)against->slots_per_second * HELD_S;
    if (!against->totals.is_aligned && against->held_count + count > most) {
        against->totals.unplaced += against->held_count;
        drop(against, against->held_count);
    }
    if (against->held_count + count > against->held_room) {
        const size_t room = (against->held_count + count) * 2;
        uint8_t *grown = realloc(against->held, room * TS_PACKET_SIZE);
        if (grown == NULL) {
            return -ENOMEM;
        }
        against->held = grown;
        against->held_room = room;
    }
    memcpy(against->held + against->held_count * TS_PACKET_SIZE, packets, count * TS_PACKET_SIZE);
    against->held_count += count;
    return 0;
}

/*
 * How many of the held packets to compare next: up to a clock reference, which
 * tells whether those before it are all there.  0: wait for more.
 */
static size_t next_stretch(const struct against *against)
{
    uint64_t pcr = 0;
    for (size_t i = 1; i < against->held_count && i < CHUNK; i++) {
        if (read_pcr(against, against->held + i * TS_PACKET_SIZE, &pcr)) {
            return i + 1;
        }
    }
    return against->held_count >= CHUNK ? CHUNK : 0;
}

int against_feed(struct against *against, const uint8_t *packets, size_t count,
                 struct problems *problems)
{
    int result = hold(against, packets, count);
    if (result < 0 || (!against->totals.is_aligned && !align(against))) {
        return result;
    }
    for (size_t next = next_stretch(against); result == 0 && next > 0;
         next = next_stretch(against)) {
        result = compare(against, next, problems);
    }
    return result;
}

int against_finish(struct against *against, struct problems *problems)
{
    int result = 0;
    while (result == 0 && against->totals.is_aligned && against->held_count > 0) {
        const size_t count = against->held_count < CHUNK ? against->held_count : CHUNK;
        result = compare(against, count, problems);
    }
    end_run(against);
    return result;
}
