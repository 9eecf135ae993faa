/* SPDX-License-Identifier: MIT */
#include "playout/plan.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define START  44155845000

static char folder[] = "/tmp/test_plan.XXXXXX";

static char *read_whole(const char *path, size_t *size)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *bytes = calloc(1, 4 << 20);
    assert_non_null(bytes);
    *size = fread(bytes, 1, (4 << 20) - 1, file);
    fclose(file);
    return bytes;
}

/* Texts that a careless writer would break. */
static const char *const texts[] = {
    NULL,
    "语文 春夏秋冬",
    "a: b",
    "# no comment",
    "\"quoted\" \\ back",
    "null",
    "true",
    "~",
    " leading",
    "trailing ",
    "line\nbreak\ttab",
    "\x01\x7f",
    "U+0085 \xc2\x85 U+2028 \xe2\x80\xa8 BOM \xef\xbb\xbf",
    "zhangdian.yaml:42",
    "",
    "- x",
    "[a, b]",
    "{a}",
    "*alias",
    "&anchor !tag",
    "2026",
    "🏫 school",
    "数学 a²+b²=c²",
    "?",
    "a #b",
    "a:",
    "open",
};

enum { TEXT_COUNT = sizeof(texts) / sizeof(texts[0]) };

static struct plan *make_plan(size_t events)
{
    struct plan *plan = plan_create();
    assert_non_null(plan);
    plan->channel = strdup("zhangdian");
    plan->revision = 12;
    plan->effective = START - 100;
    plan->next_seq = (int64_t)events + 1;
    plan->fillers = calloc(2, SHA256_HEX_SIZE);
    strcpy(plan->fillers[0], HASH_B);
    strcpy(plan->fillers[1], HASH_A);
    plan->filler_count = 2;
    const struct plan_amendment open = {.id = 1,
                                        .kind = "insert",
                                        .mode = "push",
                                        .asked = START - 10,
                                        .from = START,
                                        .until = AMENDMENT_OPEN,
                                        .length = 7500,
                                        .house_number = "KT-01",
                                        .asset = HASH_A,
                                        .live = "演播室 1",
                                        .title = "语文: 春夏秋冬",
                                        .is_undone = true,
                                        .reason = "信号: 异常",
                                        .author = "值班",
                                        .end_reason = "信号\n恢复",
                                        .end_author = "\"王\"",
                                        .end_order = 8,
                                        .covered_by = 9};
    const struct plan_amendment closed = {
        .id = 2, .kind = "slate", .from = START, .until = START + 5, .over = START + 8};
    assert_int_equal(plan_append_amendment(plan, &open), 0);
    assert_int_equal(plan_append_amendment(plan, &closed), 0);

    int64_t start = START;
    for (size_t i = 0; i < events; i++) {
        struct plan_event event = {
            .seq = (int64_t)(events - i), /* in any order */
            .start = start,
            .duration = 24 + 3 * (int64_t)(i % 50),
            .in_point = i % 3 == 0 ? 24 * (int64_t)i : 0,
            .programme = (int64_t)(i / 2 + 1),
            .kind = (enum event_kind)(i % (EVENT_LIVE + 1)),
            .house_number = texts[i % TEXT_COUNT],
            .title = texts[(i + 1) % TEXT_COUNT],
            .text = texts[(i + 2) % TEXT_COUNT],
            .genre = i % 3 == 0 ? NULL : texts[(i + 6) % TEXT_COUNT],
            .has_subtitles = i % 2 == 0,
            .is_signed = i % 5 == 0,
            .instead_of = texts[(i + 3) % TEXT_COUNT],
            .reason = texts[(i + 4) % TEXT_COUNT],
            .source = texts[(i + 5) % TEXT_COUNT],
            .live = i % 4 == 0 ? NULL : texts[(i + 7) % TEXT_COUNT],
            .amendment = i % 3 == 0 ? (int64_t)i : 0,
            .is_fixed = i % 7 == 0,
        };
        event.asset = i % 4 == 0 ? "" : i % 4 == 1 ? HASH_A : HASH_B;
        assert_int_equal(plan_append(plan, &event), 0);
        start += event.duration;
    }
    return plan;
}

static void assert_same_text(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        assert_true(a == b);
    } else {
        assert_string_equal(a, b);
    }
}

