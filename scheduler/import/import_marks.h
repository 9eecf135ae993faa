/* SPDX-License-Identifier: MIT */
/*
 * import_marks: the marks on a line of a cell: 重播 and 直播, a time, the 《》
 * of a title, and the name behind it.
 *
 *     【重播】《姓氏歌》（王芳）
 *      repeat   title     teacher
 */
#ifndef SCHEDULER_IMPORT_MARKS_H
#define SCHEDULER_IMPORT_MARKS_H

#include "scheduler/import/import_cell.h"

/* Takes 重播, 直播, 首播 and the brackets around them off a line, and notes them. */
void import_marks_take(struct import_reading *reading, char *line);

/* Takes a time range off a line, or a time that lacks its hour, and notes it. */
void import_marks_take_range(struct import_reading *reading, char *line);

/*
 * Takes the marks off a title, in place: 《春夏秋冬》 alone is called 春夏秋冬;
 * where they are a part of it, as in 《荷花》第1课时, they stay.  False when
 * there were none to take.
 */
bool import_marks_unwrap(char *title);

/* A name within a line; in bytes. */
struct import_name {
    size_t from;
    size_t length;
};

/*
 * What may be a teacher's name, or as well a part of the title: 测量 李强,
 * 测量（李强）, 鲁迅 《故乡》; or all of it: 最美老师.  *name only when there is
 * one.
 */
bool import_marks_name(const char *title, struct import_name *name);

/* What is one, for behind the title's marks people stand alone: 《姓氏歌》 示例学校A 王芳. */
bool import_marks_name_behind(const char *line, struct import_name *name);

/*
 * Takes the brackets off 《姓氏歌》（王芳，张店一中）, in place, when they stand
 * behind a title's marks and hold people alone.
 */
bool import_marks_open(char *line);

#endif
