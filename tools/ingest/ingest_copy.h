/* SPDX-License-Identifier: MIT */
/*
 * ingest_copy: the samples of an asset, as they are, into another file.
 *
 * Of an asset that was handed in (remuxing: nothing is encoded), and of one
 * that was made just now and is mended.
 */
#ifndef TOOLS_INGEST_COPY_H
#define TOOLS_INGEST_COPY_H

#include "tools/ingest/ingest_film.h"
#include "tools/ingest/ingest_patch.h"
#include "tools/ingest/ingest_writer.h"

/*
 * Copies the samples of an MP4 that a writer of the same settings has written,
 * those of the patch in the place of its GOPs.  `fd` is borrowed.  0 or an
 * FFmpeg error.
 */
int ingest_copy_patched(int fd, const struct ingest_patch *patch, struct ingest_writer *writer);

/*
 * Copies a film into its asset when it is an asset of ours whose seal holds
 * (ingest_seal.h).  1 with its length in frames; 0 when it is not, and the
 * asset's file holds nothing of use; negative with the reason.
 */
int ingest_copy_export(const struct ingest_film *film, int64_t *frames,
                       struct ingest_failure *failure);

#endif
