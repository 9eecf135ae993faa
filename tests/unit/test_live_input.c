/* SPDX-License-Identifier: MIT */
/*
 * Datagrams as they come, over loopback: which belong to the stream, and how
 * many packets are lost.
 */
#include "tools/meter/live_input.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { PACKET = 188, IN_DATAGRAM = 7, RTP_HEADER = 12, WAIT_MS = 5000 };

struct link {
    struct live_input *input;
    int fd;
};

/* An input on a port that is free, and a sender. */
static void open_link(struct link *link, const char *protocol)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    char url[64];
    char error[256];
    const int probe = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(bind(probe, (const struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(probe, (struct sockaddr *)&address, &size), 0);
    close(probe);
    snprintf(url, sizeof(url), "%s://127.0.0.1:%d", protocol, ntohs(address.sin_port));
    link->input = live_input_open(url, error, sizeof(error));
    assert_non_null(link->input);
    link->fd = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(connect(link->fd, (const struct sockaddr *)&address, size), 0);
}

static void close_link(struct link *link)
{
    live_input_close(link->input);
    close(link->fd);
}

/* Sends a datagram; true when it comes out at the other end as it is. */
static bool passes(struct link *link, const uint8_t *bytes, size_t size)
{
    struct pollfd wait = {.fd = live_input_fd(link->input), .events = POLLIN};
    struct rtp_payload payload;
    assert_int_equal(send(link->fd, bytes, size, 0), (ssize_t)size);
    assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
    return live_input_next(link->input, &payload) && payload.size == size &&
           memcmp(payload.bytes, bytes, size) == 0;
}

static int64_t foreign_of(const struct link *link)
{
    struct live_counts counts;
    live_input_counts(link->input, &counts);
    return counts.foreign;
}

/* A stream in one piece, of null packets. */
static void make_stream(uint8_t *bytes, size_t size)
{
    static const uint8_t HEADER[] = {0x47, 0x1f, 0xff, 0x10};
    memset(bytes, 0xff, size);
    for (size_t at = 0; at + sizeof(HEADER) <= size; at += PACKET) {
        memcpy(bytes + at, HEADER, sizeof(HEADER));
    }
}

static void a_stray_datagram_is_left_out(void **state)
{
    uint8_t bytes[IN_DATAGRAM * PACKET];
    struct link link;
    (void)state;
    open_link(&link, "udp");
    make_stream(bytes, sizeof(bytes));
    assert_false(passes(&link, (const uint8_t *)"before", 6));
    assert_true(passes(&link, bytes, sizeof(bytes)));
    assert_false(passes(&link, (const uint8_t *)"hello", 5));
    bytes[PACKET] = 0x48; /* a damaged one is the meter's business */
    assert_true(passes(&link, bytes, sizeof(bytes)));
    assert_true(passes(&link, bytes, PACKET));
    assert_int_equal(foreign_of(&link), 2);
    close_link(&link);
}

/* Those who send 1316 bytes sometimes, and as many as go into a datagram at other times. */
static void datagrams_may_be_of_any_size(void **state)
{
    static const size_t SIZES[] = {1316, 1472, 408, 1472, 192, 1500, 188, 7};
    uint8_t bytes[8192];
    struct link link;
    size_t at = 0;
    (void)state;
    open_link(&link, "udp");
    make_stream(bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
        assert_true(passes(&link, bytes + at, SIZES[i]));
        at += SIZES[i];
    }
    assert_int_equal(foreign_of(&link), 0);
    close_link(&link);
}

static void packets_may_come_in_another_size(void **state)
{
    uint8_t bytes[IN_DATAGRAM * 204] = {0};
    struct link link;
    (void)state;
    open_link(&link, "udp");
    make_stream(bytes, IN_DATAGRAM * PACKET);
    assert_true(passes(&link, bytes, IN_DATAGRAM * PACKET));
    memset(bytes, 0, sizeof(bytes));
    for (size_t i = 0; i < IN_DATAGRAM; i++) {
        bytes[i * 204] = 0x47;
    }
    assert_true(passes(&link, bytes, sizeof(bytes)));
    assert_int_equal(foreign_of(&link), 0);
    close_link(&link);
}

/* How many packets are lost is reckoned by the last datagram that had some. */
static void an_empty_payload_does_not_hide_a_loss(void **state)
{
    static const int NUMBERS[] = {1, 2, 4};
    uint8_t bytes[RTP_HEADER + IN_DATAGRAM * PACKET] = {0x80, 33};
    struct rtp_payload payload;
    struct link link;
    int64_t lost = 0;
    (void)state;
    open_link(&link, "rtp");
    make_stream(bytes + RTP_HEADER, IN_DATAGRAM * PACKET);
    for (size_t i = 0; i < sizeof(NUMBERS) / sizeof(NUMBERS[0]); i++) {
        bytes[3] = (uint8_t)NUMBERS[i];
        const size_t size = NUMBERS[i] == 2 ? RTP_HEADER : sizeof(bytes);
        assert_int_equal(send(link.fd, bytes, size, 0), (ssize_t)size);
    }
    struct pollfd wait = {.fd = live_input_fd(link.input), .events = POLLIN};
    assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
    while (live_input_next(link.input, &payload)) {
        lost += payload.lost;
    }
    live_input_end(link.input);
    while (live_input_next(link.input, &payload)) {
        lost += payload.lost;
    }
    assert_int_equal(lost, IN_DATAGRAM);
    close_link(&link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stray_datagram_is_left_out),
        cmocka_unit_test(datagrams_may_be_of_any_size),
        cmocka_unit_test(packets_may_come_in_another_size),
        cmocka_unit_test(an_empty_payload_does_not_hide_a_loss),
    };
    return cmocka_run_group_tests_name("live_input", tests, NULL, NULL);
}
