/* SPDX-License-Identifier: MIT */
/*
 * import_check: what does not fit together in an imported timetable.
 *
 * Before this, readers have told what single cells and rows have wrong.
 */
#include "scheduler/import/import.h"

#include "playout/intl.h"
#include "scheduler/import/import_text.h"
#include "scheduler/import/import_words.h"

#include <stdlib.h>
#include <string.h>

static bool is_same(const char *a, const char *b)
{
    return (a == NULL && b == NULL) || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Marked as a repeat: which first run is meant?  -1 none, -2 several. */
static int find_first_run(const struct import *import, const struct import_lesson *repeat)
{
    int found = -1;
    for (size_t i = 0; i < import->lesson_count; i++) {
        const struct import_lesson *lesson = &import->lessons[i];
        if (lesson->is_repeat || !is_same(lesson->grade, repeat->grade) ||
            !is_same(lesson->subject, repeat->subject) || !is_same(lesson->title, repeat->title)) {
            continue;
        }
        found = found == -1 ? (int)i : -2;
    }
    return found;
}

static void join_repeats(struct import *import)
{
    for (size_t i = 0; i < import->lesson_count; i++) {
        struct import_lesson *lesson = &import->lessons[i];
        const int first = lesson->is_repeat ? find_first_run(import, lesson) : -1;
        if (!lesson->is_repeat) {
            continue;
        }
        if (first < 0) {
            lesson->doubts |= IMPORT_DOUBT_REPEAT;
            import_report(import, PROBLEM_ERROR, lesson->place,
                          first == -1 ? _("this is marked as a repeat, but its first run is not in "
                                          "this timetable; give it the house number of the first "
                                          "run")
                                      : _("this is marked as a repeat, and several lessons may be "
                                          "its first run; give it a title, or its house number"));
            continue;
        }
        for (size_t k = 0; k < import->entry_count; k++) {
            if (import->entries[k].lesson == i) {
                import->entries[k].lesson = (size_t)first;
            }
        }
    }
}

static bool has_entry(const struct import *import, size_t lesson)
{
    for (size_t i = 0; i < import->entry_count; i++) {
        if (import->entries[i].lesson == lesson) {
            return true;
        }
    }
    return false;
}

/* Lessons that no cell has any more: repeats that were joined to their first runs. */
static void drop_unused_lessons(struct import *import)
{
    for (size_t i = 0; i < import->lesson_count;) {
        if (!import->lessons[i].is_repeat || has_entry(import, i)) {
            i++;
            continue;
        }
        struct import_lesson *lesson = &import->lessons[i];
        free(lesson->house_number);
        free(lesson->grade);
        free(lesson->subject);
        free(lesson->title);
        free(lesson->teacher);
        free(lesson->school);
        free(lesson->place);
        memmove(lesson, lesson + 1, (import->lesson_count - i - 1) * sizeof(*lesson));
        import->lesson_count--;
        for (size_t k = 0; k < import->entry_count; k++) {
            import->entries[k].lesson -= import->entries[k].lesson > i;
        }
    }
}

/* KT-09: capitals, a hyphen, digits at the end. */
static bool may_be_house_number(const char *title)
{
    const char *hyphen = strrchr(title, '-');
    return hyphen != NULL && hyphen != title && hyphen[1] != '\0' &&
           strspn(hyphen + 1, "0123456789") == strlen(hyphen + 1) &&
           strspn(title, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == strlen(title);
}

static void tell_no_subject(struct import *import, const struct import_lesson *lesson)
{
    enum { SHOWN_MOST = 40 };
    const char *title = lesson->title != NULL ? lesson->title : "";
    char word[SHOWN_MOST + 1] = "";
    const size_t length = strcspn(title, " ");
    if (length <= SHOWN_MOST) {
        memcpy(word, title, length);
        word[length] = '\0';
    }
    if (title[0] == '\0') {
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("here is neither a subject nor a title; write them, as in 语文 荷花, or "
                        "empty the cell"));
        return;
    }
    if (may_be_house_number(title)) {
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("'%s' looks like a house number, which is not taken from a grid; write the "
                        "subject and the title, as in 语文 荷花"),
                      title);
        return;
    }
    const char *meant = import_words_suggest(word);
    if (meant != NULL && meant[0] != '\0') {
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("'%s' is no known subject; did you mean %s?"), word, meant);
    } else {
        import_report(import, PROBLEM_WARNING, lesson->place,
                      _("no known subject is named here; say --subjects if there is one"));
    }
}

