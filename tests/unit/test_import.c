/* SPDX-License-Identifier: MIT */
/* Whole files, from bytes to YAML. */
#include "scheduler/import/import.h"

#include "tests/support/import_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "节次,时间,周一,周二\n"

/* Five cells have three lines in one order: the one that is said, but for the others. */
static void an_order_that_most_cells_have_is_told_with_those_that_differ(void **state)
{
    (void)state;
#define THREE(a) "\"语文\n" a "\n王小明\""
#define ROWS     HEAD "1,8:00-8:40," THREE("甲") "," THREE("乙") "\n2,9:00-9:40," THREE("丙") ","
    static const struct import_story stories[] = {
        {ROWS THREE("丁") "\n3,10:00-10:40,\"荷花\n语文\"," THREE("戊") "\n", "a.csv",
         "as the others are: C4; then say --lines=subject,title,teacher", NULL},
        {ROWS "\"数学(二)\n认识时间\"\n3,10:00-10:40," THREE("丁") ",\n", "a.csv",
         "as the others are: D3; then say --lines=subject,title,teacher", NULL},
    };
    static const struct import_story said[] = {
        {ROWS THREE("丁") "\n", NULL, NULL, "title: 丁, teacher: 王小明}"},
    };
    static const char *const differing[] = {
        ROWS "\"荷花\n语文\"\n",                                /* too few are alike */
        ROWS "\"荷花\n语文\"\n3,10:00-10:40,\"燕子\n语文\",\n", /* too many differ */
        HEAD "1,8:00-8:40," THREE("甲") ",语文 乙,语文 丙\n2,9:00-9:40,语文 丁,语文 戊,"
                                        "\"荷花\n语文\"\n", /* as many are in doubt as differ */
        HEAD "1,8:00-8:40,\"荷花\n语文\",语文 甲\n2,9:00-9:40,语文 乙,\n", /* none is in doubt */
    };
    const struct import_request ordered = {.lines = "学科,课题,教师"};
    import_bench_check(stories, sizeof(stories) / sizeof(stories[0]), &import_plain);
    import_bench_check(said, sizeof(said) / sizeof(said[0]), &ordered);
    for (size_t i = 0; i < sizeof(differing) / sizeof(differing[0]); i++) {
        struct import import;
        char *yaml = NULL;
        import_bench_read(&import, &import_plain, differing[i], &yaml);
        for (size_t k = 0; k < import.problems.count; k++) {
            assert_null(strstr(import.problems.items[k].text, "--lines="));
        }
        free(yaml);
        import_finish(&import);
    }
}

