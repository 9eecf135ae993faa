/* SPDX-License-Identifier: MIT */
#include "scheduler/film_said.h"

#include "scheduler/import/import.h"
#include "scheduler/import/import_text.h"
#include "scheduler/import/import_words.h"
#include "scheduler/title_match.h"
#include "scheduler/when.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum { NO_YEAR = 2000 };

/* --- Folding --------------------------------------------------------------------------- */

char *film_fold(const char *text, char *folded, size_t size)
{
    UChar wide[FILM_NAME_SIZE];
    UChar normal[FILM_NAME_SIZE];
    UErrorCode status = U_ZERO_ERROR;
    int32_t length = 0;
    const UNormalizer2 *form = unorm2_getNFKCCasefoldInstance(&status);
    const size_t taken = import_text_fitting(text, FILM_NAME_SIZE / 3);
    folded[0] = '\0';
    u_strFromUTF8WithSub(wide, FILM_NAME_SIZE, &length, text, (int32_t)taken, '?', NULL, &status);
    length = U_SUCCESS(status)
                 ? unorm2_normalize(form, wide, length, normal, FILM_NAME_SIZE, &status)
                 : 0;
    u_strToUTF8WithSub(folded, (int32_t)size, NULL, normal, length, '?', NULL, &status);
    if (status == U_BUFFER_OVERFLOW_ERROR || status == U_STRING_NOT_TERMINATED_WARNING) {
        folded[size - 1] = '\0'; /* longer than any lesson's: it is like none */
    }
    return folded;
}

/* The bytes at `at` that are no letter or digit, 0 when it is one. */
static size_t sign_at(const char *at)
{
    const unsigned char byte = (unsigned char)*at;
    if (byte < 0x80) {
        return byte != '\0' && !isalnum(byte) ? 1 : 0;
    }
    return title_match_sign(at);
}

static char *squeeze(const char *text, const char *between, char *squeezed, size_t size)
{
    char folded[FILM_NAME_SIZE];
    size_t length = 0;
    bool is_apart = false;
    film_fold(text, folded, sizeof(folded));
    for (const char *at = folded; *at != '\0' && length + 2 < size;) {
        const size_t sign = sign_at(at);
        if (sign > 0) {
            at += sign;
            is_apart = length > 0 && *between != '\0';
            continue;
        }
        if (is_apart) {
            squeezed[length++] = *between;
            is_apart = false;
        }
        squeezed[length++] = *at++;
    }
    squeezed[length] = '\0';
    return squeezed;
}

char *film_dash(const char *text, char *dashed, size_t size)
{
    return squeeze(text, "-", dashed, size);
}

char *film_letters(const char *text, char *letters, size_t size)
{
    return squeeze(text, "", letters, size);
}

/* --- What a name has ------------------------------------------------------------------- */

static size_t after_numeral(const char *at, const char *before, const char *after, int *number)
{
    if (!import_text_starts(at, before)) {
        return 0;
    }
    const char *look = at + strlen(before);
    look += strspn(look, " ");
    const size_t length = import_numeral(look, number);
    look += length;
    look += strspn(look, " ");
    return length > 0 && import_text_starts(look, after) ? (size_t)(look - at) + strlen(after) : 0;
}

static size_t take_week(struct film_said *said, const char *at)
{
    int week = 0;
    size_t length = after_numeral(at, "第", "周", &week);
    length = length > 0 ? length : after_numeral(at, "第", "教学周", &week);
    if (length > 0 && week >= 1 && week <= WEEKS_MOST) {
        said->week = week;
        return length;
    }
    return 0;
}

static void set_period(struct film_said *said, int number)
{
    char text[24];
    snprintf(text, sizeof(text), "%d", number);
    import_period_call(text, said->period, sizeof(said->period));
}

static size_t take_period(struct film_said *said, const char *at)
{
    int period = 0;
    size_t length = after_numeral(at, "第", "节", &period);
    if (length == 0 || period < 1) {
        return 0;
    }
    set_period(said, period);
    return length +
           (import_text_starts(at + length, "课") && !import_text_starts(at + length, "课时")
                ? strlen("课")
                : 0);
}

static size_t take_day(struct film_said *said, const char *at)
{
    struct import_heading heading;
    char text[FILM_WORD_SIZE];
    const size_t length = import_day_written(at);
    if (length == 0) {
        return 0;
    }
    snprintf(text, sizeof(text), "%.*s", (int)length, at);
    import_heading_read(text, &heading);
    said->day = heading.has_day ? heading.day : said->day;
    return length;
}

static void set_date(struct film_said *said, struct import_date date)
{
    said->has_date = true;
    said->has_year = date.year != 0;
    date.year = date.year != 0 ? date.year : NO_YEAR;
    said->date = import_date_number(date);
}

