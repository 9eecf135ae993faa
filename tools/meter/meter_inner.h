/* SPDX-License-Identifier: MIT */
/*
 * meter_inner: what the files of the meter share.
 */
#ifndef TOOLS_METER_METER_INNER_H
#define TOOLS_METER_METER_INNER_H

#include "tools/meter/arrival.h"
#include "tools/meter/mdi.h"
#include "tools/meter/meter.h"
#include "tools/meter/pid_watch.h"
#include "tools/meter/rate_scan.h"
#include "tools/meter/service_view.h"
#include "tools/meter/sync_scan.h"
#include "tools/meter/table_watch.h"
#include "tools/meter/ts_check.h"

enum { METER_GAPS = 24, METER_TICKS_PER_MS = 27000, METER_TICKS_PER_S = 27000000 };

/* A packet, and where it comes from. */
struct meter_packet {
    int64_t number;     /* from the beginning, missing ones counted */
    int64_t arrival_ns; /* 0: of a file */
    bool is_resync;     /* synchronisation was lost before it */
    uint8_t bytes[TS_SIZE];
};

/* What could not be judged. */
struct meter_gap {
    enum tr_indicator indicator; /* under which it would have counted */
    bool is_in_force;            /* since judging last began */
    char text[TR_TEXT];
};

/* References that come where none had said a rate. */
struct meter_late {
    int pid;
    int64_t pcr;
    int count; /* behind each other on one time line */
};

/* Packets of one PID. */
struct meter_pid {
    int64_t packets;
    int64_t window; /* in this second of the stream */
    double bps;     /* in the second before */
};

struct meter {
    struct meter_options options;
    struct ts_listener report_listener;
    struct ts_tap tap;
    struct tr_listener listener;
    struct tr_board board;
    struct sync_scan *sync;
    struct table_watch *tables;
    struct pid_watch *watch;
    struct service_view *services;
    struct arrival *arrival;
    struct mdi mdi;

    /* Packets that wait until enough is known. */
    bool is_learning;
    struct meter_packet *pending;
    size_t pending_count;
    size_t pending_room;
    bool has_pcr;
    int pcr_pid; /* the first that was met: its clock says when enough is known */
    int64_t first_pcr;
    size_t learned; /* packets that were read ahead */

    /* What is being judged. */
    struct ts_report *report;
    struct ts_check *check;
    int64_t first_number; /* of the packet that is the check's first */
    int64_t next_number;
    struct rate_estimate rate;
    bool has_rate;
    int reference_pid; /* whose clock is the stream's */
    int unsteady;      /* references that were off the line, of late */
    struct meter_late late;
    int64_t judged;        /* packets, since judging began */
    double calm_from;      /* when it may start over again ... */
    bool has_started_over; /* ... because it has once */
    bool is_restless;      /* programmes have changed again before, and that is told */

    /* The stream's time, in 27 MHz ticks since the beginning. */
    double now;
    double ticks_per_packet;
    int64_t last_reference; /* where there is no constant rate */
    bool has_reference;
    double reference_time;
    double next_sweep;
    double next_window;
    double window_start;

    struct meter_packet packet; /* in hand */
    bool has_postponed;
    struct ts_packet postponed; /* its time stamp is judged after its clock */
    bool has_synced;
    bool has_lost_sync;
    int64_t origin;        /* byte of the stream where packet 0 begins */
    int64_t synced_offset; /* the same of the first one since synchronisation ... */
    int64_t synced_number; /* ... and its number, those that are known to be missing left out */
    int stride;            /* from one to the next */
    int64_t lost;          /* packets known to be missing */
    bool has_sequence;     /* somebody counts losses who knows better than continuity counters */
    int64_t packets;
    int64_t first_arrival_ns;
    int64_t last_arrival_ns;
    bool is_silent;
    bool is_finished;
    double muted_until[TS_PIDS]; /* buffers, after a fault that explains theirs */
    struct meter_pid pids[TS_PIDS];
    int gap_count;
    struct meter_gap gaps[METER_GAPS];
};

/* Its listeners call it. */
void meter_listen(struct meter *meter);

/*
 * Decides what the rate is, and begins to judge with what has been gathered,
 * if there is any.  Where judging starts over, the rest goes on waiting.
 * Returns 0 or -ENOMEM.
 */
int meter_begin(struct meter *meter);

/* Judging ends; gathering begins anew. */
void meter_start_over(struct meter *meter);

/* A PCR, straight from the packet; -1: none. */
int64_t meter_pcr_of(const uint8_t *packet);

/* How far what is gathered reaches, by a clock in it, when this packet has come; -1: it says
 * nothing. */
int64_t meter_span(struct meter *meter, const uint8_t *packet);

/* Judges the packet in hand. */
void meter_judge(struct meter *meter);

/* The stream has ended: what is left in the buffers. */
void meter_end(struct meter *meter);

/* Nothing wrong, but worth knowing. */
void meter_note(struct meter *meter, const char *format, ...) __attribute__((format(printf, 2, 3)));

void meter_add_gap(struct meter *meter, enum tr_indicator indicator, const char *text);

#endif
