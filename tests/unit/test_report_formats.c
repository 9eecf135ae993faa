/* SPDX-License-Identifier: MIT */
/* Reports in their formats: read again by other readers, and hostile texts in them. */
#include "scheduler/report/report_formats.h"

#include "playout/station.h"
#include "scheduler/report/report_export.h"
#include "tests/support/must.h"
#include "tests/support/report_world.h"

#include <errno.h>
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include <cmocka.h>

/* 2026-11-24 08:00:00.04 in China. */
#define MORNING (INT64_C(1795478400) * FRAMES_PER_SECOND + 1)
enum { DAY = 20781 };

static const char *const hostile[] = {
    "=HYPERLINK(\"http://example.invalid\")",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "a \"quoted\" text, with a comma",
    "two\r\nlines",
    "<script>alert('x')</script>&amp;",
    "]]> <!-- ",
    "\x1b[2J\x07",
    "\xc2\x9b[2J",
    "喆²㎡·—\xef\xbf\xbf",
    "  =1",
    "＝1+1",
    "－1",
};

enum { HOSTILE = sizeof(hostile) / sizeof(hostile[0]) };

struct desk {
    struct zone *zone;
    struct report_document document;
    char *text; /* what was written last */
    size_t size;
};

static void fill(struct report_document *document, const struct zone *zone)
{
    report_document_init(document, zone, DAY);
    document_title(document, "%s", hostile[0]);
    document_verdict(document, false, "%s", hostile[7]);
    document_line(document, "%s", hostile[5]);
    document_table(document, TABLE_SUMMARY, "numbers");
    document_column(document, "number", 10);
    document_column(document, "seconds", 12);
    document_column(document, "time", 24);
    document_integer(document, -12);
    document_seconds(document, 3.04);
    document_time(document, MORNING);
    document_table(document, TABLE_DETAILS, "texts");
    document_column(document, "text", 30);
    for (size_t i = 0; i < HOSTILE; i++) {
        document_text(document, "%s", hostile[i]);
    }
    document_bar(document, hostile[7], MORNING - 1, MORNING + 1000);
    document_bar_part(document, BAR_PLANNED, MORNING, MORNING + 10);
    document_bar_part(document, BAR_PLANNED, MORNING + 10, MORNING + 20);
    document_bar_part(document, BAR_FAULT, MORNING + 20, MORNING + 21);
    document_note(document, "%s", hostile[8]);
    assert_int_equal(report_document_error(document), 0);
}

static int set_up(void **state)
{
    struct desk *desk = calloc(1, sizeof(*desk));
    MUST(desk != NULL && zone_open("Asia/Shanghai", &desk->zone) == 0);
    fill(&desk->document, desk->zone);
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;
    report_document_finish(&desk->document);
    zone_close(desk->zone);
    free(desk->text);
    free(desk);
    return 0;
}

static void write_with(struct desk *desk,
                       void (*write)(FILE *out, const struct report_document *document))
{
    free(desk->text);
    FILE *out = open_memstream(&desk->text, &desk->size);
    MUST(out != NULL);
    write(out, &desk->document);
    MUST(fclose(out) == 0);
}

/* Reads one field of RFC 4180 and returns what follows it. */
static const char *read_field(const char *at, char field[256])
{
    size_t length = 0;
    const bool is_quoted = *at == '"';
    at += is_quoted;
    for (;; at++) {
        if (is_quoted && at[0] == '"' && at[1] == '"') {
            at++;
        } else if (is_quoted ? *at == '"' : strchr(",\r", *at) != NULL) {
            break;
        }
        assert_true(*at != '\0' && length < 255);
        field[length++] = *at;
    }
    field[length] = '\0';
    return at + is_quoted;
}

static void assert_is_no_formula(const char *field)
{
    const char *text = field + strspn(field, " \t\r\n");
    assert_true(*text == '\0' || strchr("=+@", *text) == NULL);
    assert_true(*text != '-' || strcmp(field, "-12") == 0); /* our own number */
    assert_true(strncmp(text, "＝", 3) != 0 && strncmp(text, "－", 3) != 0);
}

static void assert_has_no_controls(const struct desk *desk)
{
    for (size_t i = 0; i < desk->size; i++) {
        const unsigned char byte = (unsigned char)desk->text[i];
        assert_true(byte >= 0x20 || byte == '\r' || byte == '\n');
    }
    assert_null(strstr(desk->text, "\xc2\x9b"));
}

static void csv_has_equal_records_and_calculates_nothing(void **state)
{
    struct desk *desk = *state;
    char field[256];
    write_with(desk, report_write_csv);
    assert_memory_equal(desk->text, "\xef\xbb\xbf", 3);
    const char *at = desk->text + 3;
    int records = 0;
    int texts = 0;
    while (*at != '\0') {
        int fields = 0;
        do {
            at = read_field(at + (fields > 0), field);
            assert_is_no_formula(field);
            texts += strcmp(field, "a \"quoted\" text, with a comma") == 0;
            fields++;
        } while (*at == ',');
        assert_int_equal(fields, 3);
        assert_memory_equal(at, "\r\n", 2);
        at += 2;
        records++;
    }
    assert_int_equal(texts, 2);
    assert_int_equal(records, 3 + 4 + 3 + (int)HOSTILE + 2);
    assert_non_null(strstr(desk->text, "-12,3.04,2026-11-24 08:00:00.04\r\n"));
}

