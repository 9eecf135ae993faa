/* SPDX-License-Identifier: MIT */
/* Lists: one lesson a row, under a head that names the columns. */
#include "scheduler/import/import_grid.h"

#include "playout/intl.h"
#include "scheduler/import/import_ditto.h"
#include "scheduler/import/import_marks.h"
#include "scheduler/import/import_off.h"
#include "scheduler/import/import_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct record {
    const struct import_cell *cells[IMPORT_COLUMN_COUNT];
    const struct import_cell *first;
    const struct import_cell *day_beside; /* 星期 beside 日期 */
    bool is_told;                         /* that what one of them stands for is not known */
    bool has_range;
    struct import_range range;
    int day;
    uint64_t weeks;
};

static bool collect(const struct import_grid *grid, int row, const struct record *before,
                    struct record *record)
{
    *record = (struct record){.weeks = import_weeks_all()};
    for (int column = 0; column < import_sheet_columns(grid->sheet); column++) {
        const struct import_cell *cell = import_sheet_at(grid->sheet, row, column);
        const enum import_column known = grid->shape.heads[column].column;
        if (cell != NULL && known != IMPORT_COLUMN_NONE && record->cells[known] == NULL) {
            record->cells[known] = import_ditto_of_list(grid, known, cell, before->cells[known]);
            record->is_told = record->is_told || record->cells[known] == NULL;
            record->first = record->first == NULL ? cell : record->first;
        } else if (cell != NULL && known == IMPORT_COLUMN_DAY && record->day_beside == NULL) {
            record->day_beside = cell;
        }
    }
    return record->cells[IMPORT_COLUMN_SUBJECT] != NULL ||
           record->cells[IMPORT_COLUMN_TITLE] != NULL;
}

static const char *clock_text(const struct import_cell *cell, char text[IMPORT_CELL_BYTES_MOST + 1])
{
    strcpy(text, cell->folded);
    import_grid_read_dots(text, true);
    return text;
}

/* False when the time is told to be wrong; a record may also have none. */
static bool read_time(struct import_grid *grid, struct record *record)
{
    const struct import_cell *cell = record->cells[IMPORT_COLUMN_TIME];
    enum import_clock_verdict verdict = IMPORT_CLOCK_NONE;
    char text[IMPORT_CELL_BYTES_MOST + 1];
    if (cell != NULL) {
        size_t from = 0;
        size_t length = 0;
        verdict = import_clock_find(clock_text(cell, text), &record->range, &from, &length);
        if (verdict == IMPORT_CLOCK_NONE) {
            import_grid_bad_time(grid, cell, IMPORT_CLOCK_UNREADABLE);
            return false;
        }
    } else if (record->cells[IMPORT_COLUMN_START] != NULL &&
               record->cells[IMPORT_COLUMN_END] != NULL) {
        cell = record->cells[IMPORT_COLUMN_START];
        verdict = import_clock_time(clock_text(cell, text), &record->range.start);
        if (verdict == IMPORT_CLOCK_GOOD) {
            cell = record->cells[IMPORT_COLUMN_END];
            verdict = import_clock_time(clock_text(cell, text), &record->range.end);
            if (verdict == IMPORT_CLOCK_GOOD && record->range.end <= record->range.start) {
                verdict = IMPORT_CLOCK_BACKWARDS;
            }
        }
    } else {
        return true;
    }
    if (verdict != IMPORT_CLOCK_GOOD) {
        import_grid_bad_time(grid, cell, verdict);
        return false;
    }
    record->has_range = true;
    return true;
}

enum day_verdict {
    DAY_GOOD,
    DAY_UNKNOWN,
    DAY_CROSSED, /* it says a date, and another day of the week */
    DAY_OF_NO_CALENDAR,
};

/* *day only when GOOD. */
static enum day_verdict day_of(struct import_grid *grid, const struct import_cell *cell, int *day)
{
    struct import_heading heading = {0};
    if (import_day_read(cell->folded, day)) {
        return DAY_GOOD;
    }
    import_heading_read(cell->folded, &heading);
    grid->import->has_dates = grid->import->has_dates || heading.has_date;
    heading.date.year = heading.has_date && heading.date.year == 0 ? grid->year : heading.date.year;
    const bool has_dated =
        heading.has_date && heading.date.year != 0 && import_date_exists(heading.date);
    const int dated = has_dated ? import_date_day(heading.date) : heading.day;
    if (!has_dated && import_date_is_of_no_day(cell->folded)) {
        return DAY_OF_NO_CALENDAR;
    }
    if (!heading.has_day && !has_dated) {
        return DAY_UNKNOWN;
    }
    if (heading.has_day && dated != heading.day) {
        return DAY_CROSSED;
    }
    *day = dated;
    return DAY_GOOD;
}

