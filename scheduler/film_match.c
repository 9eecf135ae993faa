/* SPDX-License-Identifier: MIT */
#include "scheduler/film_match.h"

#include "playout/intl.h"
#include "scheduler/calendar.h"
#include "scheduler/import/import.h"
#include "scheduler/import/import_words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A lesson with its texts folded as film_said has them. */
struct known {
    struct film_lesson lesson;
    char number[FILM_WORD_SIZE];
    char title[FILM_NAME_SIZE];
    char grade[FILM_WORD_SIZE];
    char subject[FILM_WORD_SIZE];
    char teacher[FILM_WORD_SIZE];
    char school[FILM_WORD_SIZE];
};

struct matcher_airing {
    struct film_airing airing;
    char period[FILM_WORD_SIZE];
    char channel[FILM_WORD_SIZE];
    char channel_title[FILM_WORD_SIZE];
};

struct film_matcher {
    struct known *lessons;
    size_t lesson_count;
    struct matcher_airing *airings;
    size_t airing_count;
};

static const char *or_nothing(const char *text)
{
    return text != NULL ? text : "";
}

/* --- What is known ---------------------------------------------------------------------- */

static void fold_grade(const char *text, char *grade, size_t size)
{
    char folded[FILM_NAME_SIZE];
    film_fold(text, folded, sizeof(folded));
    const size_t length = import_words_grade(folded);
    char *name = length > 0 ? import_words_grade_name(folded, length) : NULL;
    film_letters(name != NULL ? name : folded, grade, size);
    free(name);
}

static void know(const struct film_lesson *lesson, struct known *known)
{
    known->lesson = *lesson;
    film_dash(lesson->house_number, known->number, sizeof(known->number));
    film_letters(or_nothing(lesson->title), known->title, sizeof(known->title));
    fold_grade(or_nothing(lesson->grade), known->grade, sizeof(known->grade));
    film_letters(or_nothing(lesson->subject), known->subject, sizeof(known->subject));
    film_letters(or_nothing(lesson->teacher), known->teacher, sizeof(known->teacher));
    film_letters(or_nothing(lesson->school), known->school, sizeof(known->school));
}

/* 第1节, 第一节 and 1 are one. */
static void fold_period(const char *text, char *period, size_t size)
{
    char folded[FILM_NAME_SIZE];
    film_fold(text, folded, sizeof(folded));
    const int number = import_period_number(folded);
    if (number > 0) {
        char digits[24];
        snprintf(digits, sizeof(digits), "%d", number);
        import_period_call(digits, period, size);
    } else {
        film_letters(folded, period, size);
    }
}

static void know_airing(const struct film_airing *airing, struct matcher_airing *known)
{
    known->airing = *airing;
    fold_period(or_nothing(airing->period), known->period, sizeof(known->period));
    film_letters(airing->channel, known->channel, sizeof(known->channel));
    film_letters(or_nothing(airing->channel_title), known->channel_title,
                 sizeof(known->channel_title));
}

struct film_matcher *film_matcher_create(const struct film_lesson *lessons, size_t lesson_count,
                                         const struct film_airing *airings, size_t airing_count)
{
    struct film_matcher *matcher = calloc(1, sizeof(*matcher));
    if (matcher == NULL) {
        return NULL;
    }
    matcher->lessons = calloc(lesson_count + 1, sizeof(matcher->lessons[0]));
    matcher->airings = calloc(airing_count + 1, sizeof(matcher->airings[0]));
    if (matcher->lessons == NULL || matcher->airings == NULL) {
        film_matcher_destroy(matcher);
        return NULL;
    }
    for (size_t i = 0; i < lesson_count; i++) {
        know(&lessons[i], &matcher->lessons[i]);
    }
    for (size_t i = 0; i < airing_count; i++) {
        know_airing(&airings[i], &matcher->airings[i]);
    }
    matcher->lesson_count = lesson_count;
    matcher->airing_count = airing_count;
    return matcher;
}

void film_matcher_destroy(struct film_matcher *matcher)
{
    if (matcher != NULL) {
        free(matcher->lessons);
        free(matcher->airings);
        free(matcher);
    }
}

