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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_sheet_says_nothing_of_stays),
    };
    return cmocka_run_group_tests_name("import_keep", tests, NULL, NULL);
}