static void assert_same_event(const struct plan_event *a, const struct plan_event *b)
{
    assert_int_equal(a->seq, b->seq);
    assert_int_equal(a->start, b->start);
    assert_int_equal(a->duration, b->duration);
    assert_int_equal(a->in_point, b->in_point);
    assert_int_equal(a->programme, b->programme);
    assert_int_equal(a->kind, b->kind);
    assert_string_equal(a->asset, b->asset);
    assert_same_text(a->house_number, b->house_number);
    assert_same_text(a->title, b->title);
    assert_same_text(a->text, b->text);
    assert_same_text(a->genre, b->genre);
    assert_int_equal(a->has_subtitles, b->has_subtitles);
    assert_int_equal(a->is_signed, b->is_signed);
    assert_same_text(a->instead_of, b->instead_of);
    assert_same_text(a->reason, b->reason);
    assert_same_text(a->source, b->source);
    assert_same_text(a->live, b->live);
    assert_int_equal(a->amendment, b->amendment);
    assert_int_equal(a->is_fixed, b->is_fixed);
}

static void assert_same_plan(const struct plan *a, const struct plan *b)
{
    assert_string_equal(a->channel, b->channel);
    assert_int_equal(a->revision, b->revision);
    assert_int_equal(a->effective, b->effective);
    assert_int_equal(a->next_seq, b->next_seq);
    assert_int_equal(a->filler_count, b->filler_count);
    for (size_t i = 0; i < a->filler_count; i++) {
        assert_string_equal(a->fillers[i], b->fillers[i]);
    }
    assert_int_equal(a->amendment_count, b->amendment_count);
    for (size_t i = 0; i < a->amendment_count; i++) {
        assert_int_equal(a->amendments[i].id, b->amendments[i].id);
        assert_int_equal(a->amendments[i].from, b->amendments[i].from);
        assert_int_equal(a->amendments[i].until, b->amendments[i].until);
        assert_int_equal(a->amendments[i].asked, b->amendments[i].asked);
        assert_int_equal(a->amendments[i].over, b->amendments[i].over);
        assert_int_equal(a->amendments[i].length, b->amendments[i].length);
        assert_int_equal(a->amendments[i].is_undone, b->amendments[i].is_undone);
        assert_same_text(a->amendments[i].kind, b->amendments[i].kind);
        assert_same_text(a->amendments[i].mode, b->amendments[i].mode);
        assert_same_text(a->amendments[i].house_number, b->amendments[i].house_number);
        assert_same_text(a->amendments[i].asset, b->amendments[i].asset);
        assert_same_text(a->amendments[i].live, b->amendments[i].live);
        assert_same_text(a->amendments[i].title, b->amendments[i].title);
        assert_same_text(a->amendments[i].reason, b->amendments[i].reason);
        assert_same_text(a->amendments[i].author, b->amendments[i].author);
        assert_same_text(a->amendments[i].end_reason, b->amendments[i].end_reason);
        assert_same_text(a->amendments[i].end_author, b->amendments[i].end_author);
        assert_int_equal(a->amendments[i].end_order, b->amendments[i].end_order);
        assert_int_equal(a->amendments[i].covered_by, b->amendments[i].covered_by);
    }
    assert_int_equal(a->event_count, b->event_count);
    for (size_t i = 0; i < a->event_count; i++) {
        assert_same_event(&a->events[i], &b->events[i]);
    }
}

static void what_is_saved_is_what_is_loaded(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 7, 2700};
    char first[64];
    char second[64];
    snprintf(first, sizeof(first), "%s/first", folder);
    snprintf(second, sizeof(second), "%s/second", folder);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct plan *plan = make_plan(sizes[i]);
        struct plan *loaded = NULL;
        struct problems problems;
        problems_init(&problems);
        assert_int_equal(plan_save(first, plan, "Asia/Shanghai"), 0);
        const int result = plan_load(first, &loaded, &problems);
        problems_print(&problems, stderr);
        assert_int_equal(result, 0);
        assert_same_plan(plan, loaded);

        assert_int_equal(plan_save(second, loaded, "Asia/Shanghai"), 0);
        size_t size_a = 0;
        size_t size_b = 0;
        char *a = read_whole(first, &size_a);
        char *b = read_whole(second, &size_b);
        assert_int_equal(size_a, size_b);
        assert_memory_equal(a, b, size_a);
        free(a);
        free(b);
        plan_destroy(plan);
        plan_destroy(loaded);
        problems_finish(&problems);
    }
    unlink(first);
    unlink(second);
}

