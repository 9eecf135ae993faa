/* SPDX-License-Identifier: MIT */
/*
 * dvb_text: DVB text as UTF-8, judged strictly.
 *
 * The first byte selects the character table; text without one is ISO 6937,
 * or what the network means by it (GBK, GB18030).  Text is sound when every
 * byte belongs to a character of its table: one cut in half never is.
 *
 * Normative reference: ETSI EN 300 468, Annex A.
 */
#ifndef TOOLS_METER_DVB_TEXT_H
#define TOOLS_METER_DVB_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/* 255 bytes never become more: at most U+FFFD each, and the end. */
enum { DVB_TEXT_ROOM = 3 * 255 + 1 };

/* Names as iconv knows them; NULL means what the comment says. */
struct dvb_charsets {
    const char *unmarked; /* ISO6937 */
    const char *gb2312;   /* behind the selector 0x13: GB2312 and nothing else */
};

struct dvb_text;

struct dvb_text *dvb_text_create(const struct dvb_charsets *charsets); /* NULL: out of memory */
void dvb_text_destroy(struct dvb_text *text);                          /* accepts NULL */

/*
 * Decodes up to 255 bytes into `utf8`, an ended string.  False when the text
 * is not sound; what cannot be decoded is U+FFFD then.  Emphasis, all other
 * controls and what overrides the direction of writing are left out; CR/LF
 * becomes a newline.
 */
bool dvb_text_decode(struct dvb_text *text, const uint8_t *bytes, int size,
                     char utf8[DVB_TEXT_ROOM]);

/* Whether `name` is a character table that can be decoded here. */
bool dvb_text_knows(const char *name);

#endif
