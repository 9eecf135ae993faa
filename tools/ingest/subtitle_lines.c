/* SPDX-License-Identifier: MIT */
#include "tools/ingest/subtitle_lines.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    WIDE_FROM = 0x1100,
    FAR = 1000,
    PER_COLUMN = 2,
    AFTER_MARK = -24,
    AT_BLANK = -16,
    TEXT_MOST = 4000
};

/* A character: its code, what it takes, and where the next one is. */
struct letter {
    uint32_t code;
    int columns;
    const char *next;
};

/* What is no UTF-8 is taken byte by byte; a tag in braces has code 0 and no width. */
static struct letter read_letter(const char *at)
{
    const unsigned char first = (unsigned char)*at;
    const char *end = first == '{' ? strchr(at, '}') : NULL;
    if (end != NULL) {
        return (struct letter){0, 0, end + 1};
    }
    const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    uint32_t code = more == 0 ? first : first & (0x3fU >> more);
    for (int i = 1; i <= more; i++) {
        const unsigned char byte = (unsigned char)at[i];
        if ((byte & 0xc0) != 0x80) {
            return (struct letter){first, 1, at + 1};
        }
        code = code << 6 | (byte & 0x3f);
    }
    return (struct letter){code, code >= WIDE_FROM ? 2 : 1, at + more + 1};
}

static bool is_among(uint32_t code, const char *letters)
{
    for (const char *at = letters; *at != '\0';) {
        const struct letter letter = read_letter(at);
        if (letter.code == code) {
            return true;
        }
        at = letter.next;
    }
    return false;
}

static bool closes(uint32_t code)
{
    return is_among(code, "，。、；：！？）》」』】〉〕”’…—·～%,.;:!?)]");
}

static bool opens(uint32_t code)
{
    return is_among(code, "（《「『【〈〔“‘([");
}

/* How bad a break between the two is; FAR and more: none may be there. */
static int badness(uint32_t before, uint32_t after)
{
    if (before == ' ') {
        return AT_BLANK;
    }
    if (closes(after) || opens(before) || after == ' ') {
        return FAR;
    }
    if (is_among(before, "，。；：！？")) {
        return AFTER_MARK;
    }
    const bool is_inside = before < WIDE_FROM && after < WIDE_FROM && !closes(before);
    return is_inside ? FAR : 0;
}

static int columns_of(const char *from, const char *to)
{
    int columns = 0;
    for (const char *at = from; at < to;) {
        const struct letter letter = read_letter(at);
        columns += letter.columns;
        at = letter.next;
    }
    return columns;
}

/* Where to break text that is too long: near `target` columns, at most SUBTITLE_COLUMNS. */
static const char *find_break(const char *from, const char *to, int target)
{
    const char *best = NULL;
    const char *last = from;
    int least = FAR;
    int columns = 0;
    uint32_t before = 0;
    for (const char *at = from; at < to;) {
        const struct letter letter = read_letter(at);
        const int off = columns > target ? columns - target : target - columns;
        const int here =
            before != 0 && letter.code != 0 ? badness(before, letter.code) + PER_COLUMN * off : FAR;
        if (here < least) {
            least = here;
            best = at;
        }
        columns += letter.columns;
        if (columns > SUBTITLE_COLUMNS) {
            break;
        }
        before = letter.code != 0 ? letter.code : before;
        at = letter.next;
        last = at;
    }
    return best != NULL ? best : last; /* one endless word */
}

/* Appends bytes at *out and moves it. */
static void put(char **out, const char *bytes, size_t size)
{
    memcpy(*out, bytes, size);
    *out += size;
}

/* One line, which the text itself does not break. */
static void break_line(const char *from, const char *to, char **out)
{
    int columns = columns_of(from, to);
    while (columns > SUBTITLE_COLUMNS) {
        const int lines = (columns + SUBTITLE_COLUMNS - 1) / SUBTITLE_COLUMNS;
        const char *at = find_break(from, to, (columns + lines - 1) / lines);
        const char *end = at > from && at[-1] == ' ' ? at - 1 : at;
        put(out, from, (size_t)(end - from));
        put(out, "\\N", 2);
        from = at;
        columns = columns_of(from, to);
    }
    put(out, from, (size_t)(to - from));
}

char *subtitle_lines_break(const char *text)
{
    /* A line end at most behind each byte. */
    char *broken = malloc(3 * strlen(text) + 1);
    char *out = broken;
    if (broken == NULL || strlen(text) > TEXT_MOST) { /* no reader would get through it */
        free(broken);
        return broken != NULL ? strdup(text) : NULL;
    }
    for (;;) {
        const char *end = strstr(text, "\\N");
        if (end == NULL) {
            break_line(text, text + strlen(text), &out);
            *out = '\0';
            return broken;
        }
        break_line(text, end, &out);
        put(&out, "\\N", 2);
        text = end + 2;
    }
}
