/* SPDX-License-Identifier: MIT */
/* Events and schedules are read back by libdvbpsi, and byte by byte. */
#include "playout/eit_cycle.h"
#include "playout/si.h"
#include "tests/support/guide_bench.h"
#include "tests/support/si_reading.h"

#include <errno.h>
#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NOW_S = 1795392000 /* 2026-11-23 00:00 UTC */ };

/* --- EIT --------------------------------------------------------------------- */

static const char LONG_TEXT[] =
    "这一课学习春夏秋冬四个季节的古诗(示例),先听老师朗读,再跟读,然后默写。Lesson 12.";

static void check_event(const dvbpsi_eit_event_t *event, const struct service *service,
                        const char *title)
{
    static const char *const SIGN = "手语";
    const dvbpsi_short_event_dr_t *text =
        dvbpsi_DecodeShortEventDr(si_reading_descriptor(event->p_first_descriptor, 0x4d));
    si_reading_check_text(text->i_event_name, (size_t)text->i_event_name_length, title);
    assert_memory_equal(text->i_iso_639_code, "chi", 3);
    const dvbpsi_content_dr_t *content =
        dvbpsi_DecodeContentDr(si_reading_descriptor(event->p_first_descriptor, 0x54));
    assert_int_equal(content->i_contents_number, 1);
    assert_int_equal(content->p_content[0].i_type, 0x92);
    dvbpsi_descriptor_t *parental = si_reading_descriptor(event->p_first_descriptor, 0x55);
    assert_int_equal(parental != NULL, service->parental_age != 0);
    if (parental != NULL) {
        assert_memory_equal(parental->p_data, "CHN\x03", 4);
    }
    int components = 0;
    for (const dvbpsi_descriptor_t *d = event->p_first_descriptor; d != NULL; d = d->p_next) {
        if (d->i_tag == 0x50) { /* libdvbpsi would lose the memory of its text */
            const size_t size = d->i_length - 6u;
            components++;
            if ((d->p_data[0] & 0x0f) == 3) {
                assert_int_equal(d->p_data[1], 0x30);
                si_reading_check_text(d->p_data + 6, size, SIGN);
            } else if (d->p_data[2] == 1) {
                si_reading_check_text(d->p_data + 6, size, "字幕");
            }
        }
    }
    assert_int_equal(components, 3);
}

static void present_and_following_are_read_back(void **state)
{
    static const enum text_coding TEXTS[] = {TEXT_GB2312, TEXT_UTF8};
    struct guide_bench bench;
    (void)state;
    guide_bench_init(&bench, 1, 5);
    for (size_t i = 0; i < 10; i++) {
        const struct service *service = &bench.services[0][i % 5];
        bench.station.network.text = TEXTS[i / 5];
        struct si_text *text = si_text_create(bench.station.network.text);
        const struct si_eit eit = {&bench.station, service, 0x4e, 9};
        const struct si_event event = {.event_id = 0xfedc,
                                       .start_s = NOW_S - 61,
                                       .duration_s = 5025,
                                       .title = "语文 《四季》",
                                       .text = LONG_TEXT,
                                       .genre = GENRE_SCIENCE,
                                       .has_subtitles = true,
                                       .is_signed = true};
        struct si_reading reading;
        si_reading_begin(&reading);
        /* libdvbpsi takes a table for whole when it sees its first section again. */
        for (int number = 0; number < 4; number++) {
            uint8_t section[SI_SECTION_MAX];
            const size_t size =
                si_eit_pf(&eit, text, number % 2, number % 2 == 0 ? &event : NULL, section);
            assert_true(si_packets(size) <= SI_EIT_PF_PACKETS);
            si_reading_push(&reading, PID_EIT, section, size);
        }
        assert_int_equal(reading.eit_count, 1);
        const dvbpsi_eit_t *read = reading.eits[0];
        assert_int_equal(read->i_version, 9);
        assert_int_equal(read->i_extension, service->service_id);
        assert_int_equal(read->i_ts_id, 1);
        const dvbpsi_eit_event_t *entry = read->p_first_event;
        assert_non_null(entry);
        assert_null(entry->p_next);
        assert_int_equal(entry->i_event_id, 0xfedc);
        assert_int_equal(si_reading_time(entry->i_start_time), NOW_S - 61);
        assert_int_equal(entry->i_duration, 0x012345);
        assert_int_equal(entry->i_running_status, 4);
        check_event(entry, service, event.title);
        si_reading_end(&reading);
        si_text_destroy(text);
    }
}

