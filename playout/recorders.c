/* SPDX-License-Identifier: MIT */
#include "playout/recorders.h"

#include "playout/pacing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    QUEUE_MS = 4000,
    BYTES_PER_MEGABYTE = 1000000,
};

/* A recorder that was never started, or has ended. */
static void destroy(struct shared_recorder *shared)
{
    recorder_destroy(shared->recorder);
    zone_close(shared->zone);
    free(shared->path);
    free(shared);
}

static int start(struct shared_recorder *shared, const struct station *station,
                 const struct transport *transport)
{
    (void)zone_open(station->time_zone, &shared->zone); /* without it: UTC */
    const struct recording_options options = {
        .folder = shared->path,
        .name = transport->name,
        .zone = shared->zone,
        .slots_per_second = transport->slots_per_second,
        .minutes = shared->minutes,
        .max_bytes = (int64_t)shared->max_megabytes * BYTES_PER_MEGABYTE,
    };
    struct recording *recording = recording_create(&options);
    if (recording == NULL) {
        return -ENOMEM;
    }
    const uint64_t capacity = pacing_datagrams_in(transport->slots_per_second, QUEUE_MS);
    return recorder_create(recording, (size_t)capacity, &shared->recorder);
}

static int create(const struct station *station, const struct transport *transport,
                  const struct output *output, size_t lane, struct shared_recorder **shared)
{
    struct shared_recorder *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->lane = lane;
    fresh->minutes = output->minutes;
    fresh->max_megabytes = output->max_megabytes;
    fresh->path = strdup(output->path);
    const int result = fresh->path != NULL ? start(fresh, station, transport) : -ENOMEM;
    if (result < 0) {
        destroy(fresh);
        return result;
    }
    *shared = fresh;
    return 0;
}

static struct shared_recorder *find(const struct recorders *recorders, const struct output *output,
                                    size_t lane)
{
    for (struct shared_recorder *at = recorders->in_use; at != NULL; at = at->next) {
        if (at->lane == lane && strcmp(at->path, output->path) == 0 &&
            at->minutes == output->minutes && at->max_megabytes == output->max_megabytes) {
            return at;
        }
    }
    return NULL;
}

static void push(struct shared_recorder **list, struct shared_recorder *shared)
{
    shared->next = *list;
    *list = shared;
}

int recorders_open(struct recorders *recorders, const struct station *station,
                   const struct transport *transport, const struct output *output, size_t lane,
                   struct shared_recorder **shared)
{
    struct shared_recorder *found = find(recorders, output, lane);
    if (found == NULL) {
        const int result = create(station, transport, output, lane, &found);
        if (result < 0) {
            return result;
        }
        push(&recorders->in_use, found);
    }
    found->users++;
    *shared = found;
    return 0;
}

void shared_recorder_release(struct shared_recorder *shared)
{
    shared->users--;
}

static void retire(struct recorders *recorders)
{
    struct shared_recorder **at = &recorders->in_use;
    while (*at != NULL) {
        struct shared_recorder *shared = *at;
        if (shared->users > 0) {
            at = &shared->next;
            continue;
        }
        *at = shared->next;
        recorder_stop(shared->recorder);
        push(&recorders->retired, shared);
    }
}

void recorders_tend(struct recorders *recorders)
{
    retire(recorders);
    struct shared_recorder **at = &recorders->retired;
    while (*at != NULL) {
        struct shared_recorder *shared = *at;
        if (!recorder_has_ended(shared->recorder)) {
            at = &shared->next;
            continue;
        }
        *at = shared->next;
        destroy(shared);
    }
}

/* Its thread goes on with the recorder and the zone, until the process ends. */
static void leave(struct shared_recorder *shared)
{
    free(shared->path);
    free(shared);
}

size_t recorders_end(struct recorders *recorders, int wait_ms)
{
    struct timespec until;
    size_t left = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    const int64_t nanoseconds = until.tv_nsec + wait_ms * (int64_t)NS_PER_MS;
    until.tv_sec += (time_t)(nanoseconds / NS_PER_S);
    until.tv_nsec = (long)(nanoseconds % NS_PER_S);
    retire(recorders);
    while (recorders->retired != NULL) {
        struct shared_recorder *shared = recorders->retired;
        recorders->retired = shared->next;
        if (recorder_wait(shared->recorder, &until)) {
            destroy(shared);
        } else {
            leave(shared);
            left++;
        }
    }
    return left;
}
