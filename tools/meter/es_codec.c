/* SPDX-License-Identifier: MIT */
/*
 * es_codec: what the kinds of video have in common with each other.
 */
#include "tools/meter/es_inner.h"

#include <errno.h>

static void scan_mpeg2(struct es_scan *es, struct es_picture *picture)
{
    mpeg2_scan_unit(&es->mpeg2, es->data, es->data_size, es->pes_packet, picture);
}

static int64_t ticks_of_mpeg2(const struct es_scan *es)
{
    return es->mpeg2.has_sequence ? es->mpeg2.sequence.frame_ticks : 0;
}

static int model_of_mpeg2(const struct es_scan *es, struct tstd_model *model)
{
    return es->mpeg2.has_sequence ? mpeg2_model(&es->mpeg2.sequence, model) : -EAGAIN;
}

static void scan_avc(struct es_scan *es, struct es_picture *picture)
{
    avc_scan_unit(&es->avc, es->data, es->data_size, es->pes_packet, picture);
}

static int64_t ticks_of_avc(const struct es_scan *es)
{
    return es->avc.has_sps ? es->avc.sps.frame_ticks : 0;
}

static int model_of_avc(const struct es_scan *es, struct tstd_model *model)
{
    return es->avc.has_sps ? avc_model(&es->avc.sps, model) : -EAGAIN;
}

static void scan_hevc(struct es_scan *es, struct es_picture *picture)
{
    hevc_scan_unit(&es->hevc, es->data, es->data_size, es->pes_packet, picture);
}

static int64_t ticks_of_hevc(const struct es_scan *es)
{
    const int64_t ticks = es->hevc.has_sps ? es->hevc.sps.timing.frame_ticks : 0;
    return ticks > 0 ? ticks : es->hevc.vps.frame_ticks;
}

static int model_of_hevc(const struct es_scan *es, struct tstd_model *model)
{
    return es->hevc.has_sps ? hevc_model(&es->hevc.sps, &es->hevc.vps, model) : -EAGAIN;
}

const struct es_kind ES_MPEG2_VIDEO = {
    .stream_type = 0x02,
    .name = "video",
    .id_mask = 0xf0,
    .id = 0xe0,
    .may_omit_length = true,
    .delay_ms = 1000,
    .start_pes = es_video_start_pes,
    .data = es_video_data,
    .end_pes = es_video_end_pes,
    .model = model_of_mpeg2,
    .scan = scan_mpeg2,
    .frame_ticks = ticks_of_mpeg2,
};

const struct es_kind ES_AVC = {
    .stream_type = 0x1b,
    .name = "video",
    .id_mask = 0xf0,
    .id = 0xe0,
    .may_omit_length = true,
    .delay_ms = 10000,
    .start_pes = es_video_start_pes,
    .data = es_video_data,
    .end_pes = es_video_end_pes,
    .model = model_of_avc,
    .scan = scan_avc,
    .frame_ticks = ticks_of_avc,
};

const struct es_kind ES_HEVC = {
    .stream_type = 0x24,
    .name = "video",
    .id_mask = 0xf0,
    .id = 0xe0,
    .may_omit_length = true,
    .delay_ms = 10000,
    .start_pes = es_video_start_pes,
    .data = es_video_data,
    .end_pes = es_video_end_pes,
    .model = model_of_hevc,
    .scan = scan_hevc,
    .frame_ticks = ticks_of_hevc,
};
