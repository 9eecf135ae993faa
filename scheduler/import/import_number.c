/* SPDX-License-Identifier: MIT */
/* The order of periods, and house numbers that a person can read. */
#include "scheduler/import/import.h"

#include "scheduler/import/import_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int import_period_number(const char *name)
{
    int number = 0;
    const char *at = import_text_starts(name, "第") ? name + strlen("第") : name;
    const size_t length = import_numeral(at, &number);
    const bool is_number =
        length > 0 && (at[length] == '\0' || import_text_starts(at + length, "节"));
    return is_number ? number : 0;
}

void import_period_call(const char *text, char *name, size_t size)
{
    static const char *const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    enum { NUMBER_MOST = 99 };
    int number = 0;
    const char *at = import_text_starts(text, "第") ? text + strlen("第") : text;
    const size_t length = import_numeral(at, &number);
    const char *rest = at + length;
    rest += strspn(rest, " ");
    rest += import_text_starts(rest, "节课") ? strlen("节课") : 0;
    rest += import_text_starts(rest, "节") ? strlen("节") : 0;
    if (length == 0 || *rest != '\0' || number < 1 || number > NUMBER_MOST) {
        snprintf(name, size, "%.*s", (int)import_text_fitting(text, IMPORT_TEXT_BYTES_MOST), text);
        return;
    }
    snprintf(name, size, "第%s%s%s节", number / 10 > 1 ? digits[number / 10] : "",
             number >= 10 ? "十" : "", digits[number % 10]);
}

static int compare_periods(const struct import_period *a, const struct import_period *b)
{
    if (a->has_time != b->has_time) {
        return a->has_time ? -1 : 1;
    }
    return a->start != b->start ? (a->start > b->start) - (a->start < b->start)
                                : (a->end > b->end) - (a->end < b->end);
}

/* Insertion: periods are few, and mostly in order already; equal ones keep theirs. */
int import_sort_periods(struct import *import)
{
    size_t was[IMPORT_PERIODS_MOST];
    size_t becomes[IMPORT_PERIODS_MOST];
    for (size_t i = 0; i < import->period_count; i++) {
        const struct import_period moved = import->periods[i];
        size_t at = i;
        for (; at > 0 && compare_periods(&import->periods[at - 1], &moved) > 0; at--) {
            import->periods[at] = import->periods[at - 1];
            was[at] = was[at - 1];
        }
        import->periods[at] = moved;
        was[at] = i;
    }
    for (size_t i = 0; i < import->period_count; i++) {
        becomes[was[i]] = i;
    }
    for (size_t i = 0; i < import->entry_count; i++) {
        import->entries[i].period = becomes[import->entries[i].period];
    }
    return 0;
}

static bool number_is_unique(const struct import *import, size_t period)
{
    const int number = import_period_number(import->periods[period].name);
    for (size_t i = 0; i < import->period_count; i++) {
        if (i != period && import_period_number(import->periods[i].name) == number) {
            return false;
        }
    }
    return true;
}

/* 3 for 第3节, and a letter for what has no number of its own: A, B ... Z, A1 ... */
static void period_label(const struct import *import, size_t period, char *label, size_t size)
{
    enum { LETTERS = 26 };
    if (import_period_number(import->periods[period].name) > 0 &&
        number_is_unique(import, period)) {
        snprintf(label, size, "%d", import_period_number(import->periods[period].name));
        return;
    }
    unsigned before = 0;
    for (size_t i = 0; i < period; i++) {
        before +=
            import_period_number(import->periods[i].name) == 0 || !number_is_unique(import, i);
    }
    const char letter = (char)('A' + before % LETTERS);
    if (before < LETTERS) {
        snprintf(label, size, "%c", letter);
    } else {
        snprintf(label, size, "%c%u", letter, before / LETTERS);
    }
}

/* How many lessons have this house number, or one that adds to it. */
static int count_of(const struct import *import, const char *base)
{
    const size_t length = strlen(base);
    int count = 0;
    for (size_t i = 0; i < import->lesson_count; i++) {
        const char *known = import->lessons[i].house_number;
        count += known != NULL && strncmp(known, base, length) == 0 &&
                 (known[length] == '\0' || known[length] == '-');
    }
    return count;
}

static int number_lesson(struct import *import, const struct import_entry *entry,
                         const char *prefix)
{
    struct import_lesson *lesson = &import->lessons[entry->lesson];
    char label[16];
    char base[IMPORT_HOUSE_NUMBER_SIZE];
    char number[IMPORT_HOUSE_NUMBER_SIZE];
    if (lesson->house_number != NULL) {
        return 0;
    }
    period_label(import, entry->period, label, sizeof(label));
    if (import->week > 0) {
        snprintf(base, sizeof(base), "%.*s-W%02d-%d-%s", IMPORT_PREFIX_BYTES_MOST, prefix,
                 import->week, entry->day + 1, label);
    } else {
        snprintf(base, sizeof(base), "%.*s-%d-%s", IMPORT_PREFIX_BYTES_MOST, prefix, entry->day + 1,
                 label);
    }
    const int known = count_of(import, base);
    if (known == 0) {
        strcpy(number, base);
    } else {
        snprintf(number, sizeof(number), "%.*s-%d", (int)sizeof(number) - 13, base, known + 1);
    }
    lesson->house_number = strdup(number);
    return lesson->house_number != NULL ? 0 : -ENOMEM;
}

int import_number_lessons(struct import *import, const char *prefix)
{
    for (size_t i = 0; i < import->entry_count; i++) {
        if (number_lesson(import, &import->entries[i], prefix) < 0) {
            return -ENOMEM;
        }
    }
    return 0;
}
