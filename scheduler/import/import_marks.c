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

static const char closing[] = "》";

/* Where the last word begins: behind a separator or the end of a title's marks. */
static size_t last_word(const char *text, size_t length)
{
    size_t word = 0;
    for (size_t i = 0; i < length; i++) {
        const size_t size = import_text_starts(text + i, closing) ? strlen(closing)
                                                                  : import_text_separator(text + i);
        word = size > 0 && i + size < length ? i + size : word;
    }
    return word;
}

/* Whether brackets end the text, and how many bytes each has: 0 when none do. */
static size_t bracket_size(const char *text, size_t open)
{
    return text[open] == '\0' ? 0 : text[open] == '(' ? 1 : strlen("（");
}

bool import_marks_name(const char *title, struct import_name *name)
{
    const size_t length = strlen(title);
    const size_t open = import_words_bracket(title, length);
    const size_t bracket = bracket_size(title, open);
    const size_t last = bracket > 0 ? open + bracket : last_word(title, length);
    const size_t first = strcspn(title, " ");
    const size_t size = length - last - bracket;
    if ((last > 0 && import_words_is_person(title + last, size)) ||
        import_words_may_be_teacher(title + last, size)) {
        *name = (struct import_name){.from = last, .length = size};
        return true;
    }
    if (import_text_starts(title + first, " 《") && import_words_is_person(title, first)) {
        *name = (struct import_name){.from = 0, .length = first};
        return true;
    }
    return false;
}

/* The bytes of the title in 《》 that a line begins with, and what is between it and the rest. */
static size_t marked_length(const char *line)
{
    const char *close = strstr(line, closing);
    if (!import_text_starts(line, "《") || close == NULL) {
        return 0;
    }
    size_t end = (size_t)(close - line) + strlen(closing);
    for (size_t size; (size = import_text_separator(line + end)) > 0;) {
        end += size;
    }
    return end;
}

/* True when every word is a teacher's or a school's name. */
static bool are_people(const char *text, size_t length)
{
    for (size_t from = 0; from < length;) {
        size_t end = from;
        while (end < length && import_text_separator(text + end) == 0) {
            end++;
        }
        const size_t size = end - from;
        if (size > 0 && !import_words_is_person(text + from, size) &&
            !import_words_is_teacher(text + from, size) &&
            !import_words_is_school(text + from, size)) {
            return false;
        }
        from = end + (end < length ? import_text_separator(text + end) : 0);
    }
    return length > 0;
}

bool import_marks_name_behind(const char *line, struct import_name *name)
{
    const size_t marked = marked_length(line);
    const size_t length = strlen(line);
    const size_t from = last_word(line, length);
    if (marked == 0 || from < marked || !are_people(line + marked, length - marked) ||
        !import_words_is_person(line + from, length - from)) {
        return false;
    }
    *name = (struct import_name){.from = from, .length = length - from};
    return true;
}

bool import_marks_open(char *line)
{
    const size_t length = strlen(line);
    const size_t open = import_words_bracket(line, length);
    const size_t bracket = bracket_size(line, open);
    if (bracket == 0 || marked_length(line) != open ||
        !are_people(line + open + bracket, length - open - 2 * bracket)) {
        return false;
    }
    memset(line + open, ' ', bracket);
    line[length - bracket] = '\0';
    return true;
}
