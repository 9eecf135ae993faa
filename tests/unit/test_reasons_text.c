/* SPDX-License-Identifier: MIT */
/* Reasons are read in the reader's language, whatever that of the daemons was. */
#include "scheduler/reasons_text.h"

#include "playout/intl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SIZE = 128 };

static void check(const char *reasons, size_t size, const char *wanted)
{
    char text[SIZE];
    reasons_text(reasons, text, size);
    assert_string_equal(text, wanted);
}

static void reasons_are_read_in_one_language(void **state)
{
    (void)state;
    intl_speak("zh_CN");
    check("缺素材; 换课", SIZE, "缺素材；换课");
    check("the lesson's media is not there yet; 换课", SIZE, "本课素材尚未入库；换课");
    check("cut at its frame 240 by order 3", SIZE, "cut at its frame 240 by order 3");
    check("over", SIZE, "over"); /* an operator's word */
    intl_speak(NULL);
    check("the lesson's media is not there yet", SIZE, "the lesson's media is not there yet");
    check("one; two; three", SIZE, "one; two; three");
}

static void what_is_missing_or_too_long_does_no_harm(void **state)
{
    (void)state;
    check(NULL, SIZE, "");
    check("", SIZE, "");
    check("; ", SIZE, "; ");
    check("too long; for this", 12, "too long; f");
    check("一二三四", 12, "一二三"); /* whole characters */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reasons_are_read_in_one_language),
        cmocka_unit_test(what_is_missing_or_too_long_does_no_harm),
    };
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("LANGUAGE");
    intl_init();
    intl_serve();
    return cmocka_run_group_tests_name("reasons_text", tests, NULL, NULL);
}
