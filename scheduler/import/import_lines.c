/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_lines.h"

#include "playout/intl.h"
#include "scheduler/import/import_text.h"
#include "scheduler/import/import_words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const names[IMPORT_ROLE_COUNT][3] = {
    [IMPORT_ROLE_SUBJECT] = {N_("subject"), "学科", "科目"},
    [IMPORT_ROLE_TITLE] = {N_("title"), "课题", "内容"},
    [IMPORT_ROLE_TEACHER] = {N_("teacher"), "教师", "老师"},
    [IMPORT_ROLE_SCHOOL] = {N_("school"), "学校", "单位"},
    [IMPORT_ROLE_GRADE] = {N_("grade"), "年级", "班级"},
};

static enum import_role role_named(const char *word, size_t length)
{
    for (int i = IMPORT_ROLE_SUBJECT; i < IMPORT_ROLE_COUNT; i++) {
        for (int k = 0; k < 3; k++) {
            if (strlen(names[i][k]) == length && strncmp(word, names[i][k], length) == 0) {
                return (enum import_role)i;
            }
        }
    }
    return IMPORT_ROLE_OPEN;
}

bool import_lines_read(const char *text, struct import_lines *lines)
{
    struct import_lines made = {0};
    for (const char *at = text; *at != '\0';) {
        size_t length = strcspn(at, ",");
        const char *wide = strstr(at, "，");
        const bool is_wide = wide != NULL && (size_t)(wide - at) < length;
        length = is_wide ? (size_t)(wide - at) : length;
        const enum import_role role = role_named(at, length);
        if (role == IMPORT_ROLE_OPEN || made.count == IMPORT_LINES_MOST) {
            return false;
        }
        made.roles[made.count++] = role;
        at += length;
        at += *at == '\0' ? 0 : is_wide ? strlen("，") : 1;
    }
    if (made.count > 0) {
        *lines = made;
    }
    return made.count > 0;
}

void import_lines_add(struct import_lines *lines, enum import_role role)
{
    if (lines->count < IMPORT_LINES_MOST) {
        lines->roles[lines->count++] = role;
    } else {
        lines->is_mixed = true;
    }
}

size_t import_lines_label(const char *text, enum import_role *role)
{
    static const struct {
        const char *word;
        enum import_role role;
    } words[] = {
        {"授课教师", IMPORT_ROLE_TEACHER}, {"授课老师", IMPORT_ROLE_TEACHER},
        {"主讲教师", IMPORT_ROLE_TEACHER}, {"主讲老师", IMPORT_ROLE_TEACHER},
        {"任课教师", IMPORT_ROLE_TEACHER}, {"任课老师", IMPORT_ROLE_TEACHER},
        {"执教教师", IMPORT_ROLE_TEACHER}, {"授课", IMPORT_ROLE_TEACHER},
        {"主讲", IMPORT_ROLE_TEACHER},     {"执教", IMPORT_ROLE_TEACHER},
        {"教师", IMPORT_ROLE_TEACHER},     {"老师", IMPORT_ROLE_TEACHER},
        {"Teacher", IMPORT_ROLE_TEACHER},  {"学校", IMPORT_ROLE_SCHOOL},
        {"单位", IMPORT_ROLE_SCHOOL},      {"School", IMPORT_ROLE_SCHOOL},
        {"课题", IMPORT_ROLE_TITLE},       {"内容", IMPORT_ROLE_TITLE},
        {"Topic", IMPORT_ROLE_TITLE},      {"Title", IMPORT_ROLE_TITLE},
        {"学科", IMPORT_ROLE_SUBJECT},     {"科目", IMPORT_ROLE_SUBJECT},
        {"年级", IMPORT_ROLE_GRADE},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const size_t length = strlen(words[i].word);
        if (strncasecmp(text, words[i].word, length) != 0) {
            continue;
        }
        const size_t colon = import_text_starts(text + length, ":")    ? 1
                             : import_text_starts(text + length, "：") ? strlen("：")
                                                                       : 0;
        if (colon > 0) {
            *role = words[i].role;
            return length + colon;
        }
    }
    return 0;
}

/* A label within a line begins one: 教师：示例教师01 学校：示例学校A. */
static void break_at_labels(char *text)
{
    for (char *at = text; *at != '\0'; at++) {
        enum import_role role = IMPORT_ROLE_OPEN;
        if (*at == ' ' && import_lines_label(at + 1, &role) > 0) {
            *at = '\n';
        }
    }
}

