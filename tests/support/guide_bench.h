/* SPDX-License-Identifier: MIT */
/*
 * guide_bench: a made-up station and random programmes for tests of the tables.
 *
 * Nothing is read from a file: networks, transports and services are as the
 * test sets them.
 */
#ifndef TESTS_SUPPORT_GUIDE_BENCH_H
#define TESTS_SUPPORT_GUIDE_BENCH_H

#include "playout/station.h"
#include "playout/timeline.h"
#include "tests/support/fake_media.h"

enum { GUIDE_TRANSPORTS = 8 };

struct guide_bench {
    struct station station;
    struct profile profiles[5]; /* sd, sd-mpeg2, hd, uhd, sd-4-3 */
    struct transport transports[GUIDE_TRANSPORTS];
    struct service services[GUIDE_TRANSPORTS][SERVICES_MOST];
    char names[GUIDE_TRANSPORTS][SERVICES_MOST][64];
};

/* A station of so many transports with so many services each; GB2312, 8 days, 80 events a day. */
void guide_bench_init(struct guide_bench *bench, size_t transports, size_t services);

/* What random programmes are like. */
struct guide_spec {
    int64_t start_s; /* of the first */
    int64_t end_s;
    int64_t shortest_s;
    int64_t longest_s;
    size_t text_bytes; /* at most, UTF-8 */
};

/* Some programmes are of two events, some events are not in the guide.  The caller owns it. */
struct timeline *guide_bench_timeline(struct dice *dice, const struct guide_spec *spec);

/* Random Chinese of the GB2312 charset, of at most so many bytes. */
void guide_bench_text(struct dice *dice, size_t most, char *out);

#endif
