/* SPDX-License-Identifier: MIT */
/* The order of periods, and house numbers that a person can read. */
#include "scheduler/import/import.h"

#include "playout/intl.h"
#include "playout/text_same.h"
#include "scheduler/import/import_doubts.h"
#include "scheduler/import/import_repeats.h"
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

/* The number that says where a lesson stands; week 0: in every one. */
static void number_by_place(const struct import *import, int of_week,
                            const struct import_entry *entry, const char *prefix,
                            char number[IMPORT_HOUSE_NUMBER_SIZE])
{
    char label[16];
    char week[16] = "";
    period_label(import, entry->period, label, sizeof(label));
    if (of_week > 0) {
        snprintf(week, sizeof(week), "-W%02d", of_week);
    }
    snprintf(number, IMPORT_HOUSE_NUMBER_SIZE, "%.*s%s-%d-%s", IMPORT_PREFIX_BYTES_MOST, prefix,
             week, entry->day + 1, label);
}

/* Numbers are being given. */
struct numbering {
    struct import *import;
    const char *prefix;
    const struct import_known *known;
    bool *is_kept; /* of each of the known */
};

static int give(const struct numbering *numbering, const struct import_entry *entry,
                const char *number)
{
    struct import_lesson *lesson = &numbering->import->lessons[entry->lesson];
    lesson->house_number = strdup(number);
    return lesson->house_number != NULL ? 0 : -ENOMEM;
}

const char *import_lesson_title(const struct import_lesson *lesson)
{
    return lesson->title != NULL     ? lesson->title
           : lesson->subject != NULL ? lesson->subject
           : lesson->grade != NULL   ? lesson->grade
                                     : "请核对";
}

/* A week may well have another 语文 than the timetable of every week: the title must tell. */
static bool may_be_beside(const struct import_lesson *lesson,
                          const struct import_known_number *known)
{
    return lesson->title != NULL && (lesson->teacher == NULL || known->teacher == NULL ||
                                     strcmp(lesson->teacher, known->teacher) == 0);
}

static bool is_same_grade(const struct import_known *known, const char *a, const char *b)
{
    return text_same(a != NULL ? a : known->grade, b != NULL ? b : known->grade);
}

static bool is_same_lesson(const struct import_known *all, const struct import_lesson *lesson,
                           const struct import_known_number *known)
{
    return known->is_lesson && is_same_grade(all, lesson->grade, known->grade) &&
           text_same(lesson->subject, known->subject) &&
           text_same(import_lesson_title(lesson), known->title) &&
           (!known->is_beside || may_be_beside(lesson, known));
}

enum { TURN_SIZE = IMPORT_HOUSE_NUMBER_SIZE + 12 };

/* 1 for the place's own number, ZHANGDIAN-5-4, 2 for ZHANGDIAN-5-4-2, 0 for another's. */
static int turn_of(const char *number, const char *place)
{
    enum { DIGITS_MOST = 8 };
    const size_t length = strlen(place);
    if (number == NULL || strncmp(number, place, length) != 0) {
        return 0;
    }
    const char *rest = number + length;
    const size_t digits = *rest == '-' ? strspn(rest + 1, "0123456789") : 0;
    const bool is_turn = digits > 0 && digits <= DIGITS_MOST && rest[1 + digits] == '\0';
    return *rest == '\0' ? 1 : is_turn ? atoi(rest + 1) : 0;
}

/* Of several numbers that a lesson may keep, the first; `is_there`: the one of its place alone. */
static int keep_number(const struct numbering *numbering, const struct import_entry *entry,
                       bool is_there)
{
    struct import_lesson *lesson = &numbering->import->lessons[entry->lesson];
    const struct import_known *known = numbering->known;
    char places[2][IMPORT_HOUSE_NUMBER_SIZE]; /* here, in the timetable of every week */
    number_by_place(numbering->import, numbering->import->week, entry, numbering->prefix,
                    places[0]);
    number_by_place(numbering->import, 0, entry, numbering->prefix, places[1]);
    for (size_t i = 0; i < known->count && lesson->house_number == NULL && lesson->repeats == NULL;
         i++) {
        const struct import_known_number *number = &known->numbers[i];
        if (!numbering->is_kept[i] && is_same_lesson(known, lesson, number) &&
            (!is_there || turn_of(number->house_number, places[number->is_beside ? 1 : 0]) > 0)) {
            numbering->is_kept[i] = true;
            lesson->keeps_number = true;
            lesson->is_beside = number->is_beside;
            return give(numbering, entry, number->house_number);
        }
    }
    return 0;
}

/*
 * Lessons of one name, 语文 复习, keep the numbers of their places first.  What
 * airs in other weeks alone comes after what airs in the week that is meant.
 */
