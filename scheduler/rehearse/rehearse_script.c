/* SPDX-License-Identifier: MIT */
#include "scheduler/rehearse/rehearse_script.h"

#include "playout/intl.h"
#include "scheduler/order_desk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    BEFORE_END_MS = 60000, /* an operator extends what overruns so long before its end */
    BUSY_MS = 100,         /* the engine first takes the last revision over */
};

/* A fault that is still to come. */
struct cue {
    const struct rehearse_fault *fault;
    int64_t due_ms; /* INT64_MAX: done */
    bool has_begun; /* overrun: its programme is found, the order is to follow */
};

struct rehearse_script {
    struct rehearse_stage stage;
    struct cue *cues;
    size_t count;
};

struct rehearse_script *rehearse_script_create(const struct rehearse_stage *stage,
                                               const struct rehearse_fault *faults, size_t count)
{
    struct rehearse_script *script = calloc(1, sizeof(*script));
    if (script == NULL) {
        return NULL;
    }
    script->stage = *stage;
    script->count = count;
    script->cues = calloc(count + 1, sizeof(script->cues[0]));
    if (script->cues == NULL) {
        free(script);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const bool is_over = faults[i].kind == FAULT_MISSING; /* the folders see to it */
        script->cues[i] = (struct cue){&faults[i], is_over ? INT64_MAX : faults[i].at_s * 1000, 0};
    }
    return script;
}

void rehearse_script_destroy(struct rehearse_script *script)
{
    if (script != NULL) {
        free(script->cues);
        free(script);
    }
}

const struct plan_event *rehearse_event_at(struct channel *channel, int64_t frame)
{
    const struct tape_step *last = tape_inputs_step(channel_inputs(channel), INT64_MAX);
    const struct plan *plan = timeline_plan(last->timeline);
    const ptrdiff_t i = plan != NULL ? plan_find(plan, frame) : -1;
    return i >= 0 ? &plan->events[i] : NULL;
}

static struct channel *find_channel(const struct rehearse_script *script, const char *name)
{
    size_t lane = 0;
    struct channel *channel = NULL;
    for (size_t i = 0; (channel = engine_still_channel(script->stage.engine, i, &lane)) != NULL;
         i++) {
        if (strcmp(channel_name(channel), name) == 0) {
            break;
        }
    }
    return channel;
}

/* --- Files -------------------------------------------------------------------------- */

static int reread(struct rehearse_script *script, const struct rehearse_fault *fault,
                  const struct moment *now)
{
    struct problems problems;
    problems_init(&problems);
    const int result = rehearse_planning_reread(script->stage.planning, &problems);
    for (size_t i = 0; i < problems.count; i++) {
        const struct problem *problem = &problems.items[i];
        if (problem->severity == PROBLEM_ERROR) {
            rehearse_note(script->stage.notes, NOTE_PROBLEM, now->frame, fault->what,
                          _("the last good timetable goes on, for line %d of %s: %s"),
                          problem->line, problem->file, problem->text);
        }
    }
    problems_finish(&problems);
    return result;
}

static int let_arrive(struct rehearse_script *script, const struct rehearse_fault *fault,
                      const struct moment *now)
{
    const struct rehearse_stage *stage = &script->stage;
    const int count = rehearse_folders_arrive(stage->folders, stage->station, fault->what, now->ms);
    if (count < 0) {
        return count;
    }
    rehearse_note(stage->notes, NOTE_FAULT, now->frame, NULL, _("the file of %s arrives"),
                  fault->what);
    return reread(script, fault, now);
}

static int change_timetable(struct rehearse_script *script, const struct rehearse_fault *fault,
                            const struct moment *now)
{
    const int result = rehearse_folders_replace(script->stage.station, fault->what);
    if (result < 0) {
        return result;
    }
    rehearse_note(script->stage.notes, NOTE_FAULT, now->frame, NULL, _("%s is the timetable now"),
                  fault->what);
    return reread(script, fault, now);
}

/* --- Orders --------------------------------------------------------------------------- */

