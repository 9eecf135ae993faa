/* SPDX-License-Identifier: MIT */
#include "playout/si_replace.h"
#include "playout/si_text.h"
#include "tests/support/dice.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 3 * SI_TEXT_MOST };

static const struct coding {
    enum text_coding coding;
    const char *charset;
    int selector; /* 0: none */
} CODINGS[] = {
    {TEXT_GB2312, "GB2312", 0x13}, {TEXT_UTF8, "UTF-8", 0x15},   {TEXT_UCS2, "UCS-2BE", 0x11},
    {TEXT_GBK, "GBK", 0},          {TEXT_GB18030, "GB18030", 0},
};

enum { CODING_COUNT = sizeof(CODINGS) / sizeof(CODINGS[0]) };

/* Decodes what a box would see; fails the test when it is not of the charset. */
static void decode(const struct coding *coding, const uint8_t *bytes, size_t size, char *out)
{
    char copy[ROOM];
    char *in = copy;
    char *to = out;
    size_t left = ROOM - 1;
    if (coding->selector != 0 && size > 0) {
        assert_int_equal(bytes[0], coding->selector);
        bytes++;
        size--;
    }
    memcpy(copy, bytes, size);
    iconv_t converter = iconv_open("UTF-8", coding->charset);
    if (iconv(converter, &in, &size, &to, &left) == (size_t)-1) {
        fail_msg("%s: not of the charset at byte %td", coding->charset, in - copy);
    }
    iconv_close(converter);
    *to = '\0';
}

/* What is seen of a text when it is taken whole. */
static void see(const struct coding *coding, const char *utf8, char *out)
{
    uint8_t bytes[SI_TEXT_MOST + 1];
    struct si_text *text = si_text_create(coding->coding);
    assert_non_null(text);
    struct si_coded coded = si_text_code(text, utf8);
    const size_t size = si_text_take(text, &coded, sizeof(bytes), bytes);
    assert_int_equal(coded.size, 0);
    decode(coding, bytes, size, out);
    si_text_destroy(text);
}

static void check_seen(enum text_coding coding, const char *utf8, const char *expected)
{
    char seen[ROOM];
    see(&CODINGS[coding], utf8, seen);
    if (strcmp(seen, expected) != 0) {
        fail_msg("%s: '%s' is seen as '%s', not '%s'", CODINGS[coding].charset, utf8, seen,
                 expected);
    }
}

static void text_of_the_charset_comes_back_as_it_was(void **state)
{
    static const char *const TEXTS[] = {
        "一年级 语文 春夏秋冬(示例)",
        "Unit 3: Let's go!",
        "数学 3×4=12, √16=4",
        "《论语》十二章",
        "拼音 ā á ǎ à ü",
        "“你好”,她说。",
        "℃ ± ≤ ≥ ① Ⅻ α β π",
    };
    (void)state;
    for (size_t c = 0; c < CODING_COUNT; c++) {
        for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
            check_seen(CODINGS[c].coding, TEXTS[i], TEXTS[i]);
        }
        check_seen(CODINGS[c].coding, "", "");
    }
}

static void empty_text_has_no_selector(void **state)
{
    (void)state;
    for (size_t c = 0; c < CODING_COUNT; c++) {
        uint8_t byte = 0;
        struct si_text *text = si_text_create(CODINGS[c].coding);
        struct si_coded coded = si_text_code(text, NULL);
        assert_int_equal(si_text_take(text, &coded, 100, &byte), 0);
        si_text_destroy(text);
    }
}

static void what_nobody_sees_goes_and_widths_are_made_one(void **state)
{
    (void)state;
    for (size_t c = 0; c < CODING_COUNT; c++) {
        const enum text_coding coding = CODINGS[c].coding;
        check_seen(coding, "语\u200b文\ufeff\u202e课\u00ad\a", "语文课");
        check_seen(coding, "第１２课 ＡＢｃ", "第12课 ABc");
        check_seen(coding, "ｱｲｳ", "アイウ");
        check_seen(coding, "上\u00a0下\t左\u2003右", "上 下 左 右");
        check_seen(coding, "你好，世界！", "你好，世界！");
    }
}

