/* SPDX-License-Identifier: MIT */
/*
 * si_fields: the kinds of fields that DVB tables are made of.
 *
 * Normative reference: ETSI EN 300 468, 5.2.3 to 5.2.6 and Annex C.
 */
#ifndef TOOLS_METER_SI_FIELDS_H
#define TOOLS_METER_SI_FIELDS_H

#include <stdint.h>

enum { SI_DAY_S = 86400 };

/* 16 bits, and the 12 bits of a length. */
int si_be16(const uint8_t *bytes);
int si_be12(const uint8_t *bytes);

/* So many BCD digits from the upper half of the first byte on; -1: no digits. */
int64_t dvb_bcd(const uint8_t *bytes, int digits);

/* Three bytes hhmmss as seconds; -1: no such time. */
int dvb_duration(const uint8_t *bytes);

/* UTC of 40 bits, MJD and BCD, as seconds since the epoch; -1: no such time. */
int64_t dvb_utc(const uint8_t *bytes);

/* A hash of bytes, continued from `hash`; begin with SI_HASH. */
#define SI_HASH UINT64_C(14695981039346656037)
uint64_t si_hash(uint64_t hash, const uint8_t *bytes, int size);

#endif
