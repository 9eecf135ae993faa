/* SPDX-License-Identifier: MIT */
/* Editions of a day whose lessons are put in, taken out and moved: what is told of each. */
#include "scheduler/publish/publish_compare.h"
#include "tests/support/dice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MONDAY_S = 1588521600, SLOT_S = 2700, SLOTS = 8, LESSONS = 12 }; /* 2020-05-04 +0800 */

static struct zone *zone;

/* Which lesson is in each slot of Monday; 0: none.  No lesson is there twice. */
struct day_of_lessons {
    int lessons[SLOTS];
};

static int64_t start_of(size_t slot)
{
    return MONDAY_S + 8 * 3600 + (int64_t)slot * SLOT_S;
}

static void clock_of(size_t slot, char clock[16])
{
    const int minute = 8 * 60 + (int)slot * SLOT_S / 60;
    snprintf(clock, 16, "%02d:%02d", minute / 60, minute % 60);
}

static int slot_of(const struct day_of_lessons *day, int lesson)
{
    for (int i = 0; i < SLOTS; i++) {
        if (day->lessons[i] == lesson) {
            return i;
        }
    }
    return -1;
}

/* As publish_epg() makes it: the key is that of the slot. */
static struct edition *edition_of(const struct day_of_lessons *day)
{
    struct edition *edition = publish_edition_create();
    assert_non_null(edition);
    struct edition_channel *channel =
        publish_edition_add_channel(edition, "zhangdian", "张店电视课堂");
    assert_non_null(channel);
    for (size_t i = 0; i < SLOTS; i++) {
        char clock[16];
        char key[64];
        char title[32];
        char house_number[32];
        char period[32];
        clock_of(i, clock);
        snprintf(key, sizeof(key), "lesson 2020-05-04 %s 一年级", clock);
        snprintf(title, sizeof(title), "语文 %d", day->lessons[i]);
        snprintf(house_number, sizeof(house_number), "KT-%d", day->lessons[i]);
        snprintf(period, sizeof(period), "第%zu节", i + 1);
        const struct epg_entry entry = {.kind = EPG_LESSON,
                                        .start = start_of(i),
                                        .stop = start_of(i) + 1200,
                                        .texts = {[EPG_KEY] = key,
                                                  [EPG_TITLE] = title,
                                                  [EPG_HOUSE_NUMBER] = house_number,
                                                  [EPG_GRADE] = "一年级",
                                                  [EPG_PERIOD] = period}};
        if (day->lessons[i] != 0) {
            assert_int_equal(publish_edition_add(edition, channel, &entry), 0);
        }
    }
    return edition;
}

static struct edition *next_edition(const struct day_of_lessons *day, const struct edition *last)
{
    bool is_different = false;
    struct edition *edition = edition_of(day);
    assert_int_equal(publish_compare(edition, last, zone, &is_different), 0);
    return edition;
}

/* The entry of a lesson that is not cancelled; NULL: none. */
static const struct epg_entry *entry_of(const struct edition *edition, int lesson)
{
    char house_number[32];
    snprintf(house_number, sizeof(house_number), "KT-%d", lesson);
    for (size_t i = 0; i < edition->channels[0].count; i++) {
        const struct epg_entry *entry = &edition->channels[0].entries[i];
        if (!entry->is_cancelled && strcmp(entry->texts[EPG_HOUSE_NUMBER], house_number) == 0) {
            return entry;
        }
    }
    return NULL;
}

static const struct epg_entry *entry_with(const struct edition *edition, const char *key)
{
    const struct epg_entry *found = NULL;
    for (size_t i = 0; i < edition->channels[0].count; i++) {
        const struct epg_entry *entry = &edition->channels[0].entries[i];
        if (strcmp(entry->texts[EPG_KEY], key) == 0) {
            assert_null(found); /* no two have one key */
            found = entry;
        }
    }
    return found;
}

/* --- One story ------------------------------------------------------------------------- */

