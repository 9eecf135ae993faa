/* SPDX-License-Identifier: MIT */
/*
 * The meter: whatever comes, it ends, and what it says is JSON.
 *
 * The input is a script.  Its first byte: bit 0 live, bit 1 a given rate.
 * Then commands, each a letter and what follows it; a letter that is none is
 * left out.
 *
 *   P n BYTES    a packet of these bytes, filled up with 0xff
 *   S p n BYTES  a section on PID p (two bytes) in a packet; length and CRC_32 are put right
 *   C t          a packet of PID 0x101 with a clock reference, t ms after the one before
 *   J t          the same, t * 65536 ms after it
 *   D n BYTES    a datagram of just these bytes
 *   R n          the commands so far once more, n times; the first of them only
 *   T t          t * 16 ms pass
 *   I            a second and a half passes without anything
 *   L n          n packets are known to be lost
 *   Q            what has been found, as JSON
 *   Z            counting begins anew
 */
#include "tools/meter/meter.h"
#include "tools/meter/section_scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MS = 1000000, CLOCK_PID = 0x101, REPEATS_MAX = 64, PACKETS_MAX = 5000 };

struct script {
    const uint8_t *bytes;
    size_t size;
    size_t at;
};

struct run {
    struct meter *meter;
    bool is_live;
    int64_t now_ns;
    int64_t pcr_base;
    int packets;
    bool has_repeated;
    uint8_t counters[TS_PIDS];
};

static void require(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static unsigned next(struct script *script)
{
    return script->at < script->size ? script->bytes[script->at++] : 0;
}

/* The next bytes; *size becomes less when there are fewer. */
static const uint8_t *stretch(struct script *script, size_t *size)
{
    const uint8_t *bytes = script->bytes + script->at;
    const size_t left = script->size - script->at;
    *size = *size < left ? *size : left;
    script->at += *size;
    return bytes;
}

static void push(struct run *run, const uint8_t *bytes, size_t size)
{
    if (run->packets++ < PACKETS_MAX) {
        require(meter_push(run->meter, bytes, size, run->is_live ? run->now_ns : 0) == 0);
        run->now_ns += MS;
    }
}

static void start_packet(struct run *run, uint8_t *packet, unsigned pid, unsigned flags)
{
    memset(packet, 0xff, TS_SIZE);
    packet[0] = 0x47;
    packet[1] = (uint8_t)((flags & 0x40) | (pid >> 8 & 0x1f));
    packet[2] = (uint8_t)pid;
    packet[3] = (uint8_t)((flags & 0x30) | (run->counters[pid & 0x1fff] & 0x0f));
    run->counters[pid & 0x1fff] += (flags & 0x10) != 0 ? 1 : 0;
}

static void push_packet(struct run *run, struct script *script)
{
    uint8_t packet[TS_SIZE];
    size_t size = next(script) % (TS_SIZE + 1);
    const uint8_t *bytes = stretch(script, &size);
    memset(packet, 0xff, sizeof(packet));
    packet[0] = 0x47;
    memcpy(packet, bytes, size);
    push(run, packet, sizeof(packet));
}

static void push_section(struct run *run, struct script *script)
{
    enum { ROOM = TS_SIZE - 5 };
    uint8_t packet[TS_SIZE];
    const unsigned high = next(script);
    const unsigned pid = (high << 8 | next(script)) & 0x1fff;
    size_t size = next(script) % (ROOM - SECTION_CRC + 1);
    const uint8_t *bytes = stretch(script, &size);
    start_packet(run, packet, pid, 0x50);
    packet[4] = 0;
    uint8_t *section = packet + 5;
    memcpy(section, bytes, size);
    if (size >= 3) {
        const size_t length = size - 3 + SECTION_CRC;
        section[1] = (uint8_t)((section[1] & 0xf0) | length >> 8);
        section[2] = (uint8_t)length;
    }
    const uint32_t crc = section_crc(section, (int)size);
    for (int i = 0; i < SECTION_CRC; i++) {
        section[size + (size_t)i] = (uint8_t)(crc >> (24 - 8 * i));
    }
    push(run, packet, sizeof(packet));
}

static void push_clock(struct run *run, int64_t ms)
{
    uint8_t packet[TS_SIZE];
    start_packet(run, packet, CLOCK_PID, 0x20);
    run->pcr_base = (run->pcr_base + 90 * ms) & ((INT64_C(1) << 33) - 1);
    packet[4] = 183;
    packet[5] = 0x10;
    for (int i = 0; i < 4; i++) {
        packet[6 + i] = (uint8_t)(run->pcr_base >> (25 - 8 * i));
    }
    packet[10] = (uint8_t)((run->pcr_base & 1) << 7 | 0x7e);
    packet[11] = 0;
    push(run, packet, sizeof(packet));
}

static void push_datagram(struct run *run, struct script *script)
{
    size_t size = next(script);
    const uint8_t *bytes = stretch(script, &size);
    if (size > 0) {
        push(run, bytes, size);
    }
}

static void write_out(const struct run *run)
{
    json_t *summary = meter_json(run->meter, METER_ALL);
    require(summary != NULL);
    char *text = json_dumps(summary, JSON_COMPACT);
    require(text != NULL);
    free(text);
    json_decref(summary);
}

static void obey(struct run *run, struct script *script);

static void repeat(struct run *run, struct script *script)
{
    const unsigned times = next(script) % REPEATS_MAX;
    const struct script before = {script->bytes, script->at - 2, 1};
    for (unsigned i = 0; !run->has_repeated && script->at >= 2 && i < times; i++) {
        struct script again = before;
        while (again.at < again.size) {
            obey(run, &again);
        }
    }
    run->has_repeated = true;
}

static void obey(struct run *run, struct script *script)
{
    switch (next(script)) {
    case 'P':
        push_packet(run, script);
        break;
    case 'S':
        push_section(run, script);
        break;
    case 'C':
        push_clock(run, next(script));
        break;
    case 'J':
        push_clock(run, (int64_t)next(script) << 16);
        break;
    case 'D':
        push_datagram(run, script);
        break;
    case 'R':
        repeat(run, script);
        break;
    case 'T':
        run->now_ns += (int64_t)next(script) * 16 * MS;
        break;
    case 'I':
        run->now_ns += INT64_C(1500) * MS;
        require(meter_idle(run->meter, run->now_ns) == 0);
        break;
    case 'L':
        meter_lost(run->meter, next(script));
        break;
    case 'Q':
        write_out(run);
        break;
    case 'Z':
        meter_reset(run->meter);
        break;
    default:
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct script script = {data, size, 0};
    const unsigned how = next(&script);
    const struct meter_options options = {
        .is_live = (how & 1) != 0,
        .rate_bps = (how & 2) != 0 ? 4000000 : 0,
    };
    struct run run = {.is_live = options.is_live, .now_ns = INT64_C(1795489200000000000)};
    run.meter = meter_create(&options);
    require(run.meter != NULL);
    while (script.at < script.size) {
        obey(&run, &script);
    }
    require(meter_finish(run.meter) == 0);
    write_out(&run);
    meter_has_gaps(run.meter);
    meter_destroy(run.meter);
    return 0;
}
