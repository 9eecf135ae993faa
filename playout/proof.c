/* SPDX-License-Identifier: MIT */
#include "playout/proof.h"

#include "playout/intl.h"
#include "playout/proof_inner.h"
#include "playout/window.h"

#include <errno.h>
#include <stdbool.h>

static int64_t to_us(const struct es_profile *es, int64_t scaled)
{
    return scaled / es->packets_per_second * 100 / 9;
}

static void note_margin(struct proof_result *result, const struct es_profile *es, int64_t scaled)
{
    const int64_t us = to_us(es, scaled);
    result->margin_us = us < result->margin_us ? us : result->margin_us;
}

static int fail(struct proof_result *result, enum proof_verdict verdict, bool is_video, int64_t au)
{
    result->verdict = verdict;
    result->is_video = is_video;
    result->au = au;
    return -EDOM;
}

/*
 * Serves the window at the rate that the lattice promises, each access unit
 * from its earliest time on, and holds the finishing times, with the promised
 * latency, against DTS and the end of the window.
 */
static int check_window(const struct window *window, int64_t frames, struct proof_result *result)
{
    const struct es_profile *es = window->es;
    const int64_t rate = es->packets_per_second;
    const int64_t latency = proof_scaled_us(es, es->latency_us);
    const int64_t transit = proof_scaled_us(es, TRANSIT_US);
    const int64_t closes = (frames - es->lead_frames) * TICKS_PER_FRAME * rate;
    int64_t finished = INT64_MIN;

    for (int64_t au = 0; au < window->count; au++) {
        const int64_t earliest = window_earliest(window, au) * rate;
        finished = finished > earliest ? finished : earliest;
        finished += window_au_packets(window, au) * TICKS_PER_SECOND;
        const int64_t spare = window_dts(window, au) * rate - finished - latency - transit;
        if (spare < 0) {
            return fail(result, PROOF_LATE, window->is_video, au);
        }
        note_margin(result, es, spare);
    }
    const int64_t spare = closes - finished - latency;
    if (spare < 0) {
        return fail(result, PROOF_TAIL, window->is_video, window->count - 1);
    }
    note_margin(result, es, spare);
    return 0;
}

/*
 * The decoder's buffer: access units of at most max_lead before their time
 * are there, the youngest only as far as its slots allow.  For pictures this
 * never binds when the station file is accepted: whatever the sizes, less
 * arrives within the maximum lead than EB holds.
 */
static int check_buffer(const struct window *window, struct proof_result *result)
{
    const struct es_profile *es = window->es;
    const int64_t whole = proof_whole_units(es);
    const int64_t begun = proof_bytes_on_their_way(es);
    int64_t bytes = 0;
    for (int64_t i = 0; i < whole && i < window->count; i++) {
        bytes += window_pes_size(window, i);
    }
    for (int64_t au = 0; au < window->count; au++) {
        const bool has_next = au + whole < window->count;
        if (bytes + (has_next ? begun : 0) > es->buffer_bytes) {
            return fail(result, PROOF_BUFFER, window->is_video, au);
        }
        bytes -= window_pes_size(window, au);
        bytes += has_next ? window_pes_size(window, au + whole) : 0;
    }
    return 0;
}

int proof_check(const struct profile *profile, const struct asset_index *index, int64_t in_point,
                int64_t frames, struct proof_result *result)
{
    *result = (struct proof_result){.verdict = PROOF_HOLDS, .margin_us = INT64_MAX};
    if (in_point < 0 || frames < EVENT_MIN_FRAMES || !profile_is_on_grid(profile, frames) ||
        in_point + frames > index->header->duration_frames) {
        return fail(result, PROOF_TOO_SHORT, true, 0);
    }
    if (in_point % GOP_FRAMES != 0 || !asset_index_may_end(index, in_point, frames)) {
        return fail(result, PROOF_BAD_POINT, true, in_point % GOP_FRAMES != 0 ? 0 : frames);
    }
    struct window video;
    struct window audio;
    window_init(&video, profile, true, index, in_point, frames);
    window_init(&audio, profile, false, index, in_point, frames);
    int verdict = check_window(&video, frames, result);
    if (verdict == 0) {
        verdict = check_window(&audio, frames, result);
    }
    return verdict == 0 ? check_buffer(&audio, result) : verdict;
}

const char *proof_verdict_text(enum proof_verdict verdict)
{
    switch (verdict) {
    case PROOF_HOLDS:
        return _("air-ready");
    case PROOF_LATE:
        return _("a picture or sound would arrive after its time");
    case PROOF_TAIL:
        return _("its end cannot be sent before the next item begins");
    case PROOF_BUFFER:
        return _("a decoder buffer would overflow");
    case PROOF_BAD_POINT:
        return _("it cannot be cut there: only at the start of a group of pictures");
    case PROOF_TOO_SHORT:
        return _("it is shorter than a group of pictures, or longer than its asset");
    }
    return "";
}
