/* SPDX-License-Identifier: MIT */
/* Files of other programs, and holidays; how what was read is written. */
#include "scheduler/import/import.h"

#include "scheduler/import/import_write.h"
#include "tests/support/import_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define HEAD "节次,时间,周一,周二\n"

static void the_same_file_gives_the_same_bytes(void **state)
{
    (void)state;
    static const char text[] = HEAD "1,8:00-8:40,语文 甲,数学 乙\n课间,8:40-8:50,,\n";
    struct import imports[2];
    char *yaml[2];
    for (int i = 0; i < 2; i++) {
        assert_int_equal(import_bench_read(&imports[i], &import_plain, text, &yaml[i]), 0);
    }
    assert_string_equal(yaml[0], yaml[1]);
    for (int i = 0; i < 2; i++) {
        import_finish(&imports[i]);
        free(yaml[i]);
    }
}

static void values_are_quoted_where_yaml_would_read_something_else(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *written;
    } cases[] = {
        {"春夏秋冬", "春夏秋冬"},
        {"Unit 1: Hello", "'Unit 1: Hello'"},
        {"it's", "it's"},
        {"'tis", "'''tis'"},
        {"a, b", "'a, b'"},
        {"[1]", "'[1]'"},
        {"~", "'~'"},
        {"null", "'null'"},
        {"on", "'on'"},
        {"No", "'No'"},
        {"when", "when"},
        {"同", "'同'"},
        {"12", "'12'"},
        {"08:30", "'08:30'"},
        {"-a", "'-a'"},
        {"a\nb", "\"a\\nb\""},
        {"a \"b\" c", "'a \"b\" c'"},
        {"a\\b", "'a\\b'"},
        {"", "''"},
        {"1A", "'1A'"},
        {"X-1-1", "X-1-1"},
        {"# a", "'# a'"},
        {"a #b", "'a #b'"},
        {"退位减法(1)", "退位减法(1)"},
        {"I=U/R", "I=U/R"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        import_write_value(cases[i].text, out);
        fclose(out);
        assert_string_equal(text, cases[i].written);
        free(text);
    }
}

static void holidays_become_a_calendar(void **state)
{
    (void)state;
    static const struct import_story stories[] = {
        {"[{\"date\":\"2020-05-01\",\"name\":\"劳动节\",\"isOffDay\":true},"
         "{\"date\":\"2020-05-02\",\"name\":\"劳动节\",\"isOffDay\":true},"
         "{\"date\":\"2020-05-04\",\"name\":\"劳动节\",\"isOffDay\":true}]",
         NULL, NULL,
         "  - {date: 2020-05-01, until: 2020-05-02, holiday: 劳动节}\n"
         "  - {date: 2020-05-04, holiday: 劳动节}\n"},
        {"{\"days\":[{\"date\":\"2020-05-09\",\"name\":\"劳动节\",\"isOffDay\":false}]}",
         "a.csv:[1]", "is worked", "#   - {date: 2020-05-09, runs: ?, reason: 劳动节}"},
        {"[{\"date\":\"2020-02-30\",\"name\":\"a\",\"isOffDay\":true}]", "a.csv:[1]", "no date",
         NULL},
        {"[{\"date\":\"2020-05-01\",\"name\":\"a\"}]", "a.csv:[1]", "isOffDay", NULL},
        {"[{\"date\":\"2020-05-01\"", "a.csv:1:21", "no good JSON", NULL},
    };
    import_bench_check(stories, sizeof(stories) / sizeof(stories[0]), &import_plain);
}

