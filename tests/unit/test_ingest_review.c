/* SPDX-License-Identifier: MIT */
/* The technical review: what it finds in sound and pictures that are known, and nothing else. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/dice.h"
#include "tests/support/must.h"
#include "tools/ingest/qc_flash.h"
#include "tools/ingest/qc_judge.h"
#include "tools/ingest/qc_sheet.h"
#include "tools/ingest/qc_sound.h"
#include "tools/ingest/qc_source.h"

enum { RATE = 48000, BLOCK = RATE / 10, BLOCK_US = 100000 };

static const struct qc_rules RULES = {.silence_s = 10, .black_s = 2, .still_s = 120};

/* --- Sound ------------------------------------------------------------------------------ */

enum tone { TONE, QUIET, LEFT, OPPOSED, LOUD };

/* A tenth of a second of it. */
static void make_block(enum tone tone, double samples[2 * BLOCK])
{
    for (int i = 0; i < BLOCK; i++) {
        const double wave = 0.3 * sin(i * 2 * M_PI * 400 / RATE);
        const double hard = wave * 10 > 1 ? 1 : wave * 10 < -1 ? -1 : wave * 10;
        const double left = tone == QUIET ? 1e-5 * wave : tone == LOUD ? hard : wave;
        samples[2 * i] = left;
        samples[2 * i + 1] = tone == LEFT ? 1e-5 * wave : tone == OPPOSED ? -left : left;
    }
}

/* A part of a film, and what must be found of it; QC_KINDS: nothing. */
struct part {
    enum tone tone;
    int blocks;
    enum qc_kind kind;
};

static void review(const struct part *parts, size_t count, struct qc_sheet *sheet)
{
    static double samples[2 * BLOCK];
    struct qc_sound *sound = qc_sound_create(&RULES, 1, sheet);
    MUST(sound != NULL);
    memset(sheet, 0, sizeof(*sheet));
    for (size_t i = 0; i < count; i++) {
        make_block(parts[i].tone, samples);
        for (int k = 0; k < parts[i].blocks; k++) {
            const struct qc_block block = {.samples = samples,
                                           .count = BLOCK,
                                           .length_us = BLOCK_US,
                                           .short_lkfs = parts[i].tone == QUIET ? -90 : -23,
                                           .momentary_lkfs = parts[i].tone == QUIET ? -90 : -23};
            qc_sound_take(sound, &block);
        }
    }
    qc_sound_end(sound, -23, -10);
    qc_sound_destroy(sound);
}

/* Of the sheet, without the note that it ends in the middle of a sound. */
static void check_parts(const struct part *parts, size_t count, const struct qc_sheet *sheet)
{
    int found = 0;
    int64_t from_us = 0;
    for (size_t i = 0; i < count; i++) {
        const int64_t to_us = from_us + (int64_t)parts[i].blocks * BLOCK_US;
        bool is_found = parts[i].kind == QC_KINDS;
        for (int k = 0; k < sheet->finding_count; k++) {
            const struct qc_finding *finding = &sheet->findings[k];
            is_found = is_found || (finding->kind == (int32_t)parts[i].kind &&
                                    finding->from_us == from_us && finding->to_us == to_us);
        }
        if (!is_found) {
            print_message("%s from %lld to %lld is not found\n", qc_kind_name(parts[i].kind),
                          (long long)from_us, (long long)to_us);
        }
        assert_true(is_found);
        found += parts[i].kind != QC_KINDS;
        from_us = to_us;
    }
    for (int k = 0; k < sheet->finding_count; k++) {
        found -= sheet->findings[k].kind != QC_CUT_OFF;
    }
    assert_int_equal(found, 0);
}

static void planted_faults_of_sound_are_found_to_the_tenth(void **state)
{
    static struct qc_sheet sheet;
    struct dice dice = dice_seeded();
    (void)state;
    for (int round = 0; round < 200; round++) {
        struct part parts[10];
        size_t count = 0;
        while (count + 2 < sizeof(parts) / sizeof(parts[0])) {
            static const struct {
                enum tone tone;
                int least;
                enum qc_kind kind;
            } FAULTS[] = {{QUIET, 100, QC_SILENCE},
                          {LEFT, 50, QC_ONE_SIDED},
                          {OPPOSED, 30, QC_OUT_OF_PHASE},
                          {LOUD, 5, QC_CLIPPING}};
            const size_t fault = (size_t)dice_between(&dice, 0, 3);
            const int least = FAULTS[fault].least;
            const int blocks = least - 3 + (int)dice_between(&dice, 0, 39);
            const bool is_long = blocks >= least;
            parts[count++] = (struct part){TONE, 60 + (int)dice_between(&dice, 0, 99), QC_KINDS};
            parts[count++] =
                (struct part){FAULTS[fault].tone, blocks, is_long ? FAULTS[fault].kind : QC_KINDS};
        }
        parts[count++] = (struct part){TONE, 60, QC_KINDS};
        review(parts, count, &sheet);
        check_parts(parts, count, &sheet);
    }
}

