/* SPDX-License-Identifier: MIT */
/* Editions: kept, read back, and compared with each other. */
#include "scheduler/publish/publish_compare.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MONDAY_S = 1588521600, HOUR = 3600 }; /* 2020-05-04 00:00 +0800 */

static struct zone *zone;

/* A lesson of the tables below; title NULL: it is not there. */
struct told {
    const char *title;
    const char *teacher;
    int minute; /* of Monday */
    bool is_signed;
};

static struct epg_entry entry_of(const struct told *told)
{
    const int64_t start = MONDAY_S + told->minute * 60;
    return (struct epg_entry){.kind = EPG_LESSON,
                              .start = start,
                              .stop = start + 20 * 60,
                              .is_signed = told->is_signed,
                              .texts = {[EPG_KEY] = "lesson 2020-05-04 08:00 一年级",
                                        [EPG_TITLE] = told->title,
                                        [EPG_TEACHER] = told->teacher}};
}

static struct edition *edition_of(const struct told *told, int number)
{
    struct edition *edition = publish_edition_create();
    assert_non_null(edition);
    edition->number = number;
    edition->week = 18386; /* 2020-05-04 */
    edition->time = MONDAY_S;
    struct edition_channel *channel =
        publish_edition_add_channel(edition, "zhangdian", "张店电视课堂");
    assert_non_null(channel);
    if (told->title != NULL) {
        const struct epg_entry entry = entry_of(told);
        assert_int_equal(publish_edition_add(edition, channel, &entry), 0);
    }
    return edition;
}

static struct edition *parse(const char *text)
{
    struct edition *edition = NULL;
    assert_int_equal(publish_edition_parse(text, strlen(text), &edition), 0);
    return edition;
}

/* --- Kept and read back ------------------------------------------------------------------ */

static void an_edition_is_read_back_as_it_was(void **state)
{
    (void)state;
    struct edition *edition =
        edition_of(&(struct told){"语文 <b>²喆\"\\\n🎓 שלום", "王喆", 480, true}, 3);
    struct epg_entry *entry = &edition->channels[0].entries[0];
    edition->channels[0].term_week = 13;
    edition->guide = "abc";
    entry->kind = EPG_REPEAT;
    entry->first_run = MONDAY_S - HOUR;
    entry->is_live = entry->has_subtitles = entry->subtitles_later = entry->signed_later = true;
    entry->is_cancelled = true;
    entry->mark = EPG_REMOVED;
    entry->sequence = 4;
    char *text = publish_edition_text(edition);
    struct edition *back = parse(text);
    char *again = publish_edition_text(back);
    assert_string_equal(again, text);
    const struct epg_entry *read = &back->channels[0].entries[0];
    assert_string_equal(read->texts[EPG_TITLE], "语文 <b>²喆\"\\\n🎓 שלום");
    assert_int_equal(read->first_run, MONDAY_S - HOUR);
    assert_int_equal(read->sequence, 4);
    assert_true(read->is_live && read->has_subtitles && read->is_signed && read->is_cancelled);
    assert_int_equal(read->mark, EPG_REMOVED);
    assert_int_equal(back->number, 3);
    assert_int_equal(back->week, 18386);
    assert_int_equal(back->channels[0].term_week, 13);
    free(text);
    free(again);
    publish_edition_destroy(back);
    publish_edition_destroy(edition);
}

