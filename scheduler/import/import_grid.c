/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_grid.h"

#include "playout/intl.h"
#include "scheduler/import/import_keep.h"
#include "scheduler/import/import_off.h"
#include "scheduler/import/import_rows.h"
#include "scheduler/import/import_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *import_grid_shown(const struct import_cell *cell, char text[IMPORT_SHOWN_SIZE])
{
    static const char more[] = "…";
    const bool is_cut = strlen(cell->text) >= IMPORT_SHOWN_SIZE;
    const size_t room = IMPORT_SHOWN_SIZE - 1 - (is_cut ? strlen(more) : 0);
    const size_t length = import_text_fitting(cell->text, room);
    snprintf(text, IMPORT_SHOWN_SIZE, "%.*s%s", (int)length, cell->text, is_cut ? more : "");
    for (char *at = text; *at != '\0'; at++) {
        *at = *at == '\n' ? ' ' : *at;
    }
    return text;
}

void import_grid_bad_time(struct import_grid *grid, const struct import_cell *cell,
                          enum import_clock_verdict verdict)
{
    char place[IMPORT_PLACE_SIZE];
    char text[IMPORT_SHOWN_SIZE];
    import_report(grid->import, PROBLEM_ERROR, import_sheet_place(grid->sheet, cell, place),
                  _("'%s': %s"), import_grid_shown(cell, text), import_clock_problem(verdict));
}

void import_grid_leave_out(struct import_grid *grid, const struct import_cell *cell)
{
    char place[IMPORT_PLACE_SIZE];
    char text[IMPORT_SHOWN_SIZE];
    import_report(grid->import, PROBLEM_WARNING, import_sheet_place(grid->sheet, cell, place),
                  _("this was not understood and is left out: %s"), import_grid_shown(cell, text));
}

void import_grid_cancel(struct import_grid *grid, const struct import_cell *cell)
{
    grid->cancelled = grid->cancelled != NULL ? grid->cancelled : cell;
    grid->cancelled_count++;
}

/* True for one of the whole items of what import_keep_note() wrote. */
static bool is_listed(const char *list, const char *item)
{
    const char *separator = _(", ");
    for (const char *at = list; at != NULL;) {
        const char *end = strstr(at, separator);
        const size_t length = end != NULL ? (size_t)(end - at) : strlen(at);
        if (length == strlen(item) && memcmp(at, item, length) == 0) {
            return true;
        }
        at = end != NULL ? end + strlen(separator) : NULL;
    }
    return false;
}

/* Each grade that is left out once, as many as a message has room for. */
static int note_other(struct import_grid *grid, const char *grade)
{
    enum { BYTES_MOST = 100 };
    const size_t length = grid->others != NULL ? strlen(grid->others) : 0;
    if (length + strlen(grade) > BYTES_MOST || is_listed(grid->others, grade)) {
        return 0;
    }
    return import_keep_note(&grid->others, grade);
}

/* The house number beside 重播 says all, also in a column of its own. */
static void settle_repeated(struct import_reading *reading)
{
    char *const texts[] = {reading->title, reading->subject};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (reading->is_repeat && import_words_is_house_number(texts[i])) {
            strcpy(reading->repeats, texts[i]);
            texts[i][0] = '\0';
        }
    }
    if (reading->repeats[0] != '\0') {
        reading->doubts &= ~(unsigned)(IMPORT_DOUBT_SUBJECT | IMPORT_DOUBT_TITLE |
                                       IMPORT_DOUBT_LINES | IMPORT_DOUBT_NAME);
        reading->lines = (struct import_lines){0}; /* no order is told by it */
    }
}

int import_grid_lesson(struct import_grid *grid, struct import_reading *reading, char *place,
                       bool *is_left_out)
{
    const struct import_request *request = grid->request;
    const bool is_titled = reading->grade[0] == '\0' && grid->grade.name[0] != '\0';
    *is_left_out = false;
    settle_repeated(reading);
    if (is_titled) {
        strcpy(reading->grade, grid->grade.name);
    }
    grid->has_grades = grid->has_grades || reading->grade[0] != '\0';
    if (request->grade != NULL && reading->grade[0] != '\0') {
        char *wanted = import_words_grade_name(request->grade, strlen(request->grade));
        *is_left_out = wanted == NULL || strcmp(wanted, reading->grade) != 0;
        free(wanted);
        if (*is_left_out) {
            return note_other(grid, reading->grade);
        }
    }
    grid->titled_count += is_titled;
    const bool has_title = reading->title[0] != '\0';
    const struct import_lesson lesson = {
        .repeats = reading->repeats[0] != '\0' ? reading->repeats : NULL,
        .grade = reading->grade[0] != '\0' ? reading->grade : NULL,
        .subject = reading->subject[0] != '\0' ? reading->subject : NULL,
        .title = has_title ? reading->title : NULL,
        .teacher = reading->teacher[0] != '\0' ? reading->teacher : NULL,
        .school = reading->school[0] != '\0' ? reading->school : NULL,
        .place = place,
        .is_live = reading->is_live,
        .is_repeat = reading->is_repeat,
        .doubts = reading->doubts,
        .lines = reading->lines};
    return import_add_lesson(grid->import, &lesson);
}

