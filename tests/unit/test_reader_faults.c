/* SPDX-License-Identifier: MIT */
/*
 * The independent reader of transport streams finds every kind of fault, and
 * nothing in a clean stream.
 */
#include "tests/support/ts_make.h"
#include "tools/meter/ts_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PACKET = 188, AHEAD = 3 * MAKE_SLOTS };

struct bench {
    uint8_t *packets;
    struct ts_report *report;
    json_t *summary;
};

static void judge(struct bench *bench, const struct ts_check_options *options, size_t first,
                  size_t count, FILE *out)
{
    const uint8_t *packets = bench->packets + first * PACKET;
    ts_report_destroy(bench->report);
    json_decref(bench->summary);
    bench->report = ts_report_create(out, 3);
    assert_non_null(bench->report);
    struct ts_check *check = ts_check_create(options, bench->report);
    assert_non_null(check);
    assert_int_equal(ts_check_learn(check, packets, count < AHEAD ? count : AHEAD), 0);
    for (size_t i = 0; i < count; i++) {
        ts_check_packet(check, packets + i * PACKET);
    }
    ts_check_finish(check);
    bench->summary = ts_check_summary(check);
    assert_non_null(bench->summary);
    ts_check_destroy(check);
}

static const struct ts_check_options OPTIONS = {
    .rate_bps = INT64_C(1504) * MAKE_SLOTS,
    .slots_per_second = MAKE_SLOTS,
    .has_first_slot = true,
    .first_slot = MAKE_FIRST_SLOT,
};

static void judge_all(struct bench *bench, FILE *out)
{
    judge(bench, &OPTIONS, 0, MAKE_PACKETS, out);
}

static json_int_t number(const struct bench *bench, const char *array, size_t i, const char *key)
{
    const json_t *object = json_array_get(json_object_get(bench->summary, array), i);
    return json_integer_value(json_object_get(object, key));
}

static void a_clean_stream_passes(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(ts_make(MAKE_CLEAN, bench->packets), 0);
    judge_all(bench, stdout);
    assert_int_equal(ts_report_total(bench->report), 0);
    assert_int_equal(ts_report_ungraded_count(bench->report), 0);
    assert_true(number(bench, "streams", 0, "units") > 250);
    assert_true(number(bench, "streams", 0, "idrs") > 10);
    assert_true(number(bench, "streams", 1, "units") > 450);
    assert_true(number(bench, "clocks", 0, "pcrs") >= 600);
    assert_int_equal(json_array_size(json_object_get(bench->summary, "tables")), 6);
}

static void clean_streams_of_every_kind_pass(void **state)
{
    static const struct {
        enum make_fault fault;
        int audio_units; /* at least */
        int field_pairs;
    } KINDS[] = {
        {MAKE_MPEG2_CLEAN, 350, 0}, {MAKE_MPEG2_FIELD_PAIRS, 350, 250}, {MAKE_HEVC_CLEAN, 530, 0}};
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
        assert_int_equal(ts_make(KINDS[i].fault, bench->packets), 0);
        judge_all(bench, stdout);
        assert_int_equal(ts_report_total(bench->report), 0);
        assert_int_equal(ts_report_ungraded_count(bench->report), 0);
        assert_true(number(bench, "streams", 0, "units") > 250);
        assert_true(number(bench, "streams", 0, "idrs") > 10);
        assert_true(number(bench, "streams", 0, "b_peak") > 1000);
        assert_int_equal(number(bench, "streams", 0, "frame_ticks"), 3600);
        assert_true(number(bench, "streams", 0, "field_pairs") >= KINDS[i].field_pairs);
        assert_true(number(bench, "streams", 1, "units") > KINDS[i].audio_units);
        for (size_t first = 1; first < 200; first += 37) {
            struct ts_check_options options = OPTIONS;
            options.first_slot += first;
            judge(bench, &options, first, MAKE_PACKETS - 400, stdout);
            assert_int_equal(ts_report_total(bench->report), 0);
            assert_int_equal(ts_report_ungraded_count(bench->report), 0);
        }
    }
}