static void silence_at_the_end_is_sound_that_ends(void **state)
{
    static struct qc_sheet sheet;
    (void)state;
    const struct part ends[] = {{TONE, 100, QC_KINDS}, {QUIET, 25, QC_SOUND_ENDS}};
    review(ends, 2, &sheet);
    check_parts(ends, 2, &sheet);
    const struct part breathes[] = {{TONE, 100, QC_KINDS}, {QUIET, 15, QC_KINDS}};
    review(breathes, 2, &sheet);
    check_parts(breathes, 2, &sheet);
    const struct part none[] = {{QUIET, 300, QC_NO_SOUND}};
    review(none, 1, &sheet);
    check_parts(none, 1, &sheet);
}

static void pauses_in_speech_on_one_side_are_one_finding(void **state)
{
    static struct qc_sheet sheet;
    struct part parts[20];
    (void)state;
    for (size_t i = 0; i < 20; i++) {
        parts[i] = (struct part){i % 2 == 0 ? LEFT : QUIET, i % 2 == 0 ? 20 : 10, QC_KINDS};
    }
    review(parts, 19, &sheet);
    assert_int_equal(sheet.finding_count, 2);
    assert_int_equal(sheet.findings[0].kind, QC_ONE_SIDED);
    assert_int_equal(sheet.findings[0].from_us, 0);
    assert_int_equal(sheet.findings[0].to_us, 290 * BLOCK_US);
    assert_int_equal(sheet.findings[1].kind, QC_CUT_OFF);
}

/* --- Flashes ---------------------------------------------------------------------------- */

/* Whether pictures that alternate `per_second` times, on `cells` of the picture, are dangerous. */
static bool flashes(double per_second, int cells, float dark, float light)
{
    struct qc_flash flash = {0};
    float luma[QC_FLASH_CELLS];
    bool is_dangerous = false;
    for (int i = 0; i < 100; i++) {
        const double phase = fmod(i / 25.0 * per_second, 1);
        for (int cell = 0; cell < QC_FLASH_CELLS; cell++) {
            luma[cell] = cell < cells && phase < 0.5 ? light : dark;
        }
        is_dangerous = qc_flash_take(&flash, (int64_t)i * 40000, luma) || is_dangerous;
    }
    return is_dangerous;
}

static void more_than_three_flashes_a_second_are_dangerous(void **state)
{
    (void)state;
    assert_true(flashes(5, QC_FLASH_CELLS, 16, 235));
    assert_true(flashes(12.5, QC_FLASH_CELLS, 16, 235));
    assert_true(flashes(5, QC_FLASH_CELLS / 4, 16, 235));
    assert_true(flashes(5, QC_FLASH_CELLS, 60, 150));
    assert_false(flashes(3, QC_FLASH_CELLS, 16, 235));
    assert_false(flashes(1, QC_FLASH_CELLS, 16, 235));
    assert_false(flashes(5, QC_FLASH_CELLS / 4 - 1, 16, 235));
    assert_false(flashes(5, QC_FLASH_CELLS, 60, 75));   /* too little */
    assert_false(flashes(5, QC_FLASH_CELLS, 220, 235)); /* both ends bright */
}

/* --- Times of pictures ------------------------------------------------------------------ */

static double irregular_percent(const int *steps_ms, size_t count)
{
    struct qc_clock clock = {0};
    int64_t time_us = 0;
    for (size_t i = 0; i < 1000; i++) {
        qc_clock_take(&clock, time_us);
        time_us += (int64_t)steps_ms[i % count] * 1000;
    }
    return 100.0 * (double)clock.irregular / (double)clock.pictures;
}

static void rounded_times_are_regular(void **state)
{
    (void)state;
    assert_true(irregular_percent((const int[]){33, 33, 34}, 3) == 0);
    assert_true(irregular_percent((const int[]){40}, 1) == 0);
    assert_true(irregular_percent((const int[]){33, 33, 66, 33}, 4) > 5);
    assert_true(irregular_percent((const int[]){20, 50, 35, 90}, 4) > 50);
}

/* --- Sheets ----------------------------------------------------------------------------- */

static void make_sheet(struct qc_sheet *sheet)
{
    memset(sheet, 0, sizeof(*sheet));
    sheet->length_us = 60000000;
    sheet->picture_width = 192;
    sheet->picture_count = QC_STRIP + 2;
    sheet->strip_count = QC_STRIP;
    sheet->curve_count = 60;
    sheet->curve_step_s = 1;
    for (int i = 0; i < 5; i++) {
        MUST(qc_sheet_add(sheet, (enum qc_kind)i, 1000000 * i, 2000000 * i, i) == i);
        sheet->findings[i].picture = i - 1;
    }
}

