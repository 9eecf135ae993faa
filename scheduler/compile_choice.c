/* SPDX-License-Identifier: MIT */
/* compile_choice: which media airs in a slot, and why not its own. */
#include "scheduler/compile_private.h"

#include <string.h>

/* A run of a house number in a slot. */
struct run {
    const char *house_number;
    bool is_repeat;
};

static const struct library_asset *find_newest(const struct compiler *compiler,
                                               const char *house_number)
{
    return library_find(compiler->input->library, compiler->input->profile->name, house_number);
}

static bool is_damaged(const struct compiler *compiler, const char *house_number)
{
    return library_is_damaged(compiler->input->library, compiler->input->profile->name,
                              house_number);
}

/* Files made from then on are too late; 0: none is. */
static int64_t limit_ms(const struct compiler *compiler, const struct timed_slot *slot)
{
    const int64_t cutoff_ms = compiler->input->cutoff_ms;
    return cutoff_ms > 0 ? compile_start_ms(slot->start) - cutoff_ms : 0;
}

/* True for what an order has put there, rather than only moved. */
static bool is_ordered(const struct plan *plan, const struct plan_event *event)
{
    for (size_t i = 0; event->amendment != 0 && i < plan->amendment_count; i++) {
        const struct plan_amendment *order = &plan->amendments[i];
        if (order->id == event->amendment) {
            return order->asset != NULL && strcmp(order->asset, event->asset) == 0;
        }
    }
    return false;
}

/*
 * The file that the plan in force has in a slot by its timetable; NULL: none.  That plan may begin
 * within the slot, with a later lap.
 */
static const char *decided_on(const struct plan *base, const struct timed_slot *slot,
                              const char *house_number)
{
    const ptrdiff_t first = base != NULL ? plan_find(base, slot->start) : -1;
    for (size_t i = first > 0 ? (size_t)first : 0; base != NULL && i < base->event_count; i++) {
        const struct plan_event *event = &base->events[i];
        if (event->start >= slot->end) {
            break;
        }
        if (event_end(event) <= slot->start) {
            continue;
        }
        if (!is_ordered(base, event) && event->asset[0] != '\0' && event->house_number != NULL &&
            strcmp(event->house_number, house_number) == 0) {
            return event->asset;
        }
    }
    return NULL;
}

/* The latest file that is approved and not too late, or why there is none. */
static struct media_choice choose_cleared(const struct compiler *compiler,
                                          const struct timed_slot *slot, struct run run)
{
    const struct compile_input *input = compiler->input;
    struct library_question question = {
        .profile = input->profile->name,
        .clearance = input->clearance,
        .airing = {.house_number = run.house_number,
                   .is_repeat = run.is_repeat,
                   .date = slot->date,
                   .start_ms = compile_start_ms(slot->start)},
        .before_ms = limit_ms(compiler, slot),
    };
    const struct library_asset *newest = find_newest(compiler, run.house_number);
    if (newest != NULL && library_is_late(newest, &question)) {
        question.in_time = decided_on(input->base, slot, run.house_number);
    }
    const bool is_late = newest != NULL && library_is_late(newest, &question);
    const bool is_spoilt = is_damaged(compiler, run.house_number);
    const enum media_state of_newest = is_spoilt        ? MEDIA_DAMAGED
                                       : newest == NULL ? MEDIA_MISSING
                                       : is_late        ? MEDIA_LATE
                                                        : MEDIA_UNAPPROVED;
    const struct library_asset *asset = library_find_cleared(input->library, &question);
    return (struct media_choice){
        .state = asset != NULL ? MEDIA_READY : of_newest,
        .newest = asset != NULL && asset == newest && !is_spoilt ? MEDIA_READY : of_newest,
        .file = newest,
        .asset = asset};
}

/* Media that needs no approval: cards, relays, lists. */
static struct media_choice choose_any(const struct compiler *compiler, const char *house_number)
{
    const struct library_asset *asset = find_newest(compiler, house_number);
    const enum media_state state = asset != NULL                        ? MEDIA_READY
                                   : is_damaged(compiler, house_number) ? MEDIA_DAMAGED
                                                                        : MEDIA_MISSING;
    return (struct media_choice){state, state, asset, asset};
}

static struct media_choice choose_substitute(const struct compiler *compiler,
                                             const struct timed_slot *slot)
{
    const char *substitute = slot->day->lesson->substitute;
    return substitute != NULL ? choose_cleared(compiler, slot, (struct run){substitute, false})
                              : (struct media_choice){0};
}

struct media_choice compile_choose_item(const struct compiler *compiler,
                                        const struct timed_slot *slot,
                                        const struct rotation_item *item)
{
    return item->lesson != NULL
               ? choose_cleared(compiler, slot, (struct run){item->house_number, true})
               : choose_any(compiler, item->house_number);
}

static struct fitting fitting_of_item(const struct library_asset *asset)
{
    return (struct fitting){asset, EVENT_REPEAT, REST_FILLER, INT64_MAX, EVENT_MIN_FRAMES};
}

const struct rotation_item *compile_rotate(const struct compiler *compiler,
                                           const struct timed_slot *slot,
                                           struct rotation_walk *walk, struct fitting *fitting)
{
    const struct day_slot *day = slot->day;
    while ((day->loops || walk->number < day->item_count) && walk->missing < day->item_count &&
           slot->end - walk->at >= EVENT_MIN_FRAMES) {
        const struct rotation_item *item = &day->items[walk->number++ % day->item_count];
        *fitting = fitting_of_item(compile_choose_item(compiler, slot, item).asset);
        if (fitting->asset == NULL) {
            walk->missing++;
            continue;
        }
        walk->missing = 0;
        const struct span left = {walk->at, slot->end};
        return compile_fitted(compiler, fitting, left) > 0 ? item : NULL;
    }
    return NULL;
}

