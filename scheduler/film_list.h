/* SPDX-License-Identifier: MIT */
/*
 * film_list: the list that a school sends with its films (CSV or .xlsx), a row a
 * film, its columns in any order:
 *
 *     文件, 节目代码, 课题, 年级, 学科, 日期, 周次, 节次, 频道, 学校, 教师, 版权
 *     file, house number, title, grade, subject, date, week, period, channel, ...
 */
#ifndef SCHEDULER_FILM_LIST_H
#define SCHEDULER_FILM_LIST_H

#include "scheduler/film_said.h"
#include "scheduler/import/import_sheet.h"

/* Texts belong to the list; "" where a cell is empty. */
struct film_row {
    int row; /* as programs for spreadsheets count */
    const char *file;
    const char *said[FILM_COLUMN_TEACHER + 1]; /* by enum film_column */
    const char *consent;
};

struct film_list {
    struct import_sheets sheets;
    struct film_row *rows;
    size_t count;
};

/*
 * Reads a list called `name` in messages.  0; -EBADMSG with what is wrong in *problems: no row
 * heads a column of files; or -ENOMEM.
 */
int film_list_read(const char *name, const void *bytes, size_t size, struct film_list *list,
                   struct problems *problems);
void film_list_finish(struct film_list *list); /* accepts a zeroed one */

/* True for the name of a file that may be a list: .csv, .xlsx. */
bool film_list_is_called(const char *name);

/* Adds what a row says of its film to what the name says. */
void film_list_say(const struct film_row *row, struct film_said *said);

/* True when a row means the file of this name, written in whatever way, with its ending or not. */
bool film_list_means(const struct film_row *row, const char *name);

#endif
