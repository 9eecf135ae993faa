/* SPDX-License-Identifier: MIT */
#include "tools/meter/ts_scan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    AF_DISCONTINUITY = 0x80,
    AF_RANDOM_ACCESS = 0x40,
    AF_PCR = 0x10,
    AF_OPCR = 0x08,
    AF_SPLICE = 0x04,
    AF_PRIVATE = 0x02,
    AF_EXTENSION = 0x01,
    PCR_FIELD = 6,
    EXTENSION_UNITS = 300,
    COUNTER_MAX = 15,
};

struct pid_state {
    int64_t packets;
    int64_t first;
    bool has_counter;
    int broken;    /* packets since the last one that could not be used, seemingly of this PID */
    bool has_last; /* `last` holds the packet before, with payload, not repeated yet */
    uint8_t counter;
    uint8_t last[TS_SIZE];
};

struct ts_scan {
    struct ts_report *report;
    int64_t packets;
    struct pid_state *pids[TS_PIDS];
};

struct ts_scan *ts_scan_create(struct ts_report *report)
{
    struct ts_scan *scan = calloc(1, sizeof(*scan));
    if (scan != NULL) {
        scan->report = report;
    }
    return scan;
}

void ts_scan_destroy(struct ts_scan *scan)
{
    for (int pid = 0; scan != NULL && pid < TS_PIDS; pid++) {
        free(scan->pids[pid]);
    }
    free(scan);
}

static void problem(const struct ts_scan *scan, enum ts_kind kind, const struct ts_packet *packet,
                    const char *what, int value)
{
    ts_report_problem(scan->report, kind, packet->index, packet->pid, "%s (%d)", what, value);
}

static void read_pcr(const struct ts_scan *scan, struct ts_packet *packet, const uint8_t *field)
{
    const uint64_t base = (uint64_t)field[0] << 25 | (uint64_t)field[1] << 17 |
                          (uint64_t)field[2] << 9 | (uint64_t)field[3] << 1 | field[4] >> 7;
    const unsigned extension = (field[4] & 1U) << 8 | field[5];
    if ((field[4] & 0x7e) != 0x7e) {
        problem(scan, TS_ADAPTATION, packet, "reserved bits of the PCR are not ones", field[4]);
    }
    if (extension >= EXTENSION_UNITS) {
        problem(scan, TS_ADAPTATION, packet, "PCR extension above 299", (int)extension);
    }
    packet->has_pcr = true;
    packet->pcr = base * EXTENSION_UNITS + extension;
}

/* Where the optional fields of an adaptation field end; past `end` when they do not fit. */
static const uint8_t *skip_fields(const uint8_t *at, const uint8_t *end, unsigned flags)
{
    at += flags & AF_PCR ? PCR_FIELD : 0;
    at += flags & AF_OPCR ? PCR_FIELD : 0;
    at += flags & AF_SPLICE ? 1 : 0;
    if (flags & AF_PRIVATE) {
        at += at < end ? 1 + *at : 1;
    }
    if (flags & AF_EXTENSION) {
        at += at < end ? 1 + *at : 1;
    }
    return at;
}

static bool read_adaptation(const struct ts_scan *scan, struct ts_packet *packet, int length)
{
    const uint8_t *at = packet->bytes + 5;
    const uint8_t *end = at + length;
    if (length == 0) {
        return true;
    }
    const unsigned flags = *at++;
    const uint8_t *stuffing = skip_fields(at, end, flags);
    if (stuffing > end) {
        problem(scan, TS_ADAPTATION, packet, "adaptation field shorter than its fields", length);
        return false;
    }
    if (flags & AF_PCR) {
        read_pcr(scan, packet, at);
    }
    packet->is_random_access = (flags & AF_RANDOM_ACCESS) != 0;
    if (flags & AF_DISCONTINUITY) {
        packet->has_discontinuity = true;
        problem(scan, TS_DISCONTINUITY, packet, "discontinuity_indicator is set", 1);
    }
    for (; stuffing < end; stuffing++) {
        if (*stuffing != 0xff) {
            problem(scan, TS_ADAPTATION, packet, "stuffing byte is not 0xff", *stuffing);
            break;
        }
    }
    return true;
}

/* Header and adaptation field; false when the packet cannot be used. */
static bool take_apart(const struct ts_scan *scan, struct ts_packet *packet)
{
    const uint8_t *bytes = packet->bytes;
    const int control = bytes[3] >> 4 & 3;
    const bool has_payload = (control & 1) != 0;
    int header = 4;
    if (control == 0) {
        problem(scan, TS_RESERVED, packet, "adaptation_field_control is reserved", control);
        return false;
    }
    if (control & 2) {
        const int length = bytes[4];
        const bool fits = has_payload ? length <= 182 : length == 183;
        if (!fits) {
            problem(scan, TS_ADAPTATION, packet, "adaptation_field_length does not fit", length);
            return false;
        }
        if (!read_adaptation(scan, packet, length)) {
            return false;
        }
        header += 1 + length;
    }
    if (has_payload) {
        packet->payload = bytes + header;
        packet->payload_size = TS_SIZE - header;
    } else if (packet->starts_unit) {
        problem(scan, TS_ADAPTATION, packet, "payload_unit_start_indicator without payload", 1);
    }
    return true;
}