/* A child that lies can say wrong things, but none that a reader of the sheet stumbles over. */
static void numbers_that_cannot_be_are_refused(void **state)
{
    static struct qc_sheet sheet;
    const int fd = memfd_create("sheet", 0);
    (void)state;
    MUST(fd >= 0);
    make_sheet(&sheet);
    assert_int_equal(qc_sheet_put(&sheet, fd), 0);
    assert_int_equal(qc_sheet_get(&sheet, fd), 0);
#define REFUSED(change)                                                                            \
    do {                                                                                           \
        make_sheet(&sheet);                                                                        \
        assert_true(qc_sheet_is_sound(&sheet));                                                    \
        change;                                                                                    \
        MUST(qc_sheet_put(&sheet, fd) == 0);                                                       \
        assert_int_equal(qc_sheet_get(&sheet, fd), -EBADMSG);                                      \
    } while (0)
    REFUSED(sheet.finding_count = QC_FINDINGS_MOST + 1);
    REFUSED(sheet.finding_count = -1);
    REFUSED(sheet.curve_count = QC_CURVE_MOST + 1);
    REFUSED(sheet.picture_count = QC_PICTURES_MOST + 1);
    REFUSED(sheet.strip_count = QC_STRIP + 3);
    REFUSED(sheet.picture_width = QC_PICTURE_WIDTH_MOST + 2);
    REFUSED(sheet.picture_width = 0);
    REFUSED(sheet.picture_width = 33);
    REFUSED(sheet.curve_step_s = 0);
    REFUSED(sheet.length_us = -1);
    REFUSED(sheet.lkfs = NAN);
    REFUSED(sheet.findings[3].kind = QC_KINDS);
    REFUSED(sheet.findings[3].kind = -1);
    REFUSED(sheet.findings[3].picture = QC_STRIP + 2);
    REFUSED(sheet.findings[3].from_us = INT64_MAX);
    REFUSED(sheet.findings[3].from_us = sheet.findings[3].to_us + 1);
    REFUSED(sheet.findings[3].value = INFINITY);
    REFUSED(sheet.findings[3].value = 1e7);
    REFUSED(sheet.left_out = -1);
    REFUSED(sheet.curve[7] = NAN);
    REFUSED(sheet.pictures[2].time_us = INT64_MIN);
#undef REFUSED
    make_sheet(&sheet);
    MUST(qc_sheet_put(&sheet, fd) == 0);
    MUST(ftruncate(fd, sizeof(sheet) - 1) == 0);
    assert_int_equal(qc_sheet_get(&sheet, fd), -EBADMSG);
    close(fd);
}

/* However often one thing is wrong, there is room for the others, and it is said. */
static void of_each_kind_some_are_told_and_the_others_counted(void **state)
{
    static struct qc_sheet sheet;
    struct part parts[60];
    (void)state;
    for (size_t i = 0; i < 60; i++) {
        parts[i] = (struct part){i % 2 == 0 ? TONE : LOUD, i % 2 == 0 ? 60 : 10, QC_KINDS};
    }
    parts[59] = (struct part){QUIET, 120, QC_KINDS};
    review(parts, 60, &sheet);
    int clipped = 0;
    int ended = 0;
    for (int i = 0; i < sheet.finding_count; i++) {
        clipped += sheet.findings[i].kind == QC_CLIPPING;
        ended += sheet.findings[i].kind == QC_SOUND_ENDS;
    }
    assert_int_equal(clipped, QC_EACH_MOST);
    assert_int_equal(sheet.left_out, 29 - QC_EACH_MOST);
    assert_int_equal(ended, 1);
    for (int kind = 0; kind < QC_KINDS; kind++) {
        while (qc_sheet_add(&sheet, (enum qc_kind)kind, 0, 1, 0) >= 0) {
        }
    }
    assert_int_equal(sheet.finding_count, QC_FINDINGS_MOST);
    sheet.length_us = 1;
    sheet.picture_width = 192;
    assert_true(qc_sheet_is_sound(&sheet));
}

static void every_finding_has_a_sentence(void **state)
{
    char text[QC_SENTENCE_SIZE];
    (void)state;
    for (int kind = 0; kind < QC_KINDS; kind++) {
        const struct qc_finding finding = {.kind = kind, .to_us = 5000000, .value = 12};
        assert_true(strlen(qc_sentence(&finding, text)) > 10);
        assert_true(strlen(qc_kind_name((enum qc_kind)kind)) > 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planted_faults_of_sound_are_found_to_the_tenth),
        cmocka_unit_test(silence_at_the_end_is_sound_that_ends),
        cmocka_unit_test(pauses_in_speech_on_one_side_are_one_finding),
        cmocka_unit_test(more_than_three_flashes_a_second_are_dangerous),
        cmocka_unit_test(rounded_times_are_regular),
        cmocka_unit_test(numbers_that_cannot_be_are_refused),
        cmocka_unit_test(of_each_kind_some_are_told_and_the_others_counted),
        cmocka_unit_test(every_finding_has_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
