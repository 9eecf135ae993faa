/* SPDX-License-Identifier: MIT */
/*
 * si_reading: tables as libdvbpsi reads them from packets.
 *
 * A second opinion on our tables from a library that did not write them; a
 * complaint of it fails the test.
 */
#ifndef TESTS_SUPPORT_SI_READING_H
#define TESTS_SUPPORT_SI_READING_H

#include "playout/si.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <dvbpsi/dvbpsi.h>

#include <dvbpsi/psi.h>

#include <dvbpsi/descriptor.h>

#include <dvbpsi/bat.h>
#include <dvbpsi/demux.h>
#include <dvbpsi/dr.h>
#include <dvbpsi/eit.h>
#include <dvbpsi/nit.h>
#include <dvbpsi/pat.h>
#include <dvbpsi/pmt.h>
#include <dvbpsi/sdt.h>
#include <dvbpsi/tot.h>

enum { SI_READING_TABLES = 64 };

/* Everything libdvbpsi has read. */
struct si_reading {
    dvbpsi_t *handle;
    dvbpsi_pat_t *pat;
    dvbpsi_pmt_t *pmt;
    dvbpsi_nit_t *nit;
    dvbpsi_bat_t *bat;
    dvbpsi_tot_t *times[2]; /* TDT, TOT */
    dvbpsi_sdt_t *sdts[SI_READING_TABLES];
    size_t sdt_count;
    dvbpsi_eit_t *eits[SI_READING_TABLES];
    size_t eit_count;
    uint8_t counter;
};

/* Of NIT, SDT, BAT, EIT, TDT and TOT. */
void si_reading_begin(struct si_reading *reading);
void si_reading_end(struct si_reading *reading);

void si_reading_push(struct si_reading *reading, int pid, const uint8_t *section, size_t size);

/* Pushes the sections and frees them. */
void si_reading_push_all(struct si_reading *reading, int pid, struct si_sections *sections);

/* For handles of PAT and PMT, which have no demultiplexer. */
void si_reading_complain(dvbpsi_t *handle, const dvbpsi_msg_level_t level, const char *message);

/* The first of that tag, or NULL. */
dvbpsi_descriptor_t *si_reading_descriptor(dvbpsi_descriptor_t *list, int tag);

/* Decodes text by the charset that its selector (0x13 or 0x15) names. */
void si_reading_check_text(const uint8_t *bytes, size_t size, const char *expected);

/* Seconds since the Unix epoch of MJD and BCD; EN 300 468, annex C. */
int64_t si_reading_time(uint64_t utc);

#endif
