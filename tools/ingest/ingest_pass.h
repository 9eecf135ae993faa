/* SPDX-License-Identifier: MIT */
/*
 * ingest_pass: once through a film, from its first packet to its last.
 *
 * A pass measures; or makes, with a writer; or makes some GOPs again, with a
 * patch.  What it finds out stays for the next one.
 */
#ifndef TOOLS_INGEST_PASS_H
#define TOOLS_INGEST_PASS_H

#include "tools/ingest/ingest_film.h"
#include "tools/ingest/ingest_graph.h"
#include "tools/ingest/ingest_loudness.h"
#include "tools/ingest/ingest_patch.h"
#include "tools/ingest/ingest_picture.h"
#include "tools/ingest/ingest_sound.h"
#include "tools/ingest/ingest_source.h"
#include "tools/ingest/ingest_writer.h"
#include "tools/ingest/qc_picture.h"
#include "tools/ingest/qc_sound.h"
#include "tools/ingest/qc_source.h"
#include "tools/ingest/subtitle_track.h"

struct ingest_pass {
    const struct ingest_film *film;
    struct ingest_failure *failure;
    AVFrame *frame;

    /* What it is to do. */
    struct ingest_writer *writer; /* owned; NULL: pictures are not decoded, or: */
    struct ingest_patch *patch;   /* borrowed; sound is not decoded then */
    bool looks_at_keys;           /* the review sees key pictures alone, as they are */
    struct ingest_sound_settings with;
    struct subtitle_track *subtitles; /* borrowed; NULL: none */
    double done_from;                 /* part of the whole work before this pass, and after it */
    double done_to;

    /* The review looks once at everything: at sound in the first pass, at pictures in the
     * second. */
    struct qc_sheet *sheet;
    bool reviews_sound;
    struct qc_sound *qc_sound;     /* NULL: not in this pass */
    struct qc_picture *qc_picture; /* likewise */
    struct qc_clock clock;

    /* While it runs. */
    struct ingest_source source;
    struct ingest_sound sound;
    struct ingest_loudness loudness; /* of what `sound` makes */
    struct ingest_graph video;
    struct ingest_picture picture; /* what the graph is for */
    enum ingest_afd afd;           /* of what comes out of the graph */
    int64_t pictures;              /* that came out so far */
    int64_t expected_us;

    int64_t frames; /* how long the asset will be; 0: not known yet */
};

/* 0, or negative with the reason. */
int ingest_pass_run(struct ingest_pass *pass);

/* Closes what a pass opened, the writer included.  Accepts one that never ran. */
void ingest_pass_end(struct ingest_pass *pass);

/* How long the asset of the film that was gone through must be, in frames. */
int64_t ingest_pass_length(const struct ingest_pass *pass);

#endif
