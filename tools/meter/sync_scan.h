/* SPDX-License-Identifier: MIT */
/*
 * sync_scan: packets out of bytes.
 *
 * Five sync bytes at one distance are synchronisation (188 bytes apart, or
 * 192 with a time stamp before each packet, or 204 with parity behind it);
 * two wrong ones in a row lose it.
 *
 * Normative reference: ETSI TR 101 290, 5.2.1 (1.1, 1.2) and Annex.
 */
#ifndef TOOLS_METER_SYNC_SCAN_H
#define TOOLS_METER_SYNC_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sync_event {
    SYNC_MORE,   /* nothing until more bytes are pushed */
    SYNC_FOUND,  /* synchronisation, at first or again */
    SYNC_PACKET, /* *packet is the next one */
    SYNC_BAD,    /* the same, but its sync byte is wrong */
    SYNC_LOST,   /* two in a row were wrong */
};

struct sync_scan;

struct sync_scan *sync_scan_create(void);       /* NULL: out of memory */
void sync_scan_destroy(struct sync_scan *scan); /* accepts NULL */

/* Appends bytes.  0 or -ENOMEM.  Take all events before the next call. */
int sync_scan_push(struct sync_scan *scan, const uint8_t *bytes, size_t size);

/* No more bytes will come: less than five packets are enough for what is left. */
void sync_scan_end(struct sync_scan *scan);

/* What comes next; *packet is valid until the next call of any function here. */
enum sync_event sync_scan_next(struct sync_scan *scan, const uint8_t **packet);

/* From one packet to the next: 188, 192 or 204; 0: no synchronisation yet. */
int sync_scan_stride(const struct sync_scan *scan);

/* Bytes before the packet that was delivered last, or skipped before SYNC_FOUND. */
int64_t sync_scan_offset(const struct sync_scan *scan);

/* Bytes pushed and not consumed. */
size_t sync_scan_left(const struct sync_scan *scan);

#endif
