/* SPDX-License-Identifier: MIT */
#include "scheduler/publish/publish_plan.h"

#include "playout/text_same.h"

#include "scheduler/compile.h"
#include "scheduler/cutter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    GUESS_SECONDS = 20 * 60, /* of a lesson that nothing says the length of */
    AHEAD_DAYS = 60,         /* a plan that ends so long before says nothing of numbers */
    MINUTE_FRAMES = 60 * FRAMES_PER_SECOND,
};

const struct timetable *publish_timetable_on(const struct publish_source *source, int64_t date)
{
    const struct timetable *frozen = frozen_days_find(source->frozen, date);
    return frozen != NULL ? frozen : source->timetable;
}

/* --- The library as it is meant --------------------------------------------------- */

struct meant {
    const struct publish_source *source;
    struct library *library;
    unsigned added;
};

/* The planned length of a lesson in some period of the grid, or 0. */
static int length_in_grid(const struct timetable *timetable, const struct lesson *lesson)
{
    const size_t cells = timetable->period_count * DAYS_PER_WEEK;
    for (size_t i = 0; i < timetable->layer_count; i++) {
        for (size_t k = 0; k < cells; k++) {
            const struct period *period = &timetable->periods[k / DAYS_PER_WEEK];
            if (timetable->layers[i].cells[k].lesson == lesson) {
                return period->media > 0 ? period->media : period->end - period->start;
            }
        }
    }
    return 0;
}

static int planned_length(const struct timetable *timetable, const struct lesson *lesson)
{
    const int in_grid = lesson->media > 0 ? lesson->media : length_in_grid(timetable, lesson);
    return in_grid > 0 ? in_grid : GUESS_SECONDS;
}

/* The asset that there is; without one, one of `seconds` (0: none). */
static int add_asset(struct meant *meant, const char *house_number, int seconds)
{
    const struct profile *profile = meant->source->service->profile;
    struct library_asset guess = {.kind = ASSET_LESSON};
    if (house_number == NULL || library_find(meant->library, profile->name, house_number) != NULL) {
        return 0;
    }
    const struct library_asset *real =
        library_find(meant->source->library, profile->name, house_number);
    if (real != NULL) {
        return library_add(meant->library, real);
    }
    if (seconds == 0) {
        return 0;
    }
    guess.house_number = strdup(house_number);
    guess.profile = profile->name;
    guess.duration = cutter_grid_down(profile, (int64_t)seconds * FRAMES_PER_SECOND);
    snprintf(guess.sha256, sizeof(guess.sha256), "%064x", ++meant->added);
    const int result = guess.house_number != NULL ? library_add(meant->library, &guess) : -ENOMEM;
    free(guess.house_number);
    return result;
}

static int add_fixture(struct meant *meant, const struct fixture *fixture)
{
    int result = add_asset(meant, fixture->house_number, 0);
    for (size_t i = 0; result == 0 && i < fixture->list_count; i++) {
        result = add_asset(meant, fixture->list[i], GUESS_SECONDS);
    }
    return result;
}

static int add_cards(struct meant *meant, const struct presentation *presentation)
{
    const struct card *cards[] = {&presentation->opening, &presentation->closing,
                                  &presentation->next, &presentation->countdown};
    int result = 0;
    for (size_t i = 0; result == 0 && i < sizeof(cards) / sizeof(cards[0]); i++) {
        result = add_asset(meant, cards[i]->house_number, 0);
    }
    return result;
}

static int add_timetable(struct meant *meant, const struct timetable *timetable)
{
    int result = add_cards(meant, &timetable->presentation);
    for (size_t i = 0; result == 0 && i < timetable->lesson_count; i++) {
        const struct lesson *lesson = &timetable->lessons[i];
        result = add_asset(meant, lesson->house_number, planned_length(timetable, lesson));
    }
    for (size_t i = 0; result == 0 && i < timetable->fixture_count; i++) {
        result = add_fixture(meant, &timetable->fixtures[i]);
    }
    for (size_t i = 0; result == 0 && i < timetable->filler_count; i++) {
        result = add_asset(meant, timetable->fillers[i].house_number, 0);
    }
    return result;
}

static int fill_library(struct meant *meant)
{
    const struct frozen_days *frozen = meant->source->frozen;
    int result = add_timetable(meant, meant->source->timetable);
    for (size_t i = 0; result == 0 && frozen != NULL && i < frozen->count; i++) {
        result = add_timetable(meant, frozen->items[i].timetable);
    }
    return result;
}

/* --- Numbers ----------------------------------------------------------------------- */

/* The plan while it is made. */
struct joiner {
    const struct publish_source *source;
    const struct library *library;
    struct plan *plan;
    int64_t next_seq;
    int64_t compiled; /* programme of the last event that was compiled, by the compiler's number */
};

static const struct plan_event *last_event(const struct plan *plan)
{
    return plan->event_count > 0 ? &plan->events[plan->event_count - 1] : NULL;
}

static int64_t end_of(const struct plan_event *event)
{
    return event->start + event->duration;
}

