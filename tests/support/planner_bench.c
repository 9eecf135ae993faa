/* SPDX-License-Identifier: MIT */
#include "tests/support/planner_bench.h"

#include "tests/support/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
