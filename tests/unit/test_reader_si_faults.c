/* SPDX-License-Identifier: MIT */
/* The independent reader tells every fault in tables of a cable headend that a test has harmed. */
#include "tests/support/si_bench.h"
#include "tools/meter/section_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { EVENT = 61, ENGLISH = 11 /* bytes of them in tables of si_make */ };
enum { HOUR_S = 3600 };

static int table_of(const struct si_make_section *s)
{
    return s->bytes[0];
}

static int extension_of(const struct si_make_section *s)
{
    return s->bytes[3] << 8 | s->bytes[4];
}

/* A section of EIT schedule of the first service. */
static bool is_schedule(const struct si_make_section *s, int table_id, int number)
{
    return table_of(s) == table_id && extension_of(s) == SI_MAKE_FIRST && s->bytes[6] == number;
}

static bool is_pf(const struct si_make_section *s, int number)
{
    return table_of(s) == TABLE_EIT_PF && extension_of(s) == SI_MAKE_FIRST && s->bytes[6] == number;
}

static uint8_t *find(struct si_make_section *s, const void *bytes, size_t size)
{
    uint8_t *at = memmem(s->bytes, (size_t)s->size, bytes, size);
    assert_non_null(at);
    return at;
}

#define FIND(s, ...) find(s, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

/* Events of the schedule without their text, and with the first letter of their name only. */
static void shorten(struct si_make_section *s)
{
    for (int at = 14; at < s->size; at += 12 + s->bytes[at + 11]) {
        uint8_t *descriptor = s->bytes + at + 12;
        uint8_t *name_end = descriptor + 6 + descriptor[5];
        const int cut = 2 + name_end[0];
        memmove(name_end - 1, name_end + 1 + name_end[0],
                (size_t)(s->bytes + s->size - (name_end + 1 + name_end[0])));
        name_end[-2] = 0; /* of the text */
        descriptor[5] -= 2;
        descriptor[1] = (uint8_t)(descriptor[1] - cut);
        s->bytes[at + 11] = (uint8_t)(s->bytes[at + 11] - cut);
        s->size -= cut;
    }
}

/* Events of the schedule with the text in English a byte longer or shorter: it comes last. */
static void resize_english(struct si_make_section *s, int by)
{
    for (int at = 14; at < s->size; at += 12 + s->bytes[at + 11]) {
        uint8_t *end = s->bytes + at + 12 + s->bytes[at + 11];
        memmove(end + by, end, (size_t)(s->bytes + s->size - end));
        end[0] = by > 0 ? 'y' : end[0];
        end[-ENGLISH + 1] = (uint8_t)(end[-ENGLISH + 1] + by);
        end[-2] = (uint8_t)(end[-2] + by);
        s->bytes[at + 11] = (uint8_t)(s->bytes[at + 11] + by);
        s->size += by;
    }
}

static void rename_english(struct si_make_section *s, const char *language)
{
    for (int at = 14; at < s->size; at += 12 + s->bytes[at + 11]) {
        memcpy(s->bytes + at + 12 + s->bytes[at + 11] - ENGLISH + 2, language, 3);
    }
}

/* The first event of a section, which is its last too, has so many names more. */
static void add_names(struct si_make_section *s, int count)
{
    for (int i = 0; i < count; i++) {
        const uint8_t words[] = {0x4d, 5, 'a', 'a', (uint8_t)('a' + i), 0, 0};
        memcpy(s->bytes + s->size, words, sizeof(words));
        s->size += (int)sizeof(words);
        s->bytes[25] = (uint8_t)(s->bytes[25] + sizeof(words));
    }
}

/* Writes one byte of every section of a table. */
#define HARM(name, condition, ...)                                                                 \
    static void name(struct si_make_section *s)                                                    \
    {                                                                                              \
        if (condition) {                                                                           \
            __VA_ARGS__;                                                                           \
        }                                                                                          \
    }

