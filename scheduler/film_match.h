/* SPDX-License-Identifier: MIT */
/*
 * film_match: which lesson a film is, by what is said of it (film_said.h), how sure
 * that is, and why.
 *
 *     one lesson has a house number, a whole title or a slot on its side
 *     and nothing against it, and nothing is left that nobody knows ──▶ sure
 *     several, or something against it, or something is left ─────────▶ doubtful
 *     none ───────────────────────────────────────────────────────────▶ unknown
 *
 * Nothing is guessed: what is doubtful is for a person to say, and gets the
 * lessons that it may be, the likeliest first.  Any thread.
 */
#ifndef SCHEDULER_FILM_MATCH_H
#define SCHEDULER_FILM_MATCH_H

#include "scheduler/film_said.h"

/* What timetables name; texts are borrowed for as long as the matcher lives, and may be NULL. */
struct film_lesson {
    const char *house_number;
    const char *title;
    const char *grade;
    const char *subject;
    const char *teacher;
    const char *school;
};

/* A first run to come. */
struct film_airing {
    size_t lesson;
    const char *channel;
    const char *channel_title;
    int64_t date; /* civil days */
    int week;     /* of its term; 0: of none */
    const char *period;
    int start; /* seconds */
};

struct film_matcher;

/* Copies both lists, in which a house number stands once.  NULL: out of memory. */
struct film_matcher *film_matcher_create(const struct film_lesson *lessons, size_t lesson_count,
                                         const struct film_airing *airings, size_t airing_count);
void film_matcher_destroy(struct film_matcher *matcher); /* accepts NULL */

/* What speaks for a lesson, and what against it: sets of these. */
enum film_sign {
    FILM_SIGN_NUMBER = 1 << 0,
    FILM_SIGN_TITLE = 1 << 1, /* all of it */
    FILM_SIGN_SLOT = 1 << 2,
    FILM_SIGN_GRADE = 1 << 3,
    FILM_SIGN_SUBJECT = 1 << 4,
    FILM_SIGN_TEACHER = 1 << 5,
    FILM_SIGN_SCHOOL = 1 << 6,
    FILM_SIGN_PART = 1 << 7,  /* a part of the title, or a number like its own */
    FILM_SIGN_REST = 1 << 8,  /* against: something is said that nobody knows */
    FILM_SIGN_RIVAL = 1 << 9, /* against: as much speaks for another lesson */
    FILM_SIGN_COUNT = 10,
};

enum film_verdict { FILM_SURE, FILM_DOUBTFUL, FILM_UNKNOWN };

enum { FILM_CANDIDATES_MOST = 5 };

struct film_candidate {
    const struct film_lesson *lesson; /* of the matcher */
    unsigned pro;
    unsigned con;
};

struct film_match {
    enum film_verdict verdict;
    struct film_candidate candidates[FILM_CANDIDATES_MOST]; /* the likeliest first */
    size_t count;                                           /* 1 where it is sure */
};

void film_match(const struct film_matcher *matcher, const struct film_said *said,
                struct film_match *match);

/* The lesson of exactly this house number, or NULL. */
const struct film_lesson *film_matcher_lesson(const struct film_matcher *matcher,
                                              const char *house_number);

enum { FILM_SIGNS_SIZE = 256 };

/* "house number, title" in the reader's language; "" of none.  Returns `text`. */
const char *film_signs_text(unsigned signs, char text[FILM_SIGNS_SIZE]);

#endif