static void line_ends_are_spaces_where_the_table_has_none(void **state)
{
    (void)state;
    check_seen(TEXT_GB2312, "上\r\n下\n左\r右", "上 下 左 右");
    check_seen(TEXT_GBK, "上\n\n下", "上  下");
    check_seen(TEXT_UTF8, "上\r\n下\n左", "上\ue08a下\ue08a左");
    check_seen(TEXT_UCS2, "上\r\n下", "上\ue08a下");
}

static void what_gb2312_lacks_is_replaced(void **state)
{
    static const struct {
        const char *text;
        const char *seen;
    } CASES[] = {
        {"x²+H₂O", "x2+H2O"},
        {"30㎡", "30平方米"},
        {"二〇二六年", "二○二六年"},
        {"李白·静夜思", "李白・静夜思"}, /* U+30FB is A1A4, the middle dot */
        {"第一课—小数", "第一课―小数"},  /* U+2015 is A1AA */
        {"王喆老师", "王哲老师"},
        {"½ 杯", "1/2 杯"},
        {"café naïve Äpfel", "café naive Apfel"},
        {"Beyonce\u0301", "Beyonce"},
        {"龘", "□"},
        {"加油😀", "加油"},
        {"\xff\xe8\xaf", "□□□"},
        {"\ue123", "□"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        check_seen(TEXT_GB2312, CASES[i].text, CASES[i].seen);
    }
    check_seen(TEXT_GB18030, "王喆 x² 30㎡ 龘 𠮷", "王喆 x² 30㎡ 龘 𠮷");
    check_seen(TEXT_GBK, "王喆 30㎡ 龘 𠮷", "王喆 30㎡ 龘 □");
    check_seen(TEXT_UCS2, "x² 龘 𠮷", "x² 龘 □");
}

static void middle_dot_and_dash_are_those_of_the_charset(void **state)
{
    static const uint8_t EXPECTED[] = {0x13, 0xa1, 0xa4, 0xa1, 0xaa, 0xa1, 0xad};
    uint8_t bytes[16];
    (void)state;
    struct si_text *text = si_text_create(TEXT_GB2312);
    struct si_coded coded = si_text_code(text, "·—…");
    assert_int_equal(si_text_take(text, &coded, sizeof(bytes), bytes), sizeof(EXPECTED));
    assert_memory_equal(bytes, EXPECTED, sizeof(EXPECTED));
    si_text_destroy(text);
}

static void table_is_in_order_and_each_line_can_be_coded(void **state)
{
    size_t count = 0;
    const struct si_replacement *table = si_replace_table(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        assert_true(table[i].first <= table[i].last);
        assert_true(table[i].reason[0] != '\0');
        if (i > 0 && table[i].first <= table[i - 1].last) {
            assert_int_equal(table[i].first, table[i - 1].first);
            assert_int_equal(table[i].last, table[i - 1].last);
        }
        char seen[ROOM];
        see(&CODINGS[TEXT_GB18030], table[i].with, seen);
        assert_string_equal(seen, table[i].with);
        size_t found = 0;
        const struct si_replacement *first = si_replace_find(table[i].last, &found);
        assert_true(first <= &table[i] && &table[i] < first + found);
    }
    size_t none = 0;
    assert_null(si_replace_find('A', &none));
    assert_null(si_replace_find(0x10ffff, &none));
}

/* Each piece is whole characters with a selector, and all pieces are the text. */
static void text_is_cut_between_characters_at_any_length(void **state)
{
    static const char TEXT[] = "a课é𠮷ab语文·—x数学𠮷𠮷英语end";
    (void)state;
    for (size_t c = 0; c < CODING_COUNT; c++) {
        char whole[ROOM];
        see(&CODINGS[c], TEXT, whole);
        struct si_text *text = si_text_create(CODINGS[c].coding);
        for (size_t most = 5; most < 40; most++) {
            char joined[ROOM] = "";
            struct si_coded coded = si_text_code(text, TEXT);
            while (coded.size > 0) {
                uint8_t piece[64];
                char seen[ROOM];
                const size_t size = si_text_take(text, &coded, most, piece);
                assert_in_range(size, 1, most);
                assert_true(coded.size == 0 || size + 4 > most);
                decode(&CODINGS[c], piece, size, seen);
                memmove(joined + strlen(joined), seen, strlen(seen) + 1);
            }
            assert_string_equal(joined, whole);
        }
        si_text_destroy(text);
    }
}

static void replaced_characters_are_listed_once_each(void **state)
{
    struct si_replaced list[4];
    (void)state;
    struct si_text *text = si_text_create(TEXT_GB2312);
    assert_int_equal(si_text_replaced(text, "语文 Unit 1", list, 4), 0);
    assert_int_equal(si_text_replaced(text, "x²+y²,龘,王喆", list, 4), 3);
    assert_int_equal(list[0].character, 0xb2);
    assert_string_equal(list[0].with, "2");
    assert_int_equal(list[1].character, 0x9f98);
    assert_string_equal(list[1].with, "□");
    assert_int_equal(list[2].character, 0x5586);
    assert_int_equal(si_text_replaced(text, "①②²³⁴⁵⁶", list, 4), 4);
    si_text_destroy(text);

    text = si_text_create(TEXT_UTF8);
    assert_int_equal(si_text_replaced(text, "龘", list, 4), 0);
    si_text_destroy(text);
}

static uint32_t random_character(uint64_t *random)
{
    static const uint32_t LIMITS[] = {0x80, 0x800, 0x3000, 0xa000, 0x11000, 0x110000};
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    const uint32_t value = (uint32_t)(*random >> 33);
    return 1 + value % (LIMITS[(*random >> 20) % 6] - 1);
}

/* Also of surrogates, which are no characters. */
static size_t put_utf8(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const int HEADS[] = {0, 0xc0, 0xe0, 0xf0};
    for (int i = more; i > 0; i--, c >>= 6) {
        out[i] = (char)(0x80 | (c & 0x3f));
    }
    out[0] = (char)(HEADS[more] | (int)c);
    return (size_t)more + 1;
}

/* Whatever comes in, what goes out is of the charset: decode() fails otherwise. */
static void any_bytes_become_text_of_the_charset(void **state)
{
    uint64_t random = dice_seeded().state;
    (void)state;
    for (int round = 0; round < 4000; round++) {
        char input[512];
        char seen[ROOM];
        size_t size = 0;
        while (size + 5 < sizeof(input)) {
            const uint32_t c = random_character(&random);
            if (round % 4 == 0) {
                input[size++] = (char)(c % 255 + 1); /* rubbish */
            } else {
                size += put_utf8(c, input + size);
            }
            if (size > (unsigned)round % 500) {
                break;
            }
        }
        input[size] = '\0';
        see(&CODINGS[round % CODING_COUNT], input, seen);
    }
}

static void long_texts_are_cut_not_overrun(void **state)
{
    char *long_text = calloc(1, 60001);
    (void)state;
    for (size_t i = 0; i + 3 <= 60000; i += 3) {
        memcpy(long_text + i, "课", 3);
    }
    for (size_t c = 0; c < CODING_COUNT; c++) {
        struct si_text *text = si_text_create(CODINGS[c].coding);
        const struct si_coded coded = si_text_code(text, long_text);
        assert_in_range(coded.size, SI_TEXT_MOST * 6 / 10, SI_TEXT_MOST);
        si_text_destroy(text);
    }
    free(long_text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_of_the_charset_comes_back_as_it_was),
        cmocka_unit_test(empty_text_has_no_selector),
        cmocka_unit_test(what_nobody_sees_goes_and_widths_are_made_one),
        cmocka_unit_test(line_ends_are_spaces_where_the_table_has_none),
        cmocka_unit_test(what_gb2312_lacks_is_replaced),
        cmocka_unit_test(middle_dot_and_dash_are_those_of_the_charset),
        cmocka_unit_test(table_is_in_order_and_each_line_can_be_coded),
        cmocka_unit_test(text_is_cut_between_characters_at_any_length),
        cmocka_unit_test(replaced_characters_are_listed_once_each),
        cmocka_unit_test(any_bytes_become_text_of_the_charset),
        cmocka_unit_test(long_texts_are_cut_not_overrun),
    };
    return cmocka_run_group_tests_name("si_text", tests, NULL, NULL);
}
