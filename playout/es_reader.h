/* SPDX-License-Identifier: MIT */
/*
 * es_reader: the packets of one elementary stream of the tape.
 *
 * A place on the tape of one PID: the window that is open, the access unit
 * that is being sent, and its bytes once they are read.  Part of tape.c.
 *
 * Normative reference: ISO/IEC 13818-1, 2.4.3.
 */
#ifndef PLAYOUT_ES_READER_H
#define PLAYOUT_ES_READER_H

#include "playout/asset.h"
#include "playout/asset_blocks.h"
#include "playout/lattice.h"
#include "playout/tape.h"
#include "playout/window.h"

#include <stdbool.h>
#include <stdint.h>

struct es_reader {
    const struct tape_format *format; /* borrowed, as all but `bytes` */
    size_t number;                    /* of the service in the transport */
    const struct service *service;
    const struct es_profile *es;
    struct asset *slate;
    struct asset_blocks *blocks; /* shared with the other stream of the service */
    int pid;
    int owner; /* of the lattice */
    bool is_video;

    /* The open window.  Slots [opens, closes); none is open when closes is 0. */
    struct piece piece;
    int64_t seq; /* of its event, 0 outside of the plan */
    const struct asset *asset;
    struct window window;
    uint64_t opens;
    uint64_t closes;

    /* The access unit that is being sent, or is next. */
    int64_t au;
    int64_t au_packets;
    uint64_t au_first; /* ordinal of its first packet among the owner's slots */
    int64_t au_before; /* packets of the window before it */

    /* Its PES packet; NULL or of another access unit until it is needed. */
    uint8_t *bytes;
    size_t capacity;
    size_t size;
    size_t begin;          /* of the next packet in it */
    bool is_random_access; /* its first packet says so */
    int64_t loaded_au;     /* -1: none */
    bool is_unreadable;
};

/* `service`: its number in the transport.  NULL blocks: no packets are asked for. */
void es_reader_init(struct es_reader *es, const struct tape_format *format, size_t service,
                    bool is_video, struct asset_blocks *blocks);
void es_reader_finish(struct es_reader *es);

/*
 * Goes to `slot` by a time line, reading no media.  The first fault is noted
 * in *fault (a missing asset: the slate is taken).
 */
void es_reader_seek(struct es_reader *es, const struct tape_inputs *inputs,
                    const struct timeline *timeline, uint64_t slot, struct tape_fault *fault);

/*
 * Writes the packet of a slot that the stream owns, the `ordinal`-th of its
 * slots since the epoch, inside the open window, and moves on.  Returns
 * false when the slot stays empty.
 */
bool es_reader_packet(struct es_reader *es, uint64_t slot, uint64_t ordinal, uint8_t *packet,
                      struct tape_fault *fault);

/* Packets of the window sent before the `ordinal`-th slot of the stream. */
int64_t es_reader_sent(const struct es_reader *es, uint64_t ordinal);

#endif
