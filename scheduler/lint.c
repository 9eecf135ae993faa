/* SPDX-License-Identifier: MIT */
#include "scheduler/lint.h"

#include "playout/intl.h"
#include "playout/zone.h"
#include "scheduler/day.h"
#include "scheduler/lint_units.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SPAN_MOST = 800,  /* days */
    LESSONS_EYES = 4, /* so many lessons of a channel need eye exercises */
    FINDINGS_MOST = 500,
    MORE_SIZE = 128,
};

/* One first run of a day. */
struct run {
    const struct timetable *timetable;
    const struct day_slot *slot;
    int end; /* of its media, as planned, or as lessons usually are */
};

/* A warning: told once, when all days have been seen. */
struct finding {
    const struct timetable *timetable;
    const char *name;
    const char *key; /* grade, teacher, house number: what it is told once for */
    struct place place;
    int64_t date; /* the last it was found on */
    int days;
    int that_day; /* so often on the first day */
    char *text;   /* of the first */
};

struct linter {
    const struct timetable *const *timetables;
    size_t count;
    int64_t date;
    struct day *days; /* of that date, for each channel */
    struct run *runs; /* of that date, in order of start */
    size_t run_count;
    size_t run_capacity;
    struct finding findings[FINDINGS_MOST];
    size_t finding_count;
    struct problems *problems;
};

/* --- Findings ----------------------------------------------------------------------- */

/* Counts a finding, and its days; NULL unless its text is still to be written. */
static struct finding *find(struct linter *linter, const struct timetable *timetable,
                            const char *name, const char *key)
{
    for (size_t i = 0; i < linter->finding_count; i++) {
        struct finding *finding = &linter->findings[i];
        if (finding->timetable == timetable && strcmp(finding->name, name) == 0 &&
            strcmp(finding->key, key) == 0) {
            finding->days += finding->date != linter->date;
            finding->that_day += finding->days == 1;
            finding->date = linter->date;
            return NULL;
        }
    }
    if (linter->finding_count == FINDINGS_MOST) {
        return NULL;
    }
    struct finding *fresh = &linter->findings[linter->finding_count++];
    *fresh = (struct finding){.timetable = timetable,
                              .name = name,
                              .key = key,
                              .date = linter->date,
                              .days = 1,
                              .that_day = 1};
    return fresh;
}

/* "; 3 more that day; and on 1 more day" */
static const char *more_text(const struct finding *finding, char text[MORE_SIZE])
{
    const int that_day = finding->that_day - 1;
    const int days = finding->days - 1;
    text[0] = '\0';
    if (that_day > 0) {
        snprintf(text, MORE_SIZE, _("; %d more on that day"), that_day);
    }
    const size_t length = strlen(text);
    if (days > 0) {
        snprintf(text + length, MORE_SIZE - length,
                 ngettext("; and on %d more day", "; and on %d more days", (unsigned long)days),
                 days);
    }
    return text;
}

static void tell_all(struct linter *linter)
{
    for (size_t i = 0; i < linter->finding_count; i++) {
        struct finding *finding = &linter->findings[i];
        char more[MORE_SIZE];
        if (finding->text != NULL) {
            timetable_warn(finding->timetable, linter->problems, finding->name, &finding->place,
                           "%s%s", finding->text, more_text(finding, more));
        }
        free(finding->text);
    }
}

__attribute__((format(printf, 3, 4))) static void write_finding(struct finding *finding,
                                                                const struct place *place,
                                                                const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&finding->text, format, arguments) < 0) {
        finding->text = NULL;
    }
    va_end(arguments);
    finding->place = *place;
}

/* "2020-02-17", or the weekday where dates mean nothing. */
static const char *date_text(int64_t date, char text[WHEN_TEXT_SIZE])
{
    if (date >= SAMPLE_MONDAY && date < SAMPLE_MONDAY + SAMPLE_DAYS) {
        snprintf(text, WHEN_TEXT_SIZE, "%s", when_day_name(civil_weekday(date)));
        return text;
    }
    return when_date_text(date, text);
}

/* --- One date ------------------------------------------------------------------------- */

static bool is_graded(const struct lesson *lesson)
{
    return lesson->grade[0] != '\0' && strcmp(lesson->grade, "全体") != 0;
}

static int compare_runs(const void *left, const void *right)
{
    const struct run *a = left;
    const struct run *b = right;
    return a->slot->start - b->slot->start;
}

static bool collect(struct linter *linter, const struct timetable *timetable, const struct day *day)
{
    const size_t wanted = linter->run_count + day->count;
    if (wanted > linter->run_capacity) {
        struct run *grown = realloc(linter->runs, wanted * 2 * sizeof(*grown));
        if (grown == NULL) {
            return false;
        }
        linter->runs = grown;
        linter->run_capacity = wanted * 2;
    }
    for (size_t i = 0; i < day->count; i++) {
        const struct day_slot *slot = &day->slots[i];
        if (slot_is_first_run(slot)) {
            const int room = slot->end - slot->start;
            const int usual = room < timetable->limits.lesson ? room : timetable->limits.lesson;
            const int media = slot->media > 0 ? slot->media : usual;
            linter->runs[linter->run_count++] = (struct run){timetable, slot, slot->start + media};
        }
    }
    return true;
}

