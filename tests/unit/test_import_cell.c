/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_cell.h"
#include "scheduler/import/import_lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { REPEAT = 1, LIVE = 2 };

struct cell_case {
    const char *text;
    const char *grade, *subject, *title, *teacher, *school;
    int marks;
    unsigned doubts;
};

static void check_cells(const struct cell_case *cases, size_t count,
                        const struct import_request *request)
{
    for (size_t i = 0; i < count; i++) {
        static struct import_reading reading;
        import_cell_read(cases[i].text, request, &reading);
        const int marks = (reading.is_repeat ? REPEAT : 0) | (reading.is_live ? LIVE : 0);
        if (strcmp(reading.grade, cases[i].grade) != 0 ||
            strcmp(reading.subject, cases[i].subject) != 0 ||
            strcmp(reading.title, cases[i].title) != 0 ||
            strcmp(reading.teacher, cases[i].teacher) != 0 ||
            strcmp(reading.school, cases[i].school) != 0 || marks != cases[i].marks ||
            reading.doubts != cases[i].doubts) {
            fail_msg("'%s': grade '%s', subject '%s', title '%s', teacher '%s', school '%s', "
                     "marks %d, doubts %u",
                     cases[i].text, reading.grade, reading.subject, reading.title, reading.teacher,
                     reading.school, marks, reading.doubts);
        }
    }
}

