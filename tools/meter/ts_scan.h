/* SPDX-License-Identifier: MIT */
/*
 * ts_scan: the packet layer of a transport stream.
 *
 * Takes packets apart and judges what can be judged without knowing what
 * they carry: header, adaptation field, continuity, null packets.
 *
 * Normative reference: ISO/IEC 13818-1, 2.4.3.2 to 2.4.3.5.
 */
#ifndef TOOLS_METER_TS_SCAN_H
#define TOOLS_METER_TS_SCAN_H

#include "tools/meter/ts_report.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    TS_SIZE = 188,
    TS_PIDS = 8192,
    TS_NULL_PID = 0x1fff,
    TS_PCR_BYTES = 11, /* bytes of a packet up to the last bit of its PCR base */
};

/* One packet, taken apart; pointers into the caller's bytes. */
struct ts_packet {
    int64_t index;      /* from the beginning of the file */
    int64_t first_byte; /* index * 188 */
    const uint8_t *bytes;
    int pid;
    bool starts_unit; /* payload_unit_start_indicator */
    bool is_duplicate;
    bool is_after_loss; /* its continuity_counter says so ... */
    int missing;        /* ... and that so many have not come, modulo 16 */
    bool is_random_access;
    bool has_discontinuity; /* discontinuity_indicator */
    bool has_pcr;
    uint64_t pcr; /* 27 MHz ticks */
    const uint8_t *payload;
    int payload_size; /* 0 when there is none */
};

struct ts_scan;

struct ts_scan *ts_scan_create(struct ts_report *report); /* borrows; NULL: out of memory */
void ts_scan_destroy(struct ts_scan *scan);               /* accepts NULL */

/*
 * Takes the next packet of 188 bytes.  False when it is too broken to be
 * used any further (no sync byte, TEI, reserved or impossible lengths).
 */
bool ts_scan_packet(struct ts_scan *scan, const uint8_t *bytes, struct ts_packet *packet);

/* So many packets are known to be missing here; they count as if they had come. */
void ts_scan_skip(struct ts_scan *scan, int64_t packets);

/* Synchronisation was lost: whatever counters come next are no fault of their own. */
void ts_scan_excuse(struct ts_scan *scan);

int64_t ts_scan_packets(const struct ts_scan *scan);              /* so far */
int64_t ts_scan_pid_packets(const struct ts_scan *scan, int pid); /* so far, of this PID */
int64_t ts_scan_pid_first(const struct ts_scan *scan, int pid);   /* index of its first */

#endif
