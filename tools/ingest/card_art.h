/* SPDX-License-Identifier: MIT */
/*
 * card_art: a card's template, filled with its texts and drawn.
 *
 * A template is an SVG of 1920 x 1080 units, drawn by librsvg; card_text puts
 * letters into its boxes.  templates/cards/README.md tells designers how.
 * What moves (the clock, the time that is left) is drawn anew each second
 * upon the rest, which is drawn once.
 */
#ifndef TOOLS_INGEST_CARD_ART_H
#define TOOLS_INGEST_CARD_ART_H

#include "playout/station.h"
#include "scheduler/card_file.h"
#include "tools/ingest/card_text.h"
#include "tools/ingest/ingest_failure.h"

#include <cairo.h>
#include <stdbool.h>
#include <stdint.h>

struct card_art;

struct card_settings {
    const char *folder; /* of the templates, and their cards.css */
    const struct card_file *card;
    const struct video_profile *video;
    int64_t frames; /* that it lasts, of 1/25 s */
};

/* 0; or negative with the reason: no template, a text that cannot be shown. */
int card_art_open(struct card_art **art, const struct card_settings *settings,
                  struct ingest_failure *failure);
void card_art_close(struct card_art *art); /* accepts NULL */

/* True when it is not one picture from first to last. */
bool card_art_moves(const struct card_art *art);

/*
 * Draws the picture of a frame (from 0), of the size of the profile; it is
 * borrowed until the next call.  *is_new: it differs from the one before.
 * 0, or negative with the reason.
 */
int card_art_draw(struct card_art *art, int64_t frame, cairo_surface_t **picture, bool *is_new,
                  struct ingest_failure *failure);

/* For tests: the boxes that are drawn, and what is seen in them at the frame drawn last. */
struct card_seen {
    const char *id; /* of the box in the template; "" for none */
    struct card_box box;
    struct card_outline outline; /* `path` is NULL */
};
size_t card_art_seen(const struct card_art *art, const struct card_seen **seen);

#endif