/* Told as what it is, and nothing else is said about it. */
static void what_is_legal_but_not_modelled_is_no_fault(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(ts_make(MAKE_MPEG2_FIELDS, bench->packets), 0);
    judge_all(bench, NULL);
    assert_int_equal(ts_report_total(bench->report), 0);
    assert_int_equal(ts_report_ungraded_count(bench->report), 1);
}

/* Wherever it is cut, mid access unit and mid section. */
static void every_stretch_of_a_clean_stream_passes(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(ts_make(MAKE_CLEAN, bench->packets), 0);
    for (size_t first = 1; first < 400; first += 13) {
        struct ts_check_options options = OPTIONS;
        options.first_slot += first;
        judge(bench, &options, first, MAKE_PACKETS - 400 - first % 50, stdout);
        assert_int_equal(ts_report_total(bench->report), 0);
        assert_int_equal(ts_report_ungraded_count(bench->report), 0);
    }
}

/* What every fault must be told as; anything else told is listed as `also`. */
static const struct {
    enum make_fault fault;
    enum ts_kind kind;
    enum ts_kind also[3]; /* ends with 0, which is TS_SYNC */
} FAULTS[] = {
    {MAKE_BAD_CRC, TS_SECTION_CRC, {TS_SECTION_INTERVAL}},
    {MAKE_BAD_RESERVED_BITS, TS_SECTION_RESERVED, {0}},
    {MAKE_BAD_SECTION_STUFFING, TS_SECTION_SYNTAX, {0}},
    {MAKE_BAD_POINTER, TS_SECTION_SYNTAX, {TS_SECTION_INTERVAL, TS_SI_CONTENT}},
    {MAKE_BAD_DESCRIPTOR, TS_SECTION_SYNTAX, {0}},
    {MAKE_BAD_TEXT, TS_SI_CONTENT, {0}},
    {MAKE_NEXT_PAT, TS_SECTION_SYNTAX, {TS_SECTION_INTERVAL, TS_SI_CONTENT, TS_UNREFERENCED_PID}},
    {MAKE_SELDOM_PAT, TS_SECTION_INTERVAL, {0}},
    {MAKE_NO_SDT, TS_SECTION_INTERVAL, {TS_SI_CONTENT}},
    {MAKE_SELDOM_EIT, TS_SECTION_INTERVAL, {0}},
    {MAKE_CLOSE_EIT, TS_SECTION_GAP, {0}},
    {MAKE_VERSION_STUCK, TS_SECTION_VERSION, {TS_EIT_PF, TS_EIT_EVENT}},
    {MAKE_VERSION_JUMP, TS_SECTION_VERSION, {0}},
    {MAKE_VERSION_IDLE, TS_SECTION_IDLE, {TS_EIT_PF}},
    {MAKE_TABLE_ON_WRONG_PID, TS_SECTION_TABLE_ID, {TS_SECTION_INTERVAL, TS_SI_CONTENT}},
    {MAKE_THREE_EIT_SECTIONS, TS_EIT_PF, {0}},
    {MAKE_FOLLOWING_RUNS, TS_EIT_PF, {0}},
    {MAKE_PRESENT_OVER, TS_EIT_PF, {0}},
    {MAKE_LATE_TDT, TS_TDT_TIME, {0}},
    {MAKE_OTHER_SERVICE, TS_SI_CONTENT, {0}},
    {MAKE_NO_PF_FLAG, TS_SI_CONTENT, {0}},
    {MAKE_UNKNOWN_PID, TS_UNREFERENCED_PID, {0}},
    {MAKE_ABSENT_PID, TS_MISSING_PID, {0}},
    {MAKE_SELDOM_PCR, TS_PCR_INTERVAL, {0}},
    {MAKE_PCR_OFF_SLOT, TS_PCR_VALUE, {0}},
    {MAKE_PCR_JITTER, TS_PCR_VALUE, {0}},
    {MAKE_DTS_JUMP, TS_DTS_STEP, {TS_PTS_ORDER}},
    {MAKE_PTS_BEFORE_DTS, TS_PES_TIMES, {TS_PTS_ORDER}},
    {MAKE_DTS_EQUAL, TS_PES_TIMES, {TS_PTS_ORDER}},
    {MAKE_NO_PTS, TS_PES_TIMES, {TS_PTS_ORDER, TS_DTS_STEP}},
    {MAKE_PTS_TWICE, TS_PTS_ORDER, {0}},
    {MAKE_BAD_START_CODE, TS_PES_SYNTAX, {TS_PTS_ORDER, TS_DTS_STEP}},
    {MAKE_BAD_MARKER, TS_PES_SYNTAX, {0}},
    {MAKE_NOT_ALIGNED, TS_HOUSE, {0}},
    {MAKE_BAD_STREAM_ID, TS_PES_SYNTAX, {0}},
    {MAKE_NO_DELIMITER, TS_ACCESS_UNIT, {0}},
    {MAKE_NO_PPS, TS_ACCESS_UNIT, {0}},
    {MAKE_SEI_BEFORE_SPS, TS_HOUSE, {0}},
    {MAKE_OTHER_PPS, TS_PARAMETER_SETS, {0}},
    {MAKE_TWO_PICTURES, TS_ACCESS_UNIT, {0}},
    {MAKE_IDR_WITHOUT_RAI, TS_RANDOM_ACCESS, {0}},
    {MAKE_RAI_WITHOUT_IDR, TS_RANDOM_ACCESS, {0}},
    {MAKE_RAI_WITHOUT_PCR, TS_RANDOM_ACCESS, {0}},
    {MAKE_AUDIO_JUMP, TS_PTS_STEP, {0}},
    {MAKE_AUDIO_LENGTH, TS_PES_LENGTH, {0}},
    {MAKE_AUDIO_TWO_FRAMES, TS_HOUSE, {0}},
    {MAKE_AUDIO_NO_HEADER, TS_ACCESS_UNIT, {0}},
    {MAKE_AUDIO_OTHER_RATE, TS_PARAMETER_SETS, {0}},
    {MAKE_VIDEO_LATE, TS_LATE, {TS_UNDERFLOW}},
    {MAKE_VIDEO_LATE, TS_UNDERFLOW, {TS_LATE}},
    {MAKE_VIDEO_EARLY, TS_DELAY, {0}},
    {MAKE_AUDIO_LATE, TS_LATE, {TS_UNDERFLOW}},
    {MAKE_AUDIO_LATE, TS_UNDERFLOW, {TS_LATE}},
    {MAKE_AUDIO_EARLY, TS_B, {0}},
    {MAKE_PSI_BURST, TS_TB, {TS_SECTION_GAP}},
    {MAKE_MPEG2_LATE, TS_LATE, {TS_UNDERFLOW}},
    {MAKE_MPEG2_LATE, TS_UNDERFLOW, {TS_LATE}},
    {MAKE_MPEG2_EARLY, TS_DELAY, {0}},
    {MAKE_MPEG2_OTHER_SEQUENCE, TS_PARAMETER_SETS, {0}},
    {MAKE_MPEG2_WRONG_REFERENCE, TS_PTS_ORDER, {0}},
    {MAKE_AC3_WRONG_SIZE, TS_ACCESS_UNIT, {TS_PARAMETER_SETS, TS_HOUSE, TS_PTS_STEP}},
    {MAKE_HEVC_LATE, TS_LATE, {TS_UNDERFLOW}},
    {MAKE_HEVC_LATE, TS_UNDERFLOW, {TS_LATE}},
    {MAKE_HEVC_OTHER_PPS, TS_PARAMETER_SETS, {0}},
    {MAKE_HEVC_WRONG_ORDER, TS_PTS_ORDER, {0}},
    {MAKE_AAC_DAMAGED, TS_ACCESS_UNIT, {0}},
    {MAKE_AAC_TWO_FRAMES, TS_HOUSE, {0}},
};