static void a_lesson_put_first_moves_all_the_others(void **state)
{
    (void)state;
    const struct day_of_lessons days[] = {{{1, 2, 3, 4}}, {{5, 1, 2, 3, 4}}};
    struct edition *last = next_edition(&days[0], NULL);
    struct edition *fresh = next_edition(&days[1], last);
    assert_int_equal(entry_of(fresh, 5)->mark, EPG_ADDED);
    assert_int_equal(entry_of(fresh, 5)->sequence, 0);
    assert_int_equal(fresh->channels[0].count, 5);
    for (int lesson = 1; lesson <= 4; lesson++) {
        const struct epg_entry *entry = entry_of(fresh, lesson);
        char clock[16];
        clock_of((size_t)lesson - 1, clock);
        assert_int_equal(entry->mark, EPG_CHANGED);
        assert_string_equal(entry->texts[EPG_BEFORE], clock);
        assert_string_equal(entry->texts[EPG_KEY], entry_of(last, lesson)->texts[EPG_KEY]);
    }
    publish_edition_destroy(fresh);
    publish_edition_destroy(last);
}

/* --- The rules, one by one ---------------------------------------------------------------- */

/* An entry of Monday's first edition or second, by what it is known. */
struct told {
    enum epg_kind kind;
    const char *key;
    const char *title;
    int minute; /* from Monday 00:00 on */
    const char *period;
    const char *teacher;
    int length; /* minutes; 0: 20 */
    bool is_joined;
    const char *house_number; /* NULL: as the title */
};

static struct edition *edition_told(const struct told *told, size_t count)
{
    struct edition *edition = publish_edition_create();
    assert_non_null(edition);
    struct edition_channel *channel =
        publish_edition_add_channel(edition, "zhangdian", "张店电视课堂");
    assert_non_null(channel);
    for (size_t i = 0; i < count && told[i].key != NULL; i++) {
        const int64_t start = MONDAY_S + (int64_t)told[i].minute * 60;
        const int length = told[i].length > 0 ? told[i].length : 20;
        const struct epg_entry entry = {.kind = told[i].kind,
                                        .start = start,
                                        .stop = start + (int64_t)length * 60,
                                        .is_joined = told[i].is_joined,
                                        .texts = {[EPG_KEY] = told[i].key,
                                                  [EPG_TITLE] = told[i].title,
                                                  [EPG_HOUSE_NUMBER] = told[i].house_number != NULL
                                                                           ? told[i].house_number
                                                                           : told[i].title,
                                                  [EPG_GRADE] = "一年级",
                                                  [EPG_PERIOD] = told[i].period,
                                                  [EPG_TEACHER] = told[i].teacher}};
        assert_int_equal(publish_edition_add(edition, channel, &entry), 0);
    }
    return edition;
}

/* What must become of an entry. */
struct verdict {
    const char *title;
    enum epg_mark mark;
    const char *key;
    const char *before;
};

struct rule {
    const char *name;
    struct told last[3];
    struct told fresh[3];
    struct verdict verdicts[3];
};

enum { DAY_M = 1440 };

