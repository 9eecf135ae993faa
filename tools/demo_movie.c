/* SPDX-License-Identifier: MIT */
#include "tools/demo_movie.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>

#include "tools/demo_canvas.h"

enum {
    VIDEO_GOP_FRAMES = 250,
    AUDIO_BITRATE = 96000,
};

struct track {
    AVCodecContext *encoder;
    AVStream *stream;
    int64_t next_pts; /* in the encoder's time base */
};

struct demo_movie {
    AVFormatContext *muxer;
    AVPacket *packet;
    AVFrame *sound; /* one encoder frame, being filled */
    int sound_filled;
    bool has_header;
    struct track video;
    struct track audio;
};

static int add_track(struct demo_movie *movie, struct track *track, const char *encoder_name)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(encoder_name);

    if (codec == NULL) {
        return AVERROR_ENCODER_NOT_FOUND;
    }
    track->encoder = avcodec_alloc_context3(codec);
    track->stream = avformat_new_stream(movie->muxer, NULL);
    if (track->encoder == NULL || track->stream == NULL) {
        return AVERROR(ENOMEM);
    }
    track->encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    return 0;
}

static int start_track(struct track *track, AVDictionary **options)
{
    int error = avcodec_open2(track->encoder, NULL, options);

    av_dict_free(options);
    if (error < 0) {
        return error;
    }
    track->stream->time_base = track->encoder->time_base;
    return avcodec_parameters_from_context(track->stream->codecpar, track->encoder);
}

static int open_video(struct demo_movie *movie)
{
    AVDictionary *options = NULL;
    int error = add_track(movie, &movie->video, "libx264");

    if (error < 0) {
        return error;
    }
    AVCodecContext *encoder = movie->video.encoder;
    encoder->width = DEMO_WIDTH;
    encoder->height = DEMO_HEIGHT;
    encoder->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder->time_base = (AVRational){1, DEMO_FRAMES_PER_SECOND};
    encoder->framerate = (AVRational){DEMO_FRAMES_PER_SECOND, 1};
    encoder->gop_size = VIDEO_GOP_FRAMES;
    encoder->sample_aspect_ratio = (AVRational){1, 1};
    /* libavfilter's drawing turns colours into these. */
    encoder->colorspace = AVCOL_SPC_SMPTE170M;
    encoder->color_primaries = AVCOL_PRI_SMPTE170M;
    encoder->color_trc = AVCOL_TRC_SMPTE170M;
    encoder->color_range = AVCOL_RANGE_MPEG;
    /* Slides stand still: the fastest preset is good enough, and an engine
     * on the air may be using the same processor. */
    av_dict_set(&options, "preset", "ultrafast", 0);
    av_dict_set(&options, "crf", "22", 0);
    return start_track(&movie->video, &options);
}

static int open_audio(struct demo_movie *movie)
{
    AVDictionary *options = NULL;
    int error = add_track(movie, &movie->audio, "aac");

    if (error < 0) {
        return error;
    }
    AVCodecContext *encoder = movie->audio.encoder;
    encoder->sample_rate = DEMO_SOUND_RATE;
    encoder->sample_fmt = AV_SAMPLE_FMT_FLTP;
    encoder->time_base = (AVRational){1, DEMO_SOUND_RATE};
    encoder->bit_rate = AUDIO_BITRATE;
    av_channel_layout_default(&encoder->ch_layout, 1);
    error = start_track(&movie->audio, &options);
    if (error < 0) {
        return error;
    }

    movie->sound->format = AV_SAMPLE_FMT_FLTP;
    movie->sound->nb_samples = encoder->frame_size;
    movie->sound->sample_rate = DEMO_SOUND_RATE;
    error = av_channel_layout_copy(&movie->sound->ch_layout, &encoder->ch_layout);
    return error < 0 ? error : av_frame_get_buffer(movie->sound, 0);
}

