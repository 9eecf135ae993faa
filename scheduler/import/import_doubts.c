/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_doubts.h"

#include "playout/intl.h"
#include "scheduler/import/import_lines.h"
#include "scheduler/import/import_marks.h"
#include "scheduler/import/import_words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_SIZE = 41, OR_SAY_SIZE = 2 * IMPORT_LINES_TEXT_SIZE };

/* The bytes before the space or the title's marks: 科雪 of 科雪《水》. */
static size_t first_word(const char *title)
{
    const size_t space = strcspn(title, " ");
    const char *mark = strstr(title, "《");
    return mark != NULL && (size_t)(mark - title) < space ? (size_t)(mark - title) : space;
}

static bool is_before_marks(const char *title)
{
    return strncmp(title + first_word(title), "《", strlen("《")) == 0;
}

/* What stands where a subject is expected; "" when it is too long for one. */
static const char *subject_word(const struct import_lesson *lesson, char word[WORD_SIZE])
{
    const bool is_named = lesson->subject != NULL;
    const char *text = is_named ? lesson->subject : lesson->title != NULL ? lesson->title : "";
    const size_t length = is_named ? strlen(text) : first_word(text);
    snprintf(word, WORD_SIZE, "%.*s", length < WORD_SIZE ? (int)length : 0, text);
    return word;
}

enum mistake_kind {
    NONE,
    GRADE,
    NO_TEXT,
    HOUSE_NUMBER,
    MISSPELT,
    UNKNOWN,
    UNNAMED,
    BRACKET,
    /* Which line is what cannot be told: */
    NO_SUBJECT,     /* their first word is no known one */
    SEVERAL_TITLES, /* the teacher is known */
    WHICH_IS_WHAT,
};

/* What a lesson has wrong, and others may, too: the first one tells it for all. */
struct mistake {
    enum mistake_kind kind;
    size_t lesson;
    char word[WORD_SIZE];
    const char *meant; /* NULL when nothing is near enough */
    size_t more;       /* lessons after this one that have it */
    bool is_told;      /* by a lesson before this one */
};

struct lesson_mistakes {
    struct mistake grade;
    struct mistake subject;
    struct mistake lines;
};

enum { MISTAKES_EACH = sizeof(struct lesson_mistakes) / sizeof(struct mistake) };

