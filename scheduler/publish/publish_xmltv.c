/* SPDX-License-Identifier: MIT */
#include "scheduler/publish/publish_xmltv.h"

#include "playout/si.h"

#include <libxml/xmlwriter.h>

#include <errno.h>
#include <string.h>

enum { TIME_SIZE = 64, ID_SIZE = 256 };

struct xmltv {
    xmlTextWriterPtr writer;
    const struct edition *edition;
    const struct zone *zone;
    bool has_failed;
};

/* --- Elements ------------------------------------------------------------------------ */

static const xmlChar *utf8(const char *text)
{
    return (const xmlChar *)text;
}

static void check(struct xmltv *xmltv, int result)
{
    xmltv->has_failed |= result < 0;
}

static void begin(struct xmltv *xmltv, const char *name)
{
    check(xmltv, xmlTextWriterStartElement(xmltv->writer, utf8(name)));
}

static void finish(struct xmltv *xmltv)
{
    check(xmltv, xmlTextWriterEndElement(xmltv->writer));
}

static void attribute(struct xmltv *xmltv, const char *name, const char *value)
{
    check(xmltv, xmlTextWriterWriteAttribute(xmltv->writer, utf8(name), utf8(value)));
}

/* An element of Chinese text; none when there is no text. */
static void chinese(struct xmltv *xmltv, const char *name, const char *text)
{
    if (text[0] != '\0') {
        begin(xmltv, name);
        attribute(xmltv, "lang", "zh");
        check(xmltv, xmlTextWriterWriteString(xmltv->writer, utf8(text)));
        finish(xmltv);
    }
}

/* An element without text; `name` of the attribute may be NULL. */
static void empty(struct xmltv *xmltv, const char *element, const char *name, const char *value)
{
    begin(xmltv, element);
    if (name != NULL) {
        attribute(xmltv, name, value);
    }
    finish(xmltv);
}

/* --- Programmes ------------------------------------------------------------------------ */

static const char *time_text(const struct xmltv *xmltv, int64_t time, char text[TIME_SIZE])
{
    struct civil civil;
    zone_to_civil(xmltv->zone, time, &civil);
    const int minutes = (civil.offset < 0 ? -civil.offset : civil.offset) / 60;
    snprintf(text, TIME_SIZE, "%04d%02d%02d%02d%02d%02d %c%02d%02d", civil.year, civil.month,
             civil.day, civil.hour, civil.minute, civil.second, civil.offset < 0 ? '-' : '+',
             minutes / 60, minutes % 60);
    return text;
}

static const char *id_text(const struct edition_channel *channel, char text[ID_SIZE])
{
    snprintf(text, ID_SIZE, "%.200s.ketang", channel->name);
    return text;
}

/* What the DTD demands is never left out, though nothing is left of a text that was cleaned. */
static const char *either(const char *text, const char *instead)
{
    return text[0] != '\0' ? text : instead;
}

static const char *title_of(const struct edition_channel *channel)
{
    return either(channel->title, channel->name);
}

static const char *genre_text(const char *name)
{
    static const char *const names[] = {
        [GENRE_EDUCATION] = "教育",   [GENRE_NATURE] = "自然",      [GENRE_SCIENCE] = "科技",
        [GENRE_SOCIETY] = "社会科学", [GENRE_FURTHER] = "继续教育", [GENRE_LANGUAGES] = "语言",
        [GENRE_CHILDREN] = "少儿教育"};
    enum si_genre genre = GENRE_EDUCATION;
    return si_genre_parse(name, &genre) == 0 ? names[genre] : names[GENRE_EDUCATION];
}

static void write_credits(struct xmltv *xmltv, const struct epg_entry *entry)
{
    if (entry->texts[EPG_TEACHER][0] != '\0') {
        begin(xmltv, "credits");
        check(xmltv, xmlTextWriterWriteElement(xmltv->writer, utf8("presenter"),
                                               utf8(entry->texts[EPG_TEACHER])));
        finish(xmltv);
    }
}

static void write_keywords(struct xmltv *xmltv, const struct epg_entry *entry)
{
    chinese(xmltv, "keyword", entry->texts[EPG_GRADE]);
    chinese(xmltv, "keyword", entry->texts[EPG_SUBJECT]);
    chinese(xmltv, "keyword", entry->texts[EPG_SCHOOL]);
    chinese(xmltv, "keyword", entry->is_live ? "直播" : "");
    chinese(xmltv, "keyword", entry->kind == EPG_FILLER ? "垫播" : "");
    chinese(xmltv, "keyword", entry->subtitles_later ? "重播带字幕" : "");
    chinese(xmltv, "keyword", entry->signed_later ? "重播带手语" : "");
}

