/* SPDX-License-Identifier: MIT */
/* Which house numbers lessons get over a timetable that is there. */
#include "scheduler/import/import_known.h"

#include "scheduler/import/import.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD   "节次,时间,周一,周二\n"
#define FIRST  "1,8:00-8:40,"
#define SECOND "2,8:45-9:25,"

/* LESSON(N, T): number N is the lesson of T. */
#define LESSON(number, title)                                                                      \
    "  - {house_number: " number ", grade: 一年级, subject: 语文, title: " title "}\n"

/*
 * The numbers of a sheet's lessons, each with its title: `K-1-1 甲; ...`; * where it is kept,
 * + where that is of a timetable beside it.
 */
static void number(const char *sheet, int week, const struct import_known *known, char *text,
                   size_t size)
{
    const struct import_request request = {.prefix = "K", .week = week, .known = known};
    struct import import;
    size_t used = 0;
    assert_int_equal(import_init(&import, "a.csv"), 0);
    assert_int_equal(import_read(&import, &request, sheet, strlen(sheet)), 0);
    text[0] = '\0';
    for (size_t i = 0; i < import.lesson_count; i++) {
        const struct import_lesson *lesson = &import.lessons[i];
        used += (size_t)snprintf(text + used, size - used, "%s%s%s%s %s", i > 0 ? "; " : "",
                                 lesson->house_number, lesson->keeps_number ? "*" : "",
                                 lesson->is_beside ? "+" : "", import_lesson_title(lesson));
        assert_true(used < size);
    }
    import_finish(&import);
}

struct story {
    const char *timetables[3]; /* of before, the newest first; with a week: beside it */
    const char *media;         /* a house number of the library, or NULL */
    const char *sheet;
    const char *numbers;
    int week;
};

static void check(const struct story *story)
{
    struct import_known known = {.library = library_create()};
    char text[400];
    for (size_t i = 0; i < 3 && story->timetables[i] != NULL; i++) {
        const char *timetable = story->timetables[i];
        const bool is_beside = story->week > 0;
        assert_int_equal(import_known_add(&known, timetable, strlen(timetable), is_beside), 0);
    }
    if (story->media != NULL) {
        char house_number[20];
        char profile[] = "hd";
        snprintf(house_number, sizeof(house_number), "%s", story->media);
        const struct library_asset asset = {.house_number = house_number, .profile = profile};
        assert_int_equal(library_add(known.library, &asset), 0);
    }
    number(story->sheet, story->week, &known, text, sizeof(text));
    assert_string_equal(text, story->numbers);
    import_known_finish(&known);
}

/* What stood where new lessons stand: `K-1-1-2 < K-1-1 甲; ...`. */
static void check_before(const char *const timetable, int week, const char *sheet,
                         const char *before)
{
    struct import_known known = {0};
    const struct import_request request = {.prefix = "K", .week = week, .known = &known};
    struct import import;
    char text[200] = "";
    size_t used = 0;
    assert_int_equal(import_known_add(&known, timetable, strlen(timetable), false), 0);
    assert_int_equal(import_init(&import, "a.csv"), 0);
    assert_int_equal(import_read(&import, &request, sheet, strlen(sheet)), 0);
    for (size_t i = 0; i < import.lesson_count; i++) {
        const struct import_lesson *lesson = &import.lessons[i];
        if (lesson->before != NULL) {
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s < %s",
                                     used > 0 ? "; " : "", lesson->house_number, lesson->before);
        }
    }
    assert_string_equal(text, before);
    import_finish(&import);
    import_known_finish(&known);
}

static void a_repeat_may_be_of_a_lesson_of_before(void **state)
{
    (void)state;
    static const struct story stories[] = {
        /* it has no first run here, and is a lesson of this timetable all the same */
        {{"lessons:\n" LESSON("K-7-1", "甲")},
         NULL,
         HEAD FIRST "一年级 语文 乙,重播 K-7-1\n",
         "K-1-1 乙; K-7-1* 甲",
         0},
        {{"lessons:\n" LESSON("K-7-1", "甲")},
         NULL,
         HEAD FIRST "重播 K-7-1,\n" SECOND "重播 K-7-1,一年级 语文 乙\n",
         "K-7-1* 甲; K-2-2 乙",
         0},
        {{"periods: []\nlessons:\n" LESSON("K-7-1", "甲")},
         NULL,
         HEAD FIRST "一年级 语文 乙,重播 K-7-1\n",
         "K-W03-1-1 乙; K-7-1*+ 甲",
         3},
        /* it keeps its number here, wherever that is */
        {{"lessons:\n" LESSON("K-7-1", "甲")},
         NULL,
         HEAD FIRST "一年级 语文 甲,重播 K-7-1\n",
         "K-7-1* 甲",
         0},
        /* another week's may go; and so it is none */
        {{"lessons:\n" LESSON("K-7-1", "甲")},
         NULL,
         HEAD FIRST "一年级 语文 乙,重播 K-7-1\n",
         "K-W03-1-1 乙; K-W03-2-1 K-7-1",
         3},
    };
    for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
        check(&stories[i]);
    }
}