static void a_damaged_edition_is_refused(void **state)
{
    (void)state;
#define HEAD(number, time, week, channels)                                                         \
    "{\"format\":1,\"edition\":" number ",\"time\":\"" time "\",\"week\":\"" week                  \
    "\",\"channels\":[" channels "]}"
#define TIME "2020-05-04T00:00:00Z"
#define WEEK "2020-05-04"
#define ENTRY(kind, start)                                                                         \
    "{\"name\":\"a\",\"entries\":[{\"kind\":\"" kind "\",\"start\":\"" start "\",\"stop\":\"" TIME \
    "\"}]}"
    static const struct {
        const char *text;
        int expected;
    } cases[] = {
        {HEAD("1", TIME, WEEK, ENTRY("lesson", TIME)), 0},
        {HEAD("1", TIME, WEEK, ""), 0},
        {"", -EBADMSG},
        {"[]", -EBADMSG},
        {"{\"format\":2}", -EBADMSG},
        {HEAD("0", TIME, WEEK, ""), -EBADMSG},
        {HEAD("\"x\"", TIME, WEEK, ""), -EBADMSG},
        {HEAD("1", "yesterday", WEEK, ""), -EBADMSG},
        {HEAD("1", TIME, "2020-13-04", ""), -EBADMSG},
        {HEAD("1", TIME, WEEK, "3"), -EBADMSG},
        {HEAD("1", TIME, WEEK, "{\"name\":\"a\"},{\"name\":\"a\"}"), -EBADMSG},
        {HEAD("1", TIME, WEEK, "{\"name\":\"\"}"), -EBADMSG},
        {HEAD("1", TIME, WEEK, "{\"name\":\"../a\"}"), -EBADMSG},
        {HEAD("1", TIME, WEEK, "{\"name\":\"a/../../b\"}"), -EBADMSG},
        {HEAD("1", TIME, WEEK, "{\"name\":\"\\u002ftmp\"}"), -EBADMSG},
        {HEAD("1", TIME, WEEK, "{\"name\":\".a\"}"), -EBADMSG},
        {HEAD("1", TIME, WEEK, "{\"name\":\"\\u0001.a\"}"), -EBADMSG},
        {HEAD("1", TIME, WEEK, "{\"name\":\"a\"},{\"name\":\"a\\u0001\"}"), -EBADMSG},
        {HEAD("1", TIME, WEEK, ENTRY("film", TIME)), -EBADMSG},
        {HEAD("1", TIME, WEEK, ENTRY("lesson", "2020-05-04T25:00:00Z")), -EBADMSG},
        {HEAD("1", TIME, WEEK, ENTRY("lesson", "2020-05-04T01:00:00Z+")), -EBADMSG},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct edition *edition = NULL;
        const int result = publish_edition_parse(cases[i].text, strlen(cases[i].text), &edition);
        if (result != cases[i].expected) {
            fail_msg("%s: %d", cases[i].text, result);
        }
        assert_int_equal(edition != NULL, result == 0);
        publish_edition_destroy(edition);
    }
}

static void texts_are_cleaned_of_what_documents_cannot_hold(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"一\t二\n三\r\n四", "一 二\n三\n四"},
        {"a\x01"
         "b\x7f"
         "c\xc2\x85"
         "d",
         "abcd"},
        {"\xef\xbf\xbe"
         "x\xef\xbf\xbf",
         "x"}, /* noncharacters */
        {"\xff"
         "a\xe4\xb8",
         "\xef\xbf\xbd"
         "a\xef\xbf\xbd\xef\xbf\xbd"},                            /* no UTF-8; cut in half */
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* a surrogate */
        {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},                 /* overlong */
        {"²喆🎓\xe2\x80\xae", "²喆🎓\xe2\x80\xae"},
    };
    struct edition *edition = publish_edition_create();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(publish_edition_keep(edition, cases[i].text), cases[i].expected);
    }
    publish_edition_destroy(edition);
}

static void two_entries_never_share_a_key(void **state)
{
    (void)state;
    const struct told told = {"甲", "", 480, false};
    struct edition *edition = edition_of(&told, 1);
    const struct epg_entry entry = entry_of(&told);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(publish_edition_add(edition, &edition->channels[0], &entry), 0);
    }
    assert_string_equal(edition->channels[0].entries[1].texts[EPG_KEY],
                        "lesson 2020-05-04 08:00 一年级 /2");
    assert_string_equal(edition->channels[0].entries[2].texts[EPG_KEY],
                        "lesson 2020-05-04 08:00 一年级 /3");
    publish_edition_destroy(edition);
}

/* --- Compared -------------------------------------------------------------------------- */

struct comparison {
    struct told old;
    struct told fresh;
    enum epg_mark mark;
    int sequence;
    const char *before;
};

