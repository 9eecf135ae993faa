/* SPDX-License-Identifier: MIT */
#include "tools/against.h"

#include "tools/live_tape.h"
#include "tools/packet_queue.h"
#include "tools/tape_place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bitstream/mpeg/ts.h>

enum {
    CHUNK = 2048, /* packets compared at once: more than lie between clock references */
    HELD_S = 15,  /* packets are held so long until the place is known */
    AGREEING = 2, /* clock references that say where the stream is; or TDTs, which day */
    STRANGE = 5,  /* in a row that are of no slot: a foreign clock */
    MARKS = 3,    /* clock references that are looked at before the first is believed */
};

static const int64_t HALF_ROUND_S = 47721; /* of the clock reference, 2^33 / 90 kHz */

/* What the clock references have said so far of the place. */
struct search {
    int agreeing;    /* in a row */
    uint64_t origin; /* which slot packet 0 would be, modulo 2^64 */
    bool is_proven;  /* one of them is on the tape, where it says */
    int strange;     /* in a row that are of no slot */
    struct against_event first_strange;
};

struct against {
    struct against_listener *listener;
    struct live_tape *live;
    const struct transport *transport;
    uint64_t slots_per_second;
    int64_t day_s;    /* a time near that of the stream; 0: not known yet */
    int day_agreeing; /* TDT and TOT in a row that say so */

    struct packet_queue held; /* packets that are not compared yet */
    size_t scanned;      /* held packets that have been looked at, for what is looked for now */
    size_t marks[MARKS]; /* held packets with the next clock references */
    size_t mark_count;

    struct search search;
    uint64_t packet; /* number in the stream of the first held packet */
    uint64_t slot;   /* and its place on the tape, once aligned */

    struct against_event run; /* of differing packets; count 0: none */
    bool is_foreign;
    struct against_totals totals;
    uint8_t tape[CHUNK * TS_PACKET_SIZE];
    uint8_t shifted[CHUNK * TS_PACKET_SIZE];
};

int against_open(const char *station_path, const char *transport, struct against_listener *listener,
                 struct against **against, struct problems *problems)
{
    struct against *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    const int result = live_tape_open(station_path, transport, &fresh->live, problems);
    if (result < 0) {
        against_close(fresh);
        return result;
    }
    fresh->transport = live_tape_transport(fresh->live);
    fresh->listener = listener;
    fresh->slots_per_second = (uint64_t)fresh->transport->slots_per_second;
    *against = fresh;
    return 0;
}

void against_close(struct against *against)
{
    if (against != NULL) {
        live_tape_close(against->live);
        packet_queue_finish(&against->held);
        free(against);
    }
}

void against_reset(struct against *against)
{
    against->totals = (struct against_totals){.is_aligned = against->totals.is_aligned,
                                              .first_slot = against->totals.first_slot};
    against->run.count = 0;
    against->is_foreign = false;
    against->search.strange = 0;
}

struct against_totals against_totals(const struct against *against)
{
    return against->totals;
}

static void tell(struct against *against, const struct against_event *event)
{
    against->listener->tell(against->listener, event);
}

/* --- Packets that are held --------------------------------------------------- */

static const uint8_t *held_packet(const struct against *against, size_t i)
{
    return packet_queue_at(&against->held, i);
}

/* Lets go of the first packets that are held. */
static void drop(struct against *against, size_t count)
{
    packet_queue_drop(&against->held, count);
    against->scanned -= count < against->scanned ? count : against->scanned;
    size_t left = 0;
    for (size_t i = 0; i < against->mark_count; i++) {
        if (against->marks[i] >= count) {
            against->marks[left++] = against->marks[i] - count;
        }
    }
    against->mark_count = left;
    against->packet += count;
    against->slot += count;
}

static int hold(struct against *against, const uint8_t *packets, size_t count)
{
    const size_t most = (size_t)against->slots_per_second * HELD_S;
    if (!against->totals.is_aligned && against->held.count + count > most) {
        against->totals.unplaced += against->held.count;
        drop(against, against->held.count);
    }
    return packet_queue_push(&against->held, packets, count);
}

/* --- Where on the tape ------------------------------------------------------- */

/* TDT has no check sum: a day is believed when two say so, or the tape does. */
static void take_day(struct against *against, int64_t utc_s)
{
    const int64_t since_s = utc_s - against->day_s;
    if (against->day_s == 0) {
        against->day_s = utc_s;
        against->scanned = 0; /* what came before it can be placed now; and it is met again */
        return;
    }
    if (since_s > HALF_ROUND_S || since_s < -HALF_ROUND_S) {
        against->day_agreeing = 0;
    }
    against->day_s = utc_s;
    against->day_agreeing++;
}

static bool is_day_believed(const struct against *against)
{
    return against->search.is_proven || against->day_agreeing >= AGREEING;
}