static void a_new_number_knows_what_stood_there(void **state)
{
    (void)state;
    /* its title was corrected; the other keeps its number */
    check_before("lessons:\n" LESSON("KT-7", "甲") LESSON("K-2-1", "乙") "grid: {第一节: [KT-7, "
                                                                         "K-2-1]}\n",
                 0, HEAD FIRST "一年级 语文 甲（一）,一年级 语文 乙\n", "K-1-1 < KT-7 甲");
    /* what has only moved is not lost; days may be said in any order */
    check_before("lessons:\n" LESSON("K-1-1", "甲")
                     LESSON("K-2-1", "乙") "days: [tue, mon]\n"
                                           "grid: {第一节: [K-2-1, K-1-1]}\n",
                 0, HEAD FIRST "一年级 语文 丙,一年级 语文 甲\n", "");
    check_before(
        "lessons:\n" LESSON("K-1-1", "甲") LESSON("K-2-1", "乙") "days: [tue, mon]\n"
                                                                 "grid: {第一节: [K-2-1, K-1-1]}\n",
        0, HEAD FIRST "一年级 语文 丙,一年级 语文 丁\n", "K-1-1-2 < K-1-1 甲; K-2-1-2 < K-2-1 乙");
    /* of a week */
    check_before("lessons:\n" LESSON("K-W03-1-1", "甲") "weeks: [{week: 3, days: [周一], grid: "
                                                        "{第一节: [K-W03-1-1]}}]\n",
                 3, HEAD FIRST "一年级 语文 丙,一年级 语文 丁\n", "K-W03-1-1-2 < K-W03-1-1 甲");
    /* nothing is in such a cell, nor where there is no such grid */
    check_before("lessons:\n" LESSON("K-1-1", "甲") "days: 1\ngrid: {第一节: [[K-1-1], null], "
                                                    "第二节: K-1-1}\n",
                 0, HEAD FIRST "一年级 语文 丙,一年级 语文 丁\n" SECOND "一年级 语文 戊,\n", "");
}

/* What is told of a sheet that names no grades. */
static void check_grades(const char *timetable, int week, const char *sheet, const char *told)
{
    struct import_known known = {0};
    const struct import_request request = {.prefix = "K", .week = week, .known = &known};
    struct import import;
    size_t found = 0;
    assert_int_equal(import_known_add(&known, timetable, strlen(timetable), week > 0), 0);
    assert_int_equal(import_init(&import, "a.csv"), 0);
    assert_int_equal(import_read(&import, &request, sheet, strlen(sheet)), 0);
    for (size_t i = 0; i < import.problems.count; i++) {
        const char *text = import.problems.items[i].text;
        if (strstr(text, "has no grade here") != NULL) {
            found++;
            assert_non_null(told);
            assert_non_null(strstr(text, told));
        }
    }
    assert_int_equal(found, told != NULL);
    import_finish(&import);
    import_known_finish(&known);
}

static void a_grade_that_a_sheet_leaves_out_is_asked_for(void **state)
{
    (void)state;
    static const char base[] =
        "periods: []\nlessons:\n" LESSON("K-1-1", "甲") LESSON("K-2-1", "乙");
    check_grades(base, 3, HEAD FIRST "语文 甲,语文 乙\n" SECOND "语文 丙,\n",
                 "甲 has no grade here (and in 1 more cell), and so gets a new house number; the "
                 "timetable has it as K-1-1 of 一年级: say --grade 一年级, and");
    check_grades(base, 0, HEAD FIRST "语文 丙,语文 乙\n", "as K-2-1 of 一年级: say --grade 一年级");
    check_grades(base, 0, HEAD FIRST "二年级 语文 甲,语文 乙\n",
                 "write the grade into the cell, as in 一年级 语文");
    check_grades(base, 0, HEAD FIRST "一年级 语文 甲,一年级 语文 乙\n", NULL);
    check_grades(base, 0, HEAD FIRST "语文 丙,数学 甲\n", NULL);
    check_grades("grade: 一年级\nlessons:\n  - {house_number: K-9, subject: 语文, title: 甲}\n", 0,
                 HEAD FIRST "语文 甲,\n", NULL);
}

