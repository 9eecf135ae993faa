/* SPDX-License-Identifier: MIT */
/*
 * eit_cycle: what fills PID 0x12 of a transport.
 *
 * The PID owns E packets in each second.  Time is cut into cycles of 8 s
 * (multiples of 8 s since the Unix epoch), a position being a packet of the
 * PID counted from the start of its cycle:
 *
 *     second 0                second 1                         second 7
 *     |P0 P0|s s|P1 P1|s s s s|P0 P0|s s|P1 P1|s s s s|  ...  |........|
 *
 * P0: section 0 of present/following actual of each service, P1: section 1
 * of each; SI_EIT_PF_PACKETS packets each, their content decided by the caller
 * at the first position of the second.  s: all other sections, schedules and
 * what is told of other transports; their content is decided at the first
 * position of the cycle, that is here, and each is sent once a cycle.
 *
 * Every section starts a packet of its own, lies in consecutive packets and
 * never crosses the end of a second; from its end to the next start of a
 * section of the same table_id and service_id pass at least 30 ms, also across
 * seconds and cycles.  Free packets carry a stuffing section.
 *
 * A schedule is counted in segments of three hours from 00:00 UTC of the day
 * in which the cycle starts (08:00 in China), 32 segments a table_id, at most
 * eight sections a segment; an event lies in the segment of its start, also
 * when it is over; a segment without events is one empty section.
 *
 * Normative references: ETSI EN 300 468, 5.2.4; ETSI TR 101 211, 4.1.4, 4.4.
 */
#ifndef PLAYOUT_EIT_CYCLE_H
#define PLAYOUT_EIT_CYCLE_H

#include "playout/si.h"
#include "playout/timeline.h"

enum {
    EIT_CYCLE_S = 8, /* of the 10 s that are allowed: sections move when the content changes */
    EIT_PACKETS_MOST = 600, /* a second: its transport buffer empties at 1 Mb/s */
};

/* Where present/following lies, and what is free.  Plain numbers, copied freely. */
struct eit_layout {
    const struct station *station;
    const struct transport *transport;
    int packets_per_second; /* E */
    int gap;                /* positions from the last of a section to the next first, at least */
    int following;          /* position in the second of the first P1 */
    int section_packets;    /* of the longest section of a schedule */
};

/* What EIT needs, and what would fit. */
struct eit_budget {
    int wanted;         /* packets a second */
    int most;           /* that may be had */
    int days;           /* as eit_days with which it fits; -1: not even with none */
    int events_per_day; /* as eit_events_per_day with which it fits, at all days; 0: none */
    bool without_other; /* it would fit with eit_other = "none" */
};

/*
 * Chooses E for the transport, by network.eit_days, eit_events_per_day and
 * eit_other: bandwidth is kept for events of 112 bytes (144 in UTF-8: 12
 * characters of name, 24 of text, descriptors).  0 and *layout; -ENOSPC when
 * more than packets_most (what the lattice has left) or EIT_PACKETS_MOST would
 * be needed; -ENOMEM.  *budget is set in the first two cases, with numbers
 * that would fit.
 */
int eit_layout_init(struct eit_layout *layout, const struct station *station,
                    const struct transport *transport, int packets_most, struct eit_budget *budget);

/*
 * Whether a position of a second (0 to E - 1) is of present/following actual:
 * then of which service of the transport, which section and packet of it.
 */
bool eit_layout_pf(const struct eit_layout *layout, int position_in_second, size_t *service,
                   int *section_number, int *packet_index);

/*
 * The EPG entry number n of a time line; false when there is none or when it
 * is not in the EPG.  Its strings are of the plan.
 */
bool si_event_of_programme(const struct timeline *timeline, int64_t n, struct si_event *event);

/*
 * One service of which EIT tells: all of the transport (is_actual, schedule
 * only), and by network.eit_other those of the others.
 */
struct eit_source {
    const struct service *service;
    bool is_actual;
    struct timeline *timeline;
    int schedule_version; /* of the time line; the day is added to it here */
    int pf_version;       /* not for actual, as is frame */
    int64_t frame;        /* of which present and following are told: the cycle's start */
};

/* How well the sources fitted. */
struct eit_fit {
    enum si_detail detail; /* FULL: nothing was left out */
    int days;              /* as many as are carried; network.eit_days unless too much */
    int events;            /* in all schedules */
    int left_out;          /* events for which a segment's eight sections have no room */
    int used;              /* packets used by the cycle, of those free for it */
    int free;
};

struct eit_cycle;

/*
 * Builds the cycle that starts at cycle_start_s; any start in the same UTC day
 * gives the same cycle for the same sources.  It holds references to the time
 * lines.  0 or -ENOMEM (also when the system lacks the charset).
 * What does not fit is shortened as struct eit_fit tells: first extended
 * texts go, then short ones, then long names, then the farthest days.
 * Allocates and reads the charset.  Cost for eight days of some 70 events:
 * 1 ms and 0.1 MB for one service, 8 ms and 0.7 MB for eight.
 */
int eit_cycle_create(const struct eit_layout *layout, const struct eit_source *sources,
                     size_t count, int64_t cycle_start_s, struct eit_cycle **cycle);
void eit_cycle_destroy(struct eit_cycle *cycle); /* accepts NULL */

/* Whether the cycle is what eit_cycle_create() would make of these. */
bool eit_cycle_holds(const struct eit_cycle *cycle, const struct eit_source *sources, size_t count,
                     int64_t cycle_start_s);

const struct eit_fit *eit_cycle_fit(const struct eit_cycle *cycle);

/*
 * The packet at a position of the cycle (0 to 8 E - 1) that is not of
 * present/following actual.  RT-safe.
 */
void eit_cycle_packet(const struct eit_cycle *cycle, int position, uint8_t continuity_counter,
                      uint8_t *packet);

#endif
