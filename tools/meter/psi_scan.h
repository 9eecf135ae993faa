/* SPDX-License-Identifier: MIT */
/*
 * psi_scan: which programmes there are, and what they consist of.
 *
 * Normative reference: ISO/IEC 13818-1, 2.4.4.3 (PAT) and 2.4.4.8 (PMT).
 */
#ifndef TOOLS_METER_PSI_SCAN_H
#define TOOLS_METER_PSI_SCAN_H

#include "tools/meter/section_scan.h"

enum { PSI_PROGRAMMES = 64, PSI_STREAMS = 32 };

struct psi_stream {
    int stream_type;
    int pid;
    int coding;        /* tag of the descriptor that says what it is, as 0x6a; 0: none */
    int component_tag; /* -1: none */
    char language[4];  /* "" when not said */
};

struct psi_programme {
    int number;
    int pmt_pid;
    int pat_section; /* section_number and version_number of the PAT that named it last */
    int pat_version;
    bool has_pmt;
    int pcr_pid;
    int stream_count;
    struct psi_stream streams[PSI_STREAMS];
};

struct psi {
    bool has_pat;
    int transport_stream_id;
    int nit_pid; /* 0: not named */
    int nit_section;
    int programme_count;
    struct psi_programme programmes[PSI_PROGRAMMES];
};

/*
 * Takes a section of a PAT into *psi, in place of the one with its number
 * before.  Programmes that were there keep what their PMT said.  Problems go
 * to the report.
 */
void psi_take_pat(struct psi *psi, const struct section *section, struct ts_report *report);

/* Takes a PMT; one of no programme in the PAT on this PID is a problem. */
void psi_take_pmt(struct psi *psi, const struct section *section, struct ts_report *report);

/* Makes a programme that *psi has what it was before. */
void psi_restore(struct psi *psi, const struct psi_programme *before);

bool psi_is_pmt_pid(const struct psi *psi, int pid);

/* The programme with this number, or NULL. */
const struct psi_programme *psi_programme(const struct psi *psi, int number);

/* A table of this stream names the PID, or a standard reserves it. */
bool psi_names(const struct psi *psi, int pid);

#endif