static void a_number_stays_with_its_lesson(void **state)
{
    (void)state;
    static const struct story stories[] = {
        {{"lessons:\n" LESSON("K-1-1", "甲") LESSON("K-2-1", "乙")},
         NULL,
         HEAD FIRST "一年级 语文 甲,一年级 语文 乙\n",
         "K-1-1* 甲; K-2-1* 乙",
         0},
        /* wherever it now stands, and whatever its number is */
        {{"lessons:\n" LESSON("K-1-1", "甲") LESSON("KT-7", "乙")},
         NULL,
         HEAD FIRST "一年级 语文 乙,一年级 语文 甲\n",
         "KT-7* 乙; K-1-1* 甲",
         0},
        /* of several of one name each keeps that of its place */
        {{"lessons:\n" LESSON("K-1-1", "复习") LESSON("K-2-1", "复习")},
         NULL,
         HEAD FIRST "一年级 语文 古诗,一年级 语文 复习\n",
         "K-1-1-2 古诗; K-2-1* 复习",
         0},
        {{"lessons:\n  - {house_number: K-1-1, subject: 语文, title: 语文}\n"},
         NULL,
         HEAD FIRST "语文,数学\n",
         "K-1-1* 语文; K-2-1 数学",
         0},
        /* the grade of the whole file is that of lessons which name none, here and there */
        {{"grade: 一年级\nlessons:\n  - {house_number: K-9, subject: 语文, title: 甲}\n" LESSON(
             "K-8", "乙")},
         NULL,
         HEAD FIRST "一年级 语文 甲,语文 乙\n",
         "K-9* 甲; K-8* 乙",
         0},
        /* an older timetable counts, but for what its numbers have become since */
        {{"lessons:\n" LESSON("K-1-1", "丙"),
          "lessons:\n" LESSON("K-1-1", "甲") LESSON("K-2-1", "乙")},
         NULL,
         HEAD FIRST "一年级 语文 甲,一年级 语文 乙\n",
         "K-1-1-2 甲; K-2-1* 乙",
         0},
    };
    for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
        check(&stories[i]);
    }
}

static void another_lesson_never_gets_it(void **state)
{
    (void)state;
    static const struct story stories[] = {
        {{"lessons:\n" LESSON("K-1-1", "甲")},
         NULL,
         HEAD FIRST "一年级 语文 乙,一年级 数学 甲\n",
         "K-1-1-2 乙; K-2-1 甲",
         0},
        {{"lessons:\n" LESSON("K-1-1", "甲")},
         NULL,
         HEAD FIRST "二年级 语文 甲,-\n",
         "K-1-1-2 甲",
         0},
        {{"grade: 二年级\nlessons:\n" LESSON("K-1-1", "甲")},
         NULL,
         HEAD FIRST "语文 甲,-\n",
         "K-1-1-2 甲",
         0},
        /* the third week, and one whose older copies are gone */
        {{"lessons:\n" LESSON("K-1-1-2", "乙"), "lessons:\n" LESSON("K-1-1", "甲")},
         NULL,
         HEAD FIRST "一年级 语文 丙,-\n",
         "K-1-1-3 丙",
         0},
        {{"lessons:\n" LESSON("K-1-1-9", "壬")},
         NULL,
         HEAD FIRST "一年级 语文 癸,-\n",
         "K-1-1-10 癸",
         0},
        {{"lessons: []\nfillers:\n  - {house_number: K-1-1, title: 甲}\n"},
         NULL,
         HEAD FIRST "甲,-\n",
         "K-1-1-2 甲",
         0},
        {{NULL}, "K-1-1", HEAD FIRST "一年级 语文 甲,-\n", "K-1-1-2 甲", 0},
        {{"lessons:\n" LESSON("K-1-1", "甲")},
         "K-1-1-2",
         HEAD FIRST "一年级 语文 乙,-\n",
         "K-1-1-3 乙",
         0},
        {{"lessons:\n" LESSON("K-1-1", "甲")},
         "K-1-1",
         HEAD FIRST "一年级 语文 甲,-\n" SECOND "一年级 语文 乙,-\n",
         "K-1-1* 甲; K-1-2 乙",
         0},
    };
    for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
        check(&stories[i]);
    }
}