/* False, and says why, when no day can be taken from the cell. */
static bool judge_day(struct import_grid *grid, const struct import_cell *cell,
                      enum day_verdict verdict)
{
    char place[IMPORT_PLACE_SIZE];
    char text[IMPORT_SHOWN_SIZE];
    if (verdict == DAY_GOOD) {
        return true;
    }
    import_report(grid->import, PROBLEM_ERROR, import_sheet_place(grid->sheet, cell, place),
                  verdict == DAY_UNKNOWN
                      ? _("'%s' is no day of the week; write it as 周一, or a date with its year")
                  : verdict == DAY_CROSSED
                      ? _("'%s': this date is not on that day of the week; correct one of them")
                      : _("'%s': no calendar has this date; correct it"),
                  import_grid_shown(cell, text));
    return false;
}

/* 周六（调休上周一）, as in the head of a grid; told once. */
static bool is_swap(struct import_grid *grid, const struct import_cell *cell, int day)
{
    if (!import_off_is_swap(cell->folded)) {
        return false;
    }
    if (!grid->is_swap_told) {
        import_off_tell_swap(grid, cell, day, true);
    }
    grid->is_swap_told = true;
    return true;
}

static bool read_day(struct import_grid *grid, struct record *record)
{
    char place[IMPORT_PLACE_SIZE];
    char text[IMPORT_SHOWN_SIZE];
    const struct import_cell *cell = record->cells[IMPORT_COLUMN_DAY];
    if (cell == NULL) {
        record->day = grid->day;
        if (!grid->has_day) {
            import_report(grid->import, PROBLEM_ERROR,
                          import_sheet_place(grid->sheet, record->first, place),
                          _("which day this is of is not said; write 周一 or the date into the "
                            "title, or say --day 周一"));
        }
        return grid->has_day;
    }
    const struct import_cell *beside = record->day_beside;
    int other = 0;
    const enum day_verdict first = day_of(grid, cell, &record->day);
    const enum day_verdict second = beside != NULL ? day_of(grid, beside, &other) : DAY_UNKNOWN;
    if (first == DAY_UNKNOWN && second == DAY_GOOD) {
        record->day = other;
        return true;
    }
    if (!judge_day(grid, cell, first) ||
        (second != DAY_UNKNOWN && !judge_day(grid, beside, second))) {
        return false;
    }
    if (second == DAY_GOOD && other != record->day) {
        import_report(grid->import, PROBLEM_ERROR, import_sheet_place(grid->sheet, beside, place),
                      _("this says %s, but '%s' in the same row is %s; correct one of them"),
                      import_day_name(other), import_grid_shown(cell, text),
                      import_day_name(record->day));
        return false;
    }
    return !is_swap(grid, cell, record->day);
}

static void exchange(struct record *record, enum import_column a, enum import_column b)
{
    const struct import_cell *cell = record->cells[a];
    record->cells[a] = record->cells[b];
    record->cells[b] = cell;
}

/* 年级 above 语文, and 学科 above 一年级: one mistake of the head, told once. */
static void judge_grade(struct import_grid *grid, struct record *record)
{
    const struct import_cell *grade = record->cells[IMPORT_COLUMN_GRADE];
    const struct import_cell *subject = record->cells[IMPORT_COLUMN_SUBJECT];
    char place[IMPORT_PLACE_SIZE];
    char text[IMPORT_SHOWN_SIZE];
    char other[IMPORT_SHOWN_SIZE];
    if (grade == NULL || import_words_is_grade(grade->folded) ||
        import_words_subject(grade->folded, grid->request->subjects) == 0) {
        return;
    }
    import_sheet_place(grid->sheet, grade, place);
    if (subject == NULL || !import_words_is_grade(subject->folded)) {
        import_report(grid->import, PROBLEM_ERROR, place,
                      _("'%s' stands in the column of grades, but is a subject; correct it"),
                      import_grid_shown(grade, text));
        return;
    }
    exchange(record, IMPORT_COLUMN_GRADE, IMPORT_COLUMN_SUBJECT);
    if (!grid->is_crossed) {
        import_report(grid->import, PROBLEM_ERROR, place,
                      _("'%s' stands in the column of grades, and '%s' in that of subjects; if all "
                        "rows are so, exchange the heads of the two columns"),
                      import_grid_shown(grade, text), import_grid_shown(subject, other));
    }
    grid->is_crossed = true;
}

static bool is_name(const struct import_cell *cell)
{
    return import_words_is_teacher(cell->text, strlen(cell->text)) ||
           import_words_is_person(cell->text, strlen(cell->text));
}

