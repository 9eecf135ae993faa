/* SPDX-License-Identifier: MIT */
/* The chain of the as-run record, and who tampered with it where. */
#include "scheduler/report/report_verify.h"

#include "playout/as_run_chain.h"
#include "tests/support/dice.h"
#include "tests/support/must.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DAYS = 3, LINES = 5, ALL = DAYS * LINES, MOST = ALL + 4, SEVENTH = 6 };

static const char *const DAY[DAYS] = {"2026-11-23.jsonl", "2026-11-24.jsonl", "2026-11-26.jsonl"};

struct text {
    int day; /* -1: none */
    char *bytes;
};

/* Three days of five lines; line n of all is the event n. */
struct record {
    struct text lines[MOST];
    size_t count;
};

static char *sealed(const char *previous, int n)
{
    char line[128];
    snprintf(line, sizeof(line), "{\"seq\":%d,\"title\":\"语文 荷花\",\"end\":%d}", n, 1000 * n);
    char *text = as_run_chain_seal(previous, line);
    MUST(text != NULL);
    return text;
}

static struct record make_record(void)
{
    struct record record = {.count = ALL};
    char chain[SHA256_HEX_SIZE] = AS_RUN_CHAIN_START;
    for (int i = 0; i < ALL; i++) {
        record.lines[i] = (struct text){i / LINES, sealed(chain, i)};
        MUST(as_run_chain_of(record.lines[i].bytes, strlen(record.lines[i].bytes), chain));
    }
    return record;
}

static void finish_record(struct record *record)
{
    for (size_t i = 0; i < record->count; i++) {
        free(record->lines[i].bytes);
    }
}

static struct verify_result verify(const struct record *record, const char *previous,
                                   const char *anchor)
{
    struct verifier verifier;
    struct verify_result result;
    int day = -1;
    int64_t number = 0;
    verifier_init(&verifier, previous, anchor);
    for (size_t i = 0; i < record->count; i++) {
        const struct text *text = &record->lines[i];
        if (text->day != day) {
            day = text->day;
            number = 0;
            verifier_file(&verifier, DAY[day]);
        }
        verifier_line(&verifier, text->bytes, strlen(text->bytes), ++number);
    }
    verifier_end(&verifier, &result);
    return result;
}

static void take_out(struct record *record, size_t at)
{
    free(record->lines[at].bytes);
    record->count--;
    memmove(&record->lines[at], &record->lines[at + 1],
            (record->count - at) * sizeof(record->lines[0]));
}

static void put_in(struct record *record, size_t at, char *bytes)
{
    MUST(record->count < MOST && bytes != NULL);
    const int day = record->lines[at].day;
    memmove(&record->lines[at + 1], &record->lines[at],
            (record->count - at) * sizeof(record->lines[0]));
    record->lines[at] = (struct text){day, bytes};
    record->count++;
}

static void untouched(struct record *record)
{
    (void)record;
}

static void change_a_title(struct record *record)
{
    memcpy(strstr(record->lines[SEVENTH].bytes, "荷花"), "荷叶", sizeof("荷叶") - 1);
}

static void change_the_last_line(struct record *record)
{
    memcpy(strstr(record->lines[ALL - 1].bytes, "荷花"), "荷叶", sizeof("荷叶") - 1);
}

static void change_and_seal_again(struct record *record)
{
    char chain[SHA256_HEX_SIZE];
    const char *before = record->lines[SEVENTH - 1].bytes;
    MUST(as_run_chain_of(before, strlen(before), chain));
    free(record->lines[SEVENTH].bytes);
    record->lines[SEVENTH].bytes = sealed(chain, 99);
}

static void remove_a_line(struct record *record)
{
    take_out(record, SEVENTH);
}

static void remove_the_end_of_a_file(struct record *record)
{
    take_out(record, LINES - 1);
}

static void remove_a_day(struct record *record)
{
    for (int i = 0; i < LINES; i++) {
        take_out(record, LINES);
    }
}

static void insert_a_line(struct record *record)
{
    put_in(record, SEVENTH, sealed(AS_RUN_CHAIN_START, 77));
}

static void insert_a_plain_line(struct record *record)
{
    put_in(record, SEVENTH, strdup("{\"seq\":77,\"end\":77}"));
}

