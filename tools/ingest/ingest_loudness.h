/* SPDX-License-Identifier: MIT */
/*
 * ingest_loudness: how loud a programme is, and the gain that makes it right.
 *
 * Normative reference: ITU-R BS.1770 as EBU R 128 and GY/T 282 use it.
 */
#ifndef TOOLS_INGEST_LOUDNESS_H
#define TOOLS_INGEST_LOUDNESS_H

#include "tools/ingest/ingest_graph.h"
#include "tools/ingest/qc_sound.h"

#include <stdbool.h>

#define INGEST_SILENCE_LKFS (-70.0)
#define INGEST_SILENCE_DBTP (-120.0)

struct ingest_loudness {
    struct ingest_graph graph;
    AVFrame *frame;
    double lkfs;         /* integrated; -70 for silence */
    double peak_dbtp;    /* true peak */
    bool leaves_peaks;   /* are not measured, which costs about as much as the rest */
    struct qc_sound *qc; /* is shown what was measured; NULL: nobody */
};

int ingest_loudness_init(struct ingest_loudness *loudness);
void ingest_loudness_finish(struct ingest_loudness *loudness); /* accepts a zeroed one */

/* Measures a frame of sound of the house format, or ends with NULL.  0 or an FFmpeg error. */
int ingest_loudness_take(struct ingest_loudness *loudness, AVFrame *frame);

/* The same for so much silence after sound that was measured. */
int ingest_loudness_silence(struct ingest_loudness *loudness, int64_t samples);

/* Gain in dB towards `target`; none for silence, at most 30 dB. */
double ingest_loudness_gain(double lkfs, double target);

#endif
