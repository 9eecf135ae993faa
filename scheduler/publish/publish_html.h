/* SPDX-License-Identifier: MIT */
/*
 * publish_html: what the printed pages share: head, style, text, change list.
 *
 * A page stands alone: no script, no font, picture or style from elsewhere.
 * Whatever came from people is escaped, and isolated (bdi) so that text from
 * right to left stays in its place.  Colours only repeat what words and lines
 * say: the page can be read in black and white.
 */
#ifndef SCHEDULER_PUBLISH_HTML_H
#define SCHEDULER_PUBLISH_HTML_H

#include "playout/zone.h"
#include "scheduler/publish/publish_choice.h"

#include <stdio.h>

enum html_paper { HTML_LANDSCAPE, HTML_PORTRAIT };

/* What a page is about.  All borrowed. */
struct html_page {
    const struct edition *edition;
    const struct zone *zone;
    enum html_paper paper;
    const char *subject; /* 一年级, 张店电视课堂 */
    const char *kind;    /* 课程表, 节目单 */
    const char *note;    /* beside the dates; may be "" */
    int term_week;       /* 0: none */
};

/* From the doctype to the headline; with number and time of the edition. */
void html_begin(FILE *out, const struct html_page *page);
void html_finish(FILE *out);

/* Text of people: escaped, and isolated. */
void html_isolated(FILE *out, const char *text);

/* <span class="CLASS">TEXT</span>; nothing for "". */
void html_span(FILE *out, const char *css_class, const char *text);

/* "s0" to "s11": the colour of a school subject; the same on every page. */
const char *html_subject_class(const char *subject);

/* 改, 增 as a small seal; nothing for what has not changed. */
void html_mark(FILE *out, const struct epg_entry *entry);

/* 直播, 字幕, 手语 and what only the repeat has. */
void html_badges(FILE *out, const struct epg_entry *entry);

/* "08:30" of a time, to the nearest minute; the date of it in *date unless NULL. */
enum { HTML_CLOCK_SIZE = 24 };
const char *html_clock(const struct zone *zone, int64_t time, char text[HTML_CLOCK_SIZE],
                       int64_t *date);

/* The heading of a date: 周一, 11月23日, and what is special about it. */
void html_day(FILE *out, const struct html_page *page, const struct publish_choice *choice,
              int64_t date);

/* 变更说明: nothing in a first edition. */
void html_changes(FILE *out, const struct html_page *page, const struct publish_choice *choice);

#endif
