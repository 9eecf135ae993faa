/* SPDX-License-Identifier: MIT */
/*
 * What is signed in the store, and what the scheduler makes of it: the keeper
 * on a clock that the test turns, a planner, plans on disk.
 */
#include "playout/asset.h"
#include "scheduler/freezing.h"
#include "scheduler/planner.h"
#include "scheduler/store/store_amendment.h"
#include "scheduler/store/store_approval.h"
#include "scheduler/store/store_revision.h"
#include "scheduler/store_keeper.h"
#include "tests/support/must.h"
#include "tests/support/store_bench.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define HOUR_MS 3600000LL
#define DAY_MS  (24 * HOUR_MS)

/* 2020-02-17, a Monday, 10:00 in China; MONDAY of store_bench.h. */
#define MORNING_MS ((MONDAY * 86400LL + 2 * 3600) * 1000)
#define EVENING_MS (MORNING_MS + 9 * HOUR_MS)

static const char timetable_text[] =
    "format: 1\nchannel: zhangdian\nlessons:\n"
    "  - {house_number: A, title: one, substitute: S}\n  - {house_number: B, title: two}\n"
    "periods: [{name: p, start: 8:00, end: 8:20}]\n"
    "days: [周一, 周二, 周三, 周四, 周五, 周六, 周日]\n"
    "grid: {p: [A, A, A, A, A, A, A]}\n"
    "repeats: {from: 18:00, until: 18:20, pitch: 20}\n";

struct desk {
    struct store_bench bench;
    struct station *station;
    struct planner *planner;
    struct keeper *keeper;
    const struct service *service;
};

static void write_timetable(const struct desk *desk, const char *from, const char *to)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/zhangdian.yaml", desk->station->timetables);
    FILE *out = fopen(path, "w");
    MUST(out != NULL);
    for (const char *at = timetable_text; *at != '\0'; at++) {
        if (from != NULL && strncmp(at, from, strlen(from)) == 0) {
            fputs(to, out);
            at += strlen(from) - 1;
        } else {
            fputc(*at, out);
        }
    }
    MUST(fclose(out) == 0);
}

static void set_text(char **text, const char *folder, const char *name)
{
    free(*text);
    *text = NULL;
    MUST(asprintf(text, "%s/%s", folder, name) > 0);
    (void)mkdir(*text, 0755);
}

static void set_up(struct desk *desk, int stages)
{
    struct problems problems;
    *desk = (struct desk){0};
    store_bench_init(&desk->bench);
    problems_init(&problems);
    MUST(station_load("schedules/station.cfg", &desk->station, &problems) == 0);
    problems_finish(&problems);
    struct station *station = desk->station;
    set_text(&station->state, desk->bench.folder, "state");
    set_text(&station->media, desk->bench.folder, "media");
    set_text(&station->timetables, desk->bench.folder, "schedules");
    free(station->scheduler.store);
    station->scheduler.store = strdup(desk->bench.where);
    station->scheduler.approval_stages = stages;
    desk->service = station_service(station, "zhangdian");
    write_timetable(desk, NULL, NULL);
    MUST(planner_create(station, &desk->planner) == 0);
    MUST(keeper_create(station, &desk->keeper) == 0);
}

static void clean_up(struct desk *desk)
{
    planner_destroy(desk->planner);
    keeper_destroy(desk->keeper);
    station_destroy(desk->station);
    store_bench_finish(&desk->bench);
}

static void reload(struct desk *desk)
{
    struct problems problems;
    problems_init(&problems);
    MUST(planner_load_timetables(desk->planner, &problems) == 0);
    problems_finish(&problems);
}

/* One pass; what it brought goes to the planner.  How many lists were closed. */
static int pass(struct desk *desk, int64_t now_ms, char *trouble, size_t *told)
{
    struct keeper_news news;
    keeper_pass(desk->keeper, now_ms);
    keeper_fetch(desk->keeper, &news);
    assert_true(news.has_answered);
    if (news.signoff != NULL) {
        planner_take_signoff(desk->planner, news.signoff);
    }
    if (trouble != NULL) {
        memcpy(trouble, news.trouble, KEEPER_TROUBLE_SIZE);
    }
    if (told != NULL) {
        *told = news.told.count;
    }
    problems_finish(&news.told);
    return news.lists;
}

