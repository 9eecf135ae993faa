/* SPDX-License-Identifier: MIT */
#include "scheduler/publish/publish_edition.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct edition *publish_edition_create(void)
{
    struct edition *edition = calloc(1, sizeof(*edition));
    if (edition != NULL) {
        edition->station = "";
        edition->time_zone = "";
        edition->guide = "";
    }
    return edition;
}

void publish_edition_destroy(struct edition *edition)
{
    if (edition == NULL) {
        return;
    }
    for (size_t i = 0; i < edition->string_count; i++) {
        free(edition->strings[i]);
    }
    for (size_t i = 0; i < edition->channel_count; i++) {
        free(edition->channels[i].entries);
    }
    free(edition->strings);
    free(edition->channels);
    free(edition);
}

/* --- Texts ------------------------------------------------------------------------- */

/*
 * Bytes of the character at `text`, and the character; 0 when what is there is
 * not UTF-8 (RFC 3629).
 */
static size_t decode(const unsigned char *text, uint32_t *character)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const size_t size = text[0] < 0x80             ? 1
                        : (text[0] & 0xe0) == 0xc0 ? 2
                        : (text[0] & 0xf0) == 0xe0 ? 3
                        : (text[0] & 0xf8) == 0xf0 ? 4
                                                   : 0;
    uint32_t value = size <= 1 ? text[0] : text[0] & (0x7fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xc0) != 0x80) {
            return 0;
        }
        value = value << 6 | (text[i] & 0x3fu);
    }
    if (size == 0 || value < least[size] || value > 0x10ffff || (value & ~0x7ffu) == 0xd800) {
        return 0;
    }
    *character = value;
    return size;
}

/* Control characters and noncharacters have no place in XML, nor in a calendar. */
static bool is_kept(uint32_t character)
{
    return character == '\n' || (character >= 0x20 && character < 0x7f) ||
           (character >= 0xa0 && (character & 0xfffe) != 0xfffe);
}

/* Writes no more than three bytes for each one read. */
static void clean(const char *text, char *out)
{
    static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0';) {
        uint32_t character = 0;
        const size_t size = decode(at, &character);
        if (size == 0) {
            out = stpcpy(out, replacement);
        } else if (is_kept(character)) {
            memcpy(out, at, size);
            out += size;
        } else if (character == '\t') {
            *out++ = ' ';
        }
        at += size > 0 ? size : 1;
    }
    *out = '\0';
}

const char *publish_edition_keep(struct edition *edition, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        return "";
    }
    if (edition->string_count == edition->string_capacity) {
        const size_t capacity = edition->string_capacity * 2 + 256;
        char **grown = realloc(edition->strings, capacity * sizeof(*grown));
        if (grown == NULL) {
            return NULL;
        }
        edition->strings = grown;
        edition->string_capacity = capacity;
    }
    char *copy = malloc(strlen(text) * 3 + 1);
    if (copy == NULL) {
        return NULL;
    }
    clean(text, copy);
    char *tight = realloc(copy, strlen(copy) + 1);
    copy = tight != NULL ? tight : copy;
    edition->strings[edition->string_count++] = copy;
    return copy;
}

/* --- Channels and entries ------------------------------------------------------------- */

struct edition_channel *publish_edition_add_channel(struct edition *edition, const char *name,
                                                    const char *title)
{
    struct edition_channel *grown =
        realloc(edition->channels, (edition->channel_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return NULL;
    }
    edition->channels = grown;
    struct edition_channel *channel = &grown[edition->channel_count];
    *channel = (struct edition_channel){.name = publish_edition_keep(edition, name),
                                        .title = publish_edition_keep(edition, title)};
    if (channel->name == NULL || channel->title == NULL) {
        return NULL;
    }
    edition->channel_count++;
    return channel;
}

static bool has_key(const struct edition_channel *channel, const char *key)
{
    for (size_t i = channel->count; i > 0; i--) {
        if (strcmp(channel->entries[i - 1].texts[EPG_KEY], key) == 0) {
            return true;
        }
    }
    return false;
}

/* The key of the entry, with a number when there is one like it; NULL out of memory. */
static const char *unique_key(struct edition *edition, const struct edition_channel *channel,
                              const char *key)
{
    char numbered[512];
    if (key == NULL || !has_key(channel, key)) {
        return publish_edition_keep(edition, key);
    }
    int number = 1;
    do {
        number++;
        snprintf(numbered, sizeof(numbered), "%.480s /%d", key, number);
    } while (has_key(channel, numbered));
    return publish_edition_keep(edition, numbered);
}

static int grow_channel(struct edition_channel *channel)
{
    if (channel->count < channel->capacity) {
        return 0;
    }
    const size_t capacity = channel->capacity * 2 + 64;
    struct epg_entry *grown = realloc(channel->entries, capacity * sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    channel->entries = grown;
    channel->capacity = capacity;
    return 0;
}

int publish_edition_add(struct edition *edition, struct edition_channel *channel,
                        const struct epg_entry *entry)
{
    struct epg_entry copy = *entry;
    copy.texts[EPG_KEY] = unique_key(edition, channel, entry->texts[EPG_KEY]);
    if (copy.texts[EPG_KEY] == NULL || grow_channel(channel) < 0) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < EPG_TEXTS; i++) {
        if (i != EPG_KEY) {
            copy.texts[i] = publish_edition_keep(edition, entry->texts[i]);
        }
        if (copy.texts[i] == NULL) {
            return -ENOMEM;
        }
    }
    channel->entries[channel->count++] = copy;
    return 0;
}

static int compare_entries(const void *left, const void *right)
{
    const struct epg_entry *a = left;
    const struct epg_entry *b = right;
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    return a->kind != b->kind ? (int)a->kind - (int)b->kind
                              : strcmp(a->texts[EPG_KEY], b->texts[EPG_KEY]);
}

void publish_edition_sort(struct edition_channel *channel)
{
    if (channel->count > 1) {
        qsort(channel->entries, channel->count, sizeof(channel->entries[0]), compare_entries);
    }
}

const struct edition_channel *publish_edition_channel(const struct edition *edition,
                                                      const char *name)
{
    for (size_t i = 0; i < edition->channel_count; i++) {
        if (strcmp(edition->channels[i].name, name) == 0) {
            return &edition->channels[i];
        }
    }
    return NULL;
}

const char *epg_kind_name(enum epg_kind kind)
{
    static const char *const names[] = {
        [EPG_LESSON] = "lesson", [EPG_REPEAT] = "repeat",   [EPG_OTHER] = "other",
        [EPG_FILLER] = "filler", [EPG_DAY_OFF] = "day_off", [EPG_DAY_SWAPPED] = "day_swapped"};
    return names[kind];
}

const char *epg_mark_name(enum epg_mark mark)
{
    static const char *const names[] = {[EPG_UNCHANGED] = "unchanged",
                                        [EPG_ADDED] = "added",
                                        [EPG_CHANGED] = "changed",
                                        [EPG_REMOVED] = "removed"};
    return names[mark];
}
