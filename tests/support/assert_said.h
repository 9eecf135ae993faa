/* SPDX-License-Identifier: MIT */
/*
 * assert_said: that a text holds these words; a test that fails shows both.
 */
#ifndef TESTS_SUPPORT_ASSERT_SAID_H
#define TESTS_SUPPORT_ASSERT_SAID_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A macro, for the line of the test. */
#define assert_said(text, words)                                                                   \
    do {                                                                                           \
        const char *const said_ = (text);                                                          \
        const char *const meant_ = (words);                                                        \
        if (strstr(said_, meant_) == NULL) {                                                       \
            fail_msg("\"%s\" does not say \"%s\"", said_, meant_);                                 \
        }                                                                                          \
    } while (0)

#endif
