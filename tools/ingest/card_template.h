/* SPDX-License-Identifier: MIT */
/* card_template: the boxes of an SVG that are to be filled, and what belongs into them. */
#ifndef TOOLS_INGEST_CARD_TEMPLATE_H
#define TOOLS_INGEST_CARD_TEMPLATE_H

#include "scheduler/card_file.h"
#include "tools/ingest/card_text.h"

#include <libxml/tree.h>

enum { CARD_UNITS_WIDE = 1920, CARD_UNITS_HIGH = 1080 };

enum card_motion { CARD_STILL, CARD_CLOCK, CARD_LEFT, CARD_BAR };

/* The moment that is drawn, and the whole, in frames. */
struct card_moment {
    int64_t frame;
    int64_t frames;
};

/* The document, read from a file; NULL when it is none that can be read. */
xmlDoc *card_template_read(const char *path);

/* Removes what is only there with a text that the card has not (data-if), or without one that it
 * has (data-unless). */
void card_template_choose(xmlNode *root, const struct card_file *card);

/* The next element after `node` (NULL: from the beginning) that has one of our data attributes. */
xmlNode *card_template_next(xmlNode *root, xmlNode *node);

/* How an element moves. */
enum card_motion card_template_motion(xmlNode *node);

/* True for one that is filled with a text. */
bool card_template_has_text(xmlNode *node);

/* The box; false when it is no rectangle of the picture. */
bool card_template_box(xmlNode *node, struct card_box *box);

/* What belongs into it at a moment: allocated; "" for nothing, NULL out of memory. */
char *card_template_text(xmlNode *node, const struct card_file *card,
                         const struct card_moment *moment);

/* An attribute as a number; `otherwise` without one. */
double card_template_number(xmlNode *node, const char *name, double otherwise);

#endif
