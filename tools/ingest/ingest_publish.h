/* SPDX-License-Identifier: MIT */
/*
 * ingest_publish: from a written MP4 file to an asset of the media folder.
 *
 * Reads the file back, as the engine will, proves it, and moves it into the
 * folder in one step per file, the record last.  A working folder inside the
 * media folder holds what is not finished; it never outlives its process.
 */
#ifndef TOOLS_INGEST_PUBLISH_H
#define TOOLS_INGEST_PUBLISH_H

#include "playout/asset.h"
#include "playout/proof.h"
#include "playout/station.h"
#include "tools/ingest/ingest_failure.h"

#include <stdbool.h>

/*
 * Makes MEDIA/.ingest-HOST-PID-XXXXXX (and MEDIA itself), and removes those of
 * processes of this machine that are gone.  The path is allocated; NULL with the reason.
 */
char *ingest_work_create(const char *media, struct ingest_failure *failure);
/* Removes it with all that is in it, and frees the path.  Accepts NULL. */
void ingest_work_destroy(char *folder);

struct ingest_index {
    struct asset_index_header header;
    struct au_entry *video;
    struct au_entry *audio;
};

/*
 * Builds the index of a written MP4 from its sample tables, and checks every
 * access unit: its shape (ingest_shape.h), its parameter sets, which are always
 * the same, its place.  `fd` is borrowed.
 */
int ingest_index_build(struct ingest_index *index, int fd, const struct profile *profile,
                       struct ingest_failure *failure);
void ingest_index_finish(struct ingest_index *index); /* accepts a zeroed one */

/* The index in the form of asset_index.h, without the hash of the asset. */
struct asset_index ingest_index_view(const struct ingest_index *index);

/*
 * Proves the asset whole, and from every GOP boundary to its end.  0, or
 * -EDOM with the first result that does not hold.
 */
int ingest_prove(const struct asset_index *index, const struct profile *profile,
                 struct proof_result *result);

/*
 * Marks the GOPs that keep it from being proven, as far as pictures do, in a
 * table with an entry for each.  Returns how many it has marked.
 */
size_t ingest_find_weak(const struct asset_index *index, const struct profile *profile,
                        bool *is_weak);

/* Whoever waits for an asset to be published. */
struct ingest_watcher {
    bool (*goes_on)(void *context);     /* asked now and then while it is synced and read */
    bool (*may_publish)(void *context); /* asked once, right before it is moved */
    void *context;
};

/*
 * Moves `path` with its index and record (whose sha256 is filled in) into the
 * media folder and syncs it; -ECANCELED when the watcher does not want it.
 */
int ingest_publish(const char *media, const char *path, const struct asset_index *index,
                   struct asset_record *record, const struct ingest_watcher *watcher,
                   struct ingest_failure *failure);

#endif
