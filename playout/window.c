/* SPDX-License-Identifier: MIT */
#include "playout/window.h"

enum { CC_MODULO = 16 };

int window_header_size(const struct window *window, int64_t au)
{
    const bool has_dts = window->is_video && window->aus[au].display_delay != 0;
    return has_dts ? PES_HEADER_PTS_DTS : PES_HEADER_PTS;
}

int64_t window_pes_size(const struct window *window, int64_t au)
{
    return (int64_t)window->aus[au].size + window->es->unit_header + window_header_size(window, au);
}

static int64_t packets_needed(const struct window *window, int64_t au)
{
    const bool is_start = (window->aus[au].flags & AU_RANDOM_ACCESS) != 0;
    const int64_t bytes = window_pes_size(window, au) + (is_start ? RAI_FIELD_SIZE : 0);
    return (bytes + TS_PAYLOAD_SIZE - 1) / TS_PAYLOAD_SIZE;
}

void window_init(struct window *window, const struct profile *profile, bool is_video,
                 const struct asset_index *index, int64_t in_point, int64_t frames)
{
    const struct es_profile *es = is_video ? &profile->video.es : &profile->audio.es;
    const struct au_entry *aus = is_video ? index->video : index->audio;
    const int64_t grid = profile->join_grid_frames;
    *window = (struct window){.es = es,
                              .aus = aus + in_point / grid * es->units_per_grid,
                              .count = frames / grid * es->units_per_grid,
                              .is_video = is_video};
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
    return (au - window->es->reorder_units) * window->es->unit_ticks;
}

int64_t window_pts(const struct window *window, int64_t au)
{
    return window_dts(window, au) + (int64_t)window->aus[au].display_delay * window->es->unit_ticks;
}

int64_t window_earliest(const struct window *window, int64_t au)
{
    const int64_t opens = -(int64_t)window->es->lead_frames * TICKS_PER_FRAME;
    const int64_t earliest =
        window_dts(window, au) - (int64_t)window->es->max_lead_ms * TICKS_PER_MS;
    return earliest > opens ? earliest : opens;
}