static bool same_district(const struct run *a, const struct run *b)
{
    return a->timetable->district != NULL && b->timetable->district != NULL &&
           strcmp(a->timetable->district, b->timetable->district) == 0;
}

static bool same_pupils(const struct run *a, const struct run *b)
{
    return a->timetable == b->timetable || same_district(a, b);
}

static void check_load(struct linter *linter, int64_t date, size_t first)
{
    const struct run *run = &linter->runs[first];
    const struct limits *limits = &run->timetable->limits;
    const char *grade = run->slot->lesson->grade;
    char text[WHEN_TEXT_SIZE];
    int lessons = 0;
    int seconds = 0;
    for (size_t i = first; i < linter->run_count; i++) {
        if (same_pupils(run, &linter->runs[i]) &&
            strcmp(linter->runs[i].slot->lesson->grade, grade) == 0) {
            lessons++;
            seconds += linter->runs[i].end - linter->runs[i].slot->start;
        }
    }
    if (lessons <= limits->lessons && seconds <= limits->minutes) {
        return;
    }
    struct finding *finding = find(linter, run->timetable, "grade-load", grade);
    if (finding != NULL) {
        write_finding(finding, &run->slot->place,
                      _("%s has %d lessons of %d minutes altogether on %s; at most %d lessons and "
                        "%d minutes are advised"),
                      grade, lessons, seconds / 60, date_text(date, text), limits->lessons,
                      limits->minutes / 60);
    }
}

static void check_length(struct linter *linter, const struct run *run)
{
    const struct limits *limits = &run->timetable->limits;
    const int seconds = run->end - run->slot->start;
    char lengths[2][WHEN_TEXT_SIZE];
    if (seconds <= limits->lesson) {
        return;
    }
    struct finding *finding =
        find(linter, run->timetable, "grade-load", run->slot->lesson->house_number);
    if (finding != NULL) {
        write_finding(finding, &run->slot->place,
                      _("lesson '%s' lasts %s; at most %s is advised for %s"),
                      run->slot->lesson->house_number, when_length_text(seconds, lengths[0]),
                      when_length_text(limits->lesson, lengths[1]), run->slot->lesson->grade);
    }
}

/* Between a lesson and the next one of its grade. */
static void check_gap(struct linter *linter, int64_t date, const struct run *run,
                      const struct run *next)
{
    char text[WHEN_TEXT_SIZE];
    char clocks[2][WHEN_TEXT_SIZE];
    const int gap = next->slot->start - run->end;
    if (gap < 0 || gap >= run->timetable->limits.gap) {
        return;
    }
    struct finding *finding = find(linter, run->timetable, "grade-gap", run->slot->lesson->grade);
    if (finding != NULL) {
        write_finding(finding, &next->slot->place,
                      _("%s has only %d minutes between its lessons that end at %s and begin at %s "
                        "on %s; at least %d are advised"),
                      run->slot->lesson->grade, gap / 60, when_clock_text(run->end, clocks[0]),
                      when_clock_text(next->slot->start, clocks[1]), date_text(date, text),
                      run->timetable->limits.gap / 60);
    }
}

/* Two lessons of a grade at once: no pupil can see both. */
static void check_clash(struct linter *linter, int64_t date, const struct run *run,
                        const struct run *other)
{
    char text[WHEN_TEXT_SIZE];
    char clock[WHEN_TEXT_SIZE];
    const struct lesson *a = run->slot->lesson;
    const struct lesson *b = other->slot->lesson;
    if (other->slot->start >= run->end || strcmp(a->house_number, b->house_number) == 0) {
        return;
    }
    if (run->timetable != other->timetable && same_district(run, other) && is_graded(a) &&
        strcmp(a->grade, b->grade) == 0) {
        struct finding *finding = find(linter, other->timetable, "grade-clash", a->grade);
        if (finding != NULL) {
            write_finding(finding, &other->slot->place,
                          _("%s has lessons on '%s' and '%s' at once, at %s on %s"), a->grade,
                          run->timetable->channel, other->timetable->channel,
                          when_clock_text(other->slot->start, clock), date_text(date, text));
        }
    }
    if (a->teacher[0] != '\0' && strcmp(a->teacher, b->teacher) == 0 &&
        strcmp(a->school, b->school) == 0) {
        struct finding *finding = find(linter, other->timetable, "teacher-clash", a->teacher);
        if (finding != NULL) {
            write_finding(finding, &other->slot->place,
                          _("%s teaches '%s' and '%s' at once, at %s on %s"), a->teacher,
                          a->house_number, b->house_number,
                          when_clock_text(other->slot->start, clock), date_text(date, text));
        }
    }
}

