/* SPDX-License-Identifier: MIT */
/*
 * DVB text is decoded by its selector, and never half a character passes.
 */
#include "tools/meter/dvb_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct sample {
    const char *bytes;
    int size;
    const char *utf8;
    bool is_sound;
};

#define SAMPLE(bytes, utf8, is_sound)                                                              \
    {                                                                                              \
        bytes, sizeof(bytes) - 1, utf8, is_sound                                                   \
    }

static void check(const struct dvb_charsets *charsets, const struct sample *samples, size_t count)
{
    char utf8[DVB_TEXT_ROOM];
    struct dvb_text *text = dvb_text_create(charsets);
    assert_non_null(text);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *bytes = (const uint8_t *)samples[i].bytes;
        const bool is_sound = dvb_text_decode(text, bytes, samples[i].size, utf8);
        if (is_sound != samples[i].is_sound || strcmp(utf8, samples[i].utf8) != 0) {
            fail_msg("sample %zu: '%s', %s", i, utf8, is_sound ? "sound" : "not sound");
        }
    }
    dvb_text_destroy(text);
}

#define CHECK(charsets, samples) check(charsets, samples, sizeof(samples) / sizeof((samples)[0]))

static void every_selector_is_known(void **state)
{
    (void)state;
    static const struct sample SAMPLES[] = {
        SAMPLE("", "", true),
        SAMPLE("abc", "abc", true),
        SAMPLE("\xc2"
               "e",
               "é", true), /* ISO 6937: the mark comes first */
        SAMPLE("\x01\xbf", "П", true),
        SAMPLE("\x10\x00\x01\xe9", "é", true),
        SAMPLE("\x11\x8b\xed\x65\x87", "语文", true),
        SAMPLE("\x13\xd3\xef\xce\xc4 1", "语文 1", true),
        SAMPLE("\x14\x8a\x9e", "語", true),
        SAMPLE("\x15语文", "语文", true),
        SAMPLE("\x08"
               "a",
               "\xef\xbf\xbd", false),
        SAMPLE("\x1f\x01"
               "a",
               "\xef\xbf\xbd", false),
    };
    CHECK(&(struct dvb_charsets){0}, SAMPLES);
}

static void half_a_character_is_found(void **state)
{
    (void)state;
    static const struct sample SAMPLES[] = {
        SAMPLE("\x13\xd3\xef\xce", "语\xef\xbf\xbd", false),
        SAMPLE("\x11\x8b\xed\x65", "语\xef\xbf\xbd", false),
        SAMPLE("\x15\xe8\xaf\xad\xe6\x96", "语\xef\xbf\xbd\xef\xbf\xbd", false),
        SAMPLE("a\xc2", "a\xef\xbf\xbd", false),
        SAMPLE("\x11\xd8\x00\x00\x61",
               "\xef\xbf\xbd"
               "a",
               false),
    };
    CHECK(&(struct dvb_charsets){0}, SAMPLES);
}

/* U+5586 is in GBK (86b4), not in GB 2312. */
static void gb2312_has_no_more_than_its_characters(void **state)
{
    (void)state;
    char utf8[DVB_TEXT_ROOM];
    static const uint8_t GBK[] = {0x13, 0x86, 0xb4};
    struct dvb_text *strict = dvb_text_create(&(struct dvb_charsets){0});
    struct dvb_text *lax = dvb_text_create(&(struct dvb_charsets){.gb2312 = "GBK"});
    assert_false(dvb_text_decode(strict, GBK, sizeof(GBK), utf8));
    assert_true(dvb_text_decode(lax, GBK, sizeof(GBK), utf8));
    assert_string_equal(utf8, "喆");
    dvb_text_destroy(strict);
    dvb_text_destroy(lax);
}

static void unmarked_text_is_what_the_network_means_by_it(void **state)
{
    (void)state;
    static const struct sample SAMPLES[] = {
        SAMPLE("\xd3\xef\xce\xc4", "语文", true),
        SAMPLE("\xd3\xef\xce", "语\xef\xbf\xbd", false),
        SAMPLE("1A", "1A", true),
    };
    CHECK((&(struct dvb_charsets){.unmarked = "GBK"}), SAMPLES);
    CHECK((&(struct dvb_charsets){.unmarked = "GB18030"}), SAMPLES);
    assert_true(dvb_text_knows("GB18030"));
    assert_false(dvb_text_knows("GB18031"));
}

static void controls_are_left_out(void **state)
{
    (void)state;
    static const struct sample SAMPLES[] = {
        SAMPLE("a\x86"
               "b\x87\x8a"
               "c",
               "ab\nc", true),
        SAMPLE("\x13\xd3\xef\xe0\x8a\xce\xc4", "语\n文", true),
        SAMPLE("\x15语\xee\x82\x8a文", "语\n文", true),
        SAMPLE("\x15"
               "a\x07",
               "a", false),
        SAMPLE("\x15"
               "a\xc2\x9b"
               "b\xe2\x80\xaa"
               "c\xe2\x81\xa9",
               "abc", true),
        SAMPLE("\x15\xe2\x80\xa9\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa",
               "\xe2\x80\xa9\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa", true),
        SAMPLE("\x15"
               "a\0b",
               "a", false),
    };
    CHECK(&(struct dvb_charsets){0}, SAMPLES);
}

/* 255 bytes of any kind fit into the room that there is. */
static void the_longest_text_fits(void **state)
{
    (void)state;
    static const uint8_t SELECTORS[] = {0x01, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x20, 0xff};
    char utf8[DVB_TEXT_ROOM];
    uint8_t bytes[255];
    uint32_t dice = 1;
    struct dvb_text *text = dvb_text_create(&(struct dvb_charsets){.unmarked = "GB18030"});
    for (int round = 0; round < 2000; round++) {
        for (size_t i = 0; i < sizeof(bytes); i++) {
            dice = dice * 1664525 + 1013904223;
            bytes[i] = round % 3 == 0 ? 0xff : (uint8_t)(dice >> 16);
        }
        bytes[0] = SELECTORS[round % (int)sizeof(SELECTORS)];
        dvb_text_decode(text, bytes, sizeof(bytes), utf8);
        assert_true(strlen(utf8) < DVB_TEXT_ROOM);
    }
    dvb_text_destroy(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_selector_is_known),
        cmocka_unit_test(half_a_character_is_found),
        cmocka_unit_test(gb2312_has_no_more_than_its_characters),
        cmocka_unit_test(unmarked_text_is_what_the_network_means_by_it),
        cmocka_unit_test(controls_are_left_out),
        cmocka_unit_test(the_longest_text_fits),
    };
    return cmocka_run_group_tests_name("dvb_text", tests, NULL, NULL);
}