/* --- The head --------------------------------------------------------------- */

static void set_day(struct import_grid *grid, int day)
{
    grid->has_day = true;
    grid->day = day;
}

/* The year that a heading names without a date: 2020年春季. */
static int year_in(const char *text)
{
    for (const char *at = text; (at = strstr(at, "20")) != NULL; at++) {
        int year = 0;
        if (import_numeral(at, &year) == 4 && year >= 2000 &&
            (at == text || at[-1] < '0' || at[-1] > '9')) {
            return year;
        }
    }
    return 0;
}

static void read_title(struct import_grid *grid, const char *text)
{
    struct import_heading heading;
    import_heading_read(text, &heading);
    struct import *import = grid->import;
    import->has_dates = import->has_dates || heading.has_date;
    if (heading.has_week && import->week == 0) {
        import->week = heading.week;
    }
    grid->year = heading.has_date && heading.date.year != 0 ? heading.date.year : grid->year;
    grid->year = grid->year == 0 ? year_in(text) : grid->year;
    if (heading.has_day) {
        set_day(grid, heading.day);
    } else if (heading.has_date && (heading.date.year != 0 || grid->year != 0)) {
        heading.date.year = heading.date.year != 0 ? heading.date.year : grid->year;
        set_day(grid, import_date_day(heading.date));
    }
}

static int read_title_cell(struct import_grid *grid, const struct import_cell *cell)
{
    struct import *import = grid->import;
    read_title(grid, cell->folded);
    import_title_grade_add(&grid->grade, cell->folded, cell);
    if (import->title == NULL) {
        import->title = strndup(cell->text, strcspn(cell->text, "\n"));
        return import->title != NULL ? 0 : -ENOMEM;
    }
    return 0;
}

/* What stands above the head; of a sheet that was turned, beside it: a head that is no head. */
static int read_titles(struct import_grid *grid)
{
    int result = 0;
    for (int row = 0; row <= grid->shape.first_row && result == 0; row++) {
        for (int column = 0; column < import_sheet_columns(grid->sheet) && result == 0; column++) {
            const struct import_cell *cell = import_sheet_origin(grid->sheet, row, column);
            const struct import_head *head = &grid->shape.heads[column];
            const bool is_head = row == grid->shape.first_row;
            const bool is_title = head->column == IMPORT_COLUMN_NAME && grid->is_turned &&
                                  cell != NULL &&
                                  import_words_column(cell->folded) == IMPORT_COLUMN_NONE;
            if (cell != NULL && (!is_head || is_title)) {
                result = read_title_cell(grid, cell);
            }
        }
    }
    const char *name = import_sheet_name(grid->sheet);
    if (name != NULL && grid->import->week == 0) {
        read_title(grid, name);
    }
    return result;
}

/* The date and the weekday of one head must agree, where the year is known. */
static void check_head_date(struct import_grid *grid, struct import_head *head)
{
    char place[IMPORT_PLACE_SIZE];
    import_sheet_place(grid->sheet, head->cell, place);
    head->date.year = head->date.year != 0 ? head->date.year : grid->year;
    if (head->date.year == 0) {
        if (!head->is_day) {
            import_report(grid->import, PROBLEM_ERROR, place,
                          _("which day of the week this date is cannot be told without its year; "
                            "write 周一 beside it, or the year into the title"));
        }
        return;
    }
    const int day = import_date_exists(head->date) ? import_date_day(head->date) : head->day;
    if (head->is_day && day != head->day) {
        import_report(grid->import, PROBLEM_ERROR, place,
                      _("%d-%02d-%02d is %s, not %s; correct the date or the day"), head->date.year,
                      head->date.month, head->date.day, import_day_name(day),
                      import_day_name(head->day));
    }
    if (!head->is_day) {
        head->is_day = true;
        head->day = day;
    }
}

