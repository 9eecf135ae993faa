/* SPDX-License-Identifier: MIT */
/* ingest_slate: the picture that airs when nothing else can, drawn by FFmpeg's filters. */
#ifndef TOOLS_INGEST_SLATE_H
#define TOOLS_INGEST_SLATE_H

#include "tools/ingest_graph.h"

enum { INGEST_SLATE_FRAMES = 240 }; /* 9.6 s: whole GOPs, so that it repeats without a seam */

/*
 * Opens a graph that makes the pictures of the slate, with the station's
 * name (UTF-8).  0 or an FFmpeg error.
 */
int ingest_slate_open(struct ingest_graph *graph, const struct profile *profile,
                      const char *station);

#endif