HARM(pat_names_a_pid_of_dvb, table_of(s) == TABLE_PAT, s->bytes[10] = 0xe0, s->bytes[11] = 0x12)
HARM(cat_reserved, table_of(s) == TABLE_CAT, s->bytes[3] = 0)
HARM(cat_descriptor, table_of(s) == TABLE_CAT, s->bytes[9] = 5)
HARM(pmt_avc_reserved, extension_of(s) == SI_MAKE_FIRST && table_of(s) == TABLE_PMT,
     FIND(s, 0x28, 4, 0x64)[5] = 0)
HARM(pmt_ac3_type, extension_of(s) == SI_MAKE_FIRST && table_of(s) == TABLE_PMT,
     FIND(s, 0x06, 0xe1, 0x03)[0] = 0x03)
HARM(pmt_atsc_ac3, extension_of(s) == SI_MAKE_FIRST && table_of(s) == TABLE_PMT,
     FIND(s, 0x06, 0xe1, 0x03)[0] = 0x81)
HARM(pmt_language, extension_of(s) == SI_MAKE_FIRST && table_of(s) == TABLE_PMT,
     FIND(s, 'c', 'h', 'i')[1] = 0)
HARM(pmt_two_tags, extension_of(s) == SI_MAKE_FIRST && table_of(s) == TABLE_PMT,
     FIND(s, 0x52, 1, 2)[2] = 1)
HARM(pmt_alignment, extension_of(s) == SI_MAKE_FIRST && table_of(s) == TABLE_PMT,
     FIND(s, 0x06, 1, 2)[2] = 9)
HARM(pmt_timing, extension_of(s) == SI_MAKE_FIRST && table_of(s) == TABLE_PMT,
     FIND(s, 0x2a, 2, 0x7e)[2] = 0x7f)
HARM(pmt_hevc_size, extension_of(s) == SI_MAKE_SECOND && table_of(s) == TABLE_PMT,
     FIND(s, 0x38, 13)[14] = 0x9c)
HARM(pmt_aac_type, extension_of(s) == SI_MAKE_SECOND && table_of(s) == TABLE_PMT,
     FIND(s, 0x0f, 0xe2, 0x02)[0] = 0x03)
HARM(pmt_pcr_pid, extension_of(s) == SI_MAKE_SECOND && table_of(s) == TABLE_PMT, s->bytes[8] = 0xe0,
     s->bytes[9] = 0x11)
HARM(nit_frequency, table_of(s) == TABLE_NIT, FIND(s, 0x04, 0x74)[1] = 0x7a)
HARM(nit_symbol_rate, table_of(s) == TABLE_NIT, FIND(s, 0x00, 0x68, 0x75)[1] = 0xf8)
HARM(nit_cable_reserved, table_of(s) == TABLE_NIT, FIND(s, 0xff, 0xf2)[0] = 0x00)
HARM(nit_modulation, table_of(s) == TABLE_NIT, FIND(s, 0xff, 0xf2)[2] = 9)
HARM(nit_loop, table_of(s) == TABLE_NIT, FIND(s, 0x44, 11)[1] = 12)
HARM(nit_lists_other_service, table_of(s) == TABLE_NIT, FIND(s, 0x41, 6)[3] = 99)
HARM(nit_number_twice, table_of(s) == TABLE_NIT, FIND(s, 0x83, 8)[9] = 1)
HARM(nit_other_transport, table_of(s) == TABLE_NIT, s->bytes[20] = 7)
HARM(nit_broken_name, table_of(s) == TABLE_NIT, s->bytes[16] = 0x20)
HARM(nit_missing, table_of(s) == TABLE_NIT, s->is_dropped = true)
HARM(nit_crc, table_of(s) == TABLE_NIT_OTHER, s->has_bad_crc = true)
HARM(bat_reserved, table_of(s) == TABLE_BAT, s->bytes[8] &= 0x0f)
HARM(bat_seldom, table_of(s) == TABLE_BAT && s->slot > 2000 && s->slot < 20000,
     s->is_dropped = true)
