/* SPDX-License-Identifier: MIT */
/* XMLTV, calendars and pages: their syntax, and any text that people write. */
#include "scheduler/publish/publish_grid.h"
#include "scheduler/publish/publish_ical.h"
#include "scheduler/publish/publish_list.h"
#include "scheduler/publish/publish_xmltv.h"

#include "tests/support/publish_case.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STRANGE "²喆 <b>\"x\"</b> & 'y'; a, b\\c\n🎓 שלום]]>-->"

/* The same in the escapes of a YAML text. */
#define STRANGE_YAML "\"²喆 <b>\\\"x\\\"</b> & 'y'; a, b\\\\c\\n🎓 שלום]]>-->\""

#define TIMETABLE(title)                                                                              \
    "format: 1\nchannel: zhangdian\n"                                                                 \
    "lessons:\n"                                                                                      \
    "  - {house_number: A, grade: 一年级, subject: 语文, title: " title                               \
    ", teacher: 示例教师01, signed: repeat, subtitles: true}\n"                                   \
    "  - {house_number: B, grade: 二年级, subject: 数学, title: 乙, live: studio, media: 20}\n" \
    "  - {house_number: C, grade: 全体, subject: 班会, title: 丙}\n"                             \
    "periods:\n  - {name: 第一节, start: 08:00, end: 08:40}\n"                                     \
    "  - {name: 第二节, start: 09:00, end: 09:40}\n"                                               \
    "  - {name: 第三节, start: 10:00, end: 10:40}\n"                                               \
    "days: [周一, 周二]\n"                                                                        \
    "grid:\n  第一节: [A, A]\n  第二节: [B, ~]\n  第三节: [C, ~]\n"                          \
    "repeats: {of: 当日, from: 18:00, until: 20:00, pitch: 40}\n"                                   \
    "fillers: [{house_number: F, title: 课间休息}]\n"

static const struct publish_case strange = {.timetable = TIMETABLE(STRANGE_YAML),
                                            .week = "2026-11-23"};

typedef int writer(const struct edition *edition, const struct publish_choice *choice,
                   const struct zone *zone, FILE *out);

static int list(const struct edition *edition, const struct publish_choice *choice,
                const struct zone *zone, FILE *out)
{
    (void)choice;
    return publish_list(edition, &edition->channels[0], zone, out);
}

/* The document; the caller frees it. */
static char *write(writer *write_it, const struct edition *edition, const char *grade)
{
    struct zone *zone = publish_case_zone(&strange);
    const struct publish_choice choice = {.grade = grade};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(write_it(edition, &choice, zone, out), 0);
    fclose(out);
    zone_close(zone);
    return text;
}

static int count(const char *text, const char *piece)
{
    int times = 0;
    for (const char *at = text; (at = strstr(at, piece)) != NULL; at += strlen(piece)) {
        times++;
    }
    return times;
}

/* --- XMLTV ------------------------------------------------------------------------------ */

static xmlDocPtr read_xmltv(const struct edition *edition)
{
    char *text = write(publish_xmltv, edition, NULL);
    xmlDocPtr document = xmlReadMemory(text, (int)strlen(text), "epg.xml", NULL, XML_PARSE_NONET);
    assert_non_null(document);
    free(text);
    return document;
}

/* The text that an XPath expression gives; the caller frees it. */
static xmlChar *ask(xmlDocPtr document, const char *expression)
{
    xmlXPathContextPtr context = xmlXPathNewContext(document);
    xmlXPathObjectPtr found = xmlXPathEval((const xmlChar *)expression, context);
    assert_non_null(found);
    xmlChar *text = xmlXPathCastToString(found);
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    return text;
}

