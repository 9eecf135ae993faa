/* SPDX-License-Identifier: MIT */
#include "tests/support/tape_world.h"

#include "playout/adoption.h"
#include "tests/support/must.h"
#include "tests/support/world_station.h"

#include <errno.h>
#include <string.h>

enum {
    AROUND_FRAMES = 3 * SHELF_SLATE_FRAMES, /* of the slate before and after a plan */
    ADOPT_WITHIN = 250,
    SLOTS_STEP = FRAMES_PER_SECOND,
    SLOTS_MOST = 60000,
};

/* --- Rates ------------------------------------------------------------------- */

static struct tape_format *try_format(const struct tape_world *world, size_t transport)
{
    struct asset *slates[CASE_SERVICES];
    struct tape_format *format = NULL;
    struct problems problems;
    const struct transport *of = &world->station->transports[transport];
    for (size_t i = 0; i < of->service_count; i++) {
        slates[i] = tape_shelf_profile(world->shelf, of->services[i].profile->name)->slate;
    }
    problems_init(&problems);
    (void)tape_format_create(world->station, of, slates, &format, &problems);
    problems_finish(&problems);
    return format;
}

static bool is_enough(const struct tape_world *world, size_t transport, int slots)
{
    world->station->transports[transport].slots_per_second = slots;
    struct tape_format *format = try_format(world, transport);
    tape_format_destroy(format);
    return format != NULL;
}

/* The least number of slots a second that the tape of a transport takes; 0: none. */
static int least_slots(const struct tape_world *world, size_t transport)
{
    int low = 0;
    int high = 50;
    while (!is_enough(world, transport, high * SLOTS_STEP)) {
        low = high;
        high += high / 2;
        if (high * SLOTS_STEP > SLOTS_MOST) {
            return 0;
        }
    }
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        if (is_enough(world, transport, middle * SLOTS_STEP)) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return high * SLOTS_STEP;
}

static int make_station(struct tape_world *world)
{
    int slots[WORLD_TRANSPORTS] = {0};
    MUST(world_station_load(world->folder, world->of, slots, &world->station) == 0);
    MUST(world->station->transport_count <= WORLD_TRANSPORTS);
    for (size_t i = 0; i < world->station->transport_count; i++) {
        slots[i] = least_slots(world, i);
        if (slots[i] == 0) {
            return -EINVAL;
        }
        slots[i] += i == 0 ? world->of->extra_slots : 0;
    }
    station_destroy(world->station);
    world->station = NULL;
    MUST(world_station_load(world->folder, world->of, slots, &world->station) == 0);
    for (size_t i = 0; i < world->station->transport_count; i++) {
        world->formats[i] = try_format(world, i);
        if (world->formats[i] == NULL) {
            return -EINVAL; /* more slots may lie less well */
        }
    }
    return 0;
}

/* --- Plans and journals ------------------------------------------------------ */

static const char LONG_TEXT[] =
    "示例 这节课从一首诗讲起 请准备好课本和练习本 课后有三道习题 第一道人人都做 "
    "第二道可以和同学讨论 第三道选做 下节课开始时一起订正 示例教师在线答疑 "
    "家长可以陪同收看 错过的同学请看重播 重播时间见节目单 示例";

static struct plan *make_plan(const struct world_service *service, int steps, int64_t revision)
{
    struct case_events events;
    struct plan *plan = plan_create();
    int64_t start = service->of->start;
    const struct case_event *lead = NULL; /* the first of the EPG entry */
    char name[128];
    char text[512];
    MUST(plan != NULL);
    case_events_after(service->of, steps, &events);
    plan->channel = strdup(service->service->name);
    plan->revision = revision;
    plan->effective = start;
    for (int i = 0; i < events.count; i++) {
        const struct case_event *event = &events.list[i];
        const struct shelf_asset *asset =
            event->asset >= 0 ? &service->shelf->assets[event->asset] : NULL;
        lead = lead == NULL || !event->is_part ? event : lead;
        case_event_name(lead, name);
        snprintf(text, sizeof(text), "%s", lead->has_long_text ? LONG_TEXT : "示例教师");
        const struct plan_event planned = {
            .seq = event->seq,
            .start = start,
            .duration = event->frames,
            .in_point = event->in_point,
            .programme = lead->seq,
            .kind = asset == NULL                 ? EVENT_SLATE
                    : asset->kind == ASSET_FILLER ? EVENT_FILLER
                                                  : EVENT_LESSON,
            .asset = asset != NULL ? asset_sha256(asset->asset) : NULL,
            .title = lead->has_name ? name : NULL,
            .text = lead->has_name ? text : NULL,
        };
        MUST(plan_append(plan, &planned) == 0);
        start += event->frames;
    }
    return plan;
}