/* What the latest plan airs `ms` later than 1970; the caller destroys the plan. */
static const struct plan_event *event_at(struct desk *desk, int64_t now_ms, int64_t ms,
                                         struct plan **plan)
{
    struct planner_outcome outcome;
    assert_int_equal(
        planner_update(desk->planner, desk->service, NULL, now_ms, PLANNER_DAYS, true, &outcome),
        0);
    assert_int_equal(planner_latest(desk->planner, desk->service, plan), 0);
    const ptrdiff_t index = plan_find(*plan, ms * FRAMES_PER_SECOND / 1000 + FRAMES_PER_SECOND);
    assert_true(index >= 0);
    return &(*plan)->events[index];
}

/* Whose time it is at a moment: the house number that airs, or that is stood in for. */
static void check_number(struct desk *desk, int64_t now_ms, int64_t ms, const char *number)
{
    struct plan *plan = NULL;
    const struct plan_event *event = event_at(desk, now_ms, ms, &plan);
    assert_string_equal(event->instead_of != NULL ? event->instead_of : event->house_number,
                        number);
    plan_destroy(plan);
}

/* What airs at a moment; "": the slate. */
static void check_asset(struct desk *desk, int64_t now_ms, int64_t ms, const char *asset)
{
    struct plan *plan = NULL;
    assert_string_equal(event_at(desk, now_ms, ms, &plan)->asset, asset);
    plan_destroy(plan);
}

static int64_t tuesday_ms(int hour)
{
    return MORNING_MS + (14 + hour) * HOUR_MS;
}

/* --- Closed days ------------------------------------------------------------------------- */

static int close_day(struct store *store, const struct desk *desk,
                     const struct store_day_edit *edit)
{
    struct timetable_files files = {0};
    struct problems problems;
    problems_init(&problems);
    int result = freezing_read(desk->station, edit->channel, &files, &problems);
    if (result == 0) {
        result = freezing_keep(store, desk->station, edit, &files, NULL);
    }
    timetable_files_finish(&files);
    problems_finish(&problems);
    return result;
}

static void edit_day(struct desk *desk, int64_t date, const char *reason)
{
    const struct store_day_edit edit = {.channel = "zhangdian",
                                        .date = date,
                                        .based_on = STORE_DAY_WHATEVER,
                                        .author = "王",
                                        .now_ms = EVENING_MS};
    struct store *store = store_bench_open(&desk->bench);
    int64_t version = 0;
    assert_int_equal(reason != NULL ? store_thaw_day(store, &edit, reason, &version)
                                    : close_day(store, desk, &edit),
                     0);
    store_close(store);
}

static void a_day_that_is_closed_stays_as_it_was_until_it_is_opened_again(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, 0);
    reload(&desk);
    edit_day(&desk, MONDAY + 1, NULL);
    pass(&desk, EVENING_MS, NULL, NULL);
    check_number(&desk, EVENING_MS, tuesday_ms(8), "A");
    write_timetable(&desk, "[A, A, A,", "[A, B, B,");
    reload(&desk);
    check_number(&desk, EVENING_MS, tuesday_ms(8), "A");
    check_number(&desk, EVENING_MS, tuesday_ms(18), "A"); /* the repeat, too */
    check_number(&desk, EVENING_MS, tuesday_ms(8 + 24), "B");
    edit_day(&desk, MONDAY + 1, "教师调课");
    pass(&desk, EVENING_MS + 1000, NULL, NULL);
    check_number(&desk, EVENING_MS, tuesday_ms(8), "B");
    clean_up(&desk);
}