const struct film_lesson *film_matcher_lesson(const struct film_matcher *matcher,
                                              const char *house_number)
{
    for (size_t i = 0; i < matcher->lesson_count; i++) {
        if (strcmp(matcher->lessons[i].lesson.house_number, house_number) == 0) {
            return &matcher->lessons[i].lesson;
        }
    }
    return NULL;
}

/* --- The house number --------------------------------------------------------------------- */

/* No number of a name goes on where this one ends. */
static bool is_apart(const char *dashed, const char *at, size_t length)
{
    const bool begins = at == dashed || !isalnum((unsigned char)at[-1]);
    return begins && !isalnum((unsigned char)at[length]);
}

/* Where a number stands in the name, whole; NULL: nowhere. */
static const char *number_in(const char *dashed, const char *number)
{
    const size_t length = strlen(number);
    const char *at = length > 0 ? strstr(dashed, number) : NULL;
    while (at != NULL && !is_apart(dashed, at, length)) {
        at = strstr(at + 1, number);
    }
    return at;
}

/* Of KT-4 and KT-4-2 the name KT-4-2 has the longer one. */
static size_t longest_number(const struct film_matcher *matcher, const char *dashed)
{
    size_t longest = 0;
    for (size_t i = 0; i < matcher->lesson_count; i++) {
        const char *number = matcher->lessons[i].number;
        if (strlen(number) > longest && number_in(dashed, number) != NULL) {
            longest = strlen(number);
        }
    }
    return longest;
}

/* KT42 is nearly KT-42. */
static bool is_nearly(const char *dashed, const char *number)
{
    char name[FILM_NAME_SIZE];
    char sought[FILM_WORD_SIZE];
    film_letters(dashed, name, sizeof(name));
    film_letters(number, sought, sizeof(sought));
    return sought[0] != '\0' && strcmp(name, sought) == 0;
}

/* --- The title --------------------------------------------------------------------------- */

/* How many pieces from `first` on are the title, whole; 0: they are not. */
static size_t title_run(const struct film_said *said, size_t first, const char *title)
{
    const char *rest = title;
    for (size_t i = first; i < said->piece_count && *rest != '\0'; i++) {
        const size_t length = strlen(said->pieces[i].text);
        if (strncmp(rest, said->pieces[i].text, length) != 0) {
            return 0;
        }
        rest += length;
        if (*rest == '\0') {
            return i + 1 - first;
        }
    }
    return 0;
}

struct run {
    size_t first;
    size_t count; /* 0: there is none */
};

static struct run find_title(const struct film_said *said, const char *title)
{
    for (size_t i = 0; title[0] != '\0' && i < said->piece_count; i++) {
        const size_t count = title_run(said, i, title);
        if (count > 0) {
            return (struct run){i, count};
        }
    }
    return (struct run){0};
}

static bool is_within(struct run inner, struct run outer)
{
    return inner.first >= outer.first && inner.first + inner.count <= outer.first + outer.count &&
           inner.count < outer.count;
}

/* 荷花 is not meant where 荷花（第2课时） is another lesson's title. */
static bool is_part_of_longer(const struct film_matcher *matcher, const struct film_said *said,
                              struct run run)
{
    for (size_t i = 0; i < matcher->lesson_count; i++) {
        const struct run other = find_title(said, matcher->lessons[i].title);
        if (other.count > 0 && is_within(run, other)) {
            return true;
        }
    }
    return false;
}

/* Two characters of Chinese, or four letters: less says nothing. */
enum { PART_LEAST = 4 };

static bool holds(const char *text, const char *part)
{
    return strlen(part) >= PART_LEAST && strstr(text, part) != NULL;
}

static bool has_part(const struct film_said *said, const char *title)
{
    for (size_t i = 0; i < said->piece_count; i++) {
        const struct film_piece *piece = &said->pieces[i];
        if (piece->kind != FILM_PIECE_KNOWN &&
            (holds(title, piece->text) || holds(piece->text, title))) {
            return true;
        }
    }
    return false;
}

/* --- The slot ---------------------------------------------------------------------------- */