struct slot_choice compile_choose(const struct compiler *compiler, const struct timed_slot *slot)
{
    const struct day_slot *day = slot->day;
    struct slot_choice choice = {0};
    if (day->lesson == NULL) {
        if (day->house_number != NULL) {
            choice.own = choose_any(compiler, day->house_number);
        }
        return choice;
    }
    if (day->kind == SLOT_LESSON && day->lesson->live != NULL) {
        choice.own.state = MEDIA_LIVE; /* where no live source can be taken, its substitute airs */
    } else {
        const struct run run = {day->lesson->house_number, day->kind == SLOT_REPEAT};
        choice.own = choose_cleared(compiler, slot, run);
    }
    choice.substitute = choose_substitute(compiler, slot);
    return choice;
}

static int64_t most_of(const struct day_slot *day)
{
    return day->fit.overrun == OVERRUN_TRIM && day->media > 0
               ? (int64_t)day->media * FRAMES_PER_SECOND
               : INT64_MAX;
}

struct fitting compile_fitting(const struct timed_slot *slot, const struct slot_choice *choice)
{
    const struct day_slot *day = slot->day;
    const bool is_own = choice->own.asset != NULL;
    const enum event_kind kind = day->kind == SLOT_RELAY           ? EVENT_LIVE
                                 : day->kind == SLOT_REPEAT        ? EVENT_REPEAT
                                 : day->lesson == NULL             ? EVENT_CARD
                                 : choice->own.state == MEDIA_LIVE ? EVENT_LIVE
                                 : day->lesson->is_shared          ? EVENT_CARD
                                                                   : EVENT_LESSON;
    return (struct fitting){.asset = is_own ? choice->own.asset : choice->substitute.asset,
                            .kind = kind,
                            .rest = day->fit.rest,
                            .most = is_own && day->lesson != NULL ? most_of(day) : INT64_MAX,
                            .least_rest = EVENT_MIN_FRAMES};
}

int64_t compile_needed(const struct compiler *compiler, const struct timed_slot *slot)
{
    const struct day_slot *day = slot->day;
    if ((day->kind != SLOT_LESSON && day->kind != SLOT_REPEAT) || day->is_fixed) {
        return 0;
    }
    const struct run run = {day->lesson->house_number, day->kind == SLOT_REPEAT};
    const struct library_asset *asset = choose_cleared(compiler, slot, run).asset;
    const int64_t most = most_of(day);
    if (asset == NULL) {
        return 0;
    }
    return asset->duration < most ? asset->duration : most;
}

/* --- Without making events ------------------------------------------------------------- */

static struct surveyed_slot surveyed_at(const struct timed_slot *slot)
{
    return (struct surveyed_slot){
        .start = slot->start, .end = slot->end, .date = slot->date, .day = slot->day};
}

/* What airs of a fitting; NULL where there is no room for it, and then its state says so. */
static const struct library_asset *airs(const struct compiler *compiler,
                                        const struct timed_slot *slot,
                                        const struct fitting *fitting, struct media_choice *choice)
{
    const struct span span = {slot->start, slot->end};
    if (fitting->asset != NULL && compile_fitted(compiler, fitting, span) == 0) {
        choice->state = MEDIA_UNFIT;
        return NULL;
    }
    return fitting->asset;
}

static int visit_rotation(const struct compiler *compiler, const struct timed_slot *slot)
{
    const struct day_slot *day = slot->day;
    struct surveyed_slot surveyed = surveyed_at(slot);
    struct rotation_walk walk = {.at = slot->start};
    struct fitting next;
    const struct rotation_item *aired = compile_rotate(compiler, slot, &walk, &next);
    for (size_t i = 0; i < day->item_count; i++) {
        surveyed.item = &day->items[i];
        surveyed.choice.own = compile_choose_item(compiler, slot, surveyed.item);
        const struct fitting fitting = fitting_of_item(surveyed.choice.own.asset);
        surveyed.airs = airs(compiler, slot, &fitting, &surveyed.choice.own);
        if (aired == surveyed.item) {
            walk.at += compile_fitted(compiler, &next, (struct span){walk.at, slot->end});
            aired = compile_rotate(compiler, slot, &walk, &next);
        } else {
            surveyed.airs = NULL; /* those before it take all the time: in later laps, too */
        }
        const int result = compiler->visitor->visit(compiler->visitor, &surveyed);
        if (result < 0) {
            return result;
        }
    }
    return 0;
}

int compile_visit(const struct compiler *compiler, const struct timed_slot *slot)
{
    if (slot->day == NULL || slot->end <= compiler->input->from ||
        slot->start >= compiler->input->to) {
        return 0;
    }
    if (slot->day->kind == SLOT_ROTATION) {
        return visit_rotation(compiler, slot);
    }
    struct surveyed_slot surveyed = surveyed_at(slot);
    struct slot_choice *choice = &surveyed.choice;
    *choice = compile_choose(compiler, slot);
    if (choice->own.state == MEDIA_NOT_NEEDED) {
        return 0;
    }
    const struct fitting fitting = compile_fitting(slot, choice);
    surveyed.airs = airs(compiler, slot, &fitting,
                         choice->own.asset != NULL ? &choice->own : &choice->substitute);
    return compiler->visitor->visit(compiler->visitor, &surveyed);
}
