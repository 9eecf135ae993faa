/* SPDX-License-Identifier: MIT */
/*
 * Bytes as they come, through `ketang monitor --against`, and what it shows.
 */
#include "tests/support/must.h"
#include "tests/support/wire.h"
#include "tools/cmd_monitor.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Through `ketang monitor --against`; the caller releases the result. */
static json_t *monitor(struct wire *wire, const uint8_t *bytes, size_t size)
{
    char path[4096];
    wire_station(wire, path);
    struct monitor_against *against = monitor_against_open(path, "transport0");
    MUST(against != NULL);
    while (size > 0) {
        const size_t most = (size_t)dice_between(&wire->dice, 1, 3000);
        const size_t part = most < size ? most : size;
        monitor_against_feed(against, bytes, part);
        bytes += part;
        size -= part;
    }
    monitor_against_finish(against);
    json_t *result = monitor_against_json(against);
    monitor_against_close(against);
    return result;
}

static int64_t value(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void a_file_may_begin_inside_a_packet(void **state)
{
    static struct wire wire;
    wire_open(&wire, *state, 0);
    json_t *is = monitor(&wire, wire.packets + 100, wire.count * TS_PACKET_SIZE - 100);
    assert_int_equal(value(is, "first_slot"), wire.first + 1);
    assert_int_equal(value(is, "equal"), wire.count - 1);
    assert_null(json_object_get(is, "first_difference"));
    json_decref(is);
    wire_close(&wire);
}

static void packets_may_be_wrapped(void **state)
{
    static const size_t STRIDES[][2] = {{204, 0}, {192, 4}};
    static struct wire wire;
    wire_open(&wire, *state, 1);
    for (size_t k = 0; k < 2; k++) {
        const size_t stride = STRIDES[k][0];
        uint8_t *bytes = malloc(wire.count * stride);
        MUST(bytes != NULL);
        dice_fill(&wire.dice, bytes, wire.count * stride);
        for (size_t i = 0; i < wire.count; i++) {
            memcpy(bytes + i * stride + STRIDES[k][1], wire_packet(&wire, i), TS_PACKET_SIZE);
        }
        json_t *is = monitor(&wire, bytes, wire.count * stride);
        assert_int_equal(value(is, "equal"), wire.count);
        assert_null(json_object_get(is, "first_difference"));
        json_decref(is);
        free(bytes);
    }
    wire_close(&wire);
}

static void a_byte_that_slipped_costs_few_packets(void **state)
{
    static struct wire wire;
    wire_open(&wire, *state, 2);
    const size_t at = wire_draw_place(&wire);
    const size_t size = wire.count * TS_PACKET_SIZE - 1;
    uint8_t *gone = wire_packet(&wire, at) + 50;
    memmove(gone, gone + 1, size - at * TS_PACKET_SIZE - 50);
    json_t *is = monitor(&wire, wire.packets, size);
    const json_t *first = json_object_get(is, "first_difference");
    assert_int_equal(value(first, "packet"), at);
    assert_string_equal(json_string_value(json_object_get(first, "kind")), "differs");
    assert_in_range(value(is, "differing"), 1, 2);
    assert_in_range(value(is, "missing"), 1, 2);
    assert_true(value(is, "equal") >= (int64_t)wire.count - 4); /* the last one is cut off */
    json_decref(is);
    wire_close(&wire);
}

static void the_screen_is_told_the_first_difference(void **state)
{
    static struct wire wire;
    struct monitor_against_lines lines;
    char path[4096];
    char place[64];
    wire_open(&wire, *state, 3);
    const size_t at = wire_draw_place(&wire);
    wire_packet(&wire, at)[9] ^= 1;
    wire_station(&wire, path);
    struct monitor_against *against = monitor_against_open(path, "transport0");
    MUST(against != NULL);
    monitor_against_feed(against, wire.packets, wire.count * TS_PACKET_SIZE);
    monitor_against_lines(against, &lines);
    snprintf(place, sizeof(place), "packet %zu  slot %" PRIu64, at, wire.first + at);
    assert_true(lines.is_fault);
    assert_non_null(strstr(lines.first, place));
    assert_non_null(strstr(lines.totals, "1 differ"));
    monitor_against_reset(against);
    monitor_against_lines(against, &lines);
    assert_false(lines.is_fault);
    assert_string_equal(lines.first, "");
    assert_false(monitor_against_differs(against));
    assert_true(monitor_against_is_judged(against));
    monitor_against_close(against);
    wire_close(&wire);
}

/* What `ketang monitor --plain` prints of the differences; the caller releases it. */
static char *print_events(struct monitor_against *against)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    MUST(out != NULL);
    monitor_against_print_events(against, out);
    fclose(out);
    return text;
}

static void the_first_differences_are_listed_and_the_rest_counted(void **state)
{
    static struct wire wire;
    char path[4096];
    wire_open_long(&wire, *state, 3, 12);
    for (size_t i = 0; i < 25; i++) {
        wire_packet(&wire, WIRE_EDGE + 10 * i)[TS_PACKET_SIZE - 1] ^= 1;
    }
    wire_station(&wire, path);
    struct monitor_against *against = monitor_against_open(path, "transport0");
    MUST(against != NULL);
    monitor_against_feed(against, wire.packets, wire.count * TS_PACKET_SIZE);
    char *text = print_events(against);
    int lines = 0;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    assert_int_equal(lines, 21);
    assert_non_null(strstr(text, "Differences from here on are only counted.\n"));
    free(text);
    text = print_events(against);
    assert_string_equal(text, "");
    free(text);
    monitor_against_close(against);
    wire_close(&wire);
}

static void what_was_not_placed_is_told_and_not_judged(void **state)
{
    static struct wire wire;
    struct monitor_against_lines lines;
    char path[4096];
    wire_open_long(&wire, *state, 0, 27);
    const size_t known = wire_slots_per_second(&wire) * 20;
    for (size_t i = 0; i < known; i++) {
        if ((wire_packet(&wire, i)[1] & 0x1f) == 0 && wire_packet(&wire, i)[2] == 0x14) {
            wire_packet(&wire, i)[1] |= 0x80; /* no TDT */
        }
    }
    wire_station(&wire, path);
    struct monitor_against *against = monitor_against_open(path, "transport0");
    MUST(against != NULL);
    monitor_against_feed(against, wire.packets, wire.count * TS_PACKET_SIZE);
    monitor_against_finish(against);
    monitor_against_lines(against, &lines);
    assert_non_null(strstr(lines.totals, "Packets before them whose place was not known: "));
    assert_false(monitor_against_is_judged(against));
    json_t *is = monitor_against_json(against);
    assert_in_range(value(is, "unplaced"), 1, known);
    assert_true(json_is_false(json_object_get(is, "judged")));
    json_decref(is);
    monitor_against_close(against);
    wire_close(&wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_may_begin_inside_a_packet),
        cmocka_unit_test(packets_may_be_wrapped),
        cmocka_unit_test(a_byte_that_slipped_costs_few_packets),
        cmocka_unit_test(the_screen_is_told_the_first_difference),
        cmocka_unit_test(the_first_differences_are_listed_and_the_rest_counted),
        cmocka_unit_test(what_was_not_placed_is_told_and_not_judged),
    };
    return cmocka_run_group_tests_name("against_bytes", tests, wire_set_up, wire_tear_down);
}