static void grids_are_understood(void **state)
{
    (void)state;
    static const struct import_story stories[] = {
        {HEAD "1,8:00-8:40,语文 春夏秋冬,数学 加法\n", NULL, NULL,
         "  - {name: 第一节, start: 08:00, end: 08:40}\n"},
        {HEAD "1,8:00-8:40,三年级 语文《花的学校》,数学 乙\n", NULL, NULL,
         "grade: 三年级, subject: 语文, title: 花的学校}"},
        {HEAD "1,上午9.40—10.20,语文 甲,数学 乙\n2（10.30-11.10）,,语文 丙,\n", NULL, NULL,
         "start: 09:40, end: 10:20}\n  - {name: 第二节, start: 10:30, end: 11:10}\n"},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n备注：电话 0533-1234567,,请带尺,\n", "a.csv:A3",
         "left out: 备注：电话 0533-1234567", "  第一节: [KT-1-1, KT-2-1]\n"},
        {"时间,周一,周二\n8:00-8:40,语文 甲,数学 乙\n8:50-9:30,语文 丙,数学 丁\n", NULL, NULL,
         "  第二节: [KT-1-2, KT-2-2]\n"},
        {"第3周课表\n节次,周一,周二\n第一节(8:00-8:40),语文 甲,数学 乙\n", NULL, NULL,
         "  第一节: [KT-W03-1-1, KT-W03-2-1]\n"},
        {"2020年2月17日\n节次,时间,一年级,二年级\n1,8:00-8:40,语文 甲,\n2,9:00-9:40,,数学 乙\n",
         NULL, NULL, "{house_number: KT-1-2, grade: 二年级, subject: 数学, title: 乙}"},
        {"星期,8:00-8:40,8:50-9:30\n周一,语文 甲,数学 乙\n周二,语文 丙,数学 丁\n", NULL, NULL,
         "  第二节: [KT-1-2, KT-2-2]\n"},
        {"时间,星期,年级,学科,课题,教师\n9:00-9:40,周二,一年级,数学,加法,示例教师02\n"
         "8:00-8:40,1,一年级,语文,春夏秋冬,示例教师01\n",
         NULL, NULL,
         "{house_number: KT-1-1, grade: 一年级, subject: 语文, title: 春夏秋冬, teacher: "
         "示例教师01}"},
        {"时间,星期,学科,课题,教师\n9:00-9:40,周二,数学,《加法 李强》,示例教师02\n", NULL, NULL,
         "{house_number: KT-2-1, subject: 数学, title: 加法 李强, teacher: 示例教师02}"},
        {HEAD "1,8:00-8:40,班会 停课不停学,班会 怎样休息\n2,9:00-9:40,班会 12月1日我们放假啦,\n",
         NULL, NULL, "title: 12月1日我们放假啦}"},
        {HEAD "下午\n1,2:00-2:40,语文 甲,数学 乙\n", NULL, NULL, "start: 14:00, end: 14:40"},
        {HEAD "1,8:00-8:40,语文 甲,同\n", NULL, NULL, "  第一节: [KT-1-1, KT-1-1]\n"},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n2,8:50-9:30,语文 丙,同上\n3,9:40-10:20,同上,同上\n",
         NULL, NULL, "  第二节: [KT-1-2, KT-2-1]\n  第三节: [KT-1-2, KT-2-1]\n"},
        {HEAD "1,8:00-8:40,语文 甲,同左\n2,8:50-9:30,语文 丙,同上\n", NULL, NULL,
         "  第二节: [KT-1-2, KT-1-1]\n"},
        {"星期,8:00-8:40,8:50-9:30\n周一,语文 甲,同左\n周二,同上,数学 丁\n", NULL, NULL,
         "  第一节: [KT-1-1, KT-1-1]\n  第二节: [KT-1-1, KT-2-2]\n"},
        {"时间,星期,学科,课题\n8:00-8:40,周一,语文,甲\n8:50-9:30,同上,〃,乙\n", NULL, NULL,
         "{house_number: KT-1-2, subject: 语文, title: 乙}"},
        {"时间,星期,学科,课题\n8:00-8:40,周一,语文,甲\n8:50-9:30,同,同,乙\n", NULL, NULL,
         "{house_number: KT-1-2, subject: 语文, title: 乙}"},
        {"节次,时间,周一,周六（按周次轮换）\n1,8:00-8:40,语文 甲,语文 乙\n", NULL, NULL,
         "  第一节: [KT-1-1, KT-6-1]\n"},
        {"节次,时间,周一,周六（接上周六）\n1,8:00-8:40,语文 甲,语文 乙\n", NULL, NULL,
         "  第一节: [KT-1-1, KT-6-1]\n"},
        {HEAD "1,8:00-8:40,语文 甲,-\n,8:40-8:45,眼保健操,眼保健操\n", NULL, NULL,
         "  - {name: 眼保健操, start: 08:40, end: 08:45}\n"},
        {HEAD
         "1,8:00-8:40,语文 甲,\n,8:40-8:45,眼保健操,\n2,9:00-9:40,,语文 乙\n,9:40-9:45,眼保健操,\n",
         "a.csv:C3",
         "'眼保健操' stands in the first day's column alone (and in 1 more cell), as a merged cell "
         "does in a CSV: taken for all days; if it is on 周一 alone, write -",
         "  - {name: 眼保健操, start: 08:40, end: 08:45}\n"
         "  - {name: 眼保健操, start: 09:40, end: 09:45}\n"},
        {HEAD "1,8:00-8:40,语文 甲,\n,15:00-16:00,重播 每25分钟,\n", "a.csv:C3",
         "taken for all days", "  - {of: 当日, from: 15:00, until: 16:00, pitch: 25}\n"},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n,8:40-8:45,升旗,-\n", NULL, NULL,
         "  - {name: 升旗, start: 08:40, end: 08:45, days: [周一]}\n"},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n,8:40-8:45,,放学\n", NULL, NULL,
         "  - {name: 放学, start: 08:40, end: 08:45, days: [周二]}\n"},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n大课间,8:40-8:45,,\n", NULL, NULL,
         "  - {name: 大课间, start: 08:40, end: 08:45}\n"},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n,15:00-16:00,重播 每25分钟,同\n", NULL, NULL,
         "  - {of: 当日, from: 15:00, until: 16:00, pitch: 25}\n"},
        {HEAD "1,8:00-8:40,语文 甲,\n2,9:00-9:40,,重播 语文 甲\n", NULL, NULL,
         "  第二节: [~,      KT-1-1]\n"},
        {HEAD
         "1,8:00-8:40,一年级 语文 《姓氏歌》,二年级 语文 甲\n2,9:00-9:40,,重播 语文 《姓氏歌》\n",
         NULL, NULL, "  第二节: [~,      KT-1-1]\n"},
        {HEAD "1,8:00-8:40,一年级 语文 甲,语文 甲\n2,9:00-9:40,,重播 语文 甲\n", NULL, NULL,
         "  第二节: [~,      KT-2-1]\n"},
        {"节次,时间,2020-02-17,2020-02-18\n1,8:00-8:40,语文 甲,数学 乙\n", NULL, NULL,
         "days:     [周一,   周二]\n"},
        {"节次;时间;MON;THUR\n1;8:00 AM-8:40 AM;语文 甲;数学 乙\n", NULL, NULL,
         "days:     [周一,   周四]\n"},
    };
    import_bench_check(stories, sizeof(stories) / sizeof(stories[0]), &import_plain);
}

