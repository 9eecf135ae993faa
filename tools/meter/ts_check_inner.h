/* SPDX-License-Identifier: MIT */
/*
 * ts_check_inner: what ts_check.c and ts_summary.c share.
 */
#ifndef TOOLS_METER_TS_CHECK_INNER_H
#define TOOLS_METER_TS_CHECK_INNER_H

#include "tools/meter/es_scan.h"
#include "tools/meter/pcr_scan.h"
#include "tools/meter/si_scan.h"
#include "tools/meter/table_scan.h"
#include "tools/meter/ts_check.h"

enum { FIRST_SI_PID = 0x10, LAST_SI_PID = 0x14, SI_PIDS = LAST_SI_PID - FIRST_SI_PID + 1 };

/* One programme, as it is judged. */
struct check_programme {
    struct psi_programme psi; /* as it was when it was first complete */
    bool is_set_up;
    struct pcr_scan pcr;
    struct tstd *system; /* TBsys and Bsys */
};

struct ts_check {
    struct ts_check_options options;
    struct ts_report *report;
    struct ts_report *advice; /* for SI PIDs, which no buffer model binds */
    struct ts_scan *scan;
    struct psi psi;
    struct si *si;
    struct table_scan *tables;
    struct section_scan *sections[TS_PIDS];
    struct es_scan *streams[TS_PIDS];
    struct tstd *si_buffers[SI_PIDS];
    int programme_count;
    struct check_programme programmes[PSI_PROGRAMMES];
    bool says_change;
    /* From reading ahead. */
    struct ts_check *ahead;
};

#endif