static void differences_are_marked_and_say_what_was(void **state)
{
    (void)state;
    static const struct comparison cases[] = {
        {{"语文 甲", "王", 480, false}, {"语文 甲", "王", 480, false}, EPG_UNCHANGED, 0, ""},
        {{"语文 甲", "王", 480, false}, {"数学 乙", "王", 480, false}, EPG_CHANGED, 1, "语文 甲"},
        {{"语文 甲", "王", 480, false}, {"语文 甲", "王", 510, false}, EPG_CHANGED, 1, "08:00"},
        {{"语文 甲", "王", 480, false},
         {"数学 乙", "王", 480 + 1440, false},
         EPG_CHANGED,
         1,
         "周一 08:00 语文 甲"},
        {{"语文 甲", "王", 480, false}, {"语文 甲", "李", 480, false}, EPG_CHANGED, 1, "王"},
        {{"语文 甲", "王", 480, false}, {"语文 甲", "王", 480, true}, EPG_CHANGED, 1, ""},
        {{NULL, "", 0, false}, {"语文 甲", "王", 480, false}, EPG_ADDED, 0, ""},
        {{"语文 甲", "王", 480, false}, {NULL, "", 0, false}, EPG_REMOVED, 1, ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool is_different = false;
        struct edition *last = edition_of(&cases[i].old, 1);
        struct edition *fresh = edition_of(&cases[i].fresh, 0);
        assert_int_equal(publish_compare(fresh, last, zone, &is_different), 0);
        const struct epg_entry *entry = &fresh->channels[0].entries[0];
        assert_int_equal(fresh->number, 2);
        assert_int_equal(fresh->channels[0].count, 1);
        assert_int_equal(entry->mark, cases[i].mark);
        assert_int_equal(entry->sequence, cases[i].sequence);
        assert_string_equal(entry->texts[EPG_BEFORE], cases[i].before);
        assert_int_equal(entry->is_cancelled, cases[i].mark == EPG_REMOVED);
        assert_int_equal(is_different, cases[i].mark != EPG_UNCHANGED);
        publish_edition_destroy(fresh);
        publish_edition_destroy(last);
    }
}

static void seconds_are_no_change(void **state)
{
    (void)state;
    const struct told told = {"甲", "", 480, false};
    bool is_different = true;
    struct edition *last = edition_of(&told, 1);
    struct edition *fresh = edition_of(&told, 0);
    fresh->channels[0].entries[0].start += 59;
    fresh->channels[0].entries[0].stop -= 59;
    assert_int_equal(publish_compare(fresh, last, zone, &is_different), 0);
    assert_false(is_different);
    fresh->channels[0].entries[0].start++;
    assert_int_equal(publish_compare(fresh, last, zone, &is_different), 0);
    assert_true(is_different);
    publish_edition_destroy(fresh);
    publish_edition_destroy(last);
}

/* An edition of one more lesson, by its key. */
static struct edition *edition_with(const char *key, const char *period, int minute, int number)
{
    struct edition *edition = edition_of(&(struct told){NULL, "", 0, false}, number);
    struct epg_entry entry = entry_of(&(struct told){"语文 甲", "", minute, false});
    entry.texts[EPG_KEY] = key;
    entry.texts[EPG_HOUSE_NUMBER] = "A";
    entry.texts[EPG_PERIOD] = period;
    assert_int_equal(publish_edition_add(edition, &edition->channels[0], &entry), 0);
    return edition;
}

/* Periods begin later from the second edition on: calendars move, and double nothing. */
static void a_lesson_moves_with_its_period(void **state)
{
    (void)state;
    static const enum epg_mark marks[] = {EPG_UNCHANGED, EPG_CHANGED, EPG_UNCHANGED};
    struct edition *last = edition_with("lesson 2020-05-04 08:00 一年级", "第一节", 480, 1);
    for (size_t i = 1; i < sizeof(marks) / sizeof(marks[0]); i++) {
        bool is_different = false;
        struct edition *fresh = edition_with("lesson 2020-05-04 08:30 一年级", "第一节", 510, 0);
        assert_int_equal(publish_compare(fresh, last, zone, &is_different), 0);
        const struct epg_entry *entry = &fresh->channels[0].entries[0];
        assert_int_equal(fresh->channels[0].count, 1);
        assert_int_equal(entry->mark, marks[i]);
        assert_int_equal(entry->sequence, 1);
        assert_string_equal(entry->texts[EPG_KEY], "lesson 2020-05-04 08:00 一年级");
        assert_string_equal(entry->texts[EPG_BEFORE], marks[i] == EPG_CHANGED ? "08:00" : "");
        assert_int_equal(is_different, marks[i] == EPG_CHANGED);
        publish_edition_destroy(last);
        last = fresh;
    }
    publish_edition_destroy(last);
}

static void a_lesson_put_elsewhere_says_when_it_was(void **state)
{
    (void)state;
    bool is_different = false;
    struct edition *last = edition_with("lesson 2020-05-04 08:00 一年级", "第一节", 480, 1);
    struct edition *fresh = edition_with("lesson 2020-05-05 10:00 一年级", "第三节", 1440 + 600, 0);
    assert_int_equal(publish_compare(fresh, last, zone, &is_different), 0);
    const struct epg_entry *entries = fresh->channels[0].entries;
    assert_int_equal(fresh->channels[0].count, 2);
    assert_int_equal(entries[0].mark, EPG_REMOVED);
    assert_int_equal(entries[1].mark, EPG_ADDED);
    assert_string_equal(entries[1].texts[EPG_BEFORE], "周一 08:00");
    publish_edition_destroy(fresh);
    publish_edition_destroy(last);
}

/* Five editions: there, gone, still gone, back, and there; as calendars need it. */
static void a_lesson_that_is_gone_stays_cancelled_and_may_come_back(void **state)
{
    (void)state;
    static const struct {
        bool is_there;
        enum epg_mark mark;
        int sequence;
    } steps[] = {{true, EPG_UNCHANGED, 0},
                 {false, EPG_REMOVED, 1},
                 {false, EPG_UNCHANGED, 1},
                 {true, EPG_ADDED, 2},
                 {true, EPG_UNCHANGED, 2}};
    struct edition *last = NULL;
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        bool is_different = false;
        struct edition *fresh =
            edition_of(&(struct told){steps[i].is_there ? "甲" : NULL, "", 480, false}, 0);
        assert_int_equal(publish_compare(fresh, last, zone, &is_different), 0);
        assert_int_equal(fresh->number, i + 1);
        assert_int_equal(fresh->channels[0].count, 1);
        const struct epg_entry *entry = &fresh->channels[0].entries[0];
        assert_int_equal(entry->mark, steps[i].mark);
        assert_int_equal(entry->sequence, steps[i].sequence);
        assert_int_equal(entry->is_cancelled, !steps[i].is_there);
        publish_edition_destroy(last);
        last = fresh;
    }
    publish_edition_destroy(last);
}

