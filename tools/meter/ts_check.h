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

#include "tools/meter/dvb_text.h"
#include "tools/meter/psi_scan.h"
#include "tools/meter/si_view.h"
#include "tools/meter/stc.h"
#include "tools/meter/ts_report.h"

#include <jansson.h>
#include <stddef.h>

struct ts_check;

/* Whoever wants to see what is judged; embed it in a structure of your own. */
struct ts_tap {
    /* A packet that can be used, null packets included. */
    void (*packet)(struct ts_tap *tap, const struct ts_packet *packet);
    /* A sound section of PSI or SI. */
    void (*section)(struct ts_tap *tap, const struct section *section);
};

/* The pace of one PCR PID, when it is known better than the stream's. */
struct ts_clock_rate {
    int pid;
    int64_t rate_bps;
};

/* Zero means what the comment says. */
struct ts_check_options {
    int64_t rate_bps;         /* needed */
    int64_t slots_per_second; /* rate_bps / 1504 when that is whole; 0: not known */
    bool has_first_slot;
    uint64_t first_slot;           /* of the file's first packet, since the Unix epoch */
    int pcr_interval_ms;           /* 40 */
    int psi_interval_ms;           /* 100 */
    int si_interval_ms;            /* 1500 */
    int tdt_interval_ms;           /* 15000 */
    int nit_interval_ms;           /* 10000 */
    int other_interval_ms;         /* 10000: of other transport streams; BAT, CAT */
    int schedule_interval_ms;      /* 10000: EIT schedule of the first eight days */
    int schedule_late_interval_ms; /* 30000: and after those */
    int section_gap_ms;            /* 30 */
    bool versions_may_jump;        /* not only by one */
    struct dvb_charsets charsets;  /* of text without a selector, or with that of GB2312 */
    bool wants_cable_tables;       /* NIT and TOT must be there too, in any case */
    int64_t frame_ticks;           /* as the video says */
    int64_t video_delay_ms;        /* as the standard says: 10000 for AVC */
    int64_t audio_delay_ms;        /* 1000 */
    bool follows_clocks;           /* the rate is an estimate: PCR_LINE_FOLLOW */
    bool is_unsteady;              /* there is no constant rate: PCR_LINE_NONE */
    struct ts_clock_rate clocks[PSI_PROGRAMMES];
    int clock_count;
    struct ts_tap *tap; /* borrowed */
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

/* So many packets are known to be missing here: time goes on without them. */
void ts_check_skip(struct ts_check *check, int64_t packets);

/* The same, because synchronisation was lost: continuity is not asked for. */
void ts_check_resync(struct ts_check *check, int64_t packets);

/* What PAT and PMT say now. */
const struct psi *ts_check_psi(const struct ts_check *check);

/* The PMT names other streams than at first, or a programme has gone: start anew. */
bool ts_check_has_changed(const struct ts_check *check);

/* Rate and phase of a programme's clock; false when it has none yet. */
bool ts_check_clock(const struct ts_check *check, int pcr_pid, struct stc *stc);

/* At the end of the file: what is missing, what cannot be judged. */
void ts_check_finish(struct ts_check *check);

/*
 * What has been judged, after ts_check_finish(): an object with one array
 * each for streams, clocks, tables and systems.  The caller owns it; NULL
 * when out of memory.
 */
json_t *ts_check_summary(const struct ts_check *check);

/* Of that, only the four arrays, set in `object`; at any time. */
void ts_check_add_streams(const struct ts_check *check, json_t *object);
void ts_check_add_tables(const struct ts_check *check, json_t *object);

/* What the tables say so far; borrows from `check`. */
struct si_view ts_check_view(const struct ts_check *check);

#endif