static void xmltv_says_of_a_programme_what_it_is(void **state)
{
    (void)state;
#define FIRST  "//programme[@start='20261123080000 +0800']/"
#define REPEAT "//programme[@start='20261123180000 +0800']/"
#define LIVE   "//programme[@start='20261123090000 +0800']/"
    static const struct {
        const char *expression;
        const char *expected;
    } cases[] = {
        {"string(/tv/channel/@id)", "zhangdian.ketang"},
        {"string(/tv/channel/display-name)", "张店电视课堂"},
        {"string(" FIRST "title)", "一年级 语文 " STRANGE},
        {"string(" FIRST "@stop)", "20261123084000 +0800"},
        {"string(" FIRST "@channel)", "zhangdian.ketang"},
        {"string(" FIRST "credits/presenter)", "示例教师01"},
        {"string(" FIRST "category)", "教育"},
        {"string(" FIRST "premiere)", "首播"},
        {"count(" FIRST "previously-shown)", "0"},
        {"string(" FIRST "subtitles/@type)", "onscreen"},
        {"count(" FIRST "keyword[.='重播带手语'])", "1"},
        {"contains(" FIRST "desc, '重播带手语')", "true"},
        {"string(" REPEAT "previously-shown/@start)", "20261123080000 +0800"},
        {"count(" REPEAT "premiere)", "0"},
        {"count(" REPEAT "subtitles[@type='deaf-signed'])", "1"},
        {"string(" LIVE "premiere)", "首播（直播）"},
        {"count(" LIVE "keyword[.='直播'])", "1"},
        {"count(//programme[title='课间休息']/keyword[.='垫播']) > 0", "true"},
    };
    struct edition *edition = publish_case_edition(&strange);
    xmlDocPtr document = read_xmltv(edition);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        xmlChar *found = ask(document, cases[i].expression);
        if (strcmp((const char *)found, cases[i].expected) != 0) {
            fail_msg("%s is '%s'", cases[i].expression, (const char *)found);
        }
        xmlFree(found);
    }
    xmlFreeDoc(document);
    publish_edition_destroy(edition);
}

static void what_was_taken_out_is_not_in_xmltv(void **state)
{
    (void)state;
    struct edition *edition = publish_case_edition(&strange);
    xmlDocPtr document = read_xmltv(edition);
    xmlChar *all = ask(document, "count(//programme)");
    edition->channels[0].entries[3].is_cancelled = true;
    xmlDocPtr less = read_xmltv(edition);
    xmlChar *fewer = ask(less, "count(//programme)");
    assert_int_equal(atoi((const char *)fewer), atoi((const char *)all) - 1);
    xmlFree(all);
    xmlFree(fewer);
    xmlFreeDoc(less);
    xmlFreeDoc(document);
    publish_edition_destroy(edition);
}

static void what_the_dtd_demands_is_there_without_a_title(void **state)
{
    (void)state;
    struct edition *edition = publish_case_edition(&strange);
    edition->channels[0].title = "";
    edition->channels[0].entries[0].texts[EPG_TITLE] = "";
    xmlDocPtr document = read_xmltv(edition);
    xmlChar *without = ask(document, "count(//channel[not(display-name)]|//programme[not(title)])");
    assert_string_equal(without, "0");
    xmlFree(without);
    xmlFreeDoc(document);
    publish_edition_destroy(edition);
}

/* --- Calendars ---------------------------------------------------------------------------- */

/* Checks the lines and puts together what was folded; the caller frees it. */
static char *unfold(const char *calendar)
{
    char *out = malloc(strlen(calendar) + 1);
    char *to = out;
    for (const char *at = calendar; *at != '\0';) {
        const char *end = strstr(at, "\r\n");
        assert_non_null(end);
        assert_true(end - at <= 75);
        assert_null(memchr(at, '\n', (size_t)(end - at)));
        /* No line begins in the middle of a character. */
        assert_true(((unsigned char)at[*at == ' ' ? 1 : 0] & 0xc0) != 0x80);
        if (*at == ' ') {
            to--; /* over the line feed of the line before */
            at++;
        }
        memcpy(to, at, (size_t)(end - at));
        to += end - at;
        *to++ = '\n';
        at = end + 2;
    }
    *to = '\0';
    return out;
}

