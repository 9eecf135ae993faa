/* SPDX-License-Identifier: MIT */
#include "tests/support/tape_case.h"

#include "tests/support/must.h"

#include <inttypes.h>
#include <string.h>

enum { DAY_S = 86400, NAME_SIZE = 128, TRIES = 12 };

static const char *const WORDS[] = {"示例 春夏秋冬",
                                    "示例课 有余数的除法(1)",
                                    "Sample lesson, reading aloud",
                                    "示例 欧姆定律 I=U/R",
                                    "示例 《孙权劝学》第二课时 复习与练习",
                                    "示例"};

enum { WORD_COUNT = sizeof(WORDS) / sizeof(WORDS[0]) };

void case_event_name(const struct case_event *event, char *name)
{
    snprintf(name, NAME_SIZE, "第%" PRId64 "课 %s", event->seq, WORDS[event->name % WORD_COUNT]);
}

/* --- When -------------------------------------------------------------------- */

/* A second at which something happens, between 2020 and 2037. */
static int64_t draw_moment(struct dice *dice)
{
    static const int64_t LEAP_DAYS[] = {1582934400, 1709164800, 1835395200, 1961625600};
    static const int64_t YEARS[] = {1609459200, 1767225600, 1798761600, 1830297600, 2082758400};
    static const int64_t SUMMERS[] = {1774746000, 1792890000, 1806195600, 1824944400}; /* Berlin */
    const int64_t any = dice_between(dice, 1577836800, 2114380800);
    switch (dice_between(dice, 0, 7)) {
    case 0: { /* PCR begins anew: 2^33 / 90000 s each */
        const int64_t wrap = INT64_C(1) << 33;
        return any / (wrap / 90000) * wrap / 90000; /* 2^15 x 2^33 */
    }
    case 1:
        return any - any % DAY_S; /* 00:00 UTC, 08:00 in China */
    case 2:
        return any - any % DAY_S + 16 * 3600; /* 00:00 in China */
    case 3:
        return LEAP_DAYS[dice_between(dice, 0, 3)] + dice_between(dice, 0, 1) * DAY_S;
    case 4:
        return YEARS[dice_between(dice, 0, 4)];
    case 5:
        return SUMMERS[dice_between(dice, 0, 3)];
    case 6:
        return any - any % 10;
    default:
        return any;
    }
}

/* --- Events ------------------------------------------------------------------ */

static int64_t on_grid(const struct profile *profile, int64_t frames)
{
    return frames - frames % profile->join_grid_frames;
}

/* Draws asset, in-point and length: legal ones. */
static void draw_asset(struct dice *dice, const struct shelf_profile *of, struct case_event *event)
{
    for (int i = 0; i < TRIES; i++) {
        event->asset = (int)dice_between(dice, -1, SHELF_ASSETS - 1);
        event->in_point = 0;
        event->frames = on_grid(of->profile, dice_between(dice, 48, 260));
        if (event->asset < 0) {
            if (shelf_is_legal(of, of->slate, 0, event->frames)) {
                return;
            }
            continue;
        }
        const struct shelf_asset *asset = &of->assets[event->asset];
        const int64_t gops = (asset->frames - 1) / GOP_FRAMES;
        if (dice_once_in(dice, 3)) {
            event->in_point = dice_between(dice, 0, gops) * GOP_FRAMES;
        }
        const int64_t rest = asset->frames - event->in_point;
        const bool is_whole = asset->kind == ASSET_LESSON && !dice_once_in(dice, 3);
        if (is_whole || (asset->kind == ASSET_LESSON && event->frames > rest)) {
            event->frames = rest;
        }
        if (shelf_is_legal(of, asset->asset, event->in_point, event->frames)) {
            return;
        }
    }
    *event = (struct case_event){.asset = 1, .frames = of->assets[1].frames}; /* a whole lesson */
}

static void draw_event(struct dice *dice, const struct shelf_profile *of, int64_t *seq,
                       struct case_event *event)
{
    *event = (struct case_event){0};
    draw_asset(dice, of, event);
    event->seq = (*seq)++;
    event->is_part = dice_once_in(dice, 6);
    event->has_name = !dice_once_in(dice, 5);
    event->name = (int)dice_between(dice, 0, WORD_COUNT - 1);
    event->has_long_text = dice_once_in(dice, 12);
}