static void a_channel_that_cannot_be_read_now_stays_as_it_was(void **state)
{
    (void)state;
    bool is_different = true;
    struct edition *last = edition_of(&(struct told){"甲", "", 480, false}, 1);
    last->channels[0].entries[0].mark = EPG_CHANGED;
    last->channels[0].entries[0].sequence = 3;
    struct edition *fresh = publish_edition_create();
    assert_int_equal(publish_compare(fresh, last, zone, &is_different), 0);
    assert_int_equal(fresh->channel_count, 1);
    assert_int_equal(fresh->channels[0].entries[0].mark, EPG_UNCHANGED);
    assert_int_equal(fresh->channels[0].entries[0].sequence, 3);
    assert_false(is_different);
    publish_edition_destroy(fresh);
    publish_edition_destroy(last);
}

static void time_in_which_nothing_is_planned_is_never_marked(void **state)
{
    (void)state;
    bool is_different = true;
    struct edition *last = edition_of(&(struct told){"垫播", "", 480, false}, 1);
    struct edition *fresh = edition_of(&(struct told){NULL, "", 0, false}, 0);
    last->channels[0].entries[0].kind = EPG_FILLER;
    assert_int_equal(publish_compare(fresh, last, zone, &is_different), 0);
    assert_int_equal(fresh->channels[0].count, 0);
    assert_false(is_different);
    publish_edition_destroy(fresh);
    publish_edition_destroy(last);
}

static int open_zone(void **state)
{
    (void)state;
    return zone_open("Asia/Shanghai", &zone);
}

static int close_zone(void **state)
{
    (void)state;
    zone_close(zone);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edition_is_read_back_as_it_was),
        cmocka_unit_test(a_damaged_edition_is_refused),
        cmocka_unit_test(texts_are_cleaned_of_what_documents_cannot_hold),
        cmocka_unit_test(two_entries_never_share_a_key),
        cmocka_unit_test(differences_are_marked_and_say_what_was),
        cmocka_unit_test(seconds_are_no_change),
        cmocka_unit_test(a_lesson_moves_with_its_period),
        cmocka_unit_test(a_lesson_put_elsewhere_says_when_it_was),
        cmocka_unit_test(a_lesson_that_is_gone_stays_cancelled_and_may_come_back),
        cmocka_unit_test(a_channel_that_cannot_be_read_now_stays_as_it_was),
        cmocka_unit_test(time_in_which_nothing_is_planned_is_never_marked),
    };
    return cmocka_run_group_tests_name("publish_edition", tests, open_zone, close_zone);
}
