/* SPDX-License-Identifier: MIT */
#include "scheduler/revise.h"

#include "playout/intl.h"
#include "scheduler/revise_line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    COUNTER_FRAMES = 15, /* an item's last units settle its continuity counter */
    MARGIN_FRAMES = 3,
};

/* Far beyond any day on air, with room for sums. */
#define ENDLESS (INT64_MAX / 8)

int64_t revise_earliest(int64_t effective, const struct profile *profile)
{
    const int64_t lead_ms = profile->video.es.max_lead_ms > profile->audio.es.max_lead_ms
                                ? profile->video.es.max_lead_ms
                                : profile->audio.es.max_lead_ms;
    const int64_t lead = (lead_ms * FRAMES_PER_SECOND + 999) / 1000;
    return cutter_grid_up(profile, effective + lead + profile->video.es.reorder_units + 1 +
                                       COUNTER_FRAMES + MARGIN_FRAMES);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* What a viewer could tell; why an event is there does not count. */
static bool same_content(const struct plan_event *a, const struct plan_event *b)
{
    return a->kind == b->kind && strcmp(a->asset, b->asset) == 0 &&
           same_text(a->house_number, b->house_number) && same_text(a->title, b->title) &&
           same_text(a->text, b->text) && same_text(a->genre, b->genre) &&
           a->has_subtitles == b->has_subtitles && a->is_signed == b->is_signed &&
           same_text(a->instead_of, b->instead_of);
}

static bool same_event(const struct plan_event *a, const struct plan_event *b)
{
    return a->start == b->start && a->duration == b->duration && a->in_point == b->in_point &&
           same_content(a, b);
}

/* --- Where the old is left and the new is joined ---------------------------- */

struct reviser {
    const struct revise_input *input;
    struct line fresh; /* with the operators' orders */
    struct line result;
};

/* True when a looping event may end at `frame` and airs as before up to `earliest`. */
static bool may_leave(const struct reviser *reviser, const struct plan_event *running,
                      int64_t frame)
{
    const struct revise_input *input = reviser->input;
    struct plan_event other = *running;
    other.duration = frame - running->start;
    return other.duration == running->duration ||
           (cutter_is_legal(input->cutter, &other) &&
            event_keeps_pieces(running, other.duration, input->earliest, input->cutter->lengths));
}

/* The first frame at which a filler or slate may end and the fresh line begin, or -1. */
static int64_t find_cut(const struct reviser *reviser, const struct plan_event *running)
{
    const struct revise_input *input = reviser->input;
    const struct line *fresh = &reviser->fresh;
    int64_t cut = line_first_entry(fresh, input->cutter, input->earliest);
    while (cut <= event_end(running) && cut < line_end(fresh)) {
        if (may_leave(reviser, running, cut)) {
            return cut;
        }
        cut += input->cutter->profile->join_grid_frames;
        cut = line_first_entry(fresh, input->cutter, cut);
    }
    return -1;
}

/* Goes on with the fresh line where an event that was left untouched ends. */
static int join_after(struct reviser *reviser, int64_t end)
{
    const struct line *fresh = &reviser->fresh;
    const struct cutter *cutter = reviser->input->cutter;
    const int64_t asked = end;
    if (end >= line_end(fresh)) {
        return 0;
    }
    if (line_first_entry(fresh, cutter, end) != end) {
        const int64_t entry = line_first_entry(fresh, cutter, end + EVENT_MIN_FRAMES);
        const struct line_event slate =
            line_slate(end, entry, _("fills up to the next point at which a lesson can be joined"));
        if (line_append(&reviser->result, &slate) < 0) {
            return -ENOMEM;
        }
        end = entry;
    }
    return line_append_from(&reviser->result, fresh, end, asked);
}

/*
 * True when the fresh line airs the same at the end of the fixed part, so
 * that the running event stays, perhaps with another end.
 */
static bool goes_on(const struct reviser *reviser, const struct plan_event *running,
                    const struct plan_event *planned)
{
    if (!same_content(running, planned)) {
        return false;
    }
    if (!event_is_cut_anywhere(running)) {
        return running->start - running->in_point == planned->start - planned->in_point &&
               event_end(running) == event_end(planned);
    }
    return may_leave(reviser, running, event_end(planned));
}

/* Joins old and new at the event on air when boundaries may change again. */
static int join_running(struct reviser *reviser, struct line_event *running)
{
    const struct line *fresh = &reviser->fresh;
    const size_t index = line_find(fresh, reviser->input->earliest - 1);
    if (index < fresh->count) {
        const struct line_event *planned = &fresh->items[index];
        if (same_text(running->event.title, planned->event.title) &&
            same_text(running->event.text, planned->event.text)) {
            running->group = planned->group;
        }
        if (goes_on(reviser, &running->event, &planned->event)) {
            const int64_t end = event_end(&planned->event);
            running->event.duration = end - running->event.start;
            return join_after(reviser, end);
        }
    }
    if (event_is_cut_anywhere(&running->event)) {
        const int64_t cut = find_cut(reviser, &running->event);
        if (cut >= 0 && cut != event_end(&running->event)) {
            running->event.duration = cut - running->event.start;
            running->note.end = END_BY_PLAN;
            running->note.late = cut - reviser->input->earliest;
        }
    }
    return join_after(reviser, event_end(&running->event));
}

/* Before the first event of a plan the slate airs, phased from the epoch. */
static struct plan_event slate_before(const struct plan *plan)
{
    const bool has_events = plan != NULL && plan->event_count > 0;
    return (struct plan_event){
        .duration = has_events ? plan->events[0].start : ENDLESS, .kind = EVENT_SLATE, .asset = ""};
}

static int join_slate_before(struct reviser *reviser)
{
    const struct plan *base = reviser->input->base;
    const bool has_events = base != NULL && base->event_count > 0;
    const struct plan_event slate = {
        .duration = has_events ? base->events[0].start : ENDLESS, .kind = EVENT_SLATE, .asset = ""};
    const int64_t cut = find_cut(reviser, &slate);
    return join_after(reviser, cut >= 0 ? cut : event_end(&slate));
}

/* After the last event the slate loops from its end: the new plan must say so. */
static int append_slate_after(struct reviser *reviser)
{
    const struct line *result = &reviser->result;
    const int64_t end = event_end(&result->items[result->count - 1].event);
    struct line_event slate = line_slate(end, end + ENDLESS, _("the plan before ended here"));
    const int64_t cut = find_cut(reviser, &slate.event);
    if (cut >= 0) {
        slate.event.duration = cut - end;
        return line_append(&reviser->result, &slate);
    }
    return 0;
}

/* Copies what stays of the base: from the event on air on, up to `earliest`. */
static int copy_base(struct reviser *reviser)
{
    const struct revise_input *input = reviser->input;
    const struct plan *base = input->base;
    for (size_t i = 0; base != NULL && i < base->event_count; i++) {
        const struct line_event item = {.event = base->events[i], .is_kept = true};
        if (event_end(&item.event) <= input->effective && i + 1 < base->event_count) {
            continue;
        }
        if (item.event.start >= input->earliest) {
            break;
        }
        if (line_append(&reviser->result, &item) < 0) {
            return -ENOMEM;
        }
    }
    return 0;
}

static int merge(struct reviser *reviser)
{
    struct line *result = &reviser->result;
    if (copy_base(reviser) < 0) {
        return -ENOMEM;
    }
    if (result->count == 0) {
        return join_slate_before(reviser);
    }
    if (event_end(&result->items[result->count - 1].event) < reviser->input->earliest) {
        if (append_slate_after(reviser) < 0) {
            return -ENOMEM;
        }
        return join_after(reviser, event_end(&result->items[result->count - 1].event));
    }
    return join_running(reviser, &result->items[result->count - 1]);
}

/*
 * Orders that are still to come lie over what was left untouched, too: only
 * they may cut a running lesson.
 */
static int overlay_result(struct reviser *reviser)
{
    const struct revise_input *input = reviser->input;
    int result = 0;
    for (size_t i = 0; result == 0 && i < input->amendment_count; i++) {
        if (input->amendments[i].from >= input->earliest) {
            result = line_overlay(&reviser->result, &input->amendments[i], input->cutter,
                                  input->earliest);
        }
    }
    return result;
}

/* --- Numbers --------------------------------------------------------------- */

/* What was said of a cut when it was made is still true. */
static void keep_reason(struct line_event *item, const struct plan_event *known)
{
    if ((item->note.end != END_AS_PLANNED || item->note.is_joined) && known->reason != NULL) {
        item->event.reason = known->reason;
        item->note = (struct cut_note){0};
    }
}

/* Events that the base has as well keep their numbers. */
static void keep_numbers(struct reviser *reviser)
{
    const struct plan *base = reviser->input->base;
    for (size_t i = 0; base != NULL && i < reviser->result.count; i++) {
        struct line_event *item = &reviser->result.items[i];
        const ptrdiff_t index = plan_find(base, item->event.start);
        if (!item->is_kept && index >= 0 && same_event(&base->events[index], &item->event)) {
            item->event.seq = base->events[index].seq;
            item->event.programme = base->events[index].programme;
            item->is_kept = true;
            keep_reason(item, &base->events[index]);
        }
    }
}

/* The number of the EPG entry of the run [first, end). */
static int64_t programme_of(const struct line *line, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (line->items[i].is_kept) {
            return line->items[i].event.programme;
        }
    }
    return line->items[first].event.seq;
}

