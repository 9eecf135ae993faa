/* SPDX-License-Identifier: MIT */
/* The guide for another multiplexer, as libdvbpsi reads it from the packets. */
#include "scheduler/publish/publish_eit.h"

#include "tests/support/publish_case.h"
#include "tests/support/si_reading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PACKET = 188, ROUND = 16, DAY_S = 86400 };

#define TIMETABLE                                                                                            \
    "format: 1\nchannel: zhangdian\n"                                                                        \
    "lessons:\n"                                                                                             \
    "  - {house_number: A, grade: 一年级, subject: 语文, title: 甲, teacher: 示例教师01, signed: " \
    "repeat}\n"                                                                                              \
    "  - {house_number: B, grade: 二年级, subject: 数学, title: 乙}\n"                                 \
    "periods:\n  - {name: 第一节, start: 08:00, end: 08:40}\n"                                            \
    "  - {name: 第二节, start: 09:00, end: 09:40}\n"                                                      \
    "days: [周一, 周二, 周三, 周四, 周五]\n"                                                       \
    "grid:\n  第一节: [A, B, A, B, A]\n  第二节: [B, A, B, A, B]\n"                                    \
    "repeats: {of: 当日, from: 18:00, until: 20:00, pitch: 40}\n"                                          \
    "fillers: [{house_number: F, title: 课间休息}]\n"

static const struct publish_case week = {.timetable = TIMETABLE, .week = "2026-11-23"};
static const int64_t MONDAY = 20780; /* 2026-11-23 */

/* One kind of files of a day, in memory. */
struct made {
    char *texts[3]; /* sections, packets, index */
    size_t sizes[3];
    FILE *outs[3];
};

static struct timeline *timeline_of_week(void)
{
    struct timeline *timeline = publish_timeline(publish_case_plan(&week));
    assert_non_null(timeline);
    return timeline;
}

static struct made make(struct timeline *timeline, int edition, int64_t day, bool is_pf)
{
    const struct publish_guide guide = {publish_case_station(), publish_case_service()->transport,
                                        &timeline, edition};
    struct made made = {0};
    for (size_t i = 0; i < 3; i++) {
        made.outs[i] = open_memstream(&made.texts[i], &made.sizes[i]);
        assert_non_null(made.outs[i]);
    }
    const struct eit_files files = {made.outs[0], made.outs[1], is_pf ? made.outs[2] : NULL};
    assert_int_equal(
        is_pf ? publish_eit_pf(&guide, day, &files) : publish_eit_schedule(&guide, day, &files), 0);
    for (size_t i = 0; i < 3; i++) {
        fclose(made.outs[i]);
    }
    return made;
}

static void free_made(struct made *made)
{
    for (size_t i = 0; i < 3; i++) {
        free(made->texts[i]);
    }
}

/* --- What libdvbpsi reads -------------------------------------------------------------- */

/*
 * Twice, as a player would: libdvbpsi takes a table for whole when it sees its
 * first section again, and complains of counters that do not go on.
 */
static void push_packets(struct si_reading *reading, const struct made *made)
{
    for (size_t at = 0; at < 2 * made->sizes[1]; at += PACKET) {
        uint8_t packet[PACKET];
        memcpy(packet, made->texts[1] + at % made->sizes[1], PACKET);
        assert_true(dvbpsi_packet_push(reading->handle, packet));
    }
}

static const dvbpsi_eit_event_t *find_event(const struct si_reading *reading, int64_t start_s)
{
    for (size_t i = 0; i < reading->eit_count; i++) {
        for (const dvbpsi_eit_event_t *event = reading->eits[i]->p_first_event; event != NULL;
             event = event->p_next) {
            if (si_reading_time(event->i_start_time) == start_s) {
                return event;
            }
        }
    }
    return NULL;
}

static void check_name(const dvbpsi_eit_event_t *event, const char *name)
{
    assert_non_null(event);
    const dvbpsi_short_event_dr_t *text =
        dvbpsi_DecodeShortEventDr(si_reading_descriptor(event->p_first_descriptor, 0x4d));
    si_reading_check_text(text->i_event_name, (size_t)text->i_event_name_length, name);
}