static void a_calendar_is_folded_and_escaped(void **state)
{
    (void)state;
    struct edition *edition = publish_case_edition(&strange);
    char *text = write(publish_ical, edition, "一年级");
    char *lines = unfold(text);
    assert_non_null(strstr(lines, "\nSUMMARY:语文 ²喆 <b>\"x\"</b> & 'y'\\; a\\, "
                                  "b\\\\c\\n🎓 שלום]]>-->\n"));
    assert_int_equal(count(lines, "BEGIN:VEVENT\n"), count(lines, "END:VEVENT\n"));
    free(text);
    free(lines);
    publish_edition_destroy(edition);
}

static void a_lesson_of_which_nothing_is_said_leaves_no_empty_line(void **state)
{
    (void)state;
    struct edition *edition = publish_case_edition(&strange);
    for (size_t i = 0; i < edition->channels[0].count; i++) {
        struct epg_entry *entry = &edition->channels[0].entries[i];
        entry->texts[EPG_TITLE] = entry->texts[EPG_ABOUT] = "";
        entry->has_subtitles = entry->is_signed = false;
    }
    char *text = write(publish_ical, edition, "二年级");
    assert_int_equal(count(text, "\r\n\r\n"), 0);
    free(text);
    publish_edition_destroy(edition);
}

static void a_calendar_has_the_lessons_of_its_grade_and_of_everyone(void **state)
{
    (void)state;
    struct edition *edition = publish_case_edition(&strange);
    char *text = write(publish_ical, edition, "一年级");
    char *lines = unfold(text);
    assert_int_equal(count(lines, "\nSUMMARY:语文"), 2);
    assert_int_equal(count(lines, "\nSUMMARY:【重播】语文"), 2);
    assert_int_equal(count(lines, "\nSUMMARY:班会"), 1);
    assert_int_equal(count(lines, "数学"), 0);
    assert_int_equal(count(lines, "课间休息"), 0);
    assert_non_null(strstr(lines, "\nDTSTART:20261123T000000Z\nDTEND:20261123T004000Z\n"));
    assert_non_null(strstr(lines, "\nLOCATION:张店电视课堂\n"));
    free(text);
    free(lines);
    publish_edition_destroy(edition);
}

/* The line of that name in the event whose summary begins so; "" when there is none. */
static void line_of(const char *lines, const char *summary, const char *name, char value[200])
{
    value[0] = '\0';
    const char *at = strstr(lines, summary);
    assert_non_null(at);
    while (strncmp(at, "BEGIN:VEVENT", 12) != 0) {
        at--;
    }
    const char *end = strstr(at, "END:VEVENT");
    const char *found = strstr(at, name);
    if (found != NULL && found < end) {
        snprintf(value, 200, "%.*s", (int)strcspn(found + strlen(name), "\n"),
                 found + strlen(name));
    }
}

static void a_uid_outlasts_all_changes_and_its_sequence_counts_them(void **state)
{
    (void)state;
    char first[200];
    char later[200];
    char value[200];
    struct edition *edition = publish_case_edition(&strange);
    char *text = write(publish_ical, edition, "二年级");
    char *lines = unfold(text);
    line_of(lines, "SUMMARY:【直播】数学 乙", "\nUID:", first);
    line_of(lines, "SUMMARY:【直播】数学 乙", "\nSEQUENCE:", value);
    assert_string_equal(value, "0");
    free(text);
    free(lines);
    struct edition_channel *channel = &edition->channels[0];
    for (size_t i = 0; i < channel->count; i++) {
        struct epg_entry *entry = &channel->entries[i];
        if (entry->is_live) {
            entry->start += 3600;
            entry->sequence = 2;
            entry->is_cancelled = true;
            entry->texts[EPG_LESSON_TITLE] = "丁";
        }
    }
    text = write(publish_ical, edition, "二年级");
    lines = unfold(text);
    line_of(lines, "SUMMARY:【直播】数学 丁", "\nUID:", later);
    assert_string_equal(later, first);
    line_of(lines, "SUMMARY:【直播】数学 丁", "\nSEQUENCE:", value);
    assert_string_equal(value, "2");
    line_of(lines, "SUMMARY:【直播】数学 丁", "\nSTATUS:", value);
    assert_string_equal(value, "CANCELLED");
    free(text);
    free(lines);
    publish_edition_destroy(edition);
}

