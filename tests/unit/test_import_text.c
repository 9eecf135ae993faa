/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(literal) literal, sizeof(literal) - 1

static void encodings_are_told_by_their_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        enum import_encoding encoding;
        const char *text;
    } cases[] = {
        {BYTES("周一"), IMPORT_UTF8, "周一"},
        {BYTES(""), IMPORT_UTF8, ""},
        {BYTES("\xef\xbb\xbf周一"), IMPORT_UTF8_BOM, "周一"},
        {BYTES("\xd6\xdc\xd2\xbb"), IMPORT_GB18030, "周一"}, /* GBK */
        {BYTES("\x86\xb4"), IMPORT_GB18030, "喆"},           /* GBK, not GB2312 */
        {BYTES("\x81\x30\x85\x35"), IMPORT_GB18030, "²"},    /* four bytes */
        {BYTES("\xff\xfeh\x54\x31\0"), IMPORT_UTF16LE, "周1"},
        {BYTES("\xfe\xff\x54\x68\x4e\x00"), IMPORT_UTF16BE, "周一"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct import_text text = {0};
        const int result = import_text_decode(cases[i].bytes, cases[i].size, &text);
        if (result != 0) {
            fail_msg("case %zu: %d", i, result);
        }
        if (text.encoding != cases[i].encoding || strcmp(text.text, cases[i].text) != 0) {
            fail_msg("case %zu: %s '%s'", i, import_encoding_name(text.encoding), text.text);
        }
        free(text.text);
    }
}

static void what_is_no_text_is_refused_whole(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } cases[] = {
        {BYTES("a\0b")},             /* a NUL: no text */
        {BYTES("\xff\xfe\x00\xd8")}, /* half a surrogate pair */
        {BYTES("\xff\xfe\x31")},     /* an odd byte */
        {BYTES("caf\xe9 8:40\x96")}, /* Windows-1252 is no GB18030 */
        {BYTES("\x80\x20")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct import_text text = {.text = NULL};
        const int result = import_text_decode(cases[i].bytes, cases[i].size, &text);
        if (result != -EILSEQ || text.text != NULL) {
            fail_msg("case %zu: %d", i, result);
        }
    }
}

static void cleaning_takes_away_what_nobody_sees(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *clean;
        size_t removed;
    } cases[] = {
        {"语文", "语文", 0},
        {"语\u200b文\u202e", "语文", 2},
        {"\ufeff语文\u00ad", "语文", 2},
        {"  语文 \r\n\r\n 春夏秋冬\t", "语文\n春夏秋冬", 0},
        {"语文\u3000春\u00a0夏", "语文 春 夏", 0},
        {"\u2067\u2069\u061c", "", 3},
        {"a\x01\x7f", "a", 2},
        {"a\u2028b\rc", "a\nb\nc", 0},
        {"a²喆·", "a²喆·", 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[100];
        strcpy(text, cases[i].text);
        const size_t removed = import_text_clean(text);
        if (strcmp(text, cases[i].clean) != 0 || removed != cases[i].removed) {
            fail_msg("case %zu: '%s', %zu removed", i, text, removed);
        }
    }
}

static void folding_makes_ascii_of_full_width(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *folded;
    } cases[] = {
        {"８：３０－９：１０", "8:30-9:10"},
        {"８:30～９:10", "8:30-9:10"},
        {"8:30—9:10", "8:30-9:10"},
        {"8:30–9:10", "8:30-9:10"},
        {"（周五），", "(周五),"},
        {"ＡＢｃ", "ABc"},
        {"【重播】", "(重播)"},
        {"语文", "语文"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[100];
        strcpy(text, cases[i].text);
        import_text_fold(text);
        assert_string_equal(text, cases[i].folded);
    }
}

static void characters_are_never_cut_in_half(void **state)
{
    (void)state;
    assert_int_equal(import_text_fitting("语文", 10), 6);
    assert_int_equal(import_text_fitting("语文", 5), 3);
    assert_int_equal(import_text_fitting("语文", 2), 0);
    assert_int_equal(import_text_characters("a语²", 6), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodings_are_told_by_their_bytes),
        cmocka_unit_test(what_is_no_text_is_refused_whole),
        cmocka_unit_test(cleaning_takes_away_what_nobody_sees),
        cmocka_unit_test(folding_makes_ascii_of_full_width),
        cmocka_unit_test(characters_are_never_cut_in_half),
    };
    return cmocka_run_group_tests_name("import_text", tests, NULL, NULL);
}