static struct mistake subject_mistake(const struct import_lesson *lesson)
{
    struct mistake made = {.kind = UNNAMED};
    const char *first = lesson->subject != NULL ? lesson->subject : lesson->title;
    if ((lesson->doubts & IMPORT_DOUBT_SUBJECT) == 0) {
        made.kind = NONE;
    } else if (first == NULL || first[0] == '\0') {
        made.kind = NO_TEXT;
    } else if (import_words_is_house_number(first)) {
        made.kind = HOUSE_NUMBER; /* any are one mistake, so it has no word */
    } else if (subject_word(lesson, made.word)[0] != '\0' && strpbrk(made.word, " ,") == NULL &&
               (lesson->subject != NULL || is_before_marks(lesson->title))) {
        made.kind = UNKNOWN;
    }
    return made;
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

static struct mistake lines_mistake(const struct import_lesson *lesson)
{
    struct mistake made = {.kind = NONE};
    const char *numeral = NULL;
    if ((lesson->doubts & IMPORT_DOUBT_LINES) == 0) {
        return made;
    }
    if (lesson->subject != NULL && lesson->title != NULL &&
        import_words_bracketed_grade(lesson->title, &numeral) > 0) {
        made.kind = BRACKET;
    } else if (lesson->subject == NULL && subject_word(lesson, made.word)[0] != '\0') {
        made.kind = NO_SUBJECT;
    } else {
        made.kind = knows_teacher(lesson) ? SEVERAL_TITLES : WHICH_IS_WHAT;
    }
    return made;
}

static struct mistake grade_mistake(const struct import_lesson *lesson)
{
    struct mistake made = {.kind = NONE};
    made.meant = lesson->grade != NULL ? import_words_suggest_grade(lesson->grade) : NULL;
    if (made.meant != NULL) {
        made.kind = GRADE;
        snprintf(made.word, WORD_SIZE, "%s", lesson->grade);
    }
    return made;
}

static int compare_mistakes(const void *left, const void *right)
{
    const struct mistake *a = *(const struct mistake *const *)left;
    const struct mistake *b = *(const struct mistake *const *)right;
    const int by_word = strcmp(a->word, b->word);
    if (by_word != 0) {
        return by_word;
    }
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return (a->lesson > b->lesson) - (a->lesson < b->lesson);
}

/* What subjects were meant to be; asked once for each word, for it takes long. */
static void find_meant(struct mistake **order, size_t count)
{
    const struct mistake *asked = NULL;
    for (size_t i = 0; i < count; i++) {
        struct mistake *mistake = order[i];
        if (mistake->kind != UNKNOWN && mistake->kind != UNNAMED) {
            continue;
        }
        const bool is_asked = asked != NULL && strcmp(asked->word, mistake->word) == 0;
        mistake->meant = is_asked ? asked->meant : import_words_suggest(mistake->word);
        mistake->kind = mistake->meant != NULL ? MISSPELT : mistake->kind;
        asked = mistake;
    }
}

/* Those of one kind and word, which stand side by side, are one mistake. */
static void join_same(struct mistake **order, size_t count)
{
    struct mistake *first = NULL;
    for (size_t i = 0; i < count; i++) {
        struct mistake *mistake = order[i];
        const bool has_own =
            mistake->kind == NO_TEXT || mistake->kind == UNNAMED || mistake->kind == BRACKET;
        if (first != NULL && !has_own && first->kind == mistake->kind &&
            strcmp(first->word, mistake->word) == 0) {
            first->more++;
            mistake->is_told = true;
        } else {
            first = mistake;
        }
    }
}

/* Those of all lessons; the caller frees them.  NULL when out of memory. */
static struct lesson_mistakes *find_mistakes(const struct import *import)
{
    const size_t lessons = import->lesson_count;
    struct lesson_mistakes *all = calloc(lessons + 1, sizeof(*all));
    struct mistake **order = calloc(lessons * MISTAKES_EACH + 1, sizeof(*order));
    size_t count = 0;
    if (all == NULL || order == NULL) {
        free(all);
        free(order);
        return NULL;
    }
    for (size_t i = 0; i < lessons; i++) {
        struct mistake *const each[MISTAKES_EACH] = {&all[i].grade, &all[i].subject, &all[i].lines};
        all[i].grade = grade_mistake(&import->lessons[i]);
        all[i].subject = subject_mistake(&import->lessons[i]);
        all[i].lines = lines_mistake(&import->lessons[i]);
        for (size_t k = 0; k < MISTAKES_EACH; k++) {
            each[k]->lesson = i;
            if (each[k]->kind != NONE) {
                order[count++] = each[k];
            }
        }
    }
    qsort(order, count, sizeof(*order), compare_mistakes);
    find_meant(order, count);
    qsort(order, count, sizeof(*order), compare_mistakes);
    join_same(order, count);
    free(order);
    return all;
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

static void tell_subject(struct import *import, const struct mistake *mistake)
{
    const struct import_lesson *lesson = &import->lessons[mistake->lesson];
    char cells[IMPORT_MORE_SIZE];
    import_doubts_say_more(mistake->more, cells);
    switch (mistake->kind) {
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
                      mistake->word, cells, mistake->meant, mistake->word);
        return;
    case UNKNOWN:
        import_report(import, PROBLEM_WARNING, lesson->place,
                      _("'%s' is no known subject%s; if it is one, say --subjects %s"),
                      mistake->word, cells, mistake->word);
        return;
    case UNNAMED:
        import_report(import, PROBLEM_WARNING, lesson->place,
                      _("no known subject is named here; say --subjects if there is one"));
        return;
    default:
        return;
    }
}

/* 数学(二) above the title: what stands beside the subject is no title. */
static void tell_bracket(struct import *import, const struct import_lesson *lesson)
{
    const char *numeral = NULL;
    const size_t length = import_words_bracketed_grade(lesson->title, &numeral);
    if (lesson->grade == NULL) {
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("'%s' beside the subject may be the grade, or a part of the title; for the "
                        "grade write %.*s年级, else put it behind the title, as in 荷花%s"),
                      lesson->title, (int)length, numeral, lesson->title);
    } else {
        import_report(
            import, PROBLEM_ERROR, lesson->place,
            _("'%s' beside the subject is no title; put it behind the title, as in 荷花%s"),
            lesson->title, lesson->title);
    }
}

static void add_place(char *list, size_t size, const char *place)
{
    const size_t used = strlen(list);
    snprintf(list + used, size - used, "%s%s", used > 0 ? _(", ") : "", place);
}

enum { NAMED_MOST = 8, LIST_SIZE = 400 };