#define HEAD  "format: 1\nchannel: c\nrevision: 1\neffective: 0\n"
#define EVENT "events:\n- {seq: 1, start: 300, duration: 24, kind: slate, programme: 1}\n"

struct mistake {
    const char *yaml;
    int line;
    const char *says;
};

/* Each is refused, for it alone. */
static void check_mistakes(const struct mistake *mistakes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct mistake *mistake = &mistakes[i];
        struct plan *plan = NULL;
        struct problems problems;
        problems_init(&problems);
        const int result =
            plan_parse("p.yaml", mistake->yaml, strlen(mistake->yaml), &plan, &problems);
        if (result != -EINVAL || plan != NULL || problems.count != 1 ||
            problems.items[0].line != mistake->line ||
            strstr(problems.items[0].text, mistake->says) == NULL) {
            problems_print(&problems, stderr);
            fail_msg("mistake %zu: result %d, expected line %d: %s", i, result, mistake->line,
                     mistake->says);
        }
        problems_finish(&problems);
    }
}

static void a_file_that_is_no_plan_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"", 1, "must be a mapping"},
        {"- a\n", 1, "must be a mapping"},
        {"fillers: [\n", 2, "not YAML"},
        {"format: 2\nchannel: c\nrevision: 1\neffective: 0\nevents: []\n", 1, "'format' is \"2\""},
        {"channel: c\nrevision: 1\neffective: 0\nevents: []\n", 1, "'format' is missing"},
        {"format: 1\nrevision: 1\neffective: 0\nevents: []\n", 1, "'channel' is missing"},
        {HEAD, 1, "'events' is missing"},
        {HEAD "evnets: []\nevents: []\n", 5, "did you mean 'events'?"},
        {HEAD "revision: 3\nevents: []\n", 5, "'revision' is given twice"},
        {HEAD "events: 3\n", 5, "must be a list"},
        {HEAD "fillers: [abc]\nevents: []\n", 5, "SHA-256"},
        {HEAD "fillers: [[abc]]\nevents: []\n", 5, "must be a SHA-256"},
        {HEAD "events:\n- 3\n", 6, "must be a mapping"},
    };
    check_mistakes(mistakes, sizeof(mistakes) / sizeof(mistakes[0]));
}

static void what_an_event_lacks_is_told_with_its_line(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {HEAD "events:\n- {start: 0, duration: 24, kind: slate, programme: 1}\n", 6,
         "'seq' is missing"},
        {HEAD "events:\n- {seq: 1, duration: 24, kind: slate, programme: 1}\n", 6,
         "'start' is missing"},
        {HEAD "events:\n- {seq: 1, start: 0, kind: slate, programme: 1}\n", 6,
         "'duration' is missing"},
        {HEAD "events:\n- {seq: 1, start: 0, duration: 24, programme: 1}\n", 6,
         "'kind' is missing"},
        {HEAD "events:\n- {seq: 1, start: 0, duration: 24, kind: slate}\n", 6,
         "'programme' is missing"},
    };
    check_mistakes(mistakes, sizeof(mistakes) / sizeof(mistakes[0]));
}

static void a_value_that_cannot_be_is_told_with_its_line(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {HEAD "events:\n- {seq: x, start: 0, duration: 24, kind: slate, programme: 1}\n", 6,
         "whole number"},
        {HEAD "events:\n- {seq: 1, start: -3, duration: 24, kind: slate, programme: 1}\n", 6,
         "whole number"},
        {HEAD "events:\n- {seq: 1, start: 9999999999999, duration: 24, kind: slate, "
              "programme: 1}\n",
         6, "whole number"},
        {HEAD "events:\n- {seq: 1, start: 0, duration: 21, kind: slate, programme: 1}\n", 6,
         "from 24"},
        {HEAD "events:\n- {seq: 1, start: 0, duration: 24, kind: slate, programme: 1, signed: 1}\n",
         6, "true or false"},
        {HEAD "events:\n- {seq: 1, start: 0, duration: 24, kind: show, programme: 1}\n", 6,
         "no kind of event"},
        {HEAD "events:\n- {seq: 1, start: 0, duration: 24, kind: slate, programme: 1,\n"
              "   in_point: 12}\n",
         7, "multiple of 24"},
        {HEAD "events:\n- {seq: 1, start: 0, duration: 24, kind: slate, programme: 1,\n"
              "   asset: ABC}\n",
         7, "SHA-256"},
        {HEAD "events:\n- {seq: 1, start: 0, duration: 24, kind: slate, programme: 1,\n"
              "   title: [a]}\n",
         7, "single value"},
    };
    check_mistakes(mistakes, sizeof(mistakes) / sizeof(mistakes[0]));
}