static int begin_file(struct demo_movie *movie, const char *path)
{
    int error = avio_open(&movie->muxer->pb, path, AVIO_FLAG_WRITE);

    if (error < 0) {
        return error;
    }
    error = avformat_write_header(movie->muxer, NULL);
    movie->has_header = error >= 0;
    return error < 0 ? error : 0;
}

int demo_movie_open(struct demo_movie **movie, const char *path)
{
    struct demo_movie *made = calloc(1, sizeof *made);
    int error = AVERROR(ENOMEM);

    if (made == NULL) {
        return error;
    }
    made->packet = av_packet_alloc();
    made->sound = av_frame_alloc();
    if (made->packet == NULL || made->sound == NULL) {
        goto cleanup;
    }
    error = avformat_alloc_output_context2(&made->muxer, NULL, "mp4", path);
    if (error >= 0) {
        error = open_video(made);
    }
    if (error >= 0) {
        error = open_audio(made);
    }
    if (error >= 0) {
        error = begin_file(made, path);
    }

cleanup:
    if (error < 0) {
        demo_movie_close(made);
        return error;
    }
    *movie = made;
    return 0;
}

void demo_movie_close(struct demo_movie *movie)
{
    if (movie == NULL) {
        return;
    }
    avcodec_free_context(&movie->video.encoder);
    avcodec_free_context(&movie->audio.encoder);
    if (movie->muxer != NULL) {
        avio_closep(&movie->muxer->pb);
        avformat_free_context(movie->muxer);
    }
    av_frame_free(&movie->sound);
    av_packet_free(&movie->packet);
    free(movie);
}

/* frame NULL: the end of this track. */
static int encode(struct demo_movie *movie, struct track *track, AVFrame *frame)
{
    int error = avcodec_send_frame(track->encoder, frame);

    while (error >= 0) {
        error = avcodec_receive_packet(track->encoder, movie->packet);
        if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) {
            return 0;
        }
        if (error >= 0) {
            av_packet_rescale_ts(movie->packet, track->encoder->time_base,
                                 track->stream->time_base);
            movie->packet->stream_index = track->stream->index;
            error = av_interleaved_write_frame(movie->muxer, movie->packet);
        }
    }
    return error;
}

int demo_movie_picture(struct demo_movie *movie, AVFrame *frame)
{
    frame->pts = movie->video.next_pts++;
    frame->pict_type = AV_PICTURE_TYPE_NONE;
    return encode(movie, &movie->video, frame);
}

static int encode_sound(struct demo_movie *movie)
{
    movie->sound->nb_samples = movie->sound_filled;
    movie->sound->pts = movie->audio.next_pts;
    movie->audio.next_pts += movie->sound_filled;
    movie->sound_filled = 0;
    return encode(movie, &movie->audio, movie->sound);
}

int demo_movie_sound(struct demo_movie *movie, const float *samples, size_t count)
{
    const int frame_size = movie->audio.encoder->frame_size;

    while (count > 0) {
        /* The encoder may still hold the last one. */
        int error = av_frame_make_writable(movie->sound);
        if (error < 0) {
            return error;
        }
        const size_t room = (size_t)(frame_size - movie->sound_filled);
        const size_t taken = count < room ? count : room;
        float *target = (float *)(void *)movie->sound->data[0] + movie->sound_filled;
        memcpy(target, samples, taken * sizeof *samples);
        samples += taken;
        count -= taken;
        movie->sound_filled += (int)taken;
        if (movie->sound_filled == frame_size) {
            error = encode_sound(movie);
            if (error < 0) {
                return error;
            }
        }
    }
    return 0;
}

int demo_movie_end(struct demo_movie *movie)
{
    int error = movie->sound_filled > 0 ? encode_sound(movie) : 0;

    if (error >= 0) {
        error = encode(movie, &movie->audio, NULL);
    }
    if (error >= 0) {
        error = encode(movie, &movie->video, NULL);
    }
    if (error >= 0) {
        error = av_write_trailer(movie->muxer);
    }
    return error < 0 ? error : 0;
}