static void no_control_character_gets_through(void **state)
{
    struct desk *desk = *state;
    write_with(desk, report_write_csv);
    assert_has_no_controls(desk);
}

static int count_elements(const xmlNode *node, const char *name)
{
    int count = 0;
    for (; node != NULL; node = node->next) {
        count += node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
        count += count_elements(node->children, name);
    }
    return count;
}

static void the_page_is_escaped_and_needs_nothing_from_elsewhere(void **state)
{
    struct desk *desk = *state;
    write_with(desk, report_write_html);
    htmlDocPtr page = htmlReadMemory(desk->text, (int)desk->size, NULL, "utf-8",
                                     HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
    assert_non_null(page);
    const xmlNode *root = xmlDocGetRootElement(page);
    assert_int_equal(count_elements(root, "script"), 0);
    assert_int_equal(count_elements(root, "table"), 2);
    assert_int_equal(count_elements(root, "svg"), 1);
    assert_int_equal(count_elements(root, "rect"), 3); /* the frame, and two parts of one bar */
    assert_int_equal(count_elements(root, "link") + count_elements(root, "img"), 0);
    xmlFreeDoc(page);
    assert_null(strstr(desk->text, "<script"));
    assert_null(strstr(desk->text, "url("));
    assert_non_null(strstr(desk->text, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;"));
}

/* A file of the workbook; the caller frees it. */
static char *unpack(zip_t *book, const char *name)
{
    zip_stat_t status;
    MUST(zip_stat(book, name, 0, &status) == 0);
    char *bytes = calloc(1, status.size + 1);
    zip_file_t *file = zip_fopen(book, name, 0);
    MUST(bytes != NULL && file != NULL);
    MUST(zip_fread(file, bytes, status.size) == (zip_int64_t)status.size);
    zip_fclose(file);
    return bytes;
}

static void check_contains(zip_t *book, const char *name, const char *const *texts)
{
    char *bytes = unpack(book, name);
    for (; *texts != NULL; texts++) {
        if (strstr(bytes, *texts) == NULL) {
            fail_msg("%s has no %s:\n%s", name, *texts, bytes);
        }
    }
    free(bytes);
}

static void the_workbook_has_real_numbers_dates_and_frozen_heads(void **state)
{
    static const char *const summary[] = {"<v>-12</v>", "<v>3.04", "<v>46350.333333796",
                                          "state=\"frozen\"", NULL};
    static const char *const details[] = {"ySplit=\"1\"", "state=\"frozen\"", "customWidth=\"1\"",
                                          "<autoFilter ref=\"A1:A16\"/>", NULL};
    static const char *const texts[] = {"<t>=HYPERLINK(", "+1", NULL};
    static const char *const core[] = {"2026-11-24T00:00:00Z</dcterms:created>", NULL};
    struct desk *desk = *state;
    char path[] = "/tmp/ketang-report-XXXXXX";
    const int fd = mkstemp(path);
    MUST(fd >= 0 && close(fd) == 0);
    assert_int_equal(report_write_xlsx(path, &desk->document), 0);
    zip_t *book = zip_open(path, ZIP_RDONLY, NULL);
    assert_non_null(book);
    check_contains(book, "xl/worksheets/sheet1.xml", summary);
    check_contains(book, "xl/worksheets/sheet2.xml", details);
    check_contains(book, "xl/sharedStrings.xml", texts);
    check_contains(book, "docProps/core.xml", core);
    char *sheet = unpack(book, "xl/worksheets/sheet2.xml");
    assert_null(strstr(sheet, "<f>"));
    free(sheet);
    zip_close(book);
    unlink(path);
    assert_int_equal(report_write_xlsx("/nowhere/report.xlsx", &desk->document), -ENOENT);
}

/* --- The export -------------------------------------------------------------------- */

/* Lines whose texts are hostile, exported. */
static void export_hostile(struct desk *desk,
                           void (*write)(FILE *out, const struct as_run_export *export))
{
    struct report_world *world = report_world_create();
    for (size_t i = 0; i < HOSTILE; i++) {
        const struct report_item item = {.seq = (int64_t)i + 1,
                                         .start = (int64_t)i * 100,
                                         .end = (int64_t)i * 100 + 100,
                                         .house_number = hostile[i],
                                         .reason = hostile[HOSTILE - 1 - i]};
        struct as_run_record *record = report_world_air(world, &item);
        MUST(frame_spans_add(&record->interrupted, record->start + 10, record->start + 30) == 0);
        MUST(frame_spans_add(&record->muted, record->start + 20, record->start + 50) == 0);
        assert_int_equal(as_run_sent_frames(record), 60);
    }
    report_world_interrupt(world, REPORT_DAY, REPORT_DAY + 5);
    const struct report_day day = report_day_at(desk->zone, REPORT_DAY);
    const struct as_run_lines lines = {world->lines, world->line_count, 0};
    const struct as_run_export export = {"zhangdian", "Asia/Shanghai", desk->zone,
                                         &day,        &lines,          NULL};
    free(desk->text);
    FILE *out = open_memstream(&desk->text, &desk->size);
    MUST(out != NULL);
    write(out, &export);
    MUST(fclose(out) == 0);
    report_world_destroy(world);
}

static void the_export_is_sound_xml_whatever_the_titles(void **state)
{
    struct desk *desk = *state;
    export_hostile(desk, as_run_export_xml);
    xmlDocPtr document = xmlReadMemory(desk->text, (int)desk->size, NULL, NULL,
                                       XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET);
    assert_non_null(document);
    const xmlNode *root = xmlDocGetRootElement(document);
    assert_int_equal(count_elements(root, "event"), HOSTILE);
    assert_int_equal(count_elements(root, "off_air"), HOSTILE);
    assert_int_equal(count_elements(root, "interruption"), 1);
    assert_int_equal(count_elements(root, "script"), 0);
    xmlFreeDoc(document);
}

static void the_export_calculates_nothing_and_is_free_of_controls(void **state)
{
    enum { FIELDS = 16 };
    struct desk *desk = *state;
    char field[256];
    int records = 0;
    export_hostile(desk, as_run_export_csv);
    assert_has_no_controls(desk);
    for (const char *at = desk->text + 3; *at != '\0'; at += 2) {
        int fields = 0;
        do {
            at = read_field(at + (fields > 0), field);
            assert_is_no_formula(field);
            fields++;
        } while (*at == ',');
        assert_int_equal(fields, FIELDS);
        assert_memory_equal(at, "\r\n", 2);
        records++;
    }
    assert_int_equal(records, 1 + HOSTILE + 1);
}

/* A lesson of 100 frames whose media was damaged after 40, with 10 of the rest off the air. */
static void what_stood_in_for_a_lesson_is_not_booked_as_the_lesson(void **state)
{
    struct desk *desk = *state;
    struct report_world *world = report_world_create();
    struct library *library = library_create();
    char number[] = "FILL-01";
    char profile[] = "sd";
    struct library_asset asset = {.house_number = number, .profile = profile, .duration = 1};
    memcpy(asset.sha256, REPORT_FILLER, sizeof(asset.sha256));
    MUST(library != NULL && library_add(library, &asset) == 0);
    const struct report_item item = {.seq = 1, .start = 0, .end = 100, .house_number = "KT-05"};
    struct as_run_record *record = report_world_air(world, &item);
    assert_int_equal(as_run_other_frames(record), 0);
    report_world_replace_rest(record, record->start + 40, REPORT_FILLER);
    MUST(frame_spans_add(&record->interrupted, record->start + 90, record->end) == 0);
    assert_int_equal(as_run_sent_frames(record), 90);
    assert_int_equal(as_run_other_frames(record), 50);
    const struct report_day day = report_day_at(desk->zone, REPORT_DAY);
    const struct as_run_lines lines = {world->lines, world->line_count, 0};
    const struct as_run_export export = {"zhangdian", "Asia/Shanghai", desk->zone,
                                         &day,        &lines,          library};
    free(desk->text);
    FILE *out = open_memstream(&desk->text, &desk->size);
    MUST(out != NULL);
    as_run_export_csv(out, &export);
    as_run_export_xml(out, &export);
    MUST(fclose(out) == 0);
    assert_non_null(strstr(desk->text, ",50,FILL-01\r\n"));
    assert_non_null(strstr(desk->text, " frames=\"90\" other_frames=\"50\""));
    assert_non_null(strstr(desk->text, "asset=\"" REPORT_FILLER "\" house_number=\"FILL-01\""));
    library_destroy(library);
    report_world_destroy(world);
}

static void times_are_iso_8601_in_every_zone(void **state)
{
    struct zone *zone = NULL;
    char text[ISO_TIME_SIZE];
    (void)state;
    assert_int_equal(zone_open("America/St_Johns", &zone), 0);
    assert_string_equal(iso_time(zone, MORNING, text), "2026-11-23T20:30:00.040-03:30");
    zone_close(zone);
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_DESK(what_stood_in_for_a_lesson_is_not_booked_as_the_lesson),
        AT_DESK(csv_has_equal_records_and_calculates_nothing),
        AT_DESK(no_control_character_gets_through),
        AT_DESK(the_page_is_escaped_and_needs_nothing_from_elsewhere),
        AT_DESK(the_workbook_has_real_numbers_dates_and_frozen_heads),
        AT_DESK(the_export_is_sound_xml_whatever_the_titles),
        AT_DESK(the_export_calculates_nothing_and_is_free_of_controls),
        cmocka_unit_test(times_are_iso_8601_in_every_zone),
    };
    return cmocka_run_group_tests_name("report_formats", tests, NULL, NULL);
}
