/* SPDX-License-Identifier: MIT */
#include "scheduler/publish/publish_choice.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool publish_choice_has_channel(const struct publish_choice *choice,
                                const struct edition_channel *channel)
{
    bool has = choice->channel_count == 0;
    for (size_t i = 0; !has && i < choice->channel_count; i++) {
        has = strcmp(choice->channels[i], channel->name) == 0;
    }
    return has;
}

bool publish_is_for_everyone(const char *grade)
{
    return grade[0] == '\0' || strcmp(grade, "全体") == 0;
}

bool publish_choice_has_entry(const struct publish_choice *choice, const struct epg_entry *entry)
{
    const char *grade = entry->texts[EPG_GRADE];
    const bool is_lesson = entry->kind == EPG_LESSON || entry->kind == EPG_REPEAT;
    return choice->grade == NULL ||
           (is_lesson && (publish_is_for_everyone(grade) || strcmp(grade, choice->grade) == 0));
}

bool publish_choice_day_is_known(const struct publish_choice *choice, const struct edition *edition,
                                 size_t channel, const struct epg_entry *day)
{
    for (size_t i = 0; i < channel; i++) {
        const struct edition_channel *other = &edition->channels[i];
        for (size_t k = 0; publish_choice_has_channel(choice, other) && k < other->count; k++) {
            const struct epg_entry *entry = &other->entries[k];
            if (epg_is_day(entry) && entry->start == day->start &&
                entry->is_cancelled == day->is_cancelled &&
                strcmp(entry->texts[EPG_TITLE], day->texts[EPG_TITLE]) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* --- Grades --------------------------------------------------------------------------- */

/* 一 to 九, 初一 to 高三: as schools count; others after them, those for everyone last. */
static int rank(const char *grade)
{
    static const char *const beginnings[] = {"一",   "二",   "三",   "四",   "五",
                                             "六",   "七",   "八",   "九",   "初一",
                                             "初二", "初三", "高一", "高二", "高三"};
    const int count = (int)(sizeof(beginnings) / sizeof(beginnings[0]));
    if (publish_is_for_everyone(grade)) {
        return count + 1;
    }
    for (int i = 0; i < count; i++) {
        if (strncmp(grade, beginnings[i], strlen(beginnings[i])) == 0) {
            return i;
        }
    }
    return count;
}

static int compare_grades(const void *left, const void *right)
{
    const char *a = *(const char *const *)left;
    const char *b = *(const char *const *)right;
    return rank(a) != rank(b) ? rank(a) - rank(b) : strcmp(a, b);
}

static int add_grade(const char ***grades, size_t *count, const char *grade)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp((*grades)[i], grade) == 0) {
            return 0;
        }
    }
    const char **grown = realloc(*grades, (*count + 1) * sizeof(grown[0]));
    if (grown == NULL) {
        return -ENOMEM;
    }
    *grades = grown;
    grown[(*count)++] = grade;
    return 0;
}

int publish_grades(const struct edition *edition, const struct publish_choice *choice,
                   const char ***grades, size_t *count)
{
    const char **fresh = calloc(1, sizeof(fresh[0]));
    size_t fresh_count = 0;
    int result = fresh != NULL ? 0 : -ENOMEM;
    for (size_t i = 0; result == 0 && i < edition->channel_count; i++) {
        const struct edition_channel *channel = &edition->channels[i];
        for (size_t k = 0; result == 0 && k < channel->count; k++) {
            const struct epg_entry *entry = &channel->entries[k];
            if (publish_choice_has_channel(choice, channel) && entry->kind == EPG_LESSON &&
                !entry->is_joined && entry->texts[EPG_GRADE][0] != '\0') {
                result = add_grade(&fresh, &fresh_count, entry->texts[EPG_GRADE]);
            }
        }
    }
    if (result < 0) {
        free(fresh);
        return result;
    }
    qsort(fresh, fresh_count, sizeof(fresh[0]), compare_grades);
    *grades = fresh;
    *count = fresh_count;
    return 0;
}