static void a_holiday_lasts_its_whole_day(void **state)
{
    (void)state;
    const struct publish_case holiday = {
        .timetable = "format: 1\nchannel: zhangdian\ncalendar: sample\n"
                     "lessons: [{house_number: A, grade: 一年级, title: 甲}]\n"
                     "periods: [{name: 一, start: 08:00, end: 08:40}]\n"
                     "days: [周一]\ngrid: {一: [A]}\n",
        .calendar = "format: 1\ndates: [{date: 2026-11-24, holiday: \"校庆; 放\"}]\n",
        .week = "2026-11-23"};
    struct edition *edition = publish_case_edition(&holiday);
    char *text = write(publish_ical, edition, "一年级");
    char *lines = unfold(text);
    assert_non_null(strstr(lines, "\nDTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261125\n"
                                  "SUMMARY:校庆\\; 放 放假\n"));
    free(text);
    free(lines);
    publish_edition_destroy(edition);
}

/* --- Pages ---------------------------------------------------------------------------------- */

static void pages_escape_all_text_and_fetch_nothing(void **state)
{
    (void)state;
    static writer *const writers[] = {publish_grid, list};
    struct edition *edition = publish_case_edition(&strange);
    for (size_t i = 0; i < 2; i++) {
        char *text = write(writers[i], edition, "一年级");
        assert_non_null(strstr(text, "²喆 &lt;b&gt;&quot;x&quot;&lt;/b&gt; &amp; &#39;y&#39;; a, "
                                     "b\\c\n🎓 שלום]]&gt;--&gt;</bdi>"));
        assert_null(strstr(text, "<b>\"x\""));
        assert_null(strstr(text, "http"));
        assert_null(strstr(text, "url("));
        assert_null(strstr(text, "<script"));
        free(text);
    }
    publish_edition_destroy(edition);
}

static void a_grid_shows_its_grade_alone(void **state)
{
    (void)state;
    struct edition *edition = publish_case_edition(&strange);
    char *text = write(publish_grid, edition, "二年级");
    assert_non_null(strstr(text, "乙"));
    assert_non_null(strstr(text, "丙"));
    assert_non_null(strstr(text, "（全体）"));
    assert_null(strstr(text, "²喆"));
    assert_non_null(strstr(text, "<b>周五</b><span>11月27日</span>"));
    assert_null(strstr(text, "周六")); /* nothing is on */
    assert_non_null(strstr(text, "<span>09:00–09:40</span>"));
    assert_non_null(strstr(text, "重播 18:40"));
    assert_null(strstr(text, "变更说明")); /* of a first edition */
    free(text);
    publish_edition_destroy(edition);
}

static void a_page_marks_what_its_edition_changed(void **state)
{
    (void)state;
    struct edition *edition = publish_case_edition(&strange);
    struct edition_channel *channel = &edition->channels[0];
    edition->number = 2;
    for (size_t i = 0; i < channel->count; i++) {
        struct epg_entry *entry = &channel->entries[i];
        if (entry->kind == EPG_LESSON && entry->is_live) {
            entry->mark = EPG_CHANGED;
            entry->texts[EPG_BEFORE] = "<数学> 旧";
            entry->texts[EPG_REASON] = "换课";
        } else if (entry->kind == EPG_LESSON && strcmp(entry->texts[EPG_GRADE], "全体") == 0) {
            entry->mark = EPG_REMOVED;
            entry->is_cancelled = true;
        } else if (entry->kind == EPG_REPEAT) {
            entry->mark = EPG_CHANGED;
        }
    }
    char *text = write(publish_grid, edition, "二年级");
    assert_non_null(strstr(text, "<span class=\"mark\">改</span>"));
    assert_non_null(strstr(text, "原为：<bdi>&lt;数学&gt; 旧</bdi>"));
    assert_non_null(strstr(text, "<span class=\"mark\">取消</span>"));
    assert_non_null(strstr(text, "变更说明（与第1版相比）"));
    assert_non_null(strstr(text, "原因：<bdi>换课</bdi>"));
    assert_non_null(strstr(text, "另有 2 次重播随之变更"));
    free(text);
    text = write(publish_grid, edition, "三年级"); /* only what is of everyone */
    assert_null(strstr(text, "换课"));
    free(text);
    publish_edition_destroy(edition);
}

