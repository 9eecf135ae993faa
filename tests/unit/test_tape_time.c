/* SPDX-License-Identifier: MIT */
/*
 * The tape across what a clock has in store: PCR and PTS that begin anew,
 * midnight here and in UTC, the turn of a year, leap days, summer time.
 *
 * The clock is an argument; every stretch is judged whole.
 */
#include "tests/support/must.h"
#include "tests/support/tape_judge.h"
#include "tools/meter/ts_check.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum {
    SECONDS = 24, /* of which half before the moment */
    STATIONS = 3, /* at each moment */
    SECTIONS_MOST = 20000,
    DAY_S = 86400,
    MJD_EPOCH = 40587,
};

#define STAMP_WRAP (INT64_C(1) << 33)

static const struct moment {
    const char *name;
    int64_t second;
    const char *time_zone;
} MOMENTS[] = {
    {"PCR and PTS begin anew, in 2026", STAMP_WRAP * 18750 / 90000, "Asia/Shanghai"},
    {"and in 2037", STAMP_WRAP * 22250 / 90000, "Asia/Shanghai"},
    {"00:00 UTC, 08:00 in China", 1795996800, "Asia/Shanghai"},
    {"00:00 in China", 1795968000, "Asia/Shanghai"},
    {"the 31st of December ends in UTC", 1798761600, "Asia/Shanghai"},
    {"and in China", 1798732800, "Asia/Shanghai"},
    {"the 29th of February 2028 begins", 1835395200, "Asia/Shanghai"},
    {"and ends", 1835481600, "Asia/Shanghai"},
    {"the 1st of March 2027 begins after the 28th", 1803859200, "Asia/Shanghai"},
    {"summer time begins in Berlin", 1774746000, "Europe/Berlin"},
    {"and ends", 1792890000, "Europe/Berlin"},
    {"a segment of three hours ends", 1795996800 + 3 * 3600, "Asia/Shanghai"},
    {"a year before the dates of DVB end", 2145916800 - 4 * DAY_S, "Asia/Shanghai"},
};

enum { MOMENT_COUNT = sizeof(MOMENTS) / sizeof(MOMENTS[0]) };

static int set_up(void **state)
{
    static struct tape_shelf shelf;
    tape_shelf_init(&shelf, 19000229);
    *state = &shelf;
    return 0;
}

static int tear_down(void **state)
{
    tape_shelf_finish(*state);
    return 0;
}

/* A random station, moved so that the moment lies in the middle. */
static void draw_at(struct tape_case *drawn, const struct tape_shelf *shelf,
                    const struct moment *moment, uint64_t seed)
{
    tape_case_draw(drawn, shelf, seed);
    const int64_t first = (moment->second - SECONDS / 2) * FRAMES_PER_SECOND;
    for (int i = 0; i < drawn->service_count; i++) {
        struct case_service *service = &drawn->services[i];
        const int64_t grid = tape_shelf_profile(shelf, service->profile)->profile->join_grid_frames;
        const int64_t start = service->start + first - drawn->first;
        service->start = start - start % grid;
    }
    drawn->first = first;
    drawn->frames = (int64_t)SECONDS * FRAMES_PER_SECOND;
    drawn->time_zone = moment->time_zone;
    drawn->eit_days = 8;
}

static void nothing_is_wrong_across_any_moment(void **state)
{
    static struct tape_case drawn;
    struct judge_totals totals = {0};
    for (int i = 0; i < MOMENT_COUNT; i++) {
        for (uint64_t k = 0; k < STATIONS; k++) {
            draw_at(&drawn, *state, &MOMENTS[i], (uint64_t)i * STATIONS + k + 1);
            if (!tape_judge(*state, &drawn, stdout, &totals)) {
                fail_msg("%s, station %" PRIu64, MOMENTS[i].name, drawn.seed);
            }
        }
    }
    assert_int_equal(totals.refused, 0);
    print_message("# %d moments, %" PRId64 " packets, %" PRId64 " joins\n", (int)MOMENT_COUNT,
                  totals.packets, totals.joins);
}

