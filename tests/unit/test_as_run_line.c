/* SPDX-License-Identifier: MIT */
/* Lines of the as-run record, written and read again, and bad ones. */
#include "playout/as_run_line.h"

#include "tests/support/dice.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ASSET_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ASSET_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

enum { START = 1000000, LENGTH = 3000 };

static void throw_spans(struct dice *dice, struct frame_spans *spans)
{
    int64_t at = START + (dice_once_in(dice, 3) ? 0 : dice_between(dice, 0, 500));
    while (at < START + LENGTH && !dice_once_in(dice, 4)) {
        const int64_t room = START + LENGTH - at;
        const int64_t length = dice_between(dice, 1, room < 400 ? room : 400);
        assert_int_equal(frame_spans_add(spans, at, at + length), 0);
        at += length + dice_between(dice, 1, 400);
    }
}

static void throw_record(struct dice *dice, struct as_run_record *record)
{
    *record = (struct as_run_record){.seq = dice_between(dice, 0, 1) * 1041,
                                     .amendment = dice_between(dice, 0, 1) * 3,
                                     .kind = (enum event_kind)dice_between(dice, 0, EVENT_LIVE),
                                     .title = strdup("语文 荷花 \"第1课时\""),
                                     .planned_start = START - 50,
                                     .planned_duration = LENGTH,
                                     .start = START,
                                     .end = START + LENGTH};
    record->reason = dice_once_in(dice, 2) ? strdup("its media is missing; 示例") : NULL;
    record->house_number = dice_once_in(dice, 2) ? strdup("KT-01") : NULL;
    strcpy(record->asset, dice_once_in(dice, 3) ? "" : ASSET_A);
    record->parts = calloc(2, sizeof(record->parts[0]));
    strcpy(record->parts[0].asset, record->asset);
    record->parts[0].from = START;
    record->part_count = 1;
    if (dice_once_in(dice, 2)) {
        strcpy(record->parts[1].asset, ASSET_B);
        record->parts[1].from = START + dice_between(dice, 1, LENGTH - 1);
        record->part_count = 2;
    }
    throw_spans(dice, &record->interrupted);
    throw_spans(dice, &record->muted);
}

static void what_was_written_is_read_again(void **state)
{
    struct zone *zone = NULL;
    struct dice dice = dice_seeded();
    (void)state;
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    for (int i = 0; i < 2000; i++) {
        struct as_run_record record;
        struct as_run_line line = {0};
        throw_record(&dice, &record);
        char *text = as_run_record_json(&record, zone);
        assert_int_equal(as_run_line_parse(text, strlen(text), &line), 0);
        char *again = as_run_record_json(&line.record, zone);
        assert_string_equal(again, text);
        assert_int_equal(line.record.start, START);
        assert_int_equal(line.record.part_count, record.part_count);
        free(text);
        free(again);
        as_run_line_finish(&line);
        as_run_record_finish(&record);
    }
    zone_close(zone);
}

static void an_interruption_is_one(void **state)
{
    struct zone *zone = NULL;
    struct as_run_line line = {0};
    const struct frame_span span = {START, START + 75};
    (void)state;
    assert_int_equal(zone_open("Asia/Shanghai", &zone), 0);
    char *text = as_run_interruption_json(&span, zone);
    assert_int_equal(as_run_line_parse(text, strlen(text), &line), 0);
    assert_true(line.is_interruption);
    assert_int_equal(line.record.start, START);
    assert_int_equal(line.record.end, START + 75);
    free(text);
    as_run_line_finish(&line);
    zone_close(zone);
}

#define GOOD                                                                                       \
    "\"kind\":\"lesson\",\"asset\":\"\",\"planned_start\":1,\"planned_duration\":9,\"start\":1,"   \
    "\"end\":10"

static void what_is_no_record_is_refused(void **state)
{
    static const char *const table[] = {
        "",
        "[]",
        "{}",
        "{" GOOD,
        "{\"kind\":\"lesson\"}",
        "{\"kind\":\"interruption\",\"start\":2,\"end\":1}",
        "{\"kind\":\"interruption\",\"start\":2}",
        "{" GOOD ",\"start\":2}",
        "{" GOOD ",\"seq\":-1}",
        "{" GOOD ",\"seq\":\"1\"}",
        "{" GOOD ",\"title\":7}",
        "{" GOOD ",\"title\":\"\xff\"}",
        "{" GOOD ",\"aired\":[]}",
        "{" GOOD ",\"aired\":[[\"x\",1]]}",
        "{" GOOD ",\"aired\":[[\"\",5],[\"\",4]]}",
        "{" GOOD ",\"aired\":[[\"\",11]]}",
        "{" GOOD ",\"interrupted\":[[5,5]]}",
        "{" GOOD ",\"interrupted\":[[0,11]]}",
        "{" GOOD ",\"interrupted\":[[5,7],[6,8]]}",
        "{" GOOD ",\"muted\":[5,7]}",
        "{" GOOD ",\"muted\":{}}",
        "{\"kind\":\"interruption\",\"start\":1,\"end\":9223372036854775807}",
    };
    (void)state;
    struct as_run_line line = {0};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (as_run_line_parse(table[i], strlen(table[i]), &line) != -EBADMSG) {
            fail_msg("taken: %s", table[i]);
        }
    }
    assert_int_equal(as_run_line_parse("{" GOOD "}", strlen("{" GOOD "}"), &line), 0);
    as_run_line_finish(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_again),
        cmocka_unit_test(an_interruption_is_one),
        cmocka_unit_test(what_is_no_record_is_refused),
    };
    return cmocka_run_group_tests_name("as_run_line", tests, NULL, NULL);
}
