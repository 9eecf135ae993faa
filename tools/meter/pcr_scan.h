/* SPDX-License-Identifier: MIT */
/*
 * pcr_scan: program clock references, their distance and their values.
 *
 * Values are held against the line through the first one at the bit rate,
 * and, when the place of the file on the station's time line is known,
 * against the value that every slot must have.
 *
 * Normative references: ISO/IEC 13818-1, 2.4.2.2 and 2.7.2; ETSI TR 101 290,
 * 5.2.2 (2.3, 2.4).
 */
#ifndef TOOLS_METER_PCR_SCAN_H
#define TOOLS_METER_PCR_SCAN_H

#include "tools/meter/stc.h"
#include "tools/meter/ts_scan.h"

struct pcr_scan {
    struct stc stc;
    int pid;
    int interval_ms;          /* limit */
    int64_t slots_per_second; /* 0: values are held against the line only */
    uint64_t first_slot;      /* of the file, since the Unix epoch */
    int64_t count;
    int64_t last_byte; /* of the one before; of the file's beginning at first */
    int64_t longest_bytes;
    double worst_line_ns; /* off the line */
    double worst_slot_ns; /* off the slot's value */
};

/* The clock is that of *stc, which may be not set: then the first PCR sets it. */
void pcr_scan_init(struct pcr_scan *scan, int pid, const struct stc *stc, int interval_ms);

/* Judges a packet of the PCR PID, with or without PCR. */
void pcr_scan_packet(struct pcr_scan *scan, const struct ts_packet *packet,
                     struct ts_report *report);

/* Judges the stretch to the end of the file. */
void pcr_scan_finish(struct pcr_scan *scan, int64_t end_byte, struct ts_report *report);

#endif
