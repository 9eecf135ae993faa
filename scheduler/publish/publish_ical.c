/* SPDX-License-Identifier: MIT */
#include "scheduler/publish/publish_ical.h"

#include "scheduler/publish/publish_epg.h"

#include <nettle/sha2.h>

#include <errno.h>
#include <string.h>

enum {
    LINE_OCTETS = 75, /* RFC 5545, 3.1, without the line break */
    TIME_SIZE = 64,
    UID_BYTES = 16,
    UID_SIZE = 2 * UID_BYTES + 16,
};

/* --- Content lines ---------------------------------------------------------------------- */

struct ical {
    FILE *out;
    const struct edition *edition;
    const struct zone *zone;
    int column; /* octets of the line at work */
};

/* Octets that belong together are never parted. */
static void put_octets(struct ical *ical, const char *octets, int count)
{
    if (ical->column + count > LINE_OCTETS) {
        fputs("\r\n ", ical->out);
        ical->column = 1;
    }
    fwrite(octets, 1, (size_t)count, ical->out);
    ical->column += count;
}

/* Octets of a character; what is not UTF-8 goes octet by octet. */
static int size_of_character(const char *at)
{
    int size = 1;
    while (((unsigned char)at[0] & 0xc0) == 0xc0 && ((unsigned char)at[size] & 0xc0) == 0x80 &&
           size < 4) {
        size++;
    }
    return size;
}

static void put(struct ical *ical, const char *text)
{
    for (const char *at = text; *at != '\0';) {
        const int size = size_of_character(at);
        put_octets(ical, at, size);
        at += size;
    }
}

/* A value of type TEXT: RFC 5545, 3.3.11. */
static void put_text(struct ical *ical, const char *text)
{
    for (const char *at = text; *at != '\0';) {
        const int size = size_of_character(at);
        if (*at == '\n') {
            put_octets(ical, "\\n", 2);
        } else if (*at == '\\' || *at == ';' || *at == ',') {
            put_octets(ical, (const char[]){'\\', *at}, 2);
        } else {
            put_octets(ical, at, size);
        }
        at += size;
    }
}

static void end_line(struct ical *ical)
{
    fputs("\r\n", ical->out);
    ical->column = 0;
}

/* NAME:VALUE; none when the value is "". */
static void line(struct ical *ical, const char *name, const char *value)
{
    if (value[0] != '\0') {
        put(ical, name);
        put(ical, ":");
        put(ical, value);
        end_line(ical);
    }
}

static void text_line(struct ical *ical, const char *name, const char *text)
{
    if (text[0] != '\0') {
        put(ical, name);
        put(ical, ":");
        put_text(ical, text);
        end_line(ical);
    }
}

static void time_line(struct ical *ical, const char *name, int64_t time)
{
    char text[TIME_SIZE];
    struct civil civil = {0};
    const int second = (int)(time % DAY_SECONDS);
    civil_date(time / DAY_SECONDS, &civil);
    snprintf(text, sizeof(text), "%04d%02d%02dT%02d%02d%02dZ", civil.year, civil.month, civil.day,
             second / 3600, second / 60 % 60, second % 60);
    line(ical, name, text);
}

static void date_line(struct ical *ical, const char *name, int64_t date)
{
    char text[TIME_SIZE];
    struct civil civil = {0};
    civil_date(date, &civil);
    snprintf(text, sizeof(text), "%04d%02d%02d", civil.year, civil.month, civil.day);
    line(ical, name, text);
}

/* --- Events ------------------------------------------------------------------------------- */

static void uid_line(struct ical *ical, const char *channel, const struct epg_entry *entry)
{
    struct sha256_ctx context;
    uint8_t digest[UID_BYTES];
    char text[UID_SIZE];
    sha256_init(&context);
    sha256_update(&context, strlen(channel) + 1, (const uint8_t *)channel);
    sha256_update(&context, strlen(entry->texts[EPG_KEY]), (const uint8_t *)entry->texts[EPG_KEY]);
    sha256_digest(&context, sizeof(digest), digest);
    for (size_t i = 0; i < UID_BYTES; i++) {
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    }
    snprintf(text + 2 * UID_BYTES, UID_SIZE - 2 * UID_BYTES, "@ketang");
    line(ical, "UID", text);
}

static void head_lines(struct ical *ical, const char *channel, const struct epg_entry *entry)
{
    char sequence[16];
    line(ical, "BEGIN", "VEVENT");
    uid_line(ical, channel, entry);
    time_line(ical, "DTSTAMP", ical->edition->time);
    snprintf(sequence, sizeof(sequence), "%d", entry->sequence);
    line(ical, "SEQUENCE", sequence);
    line(ical, "STATUS", entry->is_cancelled ? "CANCELLED" : "CONFIRMED");
}