/* Whether a compiled event that begins the stretch goes on with what was before it. */
static bool goes_on(const struct joiner *joiner, const struct plan_event *event, int64_t from)
{
    const struct plan_event *last = last_event(joiner->plan);
    return last != NULL && event->programme < from && end_of(last) == from &&
           text_same(last->title, event->title);
}

/* Appends a compiled event, cut to [from, to). */
static int append_compiled(struct joiner *joiner, const struct plan_event *event, int64_t from,
                           int64_t to)
{
    struct plan_event cut = *event;
    const struct plan_event *last = last_event(joiner->plan);
    const bool is_same = event->programme == joiner->compiled && last != NULL;
    cut.start = event->start > from ? event->start : from;
    cut.duration = (end_of(event) < to ? end_of(event) : to) - cut.start;
    if (cut.duration <= 0) {
        return 0;
    }
    cut.seq = joiner->next_seq++;
    cut.programme = is_same || goes_on(joiner, event, cut.start) ? last->programme : cut.seq;
    joiner->compiled = event->programme;
    return plan_append(joiner->plan, &cut);
}

static int compile_stretch(const struct joiner *joiner, int64_t from, int64_t to,
                           struct plan **plan)
{
    const struct compile_input input = {.timetable = joiner->source->timetable,
                                        .frozen = joiner->source->frozen,
                                        .library = joiner->library,
                                        .profile = joiner->source->service->profile,
                                        .zone = joiner->source->zone,
                                        .from = from,
                                        .to = to};
    return compile(&input, plan);
}

/* Events of a stretch before the plan in force: their numbers end where its begin. */
static int append_head(struct joiner *joiner, int64_t from, const struct plan *known)
{
    const int64_t until = known->events[0].start;
    struct plan *compiled = NULL;
    int result = compile_stretch(joiner, from, until, &compiled);
    if (result < 0) {
        return result;
    }
    joiner->next_seq = known->events[0].programme - (int64_t)compiled->event_count;
    for (size_t i = 0; result == 0 && i < compiled->event_count; i++) {
        result = append_compiled(joiner, &compiled->events[i], INT64_MIN, until);
    }
    plan_destroy(compiled);
    return result;
}

static int append_known(struct joiner *joiner, const struct plan *known, int64_t from, int64_t to)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < known->event_count; i++) {
        const struct plan_event *event = &known->events[i];
        joiner->next_seq = event->seq >= joiner->next_seq ? event->seq + 1 : joiner->next_seq;
        if (end_of(event) > from && event->start < to) {
            result = plan_append(joiner->plan, event);
        }
    }
    joiner->next_seq = known->next_seq > joiner->next_seq ? known->next_seq : joiner->next_seq;
    return result;
}

/* Compiles [begin, to) and keeps what airs from `from` on; numbers are counted from `begin`. */
static int append_tail(struct joiner *joiner, int64_t begin, int64_t from, int64_t to)
{
    const bool is_joined = last_event(joiner->plan) != NULL;
    struct plan *compiled = NULL;
    int result = compile_stretch(joiner, begin, to, &compiled);
    joiner->compiled = INT64_MIN;
    for (size_t i = 0; result == 0 && i < compiled->event_count; i++) {
        const struct plan_event *event = &compiled->events[i];
        if (end_of(event) <= from) {
            joiner->next_seq++;
        } else {
            result = append_compiled(joiner, event, is_joined ? begin : INT64_MIN, INT64_MAX);
        }
    }
    plan_destroy(compiled);
    return result;
}

static int join(struct joiner *joiner, int64_t from, int64_t to)
{
    const struct plan *known = joiner->source->in_force;
    const int64_t ahead = (int64_t)AHEAD_DAYS * DAY_SECONDS * FRAMES_PER_SECOND;
    const bool is_near = known != NULL && known->event_count > 0 && known->events[0].start < to &&
                         from - end_of(last_event(known)) < ahead;
    int64_t begin = from;
    int result = 0;
    joiner->compiled = INT64_MIN;
    joiner->next_seq = from / MINUTE_FRAMES;
    if (is_near) {
        begin = end_of(last_event(known));
        if (from < known->events[0].start) {
            result = append_head(joiner, from, known);
        }
        joiner->next_seq = known->events[0].seq;
        if (result == 0) {
            result = append_known(joiner, known, from, to);
        }
    }
    return result < 0 || begin >= to ? result : append_tail(joiner, begin, from, to);
}

int publish_plan(const struct publish_source *source, int64_t from, int64_t to, struct plan **plan)
{
    struct meant meant = {source, library_create(), 0};
    struct joiner joiner = {.source = source, .library = meant.library, .plan = plan_create()};
    int result = -ENOMEM;
    if (meant.library != NULL && joiner.plan != NULL) {
        joiner.plan->channel = strdup(source->service->name);
        result = joiner.plan->channel != NULL ? fill_library(&meant) : -ENOMEM;
    }
    if (result == 0) {
        result = join(&joiner, from, to);
    }
    library_destroy(meant.library);
    if (result < 0) {
        plan_destroy(joiner.plan);
        return result;
    }
    joiner.plan->next_seq = joiner.next_seq;
    *plan = joiner.plan;
    return 0;
}
