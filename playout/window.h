/* SPDX-License-Identifier: MIT */
/*
 * window: the access units of one piece on one PID, counted in packets.
 *
 * The access units of a piece are sent inside its window, from (its start -
 * lead) to (its end - lead), in decoding order, one PES packet each:
 *
 *       window ──────────────────────────────┐
 *       start - lead              end - lead │
 *          │ AU 0 │ AU 1 │ AU 2 │ … │ AU n-1 │
 *          └──────────────┬──────────────────┘
 *               lead      │ DTS of AU j = start + (j - reorder) units,
 *          ◀─────────────▶│ sent from DTS - max_lead on, complete before DTS
 *                       start                          end
 *
 * A window starts with nothing queued and continuity_counter 0, and its
 * packets are a multiple of 16: each of its last 15 access units takes at
 * most one packet more than it needs.  Nothing depends on the neighbours.
 *
 * The first packet of a random access point has random_access_indicator, and
 * because the video PID is the PCR PID a PCR with it: that is the one place
 * where the standard allows it there.
 *
 * Normative reference: ISO/IEC 13818-1, 2.4.3.6 (PES), 2.4.3.3 (counter),
 * 2.4.3.5 (random_access_indicator).
 */
#ifndef PLAYOUT_WINDOW_H
#define PLAYOUT_WINDOW_H

#include "playout/asset_index.h"
#include "playout/station.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    TS_PAYLOAD_SIZE = 184,
    PES_HEADER_PTS = 14,     /* bytes of a PES header with PTS */
    PES_HEADER_PTS_DTS = 19, /* and with PTS and DTS */
    RAI_FIELD_SIZE = 8,      /* adaptation field with random_access_indicator and PCR */
    TICKS_PER_MS = 90,
};

/* Times are 90 kHz ticks from the start of the piece; they may be negative. */
struct window {
    const struct es_profile *es;
    const struct au_entry *aus; /* of the piece: the first is the in-point */
    int64_t count;
    int64_t packets;    /* all of them; a multiple of 16 */
    int64_t extra_from; /* access units from here on take one packet more */
    bool is_video;
};

/* Borrows profile and index.  Linear in the number of access units. */
void window_init(struct window *window, const struct profile *profile, bool is_video,
                 const struct asset_index *index, int64_t in_point, int64_t frames);

/* Packets of access unit `au`; bytes of its PES packet and of its header. */
int64_t window_au_packets(const struct window *window, int64_t au);
int64_t window_pes_size(const struct window *window, int64_t au);
int window_header_size(const struct window *window, int64_t au);

int64_t window_dts(const struct window *window, int64_t au);
int64_t window_pts(const struct window *window, int64_t au);

/* Its first packet leaves no earlier than this. */
int64_t window_earliest(const struct window *window, int64_t au);

#endif
