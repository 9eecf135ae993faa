/* SPDX-License-Identifier: MIT */
/* What was set by hand for lessons, periods and breaks outlives the next sheet. */
#include "scheduler/import/import_taken.h"

#include "scheduler/import/import_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "节次,时间,周一,周二\n"
#define LESSON(more)                                                                               \
    "lessons:\n  - {house_number: KT-1, grade: 一年级, subject: 语文, title: 甲" more "}\n"
#define PERIOD(more) "periods:\n  - {name: 第一节, start: 08:00, end: 08:40" more "}\n"

struct story {
    const char *timetables[2]; /* of before, the newest first */
    const char *sheet;
    const char *line; /* of what is written */
    const char *taken;
    const char *untaken;
};

static const char *or_none(const char *text)
{
    return text != NULL ? text : "";
}

static void check(const struct story *story)
{
    const struct import_output output = {.channel = "a"};
    struct import_known known = {0};
    const struct import_request request = {.prefix = "K", .known = &known};
    struct import import;
    char *written = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&written, &size);
    for (size_t i = 0; i < 2 && story->timetables[i] != NULL; i++) {
        const char *timetable = story->timetables[i];
        assert_int_equal(import_known_add(&known, timetable, strlen(timetable), false), 0);
    }
    assert_int_equal(import_init(&import, "a.csv"), 0);
    assert_int_equal(import_read(&import, &request, story->sheet, strlen(story->sheet)), 0);
    import_known_finish(&known); /* the import needs it no more */
    assert_int_equal(import_write(&import, &output, out), 0);
    fclose(out);
    if (strstr(written, story->line) == NULL) {
        fail_msg("no '%s' in:\n%s", story->line, written);
    }
    assert_string_equal(or_none(import.taken), story->taken);
    assert_string_equal(or_none(import.untaken), story->untaken);
    import_finish(&import);
    free(written);
}

static void what_the_sheet_says_nothing_of_stays(void **state)
{
    (void)state;
    static const struct story stories[] = {
        {{LESSON(", teacher: 王老师, school: 实验小学, substitute: KT-2, media: 20, signed: true")},
         HEAD "1,8:00-8:40,一年级 语文 甲,-\n",
         "{house_number: KT-1, grade: 一年级, subject: 语文, title: 甲, teacher: 王老师, "
         "school: 实验小学, substitute: KT-2, media: 20, signed: true}\n",
         "teacher, school, substitute, media, signed",
         ""},
        /* what it says goes over what was there */
        {{LESSON(", teacher: 王老师, media: 23:10")},
         HEAD "1,8:00-8:40,一年级 语文 甲 李老师,-\n",
         "title: 甲, teacher: 李老师, media: 23:10}\n",
         "media",
         ""},
        {{PERIOD(", media: 20, fixed: true")},
         HEAD "1,8:05-8:45,一年级 语文 甲,-\n",
         "  - {name: 第一节, start: 08:05, end: 08:45, media: 20, fixed: true}\n",
         "media, fixed",
         ""},
        /* of one name that which starts then */
        {{"breaks:\n  - {name: 眼操, start: 10:00, end: 10:05, topic: b}\n"
          "  - {name: 眼操, start: 08:40, end: 08:45, days: [周一], house_number: EYE-1}\n"},
         HEAD "1,8:00-8:40,一年级 语文 甲,-\n眼操,8:40-8:45,眼操,眼操\n",
         "  - {name: 眼操, start: 08:40, end: 08:45, house_number: EYE-1}\n",
         "house_number",
         ""},
        /* texts that need quotation marks within braces; what says nothing, or twice */
        {{"lessons:\n- house_number: KT-1\n  grade: 一年级\n  subject: 语文\n  title: 甲\n"
          "  edition: a, b\n  substitute: ~\n  edition: c\n  genre: \"true\"\n"},
         HEAD "1,8:00-8:40,一年级 语文 甲,-\n",
         "title: 甲, edition: 'a, b', genre: 'true'}\n",
         "edition, genre",
         ""},
        /* a lesson that comes back after a week */
        {{"lessons: []\n", LESSON(", media: 20") PERIOD(", fixed: true")},
         HEAD "1,8:00-8:40,一年级 语文 甲,-\n",
         "title: 甲, media: 20}\n",
         "media",
         ""},
        {{NULL}, HEAD "1,8:00-8:40,一年级 语文 甲,-\n", "title: 甲}\n", "", ""},
    };
    for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
        check(&stories[i]);
    }
}

static void what_is_lost_is_named(void **state)
{
    (void)state;
    static const struct story stories[] = {
        {{LESSON(", teacher: 王老师, media: 20") PERIOD(", fixed: true")},
         HEAD "2,8:00-8:40,一年级 语文 乙,-\n",
         "{house_number: K-1-2, grade: 一年级, subject: 语文, title: 乙}\n",
         "",
         "第一节 (fixed), KT-1 (media)"},
        {{LESSON(", teacher: 王老师") PERIOD("")},
         HEAD "2,8:00-8:40,一年级 语文 乙,-\n",
         "title: 乙}\n",
         "",
         ""},
        {{"breaks:\n  - {name: 眼操, start: 08:40, end: 08:45, house_number: EYE-1}\n"},
         HEAD "1,8:00-8:40,一年级 语文 甲,-\n大课间,8:40-9:00,大课间,大课间\n",
         "  - {name: 大课间, start: 08:40, end: 09:00}\n",
         "",
         "眼操 (house_number)"},
        /* without breaks of its own it leaves all that there are */
        {{"breaks:\n  - {name: 眼操, start: 08:40, end: 08:45, house_number: EYE-1}\n"},
         HEAD "1,8:00-8:40,一年级 语文 甲,-\n",
         "title: 甲}\n",
         "",
         ""},
    };
    for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
        check(&stories[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_sheet_says_nothing_of_stays),
        cmocka_unit_test(what_is_lost_is_named),
    };
    return cmocka_run_group_tests_name("import_taken", tests, NULL, NULL);
}