static int64_t give_numbers(struct line *line, int64_t next_seq)
{
    for (size_t i = 0; i < line->count; i++) {
        if (!line->items[i].is_kept) {
            line->items[i].event.seq = next_seq++;
        }
    }
    for (size_t first = 0; first < line->count;) {
        size_t end = first + 1;
        while (end < line->count && line->items[end].group == line->items[first].group &&
               line->items[first].group != 0) {
            end++;
        }
        const int64_t programme = programme_of(line, first, end);
        for (; first < end; first++) {
            line->items[first].event.programme = programme;
        }
    }
    return next_seq;
}

/* --- The revision ---------------------------------------------------------- */

static bool same_fillers(const struct plan *a, const struct plan *b)
{
    return a->filler_count == b->filler_count &&
           (a->filler_count == 0 ||
            memcmp(a->fillers, b->fillers, a->filler_count * sizeof(a->fillers[0])) == 0);
}

static enum revise_verdict judge(const struct reviser *reviser)
{
    const struct plan *base = reviser->input->base;
    const struct line *result = &reviser->result;
    size_t i = 0;
    if (base == NULL || !same_fillers(base, reviser->input->fresh)) {
        return REVISE_DIFFERENT;
    }
    if (result->count == 0) {
        return base->event_count == 0 ? REVISE_SAME : REVISE_DIFFERENT;
    }
    size_t index = 0;
    while (index < base->event_count && base->events[index].seq != result->items[0].event.seq) {
        index++;
    }
    for (; i < result->count && index < base->event_count; i++, index++) {
        if (base->events[index].seq != result->items[i].event.seq ||
            base->events[index].duration != result->items[i].event.duration) {
            return REVISE_DIFFERENT;
        }
    }
    if (i == 0) {
        return REVISE_DIFFERENT;
    }
    return i < result->count ? REVISE_LONGER : REVISE_SAME;
}

