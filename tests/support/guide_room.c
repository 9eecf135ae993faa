/* SPDX-License-Identifier: MIT */
#include "tests/support/guide_room.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <bitstream/dvb/si.h>
#include <bitstream/mpeg/psi.h>
#include <bitstream/mpeg/ts.h>

enum { SECTIONS_MOST = 40000, GAP_MS = 30 };

/* --- Making ------------------------------------------------------------------ */

void room_init(struct room *room, size_t transports, size_t services)
{
    memset(room, 0, sizeof(*room));
    guide_bench_init(&room->bench, transports, services);
    room->found = calloc(SECTIONS_MOST, sizeof(room->found[0]));
    assert_non_null(room->found);
}

void room_forget(struct room *room)
{
    for (size_t i = 0; i < room->found_count; i++) {
        free(room->found[i].bytes);
    }
    room->found_count = 0;
}

void room_finish(struct room *room)
{
    room_forget(room);
    free(room->found);
    for (size_t i = 0; i < room->source_count; i++) {
        timeline_unref(room->sources[i].timeline);
    }
}

int room_lay_out(struct room *room)
{
    struct eit_budget budget;
    return eit_layout_init(&room->layout, &room->bench.station, &room->bench.transports[0], 100000,
                           &budget);
}

void room_add(struct room *room, const struct service *service, struct timeline *timeline,
              int64_t now_s)
{
    room->sources[room->source_count++] = (struct eit_source){
        .service = service,
        .is_actual = service->transport == &room->bench.transports[0],
        .timeline = timeline,
        .schedule_version = 3,
        .pf_version = 7,
        .frame = now_s * FRAMES_PER_SECOND,
    };
}

void room_add_all(struct room *room, struct dice *dice, const struct guide_spec *spec,
                  int64_t now_s)
{
    const struct station *station = &room->bench.station;
    const size_t transports =
        station->network.eit_other == EIT_OTHER_NONE ? 1 : station->transport_count;
    for (size_t t = 0; t < transports; t++) {
        for (size_t s = 0; s < station->transports[t].service_count; s++) {
            room_add(room, &station->transports[t].services[s], guide_bench_timeline(dice, spec),
                     now_s);
        }
    }
}

/* --- Reading ----------------------------------------------------------------- */

static void take_section(struct room *room, const uint8_t *bytes, size_t size, int64_t start,
                         int64_t end)
{
    assert_true(room->found_count < SECTIONS_MOST);
    struct found *found = &room->found[room->found_count++];
    *found = (struct found){.start = start, .end = end, .size = size, .bytes = malloc(size)};
    memcpy(found->bytes, bytes, size);
}

static void write_packet(const struct room *room, const struct eit_cycle *cycle,
                         struct si_text *text, int position, uint8_t *packet)
{
    size_t service = 0;
    int number = 0;
    int index = 0;
    const int rate = room->layout.packets_per_second;
    if (!eit_layout_pf(&room->layout, position % rate, &service, &number, &index)) {
        eit_cycle_packet(cycle, position, (uint8_t)(position & 0x0f), packet);
        return;
    }
    uint8_t section[SI_SECTION_MAX];
    const struct eit_source *source = &room->sources[service];
    const struct si_eit eit = {&room->bench.station, source->service, 0x4e, 1};
    struct si_event event;
    const int64_t n = timeline_programme(source->timeline, source->frame) + number;
    const bool has_event = si_event_of_programme(source->timeline, n, &event);
    const size_t size = si_eit_pf(&eit, text, number, has_event ? &event : NULL, section);
    assert_true(si_packets(size) <= SI_EIT_PF_PACKETS);
    si_packet(packet, PID_EIT, (uint8_t)(position & 0x0f), section, size, index);
}

void room_read(struct room *room, const struct eit_cycle *cycle, int64_t offset)
{
    struct si_text *text = si_text_create(room->bench.station.network.text);
    const int rate = room->layout.packets_per_second;
    uint8_t section[4300];
    size_t have = 0;
    size_t wanted = 0;
    int64_t start = 0;
    for (int position = 0; position < rate * EIT_CYCLE_S; position++) {
        uint8_t packet[188];
        write_packet(room, cycle, text, position, packet);
        assert_int_equal(packet[0], 0x47);
        assert_int_equal(ts_get_pid(packet), PID_EIT);
        assert_int_equal(ts_get_cc(packet), position & 0x0f);
        const bool begins = ts_get_unitstart(packet);
        assert_true(position % rate != 0 || begins);
        if (begins) {
            assert_int_equal(have, wanted); /* the one before is whole */
            assert_int_equal(packet[4], 0);
            start = position;
            wanted = (size_t)psi_get_length(packet + 5) + 3;
            have = 0;
        }
        assert_true(have < wanted);
        const size_t carried = begins ? 183 : 184;
        const size_t used = wanted - have < carried ? wanted - have : carried;
        memcpy(section + have, packet + 188 - carried, used);
        for (size_t i = used; i < carried; i++) {
            assert_int_equal(packet[188 - carried + i], 0xff);
        }
        have += used;
        if (have == wanted && section[0] != 0x72) {
            assert_true(psi_check_crc(section));
            assert_true(wanted <= 4096);
            take_section(room, section, wanted, offset + start, offset + position);
        }
    }
    assert_int_equal(have, wanted);
    si_text_destroy(text);
}

bool found_is_table(const struct found *a, int table_id, int service_id)
{
    return a->bytes[0] == table_id && psi_get_tableidext(a->bytes) == service_id;
}

void room_check_gaps(const struct room *room)
{
    for (size_t i = 0; i < room->found_count; i++) {
        const struct found *a = &room->found[i];
        for (size_t k = i + 1; k < room->found_count; k++) {
            const struct found *b = &room->found[k];
            if (found_is_table(b, a->bytes[0], psi_get_tableidext(a->bytes))) {
                /* From the end of the packet: one position less. */
                if ((b->start - a->end - 1) * 1000 < GAP_MS * room->layout.packets_per_second) {
                    fail_msg("table 0x%02x of %d: %lld positions at %d a second", a->bytes[0],
                             psi_get_tableidext(a->bytes), (long long)(b->start - a->end),
                             room->layout.packets_per_second);
                }
                break;
            }
        }
    }
}

struct eit_cycle *room_cycle(const struct room *room, int64_t now_s)
{
    struct eit_cycle *cycle = NULL;
    assert_int_equal(
        eit_cycle_create(&room->layout, room->sources, room->source_count, now_s, &cycle), 0);
    return cycle;
}

static int64_t cycle_of(const struct room *room, const struct found *found)
{
    return found->start / (room->layout.packets_per_second * EIT_CYCLE_S);
}

/*
 * TR 101 211, 4.4.1: every section within 10 s, also when the plan has changed.
 * One that a plan does without for a cycle is not late but another.
 */
int64_t room_longest_interval(const struct room *room)
{
    int64_t longest = 0;
    for (size_t i = 0; i < room->found_count; i++) {
        const struct found *a = &room->found[i];
        for (size_t k = i + 1; k < room->found_count; k++) {
            const struct found *b = &room->found[k];
            if (cycle_of(room, b) > cycle_of(room, a) + 1) {
                break;
            }
            if (found_is_table(b, a->bytes[0], psi_get_tableidext(a->bytes)) &&
                psi_get_section(a->bytes) == psi_get_section(b->bytes)) {
                longest = b->start - a->start > longest ? b->start - a->start : longest;
                longest = b->end - a->end > longest ? b->end - a->end : longest;
                break;
            }
        }
    }
    return longest;
}