HARM(sdt_schedule_flag, table_of(s) == TABLE_SDT, s->bytes[13] = 0xfd)
HARM(sdt_pf_flag, table_of(s) == TABLE_SDT, s->bytes[13] = 0xfe)
HARM(sdt_other_network, table_of(s) == TABLE_SDT, s->bytes[9] = 2)
HARM(sdt_other_is_own, table_of(s) == TABLE_SDT_OTHER, s->bytes[4] = SI_MAKE_TRANSPORT)
HARM(sdt_cut_character, table_of(s) == TABLE_SDT, FIND(s, 0xa7)[0] = 0x41)
HARM(sdt_no_service, table_of(s) == TABLE_SDT, s->bytes[16] = 0x80)
HARM(pf_last_table, is_pf(s, 0), s->bytes[13] = 0x4f)
HARM(pf_late, is_pf(s, 0), s->bytes[20] ^= 0x10)
HARM(pf_following_runs, is_pf(s, 1), s->bytes[24] = 0x80 | (s->bytes[24] & 0x1f))
HARM(pf_duration, is_pf(s, 1), s->bytes[21] = 0x02)
HARM(pf_name, is_pf(s, 1), FIND(s, 0xd3, 0xef)[1] = 0xee)
HARM(pf_one_section, table_of(s) == TABLE_EIT_PF && s->bytes[6] == 1, s->is_dropped = true)
HARM(other_pf_is_own, table_of(s) == TABLE_EIT_PF_OTHER, s->bytes[9] = SI_MAKE_TRANSPORT)
HARM(schedule_other_segment, is_schedule(s, 0x50, 16), s->bytes[18] = 0x09)
HARM(schedule_order, is_schedule(s, 0x50, 8), s->bytes[18] = 0x05)
HARM(schedule_overlap, is_schedule(s, 0x50, 8), s->bytes[21] = 0x02)
HARM(schedule_overlap_of_tables, is_schedule(s, 0x50, 248), s->bytes[s->size - EVENT + 7] = 0x30)
HARM(schedule_segment_last, is_schedule(s, 0x50, 8), s->bytes[12] = 9)
HARM(schedule_segment_far, is_schedule(s, 0x50, 8), s->bytes[12] = 30)
HARM(schedule_last_table, table_of(s) == 0x50 && extension_of(s) == SI_MAKE_FIRST,
     s->bytes[13] = 0x50)
HARM(schedule_last_table_low, table_of(s) == 0x51 && extension_of(s) == SI_MAKE_FIRST,
     s->bytes[13] = 0x50)
HARM(schedule_id_twice, is_schedule(s, 0x51, 8), memcpy(s->bytes + 14, s->bytes + 14 + EVENT, 2))
HARM(schedule_missing_table, table_of(s) == 0x51 && extension_of(s) == SI_MAKE_FIRST,
     s->is_dropped = true)
HARM(schedule_missing_segment, is_schedule(s, 0x50, 16), s->is_dropped = true)
HARM(schedule_missing_section, is_schedule(s, 0x50, 33), s->is_dropped = true)
HARM(schedule_seldom, is_schedule(s, 0x50, 16) && s->slot > 8000 && s->slot < 9000,
     s->is_dropped = true)
HARM(schedule_no_time, is_schedule(s, 0x50, 8), s->bytes[18] = 0x2a)
HARM(schedule_text, is_schedule(s, 0x50, 8), FIND(s, 0xd3, 0xef)[1] = 0x20)
HARM(schedule_short, is_schedule(s, 0x50, 8), shorten(s))
HARM(schedule_short_other, is_schedule(s, 0x50, 8), shorten(s), FIND(s, 0xd3, 0xef)[1] = 0xee)
HARM(schedule_english_short, is_schedule(s, 0x50, 8), resize_english(s, -1))
HARM(schedule_english_long, is_schedule(s, 0x50, 8), resize_english(s, 1))
HARM(schedule_english_other, is_schedule(s, 0x50, 8), FIND(s, 'A', 'r', 't')[2] = 's')
HARM(schedule_short_english_other, is_schedule(s, 0x50, 8), shorten(s),
     FIND(s, 'A', 'r', 't')[2] = 's')
