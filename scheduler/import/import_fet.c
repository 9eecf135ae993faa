/* SPDX-License-Identifier: MIT */
/* FET's table of activities: one hour of one activity a row, several sets joined with +. */
#include "scheduler/import/import_readers.h"

#include "playout/intl.h"
#include "scheduler/import/import_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum column {
    COLUMN_ID,
    COLUMN_DAY,
    COLUMN_HOUR,
    COLUMN_STUDENTS,
    COLUMN_SUBJECT,
    COLUMN_TEACHERS,
    COLUMN_COUNT,
};

static const char *const heads[COLUMN_COUNT] = {"Activity Id",   "Day",     "Hour",
                                                "Students Sets", "Subject", "Teachers"};

bool import_fet_knows(const struct import_sheet *sheet)
{
    for (int column = 0; column < COLUMN_COUNT; column++) {
        const struct import_cell *cell = import_sheet_at(sheet, 0, column);
        if (cell == NULL || strcasecmp(cell->folded, heads[column]) != 0) {
            return false;
        }
    }
    return true;
}

/* "Year 1+Year 2" as a person writes it: Year 1、Year 2.  NULL for no cell, or out of memory. */
static char *join(const struct import_cell *cell)
{
    char text[3 * IMPORT_CELL_BYTES_MOST + 1];
    size_t used = 0;
    if (cell == NULL) {
        return NULL;
    }
    for (const char *at = cell->text; *at != '\0'; at++) {
        if (*at == '+') {
            memcpy(text + used, "、", strlen("、"));
            used += strlen("、");
        } else {
            text[used++] = *at;
        }
    }
    text[used] = '\0';
    return strdup(text);
}

static bool has_set(const struct import_cell *cell, const char *set)
{
    const size_t length = strlen(set);
    for (const char *at = cell != NULL ? cell->text : ""; *at != '\0';) {
        const size_t size = strcspn(at, "+");
        if (size == length && strncmp(at, set, length) == 0) {
            return true;
        }
        at += size + (at[size] == '+');
    }
    return false;
}

/* An hour is a period; its name is often its time. */
static int find_period(struct import *import, const struct import_cell *hour, const char *place,
                       size_t *period)
{
    char name[IMPORT_TEXT_BYTES_MOST + 1];
    char where[IMPORT_PLACE_SIZE];
    struct import_range range = {0};
    snprintf(where, sizeof(where), "%s", place);
    import_period_call(hour->folded, name, sizeof(name));
    for (size_t i = 0; i < import->period_count; i++) {
        if (strcmp(import->periods[i].name, name) == 0) {
            *period = i;
            return 0;
        }
    }
    const bool has_time = import_clock_range(hour->folded, &range) == IMPORT_CLOCK_GOOD;
    const struct import_period made = {.name = name,
                                       .place = where,
                                       .has_time = has_time,
                                       .start = has_time ? range.start : 0,
                                       .end = has_time ? range.end : 0,
                                       .doubts = has_time ? 0 : IMPORT_DOUBT_TIME};
    const int result = import_add_period(import, &made);
    *period = import->period_count - 1;
    return result;
}

/* The lesson of an activity: rows of one id that follow each other are one lesson. */
static int find_lesson(struct import *import, const struct import_sheet *sheet, int row,
                       size_t *lesson)
{
    char place[IMPORT_PLACE_SIZE];
    const struct import_cell *id = import_sheet_at(sheet, row, COLUMN_ID);
    const struct import_cell *before = import_sheet_at(sheet, row - 1, COLUMN_ID);
    const struct import_cell *subject = import_sheet_at(sheet, row, COLUMN_SUBJECT);
    if (row > 1 && id != NULL && before != NULL && import->lesson_count > 0 &&
        strcmp(id->text, before->text) == 0) {
        *lesson = import->lesson_count - 1;
        return 0;
    }
    char *grade = join(import_sheet_at(sheet, row, COLUMN_STUDENTS));
    char *teacher = join(import_sheet_at(sheet, row, COLUMN_TEACHERS));
    import_sheet_place(sheet, subject, place);
    const struct import_lesson made = {
        .grade = grade, .subject = subject->text, .teacher = teacher, .place = place};
    const int result = import_add_lesson(import, &made);
    free(grade);
    free(teacher);
    *lesson = import->lesson_count - 1;
    return result;
}

static int read_row(struct import *import, const struct import_sheet *sheet, int row)
{
    char place[IMPORT_PLACE_SIZE];
    const struct import_cell *day = import_sheet_at(sheet, row, COLUMN_DAY);
    const struct import_cell *hour = import_sheet_at(sheet, row, COLUMN_HOUR);
    const struct import_cell *subject = import_sheet_at(sheet, row, COLUMN_SUBJECT);
    if (subject == NULL) {
        return 0;
    }
    import_sheet_place(sheet, subject, place);
    if (day == NULL || hour == NULL) {
        import_report(import, PROBLEM_WARNING, place,
                      _("FET has not placed this activity on a day and hour; it is left out"));
        return 0;
    }
    struct import_heading heading;
    int number = 0;
    import_heading_read(day->folded, &heading);
    if (heading.has_day) {
        number = heading.day;
    } else if (!import_day_read(day->folded, &number)) {
        import_sheet_place(sheet, day, place);
        import_report(import, PROBLEM_ERROR, place,
                      _("this is no day of the week; write it as 周一 or Monday"));
        return 0;
    }
    struct import_entry entry = {.day = number, .weeks = import_weeks_all(), .place = place};
    int result = find_period(import, hour, place, &entry.period);
    if (result == 0) {
        result = find_lesson(import, sheet, row, &entry.lesson);
    }
    return result == 0 ? import_add_entry(import, &entry) : result;
}

int import_fet_read(struct import *import, const struct import_request *request,
                    const struct import_sheet *sheet)
{
    import->has_titles = false;
    if (!import_fet_knows(sheet)) {
        import_report(
            import, PROBLEM_ERROR, NULL,
            _("this is no FET table of activities: its first line must begin with %s"),
            "\"Activity Id\",\"Day\",\"Hour\",\"Students Sets\",\"Subject\",\"Teachers\"");
        return -EBADMSG;
    }
    int result = 0;
    for (int row = 1; row < import_sheet_rows(sheet) && result == 0; row++) {
        const struct import_cell *students = import_sheet_at(sheet, row, COLUMN_STUDENTS);
        if (request->grade == NULL || has_set(students, request->grade)) {
            result = read_row(import, sheet, row);
        }
    }
    return result == 0 ? import_sort_periods(import) : result;
}
