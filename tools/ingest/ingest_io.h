/* SPDX-License-Identifier: MIT */
/* ingest_io: an open file as FFmpeg reads or writes it, for a process that may open none. */
#ifndef TOOLS_INGEST_IO_H
#define TOOLS_INGEST_IO_H

#include <stdbool.h>

#include <libavformat/avio.h>

/*
 * The whole file, from its beginning; what was in one that is written is
 * gone.  `fd` is borrowed.  NULL when there is no memory, or no such file.
 */
AVIOContext *ingest_io_open(int fd, bool is_written);

/* Writes what is left.  0 or the first error of all; accepts a pointer to NULL. */
int ingest_io_close(AVIOContext **io);

#endif