static size_t slash_length(const char *text)
{
    static const char *const slashes[] = {"/", "／", "|", "｜"};
    for (size_t i = 0; i < sizeof(slashes) / sizeof(slashes[0]); i++) {
        if (import_text_starts(text, slashes[i])) {
            return strlen(slashes[i]);
        }
    }
    return 0;
}

static size_t count_slashes(const char *line, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        count += slash_length(line + i) > 0;
    }
    return count;
}

/* 语文/荷花, 烘焙/饼干/王小明, but not 欧姆定律 I=U/R nor 1/2/3: a single word stands before the
 * first slash, and is a known subject, or there are more slashes. */
static bool is_slashed(const char *line, size_t length, const char *subjects)
{
    size_t word = 0;
    while (word < length && slash_length(line + word) == 0) {
        word++;
    }
    while (word > 0 && line[word - 1] == ' ') {
        word--;
    }
    const size_t slashes = count_slashes(line, length);
    const bool is_word = word > 0 && !isdigit((unsigned char)line[0]) &&
                         memchr(line, ' ', word) == NULL && memchr(line, ':', word) == NULL;
    return slashes > 0 && is_word && (slashes > 1 || import_words_subject(line, subjects) == word);
}

static void break_at_slashes(char *line, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const size_t slash = slash_length(line + i);
        if (slash > 0) {
            memset(line + i, ' ', slash);
            line[i] = '\n';
        }
    }
}

void import_lines_break(char *text, const char *subjects)
{
    break_at_labels(text);
    for (char *at = text; *at != '\0';) {
        const size_t length = strcspn(at, "\n");
        if (is_slashed(at, length, subjects)) {
            break_at_slashes(at, length);
        }
        at += length + (at[length] == '\n');
    }
}

/* --- What could be said ------------------------------------------------------ */

enum { DOUBTS = IMPORT_DOUBT_LINES | IMPORT_DOUBT_PERSON };

static bool has_role(const struct import_lines *lines, enum import_role role)
{
    for (size_t i = 0; i < lines->count; i++) {
        if (lines->roles[i] == role) {
            return true;
        }
    }
    return false;
}

/* What a line that is not known by its words was taken for; open where that is in doubt. */
static enum import_role taken_for(const struct import_lesson *lesson, size_t line)
{
    bool has_open = false;
    for (size_t i = 0; i < line; i++) {
        has_open = has_open || lesson->lines.roles[i] == IMPORT_ROLE_OPEN;
    }
    if (lesson->subject != NULL && !has_role(&lesson->lines, IMPORT_ROLE_SUBJECT) && !has_open) {
        return IMPORT_ROLE_SUBJECT;
    }
    return (lesson->doubts & DOUBTS) != 0 ? IMPORT_ROLE_OPEN : IMPORT_ROLE_TITLE;
}

/* Adds what is known of the lines of one lesson; false when that is not what others have. */
static bool agree(struct import_lines *order, const struct import_lesson *lesson)
{
    const struct import_lines *lines = &lesson->lines;
    for (size_t i = 0; i < lines->count; i++) {
        const bool is_open = lines->roles[i] == IMPORT_ROLE_OPEN;
        const enum import_role role = is_open ? taken_for(lesson, i) : lines->roles[i];
        if (role == IMPORT_ROLE_OPEN) {
            continue;
        }
        if (order->roles[i] != IMPORT_ROLE_OPEN && order->roles[i] != role) {
            return false;
        }
        order->roles[i] = role;
    }
    order->count = lines->count > order->count ? lines->count : order->count;
    return !lines->is_mixed;
}

/* A cell may name several teachers and schools, of all else one. */
static bool is_twice(const struct import_lines *order)
{
    unsigned seen = 0;
    for (size_t i = 0; i < order->count; i++) {
        const enum import_role role = order->roles[i];
        const bool is_one = role != IMPORT_ROLE_TEACHER && role != IMPORT_ROLE_SCHOOL;
        if (is_one && (seen >> role & 1) != 0) {
            return true;
        }
        seen |= 1U << role;
    }
    return false;
}

/* 开学第一课, and no more: a title, under an order that begins with the subject, too. */
static bool is_alone(const struct import_lesson *lesson)
{
    return lesson->subject == NULL && lesson->lines.count == 1 &&
           lesson->lines.roles[0] == IMPORT_ROLE_OPEN;
}