static int give_order(struct rehearse_script *script, const struct rehearse_fault *fault,
                      const struct order_request *request, const struct moment *now)
{
    const struct rehearse_stage *stage = &script->stage;
    const struct service *service = station_service(stage->station, fault->what);
    struct planner_outcome outcome = {0};
    const int result =
        rehearse_planning_order(stage->planning, service, now->ms, request, &outcome);
    if (result == -ECANCELED || result == -ENODATA || result == -ENXIO) {
        rehearse_note(stage->notes, NOTE_PROBLEM, now->frame, fault->what,
                      _("the order of '%s' is refused: %s"), fault->text,
                      result == -ENODATA ? _("the channel has no timetable") : outcome.answer.text);
        return 0;
    }
    if (result == 0) {
        char text[ZONE_TEXT_SIZE];
        rehearse_note(stage->notes, NOTE_FAULT, now->frame, fault->what,
                      outcome.answer.text[0] != '\0'
                          ? _("order %lld is given, for %.19s; what does not air: %s")
                          : _("order %lld is given, for %.19s%s"),
                      (long long)outcome.answer.order,
                      zone_frame_text(stage->zone, outcome.answer.frame, text),
                      outcome.answer.text);
    }
    return result;
}

static int read_order(struct rehearse_script *script, const struct rehearse_fault *fault,
                      const struct moment *now)
{
    const struct rehearse_stage *stage = &script->stage;
    const struct order_periods periods =
        planner_periods(rehearse_planning_planner(stage->planning), fault->what);
    struct order_request request;
    char complaint[ORDER_WHEN_TEXT_SIZE];
    const char *wrong =
        order_desk_knows(json_string_value(json_object_get(fault->order, "command")))
            ? order_desk_read(fault->order, &periods, stage->zone, now->ms, &request, complaint)
            : _("there is no such command.");
    if (wrong != NULL) {
        rehearse_note(stage->notes, NOTE_PROBLEM, now->frame, fault->what,
                      _("the order of '%s' is refused: %s"), fault->text, wrong);
        return 0;
    }
    return give_order(script, fault, &request, now);
}

/* At the time of the fault: which programme it is; a minute before its end: the order. */
static int overrun(struct rehearse_script *script, struct cue *cue, const struct moment *now)
{
    const struct rehearse_fault *fault = cue->fault;
    struct channel *channel = find_channel(script, fault->what);
    const struct plan_event *event =
        channel != NULL ? rehearse_event_at(channel, now->frame) : NULL;
    if (event == NULL) {
        rehearse_note(script->stage.notes, NOTE_PROBLEM, now->frame, fault->what,
                      _("fault '%s' finds nothing planned"), fault->text);
        return 0;
    }
    const int64_t end_ms = (event->start + event->duration) * 1000 / FRAMES_PER_SECOND;
    if (!cue->has_begun && end_ms - BEFORE_END_MS > now->ms) {
        cue->has_begun = true;
        cue->due_ms = end_ms - BEFORE_END_MS;
        return 0;
    }
    const struct order_request request = {
        .kind = ORDER_EXTEND,
        .mode = ORDER_PUSH,
        .length = fault->minutes * 60 * FRAMES_PER_SECOND,
        .reason = _("it goes on longer than planned"),
    };
    return give_order(script, fault, &request, now);
}

static int act(struct rehearse_script *script, struct cue *cue, const struct moment *now)
{
    const struct rehearse_fault *fault = cue->fault;
    cue->due_ms = INT64_MAX;
    switch (fault->kind) {
    case FAULT_LATE:
        return let_arrive(script, fault, now);
    case FAULT_CHANGE:
        return change_timetable(script, fault, now);
    case FAULT_OVERRUN:
        return overrun(script, cue, now);
    case FAULT_ORDER:
        return read_order(script, fault, now);
    case FAULT_MISSING:
        break;
    }
    return 0;
}

int rehearse_script_turn(struct rehearse_script *script, const struct moment *now)
{
    int result = 0;
    for (size_t i = 0; i < script->count && result == 0; i++) {
        if (script->cues[i].due_ms <= now->ms) {
            result = act(script, &script->cues[i], now);
        }
        if (result == -EBUSY) {
            script->cues[i].due_ms = now->ms + BUSY_MS;
            result = 0;
        }
    }
    return result;
}

int64_t rehearse_script_wake_ms(const struct rehearse_script *script)
{
    int64_t wake_ms = INT64_MAX;
    for (size_t i = 0; i < script->count; i++) {
        wake_ms = script->cues[i].due_ms < wake_ms ? script->cues[i].due_ms : wake_ms;
    }
    return wake_ms;
}
