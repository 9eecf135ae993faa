/* SPDX-License-Identifier: MIT */
/*
 * guide_room: cycles of PID 0x12 of a made-up station, read back.
 *
 * The sections are taken from the packets by a parser of the tests' own.
 */
#ifndef TESTS_SUPPORT_GUIDE_ROOM_H
#define TESTS_SUPPORT_GUIDE_ROOM_H

#include "playout/eit_cycle.h"
#include "tests/support/guide_bench.h"

enum { SOURCES_MOST = 64 };

/* A section found on the PID. */
struct found {
    int64_t start; /* positions since the first cycle's start */
    int64_t end;
    size_t size;
    uint8_t *bytes;
};

struct room {
    struct guide_bench bench;
    struct eit_layout layout;
    struct eit_source sources[SOURCES_MOST];
    size_t source_count;
    struct found *found;
    size_t found_count;
};

void room_init(struct room *room, size_t transports, size_t services);
void room_finish(struct room *room);

/* Of the first transport: what eit_layout_init() says. */
int room_lay_out(struct room *room);

/* Adds a source of which is told at `now_s`; takes ownership of the time line. */
void room_add(struct room *room, const struct service *service, struct timeline *timeline,
              int64_t now_s);

/* A random time line for every service that the guide tells of. */
void room_add_all(struct room *room, struct dice *dice, const struct guide_spec *spec,
                  int64_t now_s);

struct eit_cycle *room_cycle(const struct room *room, int64_t now_s);

/*
 * Reads one cycle into room->found, as if it began at position `offset`; no
 * section may cross a second.
 */
void room_read(struct room *room, const struct eit_cycle *cycle, int64_t offset);
void room_forget(struct room *room);

/* EN 300 468, 5.1.4: 30 ms between sections of one sub-table. */
void room_check_gaps(const struct room *room);

/* Positions from a section to the same one again, at most, by starts and by ends. */
int64_t room_longest_interval(const struct room *room);

bool found_is_table(const struct found *a, int table_id, int service_id);

#endif
