/* SPDX-License-Identifier: MIT */
/* Cells that are no lessons: breaks, rules of repeats, relays, days off. */
#include "scheduler/import/import_grid.h"

#include "playout/intl.h"
#include "scheduler/import/import_doubts.h"
#include "scheduler/import/import_text.h"
#include "scheduler/import/import_words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { NAME_SIZE = IMPORT_CELL_BYTES_MOST + 1 };

/* The text of a note without its time, on one line. */
static void name_of(const char *text, char name[NAME_SIZE])
{
    char folded[NAME_SIZE];
    size_t from = 0;
    size_t length = 0;
    struct import_range range;
    snprintf(name, NAME_SIZE, "%s", text);
    snprintf(folded, NAME_SIZE, "%s", text);
    import_text_fold(folded);
    if (import_clock_find(folded, &range, &from, &length) != IMPORT_CLOCK_NONE) {
        memmove(folded + from, folded + from + length, strlen(folded + from + length) + 1);
        strcpy(name, folded);
    }
    for (char *at = name; *at != '\0'; at++) {
        *at = *at == '\n' ? ' ' : *at;
    }
    const size_t skip = strspn(name, " ()");
    memmove(name, name + skip, strlen(name + skip) + 1);
    for (size_t size = strlen(name); size > 0 && name[size - 1] == ' '; size--) {
        name[size - 1] = '\0';
    }
    if (strcmp(name + (strlen(name) > 2 ? strlen(name) - 2 : 0), "()") == 0) {
        name[strlen(name) - 2] = '\0';
    }
}

/* 第1–10节, 第1节至第5节, 1-10: from the one to the other. */
static bool find_periods(const char *text, int *first, int *last)
{
    for (const char *at = text; *at != '\0'; at++) {
        int from = 0;
        int to = 0;
        const char *look = at;
        if (import_text_starts(look, "第")) {
            look += strlen("第");
        }
        size_t length = import_numeral(look, &from);
        if (length == 0 || (at > text && isdigit((unsigned char)at[-1]))) {
            continue;
        }
        look += length;
        look += import_text_starts(look, "节") ? strlen("节") : 0;
        const size_t dashes = strspn(look, "- ");
        const bool is_word = import_text_starts(look, "至") || import_text_starts(look, "到");
        if (dashes == 0 && !is_word) {
            continue;
        }
        look += is_word ? strlen("至") : dashes;
        look += import_text_starts(look, "第") ? strlen("第") : 0;
        length = import_numeral(look, &to);
        if (length == 0 || !import_text_starts(look + length, "节") || from < 1 || to < from) {
            continue;
        }
        *first = from;
        *last = to;
        return true;
    }
    return false;
}

static bool begins_house_number(const char *text)
{
    char word[IMPORT_HOUSE_NUMBER_SIZE];
    const size_t length = strcspn(text, " ()\n");
    snprintf(word, sizeof(word), "%.*s", (int)length, text);
    return length < sizeof(word) && import_words_is_house_number(word);
}

/* 周三至周六, 周三-周六; the days whose lessons are repeated. */
static unsigned find_days(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        struct import_heading first;
        struct import_heading second;
        if (!import_text_starts(at, "周") && !import_text_starts(at, "星期")) {
            continue;
        }
        const char *until = strstr(at, "至");
        until = until != NULL ? until : strchr(at, '-');
        if (until == NULL) {
            return 0;
        }
        char head[24];
        snprintf(head, sizeof(head), "%.*s", (int)(until - at), at);
        import_heading_read(head, &first);
        import_heading_read(until, &second);
        if (!first.has_day || !second.has_day || second.day < first.day) {
            return 0;
        }
        unsigned days = 0;
        for (int day = first.day; day <= second.day; day++) {
            days |= 1U << day;
        }
        return days;
    }
    return 0;
}

