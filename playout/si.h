/* SPDX-License-Identifier: MIT */
/*
 * si: the sections of a transport, and their packets.
 *
 * Everything is a function of the station, of the time told and of the
 * programmes told.  The version_number of PAT, PMT, NIT, SDT and BAT is a
 * digest of their content: another content has, nearly always, another
 * version.  There is no CAT: nothing is scrambled.
 *
 * Files: si_psi.c (PAT, PMT), si_nit.c (NIT, BAT), si_sdt.c, si_time.c (TDT,
 * TOT), si_eit.c (sections), si_event.c (events and their descriptors), si.c
 * (packets, what all share).
 *
 * Normative references: ISO/IEC 13818-1, 2.4.4 and 2.6; ETSI EN 300 468, 5
 * and 6.
 */
#ifndef PLAYOUT_SI_H
#define PLAYOUT_SI_H

#include "playout/si_text.h"
#include "playout/station.h"
#include "playout/zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SI_SECTION_MAX = 1024,
    SI_EIT_PF_PACKETS = 3, /* of one present/following section: it fits, by its texts */
    PID_PAT = 0x0000,
    PID_NIT = 0x0010,
    PID_SDT = 0x0011, /* BAT too */
    PID_EIT = 0x0012,
    PID_TDT = 0x0014, /* TOT too */
    PID_NULL = 0x1fff,
};

/* --- Tables that do not change while a station is on air -------------------- */

/* Sections, in the order in which they are sent.  All zero: none. */
struct si_sections {
    uint8_t (*sections)[SI_SECTION_MAX];
    size_t count;
};

/* Bytes of a section, by its section_length. */
size_t si_section_size(const uint8_t *section);

/* Frees the sections; accepts an empty set. */
void si_sections_finish(struct si_sections *sections);

/*
 * Each appends the sections of one table.  0, or -ENOMEM and no change.
 * PAT and PMT are one section each.
 */
int si_pat(const struct station *station, const struct transport *transport,
           struct si_sections *sections);
int si_pmt(const struct station *station, const struct service *service,
           struct si_sections *sections);
int si_nit(const struct station *station, struct si_sections *sections); /* actual */
int si_sdt(const struct station *station, const struct transport *transport, bool is_actual,
           struct si_sections *sections);
int si_bat(const struct station *station, struct si_sections *sections); /* none without bouquet */

/* --- Time ------------------------------------------------------------------- */

/* Each writes one section and returns its size, at most SI_TIME_MAX: one packet. */
enum { SI_TIME_MAX = 32 };
size_t si_tdt(int64_t utc_s, uint8_t *section);

/*
 * With the offset from UTC that is in force in the zone, and the next change
 * within a year; without one, the same offset again from next year on.
 */
size_t si_tot(const struct station *station, const struct zone *zone, int64_t utc_s,
              uint8_t *section);

/* --- Events ----------------------------------------------------------------- */

/* What a programme is about; EN 300 468, table 29.  Education unless said otherwise. */
enum si_genre {
    GENRE_EDUCATION, /* 0x90 */
    GENRE_NATURE,    /* 0x91 */
    GENRE_SCIENCE,   /* 0x92 */
    GENRE_SOCIETY,   /* 0x95 */
    GENRE_FURTHER,   /* 0x96: further education */
    GENRE_LANGUAGES, /* 0x97 */
    GENRE_CHILDREN,  /* 0x54: educational programmes for children */
};

/* "education", "nature", "science", "society", "further", "languages", "children". */
const char *si_genre_name(enum si_genre genre);
int si_genre_parse(const char *name, enum si_genre *genre); /* 0 or -EINVAL */

/* An EPG entry. */
struct si_event {
    uint16_t event_id;
    int64_t start_s;    /* since the Unix epoch, UTC */
    int64_t duration_s; /* cut at 99:59:59 */
    const char *title;  /* UTF-8 */
    const char *text;   /* NULL: none */
    enum si_genre genre;
    bool has_subtitles; /* in the picture */
    bool is_signed;     /* sign language in the picture */
};

/* How much is said of an event: each level says less than the one before. */
enum si_detail {
    SI_DETAIL_FULL,
    SI_DETAIL_NO_EXTENDED, /* text only as far as short_event holds it */
    SI_DETAIL_NAME,        /* no text */
    SI_DETAIL_SHORT_NAME,  /* of at most SI_SHORT_NAME_BYTES */
};

enum {
    SI_NAME_BYTES = 120, /* of a coded name, selector included */
    SI_SHORT_NAME_BYTES = 41,
    SI_EVENT_MAX = 12 + 4095, /* of an event with its descriptors: eitn_set_desclength() */
};

/* Which EIT sub-table. */
struct si_eit {
    const struct station *station;
    const struct service *service;
    int table_id; /* 0x4e present/following actual, 0x4f other, 0x50 to 0x6f schedule */
    int version;
};

/*
 * EIT present (section_number 0) or following (1); `event` NULL: an empty
 * section.  At most SI_EIT_PF_PACKETS packets long: an extended text is cut.
 */
size_t si_eit_pf(const struct si_eit *eit, struct si_text *text, int section_number,
                 const struct si_event *event, uint8_t section[SI_SECTION_MAX]);

/*
 * One event with its descriptors; in a schedule the components of sound and
 * picture are left out.  The extended text is cut so that it takes no more
 * than `room` bytes.  Returns the bytes written, at most `room`; 0 when there
 * is not even room for its name.
 */
size_t si_eit_event(const struct si_eit *eit, struct si_text *text, const struct si_event *event,
                    enum si_detail detail, uint8_t *out, size_t room);

/* The numbers in the header of an EIT section of a schedule. */
struct si_eit_numbers {
    int section;
    int last_section;
    int segment_last_section;
    int last_table_id;
};

enum { SI_EIT_HEADER_SIZE = 14, SI_CRC_SIZE = 4, SI_EIT_SECTION_MAX = 4096 };

/*
 * Completes a section of a schedule whose `events_size` bytes of events lie
 * at section + SI_EIT_HEADER_SIZE already.  Returns its size.
 */
size_t si_eit_schedule(const struct si_eit *eit, const struct si_eit_numbers *numbers,
                       size_t events_size, uint8_t *section);

/* --- Packets ---------------------------------------------------------------- */

/* How many packets a section takes when it starts a packet of its own. */
int si_packets(size_t size);

/*
 * The `index`-th packet of a section that starts in a packet of its own, with
 * 0xff after its end; beyond the section a stuffing section (table_id 0x72).
 */
void si_packet(uint8_t *packet, int pid, uint8_t continuity_counter, const uint8_t *section,
               size_t size, int index);

#endif
