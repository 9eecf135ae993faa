/* SPDX-License-Identifier: MIT */
/* Which line is what, over a whole file: what is told, and that what is suggested works. */
#include "scheduler/import/import_lines.h"

#include "tests/support/dice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "节次,时间,周一,周二,周三\n"

enum { DOUBTS = IMPORT_DOUBT_LINES | IMPORT_DOUBT_PERSON, GRID_SIZE = 2000 };

static void read_text(struct import *import, const char *lines, const char *text)
{
    const struct import_request request = {.lines = lines};
    assert_int_equal(import_init(import, "a.csv"), 0);
    assert_int_equal(import_read(import, &request, text, strlen(text)), 0);
}

static size_t count_doubts(const struct import *import)
{
    size_t count = 0;
    for (size_t i = 0; i < import->lesson_count; i++) {
        count += (import->lessons[i].doubts & DOUBTS) != 0;
    }
    return count;
}

/* All that suggest an order suggest the same, which is returned; "" when none does. */
static const char *suggested(const struct import *import, char text[IMPORT_LINES_TEXT_SIZE])
{
    static const char option[] = "--lines ";
    size_t told = 0;
    text[0] = '\0';
    for (size_t i = 0; i < import->problems.count; i++) {
        const char *found = strstr(import->problems.items[i].text, option);
        if (found == NULL) {
            continue;
        }
        found += strlen(option);
        if (told++ > 0) {
            assert_string_equal(text, found);
        }
        snprintf(text, IMPORT_LINES_TEXT_SIZE, "%s", found);
    }
    return text;
}

static void lines_that_are_suggested_work(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *lines;
    } cases[] = {
        {HEAD "1,8:00-8:40,\"语文\n荷花\n王小明\",\"语文\n燕子\",\n", "subject,title,teacher"},
        {HEAD "1,8:00-8:40,\"语文\n荷花\n王小明\n示例学校A\",,\n", "subject,title,teacher,school"},
        {HEAD "1,8:00-8:40,\"语文\n王小明\n荷花\",\"数学\n示例教师01\n加法\",\n",
         "subject,teacher,title"},
        {HEAD "1,8:00-8:40,\"烘焙\n饼干\",,\n", "subject,title"},
        {HEAD "1,8:00-8:40,\"烘焙\n饼干\n王老师\",,\n", "subject,title,teacher"},
        {HEAD "1,8:00-8:40,语文/荷花/王小明,,\n", "subject,title,teacher"},
        {HEAD "1,8:00-8:40,\"语文 荷花\n王小明\",\"语文 燕子\n李红\",\n", "subject,title,teacher"},
        {HEAD "1,8:00-8:40,\"语文\n王小明\",语文,语文\n2,9:00-9:40,数学,数学,数学\n",
         "subject,teacher"},
        /* Nothing holds for both cells, or there is no line for each. */
        {HEAD "1,8:00-8:40,\"语文\n荷花\n王小明\",\"荷花\n语文\",\n", ""},
        {HEAD "1,8:00-8:40,\"语文\n荷花 示例教师01\n王小明\",,\n", ""},
        {HEAD "1,8:00-8:40,\"语文\n甲\n乙\n丙\n丁\n戊\",,\n", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct import import;
        char lines[IMPORT_LINES_TEXT_SIZE];
        read_text(&import, NULL, cases[i].text);
        assert_true(count_doubts(&import) > 0);
        assert_string_equal(suggested(&import, lines), cases[i].lines);
        import_finish(&import);
        if (lines[0] != '\0') {
            read_text(&import, lines, cases[i].text);
            assert_int_equal(count_doubts(&import), 0);
            assert_int_equal(import.problems.errors, 0);
            import_finish(&import);
        }
    }
}

/* One to four words of any kind, on lines of their own, or on one. */
static size_t write_noise(struct dice *dice, char *text, size_t size)
{
    static const char *const words[] = {"语文",
                                        "数学",
                                        "烘焙",
                                        "荷花",
                                        "加法",
                                        "王小明",
                                        "李红",
                                        "王老师",
                                        "示例教师01",
                                        "示例学校A",
                                        "教师：李红",
                                        "《荷花》",
                                        "语文 荷花",
                                        "一年级",
                                        "直播",
                                        "KT-09",
                                        "《燕子》（李红）",
                                        "四年"};
    enum { WORDS = sizeof(words) / sizeof(words[0]) };
    static const char *const between[] = {"\n", "\n", "\n", "/", " "};
    const char *mark = between[dice_between(dice, 0, 4)];
    size_t used = 0;
    for (int64_t left = dice_between(dice, 1, 4); left > 0; left--) {
        used += (size_t)snprintf(text + used, size - used, "%s%s",
                                 words[dice_between(dice, 0, WORDS - 1)], left > 1 ? mark : "");
    }
    return used;
}

