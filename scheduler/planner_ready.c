/* SPDX-License-Identifier: MIT */
#include "scheduler/planner_ready.h"

#include "scheduler/compile.h"
#include "scheduler/planner_private.h"

/* `plan` is the latest one, or NULL. */
static int survey(const struct planner *planner, const struct service *service,
                  const struct plan *plan, int64_t from_ms, int64_t to_ms,
                  struct ready_board *board)
{
    const struct station *station = planner->station;
    const struct timetable *timetable = planner_timetable(planner, service->name);
    if (timetable == NULL) {
        return 0;
    }
    const struct compile_input input = {
        .timetable = timetable,
        .frozen = signoff_frozen(planner->signoff, station_service_number(station, service)),
        .library = planner->library,
        .profile = service->profile,
        .zone = planner->zone,
        .from = from_ms * FRAMES_PER_SECOND / 1000,
        .to = to_ms * FRAMES_PER_SECOND / 1000,
        .media = planner->media,
        .clearance = planner_clearance(planner),
        .cutoff_ms = (int64_t)station->scheduler.cutoff_minutes * 60000,
        .base = plan,
    };
    return ready_survey(&input, service->name, board);
}

/* There may be none yet. */
static struct plan *latest_plan(const struct planner *planner, const struct service *service)
{
    struct plan *plan = NULL;
    return planner_latest(planner, service, &plan) == 0 ? plan : NULL;
}

int planner_ready(const struct planner *planner, const struct service *service, int64_t from_ms,
                  int64_t to_ms, struct ready_board *board)
{
    struct plan *plan = latest_plan(planner, service);
    const int result = survey(planner, service, plan, from_ms, to_ms, board);
    plan_destroy(plan);
    return result;
}

int planner_ready_ordered(const struct planner *planner, const struct service *service,
                          int64_t from_ms, int64_t to_ms, struct ready_board *board)
{
    const size_t first = board->count;
    struct plan *plan = latest_plan(planner, service);
    int result = survey(planner, service, plan, from_ms, to_ms, board);
    if (result == 0 && plan != NULL) {
        result = ready_mark_replaced(board, first, plan);
        ready_mark_over(board, first, plan, from_ms * FRAMES_PER_SECOND / 1000);
    }
    plan_destroy(plan);
    return result;
}