/* A repeat may differ in its program clock reference only. */
static bool is_repeat(const struct ts_packet *packet, const uint8_t *last)
{
    if (!packet->has_pcr) {
        return memcmp(packet->bytes, last, TS_SIZE) == 0;
    }
    const int after_pcr = 6 + PCR_FIELD;
    return memcmp(packet->bytes, last, 6) == 0 &&
           memcmp(packet->bytes + after_pcr, last + after_pcr, (size_t)(TS_SIZE - after_pcr)) == 0;
}

static void judge_counter(const struct ts_scan *scan, struct pid_state *pid,
                          struct ts_packet *packet)
{
    const uint8_t counter = packet->bytes[3] & 0x0f;
    const bool has_payload = packet->payload_size > 0;
    const uint8_t expected = (uint8_t)((pid->counter + (has_payload ? 1 : 0)) & 0x0f);
    const bool is_explained = ((counter - expected) & 0x0f) <= pid->broken;
    if (pid->has_counter && pid->broken > 0 && is_explained) {
        packet->is_after_loss = true;
    } else if (pid->has_counter && counter != expected && !packet->has_discontinuity) {
        if (has_payload && pid->has_last && is_repeat(packet, pid->last)) {
            packet->is_duplicate = true;
        } else {
            const bool is_again = has_payload && memcmp(packet->bytes, pid->last, TS_SIZE) == 0;
            packet->is_after_loss = true;
            packet->missing = is_again ? 0 : (counter - expected) & 0x0f;
            ts_report_problem(scan->report, TS_CONTINUITY, packet->index, packet->pid,
                              "counter %u, %u expected", (unsigned)counter, (unsigned)expected);
        }
    }
    pid->broken = 0;
    pid->has_counter = true;
    pid->counter = counter;
    if (has_payload) {
        pid->has_last = !packet->is_duplicate;
        memcpy(pid->last, packet->bytes, TS_SIZE);
    }
}

static void judge_null(const struct ts_scan *scan, const struct ts_packet *packet)
{
    if ((packet->bytes[1] & 0xe0) != 0 || (packet->bytes[3] & 0xf0) != 0x10) {
        ts_report_problem(scan->report, TS_NULL, packet->index, packet->pid,
                          "header %02x %02x %02x %02x; flags must be 0, payload only",
                          packet->bytes[0], packet->bytes[1], packet->bytes[2], packet->bytes[3]);
    }
}

static struct pid_state *state_of(struct ts_scan *scan, const struct ts_packet *packet)
{
    struct pid_state **pid = &scan->pids[packet->pid];
    if (*pid == NULL) {
        *pid = calloc(1, sizeof(**pid));
        if (*pid == NULL) {
            ts_report_ungraded(scan->report, "out of memory");
            return NULL;
        }
        (*pid)->first = packet->index;
    }
    (*pid)->packets++;
    return *pid;
}

/* What follows from a packet that cannot be used is no fault of its own. */
static void note_broken(struct ts_scan *scan, const uint8_t *bytes)
{
    struct pid_state *pid = scan->pids[(bytes[1] & 0x1f) << 8 | bytes[2]];
    if (pid != NULL && pid->broken < COUNTER_MAX) {
        pid->broken++;
    }
}

bool ts_scan_packet(struct ts_scan *scan, const uint8_t *bytes, struct ts_packet *packet)
{
    *packet = (struct ts_packet){
        .index = scan->packets,
        .first_byte = scan->packets * TS_SIZE,
        .bytes = bytes,
        .pid = (bytes[1] & 0x1f) << 8 | bytes[2],
        .starts_unit = (bytes[1] & 0x40) != 0,
    };
    scan->packets++;
    if (bytes[0] != 0x47) {
        packet->pid = -1;
        note_broken(scan, bytes);
        problem(scan, TS_SYNC, packet, "sync byte is not 0x47", bytes[0]);
        return false;
    }
    if (bytes[1] & 0x80) {
        note_broken(scan, bytes);
        problem(scan, TS_TRANSPORT_ERROR, packet, "transport_error_indicator is set", 1);
        return false;
    }
    struct pid_state *pid = state_of(scan, packet);
    if (pid == NULL) {
        return false;
    }
    if (packet->pid == TS_NULL_PID) {
        judge_null(scan, packet);
        return true;
    }
    if (bytes[3] & 0xc0) {
        problem(scan, TS_SCRAMBLED, packet, "transport_scrambling_control", bytes[3] >> 6);
    }
    if (!take_apart(scan, packet)) {
        return false;
    }
    judge_counter(scan, pid, packet);
    return true;
}

void ts_scan_skip(struct ts_scan *scan, int64_t packets)
{
    scan->packets += packets;
}

void ts_scan_excuse(struct ts_scan *scan)
{
    for (int pid = 0; pid < TS_PIDS; pid++) {
        if (scan->pids[pid] != NULL) {
            scan->pids[pid]->broken = COUNTER_MAX;
        }
    }
}

int64_t ts_scan_packets(const struct ts_scan *scan)
{
    return scan->packets;
}

int64_t ts_scan_pid_packets(const struct ts_scan *scan, int pid)
{
    return scan->pids[pid] != NULL ? scan->pids[pid]->packets : 0;
}

int64_t ts_scan_pid_first(const struct ts_scan *scan, int pid)
{
    return scan->pids[pid] != NULL ? scan->pids[pid]->first : -1;
}