static bool says_slot(const struct film_said *said)
{
    return (said->period[0] != '\0' || said->clock >= 0) &&
           (said->has_date || (said->day >= 0 && said->week > 0));
}

static bool is_date(const struct film_said *said, int64_t date)
{
    if (said->has_year) {
        return said->date == date;
    }
    const struct import_date meant = import_date_of((int)said->date);
    const struct import_date there = import_date_of((int)date);
    return meant.month == there.month && meant.day == there.day;
}

static bool is_in_slot(const struct film_said *said, const struct matcher_airing *airing)
{
    const int day = (int)(airing->airing.date - monday_of(airing->airing.date));
    return (!said->has_date || is_date(said, airing->airing.date)) &&
           (said->day < 0 || said->day == day) &&
           (said->week == 0 || airing->airing.week == 0 || said->week == airing->airing.week) &&
           (said->period[0] == '\0' || strcmp(said->period, airing->period) == 0) &&
           (said->clock < 0 || said->clock == airing->airing.start) &&
           (said->channel[0] == '\0' || strcmp(said->channel, airing->channel) == 0 ||
            strcmp(said->channel, airing->channel_title) == 0);
}

/* --- Everything else ---------------------------------------------------------------------- */

static unsigned compare(const char *said, const char *known, unsigned sign, unsigned *con)
{
    if (said[0] == '\0' || known[0] == '\0') {
        return 0;
    }
    if (strcmp(said, known) == 0) {
        return sign;
    }
    *con |= sign;
    return 0;
}

/* 王老师 and 王小明 may be one, 示例教师01 and 示例教师02 are not. */
static bool is_other_teacher(const char *said, const char *known)
{
    enum { HANZI = 3 };
    const bool has_digits = strpbrk(said, "0123456789") != NULL && strpbrk(known, "0123456789");
    return has_digits || strncmp(said, known, HANZI) != 0;
}

static void look_at_people(const struct film_said *said, const struct known *known,
                           struct film_candidate *candidate)
{
    bool is_other = false;
    for (size_t i = 0; i < said->piece_count; i++) {
        const char *text = said->pieces[i].text;
        if (known->teacher[0] != '\0' && strcmp(text, known->teacher) == 0) {
            candidate->pro |= FILM_SIGN_TEACHER;
        } else if (known->school[0] != '\0' && strcmp(text, known->school) == 0) {
            candidate->pro |= FILM_SIGN_SCHOOL;
        } else if (said->pieces[i].kind == FILM_PIECE_PERSON && known->teacher[0] != '\0' &&
                   import_words_is_teacher(text, strlen(text))) {
            is_other = is_other || is_other_teacher(text, known->teacher);
        }
    }
    if (is_other && !(candidate->pro & FILM_SIGN_TEACHER)) {
        candidate->con |= FILM_SIGN_TEACHER;
    }
}

static bool is_number_text(const char *text)
{
    return text[strspn(text, "0123456789")] == '\0';
}

/* What is left when all that is known of the lesson is taken away; of a number digits alone. */
static bool has_rest(const struct film_said *said, const struct known *known,
                     const struct film_candidate *candidate)
{
    char number[FILM_WORD_SIZE];
    const struct run run = find_title(said, known->title);
    const bool has_number = (candidate->pro & FILM_SIGN_NUMBER) != 0;
    const bool is_borne_out =
        (candidate->pro & FILM_SIGN_TITLE) && (candidate->pro & FILM_SIGN_SLOT);
    film_letters(known->number, number, sizeof(number));
    for (size_t i = 0; i < said->piece_count && !said->is_listed && !is_borne_out; i++) {
        const struct film_piece *piece = &said->pieces[i];
        const bool is_of_title = i >= run.first && i < run.first + run.count;
        const bool is_of_people =
            (piece->kind == FILM_PIECE_PERSON &&
             (known->teacher[0] == '\0' || !is_other_teacher(piece->text, known->teacher))) ||
            piece->kind == FILM_PIECE_SCHOOL || strcmp(piece->text, known->teacher) == 0 ||
            strcmp(piece->text, known->school) == 0;
        if (piece->kind == FILM_PIECE_KNOWN || piece->kind == FILM_PIECE_NOISE || is_of_title ||
            is_of_people || (has_number && strstr(number, piece->text) != NULL)) {
            continue;
        }
        if (!has_number || is_number_text(piece->text)) {
            return true;
        }
    }
    return false;
}

