/* SPDX-License-Identifier: MIT */
#include "tests/support/tape_judge.h"

#include "playout/eit_cycle.h"
#include "tests/support/must.h"
#include "tools/meter/ts_check.h"

#include <inttypes.h>
#include <string.h>

enum {
    AHEAD_S = 3,
    PCR_MS = 35,
    SI_MS = 1500,
    SLICES = 3,
    SLICE_SLOTS = 4000,
    PROBLEMS_TOLD = 3, /* of a kind */
};

uint64_t judge_first_slot(const struct tape_world *world)
{
    return tape_slot_of_frame(world_format(world), world->of->first);
}

size_t judge_slot_count(const struct tape_world *world)
{
    const int64_t slots = tape_transport(world_format(world))->slots_per_second;
    return (size_t)(world->of->frames * slots / FRAMES_PER_SECOND);
}

static struct dvb_charsets charsets_of(const struct tape_case *of)
{
    return (struct dvb_charsets){.unmarked = strcmp(of->text, "gbk") == 0       ? "GBK"
                                             : strcmp(of->text, "gb18030") == 0 ? "GB18030"
                                                                                : NULL};
}

/* Whether some cycle of the guide has no room for all that is planned. */
static bool is_guide_short(const struct tape_world *world)
{
    const struct tape_format *format = world_format(world);
    const uint64_t slots = (uint64_t)tape_transport(format)->slots_per_second;
    const uint64_t first = judge_first_slot(world) / slots;
    const uint64_t last = (judge_first_slot(world) + judge_slot_count(world) - 1) / slots;
    struct tape_reader *reader = tape_reader_create(format);
    uint8_t *packets = malloc(slots * TS_PACKET_SIZE);
    bool is_short = false;
    MUST(reader != NULL && packets != NULL);
    for (uint64_t second = first; second <= last && !is_short; second += EIT_CYCLE_S) {
        struct tape_fault fault;
        tape_read(reader, world->members, second * slots, slots, packets, &fault);
        is_short = tape_reader_guide(reader) != TAPE_GUIDE_WHOLE;
    }
    free(packets);
    tape_reader_destroy(reader);
    return is_short;
}

bool tape_judge_reader(const struct tape_world *world, const uint8_t *packets, FILE *out)
{
    const int64_t slots = tape_transport(world_format(world))->slots_per_second;
    const size_t count = judge_slot_count(world);
    struct judge_eit *eit = judge_eit_create(world, packets, out);
    const struct ts_check_options options = {
        .rate_bps = slots * TS_PACKET_SIZE * 8,
        .slots_per_second = slots,
        .has_first_slot = true,
        .first_slot = judge_first_slot(world),
        .pcr_interval_ms = PCR_MS,
        .si_interval_ms = SI_MS,
        .charsets = charsets_of(world->of),
        .versions_may_jump = true, /* judge_eit counts the changes */
        .wants_cable_tables = true,
        .tap = judge_eit_tap(eit),
    };
    struct ts_report *report = ts_report_create(out, PROBLEMS_TOLD);
    struct ts_check *check = ts_check_create(&options, report);
    MUST(report != NULL && check != NULL);
    ts_report_ignore(report, TS_SECTION_IDLE); /* advice: all tables of EIT share a version */
    const size_t ahead = (size_t)slots * AHEAD_S;
    MUST(ts_check_learn(check, packets, ahead < count ? ahead : count) == 0);
    for (size_t i = 0; i < count; i++) {
        ts_check_packet(check, packets + i * TS_PACKET_SIZE);
    }
    ts_check_finish(check);
    const bool is_clean = ts_report_total(report) == 0 && ts_report_ungraded_count(report) == 0;
    ts_check_destroy(check);
    ts_report_destroy(report);
    return judge_eit_finish(eit) && is_clean;
}

