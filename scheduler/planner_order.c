/* SPDX-License-Identifier: MIT */
/* planner_order: what operators want becomes an amendment of the plan. */
#include "playout/intl.h"
#include "scheduler/planner_job.h"

#include <errno.h>

/* Writes the revision that obeys the request, unless it would change nothing. */
static int carry_out(struct planner_job *job, const struct revise_input *input,
                     const struct plan *plan, const struct order_request *request,
                     struct planner_outcome *outcome)
{
    struct order_room room = {.now = job->now_ms * FRAMES_PER_SECOND / 1000,
                              .input = input,
                              .plan = plan,
                              .timetable = planner_timetable(job->planner, job->service->name),
                              .clearance = planner_clearance(job->planner),
                              .closed = planner_job_closed(job),
                              .orders = job->orders,
                              .count = job->order_count};
    enum revise_verdict verdict = REVISE_SAME;
    intl_speak(request->language);
    int result = order_request_obey(&room, request, &outcome->answer);
    intl_speak(NULL);
    job->order_count = room.count;
    if (result == 0) {
        result = planner_job_make(job, &verdict);
    }
    if (result == 0) {
        intl_speak(request->language);
        result = order_request_judge(&room, request, job->made, &outcome->answer);
        intl_speak(NULL);
    }
    return result < 0 ? result : planner_job_save(job, outcome);
}

static int obey(struct planner_job *job, void *context, struct planner_outcome *outcome)
{
    const struct order_request *const *request = context;
    const struct revise_input input = planner_job_input(job);
    struct plan *plan = NULL;
    enum revise_verdict verdict = REVISE_SAME;
    int result = revise(&input, &plan, &verdict);
    if (result == 0) {
        result = carry_out(job, &input, plan, *request, outcome);
    }
    plan_destroy(plan);
    return result;
}

int planner_order(struct planner *planner, const struct service *service,
                  const struct engine_channel *engine, int64_t now_ms,
                  const struct order_request *request, bool waits, struct planner_outcome *outcome)
{
    const struct planner_job asked = {.planner = planner,
                                      .service = service,
                                      .engine = engine,
                                      .now_ms = now_ms,
                                      .days = PLANNER_DAYS,
                                      .waits = waits};
    const int result = planner_job_run(&asked, obey, &request, outcome);
    if (result != -ENODATA || planner_timetable(planner, service->name) == NULL) {
        return result;
    }
    return planner_lacks_library(planner) ? -ENODEV : -EAGAIN;
}