static void repeat_a_line(struct record *record)
{
    put_in(record, SEVENTH + 1, strdup(record->lines[SEVENTH].bytes));
}

static void swap_two_lines(struct record *record)
{
    char *kept = record->lines[SEVENTH].bytes;
    record->lines[SEVENTH].bytes = record->lines[SEVENTH + 1].bytes;
    record->lines[SEVENTH + 1].bytes = kept;
}

static void strip_a_chain(struct record *record)
{
    strcpy(strstr(record->lines[SEVENTH].bytes, ",\"chain\""), "}");
}

static void cut_off_a_file(struct record *record)
{
    record->lines[SEVENTH].bytes[20] = '\0';
    while (record->lines[SEVENTH + 1].day == 1) {
        take_out(record, SEVENTH + 1);
    }
}

static void crash_in_a_line(struct record *record)
{
    put_in(record, SEVENTH, strdup("{\"seq\":5,\"tit"));
}

static void crash_at_the_end(struct record *record)
{
    record->lines[ALL - 1].bytes[30] = '\0';
}

static void old_lines_first(struct record *record)
{
    put_in(record, 0, strdup("{\"seq\":1,\"end\":1}"));
    put_in(record, 0, strdup("{\"seq\":0,\"end\":1}"));
}

static void old_lines_and_a_gap(struct record *record)
{
    take_out(record, 0);
    put_in(record, 0, strdup("{\"seq\":1,\"end\":1}"));
}

static void expired(struct record *record)
{
    for (int i = 0; i < LINES; i++) {
        take_out(record, 0);
    }
}

struct scenario {
    const char *what;
    void (*tamper)(struct record *record);
    enum verify_verdict verdict;
    int day; /* of the line that is named */
    int64_t line;
};

static void every_kind_of_tampering_is_named_by_file_and_line(void **state)
{
    (void)state;
    static const struct scenario table[] = {
        {"nothing", untouched, VERIFY_GOOD, 0, 0},
        {"a title is changed", change_a_title, VERIFY_CHANGED, 1, 2},
        {"the last line is changed", change_the_last_line, VERIFY_CHANGED, 2, 5},
        {"a line is changed and sealed", change_and_seal_again, VERIFY_CHANGED, 1, 3},
        {"a line is removed", remove_a_line, VERIFY_CHANGED, 1, 2},
        {"the end of a file is removed", remove_the_end_of_a_file, VERIFY_FILE_MISSING, 1, 1},
        {"a day is removed", remove_a_day, VERIFY_FILE_MISSING, 2, 1},
        {"a sealed line is inserted", insert_a_line, VERIFY_INSERTED, 1, 2},
        {"a line without chain is inserted", insert_a_plain_line, VERIFY_UNCHAINED, 1, 2},
        {"a line is there twice", repeat_a_line, VERIFY_INSERTED, 1, 3},
        {"two lines are swapped", swap_two_lines, VERIFY_INSERTED, 1, 2},
        {"a chain is taken off", strip_a_chain, VERIFY_UNCHAINED, 1, 2},
        {"a file is cut off", cut_off_a_file, VERIFY_CUT_OFF, 1, 2},
        {"a crash cut off a line", crash_in_a_line, VERIFY_GOOD, 0, 0},
        {"a crash cut off the last line", crash_at_the_end, VERIFY_GOOD, 0, 0},
        {"lines of a version before", old_lines_first, VERIFY_GOOD, 0, 0},
        {"the first lines replaced", old_lines_and_a_gap, VERIFY_CHANGED, 0, 2},
        {"the first day has expired", expired, VERIFY_GOOD, 0, 0},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        const struct scenario *row = &table[i];
        struct record record = make_record();
        row->tamper(&record);
        const struct verify_result result = verify(&record, NULL, NULL);
        const bool is_placed =
            row->verdict == VERIFY_GOOD ||
            (strcmp(result.bad.file, DAY[row->day]) == 0 && result.bad.line == row->line);
        if (result.verdict != row->verdict || !is_placed) {
            fail_msg("%s: verdict %d at %s:%lld", row->what, (int)result.verdict, result.bad.file,
                     (long long)result.bad.line);
        }
        finish_record(&record);
    }
}