/* 王老师 for the title, and no name for the teacher. */
static void judge_teacher(struct import_grid *grid, struct record *record)
{
    const struct import_cell *title = record->cells[IMPORT_COLUMN_TITLE];
    const struct import_cell *teacher = record->cells[IMPORT_COLUMN_TEACHER];
    char place[IMPORT_PLACE_SIZE];
    char text[IMPORT_SHOWN_SIZE];
    char other[IMPORT_SHOWN_SIZE];
    if (title == NULL || teacher == NULL || !is_name(title) || is_name(teacher)) {
        return;
    }
    const bool is_sure = import_words_is_teacher(title->text, strlen(title->text));
    import_report(grid->import, is_sure ? PROBLEM_ERROR : PROBLEM_WARNING,
                  import_sheet_place(grid->sheet, title, place),
                  is_sure ? _("'%s' stands in the column of titles, and '%s' in that of teachers; "
                              "exchange them")
                          : _("'%s' stands in the column of titles, and '%s' in that of teachers; "
                              "if they have changed places, exchange them"),
                  import_grid_shown(title, text), import_grid_shown(teacher, other));
    if (is_sure) {
        exchange(record, IMPORT_COLUMN_TITLE, IMPORT_COLUMN_TEACHER);
    }
}

static void read_texts(struct import_grid *grid, const struct record *record,
                       struct import_reading *reading)
{
    const struct import_cell *title = record->cells[IMPORT_COLUMN_TITLE];
    const struct import_cell *subject = record->cells[IMPORT_COLUMN_SUBJECT];
    const struct import_cell *teacher = record->cells[IMPORT_COLUMN_TEACHER];
    const struct import_cell *school = record->cells[IMPORT_COLUMN_SCHOOL];
    const struct import_cell *grade = record->cells[IMPORT_COLUMN_GRADE];
    import_cell_read(subject != NULL ? subject->text : title->text, grid->request, reading);
    if (subject != NULL && reading->subject[0] == '\0' && title != NULL) {
        snprintf(reading->subject, sizeof(reading->subject), "%s", subject->text);
    }
    if (title != NULL && subject != NULL) {
        snprintf(reading->title, sizeof(reading->title), "%s", title->text);
        import_marks_take(reading, reading->title);
        (void)import_marks_unwrap(reading->title);
        reading->doubts &= ~(unsigned)(IMPORT_DOUBT_TITLE | IMPORT_DOUBT_LINES | IMPORT_DOUBT_NAME |
                                       IMPORT_DOUBT_TWO_SUBJECTS);
    }
    reading->lines = (struct import_lines){0}; /* its columns say what is what */
    if (teacher != NULL) {
        snprintf(reading->teacher, sizeof(reading->teacher), "%s", teacher->text);
    }
    if (school != NULL) {
        snprintf(reading->school, sizeof(reading->school), "%s", school->text);
    }
    if (grade != NULL) {
        char *name = import_words_is_grade(grade->folded)
                         ? import_words_grade_name(grade->folded, strlen(grade->folded))
                         : NULL;
        snprintf(reading->grade, sizeof(reading->grade), "%s", name != NULL ? name : grade->text);
        free(name);
    }
}

static int find_period(struct import_grid *grid, const struct record *record, size_t *period)
{
    struct import *import = grid->import;
    char place[IMPORT_PLACE_SIZE];
    char time_place[IMPORT_PLACE_SIZE];
    char name[IMPORT_TEXT_BYTES_MOST + 1];
    char start[IMPORT_CLOCK_TEXT_SIZE];
    const struct import_cell *label = record->cells[IMPORT_COLUMN_NAME];
    if (label != NULL) {
        import_period_call(label->folded, name, sizeof(name));
    } else {
        snprintf(name, sizeof(name), "%s", import_clock_text(record->range.start, start));
    }
    for (size_t i = 0; i < import->period_count; i++) {
        const struct import_period *known = &import->periods[i];
        const bool has_same_time =
            known->start == record->range.start && known->end == record->range.end;
        if (has_same_time && (label == NULL || strcmp(known->name, name) == 0)) {
            *period = i;
            return 0;
        }
    }
    for (size_t i = 0, other = 2; i < import->period_count; i++) {
        if (strcmp(import->periods[i].name, name) == 0) {
            const int shown = (int)import_text_fitting(name, IMPORT_TEXT_BYTES_MOST - 8);
            char copy[IMPORT_TEXT_BYTES_MOST + 1];
            snprintf(copy, sizeof(copy), "%.*s(%zu)", shown, name, other++);
            strcpy(name, copy);
            i = (size_t)-1; /* from the beginning, with the new name */
        }
    }
    const struct import_cell *time = record->cells[IMPORT_COLUMN_TIME] != NULL
                                         ? record->cells[IMPORT_COLUMN_TIME]
                                         : record->cells[IMPORT_COLUMN_START];
    const struct import_period made = {.name = name,
                                       .place = strcpy(place, ""),
                                       .time_place = record->has_range ? time_place : NULL,
                                       .has_time = record->has_range,
                                       .start = record->range.start,
                                       .end = record->range.end,
                                       .doubts = record->has_range ? 0 : IMPORT_DOUBT_TIME};
    import_sheet_place(grid->sheet, record->first, place);
    if (record->has_range) {
        import_sheet_place(grid->sheet, time, time_place);
    }
    const int result = import_add_period(import, &made);
    *period = import->period_count - 1;
    return result;
}