static void what_overlaps_is_cancelled_or_comes_again_is_told_by_its_cell(void **state)
{
    (void)state;
    static const struct import_story stories[] = {
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n2,8:30-9:10,语文 丙,数学 丁\n", "a.csv:B3", "overlaps",
         "# 请核对 B3：时间与其他节次重叠"},
        {HEAD "1,8:00-8:40,语文 甲,\n2,8:30-9:10,,数学 丁\n", NULL, NULL, NULL},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n课间,8:35-8:50,,\n", "a.csv:B2", "overlaps", NULL},
        {HEAD "1,8:00-8:40,语文 甲,停课\n2,8:50-9:30,停课（运动会）,停课不停学\n", "a.csv:D2",
         "'停课': 2 cells say so", "[KT-1-1, ~]"},
        {"节次,时间,星期,学科\n1,8:00-8:40,周一,语文 甲\n1,8:00-8:40,周二,停课\n", "a.csv:D3",
         "'停课': 1 cell says so", NULL},
        {HEAD "1,8:00-8:40,语文 甲,语文 甲\n2,8:50-9:30,语文 甲,重播 数学 乙\n", "a.csv:D2",
         "2 cells say the same lesson as another (this one as C2), and are taken for 2 lessons",
         NULL},
        {HEAD "1,8:00-8:40,语文 甲,重播 语文 甲\n", NULL, NULL, "[KT-1-1, KT-1-1]"},
    };
    import_bench_check(stories, sizeof(stories) / sizeof(stories[0]), &import_plain);
}

static void what_stands_in_the_wrong_place_is_told_by_its_cell(void **state)
{
    (void)state;
    static const struct import_story stories[] = {
        {"节次,时间,星期,学科,年级\n1,8:00-8:40,周二,一年级,数学\n", "a.csv:E2",
         "'数学' stands in the column of grades, and '一年级' in that of subjects",
         "grade: 一年级, subject: 数学"},
        {"节次,时间,星期,学科,年级\n1,8:00-8:40,周二,数学,语文\n", "a.csv:E2",
         "'语文' stands in the column of grades, but is a subject", NULL},
        {"节次,时间,星期,学科,课题,教师\n1,8:00-8:40,周二,数学,王老师,加法\n", "a.csv:E2",
         "'王老师' stands in the column of titles, and '加法' in that of teachers; exchange them",
         "title: 加法, teacher: 王老师"},
        {"节次,时间,星期,学科,课题,教师\n1,8:00-8:40,周二,数学,李强,加法\n", "a.csv:E2",
         "if they have changed places", "title: 李强, teacher: 加法"},
        {"日期,星期,节次,时间,学科\n2026-12-01,星期三,1,8:00-8:40,数学\n", "a.csv:B2",
         "this says 周三, but '2026-12-01' in the same row is 周二", NULL},
        {"星期,日期,节次,时间,学科\n星期二,12月1日,1,8:00-8:40,数学 加法\n", NULL, NULL, NULL},
        {"节次,时间,星期,学科,课题\n1,8:00-8:40,周二,数学,加法\n2,8:30-9:10,周二,数学,减法\n",
         "a.csv:B3", "overlaps", NULL},
        {HEAD "上午（8:00-9:00）\n1,8:00-8:40,语文 甲,数学 乙\n", "a.csv:A2",
         "said to end at 09:00, but its own rows end at 08:40", NULL},
        {HEAD "1,8:00-8:40,\"数学(二)\n认识时间\",语文 乙\n", "a.csv:C2", "the grade write 二年级,",
         NULL},
        {HEAD "1,8:00-8:40,\"数学（2）\n王芳\n认识时间\",语文 乙\n", "a.csv:C2",
         "the grade write 2年级,", NULL},
        {HEAD "1,8:00-8:40,\"一年级 数学(2)\n加法\",语文 乙\n", "a.csv:C2", "as in 荷花(2)", NULL},
    };
    import_bench_check(stories, sizeof(stories) / sizeof(stories[0]), &import_plain);
}

static void times_that_cannot_be_are_told_by_their_cells(void **state)
{
    (void)state;
    static const struct import_story stories[] = {
        {HEAD "1,8:00-8:4O,语文 甲,\n", "a.csv:B2", "; write both, as in 08:40-09:20", NULL},
        {HEAD "1,9:40-8:20,语文 甲,\n", "a.csv:B2", "the start first, as in 08:40-09:20", NULL},
        {HEAD "1,8:00-8:45(40分钟),语文 甲,数学 乙\n", "a.csv:B2", "40 minutes", NULL},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n1,9:00-9:40,语文 丙,\n", "a.csv:A3",
         "two periods are called", NULL},
        {HEAD "1,05 AM-8:40 AM,语文 甲,数学 乙\n", "a.csv:B2", "hour or the minutes", NULL},
        {HEAD "1,9:20-8:40,语文 甲,数学 乙\n", "a.csv:B2", "ends before it starts", NULL},
        {HEAD "1,8:40,语文 甲,数学 乙\n", "a.csv:B2", "'8:40' says only the start",
         "# 请核对 A2：时间不明"},
    };
    import_bench_check(stories, sizeof(stories) / sizeof(stories[0]), &import_plain);
}