static void write_lesson(struct xmltv *xmltv, const struct epg_entry *entry)
{
    char text[TIME_SIZE];
    write_credits(xmltv, entry);
    chinese(xmltv, "category", genre_text(entry->texts[EPG_GENRE]));
    write_keywords(xmltv, entry);
    if (entry->texts[EPG_HOUSE_NUMBER][0] != '\0') {
        begin(xmltv, "episode-num");
        attribute(xmltv, "system", "ketang.house_number");
        check(xmltv, xmlTextWriterWriteString(xmltv->writer, utf8(entry->texts[EPG_HOUSE_NUMBER])));
        finish(xmltv);
    }
    if (entry->kind == EPG_REPEAT && entry->first_run != 0) {
        empty(xmltv, "previously-shown", "start", time_text(xmltv, entry->first_run, text));
    } else if (entry->kind == EPG_REPEAT) {
        empty(xmltv, "previously-shown", NULL, NULL);
    } else if (entry->kind == EPG_LESSON) {
        chinese(xmltv, "premiere", entry->is_live ? "首播（直播）" : "首播");
    }
    if (entry->has_subtitles) {
        empty(xmltv, "subtitles", "type", "onscreen");
    }
    if (entry->is_signed) {
        empty(xmltv, "subtitles", "type", "deaf-signed");
    }
}

static void write_programme(struct xmltv *xmltv, const struct edition_channel *channel,
                            const struct epg_entry *entry)
{
    char time[TIME_SIZE];
    char id[ID_SIZE];
    begin(xmltv, "programme");
    attribute(xmltv, "start", time_text(xmltv, entry->start, time));
    attribute(xmltv, "stop", time_text(xmltv, entry->stop, time));
    attribute(xmltv, "channel", id_text(channel, id));
    chinese(xmltv, "title", either(entry->texts[EPG_TITLE], title_of(channel)));
    chinese(xmltv, "desc", entry->texts[EPG_ABOUT]);
    write_lesson(xmltv, entry);
    finish(xmltv);
}

static void write_channels(struct xmltv *xmltv, const struct publish_choice *choice)
{
    char id[ID_SIZE];
    for (size_t i = 0; i < xmltv->edition->channel_count; i++) {
        const struct edition_channel *channel = &xmltv->edition->channels[i];
        if (publish_choice_has_channel(choice, channel)) {
            begin(xmltv, "channel");
            attribute(xmltv, "id", id_text(channel, id));
            chinese(xmltv, "display-name", title_of(channel));
            finish(xmltv);
        }
    }
}

static void write_programmes(struct xmltv *xmltv, const struct publish_choice *choice)
{
    for (size_t i = 0; i < xmltv->edition->channel_count; i++) {
        const struct edition_channel *channel = &xmltv->edition->channels[i];
        for (size_t k = 0; publish_choice_has_channel(choice, channel) && k < channel->count; k++) {
            const struct epg_entry *entry = &channel->entries[k];
            if (!epg_is_day(entry) && !entry->is_cancelled) {
                write_programme(xmltv, channel, entry);
            }
        }
    }
}

static void write_document(struct xmltv *xmltv, const struct publish_choice *choice)
{
    char text[TIME_SIZE];
    check(xmltv, xmlTextWriterSetIndent(xmltv->writer, 1));
    check(xmltv, xmlTextWriterStartDocument(xmltv->writer, "1.0", "UTF-8", NULL));
    check(xmltv, xmlTextWriterWriteDTD(xmltv->writer, utf8("tv"), NULL, utf8("xmltv.dtd"), NULL));
    begin(xmltv, "tv");
    attribute(xmltv, "date", time_text(xmltv, xmltv->edition->time, text));
    attribute(xmltv, "source-info-name", xmltv->edition->station);
    snprintf(text, sizeof(text), "ketang, edition %d", xmltv->edition->number);
    attribute(xmltv, "generator-info-name", text);
    write_channels(xmltv, choice);
    write_programmes(xmltv, choice);
    finish(xmltv);
    check(xmltv, xmlTextWriterEndDocument(xmltv->writer));
}

int publish_xmltv(const struct edition *edition, const struct publish_choice *choice,
                  const struct zone *zone, FILE *out)
{
    xmlBufferPtr buffer = xmlBufferCreate();
    struct xmltv xmltv = {.edition = edition, .zone = zone};
    xmltv.writer = buffer != NULL ? xmlNewTextWriterMemory(buffer, 0) : NULL;
    if (xmltv.writer == NULL) {
        xmlBufferFree(buffer);
        return -ENOMEM;
    }
    write_document(&xmltv, choice);
    xmlFreeTextWriter(xmltv.writer); /* flushes */
    const size_t size = (size_t)xmlBufferLength(buffer);
    const bool is_written =
        !xmltv.has_failed && fwrite(xmlBufferContent(buffer), 1, size, out) == size;
    xmlBufferFree(buffer);
    return xmltv.has_failed ? -ENOMEM : is_written ? 0 : -EIO;
}
