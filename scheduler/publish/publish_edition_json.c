/* SPDX-License-Identifier: MIT */
/* edition.json: written, and read with distrust. */
#include "scheduler/publish/publish_edition.h"

#include "playout/zone.h"

#include <jansson.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FORMAT = 1, FILE_MOST = 64 << 20, UTC_SIZE = 40 };

static const char *const text_names[] = {
    [EPG_KEY] = "key",
    [EPG_TITLE] = "title",
    [EPG_ABOUT] = "text",
    [EPG_GENRE] = "genre",
    [EPG_HOUSE_NUMBER] = "house_number",
    [EPG_GRADE] = "grade",
    [EPG_SUBJECT] = "subject",
    [EPG_LESSON_TITLE] = "lesson_title",
    [EPG_TEACHER] = "teacher",
    [EPG_SCHOOL] = "school",
    [EPG_PERIOD] = "period",
    [EPG_TIMETABLE_DAY] = "timetable_day",
    [EPG_REASON] = "reason",
    [EPG_BEFORE] = "before",
};

/* --- Times ----------------------------------------------------------------------- */

static const char *utc_text(int64_t time, char text[UTC_SIZE])
{
    const int64_t day = time >= 0 ? time / 86400 : -((86399 - time) / 86400);
    const int second = (int)(time - day * 86400);
    struct civil civil = {0};
    civil_date(day, &civil);
    snprintf(text, UTC_SIZE, "%04d-%02d-%02dT%02d:%02d:%02dZ", civil.year, civil.month, civil.day,
             second / 3600, second / 60 % 60, second % 60);
    return text;
}

/* 0 or -EBADMSG. */
static int parse_utc(const char *text, int64_t *time)
{
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, end = 0;
    if (text == NULL ||
        sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &year, &month, &day, &hour, &minute, &second,
               &end) != 6 ||
        end == 0 || text[end] != '\0' || year < 1 || month < 1 || month > 12 || day < 1 ||
        day > 31 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 59) {
        return -EBADMSG;
    }
    *time = civil_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    return 0;
}

/* --- Writing ----------------------------------------------------------------------- */

/* Each adds a value unless it is what is meant when nothing is said.  0 or -1, as jansson. */
static int put_text(json_t *object, const char *name, const char *text)
{
    return text[0] != '\0' ? json_object_set_new(object, name, json_string(text)) : 0;
}

static int put_flag(json_t *object, const char *name, bool flag)
{
    return flag ? json_object_set_new(object, name, json_true()) : 0;
}

static int put_time(json_t *object, const char *name, int64_t time)
{
    char text[UTC_SIZE];
    return json_object_set_new(object, name, json_string(utc_text(time, text)));
}