static bool is_legal(const struct world_service *service, const struct timeline *timeline)
{
    const struct plan *plan = timeline_plan(timeline);
    const struct plan_event *last = &plan->events[plan->event_count - 1];
    return shelf_is_legal_stretch(service->shelf, timeline, plan->events[0].start - AROUND_FRAMES,
                                  last->start + last->duration + AROUND_FRAMES);
}

/* Adopts a time line at the first frame from `earliest` on; false: it cannot be. */
static bool adopt(struct world_service *service, struct timeline *timeline, int64_t earliest,
                  struct journal_entry *entry)
{
    const struct tape_step last = service->history.steps[service->history.count - 1];
    earliest = earliest > last.frame ? earliest : last.frame + 1;
    if (entry->kind == JOURNAL_ADOPT && earliest <= last.version_frame + FRAMES_PER_SECOND) {
        earliest = last.version_frame + FRAMES_PER_SECOND + 1; /* as the engine does */
    }
    entry->frame = is_legal(service, timeline)
                       ? adoption_find(service->format, service->number, service->probe,
                                       last.timeline, timeline, earliest, ADOPT_WITHIN)
                       : -1;
    if (entry->frame < 0) {
        timeline_unref(timeline);
        return false;
    }
    struct tape_step step = {.frame = entry->frame, .timeline = timeline};
    if (entry->kind == JOURNAL_ADOPT) {
        step.version_frame = entry->frame;
        step.eit_version = tape_next_eit_version(service->format, &last, timeline, entry->frame);
        step.schedule_version =
            tape_next_schedule_version(service->format, &last, timeline, entry->frame);
        entry->eit_version = step.eit_version;
        entry->schedule_version = step.schedule_version;
    } else {
        step.version_frame = last.version_frame;
        step.eit_version = last.eit_version;
        step.schedule_version = last.schedule_version;
    }
    MUST(history_push(&service->history, &step) == 0);
    service->journal[service->entry_count++] = *entry;
    return true;
}

/* Takes step number `n` of the case; one that cannot be is passed over by those after it. */
static bool take_step(struct world_service *service, int n, int64_t revision)
{
    const struct case_step *step = &service->of->steps[n];
    const struct timeline *old = service->history.steps[service->history.count - 1].timeline;
    struct case_events events;
    case_events_after(service->of, n, &events);
    const int64_t start = case_event_start(service->of, &events, step->event);
    const int64_t change = start + (step->kind == STEP_RENAME ? 0 : step->frames);
    struct journal_entry entry = {.kind = JOURNAL_ADOPT, .revision = revision};
    struct timeline *timeline = NULL;
    if (step->kind == STEP_SUBSTITUTE) {
        entry.kind = JOURNAL_SUBSTITUTE;
        entry.seq = events.list[step->event].seq;
        entry.from = change;
        if (step->asset >= 0) {
            memcpy(entry.asset, asset_sha256(service->shelf->assets[step->asset].asset),
                   SHA256_HEX_SIZE);
        }
        timeline =
            timeline_substitute(old, entry.seq, entry.from, entry.asset, &service->media.lengths);
    } else {
        timeline = timeline_create(make_plan(service, n + 1, revision), &service->media.lengths);
    }
    MUST(timeline != NULL);
    return adopt(service, timeline, change - step->ahead, &entry);
}

static struct tape_inputs *make_inputs(const struct world_service *service)
{
    struct asset *assets[SHELF_ASSETS];
    for (int i = 0; i < SHELF_ASSETS; i++) {
        assets[i] = service->shelf->assets[i].asset;
    }
    struct tape_inputs *inputs =
        tape_inputs_create(service->history.steps, service->history.count, assets, SHELF_ASSETS);
    MUST(inputs != NULL);
    return inputs;
}

