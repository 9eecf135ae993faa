/* SPDX-License-Identifier: MIT */
#include "tests/support/planner_bench.h"

#include "scheduler/order_desk.h"
#include "tests/support/must.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

int planner_bench_set_up(struct planner_bench *bench)
{
    struct problems problems;
    const char *const paths[] = {"schedules/zhangdian.yaml"};
    *bench = (struct planner_bench){.folder = "/tmp/test_planner.XXXXXX", .media_minutes = 20};
    problems_init(&problems);
    int result = station_load("schedules/station.cfg", &bench->station, &problems);
    if (result == 0 && mkdtemp(bench->folder) != NULL) {
        free(bench->station->state);
        free(bench->station->media);
        bench->station->state = strdup(bench->folder);
        bench->station->media = strdup(bench->folder);
        result = planner_create(bench->station, &bench->planner);
    }
    if (result == 0) {
        result = planner_load_files(bench->planner, paths, 1, &problems);
        bench->service = station_service(bench->station, "zhangdian");
    }
    problems_finish(&problems);
    return result;
}

void planner_bench_clean_up(struct planner_bench *bench)
{
    char command[64];
    planner_destroy(bench->planner);
    station_destroy(bench->station);
    snprintf(command, sizeof(command), "rm -r %s", bench->folder);
    MUST(system(command) == 0);
}

void planner_bench_change_rule(struct planner_bench *bench, const char *rule, const char *other)
{
    char path[64];
    char command[256];
    const char *const paths[] = {path};
    struct problems problems;
    snprintf(path, sizeof(path), "%s/zhangdian.yaml", bench->folder);
    snprintf(command, sizeof(command), "sed 's/^%s/%s/' schedules/zhangdian.yaml >%s", rule, other,
             path);
    MUST(system(command) == 0);
    problems_init(&problems);
    assert_int_equal(planner_load_files(bench->planner, paths, 1, &problems), 0);
    problems_finish(&problems);
}

/* What is wrong with it is of other tests. */
static int read_media(struct planner *reader)
{
    struct problems problems;
    problems_init(&problems);
    const int result = planner_read_media(reader, &problems);
    problems_finish(&problems);
    return result;
}

void planner_bench_add_media(struct planner_bench *bench, const char *house_number,
                             const char *title, enum asset_kind kind, char digit)
{
    static const char *const suffixes[] = {"mp4", "idx", "json"};
    char number[32];
    char nothing[] = "";
    char name[64];
    snprintf(name, sizeof(name), "%s", title);
    snprintf(number, sizeof(number), "%s", house_number);
    struct asset_record record = {.house_number = number,
                                  .kind = kind,
                                  .profile = bench->service->profile->name,
                                  .title = name,
                                  .source = nothing,
                                  .is_proven = true,
                                  .duration_frames =
                                      bench->media_minutes * 60LL * FRAMES_PER_SECOND,
                                  .created_ms = NOW_MS - DAY_MS};
    memset(record.sha256, digit, SHA256_HEX_SIZE - 1);
    for (int i = 0; i < 3; i++) {
        char *path = asset_path(bench->station->media, record.sha256, suffixes[i]);
        FILE *out = i < 2 ? fopen(path, "w") : NULL;
        MUST(i == 2 ? asset_record_save(path, &record) == 0 : out != NULL && fclose(out) == 0);
        free(path);
    }
    MUST(read_media(bench->planner) == 0);
}

void planner_bench_add_first_lessons(struct planner_bench *bench)
{
    static const char *const lessons[] = {"KT-01", "KT-04", "KT-07", "KT-10", "KT-03"};
    for (int i = 0; i < 5; i++) {
        planner_bench_add_media(bench, lessons[i], "", ASSET_LESSON, (char)('5' + i));
    }
}

int planner_bench_ask(struct planner_bench *bench, int64_t now_ms,
                      const struct order_request *request, struct planner_outcome *outcome)
{
    return planner_order(bench->planner, bench->service, &bench->engine, now_ms, request,
                         !bench->is_impatient, outcome);
}

int planner_bench_say(struct planner_bench *bench, int64_t now_ms, const char *json,
                      struct planner_outcome *outcome)
{
    struct zone *zone = NULL;
    struct order_request request;
    const struct order_periods periods = planner_periods(bench->planner, bench->service->name);
    char complaint[ORDER_WHEN_TEXT_SIZE];
    json_t *object = json_loads(json, 0, NULL);
    MUST(object != NULL && zone_open(bench->station->time_zone, &zone) == 0);
    const char *wrong = order_desk_read(object, &periods, zone, now_ms, &request, complaint);
    if (wrong != NULL) {
        fail_msg("%s: %s", json, wrong);
    }
    const int result = planner_bench_ask(bench, now_ms, &request, outcome);
    json_t *answer = order_desk_answer(result, "", outcome, zone);
    assert_non_null(answer);
    json_decref(answer);
    json_decref(object);
    zone_close(zone);
    return result;
}

void planner_bench_order(struct planner_bench *bench, int64_t now_ms,
                         const struct order_request *request, struct order_answer *answer)
{
    struct planner_outcome outcome;
    const int result = planner_bench_ask(bench, now_ms, request, &outcome);
    if (result < 0) {
        fail_msg("%d: %s", result, outcome.answer.text);
    }
    *answer = outcome.answer;
}

void planner_bench_plan(struct planner_bench *bench, int64_t now_ms)
{
    const struct order_request slate = {.kind = ORDER_SLATE, .reason = "test"};
    struct order_answer answer;
    planner_bench_order(bench, now_ms, &slate, &answer);
    const struct order_request undo = {.command = REQUEST_UNDO, .id = answer.order};
    planner_bench_order(bench, now_ms, &undo, &answer);
}

static char *journal_path(const struct planner_bench *bench)
{
    char *path = station_state_path(bench->station, "plans", "zhangdian/journal");
    MUST(path != NULL);
    return path;
}

void planner_bench_adopt(const struct planner_bench *bench, int64_t revision, int64_t frame)
{
    char *path = journal_path(bench);
    FILE *journal = fopen(path, "w");
    MUST(journal != NULL);
    MUST(fprintf(journal,
                 "{\"adopt\":%lld,\"frame\":%lld,\"eit_version\":1,\"schedule_version\":1}\n",
                 (long long)revision, (long long)frame) > 0);
    MUST(fclose(journal) == 0);
    free(path);
}

void planner_bench_forget_adoptions(const struct planner_bench *bench)
{
    char *path = journal_path(bench);
    MUST(unlink(path) == 0);
    free(path);
}

struct plan *planner_bench_latest(const struct planner_bench *bench)
{
    struct plan *plan = NULL;
    assert_int_equal(planner_latest(bench->planner, bench->service, &plan), 0);
    return plan;
}

const struct plan_amendment *planner_bench_find_order(const struct plan *plan, int64_t id)
{
    for (size_t i = 0; i < plan->amendment_count; i++) {
        if (plan->amendments[i].id == id) {
            return &plan->amendments[i];
        }
    }
    return NULL;
}
