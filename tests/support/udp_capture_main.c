/* SPDX-License-Identifier: MIT */
/*
 * udp-capture: what a headend would receive, into a file.
 *
 * Usage: udp-capture ADDRESS PORT SECONDS K FILE
 *
 * Waits at most 10 s for the first datagram, writes those of SECONDS, and
 * prints "first-slot N slots M longest-gap-us G first-after-ms A": the number
 * of the first packet since the epoch, by its PCR, so that the file can be
 * held against a rendering.  Exit status 1 when nothing came.
 */
#include "playout/tape.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MS = 10000, GAP_MS = 2000, BUFFER = 8 << 20 };

static int64_t now_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int open_socket(const char *address, int port)
{
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int size = BUFFER;
    const int on = 1;
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (fd < 0 || inet_pton(AF_INET, address, &name.sin_addr) != 1) {
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    return bind(fd, (struct sockaddr *)&name, sizeof(name)) < 0 ? -1 : fd;
}

/* The PCR of a packet, or UINT64_MAX. */
static uint64_t packet_pcr(const uint8_t *packet)
{
    if ((packet[3] & 0x20) == 0 || packet[4] < 7 || (packet[5] & 0x10) == 0) {
        return UINT64_MAX;
    }
    const uint64_t base = (uint64_t)packet[6] << 25 | (uint64_t)packet[7] << 17 |
                          (uint64_t)packet[8] << 9 | (uint64_t)packet[9] << 1 | packet[10] >> 7;
    return base * 300 + ((uint64_t)(packet[10] & 1) << 8 | packet[11]);
}

/* The slot near `guess` that has this PCR, or 0. */
static uint64_t find_slot(int slots_per_second, uint64_t guess, uint64_t pcr)
{
    const uint64_t reach = (uint64_t)slots_per_second * 60;
    for (uint64_t slot = guess - reach; slot < guess + reach; slot++) {
        if (tape_pcr(slots_per_second, slot) == pcr) {
            return slot;
        }
    }
    return 0;
}

struct capture {
    int64_t started_us;
    int64_t first_us; /* wall clock */
    int64_t last_us;
    int64_t longest_gap_us;
    int64_t first_after_us;
    uint64_t packets;
    uint64_t pcr;
    uint64_t pcr_packet;
};

static void take(struct capture *capture, const uint8_t *datagram, size_t size)
{
    const int64_t now = now_us(CLOCK_REALTIME);
    if (capture->packets == 0) {
        capture->first_us = now;
        capture->first_after_us = now - capture->started_us;
    } else if (now - capture->last_us > capture->longest_gap_us) {
        capture->longest_gap_us = now - capture->last_us;
    }
    capture->last_us = now;
    for (size_t at = 0; at + TS_PACKET_SIZE <= size; at += TS_PACKET_SIZE) {
        const uint64_t pcr = packet_pcr(datagram + at);
        if (pcr != UINT64_MAX && capture->pcr == UINT64_MAX) {
            capture->pcr = pcr;
            capture->pcr_packet = capture->packets;
        }
        capture->packets++;
    }
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: udp-capture ADDRESS PORT SECONDS K FILE\n");
        return 2;
    }
    const int fd = open_socket(argv[1], atoi(argv[2]));
    const int64_t length_us = (int64_t)(atof(argv[3]) * 1e6);
    const int slots_per_second = atoi(argv[4]);
    FILE *file = fopen(argv[5], "wb");
    struct capture capture = {.started_us = now_us(CLOCK_REALTIME), .pcr = UINT64_MAX};
    if (fd < 0 || file == NULL) {
        perror("udp-capture");
        return 2;
    }
    while (capture.packets == 0 || capture.last_us - capture.first_us < length_us) {
        uint8_t datagram[65536];
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (poll(&ready, 1, capture.packets == 0 ? WAIT_MS : GAP_MS) <= 0) {
            break;
        }
        const ssize_t size = recv(fd, datagram, sizeof(datagram), 0);
        if (size > 0) {
            take(&capture, datagram, (size_t)size);
            fwrite(datagram, 1, (size_t)size, file);
        }
    }
    fclose(file);
    close(fd);
    if (capture.pcr == UINT64_MAX) {
        fprintf(stderr, "udp-capture: no PCR on port %s\n", argv[2]);
        return 1;
    }
    const uint64_t guess = (uint64_t)capture.first_us / 1000000 * (uint64_t)slots_per_second;
    const uint64_t slot = find_slot(slots_per_second, guess, capture.pcr);
    printf("first-slot %" PRIu64 " slots %" PRIu64 " longest-gap-us %" PRId64
           " first-after-ms %" PRId64 "\n",
           slot - capture.pcr_packet, capture.packets, capture.longest_gap_us,
           capture.first_after_us / 1000);
    return slot == 0;
}