static int copy_fillers(struct plan *plan, const struct plan *fresh)
{
    plan->fillers = calloc(fresh->filler_count + 1, sizeof(plan->fillers[0]));
    if (plan->fillers == NULL) {
        return -ENOMEM;
    }
    if (fresh->filler_count > 0) {
        memcpy(plan->fillers, fresh->fillers, fresh->filler_count * sizeof(plan->fillers[0]));
    }
    plan->filler_count = fresh->filler_count;
    return 0;
}

static void write_late(FILE *out, int64_t late)
{
    if (late > 0) {
        fprintf(out,
                ngettext(", the first legal point, %lld frame later than asked",
                         ", the first legal point, %lld frames later than asked",
                         (unsigned long)late),
                (long long)late);
    }
}

static void write_reason(FILE *out, const struct cutter *cutter, const struct line_event *item)
{
    const struct plan_event *event = &item->event;
    const struct cut_note *note = &item->note;
    if (event->reason != NULL) {
        fprintf(out, "%s; ", event->reason);
    }
    if (note->is_joined) {
        fprintf(out, _("joined in progress at its frame %lld"), (long long)event->in_point);
        write_late(out, note->late_entry);
    }
    if (note->is_joined && note->end != END_AS_PLANNED) {
        fputs("; ", out);
    }
    if (note->end != END_AS_PLANNED) {
        fprintf(out,
                note->end == END_BY_ORDER ? _("cut at its frame %lld for the slate")
                                          : _("cut at its frame %lld for what is planned now"),
                (long long)cutter_end_frame(cutter, event));
        write_late(out, note->late);
    }
}

