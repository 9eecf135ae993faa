/* SPDX-License-Identifier: MIT */
/* world_save: a case as files, for `ketang render`. */
#include "tests/support/must.h"
#include "tests/support/tape_world.h"
#include "tests/support/world_station.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

static void make_folder(const char *folder)
{
    char *path = strdup(folder);
    MUST(path != NULL);
    for (char *at = strchr(path + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
        *at = '\0';
        (void)mkdir(path, 0755);
        *at = '/';
    }
    (void)mkdir(path, 0755);
    free(path);
}

static void copy_file(const char *from, const char *to)
{
    char bytes[65536];
    size_t got = 0;
    FILE *in = fopen(from, "rb");
    FILE *out = fopen(to, "wb");
    MUST(in != NULL && out != NULL);
    while ((got = fread(bytes, 1, sizeof(bytes), in)) > 0) {
        MUST(fwrite(bytes, 1, got, out) == got);
    }
    fclose(in);
    MUST(fclose(out) == 0);
}

static void copy_asset(const char *from, const char *to, const struct asset *asset)
{
    static const char *const SUFFIXES[] = {"mp4", "idx", "json"};
    for (size_t i = 0; i < 3; i++) {
        char *source = asset_path(from, asset_sha256(asset), SUFFIXES[i]);
        char *copy = asset_path(to, asset_sha256(asset), SUFFIXES[i]);
        MUST(source != NULL && copy != NULL);
        copy_file(source, copy);
        free(source);
        free(copy);
    }
}

/* Slate and all assets that the plans name. */
static void save_media(const struct tape_world *world, const char *media)
{
    const char *from = world->shelf->station->media;
    for (int i = 0; i < world->of->service_count; i++) {
        const struct world_service *service = &world->services[i];
        copy_asset(from, media, service->shelf->slate);
        for (size_t k = 1; k < service->history.count; k++) {
            const struct plan *plan = timeline_plan(service->history.steps[k].timeline);
            for (size_t e = 0; e < plan->event_count; e++) {
                copy_asset(from, media, shelf_find(service->shelf, plan->events[e].asset));
            }
        }
        for (int k = 0; k < service->entry_count; k++) {
            copy_asset(from, media, shelf_find(service->shelf, service->journal[k].asset));
        }
    }
}

static void save_plans(const struct world_service *service, const char *folder)
{
    struct journal journal = {0};
    char path[4096];
    make_folder(folder);
    for (int i = 0; i < service->entry_count; i++) {
        const struct journal_entry *entry = &service->journal[i];
        if (entry->kind == JOURNAL_ADOPT) {
            snprintf(path, sizeof(path), "%s/%" PRId64 ".yaml", folder, entry->revision);
            const struct timeline *timeline = service->history.steps[i + 1].timeline;
            MUST(plan_save(path, timeline_plan(timeline), "Asia/Shanghai") == 0);
        }
        snprintf(path, sizeof(path), "%s/journal", folder);
        MUST(journal_append(path, &journal, entry) == 0);
    }
    journal_finish(&journal);
}

void tape_world_save(const struct tape_world *world, const char *folder)
{
    int slots[WORLD_TRANSPORTS] = {0};
    char path[4096];
    snprintf(path, sizeof(path), "%s/media", folder);
    world_folder_remove(folder);
    make_folder(path);
    save_media(world, path);
    for (size_t i = 0; i < world->station->transport_count; i++) {
        slots[i] = world->station->transports[i].slots_per_second;
    }
    world_station_write(folder, world->of, slots);
    for (int i = 0; i < world->of->service_count; i++) {
        snprintf(path, sizeof(path), "%s/state/plans/%s", folder, world->services[i].service->name);
        save_plans(&world->services[i], path);
    }
}
