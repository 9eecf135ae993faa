/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_loudness.h"

#include <math.h>
#include <stdlib.h>

#include <libavutil/avutil.h>
#include <libavutil/dict.h>
#include <libavutil/error.h>
#include <libavutil/mathematics.h>
#include <libavutil/samplefmt.h>

enum { SILENCE_SAMPLES = 4800 };

#define QUIETEST_LKFS (INGEST_SILENCE_LKFS + 1)
#define GAIN_MOST_DB  30.0

int ingest_loudness_init(struct ingest_loudness *loudness)
{
    *loudness =
        (struct ingest_loudness){.lkfs = INGEST_SILENCE_LKFS, .peak_dbtp = INGEST_SILENCE_DBTP};
    loudness->frame = av_frame_alloc();
    return loudness->frame != NULL ? 0 : AVERROR(ENOMEM);
}

void ingest_loudness_finish(struct ingest_loudness *loudness)
{
    ingest_graph_close(&loudness->graph);
    av_frame_free(&loudness->frame);
}

static double read_number(const AVDictionary *metadata, const char *key, double otherwise)
{
    const AVDictionaryEntry *entry = av_dict_get(metadata, key, NULL, 0);
    const double value = entry != NULL ? strtod(entry->value, NULL) : otherwise;
    return isfinite(value) ? value : otherwise;
}

/* The filter gives a tenth of a second at a time, of the samples that it was given. */
static void show(const struct ingest_loudness *loudness)
{
    const AVFrame *frame = loudness->frame;
    const struct qc_block block = {
        .samples = (const double *)(const void *)frame->data[0],
        .count = frame->nb_samples,
        .length_us = av_rescale(frame->nb_samples, AV_TIME_BASE, frame->sample_rate),
        .short_lkfs = read_number(frame->metadata, "lavfi.r128.S", QC_CURVE_NOTHING),
        .momentary_lkfs = read_number(frame->metadata, "lavfi.r128.M", QC_CURVE_NOTHING),
    };
    qc_sound_take(loudness->qc, &block);
}

/* The values so far come with each frame: the last ones are those of the whole. */
static int collect(struct ingest_loudness *loudness)
{
    int result = 0;
    while ((result = ingest_graph_get(&loudness->graph, loudness->frame)) >= 0) {
        const AVDictionary *metadata = loudness->frame->metadata;
        loudness->lkfs = read_number(metadata, "lavfi.r128.I", loudness->lkfs);
        double peak = read_number(metadata, "lavfi.r128.true_peaks_ch0", 0);
        peak = fmax(peak, read_number(metadata, "lavfi.r128.true_peaks_ch1", 0));
        if (peak > 0) {
            loudness->peak_dbtp = fmax(loudness->peak_dbtp, 20 * log10(peak));
        }
        if (loudness->qc != NULL) {
            show(loudness);
        }
        av_frame_unref(loudness->frame);
    }
    return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : result;
}

int ingest_loudness_take(struct ingest_loudness *loudness, AVFrame *frame)
{
    static const char WITH_PEAKS[] = "aformat=sample_fmts=dbl:channel_layouts=stereo,"
                                     "ebur128=peak=true:metadata=1";
    static const char WITHOUT[] = "aformat=sample_fmts=dbl:channel_layouts=stereo,"
                                  "ebur128=metadata=1";
    if (loudness->graph.graph == NULL) {
        if (frame == NULL) {
            return 0;
        }
        const int result = ingest_graph_open(&loudness->graph, frame,
                                             loudness->leaves_peaks ? WITHOUT : WITH_PEAKS);
        if (result < 0) {
            return result;
        }
    }
    const int result = ingest_graph_put(&loudness->graph, frame);
    return result < 0 ? result : collect(loudness);
}

/* Silence like the sound before it. */
static AVFrame *make_silence(const struct ingest_graph *graph, int samples)
{
    AVFrame *frame = av_frame_alloc();
    if (frame == NULL) {
        return NULL;
    }
    frame->format = graph->format;
    frame->sample_rate = graph->sample_rate;
    frame->nb_samples = samples;
    av_channel_layout_default(&frame->ch_layout, graph->channels);
    if (av_frame_get_buffer(frame, 0) < 0) {
        av_frame_free(&frame);
        return NULL;
    }
    av_samples_set_silence(frame->extended_data, 0, samples, graph->channels, graph->format);
    return frame;
}

int ingest_loudness_silence(struct ingest_loudness *loudness, int64_t samples)
{
    if (loudness->graph.graph == NULL) {
        return 0; /* no sound at all so far */
    }
    AVFrame *frame = make_silence(&loudness->graph, SILENCE_SAMPLES);
    int result = frame != NULL ? 0 : AVERROR(ENOMEM);
    while (result >= 0 && samples > 0) {
        frame->nb_samples = samples < SILENCE_SAMPLES ? (int)samples : SILENCE_SAMPLES;
        samples -= frame->nb_samples;
        frame->pts = AV_NOPTS_VALUE;
        result = ingest_loudness_take(loudness, frame);
    }
    av_frame_free(&frame);
    return result;
}

double ingest_loudness_gain(double lkfs, double target)
{
    return lkfs < QUIETEST_LKFS ? 0 : fmin(target - lkfs, GAIN_MOST_DB);
}