static bool is_expected(size_t i, enum ts_kind kind)
{
    bool is_listed = kind == FAULTS[i].kind;
    for (size_t k = 0; k < 3; k++) {
        is_listed = is_listed || (FAULTS[i].also[k] != TS_SYNC && FAULTS[i].also[k] == kind);
    }
    return is_listed;
}

static void every_fault_is_told_as_what_it_is(void **state)
{
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof(FAULTS) / sizeof(FAULTS[0]); i++) {
        assert_int_equal(ts_make(FAULTS[i].fault, bench->packets), 0);
        judge_all(bench, NULL);
        const char *wanted = ts_report_name(FAULTS[i].kind);
        if (ts_report_count(bench->report, FAULTS[i].kind) == 0) {
            fail_msg("fault %d: no problem of kind %s", (int)FAULTS[i].fault, wanted);
        }
        for (int kind = 0; kind < TS_KIND_COUNT; kind++) {
            if (ts_report_count(bench->report, (enum ts_kind)kind) > 0 &&
                !is_expected(i, (enum ts_kind)kind)) {
                judge_all(bench, stdout);
                fail_msg("fault %d, %s: also told as %s", (int)FAULTS[i].fault, wanted,
                         ts_report_name((enum ts_kind)kind));
            }
        }
    }
}