/* Told once: a clock that is not ours stays so. */
static void tell_foreign(struct against *against)
{
    if (!against->is_foreign) {
        against->is_foreign = true;
        tell(against, &against->search.first_strange);
    }
}

/* A clock reference that is of no slot: a damaged one, or a foreign clock. */
static void note_strange(struct against *against, size_t i, uint64_t slot)
{
    struct search *search = &against->search;
    if (search->strange++ == 0) {
        search->first_strange = (struct against_event){.kind = AGAINST_FOREIGN,
                                                       .packet = against->packet + i,
                                                       .slot = slot,
                                                       .pid = ts_get_pid(held_packet(against, i))};
    }
    if (search->strange >= STRANGE && is_day_believed(against)) {
        tell_foreign(against);
    }
}

/* The slot that a held packet's clock shows, near a time. */
static bool slot_of(const struct against *against, size_t i, int64_t near_s, uint64_t *slot)
{
    uint64_t pcr = 0;
    return tape_place_pcr(against->transport, held_packet(against, i), &pcr) &&
           tape_place_slot(against->slots_per_second, pcr, near_s, slot);
}

static bool is_on_tape(struct against *against, size_t i, uint64_t slot)
{
    uint8_t tape[TS_PACKET_SIZE];
    return live_tape_try(against->live, slot, 1, tape) &&
           memcmp(tape, held_packet(against, i), TS_PACKET_SIZE) == 0;
}

/* The place is known; where packets are missing early on, the first clock reference says it. */
static void settle(struct against *against)
{
    uint64_t origin = against->search.origin;
    for (size_t i = 0; i < against->held.count; i++) {
        uint64_t slot = 0;
        if (slot_of(against, i, against->day_s, &slot) && is_on_tape(against, i, slot)) {
            origin = slot - (against->packet + i);
            break;
        }
    }
    against->slot = origin + against->packet;
    against->totals.is_aligned = true;
    against->totals.first_slot = against->slot;
    against->scanned = 0; /* for stretches now */
}

/* One clock reference more; true: now the place is known. */
static bool take_reference(struct against *against, size_t i, uint64_t pcr)
{
    struct search *search = &against->search;
    uint64_t slot = 0;
    if (!tape_place_slot(against->slots_per_second, pcr, against->day_s, &slot)) {
        note_strange(against, i, slot);
        return false;
    }
    const uint64_t origin = slot - (against->packet + i);
    search->agreeing = origin == search->origin ? search->agreeing + 1 : 1;
    search->origin = origin;
    search->strange = 0;
    search->is_proven = search->is_proven || is_on_tape(against, i, slot);
    return search->agreeing >= AGREEING && is_day_believed(against);
}

/* Looks for the place in the packets that have not been looked at; true when it is found. */
static bool align(struct against *against)
{
    while (against->scanned < against->held.count) {
        const size_t i = against->scanned++;
        const uint8_t *packet = held_packet(against, i);
        const int64_t utc_s = tape_place_utc(packet);
        uint64_t pcr = 0;
        if (utc_s != 0) {
            take_day(against, utc_s);
        } else if (against->day_s != 0 && tape_place_pcr(against->transport, packet, &pcr) &&
                   take_reference(against, i, pcr)) {
            settle(against);
            return true;
        }
    }
    return false;
}

/* No more will come: a single clock reference is enough. */
static void align_at_end(struct against *against)
{
    if (!is_day_believed(against)) {
        return;
    }
    if (against->search.strange > 0) {
        tell_foreign(against);
    } else if (against->search.agreeing > 0) {
        settle(against);
    }
}

/* --- Packets that are missing, or too many ----------------------------------- */

/*
 * How many packets are missing before a held one, as its clock shows; or,
 * below 0, how many too many came.  False: it shows nothing.
 */
static bool shift_at(const struct against *against, size_t i, int64_t *shift)
{
    uint64_t is = 0;
    const uint64_t slot = against->slot + i;
    const int64_t near_s = (int64_t)(slot / against->slots_per_second);
    const bool has_slot = slot_of(against, i, near_s, &is);
    *shift = has_slot ? (int64_t)(is - slot) : 0;
    return has_slot;
}

/*
 * The same at the next clock reference; 0 where it is not to be believed: one
 * that is followed by others which see nothing amiss is damaged, or swapped.
 */
static int64_t believed_shift(struct against *against)
{
    int64_t shift = 0;
    if (!shift_at(against, against->marks[0], &shift) || shift == 0) {
        return 0;
    }
    for (size_t i = 1; i < against->mark_count; i++) {
        int64_t later = 0;
        if (shift_at(against, against->marks[i], &later) && (later == shift || later == 0)) {
            return later;
        }
    }
    const uint64_t slot = against->slot + against->marks[0] + (uint64_t)shift;
    return is_on_tape(against, against->marks[0], slot) ? shift : 0;
}

