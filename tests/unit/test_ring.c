/* SPDX-License-Identifier: MIT */
#include "playout/ring.h"

#include "playout/tape.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CAPACITY = 10, FIRST = 1000003 };

static int create_ring(void **state)
{
    *state = ring_create(CAPACITY, FIRST);
    return *state != NULL ? 0 : -1;
}

static int destroy_ring(void **state)
{
    ring_destroy(*state);
    return 0;
}

/* Puts one datagram, filled with the low byte of its number; false when there is no room. */
static bool put(struct ring *ring, uint64_t datagram)
{
    size_t count = 1;
    uint8_t *bytes = ring_reserve(ring, datagram, &count);
    if (bytes == NULL) {
        return false;
    }
    memset(bytes, (uint8_t)datagram, DATAGRAM_SIZE);
    ring_publish(ring, datagram, count);
    return true;
}

static void nothing_is_ready_at_first(void **state)
{
    assert_int_equal(ring_position(*state), FIRST);
    assert_null(ring_peek(*state, FIRST));
    assert_null(ring_peek(*state, 0));
}

static void a_full_ring_takes_no_more_until_the_consumer_moves(void **state)
{
    for (uint64_t i = 0; i < CAPACITY; i++) {
        assert_true(put(*state, FIRST + i));
    }
    assert_false(put(*state, FIRST + CAPACITY));
    assert_int_equal(ring_peek(*state, FIRST)[0], (uint8_t)FIRST);
    ring_advance(*state, FIRST + 1);
    assert_true(put(*state, FIRST + CAPACITY));
    assert_null(ring_peek(*state, FIRST));
}

static void what_is_behind_the_consumer_cannot_be_written(void **state)
{
    assert_false(put(*state, FIRST - 1));
}

static void a_run_ends_at_the_end_of_the_memory(void **state)
{
    size_t count = CAPACITY;
    assert_non_null(ring_reserve(*state, FIRST, &count));
    assert_int_equal(count, CAPACITY - FIRST % CAPACITY);
    count = CAPACITY;
    const uint64_t next = FIRST + CAPACITY - FIRST % CAPACITY;
    assert_non_null(ring_reserve(*state, next, &count));
    assert_int_equal(count, FIRST % CAPACITY);
}

static void a_reserved_cell_holds_nothing(void **state)
{
    size_t count = 1;
    put(*state, FIRST);
    ring_advance(*state, FIRST + 1);
    assert_non_null(ring_reserve(*state, FIRST + CAPACITY, &count));
    assert_null(ring_peek(*state, FIRST + CAPACITY));
    assert_null(ring_peek(*state, FIRST));
}

static void the_consumer_may_jump_ahead(void **state)
{
    put(*state, FIRST);
    const uint64_t far = FIRST + 12345;
    ring_advance(*state, far);
    assert_null(ring_peek(*state, far));
    assert_false(put(*state, FIRST + 1));
    assert_true(put(*state, far));
    assert_int_equal(ring_peek(*state, far)[DATAGRAM_SIZE - 1], (uint8_t)far);
}

enum { PASSED = 20000 };

static void *produce(void *argument)
{
    struct ring *ring = argument;
    for (uint64_t m = FIRST; m < FIRST + PASSED;) {
        if (put(ring, m)) {
            m++;
        } else {
            sched_yield();
        }
    }
    return NULL;
}

static void two_threads_pass_every_datagram_whole(void **state)
{
    pthread_t producer;
    assert_int_equal(pthread_create(&producer, NULL, produce, *state), 0);
    for (uint64_t m = FIRST; m < FIRST + PASSED; m++) {
        const uint8_t *bytes = NULL;
        while ((bytes = ring_peek(*state, m)) == NULL) {
            sched_yield();
        }
        assert_int_equal(bytes[0], (uint8_t)m);
        assert_int_equal(bytes[DATAGRAM_SIZE - 1], (uint8_t)m);
        ring_advance(*state, m + 1);
    }
    pthread_join(producer, NULL);
}

#define WITH_RING(test) cmocka_unit_test_setup_teardown(test, create_ring, destroy_ring)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RING(nothing_is_ready_at_first),
        WITH_RING(a_full_ring_takes_no_more_until_the_consumer_moves),
        WITH_RING(what_is_behind_the_consumer_cannot_be_written),
        WITH_RING(a_run_ends_at_the_end_of_the_memory),
        WITH_RING(a_reserved_cell_holds_nothing),
        WITH_RING(the_consumer_may_jump_ahead),
        WITH_RING(two_threads_pass_every_datagram_whole),
    };
    return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
