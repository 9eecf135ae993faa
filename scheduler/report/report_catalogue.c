/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_catalogue.h"

#include "scheduler/planner.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A copy that the catalogue owns; NULL: out of memory. */
static const char *keep(struct report_catalogue *catalogue, const char *text)
{
    char **grown = realloc(catalogue->texts, (catalogue->text_count + 1) * sizeof(grown[0]));
    if (grown == NULL) {
        return NULL;
    }
    catalogue->texts = grown;
    char *copy = strdup(text != NULL ? text : "");
    if (copy != NULL) {
        grown[catalogue->text_count++] = copy;
    }
    return copy;
}

static bool is_known(const struct report_catalogue *catalogue, const char *house_number)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        if (strcmp(catalogue->entries[i].house_number, house_number) == 0) {
            return true;
        }
    }
    return false;
}

int report_catalogue_add(struct report_catalogue *catalogue, const struct catalogue_entry *entry)
{
    if (is_known(catalogue, entry->house_number)) {
        return 0;
    }
    struct catalogue_entry *grown =
        realloc(catalogue->entries, (catalogue->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    catalogue->entries = grown;
    const struct catalogue_entry fresh = {.house_number = keep(catalogue, entry->house_number),
                                          .kind = entry->kind,
                                          .grade = keep(catalogue, entry->grade),
                                          .subject = keep(catalogue, entry->subject),
                                          .title = keep(catalogue, entry->title),
                                          .teacher = keep(catalogue, entry->teacher),
                                          .is_special = entry->is_special};
    if (fresh.house_number == NULL || fresh.grade == NULL || fresh.subject == NULL ||
        fresh.title == NULL || fresh.teacher == NULL) {
        return -ENOMEM;
    }
    grown[catalogue->count++] = fresh;
    catalogue->is_sorted = false;
    return 0;
}

static int add_lesson(struct report_catalogue *catalogue, const struct lesson *lesson)
{
    const bool is_of_all = lesson->grade[0] == '\0' || strcmp(lesson->grade, "全体") == 0;
    const struct catalogue_entry entry = {.house_number = lesson->house_number,
                                          .grade = lesson->grade,
                                          .subject = lesson->subject,
                                          .title = lesson->title,
                                          .teacher = lesson->teacher,
                                          .is_special =
                                              is_of_all || strstr(lesson->subject, "专题") != NULL};
    return report_catalogue_add(catalogue, &entry);
}

static int add_other(struct report_catalogue *catalogue, enum catalogue_kind kind,
                     const char *house_number, const char *title)
{
    const struct catalogue_entry entry = {
        .house_number = house_number, .kind = kind, .title = title};
    return report_catalogue_add(catalogue, &entry);
}

int report_catalogue_add_timetable(struct report_catalogue *catalogue,
                                   const struct timetable *timetable)
{
    int result = 0;
    for (size_t i = 0; i < timetable->lesson_count && result == 0; i++) {
        result = add_lesson(catalogue, &timetable->lessons[i]);
    }
    for (size_t i = 0; i < timetable->filler_count && result == 0; i++) {
        result = add_other(catalogue, CATALOGUE_FILLER, timetable->fillers[i].house_number,
                           timetable->fillers[i].title);
    }
    for (size_t i = 0; i < timetable->fixture_count && result == 0; i++) {
        const struct fixture *fixture = &timetable->fixtures[i];
        if (fixture->house_number != NULL) {
            result = add_other(catalogue, CATALOGUE_BREAK, fixture->house_number, fixture->name);
        }
    }
    return result;
}

static int compare_entries(const void *left, const void *right)
{
    const struct catalogue_entry *a = left;
    const struct catalogue_entry *b = right;
    return strcmp(a->house_number, b->house_number);
}

void report_catalogue_sort(struct report_catalogue *catalogue)
{
    if (catalogue->count > 0) {
        qsort(catalogue->entries, catalogue->count, sizeof(catalogue->entries[0]), compare_entries);
    }
    catalogue->is_sorted = true;
}

const struct catalogue_entry *report_catalogue_find(const struct report_catalogue *catalogue,
                                                    const char *house_number)
{
    assert(catalogue->is_sorted || catalogue->count == 0);
    size_t low = 0;
    size_t high = catalogue->count;
    while (house_number != NULL && low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(catalogue->entries[middle].house_number, house_number) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const bool is_found = house_number != NULL && low < catalogue->count &&
                          strcmp(catalogue->entries[low].house_number, house_number) == 0;
    return is_found ? &catalogue->entries[low] : NULL;
}

int report_catalogue_load(struct report_catalogue *catalogue, const struct station *station)
{
    struct planner *planner = NULL;
    struct problems ignored;
    problems_init(&ignored);
    int result = planner_create(station, &planner);
    if (result == 0) {
        (void)planner_load_timetables(planner, &ignored);
    }
    for (size_t i = 0; i < station_service_count(station) && result == 0; i++) {
        const struct timetable *timetable =
            planner_timetable(planner, station_service_at(station, i)->name);
        result = timetable != NULL ? report_catalogue_add_timetable(catalogue, timetable) : 0;
    }
    report_catalogue_sort(catalogue);
    planner_destroy(planner);
    problems_finish(&ignored);
    return result;
}

void report_catalogue_finish(struct report_catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->text_count; i++) {
        free(catalogue->texts[i]);
    }
    free(catalogue->texts);
    free(catalogue->entries);
    *catalogue = (struct report_catalogue){0};
}
