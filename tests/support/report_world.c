/* SPDX-License-Identifier: MIT */
#include "tests/support/report_world.h"

#include "tests/support/must.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct report_world *report_world_create(void)
{
    struct report_world *world = calloc(1, sizeof(*world));
    const struct catalogue_entry entries[] = {
        {.house_number = "F1", .kind = CATALOGUE_FILLER},
        {.house_number = "EYE", .kind = CATALOGUE_BREAK},
        {.house_number = "ZT", .kind = CATALOGUE_LESSON, .is_special = true},
        {.house_number = "L1", .kind = CATALOGUE_LESSON, .grade = "一年级", .subject = "语文"},
    };
    MUST(world != NULL);
    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        MUST(report_catalogue_add(&world->catalogue, &entries[i]) == 0);
    }
    report_catalogue_sort(&world->catalogue);
    return world;
}

void report_world_forget(struct report_world *world)
{
    comparison_finish(&world->comparison);
    for (size_t i = 0; i < world->revision_count; i++) {
        plan_destroy(world->plans[i]);
    }
    for (size_t i = 0; i < world->line_count; i++) {
        as_run_line_finish(&world->lines[i]);
    }
    journal_finish(&world->journal);
    world->revision_count = 0;
    world->line_count = 0;
    world->is_before_record = false;
}

void report_world_destroy(struct report_world *world)
{
    if (world != NULL) {
        report_world_forget(world);
        report_catalogue_finish(&world->catalogue);
        free(world);
    }
}

/* A plan that holds from `frame` on. */
struct plan *report_world_adopt(struct report_world *world, int64_t frame)
{
    struct plan *plan = plan_create();
    MUST(plan != NULL && world->revision_count < REPORT_REVISIONS_MOST);
    plan->revision = (int64_t)world->revision_count + 1;
    plan->effective = frame;
    plan->fillers = calloc(1, sizeof(plan->fillers[0]));
    MUST(plan->fillers != NULL);
    memcpy(plan->fillers[0], REPORT_FILLER, SHA256_HEX_SIZE);
    plan->filler_count = 1;
    world->plans[world->revision_count] = plan;
    world->revisions[world->revision_count++] =
        (struct report_revision){frame, frame + REPORT_EARLIEST, plan};
    return plan;
}

/* The asset of a house number: one of its own, the filler, or the slate. */
const char *report_world_asset(const char *house_number, char asset[SHA256_HEX_SIZE])
{
    unsigned sum = 0;
    if (house_number == NULL) {
        return "";
    }
    if (strcmp(house_number, "F1") == 0) {
        return REPORT_FILLER;
    }
    for (const char *c = house_number; *c != '\0'; c++) {
        sum = sum * 31 + (unsigned char)*c;
    }
    snprintf(asset, SHA256_HEX_SIZE, "%064x", sum);
    return asset;
}

void report_world_plan(struct plan *plan, const struct report_item *item)
{
    char asset[SHA256_HEX_SIZE];
    const struct plan_event event = {.seq = item->seq,
                                     .programme =
                                         item->programme != 0 ? item->programme : item->seq,
                                     .start = REPORT_DAY + item->start,
                                     .duration = item->end - item->start,
                                     .kind = item->kind,
                                     .asset = report_world_asset(item->house_number, asset),
                                     .house_number = item->house_number,
                                     .instead_of = item->instead_of,
                                     .reason = item->reason,
                                     .text = item->text,
                                     .amendment = item->amendment};
    MUST(plan_append(plan, &event) == 0);
}

static char *copy(const char *text)
{
    char *result = text != NULL ? strdup(text) : NULL;
    MUST(text == NULL || result != NULL);
    return result;
}

/* A line for the item, as the engine writes it when all goes well. */
struct as_run_record *report_world_air(struct report_world *world, const struct report_item *item)
{
    char asset[SHA256_HEX_SIZE];
    MUST(world->line_count < REPORT_LINES_MOST);
    struct as_run_line *line = &world->lines[world->line_count++];
    struct as_run_record *record = &line->record;
    *line = (struct as_run_line){0};
    *record = (struct as_run_record){.seq = item->seq,
                                     .amendment = item->amendment,
                                     .kind = item->kind,
                                     .house_number = copy(item->house_number),
                                     .instead_of = copy(item->instead_of),
                                     .reason = copy(item->reason),
                                     .planned_start = REPORT_DAY + item->start,
                                     .planned_duration = item->end - item->start,
                                     .start = REPORT_DAY + item->start,
                                     .end = REPORT_DAY + item->end,
                                     .parts = calloc(2, sizeof(record->parts[0])),
                                     .part_count = 1};
    MUST(record->parts != NULL);
    snprintf(record->asset, sizeof(record->asset), "%s",
             report_world_asset(item->house_number, asset));
    memcpy(record->parts[0].asset, record->asset, sizeof(record->asset));
    record->parts[0].from = record->start;
    return record;
}

