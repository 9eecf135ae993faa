/* SPDX-License-Identifier: MIT */
#include "scheduler/planner_ready.h"

#include "playout/plan.h"
#include "scheduler/planned_clearance.h"
#include "scheduler/planner_private.h"

#include <errno.h>
#include <stdlib.h>

/* While nobody knows what has been signed: what was planned, as planner_job.c has it. */
static int find_planned(const struct planner *planner, const struct service *service,
                        struct planned_clearance **planned)
{
    if (planner->signoff != NULL || planner->station->scheduler.approval_stages == 0) {
        return 0;
    }
    char *folder = station_state_path(planner->station, "plans", service->name);
    if (folder == NULL) {
        return -ENOMEM;
    }
    const int64_t latest = plan_latest_revision(folder);
    const int result =
        planned_clearance_create(folder, latest > 0 ? latest : 0, planner->zone, planned);
    free(folder);
    return result;
}

int planner_ready(const struct planner *planner, const struct service *service, int64_t from_ms,
                  int64_t to_ms, struct ready_board *board)
{
    const struct station *station = planner->station;
    const struct timetable *timetable = planner_timetable(planner, service->name);
    struct planned_clearance *planned = NULL;
    if (timetable == NULL) {
        return 0;
    }
    int result = find_planned(planner, service, &planned);
    if (result < 0) {
        return result;
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
        .clearance =
            planned != NULL ? planned_clearance_view(planned) : signoff_clearance(planner->signoff),
        .cutoff_ms = (int64_t)station->scheduler.cutoff_minutes * 60000,
    };
    result = ready_survey(&input, service->name, board);
    planned_clearance_destroy(planned);
    return result;
}
