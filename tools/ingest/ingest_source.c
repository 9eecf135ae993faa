/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_source.h"

#include "playout/intl.h"
#include "tools/ingest/ingest_file.h"
#include "tools/ingest/ingest_io.h"

#include <errno.h>
#include <math.h>

#include <libavutil/display.h>

enum {
    SIZE_MOST = 16384,      /* pixels across */
    DAMAGE_PERCENT = 10,    /* of the packets: more is a damaged file */
    TRUNCATED_PERCENT = 98, /* of the declared length: less is a truncated file, */
    TRUNCATED_US = 100000,  /* but for what muxers add to the length of sound */
    SHORTEST_US = 1000000,
    LONGEST_HOURS = 12,
    STRAY_US = 60000000, /* beyond twice the declared length, or PTS from DTS */
};

static int open_decoder(const AVStream *stream, int threads, AVCodecContext **decoder,
                        struct ingest_failure *failure)
{
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    if (codec == NULL) {
        return ingest_fail(failure, AVERROR_DECODER_NOT_FOUND,
                           _("its codec '%s' is not known here: export it as H.264 and AAC"),
                           avcodec_get_name(stream->codecpar->codec_id));
    }
    *decoder = avcodec_alloc_context3(codec);
    if (*decoder == NULL) {
        return AVERROR(ENOMEM);
    }
    int result = avcodec_parameters_to_context(*decoder, stream->codecpar);
    (*decoder)->pkt_timebase = stream->time_base;
    (*decoder)->thread_count = threads;
    if (result >= 0) {
        result = avcodec_open2(*decoder, codec, NULL);
    }
    return result < 0 ? ingest_fail_av(failure, result, _("it cannot be decoded")) : 0;
}

