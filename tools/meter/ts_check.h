/* SPDX-License-Identifier: MIT */
/*
 * ts_check: an independent reader of constant-rate transport streams.
 *
 * It shares no code with what makes the streams.  Packets go in one after
 * the other, problems come out through a ts_report, a summary says what has
 * been judged.  Reading ahead (ts_check_learn) tells it PAT, PMT, the first
 * PCR and the sequence parameter sets, so that it can judge from the first
 * packet on.
 *
 * Normative references: ISO/IEC 13818-1; ETSI EN 300 468; ETSI TR 101 290.
 */
#ifndef TOOLS_METER_TS_CHECK_H
#define TOOLS_METER_TS_CHECK_H

#include "tools/meter/ts_report.h"

#include <jansson.h>
#include <stddef.h>

struct ts_check;

/* Zero means what the comment says. */
struct ts_check_options {
    int64_t rate_bps;         /* needed */
    int64_t slots_per_second; /* rate_bps / 1504 when that is whole; 0: not known */
    bool has_first_slot;
    uint64_t first_slot;    /* of the file's first packet, since the Unix epoch */
    int pcr_interval_ms;    /* 40 */
    int psi_interval_ms;    /* 100 */
    int si_interval_ms;     /* 1500 */
    int tdt_interval_ms;    /* 15000 */
    int nit_interval_ms;    /* 10000 */
    int section_gap_ms;     /* 30 */
    int64_t frame_ticks;    /* as the video says */
    int64_t video_delay_ms; /* as the standard says: 10000 for AVC */
    int64_t audio_delay_ms; /* 1000 */
};

/* Borrows the report.  NULL: out of memory. */
struct ts_check *ts_check_create(const struct ts_check_options *options, struct ts_report *report);
void ts_check_destroy(struct ts_check *check); /* accepts NULL */

/*
 * Reads ahead in the file's first `count` packets; they are to be given to
 * ts_check_packet() all the same.  Returns 0 or -ENOMEM.
 */
int ts_check_learn(struct ts_check *check, const uint8_t *packets, size_t count);

/* The next packet of 188 bytes. */
void ts_check_packet(struct ts_check *check, const uint8_t *packet);

/* At the end of the file: what is missing, what cannot be judged. */
void ts_check_finish(struct ts_check *check);

/*
 * What has been judged, after ts_check_finish(): an object with one array
 * each for streams, clocks, tables and systems.  The caller owns it; NULL
 * when out of memory.
 */
json_t *ts_check_summary(const struct ts_check *check);

#endif