static void lines_are_known_by_their_words_in_any_order(void **state)
{
    (void)state;
    static const struct cell_case cases[] = {
        {"语文 春夏秋冬", "", "语文", "春夏秋冬", "", "", 0, 0},
        {"一年级 语文 王老师 冬", "一年级", "语文", "冬", "王老师", "", 0, 0},
        {"一年级 王老师 语文 冬", "一年级", "语文", "冬", "王老师", "", 0, 0},
        {"王老师 语文 冬", "", "语文", "冬", "王老师", "", 0, 0},
        {"语文 王老师 李老师 冬", "", "语文", "冬", "王老师、李老师", "", 0, 0},
        {"语文 王老师 的 生日", "", "语文", "王老师 的 生日", "", "", 0, 0},
        {"语文\n方老师 的一天", "", "语文", "方老师 的一天", "", "", 0, 0},
        {"语文\n王老师 和我", "", "语文", "王老师 和我", "", "", 0, 0},
        {"语文\n春夏秋冬", "", "语文", "春夏秋冬", "", "", 0, 0},
        {"春夏秋冬\n语文", "", "语文", "春夏秋冬", "", "", 0, 0},
        {"语文：春夏秋冬", "", "语文", "春夏秋冬", "", "", 0, 0},
        {"语文《春夏秋冬》", "", "语文", "春夏秋冬", "", "", 0, 0},
        {"语文\n《荷花》第1课时", "", "语文", "《荷花》第1课时", "", "", 0, 0},
        {"数学(1)", "", "数学", "(1)", "", "", 0, 0},
        {"一年级 语文 春夏秋冬", "一年级", "语文", "春夏秋冬", "", "", 0, 0},
        {"语文（一年级）\n春夏秋冬", "一年级", "语文", "春夏秋冬", "", "", 0, 0},
        {"语文\n春夏秋冬\n示例教师01\n示例学校A", "", "语文", "春夏秋冬", "示例教师01", "示例学校A",
         0, 0},
        {"示例学校A 示例教师01\n春夏秋冬\n语文", "", "语文", "春夏秋冬", "示例教师01", "示例学校A",
         0, 0},
        {"语文 春夏秋冬\n示例教师01 示例小学（东校区）", "", "语文", "春夏秋冬", "示例教师01",
         "示例小学（东校区）", 0, 0},
        {"语文 春夏秋冬\n示例教师01（示例小学(东校区)）", "", "语文", "春夏秋冬", "示例教师01",
         "示例小学(东校区)", 0, 0},
        {"语文 春夏秋冬（第1课时）", "", "语文", "春夏秋冬（第1课时）", "", "", 0, 0},
        {"语文\n教师：示例·王喆\n春夏秋冬", "", "语文", "春夏秋冬", "示例·王喆", "", 0, 0},
        {"语文 春夏秋冬\n授课教师:示例教师01 学校:示例学校A", "", "语文", "春夏秋冬", "示例教师01",
         "示例学校A", 0, 0},
        {"数学 勾股定理 a²+b²=c²", "", "数学", "勾股定理 a²+b²=c²", "", "", 0, 0},
        {"英语 Unit 1 Section A", "", "英语", "Unit 1 Section A", "", "", 0, 0},
        {"语文 古诗·村居", "", "语文", "古诗·村居", "", "", 0, 0},
        {"语文/春夏秋冬/王老师", "", "语文", "春夏秋冬", "王老师", "", 0, 0},
        {"语文 / 春夏秋冬 / 王老师", "", "语文", "春夏秋冬", "王老师", "", 0, 0},
        {"语文\n春夏秋冬\n欧阳小明老师", "", "语文", "春夏秋冬", "欧阳小明老师", "", 0, 0},
        {"语文\n春夏秋冬\n王老师、李老师", "", "语文", "春夏秋冬", "王老师、李老师", "", 0, 0},
        {"语文\n春夏秋冬\n王小红教师", "", "语文", "春夏秋冬", "王小红教师", "", 0, 0},
        {"语文\n春夏秋冬\n授课：王小红", "", "语文", "春夏秋冬", "王小红", "", 0, 0},
        {"语文\n春夏秋冬\n欧阳老师", "", "语文", "春夏秋冬", "欧阳老师", "", 0, 0},
        {"语文\n春夏秋冬\n王小明老师", "", "语文", "春夏秋冬", "王小明老师", "", 0, 0},
        {"武术\n基本功", "", "武术", "基本功", "", "", 0, 0},
        {"围棋 定式 王老师", "", "围棋", "定式", "王老师", "", 0, 0},
        {"编程/循环/王老师", "", "编程", "循环", "王老师", "", 0, 0},
        {"国际象棋《开局》", "", "国际象棋", "开局", "", "", 0, 0},
        {"体育 武术", "", "体育", "武术", "", "", 0, 0},
        {"体育\n游泳", "", "体育", "游泳", "", "", 0, 0},
        {"体育 学习 田径", "", "体育", "学习 田径", "", "", 0, 0},
        {"语文\n我的老师", "", "语文", "我的老师", "", "", 0, 0},
        {"语文\n难忘的一位老师", "", "语文", "难忘的一位老师", "", "", 0, 0},
        {"语文\n致敬我们的老师\n王老师", "", "语文", "致敬我们的老师", "王老师", "", 0, 0},
        {"语文\n致敬最美老师\n王老师", "", "语文", "致敬最美老师", "王老师", "", 0, 0},
        {"物理 欧姆定律 I=U/R", "", "物理", "欧姆定律 I=U/R", "", "", 0, 0},
        {"Mathematics P.7", "P.7", "Mathematics", "", "", "", 0, IMPORT_DOUBT_TITLE},
        {"Tr. Example 01\nEnglish S.4", "S.4", "English", "", "Tr. Example 01", "", 0,
         IMPORT_DOUBT_TITLE},
        {"Gr 3 Math Lesson 1 (Repeat)", "Grade 3", "Math", "Lesson 1", "", "", REPEAT, 0},
        {"【重播】语文 荷花", "", "语文", "荷花", "", "", REPEAT, 0},
        {"首播 语文 荷花", "", "语文", "荷花", "", "", 0, 0},
        {"数学 答疑\n直播", "", "数学", "答疑", "", "", LIVE, 0},
    };
    const struct import_request request = {.format = IMPORT_FORMAT_GRID};
    check_cells(cases, sizeof(cases) / sizeof(cases[0]), &request);
}

