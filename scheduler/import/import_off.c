/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_off.h"

#include "playout/intl.h"
#include "scheduler/import/import_text.h"

#include <ctype.h>
#include <string.h>

/* 12月1-3日, 12月1、3日, 12月1: of a date that its sign may be far from. */
static bool is_month_and_days(const char *text)
{
    int month = 0;
    int day = 0;
    const char *at = text + import_numeral(text, &month);
    if (at == text || !import_text_starts(at, "月")) {
        return false;
    }
    return import_numeral(at + strlen("月"), &day) > 0 &&
           import_date_exists((struct import_date){.month = month, .day = day});
}

/* 12.1, which is a date only beside 停课. */
static bool is_dotted_date(const char *text)
{
    int month = 0;
    int day = 0;
    const size_t length = import_numeral(text, &month);
    if (!isdigit((unsigned char)text[0]) || text[length] != '.' ||
        !isdigit((unsigned char)text[length + 1])) {
        return false;
    }
    const char *end = text + length + 1;
    end += import_numeral(end, &day);
    return import_date_exists((struct import_date){.month = month, .day = day});
}

static bool is_dated(const char *text)
{
    return import_date_written(text) > 0 || is_month_and_days(text) || is_dotted_date(text);
}

static const char *const off_words[] = {"停课", "停播", "放假", "休息", "不上课", NULL};
static const char *const lesson_off_words[] = {"停课", "停播", NULL}; /* of lessons alone */

static bool ends_with_one(const char *text, size_t length, const char *const words[])
{
    while (length > 0 && text[length - 1] == ' ') {
        length--;
    }
    for (size_t i = 0; words[i] != NULL; i++) {
        const size_t size = strlen(words[i]);
        if (length >= size && memcmp(text + length - size, words[i], size) == 0) {
            return true;
        }
    }
    return false;
}

/* 停课 12月1日, 乙(停播: 12.1): the date behind the word, or NULL. */
static const char *date_behind(const char *text)
{
    for (size_t i = 0; lesson_off_words[i] != NULL; i++) {
        for (const char *at = text; (at = strstr(at, lesson_off_words[i])) != NULL;) {
            at += strlen(lesson_off_words[i]);
            const char *date = at + strspn(at, " :(\n");
            if (is_dated(date)) {
                return date;
            }
        }
    }
    return NULL;
}

/* 乙 12月1日停课: the first date within `length` bytes, or NULL. */
static const char *date_within(const char *text, size_t length)
{
    for (const char *at = text; at < text + length; at++) {
        const bool in_word =
            at > text && isalnum((unsigned char)at[-1]) && isalnum((unsigned char)at[0]);
        if (!in_word && is_dated(at)) {
            return at;
        }
    }
    return NULL;
}

const char *import_off_date(const char *text)
{
    text += import_words_grade(text);
    text += strspn(text, " :\n");
    text += import_words_subject(text, NULL);
    text += strspn(text, " :\n");
    const size_t length = strlen(text);
    const size_t open = import_words_bracket(text, length);
    const size_t inside = open < length ? length - 1 : length;
    const char *date = NULL;
    if (import_date_written(text) > 0 &&
        (ends_with_one(text, length, off_words) || ends_with_one(text, open, off_words))) {
        return text;
    }
    if (open < length && ends_with_one(text, inside, off_words) &&
        import_date_written(text + open + 1) > 0) {
        return text + open + 1;
    }
    if (ends_with_one(text, inside, lesson_off_words)) {
        date = date_within(text, inside);
    } else if (ends_with_one(text, open, lesson_off_words)) {
        date = date_within(text, open);
    }
    return date != NULL ? date : date_behind(text);
}

bool import_off_tell(const struct import_grid *grid, const struct import_cell *cell,
                     bool is_own_square)
{
    const char *date = import_off_date(cell->folded);
    char place[IMPORT_PLACE_SIZE];
    char text[IMPORT_SHOWN_SIZE];
    if (date == NULL || !is_own_square) {
        return date != NULL;
    }
    import_report(
        grid->import, PROBLEM_ERROR, import_sheet_place(grid->sheet, cell, place),
        _("'%s': %s; %s"), import_grid_shown(cell, text),
        import_date_is_of_no_day(date) ? _("no calendar has this date")
                                       : _("this is of one date, and no lesson"),
        grid->request->week > 0
            ? _("write 停课 alone, for this week, or the day into the calendar")
            : _("take it out here, and write the day into `dates` of the calendar, as in `- "
                "{date: 2026-12-01, suspended: 停上, reason: 检修}`"));
    return true;
}

/* 上 in 接上周六, 晚上周六: the end of another word. */
static bool ends_other_word(const char *text, const char *at)
{
    static const char *const before[] = {"接", "早", "晚", "线", "网"};
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        const size_t size = strlen(before[i]);
        if ((size_t)(at - text) >= size && memcmp(at - size, before[i], size) == 0) {
            return true;
        }
    }
    return false;
}

bool import_off_is_swap(const char *text)
{
    static const char *const words[] = {"调休", "调课", "补班"};
    static const char *const before_day[] = {"上", "按", "补"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strstr(text, words[i]) != NULL) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(before_day) / sizeof(before_day[0]); i++) {
        for (const char *at = text; (at = strstr(at, before_day[i])) != NULL;) {
            const char *day = at + strlen(before_day[i]);
            day += strspn(day, " ");
            if (import_day_written(day) > 0 && !ends_other_word(text, at)) {
                return true;
            }
            at = day;
        }
    }
    return false;
}

void import_off_tell_swap(const struct import_grid *grid, const struct import_cell *cell, int day,
                          bool has_lessons)
{
    char place[IMPORT_PLACE_SIZE];
    char text[IMPORT_SHOWN_SIZE];
    import_report(grid->import, has_lessons ? PROBLEM_ERROR : PROBLEM_WARNING,
                  import_sheet_place(grid->sheet, cell, place),
                  _("'%s' is of one date: write it into `dates` of the calendar, as in `- {date: "
                    "2026-12-05, runs: 周一, reason: 调休}`, and leave it out here; if it is so "
                    "every week, write %s alone"),
                  import_grid_shown(cell, text), import_day_name(day));
}
