/* SPDX-License-Identifier: MIT */
/*
 * dvbpsi_json: descriptors as libdvbpsi decodes them, as JSON.
 */
#ifndef TESTS_SUPPORT_DVBPSI_JSON_H
#define TESTS_SUPPORT_DVBPSI_JSON_H

#include "tools/meter/dvb_text.h"

#include <jansson.h>
#include <stdint.h>
#include <sys/types.h>

/* Its headers want size_t and ssize_t to be there, and the first one first. */
#include <dvbpsi/dvbpsi.h>

#include <dvbpsi/descriptor.h>

/*
 * Adds what a list of descriptors says to `object`: names, texts, languages,
 * genres and so on, each under a name of its own; of several alike, an array
 * or the last one.  Text is there as "NAME_hex", and decoded as "NAME" where
 * it says that it is UTF-8, or always with `text` (NULL: not).
 */
void dvbpsi_json_descriptors(json_t *object, dvbpsi_descriptor_t *first, struct dvb_text *text);

/* "NAME_hex" and, as above, "NAME". */
void dvbpsi_json_text(json_t *object, const char *name, const uint8_t *bytes, int size,
                      struct dvb_text *text);

/* The low `digits` BCD digits of `bcd` as a number; no digits count as they come. */
json_int_t dvbpsi_json_bcd(uint64_t bcd, int digits);

/* hhmmss as seconds; MJD and hhmmss as seconds since the epoch. */
int dvbpsi_json_duration(uint32_t bcd);
json_int_t dvbpsi_json_utc(uint64_t mjd_bcd);

#endif