static void what_is_not_certain_is_in_doubt(void **state)
{
    (void)state;
    static const struct cell_case cases[] = {
        {"语文", "", "语文", "", "", "", 0, IMPORT_DOUBT_TITLE},
        {"开学第一课", "", "", "开学第一课", "", "", 0, IMPORT_DOUBT_SUBJECT},
        {"数学家的故事", "", "", "数学家的故事", "", "", 0, IMPORT_DOUBT_SUBJECT},
        {"直播间里的数学", "", "", "直播间里的数学", "", "", 0, IMPORT_DOUBT_SUBJECT},
        {"语文\n王小明\n春夏秋冬", "", "语文", "王小明", "春夏秋冬", "", 0, IMPORT_DOUBT_LINES},
        {"烘焙\n饼干", "", "", "烘焙", "饼干", "", 0, IMPORT_DOUBT_LINES},
        {"语文/荷花/王小明", "", "语文", "荷花", "王小明", "", 0, IMPORT_DOUBT_LINES},
        {"语文\n《荷花》\n小青蛙", "", "语文", "荷花", "小青蛙", "", 0, IMPORT_DOUBT_LINES},
        {"语文\n《荷花》\n王芳\n小青蛙", "", "语文", "荷花", "王芳", "", 0, IMPORT_DOUBT_LINES},
        {"语文\n《向量》\n方程", "", "语文", "向量", "方程", "", 0, IMPORT_DOUBT_LINES},
        {"数学 测量 李强", "", "数学", "测量 李强", "", "", 0, IMPORT_DOUBT_NAME},
        {"语文\n难忘的一位老师\n王小明", "", "语文", "难忘的一位老师", "王小明", "", 0,
         IMPORT_DOUBT_LINES},
        {"语文\n荷花\n佴小明老师", "", "语文", "荷花", "佴小明老师", "", 0, IMPORT_DOUBT_LINES},
        {"语文 致敬最美老师", "", "语文", "致敬最美老师", "", "", 0, IMPORT_DOUBT_NAME},
        {"语文 人民教师", "", "语文", "人民教师", "", "", 0, IMPORT_DOUBT_NAME},
        {"语文 任课老师", "", "语文", "任课老师", "", "", 0, IMPORT_DOUBT_NAME},
        {"语文 佴小明老师", "", "语文", "佴小明老师", "", "", 0, IMPORT_DOUBT_NAME},
        {"英语 Lily老师", "", "英语", "Lily老师", "", "", 0, IMPORT_DOUBT_NAME},
        {"语文 荷花 佴小明老师", "", "语文", "荷花 佴小明老师", "", "", 0, IMPORT_DOUBT_NAME},
        {"语文 王老师、佴老师", "", "语文", "王老师、佴老师", "", "", 0, IMPORT_DOUBT_NAME},
        {"数学 测量（李强）", "", "数学", "测量（李强）", "", "", 0, IMPORT_DOUBT_NAME},
        {"语文 王芳 《荷花》", "", "语文", "王芳 《荷花》", "", "", 0, IMPORT_DOUBT_NAME},
        {"语文 《荷花》（一）（李强）", "", "语文", "《荷花》（一）（李强）", "", "", 0,
         IMPORT_DOUBT_NAME},
        {"数学\n李强", "", "数学", "李强", "", "", 0, IMPORT_DOUBT_NAME},
        {"数学 欧阳小明\n示例学校A", "", "数学", "欧阳小明", "", "示例学校A", 0, IMPORT_DOUBT_NAME},
        {"数学 李强\n示例教师01", "", "数学", "李强", "示例教师01", "", 0, 0},
        {"数学\n《李强》", "", "数学", "李强", "", "", 0, 0},
        {"数学\n课题：李强", "", "数学", "李强", "", "", 0, 0},
        {"语文 鲁迅《故乡》", "", "语文", "鲁迅《故乡》", "", "", 0, 0},
        {"语文 鲁迅《故乡》 王芳", "", "语文", "鲁迅《故乡》 王芳", "", "", 0, IMPORT_DOUBT_NAME},
        {"语文/英语", "", "语文", "英语", "", "", 0, IMPORT_DOUBT_TWO_SUBJECTS},
        {"语文/英语/《荷花》", "", "语文", "荷花", "英语", "", 0, IMPORT_DOUBT_LINES},
        {"KT-09\n荷花\n王老师", "", "KT-09", "荷花", "王老师", "", 0, IMPORT_DOUBT_SUBJECT},
        {"Mathmatics\nFractions", "", "Mathmatics", "Fractions", "", "", 0, IMPORT_DOUBT_SUBJECT},
    };
    const struct import_request request = {.format = IMPORT_FORMAT_GRID};
    check_cells(cases, sizeof(cases) / sizeof(cases[0]), &request);
}