static const struct rule rules[] = {
    {"what stays at its time is known by it, though its period has another name",
     {{EPG_LESSON, "k1", "甲", 480, "第一节", NULL, 0, false, NULL},
      {EPG_LESSON, "k2", "甲", 600, "第二节", NULL, 0, false, NULL}},
     {{EPG_LESSON, "k3", "甲", 600, "第一节", NULL, 0, false, NULL}},
     {{"甲", EPG_REMOVED, "k1", ""}, {"甲", EPG_CHANGED, "k2", ""}}},
    {"of two that moved, each goes with its period",
     {{EPG_LESSON, "k1", "甲", 480, "第一节", NULL, 0, false, NULL},
      {EPG_LESSON, "k2", "甲", 540, "第二节", NULL, 0, false, NULL}},
     {{EPG_LESSON, "k2", "甲", 500, "第二节", NULL, 0, false, NULL}},
     {{"甲", EPG_CHANGED, "k2", "09:00"}}},
    {"what moves on its day keeps its key, and says when it was",
     {{EPG_LESSON, "k1", "甲", 480, "第一节", NULL, 0, false, NULL}},
     {{EPG_LESSON, "k2", "甲", 600, "第三节", NULL, 0, false, NULL}},
     {{"甲", EPG_CHANGED, "k1", "08:00"}}},
    {"what moves to another day is gone here and new there, and says when it was",
     {{EPG_LESSON, "k1", "甲", 480, "第一节", NULL, 0, false, NULL}},
     {{EPG_LESSON, "k2", "甲", DAY_M + 480, "第一节", NULL, 0, false, NULL}},
     {{"甲", EPG_REMOVED, "k1", ""}, {"甲", EPG_ADDED, "k2", "周一 08:00"}}},
    {"a lesson whose slot another takes gives way",
     {{EPG_LESSON, "k1", "甲", 480, "第一节", NULL, 0, false, NULL}},
     {{EPG_LESSON, "k2", "乙", 480, "第一节", NULL, 0, false, NULL}},
     {{"乙", EPG_CHANGED, "k1", "甲"}}},
    {"a repeat has no slot that another could take",
     {{EPG_REPEAT, "repeat 甲", "甲", 480, NULL, NULL, 0, false, NULL}},
     {{EPG_REPEAT, "repeat 乙", "乙", 480, NULL, NULL, 0, false, NULL}},
     {{"甲", EPG_REMOVED, "repeat 甲", ""}, {"乙", EPG_ADDED, "repeat 乙", ""}}},
    {"a repeat is known by its key, also on another day",
     {{EPG_REPEAT, "repeat 甲", "甲", 480, NULL, NULL, 0, false, NULL}},
     {{EPG_REPEAT, "repeat 甲", "甲", DAY_M + 480, NULL, NULL, 0, false, NULL}},
     {{"甲", EPG_CHANGED, "repeat 甲", "周一 08:00"}}},
    {"a break is no lesson that gives way",
     {{EPG_OTHER, "other", "课间", 480, NULL, NULL, 0, false, NULL}},
     {{EPG_LESSON, "lesson", "甲", 480, "第一节", NULL, 0, false, NULL}},
     {{"课间", EPG_REMOVED, "other", ""}, {"甲", EPG_ADDED, "lesson", ""}}},
    {"what is new never takes a key that was published",
     {{EPG_LESSON, "k1", "甲", 480, "第一节", NULL, 0, false, NULL}},
     {{EPG_LESSON, "k1", "乙", 480, "第一节", NULL, 0, false, NULL},
      {EPG_LESSON, "k2", "甲", 540, "第二节", NULL, 0, false, NULL}},
     {{"甲", EPG_CHANGED, "k1", "08:00"}, {"乙", EPG_ADDED, "k1 /2", ""}}},
    {"another teacher is told",
     {{EPG_LESSON, "k1", "甲", 480, "第一节", "示例教师01", 0, false, NULL}},
     {{EPG_LESSON, "k1", "甲", 480, "第一节", "示例教师02", 0, false, NULL}},
     {{"甲", EPG_CHANGED, "k1", "示例教师01"}}},
    {"another end is told",
     {{EPG_LESSON, "k1", "甲", 480, "第一节", NULL, 20, false, NULL}},
     {{EPG_LESSON, "k1", "甲", 480, "第一节", NULL, 40, false, NULL}},
     {{"甲", EPG_CHANGED, "k1", "至08:20"}}},
    {"the time in which nothing is planned is never marked",
     {{EPG_FILLER, "f1", "休息", 480, NULL, NULL, 0, false, NULL}},
     {{EPG_FILLER, "f2", "休息", 540, NULL, NULL, 0, false, NULL}},
     {{"休息", EPG_UNCHANGED, "f2", ""}}},
    {"what began before the week is marked there alone",
     {{EPG_LESSON, "k1", "甲", 0, NULL, NULL, 20, true, NULL}},
     {{EPG_LESSON, "k2", "乙", 0, NULL, NULL, 20, true, NULL}},
     {{"乙", EPG_UNCHANGED, "k2", ""}}},
};