static void check_days(struct import_grid *grid)
{
    for (int column = 0; column < import_sheet_columns(grid->sheet); column++) {
        struct import_head *head = &grid->shape.heads[column];
        char place[IMPORT_PLACE_SIZE];
        if (head->has_date) {
            grid->import->has_dates = true;
            check_head_date(grid, head);
        }
        if (!head->is_day) {
            continue;
        }
        const unsigned bit = 1U << head->day;
        const bool is_span = column > 0 && grid->shape.heads[column - 1].cell == head->cell;
        if ((grid->days & bit) != 0 && !is_span) {
            import_report(grid->import, PROBLEM_ERROR,
                          import_sheet_place(grid->sheet, head->cell, place),
                          _("%s is the head of two columns; correct one of them"),
                          import_day_name(head->day));
        }
        grid->days |= bit;
    }
}

/* The one working day without a column has been forgotten, or is off. */
static void tell_gap(const struct import_grid *grid)
{
    enum { WORKING_DAYS = 5 };
    int missing = -1;
    int count = 0;
    for (int day = 0; day < WORKING_DAYS; day++) {
        const bool is_there = (grid->days >> day & 1) != 0;
        count += is_there;
        missing = is_there ? missing : day;
    }
    if (grid->shape.has_days && count == WORKING_DAYS - 1) {
        import_report(grid->import, PROBLEM_WARNING, import_sheet_name(grid->sheet),
                      _("no column is headed %s: no lesson is planned on that day"),
                      import_day_name(missing));
    }
}

static int check_columns(struct import_grid *grid)
{
    const struct import_shape *shape = &grid->shape;
    if (shape->has_days) {
        check_days(grid);
        return 0;
    }
    int day = 0;
    if (grid->request->day != NULL && import_day_read(grid->request->day, &day)) {
        set_day(grid, day);
    }
    if (!grid->has_day && !shape->is_list) {
        import_report(grid->import, PROBLEM_ERROR, NULL,
                      _("which day this is of is not said; write 周一 or the date into the title, "
                        "or say --day 周一"));
        return -EBADMSG;
    }
    grid->days = grid->has_day ? 1U << grid->day : 0;
    return 0;
}

/* The day that belongs between its neighbours, or NULL where another column has it. */
static const char *missing_day(const struct import_grid *grid, int column)
{
    int day = -1;
    for (int i = import_sheet_columns(grid->sheet); i-- > 0;) {
        const struct import_head *head = &grid->shape.heads[i];
        if (head->is_day && (i < column || day < 0)) {
            day = head->day + column - i;
        }
        if (head->is_day && i < column) {
            break;
        }
    }
    return day >= 0 && day < IMPORT_DAYS && (grid->days >> day & 1) == 0 ? import_day_name(day)
                                                                         : NULL;
}

/* 星期八, 礼拜, Munday: meant as a day. */
static bool resembles_day(const struct import_cell *head)
{
    return head != NULL &&
           (import_text_starts(head->folded, "星期") || import_text_starts(head->folded, "周") ||
            import_text_starts(head->folded, "礼拜") || strcasestr(head->folded, "day") != NULL);
}

bool import_grid_is_lesson(const struct import_grid *grid, const struct import_cell *cell)
{
    const char *text = cell->folded + import_words_grade(cell->folded);
    text += strspn(text, " :\n");
    return import_words_subject(text, grid->request->subjects) > 0;
}

/* The first lesson below the head of a column, or NULL; below what is meant as a day, any cell. */
static const struct import_cell *first_lesson(const struct import_grid *grid, int column)
{
    const bool is_day = resembles_day(grid->shape.heads[column].cell);
    for (int row = grid->shape.last_row + 1; row < import_sheet_rows(grid->sheet); row++) {
        const struct import_cell *cell = import_sheet_origin(grid->sheet, row, column);
        if (cell != NULL && (is_day || import_grid_is_lesson(grid, cell))) {
            return cell;
        }
    }
    return NULL;
}