static void what_does_not_go_together_is_told_with_its_line(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {HEAD EVENT "- {seq: 2, start: 327, duration: 24, kind: slate, programme: 1}\n", 7,
         "gap of 3 frames"},
        {HEAD EVENT "- {seq: 2, start: 321, duration: 24, kind: slate, programme: 1}\n", 7,
         "overlaps event 1 by 3 frames"},
        {HEAD EVENT "- {seq: 1, start: 324, duration: 24, kind: slate, programme: 1}\n", 7,
         "was used in line 6"},
        {HEAD "amendments:\n- {id: 1, kind: slate, from: 0, until: later}\nevents: []\n", 6,
         "whole number"},
        {HEAD "amendments:\n- {id: 1, kind: slate, from: 0}\nevents: []\n", 6,
         "'until' is missing"},
        {HEAD "events: &a []\nfillers: *a\n", 6, "aliases"},
        {HEAD "? [a]\n: b\nevents: []\n", 5, "single word"},
    };
    check_mistakes(mistakes, sizeof(mistakes) / sizeof(mistakes[0]));
}

static void all_problems_come_at_once_but_not_thousands(void **state)
{
    (void)state;
    char *yaml = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&yaml, &size);
    fputs(HEAD "events:\n", out);
    for (int i = 0; i < 500; i++) {
        fprintf(out, "- {seq: %d}\n", i + 1);
    }
    fclose(out);
    struct plan *plan = NULL;
    struct problems problems;
    problems_init(&problems);
    assert_int_equal(plan_parse("p.yaml", yaml, size, &plan, &problems), -EINVAL);
    assert_in_range(problems.count, 50, 60);
    problems_finish(&problems);
    free(yaml);
}

static void damaged_plans_never_crash(void **state)
{
    (void)state;
    const unsigned seed = (unsigned)getpid();
    unsigned random = seed;
    char path[64];
    size_t size = 0;
    print_message("seed %u\n", seed);
    snprintf(path, sizeof(path), "%s/plan", folder);
    struct plan *plan = make_plan(6);
    assert_int_equal(plan_save(path, plan, "Asia/Shanghai"), 0);
    plan_destroy(plan);
    char *bytes = read_whole(path, &size);
    unlink(path);
    for (int i = 0; i < 2000; i++) {
        char *copy = malloc(size);
        assert_non_null(copy);
        memcpy(copy, bytes, size);
        for (int flips = 0; flips < 3; flips++) {
            copy[(size_t)rand_r(&random) % size] = (char)rand_r(&random);
        }
        struct problems problems;
        problems_init(&problems);
        plan = NULL;
        const int result =
            plan_parse("p", copy, (size_t)rand_r(&random) % (size + 1), &plan, &problems);
        assert_true((result == 0) == (plan != NULL));
        assert_true((result == -EINVAL) == (problems.errors > 0));
        plan_destroy(plan);
        problems_finish(&problems);
        free(copy);
    }
    free(bytes);
}

static void the_event_on_air_is_found(void **state)
{
    (void)state;
    struct plan *plan = make_plan(100);
    const struct plan_event *last = &plan->events[99];
    assert_int_equal(plan_find(plan, START - 1), -1);
    assert_int_equal(plan_find(plan, last->start + last->duration), -1);
    for (ptrdiff_t i = 0; i < 100; i++) {
        const struct plan_event *event = &plan->events[i];
        assert_int_equal(plan_find(plan, event->start), i);
        assert_int_equal(plan_find(plan, event->start + event->duration - 1), i);
    }
    plan_destroy(plan);
}

