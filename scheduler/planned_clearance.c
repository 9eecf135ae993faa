/* SPDX-License-Identifier: MIT */
#include "scheduler/planned_clearance.h"

#include "playout/plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REVISIONS_MOST = 50 };

struct planned_clearance {
    struct clearance view; /* first */
    const struct zone *zone;
    struct plan *plans[REVISIONS_MOST];
    size_t count;
};

static int64_t date_of(const struct planned_clearance *clearance, int64_t frame)
{
    struct civil civil;
    zone_to_civil(clearance->zone, frame / FRAMES_PER_SECOND, &civil);
    return civil_days(civil.year, civil.month, civil.day);
}

/* True when the event aired that file in such a run. */
static bool shows(const struct planned_clearance *clearance, const struct plan_event *event,
                  const struct airing *airing)
{
    const bool is_repeat = event->kind == EVENT_REPEAT;
    return event->house_number != NULL && is_repeat == airing->is_repeat &&
           strcmp(event->house_number, airing->house_number) == 0 &&
           strcmp(event->asset, airing->sha256) == 0 &&
           (!is_repeat || date_of(clearance, event->start) == airing->date);
}

static bool may_air(const struct clearance *self, const struct airing *airing)
{
    const struct planned_clearance *clearance = (const struct planned_clearance *)self;
    for (size_t i = 0; i < clearance->count; i++) {
        const struct plan *plan = clearance->plans[i];
        for (size_t k = 0; k < plan->event_count; k++) {
            if (shows(clearance, &plan->events[k], airing)) {
                return true;
            }
        }
    }
    return false;
}

static struct plan *load(const char *folder, int64_t revision)
{
    struct problems problems;
    struct plan *plan = NULL;
    char *path = NULL;
    problems_init(&problems);
    if (asprintf(&path, "%s/%" PRId64 ".yaml", folder, revision) < 0 ||
        plan_load(path, &plan, &problems) < 0) {
        plan = NULL;
    }
    problems_finish(&problems);
    free(path);
    return plan;
}

static bool is_covered(const struct plan *plan)
{
    for (size_t i = 0; i < plan->amendment_count; i++) {
        if (plan->amendments[i].until == AMENDMENT_OPEN && !plan->amendments[i].is_undone) {
            return true;
        }
    }
    return false;
}

int planned_clearance_create(const char *folder, int64_t latest, const struct zone *zone,
                             struct planned_clearance **clearance)
{
    struct planned_clearance *fresh = calloc(1, sizeof(*fresh));
    bool is_done = false;
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->view.may_air = may_air;
    fresh->zone = zone;
    for (int64_t at = latest; !is_done && at > 0 && at > latest - REVISIONS_MOST; at--) {
        struct plan *plan = load(folder, at);
        if (plan != NULL) {
            fresh->plans[fresh->count++] = plan;
            is_done = !is_covered(plan);
        }
    }
    *clearance = fresh;
    return 0;
}

void planned_clearance_destroy(struct planned_clearance *clearance)
{
    if (clearance == NULL) {
        return;
    }
    for (size_t i = 0; i < clearance->count; i++) {
        plan_destroy(clearance->plans[i]);
    }
    free(clearance);
}

const struct clearance *planned_clearance_view(const struct planned_clearance *clearance)
{
    return &clearance->view;
}
