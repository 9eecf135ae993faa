/* SPDX-License-Identifier: MIT */
#include "tools/ingest_loudness.h"

#include <math.h>
#include <stdlib.h>

#include <libavutil/dict.h>
#include <libavutil/error.h>

#define SILENCE_LKFS (-69.0)
#define GAIN_MOST_DB 30.0

int ingest_loudness_init(struct ingest_loudness *loudness)
{
    *loudness = (struct ingest_loudness){.lkfs = -70, .peak_dbtp = -120};
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
        av_frame_unref(loudness->frame);
    }
    return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : result;
}

int ingest_loudness_take(struct ingest_loudness *loudness, AVFrame *frame)
{
    static const char CHAIN[] = "aresample=48000,aformat=sample_fmts=dbl:channel_layouts=stereo,"
                                "ebur128=peak=true:metadata=1";
    if (loudness->graph.graph == NULL) {
        if (frame == NULL) {
            return 0;
        }
        const int result = ingest_graph_open(&loudness->graph, frame, CHAIN);
        if (result < 0) {
            return result;
        }
    }
    const int result = ingest_graph_put(&loudness->graph, frame);
    return result < 0 ? result : collect(loudness);
}

double ingest_loudness_gain(double lkfs, double target)
{
    return lkfs < SILENCE_LKFS ? 0 : fmin(target - lkfs, GAIN_MOST_DB);
}
