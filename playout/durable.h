/* SPDX-License-Identifier: MIT */
/* durable: files that are still there after the power was lost. */
#ifndef PLAYOUT_DURABLE_H
#define PLAYOUT_DURABLE_H

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Syncs the folder that holds `path`, so that a name made or changed in it by
 * open() or rename() lasts.  Blocks.  0 or -errno.
 */
int durable_sync_folder(const char *path);

/* Makes a folder and those above it, which last.  Blocks.  0 or -errno. */
int durable_make_folder(const char *path);

/* Writes all of it where the open file stands, however often that is interrupted.  0 or -errno. */
int durable_write_all(int fd, const void *bytes, size_t size);

/*
 * Brings an open file to the disk, slice by slice, and asks before each whether to go on: gigabytes
 * take minutes.  Blocks.  0, -ECANCELED, or -errno.
 */
int durable_sync_while(int fd, bool (*goes_on)(void *context), void *context);

/*
 * Brings to the disk what was written to a file.  0, or -errno of why it is not
 * whole: the stream forgets why an earlier write failed, so that another one is
 * tried, and a file that failed is of no use afterwards.  Blocks.
 */
int durable_flush(FILE *file);

/*
 * Puts a JSON file in place of what is at `path`, whole or not at all;
 * `flags` are json_dumpf()'s.  Blocks.  0 or -errno.
 */
int durable_save_json(const char *path, const json_t *object, size_t flags);

#endif
