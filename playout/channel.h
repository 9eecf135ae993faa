/* SPDX-License-Identifier: MIT */
/*
 * channel: one service as the control thread sees it.
 *
 * Adopts plan revisions, keeps the media of the next seconds open, replaces
 * what is missing, writes the journal and the as-run record, and hands the
 * renderer a new snapshot whenever one of these changes.
 *
 *     plans/CHANNEL/N.yaml ──▶ adopt ──▶ journal
 *                                │          │
 *     media ──▶ shelf ──▶ substitute ──▶ steps + assets ──▶ renderer
 *                                           │
 *                                           └──▶ as-run
 *
 * Thread: the control thread; nothing here is touched by any other.
 */
#ifndef PLAYOUT_CHANNEL_H
#define PLAYOUT_CHANNEL_H

#include "playout/alarms.h"
#include "playout/log.h"
#include "playout/pacer.h"
#include "playout/renderer.h"
#include "playout/shelf.h"
#include "playout/station.h"
#include "playout/zone.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What all channels of an engine share; borrowed. */
struct channel_context {
    const struct station *station;
    const struct zone *zone;
    struct shelf *shelf;
    struct log *log;
};

/* A moment, on the clock of the output. */
struct moment {
    int64_t utc_ns;
    int64_t frame; /* on air at that time */
    int64_t ms;    /* monotonic */
};

/* A lane of which the channel is a member (tape.h): the first one carries it. */
struct channel_feed {
    struct render_lane *lane;
    size_t member;
};

struct channel;

/*
 * Borrows the format of the transport that carries it, as its service number
 * `service`.  0, -ENOMEM, or -EINVAL with the reason in *problems.
 */
int channel_create(const struct channel_context *context, const struct tape_format *format,
                   size_t service, struct channel **channel, struct problems *problems);
void channel_destroy(struct channel *channel); /* accepts NULL; its lanes have stopped */

/*
 * Before going on air: reads the journal and what it names, looks for a newer
 * plan, opens media.  Whatever is wrong is logged and becomes an alarm; there
 * is always something to air.  Without `has_time` (the clock is wrong) it is
 * the endless slate, and nothing is read.
 */
int channel_prepare(struct channel *channel, const struct moment *now, bool has_time);

/* What to air, after channel_prepare(); borrowed. */
struct tape_inputs *channel_inputs(struct channel *channel);
const struct service *channel_service(const struct channel *channel);

/* As the operator left it, also before going on air. */
bool channel_is_muted(const struct channel *channel);

/*
 * On air by these lanes: takes the array of `count` feeds over, borrows the
 * lanes.  Off air with none, before they end.
 */
void channel_on_air(struct channel *channel, const struct moment *now, struct channel_feed *feeds,
                    size_t count, struct pacer_lane *pace);

/* Ten times a second; and with `is_full` about once a second, before shelf_tidy(). */
void channel_tick(struct channel *channel, const struct moment *now, bool is_full);

/* Silences the output, and back; remembered across restarts.  0 or -errno. */
int channel_mute(struct channel *channel, const struct moment *now, bool is_muted);

/* The as-run of what is over, and where the air ends. */
void channel_stop(struct channel *channel, const struct moment *now);

/* For `status`: a new object; NULL out of memory. */
json_t *channel_status(const struct channel *channel, const struct moment *now);
json_t *alarms_json(const struct alarms *alarms, int64_t now_ms);
const char *channel_name(const struct channel *channel);

#endif
