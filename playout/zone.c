/* SPDX-License-Identifier: MIT */
#include "playout/zone.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DAY_S = 86400,
    HEADER_SIZE = 44,
    LARGEST_FILE = 1 << 20,
    TYPES_MOST = 256,
    FRAMES_PER_S = 25,
};

/* A rule of the footer: the Nth weekday of a month, or a day of the year. */
struct change_rule {
    enum { RULE_MONTH, RULE_JULIAN, RULE_DAY } kind;
    int month;
    int week; /* 5: the last */
    int day;  /* weekday 0 (Sunday)..6, or day of the year */
    int time; /* seconds after civil midnight */
};

/* What holds after the last transition. */
struct footer {
    bool is_present;
    bool has_summer;
    int standard; /* offsets, seconds east */
    int summer;
    struct change_rule start;
    struct change_rule end;
};

struct zone {
    size_t count;
    int64_t *times;   /* transitions, rising */
    int *offsets;     /* from the transition of the same index on */
    int first_offset; /* before the first */
    struct footer footer;
};

int64_t civil_days(int year, int month, int day)
{
    /* The year begins in March, so that the leap day is its last. */
    const int64_t months = (int64_t)year * 12 + month - 3;
    const int64_t y = months >= 0 ? months / 12 : (months - 11) / 12;
    const int64_t m = months - y * 12;
    const int64_t era = (y >= 0 ? y : y - 399) / 400;
    const int64_t year_of_era = y - era * 400;
    const int64_t day_of_year = (153 * m + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

int civil_weekday(int64_t days)
{
    const int64_t weekday = (days + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(weekday < 0 ? weekday + 7 : weekday);
}

void civil_date(int64_t days, struct civil *civil)
{
    const int64_t z = days + 719468;
    const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    const int64_t day_of_era = z - era * 146097;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t m = (5 * day_of_year + 2) / 153;
    civil->day = (int)(day_of_year - (153 * m + 2) / 5 + 1);
    civil->month = (int)(m < 10 ? m + 3 : m - 9);
    civil->year = (int)(year_of_era + era * 400 + (civil->month <= 2 ? 1 : 0));
}

static int64_t floor_div(int64_t value, int64_t divisor)
{
    return value / divisor - (value % divisor < 0 ? 1 : 0);
}

/* --- The footer: a POSIX TZ string, as "CET-1CEST,M3.5.0,M10.5.0/3" --------- */

static bool skip_name(const char **text)
{
    const char *at = *text;
    if (*at == '<') {
        at = strchr(at, '>');
        if (at == NULL) {
            return false;
        }
        *text = at + 1;
        return true;
    }
    while (isalpha((unsigned char)*at)) {
        at++;
    }
    const bool is_name = at - *text >= 3;
    *text = at;
    return is_name;
}

static bool read_number(const char **text, int *value)
{
    if (!isdigit((unsigned char)**text)) {
        return false;
    }
    *value = 0;
    while (isdigit((unsigned char)**text) && *value < 1000) {
        *value = *value * 10 + (*(*text)++ - '0');
    }
    return true;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool read_clock(const char **text, int *seconds)
{
    int sign = 1;
    int hours = 0;
    int minutes = 0;
    int rest = 0;
    if (**text == '-' || **text == '+') {
        sign = *(*text)++ == '-' ? -1 : 1;
    }
    if (!read_number(text, &hours)) {
        return false;
    }
    if (**text == ':') {
        ++*text;
        if (!read_number(text, &minutes)) {
            return false;
        }
        if (**text == ':') {
            ++*text;
            if (!read_number(text, &rest)) {
                return false;
            }
        }
    }
    *seconds = sign * (hours * 3600 + minutes * 60 + rest);
    return true;
}

static bool read_rule(const char **text, struct change_rule *rule)
{
    bool is_sound = false;
    *rule = (struct change_rule){.time = 2 * 3600};
    if (**text == 'M') {
        ++*text;
        rule->kind = RULE_MONTH;
        is_sound = read_number(text, &rule->month) && *(*text)++ == '.' &&
                   read_number(text, &rule->week) && *(*text)++ == '.' &&
                   read_number(text, &rule->day) && rule->month >= 1 && rule->month <= 12 &&
                   rule->week >= 1 && rule->week <= 5 && rule->day <= 6;
    } else if (**text == 'J') {
        ++*text;
        rule->kind = RULE_JULIAN;
        is_sound = read_number(text, &rule->day) && rule->day >= 1 && rule->day <= 365;
    } else {
        rule->kind = RULE_DAY;
        is_sound = read_number(text, &rule->day) && rule->day <= 365;
    }
    if (is_sound && **text == '/') {
        ++*text;
        is_sound = read_clock(text, &rule->time);
    }
    return is_sound;
}

static bool parse_footer(const char *text, struct footer *footer)
{
    int west = 0;
    *footer = (struct footer){0};
    if (*text == '\0') {
        return true;
    }
    if (!skip_name(&text) || !read_clock(&text, &west)) {
        return false;
    }
    footer->is_present = true;
    footer->standard = -west;
    if (*text == '\0') {
        return true;
    }
    footer->has_summer = true;
    footer->summer = footer->standard + 3600;
    if (!skip_name(&text)) {
        return false;
    }
    if (*text != ',') {
        if (!read_clock(&text, &west)) {
            return false;
        }
        footer->summer = -west;
    }
    return *text++ == ',' && read_rule(&text, &footer->start) && *text++ == ',' &&
           read_rule(&text, &footer->end) && *text == '\0';
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Civil seconds since the epoch at which a rule strikes in a year. */
static int64_t rule_time(const struct change_rule *rule, int year)
{
    int64_t days = civil_days(year, 1, 1);
    if (rule->kind == RULE_DAY) {
        days += rule->day;
    } else if (rule->kind == RULE_JULIAN) {
        days += rule->day - 1 + (is_leap(year) && rule->day > 59 ? 1 : 0);
    } else {
        const int64_t first = civil_days(year, rule->month, 1);
        const int64_t next = civil_days(year, rule->month + 1, 1);
        const int sunday_first = (rule->day + 6) % 7; /* to Monday = 0 */
        days = first + (sunday_first - civil_weekday(first) + 7) % 7 + (rule->week - 1) * 7;
        if (days >= next) {
            days -= 7;
        }
    }
    return days * DAY_S + rule->time;
}

static int footer_offset(const struct footer *footer, int64_t time_s)
{
    if (!footer->has_summer) {
        return footer->standard;
    }
    struct civil civil = {0};
    civil_date(floor_div(time_s + footer->standard, DAY_S), &civil);
    const int64_t start = rule_time(&footer->start, civil.year) - footer->standard;
    const int64_t end = rule_time(&footer->end, civil.year) - footer->summer;
    const bool is_summer =
        start < end ? time_s >= start && time_s < end : time_s >= start || time_s < end;
    return is_summer ? footer->summer : footer->standard;
}

/* --- The file ------------------------------------------------------------- */

static uint32_t read_u32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int64_t read_i64(const uint8_t *bytes)
{
    return (int64_t)((uint64_t)read_u32(bytes) << 32 | read_u32(bytes + 4));
}

struct block {
    uint32_t isut, isstd, leap, times, types, chars;
};

static bool read_header(const uint8_t *bytes, size_t size, struct block *block)
{
    if (size < HEADER_SIZE || memcmp(bytes, "TZif", 4) != 0 || bytes[4] < '2') {
        return false;
    }
    *block = (struct block){read_u32(bytes + 20), read_u32(bytes + 24), read_u32(bytes + 28),
                            read_u32(bytes + 32), read_u32(bytes + 36), read_u32(bytes + 40)};
    return block->isut <= TYPES_MOST && block->isstd <= TYPES_MOST && block->leap < 10000 &&
           block->times < 10000 && block->types >= 1 && block->types <= TYPES_MOST &&
           block->chars < 10000;
}

static size_t block_size(const struct block *block, size_t time_size)
{
    return block->times * (time_size + 1) + block->types * 6 + block->chars +
           block->leap * (time_size + 4) + block->isstd + block->isut;
}

static int read_block(const uint8_t *bytes, const struct block *block, struct zone *zone)
{
    const uint8_t *kinds = bytes + (size_t)block->times * 8;
    const uint8_t *types = kinds + block->times;

    zone->times = calloc(block->times + 1u, sizeof(zone->times[0]));
    zone->offsets = calloc(block->times + 1u, sizeof(zone->offsets[0]));
    if (zone->times == NULL || zone->offsets == NULL) {
        return -ENOMEM;
    }
    zone->count = block->times;
    zone->first_offset = (int32_t)read_u32(types);
    for (size_t i = 0; i < zone->count; i++) {
        if (kinds[i] >= block->types) {
            return -EBADMSG;
        }
        zone->times[i] = read_i64(bytes + i * 8);
        zone->offsets[i] = (int32_t)read_u32(types + (size_t)kinds[i] * 6);
        if (i > 0 && zone->times[i] <= zone->times[i - 1]) {
            return -EBADMSG;
        }
    }
    return 0;
}

static int parse(const uint8_t *bytes, size_t size, struct zone *zone)
{
    struct block block;
    if (!read_header(bytes, size, &block)) {
        return -EBADMSG;
    }
    const size_t skip = HEADER_SIZE + block_size(&block, 4);
    if (skip > size || !read_header(bytes + skip, size - skip, &block)) {
        return -EBADMSG;
    }
    const size_t data = skip + HEADER_SIZE;
    const size_t footer = data + block_size(&block, 8);
    if (footer + 2 > size || bytes[footer] != '\n' || bytes[size - 1] != '\n') {
        return -EBADMSG;
    }
    const int result = read_block(bytes + data, &block, zone);
    if (result < 0) {
        return result;
    }
    char text[128];
    const size_t length = size - footer - 2;
    if (length >= sizeof(text)) {
        return -EBADMSG;
    }
    memcpy(text, bytes + footer + 1, length);
    text[length] = '\0';
    return parse_footer(text, &zone->footer) ? 0 : -EBADMSG;
}

static int read_file(const char *path, uint8_t **bytes, size_t *size)
{
    struct stat status;
    int result = 0;
    uint8_t *buffer = NULL;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    if (fstat(fd, &status) < 0) {
        result = -errno;
        goto cleanup;
    }
    if (!S_ISREG(status.st_mode) || status.st_size > LARGEST_FILE) {
        result = S_ISDIR(status.st_mode) ? -ENOENT : -EBADMSG;
        goto cleanup;
    }
    buffer = malloc((size_t)status.st_size + 1);
    if (buffer == NULL) {
        result = -ENOMEM;
        goto cleanup;
    }
    if (read(fd, buffer, (size_t)status.st_size) != status.st_size) {
        result = -EIO;
        goto cleanup;
    }
    *bytes = buffer;
    *size = (size_t)status.st_size;
    buffer = NULL;

cleanup:
    free(buffer);
    close(fd);
    return result;
}

int zone_open(const char *name, struct zone **zone)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    char *path = NULL;
    struct zone *fresh = NULL;

    if (name[0] == '\0' || name[0] == '/' || strstr(name, "..") != NULL) {
        return -ENOENT;
    }
    if (asprintf(&path, "/usr/share/zoneinfo/%s", name) < 0) {
        return -ENOMEM;
    }
    int result = read_file(path, &bytes, &size);
    if (result < 0) {
        goto cleanup;
    }
    fresh = calloc(1, sizeof(*fresh));
    result = fresh != NULL ? parse(bytes, size, fresh) : -ENOMEM;
    if (result == 0) {
        *zone = fresh;
        fresh = NULL;
    }

cleanup:
    zone_close(fresh);
    free(bytes);
    free(path);
    return result;
}

void zone_close(struct zone *zone)
{
    if (zone == NULL) {
        return;
    }
    free(zone->times);
    free(zone->offsets);
    free(zone);
}

/* --- Conversion ----------------------------------------------------------- */

static int offset_at(const struct zone *zone, int64_t time_s)
{
    size_t low = 0;
    size_t high = zone->count; /* the first transition after time_s lies in [low, high] */
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (zone->times[middle] <= time_s) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == zone->count && zone->footer.is_present) {
        return footer_offset(&zone->footer, time_s);
    }
    return low == 0 ? zone->first_offset : zone->offsets[low - 1];
}

void zone_to_civil(const struct zone *zone, int64_t time_s, struct civil *civil)
{
    const int offset = offset_at(zone, time_s);
    const int64_t local = time_s + offset;
    const int64_t days = floor_div(local, DAY_S);
    const int rest = (int)(local - days * DAY_S);
    civil_date(days, civil);
    civil->hour = rest / 3600;
    civil->minute = rest / 60 % 60;
    civil->second = rest % 60;
    civil->offset = offset;
}

int64_t zone_date(const struct zone *zone, int64_t time_s)
{
    return floor_div(time_s + offset_at(zone, time_s), DAY_S);
}

int64_t zone_from_civil(const struct zone *zone, const struct civil *civil)
{
    const int64_t local = civil_days(civil->year, civil->month, civil->day) * DAY_S +
                          (int64_t)civil->hour * 3600 + (int64_t)civil->minute * 60 + civil->second;
    /* Offsets a day before and after: no zone changes twice within two days. */
    const int before = offset_at(zone, local - DAY_S);
    const int after = offset_at(zone, local + DAY_S);
    const int64_t first = local - before;
    if (offset_at(zone, first) == before) {
        return first;
    }
    const int64_t second = local - after;
    return offset_at(zone, second) == after ? second : first;
}

const char *zone_frame_text(const struct zone *zone, int64_t frame, char text[ZONE_TEXT_SIZE])
{
    struct civil civil;
    const int64_t seconds = floor_div(frame, FRAMES_PER_S);
    const int milliseconds = (int)(frame - seconds * FRAMES_PER_S) * (1000 / FRAMES_PER_S);
    zone_to_civil(zone, seconds, &civil);
    const int minutes = (civil.offset < 0 ? -civil.offset : civil.offset) / 60;
    snprintf(text, ZONE_TEXT_SIZE, "%04d-%02d-%02d %02d:%02d:%02d.%03d %c%02d%02d", civil.year,
             civil.month, civil.day, civil.hour, civil.minute, civil.second, milliseconds,
             civil.offset < 0 ? '-' : '+', minutes / 60 % 100, minutes % 60);
    return text;
}