static void what_cannot_be_judged_never_passes(void **state)
{
    static const enum make_fault UNGRADED[] = {MAKE_NO_PAT, MAKE_NO_PCR, MAKE_UNKNOWN_TYPE,
                                               MAKE_MPEG2_FIELDS};
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof(UNGRADED) / sizeof(UNGRADED[0]); i++) {
        assert_int_equal(ts_make(UNGRADED[i], bench->packets), 0);
        judge_all(bench, NULL);
        assert_true(ts_report_ungraded_count(bench->report) > 0);
    }
    assert_int_equal(ts_make(MAKE_CLEAN, bench->packets), 0);
    judge(bench, &OPTIONS, 0, 0, NULL);
    assert_true(ts_report_ungraded_count(bench->report) > 0);
}

static void stuffing_sections_are_no_fault(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(ts_make(MAKE_STUFFING_TABLE, bench->packets), 0);
    judge_all(bench, stdout);
    assert_int_equal(ts_report_total(bench->report), 0);
}

/*
 * The first packet of this PID and adaptation_field_control in the second
 * half; one that starts a unit when 0x4000 is added to the PID, else one
 * that does not.
 */
static uint8_t *packet_of(struct bench *bench, int pid, unsigned control)
{
    for (size_t i = MAKE_PACKETS / 2; i < MAKE_PACKETS; i++) {
        uint8_t *packet = bench->packets + i * PACKET;
        const int found = (packet[1] & 0x5f) << 8 | packet[2];
        if (found == pid && (packet[3] & 0x30U) == control) {
            return packet;
        }
    }
    fail_msg("no such packet");
    return NULL;
}

/* One byte of one packet changed. */
static const struct {
    int pid;
    unsigned control; /* adaptation_field_control bits of the packet */
    int byte;
    uint8_t flip;
    enum ts_kind kind;
} FLIPS[] = {
    {MAKE_VIDEO_PID, 0x10, 0, 0xff, TS_SYNC},
    {MAKE_VIDEO_PID, 0x10, 1, 0x80, TS_TRANSPORT_ERROR},
    {MAKE_AUDIO_PID, 0x10, 3, 0x80, TS_SCRAMBLED},
    {MAKE_AUDIO_PID, 0x10, 3, 0x10, TS_RESERVED},
    {MAKE_AUDIO_PID, 0x10, 3, 0x04, TS_CONTINUITY},
    {MAKE_AUDIO_PID, 0x30, 187 - 180, 0xff, TS_ADAPTATION},
    {MAKE_VIDEO_PID, 0x20, 4, 0x01, TS_ADAPTATION},
    {MAKE_VIDEO_PID, 0x20, 10, 0x40, TS_ADAPTATION},
    {MAKE_VIDEO_PID, 0x20, 100, 0x01, TS_ADAPTATION},
    {MAKE_VIDEO_PID, 0x20, 5, 0x80, TS_DISCONTINUITY},
    {0x1fff, 0x10, 1, 0x40, TS_NULL},
    {0x1fff, 0x10, 3, 0x20, TS_NULL},
};