static void the_latest_revision_is_the_highest_number(void **state)
{
    (void)state;
    static const char *const names[] = {"9.yaml", "10.yaml", "011.yaml", "12.yaml.tmp", "journal"};
    char path[64];
    assert_int_equal(plan_latest_revision("/nowhere/at/all"), 0);
    assert_int_equal(plan_latest_revision(folder), 0);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fclose(file);
    }
    assert_int_equal(plan_latest_revision(folder), 10);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        unlink(path);
    }
}

/* Who plans and who adopts keep each other out; who plans may wait, the engine never does. */
static void a_folder_is_locked_once(void **state)
{
    (void)state;
    char alone[] = "/tmp/test_plan.XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(alone));
    const int first = plan_lock_folder(alone, true);
    assert_true(first >= 0);
    assert_int_equal(plan_lock_folder(alone, false), -EWOULDBLOCK);
    close(first);
    const int second = plan_lock_folder(alone, false);
    assert_true(second >= 0);
    close(second);
    snprintf(path, sizeof(path), "%s/.lock", alone);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(alone), 0);
    assert_int_equal(plan_lock_folder(alone, false), -ENOENT);
}

static void a_plan_that_cannot_be_written_leaves_nothing(void **state)
{
    (void)state;
    struct plan *plan = make_plan(1);
    assert_int_equal(plan_save("/nowhere/at/all.yaml", plan, "Asia/Shanghai"), -ENOENT);
    assert_int_equal(plan_save("/tmp/x.yaml", plan, "Nowhere/City"), -ENOENT);
    assert_int_not_equal(access("/tmp/x.yaml", F_OK), 0);
    plan_destroy(plan);
    struct problems problems;
    problems_init(&problems);
    struct plan *loaded = NULL;
    assert_int_equal(plan_load("/nowhere/at/all.yaml", &loaded, &problems), -ENOENT);
    assert_int_equal(plan_load("/tmp", &loaded, &problems), -EINVAL);
    problems_finish(&problems);
}

static void a_programme_ends_with_its_last_part_and_a_gap_with_the_next_programme(void **state)
{
    static const struct {
        enum event_kind kind;
        int64_t programme;
        int64_t end; /* of the programme, in events */
    } rows[] = {
        {EVENT_LESSON, 1, 3}, {EVENT_LESSON, 1, 3},   {EVENT_FILLER, 1, 3}, /* laps, and the rest */
        {EVENT_LESSON, 4, 4}, {EVENT_FILLER, 5, 8},   {EVENT_SLATE, 5, 8},  /* a gap */
        {EVENT_SLATE, 6, 8},  {EVENT_FILLER, 7, 8},                         /* over midnight */
        {EVENT_REPEAT, 9, 9}, {EVENT_FILLER, 10, 10},
    };
    enum { ROWS = sizeof(rows) / sizeof(rows[0]), LENGTH = 100 };
    struct plan *plan = plan_create();
    (void)state;
    assert_non_null(plan);
    for (int64_t i = 0; i < ROWS; i++) {
        const struct plan_event event = {.seq = i + 1,
                                         .start = START + i * LENGTH,
                                         .duration = LENGTH,
                                         .programme = rows[i].programme,
                                         .kind = rows[i].kind};
        assert_int_equal(plan_append(plan, &event), 0);
    }
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(plan_programme_end(plan, i), START + rows[i].end * LENGTH);
    }
    plan_destroy(plan);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_saved_is_what_is_loaded),
        cmocka_unit_test(a_file_that_is_no_plan_is_refused_with_its_line),
        cmocka_unit_test(what_an_event_lacks_is_told_with_its_line),
        cmocka_unit_test(a_value_that_cannot_be_is_told_with_its_line),
        cmocka_unit_test(what_does_not_go_together_is_told_with_its_line),
        cmocka_unit_test(all_problems_come_at_once_but_not_thousands),
        cmocka_unit_test(damaged_plans_never_crash),
        cmocka_unit_test(the_event_on_air_is_found),
        cmocka_unit_test(a_programme_ends_with_its_last_part_and_a_gap_with_the_next_programme),
        cmocka_unit_test(the_latest_revision_is_the_highest_number),
        cmocka_unit_test(a_folder_is_locked_once),
        cmocka_unit_test(a_plan_that_cannot_be_written_leaves_nothing),
    };
    return cmocka_run_group_tests_name("plan", tests, make_folder, remove_folder);
}
