/* SPDX-License-Identifier: MIT */
/*
 * import_words: the words that are known in timetables.
 *
 * Texts are folded (import_text_fold()).
 */
#ifndef SCHEDULER_IMPORT_WORDS_H
#define SCHEDULER_IMPORT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The bytes of the known subject that `text` begins with, the longest one, or
 * 0.  `more` adds words (separated by commas or spaces); NULL for none.
 */
size_t import_words_subject(const char *text, const char *more);

/* 武术, 编程: all of `text` is a known subject that is as well a title of others (体育 武术). */
bool import_words_is_activity(const char *text);

/* The known subject that `word` was meant to be, never an activity; or NULL. */
const char *import_words_suggest(const char *word);

/* The bytes of the grade that `text` begins with (一年级, 高一, 初三, Gr3, P.7, 全体), or 0. */
size_t import_words_grade(const char *text);

/* The grade that `word` was meant to be, 四年级 for 四年; NULL when it is a grade, or far from one.
 */
const char *import_words_suggest_grade(const char *word);

/*
 * The grade in the one way that it is written: `Gr 3`, `Grade 3` and `Gr3`
 * are one, and so are `3年级`, `三年级` and a bare `三`.  The caller frees it;
 * NULL when out of memory.
 */
char *import_words_grade_name(const char *text, size_t length);

/* True when all of `text` is a grade; a bare numeral is one too. */
bool import_words_is_grade(const char *text);

/* (二), which may be a grade, or a part of a title: the bytes of its numeral, or 0. */
size_t import_words_bracketed_grade(const char *text, const char **numeral);

/* Where the bracket opens that ends a word, （东校区） of 示例小学（东校区）; `length` when none
 * does. */
size_t import_words_bracket(const char *word, size_t length);

/* 示例学校A, 张店一中, 示例小学（东校区）: the word is clearly a school. */
bool import_words_is_school(const char *word, size_t length);

/*
 * 王老师, 王小明老师, 欧阳小明老师, 示例教师01: the word is clearly a teacher, by a
 * common surname and the length of the name.
 */
bool import_words_is_teacher(const char *word, size_t length);

/* These, and what else may be one: 佴小明老师, Lily老师, 最美老师, but not 难忘的一位老师. */
bool import_words_may_be_teacher(const char *word, size_t length);

/*
 * 王芳, 欧阳小明, 王芳、李强: by a common surname and its length the word may well
 * be a person's name.  Other words may look like one: 白天, 江南.
 */
bool import_words_is_person(const char *word, size_t length);

/*
 * A name as far as its form tells, whatever the surname: two to four Chinese
 * characters, or words of letters alone.
 */
bool import_words_may_be_person(const char *text);

/* Mr. Okello: `text` begins with a form of address, and all of it is a name. */
bool import_words_is_addressed(const char *text);

/* KT-09: capitals, a hyphen, digits at the end. */
bool import_words_is_house_number(const char *text);

/* 备注, Remarks: the head of a column that holds no lessons. */
bool import_words_is_remark(const char *text);

/* True when `text` begins as a remark does: 备注：…, 注1：…, 说明. */
bool import_words_begins_remark(const char *text);

enum import_note {
    IMPORT_NOTE_NONE,
    IMPORT_NOTE_BREAK, /* 眼保健操, 大课间, 早读, 垫播 ... : no lesson, on each day the same */
    IMPORT_NOTE_REPEAT,    /* 重播第1–10节 */
    IMPORT_NOTE_RELAY,     /* 定时转播《新闻联播》 */
    IMPORT_NOTE_HOLIDAY,   /* 放假 */
    IMPORT_NOTE_CANCELLED, /* 停课: no lesson here */
    IMPORT_NOTE_DITTO,     /* 同, 〃: what stands to the left */
    IMPORT_NOTE_LEFT,      /* 同左: so as well, in so many words */
    IMPORT_NOTE_ABOVE,     /* 同上: what stands above */
    IMPORT_NOTE_EMPTY,     /* -, 无 */
};

/* 休息: a break, or in the place of a lesson none. */
bool import_words_is_rest(const char *text);

/* 同 alone: as to the left; in the weeks of a timetable it is as in the term. */
bool import_words_is_same(const char *text);

/* What a whole cell is when it is no lesson. */
enum import_note import_words_note(const char *text);

/* 上午, 下午, 晚上: a part of the day that heads rows. */
enum import_part {
    IMPORT_PART_NONE,
    IMPORT_PART_MORNING,
    IMPORT_PART_AFTERNOON,
    IMPORT_PART_EVENING,
};

/* The part of the day that `text` begins with, as a word of its own. */
enum import_part import_words_part(const char *text);

enum import_column {
    IMPORT_COLUMN_NONE,
    IMPORT_COLUMN_NAME,
    IMPORT_COLUMN_TIME,
    IMPORT_COLUMN_START,
    IMPORT_COLUMN_END,
    IMPORT_COLUMN_DAY,
    IMPORT_COLUMN_GRADE,
    IMPORT_COLUMN_SUBJECT,
    IMPORT_COLUMN_TITLE,
    IMPORT_COLUMN_TEACHER,
    IMPORT_COLUMN_SCHOOL,
    IMPORT_COLUMN_WEEKS,
    IMPORT_COLUMN_COUNT,
};

/* What the head of a column says that it holds: 时间, 年级, Class ... */
enum import_column import_words_column(const char *text);

#endif
