/* SPDX-License-Identifier: MIT */
/* Which lesson a film is by its name: sure ones are right, and what could be two is asked about. */
#include "scheduler/film_match.h"
#include "scheduler/submit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/dice.h"
#include "tests/support/must.h"

static const struct film_lesson lessons[] = {
    {"ZD-W02-1-1", "春夏秋冬", "一年级", "语文", "示例教师01", "示例学校A"},
    {"ZD-W02-1-2", "有余数的除法(1)", "二年级", "数学", "示例教师02", "示例学校A"},
    {"ZD-W02-3-2", "有余数的除法(2)", "二年级", "数学", "示例教师02", "示例学校A"},
    {"ZD-W02-1-3", "练习", "三年级", "数学", "", ""},
    {"ZD-W02-1-4", "练习", "四年级", "数学", "", ""},
    {"KT-4", "水", "三年级", "科学", NULL, NULL},
    {"KT-4-2", "水的三态变化", "四年级", "科学", "示例教师04", NULL},
    {"KT-42", "Unit 1 Lesson 1", "三年级", "英语", NULL, NULL},
    {"KT-43", "Unit 1 Lesson 10", "三年级", "英语", NULL, NULL},
    {"KT-44", "古诗·村居", "二年级", "语文", NULL, NULL},
    {"KT-45", "荷花", "三年级", "语文", "王小明", NULL},
    {"KT-46", "荷花（第2课时）", "三年级", "语文", NULL, NULL},
    {"KT-47", "Café au lait", "九年级", "英语", NULL, NULL},
    {"FILL-01", NULL, NULL, NULL, NULL, NULL},
};

enum { LESSONS = sizeof(lessons) / sizeof(lessons[0]), MONDAY = 18309 /* 2020-02-17 */ };

static const struct film_airing airings[] = {
    {0, "zhangdian", "张店电视课堂", MONDAY, 2, "第一节", 30600},
    {1, "zhangdian", "张店电视课堂", MONDAY, 2, "第二节", 32100},
    {3, "zhangdian", "张店电视课堂", MONDAY, 2, "第三节", 33600},
    {4, "zhoucun", "周村电视课堂", MONDAY, 2, "第三节", 33600},
    {2, "zhangdian", "张店电视课堂", MONDAY + 2, 2, "第二节", 32100},
    {10, "zhangdian", "张店电视课堂", MONDAY + 7, 3, "第一节", 30600},
};

static struct film_matcher *create(void)
{
    struct film_matcher *matcher =
        film_matcher_create(lessons, LESSONS, airings, sizeof(airings) / sizeof(airings[0]));
    MUST(matcher != NULL);
    return matcher;
}

static void match_name(const struct film_matcher *matcher, const char *name,
                       struct film_match *match)
{
    struct film_said said;
    film_said_by_name(name, &said);
    film_match(matcher, &said, match);
}