static void the_schedule_of_a_day_is_read_back(void **state)
{
    (void)state;
    struct timeline *timeline = timeline_of_week();
    struct made made = make(timeline, 1, MONDAY, false);
    struct si_reading reading;
    si_reading_begin(&reading);
    push_packets(&reading, &made);
    assert_int_equal(reading.eit_count, 2); /* eight days: 0x50 and 0x51 */
    for (size_t i = 0; i < reading.eit_count; i++) {
        assert_int_equal(reading.eits[i]->i_extension, publish_case_service()->service_id);
        assert_int_equal(reading.eits[i]->i_version, (1 + MONDAY) % 32);
    }
    check_name(find_event(&reading, publish_case_time(&week, "2026-11-24 08:00")),
               "二年级 数学 乙");
    /* Tuesday of the week after: what is told goes on. */
    check_name(find_event(&reading, publish_case_time(&week, "2026-11-30 09:00")),
               "二年级 数学 乙");
    /* Only the repeat is signed. */
    const dvbpsi_eit_event_t *repeat =
        find_event(&reading, publish_case_time(&week, "2026-11-23 18:00"));
    check_name(repeat, "一年级 语文 甲");
    bool is_signed = false;
    for (const dvbpsi_descriptor_t *d = repeat->p_first_descriptor; d != NULL; d = d->p_next) {
        is_signed |= d->i_tag == 0x50 && (d->p_data[0] & 0x0f) == 3 && d->p_data[1] == 0x30;
    }
    assert_true(is_signed);
    si_reading_end(&reading);
    free_made(&made);
    timeline_unref(timeline);
}

static void packets_may_be_looped(void **state)
{
    (void)state;
    struct timeline *timeline = timeline_of_week();
    struct made made = make(timeline, 1, MONDAY, false);
    int needed = 0;
    for (size_t at = 0; at < made.sizes[0];) {
        const size_t size = si_section_size((const uint8_t *)made.texts[0] + at);
        needed += si_packets(size);
        at += size;
    }
    assert_int_not_equal(needed % ROUND, 0); /* else it would be by chance */
    assert_int_equal(made.sizes[1] % (PACKET * ROUND), 0);
    for (size_t i = 0; i < made.sizes[1] / PACKET; i++) {
        const uint8_t *packet = (const uint8_t *)made.texts[1] + i * PACKET;
        assert_int_equal(packet[0], 0x47);
        assert_int_equal((packet[1] & 0x1f) << 8 | packet[2], PID_EIT);
        assert_int_equal(packet[3] & 0x0f, i % ROUND);
    }
    free_made(&made);
    timeline_unref(timeline);
}

static void sections_are_those_of_the_packets(void **state)
{
    (void)state;
    struct timeline *timeline = timeline_of_week();
    struct made made = make(timeline, 1, MONDAY, false);
    struct si_reading packets;
    struct si_reading sections;
    si_reading_begin(&packets);
    si_reading_begin(&sections);
    push_packets(&packets, &made);
    size_t at = 0;
    while (at < 2 * made.sizes[0]) {
        const uint8_t *section = (const uint8_t *)made.texts[0] + at % made.sizes[0];
        si_reading_push(&sections, PID_EIT, section, si_section_size(section));
        at += si_section_size(section);
    }
    assert_int_equal(at, 2 * made.sizes[0]);
    assert_true(packets.eit_count > 0);
    assert_int_equal(sections.eit_count, packets.eit_count);
    si_reading_end(&packets);
    si_reading_end(&sections);
    free_made(&made);
    timeline_unref(timeline);
}

static void a_new_edition_and_a_new_day_have_a_new_version(void **state)
{
    (void)state;
    static const struct {
        int edition;
        int day;
    } cases[] = {{1, 0}, {2, 0}, {1, 1}};
    struct timeline *timeline = timeline_of_week();
    int versions[3];
    for (size_t i = 0; i < 3; i++) {
        struct made made = make(timeline, cases[i].edition, MONDAY + cases[i].day, false);
        versions[i] = (uint8_t)made.texts[0][5] >> 1 & 0x1f;
        free_made(&made);
    }
    assert_int_equal(versions[1], (versions[0] + 1) % 32);
    assert_int_equal(versions[2], (versions[0] + 1) % 32);
    timeline_unref(timeline);
}