static void lists_are_closed_at_their_hour_and_only_once(void **state)
{
    (void)state;
    struct desk desk;
    set_up(&desk, 0);
    desk.station->scheduler.has_freeze = true;
    desk.station->scheduler.freeze_minute = 18 * 60;
    reload(&desk);
    assert_int_equal(pass(&desk, MORNING_MS, NULL, NULL), 0); /* today has begun */
    assert_int_equal(pass(&desk, MORNING_MS + 8 * HOUR_MS - 1000, NULL, NULL), 0);
    assert_int_equal(pass(&desk, MORNING_MS + 8 * HOUR_MS, NULL, NULL), 1);
    assert_int_equal(pass(&desk, MORNING_MS + 8 * HOUR_MS + 1000, NULL, NULL), 0);
    edit_day(&desk, MONDAY + 1,
             "教师调课"); /* opened by hand: it is not closed over the operator */
    assert_int_equal(pass(&desk, EVENING_MS, NULL, NULL), 0);
    assert_int_equal(pass(&desk, EVENING_MS + DAY_MS, NULL, NULL), 1);
    clean_up(&desk);
}

static void a_broken_timetable_is_not_closed_until_it_is_mended(void **state)
{
    (void)state;
    struct desk desk;
    size_t told = 0;
    set_up(&desk, 0);
    reload(&desk);
    desk.station->scheduler.has_freeze = true;
    desk.station->scheduler.freeze_minute = 18 * 60;
    write_timetable(&desk, "grid:", "gird:");
    assert_int_equal(pass(&desk, EVENING_MS, NULL, &told), 0);
    assert_true(told > 0);
    write_timetable(&desk, NULL, NULL);
    assert_int_equal(pass(&desk, EVENING_MS + 1000, NULL, &told), 0); /* it looks twice a minute */
    assert_int_equal(pass(&desk, EVENING_MS + 31000, NULL, &told), 1);
    assert_int_equal(told, 0);
    clean_up(&desk);
}

/* What cannot be kept is told, and takes neither approvals nor the other lists with it. */
static void a_list_that_cannot_be_kept_is_not_a_store_that_is_lost(void **state)
{
    (void)state;
    struct desk desk;
    char trouble[KEEPER_TROUBLE_SIZE];
    char path[512];
    size_t told = 0;
    set_up(&desk, 0);
    reload(&desk);
    desk.station->scheduler.has_freeze = true;
    desk.station->scheduler.freeze_minute = 18 * 60;
    snprintf(path, sizeof(path), "%s/%0*d.yaml", desk.station->timetables, STORE_NAME_MOST, 0);
    FILE *out = fopen(path, "w");
    MUST(out != NULL && fputs("format: 1\nchannel: zhangdian\n", out) != EOF);
    MUST(fclose(out) == 0);
    assert_int_equal(pass(&desk, EVENING_MS, trouble, &told), 0);
    assert_string_equal(trouble, "");
    assert_int_equal(told, 1);
    assert_non_null(planner_signoff(desk.planner));
    assert_int_equal(pass(&desk, EVENING_MS + 1000, trouble, &told), 0);
    assert_int_equal(told, 0); /* not once a second */
    MUST(unlink(path) == 0);
    assert_int_equal(pass(&desk, EVENING_MS + 30000, NULL, NULL), 0); /* just changed */
    assert_int_equal(pass(&desk, EVENING_MS + 31000, NULL, NULL), 1);
    clean_up(&desk);
}

/* The clock is set back by a day: nobody waits a day for it. */
static void a_clock_that_is_set_back_holds_nothing_up(void **state)
{
    (void)state;
    struct desk desk;
    size_t told = 0;
    set_up(&desk, 0);
    reload(&desk);
    desk.station->scheduler.has_freeze = true;
    desk.station->scheduler.freeze_minute = 18 * 60;
    write_timetable(&desk, "grid:", "gird:");
    assert_int_equal(pass(&desk, EVENING_MS + DAY_MS, NULL, &told), 0);
    assert_true(told > 0);
    write_timetable(&desk, NULL, NULL);
    assert_int_equal(pass(&desk, EVENING_MS, NULL, NULL), 0); /* just changed */
    assert_int_equal(pass(&desk, EVENING_MS + 1000, NULL, NULL), 1);
    clean_up(&desk);
}