static bool is_first_of_grade(const struct linter *linter, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (same_pupils(&linter->runs[i], &linter->runs[index]) &&
            strcmp(linter->runs[i].slot->lesson->grade, linter->runs[index].slot->lesson->grade) ==
                0) {
            return false;
        }
    }
    return true;
}

static void check_runs(struct linter *linter, int64_t date)
{
    for (size_t i = 0; i < linter->run_count; i++) {
        const struct run *run = &linter->runs[i];
        bool has_next = false;
        if (is_graded(run->slot->lesson)) {
            check_length(linter, run);
        }
        if (is_graded(run->slot->lesson) && is_first_of_grade(linter, i)) {
            check_load(linter, date, i);
        }
        for (size_t k = i + 1; k < linter->run_count; k++) {
            const struct run *other = &linter->runs[k];
            check_clash(linter, date, run, other);
            if (!has_next && is_graded(run->slot->lesson) && same_pupils(run, other) &&
                strcmp(run->slot->lesson->grade, other->slot->lesson->grade) == 0) {
                check_gap(linter, date, run, other);
                has_next = true;
            }
        }
    }
}

static void check_eyes(struct linter *linter, const struct timetable *timetable,
                       const struct day *day)
{
    char text[WHEN_TEXT_SIZE];
    int lessons = 0;
    bool has_eyes = false;
    for (size_t i = 0; i < day->count; i++) {
        lessons += slot_is_first_run(&day->slots[i]);
        has_eyes |= strstr(day->slots[i].name, "眼保健操") != NULL;
    }
    if (lessons < LESSONS_EYES || has_eyes) {
        return;
    }
    struct finding *finding = find(linter, timetable, "eye-exercises", "");
    if (finding != NULL) {
        const struct place nowhere = {0};
        write_finding(finding, &nowhere,
                      _("there are %d lessons on %s and no eye exercises (眼保健操) between them"),
                      lessons, date_text(day->date, text));
    }
}

static void lint_date(struct linter *linter, struct units *units, int64_t date)
{
    linter->date = date;
    linter->run_count = 0;
    for (size_t i = 0; i < linter->count; i++) {
        const struct timetable *timetable = linter->timetables[i];
        linter->days[i] = (struct day){0};
        if (timetable != NULL && day_resolve_lessons(timetable, date, &linter->days[i]) == 0 &&
            collect(linter, timetable, &linter->days[i])) {
            check_eyes(linter, timetable, &linter->days[i]);
            units_see(units, timetable, &linter->days[i]);
        }
    }
    if (linter->run_count > 1) {
        qsort(linter->runs, linter->run_count, sizeof(linter->runs[0]), compare_runs);
    }
    check_runs(linter, date);
    for (size_t i = 0; i < linter->count; i++) {
        day_finish(&linter->days[i]);
    }
}

/* --- All dates ------------------------------------------------------------------------ */

static bool is_term_date(const struct linter *linter, int64_t date)
{
    for (size_t i = 0; i < linter->count; i++) {
        const struct timetable *timetable = linter->timetables[i];
        if (timetable != NULL && calendar_term(timetable->calendar, date) != NULL) {
            return true;
        }
    }
    return false;
}

/* The span of all terms. */
static bool find_terms(const struct linter *linter, int64_t *first, int64_t *last)
{
    bool has_terms = false;
    for (size_t i = 0; i < linter->count; i++) {
        const struct timetable *timetable = linter->timetables[i];
        const struct calendar *calendar = timetable != NULL ? timetable->calendar : NULL;
        for (size_t k = 0; calendar != NULL && k < calendar->term_count; k++) {
            const struct term *term = &calendar->terms[k];
            const int64_t end = term->week_1 + (int64_t)term->weeks * DAYS_PER_WEEK;
            *first = !has_terms || term->week_1 < *first ? term->week_1 : *first;
            *last = !has_terms || end > *last ? end : *last;
            has_terms = true;
        }
    }
    return has_terms;
}

void lint(const struct timetable *const *timetables, size_t count, struct problems *problems)
{
    struct linter *linter = calloc(1, sizeof(*linter));
    struct units *units = units_create();
    int64_t first = SAMPLE_MONDAY;
    int64_t last = SAMPLE_MONDAY + SAMPLE_DAYS;
    if (linter != NULL && units != NULL) {
        *linter = (struct linter){.timetables = timetables,
                                  .count = count,
                                  .days = calloc(count + 1, sizeof(struct day)),
                                  .problems = problems};
        const bool has_terms = find_terms(linter, &first, &last);
        for (int64_t date = first; linter->days != NULL && date < last && date < first + SPAN_MOST;
             date++) {
            if (!has_terms || is_term_date(linter, date)) {
                lint_date(linter, units, date);
            }
        }
        tell_all(linter);
        units_tell(units, problems);
        free(linter->days);
        free(linter->runs);
    }
    units_destroy(units);
    free(linter);
}