static void a_title_in_its_marks_leaves_the_teacher(void **state)
{
    (void)state;
    static const struct cell_case cases[] = {
        {"语文\n一年级\n《秋天》\n王芳", "一年级", "语文", "秋天", "王芳", "", 0, 0},
        {"语文\n王小明\n《荷花》", "", "语文", "荷花", "王小明", "", 0, 0},
        {"语文\n“荷花”\n欧阳小明", "", "语文", "荷花", "欧阳小明", "", 0, 0},
        {"语文\n课题：荷花\n王小明", "", "语文", "荷花", "王小明", "", 0, 0},
        {"语文\n课题：《荷花》\n王小明", "", "语文", "荷花", "王小明", "", 0, 0},
        {"语文/《荷花》/王芳、李强", "", "语文", "荷花", "王芳、李强", "", 0, 0},
        {"语文\n《荷花》\n王芳\n李强", "", "语文", "荷花", "王芳、李强", "", 0, 0},
        {"语文 《姓氏歌》（王芳）", "", "语文", "姓氏歌", "王芳", "", 0, 0},
        {"语文《姓氏歌》(王老师)", "", "语文", "姓氏歌", "王老师", "", 0, 0},
        {"语文 《姓氏歌》 王芳", "", "语文", "姓氏歌", "王芳", "", 0, 0},
        {"语文 《姓氏歌》王芳", "", "语文", "姓氏歌", "王芳", "", 0, 0},
        {"语文 《姓氏歌》（王芳，示例学校A）", "", "语文", "姓氏歌", "王芳", "示例学校A", 0, 0},
        {"语文《姓氏歌》（示例学校A 王芳）", "", "语文", "姓氏歌", "王芳", "示例学校A", 0, 0},
        {"语文 《姓氏歌》 王芳 示例学校A", "", "语文", "姓氏歌", "王芳", "示例学校A", 0, 0},
        {"语文 《荷花》（王芳改编）", "", "语文", "《荷花》（王芳改编）", "", "", 0, 0},
        {"语文 《荷花》（第1课时）", "", "语文", "《荷花》（第1课时）", "", "", 0, 0},
        {"语文\n《测量 李强》", "", "语文", "测量 李强", "", "", 0, 0},
        {"语文 测量 李强\n教师：王芳", "", "语文", "测量 李强", "王芳", "", 0, 0},
    };
    static const struct cell_case said[] = {
        {"语文\n一年级\n《秋天》\n王芳", "一年级", "语文", "秋天", "王芳", "", 0, 0},
        {"语文 / 一年级 / 《秋天》 / 王芳", "一年级", "语文", "秋天", "王芳", "", 0, 0},
        {"语文\n一年级\n《秋天》（王芳）", "一年级", "语文", "秋天", "王芳", "", 0, 0},
    };
    const struct import_request request = {.format = IMPORT_FORMAT_GRID};
    const struct import_request ordered = {.lines = "学科,年级,课题,教师"};
    check_cells(cases, sizeof(cases) / sizeof(cases[0]), &request);
    check_cells(said, sizeof(said) / sizeof(said[0]), &ordered);
}

static void a_misspelt_subject_or_grade_keeps_its_place(void **state)
{
    (void)state;
    static const struct cell_case cases[] = {
        {"音楽/一年级/《国歌》/教师：陈静", "一年级", "音楽", "国歌", "陈静", "", 0,
         IMPORT_DOUBT_SUBJECT},
        {"烘焙/一年级/《饼干》/王芳", "一年级", "烘焙", "饼干", "王芳", "", 0,
         IMPORT_DOUBT_SUBJECT},
        {"语文/四年/《画》/教师：陈静", "四年", "语文", "画", "陈静", "", 0, 0},
        {"语文 四级 《画》", "四级", "语文", "画", "", "", 0, 0},
        {"语文 百年 变迁", "", "语文", "百年 变迁", "", "", 0, 0},
    };
    const struct import_request request = {.format = IMPORT_FORMAT_GRID};
    check_cells(cases, sizeof(cases) / sizeof(cases[0]), &request);
}

