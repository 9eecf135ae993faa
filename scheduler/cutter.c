/* SPDX-License-Identifier: MIT */
#include "scheduler/cutter.h"

#include <errno.h>

enum {
    PAYLOAD_BITS = 184 * 8,
    SETTLING_PACKETS = 15, /* at most, of the continuity counter */
    TRANSIT_MS = 2,
};

int64_t cutter_grid_down(const struct profile *profile, int64_t frame)
{
    return frame - frame % profile->join_grid_frames;
}

int64_t cutter_grid_up(const struct profile *profile, int64_t frame)
{
    return cutter_grid_down(profile, frame + profile->join_grid_frames - 1);
}

int64_t cutter_grid_nearest(const struct profile *profile, int64_t frame)
{
    return cutter_grid_down(profile, frame + profile->join_grid_frames / 2);
}

static int64_t gop_up(int64_t frames)
{
    return (frames + GOP_FRAMES - 1) / GOP_FRAMES * GOP_FRAMES;
}

int64_t cutter_least_piece(const struct profile *profile)
{
    const struct video_profile *video = &profile->video;
    const struct es_profile *es = &video->es;
    /* Each picture may waste most of a packet. */
    const int64_t carried_bps =
        (int64_t)(es->packets_per_second - video->pictures_per_second) * PAYLOAD_BITS;
    const int64_t spare_bps = carried_bps - video->vbv_rate_bps; /* > 0: the station checks it */
    const int64_t bits = video->vbv_bits + (int64_t)SETTLING_PACKETS * PAYLOAD_BITS;
    const int64_t ms =
        (bits * 1000 + spare_bps - 1) / spare_bps + TRANSIT_MS + (es->latency_us + 999) / 1000;
    return gop_up((ms * FRAMES_PER_SECOND + 999) / 1000);
}

/* --- One piece ----------------------------------------------------------------- */

static bool piece_obeys_rule(const struct cutter *cutter, const struct plan_event *event,
                             const struct piece *piece, int64_t asset_frames)
{
    const bool is_to_end = piece->in_point + piece->length == asset_frames;
    return piece->in_point % GOP_FRAMES == 0 &&
           piece->length >= cutter_least_piece(cutter->profile) &&
           (event_is_cut_anywhere(event) || is_to_end || piece->length % GOP_FRAMES == 0);
}

static bool piece_is_legal(const struct cutter *cutter, const struct plan_event *event,
                           const struct piece *piece, int64_t asset_frames)
{
    if (piece->in_point == 0 && piece->length == asset_frames) {
        return true; /* proven at ingest */
    }
    const int result = cutter->media != NULL
                           ? media_cuts_prove(cutter->media, cutter->profile, event->asset,
                                              piece->in_point, piece->length)
                           : -ENOENT;
    return result == 0 ||
           (result == -ENOENT && piece_obeys_rule(cutter, event, piece, asset_frames));
}

static struct piece piece_at(const struct plan_event *event, int64_t asset_frames, int64_t frame)
{
    struct piece piece = {
        .start = event->start, .length = event->duration, .in_point = event->in_point};
    piece_cut(&piece, asset_frames, frame);
    return piece;
}

bool cutter_is_legal(const struct cutter *cutter, const struct plan_event *event)
{
    if (event->duration < EVENT_MIN_FRAMES ||
        !profile_is_on_grid(cutter->profile, event->duration)) {
        return false;
    }
    if (event->asset[0] == '\0') {
        return true; /* the slate may be cut anywhere */
    }
    /* Of the pieces of a loop only the first and the last two are not the whole asset. */
    const int64_t asset_frames = cutter->lengths->length(cutter->lengths, event->asset);
    const struct piece last = piece_at(event, asset_frames, event_end(event) - 1);
    if (!piece_is_legal(cutter, event, &last, asset_frames)) {
        return false;
    }
    if (last.start == event->start) {
        return true;
    }
    const struct piece before = piece_at(event, asset_frames, last.start - 1);
    const struct piece first = piece_at(event, asset_frames, event->start);
    return piece_is_legal(cutter, event, &before, asset_frames) &&
           piece_is_legal(cutter, event, &first, asset_frames);
}

