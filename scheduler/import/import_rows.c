/* SPDX-License-Identifier: MIT */
/* The squares of a grid: lessons, notes, and days off. */
#include "scheduler/import/import_rows.h"

#include "playout/intl.h"
#include "scheduler/import/import_ditto.h"
#include "scheduler/import/import_off.h"
#include "scheduler/import/import_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lessons that cells became: a merged cell is one lesson in several squares. */
struct known_cell {
    const struct import_cell *cell;
    size_t lesson;
};

struct rows {
    struct import_grid *grid;
    struct import_part_rows part;
    struct known_cell *known;
    size_t known_count;
    const struct import_cell *above[IMPORT_COLUMNS_MOST]; /* in the row before, dittos resolved */
};

static bool name_is_taken(const struct import *import, const char *name)
{
    for (size_t i = 0; i < import->period_count; i++) {
        if (strcmp(import->periods[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

enum { PERIOD_NAME_SIZE = IMPORT_TEXT_BYTES_MOST + 40 };

/* The name of a row's period; a row without one has the next number. */
static void call_period(const struct import *import, const struct import_row *row,
                        char name[PERIOD_NAME_SIZE])
{
    char next[24];
    snprintf(next, sizeof(next), "%zu", import->period_count + 1);
    import_period_call(row->name[0] != '\0' ? row->name : next, name, PERIOD_NAME_SIZE);
}

/* One of the same name and time; without a name the time is enough. */
static bool has_period(const struct import *import, const struct import_row *row, const char *name,
                       size_t *period)
{
    for (size_t i = 0; i < import->period_count; i++) {
        const struct import_period *known = &import->periods[i];
        const bool has_same_time = known->has_time && row->has_range &&
                                   known->start == row->range.start && known->end == row->range.end;
        const bool has_same_name = strcmp(known->name, name) == 0;
        if (has_same_time && (has_same_name || row->name[0] == '\0')) {
            *period = i;
            return true;
        }
    }
    return false;
}

/* Two periods of one name: this one gets a number, "第一节(2)". */
static void call_otherwise(struct import *import, const struct import_row *row, const char *where,
                           char name[PERIOD_NAME_SIZE])
{
    char other[PERIOD_NAME_SIZE];
    int number = 2;
    do {
        snprintf(other, sizeof(other), "%.*s(%d)",
                 (int)import_text_fitting(name, IMPORT_TEXT_BYTES_MOST - 8), name, number++);
    } while (name_is_taken(import, other));
    if (row->name[0] != '\0') {
        import_report(import, PROBLEM_ERROR, where,
                      _("two periods are called %s; this one is taken as %s: give it another "
                        "name"),
                      name, other);
    }
    strcpy(name, other);
}

/* The period of a row: one that is there already when name and time are the same. */
static int find_period(struct import_grid *grid, struct import_row *row, size_t *period)
{
    struct import *import = grid->import;
    char place[IMPORT_PLACE_SIZE] = "";
    char time_place[IMPORT_PLACE_SIZE] = "";
    char name[PERIOD_NAME_SIZE];
    const char *where =
        row->cell != NULL ? import_sheet_place(grid->sheet, row->cell, place) : NULL;
    call_period(import, row, name);
    if (has_period(import, row, name, period)) {
        return 0;
    }
    if (name_is_taken(import, name)) {
        call_otherwise(import, row, where, name);
    }
    if (row->has_range && row->clock_cell != NULL) {
        import_sheet_place(grid->sheet, row->clock_cell, time_place);
    }
    const struct import_period made = {.name = name,
                                       .place = place,
                                       .time_place = time_place[0] != '\0' ? time_place : NULL,
                                       .has_time = row->has_range,
                                       .start = row->has_range ? row->range.start : 0,
                                       .end = row->has_range ? row->range.end : 0,
                                       .doubts = row->has_range ? 0 : IMPORT_DOUBT_TIME};
    const bool has_channel = grid->request->week > 0; /* it says when its periods are */
    if (!row->has_range && !row->is_told && !has_channel) {
        row->is_told = true;
        import_report(
            import, PROBLEM_ERROR, where,
            _("when this period is on is not said; write start and end, as in 08:40-09:20"));
    }
    const int result = import_add_period(import, &made);
    *period = import->period_count - 1;
    return result;
}

static int remember(struct rows *rows, const struct import_cell *cell, size_t lesson)
{
    struct known_cell *grown = realloc(rows->known, (rows->known_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    rows->known = grown;
    grown[rows->known_count++] = (struct known_cell){cell, lesson};
    return 0;
}

static const struct known_cell *find_known(const struct rows *rows, const struct import_cell *cell)
{
    for (size_t i = 0; i < rows->known_count; i++) {
        if (rows->known[i].cell == cell) {
            return &rows->known[i];
        }
    }
    return NULL;
}

/* A misspelt one as it stands: the check tells of it. */
static void set_grade(struct import_reading *reading, const char *label)
{
    const bool has_own = reading->grade[0] != '\0' || label == NULL;
    if (!has_own && import_words_suggest_grade(label) != NULL) {
        strcpy(reading->grade, label);
    } else if (!has_own && import_words_is_grade(label)) {
        char *name = import_words_grade_name(label, strlen(label));
        snprintf(reading->grade, sizeof(reading->grade), "%s", name != NULL ? name : label);
        free(name);
    }
}

/* The period of a cell: that of its row, found once, unless the cell has a time of its own. */
static int period_of(struct import_grid *grid, struct import_row *row, struct import_row *own,
                     size_t *period)
{
    if (own->has_range && !row->has_range) {
        return find_period(grid, own, period);
    }
    int result = 0;
    if (!row->has_period) {
        result = find_period(grid, row, &row->period);
        row->has_period = result == 0;
    }
    *period = row->period;
    return result;
}

/* Without a lesson, too, so that those of the term are off in a week. */
static int keep_period(struct import_grid *grid, struct import_row *row)
{
    size_t period = 0;
    return period_of(grid, row, row, &period);
}

/* A row without a time takes that of the cell into *own; where it has one, they must agree. */
static void judge_time(struct import_grid *grid, const struct import_row *row,
                       const struct import_cell *cell, const struct import_reading *reading,
                       struct import_row *own)
{
    char place[IMPORT_PLACE_SIZE];
    if (reading->has_range && !row->has_range) {
        own->has_range = true;
        own->range = reading->range;
        own->name[0] = '\0';
    } else if (reading->has_range &&
               (reading->range.start != row->range.start || reading->range.end != row->range.end)) {
        import_report(grid->import, PROBLEM_ERROR, import_sheet_place(grid->sheet, cell, place),
                      _("the time in this cell is not that of its row; correct one of them"));
    } else if (reading->clock > IMPORT_CLOCK_NONE) {
        import_grid_bad_time(grid, cell, reading->clock);
    }
}

/* Adds the lesson of a cell, and remembers it; one of a grade that was not asked for is left out.
 */
static int read_cell(struct rows *rows, const struct import_row *row,
                     const struct import_head *head, const struct import_cell *cell,
                     struct import_row *own, bool *is_left_out)
{
    struct import_grid *grid = rows->grid;
    const size_t lesson = grid->import->lesson_count;
    char place[IMPORT_PLACE_SIZE];
    struct import_reading *reading = malloc(sizeof(*reading));
    if (reading == NULL) {
        return -ENOMEM;
    }
    import_sheet_place(grid->sheet, cell, place);
    import_cell_read(cell->text, grid->request, reading);
    set_grade(reading, head->is_grade ? head->cell->folded : row->grade);
    judge_time(grid, row, cell, reading, own);
    const int result = import_grid_lesson(grid, reading, place, is_left_out);
    free(reading);
    return result == 0 && !*is_left_out ? remember(rows, cell, lesson) : result;
}

/* The lesson of a square, read from its cell the first time. */
static int read_lesson(struct rows *rows, struct import_row *row, int column,
                       const struct import_cell *cell)
{
    struct import_grid *grid = rows->grid;
    const struct import_head *head = &grid->shape.heads[column];
    const struct known_cell *known = find_known(rows, cell);
    const size_t lesson = known != NULL ? known->lesson : grid->import->lesson_count;
    struct import_row own = *row;
    bool is_left_out = false;
    char place[IMPORT_PLACE_SIZE];
    size_t period = 0;
    import_sheet_place(grid->sheet, cell, place);
    int result = known == NULL ? read_cell(rows, row, head, cell, &own, &is_left_out) : 0;
    if (result == 0 && !is_left_out) {
        result = period_of(grid, row, &own, &period);
    }
    if (result < 0 || is_left_out) {
        return result;
    }
    const struct import_entry entry = {.lesson = lesson,
                                       .period = period,
                                       .day = head->is_day ? head->day : grid->day,
                                       .weeks = import_weeks_all(),
                                       .place = place};
    return import_add_entry(grid->import, &entry);
}

/* What the squares of a row hold beside 休息. */
struct squares {
    bool has_any;
    bool has_note; /* as import_grid_is_at_its_time() */
};

static struct squares squares_of(const struct import_grid *grid, const struct import_row *row)
{
    struct squares squares = {0};
    for (int column = 0; column < import_sheet_columns(grid->sheet); column++) {
        const struct import_cell *cell = import_sheet_at(grid->sheet, row->number, column);
        if (cell == NULL || !import_column_is_content(&grid->shape.heads[column]) ||
            import_words_is_rest(cell->folded)) {
            continue;
        }
        const enum import_note note = import_grid_note_of(grid, cell);
        squares.has_any =
            squares.has_any || (note != IMPORT_NOTE_EMPTY && note != IMPORT_NOTE_DITTO);
        squares.has_note = squares.has_note || import_grid_is_at_its_time(note);
    }
    return squares;
}

/* 休息 is a break, but beside what other days have at that time there is no lesson on its day. */
static enum import_note judge_rest(const struct import_grid *grid, const struct import_row *row,
                                   const struct import_cell *cell, enum import_note note)
{
    if (!import_words_is_rest(cell->folded)) {
        return note;
    }
    return squares_of(grid, row).has_any ? IMPORT_NOTE_CANCELLED : note;
}

/*
 * 停课, 放假: of one week what the term has then is off, in the row of a break nothing; a day off
 * of the term is the calendar's.
 */
static int take_day_off(struct import_grid *grid, struct import_row *row, int column,
                        const struct import_cell *cell, enum import_note note)
{
    if (note == IMPORT_NOTE_HOLIDAY && grid->request->week == 0) {
        return import_grid_holiday(grid, column, cell);
    }
    if (import_off_tell(grid, cell, cell->row == row->number && cell->column == column)) {
        return 0; /* 停课(12月1日) */
    }
    import_grid_cancel(grid, cell);
    const bool has_lessons = !import_grid_is_at_its_time(import_words_note(row->name)) &&
                             !squares_of(grid, row).has_note;
    return grid->request->week > 0 && has_lessons ? keep_period(grid, row) : 0;
}

/* The days on which a row has the same note as at `column`; each is taken once. */
static unsigned days_of_note(const struct rows *rows, const struct import_row *row, int column,
                             bool *is_done)
{
    const struct import_grid *grid = rows->grid;
    const struct import_cell *cell = import_sheet_at(grid->sheet, row->number, column);
    unsigned days = 0;
    bool may_ditto = true;
    for (int other = column; other < import_sheet_columns(grid->sheet); other++) {
        const struct import_head *head = &grid->shape.heads[other];
        const struct import_cell *there = import_sheet_at(grid->sheet, row->number, other);
        if (!import_column_is_content(head) || is_done[other] || there == NULL) {
            continue;
        }
        const bool is_same = there == cell || strcmp(there->folded, cell->folded) == 0;
        const bool is_ditto = import_grid_note_of(grid, there) == IMPORT_NOTE_DITTO;
        if (is_same || (is_ditto && may_ditto)) {
            days |= head->is_day ? 1U << head->day : grid->days;
            is_done[other] = true;
        } else {
            may_ditto = is_ditto && may_ditto;
        }
    }
    return days;
}

/* 9:40 alone, slipped out of the column of times, is no lesson: told at its own square. */
static bool is_clock(struct import_grid *grid, const struct import_cell *cell, bool is_own_square)
{
    char place[IMPORT_PLACE_SIZE];
    char text[IMPORT_SHOWN_SIZE];
    struct import_range range;
    size_t from = 0;
    size_t length = 0;
    int seconds = 0;
    if (import_clock_find(cell->folded, &range, &from, &length) == IMPORT_CLOCK_NONE &&
        import_clock_find_time(cell->folded, &seconds, &from, &length) == IMPORT_CLOCK_NONE) {
        return false;
    }
    if (length != strlen(cell->folded)) {
        return false;
    }
    if (is_own_square) {
        import_report(grid->import, PROBLEM_ERROR, import_sheet_place(grid->sheet, cell, place),
                      _("'%s' is a time, and no lesson: move it into the column of times, or empty "
                        "this cell"),
                      import_grid_shown(cell, text));
    }
    return true;
}

static int read_square(struct rows *rows, struct import_row *row, int column, bool *is_done)
{
    struct import_grid *grid = rows->grid;
    const struct import_cell *cell = import_sheet_at(grid->sheet, row->number, column);
    enum import_note note = import_grid_note_of(grid, cell);
    if (note == IMPORT_NOTE_DITTO || note == IMPORT_NOTE_ABOVE) {
        cell = import_ditto_of_grid(grid, cell, note,
                                    note == IMPORT_NOTE_ABOVE ? rows->above[column] : row->left);
        row->has_content = row->has_content || cell == NULL;
        note = cell != NULL ? import_grid_note_of(grid, cell) : IMPORT_NOTE_EMPTY;
    }
    note = cell != NULL ? judge_rest(grid, row, cell, note) : note;
    row->left = cell;
    row->has_content = row->has_content || note != IMPORT_NOTE_EMPTY;
    switch (note) {
    case IMPORT_NOTE_NONE: {
        const bool is_own_square = cell->row == row->number && cell->column == column;
        is_done[column] = true;
        return is_clock(grid, cell, is_own_square) || import_off_tell(grid, cell, is_own_square)
                   ? 0
                   : read_lesson(rows, row, column, cell);
    }
    case IMPORT_NOTE_CANCELLED:
    case IMPORT_NOTE_HOLIDAY:
        is_done[column] = true;
        return take_day_off(grid, row, column, cell, note);
    case IMPORT_NOTE_BREAK:
    case IMPORT_NOTE_REPEAT:
    case IMPORT_NOTE_RELAY: {
        const struct import_note_place place = {.note = note,
                                                .cell = cell,
                                                .has_range = row->has_range,
                                                .range = row->range,
                                                .days = days_of_note(rows, row, column, is_done),
                                                .name = row->name,
                                                .is_told = row->is_told};
        is_done[column] = true;
        /* One that spans several rows is told of in the first. */
        return cell->row == row->number ? import_grid_note(grid, &place) : 0;
    }
    case IMPORT_NOTE_DITTO:
    case IMPORT_NOTE_LEFT:
    case IMPORT_NOTE_ABOVE:
    case IMPORT_NOTE_EMPTY:
        break;
    }
    is_done[column] = true;
    return 0;
}

/* A time, and no lesson on any day: nothing of it is kept, and that is told. */
static void tell_empty_row(struct import_grid *grid, const struct import_row *row)
{
    char place[IMPORT_PLACE_SIZE];
    char times[2][IMPORT_CLOCK_TEXT_SIZE];
    if (row->cell->row != row->number) {
        return; /* its labels are of a row above, merged */
    }
    import_report(grid->import, PROBLEM_WARNING, import_sheet_place(grid->sheet, row->cell, place),
                  _("there is no lesson at %s-%s on any day, so this row is left out; write its "
                    "lessons, or, if it is a break, call it one, as in 大课间"),
                  import_clock_text(row->range.start, times[0]),
                  import_clock_text(row->range.end, times[1]));
}

/* A row whose label alone says what it is: 眼保健操 | 08:50-08:55. */
static int read_note_row(struct rows *rows, const struct import_row *row)
{
    struct import_grid *grid = rows->grid;
    const enum import_note note = import_words_note(row->name);
    if (!import_grid_is_at_its_time(note)) {
        if (row->has_range) {
            tell_empty_row(grid, row);
        } else if (row->cell != NULL && row->name[0] != '\0') {
            import_grid_leave_out(grid, row->cell);
        }
        return 0;
    }
    const struct import_note_place place = {.note = note,
                                            .cell = row->cell,
                                            .has_range = row->has_range,
                                            .range = row->range,
                                            .days = grid->days,
                                            .name = row->name,
                                            .is_told = row->is_told};
    return import_grid_note(grid, &place);
}

static int read_row(struct rows *rows, int number)
{
    struct import_grid *grid = rows->grid;
    struct import_row row = {.number = number, .clock = IMPORT_CLOCK_NONE};
    const struct import_cell *here[IMPORT_COLUMNS_MOST] = {NULL};
    bool is_done[IMPORT_COLUMNS_MOST] = {false};
    bool has_cells = false;
    import_row_read_labels(grid, &rows->part, &row);
    int result = 0;
    for (int column = 0; column < import_sheet_columns(grid->sheet) && result == 0; column++) {
        const struct import_cell *cell = import_sheet_at(grid->sheet, number, column);
        /* One that begins among the labels is a label, or a note over the whole row. */
        const bool is_label =
            cell != NULL && import_column_is_label(&grid->shape.heads[cell->column]);
        if (!import_column_is_content(&grid->shape.heads[column]) || cell == NULL || is_label) {
            continue;
        }
        has_cells = true;
        if (is_done[column]) {
            row.left = import_grid_note_of(grid, cell) == IMPORT_NOTE_DITTO ? row.left : cell;
        } else {
            result = read_square(rows, &row, column, is_done);
        }
        here[column] = row.left;
    }
    if (result == 0 && !has_cells) {
        result = read_note_row(rows, &row);
    } else if (result == 0 && !row.has_content && row.has_range) {
        tell_empty_row(grid, &row);
    }
    memcpy(rows->above, here, sizeof(here));
    import_part_count(&rows->part, &row);
    return result;
}

int import_rows_read(struct import_grid *grid)
{
    struct rows rows = {.grid = grid};
    int result = 0;
    for (int row = grid->shape.last_row + 1; row < import_sheet_rows(grid->sheet) && result == 0;
         row++) {
        if (import_row_leave_remark(grid, row)) {
            continue;
        }
        if (import_shape_is_head(grid->sheet, row)) {
            char place[IMPORT_PLACE_SIZE];
            const struct import_cell *cell = NULL;
            for (int column = 0; cell == NULL; column++) {
                cell = import_sheet_at(grid->sheet, row, column);
            }
            import_report(grid->import, PROBLEM_ERROR, import_sheet_place(grid->sheet, cell, place),
                          _("a second timetable begins here; only the first one is read: put each "
                            "on a sheet of its own"));
            break;
        }
        result = read_row(&rows, row);
    }
    import_part_close(grid, &rows.part);
    import_grid_tell_merged(grid);
    free(rows.known);
    return result;
}