/* 20261130 */
static size_t take_digits_date(struct film_said *said, const char *at)
{
    enum { DIGITS = 8 };
    size_t digits = 0;
    while (isdigit((unsigned char)at[digits])) {
        digits++;
    }
    const long number = digits == DIGITS ? strtol(at, NULL, 10) : 0;
    const struct import_date date = {(int)(number / 10000), (int)(number / 100 % 100),
                                     (int)(number % 100)};
    if (digits != DIGITS || date.year < NO_YEAR || !import_date_exists(date)) {
        return 0;
    }
    set_date(said, date);
    return digits;
}

static size_t take_date(struct film_said *said, const char *at)
{
    struct import_heading heading;
    char text[FILM_WORD_SIZE];
    const size_t length = import_date_written(at);
    if (length == 0 || length >= sizeof(text) || import_date_is_of_no_day(at)) {
        return take_digits_date(said, at);
    }
    snprintf(text, sizeof(text), "%.*s", (int)length, at);
    import_heading_read(text, &heading);
    if (!heading.has_date) {
        return 0;
    }
    set_date(said, heading.date);
    return length;
}

static size_t take_grade(struct film_said *said, const char *at)
{
    const size_t length = import_words_grade(at);
    char *name = length > 0 ? import_words_grade_name(at, length) : NULL;
    if (name == NULL) {
        return 0;
    }
    film_letters(name, said->grade, sizeof(said->grade));
    free(name);
    return length;
}

static size_t take_subject(struct film_said *said, const char *at)
{
    const size_t length = import_words_subject(at, NULL);
    if (length > 0 && said->subject[0] == '\0') {
        snprintf(said->subject, sizeof(said->subject), "%.*s", (int)length, at);
    }
    return length;
}

/* v2, ver2, 第2版 */
static size_t take_version(struct film_said *said, const char *at)
{
    static const char *const marks[] = {"version", "ver.", "ver", "v.", "v", "版本"};
    int number = 0;
    size_t length = after_numeral(at, "第", "版", &number);
    for (size_t i = 0; length == 0 && i < sizeof(marks) / sizeof(marks[0]); i++) {
        const size_t mark = strlen(marks[i]);
        if (strncmp(at, marks[i], mark) == 0 && isdigit((unsigned char)at[mark])) {
            length = after_numeral(at, marks[i], "", &number);
        }
    }
    if (length == 0 || isalnum((unsigned char)at[length])) {
        return 0;
    }
    said->version = number;
    return length;
}

/* What is known at the beginning of a piece; `is_within` one, only what no title has. */
static size_t take_known(struct film_said *said, const char *at, bool is_within)
{
    static size_t (*const anywhere[])(struct film_said *, const char *) = {take_week, take_period};
    static size_t (*const first[])(struct film_said *, const char *) = {
        take_version, take_date, take_day, take_grade, take_subject};
    size_t length = 0;
    for (size_t i = 0; length == 0 && i < sizeof(anywhere) / sizeof(anywhere[0]); i++) {
        length = anywhere[i](said, at);
    }
    for (size_t i = 0; length == 0 && !is_within && i < sizeof(first) / sizeof(first[0]); i++) {
        length = first[i](said, at);
    }
    return length;
}

