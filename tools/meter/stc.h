/* SPDX-License-Identifier: MIT */
/*
 * stc: the system time clock of a programme at constant bit rate.
 *
 * One PCR and the bit rate fix the time at which every byte of the file
 * arrives: a PCR is the arrival of the byte that holds the last bit of its
 * base.  Times are counted in bytes of the file ("time 188" is when the
 * first packet has arrived whole), so that they stay exact integers.
 *
 * Normative reference: ISO/IEC 13818-1, 2.4.2.2.
 */
#ifndef TOOLS_METER_STC_H
#define TOOLS_METER_STC_H

#include <stdbool.h>
#include <stdint.h>

/* 8 bits a byte, 27,000,000 ticks a second: bytes x this / rate = ticks. */
#define STC_SCALE INT64_C(216000000)
/* Where 33 bits of 90 kHz wrap around, in 27 MHz ticks. */
#define STC_WRAP (INT64_C(300) << 33)

struct stc {
    bool is_set;
    int64_t rate_bps;
    int64_t anchor_byte; /* time, in bytes, at which ... */
    int64_t anchor_pcr;  /* ... the clock showed this many ticks */
};

/* A x b / c, rounded down; c > 0.  a / c x b and (a mod c) x b must fit. */
int64_t stc_scale(int64_t a, int64_t b, int64_t c);

/* Ticks of 27 MHz since the anchor at a time in bytes, rounded down. */
int64_t stc_ticks(const struct stc *stc, int64_t byte);

/* What the clock shows at a time in bytes: modulo STC_WRAP. */
int64_t stc_value(const struct stc *stc, int64_t byte);

/* The time, in bytes, of a PTS or DTS: the one nearest to `near`; rounded down. */
int64_t stc_byte(const struct stc *stc, uint64_t stamp, int64_t near);

/* The difference a - b of two stamps modulo `wrap`, from -wrap/2 to wrap/2. */
int64_t stc_difference(int64_t a, int64_t b, int64_t wrap);

/* Bytes of the stream in so many milliseconds, and back. */
int64_t stc_bytes_of_ms(int64_t rate_bps, int64_t ms);
double stc_ms(int64_t rate_bps, int64_t bytes);

#endif
