/* SPDX-License-Identifier: MIT */
/* Teachers and schools, as far as their words tell. */
#include "scheduler/import/import_words.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { WORD_BYTES_MOST = 120 };

static bool ends_with(const char *text, size_t length, const char *ending)
{
    const size_t size = strlen(ending);
    return length >= size && strncmp(text + length - size, ending, size) == 0;
}

size_t import_words_bracket(const char *word, size_t length)
{
    static const char *const brackets[][2] = {{"(", ")"}, {"（", "）"}};
    for (size_t i = 0; i < sizeof(brackets) / sizeof(brackets[0]); i++) {
        const size_t size = strlen(brackets[i][0]);
        size_t depth = 0;
        for (size_t at = length; at >= size; at--) {
            const char *found = word + at - size;
            if (strncmp(found, brackets[i][1], size) == 0) {
                depth++;
            } else if (depth == 0) {
                break;
            } else if (strncmp(found, brackets[i][0], size) == 0 && --depth == 0) {
                return at - size;
            }
        }
    }
    return length;
}

bool import_words_is_school(const char *word, size_t length)
{
    static const char *const endings[] = {"小学", "中学",   "学校",   "学院",   "一中",   "二中",
                                          "三中", "四中",   "五中",   "六中",   "实验",   "附中",
                                          "附小", "School", "幼儿园", "教研室", "College"};
    static const char title_mark[] = "《"; /* 《花的学校》 */
    char text[WORD_BYTES_MOST + 1];
    if (length > WORD_BYTES_MOST || strncmp(word, title_mark, strlen(title_mark)) == 0) {
        return false;
    }
    length = import_words_bracket(word, length); /* 示例小学（东校区） */
    snprintf(text, sizeof(text), "%.*s", (int)length, word);
    if (strstr(text, "学校") != NULL && length > strlen("学校")) {
        return true; /* 示例学校A */
    }
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (length > strlen(endings[i]) && ends_with(word, length, endings[i])) {
            return true;
        }
    }
    return false;
}

bool import_words_is_addressed(const char *text)
{
    static const char *const beginnings[] = {"Mr.", "Mrs.", "Ms.", "Tr.",
                                             "Mr ", "Mrs ", "Ms ", "Tr "};
    for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
        if (strncasecmp(text, beginnings[i], strlen(beginnings[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* 王老师, 欧阳小明老师, 示例教师01; 我的老师 is none. */
static bool is_teacher_name(const char *name, size_t length)
{
    enum { NAME_BYTES_MOST = 21 };
    size_t letters = length;
    while (letters > 0 && name[letters - 1] >= '0' && name[letters - 1] <= '9') {
        letters--;
    }
    if (ends_with(name, letters, "教师")) {
        return letters > strlen("教师");
    }
    return ends_with(name, length, "老师") && length > strlen("老师") &&
           length <= NAME_BYTES_MOST && !ends_with(name, length, "的老师");
}

bool import_words_is_teacher(const char *word, size_t length)
{
    static const char mark[] = "、"; /* 王老师、李老师: each of them is one */
    char text[WORD_BYTES_MOST + 1];
    if (length > WORD_BYTES_MOST) {
        return false;
    }
    snprintf(text, sizeof(text), "%.*s", (int)length, word);
    for (const char *at = text; at != NULL;) {
        const char *next = strstr(at, mark);
        if (!is_teacher_name(at, next != NULL ? (size_t)(next - at) : strlen(at))) {
            return false;
        }
        at = next != NULL ? next + strlen(mark) : NULL;
    }
    return true;
}