/* True, and told, when a column has lessons but no day: its head is misspelt, or missing. */
static bool tell_lost_day(struct import_grid *grid, int column)
{
    const struct import_cell *head = grid->shape.heads[column].cell;
    const struct import_cell *lesson = first_lesson(grid, column);
    const char *meant = missing_day(grid, column);
    char place[IMPORT_PLACE_SIZE];
    char text[IMPORT_SHOWN_SIZE];
    if (grid->shape.heads[column].has_date) {
        return true; /* of which day it is could not be told */
    }
    if (!grid->shape.has_days || lesson == NULL ||
        (head != NULL && import_words_is_remark(head->folded))) {
        return false;
    }
    if (head != NULL && strstr(head->folded, "曰") != NULL) {
        meant = import_day_name(IMPORT_DAYS - 1); /* 周曰 looks like 周日 */
    }
    meant = meant != NULL ? meant : _("one of 周一 to 周日");
    if (head != NULL) {
        import_report(grid->import, PROBLEM_ERROR, import_sheet_place(grid->sheet, head, place),
                      _("'%s' is no day of the week, so the lessons below it would be lost; write "
                        "%s, or empty the column"),
                      import_grid_shown(head, text), meant);
    } else {
        import_report(grid->import, PROBLEM_ERROR, import_sheet_place(grid->sheet, lesson, place),
                      _("no day heads the column of '%s', so its lessons would be lost; write %s "
                        "into its head, or empty the column"),
                      import_grid_shown(lesson, text), meant);
    }
    return true;
}

/* Columns with text that are neither days nor labels. */
static void tell_other_columns(struct import_grid *grid)
{
    for (int column = 0; column < import_sheet_columns(grid->sheet); column++) {
        const struct import_head *head = &grid->shape.heads[column];
        if (import_column_is_content(head) || import_column_is_label(head) ||
            tell_lost_day(grid, column)) {
            continue;
        }
        for (int row = grid->shape.first_row; row < import_sheet_rows(grid->sheet); row++) {
            const struct import_cell *cell = import_sheet_origin(grid->sheet, row, column);
            if (cell != NULL) {
                import_grid_leave_out(grid, cell);
            }
        }
    }
}

static bool has_lessons(const struct import *import, int day)
{
    for (size_t i = 0; i < import->entry_count; i++) {
        if (import->entries[i].day == day) {
            return true;
        }
    }
    return false;
}

static unsigned moved(unsigned days, int from, int to)
{
    return (days >> from & 1) != 0 ? (days & ~(1U << from)) | 1U << to : days;
}

/* The weekday of everything that is on in a day is that of its timetable. */
static void move_day(struct import *import, int from, int to)
{
    for (size_t i = 0; i < import->entry_count; i++) {
        import->entries[i].day = import->entries[i].day == from ? to : import->entries[i].day;
    }
    for (size_t i = 0; i < import->break_count; i++) {
        import->breaks[i].days = moved(import->breaks[i].days, from, to);
    }
    for (size_t i = 0; i < import->relay_count; i++) {
        import->relays[i].days = moved(import->relays[i].days, from, to);
    }
    for (size_t i = 0; i < import->repeat_count; i++) {
        import->repeats[i].days = moved(import->repeats[i].days, from, to);
        import->repeats[i].of_days = moved(import->repeats[i].of_days, from, to);
    }
    import->days &= ~(1U << from);
}

/* The date of another day in the same week. */
static struct import_date date_beside(struct import_date date, int day, int other)
{
    return import_date_of(import_date_number(date) + other - day);
}

/* 周六（=周二）: its lessons are those of Tuesday, and the calendar says that Saturday runs it. */
static int apply_runs(struct import_grid *grid, const struct import_head *head)
{
    struct import *import = grid->import;
    char place[IMPORT_PLACE_SIZE];
    import_sheet_place(grid->sheet, head->cell, place);
    if (has_lessons(import, head->runs)) {
        import_report(import, PROBLEM_ERROR, place,
                      _("%s is said to run the timetable of %s, but both have lessons of their "
                        "own; empty one of the columns"),
                      import_day_name(head->day), import_day_name(head->runs));
        return 0;
    }
    move_day(import, head->day, head->runs);
    import_report(import, PROBLEM_WARNING, place,
                  _("the lessons of %s are taken as those of %s: the calendar must say that this "
                    "day `runs` the other one's timetable"),
                  import_day_name(head->day), import_day_name(head->runs));
    if (!head->has_date || head->date.year == 0) {
        return 0;
    }
    char reason[] = "调休";
    const struct import_holiday holiday = {.name = reason,
                                           .place = place,
                                           .date = head->date,
                                           .until = head->date,
                                           .is_working = true,
                                           .has_runs = true,
                                           .runs = date_beside(head->date, head->day, head->runs)};
    return import_add_holiday(import, &holiday);
}

