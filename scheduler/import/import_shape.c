/* SPDX-License-Identifier: MIT */
/* Where the head of a sheet is, and what its columns are. */
#include "scheduler/import/import_grid.h"

#include "scheduler/import/import_off.h"
#include "scheduler/import/import_text.h"

#include <string.h>
#include <strings.h>

enum { HEAD_ROWS_MOST = 40 };

/* What one row looks like as a head. */
struct row_look {
    int days;
    int grades;
    int words;
    bool has_content; /* a word of subjects or titles: a list */
    bool says_days;   /* 星期: bare numerals are days */
    bool says_grades; /* 年级: bare numerals are grades */
};

static bool is_numeral(const char *text)
{
    int number = 0;
    const size_t length = import_numeral(text, &number);
    return length > 0 && text[length] == '\0';
}

static bool says_day(const char *text)
{
    struct import_heading heading;
    enum { HEAD_BYTES_MOST = 60 };
    if (strlen(text) > HEAD_BYTES_MOST) {
        return false;
    }
    import_heading_read(text, &heading);
    return heading.has_day || heading.has_date;
}

static void look_at_row(const struct import_sheet *sheet, int row, struct row_look *look)
{
    int numerals = 0;
    *look = (struct row_look){0};
    for (int column = 0; column < import_sheet_columns(sheet); column++) {
        const struct import_cell *cell = import_sheet_origin(sheet, row, column);
        if (cell == NULL) {
            continue;
        }
        const enum import_column word = import_words_column(cell->folded);
        look->words += word != IMPORT_COLUMN_NONE;
        look->has_content =
            look->has_content || word == IMPORT_COLUMN_SUBJECT || word == IMPORT_COLUMN_TITLE;
        look->says_days = look->says_days || strstr(cell->folded, "星期") != NULL ||
                          strcasestr(cell->folded, "day") != NULL;
        look->says_grades = look->says_grades || strstr(cell->folded, "年级") != NULL ||
                            strcasestr(cell->folded, "grade") != NULL;
        if (word != IMPORT_COLUMN_NONE) {
            continue;
        }
        if (is_numeral(cell->folded)) {
            numerals++;
        } else if (says_day(cell->folded)) {
            look->days++;
        } else if (import_words_is_grade(cell->folded)) {
            look->grades++;
        }
    }
    /* 年级 may head the column beside the days as well. */
    if (look->days == 0 && look->says_days) {
        look->days = numerals;
    } else if (look->grades == 0 && look->days == 0 && look->says_grades) {
        look->grades = numerals;
    }
}

static bool is_list(const struct row_look *look)
{
    enum { WORDS_LEAST = 3 };
    return look->has_content && look->words >= WORDS_LEAST;
}

static bool has_columns(int columns, const struct row_look *look)
{
    return columns >= 2 || (columns == 1 && look->words >= 1);
}

bool import_shape_is_head(const struct import_sheet *sheet, int row)
{
    struct row_look look;
    look_at_row(sheet, row, &look);
    return look.days >= 2 || look.grades >= 3;
}

static void read_head(const struct import_cell *cell, const struct import_shape *shape,
                      struct import_head *head)
{
    struct import_heading heading;
    import_heading_read(cell->folded, &heading);
    int day = 0;
    const bool is_bare = import_day_read(cell->folded, &day);
    head->cell = head->cell != NULL ? head->cell : cell;
    if (shape->has_days && (heading.has_day || heading.has_date || is_bare)) {
        if (heading.has_day || (is_bare && !heading.has_date)) {
            head->is_day = true;
            head->day = heading.has_day ? heading.day : day;
        }
        if (heading.has_date) {
            head->has_date = true;
            head->date = heading.date;
        }
        head->swap = head->swap == NULL && import_off_is_swap(cell->folded) ? cell : head->swap;
        head->has_runs = head->has_runs || heading.has_runs;
        head->runs = heading.has_runs ? heading.runs : head->runs;
    } else if (shape->has_grades && import_words_is_grade(cell->folded)) {
        head->is_grade = true;
    }
}

static void read_heads(const struct import_sheet *sheet, int row, struct import_shape *shape)
{
    for (int column = 0; column < import_sheet_columns(sheet); column++) {
        const struct import_cell *cell = import_sheet_at(sheet, row, column);
        struct import_head *head = &shape->heads[column];
        if (cell == NULL || (row > shape->first_row && cell->row < row)) {
            continue;
        }
        const enum import_column word = import_words_column(cell->folded);
        if (word != IMPORT_COLUMN_NONE) {
            head->column = word;
            head->cell = cell;
        } else {
            read_head(cell, shape, head);
        }
    }
}

/* A column of grades that no word heads: most of what stands in it is one. */
static bool holds_grades(const struct import_sheet *sheet, const struct import_shape *shape,
                         int column)
{
    int grades = 0;
    int others = 0;
    for (int row = shape->last_row + 1; row < import_sheet_rows(sheet); row++) {
        const struct import_cell *cell = import_sheet_origin(sheet, row, column);
        if (cell == NULL) {
            continue;
        }
        if (import_words_is_grade(cell->folded) && !is_numeral(cell->folded)) {
            grades++;
        } else {
            others++;
        }
    }
    return grades > others;
}

/* A column of lessons whose head is missing or misspelt: most of what stands in it is a subject. */
static bool holds_lessons(const struct import_sheet *sheet, const struct import_shape *shape,
                          int column)
{
    int lessons = 0;
    int others = 0;
    for (int row = shape->last_row + 1; row < import_sheet_rows(sheet); row++) {
        const struct import_cell *cell = import_sheet_origin(sheet, row, column);
        if (cell != NULL) {
            const bool is_lesson = import_words_subject(cell->folded, NULL) > 0;
            lessons += is_lesson;
            others += !is_lesson;
        }
    }
    return lessons > others;
}

static void name_label_columns(const struct import_sheet *sheet, struct import_shape *shape)
{
    for (int column = 0; column < import_sheet_columns(sheet); column++) {
        struct import_head *head = &shape->heads[column];
        if (head->is_day || head->has_date || head->is_grade) {
            return;
        }
        if (head->column == IMPORT_COLUMN_DAY) {
            head->column = IMPORT_COLUMN_NAME; /* of a table that was turned: times stand below */
        } else if (head->column == IMPORT_COLUMN_NONE && !holds_lessons(sheet, shape, column)) {
            head->column =
                holds_grades(sheet, shape, column) ? IMPORT_COLUMN_GRADE : IMPORT_COLUMN_NAME;
        }
    }
}

bool import_shape_find(const struct import_sheet *sheet, struct import_shape *shape)
{
    *shape = (struct import_shape){0};
    for (int row = 0; row < import_sheet_rows(sheet) && row < HEAD_ROWS_MOST; row++) {
        struct row_look look;
        look_at_row(sheet, row, &look);
        shape->is_list = is_list(&look) && look.days < 2;
        shape->has_days = !shape->is_list && has_columns(look.days, &look);
        shape->has_grades = !shape->is_list && !shape->has_days && has_columns(look.grades, &look);
        if (!shape->is_list && !shape->has_days && !shape->has_grades) {
            continue;
        }
        shape->first_row = row;
        shape->last_row = row;
        read_heads(sheet, row, shape);
        if (!shape->is_list) {
            struct row_look next;
            look_at_row(sheet, row + 1, &next);
            if (shape->has_days && next.days >= 2) {
                shape->last_row = row + 1; /* dates below the days, or days below the dates */
                read_heads(sheet, row + 1, shape);
            }
            name_label_columns(sheet, shape);
        }
        return true;
    }
    return false;
}
