/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_video.h"

#include <stdlib.h>

int ingest_video_init(struct ingest_video *video, const struct ingest_encoder_settings *settings,
                      enum asset_kind kind, int64_t wanted)
{
    *video =
        (struct ingest_video){.profile = &settings->profile->video, .kind = kind, .wanted = wanted};
    video->last = av_frame_alloc();
    video->packet = av_packet_alloc();
    video->afds = calloc((size_t)wanted, sizeof(*video->afds));
    return video->last != NULL && video->packet != NULL && video->afds != NULL
               ? ingest_video_open(&video->codec, settings)
               : AVERROR(ENOMEM);
}

void ingest_video_finish(struct ingest_video *video)
{
    avcodec_free_context(&video->codec);
    av_packet_free(&video->packet);
    av_frame_free(&video->last);
    free(video->afds);
    *video = (struct ingest_video){0};
}

/* What the encoder has ready, in its final form. */
static int drain(struct ingest_video *video)
{
    AVPacket *unit = video->packet;
    int result = 0;
    while ((result = avcodec_receive_packet(video->codec, unit)) >= 0) {
        if (unit->pts < 0 || unit->pts >= video->wanted) {
            return AVERROR_BUG;
        }
        const enum ingest_afd afd = (enum ingest_afd)video->afds[unit->pts];
        result = ingest_access_unit_finish(video->profile, unit, afd);
        result = result < 0 ? result : video->take(video->context, unit);
        av_packet_unref(unit);
        if (result < 0) {
            return result;
        }
    }
    return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : result;
}

static int encode(struct ingest_video *video, AVFrame *picture, enum ingest_afd afd)
{
    const bool is_first = video->pictures % video->codec->gop_size == 0;
    const bool is_cut_anywhere = video->kind != ASSET_LESSON;
    video->afds[video->pictures] = (uint8_t)afd;
    picture->pts = video->pictures++;
    picture->pict_type = is_first          ? AV_PICTURE_TYPE_I
                         : is_cut_anywhere ? AV_PICTURE_TYPE_P
                                           : AV_PICTURE_TYPE_NONE;
    const int result = avcodec_send_frame(video->codec, picture);
    return result < 0 ? result : drain(video);
}

int ingest_video_put(struct ingest_video *video, const AVFrame *picture, enum ingest_afd afd)
{
    if (video->pictures >= video->wanted) {
        return 0;
    }
    av_frame_unref(video->last);
    const int result = av_frame_ref(video->last, picture);
    if (result < 0) {
        return result;
    }
    av_frame_remove_side_data(video->last, AV_FRAME_DATA_A53_CC);
    /* The two fields of one picture are fields too, and shown in the same order. */
    video->last->interlaced_frame = video->profile->is_interlaced;
    video->last->top_field_first = video->profile->is_interlaced;
    return encode(video, video->last, afd);
}

int ingest_video_end(struct ingest_video *video)
{
    int result = 0;
    while (result >= 0 && video->pictures < video->wanted) {
        result = encode(video, video->last, (enum ingest_afd)video->afds[video->pictures - 1]);
    }
    result = result < 0 ? result : avcodec_send_frame(video->codec, NULL);
    return result < 0 ? result : drain(video);
}
