/* SPDX-License-Identifier: MIT */
/*
 * card_text: a text becomes outlines inside a box.
 *
 * As large as it may be, on as few lines as that leaves large; lines are
 * broken as Chinese is (none begins with a closing mark, none ends with an
 * opening one, 第1课时 and short brackets stay whole) and made of about equal
 * length.  What does not fit is made smaller, never cut off.  Outlines, not
 * glyphs, because the template's styles then hold for letters too, and because they are
 * sharp on any sample grid.
 */
#ifndef TOOLS_INGEST_CARD_TEXT_H
#define TOOLS_INGEST_CARD_TEXT_H

#include <stdbool.h>

enum card_align { CARD_START, CARD_MIDDLE, CARD_END };

/* Measures of the template. */
struct card_box {
    double x;
    double y;
    double width;
    double height;
    double size;            /* of the letters, at most */
    double leading;         /* from line to line, in sizes */
    int lines;              /* at most */
    enum card_align align;  /* across */
    enum card_align valign; /* down */
    bool is_bold;
    bool is_body;   /* whole paragraphs: more than three lines are filled, not made equal */
    bool is_moving; /* digits keep their places, whatever they are */
};

struct card_outline {
    char *path;  /* as the attribute `d` of SVG has it, allocated; "" when nothing is seen */
    double left; /* of the ink, in measures of the template */
    double top;
    double right;
    double bottom;
    double size; /* that the letters have got */
    int lines;
};

struct card_letters; /* the fonts */

/* NULL: out of memory. */
struct card_letters *card_letters_create(void);
void card_letters_destroy(struct card_letters *letters); /* accepts NULL */

/* True when the house's font (Noto Sans CJK SC) is there. */
bool card_letters_has_font(struct card_letters *letters);

/*
 * 0 with the outline, which the caller finishes; -ENOENT when no font has one
 * of its characters; -ENOSPC when it fits at no size that can be read (a
 * twentieth of the box's); or -ENOMEM.
 */
int card_text_outline(struct card_letters *letters, const struct card_box *box, const char *text,
                      struct card_outline *outline);
void card_outline_finish(struct card_outline *outline); /* accepts a zeroed one */

/* The text with what must stay together joined by U+2060: allocated, or NULL. */
char *card_text_join(const char *text);

#endif