static void component_descriptors_are_those_of_the_format(void **state)
{
    /* stream_content_ext and stream_content, component_type: picture, sound */
    static const uint8_t EXPECTED[][4] = {{0xf5, 0x03, 0xf2, 0x03},
                                          {0xf1, 0x03, 0xf2, 0x03},
                                          {0xf5, 0x0b, 0xf4, 0x42},
                                          {0x09, 0x04, 0xf6, 0x03},
                                          {0xf5, 0x01, 0xf2, 0x03}};
    struct guide_bench bench;
    (void)state;
    guide_bench_init(&bench, 1, 5);
    struct si_text *text = si_text_create(TEXT_GB2312);
    for (size_t i = 0; i < 5; i++) {
        const struct si_eit eit = {&bench.station, &bench.services[0][i], 0x4e, 0};
        const struct si_event event = {.title = "x", .start_s = NOW_S, .duration_s = 60};
        uint8_t bytes[SI_EVENT_MAX];
        const size_t size = si_eit_event(&eit, text, &event, SI_DETAIL_FULL, bytes, sizeof(bytes));
        int found = 0;
        for (size_t at = 12; at < size; at += 2 + (size_t)bytes[at + 1]) {
            if (bytes[at] == 0x50) {
                assert_memory_equal(bytes + at + 2, EXPECTED[i] + 2 * found, 2);
                assert_int_equal(bytes[at + 4], found + 1);
                found++;
            }
        }
        assert_int_equal(found, 2);
    }
    si_text_destroy(text);
}

/* Text of any length: 250 bytes with the name, the rest extended, nothing lost, cut by room. */
static void long_text_goes_on_in_extended_descriptors(void **state)
{
    struct guide_bench bench;
    struct dice dice = {21};
    (void)state;
    guide_bench_init(&bench, 1, 1);
    for (int round = 0; round < 300; round++) {
        char source[4000];
        char joined[4200] = "";
        uint8_t bytes[SI_EVENT_MAX];
        guide_bench_text(&dice, (size_t)(round * 12), source);
        bench.station.network.text = round % 2 == 0 ? TEXT_GB2312 : TEXT_UTF8;
        struct si_text *text = si_text_create(bench.station.network.text);
        const struct si_eit eit = {&bench.station, &bench.services[0][0], 0x50, 0};
        const struct si_event event = {.title = "语文", .text = source, .start_s = NOW_S};
        const size_t room = round % 3 == 0 ? 500 : sizeof(bytes);
        const size_t size = si_eit_event(&eit, text, &event, SI_DETAIL_FULL, bytes, room);
        assert_in_range(size, 20, room);
        assert_int_equal((size_t)((bytes[10] & 0x0f) << 8 | bytes[11]) + 12, size);
        int parts = 0;
        int last = 0;
        size_t at = 12;
        for (; at < size; at += 2 + (size_t)bytes[at + 1]) {
            const uint8_t *piece = bytes[at] == 0x4d   ? &bytes[at + 6 + bytes[at + 5]]
                                   : bytes[at] == 0x4e ? &bytes[at + 7]
                                                       : NULL;
            if (bytes[at] == 0x4e) {
                assert_int_equal(bytes[at + 2] >> 4, parts++);
                last = bytes[at + 2] & 0x0f;
            }
            if (piece != NULL && piece[0] > 0) {
                char seen[800];
                char *out = seen;
                char copy[256];
                char *in = copy;
                size_t left = piece[0] - 1u;
                size_t free_bytes = sizeof(seen) - 1;
                memcpy(copy, piece + 2, left);
                iconv_t converter = iconv_open("UTF-8", round % 2 == 0 ? "GB2312" : "UTF-8");
                assert_true(iconv(converter, &in, &left, &out, &free_bytes) != (size_t)-1);
                iconv_close(converter);
                *out = '\0';
                strcat(joined, seen);
            }
        }
        assert_int_equal(at, size);
        assert_true(parts == 0 || parts == last + 1);
        assert_int_equal(strncmp(source, joined, strlen(joined)), 0);
        assert_true(round % 3 == 0 || strcmp(source, joined) == 0);
        si_text_destroy(text);
    }
}

/* Present and following take no more than their packets, however much there is to tell. */
static void present_and_following_fit_their_packets(void **state)
{
    struct guide_bench bench;
    char title[300];
    char text_of_it[4000];
    (void)state;
    guide_bench_init(&bench, 1, 2);
    for (size_t i = 0; i + 3 < sizeof(title); i += 3) {
        memcpy(title + i, "语", 4);
    }
    for (size_t i = 0; i + 3 < sizeof(text_of_it); i += 3) {
        memcpy(text_of_it + i, "文", 4);
    }
    for (int coding = TEXT_GB2312; coding <= TEXT_GB18030; coding++) {
        uint8_t section[SI_SECTION_MAX];
        bench.station.network.text = (enum text_coding)coding;
        struct si_text *text = si_text_create((enum text_coding)coding);
        const struct si_eit eit = {&bench.station, &bench.services[0][1], 0x4e, 0};
        const struct si_event event = {.title = title,
                                       .text = text_of_it,
                                       .start_s = NOW_S,
                                       .duration_s = 9000000,
                                       .has_subtitles = true,
                                       .is_signed = true};
        const size_t size = si_eit_pf(&eit, text, 0, &event, section);
        assert_in_range(si_packets(size), 3, SI_EIT_PF_PACKETS);
        assert_int_equal(section[14 + 7], 0x99); /* duration */
        si_text_destroy(text);
    }
}