static bool is_noise(const char *text)
{
    static const char *const words[] = {"终稿",     "定稿",  "最终", "最终版", "成片", "正片",
                                        "高清",     "录屏",  "微课", "录课",   "视频", "电视",
                                        "课堂",     "副本",  "修改", "修改版", "新版", "电视课堂",
                                        "空中课堂", "final", "copy", "video",  "hd",   "1080p",
                                        "720p",     "1080",  "720",  "4k",     "new",  "复制"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(text, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

static enum film_piece_kind kind_of(const char *text)
{
    const size_t length = strlen(text);
    if (is_noise(text)) {
        return FILM_PIECE_NOISE;
    }
    if (import_words_is_school(text, length)) {
        return FILM_PIECE_SCHOOL;
    }
    return import_words_is_teacher(text, length) || import_words_is_person(text, length)
               ? FILM_PIECE_PERSON
               : FILM_PIECE_WORD;
}

static void add_piece(struct film_said *said, const char *text, size_t length, bool is_known)
{
    char copy[FILM_NAME_SIZE];
    if (length == 0 || said->piece_count == FILM_PIECES_MOST) {
        return;
    }
    struct film_piece *piece = &said->pieces[said->piece_count];
    snprintf(copy, sizeof(copy), "%.*s", (int)length, text);
    film_letters(copy, piece->text, sizeof(piece->text));
    if (piece->text[0] != '\0') {
        piece->kind = is_known ? FILM_PIECE_KNOWN : kind_of(piece->text);
        said->piece_count++;
    }
}

/* Takes a folded text apart. */
static void add_text(struct film_said *said, const char *text)
{
    const char *word = text;
    const char *at = text;
    while (*at != '\0') {
        const size_t sign = sign_at(at);
        const bool is_joint =
            at == word || (unsigned char)*at >= 0x80 || !isalnum((unsigned char)at[-1]);
        const size_t known = sign == 0 && is_joint ? take_known(said, at, at > word) : 0;
        if (sign == 0 && known == 0) {
            at++;
            continue;
        }
        add_piece(said, word, (size_t)(at - word), false);
        add_piece(said, at, known, true);
        at += sign > 0 ? sign : known;
        word = at;
    }
    add_piece(said, word, (size_t)(at - word), false);
}

void film_said_by_name(const char *name, struct film_said *said)
{
    enum { ENDING_MOST = 5 };
    char folded[FILM_NAME_SIZE];
    const char *slash = strrchr(name, '/');
    film_fold(slash != NULL ? slash + 1 : name, folded, sizeof(folded));
    char *dot = strrchr(folded, '.');
    if (dot != NULL && dot > folded && strlen(dot + 1) <= ENDING_MOST &&
        strspn(dot + 1, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen(dot + 1)) {
        *dot = '\0';
    }
    memset(said, 0, sizeof(*said));
    said->day = -1;
    said->clock = -1;
    film_dash(folded, said->dashed, sizeof(said->dashed));
    add_text(said, folded);
}

/* --- What a list says ------------------------------------------------------------------- */

static void add_time(struct film_said *said, const char *folded)
{
    const char *space = strrchr(folded, ' ');
    const char *word = space != NULL ? space + 1 : folded;
    const int clock = when_clock(word);
    said->clock = clock >= 0 ? clock : said->clock;
}

static void add_period(struct film_said *said, const char *folded)
{
    const int number = import_period_number(folded);
    if (number > 0) {
        set_period(said, number);
    } else if (when_clock(folded) >= 0) {
        said->clock = when_clock(folded);
    } else {
        film_letters(folded, said->period, sizeof(said->period));
    }
}

/* The words of a date, which are no part of a title. */
static void add_date(struct film_said *said, const char *folded)
{
    struct film_said aside = *said;
    aside.piece_count = 0;
    add_text(&aside, folded);
    said->has_date = aside.has_date;
    said->has_year = aside.has_year;
    said->date = aside.date;
    said->day = aside.day;
    said->week = aside.week;
    snprintf(said->period, sizeof(said->period), "%s", aside.period);
    add_time(said, folded);
}

static void add_one_piece(struct film_said *said, const char *folded, enum film_piece_kind kind)
{
    const size_t before = said->piece_count;
    add_piece(said, folded, strlen(folded), true);
    if (said->piece_count > before) {
        said->pieces[before].kind = kind;
    }
}

void film_said_add(struct film_said *said, enum film_column column, const char *text)
{
    char folded[FILM_NAME_SIZE];
    int week = 0;
    film_fold(text, folded, sizeof(folded));
    switch (column) {
    case FILM_COLUMN_NUMBER:
        film_dash(folded, said->number, sizeof(said->number));
        break;
    case FILM_COLUMN_TITLE:
        add_one_piece(said, folded, FILM_PIECE_WORD);
        break;
    case FILM_COLUMN_GRADE:
        if (take_grade(said, folded) == 0) {
            film_letters(folded, said->grade, sizeof(said->grade));
        }
        break;
    case FILM_COLUMN_SUBJECT:
        film_letters(folded, said->subject, sizeof(said->subject));
        break;
    case FILM_COLUMN_DATE:
        add_date(said, folded);
        break;
    case FILM_COLUMN_WEEK:
        if (take_week(said, folded) == 0 && import_numeral(folded, &week) > 0) {
            said->week = week;
        }
        break;
    case FILM_COLUMN_PERIOD:
        add_period(said, folded);
        break;
    case FILM_COLUMN_CHANNEL:
        film_letters(folded, said->channel, sizeof(said->channel));
        break;
    case FILM_COLUMN_SCHOOL:
        add_one_piece(said, folded, FILM_PIECE_SCHOOL);
        break;
    case FILM_COLUMN_TEACHER:
        add_one_piece(said, folded, FILM_PIECE_PERSON);
        break;
    }
    said->is_listed =
        said->is_listed || (column != FILM_COLUMN_SCHOOL && column != FILM_COLUMN_TEACHER);
}