/* A week file gave all lessons other numbers: nobody sees it. */
static void another_house_number_is_no_change(void **state)
{
    (void)state;
    static const struct told told[][3] = {
        {{EPG_LESSON, "k1", "甲", 480, "第一节", "示例教师01", 0, false, "KT-1"},
         {EPG_REPEAT, "repeat KT-1 1", "甲", 960, NULL, NULL, 0, false, "KT-1"},
         {EPG_REPEAT, "repeat KT-1 2", "甲", 1200, NULL, NULL, 0, false, "KT-1"}},
        {{EPG_LESSON, "k1", "甲", 480, "第一节", "示例教师01", 0, false, "W14-1"},
         {EPG_REPEAT, "repeat W14-1 1", "甲", 960, NULL, NULL, 0, false, "W14-1"},
         {EPG_REPEAT, "repeat W14-1 2", "甲", 1200, NULL, NULL, 0, false, "W14-1"}},
        {{EPG_LESSON, "k1", "甲", 600, "第一节", "示例教师01", 0, false, "W14-1"},
         {EPG_REPEAT, "repeat W14-1 1", "甲", 1200, NULL, NULL, 0, false, "W14-1"}},
    };
    bool is_different = false;
    struct edition *first = edition_told(told[0], 3);
    struct edition *second = edition_told(told[1], 3);
    assert_int_equal(publish_compare(second, first, zone, &is_different), 0);
    assert_true(is_different); /* headends get the numbers */
    assert_int_equal(publish_marked(second), 0);
    assert_int_equal(second->channels[0].count, 3);
    assert_string_equal(entry_with(second, "repeat KT-1 2")->texts[EPG_HOUSE_NUMBER], "W14-1");
    struct edition *again = edition_told(told[1], 3);
    assert_int_equal(publish_compare(again, second, zone, &is_different), 0);
    assert_false(is_different);
    struct edition *third = edition_told(told[2], 3);
    assert_int_equal(publish_compare(third, second, zone, &is_different), 0);
    assert_int_equal(publish_marked(third), 2); /* moved, cancelled: that is told as ever */
    assert_string_equal(entry_with(third, "k1")->texts[EPG_BEFORE], "08:00");
    assert_int_equal(entry_with(third, "repeat KT-1 1")->mark, EPG_REMOVED);
    assert_int_equal(entry_with(third, "repeat KT-1 2")->mark, EPG_UNCHANGED);
    publish_edition_destroy(third);
    publish_edition_destroy(again);
    publish_edition_destroy(second);
    publish_edition_destroy(first);
}

static void judge_rule(const struct rule *rule)
{
    bool is_different = false;
    size_t told = 0;
    struct edition *last = edition_told(rule->last, 3);
    struct edition *fresh = edition_told(rule->fresh, 3);
    assert_int_equal(publish_compare(fresh, last, zone, &is_different), 0);
    for (size_t i = 0; i < 3 && rule->verdicts[i].key != NULL; i++) {
        const struct verdict *verdict = &rule->verdicts[i];
        const struct epg_entry *entry = entry_with(fresh, verdict->key);
        if (entry == NULL || strcmp(entry->texts[EPG_TITLE], verdict->title) != 0 ||
            entry->mark != verdict->mark ||
            strcmp(entry->texts[EPG_BEFORE], verdict->before) != 0) {
            fail_msg("%s: '%s' is marked '%s', was '%s'", rule->name, verdict->key,
                     entry != NULL ? epg_mark_name(entry->mark) : "not there",
                     entry != NULL ? entry->texts[EPG_BEFORE] : "");
        }
        told += verdict->mark != EPG_UNCHANGED;
    }
    assert_int_equal(is_different, told > 0);
    publish_edition_destroy(fresh);
    publish_edition_destroy(last);
}

static void each_rule_says_which_entry_was_which(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        judge_rule(&rules[i]);
    }
}

static void what_comes_back_goes_on_with_its_number(void **state)
{
    (void)state;
    const struct day_of_lessons days[] = {{{1, 2}}, {{1}}, {{1, 2}}};
    struct edition *first = next_edition(&days[0], NULL);
    struct edition *second = next_edition(&days[1], first);
    struct edition *third = next_edition(&days[2], second);
    const char *key = entry_of(first, 2)->texts[EPG_KEY];
    assert_true(entry_with(second, key)->is_cancelled);
    assert_int_equal(entry_with(second, key)->mark, EPG_REMOVED);
    assert_int_equal(entry_of(third, 2)->mark, EPG_ADDED);
    assert_int_equal(entry_of(third, 2)->sequence, 2);
    assert_string_equal(entry_of(third, 2)->texts[EPG_KEY], key);
    publish_edition_destroy(third);
    publish_edition_destroy(second);
    publish_edition_destroy(first);
}

