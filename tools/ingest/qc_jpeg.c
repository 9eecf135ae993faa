/* SPDX-License-Identifier: MIT */
#include "tools/ingest/qc_jpeg.h"

#include <stdlib.h>

#include <libavcodec/avcodec.h>
#include <libavutil/base64.h>
#include <libavutil/imgutils.h>

enum { QUALITY = 4 }; /* 2 is best, 31 is worst */

struct qc_jpeg {
    AVCodecContext *encoder;
    AVFrame *frame;
    AVPacket *packet;
};

static int open_encoder(struct qc_jpeg *jpeg, int width)
{
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
    jpeg->encoder = codec != NULL ? avcodec_alloc_context3(codec) : NULL;
    jpeg->frame = av_frame_alloc();
    jpeg->packet = av_packet_alloc();
    if (jpeg->encoder == NULL || jpeg->frame == NULL || jpeg->packet == NULL) {
        return AVERROR(ENOMEM);
    }
    AVCodecContext *encoder = jpeg->encoder;
    encoder->width = width;
    encoder->height = QC_PICTURE_LINES;
    encoder->pix_fmt = AV_PIX_FMT_YUVJ420P;
    encoder->time_base = (AVRational){1, 25};
    encoder->flags |= AV_CODEC_FLAG_QSCALE;
    encoder->global_quality = FF_QP2LAMBDA * QUALITY;
    encoder->thread_count = 1;
    jpeg->frame->width = width;
    jpeg->frame->height = QC_PICTURE_LINES;
    jpeg->frame->format = AV_PIX_FMT_YUVJ420P;
    jpeg->frame->quality = encoder->global_quality;
    const int result = avcodec_open2(encoder, codec, NULL);
    return result < 0 ? result : av_frame_get_buffer(jpeg->frame, 0);
}

struct qc_jpeg *qc_jpeg_create(int width)
{
    struct qc_jpeg *jpeg = calloc(1, sizeof(*jpeg));
    if (jpeg != NULL && open_encoder(jpeg, width) < 0) {
        qc_jpeg_destroy(jpeg);
        jpeg = NULL;
    }
    return jpeg;
}

void qc_jpeg_destroy(struct qc_jpeg *jpeg)
{
    if (jpeg != NULL) {
        avcodec_free_context(&jpeg->encoder);
        av_frame_free(&jpeg->frame);
        av_packet_free(&jpeg->packet);
        free(jpeg);
    }
}

char *qc_jpeg_base64(struct qc_jpeg *jpeg, const struct qc_still *still)
{
    AVFrame *frame = jpeg->frame;
    uint8_t *planes[4];
    int lines[4];
    if (av_frame_make_writable(frame) < 0 ||
        av_image_fill_arrays(planes, lines, still->planes, frame->format, frame->width,
                             frame->height, 1) < 0) {
        return NULL;
    }
    const uint8_t *source[4] = {planes[0], planes[1], planes[2], planes[3]};
    av_image_copy(frame->data, frame->linesize, source, lines, frame->format, frame->width,
                  frame->height);
    frame->pts++;
    if (avcodec_send_frame(jpeg->encoder, frame) < 0 ||
        avcodec_receive_packet(jpeg->encoder, jpeg->packet) < 0) {
        return NULL;
    }
    const size_t size = (size_t)AV_BASE64_SIZE(jpeg->packet->size);
    char *text = malloc(size);
    if (text != NULL) {
        av_base64_encode(text, (int)size, jpeg->packet->data, jpeg->packet->size);
    }
    av_packet_unref(jpeg->packet);
    return text;
}
