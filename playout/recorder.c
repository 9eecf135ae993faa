/* SPDX-License-Identifier: MIT */
#include "playout/recorder.h"

#include "playout/pacing.h"
#include "playout/tape.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    STACK_SIZE = 64 * 1024,
    PERIOD_NS = 100 * NS_PER_MS,
};

struct recorder {
    struct recording *recording;
    pthread_t thread;
    bool has_thread;
    sem_t stop;
    atomic_bool has_ended; /* the last thing that the thread tells, */
    sem_t ended;           /* and here to who waits for it */

    /* The queue: datagram i of all that were added lies in cell i modulo capacity. */
    size_t capacity;
    uint64_t *numbers;
    uint8_t *bytes;
    _Alignas(64) _Atomic uint64_t added; /* written by the pacer, as is */
    _Atomic uint64_t refused;            /* no room for them */
    _Alignas(64) _Atomic uint64_t taken; /* written by the thread, as are */
    _Atomic uint64_t written;
    _Atomic uint64_t unwritten;
    atomic_int error;
};

/* How many datagrams from cell `taken` on follow each other in number and in memory. */
static size_t run_from(const struct recorder *recorder, uint64_t taken, uint64_t added)
{
    const size_t cell = taken % recorder->capacity;
    size_t most = (size_t)(added - taken);
    if (most > recorder->capacity - cell) {
        most = recorder->capacity - cell;
    }
    size_t run = 1;
    while (run < most && recorder->numbers[cell + run] == recorder->numbers[cell] + run) {
        run++;
    }
    return run;
}

static void grow(_Atomic uint64_t *counter, uint64_t amount)
{
    /* One writer. */
    const uint64_t old = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, old + amount, memory_order_relaxed);
}

static void drain(struct recorder *recorder)
{
    uint64_t taken = atomic_load_explicit(&recorder->taken, memory_order_relaxed);
    const uint64_t added = atomic_load_explicit(&recorder->added, memory_order_acquire);
    while (taken < added) {
        const size_t cell = taken % recorder->capacity;
        const size_t run = run_from(recorder, taken, added);
        int error = 0;
        const size_t lost = recording_write(recorder->recording, recorder->numbers[cell], run,
                                            recorder->bytes + cell * DATAGRAM_SIZE, &error);
        grow(&recorder->written, run - lost);
        grow(&recorder->unwritten, lost);
        atomic_store_explicit(&recorder->error, error, memory_order_relaxed);
        taken += run;
        atomic_store_explicit(&recorder->taken, taken, memory_order_release);
    }
}

static void *run(void *argument)
{
    struct recorder *recorder = argument;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    do {
        drain(recorder);
        until.tv_nsec += PERIOD_NS;
        if (until.tv_nsec >= NS_PER_S) {
            until.tv_nsec -= NS_PER_S;
            until.tv_sec++;
        }
    } while (sem_clockwait(&recorder->stop, CLOCK_MONOTONIC, &until) < 0);
    drain(recorder);
    recording_destroy(recorder->recording);
    recorder->recording = NULL;
    atomic_store_explicit(&recorder->has_ended, true, memory_order_release);
    sem_post(&recorder->ended);
    return NULL;
}

static int start_thread(struct recorder *recorder)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    const int result = pthread_create(&recorder->thread, &attributes, run, recorder);
    pthread_attr_destroy(&attributes);
    recorder->has_thread = result == 0;
    return -result;
}

int recorder_create(struct recording *recording, size_t capacity, struct recorder **recorder)
{
    struct recorder *fresh = aligned_alloc(_Alignof(struct recorder), sizeof(*fresh));
    if (fresh == NULL) {
        recording_destroy(recording);
        return -ENOMEM;
    }
    memset(fresh, 0, sizeof(*fresh));
    fresh->recording = recording;
    fresh->capacity = capacity;
    fresh->numbers = malloc(capacity * sizeof(fresh->numbers[0]));
    fresh->bytes = malloc(capacity * DATAGRAM_SIZE);
    sem_init(&fresh->stop, 0, 0);
    sem_init(&fresh->ended, 0, 0);
    if (fresh->numbers == NULL || fresh->bytes == NULL) {
        recorder_destroy(fresh);
        return -ENOMEM;
    }
    /* Touches every page, so that the pacer need not. */
    memset(fresh->numbers, 0xff, capacity * sizeof(fresh->numbers[0]));
    memset(fresh->bytes, 0xff, capacity * DATAGRAM_SIZE);
    const int result = start_thread(fresh);
    if (result < 0) {
        recorder_destroy(fresh);
        return result;
    }
    *recorder = fresh;
    return 0;
}

void recorder_stop(struct recorder *recorder)
{
    sem_post(&recorder->stop);
}

bool recorder_has_ended(const struct recorder *recorder)
{
    return atomic_load_explicit(&recorder->has_ended, memory_order_acquire);
}

bool recorder_wait(struct recorder *recorder, const struct timespec *until)
{
    while (!recorder_has_ended(recorder) &&
           (sem_clockwait(&recorder->ended, CLOCK_MONOTONIC, until) == 0 || errno == EINTR)) {
    }
    return recorder_has_ended(recorder);
}

void recorder_destroy(struct recorder *recorder)
{
    if (recorder == NULL) {
        return;
    }
    if (recorder->has_thread) {
        assert(recorder_has_ended(recorder));
        pthread_join(recorder->thread, NULL); /* it has nothing left to do */
    }
    sem_destroy(&recorder->stop);
    sem_destroy(&recorder->ended);
    recording_destroy(recorder->recording); /* NULL, but for one that never started */
    free(recorder->numbers);
    free(recorder->bytes);
    free(recorder);
}

void recorder_add(struct recorder *recorder, uint64_t datagram, const uint8_t *bytes)
{
    const uint64_t added = atomic_load_explicit(&recorder->added, memory_order_relaxed);
    const uint64_t taken = atomic_load_explicit(&recorder->taken, memory_order_acquire);
    if (added - taken == recorder->capacity) {
        grow(&recorder->refused, 1);
        return;
    }
    const size_t cell = added % recorder->capacity;
    recorder->numbers[cell] = datagram;
    memcpy(recorder->bytes + cell * DATAGRAM_SIZE, bytes, DATAGRAM_SIZE);
    atomic_store_explicit(&recorder->added, added + 1, memory_order_release);
}

struct recorder_status recorder_status(const struct recorder *recorder)
{
    return (struct recorder_status){
        .written = atomic_load_explicit(&recorder->written, memory_order_relaxed),
        .lost = atomic_load_explicit(&recorder->refused, memory_order_relaxed) +
                atomic_load_explicit(&recorder->unwritten, memory_order_relaxed),
        .error = atomic_load_explicit(&recorder->error, memory_order_relaxed),
    };
}
