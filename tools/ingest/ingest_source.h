/* SPDX-License-Identifier: MIT */
/*
 * ingest_source: a file that somebody handed in, opened for decoding.
 *
 * Nothing in it is trusted: no other file is opened, one that cannot be used
 * is refused with a sentence, damage is counted.
 */
#ifndef TOOLS_INGEST_SOURCE_H
#define TOOLS_INGEST_SOURCE_H

#include "tools/ingest/ingest_failure.h"
#include "tools/ingest/ingest_picture.h"
#include "tools/ingest/ingest_timeline.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

struct ingest_source {
    int threads; /* that decode pictures; set by the caller before it is opened */
    AVFormatContext *format;
    AVIOContext *io; /* the only file that is opened */
    AVStream *video;
    AVStream *audio; /* NULL: none */
    bool is_muted;   /* its packets are looked at for their times alone */
    AVCodecContext *video_decoder;
    AVCodecContext *audio_decoder;
    double rotation;    /* degrees clockwise that the picture must be turned */
    bool is_interlaced; /* by its stream, or by a picture that was asked about so far */
    int64_t origin_us;  /* where the earlier of the two streams starts */
    AVPacket *packet;
    AVFrame *frame;
    struct ingest_timeline timeline;
    int64_t packets;      /* of the two streams */
    int64_t damaged;      /* packets that could not be decoded, pictures with holes */
    int64_t damaged_us;   /* where the first of them was */
    int64_t video_end_us; /* as far as decoded, from the origin */
    int64_t audio_end_us;
    int64_t audio_start_us;
    int64_t audio_us; /* how much sound there was, by its samples */
};

/* From ingest_take: the rest is not needed. */
#define INGEST_ENOUGH AVERROR(ECANCELED)

/* Takes a decoded frame: borrowed.  Negative stops the reading. */
typedef int ingest_take(void *context, bool is_video, AVFrame *frame);

/* As ingest_file_open(), with decoders; `fd` is borrowed until it is closed. */
int ingest_source_open(struct ingest_source *source, int fd, const char *name,
                       struct ingest_failure *failure);
void ingest_source_close(struct ingest_source *source); /* accepts a zeroed one */

/* From now on no sound comes out of it; times stay what they were. */
void ingest_source_mute(struct ingest_source *source);

/* How long the file says that it is, in microseconds; 0 when it does not say. */
int64_t ingest_source_declared_us(const struct ingest_source *source);

/* Which pictures are decoded; the others are counted by their packets. */
enum ingest_pictures { INGEST_NO_PICTURES, INGEST_KEY_PICTURES, INGEST_ALL_PICTURES };

/*
 * Decodes from the beginning to the end and gives each frame to `take`, with
 * its pts in microseconds from the origin (stream time base AV_TIME_BASE_Q).
 * `take` is called once more per stream that was decoded, with NULL at the end.
 */
int ingest_source_decode(struct ingest_source *source, enum ingest_pictures pictures,
                         ingest_take *take, void *context, struct ingest_failure *failure);

/* What a decoded picture is; its interlace is that of the stream, or of any picture before. */
struct ingest_picture ingest_source_picture(struct ingest_source *source, const AVFrame *frame);

/*
 * After a whole pass: refuses what ends short of 98 % of its declared length,
 * has no picture that can be decoded, or is damaged beyond use.
 */
int ingest_source_judge(const struct ingest_source *source, struct ingest_failure *failure);

/* The rule by itself: true when `real_us` is less than 98 % of `declared_us`, and by 0.1 s. */
bool ingest_is_truncated(int64_t declared_us, int64_t real_us);

#endif
