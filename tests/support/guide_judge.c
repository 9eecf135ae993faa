/* SPDX-License-Identifier: MIT */
#include "tests/support/guide_judge.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <bitstream/dvb/si.h>
#include <bitstream/mpeg/psi.h>
#include <bitstream/mpeg/ts.h>

enum { DAY_S = 86400, TABLES = 16, SEGMENT_S = 10800 };

/* Sections of a table of the schedule that were seen, and what they say. */
struct table_seen {
    bool sections[256];
    int last;
    int count;
};

/* A programme of a plan, as EIT should tell it. */
struct telling {
    const struct plan_event *event; /* the first of the programme */
    int64_t start_s;
    int64_t duration_s;
    int64_t segment; /* since the first day carried */
    bool is_full;
};

static void decode_text(const uint8_t *bytes, size_t size, char *out)
{
    char copy[300];
    char *in = copy;
    size_t left = 1000;
    const char *charset = size > 0 && bytes[0] == 0x13 ? "GB2312" : "UTF-8";
    assert_true(size == 0 || bytes[0] == 0x13 || bytes[0] == 0x15);
    size -= size > 0 ? 1 : 0;
    memcpy(copy, bytes + 1, size);
    iconv_t converter = iconv_open("UTF-8", charset);
    assert_true(iconv(converter, &in, &size, &out, &left) != (size_t)-1);
    iconv_close(converter);
    *out = '\0';
}

/* Name and all text of an event. */
static void read_texts(const uint8_t *entry, char *name, char *text)
{
    const uint8_t *at = entry + EIT_EVENT_SIZE;
    const uint8_t *end = at + eitn_get_desclength(entry);
    int expected_part = 0;
    text[0] = '\0';
    while (at < end) {
        if (at[0] == 0x4d) {
            decode_text(at + 6, at[5], name);
            decode_text(at + 7 + at[5], at[6 + at[5]], text);
            assert_true(at[5] + at[6 + at[5]] <= 250);
        } else if (at[0] == 0x4e) {
            assert_int_equal(at[2] >> 4, expected_part++);
            decode_text(at + 8, at[7], text + strlen(text));
        }
        at += 2 + at[1];
    }
    assert_ptr_equal(at, end);
}

/* Of a section: which of the service's tables of the schedule it is in; -1: of none. */
static int table_of(const uint8_t *bytes, const struct eit_source *source)
{
    const int table = bytes[0] - (source->is_actual ? 0x50 : 0x60);
    const bool is_of_service = psi_get_tableidext(bytes) == source->service->service_id;
    return is_of_service && table >= 0 && table < TABLES ? table : -1;
}

static void see_section(struct table_seen *seen, const uint8_t *bytes)
{
    const int number = psi_get_section(bytes);
    assert_false(seen->sections[number]);
    assert_true(seen->count == 0 || seen->last == psi_get_lastsection(bytes));
    assert_true(psi_get_current(bytes));
    assert_int_equal(eit_get_segment_last_sec_number(bytes) / 8, number / 8);
    assert_true(number <= eit_get_segment_last_sec_number(bytes));
    seen->last = psi_get_lastsection(bytes);
    seen->sections[number] = true;
    seen->count++;
}

/* Every segment is there, and nothing is said to follow that does not. */
static void check_segments(const struct table_seen *seen, int segments, int tables)
{
    for (int segment = 0; segment < segments; segment++) {
        const struct table_seen *table = &seen[segment / 32];
        const int first = segment % 32 * 8;
        assert_true(table->sections[first]);
        assert_true(segment + 1 < segments || table->last >= first);
    }
    for (int table = 0; table < tables; table++) {
        assert_true(seen[table].sections[seen[table].last]);
    }
}