static void subjects_titles_and_teachers_in_doubt_are_told_by_their_cells(void **state)
{
    (void)state;
    static const struct import_story stories[] = {
        {HEAD "1,8:00-8:40,语文,数学 乙\n", "a.csv:C2", "title is missing", "：没有课题"},
        {HEAD "1,8:00-8:40,语问 甲,数学 乙\n", "a.csv:C2",
         "'语问' is no known subject; did you mean 语文? If it is one, say --subjects 语问", NULL},
        {HEAD "1,8:00-8:40,三年级科雪《水》,数学 乙\n", "a.csv:C2",
         "'科雪' is no known subject; did you mean 科学? If it is one, say --subjects 科雪",
         "：学科不认识"},
        {HEAD "1,8:00-8:40,烘焙《饼干》,烘焙《面包》\n", "a.csv:C2",
         "'烘焙' is no known subject (and in 1 more cell); if it is one, say --subjects 烘焙",
         NULL},
        {HEAD "1,8:00-8:40,音楽/一年级/《国歌》/教师：陈静,数学 乙\n", "a.csv:C2",
         "'音楽' is no known subject; did you mean 音乐?", "：学科不认识"},
        {HEAD "1,8:00-8:40,语文/四年/《画》,数学/四年/《圆》\n", "a.csv:C2",
         "'四年' is no known grade (and in 1 more cell); did you mean 四年级?", "：年级不认识"},
        {"节次,时间,年级,周一,周二\n1,8:00-8:40,四年,语文 甲,数学 乙\n", "a.csv:D2",
         "'四年' is no known grade (and in 1 more cell); did you mean 四年级?", NULL},
        {HEAD "1,8:00-8:40,语文/荷花/小青蛙/教师：陈静,数学 乙\n", "a.csv:C2",
         "the teacher is known, and of the other lines several may be the title", NULL},
        {HEAD "1,8:00-8:40,语文/荷花/小青蛙,数学 乙\n", "a.csv:C2",
         "write 教师： before the teacher", NULL},
        {HEAD "1,8:00-8:40,语文 致敬最美老师,数学 乙\n", "a.csv:C2",
         "'致敬最美老师' is taken for the title; if it is the teacher, write 教师： before it",
         "：课题中是否有教师"},
        {HEAD "1,8:00-8:40,数学 测量 李强,数学 乙\n", "a.csv:C2",
         "'李强' is taken as a part of the title; if it is the teacher, write 教师： before it",
         "：课题中是否有教师"},
        {HEAD "1,8:00-8:40,语文/英语,数学 乙\n", "a.csv:C2",
         "two subjects stand here, 语文 and 英语", "：有两个学科"},
        {HEAD "1,8:00-8:40,孙老师,数学 乙\n", "a.csv:C2", "neither a subject nor a title", NULL},
        {HEAD "1,8:00-8:40,KT-09,数学 乙\n", "a.csv:C2", "looks like a house number", NULL},
        {HEAD "1,8:00-8:40,Mathmatics,数学 乙\n", "a.csv:C2", "did you mean Mathematics", NULL},
    };
    import_bench_check(stories, sizeof(stories) / sizeof(stories[0]), &import_plain);
}

static void repeats_without_their_first_run_are_told_by_their_cells(void **state)
{
    (void)state;
    static const struct import_story stories[] = {
        {HEAD "1,8:00-8:40,重播 语文 甲,数学 乙\n", "a.csv:C2", "first run is not in", NULL},
        {HEAD "1,8:00-8:40,一年级 语文 甲,二年级 语文 甲\n2,9:00-9:40,,重播 语文 甲\n", "a.csv:D3",
         "several lessons may be its first run; write the house number of the one that is meant "
         "beside 重播: KT-1-1 (C2) or KT-2-1 (D2)",
         NULL},
        {HEAD "1,8:00-8:40,语文 甲 李老师,语文 甲 王老师\n2,9:00-9:40,,重播 语文 甲\n", "a.csv:D3",
         "or the teacher on a line of its own", NULL},
        {HEAD "1,8:00-8:40,一年级 语文 甲,\n2,9:00-9:40,,重播 二年级 语文 甲\n", "a.csv:D3",
         "first run is not in", NULL},
        {"时间,日期,学科,课题\n8:00-8:40,2026-11-30,科学,重播 水\n", "a.csv:A2",
         "first run is not in", NULL},
        {HEAD "1,8:00-8:40,重播 语文 甲,语文 甲\n", "a.csv:C2", "airs before the first run (D2)",
         "[KT-1-1, KT-1-1]"},
    };
    import_bench_check(stories, sizeof(stories) / sizeof(stories[0]), &import_plain);
}

