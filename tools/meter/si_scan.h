/* SPDX-License-Identifier: MIT */
/*
 * si_scan: what SDT, EIT present/following, TDT and NIT say.
 *
 * Judges their loops, descriptors and text, whether they agree with each
 * other and with the PAT, and their times against the time of the slot.
 *
 * Normative references: ETSI EN 300 468, 5.2 and 6.2; ETSI TR 101 211, 4.1
 * (running_status of present and following).
 */
#ifndef TOOLS_METER_SI_SCAN_H
#define TOOLS_METER_SI_SCAN_H

#include "tools/meter/psi_scan.h"

enum { SI_SERVICES = 64 };

struct si_service {
    int service_id;
    bool is_in_sdt;
    bool says_pf; /* EIT_present_following_flag */
    bool has_pf;
};

struct si {
    int transport_stream_id; /* of SDT and EIT; -1: not seen yet */
    int original_network_id; /* the same */
    int service_count;
    struct si_service services[SI_SERVICES];
    int64_t tdt_count;
    double tdt_worst_s; /* farthest from the time of its slot; needs that time */
};

void si_init(struct si *si);

/*
 * Judges one sound section of PID 0x10 to 0x14.  `now_s` is the time of its
 * packet in seconds since the Unix epoch; negative: not known.
 */
void si_take(struct si *si, const struct section *section, double now_s, struct ts_report *report);

/* Judges what the tables say of each other, at the end. */
void si_finish(const struct si *si, const struct psi *psi, int64_t packet,
               struct ts_report *report);

/* UTC of 40 bits, MJD and BCD, as seconds since the epoch; -1: no such time. */
int64_t si_utc(const uint8_t *bytes);

/* Whether text is what its first byte promises; false for broken UTF-8. */
bool si_text_is_sound(const uint8_t *bytes, int size);

#endif
