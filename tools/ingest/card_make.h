/* SPDX-License-Identifier: MIT */
/* card_make: a card, or the slate, becomes an asset and its index. */
#ifndef TOOLS_INGEST_CARD_MAKE_H
#define TOOLS_INGEST_CARD_MAKE_H

#include "playout/asset.h"
#include "playout/station.h"
#include "scheduler/card_file.h"
#include "tools/ingest/ingest_failure.h"

#include <stdbool.h>

struct card_making {
    const struct profile *profile;
    const char *preset; /* of the encoder */
    const char *folder; /* of the templates */
    enum asset_kind kind;
    bool stands_back; /* works when nothing else wants the processors */
    int asset;        /* open files, borrowed */
    int index;
    /* As in struct ingest_request; may be NULL. */
    bool (*progress)(void *context, double part, int64_t time_us);
    void *context;
};

/*
 * The folder of the templates: the station's, or that which came with the
 * programs.  Allocated; NULL out of memory.
 */
char *card_templates(const struct station *station);

/*
 * Draws and encodes it, as long as it says, rounded down to the join grid of
 * the profile.  The same card gives the same bytes.  0, or negative with the
 * reason.
 */
int card_make(const struct card_making *making, const struct card_file *card,
              struct ingest_failure *failure);

#endif