/* 周六（调休上周一）: of one date, and told once, though it may span columns. */
static void tell_swaps(const struct import_grid *grid)
{
    const struct import_cell *told = NULL;
    for (int column = 0; column < import_sheet_columns(grid->sheet); column++) {
        const struct import_head *head = &grid->shape.heads[column];
        if (head->is_day && !head->has_runs && head->swap != NULL && head->swap != told) {
            import_off_tell_swap(grid, head->swap, head->day, has_lessons(grid->import, head->day));
            told = head->swap;
        }
    }
}

static int read_grid(struct import_grid *grid)
{
    tell_other_columns(grid);
    int result = import_rows_read(grid);
    tell_swaps(grid);
    for (int column = 0; column < import_sheet_columns(grid->sheet) && result == 0; column++) {
        const struct import_head *head = &grid->shape.heads[column];
        if (head->is_day && head->has_runs && head->runs != head->day) {
            result = apply_runs(grid, head);
        }
    }
    if (grid->import->problems.errors == 0) {
        tell_gap(grid);
    }
    return result;
}

static void tell_title_grade(const struct import_grid *grid)
{
    char place[IMPORT_PLACE_SIZE];
    if (grid->titled_count == 0) {
        return;
    }
    import_report(grid->import, PROBLEM_WARNING,
                  import_sheet_place(grid->sheet, grid->grade.cell, place),
                  ngettext("%zu lesson names no grade and is taken as %s, which stands here; if it "
                           "is of another one, write that into its cell",
                           "%zu lessons name no grade and are taken as %s, which stands here; if "
                           "one is of another, write that into its cell",
                           grid->titled_count),
                  grid->titled_count, grid->grade.name);
}

static void tell_cancelled(const struct import_grid *grid)
{
    char place[IMPORT_PLACE_SIZE];
    char text[IMPORT_SHOWN_SIZE];
    if (grid->cancelled_count > 0) {
        import_report(grid->import, PROBLEM_WARNING,
                      import_sheet_place(grid->sheet, grid->cancelled, place),
                      ngettext("'%s': %zu cell says so, and has no lesson%s",
                               "'%s': %zu cells say so or the like, and have no lesson%s",
                               grid->cancelled_count),
                      import_grid_shown(grid->cancelled, text), grid->cancelled_count,
                      grid->request->week > 0
                          ? ""
                          : _(", in no week; a day off of one date belongs into the calendar"));
    }
}

/* No lesson is of the grade that was asked for. */
static void tell_others(struct import_grid *grid)
{
    if (grid->others != NULL && grid->import->lesson_count == 0) {
        import_report(grid->import, PROBLEM_ERROR, import_sheet_name(grid->sheet),
                      _("no lesson here is of '%s'; there are: %s"), grid->request->grade,
                      grid->others);
    }
    free(grid->others);
    grid->others = NULL;
}

/* --grade chooses one of several; where nothing names any, it is the one. */
static int give_grade(const struct import_grid *grid)
{
    const char *asked = grid->request->grade;
    for (size_t i = 0; asked != NULL && !grid->has_grades && i < grid->import->lesson_count; i++) {
        struct import_lesson *lesson = &grid->import->lessons[i];
        lesson->grade = import_words_grade_name(asked, strlen(asked));
        if (lesson->grade == NULL) {
            return -ENOMEM;
        }
    }
    return 0;
}

int import_grid_read(struct import *import, const struct import_request *request,
                     struct import_sheet *sheet)
{
    struct import_grid grid = {.import = import, .request = request, .sheet = sheet};
    bool is_found = import_shape_find(sheet, &grid.shape);
    grid.is_turned = !is_found;
    if (!is_found) {
        const int turned = import_sheet_turn(sheet);
        if (turned == -ENOMEM) {
            return turned;
        }
        is_found = turned == 0 && import_shape_find(sheet, &grid.shape);
    }
    if (!is_found) {
        import_report(import, PROBLEM_ERROR, import_sheet_name(sheet),
                      _("there is no timetable here: none of the first rows or columns names days "
                        "(周一, Mon) or grades (一年级, Grade 1); put such a row on top"));
        return -EBADMSG;
    }
    int result = read_titles(&grid);
    if (result == 0) {
        result = check_columns(&grid);
    }
    if (result < 0) {
        return result;
    }
    import->days |= grid.days;
    result = grid.shape.is_list ? import_grid_list(&grid) : read_grid(&grid);
    tell_title_grade(&grid);
    tell_cancelled(&grid);
    tell_others(&grid);
    return result == 0 ? give_grade(&grid) : result;
}