static void genres_have_words(void **state)
{
    (void)state;
    for (int genre = GENRE_EDUCATION; genre <= GENRE_CHILDREN; genre++) {
        enum si_genre read = GENRE_EDUCATION;
        assert_int_equal(si_genre_parse(si_genre_name((enum si_genre)genre), &read), 0);
        assert_int_equal(read, genre);
    }
    enum si_genre untouched = GENRE_NATURE;
    assert_int_equal(si_genre_parse("football", &untouched), -EINVAL);
    assert_int_equal(untouched, GENRE_NATURE);
}

/* --- A schedule, by libdvbpsi ------------------------------------------------ */

/* Whether the reading has an event of that name and start. */
static bool has_event(const struct si_reading *reading, int64_t start_s, const char *title)
{
    for (size_t i = 0; i < reading->eit_count; i++) {
        for (const dvbpsi_eit_event_t *e = reading->eits[i]->p_first_event; e; e = e->p_next) {
            if (si_reading_time(e->i_start_time) == start_s) {
                const dvbpsi_short_event_dr_t *text =
                    dvbpsi_DecodeShortEventDr(si_reading_descriptor(e->p_first_descriptor, 0x4d));
                si_reading_check_text(text->i_event_name, (size_t)text->i_event_name_length, title);
                return true;
            }
        }
    }
    return false;
}

static void schedule_of_eight_days_is_read_back(void **state)
{
    static const struct guide_spec SPEC = {NOW_S, NOW_S + 8 * 86400, 900, 1300, 120};
    struct dice dice = {17};
    (void)state;
    for (int coding = TEXT_GB2312; coding <= TEXT_UTF8; coding++) {
        struct guide_bench bench;
        struct eit_layout layout;
        struct eit_budget budget;
        struct eit_cycle *cycle = NULL;
        struct si_reading reading;
        guide_bench_init(&bench, 1, 1);
        bench.station.network.text = (enum text_coding)coding;
        const struct eit_source source = {.service = &bench.services[0][0],
                                          .is_actual = true,
                                          .timeline = guide_bench_timeline(&dice, &SPEC)};
        assert_int_equal(
            eit_layout_init(&layout, &bench.station, &bench.transports[0], 600, &budget), 0);
        assert_int_equal(eit_cycle_create(&layout, &source, 1, NOW_S, &cycle), 0);
        si_reading_begin(&reading);
        uint8_t counter = 0;
        for (int p = 0; p < 2 * layout.packets_per_second * EIT_CYCLE_S; p++) {
            const int position = p % (layout.packets_per_second * EIT_CYCLE_S);
            size_t service = 0;
            int number = 0;
            int index = 0;
            uint8_t packet[188];
            if (!eit_layout_pf(&layout, position % layout.packets_per_second, &service, &number,
                               &index)) {
                eit_cycle_packet(cycle, position, counter++ & 0x0f, packet);
                assert_true(dvbpsi_packet_push(reading.handle, packet));
            }
        }
        assert_int_equal(reading.eit_count, 2);
        const struct plan *plan = timeline_plan(source.timeline);
        int found = 0;
        for (size_t i = 0; i < plan->event_count; i++) {
            const struct plan_event *event = &plan->events[i];
            const bool is_first = i == 0 || event[-1].programme != event->programme;
            if (is_first && event->title != NULL) {
                assert_true(has_event(&reading, event->start / FRAMES_PER_SECOND, event->title));
                found++;
            }
        }
        assert_true(found > 400);
        si_reading_end(&reading);
        eit_cycle_destroy(cycle);
        timeline_unref(source.timeline);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(present_and_following_are_read_back),
        cmocka_unit_test(component_descriptors_are_those_of_the_format),
        cmocka_unit_test(long_text_goes_on_in_extended_descriptors),
        cmocka_unit_test(present_and_following_fit_their_packets),
        cmocka_unit_test(genres_have_words),
        cmocka_unit_test(schedule_of_eight_days_is_read_back),
    };
    return cmocka_run_group_tests_name("si_eit", tests, NULL, NULL);
}
