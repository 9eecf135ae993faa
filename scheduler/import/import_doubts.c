/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_doubts.h"

#include "playout/intl.h"
#include "scheduler/import/import_lines.h"
#include "scheduler/import/import_marks.h"
#include "scheduler/import/import_words.h"

#include <stdio.h>
#include <string.h>

enum { WORD_SIZE = 41, OR_SAY_SIZE = 2 * IMPORT_LINES_TEXT_SIZE };

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
void import_doubts_say_more(size_t more, char text[IMPORT_MORE_SIZE])
{
    text[0] = '\0';
    if (more > 0) {
        snprintf(text, IMPORT_MORE_SIZE,
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
    char cells[IMPORT_MORE_SIZE];
    import_doubts_say_more(more, cells);
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
                      _("'%s' is no known subject%s; did you mean %s? If it is one, say --subjects "
                        "%s"),
                      mistake.word, cells, import_words_suggest(mistake.word), mistake.word);
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

/* By a label or by its words, not guessed. */
static bool knows_teacher(const struct import_lesson *lesson)
{
    for (size_t i = 0; i < lesson->lines.count; i++) {
        if (lesson->lines.roles[i] == IMPORT_ROLE_TEACHER) {
            return true;
        }
    }
    return false;
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
    char cells[IMPORT_MORE_SIZE];
    size_t more = 0;
    if (!lacks_subject(lesson, word) && (lesson->doubts & IMPORT_DOUBT_LINES) != 0) {
        import_report(
            import, PROBLEM_ERROR, lesson->place,
            knows_teacher(lesson)
                ? _("the teacher is known, and of the other lines several may be the title; write "
                    "the title on one line, and 学校： before a school%s")
                : _("which of these is the title, which the teacher or the school, cannot be "
                    "told; write 教师： before the teacher%s"),
            or_say);
    } else if (lacks_subject(lesson, word) && is_first(import, number, lacks_same_subject, &more)) {
        import_doubts_say_more(more, cells);
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

/* The same misspelt grade is told once. */
static bool has_same_grade(const struct import_lesson *lesson, const struct import_lesson *other)
{
    return other->grade != NULL && strcmp(lesson->grade, other->grade) == 0;
}

static void tell_grade(struct import *import, size_t number)
{
    struct import_lesson *lesson = &import->lessons[number];
    const char *meant = lesson->grade != NULL ? import_words_suggest_grade(lesson->grade) : NULL;
    char cells[IMPORT_MORE_SIZE];
    size_t more = 0;
    if (meant == NULL) {
        return;
    }
    lesson->doubts |= IMPORT_DOUBT_GRADE;
    if (is_first(import, number, has_same_grade, &more)) {
        import_doubts_say_more(more, cells);
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("'%s' is no known grade%s; did you mean %s?"), lesson->grade, cells, meant);
    }
}

/* What was taken for the title may be, or hold, something else. */
static void tell_title(struct import *import, const struct import_lesson *lesson)
{
    struct import_name name;
    if ((lesson->doubts & IMPORT_DOUBT_NAME) != 0 && import_marks_name(lesson->title, &name)) {
        import_report(import, PROBLEM_WARNING, lesson->place,
                      _("'%.*s' is taken as a part of the title; if it is the teacher, write "
                        "教师： before it"),
                      (int)name.length, lesson->title + name.from);
    }
    if ((lesson->doubts & IMPORT_DOUBT_TWO_SUBJECTS) != 0) {
        import_report(import, PROBLEM_WARNING, lesson->place,
                      _("two subjects stand here, %s and %s; the second one is taken for the "
                        "title: leave one, or write a title"),
                      lesson->subject, lesson->title);
    }
}

void import_doubts_tell(struct import *import, size_t number, const char *lines)
{
    const struct import_lesson *lesson = &import->lessons[number];
    tell_grade(import, number);
    tell_title(import, lesson);
    if ((lesson->doubts & IMPORT_DOUBT_TITLE) != 0) {
        import_report(import, PROBLEM_WARNING, lesson->place,
                      _("the title is missing; the subject stands for it"));
    }
    if ((lesson->doubts & IMPORT_DOUBT_SUBJECT) != 0) {
        tell_subject(import, number);
    }
    tell_lines(import, number, lines);
}