HARM(schedule_french, is_schedule(s, 0x50, 8), FIND(s, 'e', 'n', 'g')[0] = 'f')
HARM(english_is_chinese, section_is_eit(table_of(s)), rename_english(s, "chi"))
HARM(many_names, is_pf(s, 1), add_names(s, 17))
HARM(schedule_extended, is_schedule(s, 0x50, 8), FIND(s, 0x4e, 11)[6] = 99)
HARM(schedule_content, is_schedule(s, 0x50, 8), FIND(s, 0x54, 2)[2] = 0xe0)
HARM(schedule_out_of_place, is_schedule(s, 0x50, 8), FIND(s, 0x54, 2)[0] = 0x41)
HARM(schedule_stuck, is_schedule(s, 0x51, 8) && s->slot > 20000, FIND(s, 'h', 'i')[0] = 'x')
HARM(schedule_jump, table_of(s) == 0x51 && extension_of(s) == SI_MAKE_FIRST && s->slot > 20000,
     s->bytes[5] ^= 0x20, s->bytes[s->size - 1] ^= s->size > 20)
HARM(schedule_idle, table_of(s) == 0x51 && extension_of(s) == SI_MAKE_FIRST && s->slot > 20000,
     s->bytes[5] = (uint8_t)(0xc1 | ((s->bytes[5] + 2) & 0x3e)))
HARM(rst_size, table_of(s) == TABLE_RST, s->size -= 1)
HARM(rst_reserved, table_of(s) == TABLE_RST, s->bytes[11] = 0)
HARM(tdt_late, table_of(s) == TABLE_TDT, s->bytes[7] ^= 4)
HARM(tot_crc, table_of(s) == TABLE_TOT, s->has_bad_crc = true)
HARM(tot_reserved, table_of(s) == TABLE_TOT, s->bytes[8] = 0)
HARM(tot_offset, table_of(s) == TABLE_TOT, FIND(s, 'C', 'H', 'N')[4] = 0x19)
HARM(tot_bit, table_of(s) == TABLE_TOT, FIND(s, 'C', 'H', 'N')[3] = 0)
HARM(tot_missing, table_of(s) == TABLE_TOT, s->is_dropped = true)

