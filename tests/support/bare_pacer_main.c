/* SPDX-License-Identifier: MIT */
/*
 * bare-pacer: a loop that does nothing but sleep until the next datagram is
 * due, to hold the engine's pacer against.
 *
 * Usage: bare-pacer SECONDS K [CHANNELS]
 *
 * Sleeps by clock_nanosleep() to the deadlines of a transport of K slots a
 * second.  With CHANNELS it also sends as many datagrams each time, by one
 * sendmmsg() to the discard port.  Prints
 * "p50-us N p99-us N p999-us N max-us N cpu-us-per-s N".
 */
#include "playout/histogram.h"
#include "playout/pacing.h"
#include "playout/tape.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { CHANNELS_MOST = 64, DISCARD_PORT = 9 };

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void send_all(int fd, unsigned channels)
{
    static uint8_t datagram[DATAGRAM_SIZE];
    static struct sockaddr_in address;
    struct iovec vector = {.iov_base = datagram, .iov_len = sizeof(datagram)};
    struct mmsghdr messages[CHANNELS_MOST];
    address.sin_family = AF_INET;
    address.sin_port = htons(DISCARD_PORT);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (unsigned i = 0; i < channels; i++) {
        messages[i].msg_hdr = (struct msghdr){.msg_name = &address,
                                              .msg_namelen = sizeof(address),
                                              .msg_iov = &vector,
                                              .msg_iovlen = 1};
    }
    if (channels > 0 && sendmmsg(fd, messages, channels, MSG_DONTWAIT) < 0) {
        perror("bare-pacer");
    }
}

int main(int argc, char **argv)
{
    static struct histogram lateness;
    if (argc < 3) {
        fprintf(stderr, "usage: bare-pacer SECONDS K [CHANNELS]\n");
        return 2;
    }
    const int64_t length_ns = (int64_t)(atof(argv[1]) * 1e9);
    const int slots_per_second = atoi(argv[2]);
    const int channels = argc > 3 ? atoi(argv[3]) : 0;
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    const int64_t origin_ns = clock_ns(CLOCK_MONOTONIC);
    const int64_t cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    if (channels < 0 || channels > CHANNELS_MOST) {
        return 2;
    }
    for (uint64_t m = 1;; m++) {
        const int64_t due_ns = origin_ns + pacing_due_ns(slots_per_second, m);
        const struct timespec due = {.tv_sec = due_ns / NS_PER_S, .tv_nsec = due_ns % NS_PER_S};
        if (due_ns > origin_ns + length_ns) {
            break;
        }
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
        send_all(fd, (unsigned)channels);
        histogram_add(&lateness, clock_ns(CLOCK_MONOTONIC) - due_ns);
    }
    const int64_t used_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_ns;
    printf("p50-us %" PRIu64 " p99-us %" PRIu64 " p999-us %" PRIu64 " max-us %" PRIu64
           " cpu-us-per-s %" PRId64 "\n",
           histogram_quantile_ns(&lateness, 500) / 1000,
           histogram_quantile_ns(&lateness, 990) / 1000,
           histogram_quantile_ns(&lateness, 999) / 1000, histogram_max_ns(&lateness) / 1000,
           used_ns / (length_ns / 1000000));
    return 0;
}