/* Reads the pair that a line of the index names; present must be that event. */
static void check_pair(const struct made *made, const char *line)
{
    int year, month, day, hour, minute, second, service, id;
    unsigned long byte, bytes, packet, packets;
    assert_int_equal(sscanf(line, "%d-%d-%dT%d:%d:%dZ,%d,%d,%lu,%lu,%lu,%lu", &year, &month, &day,
                            &hour, &minute, &second, &service, &id, &byte, &bytes, &packet,
                            &packets),
                     12);
    const int64_t start = civil_days(year, month, day) * DAY_S + hour * 3600 + minute * 60 + second;
    const uint8_t *present = (const uint8_t *)made->texts[0] + byte;
    const uint8_t *following = present + si_section_size(present);
    assert_true(byte + bytes <= made->sizes[0]);
    assert_int_equal(si_section_size(present) + si_section_size(following), bytes);
    assert_int_equal(si_packets(si_section_size(present)) + si_packets(si_section_size(following)),
                     packets);
    assert_memory_equal(made->texts[1] + packet * PACKET + 5, present, 8);
    struct si_reading reading;
    si_reading_begin(&reading);
    for (int i = 0; i < 2; i++) {
        si_reading_push(&reading, PID_EIT, present, si_section_size(present));
        si_reading_push(&reading, PID_EIT, following, si_section_size(following));
    }
    assert_int_equal(reading.eit_count, 1);
    assert_int_equal(reading.eits[0]->i_extension, service);
    const dvbpsi_eit_event_t *event = reading.eits[0]->p_first_event;
    assert_non_null(event);
    assert_int_equal(event->i_event_id, id);
    assert_int_equal(event->i_running_status, 4);
    assert_true(si_reading_time(event->i_start_time) <= start);
    assert_non_null(event->p_next);
    assert_true(si_reading_time(event->p_next->i_start_time) > start);
    si_reading_end(&reading);
}

static void present_and_following_of_every_moment_are_there(void **state)
{
    (void)state;
    struct timeline *timeline = timeline_of_week();
    struct made made = make(timeline, 1, MONDAY, true);
    int pairs = 0;
    int last_version = -1;
    for (const char *line = strchr(made.texts[2], '\n') + 1; *line != '\0';
         line = strchr(line, '\n') + 1) {
        check_pair(&made, line);
        pairs++;
    }
    /* 00:00 UTC is 08:00: lesson, pause, lesson, pause, two repeats, pause, midnight. */
    assert_int_equal(pairs, 8);
    for (size_t at = 0; at < made.sizes[0];) {
        const uint8_t *section = (const uint8_t *)made.texts[0] + at;
        const int version = section[5] >> 1 & 0x1f;
        if (section[6] == 0) {
            assert_int_not_equal(version, last_version);
        } else {
            assert_int_equal(version, last_version);
        }
        last_version = version;
        at += si_section_size(section);
    }
    free_made(&made);
    timeline_unref(timeline);
}

static void the_digest_is_of_what_is_told_not_of_numbers(void **state)
{
    (void)state;
    char digests[4][PUBLISH_DIGEST_SIZE];
    for (size_t i = 0; i < 4; i++) {
        struct plan *plan = publish_case_plan(&week);
        for (size_t k = 0; i == 1 && k < plan->event_count; k++) {
            plan->events[k].programme += 7;
        }
        plan->events[i == 2 ? 9 : 0].is_signed ^= i == 2;
        plan->events[9].title = i == 3 ? "丁" : plan->events[9].title;
        struct timeline *timeline = publish_timeline(plan);
        publish_eit_digest(&timeline, 1, digests[i]);
        timeline_unref(timeline);
    }
    assert_string_equal(digests[0], digests[1]);
    assert_string_not_equal(digests[0], digests[2]);
    assert_string_not_equal(digests[0], digests[3]);
    assert_int_equal(strlen(digests[0]), 64);
}

static int finish(void **state)
{
    (void)state;
    publish_case_finish();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_schedule_of_a_day_is_read_back),
        cmocka_unit_test(packets_may_be_looped),
        cmocka_unit_test(sections_are_those_of_the_packets),
        cmocka_unit_test(a_new_edition_and_a_new_day_have_a_new_version),
        cmocka_unit_test(present_and_following_of_every_moment_are_there),
        cmocka_unit_test(the_digest_is_of_what_is_told_not_of_numbers),
    };
    return cmocka_run_group_tests_name("publish_eit", tests, NULL, finish);
}
