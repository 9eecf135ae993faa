/* SPDX-License-Identifier: MIT */
/*
 * import_grid: the shape of a sheet, and what stands in it.
 *
 *            ┌ title, 第N周, dates, channel ──────────────┐
 *     head   │ 节次 │ 时间        │ 周一      │ 周二      │   or grades
 *            │ 上午（8:20-12:05）                         │   a part of the day
 *     row    │ 1    │ 8:40-9:20   │ 语文 …    │ 数学 …    │   lessons
 *            │      │ 9:20-9:25   │ 眼保健操 (merged)     │   a break
 *            │      │ 15:30-19:40 │ 重播第1–10节 (merged) │   a rule of repeats
 *            └────────────────────────────────────────────┘
 *
 * A list (one lesson a row, with a head such as 时间, 年级, 学科, 课题) is read
 * too, and a grid whose rows are days is turned first.
 */
#ifndef SCHEDULER_IMPORT_GRID_H
#define SCHEDULER_IMPORT_GRID_H

#include "scheduler/import/import.h"
#include "scheduler/import/import_cell.h"
#include "scheduler/import/import_sheet.h"
#include "scheduler/import/import_title.h"
#include "scheduler/import/import_words.h"

struct import_head {
    enum import_column column; /* NONE for days, grades and what is not known */
    bool is_day;
    int day;
    bool has_date;
    struct import_date date;
    bool has_runs; /* the day whose timetable it runs */
    int runs;
    const struct import_cell *swap; /* that says so of one date alone: 调休上周一; or NULL */
    bool is_grade;
    const struct import_cell *cell;
};

struct import_shape {
    bool is_list;
    bool has_days;
    bool has_grades;
    int first_row; /* of the head */
    int last_row;
    struct import_head heads[IMPORT_COLUMNS_MOST];
};

/* Finds the head of a sheet.  False when it is no timetable as it stands. */
bool import_shape_find(const struct import_sheet *sheet, struct import_shape *shape);

/* True when this row is a head of days or grades. */
bool import_shape_is_head(const struct import_sheet *sheet, int row);

/*
 * Reads a grid or a list into the import; turns the sheet when its rows are
 * days.  0, -EBADMSG when there is no timetable in it (told), -ENOMEM.
 */
int import_grid_read(struct import *import, const struct import_request *request,
                     struct import_sheet *sheet);

enum { IMPORT_SHOWN_SIZE = 61 };

/* What the readers of rows and of notes share. */
struct import_grid {
    struct import *import;
    const struct import_request *request;
    const struct import_sheet *sheet;
    struct import_shape shape;
    bool is_turned;                      /* left and above have changed places */
    int year;                            /* of the sheet's dates, 0 when not known */
    struct import_title_grade grade;     /* of the lessons that name none */
    size_t titled_count;                 /* of such lessons */
    const struct import_cell *cancelled; /* the first that says so */
    size_t cancelled_count;
    unsigned holidays_told; /* days */
    bool is_swap_told;      /* of a list: as import_head's swap */
    bool is_crossed;        /* told: its grades are headed as subjects */
    bool has_grades;        /* lessons name their own */
    char *others;           /* grades that --grade leaves out: 三年级, 四年级; or NULL */
    bool has_day;           /* all of it is of one day */
    int day;
    unsigned days;                    /* of its columns */
    const struct import_cell *merged; /* the first note that was merged over all days */
    size_t merged_count;              /* of such notes */
};

struct import_note_place {
    enum import_note note;
    const struct import_cell *cell;
    bool has_range; /* of its row */
    struct import_range range;
    unsigned days;
    const char *name; /* that stands for a break whose cell has none */
    bool is_told;     /* that the time of its row is wrong */
};

/* The text of a cell as messages quote it: one line, not too long. */
const char *import_grid_shown(const struct import_cell *cell, char text[IMPORT_SHOWN_SIZE]);

/*
 * 9.40-10.20 in a folded label becomes 9:40-10:20, unless it has a range as it
 * stands; where it is of times alone, 9.40 becomes 9:40, too.
 */
void import_grid_read_dots(char *text, bool is_of_times);

/* 语文 荷花, 二年级 语文《荷花》. */
bool import_grid_is_lesson(const struct import_grid *grid, const struct import_cell *cell);

/* A cell that says that there is no lesson. */
void import_grid_cancel(struct import_grid *grid, const struct import_cell *cell);

/* Tells what is wrong with the time that a cell has. */
void import_grid_bad_time(struct import_grid *grid, const struct import_cell *cell,
                          enum import_clock_verdict verdict);

/*
 * 重播 语文 春夏秋冬 is a lesson that is marked, 重播第1-10节 is a rule; either
 * may begin with a time of its own.  同左 and 同上 are DITTO and ABOVE, or of a
 * sheet that was turned ABOVE and DITTO.
 */
enum import_note import_grid_note_of(const struct import_grid *grid,
                                     const struct import_cell *cell);

/* A break, a rule of repeats or a relay, at its own time. */
bool import_grid_is_at_its_time(enum import_note note);

/* Tells once for each day that the calendar must have it, and notes its date.  0 or -ENOMEM. */
int import_grid_holiday(struct import_grid *grid, int column, const struct import_cell *cell);

/* A break, a rule of repeats or a relay.  0 or -ENOMEM. */
int import_grid_note(struct import_grid *grid, const struct import_note_place *place);

/* Tells of the notes that were taken for all days, as merged cells of a CSV. */
void import_grid_tell_merged(const struct import_grid *grid);

/* Reads the rows of a list.  As import_grid_read(). */
int import_grid_list(struct import_grid *grid);

/*
 * Adds a lesson as read from a cell, the title's grade given when it has none.
 * *is_left_out when it is of another grade than the one asked for.
 */
int import_grid_lesson(struct import_grid *grid, struct import_reading *reading, char *place,
                       bool *is_left_out);

#endif
