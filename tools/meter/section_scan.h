/* SPDX-License-Identifier: MIT */
/*
 * section_scan: sections out of the packets of one PID.
 *
 * Judges how sections lie in packets (pointer_field, stuffing) and what all
 * sections have in common (lengths, reserved bits, CRC_32, numbers).
 *
 * Normative references: ISO/IEC 13818-1, 2.4.4 and Annex A;
 * ETSI EN 300 468, 5.1 (which table belongs on which PID).
 */
#ifndef TOOLS_METER_SECTION_SCAN_H
#define TOOLS_METER_SECTION_SCAN_H

#include "tools/meter/ts_scan.h"

enum {
    SECTION_MAX = 4096,
    TABLE_PAT = 0x00,
    TABLE_CAT = 0x01,
    TABLE_PMT = 0x02,
    TABLE_NIT = 0x40,
    TABLE_NIT_OTHER = 0x41,
    TABLE_SDT = 0x42,
    TABLE_SDT_OTHER = 0x46,
    TABLE_BAT = 0x4a,
    TABLE_EIT_PF = 0x4e,
    TABLE_EIT_PF_OTHER = 0x4f,
    TABLE_EIT_FIRST = 0x50, /* schedule, this transport: to 0x5f */
    TABLE_EIT_FIRST_OTHER = 0x60,
    TABLE_EIT_LAST_OTHER = 0x6f,
    TABLE_TDT = 0x70,
    TABLE_RST = 0x71,
    TABLE_STUFFING = 0x72,
    TABLE_TOT = 0x73,
    SECTION_HEADER = 8, /* bytes before the body of a long section */
    SECTION_CRC = 4,
};

/* One section; `bytes` is valid until the next call. */
struct section {
    const uint8_t *bytes;
    int size; /* CRC included */
    int pid;
    int64_t packet;     /* in which it ends */
    int64_t first_byte; /* its place in the file */
    int64_t end_byte;   /* just after its last byte */
};

struct section_scan;

struct section_scan *section_scan_create(int pid, struct ts_report *report); /* borrows */
void section_scan_destroy(struct section_scan *scan);                        /* accepts NULL */

/* Gives it the next packet of its PID; `packet` stays borrowed until the last section of it. */
void section_scan_feed(struct section_scan *scan, const struct ts_packet *packet);

/* The next section that ends in that packet and is sound; false: no more. */
bool section_scan_next(struct section_scan *scan, struct section *section);

/* Fields of the header. */
int section_table_id(const struct section *section);
int section_extension(const struct section *section);
int section_version(const struct section *section);
int section_number(const struct section *section);
int section_last_number(const struct section *section);

/* A table with section_number, version_number and so on. */
bool section_is_long(const struct section *section);

/* EIT, of this transport stream or another; and of those, schedule. */
bool section_is_eit(int table_id);
bool section_is_schedule(int table_id);

uint32_t section_crc(const uint8_t *bytes, int size);

/* Whether this table may be on this PID (any PID but those of DVB may carry a PMT). */
bool section_belongs(int table_id, int pid);

#endif
