/* SPDX-License-Identifier: MIT */
/* ingest_graph: one chain of FFmpeg filters, frames in at one end and out at the other. */
#ifndef TOOLS_INGEST_GRAPH_H
#define TOOLS_INGEST_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include <libavfilter/avfilter.h>
#include <libavutil/frame.h>

struct ingest_graph {
    AVFilterGraph *graph;
    AVFilterContext *source;
    AVFilterContext *sink;
    int width; /* of what goes in: a change needs a new graph */
    int height;
    int format;
    int sample_rate;
    int channels;
    int64_t end_us; /* of the picture that was given last */
};

/*
 * Opens a chain for frames like `like` (size, format, rate, layout); times in
 * microseconds go in.  An audio graph when like->sample_rate is not 0.  A
 * frame of no size (width 0, rate 0) opens a chain that makes its own
 * pictures.  0 or an FFmpeg error.
 */
int ingest_graph_open(struct ingest_graph *graph, const AVFrame *like, const char *chain);
void ingest_graph_close(struct ingest_graph *graph); /* accepts a zeroed one */

/* True when the graph was made for frames like this one. */
bool ingest_graph_fits(const struct ingest_graph *graph, const AVFrame *frame);

/* Gives a frame (borrowed), or NULL at the end. */
int ingest_graph_put(struct ingest_graph *graph, AVFrame *frame);

/* Takes the next frame out: 0, AVERROR(EAGAIN), AVERROR_EOF or an error. */
int ingest_graph_get(struct ingest_graph *graph, AVFrame *frame);

#endif
