/* SPDX-License-Identifier: MIT */
/*
 * import_rows: the rows of a grid.  Shared by import_grid.c, import_labels.c
 * and import_rows.c alone.
 */
#ifndef SCHEDULER_IMPORT_ROWS_H
#define SCHEDULER_IMPORT_ROWS_H

#include "scheduler/import/import_grid.h"

/* A part of the day that heads rows, and what it says of itself. */
struct import_part_rows {
    enum import_part part;
    const struct import_cell *cell;
    bool has_stated;
    bool has_stated_start;
    struct import_range stated;
    bool has_rows;
    bool is_unsure;           /* a row's time could not be read */
    struct import_range rows; /* from the first start to the last end of what stands in it */
};

/* The labels of one row. */
struct import_row {
    int number;
    char name[IMPORT_CELL_BYTES_MOST + 1];
    char grade[IMPORT_CELL_BYTES_MOST + 1];
    const struct import_cell *cell; /* that names the row in messages */
    bool has_range;
    bool has_start; /* alone */
    struct import_range range;
    enum import_clock_verdict clock;
    const struct import_cell *clock_cell; /* that has the time, or the first wrong one */
    bool is_told;                         /* that its time is wrong or missing */
    bool has_content; /* a lesson, a note or a day off, if only one that is left out */
    bool has_period;  /* it is added already */
    size_t period;
    int stated_minutes;             /* (40分钟), 0 when not said */
    const struct import_cell *left; /* what a ditto in the next square stands for */
};

/* Labels come before the days or grades; the rest of the columns is left out. */
bool import_column_is_label(const struct import_head *head);
bool import_column_is_content(const struct import_head *head);

/*
 * Reads the labels of row->number; a part of the day that begins there closes
 * the one before it.
 */
void import_row_read_labels(struct import_grid *grid, struct import_part_rows *part,
                            struct import_row *row);

/* True, and told, when a row is a remark: 备注：…, and no lesson beside it. */
bool import_row_leave_remark(struct import_grid *grid, int number);

/* Counts a row to its part of the day. */
void import_part_count(struct import_part_rows *part, const struct import_row *row);

/* Holds what a part says of itself against its rows. */
void import_part_close(struct import_grid *grid, const struct import_part_rows *part);

/* Reads all rows below the head.  0, -E2BIG (told) or -ENOMEM. */
int import_rows_read(struct import_grid *grid);

/* Tells that a cell is left out. */
void import_grid_leave_out(struct import_grid *grid, const struct import_cell *cell);

#endif