int64_t case_event_start(const struct case_service *service, const struct case_events *events,
                         int event)
{
    int64_t start = service->start;
    for (int i = 0; i < event; i++) {
        start += events->list[i].frames;
    }
    return start;
}

/* --- Steps ------------------------------------------------------------------- */

static void apply_step(const struct case_step *step, struct case_events *events)
{
    switch (step->kind) {
    case STEP_CUT:
        MUST(step->event < events->count && step->event + 1 + step->tail_count <= CASE_EVENTS * 2);
        events->list[step->event].frames = step->frames;
        events->count = step->event + 1;
        for (int i = 0; i < step->tail_count; i++) {
            events->list[events->count++] = step->tail[i];
        }
        break;
    case STEP_RENAME:
        for (int i = step->event; i < events->count; i++) {
            events->list[i].name++;
        }
        break;
    case STEP_SUBSTITUTE:
        break;
    }
}

void case_events_after(const struct case_service *service, int steps, struct case_events *events)
{
    *events = service->events;
    for (int i = 0; i < steps; i++) {
        apply_step(&service->steps[i], events);
    }
}

/* An event that airs while it is looked at, when there is one. */
static int draw_place(struct dice *dice, const struct tape_case *of,
                      const struct case_service *service, const struct case_events *events)
{
    int place = 0;
    for (int i = 0; i < TRIES; i++) {
        place = (int)dice_between(dice, 0, events->count - 1);
        const int64_t start = case_event_start(service, events, place);
        const int64_t end = start + events->list[place].frames;
        if (end > of->first + 25 && start < of->first + of->frames + 50) {
            break;
        }
    }
    return place;
}

/* Where the event may end early: frames after its start, or all of it. */
static int64_t draw_end(struct dice *dice, const struct shelf_profile *of,
                        const struct case_event *event)
{
    const struct asset *asset = event->asset < 0 ? of->slate : of->assets[event->asset].asset;
    const int64_t grid = of->profile->join_grid_frames;
    for (int i = 0; i < TRIES && event->frames > 2 * GOP_FRAMES; i++) {
        int64_t frames = dice_between(dice, GOP_FRAMES / grid, event->frames / grid) * grid;
        frames = dice_once_in(dice, 2) ? frames - frames % GOP_FRAMES : frames;
        if (frames >= GOP_FRAMES && shelf_is_legal(of, asset, event->in_point, frames)) {
            return frames;
        }
    }
    return event->frames;
}

static void draw_substitute(struct dice *dice, const struct shelf_profile *of,
                            const struct case_event *event, struct case_step *step)
{
    step->frames = dice_once_in(dice, 2) ? 0 : draw_end(dice, of, event);
    step->frames = step->frames > event->frames - GOP_FRAMES ? 0 : step->frames;
    const int64_t filler = dice_between(dice, 0, SHELF_ASSETS / 4 - 1) * 4; /* as the shelf has */
    const bool is_legal =
        shelf_is_legal(of, of->assets[filler].asset, 0, event->frames - step->frames);
    step->asset = is_legal && dice_once_in(dice, 2) ? (int)filler : -1;
}

static void draw_step(struct dice *dice, const struct tape_case *of, const struct shelf_profile *on,
                      int64_t *seq, struct case_service *service)
{
    static const enum case_step_kind KINDS[] = {STEP_CUT, STEP_CUT, STEP_SUBSTITUTE,
                                                STEP_SUBSTITUTE, STEP_RENAME};
    struct case_step *step = &service->steps[service->step_count];
    struct case_events events;
    case_events_after(service, service->step_count, &events);
    *step = (struct case_step){.kind = KINDS[dice_between(dice, 0, 4)], .asset = -1};
    step->event = draw_place(dice, of, service, &events);
    step->ahead = (int)dice_between(dice, 20, 300);
    const struct case_event *event = &events.list[step->event];
    if (step->kind == STEP_CUT) {
        step->frames = draw_end(dice, on, event);
        step->tail_count = (int)dice_between(dice, 0, CASE_TAIL);
        for (int i = 0; i < step->tail_count; i++) {
            draw_event(dice, on, seq, &step->tail[i]);
        }
    } else if (step->kind == STEP_SUBSTITUTE) {
        draw_substitute(dice, on, event, step);
    }
    service->step_count++;
}

/* --- Services ---------------------------------------------------------------- */

