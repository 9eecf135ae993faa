/* SPDX-License-Identifier: MIT */
/*
 * si: the sections of a single-programme transport, and their packets.
 *
 * Everything is a function of the transport's settings, of the time told and
 * of the programmes told.  Text is UTF-8 with selector 0x15, cut only between
 * characters.  The version_number of PAT, PMT and SDT is a digest of their
 * content: another content has, nearly always, another version.
 *
 * Normative references: ISO/IEC 13818-1, 2.4.4; ETSI EN 300 468, 5 and 6.
 */
#ifndef PLAYOUT_SI_H
#define PLAYOUT_SI_H

#include "playout/station.h"

#include <stddef.h>
#include <stdint.h>

enum {
    SI_SECTION_MAX = 1024,
    SI_EIT_PACKETS = 2, /* of one present/following section: it fits, by its texts */
    PID_PAT = 0x0000,
    PID_SDT = 0x0011,
    PID_EIT = 0x0012,
    PID_TDT = 0x0014,
    PID_NULL = 0x1fff,
};

/* An EPG entry. */
struct si_event {
    uint16_t event_id;
    int64_t start_s;    /* since the Unix epoch, UTC */
    int64_t duration_s; /* below 100 hours */
    const char *title;  /* UTF-8 */
    const char *text;   /* NULL: none */
};

/* Each writes one section of at most SI_SECTION_MAX bytes and returns its size. */
size_t si_pat(const struct transport *transport, uint8_t *section);
size_t si_pmt(const struct transport *transport, uint8_t *section);
size_t si_sdt(const struct transport *transport, uint8_t *section);
size_t si_tdt(int64_t utc_s, uint8_t *section);

/*
 * EIT present (section_number 0) or following (1), actual; `event` NULL:
 * an empty section.  At most SI_EIT_PACKETS packets long.
 */
size_t si_eit_pf(const struct transport *transport, int section_number, int version,
                 const struct si_event *event, uint8_t *section);

/* How many packets a section takes when it starts a packet of its own. */
int si_packets(size_t size);

/*
 * The `index`-th packet of a section that starts in a packet of its own, with
 * 0xff after its end; beyond the section a stuffing section (table_id 0x72).
 */
void si_packet(uint8_t *packet, int pid, uint8_t continuity_counter, const uint8_t *section,
               size_t size, int index);

#endif
