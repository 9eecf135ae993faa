/* SPDX-License-Identifier: MIT */
#include "tests/support/signoff_desk.h"

#include "playout/asset.h"
#include "scheduler/freezing.h"
#include "tests/support/must.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static const char timetable_text[] =
    "format: 1\nchannel: zhangdian\nlessons:\n"
    "  - {house_number: A, title: one, substitute: S}\n  - {house_number: B, title: two}\n"
    "periods: [{name: p, start: 8:00, end: 8:20}]\n"
    "days: [周一, 周二, 周三, 周四, 周五, 周六, 周日]\n"
    "grid: {p: [A, A, A, A, A, A, A]}\n"
    "repeats: {from: 18:00, until: 18:20, pitch: 20}\n";

void desk_write_timetable(const struct desk *desk, const char *from, const char *to)
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

void desk_set_up(struct desk *desk, int stages)
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
    desk_write_timetable(desk, NULL, NULL);
    MUST(planner_create(station, &desk->planner) == 0);
    MUST(keeper_create(station, &desk->keeper) == 0);
}

void desk_clean_up(struct desk *desk)
{
    planner_destroy(desk->planner);
    keeper_destroy(desk->keeper);
    station_destroy(desk->station);
    store_bench_finish(&desk->bench);
}

void desk_reload(struct desk *desk)
{
    struct problems problems;
    problems_init(&problems);
    MUST(planner_load_timetables(desk->planner, &problems) == 0);
    problems_finish(&problems);
}

int desk_pass(struct desk *desk, int64_t now_ms, char *trouble, size_t *told)
{
    struct keeper_news news;
    keeper_pass(desk->keeper, now_ms, false);
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

void desk_check_number(struct desk *desk, int64_t now_ms, int64_t ms, const char *number)
{
    struct plan *plan = NULL;
    const struct plan_event *event = event_at(desk, now_ms, ms, &plan);
    assert_string_equal(event->instead_of != NULL ? event->instead_of : event->house_number,
                        number);
    plan_destroy(plan);
}

void desk_check_asset(struct desk *desk, int64_t now_ms, int64_t ms, const char *asset)
{
    struct plan *plan = NULL;
    assert_string_equal(event_at(desk, now_ms, ms, &plan)->asset, asset);
    plan_destroy(plan);
}

int64_t tuesday_ms(int hour)
{
    return MORNING_MS + (14 + hour) * HOUR_MS;
}

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

void desk_edit_day(struct desk *desk, int64_t date, const char *reason)
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

void desk_read_media(struct desk *desk)
{
    struct problems problems; /* what is wrong with it is of other tests */
    problems_init(&problems);
    MUST(planner_read_media(desk->planner, &problems) == 0);
    problems_finish(&problems);
}

void desk_add_media(struct desk *desk, char *number, int content)
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
    desk_read_media(desk);
}

void desk_sign(struct desk *desk, const char *number, int content, const char *run,
               enum approval_verdict verdict)
{
    static const char *const approvers[] = {"王", "李", "张"};
    const struct approval_rule rule = {desk->station->scheduler.approval_stages, true};
    struct store *store = store_bench_open(&desk->bench);
    for (int stage = 1; stage <= (verdict == APPROVAL_GIVEN ? rule.stages : 1); stage++) {
        const struct store_approval approval = {.house_number = number,
                                                .sha256 = store_bench_hash(content),
                                                .run = run,
                                                .stage = stage,
                                                .verdict = verdict,
                                                .approver = approvers[stage - 1],
                                                .note = "",
                                                .time_ms = MORNING_MS};
        assert_int_equal(store_approval_add(store, &approval, &rule), 0);
    }
    store_close(store);
}

void desk_order(struct desk *desk, int64_t now_ms, const struct order_request *request)
{
    struct planner_outcome outcome;
    assert_int_equal(
        planner_order(desk->planner, desk->service, NULL, now_ms, request, false, &outcome), 0);
}

void desk_lose_all(struct desk *desk)
{
    store_bench_run(&desk->bench, "DELETE FROM approvals; DELETE FROM frozen_files; "
                                  "DELETE FROM freezes; DELETE FROM day_changes");
}

void desk_check_lost(struct desk *desk, int64_t now_ms, const char *said)
{
    char text[SIGNOFF_LOST_SIZE];
    desk_pass(desk, now_ms, NULL, NULL);
    signoff_lost_text(planner_signoff(desk->planner), desk->station, text);
    if (said == NULL ? text[0] != '\0' : strstr(text, said) == NULL) {
        fail_msg("said: %s", text);
    }
}

void desk_set_up_signed(struct desk *desk)
{
    static char number[] = "A";
    desk_set_up(desk, 2);
    desk->station->scheduler.is_alone_allowed = false;
    desk_reload(desk);
    desk_add_media(desk, number, 1);
    desk_sign(desk, "A", 1, APPROVAL_FIRST_RUN, APPROVAL_GIVEN);
    desk_sign(desk, "A", 1, "2020-02-18", APPROVAL_GIVEN);
    desk_edit_day(desk, MONDAY + 1, NULL);
    desk_check_lost(desk, EVENING_MS, NULL);
}

void desk_check_both_air(struct desk *desk, int64_t now_ms)
{
    desk_check_asset(desk, now_ms, tuesday_ms(8), store_bench_hash(1));
    desk_check_asset(desk, now_ms, tuesday_ms(18), store_bench_hash(1));
}

void desk_bring_back(struct desk *desk, int64_t now_ms, int64_t approvals)
{
    struct signoff_counts counts;
    struct problems problems;
    struct store *store = store_bench_open(&desk->bench);
    problems_init(&problems);
    assert_int_equal(signoff_bring_back(store, desk->station, MONDAY, now_ms, &counts, &problems),
                     0);
    assert_int_equal(counts.approved, approvals);
    problems_finish(&problems);
    store_close(store);
}

void desk_judge_stage(struct desk *desk, int stage, enum approval_verdict verdict)
{
    const struct approval_rule rule = {3, true};
    struct store *store = store_bench_open(&desk->bench);
    const struct store_approval approval = {.house_number = "A",
                                            .sha256 = store_bench_hash(1),
                                            .run = APPROVAL_FIRST_RUN,
                                            .stage = stage,
                                            .verdict = verdict,
                                            .approver = "李",
                                            .note = "",
                                            .time_ms = EVENING_MS};
    assert_int_equal(store_approval_add(store, &approval, &rule), 0);
    store_close(store);
}

void desk_start_under(struct desk *desk, int stages, bool is_alone_allowed)
{
    desk->station->scheduler.approval_stages = stages;
    desk->station->scheduler.is_alone_allowed = is_alone_allowed;
    keeper_destroy(desk->keeper);
    MUST(keeper_create(desk->station, &desk->keeper) == 0);
}
