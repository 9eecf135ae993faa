/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_marks.h"

#include "scheduler/import/import_text.h"
#include "scheduler/import/import_words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void cut_out(char *text, size_t from, size_t length)
{
    memmove(text + from, text + from + length, strlen(text + from + length) + 1);
}

/* Takes a marker and the brackets around it off the line. */
static bool take_marker(char *line, const char *marker)
{
    static const char *const brackets[][2] = {
        {"(", ")"}, {"（", "）"}, {"[", "]"}, {"【", "】"}, {"〔", "〕"}, {"", ""},
    };
    for (size_t i = 0; i < sizeof(brackets) / sizeof(brackets[0]); i++) {
        char whole[40];
        snprintf(whole, sizeof(whole), "%s%s%s", brackets[i][0], marker, brackets[i][1]);
        char *found = strcasestr(line, whole);
        if (found == NULL) {
            continue;
        }
        const bool is_bare = brackets[i][0][0] == '\0';
        const char after = found[strlen(whole)];
        const bool in_word =
            isascii((unsigned char)marker[0]) &&
            ((found > line && isalnum((unsigned char)found[-1])) || isalnum((unsigned char)after));
        /* Without brackets only where it begins the line or is a word of it:
         * 直播间 within a title is no marker. */
        const bool is_apart = (found == line || import_text_separator(found - 1) > 0) &&
                              (after == '\0' || import_text_separator(found + strlen(whole)) > 0);
        if (is_bare && (in_word || !is_apart)) {
            continue;
        }
        cut_out(line, (size_t)(found - line), strlen(whole));
        import_text_trim(line);
        return true;
    }
    return false;
}

void import_marks_take(struct import_reading *reading, char *line)
{
    static const char *const repeats[] = {"重播", "Repeat", "Re-telecast", "Rpt"};
    static const char *const lives[] = {"直播", "Live"};
    static const char *const firsts[] = {"首播", "新课", "录播"};
    for (size_t i = 0; i < sizeof(repeats) / sizeof(repeats[0]); i++) {
        reading->is_repeat = take_marker(line, repeats[i]) || reading->is_repeat;
    }
    for (size_t i = 0; i < sizeof(lives) / sizeof(lives[0]); i++) {
        reading->is_live = take_marker(line, lives[i]) || reading->is_live;
    }
    for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++) {
        (void)take_marker(line, firsts[i]);
    }
}

/* A time range of the cell's own, as R3 has them.  The line is folded for it: times are ASCII. */
void import_marks_take_range(struct import_reading *reading, char *line)
{
    char room[IMPORT_READING_SIZE];
    strcpy(room, line);
    import_text_fold(room);
    size_t from = 0;
    size_t length = 0;
    struct import_range range;
    int seconds = 0;
    enum import_clock_verdict verdict = import_clock_find(room, &range, &from, &length);
    if (verdict == IMPORT_CLOCK_NONE) {
        /* A lone time may belong to a title, but not one like `05 AM`. */
        verdict = import_clock_find_time(room, &seconds, &from, &length);
        if (verdict != IMPORT_CLOCK_HOUR_LOST) {
            return;
        }
    }
    reading->clock = verdict;
    if (verdict == IMPORT_CLOCK_GOOD) {
        reading->has_range = true;
        reading->range = range;
    }
    cut_out(room, from, length);
    strcpy(line, room);
    import_text_trim(line);
}

static bool ends_with(const char *text, size_t length, const char *ending)
{
    const size_t size = strlen(ending);
    return length >= size && strncmp(text + length - size, ending, size) == 0;
}

bool import_marks_unwrap(char *title)
{
    static const char *const marks[][2] = {{"《", "》"}, {"“", "”"}, {"\"", "\""}};
    for (size_t i = 0; i < 3; i++) {
        const size_t open = strlen(marks[i][0]);
        const size_t close = strlen(marks[i][1]);
        const size_t length = strlen(title);
        if (length <= open + close || !import_text_starts(title, marks[i][0]) ||
            !ends_with(title, length, marks[i][1])) {
            continue;
        }
        title[length - close] = '\0';
        if (strstr(title + open, marks[i][1]) != NULL) {
            strcat(title, marks[i][1]);
            continue;
        }
        cut_out(title, 0, open);
        return true;
    }
    return false;
}

/* The last word of a title: where it begins. */
static size_t last_word(const char *title, size_t length)
{
    size_t word = 0;
    for (size_t i = 0; i < length; i++) {
        const size_t separator = import_text_separator(title + i);
        word = separator > 0 ? i + separator : word;
    }
    return word;
}

bool import_marks_name(const char *title, struct import_name *name)
{
    const size_t length = strlen(title);
    const size_t open = import_words_bracket(title, length);
    const size_t bracket = open == length ? 0 : title[open] == '(' ? 1 : strlen("（");
    const size_t from = bracket > 0 ? open + bracket : last_word(title, length);
    const struct import_name found = {
        .title = bracket > 0 ? open : from, .from = from, .length = length - from - bracket};
    const bool is_name =
        found.title > 0 && (import_words_is_person(title + from, found.length) ||
                            (bracket > 0 && import_words_is_teacher(title + from, found.length)));
    if (is_name) {
        *name = found;
    }
    return is_name;
}

bool import_marks_name_behind(const char *title, struct import_name *name)
{
    const char *close = strstr(title, "》");
    struct import_name found;
    if (!import_text_starts(title, "《") || close == NULL || !import_marks_name(title, &found)) {
        return false;
    }
    size_t end = (size_t)(close - title) + strlen("》");
    while (end < found.title && import_text_separator(title + end) > 0) {
        end += import_text_separator(title + end);
    }
    if (end == found.title) {
        *name = found;
    }
    return end == found.title;
}
