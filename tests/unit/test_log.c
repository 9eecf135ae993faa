/* SPDX-License-Identifier: MIT */
#include "playout/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct page {
    char *text;
    size_t size;
    FILE *file;
    struct log *log;
};

static void open_page(struct page *page, int has_priority)
{
    *page = (struct page){0};
    page->file = open_memstream(&page->text, &page->size);
    page->log = log_create(page->file, has_priority);
    assert_non_null(page->log);
}

static void close_page(struct page *page)
{
    log_destroy(page->log);
    fclose(page->file);
}

static void equal_lines_are_counted_not_repeated(void **state)
{
    (void)state;
    struct page page;
    open_page(&page, 0);
    for (int i = 0; i < 100; i++) {
        log_write(page.log, LOG_LEVEL_WARNING, i, "event=late channel=%s", "linzi");
        log_write(page.log, LOG_LEVEL_WARNING, i, "event=late channel=%s", "gaoqing");
    }
    log_tidy(page.log, 59999);
    fflush(page.file);
    assert_string_equal(page.text, "warning event=late channel=linzi\n"
                                   "warning event=late channel=gaoqing\n");
    log_tidy(page.log, 60001);
    log_write(page.log, LOG_LEVEL_WARNING, 60002, "event=late channel=%s", "linzi");
    close_page(&page);
    assert_non_null(strstr(page.text, "channel=linzi repeats=99\n"));
    assert_string_equal(page.text + strlen(page.text) - 33, "warning event=late channel=linzi\n");
    free(page.text);
}

static void what_was_counted_is_told_at_the_end(void **state)
{
    (void)state;
    struct page page;
    open_page(&page, 0);
    log_write(page.log, LOG_LEVEL_ERROR, 0, "event=x");
    log_write(page.log, LOG_LEVEL_ERROR, 1, "event=x");
    close_page(&page);
    assert_string_equal(page.text, "error event=x\nerror event=x repeats=1\n");
    free(page.text);
}

static void a_line_is_one_line_and_carries_its_priority(void **state)
{
    (void)state;
    struct page page;
    open_page(&page, 1);
    log_write(page.log, LOG_LEVEL_INFO, 0, "event=x text=\"%s\"", "two\nlines");
    close_page(&page);
    assert_string_equal(page.text, "<6>info event=x text=\"two lines\"\n");
    free(page.text);
}

static void what_is_quoted_stays_within_its_quotation_marks(void **state)
{
    (void)state;
    struct page page;
    char much[2 * LOG_QUOTED_SIZE];
    open_page(&page, 0);
    log_write(page.log, LOG_LEVEL_INFO, 0, "event=x reason=\"%s\" author=\"%s\"",
              log_quote("a\" author=\"b\\").text, log_quote(NULL).text);
    log_write(page.log, LOG_LEVEL_INFO, 0, "event=y text=\"%s\"", "\033[31mred");
    close_page(&page);
    assert_non_null(strstr(page.text, "reason=\"a\\\" author=\\\"b\\\\\" author=\"\""));
    assert_null(strchr(page.text, '\033'));
    memset(much, '"', sizeof(much) - 1);
    much[sizeof(much) - 1] = '\0';
    const struct log_quoted quoted = log_quote(much);
    assert_true(strlen(quoted.text) % 2 == 0 && strlen(quoted.text) > LOG_QUOTED_SIZE - 4);
    free(page.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_lines_are_counted_not_repeated),
        cmocka_unit_test(what_was_counted_is_told_at_the_end),
        cmocka_unit_test(a_line_is_one_line_and_carries_its_priority),
        cmocka_unit_test(what_is_quoted_stays_within_its_quotation_marks),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