/* How all cells of a grid are written. */
struct habit {
    enum import_role roles[IMPORT_ROLE_COUNT];
    int64_t count;
    int64_t full; /* how many of four cells have all, more or less */
    const char *mark;
};

static struct habit draw_habit(struct dice *dice)
{
    struct habit habit = {.count = dice_between(dice, 2, 4), .full = dice_between(dice, 0, 4)};
    enum import_role left[] = {IMPORT_ROLE_SUBJECT, IMPORT_ROLE_TITLE, IMPORT_ROLE_TEACHER,
                               IMPORT_ROLE_SCHOOL, IMPORT_ROLE_GRADE};
    enum { ROLES = sizeof(left) / sizeof(left[0]) };
    for (int64_t i = 0; i < habit.count; i++) {
        const int64_t drawn = dice_between(dice, i, ROLES - 1);
        habit.roles[i] = left[drawn];
        left[drawn] = left[i];
    }
    habit.mark = dice_between(dice, 0, 2) == 0 ? "/" : "\n";
    return habit;
}

/* A cell as all others are; some leave out what comes last. */
static size_t write_usual(struct dice *dice, const struct habit *habit, char *text, size_t size)
{
    enum { WORDS = 4 };
    static const char *const words[IMPORT_ROLE_COUNT][WORDS] = {
        [IMPORT_ROLE_SUBJECT] = {"语文", "数学", "英语", "烘焙"},
        [IMPORT_ROLE_TITLE] = {"荷花", "加法", "小青蛙", "《燕子》"},
        [IMPORT_ROLE_TEACHER] = {"王小明", "李红", "王老师", "示例教师01"},
        [IMPORT_ROLE_SCHOOL] = {"示例学校A", "示例小学", "示例中学", "学校：示例学校B"},
        [IMPORT_ROLE_GRADE] = {"一年级", "二年级", "高一", "三年级"},
    };
    const bool is_full = dice_between(dice, 1, 4) <= habit->full;
    const int64_t count = is_full ? habit->count : dice_between(dice, 1, habit->count);
    size_t used = 0;
    for (int64_t i = 0; i < count; i++) {
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? habit->mark : "",
                                 words[habit->roles[i]][dice_between(dice, 0, WORDS - 1)]);
    }
    return used;
}

/* Six cells that agree, but for one in 24. */
static void make_grid(struct dice *dice, char text[GRID_SIZE])
{
    const struct habit habit = draw_habit(dice);
    size_t used = (size_t)snprintf(text, GRID_SIZE, HEAD);
    for (int cell = 0; cell < 6; cell++) {
        used += (size_t)snprintf(text + used, GRID_SIZE - used,
                                 cell == 0   ? "1,8:00-8:40,\""
                                 : cell == 3 ? "\"\n2,9:00-9:40,\""
                                             : "\",\"");
        used += dice_between(dice, 0, 23) == 0
                    ? write_noise(dice, text + used, GRID_SIZE - used)
                    : write_usual(dice, &habit, text + used, GRID_SIZE - used);
    }
    snprintf(text + used, GRID_SIZE - used, "\"\n");
}

static bool is_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* What was certain without --lines is the same with them. */
static bool is_kept(const struct import *before, const struct import *after)
{
    bool is_same_all = before->lesson_count == after->lesson_count;
    for (size_t i = 0; i < before->lesson_count && is_same_all; i++) {
        const struct import_lesson *a = &before->lessons[i];
        const struct import_lesson *b = &after->lessons[i];
        const bool has_subject = (a->doubts & IMPORT_DOUBT_SUBJECT) == 0;
        is_same_all = (a->doubts & DOUBTS) != 0 ||
                      ((!has_subject || is_same(a->subject, b->subject)) &&
                       is_same(a->title, b->title) && is_same(a->teacher, b->teacher) &&
                       is_same(a->school, b->school) && is_same(a->grade, b->grade));
    }
    return is_same_all;
}