static void what_is_good_is_counted(void **state)
{
    (void)state;
    struct record record = make_record();
    crash_in_a_line(&record);
    old_lines_first(&record);
    const struct verify_result result = verify(&record, NULL, NULL);
    assert_int_equal(result.verdict, VERIFY_GOOD);
    assert_int_equal(result.checked, ALL);
    assert_int_equal(result.old, 2);
    assert_int_equal(result.torn, 1);
    assert_string_equal(result.first_torn.file, DAY[1]);
    assert_int_equal(result.first_torn.line, 2);
    assert_int_equal(result.first.line, 3);
    assert_false(result.is_first_unproven);
    assert_string_equal(result.last.file, DAY[2]);
    assert_int_equal(result.last.line, LINES);
    finish_record(&record);
}

static void a_printed_anchor_shows_that_the_end_was_rewritten(void **state)
{
    (void)state;
    struct record record = make_record();
    const char *last = record.lines[ALL - 1].bytes;
    char anchor[SHA256_HEX_SIZE];
    assert_true(as_run_chain_of(last, strlen(last), anchor));
    assert_int_equal(verify(&record, NULL, anchor).verdict, VERIFY_GOOD);
    take_out(&record, ALL - 1); /* the chain alone cannot tell */
    assert_int_equal(verify(&record, NULL, NULL).verdict, VERIFY_GOOD);
    assert_int_equal(verify(&record, NULL, anchor).verdict, VERIFY_NO_ANCHOR);
    finish_record(&record);
}

static void the_anchor_of_the_day_before_proves_the_first_line(void **state)
{
    (void)state;
    struct record record = make_record();
    const char *last = record.lines[LINES - 1].bytes;
    char anchor[SHA256_HEX_SIZE];
    assert_true(as_run_chain_of(last, strlen(last), anchor));
    expired(&record);
    assert_true(verify(&record, NULL, NULL).is_first_unproven);
    assert_false(verify(&record, NULL, anchor).is_first_unproven);
    assert_int_equal(verify(&record, anchor, NULL).verdict, VERIFY_GOOD);
    assert_int_equal(verify(&record, AS_RUN_CHAIN_START, NULL).verdict, VERIFY_FILE_MISSING);
    finish_record(&record);
}

/* Whatever single byte is changed, the line or the one behind it is named. */
static void no_changed_byte_goes_unnoticed(void **state)
{
    (void)state;
    struct dice dice = dice_seeded();
    for (int round = 0; round < 2000; round++) {
        struct record record = make_record();
        const size_t i = (size_t)dice_between(&dice, 0, ALL - 1);
        char *bytes = record.lines[i].bytes;
        const size_t at = (size_t)dice_between(&dice, 0, (int64_t)strlen(bytes) - 1);
        const char byte = (char)dice_between(&dice, 33, 126);
        const bool is_same = bytes[at] == byte;
        bytes[at] = byte;
        const struct verify_result result = verify(&record, NULL, NULL);
        const int64_t bad = result.bad.line - 1 + (result.bad.file[9] - '3') * LINES;
        const bool is_last_cut = i == ALL - 1 && at + 1 == strlen(bytes); /* as by a crash */
        const bool is_told = i == 0 && result.is_first_unproven;
        const bool is_at = result.bad.file[9] == '6' || bad == (int64_t)i || bad == (int64_t)i + 1;
        if (!is_same && !is_last_cut && !is_told && (result.verdict == VERIFY_GOOD || !is_at)) {
            fail_msg("byte %zu of line %zu: verdict %d at %s:%lld", at, i, (int)result.verdict,
                     result.bad.file, (long long)result.bad.line);
        }
        finish_record(&record);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_tampering_is_named_by_file_and_line),
        cmocka_unit_test(what_is_good_is_counted),
        cmocka_unit_test(a_printed_anchor_shows_that_the_end_was_rewritten),
        cmocka_unit_test(the_anchor_of_the_day_before_proves_the_first_line),
        cmocka_unit_test(no_changed_byte_goes_unnoticed),
    };
    return cmocka_run_group_tests_name("report_verify", tests, NULL, NULL);
}