/* `related`: a stream of the same programme, or -1. */
static AVStream *best_stream(AVFormatContext *format, enum AVMediaType type, int related)
{
    const int index = av_find_best_stream(format, type, -1, related, NULL, 0);
    if (index < 0 || (format->streams[index]->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) {
        return NULL;
    }
    return format->streams[index];
}

static void find_rotation(struct ingest_source *source)
{
    const uint8_t *matrix = av_stream_get_side_data(source->video, AV_PKT_DATA_DISPLAYMATRIX, NULL);
    if (matrix != NULL) {
        const double angle = -av_display_rotation_get((const int32_t *)(const void *)matrix);
        if (!isnan(angle)) {
            source->rotation = fmod(round(angle / 90) * 90 + 720, 360);
        }
    }
}

static int64_t start_us(const AVStream *stream)
{
    return stream->start_time == AV_NOPTS_VALUE
               ? 0
               : av_rescale_q(stream->start_time, stream->time_base, AV_TIME_BASE_Q);
}

static int choose_streams(struct ingest_source *source, struct ingest_failure *failure)
{
    AVFormatContext *format = source->format;
    source->video = best_stream(format, AVMEDIA_TYPE_VIDEO, -1);
    if (source->video == NULL) {
        return ingest_fail(failure, AVERROR_STREAM_NOT_FOUND,
                           _("there is no picture in it: a lesson needs one"));
    }
    const AVCodecParameters *video = source->video->codecpar;
    if (video->width < 16 || video->height < 16 || video->width > SIZE_MOST ||
        video->height > SIZE_MOST) {
        return ingest_fail(failure, AVERROR_INVALIDDATA,
                           _("its picture is %d x %d pixels, which cannot be used"), video->width,
                           video->height);
    }
    source->audio = best_stream(format, AVMEDIA_TYPE_AUDIO, source->video->index);
    for (unsigned i = 0; i < format->nb_streams; i++) {
        AVStream *stream = format->streams[i];
        const bool is_used = stream == source->video || stream == source->audio;
        stream->discard = is_used ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
    source->origin_us = start_us(source->video);
    if (source->audio != NULL && start_us(source->audio) < source->origin_us) {
        source->origin_us = start_us(source->audio);
    }
    find_rotation(source);
    return 0;
}

int ingest_source_open(struct ingest_source *source, int fd, const char *name,
                       struct ingest_failure *failure)
{
    *source = (struct ingest_source){.threads = source->threads};
    int result = ingest_file_open(fd, name, &source->format, &source->io, failure);
    if (result == 0) {
        result = choose_streams(source, failure);
    }
    if (result == 0) {
        result = open_decoder(source->video, source->threads, &source->video_decoder, failure);
    }
    if (result == 0 && source->audio != NULL) {
        result = open_decoder(source->audio, 1, &source->audio_decoder, failure);
    }
    source->packet = av_packet_alloc();
    source->frame = av_frame_alloc();
    if (result == 0 && (source->packet == NULL || source->frame == NULL)) {
        result = AVERROR(ENOMEM);
    }
    if (result < 0) {
        ingest_source_close(source);
    }
    return result;
}

void ingest_source_close(struct ingest_source *source)
{
    avcodec_free_context(&source->video_decoder);
    avcodec_free_context(&source->audio_decoder);
    avformat_close_input(&source->format);
    (void)ingest_io_close(&source->io);
    av_packet_free(&source->packet);
    av_frame_free(&source->frame);
}

void ingest_source_mute(struct ingest_source *source)
{
    source->is_muted = true;
    avcodec_free_context(&source->audio_decoder);
}

static void note_end(struct ingest_source *source, bool is_video, int64_t end_us)
{
    int64_t *end = is_video ? &source->video_end_us : &source->audio_end_us;
    *end = end_us > *end ? end_us : *end;
}

/* Frame time in microseconds from the origin, and where the frame ends. */
static void set_time(struct ingest_source *source, bool is_video)
{
    AVFrame *frame = source->frame;
    const AVStream *stream = is_video ? source->video : source->audio;
    const int64_t pts = frame->best_effort_timestamp;
    const int64_t end = is_video ? source->video_end_us : source->audio_end_us;
    const int64_t time =
        pts == AV_NOPTS_VALUE
            ? end
            : av_rescale_q(pts, stream->time_base, AV_TIME_BASE_Q) - source->origin_us;
    int64_t length = 0;
    if (!is_video && frame->sample_rate > 0) {
        length = av_rescale(frame->nb_samples, AV_TIME_BASE, frame->sample_rate);
    } else if (frame->pkt_duration > 0) {
        length = av_rescale_q(frame->pkt_duration, stream->time_base, AV_TIME_BASE_Q);
    } else if (stream->avg_frame_rate.num > 0) {
        length = av_rescale_q(1, av_inv_q(stream->avg_frame_rate), AV_TIME_BASE_Q);
    }
    frame->pts = time;
    frame->pkt_duration = length < 10 * AV_TIME_BASE ? length : 0;
    if (!is_video) {
        source->audio_start_us = source->audio_us == 0 ? time : source->audio_start_us;
        source->audio_us += frame->pkt_duration;
    }
    note_end(source, is_video, time + frame->pkt_duration);
}

/* Beyond any lesson: the time stamps are broken, and repeating pictures up to there has no end. */
static bool is_too_late(const AVFrame *frame)
{
    return frame->pts > LONGEST_HOURS * INT64_C(3600) * AV_TIME_BASE;
}

static void note_damage(struct ingest_source *source, bool is_video)
{
    if (source->damaged++ == 0) {
        source->damaged_us = is_video ? source->video_end_us : source->audio_end_us;
    }
}

static int drain(struct ingest_source *source, bool is_video, ingest_take *take, void *context)
{
    AVCodecContext *decoder = is_video ? source->video_decoder : source->audio_decoder;
    for (;;) {
        int result = avcodec_receive_frame(decoder, source->frame);
        if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) {
            return 0;
        }
        if (result < 0) {
            note_damage(source, is_video);
            return 0;
        }
        if ((source->frame->flags & AV_FRAME_FLAG_CORRUPT) != 0 ||
            source->frame->decode_error_flags != 0) {
            note_damage(source, is_video);
        }
        set_time(source, is_video);
        result = is_too_late(source->frame) ? AVERROR_INVALIDDATA : 0;
        if (result < 0) {
            return result;
        }
        result = take(context, is_video, source->frame);
        av_frame_unref(source->frame);
        if (result < 0) {
            return result;
        }
    }
}

static int decode_packet(struct ingest_source *source, bool is_video, const AVPacket *packet,
                         ingest_take *take, void *context)
{
    AVCodecContext *decoder = is_video ? source->video_decoder : source->audio_decoder;
    const int result = avcodec_send_packet(decoder, packet);
    if (result < 0 && result != AVERROR_EOF) {
        note_damage(source, is_video);
    }
    return drain(source, is_video, take, context);
}

/* Pictures that are not decoded in this pass are known by their packets; AVI tells no PTS. */
static void count_picture(struct ingest_source *source)
{
    const AVPacket *packet = source->packet;
    const int64_t time = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
    if (time != AV_NOPTS_VALUE) {
        const AVRational base = source->video->time_base;
        note_end(source, true,
                 av_rescale_q(time + packet->duration, base, AV_TIME_BASE_Q) - source->origin_us);
    }
}

/*
 * Pictures wait in a decoder, but not for so long: one of the two time stamps is broken.  The one
 * that is nearer to what came last is kept, or a second of film would last until the other.
 */
static void mend_stray(const struct ingest_source *source, bool is_video)
{
    AVPacket *packet = source->packet;
    const AVRational base = (is_video ? source->video : source->audio)->time_base;
    const int64_t end = is_video ? source->video_end_us : source->audio_end_us;
    const int64_t next = av_rescale_q(
        end + source->origin_us - source->timeline.offset_us[is_video], AV_TIME_BASE_Q, base);
    if (packet->pts == AV_NOPTS_VALUE || packet->dts == AV_NOPTS_VALUE ||
        fabs((double)packet->pts - (double)packet->dts) * av_q2d(base) < STRAY_US / 1e6) {
        return;
    }
    if (fabs((double)packet->pts - (double)next) < fabs((double)packet->dts - (double)next)) {
        packet->dts = packet->pts;
    } else {
        packet->pts = AV_NOPTS_VALUE; /* the decoder makes it up from those around */
    }
}

/* Moves the time stamps of a packet onto one line, where the format lets them start over. */
static void straighten(struct ingest_source *source, bool is_video)
{
    AVPacket *packet = source->packet;
    const AVRational base = (is_video ? source->video : source->audio)->time_base;
    if ((source->format->iformat->flags & AVFMT_TS_DISCONT) == 0 || packet->dts == AV_NOPTS_VALUE) {
        return;
    }
    const int64_t offset_us = ingest_timeline_offset(
        &source->timeline, is_video, av_rescale_q(packet->dts, base, AV_TIME_BASE_Q),
        av_rescale_q(packet->duration, base, AV_TIME_BASE_Q));
    const int64_t offset = av_rescale_q(offset_us, AV_TIME_BASE_Q, base);
    packet->dts += offset;
    packet->pts += packet->pts != AV_NOPTS_VALUE ? offset : 0;
}

/* True for a packet that is to be decoded; if not, it is counted. */
static bool is_wanted(struct ingest_source *source, bool is_video, enum ingest_pictures pictures)
{
    if (!is_video || pictures == INGEST_ALL_PICTURES) {
        return true;
    }
    count_picture(source);
    return pictures == INGEST_KEY_PICTURES && (source->packet->flags & AV_PKT_FLAG_KEY) != 0;
}

/* Reads to the end; what `take` returns is told apart from what reading returns. */
static int read_packets(struct ingest_source *source, enum ingest_pictures pictures,
                        ingest_take *take, void *context, struct ingest_failure *failure)
{
    int result = 0;
    while ((result = av_read_frame(source->format, source->packet)) >= 0) {
        const int index = source->packet->stream_index;
        const bool is_video = index == source->video->index;
        int taken = 0;
        if (is_video || (source->audio != NULL && index == source->audio->index)) {
            source->packets++;
            mend_stray(source, is_video);
            straighten(source, is_video);
            if ((is_video || !source->is_muted) && is_wanted(source, is_video, pictures)) {
                taken = decode_packet(source, is_video, source->packet, take, context);
            }
        }
        av_packet_unref(source->packet);
        if (taken < 0) {
            return taken;
        }
    }
    return result == AVERROR_EOF
               ? 0
               : ingest_fail_av(failure, result, _("it cannot be read to its end"));
}

int ingest_source_decode(struct ingest_source *source, enum ingest_pictures pictures,
                         ingest_take *take, void *context, struct ingest_failure *failure)
{
    int result = read_packets(source, pictures, take, context, failure);
    if (result >= 0 && source->audio != NULL && !source->is_muted) {
        result = decode_packet(source, false, NULL, take, context);
        result = result < 0 ? result : take(context, false, NULL);
    }
    if (result >= 0 && pictures != INGEST_NO_PICTURES) {
        result = decode_packet(source, true, NULL, take, context);
        result = result < 0 ? result : take(context, true, NULL);
    }
    if (result == INGEST_ENOUGH) {
        return 0;
    }
    if (result == AVERROR(ENOSPC)) {
        return ingest_fail(failure, result,
                           _("the disk of the media folder is full: make room, then ingest again"));
    }
    return result < 0 ? ingest_fail_av(failure, result, _("it cannot be converted")) : 0;
}

struct ingest_picture ingest_source_picture(struct ingest_source *source, const AVFrame *frame)
{
    const AVStream *stream = source->video;
    const enum AVFieldOrder order = stream->codecpar->field_order;
    const bool is_said = order > AV_FIELD_PROGRESSIVE;
    source->is_interlaced = source->is_interlaced || is_said || frame->interlaced_frame;
    return (struct ingest_picture){
        .width = frame->width,
        .height = frame->height,
        .aspect = frame->sample_aspect_ratio.num > 0 ? frame->sample_aspect_ratio
                                                     : stream->sample_aspect_ratio,
        .rotation = source->rotation,
        .rate = stream->avg_frame_rate,
        .is_interlaced = source->is_interlaced,
        .is_top_first = frame->interlaced_frame ? frame->top_field_first
                                                : order != AV_FIELD_BB && order != AV_FIELD_TB,
        .space = frame->colorspace,
        .transfer = frame->color_trc,
        .primaries = frame->color_primaries,
    };
}

bool ingest_is_truncated(int64_t declared_us, int64_t real_us)
{
    return real_us < declared_us / 100 * TRUNCATED_PERCENT && real_us < declared_us - TRUNCATED_US;
}

int64_t ingest_source_declared_us(const struct ingest_source *source)
{
    const AVFormatContext *format = source->format;
    /* What FFmpeg makes of the bit rate, or of the last time stamps, is no declaration. */
    const bool is_said = format->duration != AV_NOPTS_VALUE &&
                         format->duration_estimation_method == AVFMT_DURATION_FROM_STREAM;
    return is_said ? format->duration : 0;
}

static int judge_length(int64_t declared_us, int64_t real_us, struct ingest_failure *failure)
{
    if (!ingest_is_truncated(declared_us, real_us)) {
        return 0;
    }
    return ingest_fail(failure, AVERROR_INVALIDDATA,
                       _("it is truncated: it says that it lasts %.1f s, but ends after %.1f s; "
                         "copy it again"),
                       (double)declared_us / AV_TIME_BASE, (double)real_us / AV_TIME_BASE);
}

/* The picture by itself: in some files all the sound comes first. */
static int judge_picture_length(const struct ingest_source *source, struct ingest_failure *failure)
{
    const AVStream *video = source->video;
    if (video->duration == AV_NOPTS_VALUE || ingest_source_declared_us(source) == 0) {
        return 0;
    }
    const int64_t starts = start_us(video) - source->origin_us;
    return judge_length(av_rescale_q(video->duration, video->time_base, AV_TIME_BASE_Q),
                        source->video_end_us - starts, failure);
}

int ingest_source_judge(const struct ingest_source *source, struct ingest_failure *failure)
{
    const int64_t video = source->video_end_us;
    const int64_t real = video > source->audio_end_us ? video : source->audio_end_us;
    if (source->damaged * 100 > source->packets * DAMAGE_PERCENT) {
        return ingest_fail(failure, AVERROR_INVALIDDATA,
                           _("it is damaged: %lld of %lld parts cannot be decoded; export it "
                             "again"),
                           (long long)source->damaged, (long long)source->packets);
    }
    if (real > LONGEST_HOURS * INT64_C(3600) * AV_TIME_BASE) {
        return ingest_fail(failure, AVERROR_INVALIDDATA,
                           _("it lasts %lld hours by its time stamps; %d is the most: export it "
                             "again, or cut it"),
                           (long long)(real / AV_TIME_BASE / 3600), LONGEST_HOURS);
    }
    const int64_t declared = ingest_source_declared_us(source);
    if (declared > 0 && real > 2 * declared + STRAY_US) {
        return ingest_fail(failure, AVERROR_INVALIDDATA,
                           _("its time stamps are broken: it says that it lasts %.1f s, but goes "
                             "on to %.1f s; export it again"),
                           (double)declared / AV_TIME_BASE, (double)real / AV_TIME_BASE);
    }
    /* In Matroska the length counts from 0, wherever the film begins. */
    const int64_t before = source->origin_us > 0 ? source->origin_us : 0;
    int result = judge_length(declared, real + before, failure);
    if (result == 0) {
        result = judge_picture_length(source, failure);
    }
    if (result == 0 && video < SHORTEST_US) {
        result = ingest_fail(failure, AVERROR_INVALIDDATA,
                             _("its picture lasts %.1f s; a lesson lasts a second at least"),
                             (double)video / AV_TIME_BASE);
    }
    return result;
}