/* --- What the tables say ----------------------------------------------------- */

/* A section of one of the tables asked for, and the second in which it begins. */
struct heard {
    int64_t second;
    int size;
    uint8_t bytes[1024];
};

struct listener {
    struct ts_tap tap; /* first */
    int64_t slots;
    uint64_t first;
    int first_id;
    int last_id;
    int service_id; /* 0: any */
    size_t count;
    struct heard heard[SECTIONS_MOST];
};

static void hear_packet(struct ts_tap *tap, const struct ts_packet *packet)
{
    (void)tap;
    (void)packet;
}

static void hear_section(struct ts_tap *tap, const struct section *section)
{
    struct listener *listener = (struct listener *)tap;
    const int id = section_table_id(section);
    if (id < listener->first_id || id > listener->last_id || id == TABLE_STUFFING ||
        section->size > 1024 ||
        (listener->service_id != 0 && section_extension(section) != listener->service_id)) {
        return;
    }
    MUST(listener->count < SECTIONS_MOST);
    struct heard *heard = &listener->heard[listener->count++];
    const uint64_t slot = listener->first + (uint64_t)(section->first_byte / TS_PACKET_SIZE);
    heard->second = (int64_t)(slot / (uint64_t)listener->slots);
    heard->size = section->size;
    memcpy(heard->bytes, section->bytes, (size_t)section->size);
}

static uint8_t *read_case(const struct tape_world *world)
{
    struct dice dice = {world->of->seed};
    const size_t count = judge_slot_count(world);
    uint8_t *packets = malloc(count * TS_PACKET_SIZE);
    MUST(packets != NULL);
    MUST(world_read(world, &dice, judge_first_slot(world), count, packets) == 0);
    return packets;
}

/* All sections with table_id first_id to last_id around a moment. */
static const struct listener *listen(const struct tape_shelf *shelf, struct tape_case *of,
                                     int first_id, int last_id)
{
    static struct listener listener;
    struct tape_world world;
    assert_int_equal(tape_world_create(&world, shelf, of), 0);
    uint8_t *packets = read_case(&world);
    const int64_t slots = tape_transport(world_format(&world))->slots_per_second;
    listener.tap = (struct ts_tap){.packet = hear_packet, .section = hear_section};
    listener.slots = slots;
    listener.first = judge_first_slot(&world);
    listener.first_id = first_id;
    listener.last_id = last_id;
    listener.service_id = first_id >= 0x4e && first_id < 0x70 ? 100 : 0;
    listener.count = 0;
    const struct ts_check_options options = {.rate_bps = slots * TS_PACKET_SIZE * 8,
                                             .tap = &listener.tap};
    struct ts_report *report = ts_report_create(NULL, 0);
    struct ts_check *check = ts_check_create(&options, report);
    MUST(report != NULL && check != NULL);
    for (size_t i = 0; i < judge_slot_count(&world); i++) {
        ts_check_packet(check, packets + i * TS_PACKET_SIZE);
    }
    ts_check_destroy(check);
    ts_report_destroy(report);
    free(packets);
    tape_world_destroy(&world);
    return &listener;
}

static int bcd(uint8_t byte)
{
    return (byte >> 4) * 10 + (byte & 0x0f);
}

/* UTC_time of 40 bits. */
static int64_t utc(const uint8_t *bytes)
{
    const int64_t day = bytes[0] << 8 | bytes[1];
    return (day - MJD_EPOCH) * DAY_S + bcd(bytes[2]) * 3600 + bcd(bytes[3]) * 60 + bcd(bytes[4]);
}

