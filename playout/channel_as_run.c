/* SPDX-License-Identifier: MIT */
/*
 * channel_as_run: feeds the as-run record of a channel.
 *
 * The heartbeat file STATE/run/onair-CHANNEL holds the first frame that is
 * not sent yet, written three times a second; after a crash it tells from when
 * on the channel was off the air.
 */
#include "playout/channel_inner.h"

#include "playout/intl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    AHEAD_FRAMES = 12, /* a record is written so long before the next event starts */
    MS_PER_FRAME = 1000 / FRAMES_PER_SECOND,
    HEARTBEAT_SIZE = 21,
};

static void tell(struct channel *channel, const struct moment *now, int result)
{
    if (result < 0) {
        channel_alarm(channel, now, now->ms + 60000, "as_run",
                      _("the as-run record in %s cannot be written: %s"), channel->as_run_folder,
                      strerror(-result));
    }
}

void channel_read_heartbeat(struct channel *channel)
{
    char text[HEARTBEAT_SIZE + 1] = "";
    if (channel->heartbeat_fd < 0) {
        channel->heartbeat_fd = open(channel->heartbeat_path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    }
    if (channel->heartbeat_fd >= 0 && pread(channel->heartbeat_fd, text, HEARTBEAT_SIZE, 0) > 0) {
        channel->aired = strtoll(text, NULL, 10);
    }
}

void channel_beat(struct channel *channel, const struct moment *now)
{
    char text[HEARTBEAT_SIZE + 1];
    const uint64_t position = ring_position(channel->pace->ring);
    const int64_t frame = tape_frame_of_slot(channel->format, position * PACKETS_PER_DATAGRAM);
    if (channel->heartbeat_fd < 0 || frame <= channel->aired) {
        return;
    }
    channel->aired = frame;
    snprintf(text, sizeof(text), "%020" PRId64 "\n", frame);
    if (pwrite(channel->heartbeat_fd, text, HEARTBEAT_SIZE, 0) != HEARTBEAT_SIZE) {
        tell(channel, now, -EIO);
    }
}

/*
 * What was sent while it was not known what time it was: now that it is known, the monotonic
 * clock tells when that began and ended.
 */
static int add_slate(struct channel *channel, const struct moment *now)
{
    if (channel->slate_to_ms == 0) {
        return 0;
    }
    const int64_t ago = (now->ms - channel->slate_to_ms + MS_PER_FRAME - 1) / MS_PER_FRAME;
    const int64_t length = (channel->slate_to_ms - channel->slate_from_ms) / MS_PER_FRAME;
    const int64_t to = now->frame - ago;
    channel->slate_to_ms = 0;
    const int result = as_run_slated(&channel->as_run, to - length, to);
    return result == 0 && channel_is_muted(channel)
               ? as_run_muted(&channel->as_run, to - length, to)
               : result;
}

/* Records everything between the last record on disk and now. */
static void catch_up(struct channel *channel, const struct moment *now,
                     const struct as_run_start *start)
{
    struct history past = {0};
    struct problems problems;
    problems_init(&problems);
    int result = as_run_off_air(&channel->as_run, start->off_air.from, start->off_air.to);
    if (result == 0) {
        result = add_slate(channel, now);
    }
    if (result == 0) {
        result =
            history_load(channel->folder, &channel->journal, start->frontier, now->frame,
                         channel->media.slate_frames, &channel->media.lengths, &past, &problems);
    }
    if (result == 0) {
        result = as_run_advance(&channel->as_run, &past, &channel->journal, now->frame);
    } else {
        channel->as_run.frontier = now->frame; /* what was planned then cannot be told any more */
    }
    tell(channel, now, result);
    history_finish(&past);
    problems_finish(&problems);
}

void channel_start_as_run(struct channel *channel, const struct moment *now)
{
    int64_t recorded = -1;
    tell(channel, now, as_run_file_last(&channel->as_run_file, &recorded));

    struct piece piece;
    const struct timeline *timeline = tape_inputs_step(channel->inputs, now->frame)->timeline;
    timeline_piece(timeline, now->frame, &piece);
    const int64_t event_start =
        piece.event >= 0 ? timeline_plan(timeline)->events[piece.event].start : now->frame;
    const struct as_run_start start =
        as_run_resume(recorded, channel->aired, now->frame, event_start);

    as_run_finish(&channel->as_run);
    as_run_init(&channel->as_run, &channel->as_run_file.sink, channel->context->zone,
                start.frontier);
    if (start.interruption.from < start.interruption.to) {
        tell(channel, now, as_run_file_interruption(&channel->as_run_file, &start.interruption));
    }
    catch_up(channel, now, &start);
    channel->has_as_run = true;
    channel->aired = -1; /* from here on our own */
}

void channel_stop_as_run(struct channel *channel, const struct moment *now)
{
    if (channel->has_as_run) {
        tell(channel, now, as_run_stop(&channel->as_run, channel->aired));
    }
}

static void expire(struct channel *channel, const struct moment *now)
{
    const int64_t day = now->frame / (86400 * FRAMES_PER_SECOND);
    if (day != channel->expired_day) {
        channel->expired_day = day;
        const int days = channel->context->station->as_run_days;
        const int result = as_run_file_expire(&channel->as_run_file, now->frame, days);
        tell(channel, now, result < 0 ? result : 0);
    }
}

/*
 * The signal was away between the last tick and this one, as the record has it.  Told once it is
 * back, for some minutes: nothing else would tell it before the report of the day.
 */
static void watch_gap(struct channel *channel, const struct moment *now, bool is_away)
{
    enum { TOLD_MS = 15 * 60 * 1000 };
    struct frame_span *gap = &channel->gap;
    char text[ZONE_TEXT_SIZE];
    if (is_away) {
        gap->from = gap->from < gap->to ? gap->from : channel->last_frame;
        gap->to = now->frame;
    } else if (gap->from < gap->to) {
        channel_alarm(channel, now, now->ms + TOLD_MS, "interrupted",
                      _("the signal was away for %.2f s from %s on: the engine could not send in "
                        "time, for the machine was overloaded or stopped"),
                      (double)(gap->to - gap->from) / FRAMES_PER_SECOND,
                      zone_frame_text(channel->context->zone, gap->from, text));
        *gap = (struct frame_span){0};
    }
}

void channel_follow_as_run(struct channel *channel, const struct moment *now)
{
    const struct pacer_counters *counters = &channel->pace->counters;
    const uint64_t skipped = atomic_load(&counters->skipped) + atomic_load(&counters->starved);
    int result = 0;
    if (!channel->has_as_run) {
        return;
    }
    if (skipped > channel->last_skipped) {
        result = as_run_off_air(&channel->as_run, channel->last_frame, now->frame);
    }
    watch_gap(channel, now, skipped > channel->last_skipped);
    channel->last_skipped = skipped;
    if (atomic_load(&channel->pace->is_muted)) {
        result = as_run_muted(&channel->as_run, channel->last_frame, now->frame);
    }
    tell(channel, now, result);
    tell(channel, now,
         as_run_advance(&channel->as_run, &channel->history, &channel->journal,
                        now->frame + AHEAD_FRAMES));
    expire(channel, now);
}