int64_t cutter_end_frame(const struct cutter *cutter, const struct plan_event *event)
{
    const int64_t asset_frames = cutter->lengths->length(cutter->lengths, event->asset);
    const struct piece last = piece_at(event, asset_frames, event_end(event) - 1);
    return last.in_point + last.length;
}

/* --- Ends ---------------------------------------------------------------------- */

bool cutter_may_end(const struct cutter *cutter, const struct plan_event *event, int64_t frame)
{
    struct plan_event cut = *event;
    cut.duration = frame - event->start;
    return cut.duration <= event->duration && cutter_is_legal(cutter, &cut);
}

static int64_t first_end_by_steps(const struct cutter *cutter, const struct plan_event *event,
                                  int64_t frame)
{
    const int64_t end = event_end(event);
    int64_t at = cutter_grid_up(cutter->profile, frame);
    while (at < end && !cutter_may_end(cutter, event, at)) {
        at += cutter->profile->join_grid_frames;
    }
    return at < end ? at : end;
}

int64_t cutter_first_end(const struct cutter *cutter, const struct plan_event *event, int64_t frame)
{
    int64_t frames = 0;
    int result = -ENOENT;
    if (cutter->media != NULL && !event_is_cut_anywhere(event)) {
        result = media_cuts_first_end(cutter->media, cutter->profile, event->asset, event->in_point,
                                      frame - event->start, &frames);
    }
    if (result == -ENOENT) {
        return first_end_by_steps(cutter, event, frame);
    }
    return result == 0 && frames < event->duration ? event->start + frames : event_end(event);
}

static int64_t last_end_by_steps(const struct cutter *cutter, const struct plan_event *event,
                                 int64_t frame)
{
    int64_t at = cutter_grid_down(cutter->profile, frame);
    while (at > event->start && !cutter_may_end(cutter, event, at)) {
        at -= cutter->profile->join_grid_frames;
    }
    return at > event->start ? at : event->start;
}

int64_t cutter_last_end(const struct cutter *cutter, const struct plan_event *event, int64_t frame)
{
    int64_t frames = 0;
    int result = -ENOENT;
    if (cutter->media != NULL && !event_is_cut_anywhere(event)) {
        result = media_cuts_last_end(cutter->media, cutter->profile, event->asset, event->in_point,
                                     frame - event->start, &frames);
    }
    if (result == -ENOENT) {
        return last_end_by_steps(cutter, event, frame);
    }
    return result == 0 ? event->start + frames : event->start;
}

/* --- Entries ------------------------------------------------------------------- */

struct plan_event cutter_joined(const struct plan_event *event, int64_t frame)
{
    struct plan_event joined = *event;
    const int64_t late = frame - event->start;
    joined.start = frame;
    joined.duration -= late;
    if (late > 0) {
        joined.in_point = event_is_cut_anywhere(event) ? 0 : event->in_point + late;
    }
    return joined;
}

static int64_t first_entry_by_steps(const struct cutter *cutter, const struct plan_event *event,
                                    int64_t frame)
{
    const int64_t end = event_end(event);
    for (int64_t at = cutter_grid_up(cutter->profile, frame); at < end;
         at += cutter->profile->join_grid_frames) {
        const struct plan_event joined = cutter_joined(event, at);
        if (cutter_is_legal(cutter, &joined)) {
            return at;
        }
    }
    return end;
}

int64_t cutter_first_entry(const struct cutter *cutter, const struct plan_event *event,
                           int64_t frame)
{
    int64_t in_point = 0;
    int result = -ENOENT;
    if (frame <= event->start) {
        return event->start;
    }
    if (cutter->media != NULL && !event_is_cut_anywhere(event)) {
        result = media_cuts_first_entry(cutter->media, cutter->profile, event->asset,
                                        event->in_point + frame - event->start,
                                        event->in_point + event->duration, &in_point);
    }
    if (result == -ENOENT) {
        return first_entry_by_steps(cutter, event, frame);
    }
    return result == 0 ? event->start + in_point - event->in_point : event_end(event);
}