static void the_operator_may_say_more_subjects_and_the_order_of_lines(void **state)
{
    (void)state;
    static const struct cell_case cases[] = {
        {"语文\n王小明\n春夏秋冬", "", "语文", "春夏秋冬", "王小明", "", 0, 0},
        {"烘焙\n王小明\n饼干", "", "烘焙", "饼干", "王小明", "", 0, IMPORT_DOUBT_SUBJECT},
        {"KT-09\n王小明\n饼干", "", "KT-09", "饼干", "王小明", "", 0, IMPORT_DOUBT_SUBJECT},
        {"KT-09", "", "", "KT-09", "", "", 0, IMPORT_DOUBT_SUBJECT},
        {"语文/王小明/荷花", "", "语文", "荷花", "王小明", "", 0, 0},
        {"一年级 语文 王小明\n荷花", "一年级", "语文", "荷花", "王小明", "", 0, 0},
        {"直播\n语文\n王小明\n荷花", "", "语文", "荷花", "王小明", "", LIVE, 0},
        {"语文\n\n荷花", "", "语文", "荷花", "", "", 0, 0},
        {"语文\n教师：王小明\n课题：荷花", "", "语文", "荷花", "王小明", "", 0, 0},
        {"语文 荷花 王老师", "", "语文", "荷花", "王老师", "", 0, 0},
        {"语文\n荷花\n王老师", "", "语文", "王老师", "荷花", "", 0, IMPORT_DOUBT_LINES},
        {"语文", "", "语文", "", "", "", 0, IMPORT_DOUBT_TITLE},
        {"语文\n春夏秋冬\n王小明", "", "语文", "王小明", "春夏秋冬", "", 0, IMPORT_DOUBT_NAME},
        {"语文\n王芳\n王小明", "", "语文", "王小明", "王芳", "", 0, 0},
        {"语文\n春夏秋冬\n《王小明》", "", "语文", "王小明", "春夏秋冬", "", 0, 0},
        {"语文\n教师：王小明\n课题：春夏秋冬", "", "语文", "春夏秋冬", "王小明", "", 0, 0},
    };
    static const struct cell_case subjects[] = {
        {"烘焙 饼干", "", "烘焙", "饼干", "", "", 0, 0},
    };
    const struct import_request ordered = {.lines = "学科,教师,课题"};
    const struct import_request more = {.subjects = "棋,烘焙"};
    check_cells(cases, sizeof(cases) / sizeof(cases[0]), &ordered);
    check_cells(subjects, sizeof(subjects) / sizeof(subjects[0]), &more);
    struct import_lines lines;
    assert_true(import_lines_read("subject，title", &lines));
    assert_int_equal(lines.count, 2);
    assert_false(import_lines_read("subject,titel", &lines));
    assert_false(import_lines_read("", &lines));
}

static void a_lost_hour_in_a_cell_is_told(void **state)
{
    (void)state;
    static struct import_reading reading;
    const struct import_request request = {.format = IMPORT_FORMAT_GRID};
    import_cell_read("05 AM English S.4", &request, &reading);
    assert_int_equal(reading.clock, IMPORT_CLOCK_HOUR_LOST);
    assert_string_equal(reading.subject, "English");
    import_cell_read("语文 8:40-9:20", &request, &reading);
    assert_true(reading.has_range);
    assert_int_equal(reading.range.start, 8 * 3600 + 40 * 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_known_by_their_words_in_any_order),
        cmocka_unit_test(what_is_not_certain_is_in_doubt),
        cmocka_unit_test(a_title_in_its_marks_leaves_the_teacher),
        cmocka_unit_test(a_misspelt_subject_or_grade_keeps_its_place),
        cmocka_unit_test(the_operator_may_say_more_subjects_and_the_order_of_lines),
        cmocka_unit_test(a_lost_hour_in_a_cell_is_told),
    };
    return cmocka_run_group_tests_name("import_cell", tests, NULL, NULL);
}