/* The title of a lesson without its grade: the calendar is of one. */
static void summary_line(struct ical *ical, const struct epg_entry *entry)
{
    const char *subject = entry->texts[EPG_SUBJECT];
    put(ical, "SUMMARY:");
    put(ical, entry->kind == EPG_REPEAT ? "【重播】" : entry->is_live ? "【直播】" : "");
    put_text(ical, subject);
    if (strcmp(subject, entry->texts[EPG_LESSON_TITLE]) != 0) {
        put(ical, subject[0] != '\0' ? " " : "");
        put_text(ical, entry->texts[EPG_LESSON_TITLE]);
    }
    end_line(ical);
}

static void put_note(struct ical *ical, bool *is_first, const char *label, const char *text)
{
    if (text[0] != '\0') {
        put(ical, *is_first ? "DESCRIPTION:" : "\\n");
        put_text(ical, label);
        put_text(ical, text);
        *is_first = false;
    }
}

static void description_line(struct ical *ical, const struct epg_entry *entry)
{
    bool is_first = true;
    put_note(ical, &is_first, "", entry->texts[EPG_TITLE]);
    put_note(ical, &is_first, "", entry->texts[EPG_ABOUT]);
    put_note(ical, &is_first, "按课表：", entry->texts[EPG_TIMETABLE_DAY]);
    put_note(ical, &is_first, "", entry->has_subtitles ? "带字幕" : "");
    put_note(ical, &is_first, "", entry->is_signed ? "带手语" : "");
    put_note(ical, &is_first, "变更原因：", entry->texts[EPG_REASON]);
    put_note(ical, &is_first, "原为：", entry->texts[EPG_BEFORE]);
    if (!is_first) {
        end_line(ical);
    }
}

static void write_lesson(struct ical *ical, const struct edition_channel *channel,
                         const struct epg_entry *entry)
{
    head_lines(ical, channel->name, entry);
    time_line(ical, "DTSTART", entry->start);
    time_line(ical, "DTEND", entry->stop);
    summary_line(ical, entry);
    text_line(ical, "LOCATION", channel->title);
    description_line(ical, entry);
    text_line(ical, "CATEGORIES", entry->texts[EPG_SUBJECT]);
    line(ical, "TRANSP", entry->kind == EPG_REPEAT ? "TRANSPARENT" : "OPAQUE");
    line(ical, "END", "VEVENT");
}

static void write_day(struct ical *ical, const struct edition_channel *channel,
                      const struct epg_entry *entry)
{
    int seconds = 0;
    const int64_t date = publish_date(ical->zone, entry->start, &seconds);
    head_lines(ical, channel->name, entry);
    date_line(ical, "DTSTART;VALUE=DATE", date);
    date_line(ical, "DTEND;VALUE=DATE", date + 1);
    text_line(ical, "SUMMARY", entry->texts[EPG_TITLE]);
    text_line(ical, "DESCRIPTION", entry->texts[EPG_REASON]);
    line(ical, "TRANSP", "TRANSPARENT");
    line(ical, "END", "VEVENT");
}

static void write_channel(struct ical *ical, const struct publish_choice *choice, size_t index)
{
    const struct edition_channel *channel = &ical->edition->channels[index];
    for (size_t i = 0; i < channel->count; i++) {
        const struct epg_entry *entry = &channel->entries[i];
        if (epg_is_day(entry)) {
            if (!publish_choice_day_is_known(choice, ical->edition, index, entry)) {
                write_day(ical, channel, entry);
            }
        } else if (entry->kind != EPG_OTHER && entry->kind != EPG_FILLER && !entry->is_joined &&
                   publish_choice_has_entry(choice, entry)) {
            write_lesson(ical, channel, entry);
        }
    }
}

int publish_ical(const struct edition *edition, const struct publish_choice *choice,
                 const struct zone *zone, FILE *out)
{
    struct ical ical = {.out = out, .edition = edition, .zone = zone};
    line(&ical, "BEGIN", "VCALENDAR");
    line(&ical, "VERSION", "2.0");
    line(&ical, "PRODID", "-//Ketang//Ketang//ZH");
    line(&ical, "CALSCALE", "GREGORIAN");
    line(&ical, "METHOD", "PUBLISH");
    put(&ical, "X-WR-CALNAME:");
    put_text(&ical, edition->station);
    if (choice->grade != NULL) {
        put(&ical, " ");
        put_text(&ical, choice->grade);
    }
    end_line(&ical);
    text_line(&ical, "X-WR-TIMEZONE", edition->time_zone);
    for (size_t i = 0; i < edition->channel_count; i++) {
        if (publish_choice_has_channel(choice, &edition->channels[i])) {
            write_channel(&ical, choice, i);
        }
    }
    line(&ical, "END", "VCALENDAR");
    return ferror(out) ? -EIO : 0;
}
