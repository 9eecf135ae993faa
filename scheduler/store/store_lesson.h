/* SPDX-License-Identifier: MIT */
/*
 * store_lesson: house numbers (节目代码) and the lessons that bear them.
 *
 * A house number is noted when anything mentions it for the first time, and
 * never given out a second time.
 */
#ifndef SCHEDULER_STORE_STORE_LESSON_H
#define SCHEDULER_STORE_STORE_LESSON_H

#include "scheduler/store/store.h"

enum { STORE_HOUSE_NUMBER_SIZE = STORE_NAME_MOST + 1 };

struct store_lesson {
    const char *house_number;
    const char *grade; /* this and the following may be "" */
    const char *subject;
    const char *title;
    const char *teacher;
    const char *school;
    const char *channel; /* of its first run */
    int64_t changed_ms;
    const char *changed_by;
};

/*
 * Issues the next house number that begins with `prefix`: "KT-" gives KT-01,
 * KT-02 ... KT-99, KT-100, after the highest one that is known.  0, -ERANGE
 * when numbers have run out.
 */
int store_house_number_issue(struct store *store, const char *prefix, int64_t now_ms,
                             const char *author, char house_number[STORE_HOUSE_NUMBER_SIZE]);

/* Writes a lesson, or what has become of it.  The same again changes nothing. */
int store_lesson_put(struct store *store, const struct store_lesson *lesson);

/* By house number. */
int store_lesson_list(struct store *store, struct store_rows *rows);
/* One lesson: no row when it is unknown. */
int store_lesson_find(struct store *store, const char *house_number, struct store_rows *rows);
struct store_lesson store_lesson_at(const struct store_rows *rows, size_t row);

#endif
