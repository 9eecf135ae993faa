/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_lesson.h"

#include "playout/intl.h"
#include "scheduler/store/store_inner.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS                                                                                    \
    "house_number, grade, subject, title, teacher, school, channel, changed_ms, changed_by"

enum { DIGITS_MOST = 9 };

int store_note_house_number(struct store *store, const char *house_number, int64_t now_ms,
                            const char *author)
{
    const int result = store_check_name(store, _("the house number"), house_number);
    if (result < 0) {
        return result;
    }
    return store_run(store,
                     "INSERT INTO house_numbers AS old (house_number, noted_ms, noted_by) "
                     "VALUES ($1, $2, $3) ON CONFLICT (house_number) DO UPDATE SET "
                     "noted_ms = excluded.noted_ms, noted_by = excluded.noted_by "
                     "WHERE excluded.noted_ms < old.noted_ms",
                     SQL_ARGS(sql_text(house_number), sql_integer(now_ms), sql_text(author)));
}

/* The number behind the prefix; 0 when there are other characters. */
static int64_t number_of(const char *house_number, const char *prefix)
{
    const char *digits = house_number + strlen(prefix);
    const size_t count = strspn(digits, "0123456789");
    return count > 0 && count <= DIGITS_MOST && digits[count] == '\0' ? strtoll(digits, NULL, 10)
                                                                      : 0;
}

static int find_highest(struct store *store, const char *prefix, int64_t *highest)
{
    struct store_rows rows;
    const int result = store_fetch(store,
                                   "SELECT house_number FROM house_numbers "
                                   "WHERE substr(house_number, 1, length($1)) = $1",
                                   SQL_ARGS(sql_text(prefix)), &rows);
    *highest = 0;
    for (size_t i = 0; result == 0 && i < rows.count; i++) {
        const int64_t number = number_of(store_rows_at(&rows, i)[0].text, prefix);
        *highest = number > *highest ? number : *highest;
    }
    store_rows_finish(&rows);
    return result;
}

int store_house_number_issue(struct store *store, const char *prefix, int64_t now_ms,
                             const char *author, char house_number[STORE_HOUSE_NUMBER_SIZE])
{
    char text[STORE_HOUSE_NUMBER_SIZE];
    int64_t highest = 0;
    if (strlen(prefix) + DIGITS_MOST > STORE_NAME_MOST) {
        return store_complain(store, -E2BIG, _("the prefix of house numbers is too long"));
    }
    int result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = find_highest(store, prefix, &highest);
    if (result == 0) {
        snprintf(text, sizeof(text), "%s%02" PRId64, prefix, highest + 1);
        if (number_of(text, prefix) != highest + 1) {
            result = store_complain(store, -ERANGE,
                                    _("house numbers that begin with '%s' have "
                                      "run out: choose another prefix"),
                                    prefix);
        }
    }
    if (result == 0) {
        result = store_note_house_number(store, text, now_ms, author);
    }
    result = store_end(store, result);
    if (result == 0) {
        memcpy(house_number, text, sizeof(text));
    }
    return result;
}

static int check(struct store *store, const struct store_lesson *lesson)
{
    int result = store_check_name(store, _("the house number"), lesson->house_number);
    if (result == 0) {
        result = store_check_text(store, _("the title"), lesson->title, STORE_NOTE_MOST);
    }
    if (result == 0) {
        result = store_check_name(store, _("the author's name"), lesson->changed_by);
    }
    return result;
}

int store_lesson_put(struct store *store, const struct store_lesson *lesson)
{
    int result = check(store, lesson);
    if (result < 0) {
        return result;
    }
    result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = store_note_house_number(store, lesson->house_number, lesson->changed_ms,
                                     lesson->changed_by);
    if (result == 0) {
        result = store_run(
            store,
            "INSERT INTO lessons AS old (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
            "ON CONFLICT (house_number) DO UPDATE SET grade = excluded.grade, "
            "subject = excluded.subject, title = excluded.title, teacher = excluded.teacher, "
            "school = excluded.school, channel = excluded.channel, "
            "changed_ms = excluded.changed_ms, changed_by = excluded.changed_by "
            "WHERE old.grade <> excluded.grade OR old.subject <> excluded.subject OR "
            "old.title <> excluded.title OR old.teacher <> excluded.teacher OR "
            "old.school <> excluded.school OR old.channel <> excluded.channel",
            SQL_ARGS(sql_text(lesson->house_number), sql_text(lesson->grade),
                     sql_text(lesson->subject), sql_text(lesson->title), sql_text(lesson->teacher),
                     sql_text(lesson->school), sql_text(lesson->channel),
                     sql_integer(lesson->changed_ms), sql_text(lesson->changed_by)));
    }
    return store_end(store, result);
}

int store_lesson_list(struct store *store, struct store_rows *rows)
{
    return store_fetch(store, "SELECT " COLUMNS " FROM lessons ORDER BY house_number", NULL, 0,
                       rows);
}

int store_lesson_find(struct store *store, const char *house_number, struct store_rows *rows)
{
    return store_fetch(store, "SELECT " COLUMNS " FROM lessons WHERE house_number = $1",
                       SQL_ARGS(sql_text(house_number)), rows);
}

struct store_lesson store_lesson_at(const struct store_rows *rows, size_t row)
{
    const struct sql_value *values = store_rows_at(rows, row);
    return (struct store_lesson){.house_number = values[0].text,
                                 .grade = values[1].text,
                                 .subject = values[2].text,
                                 .title = values[3].text,
                                 .teacher = values[4].text,
                                 .school = values[5].text,
                                 .channel = values[6].text,
                                 .changed_ms = values[7].integer,
                                 .changed_by = values[8].text};
}
