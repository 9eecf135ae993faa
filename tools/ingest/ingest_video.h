/* SPDX-License-Identifier: MIT */
/*
 * ingest_video: pictures of the house format become access units in the form
 * that goes on air, GOP by GOP.
 */
#ifndef TOOLS_INGEST_VIDEO_H
#define TOOLS_INGEST_VIDEO_H

#include "playout/asset.h"
#include "tools/ingest/ingest_access_unit.h"
#include "tools/ingest/ingest_codec.h"

#include <stdint.h>

#include <libavcodec/avcodec.h>

/* Takes an access unit; its pts counts pictures from the first that was put in.  Borrowed. */
typedef int ingest_take_unit(void *context, AVPacket *unit);

struct ingest_video {
    AVCodecContext *codec;
    const struct video_profile *profile;
    enum asset_kind kind;
    int64_t wanted;   /* pictures */
    int64_t pictures; /* taken so far */
    uint8_t *afds;    /* of each */
    AVFrame *last;
    AVPacket *packet;
    ingest_take_unit *take;
    void *context;
};

/*
 * For so many pictures; of a lesson with B-pictures.  Whoever fills in `take` and
 * `context` gets the units.  0 or an FFmpeg error; to be closed in any case.
 */
int ingest_video_init(struct ingest_video *video, const struct ingest_encoder_settings *settings,
                      enum asset_kind kind, int64_t wanted);
void ingest_video_finish(struct ingest_video *video); /* accepts a zeroed one */

/* The next picture, of the profile's size and the encoder's format; beyond those wanted: none. */
int ingest_video_put(struct ingest_video *video, const AVFrame *picture, enum ingest_afd afd);

/* The last picture is repeated as often as pictures are missing. */
int ingest_video_end(struct ingest_video *video);

#endif
