/* SPDX-License-Identifier: MIT */
/* ingest_slate: the picture that airs when nothing else can, drawn by FFmpeg's filters. */
#ifndef TOOLS_INGEST_SLATE_H
#define TOOLS_INGEST_SLATE_H

#include "playout/station.h"
#include "tools/ingest_graph.h"

#include <stdint.h>

/*
 * How long it is: whole GOPs, so that it repeats without a seam; 9.6 s, and of
 * pictures larger than high definition, which are slow to encode, 1.92 s.
 */
int64_t ingest_slate_frames(const struct profile *profile);

/*
 * Opens a graph that makes the pictures of the slate, with the station's
 * name (UTF-8).  0 or an FFmpeg error.
 */
int ingest_slate_open(struct ingest_graph *graph, const struct profile *profile,
                      const char *station);

#endif