static void tdt_and_tot_tell_the_second_at_each_moment(void **state)
{
    static struct tape_case drawn;
    for (int i = 0; i < MOMENT_COUNT; i++) {
        draw_at(&drawn, *state, &MOMENTS[i], 100);
        const struct listener *heard = listen(*state, &drawn, 0x70, 0x73);
        assert_in_range(heard->count, 4, 6);
        for (size_t k = 0; k < heard->count; k++) {
            assert_int_equal(utc(heard->heard[k].bytes + 3), heard->heard[k].second);
        }
    }
}

/* Offset from UTC in minutes, as local_time_offset_descriptor has it. */
static int offset_min(const uint8_t *bytes, bool is_negative)
{
    const int minutes = bcd(bytes[0]) * 60 + bcd(bytes[1]);
    return is_negative ? -minutes : minutes;
}

struct local_time {
    int offset;
    int next_offset;
    int64_t change;
};

static struct local_time local_time_of(const uint8_t *tot)
{
    const uint8_t *descriptor = tot + 10;
    assert_int_equal(descriptor[0], 0x58);
    assert_int_equal(descriptor[1], 13);
    const bool is_negative = (descriptor[5] & 1) != 0;
    return (struct local_time){.offset = offset_min(descriptor + 6, is_negative),
                               .change = utc(descriptor + 8),
                               .next_offset = offset_min(descriptor + 13, is_negative)};
}

/* The moments of summer time: before it, the change to come; after it, the next one. */
static void tot_tells_the_change_to_summer_time_and_back(void **state)
{
    static const struct expected {
        int64_t change;
        int before;
        int after;
        int64_t next;
    } CHANGES[] = {{1774746000, 60, 120, 1792890000}, {1792890000, 120, 60, 1806195600}};
    static struct tape_case drawn;
    for (int i = 0; i < 2; i++) {
        const struct expected *change = &CHANGES[i];
        const struct moment moment = {"", change->change, "Europe/Berlin"};
        int told = 0;
        draw_at(&drawn, *state, &moment, 7);
        const struct listener *heard = listen(*state, &drawn, 0x73, 0x73);
        for (size_t k = 0; k < heard->count; k++) {
            const struct local_time local = local_time_of(heard->heard[k].bytes);
            const bool is_before = heard->heard[k].second < change->change;
            assert_int_equal(local.offset, is_before ? change->before : change->after);
            assert_int_equal(local.next_offset, is_before ? change->after : change->before);
            assert_int_equal(local.change, is_before ? change->change : change->next);
            told |= is_before ? 1 : 2;
        }
        assert_int_equal(told, 3);
    }
}

static void tot_of_china_tells_eight_hours_and_no_change(void **state)
{
    static struct tape_case drawn;
    draw_at(&drawn, *state, &MOMENTS[2], 8);
    const struct listener *heard = listen(*state, &drawn, 0x73, 0x73);
    assert_in_range(heard->count, 2, 3);
    for (size_t k = 0; k < heard->count; k++) {
        const struct local_time local = local_time_of(heard->heard[k].bytes);
        assert_int_equal(local.offset, 480);
        assert_int_equal(local.next_offset, 480);
        assert_true(local.change > heard->heard[k].second);
    }
}

/* An event in a section of the schedule lies in its segment, counted from 00:00 UTC of the day. */
static void check_segment(const struct heard *section, int64_t day_s)
{
    const int table = section->bytes[0] - 0x50;
    const int segment = table * 32 + section->bytes[6] / 8;
    for (int at = 14; at + 12 <= section->size - 4;) {
        const uint8_t *event = section->bytes + at;
        const int64_t start = utc(event + 2);
        if ((start - day_s) / (3 * 3600) != segment || start < day_s) {
            fail_msg("event at %" PRId64 " in segment %d of the day from %" PRId64, start, segment,
                     day_s);
        }
        at += 12 + ((event[10] & 0x0f) << 8 | event[11]);
    }
}

