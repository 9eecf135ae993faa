/* SPDX-License-Identifier: MIT */
/*
 * ts_report: what the reader of transport streams has found wrong.
 *
 * Every problem has a kind, which has a name that a test can look for; per
 * kind only the first few are written out, all are counted.  What could not
 * be judged at all is kept apart: a stream with such a gap never passes.
 */
#ifndef TOOLS_METER_TS_REPORT_H
#define TOOLS_METER_TS_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum ts_kind {
    TS_SYNC,             /* sync byte, packet cut short */
    TS_TRANSPORT_ERROR,  /* transport_error_indicator */
    TS_SCRAMBLED,        /* transport_ or PES_scrambling_control */
    TS_RESERVED,         /* reserved value of adaptation_field_control */
    TS_ADAPTATION,       /* length, fields or stuffing of an adaptation field */
    TS_CONTINUITY,       /* continuity_counter */
    TS_NULL,             /* form of a null packet */
    TS_DISCONTINUITY,    /* discontinuity_indicator set */
    TS_RANDOM_ACCESS,    /* random_access_indicator */
    TS_UNREFERENCED_PID, /* packets on a PID that no table names */
    TS_MISSING_PID,      /* no packets on a PID that a table names */
    TS_SECTION_SYNTAX,   /* pointer_field, lengths, stuffing, loops */
    TS_SECTION_CRC,      /* CRC_32 */
    TS_SECTION_RESERVED, /* reserved bits */
    TS_SECTION_TABLE_ID, /* a table where it does not belong */
    TS_SECTION_INTERVAL, /* a section repeated too seldom */
    TS_SECTION_GAP,      /* two sections of one table too close */
    TS_SECTION_VERSION,  /* version_number against content */
    TS_SI_CONTENT,       /* tables that contradict each other, or themselves */
    TS_EIT_PF,           /* present/following: sections, states, times */
    TS_TDT_TIME,         /* UTC_time against the time of the slot */
    TS_PCR_INTERVAL,     /* two program clock references too far apart */
    TS_PCR_VALUE,        /* program clock reference against its place */
    TS_PCR_JUMP,         /* a new time line without discontinuity_indicator */
    TS_PES_SYNTAX,       /* start code, markers, flags */
    TS_PES_LENGTH,       /* PES_packet_length */
    TS_PES_TIMES,        /* PTS and DTS: which are there, and their order */
    TS_DTS_STEP,         /* DTS not one frame after the one before */
    TS_PTS_STEP,         /* PTS not one audio frame after the one before */
    TS_PTS_ORDER,        /* a picture shown twice, or none for a frame */
    TS_ACCESS_UNIT,      /* what an access unit is made of */
    TS_PARAMETER_SETS,   /* not the same bytes throughout */
    TS_HOUSE,            /* legal, but not in streams of ours */
    TS_LATE,             /* last byte of an access unit arrives after its time */
    TS_TB,               /* transport buffer over */
    TS_NOT_EMPTY,        /* a buffer not empty once a second */
    TS_MB,               /* multiplexing buffer over */
    TS_B,                /* elementary stream buffer, B or Bsys over */
    TS_UNDERFLOW,        /* access unit not whole in its buffer at its time */
    TS_DELAY,            /* a byte stays too long */
    TS_SECTION_IDLE,     /* advice: a new version_number, and nothing else new */
    TS_EIT_SCHEDULE,     /* EIT schedule: segments, order, times */
    TS_EIT_EVENT,        /* one event_id, and not the same event everywhere */
    TS_PROGRAMMES,       /* which programmes there are, and of what streams */
    TS_KIND_COUNT,
};

struct ts_report;

/* One problem; `text` is valid during the call only. */
struct ts_problem {
    enum ts_kind kind;
    int64_t packet;
    int pid; /* -1: none */
    const char *text;
};

/* Whoever wants every problem; embed it in a structure of your own. */
struct ts_listener {
    void (*problem)(struct ts_listener *listener, const struct ts_problem *problem);
    void (*ungraded)(struct ts_listener *listener, enum ts_kind kind, const char *text);
};

/*
 * Problems are written to `out` one a line, at most `limit` of a kind; a NULL
 * `out` only counts them.  `out` is borrowed until ts_report_destroy().
 * Returns NULL when out of memory.
 */
struct ts_report *ts_report_create(FILE *out, unsigned limit);
void ts_report_destroy(struct ts_report *report); /* accepts NULL */

/* The name of a kind, as in "pcr_interval"; and back, or TS_KIND_COUNT. */
const char *ts_report_name(enum ts_kind kind);
enum ts_kind ts_report_kind(const char *name);

/* What no standard forbids: told and counted, but no part of the total. */
bool ts_report_is_advice(enum ts_kind kind);

/* Problems of this kind are neither written nor counted from now on. */
void ts_report_ignore(struct ts_report *report, enum ts_kind kind);

/* Tells the listener of everything from now on; borrows it. */
void ts_report_listen(struct ts_report *report, struct ts_listener *listener);

/* `packet` counts from 0; `pid` is -1 where there is none. */
void ts_report_problem(struct ts_report *report, enum ts_kind kind, int64_t packet, int pid,
                       const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Something cannot be judged; written at once.  The buffers of a stream, at least ... */
void ts_report_ungraded(struct ts_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ... or just what would be a problem of this kind. */
void ts_report_ungraded_kind(struct ts_report *report, enum ts_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

uint64_t ts_report_count(const struct ts_report *report, enum ts_kind kind);
uint64_t ts_report_total(const struct ts_report *report);
uint64_t ts_report_ungraded_count(const struct ts_report *report);

#endif
