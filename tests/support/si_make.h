/* SPDX-License-Identifier: MIT */
/*
 * si_make: a transport stream of two services with every table there is.
 *
 * PAT, CAT, PMT, NIT (actual, other), SDT (actual, other), BAT, EIT
 * present/following (actual, other), EIT schedule of eight days (actual) and
 * four (other), RST, ST, TDT and TOT; no packets of elementary streams.  One
 * event an hour, a version a day.  Every section passes through a function
 * of the test, which may harm it.
 */
#ifndef TESTS_SUPPORT_SI_MAKE_H
#define TESTS_SUPPORT_SI_MAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SI_MAKE_SLOTS = 1000, /* a second */
    SI_MAKE_TRANSPORT = 1,
    SI_MAKE_NETWORK = 0xff01,
    SI_MAKE_FIRST = 101,  /* its text is GB 2312 ... */
    SI_MAKE_SECOND = 102, /* ... and that of this one UTF-8 */
    SI_MAKE_CYCLE = 8,    /* seconds in which EIT schedule comes once */
};

/* One section before its length and CRC_32 are written. */
struct si_make_section {
    int pid;
    int64_t slot;
    bool is_dropped;   /* does not come at all */
    bool keeps_length; /* the length in `bytes` is left as it is */
    bool has_bad_crc;
    int size;
    uint8_t bytes[4096];
};

typedef void (*si_make_harm)(struct si_make_section *section);

/* The event of a service in an hour since the epoch. */
int si_make_event_id(int64_t hour);

/* Writes `seconds` of packets of 188 bytes.  `harm` may be NULL.  Returns 0 or -ENOMEM. */
int si_make(si_make_harm harm, int64_t first_second, int seconds, uint8_t *packets);

#endif
