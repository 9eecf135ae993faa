/* SPDX-License-Identifier: MIT */
/*
 * import_check: what does not fit together in an imported timetable.
 *
 * Before this, readers have told what single cells and rows have wrong.
 */
#include "scheduler/import/import.h"

#include "playout/intl.h"
#include "scheduler/import/import_lines.h"
#include "scheduler/import/import_text.h"
#include "scheduler/import/import_words.h"

#include <stdio.h>
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

enum { WORD_SIZE = 41, MORE_SIZE = 80, OR_SAY_SIZE = 2 * IMPORT_LINES_TEXT_SIZE };

/* What stands where a subject is expected; "" when it is too long for one. */
static const char *subject_word(const struct import_lesson *lesson, char word[WORD_SIZE])
{
    const bool is_named = lesson->subject != NULL;
    const char *text = is_named ? lesson->subject : lesson->title != NULL ? lesson->title : "";
    const size_t length = is_named ? strlen(text) : strcspn(text, " ");
    snprintf(word, WORD_SIZE, "%.*s", length < WORD_SIZE ? (int)length : 0, text);
    return word;
}

/* What is wrong with the subject of a lesson in doubt about it. */
struct subject_mistake {
    enum { NO_TEXT, HOUSE_NUMBER, MISSPELT, UNKNOWN, UNNAMED } kind;
    char word[WORD_SIZE];
};

static struct subject_mistake mistake_of(const struct import_lesson *lesson)
{
    struct subject_mistake made = {.kind = UNNAMED};
    const char *first = lesson->subject != NULL ? lesson->subject : lesson->title;
    const char *meant = import_words_suggest(subject_word(lesson, made.word));
    if (first == NULL || first[0] == '\0') {
        made.kind = NO_TEXT;
    } else if (import_words_is_house_number(first)) {
        made.kind = HOUSE_NUMBER;
    } else if (meant != NULL && meant[0] != '\0') {
        made.kind = MISSPELT;
    } else if (lesson->subject != NULL && made.word[0] != '\0' &&
               strpbrk(made.word, " ,") == NULL) {
        made.kind = UNKNOWN;
    }
    return made;
}

/* Any house numbers are one mistake; so is one word in several cells. */
static bool has_same_mistake(const struct import_lesson *lesson, const struct import_lesson *other)
{
    if ((other->doubts & IMPORT_DOUBT_SUBJECT) == 0) {
        return false;
    }
    const struct subject_mistake a = mistake_of(lesson);
    const struct subject_mistake b = mistake_of(other);
    const bool has_word = a.kind == MISSPELT || a.kind == UNKNOWN;
    return a.kind == b.kind && (a.kind == HOUSE_NUMBER || has_word) &&
           (!has_word || strcmp(a.word, b.word) == 0);
}

/* Which line is what cannot be told, for their first word is no known subject. */
static bool lacks_subject(const struct import_lesson *lesson, char word[WORD_SIZE])
{
    return (lesson->doubts & IMPORT_DOUBT_LINES) != 0 && lesson->subject == NULL &&
           subject_word(lesson, word)[0] != '\0';
}

static bool lacks_same_subject(const struct import_lesson *lesson,
                               const struct import_lesson *other)
{
    char words[2][WORD_SIZE];
    return lacks_subject(lesson, words[0]) && lacks_subject(other, words[1]) &&
           strcmp(words[0], words[1]) == 0;
}

/* False when an earlier lesson has the same mistake, and told it; else how many later ones do. */
static bool is_first(const struct import *import, size_t number,
                     bool (*has_same)(const struct import_lesson *, const struct import_lesson *),
                     size_t *more)
{
    *more = 0;
    for (size_t i = 0; i < import->lesson_count; i++) {
        const bool has_it = i != number && has_same(&import->lessons[number], &import->lessons[i]);
        if (has_it && i < number) {
            return false;
        }
        *more += has_it;
    }
    return true;
}

/* " (and 17 more cells)", or nothing. */
static void say_more(size_t more, char text[MORE_SIZE])
{
    text[0] = '\0';
    if (more > 0) {
        snprintf(text, MORE_SIZE,
                 ngettext(" (and in %zu more cell)", " (and in %zu more cells)", more), more);
    }
}

