/* SPDX-License-Identifier: MIT */
/* The grade of a sheet whose cells name none. */
#include "scheduler/import/import_title.h"

#include "scheduler/import/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct title {
    const char *text;
    const char *grade; /* "": none */
};

static void one_grade_is_found_wherever_it_stands(void **state)
{
    (void)state;
    static const struct title titles[] = {
        {"三年级 第14周课程表", "三年级"},
        {"张店区三年级电视课堂课程表", "三年级"},
        {"第14周 3年级", "三年级"},
        {"2020-02-17 三年级", "三年级"},
        {"小学三年级课程表(三年级)", "三年级"},
        {"十一年级", "十一年级"},
        {"高一年级 第2周", "高一年级"},
        {"广州 高一 2020年3月2日(周一)", "高一"},
        {"Grade 3, week 2", "Grade 3"},
        {"全体师生 九年级频道", "九年级"},
        {"第3周课表", ""},
        {"张店电视课堂-小学 第2周", ""},
        {"全体", ""},
        {"大小一致", ""},
        {"Lessons on television, Term 1 2020", ""},
        {"Lessons 3", ""},
    };
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        struct import_title_grade grade = {0};
        import_title_grade_add(&grade, titles[i].text, NULL);
        if (strcmp(grade.name, titles[i].grade) != 0) {
            fail_msg("'%s' is taken as '%s'", titles[i].text, grade.name);
        }
        assert_false(grade.is_several);
    }
}

static void of_several_none_is_meant(void **state)
{
    (void)state;
    static const char *const titles[] = {
        "一至六年级课程表",   "1-6年级",          "三、四年级",
        "三四年级课程表",     "一年级到三年级",   "一年级、二年级 第3周",
        "三年级/四年级 语文", "Grade 3, Grade 4",
    };
    struct import_title_grade both = {0};
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        struct import_title_grade grade = {0};
        import_title_grade_add(&grade, titles[i], NULL);
        if (!grade.is_several || grade.name[0] != '\0') {
            fail_msg("'%s' is taken as '%s'", titles[i], grade.name);
        }
    }
    import_title_grade_add(&both, "三年级", NULL);
    import_title_grade_add(&both, "四年级", NULL);
    import_title_grade_add(&both, "三年级", NULL);
    assert_true(both.is_several);
    assert_string_equal(both.name, "");
}

#define HEAD "节次,时间,周一,周二\n"
#define ROW  "1,8:00-8:40,语文 甲,四年级 数学 乙\n"

struct story {
    const char *text;
    const char *asked; /* --grade; NULL: not said */
    const char *grades[2];
    const char *told; /* NULL: nothing */
};

static void lessons_that_name_none_have_it(void **state)
{
    (void)state;
    static const struct story stories[] = {
        {"三年级 第14周课程表,,,\n" HEAD ROW,
         NULL,
         {"三年级", "四年级"},
         "1 lesson names no grade and is taken as 三年级, which stands here"},
        {"第14周课程表,,,\n三年级,,,\n" HEAD "1,8:00-8:40,语文 甲,数学 乙\n",
         NULL,
         {"三年级", "三年级"},
         "2 lessons name no grade and are taken as 三年级, which stands here"},
        {"三、四年级,,,\n" HEAD "1,8:00-8:40,语文 甲,数学 乙\n", NULL, {NULL, NULL}, NULL},
        {"三年级,,,\n" HEAD "1,8:00-8:40,三年级 语文 甲,数学 乙\n",
         "三年级",
         {"三年级", "三年级"},
         "1 lesson names no grade"},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n", "3", {"三年级", "三年级"}, NULL},
        {HEAD "1,8:00-8:40,语文 甲,三年级 数学 乙\n", "三年级", {NULL, "三年级"}, NULL},
    };
    for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
        const struct story *story = &stories[i];
        const struct import_request request = {.grade = story->asked};
        struct import import;
        assert_int_equal(import_init(&import, "a.csv"), 0);
        assert_int_equal(import_read(&import, &request, story->text, strlen(story->text)), 0);
        assert_int_equal(import.lesson_count, 2);
        for (size_t k = 0; k < 2; k++) {
            const char *grade = import.lessons[k].grade;
            assert_string_equal(grade != NULL ? grade : "none",
                                story->grades[k] != NULL ? story->grades[k] : "none");
        }
        assert_int_equal(import.problems.count, story->told != NULL);
        if (story->told != NULL) {
            assert_non_null(strstr(import.problems.items[0].text, story->told));
        }
        import_finish(&import);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_grade_is_found_wherever_it_stands),
        cmocka_unit_test(of_several_none_is_meant),
        cmocka_unit_test(lessons_that_name_none_have_it),
    };
    return cmocka_run_group_tests_name("import_title", tests, NULL, NULL);
}
