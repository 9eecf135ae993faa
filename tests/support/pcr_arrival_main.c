/* SPDX-License-Identifier: MIT */
/*
 * pcr-arrival: how evenly a stream arrives: its PCRs against the kernel's
 * stamps of the datagrams that carry them, about a straight line.
 *
 * Usage: pcr-arrival PORT SECONDS
 *
 * Waits at most 20 s for the first datagram at a port of 127.0.0.1, then
 * takes those of SECONDS.  A PCR is compared as if it stood at the beginning
 * of its datagram, packets being taken for evenly spaced.  The line's
 * slope is the median of those between PCRs half the time apart, because a
 * datagram that comes late by a hundred times the usual must not tilt it.  Prints
 * "first-ms F pcrs N p50-us A p99-us B peak-us C drift-ppm D": when the first
 * datagram came after the start; how far from the line half of them and 99 in
 * 100 are at most; from the earliest to the latest; the slope.
 */
#include "tests/support/receive.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PACKET = 188, WAIT_MS = 20000, GAP_MS = 3000, POINTS_MOST = 1 << 18 };

#define PCR_MODULUS ((UINT64_C(1) << 33) * 300)
#define CLOCK_HZ    27e6

struct point {
    double sent_s; /* by its PCR, from the first one on */
    double arrived_s;
    double packets; /* since the beginning of its datagram */
    double offset_s;
};

struct run {
    struct point *points;
    size_t count;
    int pid; /* of the PCRs: the first that had one */
    uint64_t first_pcr;
    uint64_t first_packet;
    uint64_t last_packet;
    uint64_t packets;
    int64_t first_ns; /* arrival */
};

static double pcr_seconds(const struct run *run, uint64_t pcr, double near_s)
{
    const uint64_t since = (pcr + PCR_MODULUS - run->first_pcr) % PCR_MODULUS;
    const double wrap_s = (double)PCR_MODULUS / CLOCK_HZ;
    const double seconds = (double)since / CLOCK_HZ;
    return seconds + wrap_s * round((near_s - seconds) / wrap_s);
}

static void take(struct run *run, const uint8_t *bytes, size_t size, int64_t when_ns)
{
    for (size_t at = 0; at + PACKET <= size; at += PACKET, run->packets++) {
        const uint8_t *packet = bytes + at;
        const int pid = (packet[1] & 0x1f) << 8 | packet[2];
        const uint64_t pcr = receive_pcr(packet);
        if (pcr == UINT64_MAX || (run->pid >= 0 && pid != run->pid) || run->count == POINTS_MOST) {
            continue;
        }
        if (run->pid < 0) {
            run->pid = pid;
            run->first_pcr = pcr;
            run->first_packet = run->packets;
        }
        run->last_packet = run->packets;
        struct point *point = &run->points[run->count++];
        point->arrived_s = (double)(when_ns - run->first_ns) / 1e9;
        point->sent_s = pcr_seconds(run, pcr, point->arrived_s);
        point->packets = (double)at / PACKET;
    }
}

/* Puts each PCR to the beginning of its datagram; what is left is arrival minus sending. */
static void level(struct run *run)
{
    const double span_s = run->points[run->count - 1].sent_s;
    const double packet_s = span_s / (double)(run->last_packet - run->first_packet);
    for (size_t i = 0; i < run->count; i++) {
        struct point *point = &run->points[i];
        point->sent_s -= point->packets * packet_s;
        point->offset_s = point->arrived_s - point->sent_s;
    }
}

static int by_value(const void *a, const void *b)
{
    const double left = *(const double *)a;
    const double right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof(values[0]), by_value);
    return values[count / 2];
}

/* Leaves in offset_s the distance from the line; returns its slope. */
static double take_line_away(struct run *run)
{
    static double values[POINTS_MOST];
    const size_t half = run->count / 2;
    for (size_t i = 0; i < half; i++) {
        const struct point *early = &run->points[i];
        const struct point *late = &run->points[i + half];
        values[i] = (late->offset_s - early->offset_s) / (late->sent_s - early->sent_s);
    }
    const double slope = median(values, half);
    for (size_t i = 0; i < run->count; i++) {
        run->points[i].offset_s -= slope * run->points[i].sent_s;
        values[i] = run->points[i].offset_s;
    }
    const double level = median(values, run->count);
    for (size_t i = 0; i < run->count; i++) {
        run->points[i].offset_s -= level;
    }
    return slope;
}

static int by_size(const void *a, const void *b)
{
    const double left = fabs(((const struct point *)a)->offset_s);
    const double right = fabs(((const struct point *)b)->offset_s);
    return (left > right) - (left < right);
}

static void report(struct run *run, int64_t waited_ns)
{
    level(run);
    const double slope = take_line_away(run);
    double least = 0;
    double most = 0;
    for (size_t i = 0; i < run->count; i++) {
        least = fmin(least, run->points[i].offset_s);
        most = fmax(most, run->points[i].offset_s);
    }
    qsort(run->points, run->count, sizeof(run->points[0]), by_size);
    printf("first-ms %" PRId64 " pcrs %zu p50-us %.1f p99-us %.1f peak-us %.1f drift-ppm %.3f\n",
           waited_ns / 1000000, run->count, fabs(run->points[run->count / 2].offset_s) * 1e6,
           fabs(run->points[run->count * 99 / 100].offset_s) * 1e6, (most - least) * 1e6,
           slope * 1e6);
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int main(int argc, char **argv)
{
    static uint8_t bytes[65536];
    if (argc != 3) {
        fprintf(stderr, "usage: pcr-arrival PORT SECONDS\n");
        return 2;
    }
    const int64_t started_ns = now_ns();
    const int64_t length_ns = (int64_t)(atof(argv[2]) * 1e9);
    const int fd = receive_open("127.0.0.1", atoi(argv[1]), NULL);
    struct run run = {.pid = -1, .points = calloc(POINTS_MOST, sizeof(struct point))};
    if (fd < 0 || run.points == NULL) {
        fprintf(stderr, "pcr-arrival: %s\n", fd < 0 ? strerror(-fd) : "no memory");
        return 2;
    }
    for (bool is_first = true;; is_first = false) {
        int64_t when_ns = 0;
        const ssize_t size =
            receive_next(fd, is_first ? WAIT_MS : GAP_MS, bytes, sizeof(bytes), &when_ns);
        run.first_ns = is_first ? when_ns : run.first_ns;
        if (size <= 0 || when_ns - run.first_ns > length_ns) {
            break;
        }
        take(&run, bytes, (size_t)size, when_ns);
    }
    close(fd);
    if (run.count < 3) {
        fprintf(stderr, "pcr-arrival: no PCR at port %s\n", argv[1]);
        free(run.points);
        return 1;
    }
    report(&run, run.first_ns - started_ns);
    free(run.points);
    return 0;
}