static const struct fault {
    const char *name;
    si_make_harm harm;
    enum ts_kind kind;
    enum ts_kind also[3]; /* what else it may be told as; ends with 0, which is TS_SYNC */
} FAULTS[] = {
#define FAULT(harm, ...)                                                                           \
    {                                                                                              \
#harm, harm, __VA_ARGS__                                                                   \
    }
    FAULT(pat_names_a_pid_of_dvb, TS_SI_CONTENT, {0}),
    FAULT(cat_reserved, TS_SECTION_RESERVED, {0}),
    FAULT(cat_descriptor, TS_SECTION_SYNTAX, {0}),
    FAULT(pmt_avc_reserved, TS_SECTION_RESERVED, {0}),
    FAULT(pmt_ac3_type, TS_SI_CONTENT, {0}),
    FAULT(pmt_atsc_ac3, TS_SI_CONTENT, {0}),
    FAULT(pmt_language, TS_SI_CONTENT, {0}),
    FAULT(pmt_two_tags, TS_SI_CONTENT, {0}),
    FAULT(pmt_alignment, TS_SI_CONTENT, {0}),
    FAULT(pmt_timing, TS_SI_CONTENT, {TS_SECTION_RESERVED}),
    FAULT(pmt_hevc_size, TS_SI_CONTENT, {0}),
    FAULT(pmt_aac_type, TS_SI_CONTENT, {0}),
    FAULT(pmt_pcr_pid, TS_SI_CONTENT, {0}),
    FAULT(nit_frequency, TS_SI_CONTENT, {0}),
    FAULT(nit_symbol_rate, TS_SI_CONTENT, {0}),
    FAULT(nit_cable_reserved, TS_SECTION_RESERVED, {0}),
    FAULT(nit_modulation, TS_SI_CONTENT, {0}),
    FAULT(nit_loop, TS_SECTION_SYNTAX, {TS_SI_CONTENT}),
    FAULT(nit_lists_other_service, TS_SI_CONTENT, {0}),
    FAULT(nit_number_twice, TS_SI_CONTENT, {0}),
    FAULT(nit_other_transport, TS_SI_CONTENT, {0}),
    FAULT(nit_broken_name, TS_SI_CONTENT, {0}),
    FAULT(nit_missing, TS_SECTION_INTERVAL, {0}),
    FAULT(nit_crc, TS_SECTION_CRC, {0}),
    FAULT(bat_reserved, TS_SECTION_RESERVED, {0}),
    FAULT(bat_seldom, TS_SECTION_INTERVAL, {0}),
    FAULT(sdt_schedule_flag, TS_SI_CONTENT, {0}),
    FAULT(sdt_pf_flag, TS_SI_CONTENT, {0}),
    FAULT(sdt_other_network, TS_SI_CONTENT, {0}),
    FAULT(sdt_other_is_own, TS_SI_CONTENT, {0}),
    FAULT(sdt_cut_character, TS_SI_CONTENT, {0}),
    FAULT(sdt_no_service, TS_SI_CONTENT, {0}),
    FAULT(pf_last_table, TS_EIT_PF, {0}),
    FAULT(pf_late, TS_EIT_PF, {TS_EIT_EVENT}),
    FAULT(pf_following_runs, TS_EIT_PF, {0}),
    FAULT(pf_duration, TS_EIT_EVENT, {0}),
    FAULT(pf_name, TS_EIT_EVENT, {0}),
    FAULT(pf_one_section, TS_SECTION_INTERVAL, {0}),
    FAULT(other_pf_is_own, TS_SI_CONTENT, {0}),
    FAULT(schedule_other_segment, TS_EIT_SCHEDULE, {0}),
    FAULT(schedule_order, TS_EIT_SCHEDULE, {TS_EIT_EVENT}),
    FAULT(schedule_overlap, TS_EIT_SCHEDULE, {TS_EIT_EVENT}),
    FAULT(schedule_overlap_of_tables, TS_EIT_SCHEDULE, {0}),
    FAULT(schedule_segment_last, TS_EIT_SCHEDULE, {0}),
    FAULT(schedule_segment_far, TS_EIT_SCHEDULE, {0}),
    FAULT(schedule_last_table, TS_EIT_SCHEDULE, {0}),
    FAULT(schedule_last_table_low, TS_EIT_SCHEDULE, {0}),
    FAULT(schedule_id_twice, TS_EIT_EVENT, {0}),
    FAULT(schedule_missing_table, TS_EIT_SCHEDULE, {0}),
    FAULT(schedule_missing_segment, TS_EIT_SCHEDULE, {0}),
    FAULT(schedule_missing_section, TS_EIT_SCHEDULE, {0}),
    FAULT(schedule_seldom, TS_SECTION_INTERVAL, {0}),
    FAULT(schedule_no_time, TS_EIT_SCHEDULE, {TS_EIT_EVENT}),
    FAULT(schedule_text, TS_SI_CONTENT, {TS_EIT_EVENT}),
    FAULT(schedule_short_other, TS_EIT_EVENT, {0}),
    FAULT(schedule_english_long, TS_EIT_EVENT, {0}),
    FAULT(schedule_english_other, TS_EIT_EVENT, {0}),
    FAULT(schedule_short_english_other, TS_EIT_EVENT, {0}),
    FAULT(schedule_french, TS_EIT_EVENT, {0}),
    FAULT(schedule_extended, TS_SI_CONTENT, {0}),
    FAULT(schedule_content, TS_SI_CONTENT, {0}),
    FAULT(schedule_out_of_place, TS_SI_CONTENT, {0}),
    FAULT(schedule_stuck, TS_SECTION_VERSION, {0}),
    FAULT(schedule_jump, TS_SECTION_VERSION, {0}),
    FAULT(schedule_idle, TS_SECTION_IDLE, {0}),
    FAULT(rst_size, TS_SECTION_SYNTAX, {0}),
    FAULT(rst_reserved, TS_SECTION_RESERVED, {0}),
    FAULT(tdt_late, TS_TDT_TIME, {0}),
    FAULT(tot_crc, TS_SECTION_CRC, {TS_SECTION_INTERVAL}),
    FAULT(tot_reserved, TS_SECTION_RESERVED, {0}),
    FAULT(tot_offset, TS_SI_CONTENT, {0}),
    FAULT(tot_bit, TS_SECTION_RESERVED, {0}),
    FAULT(tot_missing, TS_SECTION_INTERVAL, {0}),
};

