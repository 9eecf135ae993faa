/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_title.h"

#include "scheduler/import/import_date.h"
#include "scheduler/import/import_text.h"
#include "scheduler/import/import_words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 小学 and 全体 are words for grades, and none of them. */
static bool has_number(const char *text, size_t length)
{
    int number = 0;
    for (size_t i = 0; i < length; i++) {
        if (import_numeral(text + i, &number) > 0) {
            return true;
        }
    }
    return false;
}

/* The bytes of the grade that stands at `at`, or 0.  小学三年级 is 三年级; 大小一致 is none. */
static size_t grade_at(const char *text, size_t at)
{
    const bool is_in_word =
        at > 0 && isalnum((unsigned char)text[at - 1]) && isalpha((unsigned char)text[at]);
    const size_t length =
        is_in_word || import_text_starts(text + at, "小") ? 0 : import_words_grade(text + at);
    return has_number(text + at, length) ? length : 0;
}

/* Whether the text before `at` ends with one of the words; then *at is before that. */
static bool steps_over(const char *text, size_t *at, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        const size_t length = strlen(words[i]);
        if (*at >= length && memcmp(text + *at - length, words[i], length) == 0) {
            *at -= length;
            return true;
        }
    }
    return false;
}

/* 一至六年级, 三、四年级, 三四年级: what stands at `at` is the last of several. */
static bool ends_list(const char *text, size_t at)
{
    static const char *const spaces[] = {" ", NULL};
    static const char *const joints[] = {"-",  "至", "到", "、", ",", "，", "/",
                                         "和", "与", "及", ".",  "&", NULL};
    static const char *const numerals[] = {"一", "二", "三", "四", "五", "六", "七", "八",
                                           "九", "十", "0",  "1",  "2",  "3",  "4",  "5",
                                           "6",  "7",  "8",  "9",  "级", NULL};
    size_t before = at;
    while (steps_over(text, &before, spaces)) {
    }
    if (!steps_over(text, &before, joints)) {
        return steps_over(text, &at, numerals); /* 第14周 三年级 has a space */
    }
    while (steps_over(text, &before, spaces)) {
    }
    return steps_over(text, &before, numerals);
}

void import_title_grade_add(struct import_title_grade *grade, const char *text,
                            const struct import_cell *cell)
{
    for (size_t at = 0; text[at] != '\0' && !grade->is_several; at++) {
        const size_t length = grade_at(text, at);
        char *name = length > 0 ? import_words_grade_name(text + at, length) : NULL;
        if (name == NULL) {
            continue;
        }
        grade->is_several =
            ends_list(text, at) || (grade->name[0] != '\0' && strcmp(grade->name, name) != 0);
        if (grade->name[0] == '\0') {
            snprintf(grade->name, sizeof(grade->name), "%s", name);
            grade->cell = cell;
        }
        free(name);
        at += length - 1;
    }
    if (grade->is_several) {
        grade->name[0] = '\0';
    }
}
