/* SPDX-License-Identifier: MIT */
/* durable: files that are still there after the power was lost. */
#ifndef PLAYOUT_DURABLE_H
#define PLAYOUT_DURABLE_H

/*
 * Syncs the folder that holds `path`, so that a name made or changed in it by
 * open() or rename() lasts.  Blocks.  0 or -errno.
 */
int durable_sync_folder(const char *path);

#endif