/* The lines that are still open, by what people write first; false when there are too many. */
static bool fill(struct import_lines *order, bool is_person)
{
    static const enum import_role usual[] = {IMPORT_ROLE_SUBJECT, IMPORT_ROLE_TITLE,
                                             IMPORT_ROLE_TEACHER, IMPORT_ROLE_SCHOOL};
    enum { USUAL_COUNT = sizeof(usual) / sizeof(usual[0]) };
    for (size_t i = 0, next = 0; i < order->count; i++) {
        if (order->roles[i] != IMPORT_ROLE_OPEN) {
            continue;
        }
        while (next < USUAL_COUNT && (has_role(order, usual[next]) ||
                                      (is_person && usual[next] != IMPORT_ROLE_TEACHER))) {
            next++;
        }
        if (next == USUAL_COUNT) {
            return false;
        }
        order->roles[i] = usual[next];
    }
    return true;
}

/* What may be a person is one: its line is that of the teacher. */
static bool settles_persons(const struct import *import, const bool *is_apart,
                            const struct import_lines *order)
{
    for (size_t i = 0; i < import->lesson_count; i++) {
        const struct import_lesson *lesson = &import->lessons[i];
        for (size_t k = 0; k < lesson->lines.count && !is_apart[i]; k++) {
            if ((lesson->doubts & IMPORT_DOUBT_PERSON) != 0 &&
                lesson->lines.roles[k] == IMPORT_ROLE_OPEN &&
                order->roles[k] != IMPORT_ROLE_TEACHER) {
                return false;
            }
        }
    }
    return true;
}

/* The order that holds for all lessons but those apart; false when there is none. */
static bool find_order(const struct import *import, const bool *is_apart,
                       struct import_lines *order)
{
    unsigned doubts = 0;
    bool has_alone = false;
    *order = (struct import_lines){0};
    for (size_t i = 0; i < import->lesson_count; i++) {
        const struct import_lesson *lesson = &import->lessons[i];
        if (is_apart[i]) {
            continue;
        }
        doubts |= lesson->doubts;
        has_alone = has_alone || is_alone(lesson);
        if (!is_alone(lesson) && !agree(order, lesson)) {
            return false;
        }
    }
    const bool is_person = (doubts & IMPORT_DOUBT_PERSON) != 0;
    return fill(order, is_person) && order->count > 1 && !is_twice(order) &&
           settles_persons(import, is_apart, order) &&
           (!has_alone || order->roles[0] == IMPORT_ROLE_SUBJECT ||
            order->roles[0] == IMPORT_ROLE_TITLE);
}

static void write_order(const struct import_lines *order, char text[IMPORT_LINES_TEXT_SIZE])
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < order->count; i++) {
        used += (size_t)snprintf(text + used, IMPORT_LINES_TEXT_SIZE - used, "%s%s",
                                 i > 0 ? "," : "", _(names[order->roles[i]][0]));
    }
}

/* Sets apart what does not go together with one lesson, nor with those before; how many do. */
static size_t set_apart(const struct import *import, size_t first, bool *is_apart)
{
    struct import_lines order = {0};
    size_t count = 0;
    if (!agree(&order, &import->lessons[first])) {
        return 0;
    }
    for (size_t i = 0; i < import->lesson_count; i++) {
        struct import_lines longer = order;
        is_apart[i] = !is_alone(&import->lessons[i]) && !agree(&longer, &import->lessons[i]);
        order = is_apart[i] ? order : longer;
        count += !is_apart[i];
    }
    return count;
}

/* The lessons that go together with the most others. */
static size_t set_most_apart(const struct import *import, bool *is_apart)
{
    enum { TRIED_MOST = 32 };
    size_t best = 0;
    size_t most = 0;
    for (size_t i = 0; i < import->lesson_count && i < TRIED_MOST; i++) {
        const size_t count = set_apart(import, i, is_apart);
        best = count > most ? i : best;
        most = count > most ? count : most;
    }
    return most > 0 ? set_apart(import, best, is_apart) : 0;
}

enum import_lines_advice import_lines_suggest(const struct import *import, bool *is_apart,
                                              char text[IMPORT_LINES_TEXT_SIZE])
{
    enum { TOGETHER_LEAST = 4, PART_APART = 4 }; /* a quarter may be */
    struct import_lines order;
    enum import_lines_advice advice = IMPORT_LINES_NONE;
    memset(is_apart, 0, import->lesson_count * sizeof(*is_apart));
    if (find_order(import, is_apart, &order)) {
        advice = IMPORT_LINES_ALL;
    } else {
        const size_t together = set_most_apart(import, is_apart);
        const size_t apart = import->lesson_count - together;
        if (together >= TOGETHER_LEAST && apart * PART_APART <= import->lesson_count &&
            find_order(import, is_apart, &order)) {
            advice = IMPORT_LINES_MOST_CELLS;
        }
    }
    text[0] = '\0';
    if (advice != IMPORT_LINES_NONE) {
        write_order(&order, text);
    }
    return advice;
}