/* At 08:00 in China the segments are counted anew, in the cycle that begins then. */
static void segments_are_counted_from_midnight_in_utc(void **state)
{
    static struct tape_case drawn;
    const struct moment *moment = &MOMENTS[2];
    int told = 0;
    int versions[2] = {-1, -1};
    draw_at(&drawn, *state, moment, 12);
    drawn.services[0].step_count = 0;
    for (int i = 0; i < drawn.services[0].events.count; i++) {
        drawn.services[0].events.list[i].has_name = true;
    }
    const int64_t start = (moment->second - 8) * FRAMES_PER_SECOND;
    drawn.services[0].start = start - start % 24; /* on every grid */
    drawn.services[0].ahead = 900;
    const struct listener *heard = listen(*state, &drawn, 0x50, 0x5f);
    assert_true(heard->count > 64);
    for (size_t k = 0; k < heard->count; k++) {
        const struct heard *section = &heard->heard[k];
        const bool is_after = section->second >= moment->second;
        const int version = section->bytes[5] >> 1 & 0x1f;
        check_segment(section, moment->second - (is_after ? 0 : DAY_S));
        told |= section->size > 18 ? (is_after ? 2 : 1) : 0;
        assert_true(versions[is_after] < 0 || versions[is_after] == version);
        versions[is_after] = version;
    }
    assert_int_equal(told, 3);
    assert_int_equal(versions[1], (versions[0] + 1) % 32);
}

/* --- Clocks ------------------------------------------------------------------ */

/* PCR base of a packet, or -1. */
static int64_t pcr_base(const uint8_t *packet)
{
    if ((packet[3] & 0x20) == 0 || packet[4] < 7 || (packet[5] & 0x10) == 0) {
        return -1;
    }
    return (int64_t)packet[6] << 25 | (int64_t)packet[7] << 17 | (int64_t)packet[8] << 9 |
           (int64_t)packet[9] << 1 | packet[10] >> 7;
}

static void pcr_begins_anew_once_and_pts_somewhat_earlier(void **state)
{
    static struct tape_case drawn;
    struct tape_world world;
    draw_at(&drawn, *state, &MOMENTS[0], 3);
    assert_int_equal(tape_world_create(&world, *state, &drawn), 0);
    uint8_t *packets = read_case(&world);
    const int pid = tape_member(world_format(&world), 0)->video_pid;
    int64_t last_pcr = -1;
    size_t pcr_at = 0;
    size_t pts_at = 0;
    for (size_t i = 0; i < judge_slot_count(&world); i++) {
        const uint8_t *packet = packets + i * TS_PACKET_SIZE;
        if (((packet[1] & 0x1f) << 8 | packet[2]) != pid) {
            continue;
        }
        const int64_t pcr = pcr_base(packet);
        if (pcr >= 0) {
            if (last_pcr > pcr) {
                assert_int_equal(pcr_at, 0);
                pcr_at = i;
            }
            last_pcr = pcr;
        }
        const uint8_t *pes = packet + 4 + ((packet[3] & 0x20) != 0 ? 1 + packet[4] : 0);
        const bool is_start = (packet[1] & 0x40) != 0;
        if (is_start && pts_at == 0 && (pes[9] >> 1 & 7) == 0 && pes[10] == 0) {
            pts_at = i; /* its upper 11 bits are 0 */
        }
    }
    assert_true(pts_at > 0 && pts_at < pcr_at);
    free(packets);
    tape_world_destroy(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_wrong_across_any_moment),
        cmocka_unit_test(tdt_and_tot_tell_the_second_at_each_moment),
        cmocka_unit_test(tot_tells_the_change_to_summer_time_and_back),
        cmocka_unit_test(tot_of_china_tells_eight_hours_and_no_change),
        cmocka_unit_test(segments_are_counted_from_midnight_in_utc),
        cmocka_unit_test(pcr_begins_anew_once_and_pts_somewhat_earlier),
    };
    return cmocka_run_group_tests_name("tape_time", tests, set_up, tear_down);
}