/* 每25分钟, 间隔25分钟, pitch 25, or the distance of the first two times of a list. */
static int find_pitch(const char *text)
{
    enum { PITCH_MOST = 240, MINUTE = 60 };
    static const char *const words[] = {"每", "间隔", "pitch "};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const char *found = strstr(text, words[i]);
        int minutes = 0;
        if (found != NULL && import_numeral(found + strlen(words[i]), &minutes) > 0 &&
            minutes > 0 && minutes <= PITCH_MOST) {
            return minutes;
        }
    }
    int first = 0;
    int second = 0;
    size_t from = 0;
    size_t length = 0;
    if (import_clock_find_time(text, &first, &from, &length) != IMPORT_CLOCK_GOOD) {
        return 0;
    }
    const char *rest = text + from + length;
    rest += strspn(rest, " ");
    const bool is_list = *rest == ',' || import_text_starts(rest, "、");
    if (!is_list || import_clock_find_time(rest, &second, &from, &length) != IMPORT_CLOCK_GOOD ||
        second <= first || (second - first) % MINUTE != 0) {
        return 0;
    }
    return (second - first) / MINUTE;
}

static int add_repeat(struct import_grid *grid, const struct import_note_place *note, char *place)
{
    const char *text = note->cell->folded;
    struct import_repeat repeat = {.place = place,
                                   .start = note->range.start,
                                   .end = note->range.end,
                                   .of_days = find_days(text),
                                   .days = note->days == grid->days ? 0 : note->days,
                                   .pitch_minutes = find_pitch(text)};
    repeat.has_periods = find_periods(text, &repeat.first_period, &repeat.last_period);
    if (repeat.pitch_minutes == 0) {
        repeat.doubts = IMPORT_DOUBT_PITCH;
        import_report(grid->import, PROBLEM_WARNING, place,
                      _("these repeats do not say how many minutes there are from start to start; "
                        "they will follow each other: write it as in 每25分钟"));
    }
    return import_add_repeat(grid->import, &repeat);
}

static int add_relay(struct import_grid *grid, const struct import_note_place *note, char *place)
{
    char name[NAME_SIZE];
    const char *text = note->cell->text;
    const char *open = strstr(text, "《");
    const char *close = open != NULL ? strstr(open, "》") : NULL;
    if (close != NULL) {
        open += strlen("《");
        snprintf(name, sizeof(name), "%.*s", (int)(close - open), open);
    } else {
        name_of(text, name);
    }
    import_report(grid->import, PROBLEM_WARNING, place,
                  _("a relay needs the name of its source; fill in `source` and take the line's # "
                    "away"));
    const struct import_relay relay = {.name = name,
                                       .place = place,
                                       .start = note->range.start,
                                       .end = note->range.end,
                                       .days = note->days};
    return import_add_relay(grid->import, &relay);
}

/*
 * Saved as CSV, a cell that was merged over all days is left in the first
 * column alone: nothing else stands in its row.
 */
static bool was_merged(const struct import_grid *grid, const struct import_cell *cell)
{
    if (import_sheet_name(grid->sheet) != NULL || !grid->shape.heads[cell->column].is_day) {
        return false;
    }
    for (int column = 0; column < import_sheet_columns(grid->sheet); column++) {
        const bool is_before = column < cell->column && grid->shape.heads[column].is_day;
        const bool is_filled = column != cell->column && grid->shape.heads[column].is_day &&
                               import_sheet_at(grid->sheet, cell->row, column) != NULL;
        if (is_before || is_filled) {
            return false;
        }
    }
    return true;
}

/* The days of a note, all of them where it was merged: counted, to be told. */
static unsigned days_meant(struct import_grid *grid, const struct import_note_place *note)
{
    if (note->days == grid->days || !was_merged(grid, note->cell)) {
        return note->days;
    }
    grid->merged = grid->merged_count++ == 0 ? note->cell : grid->merged;
    return grid->days;
}

void import_grid_tell_merged(const struct import_grid *grid)
{
    char place[IMPORT_PLACE_SIZE];
    char text[IMPORT_SHOWN_SIZE];
    char more[IMPORT_MORE_SIZE];
    if (grid->merged == NULL) {
        return;
    }
    import_doubts_say_more(grid->merged_count - 1, more);
    import_report(
        grid->import, PROBLEM_WARNING, import_sheet_place(grid->sheet, grid->merged, place),
        _("'%s' stands in the first day's column alone%s, as a merged cell does in a CSV: "
          "taken for all days; if it is on %s alone, write - in the other columns"),
        import_grid_shown(grid->merged, text), more,
        import_day_name(grid->shape.heads[grid->merged->column].day));
}