static void tell_doubts(struct import *import, const struct import_lesson *lesson)
{
    if ((lesson->doubts & IMPORT_DOUBT_TITLE) != 0) {
        import_report(import, PROBLEM_WARNING, lesson->place,
                      _("the title is missing; the subject stands for it"));
    }
    if ((lesson->doubts & IMPORT_DOUBT_SUBJECT) != 0) {
        tell_no_subject(import, lesson);
    }
    if ((lesson->doubts & IMPORT_DOUBT_LINES) != 0) {
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("which of these is the title, which the teacher or the school, cannot be "
                        "told; write 教师： before the teacher, or say what the lines of the cells "
                        "are: --lines subject,title,teacher"));
    }
    if ((lesson->doubts & IMPORT_DOUBT_PERSON) != 0) {
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("'%s' may be a title or a teacher, for most other cells have none; write "
                        "教师： before a teacher, or say what the lines of the cells are: --lines "
                        "subject,teacher"),
                      lesson->title);
    }
}

/* A name, as far as its form tells: two to four Chinese characters, or words of letters alone. */
static bool may_be_person(const char *title)
{
    enum { HANZI_LEAST = 2, HANZI_MOST = 4, HANZI_BYTES = 3 };
    static const char *const words[] = {"复习", "练习", "讲评", "测试", "总结", "写作",
                                        "作文", "导学", "跳绳", "柔韧", "实验", "答疑"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strstr(title, words[i]) != NULL) {
            return false;
        }
    }
    const size_t length = strlen(title);
    const size_t characters = import_text_characters(title, length);
    const bool is_latin =
        strspn(title, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz .-'") == length;
    const bool is_hanzi =
        length == characters * HANZI_BYTES && characters >= HANZI_LEAST && characters <= HANZI_MOST;
    return (is_latin || is_hanzi) && import_words_subject(title, NULL) == 0;
}

/* Where hardly any cell has a title, what looks like one may well be a teacher. */
static void doubt_rare_titles(struct import *import)
{
    enum { LESSONS_LEAST = 6, RARE = 4 };
    size_t titles = 0;
    for (size_t i = 0; i < import->lesson_count; i++) {
        titles += import->lessons[i].title != NULL && import->lessons[i].subject != NULL;
    }
    if (import->lesson_count < LESSONS_LEAST || titles * RARE >= import->lesson_count) {
        return;
    }
    for (size_t i = 0; i < import->lesson_count; i++) {
        struct import_lesson *lesson = &import->lessons[i];
        if (lesson->title != NULL && lesson->subject != NULL && may_be_person(lesson->title)) {
            lesson->doubts |= IMPORT_DOUBT_PERSON;
        }
    }
}

static void check_lesson(struct import *import, struct import_lesson *lesson)
{
    const char *const texts[] = {lesson->title, lesson->subject, lesson->teacher, lesson->school,
                                 lesson->grade};
    tell_doubts(import, lesson);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i] != NULL && strlen(texts[i]) > IMPORT_TEXT_BYTES_MOST) {
            lesson->doubts |= IMPORT_DOUBT_LENGTH;
            import_report(import, PROBLEM_ERROR, lesson->place,
                          _("a text here has %zu bytes, %d are the most (40 Chinese characters); "
                            "shorten it"),
                          strlen(texts[i]), IMPORT_TEXT_BYTES_MOST);
        }
    }
    if (lesson->is_live) {
        lesson->doubts |= IMPORT_DOUBT_SOURCE;
        import_report(import, PROBLEM_WARNING, lesson->place,
                      _("a live lesson needs the name of its source; fill in `live`"));
    }
}

static unsigned days_of_period(const struct import *import, size_t period)
{
    unsigned days = 0;
    for (size_t i = 0; i < import->entry_count; i++) {
        days |= import->entries[i].period == period ? 1U << import->entries[i].day : 0;
    }
    return days;
}

struct span {
    const char *name;
    const char *place;
    int start;
    int end;
    unsigned days;
};