/* A file full of damage is told of in short, and without holding the planner up. */
static void many_warnings_are_bounded_and_told_once(void **state)
{
    (void)state;
    enum { LINES = 20000 };
    struct desk desk;
    char path[512];
    size_t told = 0;
    set_up(&desk, 0);
    snprintf(path, sizeof(path), "%s/asrun/zhangdian", desk.station->state);
    MUST(planner_make_folder(path) == 0);
    snprintf(path, sizeof(path), "%s/asrun/zhangdian/2020-02-17.jsonl", desk.station->state);
    FILE *out = fopen(path, "w");
    MUST(out != NULL);
    for (int i = 0; i < LINES; i++) {
        fputs("damaged\n", out);
    }
    MUST(fclose(out) == 0);
    pass(&desk, MORNING_MS, NULL, &told);
    assert_int_equal(told, 200 + 1); /* and how many more there are */
    pass(&desk, MORNING_MS + 10000, NULL, &told);
    assert_int_equal(told, 0);
    MUST((out = fopen(path, "a")) != NULL && fputs("damaged\n", out) != EOF && fclose(out) == 0);
    pass(&desk, MORNING_MS + 20000, NULL, &told);
    assert_int_equal(told, 1);
    clean_up(&desk);
}

/* --- Approvals --------------------------------------------------------------------------- */

/* Puts a lesson's file into the planner's library; its hash is store_bench_hash(content). */
static void add_media(struct desk *desk, char *number, int content)
{
    static char nothing[] = "";
    static const char *const suffixes[] = {"mp4", "idx", "json"};
    struct asset_record record = {.house_number = number,
                                  .profile = desk->service->profile->name,
                                  .title = nothing,
                                  .source = nothing,
                                  .is_proven = true,
                                  .duration_frames = 20LL * 60 * FRAMES_PER_SECOND,
                                  .created_ms = MORNING_MS - DAY_MS + content};
    snprintf(record.sha256, sizeof(record.sha256), "%s", store_bench_hash(content));
    for (int i = 0; i < 3; i++) {
        char *path = asset_path(desk->station->media, record.sha256, suffixes[i]);
        FILE *out = i < 2 ? fopen(path, "w") : NULL;
        MUST(i == 2 ? asset_record_save(path, &record) == 0 : out != NULL && fclose(out) == 0);
        free(path);
    }
    MUST(planner_load_library(desk->planner) == 0);
}

static void sign(struct desk *desk, const char *number, int content, const char *run,
                 enum approval_verdict verdict)
{
    const struct approval_rule rule = {desk->station->scheduler.approval_stages, true};
    struct store *store = store_bench_open(&desk->bench);
    for (int stage = 1; stage <= (verdict == APPROVAL_GIVEN ? rule.stages : 1); stage++) {
        const struct store_approval approval = {.house_number = number,
                                                .sha256 = store_bench_hash(content),
                                                .run = run,
                                                .stage = stage,
                                                .verdict = verdict,
                                                .approver = "王",
                                                .note = "",
                                                .time_ms = MORNING_MS};
        assert_int_equal(store_approval_add(store, &approval, &rule), 0);
    }
    store_close(store);
}

static void a_lesson_airs_when_all_stages_are_signed_and_its_repeat_by_its_own(void **state)
{
    (void)state;
    struct desk desk;
    char number[] = "A";
    char substitute[] = "S";
    char path[256];
    const char *file = store_bench_hash(1);
    snprintf(path, sizeof(path), "%s", file);
    set_up(&desk, 2);
    reload(&desk);
    add_media(&desk, number, 1);
    pass(&desk, MORNING_MS, NULL, NULL);
    check_asset(&desk, MORNING_MS, tuesday_ms(8), "");
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    pass(&desk, MORNING_MS + 1000, NULL, NULL);
    check_asset(&desk, MORNING_MS + 1000, tuesday_ms(8), path);
    check_asset(&desk, MORNING_MS + 1000, tuesday_ms(18), "");
    sign(&desk, "A", 1, "2020-02-18", APPROVAL_GIVEN);
    pass(&desk, MORNING_MS + 2000, NULL, NULL);
    check_asset(&desk, MORNING_MS + 2000, tuesday_ms(18), path);
    /* Withdrawn: its approved substitute airs. */
    add_media(&desk, substitute, 2);
    sign(&desk, "S", 2, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_WITHDRAWN);
    pass(&desk, MORNING_MS + 3000, NULL, NULL);
    check_asset(&desk, MORNING_MS + 3000, tuesday_ms(8), store_bench_hash(2));
    clean_up(&desk);
}