/* The event with what was done to it. */
static int append_event(struct plan *plan, const struct cutter *cutter,
                        const struct line_event *item)
{
    struct plan_event event = item->event;
    char *reason = NULL;
    size_t size = 0;
    if (item->note.end != END_AS_PLANNED || item->note.is_joined) {
        FILE *out = open_memstream(&reason, &size);
        if (out == NULL) {
            return -ENOMEM;
        }
        write_reason(out, cutter, item);
        if (fclose(out) != 0) {
            free(reason);
            return -ENOMEM;
        }
        event.reason = reason;
    }
    const int result = plan_append(plan, &event);
    free(reason);
    return result;
}

static int fill_plan(const struct reviser *reviser, struct plan *plan)
{
    const struct revise_input *input = reviser->input;
    plan->revision = input->revision;
    plan->effective = input->effective;
    plan->channel = strdup(input->fresh->channel);
    if (plan->channel == NULL || copy_fillers(plan, input->fresh) < 0) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < input->amendment_count; i++) {
        const bool is_over = input->amendments[i].until <= input->effective;
        if (!is_over && plan_append_amendment(plan, &input->amendments[i]) < 0) {
            return -ENOMEM;
        }
    }
    for (size_t i = 0; i < reviser->result.count; i++) {
        if (append_event(plan, input->cutter, &reviser->result.items[i]) < 0) {
            return -ENOMEM;
        }
    }
    return 0;
}

static int overlay_all(struct line *line, const struct revise_input *input)
{
    int result = line_from_plan(line, input->fresh);
    for (size_t i = 0; result == 0 && i < input->amendment_count; i++) {
        result = line_overlay(line, &input->amendments[i], input->cutter, input->earliest);
    }
    return result;
}

int revise(const struct revise_input *input, struct plan **plan, enum revise_verdict *verdict)
{
    struct reviser reviser = {.input = input};
    struct plan *made = plan_create();
    int result = made != NULL ? overlay_all(&reviser.fresh, input) : -ENOMEM;
    if (result == 0) {
        result = merge(&reviser);
    }
    if (result == 0) {
        result = overlay_result(&reviser);
    }
    if (result == 0) {
        keep_numbers(&reviser);
        made->next_seq = give_numbers(&reviser.result, input->next_seq);
        result = fill_plan(&reviser, made);
    }
    if (result == 0) {
        *verdict = judge(&reviser);
        *plan = made;
        made = NULL;
    }
    plan_destroy(made);
    line_finish(&reviser.fresh);
    line_finish(&reviser.result);
    return result;
}

/* --- Orders of operators ----------------------------------------------------- */

int64_t revise_slate_frame(const struct plan *plan, int64_t earliest, const struct cutter *cutter)
{
    const ptrdiff_t index = plan_find(plan, earliest - 1);
    const struct plan_event before = slate_before(plan);
    const struct plan_event *running = index >= 0 ? &plan->events[index] : &before;
    const int64_t end = event_end(running);
    int64_t cut = cutter_first_end(cutter, running, earliest);
    while (cut < end &&
           !event_keeps_pieces(running, cut - running->start, earliest, cutter->lengths)) {
        cut = cutter_first_end(cutter, running, cut + cutter->profile->join_grid_frames);
    }
    return cut;
}

int revise_return_frame(const struct revise_input *input, const struct plan_amendment *order,
                        int64_t *frame)
{
    struct reviser reviser = {.input = input};
    const struct plan_event slate = {
        .start = order->from, .duration = ENDLESS, .kind = EVENT_SLATE, .asset = ""};
    const int result = overlay_all(&reviser.fresh, input);
    if (result == 0) {
        const int64_t cut = find_cut(&reviser, &slate);
        *frame = cut >= 0 ? cut : input->earliest;
    }
    line_finish(&reviser.fresh);
    return result;
}