/* The first plan, long before it begins when it can be no later; then the steps. */
static int make_journal(struct world_service *service)
{
    MUST(history_begin(&service->history, SHELF_SLATE_FRAMES) == 0);
    service->probe = make_inputs(service);
    bool is_adopted = false;
    for (int ahead = service->of->ahead; !is_adopted && ahead < 4 * AROUND_FRAMES;
         ahead += AROUND_FRAMES) {
        struct journal_entry entry = {.kind = JOURNAL_ADOPT, .revision = 1};
        struct timeline *first = timeline_create(make_plan(service, 0, 1), &service->media.lengths);
        MUST(first != NULL);
        is_adopted = adopt(service, first, service->of->start - ahead, &entry);
    }
    if (!is_adopted) {
        return -EINVAL;
    }
    int64_t revision = 2;
    for (int i = 0; i < service->of->step_count; i++) {
        if (!take_step(service, i, revision)) {
            break; /* the steps after it are of the plan that it would have made */
        }
        revision += service->of->steps[i].kind != STEP_SUBSTITUTE;
    }
    service->inputs = make_inputs(service);
    return 0;
}

static int make_service(struct tape_world *world, int n, size_t numbers[WORLD_TRANSPORTS])
{
    struct world_service *service = &world->services[n];
    const struct case_service *of = &world->of->services[n];
    const size_t transport = world_station_transport(world->of, of->transport);
    service->of = of;
    service->shelf = tape_shelf_profile(world->shelf, of->profile);
    service->format = world->formats[transport];
    service->number = numbers[transport]++;
    service->service = &world->station->transports[transport].services[service->number];
    media_init(&service->media, world->shelf->station->media, SHELF_SLATE_FRAMES);
    return make_journal(service);
}

/* --- All --------------------------------------------------------------------- */

int tape_world_create(struct tape_world *world, const struct tape_shelf *shelf,
                      const struct tape_case *of)
{
    size_t numbers[WORLD_TRANSPORTS] = {0};
    *world = (struct tape_world){.shelf = shelf, .of = of};
    world->folder = world_folder_create();
    int result = make_station(world);
    for (int i = 0; i < of->service_count && result == 0; i++) {
        result = make_service(world, i, numbers);
    }
    for (size_t i = 0; result == 0 && i < tape_member_count(world->formats[0]); i++) {
        const struct service *member = tape_member(world->formats[0], i);
        for (int k = 0; k < of->service_count; k++) {
            if (world->services[k].service == member) {
                world->members[i] = world->services[k].inputs;
            }
        }
    }
    if (result < 0) {
        tape_world_destroy(world);
    }
    return result;
}

void tape_world_destroy(struct tape_world *world)
{
    for (int i = 0; i < world->of->service_count; i++) {
        tape_inputs_unref(world->services[i].probe);
        tape_inputs_unref(world->services[i].inputs);
        history_finish(&world->services[i].history);
    }
    for (size_t i = 0; i < WORLD_TRANSPORTS; i++) {
        tape_format_destroy(world->formats[i]);
    }
    station_destroy(world->station);
    world_folder_remove(world->folder);
    free(world->folder);
}

const struct tape_format *world_format(const struct tape_world *world)
{
    return world->formats[0];
}

int world_read(const struct tape_world *world, struct dice *dice, uint64_t first, size_t count,
               uint8_t *packets)
{
    struct tape_reader *reader = tape_reader_create(world->formats[0]);
    int error = 0;
    MUST(reader != NULL);
    while (count > 0 && error == 0) {
        const size_t most = (size_t)dice_between(dice, 1, 5000);
        const size_t part = most < count ? most : count;
        struct tape_fault fault;
        tape_read(reader, world->members, first, part, packets, &fault);
        error = fault.error;
        first += part;
        count -= part;
        packets += part * TS_PACKET_SIZE;
    }
    tape_reader_destroy(reader);
    return error;
}

int64_t world_joins(const struct tape_world *world, int64_t from, int64_t until)
{
    int64_t joins = 0;
    for (int i = 0; i < world->of->service_count; i++) {
        const struct world_service *service = &world->services[i];
        if (service->of->transport != 0) {
            continue;
        }
        for (int64_t frame = from; frame < until;) {
            struct piece piece;
            const struct tape_step *step = tape_inputs_step(service->inputs, frame);
            timeline_piece(step->timeline, frame, &piece);
            joins += piece.start >= from;
            frame = piece.start + piece.length;
        }
    }
    return joins;
}