static const char *draw_profile(struct dice *dice)
{
    const int64_t n = dice_between(dice, 0, 59);
    return n < 1 ? "uhd" : n < 9 ? "hd" : n < 17 ? "hd-720p50" : n < 33 ? "sd-mpeg2" : "sd";
}

static void draw_service(struct dice *dice, const struct tape_shelf *shelf, struct tape_case *of,
                         int transport, const char *profile)
{
    struct case_service *service = &of->services[of->service_count++];
    const struct shelf_profile *on = tape_shelf_profile(shelf, profile);
    int64_t seq = dice_between(dice, 1, 100000);
    *service = (struct case_service){.profile = profile, .transport = transport};
    service->start = on_grid(on->profile, of->first + dice_between(dice, -900, 120));
    service->ahead = (int)dice_between(dice, 60, 900);
    service->events.count = (int)dice_between(dice, 1, CASE_EVENTS);
    for (int i = 0; i < service->events.count; i++) {
        draw_event(dice, on, &seq, &service->events.list[i]);
    }
    const int64_t steps = dice_between(dice, 0, 2 * CASE_STEPS);
    for (int i = 0; i < steps - CASE_STEPS; i++) {
        draw_step(dice, of, on, &seq, service);
    }
}

static int draw_service_count(struct dice *dice)
{
    static const int COUNTS[] = {1, 1, 1, 1, 1, 1, 2, 2, 3, 4};
    return COUNTS[dice_between(dice, 0, 9)];
}

#define DRAW(dice, list)                                                                           \
    (list)[dice_between((dice), 0, (int64_t)(sizeof(list) / sizeof((list)[0])) - 1)]

void tape_case_draw(struct tape_case *drawn, const struct tape_shelf *shelf, uint64_t seed)
{
    static const char *const TEXTS[] = {"gb2312", "gb2312", "utf8", "ucs2", "gbk", "gb18030"};
    static const char *const OTHERS[] = {"none", "none", "pf", "schedule"};
    static const char *const ZONES[] = {"Asia/Shanghai", "Asia/Shanghai", "Europe/Berlin"};
    static const int DAYS[] = {0, 1, 2, 8, 8, 10};
    struct dice dice = {seed};
    *drawn = (struct tape_case){.seed = seed};
    drawn->text = DRAW(&dice, TEXTS);
    drawn->eit_other = DRAW(&dice, OTHERS);
    drawn->time_zone = DRAW(&dice, ZONES);
    drawn->eit_days = DRAW(&dice, DAYS);
    /* Of some stations the plans have more events than bandwidth is kept for. */
    drawn->eit_events_per_day =
        (int)(dice_once_in(&dice, 3) ? dice_between(&dice, 1, 4) : dice_between(&dice, 24, 80));
    drawn->has_bouquet = dice_once_in(&dice, 4);
    drawn->extra_slots = dice_once_in(&dice, 3) ? 0 : (int)dice_between(&dice, 0, 40) * 25;
    /* Some long enough that each section that is sent in ten seconds comes again. */
    drawn->frames =
        dice_once_in(&dice, 5) ? dice_between(&dice, 500, 800) : dice_between(&dice, 200, 375);
    drawn->first = draw_moment(&dice) * FRAMES_PER_SECOND - dice_between(&dice, 0, drawn->frames);
    const int services = draw_service_count(&dice);
    for (int i = 0; i < services; i++) {
        draw_service(&dice, shelf, drawn, 0, draw_profile(&dice));
    }
    const int64_t sisters = dice_between(&dice, -1, 2);
    for (int64_t i = 0; i < sisters; i++) {
        draw_service(&dice, shelf, drawn, 1 + (int)i % 2, "sd");
    }
}

void tape_case_draw_multiplex(struct tape_case *drawn, const struct tape_shelf *shelf,
                              uint64_t seed)
{
    struct dice dice = {seed};
    *drawn = (struct tape_case){.seed = seed,
                                .text = "gb2312",
                                .eit_other = "none",
                                .time_zone = "Asia/Shanghai",
                                .eit_days = 1,
                                .eit_events_per_day = 40};
    drawn->frames = (int64_t)12 * FRAMES_PER_SECOND;
    drawn->first = draw_moment(&dice) * FRAMES_PER_SECOND;
    for (size_t i = 0; i < shelf->profile_count; i++) {
        draw_service(&dice, shelf, drawn, 0, shelf->profiles[i].profile->name);
    }
}