static void programs_files_are_known_by_their_heads(void **state)
{
    (void)state;
#define WAKEUP "课程名称,星期,开始节数,结束节数,老师,地点,周数\n"
#define FET    "\"Activity Id\",\"Day\",\"Hour\",\"Students Sets\",\"Subject\",\"Teachers\"\n"
#define ASC(daysdefs, days, weeks)                                                                 \
    "<timetable><daysdefs>" daysdefs "</daysdefs><subjects><subject id='s' name='语文'/>"        \
    "</subjects><periods><period period='1' starttime='8:00' endtime='8:40'/></periods>"           \
    "<lessons><lesson id='l' subjectid='s'/></lessons><cards><card lessonid='l' period='1' "       \
    "days='" days "' weeks='" weeks "'/></cards></timetable>"
    static const struct import_story stories[] = {
        {WAKEUP "语文,一,1,2,示例教师01,,1-16\n", "a.csv", "does not say when",
         "  第二节: [KT-1-1]\n"},
        {WAKEUP "语文,1,1,1,,,1-5、7-11单\n数学,1,1,1,,,2-4双\n", "a.csv:A3", "taken already",
         NULL},
        {WAKEUP "语文,1,1,1,,,单周\n数学,1,1,1,,,双周\n", "a.csv", "no titles",
         "  - week: 双周\n    grid:\n      第一节: [KT-1-1-2]\n"},
        {WAKEUP "语文,8,1,1,,,\n", "a.csv:B2", "no day", NULL},
        {WAKEUP "语文,1,1,1,,,周\n", "a.csv:G2", "no weeks", NULL},
        {FET "1,Monday,08:00-08:40,Y1+Y2,Math,T1+T2\n1,Monday,08:45-09:25,Y1+Y2,Math,T1+T2\n",
         "a.csv", "no titles", "grade: Y1、Y2, subject: Math, title: Math, teacher: T1、T2}\n\n"},
        {"<timetable><daysdefs><daysdef days='10'/></daysdefs><subjects><subject id='s' "
         "name='语文'/></subjects><periods><period period='1' starttime='8:00' endtime='8:40'/>"
         "</periods><lessons><lesson id='l' subjectid='s'/></lessons><cards><card lessonid='l' "
         "period='1' days='100'/></cards></timetable>",
         "a.csv:1", "'100' of this card (lesson l, period 1) must be 2 digits", NULL},
        {"<timetable><daysdefs><daysdef days='10'/></daysdefs><subjects><subject id='s' "
         "name='语文'/></subjects><periods><period period='1' starttime='8:00' endtime='8:40'/>"
         "</periods><lessons><lesson id='l' subjectid='s'/></lessons><cards><card lessonid='l' "
         "period='1' days='01'/></cards></timetable>",
         "a.csv", "no titles", "days:     [周二]"},
        {ASC("<daysdef name='Sunday' days='10'/><daysdef name='周一' days='01'/>", "10", "1"),
         "a.csv", "no titles", "days:     [周日]"},
        {ASC("<daysdef name='周一' days='10'/><daysdef name='周二' days='010'/>", "10", "1"),
         "a.csv:1", "have 3 digits, but those before have 2", NULL},
        {ASC("<daysdef days='10'/>", "10", "100"), "a.csv:1", "neither all, nor every other", NULL},
        {"<a/>", "a.csv", "must begin with <timetable>", NULL},
        {"<!DOCTYPE timetable [<!ENTITY a 'b'>]><timetable/>", "a.csv:1", "DOCTYPE", NULL},
    };
    import_bench_check(stories, sizeof(stories) / sizeof(stories[0]), &import_plain);
}

static void periods_are_called_as_people_call_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *name;
    } cases[] = {
        {"1", "第一节"},      {"第1节", "第一节"},
        {"一", "第一节"},     {"第一节", "第一节"},
        {"10节", "第十节"},   {"第12节课", "第十二节"},
        {"20", "第二十节"},   {"二十一", "第二十一节"},
        {"99", "第九十九节"}, {"100", "100"},
        {"0", "0"},           {"早读", "早读"},
        {"1 语文", "1 语文"}, {"第1节(上)", "第1节(上)"},
        {"1-2节", "1-2节"},   {"Period 1", "Period 1"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char name[IMPORT_TEXT_BYTES_MOST + 1];
        import_period_call(cases[i].text, name, sizeof(name));
        assert_string_equal(name, cases[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_file_gives_the_same_bytes),
        cmocka_unit_test(values_are_quoted_where_yaml_would_read_something_else),
        cmocka_unit_test(holidays_become_a_calendar),
        cmocka_unit_test(programs_files_are_known_by_their_heads),
        cmocka_unit_test(periods_are_called_as_people_call_them),
    };
    return cmocka_run_group_tests_name("import_files", tests, NULL, NULL);
}