/* --- Any story ------------------------------------------------------------------------- */

/* Something is put in before a slot, taken out of it, put in its place, or changes places. */
static void change(struct day_of_lessons *day, struct dice *dice)
{
    const size_t slot = (size_t)dice_between(dice, 0, SLOTS - 1);
    const size_t other = (size_t)dice_between(dice, 0, SLOTS - 1);
    const int lesson = (int)dice_between(dice, 1, LESSONS);
    const bool is_there = slot_of(day, lesson) >= 0;
    const int here = day->lessons[slot];
    switch (dice_between(dice, 0, 3)) {
    case 0:
        if (!is_there) {
            memmove(&day->lessons[slot + 1], &day->lessons[slot],
                    (SLOTS - 1 - slot) * sizeof(day->lessons[0]));
            day->lessons[slot] = lesson;
        }
        break;
    case 1:
        day->lessons[slot] = 0;
        break;
    case 2:
        day->lessons[slot] = is_there ? here : lesson;
        break;
    default:
        day->lessons[slot] = day->lessons[other];
        day->lessons[other] = here;
        break;
    }
}

/* A lesson of both days is the same entry; one that is elsewhere now says when it was. */
static void judge_lessons(const struct edition *fresh, const struct day_of_lessons *day,
                          const struct edition *last, const struct day_of_lessons *before)
{
    for (int lesson = 1; lesson <= LESSONS; lesson++) {
        const int slot = slot_of(day, lesson);
        const int old_slot = slot_of(before, lesson);
        const struct epg_entry *entry = entry_of(fresh, lesson);
        char clock[16];
        assert_int_equal(entry != NULL, slot >= 0);
        if (slot < 0 || old_slot < 0) {
            continue;
        }
        clock_of((size_t)old_slot, clock);
        assert_string_equal(entry->texts[EPG_KEY], entry_of(last, lesson)->texts[EPG_KEY]);
        assert_int_equal(entry->mark, slot == old_slot ? EPG_UNCHANGED : EPG_CHANGED);
        assert_string_equal(entry->texts[EPG_BEFORE], slot == old_slot ? "" : clock);
    }
}

/* What was published once is there for ever, and each mark has a number of its own. */
static void judge_keys(const struct edition *fresh, const struct edition *last)
{
    for (size_t i = 0; i < last->channels[0].count; i++) {
        const struct epg_entry *old = &last->channels[0].entries[i];
        const struct epg_entry *entry = entry_with(fresh, old->texts[EPG_KEY]);
        assert_non_null(entry);
        assert_int_equal(entry->sequence, old->sequence + (entry->mark != EPG_UNCHANGED));
    }
}

static void what_is_still_there_goes_on_whatever_is_moved(void **state)
{
    (void)state;
    enum { STORIES = 300, EDITIONS = 6 };
    struct dice dice = dice_seeded();
    for (int story = 0; story < STORIES; story++) {
        struct day_of_lessons before = {{1, 2, 3, 4, 5, 6}};
        struct edition *last = next_edition(&before, NULL);
        for (int number = 2; number <= EDITIONS; number++) {
            struct day_of_lessons day = before;
            for (int64_t changes = dice_between(&dice, 1, 3); changes > 0; changes--) {
                change(&day, &dice);
            }
            struct edition *fresh = next_edition(&day, last);
            judge_lessons(fresh, &day, last, &before);
            judge_keys(fresh, last);
            struct edition *again = next_edition(&day, fresh);
            assert_int_equal(publish_marked(again), 0);
            publish_edition_destroy(again);
            publish_edition_destroy(last);
            last = fresh;
            before = day;
        }
        publish_edition_destroy(last);
    }
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
        cmocka_unit_test(a_lesson_put_first_moves_all_the_others),
        cmocka_unit_test(each_rule_says_which_entry_was_which),
        cmocka_unit_test(another_house_number_is_no_change),
        cmocka_unit_test(what_comes_back_goes_on_with_its_number),
        cmocka_unit_test(what_is_still_there_goes_on_whatever_is_moved),
    };
    return cmocka_run_group_tests_name("publish_compare", tests, open_zone, close_zone);
}
