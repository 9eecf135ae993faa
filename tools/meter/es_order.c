/* SPDX-License-Identifier: MIT */
/*
 * es_order: every frame of the display has one picture, and pictures are
 * shown in the order that the video itself says.
 */
#include "tools/meter/es_inner.h"

#include <inttypes.h>

/* No picture may be missing among the frames before `frame`. */
static void check_before(struct es_scan *es, int64_t frame)
{
    struct es_order *order = &es->order;
    for (; order->checked < frame; order->checked++) {
        bool *seen = &order->seen[order->checked % ES_ORDER_FRAMES];
        if (!*seen) {
            es_problem(es, TS_PTS_ORDER, "no picture for a frame; since the first one",
                       order->checked);
        }
        *seen = false;
    }
}

/* The origin follows the checked frames, so that stamps may wrap around for ever. */
static void move_origin(struct es_order *order, int64_t ticks)
{
    if (order->checked >= INT64_C(1) << 20) {
        const int64_t whole = order->checked / ES_ORDER_FRAMES * ES_ORDER_FRAMES;
        order->origin = (order->origin + whole * ticks) % PES_STAMP_WRAP;
        order->checked -= whole;
    }
}

static void judge_frames(struct es_scan *es, int64_t ticks)
{
    struct es_order *order = &es->order;
    const int64_t shown = stc_difference(es->pes.pts, order->origin, PES_STAMP_WRAP);
    const int64_t decoded = stc_difference(es->pes.dts, order->origin, PES_STAMP_WRAP);
    const int64_t frame = shown / ticks;
    order->may_lead = order->may_lead && shown <= 0;
    if (shown < 0 && order->may_lead && shown % ticks == 0) {
        return; /* of before the first picture */
    }
    if (shown % ticks != 0 || frame - order->checked >= ES_ORDER_FRAMES) {
        es_problem(es, TS_PTS_ORDER, "PTS off the frames; ticks since the first one", shown);
        order->is_started = false;
        return;
    }
    if (shown < 0 || frame < order->checked || order->seen[frame % ES_ORDER_FRAMES]) {
        es_problem(es, TS_PTS_ORDER, "a second picture for a frame; since the first one", frame);
    } else {
        order->seen[frame % ES_ORDER_FRAMES] = true;
    }
    if (decoded > 0) {
        check_before(es, decoded / ticks < frame + 1 ? decoded / ticks : frame + 1);
    }
    move_origin(order, ticks);
}

/* temporal_reference or picture order count against the PTS, from one picture to the next. */
static void judge_number(struct es_scan *es, const struct es_picture *picture, int64_t ticks)
{
    if (es->has_number && picture->has_order && !picture->starts_order) {
        const int64_t up = stc_difference(picture->order, es->number, picture->order_wrap);
        const int64_t later = stc_difference(es->pes.pts, es->number_pts, PES_STAMP_WRAP);
        const bool is_wrong =
            picture->counts_frames ? up * ticks != later : (up > 0) != (later > 0) || up == 0;
        if (is_wrong) {
            ts_report_problem(es->report, TS_PTS_ORDER, es->pes_packet, es->options.pid,
                              "PTS %" PRId64 " ticks after that of the picture before, but %" PRId64
                              " later in the video's own order",
                              later, up);
        }
    }
    es->has_number = picture->has_order && (es->has_number || picture->starts_order);
    es->number = picture->order;
    es->number_pts = es->pes.pts;
}

void es_judge_order(struct es_scan *es, const struct es_picture *picture)
{
    struct es_order *order = &es->order;
    const int64_t ticks = es_video_ticks(es);
    if (ticks == 0) {
        return;
    }
    judge_number(es, picture, ticks);
    if (!order->is_started && !picture->is_random_access) {
        return;
    }
    if (!order->is_started) {
        es->has_order = true;
        *order = (struct es_order){
            .is_started = true, .may_lead = picture->may_lead, .origin = es->pes.pts};
    }
    judge_frames(es, ticks);
}