static void repeats_know_their_first_runs_by_teachers_and_house_numbers(void **state)
{
    (void)state;
    static const struct import_story stories[] = {
        {HEAD "1,8:00-8:40,语文 甲 李老师,语文 甲 王老师\n2,9:00-9:40,,\"语文 甲\n王老师\n重播\"\n",
         NULL, NULL, "  第二节: [~,      KT-2-1]\n"},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n2,9:00-9:40,\"KT-1-1\n重播\",重播 KT-2-1\n", NULL, NULL,
         "  第二节: [KT-1-1, KT-2-1]\n"},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n2,9:00-9:40,,\"数学 乙\nKT-2-1\n重播\"\n", NULL, NULL,
         "  第二节: [~,      KT-2-1]\n"},
        {"时间,星期,学科,课题\n8:00-8:40,周一,语文,甲\n8:50-9:30,周一,语文,重播 KT-1-1\n", NULL,
         NULL, "  第二节: [KT-1-1]\n"},
        /* which of two that say the same */
        {HEAD "1,8:00-8:40,语文 甲,语文 甲\n2,9:00-9:40,,重播 KT-2-1\n", "a.csv:D2",
         "says the same lesson", "  第二节: [~,      KT-2-1]\n"},
        {HEAD "1,8:00-8:40,重播 KT-2-1,数学 乙\n", "a.csv:C2", "airs before the first run (D2)",
         "  第一节: [KT-2-1, KT-2-1]\n"},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n2,9:00-9:40,,重播 KT-9-1\n", "a.csv:D3",
         "no lesson of this sheet gets that house number; say -o",
         "{house_number: KT-2-2, title: KT-9-1}  # 请核对 D3：标为重播"},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n2,9:00-9:40,,\"语文 甲\nKT-2-1\n重播\"\n", "a.csv:D3",
         "a repeat of KT-2-1, which is 乙, not 甲", NULL},
        {HEAD "1,8:00-8:40,语文 甲,KT-1-1\n", "a.csv:D2", "looks like a house number", NULL},
    };
    import_bench_check(stories, sizeof(stories) / sizeof(stories[0]), &import_plain);
}

static void what_makes_no_timetable_is_told_by_its_cell(void **state)
{
    (void)state;
    static const struct import_story stories[] = {
        {"节次,时间,周一,周六（调休上周一）\n1,8:00-8:40,语文 甲,\n", "a.csv:D1", "is of one date",
         "~]"},
        {"节次,时间,周一 2020-02-18,周二\n1,8:00-8:40,语文 甲,数学 乙\n", "a.csv:C1",
         "2020-02-18 is 周二, not 周一", NULL},
        {"节次,时间,周一,周二,周一\n1,8:00-8:40,语文 甲,数学 乙,\n", "a.csv:E1",
         "head of two columns", NULL},
        {"节次,时间,3月9日,3月10日\n1,8:00-8:40,语文 甲,数学 乙\n", "a.csv:C1", "without its year",
         NULL},
        {"2020年2月17日\n节次,时间,一年级,二年级\n1,8:00-8:40,语文 甲,数学 乙\n", "a.csv:D3",
         "taken already", "：与另一课占同一格"},
        {"节次,时间,一年级,二年级\n1,8:00-8:40,语文 甲,数学 乙\n", "a.csv", "--day", NULL},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n节次,时间,周三,周四\n", "a.csv:A3", "second timetable",
         NULL},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n,19:00-19:30,转播新闻联播,同\n", "a.csv:C3", "source",
         "#   - {name: 转播新闻联播, start: 19:00"},
        {HEAD "1,8:00-8:40,语文 甲,\n2,8:50-9:30,,\n", "a.csv:A3",
         "no lesson at 08:50-09:30 on any day", NULL},
        {HEAD "1,8:00-8:40,语文 甲,\n,8:50-9:30,-,/\n", "a.csv:B3",
         "no lesson at 08:50-09:30 on any day", NULL},
        {HEAD "1,8:00-8:40,语\u200b文 甲,数学 乙\n", "a.csv", "invisible", "subject: 语文"},
        {"节次,时间,周一,周二,周四,周五\n1,8:00-8:40,语文 甲,数学 乙,语文 丙,数学 丁\n", "a.csv",
         "no column is headed 周三", NULL},
        {"语文,数学\n英语,物理\n", "a.csv", "no timetable here", NULL},
        {"", "a.csv", "nothing in this file", NULL},
    };
    import_bench_check(stories, sizeof(stories) / sizeof(stories[0]), &import_plain);
}

