/* SPDX-License-Identifier: MIT */
/*
 * ingest_film: from an open film to an asset and its index, in open files.
 *
 * All that looks into what strangers have made: to be run where nothing else
 * can be reached (ingest_sandbox.h).
 */
#ifndef TOOLS_INGEST_FILM_H
#define TOOLS_INGEST_FILM_H

#include "playout/asset.h"
#include "playout/station.h"
#include "tools/ingest/ingest_failure.h"
#include "tools/ingest/qc_sheet.h"

#include <stdbool.h>
#include <stdint.h>

struct ingest_film {
    const struct profile *profile;
    enum asset_kind kind;
    const char *preset;            /* see ingest_is_preset() */
    int threads;                   /* that decode; encoding is done by one */
    const char *name;              /* of the file that was handed in: a hint at what it is */
    int source;                    /* open files: the film, */
    int asset;                     /* what is made of it, */
    int index;                     /* the index of that, without its hash, */
    int subtitles;                 /* to be drawn into the pictures, in UTF-8; -1: none */
    int font;                      /* to write them with */
    int spare;                     /* and one to work with, empty */
    int64_t room_bytes;            /* an asset that would be larger is not begun: -ENOSPC */
    const uint8_t *parameter_sets; /* the hash of those that the house has; NULL: of none yet */
    /*
     * Called now and then with the part of all work that is done, from 0 to 1,
     * and the time of the film that this pass has come to; false stops the work.
     */
    bool (*progress)(void *context, double part, int64_t time_us);
    void *progress_context;
};

/* How loud the asset is. */
struct ingest_film_sound {
    double lkfs;
    double peak_dbtp;
};

/*
 * Measures, encodes and proves; or copies, where the film is an asset that was made
 * here or elsewhere (ingest_seal.h); what the review saw is put into a zeroed sheet.
 * 0, or negative with the reason.
 */
int ingest_film_make(const struct ingest_film *film, struct ingest_film_sound *sound,
                     struct qc_sheet *sheet, struct ingest_failure *failure);

#endif
