/* SPDX-License-Identifier: MIT */
/*
 * RTP datagrams come out in their order, each once, and what is missing is
 * counted.
 */
#include "tools/meter/rtp_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PACKET = 188 };

static void push_of(struct rtp_scan *scan, int sequence, uint8_t source)
{
    uint8_t bytes[12 + PACKET] = {0x80, 33, (uint8_t)(sequence >> 8), (uint8_t)sequence};
    bytes[11] = source;
    bytes[12] = 0x47;
    bytes[13] = (uint8_t)(sequence >> 8);
    bytes[14] = (uint8_t)sequence;
    assert_true(rtp_looks_like(bytes, sizeof(bytes)));
    assert_true(rtp_scan_push(scan, bytes, sizeof(bytes), 1));
}

/* What comes out: "5 6 -2 9", where two were lost. */
struct order {
    struct rtp_scan scan;
    char text[1024];
    size_t used;
};

static void hand_out(struct order *order)
{
    struct rtp_payload payload;
    while (rtp_scan_next(&order->scan, &payload)) {
        char *at = order->text + order->used;
        const size_t room = sizeof(order->text) - order->used;
        const int number = payload.bytes[1] << 8 | payload.bytes[2];
        order->used +=
            (size_t)(payload.lost > 0 ? snprintf(at, room, "-%d %d ", (int)payload.lost, number)
                                      : snprintf(at, room, "%d ", number));
    }
}

static void run(struct order *order, int first, int last)
{
    for (int i = first; i <= last; i++) {
        push_of(&order->scan, i & 0xffff, 1);
        hand_out(order);
    }
}

static void check(struct order *order, const char *expected)
{
    assert_string_equal(order->text, expected);
    order->text[0] = '\0';
    order->used = 0;
}

static void datagrams_are_put_in_order(void **state)
{
    struct order order = {0};
    (void)state;
    run(&order, 10, 12);
    run(&order, 14, 14);
    check(&order, "10 11 12 ");
    run(&order, 13, 13);
    check(&order, "13 14 ");
    assert_int_equal(order.scan.reordered, 1);
    run(&order, 14, 15); /* 14 comes twice */
    check(&order, "15 ");
    assert_int_equal(order.scan.duplicates, 1);
}

static void a_datagram_may_be_fifteen_late_and_not_sixteen(void **state)
{
    struct order order = {0};
    (void)state;
    run(&order, 0, 0);
    run(&order, 2, 16); /* 15 of them wait for 1 */
    check(&order, "0 ");
    run(&order, 1, 1);
    check(&order, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 ");
    run(&order, 18, 33);
    check(&order, "-1 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 ");
    run(&order, 17, 17);
    check(&order, "");
    assert_int_equal(order.scan.lost_total, 1);
}

static void a_second_gap_keeps_its_own_time(void **state)
{
    struct order order = {0};
    (void)state;
    run(&order, 0, 0);
    run(&order, 2, 15);
    run(&order, 17, 17); /* the 16th behind 1 says that it is lost; 16 may come yet */
    check(&order, "0 -1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 ");
    run(&order, 16, 16);
    check(&order, "16 17 ");
}

static void what_waits_before_a_large_loss_is_handed_out(void **state)
{
    struct order order = {0};
    (void)state;
    run(&order, 0, 1);
    run(&order, 3, 4);
    run(&order, 100, 101);
    check(&order, "0 1 -1 3 4 -95 100 101 ");
    run(&order, 20000, 20000); /* minutes without a datagram */
    check(&order, "-19898 20000 ");
    assert_int_equal(order.scan.lost_total, 1 + 95 + 19898);
    assert_int_equal(order.scan.restarts, 0);
}

static void what_waits_in_the_end_is_handed_out(void **state)
{
    struct order order = {0};
    (void)state;
    run(&order, 0, 0);
    run(&order, 2, 3);
    run(&order, 5, 5);
    check(&order, "0 ");
    rtp_scan_flush(&order.scan);
    hand_out(&order);
    check(&order, "-1 2 3 -1 5 ");
    run(&order, 8, 8); /* and then things wait again */
    check(&order, "");
}

static void another_source_is_a_new_beginning(void **state)
{
    struct order order = {0};
    (void)state;
    run(&order, 0, 0);
    run(&order, 2, 2);
    push_of(&order.scan, 3, 2); /* it would fit */
    hand_out(&order);
    check(&order, "0 -1 2 3 ");
    assert_int_equal(order.scan.restarts, 1);
    assert_int_equal(order.scan.lost_total, 1);
}

static void two_numbers_in_a_row_far_behind_are_a_new_beginning(void **state)
{
    struct order order = {0};
    (void)state;
    run(&order, 5000, 5001);
    run(&order, 300, 300); /* a stray */
    run(&order, 5002, 5003);
    run(&order, 40000, 40000); /* another */
    check(&order, "5000 5001 5002 5003 ");
    run(&order, 301, 301);
    run(&order, 302, 303);
    check(&order, "301 302 303 ");
    assert_int_equal(order.scan.restarts, 1);
    assert_int_equal(order.scan.lost_total, 0);
}

static void sequence_numbers_wrap(void **state)
{
    struct order order = {0};
    (void)state;
    run(&order, 65534, 65536);
    check(&order, "65534 65535 0 ");
}

static void a_datagram_is_whole_or_refused(void **state)
{
    static uint8_t bytes[12 + RTP_PAYLOAD_MAX + 1] = {0x80, 33};
    struct rtp_scan scan = {0};
    struct rtp_payload payload;
    (void)state;
    memset(bytes + 12, 0x47, sizeof(bytes) - 12);
    assert_false(rtp_scan_push(&scan, bytes, sizeof(bytes), 1));
    assert_false(rtp_scan_next(&scan, &payload));
    assert_true(rtp_scan_push(&scan, bytes, sizeof(bytes) - 1, 1));
    assert_true(rtp_scan_next(&scan, &payload));
    assert_int_equal(payload.size, RTP_PAYLOAD_MAX);
    assert_memory_equal(payload.bytes, bytes + 12, RTP_PAYLOAD_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(datagrams_are_put_in_order),
        cmocka_unit_test(a_datagram_may_be_fifteen_late_and_not_sixteen),
        cmocka_unit_test(a_second_gap_keeps_its_own_time),
        cmocka_unit_test(what_waits_before_a_large_loss_is_handed_out),
        cmocka_unit_test(what_waits_in_the_end_is_handed_out),
        cmocka_unit_test(another_source_is_a_new_beginning),
        cmocka_unit_test(two_numbers_in_a_row_far_behind_are_a_new_beginning),
        cmocka_unit_test(sequence_numbers_wrap),
        cmocka_unit_test(a_datagram_is_whole_or_refused),
    };
    return cmocka_run_group_tests_name("rtp_scan", tests, NULL, NULL);
}