static bool check_overlap(struct import *import, const struct span *a, const struct span *b)
{
    if ((a->days & b->days) == 0 || a->start >= b->end || b->start >= a->end) {
        return false;
    }
    char texts[4][IMPORT_CLOCK_TEXT_SIZE];
    import_report(import, PROBLEM_ERROR, b->place,
                  _("%s, %s-%s, overlaps %s, %s-%s (%s); correct one of the times"), b->name,
                  import_clock_text(b->start, texts[0]), import_clock_text(b->end, texts[1]),
                  a->name, import_clock_text(a->start, texts[2]),
                  import_clock_text(a->end, texts[3]), a->place != NULL ? a->place : "");
    return true;
}

static void check_times(struct import *import)
{
    unsigned days[IMPORT_PERIODS_MOST];
    for (size_t i = 0; i < import->period_count; i++) {
        days[i] = days_of_period(import, i);
    }
    for (size_t i = 0; i < import->period_count; i++) {
        struct import_period *later = &import->periods[i];
        const struct span b = {later->name, later->place, later->start, later->end, days[i]};
        for (size_t k = 0; k < i && later->has_time; k++) {
            const struct import_period *before = &import->periods[k];
            const struct span a = {before->name, before->place, before->start, before->end,
                                   days[k]};
            if (before->has_time && check_overlap(import, &a, &b)) {
                later->doubts |= IMPORT_DOUBT_OVERLAP;
            }
        }
        for (size_t k = 0; k < import->break_count && later->has_time; k++) {
            const struct import_break *item = &import->breaks[k];
            const struct span a = {item->name, item->place, item->start, item->end, item->days};
            if (check_overlap(import, &a, &b)) {
                later->doubts |= IMPORT_DOUBT_OVERLAP;
            }
        }
    }
}

struct slot_order {
    const struct import *import;
    size_t entry;
};

static int compare_slots(const void *left, const void *right)
{
    const struct slot_order *a = left;
    const struct slot_order *b = right;
    const struct import_entry *first = &a->import->entries[a->entry];
    const struct import_entry *second = &b->import->entries[b->entry];
    if (first->day != second->day) {
        return first->day < second->day ? -1 : 1;
    }
    if (first->period != second->period) {
        return first->period < second->period ? -1 : 1;
    }
    return (a->entry > b->entry) - (a->entry < b->entry);
}

static void tell_slot(struct import *import, const struct import_entry *first,
                      const struct import_entry *second)
{
    struct import_lesson *lesson = &import->lessons[second->lesson];
    lesson->doubts |= IMPORT_DOUBT_SLOT;
    import_report(import, PROBLEM_ERROR, second->place,
                  _("%s of %s is taken already (%s): a channel airs one lesson at a time; correct "
                    "the slot, or import one grade with --grade"),
                  import->periods[second->period].name, import_day_name(second->day),
                  first->place != NULL ? first->place : "");
}

/* Two lessons in one slot of the same week: the first one that came keeps it. */
static void check_slots(struct import *import)
{
    struct slot_order *order = calloc(import->entry_count + 1, sizeof(*order));
    if (order == NULL) {
        return;
    }
    for (size_t i = 0; i < import->entry_count; i++) {
        order[i] = (struct slot_order){import, i};
    }
    qsort(order, import->entry_count, sizeof(*order), compare_slots);
    for (size_t i = 1; i < import->entry_count; i++) {
        const struct import_entry *second = &import->entries[order[i].entry];
        for (size_t k = i; k-- > 0;) {
            const struct import_entry *first = &import->entries[order[k].entry];
            if (first->day != second->day || first->period != second->period) {
                break;
            }
            if ((first->weeks & second->weeks) != 0) {
                tell_slot(import, first, second);
                break;
            }
        }
    }
    free(order);
}

void import_check(struct import *import)
{
    join_repeats(import);
    drop_unused_lessons(import);
    doubt_rare_titles(import);
    for (size_t i = 0; i < import->lesson_count; i++) {
        check_lesson(import, &import->lessons[i]);
    }
    check_times(import);
    check_slots(import);
    if (!import->is_calendar && import->entry_count == 0 && import->problems.errors == 0) {
        import_report(import, PROBLEM_ERROR, NULL, _("no lesson was found"));
    }
}
