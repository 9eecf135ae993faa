/* SPDX-License-Identifier: MIT */
/*
 * udp-capture: what a headend would receive, into a file.
 *
 * Usage: udp-capture [--rtp] [--interface NAME] [--ahead S] ADDRESS PORT SECONDS K FILE
 *
 * Waits at most 10 s for the first datagram, writes those of SECONDS, and
 * prints "first-slot N slots M longest-gap-us G first-after-ms A": the number
 * of the first packet since the epoch, by its PCR, so that the file can be
 * held against a rendering; of an engine whose clock is S seconds ahead, with
 * --ahead.  With --rtp it takes the headers off, prints
 * " ssrc S rtp-wrong W" too, and counts in W those that are not what the slot
 * asks for.  Exit status 1 when nothing came or a header was wrong.
 */
#include "playout/rtp.h"
#include "playout/tape.h"
#include "tests/support/receive.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MS = 10000, GAP_MS = 2000, ROOM = 65536 };

struct options {
    bool is_rtp;
    const char *interface;
    int64_t ahead_s;
    const char *address;
    int port;
    int64_t length_us;
    int slots_per_second;
    const char *file;
};

struct capture {
    int64_t started_us;
    int64_t first_us; /* wall clock */
    int64_t last_us;
    int64_t longest_gap_us;
    int64_t first_after_us;
    uint64_t packets;
    uint64_t pcr;
    uint64_t pcr_packet;
    uint8_t *headers; /* RTP: of all datagrams */
    size_t header_count;
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
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

static void take(struct capture *capture, const uint8_t *datagram, size_t size)
{
    const int64_t now = now_us();
    if (capture->packets == 0) {
        capture->first_us = now;
        capture->first_after_us = now - capture->started_us;
    } else if (now - capture->last_us > capture->longest_gap_us) {
        capture->longest_gap_us = now - capture->last_us;
    }
    capture->last_us = now;
    for (size_t at = 0; at + TS_PACKET_SIZE <= size; at += TS_PACKET_SIZE) {
        const uint64_t pcr = receive_pcr(datagram + at);
        if (pcr != UINT64_MAX && capture->pcr == UINT64_MAX) {
            capture->pcr = pcr;
            capture->pcr_packet = capture->packets;
        }
        capture->packets++;
    }
}

static bool keep_header(struct capture *capture, const uint8_t *header)
{
    const size_t size = (capture->header_count + 1) * RTP_HEADER_LENGTH;
    uint8_t *grown = realloc(capture->headers, size);
    if (grown == NULL) {
        return false;
    }
    capture->headers = grown;
    memcpy(grown + capture->header_count++ * RTP_HEADER_LENGTH, header, RTP_HEADER_LENGTH);
    return true;
}

static void receive_all(const struct options *options, int fd, FILE *file, struct capture *capture)
{
    static uint8_t bytes[ROOM];
    const size_t skip = options->is_rtp ? RTP_HEADER_LENGTH : 0;
    while (capture->packets == 0 || capture->last_us - capture->first_us < options->length_us) {
        int64_t when = 0;
        const ssize_t size =
            receive_next(fd, capture->packets == 0 ? WAIT_MS : GAP_MS, bytes, sizeof(bytes), &when);
        if (size <= 0) {
            break;
        }
        if ((size_t)size < skip || (options->is_rtp && !keep_header(capture, bytes))) {
            continue;
        }
        take(capture, bytes + skip, (size_t)size - skip);
        fwrite(bytes + skip, 1, (size_t)size - skip, file);
    }
}

/* The SSRC that all headers share, and how many of them are not as they must be. */
static size_t check_headers(const struct capture *capture, int slots_per_second, uint64_t slot,
                            uint32_t *ssrc)
{
    size_t wrong = slot % PACKETS_PER_DATAGRAM != 0;
    for (size_t i = 0; i < capture->header_count; i++) {
        const uint8_t *header = capture->headers + i * RTP_HEADER_LENGTH;
        uint8_t expected[RTP_HEADER_LENGTH];
        if (i == 0) {
            *ssrc = (uint32_t)header[8] << 24 | (uint32_t)header[9] << 16 |
                    (uint32_t)header[10] << 8 | header[11];
        }
        rtp_write_header(expected, *ssrc, slots_per_second, slot / PACKETS_PER_DATAGRAM + i);
        wrong += memcmp(header, expected, RTP_HEADER_LENGTH) != 0;
    }
    return wrong;
}

static int report(const struct options *options, const struct capture *capture)
{
    if (capture->pcr == UINT64_MAX) {
        fprintf(stderr, "udp-capture: no PCR on port %d\n", options->port);
        return 1;
    }
    const uint64_t slots = (uint64_t)options->slots_per_second;
    const uint64_t guess = (uint64_t)(capture->first_us / 1000000 + options->ahead_s) * slots;
    const uint64_t found = find_slot(options->slots_per_second, guess, capture->pcr);
    const uint64_t first = found - capture->pcr_packet;
    size_t wrong = 0;
    printf("first-slot %" PRIu64 " slots %" PRIu64 " longest-gap-us %" PRId64
           " first-after-ms %" PRId64,
           first, capture->packets, capture->longest_gap_us, capture->first_after_us / 1000);
    if (options->is_rtp) {
        uint32_t ssrc = 0;
        wrong = check_headers(capture, options->slots_per_second, first, &ssrc);
        printf(" ssrc %" PRIu32 " rtp-wrong %zu", ssrc, wrong);
    }
    printf("\n");
    return found == 0 || wrong > 0;
}

static bool parse(int argc, char **argv, struct options *options)
{
    static const struct option LONG[] = {{"rtp", no_argument, NULL, 'r'},
                                         {"interface", required_argument, NULL, 'i'},
                                         {"ahead", required_argument, NULL, 'a'},
                                         {0}};
    for (int c = getopt_long(argc, argv, "", LONG, NULL); c != -1;
         c = getopt_long(argc, argv, "", LONG, NULL)) {
        if (c == 'r') {
            options->is_rtp = true;
        } else if (c == 'i') {
            options->interface = optarg;
        } else if (c == 'a') {
            options->ahead_s = strtoll(optarg, NULL, 10);
        } else {
            return false;
        }
    }
    if (argc - optind != 5) {
        return false;
    }
    options->address = argv[optind];
    options->port = atoi(argv[optind + 1]);
    options->length_us = (int64_t)(atof(argv[optind + 2]) * 1e6);
    options->slots_per_second = atoi(argv[optind + 3]);
    options->file = argv[optind + 4];
    return true;
}

int main(int argc, char **argv)
{
    struct options options = {0};
    if (!parse(argc, argv, &options)) {
        fprintf(stderr, "usage: udp-capture [--rtp] [--interface NAME] [--ahead S] ADDRESS PORT "
                        "SECONDS K FILE\n");
        return 2;
    }
    const int fd = receive_open(options.address, options.port, options.interface);
    FILE *file = fopen(options.file, "wb");
    struct capture capture = {.started_us = now_us(), .pcr = UINT64_MAX};
    if (fd < 0 || file == NULL) {
        fprintf(stderr, "udp-capture: %s\n", fd < 0 ? strerror(-fd) : options.file);
        return 2;
    }
    receive_all(&options, fd, file, &capture);
    fclose(file);
    close(fd);
    const int result = report(&options, &capture);
    free(capture.headers);
    return result;
}
