/* SPDX-License-Identifier: MIT */
/* What is loaded of a day: also what came before it, as far as it still tells of the day. */
#include "scheduler/report/report_load.h"

#include "playout/as_run_file.h"
#include "playout/durable.h"
#include "tests/support/must.h"
#include "tests/support/report_world.h"
#include "tests/support/world_station.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DAY = REPORT_DAY };

static char channel_name[] = "zhangdian";

struct archive {
    struct report_world *world;
    char *folder;
    struct zone *zone;
    struct profile profile;
    struct service service;
    struct station station;
    struct channel_day channel;
};

static int set_up(void **state)
{
    struct archive *archive = calloc(1, sizeof(*archive));
    MUST(archive != NULL && zone_open("Etc/UTC", &archive->zone) == 0);
    archive->world = report_world_create();
    archive->folder = world_folder_create();
    archive->profile.join_grid_frames = 3;
    archive->profile.video.es.max_lead_ms = 1000;
    archive->service = (struct service){.name = channel_name, .profile = &archive->profile};
    archive->station = (struct station){.state = archive->folder, .as_run_days = 400};
    *state = archive;
    return 0;
}

static int tear_down(void **state)
{
    struct archive *archive = *state;
    channel_day_finish(&archive->channel);
    world_folder_remove(archive->folder);
    free(archive->folder);
    report_world_destroy(archive->world);
    zone_close(archive->zone);
    free(archive);
    return 0;
}

static char *make_folder(const struct archive *archive, const char *kind)
{
    char *folder = station_state_path(&archive->station, kind, channel_name);
    MUST(folder != NULL && durable_make_folder(folder) == 0);
    return folder;
}

static void save_plans(const struct archive *archive)
{
    char *folder = make_folder(archive, "plans");
    char *journal = NULL;
    struct journal entries = {0};
    MUST(asprintf(&journal, "%s/journal", folder) > 0);
    for (size_t i = 0; i < archive->world->revision_count; i++) {
        struct plan *plan = archive->world->plans[i];
        const struct journal_entry entry = {.kind = JOURNAL_ADOPT,
                                            .frame = archive->world->revisions[i].frame,
                                            .revision = plan->revision};
        char *path = NULL;
        plan->channel = strdup(channel_name);
        MUST(asprintf(&path, "%s/%d.yaml", folder, (int)plan->revision) > 0);
        MUST(plan_save(path, plan, "Etc/UTC") == 0);
        MUST(journal_append(journal, &entries, &entry) == 0);
        free(path);
    }
    journal_finish(&entries);
    free(journal);
    free(folder);
}

static void save_lines(const struct archive *archive)
{
    char *folder = make_folder(archive, "asrun");
    struct as_run_file file = {0};
    as_run_file_init(&file, folder, archive->zone);
    for (size_t i = 0; i < archive->world->line_count; i++) {
        MUST(file.sink.write(&file.sink, &archive->world->lines[i].record) == 0);
    }
    free(folder);
}

/* The world's day, from the files. */
static const struct comparison *load(struct archive *archive)
{
    const struct report_day day = {.date = "1970-01-01", .from = DAY, .to = REPORT_END};
    const struct report_source source = {.station = &archive->station,
                                         .zone = archive->zone,
                                         .catalogue = &archive->world->catalogue,
                                         .now = REPORT_END};
    struct problems problems;
    problems_init(&problems);
    save_plans(archive);
    save_lines(archive);
    assert_int_equal(
        channel_day_load(&source, &archive->service, &day, &archive->channel, &problems), 0);
    problems_print(&problems, stderr);
    problems_finish(&problems);
    return &archive->channel.comparison;
}

/* Both plans are of the evening before, and the slate between them reaches into the day. */
static void slate_for_want_of_a_plan_is_booked_across_midnight(void **state)
{
    struct archive *archive = *state;
    static const struct report_item items[] = {
        {.seq = 1, .start = -2000, .end = -40, .kind = EVENT_LESSON, .house_number = "L1"},
        {.seq = 2, .start = -40, .end = 60, .kind = EVENT_SLATE},
        {.seq = 3, .start = 60, .end = 6000, .kind = EVENT_LESSON, .house_number = "L2"},
    };
    report_world_plan(report_world_adopt(archive->world, DAY - 9000), &items[0]);
    struct plan *plan = report_world_adopt(archive->world, DAY - 60);
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        report_world_plan(plan, &items[i]);
        report_world_air(archive->world, &items[i]);
    }
    const struct comparison *comparison = load(archive);
    assert_int_equal(comparison->frames[CLASS_PLANLESS], 60);
    assert_int_equal(comparison->frames[CLASS_PLANNED], REPORT_LENGTH - 60);
}

#define IN_ARCHIVE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ARCHIVE(slate_for_want_of_a_plan_is_booked_across_midnight),
    };
    return cmocka_run_group_tests_name("report_load", tests, NULL, NULL);
}