static void a_flipped_byte_is_told(void **state)
{
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof(FLIPS) / sizeof(FLIPS[0]); i++) {
        assert_int_equal(ts_make(MAKE_CLEAN, bench->packets), 0);
        packet_of(bench, FLIPS[i].pid, FLIPS[i].control)[FLIPS[i].byte] ^= FLIPS[i].flip;
        judge_all(bench, NULL);
        if (ts_report_count(bench->report, FLIPS[i].kind) == 0) {
            judge_all(bench, stdout);
            fail_msg("flip %zu: no problem of kind %s", i, ts_report_name(FLIPS[i].kind));
        }
    }
}

static void a_lost_packet_is_told(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(ts_make(MAKE_CLEAN, bench->packets), 0);
    uint8_t *packet = packet_of(bench, MAKE_VIDEO_PID, 0x10);
    memset(packet, 0xff, PACKET);
    memcpy(packet, (const uint8_t[]){0x47, 0x1f, 0xff, 0x10}, 4);
    judge_all(bench, stdout);
    assert_int_equal(ts_report_count(bench->report, TS_CONTINUITY), 1);
    assert_int_equal(ts_report_total(bench->report), 1);
}

/* Puts a copy of a packet into the next null packet; returns that one. */
static uint8_t *repeat(struct bench *bench, uint8_t *packet)
{
    uint8_t *end = bench->packets + (size_t)MAKE_PACKETS * PACKET;
    uint8_t *next = packet + PACKET;
    while (next < end && (next[1] & 0x1f) != 0x1f) {
        next += PACKET;
    }
    assert_true(next < end);
    memcpy(next, packet, PACKET);
    return next;
}

static void one_repeat_is_allowed_and_a_second_is_not(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(ts_make(MAKE_CLEAN, bench->packets), 0);
    uint8_t *packet = NULL;
    /* The last packet of an access unit: others follow too closely. */
    packet = packet_of(bench, MAKE_AUDIO_PID, 0x30);
    uint8_t *again = repeat(bench, packet);
    judge_all(bench, stdout);
    assert_int_equal(ts_report_count(bench->report, TS_CONTINUITY), 0);
    repeat(bench, again);
    judge_all(bench, NULL);
    assert_true(ts_report_count(bench->report, TS_CONTINUITY) > 0);
}

static void own_limits_can_be_tighter(void **state)
{
    struct bench *bench = *state;
    struct ts_check_options options = OPTIONS;
    assert_int_equal(ts_make(MAKE_CLEAN, bench->packets), 0);
    options.video_delay_ms = 301;
    options.audio_delay_ms = 101;
    judge(bench, &options, 0, MAKE_PACKETS, stdout);
    assert_int_equal(ts_report_total(bench->report), 0);
    options.audio_delay_ms = 90;
    judge(bench, &options, 0, MAKE_PACKETS, NULL);
    assert_true(ts_report_count(bench->report, TS_DELAY) > 400);
    options.audio_delay_ms = 101;
    options.video_delay_ms = 290;
    judge(bench, &options, 0, MAKE_PACKETS, NULL);
    assert_true(ts_report_count(bench->report, TS_DELAY) > 250);
}

/* A PCR is the arrival of its eleventh byte, so every byte comes that much sooner. */
static void delays_count_from_the_byte_of_the_pcr(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(ts_make(MAKE_CLEAN, bench->packets), 0);
    judge_all(bench, stdout);
    const json_t *sound = json_array_get(json_object_get(bench->summary, "streams"), 1);
    const double delay_ms = json_real_value(json_object_get(sound, "greatest_delay_ms"));
    /* 100 slots of 1 ms, less 4 + 14 bytes of headers, and 11 bytes: 1504 bits are 1 ms. */
    const double expected_ms = 100.0 + (11 - 18) * 8 / 1504.0;
    assert_true(delay_ms > expected_ms - 0.006 && delay_ms < expected_ms + 0.006);
}

static void a_jittering_pcr_is_told_wherever_the_file_is_from(void **state)
{
    struct bench *bench = *state;
    struct ts_check_options options = OPTIONS;
    options.has_first_slot = false;
    assert_int_equal(ts_make(MAKE_PCR_JITTER, bench->packets), 0);
    judge(bench, &options, 0, MAKE_PACKETS, NULL);
    assert_int_equal(ts_report_count(bench->report, TS_PCR_VALUE), 1);
    assert_int_equal(ts_report_total(bench->report), 1);
}