static int keep_numbers(const struct numbering *numbering)
{
    const struct import *import = numbering->import;
    int result = 0;
    for (unsigned round = 0; round < 4; round++) {
        const bool is_there = round % 2 == 0;
        const bool is_of_week = round < 2;
        for (size_t i = 0; i < import->entry_count && result == 0; i++) {
            const struct import_entry *entry = &import->entries[i];
            const bool airs =
                import->week == 0 || (entry->weeks >> (unsigned)import->week & 1) != 0;
            result = airs == is_of_week ? keep_number(numbering, entry, is_there) : 0;
        }
    }
    return result;
}

/* The last number that this place has given, now or before. */
static int last_turn(const struct numbering *numbering, const char *place)
{
    const struct import *import = numbering->import;
    const struct import_known *known = numbering->known;
    int last = 0;
    for (size_t i = 0; i < import->lesson_count; i++) {
        const int turn = turn_of(import->lessons[i].house_number, place);
        last = turn > last ? turn : last;
    }
    for (size_t i = 0; known != NULL && i < known->count; i++) {
        const int turn = turn_of(known->numbers[i].house_number, place);
        last = turn > last ? turn : last;
    }
    return last;
}

static void write_turn(const char *place, int turn, char number[TURN_SIZE])
{
    if (turn == 1) {
        strcpy(number, place);
    } else {
        snprintf(number, TURN_SIZE, "%s-%d", place, turn);
    }
}

/* Past the last one, for an older one may have been given, too, and have signatures. */
static int give_fresh(const struct numbering *numbering, const struct import_entry *entry)
{
    const struct import_known *known = numbering->known;
    char place[IMPORT_HOUSE_NUMBER_SIZE];
    char number[TURN_SIZE];
    if (numbering->import->lessons[entry->lesson].house_number != NULL) {
        return 0;
    }
    number_by_place(numbering->import, numbering->import->week, entry, numbering->prefix, place);
    int turn = last_turn(numbering, place) + 1;
    do {
        write_turn(place, turn++, number);
    } while (known != NULL && import_known_has(known, number));
    return give(numbering, entry, number);
}

/* Repeats that name a number wait until it is known whose it is. */
static int give_all_fresh(const struct numbering *numbering, bool has_joined)
{
    const struct import *import = numbering->import;
    int result = 0;
    for (size_t i = 0; i < import->entry_count && result == 0; i++) {
        const struct import_entry *entry = &import->entries[i];
        if (has_joined || import->lessons[entry->lesson].repeats == NULL) {
            result = give_fresh(numbering, entry);
        }
    }
    return result;
}

int import_number_lessons(struct import *import, const char *prefix,
                          const struct import_known *known)
{
    struct numbering numbering = {.import = import, .prefix = prefix, .known = known};
    int result = 0;
    if (known != NULL && known->count > 0) {
        numbering.is_kept = calloc(known->count, sizeof(bool));
        result = numbering.is_kept != NULL ? keep_numbers(&numbering) : -ENOMEM;
    }
    result = result == 0 ? give_all_fresh(&numbering, false) : result;
    result = result == 0 ? import_join_numbered_repeats(import, known) : result;
    result = result == 0 ? give_all_fresh(&numbering, true) : result;
    if (result == 0) {
        import_tell_unclear_repeats(import);
    }
    free(numbering.is_kept);
    return result;
}

/* Of another lesson's number only the grade is another, for the sheet names none. */
static bool lacks_grade_alone(const struct import_lesson *lesson,
                              const struct import_known_number *known)
{
    return known->is_lesson && known->grade != NULL && text_same(lesson->subject, known->subject) &&
           text_same(import_lesson_title(lesson), known->title) &&
           (!known->is_beside || may_be_beside(lesson, known));
}

void import_tell_lost_grades(struct import *import, const struct import_known *known)
{
    const struct import_lesson *first = NULL;
    const struct import_known_number *meant = NULL;
    bool is_one = true; /* --grade says it for all */
    char more[IMPORT_MORE_SIZE];
    size_t count = 0;
    for (size_t i = 0; i < import->lesson_count; i++) {
        const struct import_lesson *lesson = &import->lessons[i];
        bool is_lost = false;
        is_one = is_one && lesson->grade == NULL;
        for (size_t k = 0; k < known->count && lesson->grade == NULL && !lesson->keeps_number;
             k++) {
            const struct import_known_number *number = &known->numbers[k];
            if (known->grade == NULL && lacks_grade_alone(lesson, number)) {
                first = first != NULL ? first : lesson;
                meant = meant != NULL ? meant : number;
                is_one = is_one && text_same(number->grade, meant->grade);
                is_lost = true;
            }
        }
        count += is_lost;
    }
    if (count == 0) {
        return;
    }
    import_doubts_say_more(count - 1, more);
    import_report(
        import, PROBLEM_WARNING, first->place,
        is_one ? _("%s has no grade here%s, and so gets a new house number; the timetable has "
                   "it as %s of %s: say --grade %s, and it keeps its number, file and "
                   "signatures")
               : _("%s has no grade here%s, and so gets a new house number; the timetable has "
                   "it as %s of %s: write the grade into the cell, as in %s 语文, and it "
                   "keeps its number, file and signatures"),
        import_lesson_title(first), more, meant->house_number, meant->grade, meant->grade);
}