/* What is told, all of it: one error for each mistake, at its own cell. */
static void a_mistake_is_told_once(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *place;
        const char *problem;
    } mistakes[] = {
        {"节次,时间,周一,星期八,周三\n1,8:00-8:40,语文 甲,数学 乙,英语 丙\n", "a.csv:D1",
         "'星期八' is no day of the week, so the lessons below it would be lost; write 周二"},
        {"节次,时间,星期一,星期二,星期八\n1,8:00-8:40,二年级 语文《甲》,数学 乙,一年级 英语 丙\n",
         "a.csv:E1",
         "'星期八' is no day of the week, so the lessons below it would be lost; write 周三"},
        {"节次,时间,周一,周二,礼拜八\n1,8:00-8:40,语文 甲,数学 乙,班会\n", "a.csv:E1",
         "'礼拜八' is no day of the week"},
        {"节次,时间,周五,周六,周曰\n1,8:00-8:40,语文 甲,数学 乙,英语 丙\n", "a.csv:E1",
         "'周曰' is no day of the week, so the lessons below it would be lost; write 周日"},
        {"节次,时间,周衣,周二,周三\n1,8:00-8:40,语文 甲,数学 乙,英语 丙\n", "a.csv:C1",
         "'周衣' is no day of the week, so the lessons below it would be lost; write 周一"},
        {"节次,时间,周一,,周三\n1,8:00-8:40,语文 甲,数学 乙,英语 丙\n", "a.csv:D2",
         "no day heads the column of '数学 乙', so its lessons would be lost; write 周二"},
        {"节次,时间,,周二,周三\n1,8:00-8:40,语文 甲,数学 乙,英语 丙\n", "a.csv:C2",
         "no day heads the column of '语文 甲', so its lessons would be lost; write 周一"},
        {HEAD "1,8：70-9:30,语文 甲,数学 乙\n", "a.csv:B2",
         "'8：70-9:30': there is no such time of day"},
        {HEAD "1,25:00-25:40,语文 甲,数学 乙\n", "a.csv:B2",
         "'25:00-25:40': there is no such time of day"},
        {HEAD "1,10 20-9 40,语文 甲,数学 乙\n", "a.csv:B2",
         "'10 20-9 40': this is no time from start to end"},
        {HEAD "1,10.20-9.40,语文 甲,数学 乙\n", "a.csv:B2", "'10.20-9.40': this ends before it"},
        {HEAD "1,9.70-9.80,语文 甲,数学 乙\n", "a.csv:B2", "'9.70-9.80': there is no such time"},
        {HEAD "1,8:00-8:40,语文 甲,\n备注：,,语文 乙,\n", "a.csv:A3", "is on is not said"},
        {HEAD "上午（8:00-9:30）\n1,8:00-8:40,语文 甲,\n2,8:50-9,语文 乙,数学 丙\n", "a.csv:B4",
         "'8:50-9' says only the start"},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n,9:70-9:80,眼保健操,同\n", "a.csv:B3",
         "'9:70-9:80': there is no such time of day"},
        {HEAD "1,8:00-8:40,语文 甲,9:40\n", "a.csv:D2", "'9:40' is a time, and no lesson: move it"},
        {HEAD "1,8:00-8:40,语文 甲,\n2,9:00-9:40,9：00—9：40,同\n", "a.csv:C3",
         "'9：00—9：40' is a time, and no lesson"},
        {HEAD "1,8:00-8:40,语文 甲,同上\n", "a.csv:D2", "'同上': no lesson stands there"},
        {HEAD "1,8:00-8:40,同,语文 甲\n", "a.csv:C2", "'同': no lesson stands there"},
        {HEAD "1,8:00-8:40,语文 甲,\n2,8:50-9:30,同上,同上\n", "a.csv:D3",
         "'同上': no lesson stands there; write here what is meant"},
        {HEAD "1,8:00-8:40,语文 甲,数学 乙\n,8:40-8:45,眼保健操,同\n2,8:50-9:30,语文 丙,同上\n",
         "a.csv:D4", "'同上': no lesson stands there"},
        {"时间,星期,学科,课题,教师\n8:00-8:40,周一,语文,甲,同上\n", "a.csv:E2",
         "'同上': nothing stands there"},
        {"时间,星期,学科,课题,教师\n8:00-8:40,周一,语文,甲,同左\n", "a.csv:E2",
         "'同左': in a list each row is one lesson, and none stands to its left; write 同上 for"},
        {"时间,星期,学科\n8:00-8:40,周一,语文 甲\n8:50-9:30,周一,同左\n", "a.csv:C3",
         "'同左': in a list each row is one lesson"},
        {"节次,时间,周一,周六（调休上周一）\n1,8:00-8:40,语文 甲,语文 乙\n", "a.csv:D1",
         "'周六（调休上周一）' is of one date: write it into `dates` of the calendar, as in `- "
         "{date: "
         "2026-12-05, runs: 周一, reason: 调休}`, and leave it out here; if it is so every week, "
         "write 周六 alone"},
        {"节次,时间,2026年11月30日 周一,2026年12月5日 周六 补周三\n1,8:00-8:40,语文 甲,语文 乙\n",
         "a.csv:D1", "is of one date"},
        {"时间,星期,学科,课题\n8:00-8:40,周六（上周一的课）,语文,甲\n8:50-9:30,周六（上周一的课）,"
         "语文,乙\n",
         "a.csv:B2", "is of one date"},
        {"节次,时间,周一,周六（按 周二课表）\n1,8:00-8:40,语文 甲,语文 乙\n", "a.csv:D1",
         "is of one date"},
        {"节次,时间,周一,12/2\n1,8:00-8:40,语文 甲,语文 乙\n", "a.csv:D1", "without its year"},
        {HEAD "1,8:00-8:40,语文 甲,12月1日停课\n", "a.csv:D2",
         "'12月1日停课': this is of one date, and no lesson; take it out here, and write the day "
         "into "
         "`dates` of the calendar, as in `- {date: 2026-12-01, suspended: "},
        {HEAD "1,8:00-8:40,语文 甲,2月30日停课\n2,8:50-9:30,语文 乙,语文 丙\n", "a.csv:D2",
         "'2月30日停课': no calendar has this date; take it out"},
        {HEAD "1,8:00-8:40,语文 甲,停课 12月1日\n", "a.csv:D2", "this is of one date"},
        {HEAD "1,8:00-8:40,语文 甲,停课（12月1日）\n", "a.csv:D2", "this is of one date"},
        {HEAD "1,8:00-8:40,语文 甲,\"语文\n2026-12-01（周二）停课（检修）\"\n", "a.csv:D2",
         "this is of one date"},
        {HEAD "1,8:00-8:40,语文 甲,语文 荷花（12月1日停课）\n", "a.csv:D2", "this is of one date"},
        {"时间,星期,学科,课题\n8:00-8:40,周一,语文,12月1日停课\n", "a.csv:D2",
         "this is of one date"},
        {"时间,星期,学科\n8:00-8:40,周一,停课（12月1日）\n", "a.csv:C2", "this is of one date"},
        {HEAD "1,8:00-8:40,语文 甲,语文 乙 12月1日停课\n", "a.csv:D2",
         "'语文 乙 12月1日停课': this is of one date"},
        {HEAD "1,8:00-8:40,语文 甲,语文 12.1-12.3停课\n", "a.csv:D2", "this is of one date"},
        {HEAD "1,8:00-8:40,语文 甲,语文 12月1-3日停播（检修）\n", "a.csv:D2",
         "this is of one date"},
        {HEAD "1,8:00-8:40,语文 甲,语文（停课 12月1日）\n", "a.csv:D2", "this is of one date"},
        {HEAD "1,8:00-8:40,语文 甲,语文 荷花（因检修12月1日停课）\n", "a.csv:D2",
         "this is of one date"},
        {HEAD "1,8:00-8:40,语文 甲,语文 荷花（停课：12.1）\n", "a.csv:D2", "this is of one date"},
        {HEAD "1,8:00-8:40,语文 甲,05 AM\n", "a.csv:D2", "'05 AM' is a time, and no lesson"},
        {"时间,星期,学科,课题\n8:00-8:40,周八,语文,甲\n", "a.csv:B2",
         "'周八' is no day of the week"},
        {"时间,日期,学科,课题\n8:00-8:40,2026-11-31,语文,甲\n", "a.csv:B2",
         "'2026-11-31': no calendar has this date; correct it"},
        {"时间,日期,星期,学科,课题\n8:00-8:40,2026-13-27,周五,语文,甲\n", "a.csv:B2",
         "'2026-13-27': no calendar has this date; correct it"},
        {"时间,星期,日期,学科,课题\n8:00-8:40,周一,2月30日,语文,甲\n", "a.csv:C2",
         "'2月30日': no calendar has this date; correct it"},
        {"时间,星期,学科,课题\n8:70-8:40,周一,语文,甲\n", "a.csv:A2",
         "'8:70-8:40': there is no such time of day"},
    };
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        struct import import;
        char *yaml = NULL;
        import_bench_read(&import, &import_plain, mistakes[i].text, &yaml);
        if (import.problems.count != 1 || import.problems.errors != 1 ||
            strcmp(import.problems.items[0].file, mistakes[i].place) != 0 ||
            strstr(import.problems.items[0].text, mistakes[i].problem) == NULL) {
            problems_print(&import.problems, stderr);
            fail_msg("mistake %zu:\n%s", i, mistakes[i].text);
        }
        free(yaml);
        import_finish(&import);
    }
}

