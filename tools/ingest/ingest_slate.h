/* SPDX-License-Identifier: MIT */
/* ingest_slate: the picture that airs when nothing else can, a card like others. */
#ifndef TOOLS_INGEST_SLATE_H
#define TOOLS_INGEST_SLATE_H

#include "playout/station.h"
#include "scheduler/card_file.h"

/* The card of the slate, with the station's name; the caller finishes it.  0 or -ENOMEM. */
int ingest_slate_card(const struct station *station, const struct profile *profile,
                      struct card_file *card);

#endif