/* Each program clock reference is the time of its slot, to the nearest tick. */
static bool judge_pcr(const struct tape_world *world, const uint8_t *packets, FILE *out)
{
    const uint64_t slots = (uint64_t)tape_transport(world_format(world))->slots_per_second;
    const size_t count = judge_slot_count(world);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *packet = packets + i * TS_PACKET_SIZE;
        if ((packet[3] & 0x20) == 0 || packet[4] < 7 || (packet[5] & 0x10) == 0) {
            continue;
        }
        const uint64_t base = (uint64_t)packet[6] << 25 | (uint64_t)packet[7] << 17 |
                              (uint64_t)packet[8] << 9 | (uint64_t)packet[9] << 1 | packet[10] >> 7;
        const uint64_t pcr = base * 300 + ((uint64_t)(packet[10] & 1) << 8 | packet[11]);
        const uint64_t slot = judge_first_slot(world) + i;
        /* 27 MHz x slots, cut at 2^33 x 300: whole seconds and the rest apart */
        const uint64_t rest = (slot % slots * 54000000 + slots) / (2 * slots);
        const uint64_t time = (slot / slots * 27000000 + rest) % ((UINT64_C(1) << 33) * 300);
        if (pcr != time) {
            fprintf(out, "packet %zu: PCR %" PRIu64 ", not %" PRIu64 "\n", i, pcr, time);
            return false;
        }
    }
    return true;
}

/* Stretches from anywhere, each by a reader of its own. */
static bool judge_slices(const struct tape_world *world, const uint8_t *packets, struct dice *dice,
                         FILE *out)
{
    static uint8_t slice[SLICE_SLOTS * TS_PACKET_SIZE];
    const size_t count = judge_slot_count(world);
    for (int i = 0; i < SLICES; i++) {
        const size_t from = (size_t)dice_between(dice, 0, (int64_t)count - 1);
        const size_t most = count - from < SLICE_SLOTS ? count - from : SLICE_SLOTS;
        const size_t length = (size_t)dice_between(dice, 1, (int64_t)most);
        const int error = world_read(world, dice, judge_first_slot(world) + from, length, slice);
        if (error != 0 ||
            memcmp(slice, packets + from * TS_PACKET_SIZE, length * TS_PACKET_SIZE) != 0) {
            fprintf(out, "packets %zu to %zu are others when read alone (%d)\n", from,
                    from + length, error);
            return false;
        }
    }
    return true;
}

static void count_up(const struct tape_world *world, struct judge_totals *totals)
{
    const struct tape_case *of = world->of;
    totals->packets += (int64_t)judge_slot_count(world);
    totals->shortened += is_guide_short(world) ? 1 : 0;
    totals->joins += world_joins(world, of->first, of->first + of->frames);
    for (int i = 0; i < of->service_count; i++) {
        totals->plans++;
        totals->steps += world->services[i].entry_count;
    }
}

static bool judge_world(const struct tape_world *world, uint8_t *packets, FILE *out,
                        struct judge_totals *totals)
{
    struct dice dice = {~world->of->seed};
    const int error =
        world_read(world, &dice, judge_first_slot(world), judge_slot_count(world), packets);
    if (error != 0) {
        fprintf(out, "the tape tells a fault: %d\n", error);
        return false;
    }
    bool holds = tape_judge_reader(world, packets, out);
    holds = judge_pcr(world, packets, out) && holds;
    holds = judge_slices(world, packets, &dice, out) && holds;
    int number = 0; /* one service of the transport */
    const int chosen = (int)dice_between(
        &dice, 0, (int64_t)tape_transport(world_format(world))->service_count - 1);
    for (int i = 0; i < world->of->service_count; i++) {
        if (world->of->services[i].transport == 0 && number++ == chosen && dice_once_in(&dice, 3)) {
            holds = judge_alone(world, i, packets, &dice, out) && holds;
            totals->alone++;
        }
    }
    count_up(world, totals);
    return holds;
}

bool tape_judge(const struct tape_shelf *shelf, const struct tape_case *of, FILE *out,
                struct judge_totals *totals)
{
    struct judge_totals none = {0};
    struct tape_world world;
    totals = totals != NULL ? totals : &none;
    if (tape_world_create(&world, shelf, of) < 0) {
        totals->refused++;
        return true;
    }
    uint8_t *packets = malloc(judge_slot_count(&world) * TS_PACKET_SIZE);
    MUST(packets != NULL);
    const bool holds = judge_world(&world, packets, out, totals);
    free(packets);
    tape_world_destroy(&world);
    return holds;
}