/* " (19 cells: C2, D2, E2, …)" for all that have a mistake of the lines, or nothing for one. */
static void say_cells(const struct import *import, const struct lesson_mistakes *all,
                      const struct mistake *mistake, char text[LIST_SIZE])
{
    char list[LIST_SIZE / 2] = "";
    size_t named = 0;
    for (size_t i = mistake->lesson; i < import->lesson_count && named < NAMED_MOST; i++) {
        if (all[i].lines.kind == mistake->kind && import->lessons[i].place != NULL) {
            add_place(list, sizeof(list), import->lessons[i].place);
            named++;
        }
    }
    if (mistake->more >= NAMED_MOST) {
        add_place(list, sizeof(list), "…");
    }
    text[0] = '\0';
    if (mistake->more > 0) {
        snprintf(text, LIST_SIZE, _(" (%zu cells: %s)"), mistake->more + 1, list);
    }
}

static void tell_which_line(struct import *import, const struct lesson_mistakes *all,
                            const struct mistake *mistake, const char *or_say)
{
    const struct import_lesson *lesson = &import->lessons[mistake->lesson];
    char more[IMPORT_MORE_SIZE];
    char cells[LIST_SIZE];
    import_doubts_say_more(mistake->more, more);
    say_cells(import, all, mistake, cells);
    switch (mistake->kind) {
    case NO_SUBJECT:
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("no line here is a known subject, so which is what cannot be told%s; if "
                        "'%s' is one, say --subjects %s, else write the subject on top%s"),
                      more, mistake->word, mistake->word, or_say);
        return;
    case SEVERAL_TITLES:
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("the teacher is known, and of the other lines several may be the title%s; "
                        "write the title on one line, and 学校： before a school%s"),
                      cells, or_say);
        return;
    case WHICH_IS_WHAT:
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("which of these is the title, which the teacher or the school, cannot be "
                        "told%s; write 教师： before the teacher%s"),
                      cells, or_say);
        return;
    default:
        return;
    }
}

/* `lines` is what --lines should say, "" when no order of lines would help. */
static void tell_lines(struct import *import, const struct lesson_mistakes *all,
                       const struct mistake *mistake, const char *lines)
{
    const struct import_lesson *lesson = &import->lessons[mistake->lesson];
    char or_say[OR_SAY_SIZE] = "";
    if (lines[0] != '\0') {
        snprintf(or_say, sizeof(or_say),
                 _(", or, if all cells have their lines in this order, say --lines %s"), lines);
    }
    if (mistake->kind == BRACKET) {
        tell_bracket(import, lesson);
        return;
    }
    if (!mistake->is_told) {
        tell_which_line(import, all, mistake, or_say);
    }
    if ((lesson->doubts & IMPORT_DOUBT_PERSON) != 0) {
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("'%s' may be a title or a teacher, for most other cells have none; write "
                        "教师： before a teacher%s"),
                      lesson->title, or_say);
    }
}

static void tell_grade(struct import *import, const struct mistake *mistake)
{
    struct import_lesson *lesson = &import->lessons[mistake->lesson];
    char cells[IMPORT_MORE_SIZE];
    lesson->doubts |= IMPORT_DOUBT_GRADE;
    if (!mistake->is_told) {
        import_doubts_say_more(mistake->more, cells);
        import_report(import, PROBLEM_ERROR, lesson->place,
                      _("'%s' is no known grade%s; did you mean %s?"), mistake->word, cells,
                      mistake->meant);
    }
}

/* What was taken for the title may be, or hold, something else. */
static void tell_title(struct import *import, const struct import_lesson *lesson)
{
    struct import_name name;
    if ((lesson->doubts & IMPORT_DOUBT_NAME) != 0 && import_marks_name(lesson->title, &name)) {
        import_report(import, PROBLEM_WARNING, lesson->place,
                      name.length == strlen(lesson->title)
                          ? _("'%.*s' is taken for the title; if it is the teacher, write 教师： "
                              "before it")
                          : _("'%.*s' is taken as a part of the title; if it is the teacher, "
                              "write 教师： before it"),
                      (int)name.length, lesson->title + name.from);
    } else if ((lesson->doubts & (IMPORT_DOUBT_NAME | IMPORT_DOUBT_PERSON)) == IMPORT_DOUBT_NAME) {
        import_report(import, PROBLEM_WARNING, lesson->place,
                      _("'%s' is taken as the title, but looks like a person's name; if it is the "
                        "teacher, write 教师： before it, and 课题： before the title"),
                      lesson->title);
    }
    if ((lesson->doubts & IMPORT_DOUBT_TWO_SUBJECTS) != 0) {
        import_report(import, PROBLEM_WARNING, lesson->place,
                      _("two subjects stand here, %s and %s; the second one is taken for the "
                        "title: leave one, or write a title"),
                      lesson->subject, lesson->title);
    }
}