static void whatever_is_suggested_works(void **state)
{
    (void)state;
    enum { ROUNDS = 2000 };
    size_t tried = 0;
    for (uint32_t seed = 1; seed <= ROUNDS; seed++) {
        struct dice dice = {.state = seed};
        struct import before;
        struct import after;
        char text[GRID_SIZE];
        char lines[IMPORT_LINES_TEXT_SIZE];
        make_grid(&dice, text);
        read_text(&before, NULL, text);
        suggested(&before, lines);
        read_text(&after, lines[0] != '\0' ? lines : NULL, text);
        tried += lines[0] != '\0';
        if ((lines[0] != '\0' && count_doubts(&after) > 0) || !is_kept(&before, &after)) {
            problems_print(&after.problems, stderr);
            fail_msg("seed %u: --lines %s\n%s", seed, lines, text);
        }
        import_finish(&before);
        import_finish(&after);
    }
    assert_true(tried > ROUNDS / 8);
}

struct mistake {
    const char *lines; /* --lines, or NULL */
    const char *text;
    size_t problems; /* all that are told */
    size_t errors;
    const char *place; /* of the first one; NULL when there is none */
    const char *problem;
};

static void subjects_are_looked_at_once_and_whatever_the_lines(void **state)
{
    (void)state;
    static const char order[] = "学科,课题,教师";
    static const struct mistake mistakes[] = {
        {NULL, HEAD "1,8:00-8:40,KT-01,KT-02,KT-03\n2,9:00-9:40,KT-04,KT-05,KT-06\n", 1, 1,
         "a.csv:C2",
         "'KT-01' looks like a house number, which is not taken from a grid (and in 5 "},
        {order, HEAD "1,8:00-8:40,\"KT-01\n荷花\n王小明\",KT-02,语文 甲\n", 1, 1, "a.csv:C2",
         "'KT-01' looks like a house number, which is not taken from a grid (and in 1 more cell);"},
        {order, HEAD "1,8:00-8:40,\"Mathmatics\n加法\n王小明\",语文 甲,Mathmatics 乙\n", 1, 1,
         "a.csv:C2", "'Mathmatics' is no known subject (and in 1 more cell); did you mean Mathem"},
        {order, HEAD "1,8:00-8:40,\"烘焙\n饼干\n王小明\",语文 甲,\"烘焙\n面包\"\n", 1, 0,
         "a.csv:C2",
         "'烘焙' is no known subject (and in 1 more cell); if it is one, say --subjects 烘焙"},
        {"subject,title", HEAD "1,8:00-8:40,\"荷花\n王小明\",语文 甲,\n", 1, 0, "a.csv:C2",
         "'荷花' is no known subject; if"},
        {NULL, HEAD "1,8:00-8:40,\"烘焙\n饼干\n王老师\",语文 甲,数学 乙\n", 1, 1, "a.csv:C2",
         "if '烘焙' is one, say --subjects 烘焙"},
        {NULL, HEAD "1,8:00-8:40,\"烘焙\n饼干\n王老师\",\"烘焙\n面包\n王老师\",数学 乙\n", 1, 1,
         "a.csv:C2", "what cannot be told (and in 1 more cell); if '烘焙' is one"},
        {NULL, HEAD "1,8:00-8:40,\"语文\n荷花\n王小明\",\"数学\n加法\n李红\",\n", 1, 1, "a.csv:C2",
         "cannot be told (2 cells: C2, D2); write"},
        {order, HEAD "1,8:00-8:40,\"数学(二)\n认识时间\",\"语文\n荷花\n王小明\",\n", 1, 1,
         "a.csv:C2", "'(二)' beside the subject may be the grade"},
        {NULL, HEAD "1,8:00-8:40,武术 基本功,书法 横,舞蹈 压腿\n", 0, 0, NULL, NULL},
        {NULL, HEAD "1,8:00-8:40,游戏 老鹰捉小鸡,语文 甲,语文 乙\n", 1, 0, "a.csv:C2",
         "no known subject is named here"},
        {NULL, HEAD "1,8:00-8:40,美木 花,武术 甲,语文 乙\n", 1, 1, "a.csv:C2",
         "'美木' is no known subject; did you mean 美术?"},
        {NULL, "时间,星期,学科,课题\n8:00-8:40,周一,武术,甲\n8:00-8:40,周二,语文,乙\n", 0, 0, NULL,
         NULL},
        {NULL, "时间,星期,学科,课题\n8:00-8:40,周一,Mathmatics,甲\n8:00-8:40,周二,语文,乙\n", 1, 1,
         "a.csv:A2", "did you mean Mathematics"},
    };
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        struct import import;
        const struct mistake *wanted = &mistakes[i];
        read_text(&import, wanted->lines, wanted->text);
        if (import.problems.count != wanted->problems || import.problems.errors != wanted->errors ||
            (wanted->problems > 0 &&
             (strcmp(import.problems.items[0].file, wanted->place) != 0 ||
              strstr(import.problems.items[0].text, wanted->problem) == NULL))) {
            problems_print(&import.problems, stderr);
            fail_msg("mistake %zu:\n%s", i, wanted->text);
        }
        import_finish(&import);
    }
}

