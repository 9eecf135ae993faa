/* SPDX-License-Identifier: MIT */
/* A program that answers each in his own language, on a machine without his locale. */
#include "playout/intl.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void *translate(void *text)
{
    return gettext(text);
}

static void a_thread_speaks_the_language_of_who_asks_and_then_its_own_again(void **state)
{
    (void)state;
    static char word[] = "undone";
    pthread_t thread;
    void *heard = NULL;
    for (int i = 0; i < 3; i++) {
        intl_speak("zh_CN");
        assert_string_equal(gettext(word), "已撤销");
        assert_string_equal(intl_language(), "zh_CN");
        assert_int_equal(pthread_create(&thread, NULL, translate, word), 0);
        assert_int_equal(pthread_join(thread, &heard), 0);
        assert_string_equal(heard, "undone"); /* another one's */
        intl_speak("en");
        assert_string_equal(gettext(word), "undone");
        intl_speak("zh_CN");
        intl_speak("xx");
        assert_string_equal(gettext(word), "undone");
        intl_speak(NULL);
        assert_string_equal(gettext(word), "undone");
        assert_string_equal(intl_language(), "en");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_speaks_the_language_of_who_asks_and_then_its_own_again),
    };
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("LANGUAGE");
    intl_init();
    intl_serve();
    return cmocka_run_group_tests_name("intl", tests, NULL, NULL);
}