/* The cells that are apart, the first of them by name. */
static void tell_most(struct import *import, const bool *is_apart, const char *lines)
{
    char list[LIST_SIZE] = "";
    char cells[IMPORT_MORE_SIZE];
    size_t apart = 0;
    for (size_t i = 0; i < import->lesson_count; i++) {
        const char *place = import->lessons[i].place;
        if (is_apart[i] && apart++ < NAMED_MOST && place != NULL) {
            add_place(list, sizeof(list), place);
        }
    }
    import_doubts_say_more(apart > NAMED_MOST ? apart - NAMED_MOST : 0, cells);
    import_report(
        import, PROBLEM_WARNING, NULL,
        _("most cells have their lines in one order; write these as the others are: %s%s; "
          "then say --lines=%s"),
        list, cells, lines);
}

/* Whether an order settles more cells than have to be written anew for it. */
static bool saves_work(const struct import *import, const bool *is_apart)
{
    size_t settled = 0;
    size_t apart = 0;
    for (size_t i = 0; i < import->lesson_count; i++) {
        const unsigned in_doubt =
            import->lessons[i].doubts & (IMPORT_DOUBT_LINES | IMPORT_DOUBT_PERSON);
        apart += is_apart[i];
        settled += !is_apart[i] && in_doubt != 0;
    }
    return settled > apart;
}

void import_doubts_advise(struct import *import, char lines[IMPORT_LINES_TEXT_SIZE])
{
    bool *is_apart = calloc(import->lesson_count + 1, sizeof(*is_apart));
    lines[0] = '\0';
    if (is_apart == NULL) {
        return;
    }
    const enum import_lines_advice advice = import_lines_suggest(import, is_apart, lines);
    if (advice == IMPORT_LINES_MOST_CELLS && saves_work(import, is_apart)) {
        tell_most(import, is_apart, lines);
    }
    if (advice != IMPORT_LINES_ALL) {
        lines[0] = '\0';
    }
    free(is_apart);
}

/* Texts longer than a timetable may have. */
static void tell_lengths(struct import *import, struct import_lesson *lesson)
{
    const char *const texts[] = {lesson->title, lesson->subject, lesson->teacher, lesson->school,
                                 lesson->grade};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i] != NULL && strlen(texts[i]) > IMPORT_TEXT_BYTES_MOST) {
            lesson->doubts |= IMPORT_DOUBT_LENGTH;
            import_report(import, PROBLEM_ERROR, lesson->place,
                          _("a text here has %zu bytes, %d are the most (40 Chinese characters); "
                            "shorten it"),
                          strlen(texts[i]), IMPORT_TEXT_BYTES_MOST);
        }
    }
}

static void tell_lesson(struct import *import, size_t index, const struct lesson_mistakes *all,
                        const char *lines)
{
    struct import_lesson *lesson = &import->lessons[index];
    const struct lesson_mistakes *mistakes = &all[index];
    if (mistakes->grade.kind != NONE) {
        tell_grade(import, &mistakes->grade);
    }
    tell_title(import, lesson);
    if ((lesson->doubts & IMPORT_DOUBT_TITLE) != 0) {
        import_report(import, PROBLEM_WARNING, lesson->place,
                      _("the title is missing; the subject stands for it"));
    }
    if (mistakes->subject.kind != NONE && !mistakes->subject.is_told) {
        tell_subject(import, &mistakes->subject);
    }
    tell_lines(import, all, &mistakes->lines, lines);
    tell_lengths(import, lesson);
    if (lesson->is_live) {
        lesson->doubts |= IMPORT_DOUBT_SOURCE;
        import_report(import, PROBLEM_WARNING, lesson->place,
                      _("a live lesson needs the name of its source; fill in `live`"));
    }
}

int import_doubts_tell(struct import *import, const char *lines)
{
    struct lesson_mistakes *mistakes = find_mistakes(import);
    if (mistakes == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < import->lesson_count; i++) {
        tell_lesson(import, i, mistakes, lines);
    }
    free(mistakes);
    return 0;
}
