/* SPDX-License-Identifier: MIT */
/* The CSV of WakeUp 课程表: one course a row, by weekday, periods and weeks. */
#include "scheduler/import/import_readers.h"

#include "playout/intl.h"
#include "scheduler/import/import_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column {
    COLUMN_NAME,
    COLUMN_DAY,
    COLUMN_FIRST,
    COLUMN_LAST,
    COLUMN_TEACHER,
    COLUMN_ROOM,
    COLUMN_WEEKS,
    COLUMN_COUNT,
};

enum { LAST_PERIOD = 60 };

struct course {
    const struct import_cell *cells[COLUMN_COUNT];
    int day;
    int first;
    int last;
    uint64_t weeks;
};

static const char *const heads[COLUMN_COUNT] = {"课程名称", "星期", "开始节数", "结束节数",
                                                "老师",     "地点", "周数"};

bool import_wakeup_knows(const struct import_sheet *sheet)
{
    for (int column = 0; column < COLUMN_COUNT; column++) {
        const struct import_cell *cell = import_sheet_at(sheet, 0, column);
        if (cell == NULL || strcmp(cell->folded, heads[column]) != 0) {
            return false;
        }
    }
    return true;
}

static void tell(struct import *import, const struct import_sheet *sheet,
                 const struct import_cell *cell, const char *text)
{
    char place[IMPORT_PLACE_SIZE];
    import_report(import, PROBLEM_ERROR, import_sheet_place(sheet, cell, place), "%s", text);
}

static int number_in(const struct import_cell *cell)
{
    int number = 0;
    const size_t length = cell != NULL ? import_numeral(cell->folded, &number) : 0;
    return length > 0 && cell->folded[length] == '\0' && number <= LAST_PERIOD ? number : 0;
}

/* False when the row says something that cannot be (told). */
static bool read_course(struct import *import, const struct import_sheet *sheet, int row,
                        struct course *course)
{
    const struct import_cell *first = NULL;
    *course = (struct course){.weeks = import_weeks_all()};
    for (int column = 0; column < COLUMN_COUNT; column++) {
        course->cells[column] = import_sheet_at(sheet, row, column);
        first = first == NULL ? course->cells[column] : first;
    }
    if (first == NULL) {
        return false;
    }
    const struct import_cell *day = course->cells[COLUMN_DAY];
    const struct import_cell *weeks = course->cells[COLUMN_WEEKS];
    course->first = number_in(course->cells[COLUMN_FIRST]);
    course->last = number_in(course->cells[COLUMN_LAST]);
    if (course->cells[COLUMN_NAME] == NULL) {
        tell(import, sheet, first, _("this row has no course name"));
    } else if (day == NULL || !import_day_read(day->folded, &course->day)) {
        tell(import, sheet, day != NULL ? day : first,
             _("this is no day of the week; write 1 to 7, or 一 to 日"));
    } else if (course->first < 1 || course->last < course->first) {
        tell(import, sheet, first,
             _("from which period to which is not said; write numbers from 1 on, the first one "
               "not after the last"));
    } else if (weeks != NULL && import_weeks_read(weeks->folded, &course->weeks) < 0) {
        tell(import, sheet, weeks, _("these are no weeks; write them as 1-5、7-11单"));
    } else {
        return true;
    }
    return false;
}

/* 第一节 …, made when a course needs it. */
static int find_period(struct import *import, int number, size_t *period)
{
    char text[24];
    char name[IMPORT_TEXT_BYTES_MOST + 1];
    snprintf(text, sizeof(text), "%d", number);
    import_period_call(text, name, sizeof(name));
    for (size_t i = 0; i < import->period_count; i++) {
        if (strcmp(import->periods[i].name, name) == 0) {
            *period = i;
            return 0;
        }
    }
    /* Sorted by number: times are filled in by the operator. */
    const struct import_period made = {.name = name, .doubts = IMPORT_DOUBT_TIME};
    const int result = import_add_period(import, &made);
    *period = import->period_count - 1;
    return result;
}

static int add_course(struct import *import, const struct import_sheet *sheet,
                      const struct course *course)
{
    char place[IMPORT_PLACE_SIZE];
    const struct import_cell *teacher = course->cells[COLUMN_TEACHER];
    import_sheet_place(sheet, course->cells[COLUMN_NAME], place);
    const struct import_lesson lesson = {.subject = course->cells[COLUMN_NAME]->text,
                                         .teacher = teacher != NULL ? teacher->text : NULL,
                                         .place = place};
    const size_t number = import->lesson_count;
    int result = import_add_lesson(import, &lesson);
    for (int i = course->first; i <= course->last && result == 0; i++) {
        size_t period = 0;
        result = find_period(import, i, &period);
        const struct import_entry entry = {.lesson = number,
                                           .period = period,
                                           .day = course->day,
                                           .weeks = course->weeks,
                                           .place = place};
        result = result == 0 ? import_add_entry(import, &entry) : result;
    }
    return result;
}

static int last_period(struct import *import, const struct import_sheet *sheet)
{
    int last = 0;
    for (int row = 1; row < import_sheet_rows(sheet); row++) {
        const int number = number_in(import_sheet_at(sheet, row, COLUMN_LAST));
        last = number > last ? number : last;
    }
    for (int number = 1; number <= last; number++) {
        size_t period = 0;
        const int result = find_period(import, number, &period);
        if (result < 0) {
            return result;
        }
    }
    return 0;
}

int import_wakeup_read(struct import *import, const struct import_sheet *sheet)
{
    import->has_titles = false;
    if (!import_wakeup_knows(sheet)) {
        import_report(import, PROBLEM_ERROR, NULL,
                      _("this is no WakeUp file: its first line must be %s"),
                      "课程名称,星期,开始节数,结束节数,老师,地点,周数");
        return -EBADMSG;
    }
    int result = last_period(import, sheet); /* all of them, in order */
    for (int row = 1; row < import_sheet_rows(sheet) && result == 0; row++) {
        struct course course;
        if (read_course(import, sheet, row, &course)) {
            result = add_course(import, sheet, &course);
        }
    }
    return result;
}
