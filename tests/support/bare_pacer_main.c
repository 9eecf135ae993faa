/* SPDX-License-Identifier: MIT */
/*
 * bare-pacer: a loop that does nothing but sleep until the next datagram is
 * due, to hold the engine's pacer against; or sends ready datagrams then: the
 * least that any sender of so many channels can cost.
 *
 * Usage: bare-pacer SECONDS K [CHANNELS PORT FILE]
 *
 * Sleeps by clock_nanosleep() to the deadlines of a transport of K slots a
 * second, with the priority that the engine's pacer has.  With CHANNELS it
 * sends one datagram of each, by sendmmsg(), to ports PORT, PORT + 1 ... of
 * 127.0.0.1.  They lie in memory, a second of each channel, taken from FILE: a
 * sender whose data are in the cache would be cheaper than any real one.
 * Prints "p50-us N p99-us N p999-us N max-us N cpu-us-per-s N".
 */
#include "playout/histogram.h"
#include "playout/pacer.h"
#include "playout/pacing.h"
#include "playout/tape.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

enum { CHANNELS_MOST = 1024, BATCH = 64 };

struct sender {
    int fd;
    unsigned channels;
    size_t datagrams; /* of each channel in memory */
    uint8_t *bytes;
    struct sockaddr_in addresses[CHANNELS_MOST];
    struct iovec vectors[CHANNELS_MOST];
    struct mmsghdr messages[CHANNELS_MOST];
};

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* Channel i has the file from its i-th part on, over and over. */
static int load(struct sender *sender, const char *path)
{
    const size_t total = sender->channels * sender->datagrams;
    FILE *file = fopen(path, "rb");
    sender->bytes = malloc(total * DATAGRAM_SIZE);
    if (file == NULL || sender->bytes == NULL) {
        return -1;
    }
    for (size_t i = 0; i < total; i++) {
        uint8_t *datagram = sender->bytes + i * DATAGRAM_SIZE;
        if (fread(datagram, DATAGRAM_SIZE, 1, file) != 1) {
            rewind(file);
            if (fread(datagram, DATAGRAM_SIZE, 1, file) != 1) {
                return -1;
            }
        }
    }
    fclose(file);
    return 0;
}

static void aim(struct sender *sender, int port)
{
    for (unsigned i = 0; i < sender->channels; i++) {
        struct sockaddr_in *address = &sender->addresses[i];
        address->sin_family = AF_INET;
        address->sin_port = htons((uint16_t)(port + (int)i));
        address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        sender->vectors[i].iov_len = DATAGRAM_SIZE;
        sender->messages[i].msg_hdr = (struct msghdr){.msg_name = address,
                                                      .msg_namelen = sizeof(*address),
                                                      .msg_iov = &sender->vectors[i],
                                                      .msg_iovlen = 1};
    }
}

static void send_all(struct sender *sender, uint64_t datagram)
{
    const size_t place = datagram % sender->datagrams;
    for (unsigned i = 0; i < sender->channels; i++) {
        sender->vectors[i].iov_base =
            sender->bytes + (i * sender->datagrams + place) * DATAGRAM_SIZE;
    }
    for (unsigned i = 0; i < sender->channels; i += BATCH) {
        const unsigned rest = sender->channels - i;
        if (sendmmsg(sender->fd, sender->messages + i, rest < BATCH ? rest : BATCH, MSG_DONTWAIT) <
            0) {
            perror("bare-pacer");
        }
    }
}

static void run(struct sender *sender, int slots_per_second, int64_t length_ns,
                struct histogram *lateness)
{
    const int64_t origin_ns = clock_ns(CLOCK_MONOTONIC);
    for (uint64_t m = 1;; m++) {
        const int64_t due_ns = origin_ns + pacing_due_ns(slots_per_second, m);
        const struct timespec due = {.tv_sec = due_ns / NS_PER_S, .tv_nsec = due_ns % NS_PER_S};
        if (due_ns > origin_ns + length_ns) {
            return;
        }
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
        if (sender->channels > 0) {
            send_all(sender, m);
        }
        histogram_add(lateness, clock_ns(CLOCK_MONOTONIC) - due_ns);
    }
}

/* As far as it is permitted, like the engine. */
static void become_realtime(void)
{
    const struct sched_param parameters = {.sched_priority = PACER_PRIORITY};
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    (void)sched_setscheduler(0, SCHED_FIFO, &parameters);
    (void)mlockall(MCL_CURRENT | MCL_FUTURE);
}

int main(int argc, char **argv)
{
    static struct histogram lateness;
    static struct sender sender;
    if (argc != 3 && argc != 6) {
        fprintf(stderr, "usage: bare-pacer SECONDS K [CHANNELS PORT FILE]\n");
        return 2;
    }
    const int64_t length_ns = (int64_t)(atof(argv[1]) * 1e9);
    const int slots_per_second = atoi(argv[2]);
    sender.fd = socket(AF_INET, SOCK_DGRAM, 0);
    sender.channels = argc > 3 ? (unsigned)atoi(argv[3]) : 0;
    sender.datagrams = (size_t)pacing_datagrams_in(slots_per_second, 1000);
    if (sender.channels > CHANNELS_MOST || slots_per_second < 1) {
        return 2;
    }
    if (argc > 3) {
        if (load(&sender, argv[5]) < 0) {
            fprintf(stderr, "bare-pacer: %s cannot be read\n", argv[5]);
            return 1;
        }
        aim(&sender, atoi(argv[4]));
    }
    become_realtime();
    const int64_t cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    run(&sender, slots_per_second, length_ns, &lateness);
    const int64_t used_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_ns;
    printf("p50-us %" PRIu64 " p99-us %" PRIu64 " p999-us %" PRIu64 " max-us %" PRIu64
           " cpu-us-per-s %" PRId64 "\n",
           histogram_quantile_ns(&lateness, 500) / 1000,
           histogram_quantile_ns(&lateness, 990) / 1000,
           histogram_quantile_ns(&lateness, 999) / 1000, histogram_max_ns(&lateness) / 1000,
           used_ns / (length_ns / 1000000));
    free(sender.bytes);
    return 0;
}
