/* SPDX-License-Identifier: MIT */
#include "playout/window.h"

enum { CC_MODULO = 16 };

int window_header_size(const struct window *window, int64_t au)
{
    const bool has_dts = window->is_video && window->aus[au].display_delay != 0;
    return has_dts ? PES_HEADER_PTS_DTS : PES_HEADER_PTS;
}

static int64_t packets_needed(const struct window *window, int64_t au)
{
    const struct au_entry *entry = &window->aus[au];
    const int64_t field = (entry->flags & AU_IDR) != 0 ? RAI_FIELD_SIZE : 0;
    const int64_t bytes = (int64_t)entry->size + window_header_size(window, au) + field;
    return (bytes + TS_PAYLOAD_SIZE - 1) / TS_PAYLOAD_SIZE;
}

void window_init(struct window *window, const struct profile *profile, bool is_video,
                 const struct asset_index *index, int64_t in_point, int64_t frames)
{
    *window = (struct window){.is_video = is_video};
    if (is_video) {
        window->es = &profile->video.es;
        window->aus = index->video + in_point;
        window->count = frames;
    } else {
        window->es = &profile->audio.es;
        window->aus = index->audio + in_point / JOIN_GRID_FRAMES * AUDIO_FRAMES_PER_GRID;
        window->count = frames / JOIN_GRID_FRAMES * AUDIO_FRAMES_PER_GRID;
    }
    for (int64_t au = 0; au < window->count; au++) {
        window->packets += packets_needed(window, au);
    }
    const int64_t extra = (CC_MODULO - window->packets % CC_MODULO) % CC_MODULO;
    window->packets += extra;
    window->extra_from = window->count - extra;
}

int64_t window_au_packets(const struct window *window, int64_t au)
{
    return packets_needed(window, au) + (au >= window->extra_from);
}

int64_t window_dts(const struct window *window, int64_t au)
{
    return window->is_video ? (au - window->es->reorder_frames) * TICKS_PER_FRAME
                            : au * AUDIO_TICKS;
}

int64_t window_pts(const struct window *window, int64_t au)
{
    return window_dts(window, au) +
           (window->is_video ? window->aus[au].display_delay * TICKS_PER_FRAME : 0);
}

int64_t window_earliest(const struct window *window, int64_t au)
{
    const int64_t opens = -(int64_t)window->es->lead_frames * TICKS_PER_FRAME;
    const int64_t earliest =
        window_dts(window, au) - (int64_t)window->es->max_lead_ms * TICKS_PER_MS;
    return earliest > opens ? earliest : opens;
}
