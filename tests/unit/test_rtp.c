/* SPDX-License-Identifier: MIT */
#include "playout/rtp.h"

#include "playout/tape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 2325 };

static uint32_t word(const uint8_t *header, size_t at)
{
    return (uint32_t)header[at] << 24 | (uint32_t)header[at + 1] << 16 |
           (uint32_t)header[at + 2] << 8 | header[at + 3];
}

/* Computed by hand: datagram 996 starts at slot 6972, 2.998709... s: x 90000 = 269883.87. */
static void a_header_is_what_the_standards_say(void **state)
{
    (void)state;
    static const uint8_t EXPECTED[RTP_HEADER_LENGTH] = {0x80, 33,   0x03, 0xe4, 0x00, 0x04,
                                                        0x1e, 0x3b, 0x12, 0x34, 0x56, 0x78};
    uint8_t header[RTP_HEADER_LENGTH];
    memset(header, 0xff, sizeof(header));
    rtp_write_header(header, 0x12345678, RATE, 996);
    assert_memory_equal(header, EXPECTED, sizeof(header));
}

static void sequence_numbers_and_timestamps_wrap(void **state)
{
    (void)state;
    uint8_t header[RTP_HEADER_LENGTH];
    uint8_t next[RTP_HEADER_LENGTH];
    rtp_write_header(header, 0, RATE, 0x12ffff);
    rtp_write_header(next, 0, RATE, 0x130000);
    assert_int_equal(word(header, 0) & 0xffff, 0xffff);
    assert_int_equal(word(next, 0) & 0xffff, 0);
    /* 2^32 ticks of 90 kHz are 47721.8 s: the datagram of the wrap, and the one before. */
    const uint64_t wrap = (UINT64_C(4294967296) * RATE / 90000 + 7) / 7;
    rtp_write_header(header, 0, RATE, wrap - 1);
    rtp_write_header(next, 0, RATE, wrap);
    assert_true(word(header, 4) > UINT32_C(0xffff0000));
    assert_true(word(next, 4) < 300);
}

/* The clock of RTP and that of the stream are one: RFC 2250, section 2. */
static void a_timestamp_is_the_pcr_base_of_the_first_slot(void **state)
{
    (void)state;
    static const int RATES[] = {2325, 2650, 25000, 33650};
    for (size_t r = 0; r < sizeof(RATES) / sizeof(RATES[0]); r++) {
        uint64_t datagram = UINT64_C(1795489200) * (uint64_t)RATES[r] / 7;
        uint32_t last = 0;
        for (int i = 0; i < 20000; i++, datagram++) {
            uint8_t header[RTP_HEADER_LENGTH];
            rtp_write_header(header, 1, RATES[r], datagram);
            const uint64_t base = tape_pcr(RATES[r], datagram * 7) / 300;
            assert_int_equal(word(header, 4), base & 0xffffffff);
            const uint32_t step = word(header, 4) - last;
            assert_true(i == 0 || step == (uint32_t)(630000 / RATES[r]) ||
                        step == (uint32_t)(630000 / RATES[r]) + 1);
            last = word(header, 4);
        }
    }
}

static void transports_have_sources_of_their_own(void **state)
{
    (void)state;
    const uint32_t ssrc = rtp_ssrc("zhangdian", 1, 0xff01);
    assert_int_equal(ssrc, rtp_ssrc("zhangdian", 1, 0xff01));
    assert_int_not_equal(ssrc, rtp_ssrc("zhoucun", 1, 0xff01));
    assert_int_not_equal(ssrc, rtp_ssrc("zhangdian", 2, 0xff01));
    assert_int_not_equal(ssrc, rtp_ssrc("zhangdian", 1, 0xff02));
    assert_int_equal(rtp_ssrc(NULL, 1, 1), rtp_ssrc("", 1, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_is_what_the_standards_say),
        cmocka_unit_test(sequence_numbers_and_timestamps_wrap),
        cmocka_unit_test(a_timestamp_is_the_pcr_base_of_the_first_slot),
        cmocka_unit_test(transports_have_sources_of_their_own),
    };
    return cmocka_run_group_tests_name("rtp", tests, NULL, NULL);
}