/* 〃 stands for what is written above, in whichever column it belongs. */
static void the_same_of_a_list_is_what_is_written_above(void **state)
{
    (void)state;
    static const struct import_story stories[] = {
        {"时间,星期,年级,学科,课题\n8:00-8:40,周一,语文,一年级,甲\n8:50-9:30,〃,〃,二年级,乙\n",
         "a.csv:C2", "'语文' stands in the column of grades, and '一年级' in that of subjects",
         "grade: 二年级, subject: 语文, title: 乙}"},
    };
    import_bench_check(stories, sizeof(stories) / sizeof(stories[0]), &import_plain);
}

static void one_grade_and_one_day_can_be_asked_for(void **state)
{
    (void)state;
    static const struct import_story stories[] = {
        {"节次,时间,一年级,二年级\n1,8:00-8:40,语文 甲,数学 乙\n", NULL, NULL,
         "  - {house_number: KT-3-1, grade: 二年级, subject: 数学, title: 乙}\n\n"},
    };
    static const struct import_story others[] = {
        {HEAD "1,8:00-8:40,三年级 语文 甲,四年级 语文 乙\n2,9:00-9:40,三年级 语文 丙,\n", "a.csv",
         "no lesson here is of '5年级'; there are: 三年级, 四年级", NULL},
        {HEAD "1,8:00-8:40,高一年级 语文 甲,一年级 语文 乙\n", "a.csv",
         "there are: 高一年级, 一年级", NULL},
    };
    static const struct import_story fifth[] = {
        {HEAD "1,8:00-8:40,五年级 语文 甲,四年级 语文 乙\n", NULL, NULL, "grade: 五年级"},
    };
    const struct import_request request = {.grade = "二年级", .day = "周三"};
    const struct import_request numeral = {.grade = "5年级"};
    import_bench_check(stories, 1, &request);
    import_bench_check(others, sizeof(others) / sizeof(others[0]), &numeral);
    import_bench_check(fifth, 1, &numeral);
}

static void the_week_that_is_said_must_be_that_of_the_file(void **state)
{
    (void)state;
    static const struct import_story stories[] = {
        {"第3周\n" HEAD "1,8:00-8:40,语文 甲,数学 乙\n", "a.csv", "itself says week 3", NULL},
    };
    const struct import_request request = {.week = 4};
    import_bench_check(stories, 1, &request);
}

