/* SPDX-License-Identifier: MIT */
/*
 * publish_edition: what was published of a week, as one edition of it.
 *
 * An edition holds all that the documents for viewers and headends say, of
 * every channel, and what it changed of the edition before.  Documents are
 * written from it alone: the same edition gives the same bytes.  It is kept as
 * edition.json in the folder of its week:
 *
 *     {"format": 1, "edition": 2, "time": "2026-11-20T16:00:00Z", "week": "2026-11-23",
 *      "station": "...", "time_zone": "Asia/Shanghai", "guide": "<sha256>",
 *      "channels": [{"name": "zhangdian", "title": "...", "term_week": 2, "entries": [
 *        {"kind": "lesson", "start": "2026-11-23T00:30:00Z", "stop": "...", "key": "...",
 *         "title": "...", ..., "sequence": 1, "mark": "changed", "before": "..."}]}]}
 *
 * An entry is a programme of the EPG, or what is special about a day.  Its key
 * says which one it is, whatever becomes of its time and content (the slot is
 * that of the first edition which had it, where it has moved since; a slot that
 * has had another entry before adds a number, as in "... /2"):
 *
 *     lesson 2026-11-23 08:30 一年级       the slot of a first run, by its planned start
 *     repeat KT-01 2026-11-23 2            the second repeat of what ran first that day
 *     other 2026-11-23 08:40               anything else
 *     day 2026-11-23                       holiday, swapped day
 *
 * Texts are UTF-8 without control characters but line feeds; "" when missing.
 * Times are seconds since the Unix epoch, dates civil days since 1970-01-01.
 *
 * Ownership: an edition owns everything in it.  One thread at a time.
 */
#ifndef SCHEDULER_PUBLISH_EDITION_H
#define SCHEDULER_PUBLISH_EDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum epg_kind {
    EPG_LESSON, /* its first run */
    EPG_REPEAT, /* of a lesson */
    EPG_OTHER,  /* break, relay, rotation, shared media */
    EPG_FILLER, /* nothing is planned */
    EPG_DAY_OFF,
    EPG_DAY_SWAPPED, /* it runs another day's timetable */
};

/* What an edition changed of an entry. */
enum epg_mark {
    EPG_UNCHANGED,
    EPG_ADDED,
    EPG_CHANGED,
    EPG_REMOVED,
};

/* The texts of an entry. */
enum epg_text {
    EPG_KEY,
    EPG_TITLE, /* as in EIT */
    EPG_ABOUT, /* as in EIT */
    EPG_GENRE,
    EPG_HOUSE_NUMBER, /* this and the following are of the lesson */
    EPG_GRADE,
    EPG_SUBJECT,
    EPG_LESSON_TITLE,
    EPG_TEACHER,
    EPG_SCHOOL,
    EPG_PERIOD,        /* the name of its period */
    EPG_TIMETABLE_DAY, /* 周二, when it is not that of the date */
    EPG_REASON,        /* of a one-off change */
    EPG_BEFORE,        /* CHANGED: what it was; ADDED: when, if it was another time */
    EPG_TEXTS,
};

struct epg_entry {
    enum epg_kind kind;
    int64_t start;
    int64_t stop;
    int64_t first_run; /* REPEAT: its start; 0: not known */
    bool is_joined;    /* it began before the week: `start` is that of the week */
    bool is_live;
    bool has_subtitles;
    bool is_signed;
    bool subtitles_later; /* only the repeat has them */
    bool signed_later;
    const char *texts[EPG_TEXTS]; /* never NULL once in an edition */
    /* Against the editions before: */
    int sequence;      /* how often it has changed */
    bool is_cancelled; /* it was in an edition, and is no more */
    enum epg_mark mark;
};

struct edition_channel {
    const char *name;
    const char *title;
    int term_week;             /* 第N周; 0: none */
    struct epg_entry *entries; /* publish_edition_sort() */
    size_t count;
    size_t capacity;
};

struct edition {
    int number;   /* from 1 */
    int64_t time; /* of its making */
    int64_t week; /* its Monday */
    const char *station;
    const char *time_zone;
    const char *guide; /* a digest of what EIT tells, days after the week included */
    struct edition_channel *channels;
    size_t channel_count;
    char **strings; /* all texts */
    size_t string_count;
    size_t string_capacity;
};

/* Empty, with all texts ""; NULL out of memory. */
struct edition *publish_edition_create(void);
void publish_edition_destroy(struct edition *edition); /* accepts NULL */

/*
 * A copy of `text` (NULL: "") without what documents cannot hold; it lasts as
 * long as the edition.  NULL out of memory.
 */
const char *publish_edition_keep(struct edition *edition, const char *text);

/* A new channel at the end: NULL out of memory.  Valid until the next one is added. */
struct edition_channel *publish_edition_add_channel(struct edition *edition, const char *name,
                                                    const char *title);

/*
 * Appends a copy of an entry; texts may be NULL.  A key that is there already
 * gets a number.  0 or -ENOMEM.
 */
int publish_edition_add(struct edition *edition, struct edition_channel *channel,
                        const struct epg_entry *entry);

/* By start, then kind, then key. */
void publish_edition_sort(struct edition_channel *channel);

/* NULL when there is none of that name. */
const struct edition_channel *publish_edition_channel(const struct edition *edition,
                                                      const char *name);

/* "lesson" ... as in edition.json, "added" ... */
const char *epg_kind_name(enum epg_kind kind);
const char *epg_mark_name(enum epg_mark mark);

static inline bool epg_is_day(const struct epg_entry *entry)
{
    return entry->kind == EPG_DAY_OFF || entry->kind == EPG_DAY_SWAPPED;
}

/* --- edition.json: publish_edition_json.c ------------------------------------- */

/* 0, -ENOENT when there is none, -EBADMSG when it is damaged, or another -errno. */
int publish_edition_load(const char *path, struct edition **edition);

/* The same for bytes in memory. */
int publish_edition_parse(const char *bytes, size_t size, struct edition **edition);

/* The text of edition.json; the caller frees it.  NULL out of memory. */
char *publish_edition_text(const struct edition *edition);

#endif