static void look_at_strong(const struct film_matcher *matcher, const struct film_said *said,
                           size_t longest, struct film_candidate *candidates)
{
    for (size_t i = 0; i < matcher->lesson_count; i++) {
        const struct known *known = &matcher->lessons[i];
        const struct run run = find_title(said, known->title);
        candidates[i].lesson = &known->lesson;
        if ((strlen(known->number) == longest && number_in(said->dashed, known->number) != NULL) ||
            (said->number[0] != '\0' && strcmp(said->number, known->number) == 0)) {
            candidates[i].pro |= FILM_SIGN_NUMBER;
        }
        if (run.count > 0 && !is_part_of_longer(matcher, said, run)) {
            candidates[i].pro |= FILM_SIGN_TITLE;
        } else if (run.count > 0 || has_part(said, known->title)) {
            candidates[i].pro |= FILM_SIGN_PART;
        }
        if (is_nearly(said->dashed, known->number)) {
            candidates[i].pro |= FILM_SIGN_PART;
        }
    }
    for (size_t i = 0; says_slot(said) && i < matcher->airing_count; i++) {
        if (is_in_slot(said, &matcher->airings[i])) {
            candidates[matcher->airings[i].airing.lesson].pro |= FILM_SIGN_SLOT;
        }
    }
}

static void look_at_weak(const struct film_matcher *matcher, const struct film_said *said,
                         struct film_candidate *candidates)
{
    for (size_t i = 0; i < matcher->lesson_count; i++) {
        const struct known *known = &matcher->lessons[i];
        struct film_candidate *candidate = &candidates[i];
        candidate->pro |= compare(said->grade, known->grade, FILM_SIGN_GRADE, &candidate->con);
        candidate->pro |=
            compare(said->subject, known->subject, FILM_SIGN_SUBJECT, &candidate->con);
        look_at_people(said, known, candidate);
    }
}

enum { STRONG = FILM_SIGN_NUMBER | FILM_SIGN_TITLE | FILM_SIGN_SLOT };

/* A lesson of another grade or subject is none that the title or slot means. */
static bool speaks(const struct film_candidate *candidate, unsigned sign)
{
    const unsigned excluded = FILM_SIGN_GRADE | FILM_SIGN_SUBJECT;
    return (candidate->pro & sign) && (sign == FILM_SIGN_NUMBER || !(candidate->con & excluded));
}

/* What speaks for another lesson, and not for this one, speaks against it. */
static void weigh(const struct film_matcher *matcher, const struct film_said *said,
                  struct film_candidate *candidates)
{
    static const unsigned signs[] = {FILM_SIGN_NUMBER, FILM_SIGN_TITLE, FILM_SIGN_SLOT};
    size_t numbers = 0;
    for (size_t i = 0; i < matcher->lesson_count; i++) {
        numbers += (candidates[i].pro & FILM_SIGN_NUMBER) != 0;
    }
    for (size_t k = 0; k < sizeof(signs) / sizeof(signs[0]); k++) {
        bool is_said = false;
        for (size_t i = 0; i < matcher->lesson_count; i++) {
            is_said = is_said || speaks(&candidates[i], signs[k]);
        }
        for (size_t i = 0; is_said && i < matcher->lesson_count; i++) {
            const bool has_part = signs[k] == FILM_SIGN_TITLE && candidates[i].pro & FILM_SIGN_PART;
            if (!(candidates[i].pro & signs[k]) && !has_part) {
                candidates[i].con |= signs[k];
            }
        }
    }
    for (size_t i = 0; i < matcher->lesson_count; i++) {
        if (said->number[0] != '\0' && strcmp(said->number, matcher->lessons[i].number) != 0) {
            candidates[i].con |= FILM_SIGN_NUMBER; /* also where no timetable names it */
        }
        if (numbers > 1 && (candidates[i].pro & FILM_SIGN_NUMBER)) {
            candidates[i].con |= FILM_SIGN_RIVAL; /* the list says one, the name another */
        }
        if ((candidates[i].pro & STRONG) && has_rest(said, &matcher->lessons[i], &candidates[i])) {
            candidates[i].con |= FILM_SIGN_REST;
        }
    }
}

