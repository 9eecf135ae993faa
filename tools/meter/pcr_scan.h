/* SPDX-License-Identifier: MIT */
/*
 * pcr_scan: program clock references, their distance and their values.
 *
 * Values are held against the line through the first one at the bit rate,
 * and, when the place of the file on the station's time line is known,
 * against the value that every slot must have.
 *
 * A foreign stream's rate is never known exactly, and its clock may jump: a
 * follower moves the line with the references, slowly (a second), so that it
 * holds for days, and takes up a new line when two references agree on one.
 *
 * Normative references: ISO/IEC 13818-1, 2.4.2.2 and 2.7.2; ETSI TR 101 290,
 * 5.2.2 (2.3, 2.4).
 */
#ifndef TOOLS_METER_PCR_SCAN_H
#define TOOLS_METER_PCR_SCAN_H

#include "tools/meter/stc.h"
#include "tools/meter/ts_scan.h"

enum pcr_line {
    PCR_LINE_FIXED,  /* through the first one, for ever */
    PCR_LINE_FOLLOW, /* moves slowly */
    PCR_LINE_NONE,   /* no constant rate: through the last one; values are not judged */
};

struct pcr_scan {
    struct stc stc;
    int pid;
    int interval_ms;          /* limit */
    int64_t slots_per_second; /* 0: values are held against the line only */
    uint64_t first_slot;      /* of the file, since the Unix epoch */
    enum pcr_line line;
    struct stc first_stc; /* the clock as it was first set */
    bool is_place_lost;   /* bytes are missing, or too many, since the last one */
    bool has_step;        /* the last one was off the line, by `step` ticks */
    double step;
    /* The line that is followed: ticks at a byte, the rest of a tick, and the pace. */
    int64_t line_byte;
    int64_t line_ticks;
    double line_rest;
    double ticks_per_byte;
    bool has_last;
    int64_t last_pcr;
    int64_t count;
    int64_t last_byte; /* of the one before; of the file's beginning at first */
    int64_t longest_bytes;
    double worst_line_ns; /* off the line */
    double worst_slot_ns; /* off the slot's value */
};

/* The clock is that of *stc, which may be not set: then the first PCR sets it. */
void pcr_scan_init(struct pcr_scan *scan, int pid, const struct stc *stc, int interval_ms);

/* Bytes are missing from the stream here, or there are too many. */
void pcr_scan_lose_place(struct pcr_scan *scan);

/* Judges a packet of the PCR PID, with or without PCR. */
void pcr_scan_packet(struct pcr_scan *scan, const struct ts_packet *packet,
                     struct ts_report *report);

/* Judges the stretch to the end of the file. */
void pcr_scan_finish(struct pcr_scan *scan, int64_t end_byte, struct ts_report *report);

#endif
