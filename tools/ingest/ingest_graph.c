/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_graph.h"

#include <stdio.h>

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>

enum { LAST_US = 40000 }; /* a picture is on the air for so long at least */

/* Mono and stereo files often name no layout: the default for their number of channels. */
static void describe_layout(const AVFrame *like, char *text, size_t size)
{
    AVChannelLayout layout = {0};
    if (like->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
        av_channel_layout_default(&layout, like->ch_layout.nb_channels);
    } else {
        av_channel_layout_copy(&layout, &like->ch_layout);
    }
    av_channel_layout_describe(&layout, text, size);
    av_channel_layout_uninit(&layout);
}

static int create_source(struct ingest_graph *graph, const AVFrame *like)
{
    char arguments[256];
    char layout[64];
    if (like->sample_rate > 0) {
        describe_layout(like, layout, sizeof(layout));
        snprintf(arguments, sizeof(arguments),
                 "time_base=1/1000000:sample_rate=%d:sample_fmt=%s:channel_layout=%s",
                 like->sample_rate, av_get_sample_fmt_name(like->format), layout);
        return avfilter_graph_create_filter(&graph->source, avfilter_get_by_name("abuffer"), "in",
                                            arguments, NULL, graph->graph);
    }
    const AVRational aspect = like->sample_aspect_ratio;
    snprintf(arguments, sizeof(arguments),
             "video_size=%dx%d:pix_fmt=%d:time_base=1/1000000:pixel_aspect=%d/%d", like->width,
             like->height, like->format, aspect.num, aspect.den > 0 ? aspect.den : 1);
    return avfilter_graph_create_filter(&graph->source, avfilter_get_by_name("buffer"), "in",
                                        arguments, NULL, graph->graph);
}

static int create_sink(struct ingest_graph *graph, bool is_audio)
{
    return avfilter_graph_create_filter(
        &graph->sink, avfilter_get_by_name(is_audio ? "abuffersink" : "buffersink"), "out", NULL,
        NULL, graph->graph);
}

static int parse_chain(struct ingest_graph *graph, const char *chain)
{
    AVFilterInOut *outputs = NULL;
    AVFilterInOut *inputs = avfilter_inout_alloc();
    int result = inputs != NULL ? 0 : AVERROR(ENOMEM);
    if (result == 0) {
        *inputs = (AVFilterInOut){.name = av_strdup("out"), .filter_ctx = graph->sink};
    }
    if (result == 0 && graph->source != NULL) {
        outputs = avfilter_inout_alloc();
        if (outputs != NULL) {
            *outputs = (AVFilterInOut){.name = av_strdup("in"), .filter_ctx = graph->source};
        } else {
            result = AVERROR(ENOMEM);
        }
    }
    if (result == 0) {
        result = avfilter_graph_parse_ptr(graph->graph, chain, &inputs, &outputs, NULL);
    }
    avfilter_inout_free(&inputs);
    avfilter_inout_free(&outputs);
    return result < 0 ? result : avfilter_graph_config(graph->graph, NULL);
}

int ingest_graph_open(struct ingest_graph *graph, const AVFrame *like, const char *chain)
{
    *graph = (struct ingest_graph){.width = like->width,
                                   .height = like->height,
                                   .format = like->format,
                                   .sample_rate = like->sample_rate,
                                   .channels = like->ch_layout.nb_channels};
    graph->graph = avfilter_graph_alloc();
    if (graph->graph == NULL) {
        return AVERROR(ENOMEM);
    }
    graph->graph->nb_threads = 1; /* slices in parallel cost a third more in all */
    const bool makes_its_own = like->width == 0 && like->sample_rate == 0;
    int result = makes_its_own ? 0 : create_source(graph, like);
    if (result >= 0) {
        result = create_sink(graph, like->sample_rate > 0);
    }
    if (result >= 0) {
        result = parse_chain(graph, chain);
    }
    if (result < 0) {
        ingest_graph_close(graph);
    }
    return result;
}

void ingest_graph_close(struct ingest_graph *graph)
{
    avfilter_graph_free(&graph->graph);
    *graph = (struct ingest_graph){0};
}

bool ingest_graph_fits(const struct ingest_graph *graph, const AVFrame *frame)
{
    return graph->graph != NULL && graph->width == frame->width && graph->height == frame->height &&
           graph->format == frame->format && graph->sample_rate == frame->sample_rate &&
           graph->channels == frame->ch_layout.nb_channels;
}

/* Where no end is told, the fps filter leaves the last picture out: the last slide of a lesson. */
int ingest_graph_put(struct ingest_graph *graph, AVFrame *frame)
{
    const bool is_picture = graph->sample_rate == 0;
    if (is_picture && frame == NULL) {
        return av_buffersrc_close(graph->source, graph->end_us, 0);
    }
    if (is_picture && frame->pts != AV_NOPTS_VALUE) {
        graph->end_us =
            frame->pts + (frame->pkt_duration > LAST_US ? frame->pkt_duration : LAST_US);
    }
    return av_buffersrc_add_frame_flags(graph->source, frame, AV_BUFFERSRC_FLAG_KEEP_REF);
}

int ingest_graph_get(struct ingest_graph *graph, AVFrame *frame)
{
    return av_buffersink_get_frame(graph->sink, frame);
}
