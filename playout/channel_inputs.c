/* SPDX-License-Identifier: MIT */
/* channel_inputs: the snapshots that the renderer reads: steps, and the media they need. */
#include "playout/channel_inner.h"

#include "playout/intl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct wanted {
    struct asset **assets;
    size_t count;
};

static int add_wanted(struct channel *channel, struct wanted *wanted, const char *sha256)
{
    struct asset *asset = NULL;
    if (sha256[0] == '\0' ||
        strcmp(sha256, asset_sha256(tape_slate(channel->format, channel->number))) == 0) {
        return 0;
    }
    for (size_t i = 0; i < wanted->count; i++) {
        if (strcmp(asset_sha256(wanted->assets[i]), sha256) == 0) {
            return 0;
        }
    }
    /* The media check says what is wrong and does something about it; until then a
     * damaged asset stays, as it does in the render. */
    (void)shelf_want(channel->context->shelf, sha256, &asset);
    if (asset == NULL) {
        return 0;
    }
    struct asset **grown = realloc(wanted->assets, (wanted->count + 1) * sizeof(struct asset *));
    if (grown == NULL) {
        return -ENOMEM;
    }
    wanted->assets = grown;
    grown[wanted->count++] = asset;
    return 0;
}

static int want_stretch(struct channel *channel, struct wanted *wanted,
                        const struct timeline *timeline, int64_t from, int64_t to)
{
    int result = 0;
    struct piece piece;
    for (int64_t frame = from; frame < to && result == 0; frame = piece.start + piece.length) {
        timeline_piece(timeline, frame, &piece);
        result = add_wanted(channel, wanted, piece.asset);
    }
    return result;
}

/* Everything that is on air or will be soon, by all steps. */
static int want_all(struct channel *channel, struct wanted *wanted, int64_t frame)
{
    const struct history *history = &channel->history;
    int result = 0;
    for (size_t i = 0; i < history->count && result == 0; i++) {
        const bool is_last = i + 1 == history->count;
        const int64_t from = frame - BEHIND_FRAMES;
        const int64_t to = frame + OPEN_AHEAD_FRAMES;
        if (is_last || history->steps[i + 1].frame > from) {
            result = want_stretch(channel, wanted, history->steps[i].timeline, from, to);
        }
    }
    return result;
}

static bool same_assets(const struct channel *channel, const struct wanted *wanted)
{
    return channel->asset_count == wanted->count &&
           (wanted->count == 0 ||
            memcmp(channel->assets, wanted->assets, wanted->count * sizeof(struct asset *)) == 0);
}

int channel_publish(struct channel *channel, const struct moment *now)
{
    struct wanted wanted = {0};
    int result = want_all(channel, &wanted, now->frame);
    if (result == 0 && (channel->is_stale || !same_assets(channel, &wanted))) {
        struct tape_inputs *fresh = tape_inputs_create(
            channel->history.steps, channel->history.count, wanted.assets, wanted.count);
        result = fresh != NULL ? 0 : -ENOMEM;
        if (fresh != NULL) {
            tape_inputs_unref(channel->inputs);
            free(channel->assets);
            channel->inputs = fresh;
            channel->assets = wanted.assets;
            channel->asset_count = wanted.count;
            channel->is_stale = false;
            wanted.assets = NULL;
            for (size_t i = 0; i < channel->feed_count; i++) {
                render_lane_publish(channel->feeds[i].lane, channel->feeds[i].member, fresh);
            }
        }
    }
    free(wanted.assets);
    if (result < 0) {
        channel_alarm(channel, now, now->ms + 60000, "memory", _("out of memory"));
    }
    return result;
}

struct tape_inputs *channel_trial_inputs(struct channel *channel, const struct timeline *next,
                                         int64_t frame)
{
    struct wanted wanted = {0};
    struct tape_inputs *inputs = NULL;
    const int64_t to = frame + OPEN_AHEAD_FRAMES;
    if (want_all(channel, &wanted, frame) == 0 &&
        want_stretch(channel, &wanted, next, frame, to) == 0) {
        inputs = tape_inputs_create(channel->history.steps, channel->history.count, wanted.assets,
                                    wanted.count);
    }
    free(wanted.assets);
    return inputs;
}