/* 停课, 放假 or 休息 where the subject or the title stands, or NULL. */
static const struct import_cell *cancelled_cell(const struct record *record)
{
    const enum import_column columns[] = {IMPORT_COLUMN_SUBJECT, IMPORT_COLUMN_TITLE};
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        const struct import_cell *cell = record->cells[columns[i]];
        const enum import_note note =
            cell != NULL ? import_words_note(cell->folded) : IMPORT_NOTE_NONE;
        if (note == IMPORT_NOTE_CANCELLED || note == IMPORT_NOTE_HOLIDAY ||
            (cell != NULL && import_words_is_rest(cell->folded))) {
            return cell;
        }
    }
    return NULL;
}

/* 12月1日停课, 停课(12月1日) in one of them; told. */
static bool is_off_on_date(const struct import_grid *grid, const struct record *record)
{
    const struct import_cell *subject = record->cells[IMPORT_COLUMN_SUBJECT];
    const struct import_cell *title = record->cells[IMPORT_COLUMN_TITLE];
    return (subject != NULL && import_off_tell(grid, subject, true)) ||
           (title != NULL && import_off_tell(grid, title, true));
}

static int read_record(struct import_grid *grid, struct record *record)
{
    char place[IMPORT_PLACE_SIZE];
    bool is_left_out = false;
    size_t period = 0;
    import_sheet_place(grid->sheet, record->first, place);
    const struct import_cell *weeks = record->cells[IMPORT_COLUMN_WEEKS];
    if (weeks != NULL && import_weeks_read(weeks->folded, &record->weeks) < 0) {
        import_report(grid->import, PROBLEM_ERROR, place,
                      _("these are no weeks; write them as 1-5、7-11单"));
    }
    if (!read_time(grid, record) || !read_day(grid, record)) {
        return 0;
    }
    if (is_off_on_date(grid, record)) {
        return 0;
    }
    const struct import_cell *cancelled = cancelled_cell(record);
    if (cancelled != NULL) {
        import_grid_cancel(grid, cancelled);
        return grid->request->week > 0 ? find_period(grid, record, &period) : 0;
    }
    struct import_reading *reading = malloc(sizeof(*reading));
    if (reading == NULL) {
        return -ENOMEM;
    }
    judge_grade(grid, record);
    judge_teacher(grid, record);
    read_texts(grid, record, reading);
    const size_t lesson = grid->import->lesson_count;
    int result = import_grid_lesson(grid, reading, place, &is_left_out);
    free(reading);
    if (result < 0 || is_left_out) {
        return result;
    }
    result = find_period(grid, record, &period);
    if (result < 0) {
        return result;
    }
    const struct import_entry entry = {.lesson = lesson,
                                       .period = period,
                                       .day = record->day,
                                       .weeks = record->weeks,
                                       .place = place};
    return import_add_entry(grid->import, &entry);
}

/* 第1节 ... by their times, where no column names them. */
static int name_periods(struct import *import)
{
    for (size_t i = 0; i < import->period_count; i++) {
        char number[24];
        char *name = malloc(IMPORT_TEXT_BYTES_MOST + 1);
        if (name == NULL) {
            return -ENOMEM;
        }
        snprintf(number, sizeof(number), "%zu", i + 1);
        import_period_call(number, name, IMPORT_TEXT_BYTES_MOST + 1);
        free(import->periods[i].name);
        import->periods[i].name = name;
    }
    return 0;
}

int import_grid_list(struct import_grid *grid)
{
    struct record before = {0};
    bool has_names = false;
    int result = 0;
    for (int row = grid->shape.last_row + 1; row < import_sheet_rows(grid->sheet) && result == 0;
         row++) {
        struct record record;
        const bool is_lesson = collect(grid, row, &before, &record);
        before = record; /* as it is written: what stands in the wrong column is exchanged below */
        if (is_lesson) {
            has_names = has_names || record.cells[IMPORT_COLUMN_NAME] != NULL;
            result = read_record(grid, &record);
        } else if (record.first != NULL && !record.is_told) {
            char place[IMPORT_PLACE_SIZE];
            import_report(grid->import, PROBLEM_WARNING,
                          import_sheet_place(grid->sheet, record.first, place),
                          _("this row has neither subject nor title, and is left out"));
        }
    }
    if (result == 0) {
        result = import_sort_periods(grid->import);
    }
    return result == 0 && !has_names ? name_periods(grid->import) : result;
}
