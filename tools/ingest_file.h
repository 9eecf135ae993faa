/* SPDX-License-Identifier: MIT */
/*
 * ingest_file: the file that was handed in, before anything is decoded.
 *
 * Only this file is opened, whatever is written in it.
 */
#ifndef TOOLS_INGEST_FILE_H
#define TOOLS_INGEST_FILE_H

#include "tools/ingest_failure.h"

#include <sys/stat.h>

#include <libavformat/avformat.h>

/* Refuses what is no ordinary file with something in it. */
int ingest_file_stat(const char *path, struct stat *status, struct ingest_failure *failure);

/*
 * Refuses a file that is not what it was when `before` was taken: it is gone,
 * or somebody is still writing it.
 */
int ingest_file_still_is(const char *path, const struct stat *before,
                         struct ingest_failure *failure);

/*
 * Opens a film and finds its streams.  Lists of other files and single
 * pictures are refused.  On success the caller closes *format, then *io.
 */
int ingest_file_open(const char *path, AVFormatContext **format, AVIOContext **io,
                     struct ingest_failure *failure);

#endif
