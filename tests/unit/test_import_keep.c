/* SPDX-License-Identifier: MIT */
/* What stays of a timetable that is written over. */
#include "scheduler/import/import_keep.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct keep_case {
    const char *old;
    const char *fresh;
    const char *written; /* NULL: nothing can be kept */
    const char *kept;
    const char *replaced;
    const char *lost;
};

#define HEAD    "# of an import\nformat: 1\nchannel: a\n"
#define LESSONS "\nlessons:   # new\n  - {house_number: N, title: n}\n"
#define FRESH   HEAD LESSONS "\ngrid:\n  g: [N]\n"

static const char *or_none(const char *text)
{
    return text != NULL ? text : "";
}

static void what_the_sheet_says_nothing_of_stays(void **state)
{
    (void)state;
    static const struct keep_case cases[] = {
        {"format: 1\nchannel: a\n", FRESH, FRESH, "", "", ""},
        {"format: 1\nchannel: a\nlessons: [x]\nfillers:  # 垫播\n  - F\n  - G\n\n\n", FRESH,
         FRESH "\nfillers:  # 垫播\n  - F\n  - G\n", "fillers", "lessons", ""},
        {"format: 1\n\n# why\n# so\nrest: loop\n\nlessons: [x]\n", FRESH,
         HEAD "# why\n# so\nrest: loop\n" LESSONS "\ngrid:\n  g: [N]\n", "rest", "lessons", ""},
        {"format: 1\nchannel: a\n# calendar: zibo   # 校历\n\n# Those.\nlessons: [x]\n# n\n", FRESH,
         HEAD "# calendar: zibo   # 校历\n" LESSONS "\ngrid:\n  g: [N]\n", "", "lessons", ""},
        {"lessons: [x]\n# 片头\npresentation:\n  next: {house_number: A}\n# 课间\nbreaks: [b]",
         FRESH, FRESH "\n# 片头\npresentation:\n  next: {house_number: A}\n\n# 课间\nbreaks: [b]\n",
         "presentation, breaks", "lessons", ""},
        {"lessons: [x]\nbreaks: [old]\nfillers: [F]\n", FRESH "\nbreaks: [new]\n",
         FRESH "\nbreaks: [new]\n\nfillers: [F]\n", "fillers", "lessons, breaks", ""},
        {"lessons: [x]\nweeks:\n  - {week: 3}\nfillers: [F]\nchanges: [c]\n", FRESH,
         FRESH "\nfillers: [F]\n", "fillers", "lessons", "weeks, changes"},
        {"", FRESH, NULL, "", "", ""},
        {"mine", FRESH, NULL, "", "", ""},
        {"[a, b]", FRESH, NULL, "", "", ""},
        {"{format: 1, fillers: [F]}", FRESH, NULL, "", "", ""},
        {"a: [", FRESH, NULL, "", "", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct keep_case *that = &cases[i];
        struct import_kept kept;
        char *written = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&written, &size);
        const int result =
            import_keep(that->old, strlen(that->old), that->fresh, strlen(that->fresh), out, &kept);
        fclose(out);
        if (that->written == NULL) {
            assert_int_equal(result, -EINVAL);
        } else {
            assert_int_equal(result, 0);
            assert_string_equal(written, that->written);
        }
        assert_string_equal(or_none(kept.kept), that->kept);
        assert_string_equal(or_none(kept.replaced), that->replaced);
        assert_string_equal(or_none(kept.lost), that->lost);
        import_kept_finish(&kept);
        free(written);
    }
}

static void breaks_that_are_left_between_no_lessons_are_listed(void **state)
{
    (void)state;
    static const char old[] = "lessons: [x]\nbreaks:\n"
                              "  - {name: 晨读, start: 7:55, end: 8:00}\n"
                              "  - {name: 眼操, start: 08:40, end: 08:45}\n"
                              "  - {name: 课间, start: 08:45, end: 08:50}\n"
                              "  - {name: 课间, start: 12:25, end: 12:30}\n"
                              "  - {name: 眼保健操, start: 13:10, end: 13:15}\n"
                              "  - {name: 放学, start: 14:40, end: 14:45}\n"
                              "  - {name: 晚会, start: 19:00, end: 19:30}\n  - b\n";
    static const char periods[] = "periods:\n  - {name: a, start: 08:00, end: 08:40}\n"
                                  "  - {name: b, start: 08:50, end: 09:30}\n"
                                  "  - {name: c, start: 14:00, end: 14:40}\n";
    static const char *const fresh[] = {LESSONS, LESSONS "breaks: [new]\n"};
    static const char *const stray[] = {"课间 12:25-12:30, 眼保健操 13:10-13:15, 晚会 19:00-19:30",
                                        ""};
    for (size_t i = 0; i < sizeof(fresh) / sizeof(fresh[0]); i++) {
        struct import_kept kept;
        char *text = NULL;
        char *written = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&written, &size);
        assert_true(asprintf(&text, "%s%s", fresh[i], periods) > 0);
        assert_int_equal(import_keep(old, strlen(old), text, strlen(text), out, &kept), 0);
        fclose(out);
        assert_string_equal(or_none(kept.stray), stray[i]);
        import_kept_finish(&kept);
        free(written);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_sheet_says_nothing_of_stays),
        cmocka_unit_test(breaks_that_are_left_between_no_lessons_are_listed),
    };
    return cmocka_run_group_tests_name("import_keep", tests, NULL, NULL);
}
