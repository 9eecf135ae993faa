/* SPDX-License-Identifier: MIT */
/*
 * recorder: records what is sent, without holding up the pacer.
 *
 * The pacer leaves a copy of each datagram in a queue of some seconds; a
 * thread of the recorder's own takes them to a recording.  A disk that is
 * slower than that loses datagrams of the recording, never of the air, and
 * they are counted.
 *
 * That thread alone touches the disk: it opens, writes, syncs, removes and
 * closes.  So a disk that does not answer at all, as that of a server that
 * has gone, holds up nobody: whoever ends a recorder asks it to stop, and
 * frees it once it has ended.
 */
#ifndef PLAYOUT_RECORDER_H
#define PLAYOUT_RECORDER_H

#include "playout/recording.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

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

/* Asks it to write what is queued and end; nobody adds any more.  Returns at once. */
void recorder_stop(struct recorder *recorder);

/* True once a stopped recorder is done with the disk.  Returns at once. */
bool recorder_has_ended(const struct recorder *recorder);

/* The same, but waits for it until CLOCK_MONOTONIC shows `until`. */
bool recorder_wait(struct recorder *recorder, const struct timespec *until);

/* Of one that has ended.  Returns at once.  Accepts NULL. */
void recorder_destroy(struct recorder *recorder);

/* RT-safe.  One thread. */
void recorder_add(struct recorder *recorder, uint64_t datagram, const uint8_t *bytes);

/* Any thread. */
struct recorder_status recorder_status(const struct recorder *recorder);

#endif