static void a_file_that_changed_is_not_approved_and_the_old_one_goes_on(void **state)
{
    (void)state;
    struct desk desk;
    char number[] = "A";
    set_up(&desk, 1);
    reload(&desk);
    add_media(&desk, number, 1);
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    pass(&desk, MORNING_MS, NULL, NULL);
    add_media(&desk, number, 2); /* made later */
    check_asset(&desk, MORNING_MS, tuesday_ms(8), store_bench_hash(1));
    sign(&desk, "A", 2, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    pass(&desk, MORNING_MS + 1000, NULL, NULL);
    check_asset(&desk, MORNING_MS + 1000, tuesday_ms(8), store_bench_hash(2));
    clean_up(&desk);
}

static void an_order_cannot_air_what_is_not_approved(void **state)
{
    (void)state;
    struct desk desk;
    struct planner_outcome outcome;
    char number[] = "B";
    const struct order_request insert = {
        .kind = ORDER_INSERT, .reason = "test", .house_number = number};
    set_up(&desk, 1);
    reload(&desk);
    add_media(&desk, number, 1);
    pass(&desk, MORNING_MS, NULL, NULL);
    assert_int_equal(planner_order(desk.planner, desk.service, NULL, MORNING_MS, &insert, &outcome),
                     -ECANCELED);
    assert_non_null(strstr(outcome.answer.text, "not approved"));
    sign(&desk, "B", 1, "2020-02-17", APPROVAL_GIVEN); /* as a repeat today */
    pass(&desk, MORNING_MS + 1000, NULL, NULL);
    assert_int_equal(planner_order(desk.planner, desk.service, NULL, MORNING_MS, &insert, &outcome),
                     0);
    clean_up(&desk);
}

/* --- Without the store ------------------------------------------------------------------- */

static void order(struct desk *desk, int64_t now_ms, const struct order_request *request)
{
    struct planner_outcome outcome;
    assert_int_equal(planner_order(desk->planner, desk->service, NULL, now_ms, request, &outcome),
                     0);
}

/* The scheduler starts again, and the store does not answer. */
static void start_again(struct desk *desk)
{
    struct keeper_news news;
    keeper_destroy(desk->keeper);
    planner_destroy(desk->planner);
    free(desk->station->scheduler.store);
    MUST(asprintf(&desk->station->scheduler.store, "%s/schedules/zhangdian.yaml/no.db",
                  desk->bench.folder) > 0);
    MUST(planner_create(desk->station, &desk->planner) == 0);
    MUST(planner_load_library(desk->planner) == 0);
    MUST(keeper_create(desk->station, &desk->keeper) == 0);
    reload(desk);
    keeper_pass(desk->keeper, EVENING_MS + 60000);
    keeper_fetch(desk->keeper, &news);
    assert_true(news.trouble[0] != '\0');
    planner_take_signoff(desk->planner, news.signoff);
    problems_finish(&news.told);
}

static void a_new_start_without_the_store_knows_what_was_signed(void **state)
{
    (void)state;
    struct desk desk;
    char first[] = "A";
    char second[] = "B";
    const struct order_request slate = {.kind = ORDER_SLATE, .reason = "test"};
    const struct order_request back = {.command = REQUEST_RETURN};
    set_up(&desk, 1);
    write_timetable(&desk, "[A, A, A,", "[A, A, B,");
    reload(&desk);
    add_media(&desk, first, 1);
    add_media(&desk, second, 2);
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    edit_day(&desk, MONDAY + 1, NULL);
    pass(&desk, EVENING_MS, NULL, NULL);
    check_asset(&desk, EVENING_MS, tuesday_ms(8), store_bench_hash(1));
    write_timetable(&desk, "[A, A, A,", "[A, B, A,"); /* Tuesday is closed */
    start_again(&desk);
    check_asset(&desk, EVENING_MS + 60000, tuesday_ms(8), store_bench_hash(1));
    check_asset(&desk, EVENING_MS + 60000, tuesday_ms(8 + 24), store_bench_hash(1));
    order(&desk, EVENING_MS + 120000, &slate);
    check_asset(&desk, EVENING_MS + 180000, tuesday_ms(8), "");
    order(&desk, EVENING_MS + 240000, &back);
    check_asset(&desk, EVENING_MS + 300000, tuesday_ms(8), store_bench_hash(1));
    check_asset(&desk, EVENING_MS + 300000, tuesday_ms(18), ""); /* never signed */
    write_timetable(&desk, "[A, A, A,", "[A, A, B,");
    reload(&desk);
    check_asset(&desk, EVENING_MS + 360000, tuesday_ms(8 + 24), ""); /* B, never signed */
    clean_up(&desk);
}

/* Nothing was kept either: the plan goes on, and nothing that is not known to be signed airs. */
static void where_nothing_is_known_the_plan_goes_on(void **state)
{
    (void)state;
    struct desk desk;
    char first[] = "A";
    char path[512];
    const struct order_request request = {.kind = ORDER_INSERT,
                                          .house_number = "A",
                                          .at = (EVENING_MS / 1000 + 900) * FRAMES_PER_SECOND,
                                          .reason = "test"};
    struct planner_outcome outcome;
    set_up(&desk, 1);
    reload(&desk);
    add_media(&desk, first, 1);
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    pass(&desk, EVENING_MS, NULL, NULL);
    check_asset(&desk, EVENING_MS, tuesday_ms(8), store_bench_hash(1));
    write_timetable(&desk, "[A, A, A,", "[A, B, A,");
    snprintf(path, sizeof(path), "%s/signoff.json", desk.station->state);
    MUST(unlink(path) == 0);
    start_again(&desk);
    assert_null(planner_signoff(desk.planner));
    check_asset(&desk, EVENING_MS + 60000, tuesday_ms(8), store_bench_hash(1));
    assert_int_equal(
        planner_order(desk.planner, desk.service, NULL, EVENING_MS + 120000, &request, &outcome),
        -ENODATA);
    clean_up(&desk);
}

/* What was kept is damaged, or of another rule. */
static void what_was_kept_is_not_believed_blindly(void **state)
{
    (void)state;
    struct desk desk;
    char path[512];
    struct signoff *signoff = NULL;
    struct problems problems;
    const struct airing airing = {.house_number = "A", .sha256 = store_bench_hash(1)};
    set_up(&desk, 1);
    sign(&desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    pass(&desk, EVENING_MS, NULL, NULL);
    problems_init(&problems);
    snprintf(path, sizeof(path), "%s/signoff.json", desk.station->state);
    assert_int_equal(signoff_recall(path, desk.station, &signoff, &problems), 0);
    assert_true(signoff_clearance(signoff)->may_air(signoff_clearance(signoff), &airing));
    signoff_destroy(signoff);
    desk.station->scheduler.approval_stages = 3;
    assert_int_equal(signoff_recall(path, desk.station, &signoff, &problems), -ESTALE);
    desk.station->scheduler.approval_stages = 1;
    desk.station->scheduler.is_alone_allowed = !desk.station->scheduler.is_alone_allowed;
    assert_int_equal(signoff_recall(path, desk.station, &signoff, &problems), -ESTALE);
    desk.station->scheduler.is_alone_allowed = !desk.station->scheduler.is_alone_allowed;
    MUST(truncate(path, 40) == 0);
    assert_int_equal(signoff_recall(path, desk.station, &signoff, &problems), -EBADMSG);
    MUST(unlink(path) == 0);
    assert_int_equal(signoff_recall(path, desk.station, &signoff, &problems), -ENOENT);
    problems_finish(&problems);
    clean_up(&desk);
}

/* A store that cannot be opened, and is there again later. */
static void a_store_that_is_gone_is_tried_again_and_what_was_known_holds(void **state)
{
    (void)state;
    struct desk desk;
    struct keeper *other = NULL;
    struct keeper_news news;
    char trouble[KEEPER_TROUBLE_SIZE];
    set_up(&desk, 0);
    reload(&desk);
    edit_day(&desk, MONDAY + 1, NULL);
    pass(&desk, EVENING_MS, trouble, NULL);
    assert_string_equal(trouble, "");
    char *where = desk.station->scheduler.store;
    MUST(asprintf(&desk.station->scheduler.store, "%s/schedules/zhangdian.yaml/no.db",
                  desk.bench.folder) > 0);
    MUST(keeper_create(desk.station, &other) == 0);
    keeper_pass(other, EVENING_MS);
    keeper_fetch(other, &news);
    assert_true(news.has_answered);
    assert_non_null(news.signoff); /* what was known */
    assert_int_equal(signoff_frozen(news.signoff, 0)->count, 1);
    signoff_destroy(news.signoff);
    assert_true(news.trouble[0] != '\0');
    problems_finish(&news.told);
    free(desk.station->scheduler.store);
    desk.station->scheduler.store = where;
    keeper_pass(other, EVENING_MS + 500); /* not yet */
    keeper_fetch(other, &news);
    assert_true(news.trouble[0] != '\0');
    problems_finish(&news.told);
    keeper_pass(other, EVENING_MS + 1500);
    keeper_fetch(other, &news);
    assert_string_equal(news.trouble, "");
    assert_non_null(news.signoff);
    assert_int_equal(signoff_frozen(news.signoff, 0)->count, 1);
    assert_int_equal(signoff_frozen(news.signoff, 0)->items[0].date, MONDAY + 1);
    signoff_destroy(news.signoff);
    problems_finish(&news.told);
    keeper_destroy(other);
    clean_up(&desk);
}

static void what_is_planned_and_ordered_is_noted_in_the_store(void **state)
{
    (void)state;
    struct desk desk;
    struct store_rows rows;
    const struct order_request slate = {.kind = ORDER_SLATE, .reason = "信号异常", .author = "王"};
    set_up(&desk, 0);
    reload(&desk);
    pass(&desk, MORNING_MS, NULL, NULL);
    check_number(&desk, MORNING_MS, tuesday_ms(8), "A");
    order(&desk, MORNING_MS + 1000, &slate);
    pass(&desk, MORNING_MS + 11000, NULL, NULL);
    struct store *store = store_bench_open(&desk.bench);
    assert_int_equal(store_revision_list(store, "zhangdian", 0, &rows), 0);
    assert_int_equal(rows.count, 2);
    store_rows_finish(&rows);
    assert_int_equal(store_amendment_list(store, "zhangdian", MONDAY, &rows), 0);
    assert_int_equal(rows.count, 1);
    assert_string_equal(store_amendment_at(&rows, 0).reason, "信号异常");
    store_rows_finish(&rows);
    store_close(store);
    clean_up(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_that_is_closed_stays_as_it_was_until_it_is_opened_again),
        cmocka_unit_test(lists_are_closed_at_their_hour_and_only_once),
        cmocka_unit_test(a_broken_timetable_is_not_closed_until_it_is_mended),
        cmocka_unit_test(a_list_that_cannot_be_kept_is_not_a_store_that_is_lost),
        cmocka_unit_test(a_clock_that_is_set_back_holds_nothing_up),
        cmocka_unit_test(many_warnings_are_bounded_and_told_once),
        cmocka_unit_test(a_lesson_airs_when_all_stages_are_signed_and_its_repeat_by_its_own),
        cmocka_unit_test(a_file_that_changed_is_not_approved_and_the_old_one_goes_on),
        cmocka_unit_test(an_order_cannot_air_what_is_not_approved),
        cmocka_unit_test(a_new_start_without_the_store_knows_what_was_signed),
        cmocka_unit_test(where_nothing_is_known_the_plan_goes_on),
        cmocka_unit_test(what_was_kept_is_not_believed_blindly),
        cmocka_unit_test(what_is_planned_and_ordered_is_noted_in_the_store),
        cmocka_unit_test(a_store_that_is_gone_is_tried_again_and_what_was_known_holds),
    };
    return cmocka_run_group_tests_name("signoff", tests, NULL, NULL);
}