static void tell_subject(struct import *import, size_t number)
{
    const struct import_lesson *lesson = &import->lessons[number];
    size_t more = 0;
    if (!is_first(import, number, has_same_mistake, &more)) {
        return;
    }
    const struct subject_mistake mistake = mistake_of(lesson);
    char cells[MORE_SIZE];
    say_more(more, cells);
    switch (mistake.kind) {
    case NO_TEXT:
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("here is neither a subject nor a title; write them, as in 语文 荷花, or "
                        "empty the cell"));
        return;
    case HOUSE_NUMBER:
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("'%s' looks like a house number, which is not taken from a grid%s; write "
                        "the subject and the title, as in 语文 荷花"),
                      lesson->subject != NULL ? lesson->subject : lesson->title, cells);
        return;
    case MISSPELT:
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("'%s' is no known subject%s; did you mean %s?"), mistake.word, cells,
                      import_words_suggest(mistake.word));
        return;
    case UNKNOWN:
        import_report(import, PROBLEM_WARNING, lesson->place,
                      _("'%s' is no known subject%s; if it is one, say --subjects %s"),
                      mistake.word, cells, mistake.word);
        return;
    case UNNAMED:
        import_report(import, PROBLEM_WARNING, lesson->place,
                      _("no known subject is named here; say --subjects if there is one"));
        return;
    }
}

/* `lines` is what --lines should say, "" when no order of lines would help. */
static void tell_lines(struct import *import, size_t number, const char *lines)
{
    const struct import_lesson *lesson = &import->lessons[number];
    char or_say[OR_SAY_SIZE] = "";
    if (lines[0] != '\0') {
        snprintf(or_say, sizeof(or_say),
                 _(", or, if all cells have their lines in this order, say --lines %s"), lines);
    }
    char word[WORD_SIZE];
    char cells[MORE_SIZE];
    size_t more = 0;
    if (!lacks_subject(lesson, word) && (lesson->doubts & IMPORT_DOUBT_LINES) != 0) {
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("which of these is the title, which the teacher or the school, cannot be "
                        "told; write 教师： before the teacher%s"),
                      or_say);
    } else if (lacks_subject(lesson, word) && is_first(import, number, lacks_same_subject, &more)) {
        say_more(more, cells);
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("no line here is a known subject, so which is what cannot be told%s; if "
                        "'%s' is one, say --subjects %s, else write the subject on top%s"),
                      cells, word, word, or_say);
    }
    if ((lesson->doubts & IMPORT_DOUBT_PERSON) != 0) {
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("'%s' may be a title or a teacher, for most other cells have none; write "
                        "教师： before a teacher%s"),
                      lesson->title, or_say);
    }
}

static void tell_doubts(struct import *import, size_t number, const char *lines)
{
    const struct import_lesson *lesson = &import->lessons[number];
    if ((lesson->doubts & IMPORT_DOUBT_TITLE) != 0) {
        import_report(import, PROBLEM_WARNING, lesson->place,
                      _("the title is missing; the subject stands for it"));
    }
    if ((lesson->doubts & IMPORT_DOUBT_SUBJECT) != 0) {
        tell_subject(import, number);
    }
    tell_lines(import, number, lines);
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

/* 课题：王小明, 《王小明》, or by --lines. */
static bool is_said_title(const struct import_lesson *lesson)
{
    for (size_t i = 0; i < lesson->lines.count; i++) {
        if (lesson->lines.roles[i] == IMPORT_ROLE_TITLE) {
            return true;
        }
    }
    return false;
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
        if (lesson->title != NULL && lesson->subject != NULL && !is_said_title(lesson) &&
            may_be_person(lesson->title)) {
            lesson->doubts |= IMPORT_DOUBT_PERSON;
        }
    }
}

static void check_lesson(struct import *import, size_t number, const char *lines)
{
    struct import_lesson *lesson = &import->lessons[number];
    const char *const texts[] = {lesson->title, lesson->subject, lesson->teacher, lesson->school,
                                 lesson->grade};
    tell_doubts(import, number, lines);
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
    char lines[IMPORT_LINES_TEXT_SIZE];
    if (!import_lines_suggest(import, lines)) {
        lines[0] = '\0';
    }
    for (size_t i = 0; i < import->lesson_count; i++) {
        check_lesson(import, i, lines);
    }
    check_times(import);
    check_slots(import);
    if (!import->is_calendar && import->entry_count == 0 && import->problems.errors == 0) {
        import_report(import, PROBLEM_ERROR, NULL, _("no lesson was found"));
    }
}
