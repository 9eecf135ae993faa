/* SPDX-License-Identifier: MIT */
/* ingest_slate: the picture that airs when nothing else can, drawn by FFmpeg's filters. */
#ifndef TOOLS_INGEST_SLATE_H
#define TOOLS_INGEST_SLATE_H

#include "playout/station.h"
#include "tools/ingest/ingest_failure.h"

/*
 * Makes the slate, with the station's name (UTF-8), and its index, into open
 * files.  0, or negative with the reason.
 */
int ingest_slate_make(const struct profile *profile, const char *preset, const char *station,
                      int asset, int index, struct ingest_failure *failure);

#endif