static json_t *entry_json(const struct epg_entry *entry)
{
    json_t *object = json_object();
    int result = json_object_set_new(object, "kind", json_string(epg_kind_name(entry->kind)));
    result |= put_time(object, "start", entry->start);
    result |= put_time(object, "stop", entry->stop);
    for (size_t i = 0; i < EPG_TEXTS; i++) {
        result |= put_text(object, text_names[i], entry->texts[i]);
    }
    if (entry->first_run != 0) {
        result |= put_time(object, "first_run", entry->first_run);
    }
    result |= put_flag(object, "joined", entry->is_joined);
    result |= put_flag(object, "live", entry->is_live);
    result |= put_flag(object, "subtitles", entry->has_subtitles);
    result |= put_flag(object, "signed", entry->is_signed);
    result |= put_flag(object, "subtitles_later", entry->subtitles_later);
    result |= put_flag(object, "signed_later", entry->signed_later);
    result |= put_flag(object, "cancelled", entry->is_cancelled);
    if (entry->sequence > 0) {
        result |= json_object_set_new(object, "sequence", json_integer(entry->sequence));
    }
    if (entry->mark != EPG_UNCHANGED) {
        result |= json_object_set_new(object, "mark", json_string(epg_mark_name(entry->mark)));
    }
    if (result != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *channel_json(const struct edition_channel *channel)
{
    json_t *entries = json_array();
    int result = 0;
    for (size_t i = 0; i < channel->count; i++) {
        result |= json_array_append_new(entries, entry_json(&channel->entries[i]));
    }
    json_t *object = json_pack("{s:s, s:s, s:i, s:o}", "name", channel->name, "title",
                               channel->title, "term_week", channel->term_week, "entries", entries);
    if (result != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

char *publish_edition_text(const struct edition *edition)
{
    char time[UTC_SIZE];
    char week[UTC_SIZE];
    json_t *channels = json_array();
    char *text = NULL;
    int result = 0;
    for (size_t i = 0; i < edition->channel_count; i++) {
        result |= json_array_append_new(channels, channel_json(&edition->channels[i]));
    }
    utc_text(edition->week * 86400, week);
    week[10] = '\0'; /* the date alone */
    json_t *object = json_pack("{s:i, s:i, s:s, s:s, s:s, s:s, s:s, s:o}", "format", FORMAT,
                               "edition", edition->number, "time", utc_text(edition->time, time),
                               "week", week, "station", edition->station, "time_zone",
                               edition->time_zone, "guide", edition->guide, "channels", channels);
    if (object != NULL && result == 0) {
        text = json_dumps(object, JSON_INDENT(1));
    }
    json_decref(object);
    return text;
}

/* --- Reading ----------------------------------------------------------------------- */

static int find_name(const char *name, const char *(*name_of)(int), int count, int missing)
{
    if (name == NULL) {
        return missing;
    }
    for (int i = 0; i < count; i++) {
        if (strcmp(name_of(i), name) == 0) {
            return i;
        }
    }
    return -1;
}

static const char *kind_name(int kind)
{
    return epg_kind_name((enum epg_kind)kind);
}

static const char *mark_name(int mark)
{
    return epg_mark_name((enum epg_mark)mark);
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static bool flag_of(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

static int number_of(const json_t *object, const char *name, int most)
{
    const json_int_t number = json_integer_value(json_object_get(object, name));
    return number < 0 ? 0 : number > most ? most : (int)number;
}

static int read_entry(const json_t *object, struct epg_entry *entry)
{
    const int kind = find_name(text_of(object, "kind"), kind_name, EPG_DAY_SWAPPED + 1, -1);
    const int mark = find_name(text_of(object, "mark"), mark_name, EPG_REMOVED + 1, EPG_UNCHANGED);
    const char *first_run = text_of(object, "first_run");
    *entry = (struct epg_entry){.is_joined = flag_of(object, "joined"),
                                .is_live = flag_of(object, "live"),
                                .has_subtitles = flag_of(object, "subtitles"),
                                .is_signed = flag_of(object, "signed"),
                                .subtitles_later = flag_of(object, "subtitles_later"),
                                .signed_later = flag_of(object, "signed_later"),
                                .is_cancelled = flag_of(object, "cancelled"),
                                .sequence = number_of(object, "sequence", 1 << 20)};
    if (kind < 0 || mark < 0 || parse_utc(text_of(object, "start"), &entry->start) < 0 ||
        parse_utc(text_of(object, "stop"), &entry->stop) < 0 ||
        (first_run != NULL && parse_utc(first_run, &entry->first_run) < 0)) {
        return -EBADMSG;
    }
    entry->kind = (enum epg_kind)kind;
    entry->mark = (enum epg_mark)mark;
    for (size_t i = 0; i < EPG_TEXTS; i++) {
        entry->texts[i] = text_of(object, text_names[i]);
    }
    return 0;
}

/* Documents are named after channels: a name never leads out of their folder, nor hides there. */
static bool is_channel_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL;
}

static int read_channel(struct edition *edition, const json_t *object)
{
    enum { ENTRIES_MOST = 5000 };
    const char *name = publish_edition_keep(edition, text_of(object, "name"));
    const json_t *entries = json_object_get(object, "entries");
    if (name == NULL) {
        return -ENOMEM;
    }
    if (!is_channel_name(name) || publish_edition_channel(edition, name) != NULL ||
        json_array_size(entries) > ENTRIES_MOST) {
        return -EBADMSG;
    }
    struct edition_channel *channel =
        publish_edition_add_channel(edition, name, text_of(object, "title"));
    if (channel == NULL) {
        return -ENOMEM;
    }
    channel->term_week = number_of(object, "term_week", 99);
    for (size_t i = 0; i < json_array_size(entries); i++) {
        struct epg_entry entry;
        int result = read_entry(json_array_get(entries, i), &entry);
        if (result == 0) {
            result = publish_edition_add(edition, channel, &entry);
        }
        if (result < 0) {
            return result;
        }
    }
    publish_edition_sort(channel);
    return 0;
}

static int read_head(struct edition *edition, const json_t *object)
{
    char midnight[UTC_SIZE];
    const char *week = text_of(object, "week");
    int64_t start = 0;
    snprintf(midnight, sizeof(midnight), "%.20sT00:00:00Z", week != NULL ? week : "");
    edition->number = number_of(object, "edition", 1 << 20);
    if (json_integer_value(json_object_get(object, "format")) != FORMAT || edition->number < 1 ||
        parse_utc(text_of(object, "time"), &edition->time) < 0 || parse_utc(midnight, &start) < 0) {
        return -EBADMSG;
    }
    edition->week = start / 86400;
    edition->station = publish_edition_keep(edition, text_of(object, "station"));
    edition->time_zone = publish_edition_keep(edition, text_of(object, "time_zone"));
    edition->guide = publish_edition_keep(edition, text_of(object, "guide"));
    return edition->station != NULL && edition->time_zone != NULL && edition->guide != NULL
               ? 0
               : -ENOMEM;
}

int publish_edition_parse(const char *bytes, size_t size, struct edition **edition)
{
    enum { CHANNELS_MOST = 1000 };
    json_t *object = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL);
    const json_t *channels = json_object_get(object, "channels");
    struct edition *fresh = publish_edition_create();
    int result = fresh == NULL ? -ENOMEM : object == NULL ? -EBADMSG : read_head(fresh, object);
    if (result == 0 && json_array_size(channels) > CHANNELS_MOST) {
        result = -EBADMSG;
    }
    for (size_t i = 0; result == 0 && i < json_array_size(channels); i++) {
        result = read_channel(fresh, json_array_get(channels, i));
    }
    json_decref(object);
    if (result < 0) {
        publish_edition_destroy(fresh);
        return result;
    }
    *edition = fresh;
    return 0;
}

int publish_edition_load(const char *path, struct edition **edition)
{
    struct stat info;
    char *bytes = NULL;
    int result = 0;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return -errno;
    }
    if (fstat(fileno(file), &info) < 0) {
        result = -errno;
    } else if (!S_ISREG(info.st_mode) || info.st_size > FILE_MOST) {
        result = -EBADMSG;
    } else if ((bytes = malloc((size_t)info.st_size + 1)) == NULL) {
        result = -ENOMEM;
    } else if (fread(bytes, 1, (size_t)info.st_size, file) != (size_t)info.st_size) {
        result = -EIO;
    } else {
        result = publish_edition_parse(bytes, (size_t)info.st_size, edition);
    }
    free(bytes);
    fclose(file);
    return result;
}
