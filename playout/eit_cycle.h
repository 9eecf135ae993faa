/* SPDX-License-Identifier: MIT */
/*
 * eit_cycle: what fills PID 0x12 of a transport.
 *
 * The PID owns E packets in each second.  Time is cut into cycles of 8 s
 * (multiples of 8 s since the Unix epoch), a position being a packet of the
 * PID counted from the start of its cycle.  Whose a position is follows from
 * the station file alone, and is the same in each half second:
 *
 *     |P0 P0 P0|O0|a a a|b b b|c c c|a a a|b b b|c c c|P1 P1 P1|O1|a a a|b b b ...
 *      first half second                               second half
 *
 * P: present/following actual of each service, section 0 in the first half
 * second and section 1 in the other; SI_EIT_PF_PACKETS packets each, their
 * content decided by the caller at the first position of the second.
 * O: present/following of a service of another transport, once a cycle: other
 * number n in second n modulo 8.  a, b, c: cells of the schedules, dealt to
 * the services in turn; the cells of a service are its lane (eit_lane.h), in
 * which each section of its schedule is sent once a cycle.  What O and the
 * lanes say is decided at the first position of the cycle, that is here.
 *
 * Every section starts a packet of its own, lies in consecutive packets and
 * never crosses the end of a cell; from its end to the next start of a
 * section of the same table_id and service_id pass at least 30 ms, also across
 * seconds and cycles.  Free packets carry a stuffing section.
 *
 * A schedule is counted in segments of three hours from 00:00 UTC of the day
 * in which the cycle starts (08:00 in China), 32 segments a table_id, at most
 * eight sections a segment; an event lies in the segment of its start, also
 * when it is over; a segment without events is one empty section.
 *
 * What a schedule says follows from the time line and the day, nothing else:
 * so its version_number is the journal's, which rises by one with each plan
 * that changes it, and the day's, which rises by one at 00:00 UTC; also when
 * the lane has no room for all of it.  Tables and segments are always there
 * for network.eit_days: what has no room leaves its segment empty.
 *
 * Normative references: ETSI EN 300 468, 5.2.4; ETSI TR 101 211, 4.1.4, 4.4.
 */
#ifndef PLAYOUT_EIT_CYCLE_H
#define PLAYOUT_EIT_CYCLE_H

#include "playout/si.h"
#include "playout/timeline.h"

enum {
    EIT_CYCLE_S = 8,        /* of the 10 s that are allowed: the rest is for sections that move */
    EIT_PACKETS_MOST = 600, /* a second: its transport buffer empties at 1 Mb/s */
};

/* Whose each position is.  Plain numbers, copied freely. */
struct eit_layout {
    const struct station *station;
    const struct transport *transport;
    int packets_per_second; /* E: even */
    int gap;                /* positions from the last of a section to the next first, at least */
    int others_start;       /* position in the half second of the first O */
    int lanes_start;        /* and of the first cell */
    int lanes;              /* services of which a schedule is told */
    int cell;               /* packets of a cell, so of the longest section */
    int turns;              /* cells of a lane in a half second */
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

/* The same of a position of the cycle, of present/following of the others; counted from 0. */
bool eit_layout_other(const struct eit_layout *layout, int position, size_t *other,
                      int *section_number, int *packet_index);

/*
 * The EPG entry number n of a time line; false when there is none or when it
 * is not in the EPG.  Its strings are of the plan.
 */
bool si_event_of_programme(const struct timeline *timeline, int64_t n, struct si_event *event);

/*
 * One service of which EIT tells: all of the transport (is_actual, schedule
 * only) in the order of the station file, then by network.eit_other those of
 * the others.
 */
struct eit_source {
    const struct service *service;
    bool is_actual;
    struct timeline *timeline;
    int schedule_version; /* of the time line; the day is added to it here */
    int pf_version;       /* not for actual, as is frame */
    int64_t frame;        /* of which present and following are told: the cycle's start */
};

/* How well the schedule of a source fitted into its lane. */
struct eit_fit {
    enum si_detail detail; /* FULL: nothing was left out */
    int days;              /* as many as are carried; network.eit_days unless too much */
    int events;
    int left_out; /* events for which a segment's sections have no room */
    int used;     /* packets of the lane in a cycle */
    int room;
};

struct eit_cycle;

/*
 * Builds the cycle that starts at cycle_start_s; any start in the same UTC day
 * gives the same cycle for the same sources.  It holds references to the time
 * lines.  0 or -ENOMEM (also when the system lacks the charset).
 * What does not fit into a lane is shortened there as struct eit_fit tells:
 * first extended texts go, then short ones, then long names, then the events
 * of all days but the first, the farthest first, then the last of segments.
 * Allocates and reads the charset.  Cost for eight days of some 70 events:
 * 1 ms and 0.1 MB for each service.
 */
int eit_cycle_create(const struct eit_layout *layout, const struct eit_source *sources,
                     size_t count, int64_t cycle_start_s, struct eit_cycle **cycle);
void eit_cycle_destroy(struct eit_cycle *cycle); /* accepts NULL */

/* Whether the cycle is what eit_cycle_create() would make of these. */
bool eit_cycle_holds(const struct eit_cycle *cycle, const struct eit_source *sources, size_t count,
                     int64_t cycle_start_s);

/* Of the source of that number. */
const struct eit_fit *eit_cycle_fit(const struct eit_cycle *cycle, size_t source);

/*
 * The packet at a position of the cycle (0 to 8 E - 1) that is not of
 * present/following actual.  RT-safe.
 */
void eit_cycle_packet(const struct eit_cycle *cycle, int position, uint8_t continuity_counter,
                      uint8_t *packet);

#endif
