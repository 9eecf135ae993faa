/* SPDX-License-Identifier: MIT */
/*
 * publish_eit: the programme guide of a transport for another multiplexer.
 *
 * A schedule (EIT actual, 0x50 and on) is counted from 00:00 UTC of the day on
 * which it is sent, so there is one for each day: it is sent over and over
 * from that moment on, as sections or as packets of PID 0x12.  The packets
 * are a multiple of sixteen, so that continuity goes on where the loop begins
 * again.
 *
 * Present/following (0x4e) changes with every programme: the sections of a
 * day come in order of time, and a table tells which to repeat from when on:
 *
 *     utc,service_id,event_id,section_byte,section_bytes,packet,packets
 *     2026-11-23T00:30:00Z,101,7,1824,310,12,4
 *
 * Present and following of a service lie behind each other; a player that
 * repeats them numbers the packets' continuity anew.
 *
 * Everything is made by the engine's own makers of sections: charset, ids and
 * number of days are those of the station file.  Version numbers rise with
 * the edition, with the day and, of present/following, with each programme.
 *
 * Normative references: ETSI EN 300 468, 5.2.4; ETSI TR 101 211, 4.1.4.
 */
#ifndef SCHEDULER_PUBLISH_EIT_H
#define SCHEDULER_PUBLISH_EIT_H

#include "playout/si.h"
#include "playout/timeline.h"

#include <stdio.h>

/* What is told of a transport.  All borrowed. */
struct publish_guide {
    const struct station *station;
    const struct transport *transport;
    struct timeline *const *timelines; /* of each service; NULL: nothing is told of it */
    int edition;
};

/* Where it goes; `index` of present/following alone. */
struct eit_files {
    FILE *sections; /* behind each other */
    FILE *packets;
    FILE *index;
};

enum { PUBLISH_DIGEST_SIZE = 65 };

/* A time line of a plan; takes ownership of it.  NULL out of memory. */
struct timeline *publish_timeline(struct plan *plan);

/* The schedule that holds on a UTC day since 1970-01-01.  0, -EIO or -ENOMEM. */
int publish_eit_schedule(const struct publish_guide *guide, int64_t day,
                         const struct eit_files *files);

/* Present/following from 00:00 UTC of the day to 24:00.  0, -EIO or -ENOMEM. */
int publish_eit_pf(const struct publish_guide *guide, int64_t day, const struct eit_files *files);

/* A digest, in hexadecimal, of what EIT tells of some time lines. */
void publish_eit_digest(struct timeline *const *timelines, size_t count,
                        char digest[PUBLISH_DIGEST_SIZE]);

#endif