static bool is_expected(const struct fault *fault, enum ts_kind kind)
{
    bool is_listed = kind == fault->kind;
    for (size_t k = 0; k < 3; k++) {
        is_listed = is_listed || (fault->also[k] != TS_SYNC && fault->also[k] == kind);
    }
    return is_listed;
}

static void every_fault_is_told_as_what_it_is(void **state)
{
    struct si_bench *bench = *state;
    int failed = 0;
    for (size_t i = 0; i < sizeof(FAULTS) / sizeof(FAULTS[0]); i++) {
        si_bench_make(bench, FAULTS[i].harm, SI_BENCH_MORNING, NULL);
        bool is_wrong = ts_report_count(bench->report, FAULTS[i].kind) == 0;
        for (int kind = 0; kind < TS_KIND_COUNT; kind++) {
            is_wrong = is_wrong || (ts_report_count(bench->report, (enum ts_kind)kind) > 0 &&
                                    !is_expected(&FAULTS[i], (enum ts_kind)kind));
        }
        if (is_wrong) {
            print_error("%s is not told as %s:\n", FAULTS[i].name, ts_report_name(FAULTS[i].kind));
            si_bench_make(bench, FAULTS[i].harm, SI_BENCH_MORNING, stdout);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

static void a_schedule_may_say_less_than_present_and_following(void **state)
{
    struct si_bench *bench = *state;
    si_bench_make(bench, schedule_short, SI_BENCH_MORNING, stdout);
    assert_int_equal(ts_report_total(bench->report), 0);
    si_bench_make(bench, schedule_english_short, SI_BENCH_MORNING, stdout);
    assert_int_equal(ts_report_total(bench->report), 0);
}

static void a_language_may_come_twice(void **state)
{
    struct si_bench *bench = *state;
    si_bench_make(bench, english_is_chinese, SI_BENCH_MORNING, NULL);
    assert_int_equal(ts_report_count(bench->report, TS_EIT_EVENT), 0);
}

static void there_is_an_end_of_names(void **state)
{
    struct si_bench *bench = *state;
    si_bench_make(bench, many_names, SI_BENCH_MORNING, stdout);
    assert_int_equal(ts_report_count(bench->report, TS_SECTION_SYNTAX), 0);
    assert_true(ts_report_ungraded_count(bench->report) > 0);
}

static void an_idle_version_is_advice(void **state)
{
    struct si_bench *bench = *state;
    si_bench_make(bench, schedule_idle, SI_BENCH_MORNING, NULL);
    assert_int_equal(ts_report_count(bench->report, TS_SECTION_IDLE), 1);
    assert_int_equal(ts_report_total(bench->report), 0);
}

static void versions_may_jump_when_that_is_allowed(void **state)
{
    struct si_bench *bench = *state;
    struct ts_check_options options = si_bench_options(SI_BENCH_MORNING);
    options.versions_may_jump = true;
    assert_int_equal(si_make(schedule_jump, SI_BENCH_MORNING, SI_BENCH_SECONDS, bench->packets), 0);
    si_bench_judge(bench, &options, NULL);
    assert_int_equal(ts_report_count(bench->report, TS_SECTION_VERSION), 0);
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, si_bench_set_up, si_bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BENCH(every_fault_is_told_as_what_it_is),
        WITH_BENCH(a_schedule_may_say_less_than_present_and_following),
        WITH_BENCH(a_language_may_come_twice),
        WITH_BENCH(there_is_an_end_of_names),
        WITH_BENCH(an_idle_version_is_advice),
        WITH_BENCH(versions_may_jump_when_that_is_allowed),
    };
    return cmocka_run_group_tests_name("reader_si_faults", tests, NULL, NULL);
}