#define BY(number, title, teacher)                                                                 \
    "  - {house_number: " number ", grade: 一年级, subject: 语文, title: " title                   \
    ", teacher: " teacher "}\n"

/* The timetable of the channel has periods; that of a week has none. */
#define BASE "periods: []\n"

static void a_week_keeps_the_numbers_of_the_channels_timetable(void **state)
{
    (void)state;
    static const struct story stories[] = {
        {{BASE "lessons:\n" BY("KT-3", "甲", "王老师") LESSON("K-W02-1-1", "乙")},
         NULL,
         HEAD FIRST "一年级 语文 乙,一年级 语文 甲 王老师\n",
         "K-W02-1-1*+ 乙; KT-3*+ 甲",
         3},
        /* of several of one name that of its place in every week */
        {{BASE "lessons:\n" LESSON("K-1-1", "复习") LESSON("K-2-1", "复习")},
         NULL,
         HEAD FIRST "一年级 数学 加法,一年级 语文 复习\n",
         "K-W03-1-1 加法; K-2-1*+ 复习",
         3},
        /* another lesson of the title: another subject, grade, teacher, or one more of them */
        {{BASE "lessons:\n" BY("K-1-1", "复习", "王老师")},
         NULL,
         HEAD FIRST "一年级 数学 复习,二年级 语文 复习\n" SECOND
                    "一年级 语文 复习 李老师,一年级 语文 复习\n",
         "K-W03-1-1 复习; K-W03-2-1 复习; K-W03-1-2 复习; K-1-1*+ 复习",
         3},
        {{BASE "lessons:\n" LESSON("K-1-1", "复习")},
         NULL,
         HEAD FIRST "一年级 语文 复习,一年级 语文 复习\n",
         "K-1-1*+ 复习; K-W03-2-1 复习",
         3},
        /* without a title nothing says that it is the same */
        {{BASE "lessons:\n  - {house_number: K-1-1, subject: 语文, title: 语文}\n"},
         NULL,
         HEAD FIRST "语文,数学\n",
         "K-W03-1-1 语文; K-W03-2-1 数学",
         3},
        /* the grade of the channel's file is that of its additions, too */
        {{BASE "lessons:\n  - {house_number: K-8, subject: 语文, title: 甲}\n",
          "grade: 一年级\n" BASE "lessons:\n  - {house_number: K-9, subject: 语文, title: 乙}\n"},
         NULL,
         HEAD FIRST "一年级 语文 甲,语文 乙\n",
         "K-8*+ 甲; K-9*+ 乙",
         3},
        /* a change elsewhere that names the lesson */
        {{"changes:\n  - {date: 2020-02-19, period: 第三节, house_number: KT-3}\n",
          BASE "lessons:\n" LESSON("KT-3", "甲")},
         NULL,
         HEAD FIRST "一年级 语文 甲,-\n",
         "KT-3*+ 甲",
         3},
        /* that of another week, which may be deleted: its numbers are given away, too */
        {{"lessons:\n" LESSON("K-W02-1-1", "甲") LESSON("K-W03-2-1", "乙")},
         NULL,
         HEAD FIRST "一年级 语文 甲,一年级 语文 丙\n",
         "K-W03-1-1 甲; K-W03-2-1-2 丙",
         3},
    };
    for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
        check(&stories[i]);
    }
}

static void what_is_no_timetable_gives_no_number(void **state)
{
    (void)state;
    static const char *const texts[] = {"mine", "[a, b]", "a: [", "- {house_number: K-1-1}"};
    struct import_known known = {0};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(import_known_add(&known, texts[i], strlen(texts[i]), false), -EINVAL);
    }
    assert_int_equal(known.count, 0);
    assert_false(import_known_has(&known, "K-1-1"));
    import_known_finish(&known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grade_that_a_sheet_leaves_out_is_asked_for),
        cmocka_unit_test(a_number_stays_with_its_lesson),
        cmocka_unit_test(a_repeat_may_be_of_a_lesson_of_before),
        cmocka_unit_test(a_new_number_knows_what_stood_there),
        cmocka_unit_test(another_lesson_never_gets_it),
        cmocka_unit_test(a_week_keeps_the_numbers_of_the_channels_timetable),
        cmocka_unit_test(what_is_no_timetable_gives_no_number),
    };
    return cmocka_run_group_tests_name("import_known", tests, NULL, NULL);
}
