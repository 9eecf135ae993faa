/* SPDX-License-Identifier: MIT */
#include "tests/support/tape_shrink.h"

#include <string.h>

enum { TRIALS_MOST = 600, SHORTEST = 50 /* frames */ };

struct shrinking {
    struct tape_case *of;
    const struct tape_shelf *shelf;
    tape_holds *holds;
    int trials;
    bool is_smaller; /* since the round began */
};

/* Takes the smaller case when it fails too. */
static bool try_case(struct shrinking *shrinking, const struct tape_case *smaller)
{
    if (shrinking->trials >= TRIALS_MOST) {
        return false;
    }
    shrinking->trials++;
    if (shrinking->holds(shrinking->shelf, smaller)) {
        return false;
    }
    *shrinking->of = *smaller;
    shrinking->is_smaller = true;
    return true;
}

static int own_services(const struct tape_case *of)
{
    int count = 0;
    for (int i = 0; i < of->service_count; i++) {
        count += of->services[i].transport == 0;
    }
    return count;
}

static void drop_services(struct shrinking *shrinking)
{
    for (int i = shrinking->of->service_count - 1; i >= 0; i--) {
        struct tape_case smaller = *shrinking->of;
        if (smaller.services[i].transport == 0 && own_services(&smaller) == 1) {
            continue;
        }
        memmove(&smaller.services[i], &smaller.services[i + 1],
                (size_t)(--smaller.service_count - i) * sizeof(smaller.services[0]));
        (void)try_case(shrinking, &smaller);
    }
}

static void drop_steps(struct shrinking *shrinking, int service)
{
    while (shrinking->of->services[service].step_count > 0) {
        struct tape_case smaller = *shrinking->of;
        smaller.services[service].step_count--; /* the last: those before do not need it */
        if (!try_case(shrinking, &smaller)) {
            break;
        }
    }
    for (int i = 0; i < shrinking->of->services[service].step_count; i++) {
        struct tape_case smaller = *shrinking->of;
        struct case_step *step = &smaller.services[service].steps[i];
        while (step->tail_count > 0) {
            step->tail_count--;
            if (!try_case(shrinking, &smaller)) {
                break;
            }
        }
    }
}

/* The steps may speak of events up to this one. */
static int events_needed(const struct case_service *service)
{
    int needed = 1;
    for (int i = 0; i < service->step_count; i++) {
        needed = service->steps[i].event + 1 > needed ? service->steps[i].event + 1 : needed;
    }
    return needed;
}

static void drop_first_event(struct case_service *service)
{
    service->start += service->events.list[0].frames;
    memmove(&service->events.list[0], &service->events.list[1],
            (size_t)(--service->events.count) * sizeof(service->events.list[0]));
    for (int i = 0; i < service->step_count; i++) {
        service->steps[i].event--;
    }
}

static bool is_first_free(const struct case_service *service)
{
    for (int i = 0; i < service->step_count; i++) {
        if (service->steps[i].event == 0) {
            return false;
        }
    }
    return service->events.count > 1;
}

static void drop_events(struct shrinking *shrinking, int service)
{
    const struct case_service *of = &shrinking->of->services[service];
    while (of->events.count > events_needed(of)) {
        struct tape_case smaller = *shrinking->of;
        smaller.services[service].events.count--;
        if (!try_case(shrinking, &smaller)) {
            break;
        }
    }
    while (is_first_free(of)) {
        struct tape_case smaller = *shrinking->of;
        drop_first_event(&smaller.services[service]);
        if (!try_case(shrinking, &smaller)) {
            break;
        }
    }
    for (int i = 0; i < of->events.count; i++) {
        struct tape_case smaller = *shrinking->of;
        struct case_event *event = &smaller.services[service].events.list[i];
        if (event->asset < 0 && event->has_name && !event->is_part) {
            continue;
        }
        event->asset = -1; /* the slate instead */
        event->in_point = 0;
        event->has_name = true;
        event->is_part = false;
        event->has_long_text = false;
        (void)try_case(shrinking, &smaller);
    }
}

/* Frames at the end, then at the beginning: a half, a quarter ... of them. */
static void shorten(struct shrinking *shrinking)
{
    for (int from_start = 0; from_start < 2; from_start++) {
        for (int64_t less = shrinking->of->frames / 2; less > 0; less /= 2) {
            struct tape_case smaller = *shrinking->of;
            if (smaller.frames - less < SHORTEST) {
                continue;
            }
            smaller.frames -= less;
            smaller.first += from_start ? less : 0;
            (void)try_case(shrinking, &smaller);
        }
    }
}

static void simplify(struct shrinking *shrinking)
{
    struct tape_case smaller = *shrinking->of;
    if (smaller.has_bouquet || smaller.eit_days > 0 || strcmp(smaller.eit_other, "none") != 0 ||
        strcmp(smaller.text, "utf8") != 0) {
        smaller.has_bouquet = false;
        smaller.eit_days = 0;
        smaller.eit_other = "none";
        smaller.text = "utf8";
        (void)try_case(shrinking, &smaller);
    }
    smaller = *shrinking->of;
    if (smaller.extra_slots > 0) {
        smaller.extra_slots = 0;
        (void)try_case(shrinking, &smaller);
    }
}

int tape_shrink(struct tape_case *of, const struct tape_shelf *shelf, tape_holds *holds)
{
    struct shrinking shrinking = {.of = of, .shelf = shelf, .holds = holds};
    do {
        shrinking.is_smaller = false;
        drop_services(&shrinking);
        for (int i = 0; i < of->service_count; i++) {
            drop_steps(&shrinking, i);
            drop_events(&shrinking, i);
        }
        shorten(&shrinking);
        simplify(&shrinking);
    } while (shrinking.is_smaller && shrinking.trials < TRIALS_MOST);
    return shrinking.trials;
}