/* Sure of a number; "?" and a number: doubtful, that one first; "": unknown. */
static void names_are_matched(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *number;
    } cases[] = {
        {"第02周_周一_第1节_一年级_语文_春夏秋冬_示例学校A_示例教师01_v1.mp4", "ZD-W02-1-1"},
        {"示例教师01-示例学校A-春夏秋冬-语文-一年级-第1节-周一-第02周.MP4", "ZD-W02-1-1"},
        {"第０２周＿周一＿第１节＿一年级＿语文＿春夏秋冬＿Ｖ２．mp4", "ZD-W02-1-1"},
        {"【第2周】星期一 第一节 一年级语文《春夏秋冬》（终稿）.mov", "ZD-W02-1-1"},
        {"一年级语文春夏秋冬.mp4", "ZD-W02-1-1"},
        {"春夏秋冬.mp4", "ZD-W02-1-1"},
        {"2020-02-17_第1节_一年级_语文.mp4", "ZD-W02-1-1"},
        {"20200217 第1节 一年级.mp4", "ZD-W02-1-1"},
        {"2月17日 第1节.mp4", "ZD-W02-1-1"},
        {"/inbox/学校/ZD-W02-1-1.mp4", "ZD-W02-1-1"},
        {"zd-w02-1-1.MP4", "ZD-W02-1-1"},
        {"ＺＤ－Ｗ０２－１－１.mp4", "ZD-W02-1-1"},
        {"ZD_W02_1_1.mp4", "ZD-W02-1-1"},
        {"有余数的除法（2）.mp4", "ZD-W02-3-2"},
        {"数学 有余数的除法(1) v3.mp4", "ZD-W02-1-2"},
        {"三年级数学练习.mp4", "ZD-W02-1-3"},
        {"KT-4.mp4", "KT-4"},
        {"KT-4-2.mp4", "KT-4-2"},
        {"KT-4-2_四年级科学_水的三态变化_示例教师04.mp4", "KT-4-2"},
        {"unit 1 lesson 10.mp4", "KT-43"},
        {"三年级英语 Unit 1 Lesson 1.mp4", "KT-42"},
        {"古诗村居.mp4", "KT-44"},
        {"荷花 第2课时.mp4", "KT-46"},
        {"荷花_王老师.mp4", "KT-45"},
        {"Cafe\xcc\x81 AU lait.mp4", "KT-47"},
        {"KT-45.终稿.mp4", "KT-45"},
        {"FILL-01.mp4", "FILL-01"},
        {"fill-01 v2.mp4", "FILL-01"},

        {"KT-45 春夏秋冬.mp4", "?KT-45"},           /* number and title say two */
        {"KT-45 KT-44.mp4", "?KT-44"},              /* so do two numbers */
        {"KT-45_1.mp4", "?KT-45"},                  /* a copy, or KT-45-1? */
        {"KT45.mp4", "?KT-45"},                     /* nearly */
        {"练习.mp4", "?ZD-W02-1-3"},                /* two lessons */
        {"第2周周一第3节.mp4", "?ZD-W02-1-3"},      /* two channels */
        {"水的三态.mp4", "?KT-4-2"},                /* a part */
        {"春夏秋冬的教学设计.mp4", "?ZD-W02-1-1"},  /* more than it */
        {"春夏秋冬 第3课时.mp4", "?ZD-W02-1-1"},    /* of which nobody knows */
        {"五年级语文春夏秋冬.mp4", "?ZD-W02-1-1"},  /* another grade */
        {"春夏秋冬_示例教师09.mp4", "?ZD-W02-1-1"}, /* another teacher */
        {"春夏秋冬_张小明.mp4", "?ZD-W02-1-1"},
        {"第2周_周一_第2节_春夏秋冬.mp4", "?ZD-W02-1-1"},
        {"第2周_周一_第1节_望庐山瀑布.mp4", "?ZD-W02-1-1"}, /* the slot has another title */

        {"微信视频.mp4", ""},
        {"VID_20200214_083000.mp4", ""},
        {"语文.mp4", ""},
        {"第2周_周二_第9节.mp4", ""},
        {"KT-422.mp4", ""},
        {".mp4", ""},
        {"", ""},
        {"\xff\xfe.mp4", ""},
    };
    struct film_matcher *matcher = create();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct film_match match;
        char got[64] = "";
        match_name(matcher, cases[i].name, &match);
        if (match.verdict != FILM_UNKNOWN) {
            snprintf(got, sizeof(got), "%s%s", match.verdict == FILM_DOUBTFUL ? "?" : "",
                     match.candidates[0].lesson->house_number);
        }
        if (strcmp(got, cases[i].number) != 0) {
            fail_msg("%s: '%s', not '%s' (pro %x, con %x)", cases[i].name, got, cases[i].number,
                     match.candidates[0].pro, match.candidates[0].con);
        }
        assert_true(match.verdict != FILM_SURE || match.count == 1);
    }
    film_matcher_destroy(matcher);
}

static void a_list_counts_more_than_a_name(void **state)
{
    (void)state;
    struct film_matcher *matcher = create();
    struct film_match match;
    struct film_said said;
    film_said_by_name("IMG_0012.mp4", &said);
    film_said_add(&said, FILM_COLUMN_NUMBER, "kt-45");
    film_match(matcher, &said, &match);
    assert_int_equal(match.verdict, FILM_SURE);
    assert_string_equal(match.candidates[0].lesson->house_number, "KT-45");

    film_said_by_name("KT-44.mp4", &said);
    film_said_add(&said, FILM_COLUMN_NUMBER, "KT-45");
    film_match(matcher, &said, &match);
    assert_int_equal(match.verdict, FILM_DOUBTFUL);

    film_said_by_name("KT-44.mp4", &said);
    film_said_add(&said, FILM_COLUMN_NUMBER, "KT-99");
    film_match(matcher, &said, &match);
    assert_int_equal(match.verdict, FILM_DOUBTFUL);

    film_said_by_name("IMG_0012.mp4", &said);
    film_said_add(&said, FILM_COLUMN_DATE, "2020-02-17");
    film_said_add(&said, FILM_COLUMN_PERIOD, "3");
    film_match(matcher, &said, &match);
    assert_int_equal(match.verdict, FILM_DOUBTFUL);
    film_said_add(&said, FILM_COLUMN_CHANNEL, "周村电视课堂");
    film_match(matcher, &said, &match);
    assert_int_equal(match.verdict, FILM_SURE);
    assert_string_equal(match.candidates[0].lesson->house_number, "ZD-W02-1-4");

    film_said_by_name("a.mp4", &said);
    film_said_add(&said, FILM_COLUMN_TITLE, "练习");
    film_said_add(&said, FILM_COLUMN_GRADE, "4年级");
    film_match(matcher, &said, &match);
    assert_int_equal(match.verdict, FILM_SURE);
    film_matcher_destroy(matcher);
}