int import_grid_note(struct import_grid *grid, const struct import_note_place *note)
{
    char place[IMPORT_PLACE_SIZE];
    char name[NAME_SIZE];
    struct import_note_place made = *note;
    size_t from = 0;
    size_t length = 0;
    import_sheet_place(grid->sheet, note->cell, place);
    const enum import_clock_verdict verdict =
        import_clock_find(note->cell->folded, &made.range, &from, &length);
    if (verdict == IMPORT_CLOCK_GOOD) {
        made.has_range = true;
    } else if (verdict != IMPORT_CLOCK_NONE) {
        import_grid_bad_time(grid, note->cell, verdict);
        return 0;
    }
    if (!made.has_range && note->is_told) {
        return 0;
    }
    if (!made.has_range && grid->request->week > 0) {
        import_report(grid->import, PROBLEM_WARNING, place,
                      _("one week has lessons alone: this is left out, and what the channel's "
                        "timetable says holds"));
        return 0;
    }
    if (!made.has_range) {
        import_report(grid->import, PROBLEM_ERROR, place,
                      _("when this is on is not said, neither here nor at the row's beginning; "
                        "write both times, as in 08:50-08:55"));
        return 0;
    }
    made.days = days_meant(grid, note);
    if (made.note == IMPORT_NOTE_REPEAT) {
        return add_repeat(grid, &made, place);
    }
    if (made.note == IMPORT_NOTE_RELAY) {
        return add_relay(grid, &made, place);
    }
    name_of(note->cell->text, name);
    const struct import_break item = {
        .name = name[0] != '\0' || note->name == NULL ? name : strcpy(name, note->name),
        .place = place,
        .start = made.range.start,
        .end = made.range.end,
        .days = made.days};
    return import_add_break(grid->import, &item);
}

bool import_grid_is_at_its_time(enum import_note note)
{
    return note == IMPORT_NOTE_BREAK || note == IMPORT_NOTE_REPEAT || note == IMPORT_NOTE_RELAY;
}

enum import_note import_grid_note_of(const struct import_grid *grid, const struct import_cell *cell)
{
    const char *text = cell->folded;
    struct import_range range;
    size_t from = 0;
    size_t length = 0;
    if (import_clock_find(text, &range, &from, &length) != IMPORT_CLOCK_NONE && from == 0) {
        text += length + strspn(text + length, " :\n");
    }
    const enum import_note note = import_words_note(text);
    if (note == IMPORT_NOTE_LEFT || note == IMPORT_NOTE_ABOVE) {
        return (note == IMPORT_NOTE_ABOVE) != grid->is_turned ? IMPORT_NOTE_ABOVE
                                                              : IMPORT_NOTE_DITTO;
    }
    if (note != IMPORT_NOTE_REPEAT) {
        return note;
    }
    const char *rest = text + (import_text_starts(text, "重播") ? strlen("重播") : 0);
    rest += strspn(rest, " :()\n");
    if (begins_house_number(rest)) {
        return IMPORT_NOTE_NONE;
    }
    rest += import_words_grade(rest);
    rest += strspn(rest, " :()\n");
    return import_words_subject(rest, grid->request->subjects) > 0 ? IMPORT_NOTE_NONE : note;
}

int import_grid_holiday(struct import_grid *grid, int column, const struct import_cell *cell)
{
    const struct import_head *head = &grid->shape.heads[column];
    char place[IMPORT_PLACE_SIZE];
    const int day = head->is_day ? head->day : grid->day;
    if ((grid->holidays_told & 1U << day) != 0) {
        return 0;
    }
    grid->holidays_told |= 1U << day;
    import_sheet_place(grid->sheet, cell, place);
    if (!head->has_date || head->date.year == 0) {
        import_report(grid->import, PROBLEM_WARNING, place,
                      _("%s is a day off: put its date into the calendar"), import_day_name(day));
        return 0;
    }
    import_report(grid->import, PROBLEM_WARNING, place,
                  _("%d-%02d-%02d is a day off: the calendar must say so"), head->date.year,
                  head->date.month, head->date.day);
    char name[] = "放假";
    const struct import_holiday holiday = {
        .name = name, .place = place, .date = head->date, .until = head->date};
    return import_add_holiday(grid->import, &holiday);
}
