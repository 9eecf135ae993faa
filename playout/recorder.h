/* SPDX-License-Identifier: MIT */
/*
 * recorder: records what is sent, without holding up the pacer.
 *
 * The pacer leaves a copy of each datagram in a queue of some seconds; a
 * thread of the recorder's own takes them to a recording.  A disk that is
 * slower than that loses datagrams of the recording, never of the air, and
 * they are counted.
 */
#ifndef PLAYOUT_RECORDER_H
#define PLAYOUT_RECORDER_H

#include "playout/recording.h"

#include <stdint.h>

struct recorder;

/* What became of the datagrams so far. */
struct recorder_status {
    uint64_t written;
    uint64_t lost;
    int error; /* of the last attempt to write: errno; 0: it succeeded */
};

/*
 * Takes over the recording (its zone stays borrowed), also when it fails,
 * and starts the thread.  The queue holds `capacity` datagrams.  0 or -errno.
 */
int recorder_create(struct recording *recording, size_t capacity, struct recorder **recorder);

/* Writes what is queued, then ends.  Nobody adds any more.  Accepts NULL. */
void recorder_destroy(struct recorder *recorder);

/* RT-safe.  One thread. */
void recorder_add(struct recorder *recorder, uint64_t datagram, const uint8_t *bytes);

/* Any thread. */
struct recorder_status recorder_status(const struct recorder *recorder);

#endif