static void a_list_has_all_programmes_of_its_channel_by_time(void **state)
{
    (void)state;
    struct edition *edition = publish_case_edition(&strange);
    const struct edition_channel *channel = &edition->channels[0];
    char *text = write(list, edition, NULL);
    const char *at = text;
    assert_int_equal(count(text, "<li class="), channel->count);
    for (size_t i = 0; i < channel->count; i++) {
        struct zone *zone = publish_case_zone(&strange);
        char clock[HTML_CLOCK_SIZE];
        char item[64];
        snprintf(item, sizeof(item), "<time>%s</time>",
                 html_clock(zone, channel->entries[i].start, clock, NULL));
        zone_close(zone);
        at = strstr(at, item);
        assert_non_null(at);
        at++;
    }
    free(text);
    publish_edition_destroy(edition);
}

static int finish(void **state)
{
    (void)state;
    publish_case_finish();
    xmlCleanupParser();
    return 0;
}

/* --- The beginning of a week ---------------------------------------------------------- */

static void what_began_before_the_week_is_in_lists_and_guides_alone(void **state)
{
    (void)state;
    static const char text[] =
        "format: 1\nchannel: zhangdian\nlessons: [{house_number: A, grade: 一年级, title: 甲}]\n"
        "periods: [{name: 夜课, start: 23:30, end: 24:30}]\n"
        "days: [周日]\ngrid: {夜课: [A]}\n";
    const struct publish_case night = {.timetable = text, .week = "2026-11-23"};
    struct edition *edition = publish_case_edition(&night);
    char *page = write(list, edition, NULL);

    assert_int_equal(count(page, "<time>00:00</time>"), 1);
    assert_int_equal(count(page, "（接前一日）"), 1);
    free(page);
    xmlDocPtr document = read_xmltv(edition);
    xmlChar *stop = ask(document, "string(//programme[@start='20261123000000 +0800']/@stop)");
    assert_string_equal((const char *)stop, "20261123003000 +0800");
    xmlFree(stop);
    xmlFreeDoc(document);
    char *calendar = write(publish_ical, edition, NULL);
    assert_int_equal(count(calendar, "BEGIN:VEVENT"), 1); /* that of the week's own Sunday */
    free(calendar);
    char *grid = write(publish_grid, edition, "一年级");
    assert_int_equal(count(grid, "甲"), 1);
    free(grid);
    publish_edition_destroy(edition);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xmltv_says_of_a_programme_what_it_is),
        cmocka_unit_test(what_was_taken_out_is_not_in_xmltv),
        cmocka_unit_test(what_the_dtd_demands_is_there_without_a_title),
        cmocka_unit_test(a_calendar_is_folded_and_escaped),
        cmocka_unit_test(a_lesson_of_which_nothing_is_said_leaves_no_empty_line),
        cmocka_unit_test(a_calendar_has_the_lessons_of_its_grade_and_of_everyone),
        cmocka_unit_test(a_uid_outlasts_all_changes_and_its_sequence_counts_them),
        cmocka_unit_test(a_holiday_lasts_its_whole_day),
        cmocka_unit_test(pages_escape_all_text_and_fetch_nothing),
        cmocka_unit_test(a_grid_shows_its_grade_alone),
        cmocka_unit_test(a_page_marks_what_its_edition_changed),
        cmocka_unit_test(a_list_has_all_programmes_of_its_channel_by_time),
        cmocka_unit_test(what_began_before_the_week_is_in_lists_and_guides_alone),
    };
    return cmocka_run_group_tests_name("publish_documents", tests, NULL, finish);
}
