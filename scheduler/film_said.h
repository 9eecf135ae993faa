/* SPDX-License-Identifier: MIT */
/*
 * film_said: what a film that was handed in says of its lesson: by its name, or in
 * the list that was sent with it.
 *
 *     第02周_周一_第1节_一年级_语文_春夏秋冬_示例学校A_示例教师01_v1.mp4
 *
 * The parts of a name may be in any order, and most of them may lack.  Texts
 * are folded: full-width signs, case and the two ways in which systems write
 * accents (NFC, NFD) make no difference.  Any thread.
 */
#ifndef SCHEDULER_FILM_SAID_H
#define SCHEDULER_FILM_SAID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FILM_NAME_SIZE = 768, /* folded; what is beyond is not looked at */
    FILM_PIECES_MOST = 40,
    FILM_WORD_SIZE = 128,
};

enum film_piece_kind {
    FILM_PIECE_WORD,  /* of the title, or nobody knows */
    FILM_PIECE_KNOWN, /* grade, subject, part of the slot, version */
    FILM_PIECE_PERSON,
    FILM_PIECE_SCHOOL,
    FILM_PIECE_NOISE, /* 终稿, 1080p: says nothing of the lesson */
};

/* A stretch of letters and digits of a text. */
struct film_piece {
    char text[FILM_WORD_SIZE];
    enum film_piece_kind kind;
};

struct film_said {
    char dashed[FILM_NAME_SIZE]; /* the name, each stretch of other signs one '-' */
    char number[FILM_WORD_SIZE]; /* house number of a list, dashed; this and the following: "" */
    char grade[FILM_WORD_SIZE];  /* in one way of writing it */
    char subject[FILM_WORD_SIZE];
    char period[FILM_WORD_SIZE];
    char channel[FILM_WORD_SIZE]; /* of a list */
    int week;                     /* 0: not said */
    int day;                      /* -1: not said; 0 is Monday */
    bool has_date;
    bool has_year;
    int64_t date;   /* civil days; without a year of that in which they are counted, 2000 */
    int clock;      /* seconds; -1: not said */
    int version;    /* 0: not said */
    bool is_listed; /* a list says which lesson it is: other words of the name do not count */
    struct film_piece pieces[FILM_PIECES_MOST];
    size_t piece_count;
};

/* What the name of a file says; a folder before it and its ending say nothing. */
void film_said_by_name(const char *name, struct film_said *said);

enum film_column {
    FILM_COLUMN_NUMBER,
    FILM_COLUMN_TITLE,
    FILM_COLUMN_GRADE,
    FILM_COLUMN_SUBJECT,
    FILM_COLUMN_DATE,   /* 2026-11-30, 周一, 第2周周一; a period or a time may follow */
    FILM_COLUMN_WEEK,   /* 第2周, 2 */
    FILM_COLUMN_PERIOD, /* 第1节, 1, 8:00 */
    FILM_COLUMN_CHANNEL,
    FILM_COLUMN_SCHOOL,
    FILM_COLUMN_TEACHER,
};

/* Adds what a list says in a column; that counts more than what the name says. */
void film_said_add(struct film_said *said, enum film_column column, const char *text);

/* Folded (NFKC, without case, invisible signs gone); returns `folded`. */
char *film_fold(const char *text, char *folded, size_t size);

/* Folded, each stretch of other signs than letters and digits one '-', none at the ends. */
char *film_dash(const char *text, char *dashed, size_t size);

/* Folded, letters and digits alone. */
char *film_letters(const char *text, char *letters, size_t size);

#endif
