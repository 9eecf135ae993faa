/* SPDX-License-Identifier: MIT */
/*
 * ingest_file: the file that was handed in, before anything is decoded.
 *
 * Only this file is read, whatever is written in it.
 */
#ifndef TOOLS_INGEST_FILE_H
#define TOOLS_INGEST_FILE_H

#include "tools/ingest/ingest_failure.h"

#include <sys/stat.h>

#include <libavformat/avformat.h>

/* Opens an ordinary file with something in it: a descriptor, or negative with the reason. */
int ingest_file_take(const char *path, struct stat *status, struct ingest_failure *failure);

/*
 * Refuses a file that is not what it was when `before` was taken: it is gone,
 * or somebody is still writing it.
 */
int ingest_file_still_is(const char *path, const struct stat *before,
                         struct ingest_failure *failure);

/*
 * Opens a film and finds its streams.  Lists of other files and single
 * pictures are refused.  `fd` is borrowed; `name` is a hint at what it may
 * be.  On success the caller closes *format, then *io.
 */
int ingest_file_open(int fd, const char *name, AVFormatContext **format, AVIOContext **io,
                     struct ingest_failure *failure);

#endif
