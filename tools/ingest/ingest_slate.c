/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_slate.h"

#include "tools/ingest/ingest_failure.h"

#include <errno.h>
#include <stdio.h>

enum {
    LONG_FRAMES = 10 * GOP_FRAMES,
    SHORT_FRAMES = 2 * GOP_FRAMES,
    HD_WIDTH = 1920,
};

/*
 * Whole GOPs, so that it repeats without a seam; 9.6 s, and of pictures larger
 * than high definition, which are slow to encode, 1.92 s.
 */
static int64_t slate_frames(const struct profile *profile)
{
    return profile->video.width > HD_WIDTH ? SHORT_FRAMES : LONG_FRAMES;
}

int ingest_slate_card(const struct station *station, const struct profile *profile,
                      struct card_file *card)
{
    char name[200];
    *card = (struct card_file){.clock_s = -1, .duration_frames = slate_frames(profile)};
    snprintf(card->template, sizeof(card->template), "slate");
    return card_file_set(card, CARD_CHANNEL, ingest_printable(station->name, name, sizeof(name)));
}