void guide_check_numbers(const struct room *room, const struct eit_source *source, int days)
{
    const int first_id = source->is_actual ? 0x50 : 0x60;
    const int segments = days * 8;
    const int tables = (segments + 31) / 32;
    struct table_seen seen[TABLES] = {0};
    int version = -1;
    for (size_t i = 0; i < room->found_count; i++) {
        const uint8_t *bytes = room->found[i].bytes;
        const int table = table_of(bytes, source);
        if (table < 0) {
            continue;
        }
        assert_in_range(table, 0, tables - 1);
        assert_int_equal(eit_get_last_table_id(bytes), first_id + tables - 1);
        assert_int_equal(eit_get_tsid(bytes), source->service->transport->transport_stream_id);
        assert_true(version < 0 || version == psi_get_version(bytes));
        version = psi_get_version(bytes);
        see_section(&seen[table], bytes);
    }
    check_segments(seen, segments, tables);
    /* Each segment has all sections up to its segment_last_section_number. */
    for (size_t i = 0; i < room->found_count; i++) {
        const uint8_t *bytes = room->found[i].bytes;
        const int table = table_of(bytes, source);
        const int last = table >= 0 ? eit_get_segment_last_sec_number(bytes) : 0;
        for (int k = last - last % 8; table >= 0 && k < last - last % 8 + 8; k++) {
            assert_int_equal(seen[table].sections[k], k <= last);
        }
    }
}

static void check_entry(const uint8_t *entry, const struct telling *telling)
{
    char name[1200];
    char text[6000];
    assert_int_equal(dvb_time_decode_UTC(eitn_get_start_time(entry)), telling->start_s);
    assert_int_equal(eitn_get_duration_bcd(entry),
                     dvb_time_encode_duration((unsigned)telling->duration_s));
    read_texts(entry, name, text);
    assert_string_equal(name, telling->event->title);
    if (telling->is_full) {
        assert_string_equal(text, telling->event->text);
    }
}

/* How often a programme is told, in the right segment; wrong ones fail. */
static int count_tellings(const struct room *room, const struct eit_source *source,
                          const struct telling *telling)
{
    int count = 0;
    for (size_t i = 0; i < room->found_count; i++) {
        const uint8_t *bytes = room->found[i].bytes;
        const uint8_t *end = bytes + room->found[i].size - 4;
        const uint8_t *entry = bytes + EIT_HEADER_SIZE;
        const int table = table_of(bytes, source);
        for (; table >= 0 && entry < end; entry += EIT_EVENT_SIZE + eitn_get_desclength(entry)) {
            if (eitn_get_event_id(entry) == (uint16_t)telling->event->programme) {
                assert_int_equal(table * 32 + psi_get_section(bytes) / 8, telling->segment);
                check_entry(entry, telling);
                count++;
            }
        }
        assert_true(table < 0 || entry == end);
    }
    return count;
}

int guide_check_events(const struct room *room, const struct eit_source *source,
                       const struct eit_fit *fit, int64_t now_s)
{
    const struct plan *plan = timeline_plan(source->timeline);
    const int64_t first_s = now_s / DAY_S * DAY_S;
    const int64_t end_s = first_s + fit->days * DAY_S;
    int told = 0;
    for (size_t i = 0, last = 0; plan != NULL && i < plan->event_count; i = ++last) {
        const struct plan_event *event = &plan->events[i];
        for (last = i; last + 1 < plan->event_count &&
                       plan->events[last + 1].programme == event->programme;) {
            last++;
        }
        if (event->title == NULL) {
            continue;
        }
        const int64_t start_s = event->start / FRAMES_PER_SECOND;
        const struct plan_event *end = &plan->events[last];
        const struct telling telling = {
            .event = event,
            .start_s = start_s,
            .duration_s = (end->start + end->duration) / FRAMES_PER_SECOND - start_s,
            .segment = (start_s - first_s) / SEGMENT_S,
            .is_full = fit->detail == SI_DETAIL_FULL,
        };
        const int count = count_tellings(room, source, &telling);
        assert_int_equal(count, start_s >= first_s && start_s < end_s ? 1 : 0);
        told += count;
    }
    return told;
}

void guide_check_cycle(struct room *room, const struct eit_cycle *cycle, int64_t now_s)
{
    const struct network *network = &room->bench.station.network;
    room_forget(room);
    room_read(room, cycle, 0);
    for (size_t i = 0; i < room->source_count; i++) {
        const struct eit_fit *fit = eit_cycle_fit(cycle, i);
        const struct eit_source *source = &room->sources[i];
        if (source->is_actual || network->eit_other == EIT_OTHER_SCHEDULE) {
            guide_check_numbers(room, source, network->eit_days);
            assert_int_equal(fit->events, guide_check_events(room, source, fit, now_s));
        }
        assert_int_equal(fit->left_out, 0);
        assert_true(fit->used <= fit->room);
    }
}