static void a_version_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int version;
    } cases[] = {{"KT-45_v2.mp4", 2}, {"KT-45 V12.mp4", 12}, {"荷花 第3版.mp4", 3},
                 {"荷花.mp4", 0},     {"video5.mp4", 0},     {"v2ray.mp4", 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct film_said said;
        film_said_by_name(cases[i].name, &said);
        assert_int_equal(said.version, cases[i].version);
    }
}

static size_t put(char *name, size_t length, const char *text)
{
    return length + (size_t)snprintf(name + length, 512 - length, "%s", text);
}

/*
 * Parts of one lesson and its slot in any order and with any signs between them: never
 * sure of another one; sure when nothing lacks.
 */
static void parts_in_any_order_never_name_another(void **state)
{
    (void)state;
    static const char *const joints[] = {"_", "-", " ", "＿", "　", "、", "·"};
    struct film_matcher *matcher = create();
    struct dice dice = dice_seeded();
    for (int round = 0; round < 3000; round++) {
        const struct film_lesson *lesson = &lessons[dice_between(&dice, 0, 2)];
        const struct film_airing *airing = &airings[0];
        for (size_t i = 0; &lessons[airing->lesson] != lesson; i++) {
            airing = &airings[i];
        }
        static const char *const days[] = {"周一", "周二", "周三"};
        const char *parts[] = {"第02周",        days[airing->date - MONDAY],
                               airing->period,  lesson->grade,
                               lesson->subject, lesson->title,
                               lesson->teacher, "v1"};
        enum { PARTS = sizeof(parts) / sizeof(parts[0]) };
        char name[512] = "";
        size_t length = 0;
        bool is_whole = true;
        for (size_t i = 0; i < PARTS; i++) {
            const size_t other = (size_t)dice_between(&dice, (int64_t)i, PARTS - 1);
            const char *part = parts[other];
            parts[other] = parts[i];
            const bool is_left_out = dice_once_in(&dice, 6);
            is_whole = is_whole && !is_left_out;
            length = is_left_out ? length : put(name, length, part);
            length = put(name, length, joints[dice_between(&dice, 0, 6)]);
        }
        put(name, length, ".mp4");
        struct film_match match;
        match_name(matcher, name, &match);
        if ((is_whole && match.verdict != FILM_SURE) ||
            (match.verdict == FILM_SURE &&
             match.candidates[0].lesson->house_number != lesson->house_number)) {
            fail_msg("%s: %d, %s, not %s (pro %x, con %x)", name, (int)match.verdict,
                     match.count > 0 ? match.candidates[0].lesson->house_number : "none",
                     lesson->house_number, match.candidates[0].pro, match.candidates[0].con);
        }
    }
    film_matcher_destroy(matcher);
}

static void any_bytes_are_a_name(void **state)
{
    (void)state;
    struct film_matcher *matcher = create();
    struct dice dice = dice_seeded();
    for (int round = 0; round < 5000; round++) {
        char name[2000];
        const size_t length = (size_t)dice_between(&dice, 0, sizeof(name) - 1);
        const bool is_wild = dice_once_in(&dice, 2);
        for (size_t i = 0; i < length; i++) {
            static const char some[] = "第周节年级一1v2-_ .KT语文荷花练习\xef\xb7\xba";
            name[i] = is_wild ? (char)dice_between(&dice, 1, 255)
                              : some[dice_between(&dice, 0, sizeof(some) - 2)];
        }
        name[length] = '\0';
        struct film_match match;
        match_name(matcher, name, &match);
    }
    film_matcher_destroy(matcher);
}

static void what_lies_beside_a_film_is_none(void **state)
{
    (void)state;
    static const char *const FILMS[] = {"KT-42.mp4", "a.b.MOV",  "KT-42",
                                        ".mp4",      "荷花.Mkv", "x.card"};
    static const char *const OTHERS[] = {"KT-42.pptx", "KT-42.pdf", "KT-42.mp4.crdownload",
                                         "KT-42.docx", "KT-42.",    "KT-42.mp3",
                                         "KT-42.jpg"};
    for (size_t i = 0; i < sizeof(FILMS) / sizeof(FILMS[0]); i++) {
        assert_true(submit_is_film(FILMS[i]));
    }
    for (size_t i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++) {
        assert_false(submit_is_film(OTHERS[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_matched),
        cmocka_unit_test(a_list_counts_more_than_a_name),
        cmocka_unit_test(a_version_is_read),
        cmocka_unit_test(parts_in_any_order_never_name_another),
        cmocka_unit_test(any_bytes_are_a_name),
        cmocka_unit_test(what_lies_beside_a_film_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