void report_world_interrupt(struct report_world *world, int64_t from, int64_t to)
{
    MUST(world->line_count < REPORT_LINES_MOST);
    world->lines[world->line_count++] =
        (struct as_run_line){.is_interruption = true, .record = {.start = from, .end = to}};
}

void report_world_replace_rest(struct as_run_record *record, int64_t from, const char *asset)
{
    if (from > record->start) {
        record->part_count = 2;
    }
    struct aired_part *part = &record->parts[record->part_count - 1];
    part->from = from;
    snprintf(part->asset, sizeof(part->asset), "%s", asset);
}

static void add_entry(struct report_world *world, const struct journal_entry *entry)
{
    struct journal_entry *grown =
        realloc(world->journal.entries, (world->journal.count + 1) * sizeof(*grown));
    MUST(grown != NULL);
    world->journal.entries = grown;
    grown[world->journal.count++] = *entry;
}

void report_world_substitute(struct report_world *world, int64_t seq, int64_t from,
                             const char *asset)
{
    struct journal_entry entry = {
        .kind = JOURNAL_SUBSTITUTE, .frame = from, .seq = seq, .from = from};
    snprintf(entry.asset, sizeof(entry.asset), "%s", asset);
    add_entry(world, &entry);
}

void report_world_begin_at(struct report_world *world, int64_t frame)
{
    add_entry(world, &(struct journal_entry){.kind = JOURNAL_ADOPT, .frame = frame, .revision = 1});
}

void report_world_drop(struct report_world *world, size_t i)
{
    as_run_line_finish(&world->lines[i]);
    world->line_count--;
    memmove(&world->lines[i], &world->lines[i + 1],
            (world->line_count - i) * sizeof(world->lines[0]));
}

const struct comparison *report_world_compare(struct report_world *world)
{
    return report_world_compare_to(world, REPORT_END);
}

const struct comparison *report_world_compare_to(struct report_world *world, int64_t to)
{
    const struct compare_input input = {.from = REPORT_DAY,
                                        .to = to,
                                        .revisions = {world->revisions, world->revision_count},
                                        .journal = &world->journal,
                                        .lines = world->lines,
                                        .line_count = world->line_count,
                                        .catalogue = &world->catalogue,
                                        .is_before_record = world->is_before_record};
    comparison_finish(&world->comparison);
    MUST(report_compare(&input, &world->comparison) == 0);
    return &world->comparison;
}

const struct report_item report_morning[REPORT_MORNING] = {
    {1, 0, 1000, EVENT_LESSON, "L1", NULL, NULL, NULL, 0, 0},
    {2, 1000, 1500, EVENT_FILLER, "F1", NULL, NULL, NULL, 0, 0},
    {3, 1500, 2500, EVENT_REPEAT, "L2", NULL, NULL, NULL, 0, 0},
    {4, 2500, 3000, EVENT_CARD, "EYE", NULL, NULL, NULL, 0, 0},
    {5, 3000, 4000, EVENT_LIVE, "L3", NULL, NULL, NULL, 0, 0},
    {6, 4000, 5000, EVENT_LESSON, "ZT", NULL, NULL, NULL, 0, 0},
    {7, 5000, 6000, EVENT_SLATE, NULL, NULL, NULL, NULL, 0, 0},
};

struct as_run_record *report_world_morning(struct report_world *world, size_t i)
{
    struct plan *plan = report_world_adopt(world, REPORT_DAY - 5000);
    for (size_t k = 0; k < REPORT_MORNING; k++) {
        report_world_plan(plan, &report_morning[k]);
        report_world_air(world, &report_morning[k]);
    }
    return &world->lines[i].record;
}

void report_world_check_programme(const struct comparison *comparison, size_t i,
                                  enum programme_status status, int64_t aired)
{
    assert_true(i < comparison->programme_count);
    const struct planned_programme *programme = &comparison->programmes[i];
    assert_int_equal(programme->status, status);
    assert_int_equal(programme->frames[CLASS_PLANNED], aired);
}

const struct compared_span *report_world_span(const struct comparison *comparison,
                                              enum report_class class)
{
    for (size_t i = 0; i < comparison->span_count; i++) {
        if (comparison->spans[i].class == class) {
            return &comparison->spans[i];
        }
    }
    fail_msg("no span of class %d", (int)class);
    return NULL;
}