/* An unknown word of 23 letters, each number another one, far from all subjects. */
static const char *unknown_word(size_t number, char word[32])
{
    snprintf(word, 32, "zqzqzqzqzqzqzqzqzqzzzzz");
    for (size_t i = 18; i < 23; i++, number /= 10) {
        word[i] = (char)('A' + number % 10);
    }
    return word;
}

/* Seven days, and as many periods as a timetable may have. */
static void write_largest_grid(FILE *out, const char *more)
{
    size_t number = 0;
    char word[32];
    fputs("节次,时间,周一,周二,周三,周四,周五,周六,周日\n", out);
    for (int row = 0; row < IMPORT_PERIODS_MOST; row++) {
        const int minute = row * 7;
        fprintf(out, "%d,%d:%02d-%d:%02d", row + 1, minute / 60, minute % 60, (minute + 5) / 60,
                (minute + 5) % 60);
        for (int day = 0; day < 7; day++) {
            fprintf(out, ",\"%s%s\"", unknown_word(number++, word), more);
        }
        fputc('\n', out);
    }
}

/* As many rows as a sheet may have, or nearly. */
static void write_largest_list(FILE *out, const char *grade)
{
    enum { ROWS = 1999 };
    static const char *const days[] = {"周一", "周二", "周三", "周四", "周五", "周六", "周日"};
    char word[32];
    fputs("时间,星期,年级,学科,课题\n", out);
    for (size_t i = 0; i < ROWS; i++) {
        const size_t minute = i / 7 % IMPORT_PERIODS_MOST * 7;
        fprintf(out, "%zu:%02zu-%zu:%02zu,%s,%s,%s,甲\n", minute / 60, minute % 60,
                (minute + 5) / 60, (minute + 5) % 60, days[i % 7], grade, unknown_word(i, word));
    }
}

/* Each with each would take minutes. */
static void the_largest_sheets_of_mistakes_are_told_in_time(void **state)
{
    (void)state;
    static const struct {
        void (*write)(FILE *out, const char *more);
        const char *more;
        const char *problem;
        size_t problems;
    } cases[] = {
        {write_largest_grid, "", "no known subject is named here", 1400},
        {write_largest_grid, "\n甲", "is no known subject; if", 0},
        {write_largest_grid, "\n甲\n乙", "no line here is a known subject", 1400},
        {write_largest_list, "一年级", "is no known subject; if", 1999},
        {write_largest_list, "四年", "is no known grade (and in 1998 more cells)", 1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct import import;
        char *text = NULL;
        size_t size = 0;
        size_t told = 0;
        FILE *out = open_memstream(&text, &size);
        assert_non_null(out);
        cases[i].write(out, cases[i].more);
        assert_int_equal(fclose(out), 0);
        read_text(&import, NULL, text);
        for (size_t k = 0; k < import.problems.count; k++) {
            told += strstr(import.problems.items[k].text, cases[i].problem) != NULL;
        }
        assert_int_equal(told, cases[i].problems);
        import_finish(&import);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_are_suggested_work),
        cmocka_unit_test(whatever_is_suggested_works),
        cmocka_unit_test(subjects_are_looked_at_once_and_whatever_the_lines),
        cmocka_unit_test(the_largest_sheets_of_mistakes_are_told_in_time),
    };
    return cmocka_run_group_tests_name("import_lines", tests, NULL, NULL);
}