/* In a term it is one of the calendar, or of each week. */
static void a_day_off_of_a_term_is_told_as_one(void **state)
{
    (void)state;
    static const struct import_story stories[] = {
        {HEAD "1,8:00-8:40,语文 甲,停课\n", "a.csv:D2",
         "'停课': 1 cell says so, and has no lesson, in no week; a day off of one date", "~]"},
        {"节次,时间,星期,学科\n1,8:00-8:40,周一,语文 甲\n1,8:00-8:40,周二,休息\n", "a.csv:D3",
         "'休息': 1 cell says so", NULL},
        {HEAD "1,8:00-8:40,语文 甲,放假\n2,8:50-9:30,语文 乙,放假\n", "a.csv:D2",
         "周二 is a day off: put its date into the calendar", "[KT-1-1, ~]"},
        {HEAD "1,8:00-8:40,语文 甲,休息\n课间,8:40-8:50,课间,休息\n2,8:50-9:30,语文 乙,休息\n",
         "a.csv:D2", "'休息': 3 cells say so or the like, and have no lesson, in no week",
         "[KT-1-1, ~]"},
        {HEAD "1,8:00-8:40,语文 甲,语文 乙\n课间,8:40-8:50,休息,休息\n", NULL, NULL, "name: 休息"},
    };
    import_bench_check(stories, sizeof(stories) / sizeof(stories[0]), &import_plain);
}

/* A day that is off in one week alone takes away the lessons of the term, and no break. */
static void a_day_off_of_a_week_has_no_lessons(void **state)
{
    (void)state;
    static const char *const words[] = {"停课", "放假", "休息"};
    static const struct import_story dated = {HEAD "1,8:00-8:40,语文 甲,12月1日停课\n", "a.csv:D2",
                                              "write 停课 alone, for this week", NULL};
    static const struct import_story bracketed = {HEAD "1,8:00-8:40,语文 甲,停课（12月1日）\n",
                                                  "a.csv:D2", "write 停课 alone, for this week",
                                                  NULL};
    const struct import_request request = {.week = 4};
    import_bench_check(&dated, 1, &request);
    import_bench_check(&bracketed, 1, &request);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        char text[256];
        snprintf(text, sizeof(text),
                 HEAD "1,8:00-8:40,语文 甲,%s\n课间,8:40-8:50,课间,%s\n2,8:50-9:30,停课,%s\n",
                 words[i], words[i], words[i]);
        const struct import_story story = {text, "a.csv:D2",
                                           "4 cells say so or the like, and have no lesson",
                                           "第二节: [~,          ~]"};
        import_bench_check(&story, 1, &request);
    }
}

/* There it has two meanings, but for what is no lesson, or says which of them. */
static void the_same_of_a_week_is_asked_about(void **state)
{
    (void)state;
    static const struct import_story stories[] = {
        {HEAD "1,8:00-8:40,语文 甲,同\n", "a.csv:D2",
         "'同': this may be the lesson to the left, or, in one week, the one that the term has "
         "here",
         NULL},
        {HEAD "1,8:00-8:40,same,语文 甲\n", "a.csv:C2", "'same': this may be", NULL},
        {HEAD "1,8:00-8:40,语文 甲,同左\n,8:40-8:50,课间,同\n2,9:00-9:40,语文 乙,〃\n", NULL, NULL,
         "[KT-W04-1-2, KT-W04-1-2]"},
        {"时间,星期,学科,课题\n8:00-8:40,周一,语文,甲\n8:50-9:30,同,同,乙\n", "a.csv:C3",
         "'同': this may be what stands above, or, in one week, what the term has here; write 同上",
         NULL},
        {"时间,星期,学科,课题\n8:00-8:40,周一,语文,甲\n8:50-9:30,同,〃,乙\n", NULL, NULL,
         "[KT-W04-1-2]"},
    };
    const struct import_request request = {.week = 4};
    import_bench_check(stories, sizeof(stories) / sizeof(stories[0]), &request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grids_are_understood),
        cmocka_unit_test(an_order_that_most_cells_have_is_told_with_those_that_differ),
        cmocka_unit_test(what_overlaps_is_cancelled_or_comes_again_is_told_by_its_cell),
        cmocka_unit_test(what_stands_in_the_wrong_place_is_told_by_its_cell),
        cmocka_unit_test(times_that_cannot_be_are_told_by_their_cells),
        cmocka_unit_test(subjects_titles_and_teachers_in_doubt_are_told_by_their_cells),
        cmocka_unit_test(repeats_without_their_first_run_are_told_by_their_cells),
        cmocka_unit_test(repeats_know_their_first_runs_by_teachers_and_house_numbers),
        cmocka_unit_test(what_makes_no_timetable_is_told_by_its_cell),
        cmocka_unit_test(a_mistake_is_told_once),
        cmocka_unit_test(the_same_of_a_list_is_what_is_written_above),
        cmocka_unit_test(one_grade_and_one_day_can_be_asked_for),
        cmocka_unit_test(the_week_that_is_said_must_be_that_of_the_file),
        cmocka_unit_test(a_day_off_of_a_term_is_told_as_one),
        cmocka_unit_test(a_day_off_of_a_week_has_no_lessons),
        cmocka_unit_test(the_same_of_a_week_is_asked_about),
    };
    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