static void bytes_before_the_first_section_are_told(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(ts_make(MAKE_CLEAN, bench->packets), 0);
    uint8_t *packet = packet_of(bench, 0x4011, 0x10); /* with its start */
    memmove(packet + 6, packet + 5, PACKET - 6);
    packet[4] = 1;
    packet[5] = 0xff;
    judge_all(bench, NULL);
    assert_int_equal(ts_report_count(bench->report, TS_SECTION_SYNTAX), 1);
    assert_int_equal(ts_report_total(bench->report), 1);
}

static void a_missing_tdt_is_told(void **state)
{
    struct bench *bench = *state;
    struct ts_check_options options = OPTIONS;
    options.tdt_interval_ms = 11000;
    assert_int_equal(ts_make(MAKE_NO_TDT, bench->packets), 0);
    judge(bench, &options, 0, MAKE_PACKETS, NULL);
    assert_int_equal(ts_report_count(bench->report, TS_SECTION_INTERVAL), 1);
    assert_int_equal(ts_report_total(bench->report), 1);
}

static uint32_t draw(uint32_t *dice)
{
    *dice = *dice * 1664525 + 1013904223;
    return *dice >> 8;
}

/* Whatever is in the file: told, not crashed into (this runs under ASan too). */
static void no_damage_breaks_the_reader(void **state)
{
    struct bench *bench = *state;
    const char *text = getenv("KETANG_SEED");
    uint32_t dice = text != NULL ? (uint32_t)strtoul(text, NULL, 10) : 1;
    print_message("KETANG_SEED=%u\n", dice);
    for (int round = 0; round < 24; round++) {
        static const enum make_fault KINDS[] = {MAKE_CLEAN, MAKE_MPEG2_CLEAN, MAKE_HEVC_CLEAN};
        assert_int_equal(ts_make(KINDS[round / 2 % 3], bench->packets), 0);
        const uint32_t count = 2000U << draw(&dice) % 6;
        for (uint32_t i = 0; i < count; i++) {
            uint8_t *packet = bench->packets + (size_t)(draw(&dice) % MAKE_PACKETS) * PACKET;
            const uint32_t reach = round % 2 == 0 ? PACKET : 24;
            packet[draw(&dice) % reach] = (uint8_t)draw(&dice);
        }
        judge_all(bench, NULL);
        assert_true(ts_report_total(bench->report) > 0);
    }
}

static int create(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    *state = bench;
    if (bench != NULL) {
        bench->packets = malloc((size_t)MAKE_PACKETS * PACKET);
    }
    return bench != NULL && bench->packets != NULL ? 0 : -1;
}

static int destroy(void **state)
{
    struct bench *bench = *state;
    ts_report_destroy(bench->report);
    json_decref(bench->summary);
    free(bench->packets);
    free(bench);
    return 0;
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, create, destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BENCH(a_clean_stream_passes),
        WITH_BENCH(clean_streams_of_every_kind_pass),
        WITH_BENCH(what_is_legal_but_not_modelled_is_no_fault),
        WITH_BENCH(every_stretch_of_a_clean_stream_passes),
        WITH_BENCH(every_fault_is_told_as_what_it_is),
        WITH_BENCH(what_cannot_be_judged_never_passes),
        WITH_BENCH(stuffing_sections_are_no_fault),
        WITH_BENCH(a_flipped_byte_is_told),
        WITH_BENCH(a_lost_packet_is_told),
        WITH_BENCH(one_repeat_is_allowed_and_a_second_is_not),
        WITH_BENCH(own_limits_can_be_tighter),
        WITH_BENCH(delays_count_from_the_byte_of_the_pcr),
        WITH_BENCH(a_jittering_pcr_is_told_wherever_the_file_is_from),
        WITH_BENCH(bytes_before_the_first_section_are_told),
        WITH_BENCH(a_missing_tdt_is_told),
        WITH_BENCH(no_damage_breaks_the_reader),
    };
    return cmocka_run_group_tests_name("reader_faults", tests, NULL, NULL);
}