static int bits(unsigned set)
{
    int count = 0;
    for (; set != 0; set &= set - 1) {
        count++;
    }
    return count;
}

static int worth(const struct film_candidate *candidate)
{
    return 10 * bits(candidate->pro & STRONG) + (candidate->pro & FILM_SIGN_NUMBER ? 6 : 0) +
           2 * bits(candidate->pro & ~(unsigned)STRONG) - 4 * bits(candidate->con);
}

/* The likeliest first; equal ones as they stand in the timetables. */
static void keep(struct film_match *match, const struct film_candidate *candidate)
{
    size_t at = match->count < FILM_CANDIDATES_MOST ? match->count : FILM_CANDIDATES_MOST - 1;
    if (match->count == FILM_CANDIDATES_MOST && worth(candidate) <= worth(&match->candidates[at])) {
        return;
    }
    for (; at > 0 && worth(&match->candidates[at - 1]) < worth(candidate); at--) {
        match->candidates[at] = match->candidates[at - 1];
    }
    match->candidates[at] = *candidate;
    match->count += match->count < FILM_CANDIDATES_MOST;
}

/* With nothing but another lesson against it. */
static bool may_be_it(const struct film_candidate *candidate)
{
    return (candidate->pro & STRONG) && (candidate->con & ~(unsigned)FILM_SIGN_REST) == 0;
}

static void decide(const struct film_matcher *matcher, struct film_candidate *candidates,
                   struct film_match *match)
{
    struct film_candidate *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < matcher->lesson_count; i++) {
        if (may_be_it(&candidates[i])) {
            found = &candidates[i];
            count++;
        }
    }
    match->verdict = FILM_UNKNOWN;
    if (count == 1 && found->con == 0) {
        match->verdict = FILM_SURE;
        keep(match, found);
        return;
    }
    for (size_t i = 0; i < matcher->lesson_count; i++) {
        if (count > 1 && may_be_it(&candidates[i])) {
            candidates[i].con |= FILM_SIGN_RIVAL;
        }
        const bool is_excluded = (candidates[i].con & (FILM_SIGN_GRADE | FILM_SIGN_SUBJECT)) &&
                                 !(candidates[i].pro & (FILM_SIGN_NUMBER | FILM_SIGN_TITLE));
        if ((candidates[i].pro & (STRONG | FILM_SIGN_PART)) && !is_excluded) {
            keep(match, &candidates[i]);
            match->verdict = FILM_DOUBTFUL;
        }
    }
}

void film_match(const struct film_matcher *matcher, const struct film_said *said,
                struct film_match *match)
{
    struct film_candidate *candidates = calloc(matcher->lesson_count + 1, sizeof(candidates[0]));
    *match = (struct film_match){.verdict = FILM_UNKNOWN};
    if (candidates == NULL) {
        return; /* a person may say it */
    }
    look_at_strong(matcher, said, longest_number(matcher, said->dashed), candidates);
    look_at_weak(matcher, said, candidates);
    weigh(matcher, said, candidates);
    decide(matcher, candidates, match);
    free(candidates);
}

const char *film_signs_text(unsigned signs, char text[FILM_SIGNS_SIZE])
{
    const char *const names[FILM_SIGN_COUNT] = {_("house number"),
                                                _("title"),
                                                _("slot"),
                                                _("grade"),
                                                _("subject"),
                                                _("teacher"),
                                                _("school"),
                                                _("part of the title or number"),
                                                _("words that nobody knows"),
                                                _("another lesson likewise")};
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < FILM_SIGN_COUNT; i++) {
        if (signs >> i & 1) {
            length += (size_t)snprintf(text + length, FILM_SIGNS_SIZE - length, "%s%s",
                                       length > 0 ? _(", ") : "", names[i]);
            length = length < FILM_SIGNS_SIZE ? length : FILM_SIGNS_SIZE - 1;
        }
    }
    return text;
}
