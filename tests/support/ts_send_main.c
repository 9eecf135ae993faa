/* SPDX-License-Identifier: MIT */
/*
 * ts-send: sends a file of transport stream packets at a constant rate.
 *
 *   ts-send BITRATE udp|rtp ADDRESS PORT [lose|swap|double|pause] <file
 *
 * Groups are sent on the loopback interface.  The fault comes at datagram
 * 1500: it is lost, overtaken by the next, sent twice, or preceded by a
 * pause of two seconds.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { PAYLOAD = 7 * 188, HEADER = 12, FAULTY = 1500, PAUSE_S = 2 };

static const int64_t SECOND_NS = INT64_C(1000000000);

struct sender {
    int fd;
    int64_t rate_bps;
    bool is_rtp;
    const char *fault;
    int64_t start_ns;
    uint8_t held[HEADER + PAYLOAD];
    size_t held_size;
};

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * SECOND_NS + now.tv_nsec;
}

static void wait_until(int64_t at_ns)
{
    const struct timespec at = {.tv_sec = at_ns / SECOND_NS, .tv_nsec = at_ns % SECOND_NS};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

static int open_socket(const char *address, const char *port)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST};
    const unsigned loopback = if_nametoindex("lo");
    const struct ip_mreqn by = {.imr_ifindex = (int)loopback};
    struct addrinfo *found = NULL;
    if (getaddrinfo(address, port, &hints, &found) != 0) {
        return -1;
    }
    const int fd = socket(found->ai_family, SOCK_DGRAM, 0);
    if (fd >= 0 && found->ai_family == AF_INET) {
        setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &by, sizeof(by));
    } else if (fd >= 0) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &loopback, sizeof(loopback));
    }
    const bool is_bound = fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) == 0;
    freeaddrinfo(found);
    return is_bound ? fd : -1;
}

static void write_header(uint8_t *bytes, int64_t number, int64_t since_ns)
{
    const uint32_t stamp = (uint32_t)(since_ns / 1000 * 9 / 100);
    const uint8_t header[HEADER] = {0x80,
                                    33,
                                    (uint8_t)(number >> 8),
                                    (uint8_t)number,
                                    (uint8_t)(stamp >> 24),
                                    (uint8_t)(stamp >> 16),
                                    (uint8_t)(stamp >> 8),
                                    (uint8_t)stamp,
                                    0,
                                    0,
                                    0,
                                    1};
    memcpy(bytes, header, HEADER);
}

/* Sends a datagram; nobody may be listening yet, which is no failure. */
static void put(struct sender *sender, const uint8_t *bytes, size_t size, int64_t number)
{
    const bool is_faulty = number == FAULTY;
    if (is_faulty && strcmp(sender->fault, "lose") == 0) {
        return;
    }
    if (is_faulty && strcmp(sender->fault, "swap") == 0) {
        memcpy(sender->held, bytes, size);
        sender->held_size = size;
        return;
    }
    (void)send(sender->fd, bytes, size, 0);
    if (is_faulty && strcmp(sender->fault, "double") == 0) {
        (void)send(sender->fd, bytes, size, 0);
    }
    if (sender->held_size > 0) {
        (void)send(sender->fd, sender->held, sender->held_size, 0);
        sender->held_size = 0;
    }
}

int main(int argc, char **argv)
{
    uint8_t datagram[HEADER + PAYLOAD];
    struct sender sender = {.fault = argc > 5 ? argv[5] : "none", .start_ns = now_ns()};
    if (argc < 5) {
        fputs("Usage: ts-send BITRATE udp|rtp ADDRESS PORT [FAULT] <file\n", stderr);
        return 2;
    }
    sender.rate_bps = strtoll(argv[1], NULL, 10);
    sender.is_rtp = strcmp(argv[2], "rtp") == 0;
    sender.fd = open_socket(argv[3], argv[4]);
    if (sender.fd < 0 || sender.rate_bps <= 0) {
        perror("ts-send");
        return 1;
    }
    for (int64_t number = 0; fread(datagram + HEADER, 1, PAYLOAD, stdin) == PAYLOAD; number++) {
        if (number == FAULTY && strcmp(sender.fault, "pause") == 0) {
            sender.start_ns += PAUSE_S * SECOND_NS;
        }
        /* Days of it fit: the seconds and the rest apart. */
        const int64_t bits = number * PAYLOAD * 8;
        const int64_t since_ns = bits / sender.rate_bps * SECOND_NS +
                                 bits % sender.rate_bps * SECOND_NS / sender.rate_bps;
        wait_until(sender.start_ns + since_ns);
        write_header(datagram, number, since_ns);
        const size_t skip = sender.is_rtp ? 0 : HEADER;
        put(&sender, datagram + skip, sizeof(datagram) - skip, number);
    }
    return 0;
}
