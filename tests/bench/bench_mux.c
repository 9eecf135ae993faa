/* SPDX-License-Identifier: MIT */
/*
 * How fast FFmpeg's muxer writes constant-rate MPEG-TS into memory: what our
 * rendering is held against.  Reading the file is not counted.
 *
 * Usage: bench_mux FILE MUXRATE SECONDS
 *
 * Muxes FILE over and over until SECONDS of it are written; prints
 * "gbps N": gigabits of stream a second of one core's time.
 */
#include <libavformat/avformat.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    PACKETS_MOST = 1 << 16,
    BUFFER = 1316 * 32,
    MAX_DELAY_US = 700000, /* as the command line has it */
};

struct material {
    AVFormatContext *in;
    AVPacket *packets[PACKETS_MOST];
    size_t count;
};

static uint64_t written;

static int take(void *opaque, uint8_t *bytes, int size)
{
    (void)opaque;
    (void)bytes;
    written += (uint64_t)size;
    return size;
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int load(struct material *material, const char *path)
{
    if (avformat_open_input(&material->in, path, NULL, NULL) < 0 ||
        avformat_find_stream_info(material->in, NULL) < 0) {
        return -1;
    }
    while (material->count < PACKETS_MOST) {
        AVPacket *packet = av_packet_alloc();
        if (av_read_frame(material->in, packet) < 0) {
            av_packet_free(&packet);
            break;
        }
        material->packets[material->count++] = packet;
    }
    return material->count > 0 ? 0 : -1;
}

static AVFormatContext *open_muxer(const struct material *material, const char *rate)
{
    AVFormatContext *out = NULL;
    AVDictionary *options = NULL;
    if (avformat_alloc_output_context2(&out, NULL, "mpegts", NULL) < 0) {
        return NULL;
    }
    for (unsigned i = 0; i < material->in->nb_streams; i++) {
        AVStream *stream = avformat_new_stream(out, NULL);
        avcodec_parameters_copy(stream->codecpar, material->in->streams[i]->codecpar);
        stream->codecpar->codec_tag = 0;
        stream->time_base = material->in->streams[i]->time_base;
    }
    out->pb = avio_alloc_context(av_malloc(BUFFER), BUFFER, 1, NULL, NULL, take, NULL);
    out->max_delay = MAX_DELAY_US;
    av_dict_set(&options, "muxrate", rate, 0);
    av_dict_set(&options, "pcr_period", "25", 0);
    const int result = avformat_write_header(out, &options);
    av_dict_free(&options);
    return result < 0 ? NULL : out;
}

/* All packets once, `offset_s` later. */
static int mux_once(const struct material *material, AVFormatContext *out, int64_t offset_s)
{
    for (size_t i = 0; i < material->count; i++) {
        AVPacket *packet = av_packet_clone(material->packets[i]);
        const int n = packet->stream_index;
        const AVRational base = material->in->streams[n]->time_base;
        const int64_t offset = av_rescale_q(offset_s, (AVRational){1, 1}, base);
        packet->pts += offset;
        packet->dts += offset;
        av_packet_rescale_ts(packet, base, out->streams[n]->time_base);
        const int result = av_write_frame(out, packet);
        av_packet_free(&packet);
        if (result < 0) {
            return result;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    static struct material material;
    if (argc != 4) {
        fprintf(stderr, "usage: bench_mux FILE MUXRATE SECONDS\n");
        return 2;
    }
    av_log_set_level(AV_LOG_QUIET);
    if (load(&material, argv[1]) < 0) {
        fprintf(stderr, "bench_mux: %s cannot be read\n", argv[1]);
        return 1;
    }
    AVFormatContext *out = open_muxer(&material, argv[2]);
    const int64_t length_s = material.in->duration / AV_TIME_BASE + 1;
    if (out == NULL) {
        return 1;
    }
    const double start = cpu_seconds();
    for (int64_t at = 0; at < atoll(argv[3]); at += length_s) {
        if (mux_once(&material, out, at) < 0) {
            return 1;
        }
    }
    av_write_trailer(out);
    printf("gbps %.3f\n", (double)written * 8 / 1e9 / (cpu_seconds() - start));
    return 0;
}
