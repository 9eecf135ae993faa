/* SPDX-License-Identifier: MIT */
/*
 * ingest_child: a film, in the process that looks into it (ingest_sandbox.h),
 * and what its parent hears of it.
 */
#ifndef TOOLS_INGEST_CHILD_H
#define TOOLS_INGEST_CHILD_H

#include "tools/ingest/ingest.h"
#include "tools/ingest/ingest_film.h"

/* What is made, before it is an asset. */
struct ingest_job {
    const struct ingest_request *request;
    struct ingest_failure *failure;
    char *folder;
    char *asset_path;
    char *index_path;
    int source; /* open files; -1 */
    int asset;
    int index;
    int sheet;
    int spare;
    int subtitles;
    int font;
    uint8_t house_sets[SHA256_SIZE]; /* the hash of the parameter sets that the slate has */
    bool has_house_sets;             /* there is a slate */
    int64_t room_bytes;              /* that it may take */
    struct ingest_film_sound sound;
};

/*
 * Makes asset, index and sheet of the open source.  0 with its sound, or
 * negative with the reason.
 */
int ingest_child_run(struct ingest_job *job);

#endif