static int differs(const uint8_t *tape, const uint8_t *packet)
{
    return memcmp(tape, packet, TS_PACKET_SIZE) != 0 ? 1 : 0;
}

/*
 * The packet, of those before `at`, from which on the stream is `shift`
 * further on: the last one of those that leave the fewest that differ.
 */
static size_t find_shift(struct against *against, size_t at, int64_t shift)
{
    if (at == 0 || !live_tape_try(against->live, against->slot, at, against->tape) ||
        !live_tape_try(against->live, against->slot + (uint64_t)shift, at, against->shifted)) {
        return at;
    }
    size_t first = at;
    int more = 0; /* that differ than if it were at `at` */
    int fewest = 0;
    for (size_t i = at; i-- > 0;) {
        const uint8_t *packet = held_packet(against, i);
        more += differs(against->shifted + i * TS_PACKET_SIZE, packet) -
                differs(against->tape + i * TS_PACKET_SIZE, packet);
        if (more < fewest) {
            fewest = more;
            first = i;
        }
    }
    return first;
}

static void end_run(struct against *against)
{
    if (against->run.count > 0) {
        tell(against, &against->run);
        against->run.count = 0;
    }
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

/* --- Comparing --------------------------------------------------------------- */

static int first_difference(const uint8_t *a, const uint8_t *b)
{
    int byte = 0;
    while (byte < TS_PACKET_SIZE - 1 && a[byte] == b[byte]) {
        byte++;
    }
    return byte;
}

static void note_difference(struct against *against, size_t i, const uint8_t *packet,
                            const uint8_t *tape)
{
    against->totals.differing++;
    if (against->run.count >= against->slots_per_second) {
        end_run(against); /* who watches must not wait for one that is right */
    }
    if (against->run.count++ == 0) {
        against->run.kind = AGAINST_DIFFERS;
        against->run.packet = against->packet + i;
        against->run.slot = against->slot + i;
        against->run.pid = ts_get_pid(tape);
        against->run.byte = first_difference(packet, tape);
    }
}

/* The first `count` packets that are held, which lie where they should. */
static int compare_run(struct against *against, size_t count, struct problems *problems)
{
    const int result = live_tape_read(against->live, against->slot, count, against->tape, problems);
    for (size_t i = 0; i < count && result == 0; i++) {
        const uint8_t *packet = held_packet(against, i);
        const uint8_t *tape = against->tape + i * TS_PACKET_SIZE;
        against->totals.compared++;
        if (memcmp(packet, tape, TS_PACKET_SIZE) == 0) {
            against->totals.equal++;
            end_run(against);
        } else {
            note_difference(against, i, packet, tape);
        }
    }
    if (result == 0) {
        drop(against, count);
    }
    return result;
}

/*
 * How many of the held packets to compare next: up to a clock reference, which
 * tells whether those before it are all there, and when those behind it can be
 * seen too.  0: wait for more.
 */
static size_t next_stretch(struct against *against, bool is_over)
{
    const size_t most = (against->mark_count > 0 ? against->marks[0] : 0) + CHUNK;
    for (; against->mark_count < MARKS && against->scanned < against->held.count;
         against->scanned++) {
        uint64_t pcr = 0;
        if (tape_place_pcr(against->transport, held_packet(against, against->scanned), &pcr)) {
            against->marks[against->mark_count++] = against->scanned;
        }
    }
    if (against->mark_count == MARKS || against->scanned >= most || is_over) {
        const size_t end = against->mark_count > 0 ? against->marks[0] + 1 : against->held.count;
        return end < CHUNK ? end : CHUNK;
    }
    return 0;
}

/* Compares the first `count` packets that are held, or those up to a shift. */
static int compare(struct against *against, size_t count, struct problems *problems)
{
    const bool has_mark = against->mark_count > 0 && against->marks[0] < count;
    const int64_t shift = has_mark ? believed_shift(against) : 0;
    const size_t end = shift != 0 ? find_shift(against, against->marks[0], shift) : count;
    const int result = end > 0 ? compare_run(against, end, problems) : 0;
    if (result == 0 && shift != 0) {
        take_shift(against, shift);
    }
    return result;
}

static int compare_all(struct against *against, bool is_over, struct problems *problems)
{
    int result = 0;
    for (size_t next; result == 0 && (next = next_stretch(against, is_over)) > 0;) {
        result = compare(against, next, problems);
    }
    return result;
}

int against_feed(struct against *against, const uint8_t *packets, size_t count,
                 struct problems *problems)
{
    const int result = hold(against, packets, count);
    if (result < 0 || (!against->totals.is_aligned && !align(against))) {
        return result;
    }
    return compare_all(against, false, problems);
}

int against_finish(struct against *against, struct problems *problems)
{
    int result = 0;
    if (!against->totals.is_aligned) {
        align_at_end(against);
    }
    if (against->totals.is_aligned) {
        result = compare_all(against, true, problems);
    }
    end_run(against);
    return result;
}
